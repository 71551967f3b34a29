"""Comes in: columns of typed values. Goes out: whether a kernel may be run over them by NumPy.

Each must be of the kind its input wants and within the bounds declared for it; and no step may
leave int64 on what they really hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from unicodedata import normalize

from voucher_rules.batch.numpy.steps import Array, np
from voucher_rules.compiled.bounds import Bounds, bound_step
from voucher_rules.compiled.nodes import (
    Kernel,
    KernelInput,
    Node,
    Op,
    Part,
    Shape,
    Sort,
    list_read_parts,
)

WIDEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one input, in the numbers a kernel reads; ``none`` tells where there is no value.

    ``missing`` tells where it is not known whether there is, or which.
    """

    values: Array
    none: Array | None = None
    missing: Array | None = None


@dataclass(frozen=True, slots=True)
class ListColumn:
    """Lists of records: ``starts`` are where those of each row begin, and where the last ends."""

    starts: Array
    fields: Mapping[str, Column]
    none: Array | None = None
    missing: Array | None = None


class Texts:
    """Numbers the texts of some columns; what counts as the same text is told apart by `fold`."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """Return the number of a text."""
        return self._numbers.setdefault(text, len(self._numbers))

    def encode(self, column: Column | ListColumn) -> Column | ListColumn:
        """Return a column of numbers in the place of one of texts."""
        if isinstance(column, ListColumn):
            fields = {name: self._encode(x) for name, x in column.fields.items()}
            return ListColumn(column.starts, fields, column.none, column.missing)
        return self._encode(column)

    def _encode(self, column: Column) -> Column:
        if column.values.dtype.kind not in "OU":
            return column
        numbers = np.fromiter((self.number(str(x)) for x in column.values), np.int64)
        return Column(numbers, column.none, column.missing)

    def list_texts(self) -> list[str]:
        """Return the text of each number."""
        return list(self._numbers)

    def fold(self) -> Array:
        """Return, for each number, that of the same text however its characters are encoded."""
        plain: dict[str, int] = {}
        folded = [plain.setdefault(normalize("NFC", x), len(plain)) for x in self._numbers]
        return np.array(folded, np.int64)


Ranges: TypeAlias = Mapping[str, Bounds]
"""The least and the greatest that columns hold, by input or field."""


def check_columns(
    inputs: tuple[KernelInput, ...], columns: Mapping[str, Column | ListColumn], rows: int
) -> Ranges:
    """Check that every column is there, of its length and within the bounds of its input.

    Returns the bounds of what they hold. Raises ValueError.
    """
    ranges: dict[str, Bounds] = {}
    for item in inputs:
        column = columns.get(item.name)
        if column is None:
            raise ValueError(f"no column for `{item.name}`")
        if isinstance(column, ListColumn):
            _check_list(item, column, rows)
            for one in item.fields:
                ranges[one.name] = _check_column(
                    one, column.fields[one.name], int(column.starts[-1])
                )
        else:
            ranges[item.name] = _check_column(item, column, rows)
    return ranges


def _check_list(item: KernelInput, column: ListColumn, rows: int) -> None:
    lengths = np.diff(column.starts)
    if len(lengths) != rows or column.starts[0] != 0 or (lengths < 0).any():
        raise ValueError(f"`{item.name}` does not tell where the records of {rows} rows begin")
    if rows and lengths.max() > item.most:
        raise ValueError(f"`{item.name}` has more than {item.most} records in a row")
    for one in item.fields:
        if one.name not in column.fields:
            raise ValueError(f"no column for `{one.name}`")
    _check_masks(item, column, rows)


def _check_column(item: KernelInput, column: Column, rows: int) -> Bounds:
    wanted = {Shape.BOOL: "b", Shape.TEXT: "OU"}.get(item.shape, "iu")
    if len(column.values) != rows or column.values.dtype.kind not in wanted:
        raise ValueError(f"`{item.name}` is no column of {rows} values of its kind")
    _check_masks(item, column, rows)
    if item.shape in (Shape.BOOL, Shape.TEXT):
        return 0, 1
    low, high = measure(item, column)
    size = item.denominator or 1
    if not item.low * size <= low <= high <= item.high * size:
        raise ValueError(f"`{item.name}` has a value out of its bounds")
    return low, high


def _check_masks(item: KernelInput, column: Column | ListColumn, rows: int) -> None:
    for mask, may_be in ((column.none, item.may_be_none), (column.missing, item.may_be_missing)):
        if mask is None:
            continue
        if len(mask) != rows or mask.dtype.kind != "b":
            raise ValueError(f"a mask of `{item.name}` is no column of {rows} truths")
        if not may_be and mask.any():
            raise ValueError(f"`{item.name}` lacks a value that it must have")


def measure(item: KernelInput, column: Column) -> Bounds:
    """Return the least and the greatest value that a column has where it has one."""
    values = fill(item, column)
    size = item.denominator or 1
    if not len(values):
        return item.low * size, item.low * size
    return int(values.min()), int(values.max())


def fill(item: KernelInput, column: Column) -> Array:
    """Return the values of a column with something harmless in the place of nothing."""
    values = column.values
    empty = False if item.shape is Shape.BOOL else item.low * (item.denominator or 1)
    if item.shape is Shape.TEXT:
        empty = 0
    for mask in (column.none, column.missing):
        if mask is not None:
            values = np.where(mask, empty, values)
    return values


def measure_all(
    inputs: tuple[KernelInput, ...], columns: Mapping[str, Column | ListColumn]
) -> Ranges:
    """Return the bounds of what columns hold that were checked before."""
    ranges: dict[str, Bounds] = {}
    for item in inputs:
        column = columns[item.name]
        if isinstance(column, ListColumn):
            ranges |= {one.name: measure(one, column.fields[one.name]) for one in item.fields}
        elif item.shape not in (Shape.BOOL, Shape.TEXT):
            ranges[item.name] = measure(item, column)
    return ranges


def find_overflow(kernel: Kernel, ranges: Ranges | None = None) -> str | None:
    """Return the rule in which a step may leave int64; None where none can.

    The bounds of the inputs are those of columns, or those declared where none are told.
    """
    found: list[Bounds] = []
    for number, node in enumerate(kernel.nodes):
        bounds = (node.low, node.high)
        if node.sort is Sort.INT and node.op in (Op.INPUT, Op.FIELD):
            bounds = _bound_input(kernel, node, ranges)
        elif node.sort is Sort.INT and node.op is not Op.CONST:
            bounds = bound_step(node.op, node.data, [found[arg] for arg in node.args])
        if bounds[0] < -WIDEST or bounds[1] > WIDEST:
            return kernel.places.get(number, "")
        found.append(bounds)
    return None


def _bound_input(kernel: Kernel, node: Node, ranges: Ranges | None) -> Bounds:
    at, part = list_read_parts(node)
    if ranges is None or part is Part.LENGTH:
        return node.low, node.high
    item = kernel.inputs[at[0]]
    name = item.fields[at[1]].name if len(at) > 1 else item.name
    return ranges[name]
