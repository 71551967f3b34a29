"""Comes in: the sums over a population. Goes out: the sheets that show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from voucher_rules.batch.cases.tables import CaseTable
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.population_words import word
from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import Mark, Unknown, Value
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.labelling import name_column, name_group
from voucher_rules.whatif.layout import (
    cite_rule,
    list_spend,
    make_columns,
    make_group_sheet,
    make_rejected_rows,
    make_rejected_sheet,
    make_sheet,
    name_input,
    name_outcome,
    name_rule,
    show_end,
)
from voucher_rules.whatif.lifting import LimitCost
from voucher_rules.whatif.populations import GroupSum, PopulationSums
from voucher_rules.whatif.spending import SETTLED, Judged, pick_nearest_rank

PERCENTILES: Final = (10, 25, 50, 75, 90, 100)
_SPEND: Final = ("settled:money", "least:money", "greatest:money", "open:rows")


def money_of(judged: Judged) -> Type:
    """Return the type of the money looked at."""
    return Type(Kind.MONEY, judged.regime.program.ruleset.currency)


def list_population_sheets(
    judged: Judged, sums: PopulationSums, limits: Sequence[LimitCost]
) -> Iterator[Sheet]:
    """Yield the sheets of a population, the most important first."""
    money = money_of(judged)
    yield _make_outcomes(judged, sums, money)
    yield _make_spend(judged, sums, money)
    for column, groups in sums.groups:
        yield _make_groups(judged, column, groups, money)
    yield _make_missing(judged, sums, money)
    yield _make_binding(judged, sums, money)
    yield make_limit_sheet(judged, limits, money)
    yield from make_limit_groups(judged, limits, money)
    yield _make_reasons(judged, sums, money)
    yield _make_values(judged, sums, money)
    yield _make_percentiles(sums, money)
    yield make_rejected_sheet(money, judged.table)


def _make_outcomes(judged: Judged, sums: PopulationSums, money: Type) -> Sheet:
    count = len(judged.spans)
    columns = make_columns(money, "outcome", "rows:rows", "share:ratio", *_SPEND[1:3])
    if not judged.output:
        columns = columns[:3]
    rows = [
        (
            name_outcome(outcome),
            spend.rows,
            Fraction(spend.rows, count),
            show_end(spend.low),
            show_end(spend.high),
        )
        for outcome, spend in sums.by_outcome.items()
    ]
    return make_sheet("outcomes", columns, [row[: len(columns)] for row in rows])


def _make_spend(judged: Judged, sums: PopulationSums, money: Type) -> Sheet:
    outputs = judged.regime.program.decision.outputs
    columns = make_columns(money, "output", "name", *_SPEND)
    rows = [(outputs[name].label, name, *list_spend(spend)) for name, spend in sums.spend.items()]
    return make_sheet("spend", columns, rows)


def _make_groups(judged: Judged, column: str, groups: Sequence[GroupSum], money: Type) -> Sheet:
    columns = make_columns(money, "group", "rows:rows", "granted_rows:rows", *_SPEND)
    rows: list[tuple[Figure, ...]] = [
        (
            name_group(judged.table, column, item.label),
            item.spend.rows,
            sum(count for outcome, count in item.outcomes.items() if outcome in SETTLED),
            *list_spend(item.spend),
        )
        for item in groups
    ]
    return make_group_sheet("by", (column, name_column(judged.table, column)), columns, rows)


def _make_missing(judged: Judged, sums: PopulationSums, money: Type) -> Sheet:
    ruleset = judged.regime.program.ruleset
    columns = make_columns(money, "fact", "name", "rows:rows", "alone:rows", "hidden:money")
    rows = [
        (name_input(ruleset, item.name), item.name, item.rows, item.alone, show_end(item.hidden))
        for item in sums.missing
    ]
    return make_sheet("missing", columns, rows, "missing")


def _make_binding(judged: Judged, sums: PopulationSums, money: Type) -> Sheet:
    ruleset = judged.regime.program.ruleset
    columns = make_columns(money, "rule", "name", "ref", "rows:rows", "paid:money")
    rows = [
        (name_rule(ruleset, x.rule), x.rule, cite_rule(ruleset, x.rule), x.rows, x.paid)
        for x in sums.binding
    ]
    return make_sheet("binding", columns, rows, "binding")


def make_limit_sheet(judged: Judged, limits: Sequence[LimitCost], money: Type) -> Sheet:
    """Return what each limit alone holds back."""
    ruleset = judged.regime.program.ruleset
    columns = make_columns(
        money,
        "rule",
        "name",
        "ref",
        "rows=costs_rows:rows",
        "least=cost_least:money",
        "greatest=cost_greatest:money",
        "unbounded:rows",
    )
    rows = [make_limit_row(ruleset, item) for item in limits]
    return make_sheet("limits", columns, rows, "limits")


def make_limit_row(ruleset: CheckedRuleset, item: LimitCost) -> tuple[Figure, ...]:
    """Return the row of one limit: its rule, where it stands, and what it alone holds back."""
    return (
        name_rule(ruleset, item.rule),
        item.rule,
        cite_rule(ruleset, item.rule),
        item.cost.rows,
        show_end(item.cost.low),
        show_end(item.cost.high),
        item.unbounded,
    )


def make_limit_groups(judged: Judged, limits: Sequence[LimitCost], money: Type) -> Iterator[Sheet]:
    """Yield what each limit alone holds back, by group."""
    ruleset = judged.regime.program.ruleset
    columns = make_columns(
        money,
        "group",
        "rule",
        "name",
        "rows=costs_rows:rows",
        "least=cost_least:money",
        "greatest=cost_greatest:money",
    )
    named = [column for column, _ in limits[0].groups] if limits else []
    for at, column in enumerate(named):
        rows = [
            (
                name_group(judged.table, column, label),
                name_rule(ruleset, item.rule),
                item.rule,
                cost.rows,
                show_end(cost.low),
                show_end(cost.high),
            )
            for item in limits
            for label, cost in item.groups[at][1]
            if cost.rows
        ]
        group = (column, name_column(judged.table, column))
        yield make_group_sheet("limits_by", group, columns, rows, "limits")


def _make_reasons(judged: Judged, sums: PopulationSums, money: Type) -> Sheet:
    ruleset = judged.regime.program.ruleset
    columns = make_columns(
        money, "ref", "rule", "name", "kind", "rows:rows", "alone=alone_reason:rows"
    )
    rows = [
        (
            cite_rule(ruleset, item.rule),
            name_rule(ruleset, item.rule),
            item.rule,
            word(f"kind.{item.kind}"),
            item.rows,
            item.alone,
        )
        for item in sums.reasons
    ]
    return make_sheet("reasons", columns, rows, "reasons")


def _make_values(judged: Judged, sums: PopulationSums, money: Type) -> Sheet:
    outputs = judged.regime.program.decision.outputs
    rows = [
        (outputs[name].label, name, _tell_value(judged, name, value), count)
        for name, counted in sums.values.items()
        for value, count in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    ]
    return make_sheet("values", make_columns(money, "output", "name", "value", "rows:rows"), rows)


def _tell_value(judged: Judged, name: str, value: Value) -> Figure:
    """Return a value found as a figure; nothing for one that is not known or not there."""
    program = judged.regime.program
    if isinstance(value, Unknown | Mark):
        return None
    if isinstance(value, bool):
        return value
    choice = program.ruleset.choices.get(program.decision.outputs[name].type.unit)
    if isinstance(value, str) and choice is not None:
        return choice.options.get(value, Wording(value, value))
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return str(value) if isinstance(value, int | Fraction) else value  # type: ignore[return-value]  # a day or a period


def _make_percentiles(sums: PopulationSums, money: Type) -> Sheet:
    rows = [
        (f"{percent}%", pick_nearest_rank(sums.granted, percent))
        for percent in PERCENTILES
        if sums.granted and sums.by_outcome and any(sums.granted)
    ]
    return make_sheet("quantiles", make_columns(money, "rank", "amount:money"), rows)


def make_rows_sheet(judged: Judged, groupings: Sequence[Grouping] = ()) -> Sheet:
    """Return every row with what became of it, and the groups it is in."""
    money, verdicts = money_of(judged), judged.verdicts
    column = verdicts.payables.get(judged.output)
    groups = [spread_labels(judged.table, item) for item in groupings]
    columns = [
        *make_columns(money, "row:rows"),
        *name_group_columns(judged.table, groupings, money),
        *make_columns(
            money,
            "outcome",
            "amount:money",
            "least:money",
            "greatest:money",
            "binding",
            "reasons",
            "missing",
        ),
    ]
    rows = (
        (
            judged.table.numbers[at],
            *(labels[at] for labels in groups),
            str(verdicts.outcome[at]),
            column.value[at] if column is not None else None,
            show_end(span.low),
            show_end(span.high),
            ", ".join(column.binding[at]) if column is not None else "",
            ", ".join(rule for ground in verdicts.grounds[at] for rule in ground.rules),
            ", ".join(verdicts.missing[at]),
        )
        for at, span in enumerate(judged.spans)
    )
    return make_sheet("rows", columns, rows)


def name_group_columns(
    table: CaseTable, groupings: Sequence[Grouping], money: Type
) -> Iterator[Column]:
    """Yield a column for each grouping, under its own name."""
    for item in groupings:
        (plain,) = make_columns(money, "group")
        yield Column(item.column, name_column(table, item.column), plain.type)


def spread_labels(table: CaseTable, grouping: Grouping) -> list[Figure]:
    """Return the group of each row."""
    labels: list[Figure] = [None] * len(table.numbers)
    for label, places in zip(grouping.labels, grouping.places, strict=True):
        figure = name_group(table, grouping.column, label)
        for at in places:
            labels[at] = figure
    return labels


def list_row_sheets(judged: Judged, groupings: Sequence[Grouping] = ()) -> dict[str, Sheet]:
    """Return the sheets that are asked for by name only: they hold a line for each row."""
    return {
        "rows": make_rows_sheet(judged, groupings),
        "rejected_rows": make_rejected_rows(money_of(judged), judged.table),
    }
