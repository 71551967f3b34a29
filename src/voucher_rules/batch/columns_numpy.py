"""Comes in: a kernel and columns of typed values. Goes out: columns of what it finds, by NumPy.

Rows are run through in blocks that fit into a processor's cache. Before each block the bounds of
every step are worked out from what its columns really hold: where one might leave int64 the block
is left to the exact executors, like every row of which too little is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from voucher_rules.batch.columns_numpy_checks import (
    Column,
    ListColumn,
    check_columns,
    fill,
    find_overflow,
    measure_all,
)
from voucher_rules.batch.columns_numpy_steps import (
    STEPS,
    TURNED,
    Array,
    count_distinct,
    make_table,
    np,
    pick_records,
    sum_records,
)
from voucher_rules.compiled.graph import FALSE
from voucher_rules.compiled.nodes import (
    FOLDS,
    Kernel,
    KernelInput,
    Node,
    NotLoweredError,
    Op,
    Part,
    Shape,
    Sort,
)

BLOCK: Final = 1 << 15
"""How many rows are run at a time."""
MOST_OPTIONS: Final = 63
UNDECIDED: Final = -1
"""The number of the outcome of a row that is not decided here."""
_WORD: Final = 64
_BYTE: Final = 8


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """What a kernel found of some rows.

    ``outcome`` numbers as in ``python_code.CODES``, or :data:`UNDECIDED`; ``amounts`` and
    ``binding`` are by output, the latter with a bit for each limit; ``failed`` and ``skipped`` are
    words of 64 bits, one bit for each rule in the order of the document; ``values`` are the parts
    of each value, and where it is none.
    """

    outcome: Array
    amounts: Mapping[str, Array]
    binding: Mapping[str, Array]
    failed: tuple[Array, ...]
    skipped: tuple[Array, ...]
    values: Mapping[str, tuple[tuple[Array, ...], Array]]
    without: Mapping[str, Array]
    """For each output, where it has no amount at all."""


@dataclass(slots=True)
class ColumnKernel:
    """A kernel that is run over columns. Raises :class:`NotLoweredError` for what has none."""

    kernel: Kernel
    skips: bool = True
    """Whether it tells which rules were left aside; which failed it tells always."""
    _plan: list[tuple[int, Callable[..., Array], tuple[int, ...]]] = field(default_factory=list)
    _reads: list[int] = field(default_factory=list)
    _constants: dict[int, Any] = field(default_factory=dict)
    _last_use: dict[int, int] = field(default_factory=dict)
    _roots: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self._check_shapes()
        self._roots = frozenset(self._list_roots())
        self._make_plan(self._list_needed())

    def _check_shapes(self) -> None:
        for node in self.kernel.nodes:
            if node.sort is Sort.TEXT and node.op is not Op.CONST:
                raise self._fail("a text", node)
        for item in self.kernel.inputs:
            wide = (item, *item.fields)
            if any(x.shape is Shape.SET and len(x.type.options) > MOST_OPTIONS for x in wide):
                raise NotLoweredError(f"more than {MOST_OPTIONS} options", item.name)
            if any(x.shape is Shape.NUMBER and not x.denominator for x in wide):
                raise NotLoweredError("a number without a denominator for the column", item.name)

    def _fail(self, reason: str, node: Node) -> NotLoweredError:
        place = self.kernel.places.get(self.kernel.nodes.index(node), "")
        return NotLoweredError(f"{reason} in a column of whole numbers", place)

    # -- the plan --------------------------------------------------------------------------------

    def _list_roots(self) -> list[int]:
        kernel = self.kernel
        roots = [kernel.unsure, kernel.misstated, kernel.denied, kernel.referred]
        for item in kernel.amounts:
            roots += [item.amount, item.none, *(node for _, node in item.binding)]
        for rule in kernel.rules:
            roots += [rule.holds, rule.skipped] if self.skips else [rule.holds]
        for value in kernel.values.values():
            roots += [*value.nodes, value.none]
        return roots

    def _list_needed(self) -> set[int]:
        needed: set[int] = set()
        waiting = list(self._roots)
        while waiting:
            number = waiting.pop()
            if number not in needed:
                needed.add(number)
                waiting.extend(self.kernel.nodes[number].args)
        return needed

    def _make_plan(self, needed: set[int]) -> None:
        for number in sorted(needed):
            node = self.kernel.nodes[number]
            if node.op is Op.CONST:
                self._constants[number] = node.data
            elif node.op in (Op.INPUT, Op.FIELD):
                self._reads.append(number)
            else:
                run, args = self._plan_step(node)
                self._plan.append((number, run, args))
        for number, _, args in self._plan:
            for arg in args:
                self._last_use[arg] = number

    def _plan_step(self, node: Node) -> tuple[Callable[..., Array], tuple[int, ...]]:
        if node.op is Op.NOT:
            inner = self.kernel.nodes[node.args[0]]
            if inner.op in TURNED:
                return TURNED[inner.op], inner.args
        if node.op is Op.TABLE:
            return make_table(node.data), node.args  # type: ignore[arg-type] - a table's cells
        if node.op in FOLDS:
            return _FOLDS[node.op](node), node.args
        return STEPS[node.op], node.args

    # -- running ---------------------------------------------------------------------------------

    def run(self, columns: Mapping[str, Column | ListColumn], rows: int) -> ColumnResult:
        """Run the kernel over columns of so many rows. Raises ValueError for one out of bounds."""
        inputs = self.kernel.inputs
        ranges = check_columns(inputs, columns, rows)
        fits = find_overflow(self.kernel, ranges) is None
        made = _Made.empty(self, rows)
        for start in range(0, rows, BLOCK):
            stop = min(rows, start + BLOCK)
            block = {name: _cut(column, start, stop) for name, column in columns.items()}
            if not fits and find_overflow(self.kernel, measure_all(inputs, block)) is not None:
                made.outcome[start:stop] = UNDECIDED
                continue
            self._run_block(block, stop - start, made, start)
        return made.close()

    def _run_block(
        self, block: Mapping[str, Column | ListColumn], size: int, made: _Made, start: int
    ) -> None:
        held = dict(self._constants)
        self._read_inputs(block, size, held)
        starts = {
            place: block[item.name].starts  # type: ignore[union-attr] - a list's column
            for place, item in enumerate(self.kernel.inputs)
            if item.shape is Shape.LIST
        }
        rows = _Rows(self.kernel, starts, held)
        for number, run, args in self._plan:
            node = self.kernel.nodes[number]
            if node.op in FOLDS:
                held[number] = run(rows, *args)
            elif node.scope:
                held[number] = run(*(rows.spread(arg, node.scope) for arg in args))
            else:
                held[number] = run(*[held[arg] for arg in args])
            for arg in args:
                if self._last_use[arg] == number and arg not in self._roots and not starts:
                    held.pop(arg, None)
        made.take(held, slice(start, start + size))

    def _read_inputs(
        self, block: Mapping[str, Column | ListColumn], size: int, held: dict[int, Array]
    ) -> None:
        for number in self._reads:
            node = self.kernel.nodes[number]
            *at, part = node.data  # type: ignore[misc] - an input's data is a tuple
            item = self.kernel.inputs[at[0]]
            column = block[item.name]
            if len(at) > 1 and isinstance(column, ListColumn):
                item = item.fields[at[1]]
                column = column.fields[item.name]
                held[number] = _read_part(item, column, part, len(column.values))  # type: ignore[union-attr]
            else:
                held[number] = _read_part(item, column, part, size)


def _read_part(item: KernelInput, column: Column | ListColumn, part: Part, size: int) -> Array:
    if part is Part.IS_NONE:
        return column.none if column.none is not None else np.zeros(size, bool)
    if part is Part.IS_MISSING:
        return column.missing if column.missing is not None else np.zeros(size, bool)
    if isinstance(column, ListColumn):
        return np.diff(column.starts)
    values = fill(item, column)
    if item.shape in (Shape.BOOL, Shape.CODE):
        return values
    return np.asarray(values, np.int64)


def _cut(column: Column | ListColumn, start: int, stop: int) -> Column | ListColumn:
    none, missing = (None if x is None else x[start:stop] for x in (column.none, column.missing))
    if isinstance(column, Column):
        return Column(column.values[start:stop], none, missing)
    starts = column.starts[start : stop + 1]
    first, last = int(starts[0]), int(starts[-1])
    fields = {name: _cut(x, first, last) for name, x in column.fields.items()}
    return ListColumn(starts - first, fields, none, missing)  # type: ignore[arg-type] - plain columns


# -- lists -----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rows:
    """The rows of a block and the records in their lists."""

    kernel: Kernel
    starts: Mapping[int, Array]
    held: dict[int, Array]

    def spread(self, number: int, scope: str) -> Array:
        """Return a column for each record: what is one for each row is told of each of its."""
        node, value = self.kernel.nodes[number], self.held[number]
        if node.scope or node.op is Op.CONST:
            return value
        place = next(i for i, item in enumerate(self.kernel.inputs) if item.name == scope)
        return np.repeat(value, np.diff(self.starts[place]))

    def read(self, number: int, place: int) -> Array:
        """Return a column with one value for each record of a list."""
        node = self.kernel.nodes[number]
        size = int(self.starts[place][-1])
        if node.scope:
            return self.held[number]
        if node.op is Op.CONST:
            return np.full(size, self.held[number])
        return np.repeat(self.held[number], np.diff(self.starts[place]))


def _plan_fold(fold: Callable[[Node, Array, Array, Array], Array]) -> Any:  # noqa: ANN401
    def plan(node: Node) -> Callable[..., Array]:
        place = node.data[0]  # type: ignore[index] - a list's place and most records

        def run(rows: _Rows, counts: int, value: int) -> Array:
            counted = rows.read(counts, place)
            return fold(node, counted, rows.read(value, place), rows.starts[place])

        return run

    return plan


_FOLDS: Final[Mapping[Op, Callable[[Node], Callable[..., Array]]]] = {
    Op.FOLD_SUM: _plan_fold(lambda _, c, v, s: sum_records(np.where(c, v, 0), s)),
    Op.FOLD_ANY: _plan_fold(lambda _, c, v, s: sum_records(c & v, s) > 0),
    Op.FOLD_ALL: _plan_fold(lambda _, c, v, s: sum_records(c & ~v, s) == 0),
    Op.FOLD_MIN: _plan_fold(
        lambda n, c, v, s: np.where(
            sum_records(c, s) > 0,
            pick_records(np.minimum, np.where(c, v, n.high), s, n.high),
            n.low,
        )
    ),
    Op.FOLD_MAX: _plan_fold(
        lambda n, c, v, s: pick_records(np.maximum, np.where(c, v, n.low), s, n.low)
    ),
    Op.FOLD_BITS: _plan_fold(
        lambda _, c, v, s: pick_records(
            np.bitwise_or, np.where(c, np.left_shift(1, v, dtype=np.int64), 0), s, 0
        )
    ),
    Op.FOLD_DISTINCT: _plan_fold(lambda _, c, v, s: count_distinct(c, v, s)),
}


# -- what comes out --------------------------------------------------------------------------------


@dataclass(slots=True)
class _Made:
    """The columns that are being filled, block by block."""

    owner: ColumnKernel
    outcome: Array
    amounts: dict[str, Array]
    without: dict[str, Array]
    binding: dict[str, Array]
    failed: Array
    skipped: Array
    values: dict[str, tuple[tuple[Array, ...], Array]]

    @classmethod
    def empty(cls, owner: ColumnKernel, rows: int) -> _Made:
        kernel = owner.kernel
        words = -(-len(kernel.rules) // _WORD)
        names = [item.output for item in kernel.amounts]
        return cls(
            owner,
            np.zeros(rows, np.int8),
            {name: np.zeros(rows, np.int64) for name in names},
            {name: np.zeros(rows, bool) for name in names},
            {name: np.zeros(rows, np.uint64) for name in names},
            np.zeros((words, rows, _BYTE), np.uint8),
            np.zeros((words, rows, _BYTE), np.uint8) if owner.skips else None,
            {
                name: (
                    tuple(np.zeros(rows, _find_dtype(kernel, node)) for node in value.nodes),
                    np.zeros(rows, bool),
                )
                for name, value in kernel.values.items()
            },
        )

    def take(self, held: Mapping[int, Array], at: slice) -> None:
        """Take over what a block came to."""
        kernel = self.owner.kernel
        self.outcome[at] = self._find_outcome(held)
        for item in kernel.amounts:
            self.amounts[item.output][at] = held[item.amount]
            self.without[item.output][at] = held[item.none]
            mask = self.binding[item.output][at]
            for bit, (_, node) in enumerate(item.binding):
                if node != FALSE:
                    mask |= np.left_shift(held[node], np.uint64(bit), dtype=np.uint64)
        flags = [held[rule.holds] for rule in kernel.rules]
        self._pack(self.failed, [None if x is True else np.logical_not(x) for x in flags], at)
        if self.owner.skips:
            skips = [held[rule.skipped] for rule in kernel.rules]
            self._pack(self.skipped, [None if x is False else x for x in skips], at)
        for name, value in kernel.values.items():
            parts, none = self.values[name]
            for part, node in zip(parts, value.nodes, strict=True):
                part[at] = held[node]
            none[at] = held[value.none]

    def _find_outcome(self, held: Mapping[int, Array]) -> Array:
        kernel = self.owner.kernel
        if not kernel.in_force:
            told: Array = np.int8(0)
        else:
            best = 4 if kernel.program.decision.answers == "value" else 3
            told = np.int8(best)
            if kernel.referred != FALSE:
                told = np.where(held[kernel.referred], np.int8(2), told)
            if kernel.denied != FALSE:
                told = np.where(held[kernel.denied], np.int8(1), told)
        for node in (kernel.unsure, kernel.misstated):
            if node != FALSE:
                told = np.where(held[node], np.int8(UNDECIDED), told)
        return told

    def _pack(self, words: Array, flags: list[Array | None], at: slice) -> None:
        """Pack truths into words of bits: byte by byte, which is fast, then side by side."""
        for byte in range(-(-len(flags) // _BYTE)):
            some = [
                (bit, flag)
                for bit, flag in enumerate(flags[byte * _BYTE : (byte + 1) * _BYTE])
                if flag is not None
            ]
            if not some:
                continue
            made = np.zeros(at.stop - at.start, np.uint8)
            for bit, flag in some:
                made |= np.left_shift(flag, np.uint8(bit), dtype=np.uint8)
            words[byte // _BYTE, at, byte % _BYTE] = made

    def close(self) -> ColumnResult:
        return ColumnResult(
            self.outcome,
            self.amounts,
            self.binding,
            _as_words(self.failed),
            _as_words(self.skipped) if self.owner.skips else (),
            self.values,
            self.without,
        )


def _as_words(packed: Array) -> tuple[Array, ...]:
    return tuple(word.view("<u8")[:, 0] for word in packed)


def _find_dtype(kernel: Kernel, node: int) -> Any:  # noqa: ANN401 - a dtype of NumPy
    return bool if kernel.nodes[node].sort is Sort.BOOL else np.int64

