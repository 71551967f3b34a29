"""Comes in: a case, a goal and facts none of which reaches it alone. Goes out: pairs that do.

Of two facts the first is moved no further than leaves the second any way to reach the goal; then
the second is looked at as if it were alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from heapq import heappop, heappush
from itertools import combinations
from typing import Final

from voucher_rules.values.model import Exact, Unknown, Value
from voucher_rules.whatif.changes import (
    Candidate,
    FactChange,
    FactSearch,
    Shift,
    find_every,
    make_candidate,
    may_reach,
)
from voucher_rules.whatif.distances import measure_distance
from voucher_rules.whatif.goals import Goal
from voucher_rules.whatif.lines import Reach
from voucher_rules.whatif.positions import Axis, find_position, make_axis
from voucher_rules.whatif.stretches import Question

_TRIES: Final = 4
"""For so many values of the first fact the second is looked at."""
_LOOKS: Final = 400
"""How many evaluations the way to such a value may take."""


def find_pairs(
    question: Question, goal: Goal, facts: Mapping[str, Unknown | None]
) -> list[FactChange]:
    """Return the smallest change of each two facts that reaches a goal, nearest first."""
    items = [make_candidate(question, name, allowed) for name, allowed in facts.items()]
    found = []
    for one, other in combinations(items, 2):
        if may_reach(question, goal, {x.name: find_every(x) for x in (one, other)}):
            made = [*_try(question, goal, one, other), *_try(question, goal, other, one)]
            found += sorted(made, key=lambda change: (change.distance, not change.exact))[:1]
    return sorted(found, key=lambda change: change.distance)


def _try(
    question: Question, goal: Goal, first: Candidate, second: Candidate
) -> Iterator[FactChange]:
    """Yield changes of both facts for values of the first that leave the second a way."""
    tried = 0
    listed = FactSearch(question, first, goal)
    axis = make_axis(first.name, first.type, first.allowed)
    values = list(listed.list_values())
    ordered = [] if axis is None else list(_list_near(question, goal, axis, first, second))
    for value in (*ordered, *values):
        if tried >= _TRIES and value in ordered:
            continue
        if not may_reach(question, goal, {first.name: value, second.name: find_every(second)}):
            continue
        tried += 1
        search = FactSearch(question.change({first.name: value}), second, goal)
        for change in search.run()[:1]:
            distance = measure_distance(first.before, value, first.type)
            shift = Shift(first.name, first.before, value, value, distance=distance)
            exact = change.exact and axis is None and listed.exact
            yield FactChange((shift, *change.shifts), change.result, exact)


def _list_near(
    question: Question, goal: Goal, axis: Axis, first: Candidate, second: Candidate
) -> Iterator[Value]:
    """Yield the values of an ordered fact that leave the second a way: nearest on each side."""
    now = find_position(first.before)
    at = axis.reach.low if now is None else now
    for side in (
        Reach(at, axis.reach.high, whole=axis.whole),
        Reach(axis.reach.low, at, whole=axis.whole),
    ):
        part = side.meet(axis.reach)
        found = None if part.is_empty else _find_near(question, goal, axis, second, part, at)
        if found is not None and found != now:
            yield axis.value_at(found)


def _find_near(  # noqa: PLR0913, PLR0917 - each argument is one thing the search rests on
    question: Question, goal: Goal, axis: Axis, second: Candidate, part: Reach, at: Exact
) -> Exact | None:
    """Return the position next to another that leaves a way, by halving what may hold one."""
    waiting: list[tuple[Exact, int, Reach]] = [(0, 0, part)]
    for number in range(_LOOKS):
        if not waiting:
            return None
        _, _, reach = heappop(waiting)
        box = {axis.name: axis.hull(reach), second.name: find_every(second)}
        if not may_reach(question, goal, box):
            continue
        if reach.is_point:
            return reach.low
        if not axis.whole:
            return reach.nearest(at)[0]
        middle = (int(reach.low) + int(reach.high)) // 2
        for half in (
            Reach(reach.low, middle, whole=True),
            Reach(middle + 1, reach.high, whole=True),
        ):
            apart = abs(Fraction(half.nearest(at)[0]) - at)
            heappush(waiting, (apart, -number * 2 - (half.low == reach.low), half))
    return None
