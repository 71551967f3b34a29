"""Comes in: a tree of parts of a case. Goes out: what decides between them, as far as it shows.

Two parts that differ in one input are held against each other where they meet: in what their other
inputs share. Each comparison is counted like an evaluation, so that a large tree ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Final

from voucher_rules.decision.boxes import Box, Meter, is_settled, key_of
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.probes import list_parts
from voucher_rules.decision.split import Branch, Leaf, Tree, iterate_leaves
from voucher_rules.meaning.unknowns import least, make_value, most, split_value
from voucher_rules.values.model import Domain, Interval, OneOf, SetBetween, Unknown, Value

CORNERS: Final = 250
"""A part of the case with more corners than these is tried at two opposite ones only."""


def list_corners(meter: Meter, leaf: Leaf) -> list[Box]:
    """Return a leaf's corners in its live inputs: all where they are few, else the extremes."""
    return _list_corners_in(meter, leaf.box, leaf.live, leaf.evaluation)


def _list_corners_in(meter: Meter, box: Box, names: Sequence[str], whole: Evaluation) -> list[Box]:
    ends = {name: list_parts(meter, box, name, whole) for name in names}
    if prod(len(e) for e in ends.values()) > CORNERS:
        return [{**box, **{n: e[at] for n, e in ends.items()}} for at in (0, -1)]
    corners: list[Box] = [box]
    for name in names:
        corners = [{**corner, name: end} for corner in corners for end in ends[name]]
    return corners


def find_split_inputs(meter: Meter, tree: Tree, unsure: set[str]) -> set[str]:
    """Return which of some inputs a tree was split on with parts that come out differently.

    Ends when the meter is spent: what is left then is not told.
    """
    names: set[str] = set()
    waiting: list[Tree] = [tree]
    while waiting and not meter.is_spent:
        item = waiting.pop()
        if isinstance(item, Branch):
            if item.name in unsure - names and _parts_differ(meter, item):
                names.add(item.name)
            waiting += [part for _, part in item.parts]
    return names


def list_touched(tree: Tree) -> set[str]:
    """Return the inputs a tree was split on, and those that may still matter in a part of it."""
    names: set[str] = set()
    waiting: list[Tree] = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Branch):
            names.add(item.name)
            waiting += [part for _, part in item.parts]
        else:
            names |= set(item.live)
    return names


def _parts_differ(meter: Meter, branch: Branch) -> bool:
    trees = [tree for _, tree in branch.parts]
    pairs = ((a, b) for i, a in enumerate(trees) for b in trees[i + 1 :])
    return any(_trees_differ(meter, branch.name, a, b) for a, b in pairs)


def _trees_differ(meter: Meter, name: str, left: Tree, right: Tree) -> bool:
    rights = list(iterate_leaves(right))
    return any(_leaves_differ(meter, name, a, b) for a in iterate_leaves(left) for b in rights)


def _leaves_differ(meter: Meter, name: str, left: Leaf, right: Leaf) -> bool:
    """Return whether two parts that differ in one input come out differently where they meet."""
    meter.spent += 1
    common = None if meter.is_spent else _meet_boxes(name, left.box, right.box)
    if common is None:
        return False
    if not left.evaluation.outcomes & right.evaluation.outcomes:
        return True
    if left.settled and right.settled:
        return left.key != right.key
    live = dict.fromkeys((*left.live, *right.live))
    names = [n for n in live if n != name and isinstance(common[n], Unknown)]
    corners = _list_corners_in(meter, common, names, left.evaluation)
    return any(
        _keys_differ(meter, name, corner, left, right) for corner in corners if not meter.is_spent
    )


def _keys_differ(meter: Meter, name: str, corner: Box, left: Leaf, right: Leaf) -> bool:
    found = set()
    for leaf in (left, right):
        for part in list_parts(meter, leaf.box, name, leaf.evaluation):
            evaluation = meter.evaluate({**corner, name: part})
            if is_settled(meter.program, evaluation):
                found.add(key_of(meter.program, evaluation))
    return len(found) > 1


def _meet_boxes(name: str, left: Box, right: Box) -> dict[str, Value] | None:
    """Return what two boxes share in every input but ``name``, or None for nothing."""
    common: dict[str, Value] = {}
    for key, value in left.items():
        other = right[key]
        met = value if key == name or value == other else _meet_values(value, other)
        if met is None:
            return None
        common[key] = met
    return common


def _meet_values(left: Value, right: Value) -> Value | None:
    first, marks = split_value(left)
    second, more = split_value(right)
    domain = _meet_domains(first, second)
    shared = marks & more
    return make_value(domain, shared) if domain is not None or shared else None


def _meet_domains(left: Domain | None, right: Domain | None) -> Domain | None:
    match left, right:
        case Interval(a, b), Interval(c, d):
            low, high = most([a, c]), least([b, d])
            return Interval(low, high) if low == least([low, high]) else None
        case OneOf(a), OneOf(b):
            return OneOf(a & b) if a & b else None
        case SetBetween(a, b), SetBetween(c, d):
            return SetBetween(a | c, b & d) if a | c <= b & d else None
        case (None, _) | (_, None):
            return None
        case _:
            return left
