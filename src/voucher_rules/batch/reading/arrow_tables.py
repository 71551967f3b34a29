"""Comes in: a table of another package. Goes out: its columns in Arrow, where it has such.

Columns of pandas, Polars and Arrow keep their cells side by side; they are judged and decided as
they stand. Of a table with columns of any other kind each cell is taken by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any, Final, TypeAlias

from voucher_rules.batch.reading.columns import NOTHING
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.values.read import MAX_DIGITS

ArrowColumn: TypeAlias = Any
"""A column of Arrow in one piece, which no package types."""
_DECIMAL_BITS: Final = 128
"""Arrow neither compares nor numbers decimals of fewer bits."""
_VIEWS: Final = {"string_view": "large_string", "binary_view": "large_binary"}
_TURNED: Final = frozenset({bool, int, float, str, date, Decimal})
"""Types of Python objects that Arrow holds as they are, where a column has no other."""


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
    if made is None or len(set(made.column_names)) < made.num_columns:
        return None
    for at, name in enumerate(made.column_names):
        column = _write_out(arrow, made.column(at))
        made = made if column is None else made.set_column(at, name, column)
    return made


def _write_out(arrow: Any, column: Any) -> Any:  # noqa: ANN401 - a column in pieces
    """Return a column that keeps its cells elsewhere as one with the cells themselves, else None.

    Arrow cannot pick rows of such a column.
    """
    name = str(column.type)
    if name in _VIEWS:
        return column.cast(arrow.type_for_alias(_VIEWS[name]))
    if name.startswith("run_end_encoded"):
        decode = import_package("pyarrow.compute", "tables").run_end_decode
        return arrow.chunked_array([decode(x) for x in column.chunks], column.type.value_type)
    return None


def _take_pandas(arrow: Any, table: Any) -> Any:  # noqa: ANN401 - packages that are not typed
    """Return a table of pandas; what it has for nothing (NaN, NaT, NA) is null.

    None where Arrow would turn one object into another: it takes the first of a column for all, and
    so a moment for its day, one in no zone for one in some, a whole number for a binary one.
    """
    names = [str(name) for name in table.columns]
    columns = []
    for at in range(len(table.columns)):
        column = table.iloc[:, at]
        own = column.cat.categories if hasattr(column, "cat") else column
        objects = own.dtype == object
        made = None if objects and not are_alike(own) else arrow.array(column, from_pandas=True)
        if made is None or _is_changed(arrow, made.type, objects=objects):
            return None
        columns.append(made)
    return arrow.table(columns, names=names)


def are_alike(cells: Iterable[Any]) -> bool:
    """Return whether cells are all of one type that Arrow holds as it is, or nothing."""
    kinds = {kind for kind in set(map(type, cells)) if kind.__name__ not in NOTHING} - {NoneType}
    if float in kinds and len(kinds) > 1 and all(x != x for x in cells if type(x) is float):  # noqa: PLR0124 - only NaN is not itself
        kinds.remove(float)
    return len(kinds) <= 1 and kinds <= _TURNED


def _is_changed(arrow: Any, kind: Any, *, objects: bool) -> bool:  # noqa: ANN401 - a type of Arrow
    """Return whether cells may not be what they were: periods of pandas are turned into numbers.

    Decimal objects get as many digits as the finest has, maybe more than one may have.
    """
    padded = objects and arrow.types.is_decimal(kind) and kind.precision > MAX_DIGITS
    return padded or isinstance(kind, arrow.BaseExtensionType)


def _take_polars(arrow: Any, table: Any) -> Any:  # noqa: ANN401
    """Return a table of Polars; None for one of objects, of which it would give the addresses."""
    del arrow
    held = table.collect() if hasattr(table, "collect") else table
    return None if any(str(x) == "Object" for x in held.dtypes) else held.to_arrow()


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
    kind, pieces = column.type, column.chunks
    if arrow.types.is_dictionary(kind):
        kind, pieces = kind.value_type, [piece.dictionary_decode() for piece in pieces]
    if arrow.types.is_decimal(kind) and kind.bit_width < _DECIMAL_BITS:
        pieces = [piece.cast(arrow.decimal128(kind.precision, kind.scale)) for piece in pieces]
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
