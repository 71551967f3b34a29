"""Comes in: typed rows. Goes out: them as columns, lists too; picked, joined and turned back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from voucher_rules.batch.numpy.checks import Column, ListColumn
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING, Row

Array: TypeAlias = Any
"""An array of NumPy."""


@dataclass(frozen=True)
class Cases:
    """Cases in columns: of each input its values, where it is none and where it is missing.

    Ratios and numbers stand in the denominators of ``inputs``.
    """

    inputs: tuple[KernelInput, ...]
    columns: Mapping[str, Column | ListColumn]
    count: int

    def list_rows(self) -> list[Row]:
        """Return the cases as rows of the code of kernels: exact numbers in lowest terms."""
        made = [_list_cells(item, self.columns[item.name]) for item in self.inputs]
        return list(zip(*made, strict=True)) if made else [()] * self.count

    def pick(self, places: Array) -> Cases:
        """Return the cases at some places."""
        picked = {name: pick_column(x, places) for name, x in self.columns.items()}
        return Cases(self.inputs, picked, len(places))


def pick_column(column: Column | ListColumn, places: Array) -> Column | ListColumn:
    """Return a column of the rows at some places."""
    none, missing = (None if x is None else x[places] for x in (column.none, column.missing))
    if isinstance(column, Column):
        return Column(column.values[places], none, missing)
    records, starts = find_records(column.starts, places)
    fields: dict[str, Column] = {}
    for name, field in column.fields.items():
        own = pick_column(field, records)
        assert isinstance(own, Column)
        fields[name] = own
    return ListColumn(starts, fields, none, missing)


def find_records(starts: Array, places: Array) -> tuple[Array, Array]:
    """Return where the records of the rows at some places stand, and where each row's begin."""
    lengths = np.diff(starts)[places]
    made = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    first = np.repeat(starts[:-1][places] - made[:-1], lengths)
    return first + np.arange(int(made[-1])), made


def _list_cells(item: KernelInput, column: Column | ListColumn) -> list[Any]:
    if isinstance(column, ListColumn):
        records: list[Row] = list(
            zip(*(_list_cells(one, column.fields[one.name]) for one in item.fields), strict=True)
        )
        starts = column.starts.tolist()
        cells: list[Any] = [tuple(records[a:b]) for a, b in pairwise(starts)]
    elif item.shape is Shape.NUMBER and item.denominator > 1:
        told = {x: _settle(Fraction(x, item.denominator)) for x in set(column.values.tolist())}
        cells = [told[x] for x in column.values.tolist()]
    else:
        cells = column.values.tolist()
    for mask, word in ((column.none, None), (column.missing, MISSING)):
        for at in np.flatnonzero(mask).tolist() if mask is not None else ():
            cells[at] = word
    return cells


def _settle(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def make_column(item: KernelInput, cells: Sequence[Any]) -> Column | ListColumn:
    """Return what stands in some rows for an input as a column with all masks.

    What no whole number of its denominator tells is told by the whole number below.
    """
    none = np.array([x is None for x in cells], bool)
    missing = np.array([x is MISSING for x in cells], bool)
    if item.shape is Shape.LIST:
        lists = [() if x is None or x is MISSING else x for x in cells]
        starts = np.cumsum([0, *(len(x) for x in lists)], dtype=np.int64)
        records = [record for some in lists for record in some]
        fields: dict[str, Column] = {}
        for at, one in enumerate(item.fields):
            own = make_column(one, [record[at] for record in records])
            assert isinstance(own, Column)
            fields[one.name] = own
        return ListColumn(starts, fields, none, missing)
    size = item.denominator or 1
    kind, empty = find_kind(item)
    filled = [empty if x is None or x is MISSING else x for x in cells]
    if item.shape is Shape.NUMBER:
        filled = [int(x * size) if x is not empty else x for x in filled]
    return Column(np.array(filled, kind), none, missing)


def find_kind(item: KernelInput) -> tuple[Any, Any]:
    """Return the type of a column, and what stands where there is nothing."""
    if item.shape is Shape.BOOL:
        return bool, False
    if item.shape is Shape.TEXT:
        return object, ""
    return np.int64, item.low * (item.denominator or 1)
