"""Comes in: what a parameter was and what it is to be. Goes out: whether that is tighter or looser.

Tighter is less room for whoever the limit binds: a lower cap, a higher minimum, fewer options.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from voucher_rules.checked.domains import as_ordered, compare_ordered
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import NONE, Known, Mark, Period, Scale, WorkingCalendar

MAY_CHANGE: Final = ("tighten", "loosen", "set")
_UPPER: Final = frozenset({"at_most", "below"})
_UNORDERED: Final = (str, frozenset, Scale, WorkingCalendar, Mark, bool)
_LOWER: Final = frozenset({"at_least", "above"})


class Direction(StrEnum):
    """How a value stands to the one before it."""

    SAME = "same"
    TIGHTER = "tighter"
    LOOSER = "looser"
    APART = "apart"
    """Neither: the two cannot be compared, or are tighter here and looser there."""


_ALLOWED: Final = {
    "tighten": {Direction.SAME, Direction.TIGHTER},
    "loosen": {Direction.SAME, Direction.LOOSER},
    "set": set(Direction),
}


def has_direction(kind: Type, limit: str) -> bool:
    """Return whether a parameter of a type and comparator can be tightened or loosened."""
    return kind.kind is Kind.SET or limit in _UPPER | _LOWER


def is_allowed(direction: Direction, may: str) -> bool:
    """Return whether someone who ``may`` tighten, loosen or set may go this way."""
    return direction in _ALLOWED[may]


def find_direction(before: Known | Mark, after: Known | Mark, limit: str) -> Direction:
    """Return how ``after`` stands to ``before``; ``limit`` is the parameter's comparator."""
    if before == after:
        return Direction.SAME
    if before is NONE or after is NONE:
        return Direction.TIGHTER if before is NONE else Direction.LOOSER
    if isinstance(before, frozenset) and isinstance(after, frozenset):
        return _compare_sets(before, after)
    if isinstance(before, Scale) and isinstance(after, Scale):
        return _compare_scales(before, after, limit)
    return _compare_values(before, after, limit)


def _compare_sets(before: frozenset[str], after: frozenset[str]) -> Direction:
    if after < before:
        return Direction.TIGHTER
    return Direction.LOOSER if after > before else Direction.APART


def _compare_scales(before: Scale, after: Scale, limit: str) -> Direction:
    """Compare bracket by bracket, which needs brackets with the same ends."""
    if _list_ends(before) != _list_ends(after):
        return Direction.APART
    found = {
        find_direction(one.value, other.value, limit)
        for one, other in zip(before.brackets, after.brackets, strict=True)
    } - {Direction.SAME}
    return found.pop() if len(found) == 1 else Direction.APART


def _list_ends(scale: Scale) -> list[object]:
    return [(x.low, x.holds_low, x.high, x.holds_high) for x in scale.brackets]


def _compare_values(before: Known | Mark, after: Known | Mark, limit: str) -> Direction:
    if isinstance(before, _UNORDERED) or isinstance(after, _UNORDERED):
        return Direction.APART
    if isinstance(before, Period) and isinstance(after, Period) and before.unit != after.unit:
        return Direction.APART
    order = compare_ordered(as_ordered(before), as_ordered(after))
    if limit not in _UPPER | _LOWER:
        return Direction.APART
    lower = order > 0
    return Direction.TIGHTER if lower is (limit in _UPPER) else Direction.LOOSER
