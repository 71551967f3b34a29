"""Comes in: a table decided under two regimes. Goes out: what changes, for whom, and by how much.

Where a case is not settled under one of them, all that is told is how far apart the two may lie:
whether it gains or loses is then open. Only of what a person must judge is it taken that the answer
is the same under both, so that a case referred twice with one amount does not change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from voucher_rules.decision.outcomes import Outcome
from voucher_rules.values.model import Exact
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.populations import pick_spans
from voucher_rules.whatif.spending import NOTHING, Judged, Span, Spend, add_spend


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
    changes: tuple[Span, ...]
    transitions: Mapping[tuple[Outcome, Outcome], Change]
    decided_otherwise: int
    groups: tuple[tuple[str, tuple[tuple[object, ChangeSums], ...]], ...]


def compare_regimes(
    before: Judged, after: Judged, groupings: Sequence[Grouping] = ()
) -> ReformSums:
    """Return what changes from one regime to another; both must hold the same cases in order."""
    changes = tuple(_list_changes(before, after))
    effects = tuple(find_effect(change) for change in changes)
    every = range(len(changes))

    def add(places: Iterable[int]) -> ChangeSums:
        return _add_changes(before.spans, after.spans, changes, effects, list(places))

    transitions: dict[tuple[Outcome, Outcome], list[int]] = {}
    pairs = zip(before.verdicts.outcome, after.verdicts.outcome, strict=True)
    for at, pair in enumerate(pairs):
        transitions.setdefault(pair, []).append(at)
    order = list(Outcome)
    return ReformSums(
        whole=add(every),
        effects=effects,
        changes=changes,
        transitions={
            pair: add_changes(changes[at] for at in transitions[pair])
            for pair in sorted(transitions, key=lambda x: (order.index(x[0]), order.index(x[1])))
        },
        decided_otherwise=sum(
            len(places) for (left, right), places in transitions.items() if left is not right
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


def _list_changes(before: Judged, after: Judged) -> Iterable[Span]:
    if _are_one(before, after):
        yield from (NOTHING for _ in before.spans)
        return
    waits = (before.verdicts.outcome, after.verdicts.outcome)
    pairs = zip(before.spans, after.spans, strict=True)
    for at, (old, new) in enumerate(pairs):
        if waits[0][at] is waits[1][at] is Outcome.REFERRED:
            approved = [_find_approved(item, at) for item in (before, after)]
            if approved[0].known and approved[1].known:
                change = approved[1].low - approved[0].low
                yield Span(min(change, 0), max(change, 0))
                continue
        found = Span(new.low - old.high, new.high - old.low)
        yield NOTHING if found == NOTHING else found


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


def find_effect(change: Span) -> Effect:
    """Return whether a case surely gains, surely loses, stays, or may do either."""
    if change.low > 0:
        return Effect.GAINS
    if change.high < 0:
        return Effect.LOSES
    return Effect.SAME if change.low == change.high == 0 else Effect.OPEN


def add_changes(changes: Iterable[Span]) -> Change:
    """Return how many changes there are and what they come to together."""
    rows, low, high = 0, 0, 0
    sums: list[Exact] = [low, high]
    for change in changes:
        rows += 1
        sums[0] += change.low
        sums[1] += change.high
    return Change(rows, *sums)


def _add_changes(
    before: Sequence[Span],
    after: Sequence[Span],
    changes: Sequence[Span],
    effects: Sequence[Effect],
    places: Sequence[int],
) -> ChangeSums:
    return ChangeSums(
        before=add_spend(pick_spans(before, places)),
        after=add_spend(pick_spans(after, places)),
        change=add_changes(changes[at] for at in places),
        effects={
            effect: add_changes(changes[at] for at in places if effects[at] is effect)
            for effect in Effect
        },
    )
