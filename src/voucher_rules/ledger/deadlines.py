"""Comes in: a thing and what is known of it. Goes out: what may happen to it next, and by when.

A deadline is a window of the ruleset, found by evaluating the decision it stands in with the facts
the thing tells and those stated in decisions about it. What cannot be found is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from voucher_rules.checked.histories import Transition
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import Case, read_case
from voucher_rules.decision.evaluate import Evaluation, evaluate_program
from voucher_rules.decision.law import Options
from voucher_rules.decision.trace import Status
from voucher_rules.errors import InputError
from voucher_rules.ledger.asking import Asking
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import Books
from voucher_rules.ledger.entries import Made
from voucher_rules.ledger.filling import fill_case
from voucher_rules.ledger.lacking import list_lacking
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.shelf import Shelf
from voucher_rules.ledger.stating import restate_facts
from voucher_rules.program.build import Program
from voucher_rules.values.model import NONE


@dataclass(frozen=True, slots=True)
class Due:
    """An event that may happen to a thing next, and until when.

    ``last`` is the last day, or the last moment, inside the window; None where there is no window
    (``window`` empty) or not enough is known to find its end. ``ends`` is the first moment outside.
    ``by_itself`` tells an event that comes once the window is past from one that must fall in it.
    """

    thing: Thing
    event: str
    window: str
    last: date | None
    ends: datetime | None
    by_itself: bool
    missing: tuple[str, ...] = ()
    """The facts that would have to be known to find the end, where it cannot be found."""

    @property
    def unknown(self) -> bool:
        """Whether there is a window whose end cannot be found."""
        return bool(self.window) and self.ends is None


def list_dues(
    thing: Thing, decisions: list[Made], books: Books, shelf: Shelf, *, lapses_only: bool = False
) -> list[Due]:
    """Return every event that may happen to a thing next, in the order of its lifecycle.

    What comes by itself after a window does not where no window applies, such as under another
    reading; what must fall in one then has no end.
    ``decisions`` are those about it that stand, oldest first; ``lapses_only`` leaves out what does
    not come by itself, and so finds fewer windows.
    """
    ruleset = shelf.find_ruleset(thing.ruleset, thing.edition)
    if ruleset is None:
        return []
    finder = _Finder(thing, decisions, books, shelf, ruleset)
    found = (
        finder.find_due(way)
        for way in ruleset.histories.lifecycles[thing.lifecycle].transitions.values()
        if (way.past is not None or not lapses_only) and any(map(thing.stands_in, way.sources))
    )
    return [due for due in found if due is not None]


@dataclass(frozen=True, slots=True)
class _Windows:
    """A decision as it was evaluated; not at all where its day is not known, or facts refused."""

    program: Program
    evaluation: Evaluation | None
    refused: bool = False

    def find_applying(self, rules: Sequence[str]) -> str:
        """Return the first of several windows that applies, or may; the first where none does."""
        return next((name for name in rules if self._applies(name)), rules[0])

    def may_apply(self, rules: Sequence[str]) -> bool:
        """Return whether any of several windows applies, or may: one that was not tried may."""
        return self.evaluation is None or any(map(self._applies, rules))

    def _applies(self, rule: str) -> bool:
        if self.evaluation is None:
            return False
        return self.evaluation.rules[rule].status is not Status.NOT_APPLICABLE

    def find_last(self, rule: str) -> date | None:
        """Return the last day of a window that applies, where it can be found."""
        if self.evaluation is None or not self._applies(rule):
            return None
        last = self.evaluation.rules[rule].last_day
        return last if isinstance(last, date) else None

    def list_missing(self, rule: str) -> tuple[str, ...]:
        """Return what is not known of the end of a window."""
        if self.evaluation is None:
            return () if self.refused else (self.program.decision.as_of,)
        return list_lacking(self.program, self.evaluation, rule)


@dataclass(slots=True)
class _Finder:
    """Finds the windows of one thing; each decision is evaluated once."""

    thing: Thing
    decisions: list[Made]
    books: Books
    shelf: Shelf
    ruleset: CheckedRuleset
    _found: dict[str, _Windows] = field(default_factory=dict)

    def find_due(self, way: Transition) -> Due | None:
        """Return when an event is due; None where it does not come by itself after all."""
        window = way.past or way.by
        if window is None:
            return Due(self.thing, way.name, "", None, None, by_itself=False)
        if window.decision not in self._found:
            self._found[window.decision] = self._evaluate(window.decision)
        found = self._found[window.decision]
        if not found.may_apply(window.rules):
            alone = Due(self.thing, way.name, "", None, None, by_itself=False)
            return alone if way.past is None else None
        rule = found.find_applying(window.rules)
        last = found.find_last(rule)
        ends = None if last is None else end_of(last, self.ruleset.zone)
        missing = () if last is not None else found.list_missing(rule)
        name = f"{window.decision}.{rule}"
        itself = way.past is not None
        return Due(self.thing, way.name, name, last, ends, by_itself=itself, missing=missing)

    def _evaluate(self, decision: str) -> _Windows:
        """Evaluate a decision with all that is known of the thing."""
        program = self.shelf.find_program(self.ruleset, decision)
        facts, options = self._gather_facts()
        asking = self._ask(program, facts)
        if asking is None or asking.day is None:
            return _Windows(program, None, refused=asking is None)
        return _Windows(program, evaluate_program(program, asking.case.values, options))

    def _ask(self, program: Program, facts: Mapping[str, Any]) -> Asking | None:
        """Return the case of a thing as far as it is known.

        None where the ruleset at hand refuses what was stated under another edition.
        """
        told = self._list_told()
        known = {name: x for name, x in facts.items() if name not in told}
        day = None if program.decision.as_of in {*known, *told} else self._find_day()
        try:
            case = read_case(program, known, None, day)
            asking = Asking(program, case, self.thing.id, self.thing.carries)
            filled = fill_case(asking, self.books).asking
        except InputError:
            return None
        return replace(filled, case=_expect_acts(filled.case, case, told))

    def _list_told(self) -> set[str]:
        """Return the facts told by what goes by the thing's name, in any of the lifecycles."""
        return {
            fact
            for name, lifecycle in self.ruleset.histories.lifecycles.items()
            if self.books.find_thing((self.ruleset.id, name, self.thing.id)) is not None
            for fact in lifecycle.tells
        }

    def _find_day(self) -> date:
        """Return the day whose law counts where the decision's own day is yet to come.

        That is the day something last happened to the thing.
        """
        moments = [x for lot in self.thing.lots for x in lot.moments.values()]
        return local_day(max(moments), self.ruleset.zone)

    def _gather_facts(self) -> tuple[dict[str, Any], Options]:
        """Return the facts stated in the decisions about the thing, the latest of each."""
        facts: dict[str, Any] = {}
        readings = {name: x.default for name, x in self.ruleset.readings.items()}
        assumed = False
        for made in self.decisions:
            facts.update(restate_facts(made.facts))
            readings.update(made.readings)
            assumed = made.assumed
        return facts, Options(readings, assumed)


def _expect_acts(filled: Case, stated: Case, told: set[str]) -> Case:
    """Return a case in which what the thing has not come to is unknown: its time may yet come.

    Told as none it would take the window away whose end is sought.
    """
    values = {
        name: stated.values[name] if value is NONE and name in told else value
        for name, value in filled.values.items()
    }
    return replace(filled, values=values)


def end_of(last: date, zone: timezone) -> datetime:
    """Return the first moment after a last day, or after a last moment."""
    if isinstance(last, datetime):
        return last + timedelta(microseconds=1)
    return datetime.combine(last + timedelta(days=1), time(), zone)
