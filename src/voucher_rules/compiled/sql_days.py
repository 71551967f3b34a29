"""Comes in: days and months as nodes. Goes out: years, months and other days, by whole numbers.

The calendar is worked out by sums, products and quotients alone, so that every engine comes to the
same days: none of their own functions is asked. All dividends are zero or more. A year begins with
March here, so that the day that leap years add stands last.
"""

from __future__ import annotations

from typing import Final

from voucher_rules.compiled.days import FIRST, LAST
from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.nodes import Op

_IN_ERA: Final = 146_097
"""The days of 400 years, after which the calendar repeats itself."""
_IN_CENTURY: Final = 36_524
_IN_FOUR: Final = 1_460
_FROM_MARCH: Final = 305
"""So many days lie between the first of the March before and the eve of year 1."""
_MONTHS: Final = 12
_LAST_YEAR: Final = 9999
_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FEBRUARY: Final = 2


def hold_within(graph: Graph, node: int, low: int, high: int) -> int:
    """Return a node that never leaves some ends, held at them where its bounds reach further."""
    least, most = graph.bounds(node)[0]
    if most > high:
        node = graph.least(graph.number(high), node)
    return graph.most(graph.number(low), node) if least < low else node


class Days:
    """Makes days, months and years in the nodes of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def turn(self, op: Op, day: int) -> int:
        """Return the year or month of a day, or the first or last day of its year."""
        graph = self.graph
        year, month, _ = self._split(day)
        match op:
            case Op.YEAR:
                return year
            case Op.MONTH:
                return month
            case Op.FIRST_OF_YEAR:
                return self._begin_year(year)
            case _:
                after = self._begin_year(graph.add(year, graph.number(1)))
                return graph.sub(after, graph.number(1))

    def add_months(self, day: int, months: int) -> int:
        """Return the corresponding day some months later, or the last of its month.

        Days past the calendar's ends stay at its ends.
        """
        graph, number = self.graph, self.graph.number
        year, month, inside = self._split(day)
        before = graph.add(graph.mul(year, number(_MONTHS)), graph.sub(month, number(1)))
        reached = graph.add(before, months)
        low, high = number(_MONTHS), number(_LAST_YEAR * _MONTHS + _MONTHS - 1)
        held = graph.most(low, graph.least(high, reached))
        to_year = self._bound(graph.floordiv(held, number(_MONTHS)), 1, _LAST_YEAR)
        to_month = graph.add(graph.sub(held, graph.mul(to_year, number(_MONTHS))), number(1))
        to_month = self._bound(to_month, 1, _MONTHS)
        length = self._measure(to_year, to_month)
        made = self._join(to_year, to_month, graph.least(inside, length))
        made = graph.select(graph.lt(reached, low), number(FIRST), made)
        return graph.select(graph.lt(high, reached), number(LAST), made)

    def _bound(self, node: int, low: int, high: int) -> int:
        return hold_within(self.graph, node, low, high)

    def _split(self, day: int) -> tuple[int, int, int]:
        """Return the year, the month and the day of the month of a day."""
        graph, number = self.graph, self.graph.number
        since = graph.add(self._bound(day, FIRST, LAST), number(_FROM_MARCH))
        era = graph.floordiv(since, number(_IN_ERA))
        of_era = self._bound(graph.sub(since, graph.mul(era, number(_IN_ERA))), 0, _IN_ERA - 1)
        leaps = graph.sub(
            graph.floordiv(of_era, number(_IN_CENTURY)),
            graph.add(
                graph.floordiv(of_era, number(_IN_FOUR)),
                graph.floordiv(of_era, number(_IN_ERA - 1)),
            ),
        )
        years = graph.floordiv(self._bound(graph.add(of_era, leaps), 0, _IN_ERA), number(365))
        of_year = self._bound(graph.sub(of_era, self._count_days(years)), 0, 365)
        from_march = graph.floordiv(
            graph.add(graph.mul(of_year, number(5)), number(2)), number(153)
        )
        inside = graph.add(graph.sub(of_year, self._before_month(from_march)), number(1))
        late = graph.le(number(10), from_march)
        month = graph.add(from_march, graph.select(late, number(-9), number(3)))
        whole = graph.add(graph.mul(era, number(400)), years)
        year = graph.add(whole, graph.select(late, number(1), number(0)))
        return (
            self._bound(year, 1, _LAST_YEAR),
            self._bound(month, 1, _MONTHS),
            self._bound(inside, 1, 31),
        )

    def _count_days(self, years: int) -> int:
        """Return the days of so many whole years that begin with March."""
        graph, number = self.graph, self.graph.number
        leaps = graph.sub(graph.floordiv(years, number(4)), graph.floordiv(years, number(100)))
        leaps = graph.add(leaps, graph.floordiv(years, number(400)))
        return graph.add(graph.mul(years, number(365)), leaps)

    def _before_month(self, from_march: int) -> int:
        """Return the days of a year that begins with March before one of its months."""
        graph, number = self.graph, self.graph.number
        return graph.floordiv(graph.add(graph.mul(from_march, number(153)), number(2)), number(5))

    def _join(self, year: int, month: int, inside: int) -> int:
        """Return the day of a year, a month and a day of the month."""
        graph, number = self.graph, self.graph.number
        early = graph.le(month, number(_FEBRUARY))
        years = graph.sub(year, graph.select(early, number(1), number(0)))
        from_march = graph.add(month, graph.select(early, number(9), number(-3)))
        from_march = self._bound(from_march, 0, _MONTHS - 1)
        before = graph.add(self._count_days(years), self._before_month(from_march))
        return self._bound(
            graph.sub(graph.add(before, inside), number(_FROM_MARCH + 1)), FIRST, LAST
        )

    def _begin_year(self, year: int) -> int:
        """Return the first day of a year."""
        graph, number = self.graph, self.graph.number
        past = graph.sub(year, number(1))
        leaps = graph.sub(graph.floordiv(past, number(4)), graph.floordiv(past, number(100)))
        leaps = graph.add(leaps, graph.floordiv(past, number(400)))
        return graph.add(graph.add(graph.mul(past, number(365)), leaps), number(1))

    def _measure(self, year: int, month: int) -> int:
        """Return the length of a month."""
        graph, number = self.graph, self.graph.number
        usual = graph.table((0, *_LENGTHS), month)
        leap = graph.both(
            self._divides(year, 4),
            graph.either(graph.negate(self._divides(year, 100)), self._divides(year, 400)),
        )
        longer = graph.both(leap, graph.eq(month, number(_FEBRUARY)))
        return graph.add(usual, graph.select(longer, number(1), number(0)))

    def _divides(self, year: int, count: int) -> int:
        graph, number = self.graph, self.graph.number
        whole = graph.mul(graph.floordiv(year, number(count)), number(count))
        return graph.eq(whole, year)
