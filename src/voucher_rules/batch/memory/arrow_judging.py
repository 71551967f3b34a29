"""Comes in: columns of Arrow. Goes out: them as a kernel reads them, judged.

What a cell says is for the judges of the usual door to tell. Whole numbers, exact decimals and days
are judged at their ends, any other column once for each different cell. A row with a cell that is
refused is marked as odd, and left to the usual door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from voucher_rules.batch.cases.cells import CellShaper, FloatCounter
from voucher_rules.batch.cases.column_judging import count_in, find_rest, is_too_wide
from voucher_rules.batch.cases.stated import try_judge, was_refused
from voucher_rules.batch.cases.tables import Layout
from voucher_rules.batch.numpy.checks import WIDEST, Column
from voucher_rules.batch.numpy.steps import Array, np
from voucher_rules.batch.reading.arrow_tables import ArrowColumn, is_float
from voucher_rules.batch.reading.columns import clean_cell
from voucher_rules.batch.reading.far_days import list_cells, read_scalar
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.compiled.door import find_digits, list_door_inputs
from voucher_rules.compiled.facts import Judge, make_extra_judges, make_judge
from voucher_rules.compiled.nodes import KernelInput, NotLoweredError, Shape
from voucher_rules.compiled.python_names import MISSING
from voucher_rules.language.types import QUANTITIES, Kind
from voucher_rules.program.build import Program

_EPOCH: Final = 719_163
"""The first day of 1970, counted from the first of year 1."""
_NARROW: Final = 127
"""Up to so many options are numbered in bytes."""
_DTYPES: Final[Mapping[Shape, str]] = {Shape.BOOL: "bool", Shape.TEXT: "object"}


@dataclass(slots=True)
class TypedColumns:
    """Columns as kernels read them; ``odd`` marks the rows that are left to the usual door.

    ``denominators`` tells what ratios and numbers count in; ``lacks`` whether something is missing
    of what surely exists.
    """

    columns: dict[str, Column]
    odd: Array
    denominators: dict[str, int] = field(default_factory=dict)
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one column: values in numbers, and where they say nothing, none, or are odd."""

    values: Array
    silent: Array | None = None
    none: Array | None = None
    odd: Array | None = None


@dataclass(slots=True)
class ArrowDoor:
    """Judges columns; ``columns`` has that of each fact that has one, all of ``rows`` cells."""

    program: Program
    layout: Layout
    columns: Mapping[str, ArrowColumn]
    rows: int
    floats: FloatCounter

    def judge(self) -> TypedColumns:
        """Judge every column. Raises :class:`NotLoweredError` for what columns cannot hold."""
        made = TypedColumns({}, np.zeros(self.rows, bool))
        for item in list_door_inputs(self.program):
            self._take(made, item)
        for name, judge in make_extra_judges(self.program).items():
            self._judge_extra(made, name, judge)
        return made

    def _take(self, made: TypedColumns, item: KernelInput) -> None:
        if item.shape is Shape.LIST:
            raise NotLoweredError("a list of records over columns", item.name)
        judge = make_judge(self.program, self.program.inputs[item.name], item)
        rest = find_rest(self.program, self.layout, item.name, judge)
        column = self.columns.get(item.name)
        if column is None or column.null_count == self.rows:
            cells = _Cells(self._fill(item, 0), np.ones(self.rows, bool))
            size = count_in(made.denominators, item, [rest], WIDEST)
        else:
            found = self._read_direct(item, column, judge)
            size = 1
            if found is None:
                found, size = self._look_up(made, item, column, judge, rest)
            cells = found
        self._put(made, item, cells, rest, size)

    def _fill(self, item: KernelInput, value: Any) -> Array:  # noqa: ANN401 - of the kind of an input
        return np.full(self.rows, value, _DTYPES.get(item.shape, "int64"))

    def _put(
        self,
        made: TypedColumns,
        item: KernelInput,
        cells: _Cells,
        rest: Any,  # noqa: ANN401 - what stands in a row
        size: int,
    ) -> None:
        """Put a column in its place, where cells say nothing what stands for them."""
        values, none, missing = cells.values, cells.none, None
        if cells.odd is not None:
            made.odd |= cells.odd
        if cells.silent is not None:
            if rest is MISSING:
                missing = cells.silent
            elif was_refused(rest):
                made.odd |= cells.silent
            elif rest is None:
                none = cells.silent if none is None else none | cells.silent
            else:
                told = _as_number(item, rest, size)
                if is_too_wide(told):
                    raise NotLoweredError("a number too wide", item.name)
                values = np.where(cells.silent, np.array(told, values.dtype), values)
        if missing is not None and self.program.inputs[item.name].applies is None:
            made.lacks = made.lacks or item.name != self.program.decision.as_of
        made.columns[item.name] = Column(values, none, missing)

    # -- as it stands ----------------------------------------------------------------------------

    def _read_direct(self, item: KernelInput, column: ArrowColumn, judge: Judge) -> _Cells | None:
        """Return a column whose cells are values as they stand, and well stated; else None."""
        types = import_package("pyarrow", "tables").types
        kind = column.type
        silent = _find_nulls(column)
        if item.shape is Shape.BOOL and types.is_boolean(kind):
            return _Cells(_as_array(column, fill=False), silent)
        if item.shape is Shape.DAY and types.is_date32(kind):
            days = column.cast("int32")
            if not _is_sound(judge, column):
                return None
            return _Cells(_as_array(days, fill=0).astype(np.int64) + _EPOCH, silent)
        if item.type.kind not in (Kind.MONEY, Kind.COUNT) or item.shape is not Shape.NUMBER:
            return None
        counted = _count_whole(column, find_digits(item))
        if counted is None or not _is_sound(judge, column):
            return None
        return _Cells(counted, silent)

    # -- cell by cell ----------------------------------------------------------------------------

    def _look_up(
        self,
        made: TypedColumns,
        item: KernelInput,
        column: ArrowColumn,
        judge: Judge,
        rest: Any,  # noqa: ANN401 - what stands in a row
    ) -> tuple[_Cells, int]:
        """Judge each different cell once; rows look up what it stands for, in parts of a whole."""
        places, cells = _number_cells(column)
        judged = [self._judge_cell(item.name, judge, cell) for cell in cells]
        size = count_in(made.denominators, item, [*judged, rest], WIDEST)
        told = [_as_number(item, x, size) for x in judged]
        odd = [was_refused(x) or is_too_wide(y) for x, y in zip(judged, told, strict=True)]
        blank = "" if item.shape is Shape.TEXT else 0
        kept = [
            blank if x or y is None or y is MISSING else y for x, y in zip(odd, told, strict=True)
        ]
        values = np.array([*kept, blank], _DTYPES.get(item.shape, "int64"))
        if item.shape is Shape.CODE and len(item.type.options) <= _NARROW:
            values = values.astype(np.int8)
        return _Cells(
            values[places],
            _flag(places, [*(x is MISSING for x in judged), column.null_count > 0]),
            _flag(places, [*(x is None for x in judged), False]),
            _flag(places, [*odd, False]),
        ), size

    def _judge_cell(self, name: str, judge: Judge, cell: Any) -> Any:  # noqa: ANN401 - any cell
        """Return what a cell stands for; :data:`MISSING` where it says nothing."""
        if cell is None:
            return MISSING
        shaper = CellShaper(name, self.program.ruleset.inputs[name], self.floats)
        return try_judge(judge, shaper.shape(cell, 0))

    def _judge_extra(self, made: TypedColumns, name: str, judge: Judge) -> None:
        """Judge a fact that is declared, but which the decision does not read."""
        column = self.columns.get(name)
        silent: Array = True
        if column is not None and column.null_count < self.rows:
            places, cells = _number_cells(column)
            judged = [self._judge_cell(name, judge, cell) for cell in cells]
            made.odd |= np.array([*(was_refused(x) for x in judged), False])[places]
            silent = np.array([*(x is MISSING for x in judged), True])[places]
        shared = self.layout.facts
        if name in shared and was_refused(try_judge(judge, shared[name])):
            made.odd |= silent


# -- columns of Arrow as those of NumPy ------------------------------------------------------------


def _find_nulls(column: ArrowColumn) -> Array | None:
    return column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None


def _as_array(column: ArrowColumn, *, fill: Any) -> Array:  # noqa: ANN401 - of the column's kind
    """Return the cells, something harmless in the place of nothing."""
    held = column.fill_null(fill) if column.null_count else column
    return held.to_numpy(zero_copy_only=False)


def _is_sound(judge: Judge, column: ArrowColumn) -> bool:
    """Return whether both ends of a column are well stated, and so all between."""
    compute = import_package("pyarrow.compute", "tables")
    ends = map(read_scalar, compute.min_max(column).values())
    return not any(was_refused(try_judge(judge, x)) for x in ends)


def _count_whole(column: ArrowColumn, digits: int) -> Array | None:
    """Return numbers in units of so many digits less; None where some are none, or too wide."""
    arrow = import_package("pyarrow", "tables")
    types, kind = arrow.types, column.type
    if types.is_integer(kind):
        if types.is_uint64(kind):
            return None
        values = _as_array(column, fill=0).astype(np.int64)
        most = WIDEST // 10**digits
        if digits and len(values) and not (-most <= values.min() and values.max() <= most):
            return None
        return values * 10**digits if digits else values
    if not types.is_decimal(kind) or kind.scale > digits:
        return None
    return _count_decimals(arrow, column, digits)


def _count_decimals(arrow: Any, column: ArrowColumn, digits: int) -> Array | None:  # noqa: ANN401
    """Return decimals as whole numbers: the low words, where the high ones but carry the sign."""
    try:
        wide = column.cast(arrow.decimal128(38, digits))
    except arrow.ArrowException:
        return None
    buffer = wide.buffers()[1]
    words = np.frombuffer(buffer, np.int64)[2 * wide.offset : 2 * (wide.offset + len(wide))]
    low, high = words[::2], words[1::2]
    nulls = _find_nulls(wide)
    held = low if nulls is None else np.where(nulls, 0, low)
    signs = high if nulls is None else np.where(nulls, 0, high)
    return held if bool((signs == held >> 63).all()) else None


def _number_cells(column: ArrowColumn) -> tuple[Array, list[Any]]:
    """Return the place of each row's cell among the different ones, and these; nothing is last."""
    numbered = column.dictionary_encode()
    cells = [clean_cell(cell) for cell in list_cells(numbered.dictionary)]
    places = numbered.indices
    if numbered.indices.null_count:
        places = places.fill_null(len(cells))
    return places.to_numpy(zero_copy_only=False), cells


def _flag(places: Array, flags: Sequence[bool]) -> Array | None:
    """Return whose cell is flagged; None where no cell is."""
    if not any(flags):
        return None
    made = np.array(flags)[places]
    return made if made.any() else None


def _as_number(item: KernelInput, value: Any, size: int) -> Any:  # noqa: ANN401 - what stands in a row
    """Return what stands in a typed row as a column holds it."""
    if value is None or value is MISSING or was_refused(value):
        return None
    return int(value * size) if item.shape is Shape.NUMBER else value


def count_floats(
    program: Program, facts: Mapping[str, str], columns: Mapping[str, ArrowColumn]
) -> dict[str, int]:
    """Return how many binary floats the columns of quantities hold, by column."""
    compute = import_package("pyarrow.compute", "tables")
    found = {}
    for column, fact in facts.items():
        held = columns[column]
        if is_float(held) and program.ruleset.inputs[fact].type.kind in QUANTITIES:
            finite = compute.sum(compute.is_finite(held)).as_py() or 0
            if finite:
                found[column] = finite
    return found
