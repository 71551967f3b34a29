"""Comes in: ordered values. Goes out: whole numbers that count their steps, and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import Ordered, Period, settle_exact

GRID: Final = 10**6
"""Steps in one, for numbers and ratios, which have no smallest step of their own."""
DENSE: Final = frozenset({Kind.NUMBER, Kind.RATIO})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def count_steps(value: Ordered) -> int:
    """Return how many smallest steps ``value`` is from its zero: fen, persons, days, seconds."""
    if isinstance(value, Period):
        return value.count
    if isinstance(value, time):
        return (value.hour * 60 + value.minute) * 60 + value.second
    if isinstance(value, datetime):
        return int((value - _EPOCH) / timedelta(seconds=1))
    if isinstance(value, date):
        return value.toordinal()
    return int(value)


def count_grid(value: Ordered, kind: Type) -> int:
    """Return the steps of a value of a type; a dense type counts in steps of the grid."""
    if kind.kind in DENSE and isinstance(value, int | Fraction):
        return int(Fraction(value) * GRID)
    return count_steps(value)


def value_at(steps: int, like: Ordered, kind: Type) -> Ordered:
    """Return the value that many steps from zero; ``like`` is any value of the same kind."""
    if isinstance(like, Period):
        return Period(steps, like.unit)
    if isinstance(like, time):
        return (datetime.combine(_EPOCH, time.min) + timedelta(seconds=steps)).time()
    if isinstance(like, datetime):
        return (_EPOCH + timedelta(seconds=steps)).astimezone(like.tzinfo)
    if isinstance(like, date):
        return date.fromordinal(steps)
    if kind.kind in DENSE:
        return settle_exact(Fraction(steps, GRID))
    return steps
