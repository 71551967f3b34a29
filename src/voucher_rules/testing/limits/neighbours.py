"""Comes in: a value of a type. Goes out: its neighbours by the smallest step there is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import Exact, Interval, Period, Unknown, Value, settle_exact

DENSE_STEP: Final = Fraction(1, 10_000)
"""The step of ratios and numbers, which have none of their own: a hundredth of a per cent."""
_LAST_SECOND: Final = 24 * 60 * 60 - 1


def can_step(value: Value, kind: Type) -> bool:
    """Return whether a value has neighbours."""
    if isinstance(value, bool) or kind.kind is Kind.BOOLEAN:
        return False
    return isinstance(value, int | Fraction | date | time | Period)


def step_value(value: Value, kind: Type, steps: int, domain: Unknown) -> Value | None:
    """Return the value so many steps further, or None where its domain does not reach."""
    try:
        moved = _move(value, kind, steps)
    except (OverflowError, ValueError):
        return None
    bounds = domain.domain
    if not isinstance(bounds, Interval) or moved is None:
        return None
    inside = bounds.low <= moved <= bounds.high  # type: ignore[operator]
    return moved if inside else None


def _move(value: Value, kind: Type, steps: int) -> Value | None:
    if isinstance(value, datetime):
        return value + timedelta(seconds=steps)
    if isinstance(value, date):
        return value + timedelta(days=steps)
    if isinstance(value, time):
        return _move_time(value, steps)
    if isinstance(value, Period):
        count = value.count + steps
        return Period(count, value.unit) if count >= 0 else None
    if isinstance(value, int | Fraction):
        return settle_exact(Fraction(value + steps * _find_step(kind)))
    return None


def _move_time(value: time, steps: int) -> time | None:
    seconds = (value.hour * 60 + value.minute) * 60 + value.second + steps
    if not 0 <= seconds <= _LAST_SECOND:
        return None
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _find_step(kind: Type) -> Exact:
    return DENSE_STEP if kind.kind in {Kind.RATIO, Kind.NUMBER} else 1
