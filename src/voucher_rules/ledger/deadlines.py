"""Comes in: a thing and what is known of it. Goes out: what may happen to it next, and by when.

A deadline is a window of the ruleset, found by evaluating the decision it stands in with the facts
the thing tells and those stated in decisions about it. What cannot be found is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from voucher_rules.checked.histories import Past, Transition
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.case import read_case
from voucher_rules.decision.evaluate import evaluate_program
from voucher_rules.decision.law import Options
from voucher_rules.decision.trace import Status
from voucher_rules.errors import InputError
from voucher_rules.ledger.asking import Asking
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import Books
from voucher_rules.ledger.entries import Made
from voucher_rules.ledger.filling import fill_case
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.shelf import Shelf
from voucher_rules.program.build import Program
from voucher_rules.values.model import Value


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

    @property
    def unknown(self) -> bool:
        """Whether there is a window whose end cannot be found."""
        return bool(self.window) and self.ends is None


def list_dues(
    thing: Thing, decisions: list[Made], books: Books, shelf: Shelf, *, lapses_only: bool = False
) -> list[Due]:
    """Return every event that may happen to a thing next, in the order of its lifecycle.

    ``decisions`` are those about it that stand, oldest first; ``lapses_only`` leaves out what does
    not come by itself, and so finds fewer windows.
    """
    ruleset = shelf.find_ruleset(thing.ruleset, thing.edition)
    if ruleset is None:
        return []
    finder = _Finder(thing, decisions, books, shelf, ruleset)
    return [
        finder.find_due(way)
        for way in ruleset.histories.lifecycles[thing.lifecycle].transitions.values()
        if (way.past is not None or not lapses_only) and any(map(thing.stands_in, way.sources))
    ]


@dataclass(slots=True)
class _Finder:
    """Finds the windows of one thing; each decision is evaluated once."""

    thing: Thing
    decisions: list[Made]
    books: Books
    shelf: Shelf
    ruleset: CheckedRuleset
    _ends: dict[str, Mapping[str, Value | None]] | None = None

    def find_due(self, way: Transition) -> Due:
        """Return when an event is due."""
        window = way.past or way.by
        if window is None:
            return Due(self.thing, way.name, "", None, None, by_itself=False)
        rule, last = self._find_last(window)
        ends = None if last is None else end_of(last, self.ruleset.zone)
        name = f"{window.decision}.{rule}"
        return Due(self.thing, way.name, name, last, ends, by_itself=way.past is not None)

    def _find_last(self, window: Past) -> tuple[str, date | None]:
        """Return the rule of a window that applies, and its last day where it can be found."""
        if self._ends is None:
            self._ends = {}
        if window.decision not in self._ends:
            self._ends[window.decision] = self._evaluate(window.decision)
        found = self._ends[window.decision]
        rule = next((name for name in window.rules if name in found), window.rules[0])
        last = found.get(rule)
        return rule, last if isinstance(last, date) else None

    def _evaluate(self, decision: str) -> Mapping[str, Value | None]:
        """Return the end of every window of a decision that applies, by its rule."""
        program = self.shelf.find_program(self.ruleset, decision)
        facts, options = self._gather_facts()
        asking = self._ask(program, facts)
        if asking is None or asking.day is None:
            return {}
        evaluation = evaluate_program(program, asking.case.values, options)
        return {
            name: result.last_day
            for name, result in evaluation.rules.items()
            if result.status is not Status.NOT_APPLICABLE
        }

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
            return fill_case(asking, self.books).asking
        except InputError:
            return None

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
            facts.update(made.facts)
            readings.update(made.readings)
            assumed = made.assumed
        return facts, Options(readings, assumed)


def end_of(last: date, zone: timezone) -> datetime:
    """Return the first moment after a last day, or after a last moment."""
    if isinstance(last, datetime):
        return last + timedelta(microseconds=1)
    return datetime.combine(last + timedelta(days=1), time(), zone)
