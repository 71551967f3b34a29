"""Comes in: one table under several measures. Goes out: the sheets that hold them side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.explain.sheets import Coded, Column, Figure, Sheet
from voucher_rules.language.types import Kind, Type
from voucher_rules.whatif.labelling import name_column, name_group
from voucher_rules.whatif.layout import (
    list_spend,
    make_columns,
    make_group_sheet,
    make_rejected_sheet,
    make_sheet,
    name_outcome,
)
from voucher_rules.whatif.population_sheets import money_of
from voucher_rules.whatif.populations import PopulationSums
from voucher_rules.whatif.spending import SETTLED, Judged, Spend, pick_nearest_rank

_SPEND = ("settled:money", "least:money", "greatest:money", "open:rows")


def list_regime_sheets(judged: Sequence[Judged], sums: Sequence[PopulationSums]) -> Iterator[Sheet]:
    """Yield a line for each measure, then for each group under each, then what was left out."""
    money = money_of(judged[0])
    seen = [x for x in Outcome if any(x in item.outcomes for item in sums)]
    columns = [
        *make_columns(money, "regime", "rows:rows", "rejected:rows"),
        *(Column(str(x), name_outcome(x), Type(Kind.COUNT)) for x in seen),
        *make_columns(money, *_SPEND, "median:money"),
    ]
    rows: list[tuple[Figure, ...]] = [
        (
            item.regime.name,
            len(item.spans),
            len(item.table.rejected),
            *(found.outcomes.get(x, 0) for x in seen),
            *list_spend(found.spend.get(item.output, Spend())),
            pick_nearest_rank(found.granted, 50),
        )
        for item, found in zip(judged, sums, strict=True)
    ]
    yield make_sheet("regimes", columns, rows)
    for at, (column, _) in enumerate(sums[0].groups):
        yield _make_groups(judged, sums, at, column, money)
    for item in judged:
        yield _name_sheet(make_rejected_sheet(money, item.table), item)


def _make_groups(
    judged: Sequence[Judged], sums: Sequence[PopulationSums], at: int, column: str, money: Type
) -> Sheet:
    columns = make_columns(money, "group", "regime", "rows:rows", "granted_rows:rows", *_SPEND)
    order = {label: None for found in sums for label in (x.label for x in found.groups[at][1])}
    names = {label: _name_by_any(judged, column, label) for label in order}
    rows = [
        (
            names[label],
            item.regime.name,
            group.spend.rows,
            sum(count for outcome, count in group.outcomes.items() if outcome in SETTLED),
            *list_spend(group.spend),
        )
        for label in order
        for item, found in zip(judged, sums, strict=True)
        for group in found.groups[at][1]
        if group.label == label
    ]
    # a column may be another fact of each measure: then it goes by its own name
    labels = {name_column(item.table, column) for item in judged} - {Wording(column, column)}
    named = labels.pop() if len(labels) == 1 else Wording(column, column)
    return make_group_sheet("by", (column, named), columns, rows)


def _name_by_any(judged: Sequence[Judged], column: str, label: object) -> Figure:
    """Return a group as all measures call it that know it; by its code where they differ."""
    names = [name_group(item.table, column, label) for item in judged]
    coded = {x for x in names if isinstance(x, Coded)}
    return coded.pop() if len(coded) == 1 else label  # type: ignore[return-value]  # of a grouping


def _name_sheet(sheet: Sheet, judged: Judged) -> Sheet:
    """Return a sheet under the name of its measure."""
    name = judged.regime.name
    title = Wording(f"{sheet.title.zh}（{name.zh}）", f"{sheet.title.en} ({name.en})")
    ruleset = judged.regime.program.ruleset
    return Sheet(f"{sheet.name}_{ruleset.id}", title, sheet.columns, sheet.rows, sheet.note)
