"""Comes in: results by column. Goes out: a file of them: Parquet, CSV or JSON lines.

A file without rows says the same of its columns as any other: Parquet has their types, CSV the line
of their names, and JSON lines has nothing in it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import compress
from pathlib import Path
from typing import Any, TextIO

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.results.arrow_columns import find_type
from voucher_rules.batch.results.columns import ROW, ResultColumn

Columns = Mapping[str, Sequence[Any]]


def write_results(
    path: Path,
    kind: str,
    columns: Columns,
    cells: Sequence[ResultColumn],
    some: Sequence[bool] | None = None,
) -> None:
    """Write a file of results; ``cells`` says what the columns of results hold.

    ``some`` says which rows are written; without it all are. Of Parquet keys are
    columns of Arrow.
    """
    if kind == "parquet":
        _write_parquet(path, columns, cells, some)
        return
    if some is not None:
        columns = {name: list(compress(values, some)) for name, values in columns.items()}
    (_write_csv if kind == "csv" else _write_lines)(path, columns)


def _write_parquet(
    path: Path, columns: Columns, cells: Sequence[ResultColumn], some: Sequence[bool] | None
) -> None:
    arrow = import_package("pyarrow", "tables")
    parquet = import_package("pyarrow.parquet", "tables")
    known = {item.name: find_type(item.cell) for item in cells} | {ROW: arrow.int64()}
    made = {
        name: arrow.array(values, type=known[name]) if name in known else values
        for name, values in columns.items()
    }
    table = arrow.table(made)
    if some is not None:
        # filtered only now: keys of some rows are of the type that they have in all of them
        table = table.filter(arrow.array(some, arrow.bool_()))
    parquet.write_table(table, path)


def _write_csv(path: Path, columns: Columns) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(_UnixLines(file))
        writer.writerow(columns)
        plain = ([tell_cell(x) for x in values] for values in columns.values())
        writer.writerows(zip(*plain, strict=True))


@dataclass(frozen=True, slots=True)
class _UnixLines:
    """Takes rows that end as on Windows, and ends them as on Unix.

    A writer told of other ends quotes no carriage return, in older versions of Python.
    """

    file: TextIO

    def write(self, row: str) -> None:
        self.file.write(f"{row[:-2]}\n")


def _write_lines(path: Path, columns: Columns) -> None:
    names = tuple(columns)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in zip(*columns.values(), strict=True):
            told = dict(zip(names, map(_as_plain, row), strict=True))
            file.write(f"{json.dumps(told, ensure_ascii=False, default=_as_plain)}\n")


def tell_cell(value: object) -> object:
    """Return a cell as CSV holds it: nothing for null, truths in small letters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _as_plain(value)


def _as_plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    plain = value is None or isinstance(value, bool | int | float | str | list | dict)
    return value if plain else str(value)


def write_data_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write plain data as JSON lines."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(f"{json.dumps(row, ensure_ascii=False, default=_as_plain)}\n")


def write_bits(rows: Iterable[tuple[str, int, str, str]]) -> bytes:
    """Return the relation that tells whose each bit of a mask is, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("column", "bit", "rule", "kind"))
    writer.writerows(rows)
    return text.getvalue().encode()
