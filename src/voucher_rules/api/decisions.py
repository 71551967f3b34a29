"""Comes in: the result of a decision. Goes out: what programs read of it.

Money is exact numbers of the main unit; texts come in Chinese and English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING, Any

from voucher_rules.arguments import check_language
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.result import (
    Amount as AmountResult,
)
from voucher_rules.decision.result import (
    Caution,
    Deadline,
    DecisionResult,
    Following,
    Missing,
    Overlay,
    Reason,
)
from voucher_rules.decision.trace import RuleResult
from voucher_rules.values.model import (
    CURRENCIES,
    Exact,
    Mark,
    Plain,
    Scale,
    Unknown,
    WorkingCalendar,
)
from voucher_rules.values.write import write_money

if TYPE_CHECKING:
    from voucher_rules.api.log_entries import LogEntry
    from voucher_rules.compiled.verdict import Verdict
    from voucher_rules.explain.letters.model import LetterHead
    from voucher_rules.explain.showing import Shown
    from voucher_rules.ledger.trails import Trail


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of a decision.

    ``value`` is what is payable, in the main unit of ``currency`` (yuan for CNY); None while the
    decision is undetermined or referred, and then it lies between ``low`` and ``high``.
    ``otherwise`` is what the limits alone allow: for a denial what would have been payable, for a
    referral what a person may yet grant. ``binding`` names
    the rules that fix it.
    """

    value: Decimal | None
    low: Decimal
    high: Decimal
    otherwise: Decimal | None
    binding: tuple[str, ...]
    currency: str

    def __str__(self) -> str:
        if self.value is not None:
            return f"{self.currency} {self.value:,}"
        return f"{self.currency} {self.low:,} to {self.high:,}"


def _list_refs(reason: Reason) -> list[str]:
    """Return the provisions behind a reason: those of its rules, or its own."""
    if reason.rules:
        return [rule.citation.ref for rule in reason.rules]
    return [reason.citation.ref] if reason.citation else []


def to_main_unit(value: Exact, currency: str) -> Decimal:
    """Return minor units as an exact number of the main unit, with all its places."""
    return Decimal(f"{int(value)}E-{CURRENCIES[currency].digits}")


def _make_amount(item: AmountResult) -> Amount:
    currency = item.output.type.unit
    otherwise = None if item.otherwise is None else floor(item.otherwise)
    return Amount(
        value=None if item.value is None else to_main_unit(item.value, currency),
        low=to_main_unit(item.range.low, currency),
        high=to_main_unit(item.range.high, currency),
        otherwise=None if otherwise is None else to_main_unit(otherwise, currency),
        binding=item.binding if item.otherwise is not None else (),
        currency=currency,
    )


def _tell_amounts(verdict: Verdict) -> dict[str, Amount]:
    """Return the amounts that a kernel came to; each is known."""
    made = {}
    outputs = verdict.program.decision.outputs
    for name, item in verdict.amounts.items():
        currency = outputs[name].type.unit
        paid = 0 if verdict.outcome in VALUELESS else item.otherwise or 0
        known = to_main_unit(paid, currency)
        made[name] = Amount(
            value=None if item.value is None else known,
            low=known,
            high=known,
            otherwise=_tell_otherwise(item.otherwise, paid, known, currency),
            binding=item.binding if item.otherwise is not None else (),
            currency=currency,
        )
    return made


def _tell_otherwise(value: int | None, paid: int, known: Decimal, currency: str) -> Decimal | None:
    if value is None or value == paid:
        return None if value is None else known
    return to_main_unit(value, currency)


@dataclass(frozen=True, slots=True)
class OtherReading:
    """The decision on a case under another reading, or two read otherwise together.

    ``readings`` are the options that differ from those chosen; ``differs`` tells whether anything
    decided does; ``differences`` by how much each amount settled both times does, in the main unit.
    """

    readings: Mapping[str, str]
    decision: Decision
    differs: bool
    differences: Mapping[str, Decimal]


class Decision:
    """A decision: what was decided, why, and on what. Immutable; made by :meth:`Ruleset.decide`."""

    __slots__ = ("_list_trails", "_verdict", "_whole")

    def __init__(
        self,
        result: DecisionResult | None,
        list_trails: Callable[[], tuple[Trail, ...]] = tuple,
        verdict: Verdict | None = None,
    ) -> None:
        object.__setattr__(self, "_whole", result)
        object.__setattr__(self, "_list_trails", list_trails)
        object.__setattr__(self, "_verdict", verdict)

    _whole: DecisionResult | None
    _list_trails: Callable[[], tuple[Trail, ...]]
    _verdict: Verdict | None
    """What a kernel came to, where the whole result is taken only when someone looks."""

    @property
    def result(self) -> DecisionResult:
        """The whole result, for programs that need what the properties below leave out."""
        if self._whole is None and self._verdict is not None:
            object.__setattr__(self, "_whole", self._verdict.decide_whole())
        whole: DecisionResult = self._whole  # type: ignore[assignment]  # one of the two is there
        return whole

    @property
    def _told(self) -> Verdict | None:
        """What a kernel came to, while nobody has looked at the whole."""
        verdict = self._verdict
        known = self._whole is None and verdict is not None and verdict.code is not None
        return verdict if known else None

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a decision does not change: {name}"
        raise AttributeError(message)

    @property
    def outcome(self) -> Outcome:
        """How it came out; compares equal to its name: ``decision.outcome == "granted"``."""
        return self.result.outcome if self._verdict is None else self._verdict.outcome

    @property
    def possible(self) -> tuple[Outcome, ...]:
        """Every outcome still possible; one unless the decision is undetermined."""
        told = self._told
        return self.result.possible if told is None else (told.outcome,)

    @property
    def amounts(self) -> dict[str, Amount]:
        """The amounts, by name of the output."""
        if self._told is not None:
            return _tell_amounts(self._told)
        return {name: _make_amount(item) for name, item in self.result.amounts.items()}

    @property
    def amount(self) -> Amount | None:
        """The amount, where the decision gives exactly one."""
        made = list(self.amounts.values())
        return made[0] if len(made) == 1 else None

    @property
    def values(self) -> dict[str, Plain | Mark | Unknown]:
        """Outputs that are worked out rather than limited; money in minor units (fen for CNY)."""
        told = self._told
        found = (self.result if told is None else told).values.items()
        return {name: x for name, x in found if not isinstance(x, Scale | WorkingCalendar)}

    @property
    def binding(self) -> tuple[str, ...]:
        """The rules that fix the amounts, ties included."""
        return tuple(dict.fromkeys(n for item in self.amounts.values() for n in item.binding))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is not a plain grant, hard reasons first; each with its ``citation``."""
        return self.result.reasons

    @property
    def articles(self) -> tuple[str, ...]:
        """The provisions behind the reasons or, where there are none, behind the binding limits."""
        if self.reasons:
            refs = [ref for item in self.reasons for ref in _list_refs(item)]
        else:
            rules = [self.result.ruleset.rules.get(name) for name in self.binding]
            refs = [rule.citation.ref for rule in rules if rule]
        return tuple(dict.fromkeys(refs))

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would settle it, in the order most useful to ask."""
        return () if self._told is not None else tuple(item.name for item in self.result.missing)

    @property
    def missing_details(self) -> tuple[Missing, ...]:
        """The same with labels, and with who sets a value the document left open."""
        return self.result.missing

    @property
    def exact(self) -> bool:
        """Whether both ends of every range and every possible outcome can really come about."""
        return self._told is not None or self.result.exact

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """What a reader should know beside the decision."""
        return self.result.warnings

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The windows of the decision and their last days."""
        return self.result.deadlines

    @property
    def consequences(self) -> tuple[Following, ...]:
        """What follows for whom."""
        return self.result.followings

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """Departures from the ruleset as published: readings, assumptions, what-ifs."""
        return self.result.overlays

    @property
    def trails(self) -> tuple[Trail, ...]:
        """What each balance read from a ledger was made of; looked up when it is asked for."""
        return self._list_trails()

    @property
    def trace(self) -> tuple[RuleResult, ...]:
        """Every rule's result with its steps, in the order of the document."""
        taken = None if self._told is None else self._told.take_trace()
        if taken is not None:
            return taken
        result = self.result
        return tuple(result.evaluation.rules[rule.id] for rule in result.program.rules)

    def explain(self, language: str = "zh", format: str = "text", *, trace: bool = False) -> str:  # noqa: A002
        """Return the explanation in a language and a format.

        Languages are ``zh`` and ``en``; formats ``text``, ``markdown``, ``html`` and ``json``.

        ``trace`` adds every rule with every step to the text form; the others always hold it.
        Raises ValueError for another language or format.
        """
        check_language(language)
        if format == "json":
            import json

            return json.dumps(self.to_data(), ensure_ascii=False, indent=2) + "\n"
        from voucher_rules.explain.html import lay_out_html
        from voucher_rules.explain.markdown import lay_out_markdown
        from voucher_rules.explain.outline import outline_decision
        from voucher_rules.explain.text import lay_out_text

        outline = outline_decision(self.result, language, self.trails)
        match format:
            case "text":
                return lay_out_text(outline, trace=trace)
            case "markdown":
                return lay_out_markdown(outline)
            case "html":
                return lay_out_html(outline)
            case _:
                message = f"format is text, markdown, html or json, not {format!r}"
                raise ValueError(message)

    def letter(
        self,
        language: str = "zh",
        format: str = "html",  # noqa: A002
        *,
        about: LetterHead | None = None,
        digest: str | None = None,
        record: LogEntry | None = None,
    ) -> str:
        """Return a letter to the applicant about the decision, in a language and a format.

        Languages are ``zh`` and ``en``; formats ``html``, ``markdown`` and ``text``. ``about`` says
        who writes to whom and what remedies there are; ``record`` is the entry of a log that
        records the decision, whose digest stands at the foot; ``digest`` is that digest alone
        (``sha256:…``), for a record without hidden facts and under no name but the letter's own.
        What is left out is not filled in. Raises ValueError for another language or format,
        :class:`~voucher_rules.InputError` for a record or a digest that is not of this decision,
        and for remedies that are not told in the language.
        """
        check_language(language)
        from voucher_rules.api.letters import lay_out_letter
        from voucher_rules.explain.letters.model import LetterHead

        head = LetterHead() if about is None else about
        return lay_out_letter(
            self.result, language, format, head, digest=digest, record=record, trails=self.trails
        )

    def to_data(self) -> dict[str, Any]:
        """Return the decision as plain data for JSON; see the reference for every field."""
        from voucher_rules.explain.data import data_of_decision

        return data_of_decision(self.result, self.trails)

    def __repr__(self) -> str:
        result = self.result
        parts = [f"{result.ruleset.id} {result.decision.name}: {result.outcome}"]
        for name, item in result.amounts.items():
            kind = item.output.type
            if item.value is not None:
                parts.append(f"{name} {write_money(item.value, kind.unit, 'en')}")
            else:
                low, high = (
                    write_money(x, kind.unit, "en") for x in (item.range.low, item.range.high)
                )
                parts.append(f"{name} {low} to {high}")
        if self.missing:
            parts.append(f"missing {', '.join(self.missing)}")
        if self.articles:
            parts.append(" ".join(self.articles))
        return f"<Decision {'; '.join(parts)}>"

    def show(self, language: str = "zh") -> Shown:
        """Return what a notebook shows of the decision in a language; ``zh`` or ``en``.

        Raises ValueError for another one.
        """
        check_language(language)
        from voucher_rules.explain.html import lay_out_fragment
        from voucher_rules.explain.outline import outline_decision
        from voucher_rules.explain.showing import Shown
        from voucher_rules.explain.text import lay_out_text

        outline = outline_decision(self.result, language, self.trails)
        return Shown(lay_out_fragment(outline), lay_out_text(outline, trace=False))

    def _repr_html_(self) -> str:
        return self.show().html
