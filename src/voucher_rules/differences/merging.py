"""Comes in: regions. Goes out: fewer: those beside each other in one fact are joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from voucher_rules.decision.boxes import Box
from voucher_rules.decision.ordinals import count_steps
from voucher_rules.differences.ways import Region
from voucher_rules.meaning.unknowns import join_values, split_value
from voucher_rules.values.model import Interval, Ordered, SetBetween, Value


def merge_regions(regions: list[Region], box: Box) -> Iterator[Region]:
    """Join regions that differ in one fact only and lie beside each other in it."""
    kept = list(regions)
    joined = True
    while joined:
        joined = False
        for at, one in enumerate(kept):
            for other in kept[at + 1 :]:
                made = _join(one, other, box)
                if made is not None:
                    kept = [made if x is one else x for x in kept if x is not other]
                    joined = True
                    break
            if joined:
                break
    return iter(kept)


def _join(one: Region, other: Region, whole: Mapping[str, Value]) -> Region | None:
    told = (one.way, one.exact, one.outcomes)
    if told != (other.way, other.exact, other.outcomes):
        return None
    differing = [name for name in whole if one.box[name] != other.box[name]]
    if len(differing) != 1:
        return None
    name = differing[0]
    value = _join_values(one.box[name], other.box[name])
    return None if value is None else replace(one, box={**one.box, name: value})


def _join_values(one: Value, other: Value) -> Value | None:
    (first, _), (second, _) = split_value(one), split_value(other)
    if isinstance(first, Interval) and isinstance(second, Interval):
        low, high = sorted((first, second), key=lambda item: item.low)
        return join_values((one, other)) if _touch(low.high, high.low) else None
    if isinstance(first, SetBetween) or isinstance(second, SetBetween):
        return None
    return join_values((one, other))


def _touch(end: Ordered, start: Ordered) -> bool:
    """Return whether nothing lies between two ends."""
    if isinstance(end, Fraction) or isinstance(start, Fraction):
        return end == start
    return count_steps(start) - count_steps(end) <= 1
