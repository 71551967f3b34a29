"""Comes in: the sums of a reform, a sweep, readings or regimes. Goes out: the sheets of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.explain.population_words import word
from voucher_rules.explain.sheets import Coded, Figure, Sheet
from voucher_rules.language.types import Type
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.labelling import (
    name_column,
    name_departure,
    name_group,
    name_option,
    name_setting,
)
from voucher_rules.whatif.layout import (
    make_columns,
    make_group_sheet,
    make_rejected_rows,
    make_rejected_sheet,
    make_sheet,
    name_outcome,
    show_end,
)
from voucher_rules.whatif.lifting import LimitCost
from voucher_rules.whatif.population_sheets import (
    make_limit_row,
    money_of,
    name_group_columns,
    spread_labels,
)
from voucher_rules.whatif.reforms import Change, ChangeSums, Effect, ReformSums
from voucher_rules.whatif.spending import SETTLED, Judged

_SIDES = (
    "before_least:money",
    "before_greatest:money",
    "after_least:money",
    "after_greatest:money",
    "change_least:change",
    "change_greatest:change",
)
_EFFECTS = (
    "gains:rows",
    "gained_least=gained:money",
    "loses:rows",
    "lost_least=lost:money",
    "same:rows",
    "unsure:rows",
)


@dataclass(frozen=True, slots=True)
class PartEffect:
    """One change of a reform: what it alone comes to, and what the others come to without it.

    Either is None where it makes no ruleset: some changes go together only.
    """

    name: str
    before: str
    after: str
    alone: Change | None
    without: Change | None


def list_reform_sheets(
    before: Judged,
    after: Judged,
    sums: ReformSums,
    parts: Sequence[PartEffect],
    limits: tuple[Sequence[LimitCost], Sequence[LimitCost]],
) -> Iterator[Sheet]:
    """Yield the sheets of a reform, the most important first."""
    money = money_of(after)
    yield make_sheet(
        "totals",
        make_columns(money, "rows:rows", *_SIDES),
        [(len(sums.effects), *_list_sides(sums.whole))],
    )
    yield _make_effects(sums, money)
    yield _make_transitions(sums, money)
    for column, groups in sums.groups:
        columns = make_columns(money, "group", "rows:rows", *_SIDES, *_EFFECTS)
        rows = [
            (
                name_group(after.table, column, label),
                item.change.rows,
                *_list_sides(item),
                *list_effects(item),
            )
            for label, item in groups
        ]
        group = (column, name_column(after.table, column))
        yield make_group_sheet("by", group, columns, rows)
    yield _make_parts(parts, after, money)
    yield _make_limits(before, after, limits, money)
    yield make_rejected_sheet(money, after.table)


def _list_sides(item: ChangeSums) -> tuple[Figure, ...]:
    return (
        show_end(item.before.low),
        show_end(item.before.high),
        show_end(item.after.low),
        show_end(item.after.high),
        show_end(item.change.low),
        show_end(item.change.high),
    )


def list_effects(item: ChangeSums) -> tuple[Figure, ...]:
    """Return who gains how much at the least, who loses, who stays and of whom it is open."""
    gains, loses = item.effects[Effect.GAINS], item.effects[Effect.LOSES]
    same, unsure = item.effects[Effect.SAME], item.effects[Effect.OPEN]
    return (
        gains.rows,
        show_end(gains.low),
        loses.rows,
        show_end(-loses.high),
        same.rows,
        unsure.rows,
    )


def _make_effects(sums: ReformSums, money: Type) -> Sheet:
    columns = make_columns(
        money, "effect", "rows:rows", "change_least:change", "change_greatest:change"
    )
    rows = [
        (word(f"effect.{effect}"), item.rows, show_end(item.low), show_end(item.high))
        for effect, item in sums.whole.effects.items()
    ]
    return make_sheet("effects", columns, rows)


def _make_transitions(sums: ReformSums, money: Type) -> Sheet:
    columns = make_columns(
        money, "before", "after", "rows:rows", "change_least:change", "change_greatest:change"
    )
    rows = [
        (
            name_outcome(left),
            name_outcome(right),
            item.rows,
            show_end(item.low),
            show_end(item.high),
        )
        for (left, right), item in sums.transitions.items()
    ]
    return make_sheet("transitions", columns, rows)


def _make_parts(parts: Sequence[PartEffect], after: Judged, money: Type) -> Sheet:
    ruleset = after.regime.program.ruleset
    columns = make_columns(
        money,
        "change",
        "before",
        "after",
        "alone_least:change",
        "alone_greatest:change",
        "without_least:change",
        "without_greatest:change",
    )
    rows = [
        (
            Coded(x.name, name_setting(ruleset, x.name)),
            *(Coded(side, name_option(ruleset, x.name, side)) for side in (x.before, x.after)),
            *_list_ends(x.alone),
            *_list_ends(x.without),
        )
        for x in parts
    ]
    return make_sheet("parts", columns, rows, "parts")


def _list_ends(change: Change | None) -> tuple[Figure, Figure]:
    return (None, None) if change is None else (show_end(change.low), show_end(change.high))


def _make_limits(
    before: Judged,
    after: Judged,
    limits: tuple[Sequence[LimitCost], Sequence[LimitCost]],
    money: Type,
) -> Sheet:
    columns = make_columns(
        money,
        "when",
        "rule",
        "name",
        "ref",
        "rows=costs_rows:rows",
        "least=cost_least:money",
        "greatest=cost_greatest:money",
        "unbounded:rows",
    )
    rows: list[tuple[Figure, ...]] = []
    for key, judged, costs in zip(("before", "after"), (before, after), limits, strict=True):
        ruleset = judged.regime.program.ruleset
        rows += [(word(f"column.{key}"), *make_limit_row(ruleset, item)) for item in costs]
    return make_sheet("limits", columns, rows, "limits")


def list_reform_rows(
    before: Judged, after: Judged, sums: ReformSums, groupings: Sequence[Grouping]
) -> dict[str, Sheet]:
    """Return the sheets with a line for each row, by name."""
    money = money_of(after)
    columns = [
        *make_columns(money, "row:rows"),
        *name_group_columns(after.table, groupings, money),
        *make_columns(money, "outcome_before=before", "outcome_after=after", *_SIDES, "effect"),
    ]
    groups = [spread_labels(after.table, item) for item in groupings]
    rows = (
        (
            after.table.numbers[at],
            *(labels[at] for labels in groups),
            str(before.verdicts.outcome[at]),
            str(after.verdicts.outcome[at]),
            *map(show_end, before.spans[at]),
            *map(show_end, after.spans[at]),
            *map(show_end, sums.changes[at]),
            str(sums.effects[at]),
        )
        for at in range(len(sums.effects))
    )
    return {
        "rows": make_sheet("rows", columns, rows),
        "rejected_rows": make_rejected_rows(money, after.table),
    }


@dataclass(frozen=True, slots=True)
class Trial:
    """One regime of several, held against the first: what it is called, and what it comes to."""

    labels: tuple[Figure, ...]
    judged: Judged
    sums: ReformSums
    outcomes: Mapping[Outcome, int]


def name_trial(trial: Trial, kind: str) -> Iterator[Figure]:
    """Yield what a regime tried is called: values as they are, readings in words and by name."""
    ruleset = trial.judged.regime.program.ruleset
    for label in trial.labels:
        named = name_departure(ruleset, label) if isinstance(label, str) else label
        yield named
        if isinstance(named, Coded):
            yield named.code
        elif kind == "readings":
            yield None


def make_trial_sheet(
    kind: str, heads: Sequence[tuple[str, Wording]], money: Type, trials: Iterable[Trial]
) -> Sheet:
    """Return a line for each regime tried."""
    plain = make_columns(
        money,
        *(f"{key}=name" for key, _ in heads),
        "rows:rows",
        "granted_rows:rows",
        "least:money",
        "greatest:money",
        "change_least:change",
        "change_greatest:change",
        "differs:rows",
        *_EFFECTS,
    )
    named = [
        type(column)(key, label, column.type)
        for column, (key, label) in zip(plain, heads, strict=False)
    ]
    rows = [
        (
            *name_trial(trial, kind),
            trial.sums.whole.change.rows,
            sum(trial.outcomes.get(outcome, 0) for outcome in SETTLED),
            show_end(trial.sums.whole.after.low),
            show_end(trial.sums.whole.after.high),
            show_end(trial.sums.whole.change.low),
            show_end(trial.sums.whole.change.high),
            trial.sums.decided_otherwise,
            *list_effects(trial.sums.whole),
        )
        for trial in trials
    ]
    return make_sheet(kind, [*named, *plain[len(named) :]], rows)


def make_trial_groups(
    kind: str, heads: Sequence[tuple[str, Wording]], money: Type, trials: Sequence[Trial]
) -> Iterator[Sheet]:
    """Yield, for each column grouped by, a line for each regime tried and each group."""
    plain = make_columns(
        money,
        *(f"{key}=name" for key, _ in heads),
        "group",
        "rows:rows",
        "least:money",
        "greatest:money",
        "change_least:change",
        "change_greatest:change",
    )
    named = [
        type(column)(key, label, column.type)
        for column, (key, label) in zip(plain, heads, strict=False)
    ]
    for at, (column, _) in enumerate(trials[0].sums.groups):
        rows = [
            (
                *name_trial(trial, kind),
                name_group(trial.judged.table, column, label),
                item.change.rows,
                show_end(item.after.low),
                show_end(item.after.high),
                show_end(item.change.low),
                show_end(item.change.high),
            )
            for trial in trials
            for label, item in trial.sums.groups[at][1]
        ]
        group = (column, name_column(trials[0].judged.table, column))
        yield make_group_sheet("by", group, [*named, *plain[len(named) :]], rows)
