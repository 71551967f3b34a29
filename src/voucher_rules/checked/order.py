"""Comes in: which names need which. Goes out: an order that serves every need, or a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def sort_names(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Sort names so that each stands after those it needs; ties keep the order given."""
    sorter = TopologicalSorter(needs)
    return [name for name in sorter.static_order() if name in needs]


def find_cycle(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names of one cycle, each needing the next, or an empty list."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        cycle: list[str] = list(error.args[1])
        return cycle[:-1][::-1]
    return []
