"""Comes in: names, files and facts. Goes out: rulesets to ask and decisions to read.

This is the surface the package offers to programs; the stages below it do the work.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

from voucher_rules.catalog.amend import amend_parameters
from voucher_rules.catalog.find import RulesetFile, find_ruleset, list_rulesets
from voucher_rules.catalog.gather import gather_library, read_file
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.model import CheckedRuleset, Input, Parameter, Provision, Reading, Rule
from voucher_rules.decision.case import is_text, read_case, read_on
from voucher_rules.decision.decide import decide
from voucher_rules.decision.evaluate import Options, Outcome
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
from voucher_rules.diagnostics import LANGUAGES, Diagnostic
from voucher_rules.errors import InputError, RulesetNotFoundError
from voucher_rules.explain.data import data_of_decision
from voucher_rules.explain.html import lay_out_fragment, lay_out_html, lay_out_report
from voucher_rules.explain.markdown import lay_out_markdown
from voucher_rules.explain.outline import outline_decision
from voucher_rules.explain.text import lay_out_text
from voucher_rules.program.build import Program, build_program
from voucher_rules.ruleset.load import LoadedRuleset, load_ruleset, suggest_name
from voucher_rules.sources.tree import Source
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


def load(
    name: str | Path, edition: str | None = None, *, folders: Sequence[str | Path] = ()
) -> Ruleset:
    """Load and check a ruleset by its name or by the path of its file.

    ``folders`` are searched before the shipped rulesets. Raises
    :class:`~voucher_rules.RulesetNotFoundError`, or :class:`~voucher_rules.RulesetError` with every
    mistake at its place.
    """
    searched = tuple(Path(folder) for folder in folders)
    found = find_ruleset(name, edition, searched)
    ruleset = read_ruleset(found.path, searched)
    if edition is not None and ruleset.edition != edition:
        arguments = {"name": ruleset.id, "edition": edition, "known": ruleset.edition}
        raise RulesetNotFoundError([Diagnostic("edition-not-found", arguments)])
    return ruleset


def read_ruleset(path: Path, folders: Sequence[Path] = ()) -> Ruleset:
    """Read and check the ruleset in one file, with what it rests on. Raises as :func:`load` does.

    A calendar or a ruleset it uses is sought in ``folders``, in the folder above its own, and
    among the shipped ones.
    """
    loaded = load_ruleset(read_file(path), str(path))
    around = (*folders, path.resolve().parents[1])
    return Ruleset(loaded, check_ruleset(loaded, gather_library(loaded, around)), path, around)


def rulesets(folders: Sequence[str | Path] = ()) -> list[RulesetFile]:
    """List the rulesets that :func:`load` would find, by name and edition."""
    return list_rulesets([Path(folder) for folder in folders])


def report(decisions: Mapping[str, Decision], *, title: str, language: str = "zh") -> str:
    """Return one HTML page that explains several decisions, each under its name.

    Raises ValueError for a language other than ``zh`` and ``en``.
    """
    check_language(language)
    outlines = [(name, outline_decision(x.result, language)) for name, x in decisions.items()]
    return lay_out_report(outlines, title, language)


def check_settings(settings: Mapping[str, str], path: str) -> None:
    """Check that settings map text to text, by exact type. Raises InputError."""
    fits = type(settings) in (dict, MappingProxyType)
    if not fits or not all(is_text(item) for pair in settings.items() for item in pair):
        arguments = {"found": type(settings).__name__}
        raise InputError([Diagnostic("bad-setting", arguments, path=path)])


def check_language(language: str) -> None:
    """Check that texts exist in ``language``. Raises ValueError."""
    if language not in LANGUAGES:
        message = f"language is zh or en, not {language!r}"
        raise ValueError(message)


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


def _make_amount(item: AmountResult) -> Amount:
    currency = item.output.type.unit

    def main(value: Exact) -> Decimal:
        whole = int(value)
        digits = tuple(int(digit) for digit in str(abs(whole)))
        return Decimal((int(whole < 0), digits, -CURRENCIES[currency].digits))

    return Amount(
        value=None if item.value is None else main(item.value),
        low=main(item.range.low),
        high=main(item.range.high),
        otherwise=None if item.otherwise is None else main(Fraction(item.otherwise).__floor__()),
        binding=item.binding if item.otherwise is not None else (),
        currency=currency,
    )


class Decision:
    """A decision: what was decided, why, and on what. Immutable; made by :meth:`Ruleset.decide`."""

    __slots__ = ("result",)

    def __init__(self, result: DecisionResult) -> None:
        object.__setattr__(self, "result", result)

    result: DecisionResult
    """The whole result, for programs that need what the properties below leave out."""

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a decision does not change: {name}"
        raise AttributeError(message)

    @property
    def outcome(self) -> Outcome:
        """How it came out; compares equal to its name: ``decision.outcome == "granted"``."""
        return self.result.outcome

    @property
    def possible(self) -> tuple[Outcome, ...]:
        """Every outcome still possible; one unless the decision is undetermined."""
        return self.result.possible

    @property
    def amounts(self) -> dict[str, Amount]:
        """The amounts, by name of the output."""
        return {name: _make_amount(item) for name, item in self.result.amounts.items()}

    @property
    def amount(self) -> Amount | None:
        """The amount, where the decision gives exactly one."""
        made = list(self.amounts.values())
        return made[0] if len(made) == 1 else None

    @property
    def values(self) -> dict[str, Plain | Mark | Unknown]:
        """Outputs that are worked out rather than limited; money in minor units (fen for CNY)."""
        found = self.result.values.items()
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
        return tuple(item.name for item in self.result.missing)

    @property
    def missing_details(self) -> tuple[Missing, ...]:
        """The same with labels, and with who sets a value the document left open."""
        return self.result.missing

    @property
    def exact(self) -> bool:
        """Whether both ends of every range and every possible outcome can really come about."""
        return self.result.exact

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
    def trace(self) -> tuple[RuleResult, ...]:
        """Every rule's result with its steps, in the order of the document."""
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
            return json.dumps(self.to_data(), ensure_ascii=False, indent=2) + "\n"
        outline = outline_decision(self.result, language)
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

    def to_data(self) -> dict[str, Any]:
        """Return the decision as plain data for JSON; see the reference for every field."""
        return data_of_decision(self.result)

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

    def _repr_html_(self) -> str:
        return lay_out_fragment(outline_decision(self.result, "zh"))


@dataclass(frozen=True)
class Ruleset:
    """A checked ruleset: ask it what it holds, and have it decide cases."""

    loaded: LoadedRuleset = field(repr=False)
    checked: CheckedRuleset = field(repr=False)
    path: Path
    folders: tuple[Path, ...] = field(default=(), repr=False)
    """Where what it uses is sought before the shipped rulesets."""
    overlays: tuple[Overlay, ...] = ()
    _programs: dict[str, Program] = field(default_factory=dict, repr=False, compare=False)

    @property
    def id(self) -> str:
        """The name of the ruleset."""
        return self.checked.id

    @property
    def edition(self) -> str:
        """The edition of the ruleset."""
        return self.checked.edition

    @property
    def decisions(self) -> tuple[str, ...]:
        """The names of the questions it answers."""
        return tuple(self.checked.decisions)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Its numbers, by name."""
        return self.checked.parameters

    @property
    def readings(self) -> Mapping[str, Reading]:
        """Its disputed provisions, by name."""
        return self.checked.readings

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """Its provisions, in the order of the document."""
        return self.checked.provisions

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Its rules, by id, in the order of the document."""
        return self.checked.rules

    def facts(self, decision: str) -> dict[str, Input]:
        """Return what a decision reads of a case, by name. Raises :class:`~.errors.InputError`."""
        return dict(self.program(decision).inputs)

    def program(self, decision: str) -> Program:
        """Return the ordered steps of a decision. Raises :class:`~voucher_rules.InputError`."""
        if not is_text(decision) or decision not in self.checked.decisions:
            name = decision if is_text(decision) else type(decision).__name__
            arguments = {"name": name, "near": suggest_name(name, list(self.decisions))}
            raise InputError([Diagnostic("unknown-decision", arguments)])
        if decision not in self._programs:
            self._programs[decision] = build_program(self.checked, decision)
        return self._programs[decision]

    def decide(  # noqa: PLR0913 - each argument is one thing a decision rests on
        self,
        decision: str,
        facts: Mapping[str, Any],
        *,
        on: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        assume_in_force: bool = False,
        source: Source | None = None,
    ) -> Decision:
        """Decide a case.

        ``facts`` maps names to values: Python values (``bool``, ``int``, ``Decimal``, ``date`` …),
        text as people write it (``"4000元"``, ``"30%"``), ``"none"`` and ``"unknown"``, or
        ``{"value": …, "source": …}`` with where it comes from. What is left out is unknown. Plain
        numbers of money count in the main unit (yuan). ``on`` is the day that fixes the law, where
        the facts do not state it; ``readings`` chooses how disputed provisions are read;
        ``assume_in_force`` decides under a draft as if it were law. ``source`` is the file the
        facts were read from, for the places in messages.

        Raises :class:`~voucher_rules.InputError` with every fault of the facts; nothing else.
        """
        program = self.program(decision)
        options = Options(self._choose_readings(readings or {}), assume_in_force)
        day = None if on is None else read_on(on)
        case = read_case(program, facts, source, day)
        return Decision(decide(program, case, options, self.overlays))

    def _choose_readings(self, chosen: Mapping[str, str]) -> dict[str, str]:
        found = []
        check_settings(chosen, "readings")
        made = {name: reading.default for name, reading in self.checked.readings.items()}
        for name, option in chosen.items():
            reading = self.checked.readings.get(name)
            if reading is None:
                near = suggest_name(name, list(made))
                found.append(Diagnostic("unknown-reading", {"name": name, "near": near}))
            elif option not in reading.options:
                near = suggest_name(option, list(reading.options))
                listed = ", ".join(reading.options)
                arguments = {"found": option, "options": listed, "near": near}
                found.append(Diagnostic("not-one-of", arguments, path=f"reading.{name}"))
            else:
                made[name] = option
        if found:
            raise InputError(found)
        return made

    def with_parameters(self, settings: Mapping[str, str]) -> Ruleset:
        """Return the ruleset with parameters set to other values, checked whole: a what-if.

        Raises :class:`~voucher_rules.InputError` for a parameter that does not exist or a setting
        without effect, :class:`~voucher_rules.RulesetError` where the result is no ruleset.
        """
        check_settings(settings, "settings")
        loaded, changes = amend_parameters(self.loaded, settings)
        made = tuple(Overlay("what_if", x.parameter, x.before, x.after) for x in changes)
        checked = check_ruleset(loaded, gather_library(loaded, self.folders))
        return Ruleset(loaded, checked, self.path, self.folders, (*self.overlays, *made))

    def __repr__(self) -> str:
        decisions = ", ".join(self.decisions)
        return f"<Ruleset {self.id} {self.edition}: {decisions}>"
