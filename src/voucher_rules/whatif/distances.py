"""Comes in: a fact as it is and as it would have to be. Goes out: how far one is from the other.

The distance only orders changes; nothing else rests on it. A quantity that doubles or halves is
half way; a day is a small part of a year; anything without a size is one step.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from voucher_rules.language.types import QUANTITIES, Kind, Type
from voucher_rules.values.model import Exact, Mark, Unknown, Value
from voucher_rules.whatif.positions import find_position

_YEAR: Final = {Kind.DATE: 365, Kind.INSTANT: 365 * 86_400, Kind.TIME: 86_400, Kind.PERIOD: 365}


def measure_distance(before: Value, after: Value, kind: Type) -> Fraction:
    """Return how far a value lies from another: between 0 and 1 for what has a size.

    Quantities: the difference by the larger of the two. Days and the like: the difference by itself
    and a year. Sets: how many members change. Anything else that changes: 1. What is not known now
    is only answered: 0.
    """
    if isinstance(before, Unknown):
        return Fraction(0)
    if isinstance(before, frozenset) and isinstance(after, frozenset):
        return Fraction(len(before ^ after))
    one, other = _find(before), _find(after)
    if one is None or other is None:
        return Fraction(1)
    apart = abs(Fraction(other) - one)
    if not apart:
        return apart
    if kind.kind in QUANTITIES:
        return min(Fraction(1), apart / max(abs(Fraction(one)), abs(Fraction(other))))
    return apart / (apart + _YEAR.get(kind.kind, 1))


def _find(value: Value) -> Exact | None:
    return None if isinstance(value, Mark) else find_position(value)
