"""Comes in: how far a budget went. Goes out: the sheets that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from voucher_rules.explain.sheets import Column, Figure, Sheet
from voucher_rules.language.types import DATE, INSTANT
from voucher_rules.whatif.exhausting import Exhaustion, LeftOut
from voucher_rules.whatif.funds import Moment
from voucher_rules.whatif.grouping import Grouping
from voucher_rules.whatif.labelling import name_column, name_group
from voucher_rules.whatif.layout import (
    make_columns,
    make_group_sheet,
    make_rejected_rows,
    make_sheet,
)
from voucher_rules.whatif.population_sheets import (
    money_of,
    name_group_columns,
    spread_labels,
)
from voucher_rules.whatif.spending import Judged

_SHORT = (
    "due_rows:rows",
    "due:money",
    "paid:money",
    "short:money",
    "cut_rows:rows",
    "nothing_rows:rows",
)


def list_exhaustion_sheets(judged: Judged, result: Exhaustion) -> Iterator[Sheet]:
    """Yield what became of the money, then who was left out by group."""
    money = money_of(judged)
    budget, *others = make_columns(money, "budget:money", *_SHORT, "left:money")
    ends = (_make_moment("ran_out", result.ran_out), _make_moment("earliest", result.earliest))
    row = (result.budget, *_list_short(result.whole), result.left, result.ran_out, result.earliest)
    yield make_sheet("exhaust", (budget, *others, *ends), [row])
    for column, groups in result.groups:
        columns = make_columns(money, "group", *_SHORT)
        rows = [
            (name_group(judged.table, column, item.label), *_list_short(item)) for item in groups
        ]
        group = (column, name_column(judged.table, column))
        yield make_group_sheet("exhaust_by", group, columns, rows)


def _list_short(item: LeftOut) -> tuple[Figure, ...]:
    return (item.due_rows, item.due, item.paid, item.short, item.cut_rows, item.nothing_rows)


def _make_moment(key: str, at: Moment | None) -> Column:
    (plain,) = make_columns(DATE, key)
    return Column(key, plain.label, INSTANT if isinstance(at, datetime) else DATE)


def list_exhaustion_rows(
    judged: Judged, result: Exhaustion, arrivals: Sequence[Moment], groupings: Sequence[Grouping]
) -> dict[str, Sheet]:
    """Return the sheets with a line for each row, by name."""
    money = money_of(judged)
    groups = [spread_labels(judged.table, item) for item in groupings]
    columns = [
        *make_columns(money, "row:rows"),
        *name_group_columns(judged.table, groupings, money),
        *make_columns(money, "when", "due:money", "paid:money"),
    ]
    rows = (
        (
            judged.table.numbers[at],
            *(labels[at] for labels in groups),
            arrivals[at],
            result.due[at],
            result.paid[at],
        )
        for at in range(len(arrivals))
    )
    return {
        "rows": make_sheet("rows", columns, rows),
        "rejected_rows": make_rejected_rows(money, judged.table),
    }
