"""Comes in: a table of another package, rows, columns or a file. Goes out: its cells by column.

Whatever a package keeps its cells in, they leave here as plain Python values; what says nothing
(null, NaN, NaT, an empty text) leaves as None. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Any, Final, TypeAlias

from voucher_rules.batch.reading.far_days import list_cells
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.reading.whole_files import read_table_file
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.values.model import Mark, Period

Cells: TypeAlias = Sequence[object]
TABLES: Final = "pandas, polars, pyarrow, list[dict], dict[str, list], path"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it came: its cells by the names of the columns; row 1 is the first."""

    columns: Mapping[str, Cells]
    count: int


def open_table(table: Any) -> RawTable:  # noqa: ANN401 - a table of one of several packages
    """Return the cells of a table. Raises :class:`~.errors.InputError` for what is none.

    A table is one of pandas, Polars (lazy ones are collected), Arrow or anything that speaks its
    stream interface; a list of mappings; a mapping of columns; or the path of a file (CSV, JSON
    lines, JSON, Parquet).
    """
    if isinstance(table, RawTable):
        return table
    if isinstance(table, str | Path):
        read = read_table_file(Path(table))
        return open_table(read)
    package = type(table).__module__.partition(".")[0]
    if package in _OPENERS:
        return _make_table(_OPENERS[package](table))
    if isinstance(table, Mapping):
        return _make_table([(name, list(cells)) for name, cells in table.items()])
    if isinstance(table, Sequence) and not isinstance(table, bytes):
        return _open_rows(table)
    if hasattr(table, "__arrow_c_stream__"):
        return _make_table(_open_arrow(import_package("pyarrow", "tables").table(table)))
    raise _refuse("table-expected", found=type(table).__name__, options=TABLES)


def _open_pandas(table: Any) -> list[tuple[object, Cells]]:  # noqa: ANN401 - a table of pandas
    if not hasattr(table, "columns"):
        raise _refuse("table-expected", found=type(table).__name__, options=TABLES)
    return [(name, _list_pandas(table.iloc[:, at])) for at, name in enumerate(table.columns)]


def _list_pandas(column: Any) -> list[Any]:  # noqa: ANN401 - a column of pandas
    try:
        found: list[Any] = column.tolist()
    except (OverflowError, ValueError):
        found = list_cells(import_package("pyarrow", "tables").array(column, from_pandas=True))
    return found


def _open_polars(table: Any) -> list[tuple[object, Cells]]:  # noqa: ANN401 - a table of Polars
    held = table.collect() if hasattr(table, "collect") else table
    if not hasattr(held, "get_columns"):
        raise _refuse("table-expected", found=type(table).__name__, options=TABLES)
    return [(column.name, _list_polars(column)) for column in held.get_columns()]


def _list_polars(column: Any) -> list[Any]:  # noqa: ANN401 - a column of Polars
    try:
        found: list[Any] = column.to_list()
    except (OverflowError, ValueError):
        found = list_cells(column.to_arrow())
    return found


def _open_arrow(table: Any) -> list[tuple[object, Cells]]:  # noqa: ANN401 - a table of Arrow
    if not hasattr(table, "schema"):
        raise _refuse("table-expected", found=type(table).__name__, options=TABLES)
    return [(name, list_cells(table.column(at))) for at, name in enumerate(table.schema.names)]


_OPENERS: Final[Mapping[str, Any]] = {
    "pandas": _open_pandas,
    "polars": _open_polars,
    "pyarrow": _open_arrow,
}


def _open_rows(rows: Sequence[Any]) -> RawTable:
    """Return rows as columns; what a row does not hold it does not say."""
    names: dict[object, None] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            found = {"found": type(row).__name__}
            raise InputError([Diagnostic("row-expected", found, path=f"rows.{number}")])
        names.update(dict.fromkeys(row))
    made = _make_table([(name, [row.get(name) for row in rows]) for name in names])
    return made if names else RawTable({}, len(rows))


def _make_table(columns: Sequence[tuple[object, Cells]]) -> RawTable:
    """Check names and lengths, and clean every cell."""
    made: dict[str, Cells] = {}
    count = len(columns[0][1]) if columns else 0
    for label, cells in columns:
        name = str(label)
        if name in made:
            raise _refuse("column-twice", name=name)
        if len(cells) != count:
            told = {"name": name, "found": str(len(cells)), "expected": str(count)}
            raise _refuse("column-of-other-length", **told)
        made[name] = _clean_cells(cells)
    return RawTable(made, count)


def _clean_cells(cells: Cells) -> Cells:
    """Return cells as plain values; those of most columns are."""
    kinds = set(map(type, cells))
    if kinds <= _PLAIN:
        return list(cells)
    if kinds <= _PLAIN | {str}:
        return [None if x == "" else x for x in cells] if "" in cells else [*cells]
    return [x if type(x) in _PLAIN else clean_cell(x) for x in cells]


_PLAIN: Final = frozenset({int, bool, date, datetime, NoneType, Mark, Period, frozenset})
NOTHING: Final = frozenset({"NAType", "NaTType"})
"""What pandas calls the types of its marks for nothing."""


def clean_cell(cell: Any) -> Any:  # noqa: ANN401 - a cell of any package
    """Return a cell as a plain value, nested ones too; None for what says nothing."""
    kind = type(cell)
    if kind is str:
        return cell or None
    if kind in _PLAIN:
        return cell
    if isinstance(cell, float):
        return None if cell != cell else float(cell)  # noqa: PLR0124 - only NaN is not itself
    if isinstance(cell, Decimal):
        return None if cell.is_nan() else cell
    if kind.__name__ in NOTHING:
        return None
    if isinstance(cell, Mapping):
        held = {name: clean_cell(inner) for name, inner in cell.items()}
        return {name: inner for name, inner in held.items() if inner is not None}
    if isinstance(cell, list | tuple):
        return [clean_cell(inner) for inner in cell]
    if isinstance(cell, set):
        return set(cell)
    return _clean_foreign(cell)


def _clean_foreign(cell: Any) -> Any:  # noqa: ANN401 - as clean_cell
    """Return a value of NumPy or pandas as one of Python's own; anything else as it is."""
    package = type(cell).__module__.partition(".")[0]
    if package == "numpy":
        if type(cell).__name__ == "datetime64":
            return clean_cell(cell.astype("datetime64[us]").item())
        return clean_cell(cell.tolist())
    if package == "pandas" and isinstance(cell, datetime):
        finer = getattr(cell, "nanosecond", 0)
        return cell if finer else cell.to_pydatetime()  # type: ignore[attr-defined]  # a Timestamp
    return cell


def _refuse(code: str, **arguments: str) -> InputError:
    return InputError([Diagnostic(code, arguments, path="table")])
