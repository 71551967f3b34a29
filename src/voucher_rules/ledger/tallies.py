"""Comes in: what falls on days, added and taken away again. Goes out: what any range of days holds.

A range is read as whole years, whole months and single days, so that reading it takes as long after
a million entries as after a thousand. What falls on few days is simply read through.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from calendar import monthrange
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, Generic, Protocol, TypeVar

FEW: Final = 32
"""How many days are read one by one; with more, months and years are kept beside them."""

_MONTHS: Final = 12
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cover:
    """A range of days as the fewest periods: single days, months by number, years in a row.

    The years run from ``first_year`` to ``last_year``; there are none where that is the lower.
    """

    days: tuple[date, ...]
    months: tuple[int, ...]
    first_year: int
    last_year: int


@lru_cache(maxsize=1024)
def cover_range(first: date, last: date) -> Cover:
    """Return the periods that make up the days from ``first`` to ``last``, both included."""
    low = number_month(first) + (first.day > 1)
    high = number_month(last) - (last.day < monthrange(last.year, last.month)[1])
    if low > high:
        return Cover(tuple(_list_days(first, last)), (), 1, 0)
    days = [*_list_days_before(first, low), *_list_days_after(high, last)]
    first_year, last_year = -(-low // _MONTHS), (high + 1) // _MONTHS - 1
    if first_year > last_year:
        return Cover(tuple(days), tuple(range(low, high + 1)), 1, 0)
    before = range(low, first_year * _MONTHS)
    after = range((last_year + 1) * _MONTHS, high + 1)
    return Cover(tuple(days), (*before, *after), first_year, last_year)


def number_month(day: date) -> int:
    """Return the number of the month of a day; those of a year follow each other."""
    return day.year * _MONTHS + day.month - 1


def _list_days(first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)


def _list_days_before(first: date, month: int) -> Iterator[date]:
    """Yield the days from ``first`` up to the month, without it."""
    if number_month(first) == month:
        return
    yield from _list_days(first, date(month // _MONTHS, month % _MONTHS + 1, 1) - _DAY)


def _list_days_after(month: int, last: date) -> Iterator[date]:
    """Yield the days after the month up to ``last``."""
    if number_month(last) > month:
        yield from _list_days(last.replace(day=1), last)


@dataclass(slots=True)
class Tally:
    """A number for each day; what has no day counts only in the total."""

    total: int = 0
    days: dict[date, int] = field(default_factory=dict)
    months: dict[int, int] | None = None
    """None, as ``years``, as long as there are few days."""
    years: dict[int, int] = field(default_factory=dict)

    def add(self, day: date | None, number: int) -> None:
        """Add a number to a day; a negative one takes away."""
        self.total += number
        if day is None:
            return
        self.days[day] = self.days.get(day, 0) + number
        if self.months is not None:
            self._add_longer(self.months, day, number)
        elif len(self.days) > FEW:
            self.months = {}
            for known, held in self.days.items():
                self._add_longer(self.months, known, held)

    def _add_longer(self, months: dict[int, int], day: date, number: int) -> None:
        month = number_month(day)
        months[month] = months.get(month, 0) + number
        self.years[day.year] = self.years.get(day.year, 0) + number

    def sum_range(self, first: date, last: date) -> int:
        """Return the sum over the days from ``first`` to ``last``, both included."""
        if self.months is None:
            return sum(number for day, number in self.days.items() if first <= day <= last)
        cover = cover_range(first, last)
        low, high = cover.first_year, cover.last_year
        found = sum(number for year, number in self.years.items() if low <= year <= high)
        found += sum(self.months.get(month, 0) for month in cover.months)
        return found + sum(self.days.get(day, 0) for day in cover.days)


class Sortable(Hashable, Protocol):
    """What can be told apart and put in order."""

    def __lt__(self, other: Any, /) -> bool:  # noqa: ANN401 - another of its own kind
        """Return whether it comes first."""


V = TypeVar("V", bound=Sortable)


@dataclass(slots=True)
class Bag(Generic[V]):
    """Values, how often each is there, and their order."""

    counts: dict[V, int] = field(default_factory=dict)
    order: list[V] = field(default_factory=list)

    def add(self, value: V, count: int) -> None:
        """Put a value in some times more; a negative ``count`` takes it out."""
        before = self.counts.get(value, 0)
        after = before + count
        if after:
            self.counts[value] = after
            if not before:
                insort(self.order, value)
        elif before:
            del self.counts[value]
            del self.order[bisect_left(self.order, value)]


@dataclass(slots=True)
class _Periods(Generic[V]):
    """A bag for each day, month and year in which anything fell."""

    days: dict[date, Bag[V]] = field(default_factory=dict)
    months: dict[int, Bag[V]] = field(default_factory=dict)
    years: dict[int, Bag[V]] = field(default_factory=dict)

    def add(self, day: date, value: V, count: int) -> None:
        _find_bag(self.days, day).add(value, count)
        _find_bag(self.months, number_month(day)).add(value, count)
        _find_bag(self.years, day.year).add(value, count)

    def list_bags(self, first: date, last: date) -> Iterator[Bag[V]]:
        cover = cover_range(first, last)
        low, high = cover.first_year, cover.last_year
        yield from (bag for year, bag in self.years.items() if low <= year <= high)
        yield from (self.months[month] for month in cover.months if month in self.months)
        yield from (self.days[day] for day in cover.days if day in self.days)


K = TypeVar("K", date, int)


def _find_bag(bags: dict[K, Bag[V]], key: K) -> Bag[V]:
    bag = bags.get(key)
    if bag is None:
        bag = bags[key] = Bag()
    return bag


@dataclass(slots=True)
class Gathering(Generic[V]):
    """Values that fall on days; what has no day is only among all of them."""

    everything: Bag[V] = field(default_factory=Bag)
    few: dict[tuple[date, V], int] = field(default_factory=dict)
    """How often each value fell on each day; empty once there are many."""
    periods: _Periods[V] | None = None

    def add(self, day: date | None, value: V, count: int) -> None:
        """Let a value fall on a day some times more; a negative ``count`` takes it away."""
        self.everything.add(value, count)
        if day is None:
            return
        if self.periods is not None:
            self.periods.add(day, value, count)
            return
        left = self.few.pop((day, value), 0) + count
        if left:
            self.few[day, value] = left
        if len(self.few) > FEW:
            self.periods = _Periods()
            for (known, held), times in self.few.items():
                self.periods.add(known, held, times)
            self.few = {}

    def list_bags(self, first: date, last: date) -> Iterable[Bag[V]]:
        """Return bags that together hold what fell on the days from ``first`` to ``last``."""
        if self.periods is not None:
            return self.periods.list_bags(first, last)
        bag: Bag[V] = Bag()
        for (day, value), count in self.few.items():
            if first <= day <= last:
                bag.add(value, count)
        return [bag]
