"""Comes in: cases with lists of records. Goes out: a table of them and one of each list, in files.

What tables of two kinds may hold that contradicts itself can be worked in: rows without records and
records without a row, keys that several rows share or a row lacks, cells that no door takes.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import voucher_rules as vr
from voucher_rules.values.write import write_period

KEY: Final = "case.no"
Row = dict[str, Any]


@dataclass
class Tables:
    """Rows of cases, and the records of each list with the key of their row."""

    rows: list[Row]
    records: dict[str, list[Row]]

    def write(self, folder: Path, suffix: str, **options: Any) -> tuple[Path, dict[str, Any]]:  # noqa: ANN401
        """Write all into a folder; return the path of the table, and the records as is told."""
        folder.mkdir(parents=True, exist_ok=True)
        held = {
            name: vr.Records(write_rows(folder / f"{name}.{suffix}", rows, [KEY]), KEY, **options)
            for name, rows in self.records.items()
        }
        return write_rows(folder / f"cases.{suffix}", self.rows, [KEY]), held


def draw_tables(
    ruleset: vr.Ruleset, decision: str, count: int, seed: int, missing: str = "3%"
) -> Tables:
    """Return invented cases; of a third of them each thing may be ``missing`` so often."""
    lists = list(ruleset.program(decision).lists)
    made = Tables([], {name: [] for name in lists})
    some = list(vr.synthesise(ruleset, decision, count * 2 // 3, seed=seed))
    some += list(
        vr.synthesise(ruleset, decision, count - len(some), seed=seed + 1, missing=missing)
    )
    for number, row in enumerate(some):
        key = f"C{number:04}"
        made.rows.append({KEY: key, **{x: y for x, y in row.items() if x not in lists}})
        for name in lists:
            for record in row.get(name) or ():
                made.records[name].append({KEY: key, **record})
    return made


def damage(tables: Tables, seed: int) -> Tables:
    """Work in what contradicts itself; a few of each kind."""
    draw = random.Random(seed)  # noqa: S311 - invented tables
    rows = [dict(row) for row in tables.rows]
    for at in draw.sample(range(1, len(rows)), 3):
        rows[at][KEY] = draw.choice([None, rows[at - 1][KEY]])
    records = {name: _damage_records(own, draw) for name, own in tables.records.items()}
    return Tables(rows, records)


def _damage_records(records: Sequence[Row], draw: random.Random) -> list[Row]:
    made = [dict(record) for record in records if draw.random() < 0.9]
    names = sorted({name for record in made for name in record} - {KEY})
    for record in made:
        if draw.random() < 0.08:
            record[draw.choice(names)] = draw.choice([None, "unknown", "-1", "x", "none"])
    made += [{**record, KEY: draw.choice(["Z9", None])} for record in made[:3]]
    draw.shuffle(made)
    return made


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]], names: Sequence[str] = ()) -> Path:
    """Write rows in the form that the name of a file tells; there are ``names`` at least."""
    listed = list(dict.fromkeys([*names, *(name for row in rows for name in row)]))
    columns = {name: [row.get(name) for row in rows] for name in listed}
    if path.suffix == ".parquet":
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        typed = {name: _type_cells(arrow, cells) for name, cells in columns.items()}
        parquet.write_table(arrow.table(typed), path, row_group_size=17)
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(listed)
            writer.writerows([write_cell(row.get(name)) for name in listed] for row in rows)
    else:
        lines = ({x: _as_json(y) for x, y in row.items() if y is not None} for row in rows)
        text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        path.write_text(text, encoding="utf-8")
    return path


def _type_cells(arrow: Any, cells: Sequence[Any]) -> Any:  # noqa: ANN401 - a column of Arrow
    """Return a column of the type that all cells have, else as texts."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if len(kinds) == 1 and kinds <= {bool, int, date, Decimal}:
        return arrow.array(cells)
    told = [None if cell is None else write_cell(cell) for cell in cells]
    return arrow.array(told, arrow.string())


def write_cell(value: Any) -> str:  # noqa: ANN401 - a cell of any kind
    """Return a cell as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, vr.Period):
        return write_period(value, "zh")
    if isinstance(value, frozenset | list):
        return f"[{', '.join(sorted(value))}]"
    if value is vr.NONE:
        return "none"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _as_json(value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    return value if isinstance(value, bool | int) else write_cell(value)
