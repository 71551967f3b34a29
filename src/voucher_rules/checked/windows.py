"""Comes in: a window of a document. Goes out: the terms of its first and last day, or faults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.library import Library
from voucher_rules.checked.mechanics import Window
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import DATE, INSTANT, Kind, Type
from voucher_rules.ruleset.rules import WindowDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import Period, PeriodUnit

_ONE_DAY: Final = Term(
    Role.CONSTANT, Type(Kind.PERIOD, "day"), "1 day", (), Period(1, PeriodUnit.DAY), "1 day"
)


@dataclass(frozen=True, slots=True)
class WindowBuilder:
    """Builds windows over the names in scope."""

    made: Declarations
    library: Library
    builder: TermBuilder

    def build(self, doc: WindowDoc) -> Window | None:
        """Return the window, or None once its faults are reported."""
        lasts = self.builder.build(doc.lasts, Type(Kind.PERIOD))
        unit = lasts.type.unit if lasts is not None else ""
        moment = INSTANT if unit == PeriodUnit.HOUR else DATE
        opens = self.builder.build(doc.opens, moment)
        act = self.builder.build(doc.act, moment) if doc.act is not None else None
        counts = self._read_first_day(doc, lasts)
        if lasts is None or opens is None or (doc.act is not None and act is None):
            return None
        last = self._end(doc, opens, lasts, counts_first_day=counts)
        rolls = self.made.read_flag(doc.rolls)
        if last is None or (rolls and not self._may_roll(doc, lasts)):
            return None
        nominal = last if rolls else None
        if rolls:
            last = Term(Role.OPERATOR, DATE, "roll", (last, self._calendar()), text="roll")
        return Window(opens, lasts, counts, last, act, nominal, str(doc.gives or ""))

    def _read_first_day(self, doc: WindowDoc, lasts: Term | None) -> bool:
        """Hours start at once, working days with the next; for the others it must be said."""
        word = doc.first_day
        if lasts is not None and lasts.type.unit in {PeriodUnit.HOUR, PeriodUnit.WORKING_DAY}:
            if word is not None and word != "does_not_count":
                self.made.report.add(
                    "key-does-not-fit", word, key="first_day", type=str(lasts.type)
                )
            return False
        if word is None and lasts is None:
            return False
        if word is None:
            self.made.report.add("first-day-unsaid", doc.lasts)
            return False
        return self.made.read_option(word, ("counts", "does_not_count")) == "counts"

    def _end(
        self, doc: WindowDoc, opens: Term, lasts: Term, *, counts_first_day: bool
    ) -> Term | None:
        text = f"{opens.text} + {lasts.text}"
        if lasts.type.unit == PeriodUnit.WORKING_DAY:
            if not self._has_calendar(doc.lasts):
                return None
            parts = (opens, lasts, self._calendar())
            return Term(Role.OPERATOR, DATE, "workday", parts, text=text)
        end = Term(Role.OPERATOR, opens.type, "+", (opens, lasts), text=text)
        return _count_first_day(opens, lasts, end) if counts_first_day else end

    def _may_roll(self, doc: WindowDoc, lasts: Term) -> bool:
        if doc.rolls is None:
            return False
        if lasts.type.unit in {PeriodUnit.HOUR, PeriodUnit.WORKING_DAY}:
            kind = str(lasts.type)
            self.made.report.add("key-does-not-fit", doc.rolls, key="rolls", type=kind)
            return False
        return self._has_calendar(doc.rolls, "rolls")

    def _has_calendar(self, word: Scalar, name: str = "") -> bool:
        if self.library.calendar is None:
            self.made.report.add("no-calendar", word, name=name or str(word))
            return False
        return True

    def _calendar(self) -> Term:
        calendar = self.library.calendar
        name = calendar.id if calendar else ""
        return Term(Role.CONSTANT, Type(Kind.CALENDAR, name), name, (), calendar, name)


def _count_first_day(opens: Term, lasts: Term, end: Term) -> Term:
    """Return the last day of a period whose first day counts: the eve of the corresponding day.

    Where the month has no corresponding day its last day ends the period, and not the eve of that;
    the same period counted from the eve of its first day ends there, and never later elsewhere.
    """
    eve = Term(Role.OPERATOR, DATE, "-", (end, _ONE_DAY), text=f"{end.text} - 1 day")
    if lasts.type.unit == PeriodUnit.DAY:
        return eve
    before = Term(Role.OPERATOR, DATE, "-", (opens, _ONE_DAY), text=f"{opens.text} - 1 day")
    other = Term(Role.OPERATOR, DATE, "+", (before, lasts), text=f"{before.text} + {lasts.text}")
    return Term(Role.OPERATOR, DATE, "max", (eve, other), text=eve.text)
