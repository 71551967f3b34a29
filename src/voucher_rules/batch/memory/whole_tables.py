"""Comes in: a table in memory. Goes out: a table of results, decided column by column.

Columns of pandas, Polars and Arrow are judged and decided as they stand, each law's rows by its
kernel. Rows that no kernel decides, and tables of which cells are taken each by itself, go through
the usual door a lot at a time. What comes out is the same either way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from voucher_rules.batch.cases.cells import EXACT_DECIMAL, FloatCounter
from voucher_rules.batch.cases.jobs import Reading
from voucher_rules.batch.cases.tables import (
    Rejected,
    check_keys,
    check_shared,
    find_facts,
    list_absent,
    list_unused,
)
from voucher_rules.batch.memory.arrow_judging import ArrowDoor, TypedColumns, count_floats
from voucher_rules.batch.memory.arrow_results import make_columns, tell_columns
from voucher_rules.batch.memory.rows import Decided, decide_rows, note_unknown
from voucher_rules.batch.numpy.checks import Column
from voucher_rules.batch.numpy.kernel import ColumnKernel
from voucher_rules.batch.numpy.steps import Array, np
from voucher_rules.batch.reading.arrow_tables import (
    ArrowColumn,
    is_judged_whole,
    join_chunks,
    take_arrow,
)
from voucher_rules.batch.reading.columns import RawTable, open_table
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.results.arrow_columns import find_key_type, hold_key
from voucher_rules.batch.results.columns import ROW, list_result_columns
from voucher_rules.compiled.build import stretches_of
from voucher_rules.compiled.nodes import Kernel, NotLoweredError
from voucher_rules.compiled.verdict import prepare
from voucher_rules.language.types import Kind

LEFT: Final = 1 << 16
"""How many rows go through the usual door at a time."""
_NO_TYPES: Final[Mapping[str, Any]] = {}


@dataclass(slots=True)
class Tabled:
    """What a table came to: ``results`` in Arrow, a line for each row that is a case.

    ``by_reference`` of them were left to the reference. ``converted`` counts binary floats turned
    into decimals, by column, ``dated`` the rows whose day was assumed. ``absent`` are facts that
    the decision reads and nothing tells, ``unused`` columns of no fact and no key, ``unmatched``
    counts the records of no row, by list.
    """

    results: Any
    count: int
    rejected: tuple[Rejected, ...] = ()
    by_reference: int = 0
    converted: Mapping[str, int] = field(default_factory=dict)
    dated: int = 0
    absent: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    unmatched: Mapping[str, int] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    """Of the rows left to the reference how many do not tell a fact, and of how many it is missing
    (see ``cases.unknown_counts``)."""


def decide_in_memory(reading: Reading, table: Any, keys: Sequence[str] = ()) -> Tabled:  # noqa: ANN401
    """Decide every row of a table; ``keys`` are columns that go into the results.

    Raises :class:`~.errors.InputError` for what is wrong with the table as a whole.
    """
    check_shared(reading.program.ruleset, reading.layout)
    columnar = _take_columns(reading, table, keys)
    if columnar is None:
        return _decide_cells(reading, open_table(table), keys)
    return _Run(reading, *columnar, tuple(keys)).run()


def _take_columns(
    reading: Reading,
    table: Any,  # noqa: ANN401
    keys: Sequence[str],
) -> tuple[Any, Mapping[str, str]] | None:
    """Return a table in Arrow with the fact of each column; None where cells are taken singly."""
    if reading.layout.records:
        return None
    held = take_arrow(table)
    if held is None:
        return None
    check_keys(keys, held.column_names)
    named = RawTable(dict.fromkeys(held.column_names, ()), 0)
    facts = find_facts(named, reading.program.ruleset, reading.layout)
    inputs = reading.program.ruleset.inputs
    if any(inputs[fact].type.kind is Kind.LIST for fact in facts.values()):
        return None
    return held, facts


def _decide_cells(
    reading: Reading, raw: RawTable, keys: Sequence[str], types: Mapping[str, Any] = _NO_TYPES
) -> Tabled:
    """Decide a table whose cells are taken each by itself; ``types`` are those of its keys."""
    check_keys(keys, raw.columns)
    found = decide_rows(reading, raw, range(1, raw.count + 1))
    arrow = import_package("pyarrow", "tables")
    made = {ROW: arrow.array(found.table.numbers, arrow.int64())}
    made |= {key: hold_key(found.table.pick(key), types.get(key)) for key in keys}
    made |= make_columns(reading.program, found.results)
    return Tabled(
        arrow.table(made),
        raw.count,
        found.rejected,
        found.by_reference,
        found.table.converted,
        found.table.dated,
        found.table.absent,
        (
            *list_unused(raw.columns, found.table.facts, reading.layout, keys),
            *found.table.unused_fields,
        ),
        found.table.unmatched,
        Counter(note_unknown(found)),
    )


class _Run:
    """One run over columns of Arrow; ``facts`` has the fact of each column."""

    def __init__(
        self,
        reading: Reading,
        held: Any,  # noqa: ANN401 - a table of Arrow
        facts: Mapping[str, str],
        keys: tuple[str, ...],
    ) -> None:
        self.reading = reading
        self.arrow = import_package("pyarrow", "tables")
        self.held = held
        self.facts = facts
        self.keys = keys
        self.rows: int = held.num_rows
        self.parts: list[tuple[Array, Mapping[str, ArrowColumn]]] = []

    def run(self) -> Tabled:
        columns = {name: join_chunks(self.held.column(name)) for name in self.facts}
        floats = count_floats(self.reading.program, self.facts, columns)
        accepts = self.reading.layout.floats == EXACT_DECIMAL
        judged_whole = all(map(is_judged_whole, columns.values()))
        if not judged_whole or (floats and not accepts):
            # such floats are refused there, each told with its row
            types = {key: find_key_type(self.held.schema.field(key).type) for key in self.keys}
            return _decide_cells(self.reading, open_table(self.held), self.keys, types)
        decided = self._decide_columns(columns)
        left = np.flatnonzero(~decided)
        made = Tabled(None, self.rows, converted=floats, dated=self._count_dated(columns, decided))
        for found in self._decide_rest(left):
            made.rejected += found.rejected
            made.by_reference += found.by_reference
            made.dated += found.table.dated
            made.notes.update(note_unknown(found))
        made.results = self._join_parts()
        layout, given = self.reading.layout, {*self.facts.values(), *self.reading.layout.facts}
        made.absent = list_absent(self.reading.program, given, layout)
        made.unused = list_unused(self.held.column_names, self.facts, layout, self.keys)
        return made

    def _count_dated(self, columns: Mapping[str, ArrowColumn], decided: Array) -> int:
        """Return of how many rows that kernels decided the day was assumed."""
        layout, day = self.reading.layout, self.reading.program.decision.as_of
        if layout.on is None or day in layout.facts:
            return 0
        column = next((columns[x] for x, fact in self.facts.items() if fact == day), None)
        if column is None:
            return int(decided.sum())
        silent = column.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
        if self.arrow.types.is_string(column.type) or self.arrow.types.is_large_string(column.type):
            compute = import_package("pyarrow.compute", "tables")
            empty = compute.equal(column, "").fill_null(True)  # noqa: FBT003 - of Arrow
            silent = empty.to_numpy(zero_copy_only=False)
        return int((silent & decided).sum())

    # -- by kernels ------------------------------------------------------------------------------

    def _decide_columns(self, columns: Mapping[str, ArrowColumn]) -> Array:
        """Decide what kernels can, into parts; return which rows that was."""
        decided = np.zeros(self.rows, bool)
        own = {fact: columns[name] for name, fact in self.facts.items()}
        floats = FloatCounter(accepts=True)
        reading = self.reading
        try:
            typed = ArrowDoor(reading.program, reading.layout, own, self.rows, floats).judge()
        except NotLoweredError:
            return decided
        for rows, kernel in self._list_kernels(typed):
            self._run_kernel(typed, rows, kernel, decided)
        return decided

    def _list_kernels(self, typed: TypedColumns) -> Iterator[tuple[Array, Kernel]]:
        """Yield the rows of each law there is a day of, with its kernel."""
        program = self.reading.program
        day = typed.columns[program.decision.as_of]
        known = ~typed.odd
        for mask in (day.none, day.missing):
            if mask is not None:
                known &= ~mask
        starts = [first.toordinal() for first, _ in stretches_of(program)]
        laws = np.maximum(np.searchsorted(starts, day.values, side="right") - 1, 0)
        decider = prepare(program, self.reading.options, decisive=True)
        for law in np.bincount(laws[known]).nonzero()[0].tolist():
            kernel = decider.find_kernel(starts[law], typed.denominators, lenient=typed.lacks)
            if isinstance(kernel, Kernel):
                yield np.flatnonzero(known & (laws == law)), kernel

    def _run_kernel(self, typed: TypedColumns, rows: Array, kernel: Kernel, decided: Array) -> None:
        whole = len(rows) == self.rows
        columns = {
            item.name: typed.columns[item.name] if whole else _pick(typed.columns[item.name], rows)
            for item in kernel.inputs
        }
        try:
            found = ColumnKernel(kernel, skips=False).run(columns, len(rows))
        except (NotLoweredError, OverflowError):
            return
        told = tell_columns(self.reading.program, kernel, found)
        settled = found.outcome >= 0
        if not settled.all():
            mask = self.arrow.array(settled)
            told = {name: column.filter(mask) for name, column in told.items()}
            rows = rows[settled]
        decided[rows] = True
        self.parts.append((rows, told))

    # -- the rest --------------------------------------------------------------------------------

    def _decide_rest(self, left: Array) -> Iterator[Decided]:
        """Decide rows by the usual door, a lot at a time."""
        needed = self.held.select([*dict.fromkeys([*self.facts, *self.keys])])
        for start in range(0, len(left), LEFT):
            some = left[start : start + LEFT]
            cells = open_table(needed.take(self.arrow.array(some))).columns
            raw = RawTable(cells, len(some))  # without columns there are rows too
            found = decide_rows(self.reading, raw, [at + 1 for at in some.tolist()])
            places = some[np.array(found.table.numbers, np.int64) - 1]
            self.parts.append((places, make_columns(self.reading.program, found.results)))
            yield found

    def _join_parts(self) -> Any:  # noqa: ANN401 - a table of Arrow
        """Return the results of all rows, in the order of the table."""
        tables = [self.arrow.table(dict(told)) for _, told in self.parts]
        if not tables:
            return _make_empty(self.arrow, self.reading, self.held.select(self.keys))
        rows = np.concatenate([rows for rows, _ in self.parts])
        made = self.arrow.concat_tables(tables)
        if len(tables) > 1:
            order = np.argsort(rows, kind="stable")
            rows, made = rows[order], made.take(self.arrow.array(order))
        keys = self.held.select(self.keys)
        kept = keys if len(rows) == self.rows else keys.take(self.arrow.array(rows))
        columns = {ROW: self.arrow.array(rows + 1)}
        columns |= {key: kept.column(key) for key in self.keys}
        return self.arrow.table(columns | {x: made.column(x) for x in made.column_names})


def _pick(column: Column, rows: Array) -> Column:
    none, missing = (None if x is None else x[rows] for x in (column.none, column.missing))
    return Column(column.values[rows], none, missing)


def _make_empty(arrow: Any, reading: Reading, keys: Any) -> Any:  # noqa: ANN401
    """Return a table of results without rows."""
    blank: dict[str, list[Any]] = {item.name: [] for item in list_result_columns(reading.program)}
    columns = {ROW: arrow.array([], arrow.int64())}
    columns |= {name: keys.column(name).slice(0, 0) for name in keys.column_names}
    return arrow.table(columns | make_columns(reading.program, blank))
