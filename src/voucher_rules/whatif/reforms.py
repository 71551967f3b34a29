"""Comes in: a table decided under two regimes. Goes out: what changes, for whom, and by how much.

Where a case is not settled under one of them, all that is told is how far apart the two may lie:
whether it gains or loses is then open. Only of what a person must judge is it taken that the answer
is the same under both, so that a case referred twice with one amount does not change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import sub

from voucher_rules.decision.outcomes import Outcome
from voucher_rules.values.model import Exact
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.spending import Judged, Span, Spans, Spend, add_spend


class Effect(StrEnum):
    """What becomes of one case."""

    GAINS = "gains"
    LOSES = "loses"
    SAME = "same"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Change:
    """How many cases change alike, and by how much together: at the least and at the most."""

    rows: int
    low: Exact
    high: Exact


@dataclass(frozen=True, slots=True)
class ChangeSums:
    """What some cases come to before and after, and what changes between."""

    before: Spend
    after: Spend
    change: Change
    effects: Mapping[Effect, Change]


@dataclass(frozen=True, slots=True)
class ReformSums:
    """All that a reform does to a table.

    ``effects`` and ``changes`` tell it of each case; ``transitions`` counts the cases by their
    outcome before and after.
    """

    whole: ChangeSums
    effects: tuple[Effect, ...]
    changes: Spans
    transitions: Mapping[tuple[Outcome, Outcome], Change]
    decided_otherwise: int
    groups: tuple[tuple[str, tuple[tuple[object, ChangeSums], ...]], ...]


def compare_regimes(
    before: Judged, after: Judged, groupings: Sequence[Grouping] = ()
) -> ReformSums:
    """Return what changes from one regime to another; both must hold the same cases in order."""
    changes = _list_changes(before, after)
    effects = _list_effects(changes)

    def add(places: Sequence[int]) -> ChangeSums:
        return _add_changes(
            before.spans.pick(places),
            after.spans.pick(places),
            changes.pick(places),
            [effects[at] for at in places],
        )

    transitions = _add_transitions(before, after, changes)
    return ReformSums(
        whole=_add_changes(before.spans, after.spans, changes, effects),
        effects=tuple(effects),
        changes=changes,
        transitions=transitions,
        decided_otherwise=sum(
            change.rows for (left, right), change in transitions.items() if left is not right
        ),
        groups=tuple(
            (
                item.column,
                tuple(
                    (label, add(places))
                    for label, places in zip(item.labels, item.places, strict=True)
                ),
            )
            for item in groupings
        ),
    )


def _list_changes(before: Judged, after: Judged) -> Spans:
    if _are_one(before, after):
        nothing = [0] * len(before.spans)
        return Spans(nothing, nothing)
    low: list[Exact] = list(map(sub, after.spans.low, before.spans.high))
    high: list[Exact] = list(map(sub, after.spans.high, before.spans.low))
    pairs = zip(before.verdicts.outcome, after.verdicts.outcome, strict=True)
    for at, (old, new) in enumerate(pairs):
        if old is new is Outcome.REFERRED:
            approved = [_find_approved(item, at) for item in (before, after)]
            if approved[0].known and approved[1].known:
                change = approved[1].low - approved[0].low
                low[at], high[at] = min(change, 0), max(change, 0)
    return Spans(low, high)


def _list_effects(changes: Spans) -> list[Effect]:
    """Return whether each case surely gains, surely loses, stays, or may do either."""
    return [
        Effect.GAINS
        if low > 0
        else (Effect.LOSES if high < 0 else Effect.OPEN if low != high else Effect.SAME)
        for low, high in zip(changes.low, changes.high, strict=True)
    ]


def _add_transitions(
    before: Judged, after: Judged, changes: Spans
) -> dict[tuple[Outcome, Outcome], Change]:
    """Return how many cases went from which outcome to which, and by how much they change."""
    ends = (before.verdicts.outcome, after.verdicts.outcome)
    rows = Counter(zip(*ends, strict=True))
    sums: dict[tuple[Outcome, Outcome], list[Exact]] = {pair: [0, 0] for pair in rows}
    for old, new, low, high in zip(*ends, changes.low, changes.high, strict=True):
        if low or high:
            held = sums[old, new]
            held[0] += low
            held[1] += high
    order = list(Outcome)
    ordered = sorted(rows, key=lambda x: (order.index(x[0]), order.index(x[1])))
    return {pair: Change(rows[pair], *sums[pair]) for pair in ordered}


def _are_one(before: Judged, after: Judged) -> bool:
    """Return whether two regimes are the same law read the same way."""
    left, right = before.regime, after.regime
    return (
        left.program.ruleset.semantic_digest == right.program.ruleset.semantic_digest
        and left.decision == right.decision
        and left.options == right.options
        and before.output == after.output
    )


def _find_approved(judged: Judged, at: int) -> Span:
    """Return what a case that a person must judge comes to where that person agrees."""
    if not judged.output:
        return Span(0, 0)
    column = judged.verdicts.payables[judged.output]
    return Span(column.low[at], column.high[at])


def add_changes(changes: Iterable[Span]) -> Change:
    """Return how many changes there are and what they come to together."""
    held = Spans.gather(changes)
    return Change(len(held), sum(held.low), sum(held.high))


def _add_changes(
    before: Spans, after: Spans, changes: Spans, effects: Sequence[Effect]
) -> ChangeSums:
    places: dict[Effect, list[int]] = {effect: [] for effect in Effect}
    for at, effect in enumerate(effects):
        places[effect].append(at)
    return ChangeSums(
        before=add_spend(before),
        after=add_spend(after),
        change=add_changes(changes),
        effects={effect: add_changes(changes.pick(places[effect])) for effect in Effect},
    )
