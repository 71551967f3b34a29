"""Comes in: a case, a goal and facts that may change. Goes out: what would reach it, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voucher_rules.values.model import Unknown
from voucher_rules.whatif.changes import Barrier, FactChange, FactSearch, make_candidate
from voucher_rules.whatif.goals import Goal
from voucher_rules.whatif.pairs import find_pairs
from voucher_rules.whatif.stretches import Question


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: the changes, nearest first, and the facts that cannot do it."""

    changes: tuple[FactChange, ...]
    barriers: tuple[Barrier, ...]


def find_changes(
    question: Question, goal: Goal, facts: Mapping[str, Unknown | None], count: int = 1
) -> Found:
    """Return the smallest changes of facts that reach a goal; of two together where one cannot.

    ``facts`` are those that may change, each over what it may be, or over less.
    """
    changes: list[FactChange] = []
    barriers: list[Barrier] = []
    for name, allowed in facts.items():
        search = FactSearch(question, make_candidate(question, name, allowed), goal)
        made = search.run()
        changes += made
        if not made:
            barriers.append(search.barrier())
    order = list(facts)
    changes.sort(key=lambda item: (item.distance, order.index(item.shifts[0].name)))
    if count > 1:
        stuck = {item.name: facts[item.name] for item in barriers}
        changes += find_pairs(question, goal, stuck)
    return Found(tuple(changes), tuple(barriers))
