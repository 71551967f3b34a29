"""Comes in: a table decided under a regime. Goes out: its sums: outcomes, spend, reasons, gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.values.model import Exact, Value
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.spending import SETTLED, Judged, Spend, add_spend, list_spans

ORDER = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class MissingFact:
    """Something not known: in how many cases it decides, in how many it alone, and on how much.

    ``hidden`` is how far apart the least and the greatest of those cases lie, together.
    """

    name: str
    rows: int
    alone: int
    hidden: Exact


@dataclass(frozen=True, slots=True)
class BindingLimit:
    """A limit that fixes what is granted: in how many cases, and how much is paid in them."""

    rule: str
    rows: int
    paid: Exact


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A reason against a plain grant: in how many cases, and in how many it is the only one."""

    kind: str
    rule: str
    rows: int
    alone: int


@dataclass(frozen=True, slots=True)
class GroupSum:
    """One group: its cases by outcome, and what they come to."""

    label: object
    outcomes: Mapping[Outcome, int]
    spend: Spend


@dataclass(frozen=True, slots=True)
class PopulationSums:
    """All sums over one table under one regime.

    ``by_outcome`` is the money looked at, ``spend`` every output of money; ``granted`` the amounts
    paid, for percentiles.
    """

    outcomes: Mapping[Outcome, int]
    by_outcome: Mapping[Outcome, Spend]
    spend: Mapping[str, Spend]
    granted: tuple[Exact, ...]
    missing: tuple[MissingFact, ...]
    binding: tuple[BindingLimit, ...]
    reasons: tuple[ReasonCount, ...]
    values: Mapping[str, Mapping[Value, int]]
    groups: tuple[tuple[str, tuple[GroupSum, ...]], ...]


def sum_population(judged: Judged, groupings: Sequence[Grouping] = ()) -> PopulationSums:
    """Return every sum over a table decided under a regime."""
    verdicts = judged.verdicts
    return PopulationSums(
        outcomes=count_outcomes(verdicts.outcome),
        by_outcome=_sum_by_outcome(judged),
        spend={name: add_spend(list_spans(verdicts, name)) for name in verdicts.payables},
        granted=tuple(
            low
            for outcome, low in zip(verdicts.outcome, judged.spans.low, strict=True)
            if outcome in SETTLED
        ),
        missing=_count_missing(judged),
        binding=_count_binding(judged),
        reasons=_count_reasons(judged),
        values={name: Counter(column) for name, column in verdicts.values.items()},
        groups=tuple((item.column, _sum_groups(judged, item)) for item in groupings),
    )


def count_outcomes(outcomes: Iterable[Outcome]) -> dict[Outcome, int]:
    """Return how many cases came out how, in the order of outcomes; none that no case has."""
    counted = Counter(outcomes)
    return {outcome: counted[outcome] for outcome in ORDER if counted[outcome]}


def _sum_by_outcome(judged: Judged) -> dict[Outcome, Spend]:
    places: dict[Outcome, list[int]] = {}
    for at, outcome in enumerate(judged.verdicts.outcome):
        places.setdefault(outcome, []).append(at)
    return {
        outcome: add_spend(judged.spans.pick(places[outcome]))
        for outcome in ORDER
        if outcome in places
    }


def _count_missing(judged: Judged) -> tuple[MissingFact, ...]:
    """Return what is missing, that which most cases wait for first."""
    rows: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    hidden: dict[str, Exact] = {}
    for names, span in zip(judged.verdicts.missing, judged.spans, strict=True):
        for name in names:
            rows[name] += 1
            hidden[name] = hidden.get(name, 0) + span.high - span.low
        if len(names) == 1:
            alone[names[0]] += 1
    order = sorted(rows, key=lambda name: (-rows[name], name))
    return tuple(MissingFact(name, rows[name], alone[name], hidden[name]) for name in order)


def _count_binding(judged: Judged) -> tuple[BindingLimit, ...]:
    if not judged.output:
        return ()
    column = judged.verdicts.payables[judged.output]
    rows: Counter[str] = Counter()
    paid: dict[str, Exact] = {}
    for outcome, binding, span in zip(
        judged.verdicts.outcome, column.binding, judged.spans, strict=True
    ):
        for rule in binding if outcome in SETTLED else ():
            rows[rule] += 1
            paid[rule] = paid.get(rule, 0) + span.low
    known = [*judged.regime.program.ruleset.rules, REQUESTED]
    return tuple(BindingLimit(rule, rows[rule], paid[rule]) for rule in known if rows[rule])


def _count_reasons(judged: Judged) -> tuple[ReasonCount, ...]:
    """Return the reasons in the order of the document; those without a rule come first."""
    rows: Counter[tuple[str, str]] = Counter()
    alone: Counter[tuple[str, str]] = Counter()
    for grounds in judged.verdicts.grounds:
        named = {(ground.kind, rule) for ground in grounds for rule in ground.rules or ("",)}
        rows.update(named)
        if len(named) == 1:
            alone.update(named)
    place = {rule: at for at, rule in enumerate(judged.regime.program.ruleset.rules, start=1)}
    order = sorted(rows, key=lambda key: (place.get(key[1], 0), key))
    return tuple(ReasonCount(*key, rows[key], alone[key]) for key in order)


def _sum_groups(judged: Judged, grouping: Grouping) -> tuple[GroupSum, ...]:
    return tuple(
        GroupSum(
            label,
            count_outcomes(judged.verdicts.outcome[at] for at in places),
            add_spend(judged.spans.pick(places)),
        )
        for label, places in zip(grouping.labels, grouping.places, strict=True)
    )
