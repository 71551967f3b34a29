"""Comes in: a box of a case. Goes out: a tree of smaller boxes, each settled or varying smoothly.

A box is split on an input that matters, at the places where a rule turns, until each part has one
outcome. The tree proves what no sample can: that nothing else can come about, and that an input
does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from voucher_rules.decision.boxes import (
    Box,
    Meter,
    find_compared,
    is_settled,
    key_of,
    list_live,
    list_parts,
)
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.ordinals import DENSE, count_grid, value_at
from voucher_rules.decision.unknowns import make_value, split_value
from voucher_rules.language.types import Type
from voucher_rules.values.model import (
    NO_MARKS,
    AnyText,
    Interval,
    OneOf,
    SetBetween,
    Unknown,
    Value,
)

CORNERS: Final = 5
"""Up to how many unknown inputs a part of the case is tried at all of its corners."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of the case that was not split further.

    ``settled`` tells whether every completion in it comes out the same.
    """

    box: Box
    evaluation: Evaluation
    settled: bool
    key: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A split: an input, and what follows for each part of its domain."""

    name: str
    parts: tuple[tuple[Value, Tree], ...]


Tree: TypeAlias = Leaf | Branch


def iterate_leaves(tree: Tree) -> Iterator[Leaf]:
    """Yield every leaf of a tree."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Leaf):
            yield item
        else:
            waiting.extend(part for _, part in reversed(item.parts))


def grow_tree(meter: Meter, box: Box) -> Tree:
    """Split a box until each part is settled or varies smoothly, or the meter is spent."""
    evaluation = meter.evaluate(box)
    settled = is_settled(meter.program, evaluation)
    if not settled and not meter.is_spent:
        live = list_live(meter.program, evaluation, box)
        for name in live:
            parts = _split_at_turns(meter, box, name, evaluation)
            if len(parts) > 1:
                return _branch(meter, box, name, parts)
        for name in live if len(evaluation.outcomes) > 1 else []:
            parts = _split_plainly(meter, box, name, evaluation)
            if len(parts) > 1:
                return _branch(meter, box, name, parts)
    return Leaf(box, evaluation, settled, key_of(meter.program, evaluation))


def _branch(meter: Meter, box: Box, name: str, parts: list[Value]) -> Branch:
    return Branch(name, tuple((part, grow_tree(meter, {**box, name: part})) for part in parts))


def _split_at_turns(meter: Meter, box: Box, name: str, whole: Evaluation) -> list[Value]:
    """Split an input's domain where some rule turns, the other inputs left unknown."""
    domain, marks = split_value(box[name])
    if isinstance(domain, Interval):
        parts = _split_interval(meter, box, name, domain, whole)
    elif isinstance(domain, OneOf | SetBetween):
        groups: dict[object, list[Value]] = {}
        for part in _list_halves(domain):
            sign = _sign(meter.evaluate({**box, name: part}), amounts=True)
            groups.setdefault(sign, []).append(part)
        parts = [_join_options(domain, items) for items in groups.values()]
    else:
        parts = [] if domain is None else [make_value(domain, NO_MARKS)]
    return parts + [make_value(None, frozenset({mark})) for mark in sorted(marks, key=str)]


def _list_halves(domain: OneOf | SetBetween) -> list[Value]:
    """Return the options of a choice, or a set with and without one of its doubtful members."""
    if isinstance(domain, OneOf):
        return sorted(domain.options, key=str)
    member = min(domain.possible - domain.certain)
    with_it = SetBetween(domain.certain | {member}, domain.possible)
    without = SetBetween(domain.certain, domain.possible - {member})
    return [make_value(with_it, NO_MARKS), make_value(without, NO_MARKS)]


def _join_options(domain: OneOf | SetBetween, parts: list[Value]) -> Value:
    if len(parts) == 1:
        return parts[0]
    if isinstance(domain, SetBetween):
        return Unknown(domain)
    return Unknown(OneOf(frozenset(parts)))  # type: ignore[arg-type]


def _sign(evaluation: Evaluation, *, amounts: bool) -> object:
    """Return what is told of a box. Boxes of one sign need no splitting from each other.

    Between the turns of its rules an amount varies smoothly, so that ``amounts`` may be left out.
    """
    return (
        tuple(result.statuses for result in evaluation.rules.values()),
        evaluation.outcomes,
        tuple(item.binding for item in evaluation.amounts.values()),
        tuple(item.amount for item in evaluation.amounts.values()) if amounts else (),
    )


def _split_interval(
    meter: Meter, box: Box, name: str, domain: Interval, whole: Evaluation
) -> list[Value]:
    """Split between two probes whose signs differ, at the turn found by halving."""
    kind = meter.type_of(name)
    probes = _list_probes(kind, domain, name, whole)
    signs = [_sign_at(meter, box, name, domain, steps) for steps in probes]
    for first, second, sign, other in zip(probes, probes[1:], signs, signs[1:], strict=False):
        if sign != other:
            return _cut(domain, _find_turn(meter, box, name, domain, (first, second)), kind)
    return [make_value(domain, NO_MARKS)]


def _list_probes(kind: Type, domain: Interval, name: str, whole: Evaluation) -> list[int]:
    low, high = count_grid(domain.low, kind), count_grid(domain.high, kind)
    probes = {low, high, (low + high) // 2}
    for value in find_compared(whole, name):
        steps = count_grid(value, kind)
        probes |= {steps - 1, steps, steps + 1}
    return sorted(steps for steps in probes if low <= steps <= high)


def _sign_at(meter: Meter, box: Box, name: str, domain: Interval, steps: int) -> object:
    value = value_at(steps, domain.low, meter.type_of(name))
    return _sign(meter.evaluate({**box, name: value}), amounts=False)


def _find_turn(
    meter: Meter, box: Box, name: str, domain: Interval, between: tuple[int, int]
) -> int:
    """Return the last step from the first on that still has its sign, by halving."""
    low, high = between
    sign = _sign_at(meter, box, name, domain, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _sign_at(meter, box, name, domain, middle) == sign:
            low = middle
        else:
            high = middle
    return low


def _cut(domain: Interval, turn: int, kind: Type) -> list[Value]:
    """Cut an interval after a step. A dense one keeps the gap between two steps as a part."""
    before = value_at(turn, domain.low, kind)
    after = value_at(turn + 1, domain.low, kind)
    parts = [Interval(domain.low, before)]
    if kind.kind in DENSE:
        parts.append(Interval(before, after))
    parts.append(Interval(after, domain.high))
    return [make_value(part, NO_MARKS) for part in parts]


def _split_plainly(meter: Meter, box: Box, name: str, whole: Evaluation) -> list[Value]:
    """Split into options where no single input turns a rule by itself."""
    domain, marks = split_value(box[name])
    if isinstance(domain, OneOf | SetBetween):
        extra = [make_value(None, frozenset({mark})) for mark in sorted(marks, key=str)]
        return _list_halves(domain) + extra
    return list_parts(meter, box, name, whole) if isinstance(domain, AnyText) else []


def list_corners(meter: Meter, leaf: Leaf) -> list[Box]:
    """Return a leaf's corners in its live inputs: all where they are few, else the extremes."""
    live = list_live(meter.program, leaf.evaluation, leaf.box)
    ends = {name: list_parts(meter, leaf.box, name, leaf.evaluation) for name in live}
    if len(live) > CORNERS:
        return [{**leaf.box, **{n: e[at] for n, e in ends.items()}} for at in (0, -1)]
    corners: list[Box] = [leaf.box]
    for name in live:
        corners = [{**corner, name: end} for corner in corners for end in ends[name]]
    return corners


def differ(left: Tree, right: Tree, fixed: Mapping[str, Value]) -> bool:
    """Return whether two trees come out differently for some completion that both allow."""
    if isinstance(left, Branch):
        return any(
            differ(tree, right, {**fixed, left.name: part})
            for part, tree in left.parts
            if left.name not in fixed or overlap(fixed[left.name], part)
        )
    if isinstance(right, Branch):
        return differ(right, left, fixed)
    return left.key != right.key


def overlap(left: Value, right: Value) -> bool:
    """Return whether two parts of one input's domain share a value."""
    first, marks = split_value(left)
    second, more = split_value(right)
    if marks & more:
        return True
    match first, second:
        case Interval(a, b), Interval(c, d):
            return bool(a <= d and c <= b)  # type: ignore[operator]
        case OneOf(a), OneOf(b):
            return bool(a & b)
        case SetBetween(a, b), SetBetween(c, d):
            return a <= d and c <= b
        case (None, _) | (_, None):
            return False
        case _:
            return True
