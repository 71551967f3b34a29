"""Comes in: a kernel. Goes out: which questions asked of a list are answered in one pass of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voucher_rules.compiled.nodes import FOLDS, Kernel, place_of_list


@dataclass(frozen=True, slots=True)
class Loop:
    """One pass through a list: its place in a row, the questions, and the steps on each record."""

    place: int
    folds: tuple[int, ...]
    steps: tuple[int, ...]


def plan_loops(kernel: Kernel) -> Mapping[int, Loop]:
    """Return the passes through lists, each by the first question that it answers.

    A later question joins an earlier one's pass where nothing it reads is worked out in between.
    """
    loops: dict[int, Loop] = {}
    taken: set[int] = set()
    folds = [number for number, node in enumerate(kernel.nodes) if node.op in FOLDS]
    ready = {number: _find_ready(kernel, number) for number in folds}
    for first in folds:
        if first in taken:
            continue
        place = place_of_list(kernel.nodes[first])
        joined = tuple(
            number
            for number in folds
            if number >= first
            and number not in taken
            and place_of_list(kernel.nodes[number]) == place
            and (number == first or ready[number] < first)
        )
        taken.update(joined)
        loops[first] = Loop(place, joined, _list_steps(kernel, joined))
    return loops


def _find_ready(kernel: Kernel, fold: int) -> int:
    """Return the last node outside the list that a question reads."""
    last, waiting = -1, list(kernel.nodes[fold].args)
    while waiting:
        number = waiting.pop()
        node = kernel.nodes[number]
        if node.scope:
            waiting.extend(node.args)
        else:
            last = max(last, number)
    return last


def _list_steps(kernel: Kernel, folds: tuple[int, ...]) -> tuple[int, ...]:
    """Return the nodes on a record that some questions read, in order."""
    steps: set[int] = set()
    waiting = [arg for fold in folds for arg in kernel.nodes[fold].args]
    while waiting:
        number = waiting.pop()
        if kernel.nodes[number].scope and number not in steps:
            steps.add(number)
            waiting.extend(kernel.nodes[number].args)
    return tuple(sorted(steps))
