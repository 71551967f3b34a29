"""Comes in: a kernel and columns of typed values. Goes out: columns of what it finds, by NumPy.

Rows are run through in blocks that fit into a processor's cache. Before each block the bounds of
every step are worked out from what its columns really hold: where one might leave int64 the block
is left to the exact executors, like every row of which too little is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from voucher_rules.batch.numpy.checks import (
    Column,
    ListColumn,
    Texts,
    check_columns,
    fill,
    find_overflow,
    measure_all,
)
from voucher_rules.batch.numpy.results import UNFIT, WORD, ColumnResult, Filling
from voucher_rules.batch.numpy.steps import (
    STEPS,
    TURNED,
    Array,
    count_distinct,
    make_table,
    np,
    pick_records,
    sum_records,
)
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
    cells_of,
    list_read_parts,
    place_of_list,
)

BLOCK: Final = 1 << 15
"""How many rows are run at a time."""
MOST_OPTIONS: Final = 63


@dataclass(slots=True)
class ColumnKernel:
    """A kernel that is run over columns. Raises :class:`NotLoweredError` for what has none."""

    kernel: Kernel
    skips: bool = True
    """Whether it tells which rules were left aside; which failed it tells always."""
    _plan: list[tuple[int, Callable[..., Array], tuple[int, ...]]] = field(default_factory=list)
    _reads: list[int] = field(default_factory=list)
    _texts: dict[int, str] = field(default_factory=dict)
    _constants: dict[int, Any] = field(default_factory=dict)
    _last_use: dict[int, int] = field(default_factory=dict)
    _roots: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        self._check_shapes()
        self._roots = frozenset(self._list_roots())
        self._make_plan(self._list_needed())

    def _check_shapes(self) -> None:
        for amount in self.kernel.amounts:
            if max(len(amount.binding), len(amount.lowest)) > WORD:
                raise NotLoweredError(f"more than {WORD} limits", amount.output)
        for item in self.kernel.inputs:
            wide = (item, *item.fields)
            if any(x.shape is Shape.SET and len(x.type.options) > MOST_OPTIONS for x in wide):
                raise NotLoweredError(f"more than {MOST_OPTIONS} options", item.name)
            if any(x.shape is Shape.NUMBER and not x.denominator for x in wide):
                raise NotLoweredError("a number without a denominator for the column", item.name)

    # -- the plan --------------------------------------------------------------------------------

    def _list_roots(self) -> list[int]:
        kernel = self.kernel
        roots = [kernel.unsure, kernel.misstated, kernel.denied, kernel.referred]
        for item in kernel.amounts:
            roots += [item.amount, item.none, item.too_much]
            roots += [node for _, node in (*item.binding, *item.lowest)]
        for rule in kernel.rules:
            roots += [rule.holds, rule.waits, *([rule.skipped] if self.skips else [])]
        for value in kernel.values.values():
            roots += [*value.nodes, value.none, value.waits]
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
                if node.sort is Sort.TEXT:
                    self._texts[number] = str(node.data)
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
            return make_table(cells_of(node)), node.args
        if node.op in FOLDS:
            return _FOLDS[node.op](node), node.args
        return STEPS.get(node.op, np.equal), node.args

    # -- running ---------------------------------------------------------------------------------

    def run(self, columns: Mapping[str, Column | ListColumn], rows: int) -> ColumnResult:
        """Run the kernel over columns of so many rows. Raises ValueError for one out of bounds."""
        inputs = self.kernel.inputs
        ranges = check_columns(inputs, columns, rows)
        fits = find_overflow(self.kernel, ranges) is None
        made = Filling.empty(self.kernel, rows, skips=self.skips)
        texts = Texts()
        columns = {name: texts.encode(column) for name, column in columns.items()}
        constants = {number: texts.number(text) for number, text in self._texts.items()}
        folded = texts.fold()
        for start in range(0, rows, BLOCK):
            stop = min(rows, start + BLOCK)
            block = {name: _cut(column, start, stop) for name, column in columns.items()}
            if not fits and find_overflow(self.kernel, measure_all(inputs, block)) is not None:
                made.outcome[start:stop] = UNFIT
                continue
            held = self._constants | constants
            self._run_block(block, slice(start, stop), held, folded)
            made.take(held, slice(start, stop))
        return made.close(texts.list_texts())

    def _run_block(
        self,
        block: Mapping[str, Column | ListColumn],
        at: slice,
        held: dict[int, Array],
        folded: Array,
    ) -> None:
        """Work out every step on a block into ``held``."""
        self._read_inputs(block, at.stop - at.start, held)
        columns = [block[item.name] for item in self.kernel.inputs]
        starts = {
            place: column.starts
            for place, column in enumerate(columns)
            if isinstance(column, ListColumn)
        }
        rows = _Rows(self.kernel, starts, held)
        for number, run, args in self._plan:
            node = self.kernel.nodes[number]
            if node.op in FOLDS:
                held[number] = run(rows, *args)
            elif node.op is Op.SAME:
                held[number] = np.equal(*(folded[rows.spread(x, node.scope)] for x in args))
            elif node.scope:
                held[number] = run(*(rows.spread(arg, node.scope) for arg in args))
            else:
                held[number] = run(*[held[arg] for arg in args])
            for arg in args:
                if self._last_use[arg] == number and arg not in self._roots and not starts:
                    held.pop(arg, None)

    def _read_inputs(
        self, block: Mapping[str, Column | ListColumn], size: int, held: dict[int, Array]
    ) -> None:
        for number in self._reads:
            node = self.kernel.nodes[number]
            at, part = list_read_parts(node)
            item = self.kernel.inputs[at[0]]
            column = block[item.name]
            if len(at) > 1 and isinstance(column, ListColumn):
                item = item.fields[at[1]]
                own = column.fields[item.name]
                held[number] = _read_part(item, own, part, len(own.values))
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
    if isinstance(column, Column):
        return _cut_column(column, start, stop)
    none, missing = (None if x is None else x[start:stop] for x in (column.none, column.missing))
    starts = column.starts[start : stop + 1]
    first, last = int(starts[0]), int(starts[-1])
    fields = {name: _cut_column(x, first, last) for name, x in column.fields.items()}
    return ListColumn(starts - first, fields, none, missing)


def _cut_column(column: Column, start: int, stop: int) -> Column:
    none, missing = (None if x is None else x[start:stop] for x in (column.none, column.missing))
    return Column(column.values[start:stop], none, missing)


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
        if not scope or node.scope or node.op is Op.CONST:
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
        place = place_of_list(node)

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
