"""Comes in: a table of another package. Goes out: its columns in Arrow, where it has such.

Columns of pandas, Polars and Arrow keep their cells side by side; they are judged and decided as
they stand. Of a table with columns of any other kind each cell is taken by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from voucher_rules.batch.frames import import_package

ArrowColumn: TypeAlias = Any
"""A column of Arrow in one piece, which no package types."""


def take_arrow(table: Any) -> Any | None:  # noqa: ANN401 - a table of any package
    """Return a table as one of Arrow; None for one whose cells are taken each by itself."""
    arrow = import_package("pyarrow", "tables")
    package = type(table).__module__.partition(".")[0]
    try:
        if package in _TAKERS:
            made = _TAKERS[package](arrow, table)
        elif hasattr(table, "__arrow_c_stream__"):
            made = arrow.table(table)
        else:
            return None
    except (arrow.ArrowException, AttributeError, OverflowError, TypeError, ValueError):
        return None
    return made if made is not None and len(set(made.column_names)) == made.num_columns else None


def _take_pandas(arrow: Any, table: Any) -> Any:  # noqa: ANN401 - packages that are not typed
    """Return a table of pandas; what it has for nothing (NaN, NaT, NA) is null."""
    names = [str(name) for name in table.columns]
    columns = [arrow.array(table.iloc[:, at], from_pandas=True) for at in range(len(table.columns))]
    return arrow.table(columns, names=names)


def _take_polars(arrow: Any, table: Any) -> Any:  # noqa: ANN401
    del arrow
    return (table.collect() if hasattr(table, "collect") else table).to_arrow()


def _take_own(arrow: Any, table: Any) -> Any:  # noqa: ANN401
    return table if isinstance(table, arrow.Table) else arrow.table(table)


_TAKERS: Final[Mapping[str, Any]] = {
    "pandas": _take_pandas,
    "polars": _take_polars,
    "pyarrow": _take_own,
}


def join_chunks(column: Any) -> ArrowColumn:  # noqa: ANN401 - a column in pieces
    """Return a column in one piece, with its cells themselves where it kept them numbered."""
    arrow = import_package("pyarrow", "tables")
    pieces = column.chunks
    if arrow.types.is_dictionary(column.type):
        pieces = [piece.dictionary_decode() for piece in pieces]
    if len(pieces) == 1:
        return pieces[0]
    return arrow.concat_arrays(pieces) if pieces else arrow.nulls(0)


def is_judged_whole(column: ArrowColumn) -> bool:
    """Return whether the cells of a column are of a kind that is judged column by column."""
    types = import_package("pyarrow", "tables").types
    kind = column.type
    return any(
        test(kind)
        for test in (
            types.is_boolean,
            types.is_integer,
            types.is_floating,
            types.is_decimal,
            types.is_string,
            types.is_large_string,
            types.is_date32,
            types.is_timestamp,
            types.is_time,
            types.is_null,
        )
    )


def is_float(column: ArrowColumn) -> bool:
    """Return whether a column holds binary floats."""
    return bool(import_package("pyarrow", "tables").types.is_floating(column.type))
