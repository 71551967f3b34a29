"""Comes in: values in nodes. Goes out: their sums, orders, roundings, exactly, in nodes."""

from __future__ import annotations

from math import gcd
from typing import Final

from voucher_rules.checked.symbols import Rounding
from voucher_rules.compiled.days import (
    FIRST,
    LAST,
    LAST_MOMENT,
    MICROS_IN_DAY,
    MICROS_IN_HOUR,
    list_rolled,
    list_worked,
    list_worked_before,
)
from voucher_rules.compiled.nodes import Lowered, Op, Shape
from voucher_rules.compiled.values import Marks, Values
from voucher_rules.values.model import PeriodUnit, WorkingCalendar

_MONTHS_IN: Final = {PeriodUnit.MONTH: 1, PeriodUnit.YEAR: 12}


class Arithmetic(Values):
    """Makes sums, products, orders and days in the nodes of one graph."""

    def add(self, left: Lowered, right: Lowered, *, back: bool = False) -> Lowered:
        """Return a sum, or (``back``) a difference; of a day and a period, the day it leads to."""
        graph = self.graph
        marks = self.mark_strict(left, right)
        if left.shape is Shape.DAY and right.shape is Shape.PERIOD:
            return self.make(left, (self._add_period(left, right, back=back),), marks)
        if left.shape is Shape.INSTANT:
            return self.make(left, (self._add_hours(left, right, back=back),), marks)
        if left.shape is Shape.DAY:
            days = graph.sub(left.nodes[0], right.nodes[0])
            return Lowered(Shape.PERIOD, (days,), *marks, (), PeriodUnit.DAY)
        left, right = self.match(left, right)
        combine = graph.sub if back else graph.add
        made = combine(left.nodes[0], right.nodes[0])
        return self.make(left, (made, *left.nodes[1:]), marks)

    def _add_period(self, day: Lowered, period: Lowered, *, back: bool) -> int:
        graph = self.graph
        count = graph.sub(graph.number(0), period.nodes[0]) if back else period.nodes[0]
        if period.unit is PeriodUnit.DAY:
            moved = graph.add(day.nodes[0], count)
            return graph.most(graph.number(FIRST), graph.least(moved, graph.number(LAST)))
        if period.unit is None:
            return day.nodes[0]
        if period.unit not in _MONTHS_IN:
            message = f"a day and a period in {period.unit}"
            raise self.fail(message)
        months = graph.mul(count, graph.number(_MONTHS_IN[period.unit]))
        return graph.add_months(day.nodes[0], months)

    def _add_hours(self, moment: Lowered, period: Lowered, *, back: bool) -> int:
        """Return a moment some hours later; past the ends of the calendar it stays at its ends."""
        graph = self.graph
        length = graph.mul(period.nodes[0], graph.number(MICROS_IN_HOUR))
        moved = (graph.sub if back else graph.add)(moment.nodes[0], length)
        low, high = graph.bounds(moved)[0]
        if low >= 0 and high <= LAST_MOMENT:
            return moved
        beyond = graph.either(
            graph.lt(moved, graph.number(0)), graph.lt(graph.number(LAST_MOMENT), moved)
        )
        end = graph.number(0 if back else LAST_MOMENT - 999_999)
        inside = graph.most(graph.number(0), graph.least(moved, graph.number(LAST_MOMENT)))
        return graph.select(beyond, end, inside)

    def multiply(self, left: Lowered, right: Lowered) -> Lowered:
        """Return a product of numbers."""
        graph = self.graph
        marks = self.mark_strict(left, right)
        top = graph.mul(left.nodes[0], right.nodes[0])
        under = graph.mul(left.nodes[1], right.nodes[1])
        return self._shorten(self.number(top, under, marks))

    def _shorten(self, value: Lowered) -> Lowered:
        """Return a number without a factor that its numerator and its denominator share."""
        graph = self.graph
        top, under = value.nodes
        node, bottom = graph.nodes[top], graph.value(under)
        factor = graph.value(top)
        if factor is None and len(node.args) > 1:
            factor = graph.value(node.args[1]) if node.op is Op.MUL else None
        if bottom is None or factor is None or (shared := gcd(factor, bottom)) == 1:
            return value
        parts = (graph.floordiv(top, graph.number(shared)), graph.number(bottom // shared))
        return self.make(value, parts, self.marks_of(value))

    def divide(self, left: Lowered, right: Lowered) -> Lowered:
        """Return a quotient of numbers, or of periods; the divisor is never zero."""
        graph = self.graph
        marks = self.mark_strict(left, right)
        one = graph.number(1)
        (a, b) = left.nodes if left.shape is Shape.NUMBER else (left.nodes[0], one)
        (c, d) = right.nodes if right.shape is Shape.NUMBER else (right.nodes[0], one)
        low, high = graph.bounds(c)[0]
        if high < 0:
            zero = graph.number(0)
            a, c = graph.sub(zero, a), graph.sub(zero, c)
        elif low < 0:
            message = "a divisor of either sign"
            raise self.fail(message)
        elif low == 0:
            # the checker proved it is never zero; a value that only stands for none may be
            marks = self._doubt(marks, graph.le(c, graph.number(0)))
            c = graph.most(c, one)
        top, under = graph.mul(a, d), graph.mul(b, c)
        return self._shorten(self.number(top, under, marks))

    def _doubt(self, marks: Marks, when: int) -> Marks:
        """Return marks that are unsure in more cases, of those in which something is known."""
        graph = self.graph
        known = graph.negate(graph.either(marks.none, marks.waits))
        return marks._replace(unsure=graph.either(marks.unsure, graph.both(known, when)))

    def negative(self, value: Lowered) -> Lowered:
        """Return a number with the other sign."""
        top = self.graph.sub(self.graph.number(0), value.nodes[0])
        return self.make(value, (top, value.nodes[1]), self.marks_of(value))

    def floor(self, value: Lowered, *, up: bool = False) -> Lowered:
        """Return the whole number below a number, or (``up``) above it."""
        graph = self.graph
        top, under = value.nodes
        if up:
            zero = graph.number(0)
            whole = graph.sub(zero, graph.floordiv(graph.sub(zero, top), under))
        else:
            whole = graph.floordiv(top, under)
        return self.number(whole, None, self.marks_of(value))

    # -- comparisons -----------------------------------------------------------------------------

    def at_most(self, left: Lowered, right: Lowered) -> int:
        """Return the node that tells whether one value is at most another."""
        left, right = self.match(left, right)
        return self.graph.le(left.nodes[0], right.nodes[0])

    def equal(self, left: Lowered, right: Lowered) -> int:
        """Return the node that tells whether two values are the same."""
        left, right = self.match(left, right)
        if left.shape is Shape.TEXT:
            return self.graph.same(left.nodes[0], right.nodes[0])
        return self.graph.eq(left.nodes[0], right.nodes[0])

    def extreme(self, parts: list[Lowered], *, lowest: bool) -> Lowered:
        """Return the least or greatest of some values; what is none is skipped."""
        graph = self.graph
        shared = self._share_terms(parts)
        if shared is not None:
            return self._pick_shared(shared, lowest=lowest)
        made = parts[0]
        for part in parts[1:]:
            left, right = self.match(made, part)
            pick = graph.least if lowest else graph.most
            both = pick(left.nodes[0], right.nodes[0])
            node = graph.select(
                left.none, right.nodes[0], graph.select(right.none, left.nodes[0], both)
            )
            made = self.make(left, (node, *left.nodes[1:]), self._mark_extreme([left, right]))
        return made

    def _share_terms(self, parts: list[Lowered]) -> list[Lowered] | None:
        """Return values in the same terms, where that takes constants only and one always is."""
        graph = self.graph
        if all(part.none for part in parts):
            return None
        if any(p.shape is Shape.NUMBER and graph.value(p.nodes[1]) is None for p in parts):
            return None
        like = parts[0]
        for part in parts[1:]:
            like, _ = self.match(like, part)
        return [self.match(like, part)[1] for part in parts]

    def _pick_shared(self, parts: list[Lowered], *, lowest: bool) -> Lowered:
        """Return the least or greatest: what is none counts as what cannot be it."""
        graph = self.graph
        sure = graph.bounds(*(part.nodes[0] for part in parts if not part.none))
        end = min(high for _, high in sure) if lowest else max(low for low, _ in sure)
        nodes = [graph.select(p.none, graph.number(end), p.nodes[0]) for p in parts]
        node = (graph.least if lowest else graph.most)(*nodes)
        return self.make(parts[0], (node, *parts[0].nodes[1:]), self._mark_extreme(parts))

    def _mark_extreme(self, parts: list[Lowered]) -> Marks:
        """What is none is skipped; what waits makes the whole wait."""
        graph = self.graph
        unsure = graph.any_of(part.unsure for part in parts)
        waits = graph.any_of(part.waits for part in parts)
        none = graph.all_of(part.none for part in parts)
        return Marks(none, unsure, graph.both(waits, graph.negate(unsure)))

    # -- rounding --------------------------------------------------------------------------------

    def round(self, value: Lowered, rounding: Rounding) -> int:
        """Return an amount rounded to a multiple of minor units, as a whole number of them."""
        graph = self.graph
        top, under = value.nodes
        size = graph.mul(under, graph.number(rounding.to))
        if graph.value(size) == 1:
            return top
        whole = graph.floordiv(top, size)
        match rounding.mode:
            case "down":
                pass
            case "up":
                zero = graph.number(0)
                whole = graph.sub(zero, graph.floordiv(graph.sub(zero, top), size))
            case "half_up":
                two = graph.number(2)
                twice = graph.add(graph.mul(top, two), size)
                whole = graph.floordiv(twice, graph.mul(size, two))
            case _:
                whole = self._round_half_even(top, size, whole)
        return graph.mul(whole, graph.number(rounding.to))

    def _round_half_even(self, top: int, size: int, whole: int) -> int:
        graph = self.graph
        one, two = graph.number(1), graph.number(2)
        twice = graph.mul(graph.sub(top, graph.mul(whole, size)), two)
        odd = graph.sub(whole, graph.mul(graph.floordiv(whole, two), two))
        on_half = graph.both(graph.eq(twice, size), graph.eq(odd, one))
        up = graph.either(graph.lt(size, twice), on_half)
        return graph.add(whole, graph.select(up, one, graph.number(0)))

    # -- days ------------------------------------------------------------------------------------

    def whole_months(self, start: Lowered, until: Lowered) -> Lowered:
        """Return how many whole months lie between two days; none where the second comes first."""
        graph = self.graph
        marks = self.mark_strict(start, until)
        first, last = start.nodes[0], until.nodes[0]
        months = graph.sub(self._count_months(last), self._count_months(first))
        over = graph.lt(last, graph.add_months(first, months))
        whole = graph.sub(months, graph.select(over, graph.number(1), graph.number(0)))
        made = graph.most(whole, graph.number(0))
        return Lowered(Shape.PERIOD, (made,), *marks, (), PeriodUnit.MONTH)

    def _count_months(self, day: int) -> int:
        graph = self.graph
        years = graph.mul(graph.of_day(Op.YEAR, day), graph.number(12))
        return graph.add(years, graph.of_day(Op.MONTH, day))

    def day_of(self, moment: Lowered) -> Lowered:
        """Return the day of a moment."""
        graph = self.graph
        day = graph.floordiv(moment.nodes[0], graph.number(MICROS_IN_DAY))
        made = graph.add(day, graph.number(1))
        return Lowered(Shape.DAY, (made,), *self.marks_of(moment))

    def clock_of(self, moment: Lowered) -> Lowered:
        """Return the time of the day of a moment."""
        graph = self.graph
        length = graph.number(MICROS_IN_DAY)
        days = graph.floordiv(moment.nodes[0], length)
        since = graph.sub(moment.nodes[0], graph.mul(days, length))
        made = graph.most(graph.number(0), graph.least(since, graph.number(MICROS_IN_DAY - 1)))
        return Lowered(Shape.TIME, (made,), *self.marks_of(moment))

    def roll(self, day: Lowered, calendar: WorkingCalendar) -> Lowered:
        """Return a day, or the working day after it; unsure beyond the calendar."""
        graph = self.graph
        cells = list_rolled(calendar)
        place, beyond = self._find_place(day.nodes[0], calendar.first.toordinal(), len(cells))
        rolled = graph.table(cells, place)
        outside = graph.either(beyond, graph.le(rolled, graph.number(0)))
        marks = self._doubt(self.marks_of(day), outside)
        return self.make(day, (graph.most(rolled, graph.number(1)),), marks)

    def _find_place(self, day: int, first: int, length: int) -> tuple[int, int]:
        """Return the place of a day in a table that begins with a day, and whether it is beyond."""
        graph = self.graph
        place = graph.sub(day, graph.number(first))
        last = graph.number(length - 1)
        beyond = graph.either(graph.lt(place, graph.number(0)), graph.lt(last, place))
        return graph.most(graph.number(0), graph.least(place, last)), beyond

    def workday(self, day: Lowered, period: Lowered, calendar: WorkingCalendar) -> Lowered:
        """Return the last of some working days after a day; unsure beyond the calendar."""
        graph = self.graph
        marks = self.mark_strict(day, period)
        worked, before = list_worked(calendar), list_worked_before(calendar)
        eve = calendar.first.toordinal() - 1
        place, beyond = self._find_place(day.nodes[0], eve, len(before))
        count = period.nodes[0]
        at = graph.sub(graph.add(graph.table(before, place), count), graph.number(1))
        last = graph.number(len(worked) - 1)
        inside = graph.most(graph.number(0), graph.least(at, last))
        found = graph.table(worked, inside)
        any_left = graph.lt(graph.number(0), count)
        outside = graph.both(any_left, graph.either(beyond, graph.lt(last, at)))
        marks = self._doubt(marks, outside)
        node = graph.select(any_left, found, day.nodes[0])
        return self.make(day, (node,), marks)
