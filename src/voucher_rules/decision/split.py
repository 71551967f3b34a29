"""Comes in: a box of a case. Goes out: a tree of smaller boxes, each settled or varying smoothly.

A box is split on an input that matters, at the places where a rule turns, until each part has one
outcome. The tree proves what no sample can: that nothing else can come about, and that an input
does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from voucher_rules.decision.boxes import (
    Box,
    Key,
    Meter,
    is_settled,
    key_of,
)
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.live import list_live
from voucher_rules.decision.ordinals import DENSE, count_grid, value_at
from voucher_rules.decision.probes import find_compared, list_parts
from voucher_rules.decision.trace import Step
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.scales import list_brackets
from voucher_rules.meaning.unknowns import make_value, split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import (
    NO_MARKS,
    AnyText,
    Interval,
    OneOf,
    Scale,
    SetBetween,
    Unknown,
    Value,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of the case that was not split further.

    ``settled`` tells whether every completion in it comes out the same.
    """

    box: Box
    evaluation: Evaluation
    settled: bool
    live: tuple[str, ...]
    """The unknowns that may still matter in it."""
    key: Key


@dataclass(frozen=True, slots=True)
class Branch:
    """A split: an input, and what follows for each part of its domain."""

    name: str
    parts: tuple[tuple[Value, Tree], ...]


Tree: TypeAlias = Leaf | Branch
Order: TypeAlias = Callable[[Leaf], Sequence[str]]
"""Tells which unknowns of a leaf to split it on, in order; none where that could tell nothing."""


def iterate_leaves(tree: Tree) -> Iterator[Leaf]:
    """Yield every leaf of a tree."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Leaf):
            yield item
        else:
            waiting.extend(part for _, part in reversed(item.parts))


def grow_tree(meter: Meter, box: Box, order: Order) -> Tree:
    """Split a box until each part is settled or varies smoothly, or the meter is spent.

    Unknowns are split in the ``order`` given; a part for which that names none is left whole.
    """
    evaluation = meter.evaluate(box)
    settled = is_settled(meter.program, evaluation)
    live = tuple(list_live(meter.program, evaluation, box))
    leaf = Leaf(box, evaluation, settled, live, key_of(meter.program, evaluation))
    names = () if meter.is_spent else order(leaf)
    for name in names:
        parts = _split_at_turns(meter, box, name, evaluation)
        if len(parts) > 1:
            return _branch(meter, box, name, parts, order)
    for name in names if len(evaluation.outcomes) > 1 else ():
        parts = _split_plainly(meter, box, name, evaluation)
        if len(parts) > 1:
            return _branch(meter, box, name, parts, order)
    return leaf


def _branch(meter: Meter, box: Box, name: str, parts: list[Value], order: Order) -> Branch:
    grown = ((part, grow_tree(meter, {**box, name: part}, order)) for part in parts)
    return Branch(name, tuple(grown))


def _split_at_turns(meter: Meter, box: Box, name: str, whole: Evaluation) -> list[Value]:
    """Split an input's domain where some rule turns, the other inputs left unknown."""
    domain, marks = split_value(box[name])
    if isinstance(domain, Interval):
        parts = _split_interval(meter, box, name, domain, whole)
    elif isinstance(domain, OneOf | SetBetween):
        groups: dict[object, list[Value]] = {}
        for part in _list_halves(domain):
            sign = _sign(meter.program, meter.evaluate({**box, name: part}), amounts=True)
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


def _sign(program: Program, evaluation: Evaluation, *, amounts: bool) -> object:
    """Return what is told of a box. Boxes of one sign need no splitting from each other.

    Between the turns of its rules an amount varies smoothly, so that ``amounts`` may be left out.
    """
    return (
        tuple(result.statuses for result in evaluation.rules.values()),
        evaluation.outcomes,
        tuple(item.binding for item in evaluation.amounts.values()),
        tuple(item.amount for item in evaluation.amounts.values()) if amounts else (),
        tuple(evaluation.values[name] for name in program.choosing),
        tuple(
            way
            for rule in program.branching
            for step in evaluation.rules[rule].list_steps()
            for way in _list_ways(step)
        ),
    )


def _list_ways(step: Step) -> Iterator[object]:
    """Yield which way each test and each scale of a formula goes, as far as that is known."""
    waiting = [step]
    while waiting:
        item = waiting.pop()
        if item.term.name == "if":
            yield item.parts[0].value
        elif item.term.name == "scale" and item.parts and isinstance(item.parts[0].value, Scale):
            yield tuple(list_brackets(item.parts[0].value, tuple(p.value for p in item.parts[1:])))
        waiting.extend(item.parts)


def _split_interval(
    meter: Meter, box: Box, name: str, domain: Interval, whole: Evaluation
) -> list[Value]:
    """Split between two probes whose signs differ, at the turn found by halving."""
    kind = meter.type_of(name)
    if kind.kind is Kind.LIST:
        return [make_value(domain, NO_MARKS)]
    probes = _list_probes(meter.program, kind, domain, name, whole)
    signs = [sign_at(meter, box, name, domain, steps) for steps in probes]
    for first, second, sign, other in zip(probes, probes[1:], signs, signs[1:], strict=False):
        if sign != other:
            return _cut(domain, find_turn(meter, box, name, domain, (first, second)), kind)
    return [make_value(domain, NO_MARKS)]


def _list_probes(
    program: Program, kind: Type, domain: Interval, name: str, whole: Evaluation
) -> list[int]:
    low, high = count_grid(domain.low, kind), count_grid(domain.high, kind)
    probes = {low, high, (low + high) // 2}
    for value in find_compared(program, whole, name):
        steps = count_grid(value, kind)
        probes |= {steps - 1, steps, steps + 1}
    return sorted(steps for steps in probes if low <= steps <= high)


def sign_at(meter: Meter, box: Box, name: str, domain: Interval, steps: int) -> object:
    """Return the sign of a box with an input set to so many steps."""
    value = value_at(steps, domain.low, meter.type_of(name))
    return _sign(meter.program, meter.evaluate({**box, name: value}), amounts=False)


def find_turn(meter: Meter, box: Box, name: str, domain: Interval, between: tuple[int, int]) -> int:
    """Return the last step from the first on that still has its sign, by halving."""
    low, high = between
    sign = sign_at(meter, box, name, domain, low)
    while high - low > 1:
        middle = (low + high) // 2
        if sign_at(meter, box, name, domain, middle) == sign:
            low = middle
        else:
            high = middle
    return low


def _cut(domain: Interval, turn: int, kind: Type) -> list[Value]:
    """Cut an interval after a step. A dense one keeps the gap between two steps as a part."""
    if kind.kind in DENSE and count_grid(domain.high, kind) - count_grid(domain.low, kind) <= 1:
        return [make_value(domain, NO_MARKS)]
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
