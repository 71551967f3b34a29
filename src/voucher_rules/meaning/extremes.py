"""Comes in: ordered values, known or not. Goes out: the least or the greatest of them."""

from __future__ import annotations

from collections.abc import Callable

from voucher_rules.meaning.unknowns import least, make_value, most, split_value
from voucher_rules.values.model import NO_MARKS, NONE, OPEN, Interval, OneOf, Value


def find_least(values: tuple[Value, ...]) -> Value:
    """Return the least of some values; what is none is skipped, what is open makes it open."""
    return _find_extreme(values, lowest=True)


def find_most(values: tuple[Value, ...]) -> Value:
    """Return the greatest of some values; what is none is skipped, what is open makes it open."""
    return _find_extreme(values, lowest=False)


def _find_extreme(values: tuple[Value, ...], *, lowest: bool) -> Value:
    parts = [split_value(value) for value in values]
    marks = {OPEN} if any(OPEN in part[1] for part in parts) else set()
    if all(NONE in part[1] for part in parts):
        marks |= {NONE}
    if any(part[0] is None and part[1] == {OPEN} for part in parts):
        return OPEN
    there = [(part[0], part[1]) for part in parts if isinstance(part[0], Interval)]
    if not there:
        return make_value(None, frozenset(marks or {NONE}))
    low, high = least([d.low for d, _ in there]), most([d.high for d, _ in there])
    surely = [domain for domain, extra in there if not extra]
    if surely and lowest:
        high = least([domain.high for domain in surely])
    elif surely:
        low = most([domain.low for domain in surely])
    return make_value(Interval(low, high), frozenset(marks))


def find_option(values: tuple[Value, ...], options: tuple[str, ...], *, lowest: bool) -> Value:
    """Return the first or the last of some ordered options; what is none is skipped."""
    pick = min if lowest else max
    reached: set[int | None] = {None}
    waits = False
    for value in values:
        domain, marks = split_value(value)
        if domain is None and marks == {OPEN}:
            return OPEN
        waits = waits or OPEN in marks
        found = domain.options if isinstance(domain, OneOf) else frozenset()
        here: set[int | None] = {options.index(x) for x in found if isinstance(x, str)}
        if NONE in marks or not here:
            here.add(None)
        reached = {_pick(pick, one, other) for one in reached for other in here}
    told = frozenset(options[at] for at in reached if at is not None)
    marks = frozenset({OPEN}) if waits else NO_MARKS
    if None in reached:
        marks |= {NONE}
    return make_value(OneOf(told) if told else None, marks)


def _pick(pick: Callable[[int, int], int], one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return pick(one, other)
