"""Comes in: a case and what it should come to. Goes out: the least that would do it.

A study of one case. Each fact is looked at over every value it may take, so that it can be told
that none does it; what is found was decided again, and so was the value next to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from voucher_rules.api.change_pictures import choose_course, draw_course
from voucher_rules.api.decisions import Decision
from voucher_rules.api.picture_options import check_options
from voucher_rules.api.questions import Asked, Sum, Wanted, ask, read_facts, read_goal
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.studies import Study
from voucher_rules.api.wants import RULESET, WORD
from voucher_rules.arguments import FLAG, MAPPING, NAMES, WHOLE, check_language, takes
from voucher_rules.checked.symbols import Wording
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.explain.shifts import tell_shifts
from voucher_rules.explain.values import Writer
from voucher_rules.explain.whatif_words import tell
from voucher_rules.explain.words import tell as tell_word
from voucher_rules.language.types import BOOLEAN, NUMBER, TEXT, Kind, Type
from voucher_rules.sources.tree import Source
from voucher_rules.values.model import Unknown
from voucher_rules.whatif.changes import Barrier, Shift
from voucher_rules.whatif.goals import Goal, find_paid
from voucher_rules.whatif.searching import Found, find_changes

MOST_TOLD: Final = 5
"""So many changes are told as sentences; the sheet has them all."""
_PLACES: Final = 1_000
_COUNTS: Final = (1, 2)


@dataclass(frozen=True, slots=True)
class FactChange:
    """Facts changed together so that the decision comes to what is wanted.

    ``exact`` tells that nothing less of these facts does it; ``distance`` is the size by which
    changes are ordered.
    """

    shifts: tuple[Shift, ...]
    decision: Decision
    exact: bool
    distance: Fraction


class Counterfactual(Study):
    """What would take a case to another decision; made by :func:`counterfactual`."""

    __slots__ = ("_asked", "barriers", "base", "changes", "goal", "language")

    def __init__(self, asked: Asked, goal: Goal, found: Found) -> None:
        self.language = "zh"
        self._asked = asked
        self.goal = goal
        """What was asked for."""
        self.base = Decision(asked.base)
        """The decision on the case as it stands."""
        self.changes = tuple(
            FactChange(x.shifts, Decision(x.result), x.exact, x.distance) for x in found.changes
        )
        """What would do it, the smallest change first; two facts together after one alone."""
        self.barriers: tuple[Barrier, ...] = found.barriers
        """The facts no change of which does it by itself, and why."""

    @property
    def exact(self) -> bool:
        """Whether all of it is proved: no change of one fact is smaller, and none is missing."""
        return all(x.exact for x in self.changes) and all(x.exact for x in self.barriers)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The changes, and the facts that cannot do it."""
        return (self._make_changes(), self._make_barriers())

    def plot(self, language: str = "zh", **options: Any) -> Any:  # noqa: ANN401 - a figure of Matplotlib
        """Return a picture of the decision along a fact, now and where it turns (extra ``plot``).

        ``change`` is the number of a change, the first without it; of two facts the first is
        followed with the other changed, unless ``fact`` names that one. ``fact`` alone follows any
        fact of the case; ``window`` is as in :meth:`Variation.plot`. Raises
        :class:`~voucher_rules.InputError` where nothing does it and no fact is named.
        """
        check_language(language)
        check_options(options, "change", "fact", "window")
        course = choose_course(self._asked, self.changes, options)
        return draw_course(course, self._find_output(), self.title(language), language)

    def title(self, language: str) -> str:
        """Return what was asked of which measure."""
        checked = self._asked.ruleset.checked
        spec = self._asked.question.program.decision
        return tell(
            language,
            "needs.title",
            title=checked.document.title.told(language),
            decision=spec.label.told(language),
            goal=self._tell_goal(language),
        )

    def list_lines(self, language: str) -> Iterator[str]:
        """Yield how it stands now, the smallest changes, and how sure that is."""
        yield self._tell_now(language)
        for number, change in enumerate(self.changes[:MOST_TOLD]):
            answer = isinstance(change.shifts[0].before, Unknown)
            key = "needs.answer" if answer else "needs.also" if number else "needs.first"
            yield tell(language, key, change=self._tell_end(change, language))
        if len(self.changes) > MOST_TOLD:
            yield tell(language, "needs.more", count=str(len(self.changes)))
        if not self.changes:
            met = self.goal.is_met(self.base.result)
            key = "needs.met" if met else "needs.none_one" if self.exact else "needs.none_found"
            yield tell(language, key)
        if not self.exact and self.changes:
            yield tell(language, "needs.searched")
        if len(self.changes) > 1:
            yield tell(language, "needs.distance")

    def _tell_goal(self, language: str) -> str:
        goal = self.goal
        if goal.output is None:
            named = sorted(goal.outcomes)
            if len(named) > 2:  # noqa: PLR2004 - any but the one there is
                return tell(language, "goal.other")
            told = (tell_word(language, f"possible.{item}") for item in named)
            return tell(language, "or").join(told)
        label = goal.output.label.told(language)
        writer = self._writer(language)
        if goal.comparison:
            amount = writer.write_value(goal.amount, goal.output.type)
            return tell(language, f"goal.{goal.comparison}", label=label, amount=amount)
        if goal.value is None:
            return tell(language, "goal.known", label=label)
        value = writer.write_value(goal.value, goal.output.type)
        key = "goal.not_value" if goal.other else "goal.value"
        return tell(language, key, label=label, value=value)

    def _tell_now(self, language: str) -> str:
        outcome = tell_word(language, f"outcome.{self.base.outcome}")
        paid = self._tell_result(self.base, language)
        if not paid:
            return tell(language, "needs.now", outcome=outcome)
        label, amount = paid
        return tell(language, "needs.now_paid", outcome=outcome, label=label, amount=amount)

    def _tell_end(self, change: FactChange, language: str) -> str:
        told = self._tell_change(change, language)
        outcome = tell_word(language, f"outcome.{change.decision.outcome}")
        ranges = any(x.until != x.after and isinstance(x.before, Unknown) for x in change.shifts)
        paid = None if ranges else self._tell_result(change.decision, language)
        if not paid:
            return tell(language, "ends.from", change=told, outcome=outcome)
        return tell(language, "ends.paid", change=told, outcome=outcome, amount=paid[1])

    def _tell_change(self, change: FactChange, language: str) -> str:
        kinds = [self._type_of(shift.name) for shift in change.shifts]
        return tell_shifts(self._writer(language), change.shifts, kinds)

    def _type_of(self, name: str) -> Type:
        return self._asked.question.program.find_input(name).type

    def _writer(self, language: str) -> Writer:
        return Writer(self._asked.ruleset.checked, language)

    def _say(self, make: Callable[[str], str]) -> Wording:
        return Wording(make("zh"), make("en"))

    def _make_changes(self) -> Sheet:
        money = self._find_money()
        columns = [
            _column("number", Type(Kind.COUNT)),
            _column("fact", TEXT),
            _column("before", TEXT),
            _column("after", TEXT),
            _column("until", TEXT),
            _column("change", TEXT),
            _column("outcome", TEXT),
            *([_column("amount", money)] if money else []),
            _column("distance", NUMBER),
            _column("exact", BOOLEAN),
        ]
        rows = [
            self._make_row(number, change, shift, paid=money is not None)
            for number, change in enumerate(self.changes, start=1)
            for shift in change.shifts
        ]
        note = _word("needs.distance")
        return Sheet("changes", _word("sheet.changes"), tuple(columns), tuple(rows), note)

    def _make_row(
        self, number: int, change: FactChange, shift: Shift, *, paid: bool
    ) -> tuple[Figure, ...]:
        kind = self._type_of(shift.name)
        outcome = f"outcome.{change.decision.outcome}"
        values = [
            self._say(lambda x, v=value: self._writer(x).write_value(v, kind))  # type: ignore[misc] # v is its own default
            for value in (shift.before, shift.after, shift.until)
        ]
        amount = self._find_amount(change.decision)
        return (
            number,
            self._say(lambda x: self._writer(x).label_input(shift.name)),
            *values,
            self._say(lambda x: tell_shifts(self._writer(x), [shift], [kind])),
            self._say(lambda x: tell_word(x, outcome)),
            *([amount] if paid else []),
            Fraction(round(change.distance * _PLACES), _PLACES),
            change.exact,
        )

    def _make_barriers(self) -> Sheet:
        columns = (_column("fact", TEXT), _column("because", TEXT), _column("exact", BOOLEAN))
        rows = tuple(
            (
                self._say(lambda x, n=item.name: self._writer(x).label_input(n)),  # type: ignore[misc] # n is its own default
                self._say(lambda x, b=item: self._tell_barrier(b, x)),  # type: ignore[misc] # b is its own default
                item.exact,
            )
            for item in self.barriers
        )
        return Sheet("barriers", _word("sheet.barriers"), columns, rows)

    def _tell_barrier(self, item: Barrier, language: str) -> str:
        if not item.exact:
            return tell(language, "bar.searched")
        if item.because:
            writer, rules = self._writer(language), self._asked.ruleset.checked.rules
            told = writer.tell("joiner").join(writer.say_cited(rules[x]) for x in item.because)
            limits = all(rules[x].limits for x in item.because)
            return tell(language, "bar.limits" if limits else "bar.rules", rules=told)
        return tell(language, "bar.idle" if item.idle else "bar.proved")

    def _tell_result(self, decision: Decision, language: str) -> tuple[str, str] | None:
        """Return what the output of a decision is called and what it is, where that is known."""
        output = self._find_output()
        if output is None:
            return None
        worked_out = decision.values.get(output.name)
        value: Any = self._find_amount(decision) if output.limited else worked_out
        if value is None or isinstance(value, Unknown):
            return None
        writer = self._writer(language)
        return output.label.told(language), writer.write_value(value, output.type)

    def _find_money(self) -> Type | None:
        """Return the type of the amount the changes are told with; None where there is none."""
        output = self._find_output()
        return output.type if output is not None and output.type.kind is Kind.MONEY else None

    def _find_output(self) -> Any:  # noqa: ANN401 - an output, or None
        if self.goal.output is not None:
            return self.goal.output
        outputs = list(self._asked.question.program.decision.outputs.values())
        return next((x for x in outputs if x.limited), outputs[0] if outputs else None)

    def _find_amount(self, decision: Decision) -> int | Fraction | None:
        output = self._find_output()
        return None if output is None else find_paid(decision.result, output.name)


def _word(key: str) -> Wording:
    return Wording(tell("zh", key), tell("en", key))


def _column(key: str, kind: Type) -> Column:
    return Column(key, _word(f"column.{key}"), kind)


@takes(
    ruleset=RULESET,
    decision=WORD,
    case=MAPPING,
    output=WORD.optional(),
    readings=MAPPING.optional(),
    assume_in_force=FLAG,
    facts=NAMES.optional(),
    count=WHOLE,
    within=MAPPING.optional(),
    placed_by=WORD,
)
def counterfactual(  # noqa: PLR0913 - each argument is one thing the answer rests on
    ruleset: Ruleset,
    decision: str,
    case: Mapping[str, Any],
    *,
    outcome: str | None = None,
    amount: Sum | Wanted | None = None,
    output: str | None = None,
    on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    assume_in_force: bool = False,
    facts: Sequence[str] | None = None,
    count: int = 1,
    within: Mapping[str, Sequence[object]] | None = None,
    placed_by: str = "",
    source: Source | None = None,
) -> Counterfactual:
    """Find the smallest change of a fact that takes a case to another decision.

    ``outcome`` is one of ``granted``, ``denied``, ``referred``, ``not_in_force`` and
    ``determined``, or ``other`` for any but that of now; of a decision that works out a value it
    may be that value. ``amount`` is the least that is wanted, or :func:`at_most` or :func:`exactly`
    so much; ``output`` names it where there are several. ``facts`` are those that may change: all,
    unless given. ``within`` bounds a fact by its lowest and its highest value. With ``count`` 2
    also two facts together are tried, where neither does it alone. The rest is as in
    :meth:`Ruleset.decide`.

    Raises :class:`~voucher_rules.InputError` for a fault of the case or of what is asked.
    """
    if count not in _COUNTS:
        arguments = {"found": str(count), "options": "1, 2", "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="count")])
    asked = ask(
        ruleset,
        decision,
        case,
        on=on,
        readings=readings,
        assume_in_force=assume_in_force,
        placed_by=placed_by,
        source=source,
    )
    goal = read_goal(asked, outcome, amount, output)
    allowed = read_facts(asked, facts, within)
    if goal.is_met(asked.base):
        return Counterfactual(asked, goal, Found((), ()))
    return Counterfactual(asked, goal, find_changes(asked.question, goal, allowed, count))
