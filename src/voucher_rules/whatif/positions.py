"""Comes in: a fact of a case. Goes out: its values as positions on one axis, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Final

from voucher_rules.decision.law import list_turns_of, split_by_law
from voucher_rules.decision.ordinals import DENSE, count_steps, value_at
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import (
    Exact,
    Interval,
    Ordered,
    Period,
    Unknown,
    Value,
    settle_exact,
)
from voucher_rules.whatif.lines import Reach

UNORDERED: Final = frozenset({Kind.BOOLEAN, Kind.CHOICE, Kind.SET, Kind.ID, Kind.TEXT, Kind.LIST})


def find_position(value: object) -> Exact | None:
    """Return the position of an ordered value; None for what is not ordered or not known."""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return value
    if isinstance(value, date | time | Period):
        return count_steps(value)
    return None


@dataclass(frozen=True, slots=True)
class Axis:
    """The values one ordered fact may take, as positions between two ends."""

    name: str
    type: Type
    like: Ordered
    reach: Reach

    @property
    def whole(self) -> bool:
        """Whether it moves by steps: fen, persons, days; a ratio has no least step."""
        return self.reach.whole

    def value_at(self, x: Exact) -> Ordered:
        """Return the value at a position."""
        return value_at(int(x), self.like, self.type) if self.whole else settle_exact(x)

    def hull(self, reach: Reach) -> Value:
        """Return every value between the ends of a reach, the ends included."""
        low, high = self.value_at(reach.low), self.value_at(reach.high)
        return low if low == high else Unknown(Interval(low, high))


def make_axis(name: str, kind: Type, value: Value) -> Axis | None:
    """Return the axis of a domain of ordered values; None for any other."""
    domain, _ = split_value(value)
    if not isinstance(domain, Interval) or kind.kind in UNORDERED:
        return None
    low, high = find_position(domain.low), find_position(domain.high)
    if low is None or high is None:
        return None
    return Axis(name, kind, domain.low, Reach(low, high, whole=kind.kind not in DENSE))


def cut_by_law(program: Program, box: Mapping[str, Value], axis: Axis) -> list[Reach]:
    """Return an axis cut where another law holds, so that one law holds in each part."""
    turns = set(_list_days(program, box, axis))
    starts = sorted(x for x in turns if axis.reach.low < x <= axis.reach.high)
    ends = [x - 1 for x in starts] + [axis.reach.high]
    pairs = zip([axis.reach.low, *starts], ends, strict=True)
    return [Reach(low, high, whole=axis.whole) for low, high in pairs]


def _list_days(program: Program, box: Mapping[str, Value], axis: Axis) -> Iterator[int]:
    """Yield the first days of another law, or of another value that this date picks."""
    if axis.type.kind is not Kind.DATE:
        return
    low, high = axis.value_at(axis.reach.low), axis.value_at(axis.reach.high)
    if program.decision.as_of == axis.name:
        days = {**box, axis.name: Unknown(Interval(low, high))}
        yield from (_first_day(part[axis.name]) for part in split_by_law(program, days))
    for called in program.calls.values():
        yield from _list_days_of(called, low, high)
    for parameter in program.parameters.values():
        if parameter.on == axis.name:
            yield from (day.toordinal() for day in list_turns_of(parameter))


def _list_days_of(program: Program, low: Ordered, high: Ordered) -> Iterator[int]:
    days: dict[str, Value] = {program.decision.as_of: Unknown(Interval(low, high))}
    yield from (_first_day(part[program.decision.as_of]) for part in split_by_law(program, days))
    for called in program.calls.values():
        yield from _list_days_of(called, low, high)


def _first_day(value: Value) -> int:
    domain, _ = split_value(value)
    low = domain.low if isinstance(domain, Interval) else None
    return low.toordinal() if isinstance(low, date) else 0


def find_around(name: str, at: Ordered) -> tuple[Ordered, Ordered] | None:
    """Return the first and last value of the year, month or day that holds another one.

    ``name`` is the function that gives the same for all of them; None for any other function.
    """
    if name == "day" or not isinstance(at, date):
        return _find_day(at) if name == "day" else None
    match name:
        case "year" | "first_of_year" | "last_of_year":
            return at.replace(month=1, day=1), at.replace(month=12, day=31)
        case "month":
            later = at.replace(day=28) + timedelta(days=4)
            return at.replace(day=1), later - timedelta(days=later.day)
        case _:
            return None


def _find_day(at: Ordered) -> tuple[Ordered, Ordered] | None:
    if not hasattr(at, "hour") or not isinstance(at, date):
        return None
    start = at.replace(hour=0, minute=0, second=0)  # type: ignore[call-arg] # a moment
    return start, start + timedelta(hours=23, minutes=59, seconds=59)
