"""Comes in: results and keys in plain values. Goes out: columns of Arrow, of one type in a run.

The type of a key is that of the column it came in, and so the same in every part, whatever a part
holds. Where the file states none, as of JSON lines with several types, keys are texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from voucher_rules.batch.reading.arrow_tables import ArrowColumn, are_alike
from voucher_rules.batch.reading.chunked_files import TableFile, read_schema
from voucher_rules.batch.reading.far_days import hold_far
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.reading.json_lines import Held
from voucher_rules.batch.results.columns import Cell

ArrowType: TypeAlias = Any
"""A type of Arrow, which no package types."""


def find_type(cell: Cell) -> ArrowType:
    """Return the type of Arrow in which a column of results stands."""
    arrow = import_package("pyarrow", "tables")
    return {
        Cell.WHOLE: arrow.int64(),
        Cell.TRUTH: arrow.bool_(),
        Cell.DAY: arrow.date32(),
        Cell.TEXT: arrow.string(),
    }[cell]


# -- keys ------------------------------------------------------------------------------------------

_CELLS: Final[Mapping[Held, Cell]] = {Held.TRUTHS: Cell.TRUTH, Held.WHOLE: Cell.WHOLE}


def list_column_types(file: TableFile, names: Sequence[str]) -> dict[str, ArrowType]:
    """Return the types in which columns of a file are written, the same throughout a run."""
    if file.suffix == ".parquet":
        schema = read_schema(file)
        return {name: find_key_type(schema.field(name).type) for name in names}
    held = {name: file.held.get(name, Held.TEXTS) for name in names}
    return {name: find_type(_CELLS.get(kind, Cell.TEXT)) for name, kind in held.items()}


def find_key_type(kind: ArrowType) -> ArrowType:
    """Return the type of a key that came in a column of one; texts where that is no plain one."""
    arrow = import_package("pyarrow", "tables")
    told = kind.value_type if arrow.types.is_dictionary(kind) else kind
    types = arrow.types
    tests = (
        *(types.is_null, types.is_boolean, types.is_integer, types.is_float32, types.is_float64),
        *(types.is_decimal, types.is_date, types.is_timestamp, types.is_time),
        *(types.is_large_string, types.is_binary, types.is_large_binary),
    )
    return told if any(test(told) for test in tests) else arrow.string()


def hold_key(cells: Sequence[Any], kind: ArrowType = None) -> ArrowColumn:
    """Return the cells of a key as a column of a type.

    Without one it is that of all the cells, or texts where they are of several: of 1 beside 2.50
    Arrow would make a 1.00, of a moment beside days its day.
    """
    arrow = import_package("pyarrow", "tables")
    if kind is None and are_alike(cells):
        try:
            return arrow.array(cells)
        except (arrow.ArrowException, OverflowError, TypeError):
            pass  # too long for any type
    if kind is None or kind == arrow.string():
        texts = [None if x is None else x if type(x) is str else str(x) for x in cells]
        return arrow.array(texts, arrow.string())
    return arrow.array(hold_far(cells), kind)
