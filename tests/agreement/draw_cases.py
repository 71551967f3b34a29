"""Comes in: the inputs of a kernel and known cases. Goes out: many more, drawn in columns.

Most cases are a known one with one fact changed, or a few, or all. A fact changes to an edge: a
value of a parameter, a constant of a rule, an end of its bounds, a first or last day, and what is
just beside; or to a value beside another fact's; or to any value. It may be none or missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import Any, Final

from draw_values import Values
from drawn_cases import Array, Cases, find_kind, find_records, make_column, pick_column
from edges import Edges, list_calendar_days, list_parameters

from voucher_rules.batch.numpy.checks import Column, ListColumn
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.days import MICROS_IN_DAY
from voucher_rules.compiled.nodes import Kernel, KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.language.types import Kind

_CHANGED: Final = (0.0, 0.04, 0.08, 0.15, 0.4, 1.0)
"""The shares of facts that change in a case; each is as likely as any other."""
_LACKED: Final = (0.0, 0.0, 0.0, 0.0, 0.02, 0.08, 0.3)
"""The shares of facts that are missing in a case, where facts may be."""


def choose_denominators(kernel: Kernel, known: Sequence[Row]) -> dict[str, int]:
    """Return what ratios and numbers count in: parameters, known values, and thousandths."""
    values = [x for values in list_parameters(kernel.program).values() for x in values]
    shared = lcm(1000, *(x.denominator for x in values if isinstance(x, Fraction)))
    shared = shared if shared < 10**6 else 1000
    made: dict[str, int] = {}
    for at, item in enumerate(kernel.inputs):
        for place, one in enumerate(item.fields or (item,)):
            if one.shape is not Shape.NUMBER or one.type.kind not in {Kind.RATIO, Kind.NUMBER}:
                continue
            cells = [row[at] for row in known]
            if item.fields:
                cells = [x[place] for some in cells if isinstance(some, tuple) for x in some]
            own = {x.denominator for x in cells if isinstance(x, int | Fraction)}
            made[one.name] = lcm(shared, *(x for x in own if x < 10**4))
    return made


_ALWAYS: Final = 0.4
_NEVER: Final = 0.06
"""The shares of facts that are told in every case, or in none, where cases are even."""
_FULL: Final = 4_000
"""Of so many cases with records one has as many as it may, and one of every batch."""


@dataclass
class Drawing:
    """Draws cases of one kernel; ``known`` are rows to begin with, to which others may be added."""

    kernel: Kernel
    inputs: tuple[KernelInput, ...]
    known: list[Row]
    random: Any
    good: list[Row] = field(default_factory=list)
    """Rows that came out well: every other case begins as one of these."""
    wide: bool = True
    """Whether quantities go as far as they are declared to."""
    even: bool = False
    """Whether some facts are told in every case, and some in none."""
    values: Values = field(init=False)

    def __post_init__(self) -> None:
        items = [x for item in self.inputs for x in (item, *item.fields)] if self.even else []
        ways = {x.name: self.random.random() for x in items}
        self._always = {name for name, way in ways.items() if way < _ALWAYS}
        self._never = {name for name, way in ways.items() if way > 1 - _NEVER}
        program, edges = self.kernel.program, Edges(self.kernel, wide=self.wide)
        self.values = Values(self.inputs, edges, self.random)
        fixes = next(x for x in self.inputs if x.name == program.decision.as_of)
        ends = [fixes.low, fixes.low + 1, fixes.high - 1, fixes.high]
        self._turns = np.array([*ends, *edges.days, *list_calendar_days(program)], np.int64)

    # -- cases -----------------------------------------------------------------------------------

    def draw(self, count: int) -> Cases:
        """Return so many cases, all within the bounds of their inputs."""
        rng = self.random
        begun = self._begin(count)
        changed = rng.choice(_CHANGED, count)
        lacked = rng.choice(_LACKED, count)
        columns = {}
        for item in self.inputs:
            column = begun[item.name]
            change = rng.random(count) < np.where(changed == 0.04, 1.5 / len(self.inputs), changed)
            if isinstance(column, ListColumn):
                made: Column | ListColumn = self._change_list(item, column, change, lacked, begun)
            else:
                made = self._change(item, column, change, begun)
            columns[item.name] = self._blank(item, made, change, lacked)
        return Cases(self.inputs, columns, count)

    def _begin(self, count: int) -> dict[str, Column | ListColumn]:
        """Return known cases, each as often as any other; cases of edges where none is known."""
        rng, rows = self.random, [*self.known, *self.good]
        places = rng.integers(0, max(1, len(rows)), count)
        if self.good:
            well = rng.integers(len(self.known), len(rows), count)
            places = np.where(rng.random(count) < 0.5, well, places)
        keeps = rng.random(count) < 0.1
        applying = set(self.kernel.program.applying)
        begun: dict[str, Column | ListColumn] = {}
        for at, item in enumerate(self.inputs):
            cells = [self._hold(item, row[at]) for row in rows] or [self._make_plain(item)]
            told = np.array([x for x, cell in enumerate(cells) if cell is not MISSING], np.int64)
            column = make_column(item, cells)
            own = places
            if len(told) and item.may_be_missing and item.name not in applying:
                # most cases tell what a known one does not: as another tells it
                other = told[rng.integers(0, len(told), count)]
                own = np.where(column.missing[places] & ~keeps, other, places)  # type: ignore[index]  # it has both masks
            begun[item.name] = pick_column(column, own)
        return self._shift_days(begun)

    def _shift_days(self, begun: dict[str, Column | ListColumn]) -> dict[str, Column | ListColumn]:
        """Move all days of a case together: where the law is another one's, and now and then."""
        fixes = next(x for x in self.inputs if x.name == self.kernel.program.decision.as_of)
        held = begun[fixes.name].values  # type: ignore[union-attr]  # a day is no list
        rng, size = self.random, len(held)
        within = self._turns[(self._turns >= fixes.low) & (self._turns <= fixes.high)]
        outside = (held < fixes.low) | (held > fixes.high)
        moves = outside | (rng.random(size) < 0.3)
        gap = np.where(moves, within[rng.integers(0, len(within), size)] - held, 0)
        made = {}
        for item in self.inputs:
            column = begun[item.name]
            if isinstance(column, ListColumn):
                gaps = np.repeat(gap, np.diff(column.starts))
                fields = {x.name: self._shift(x, column.fields[x.name], gaps) for x in item.fields}
                column = ListColumn(column.starts, fields, column.none, column.missing)
            else:
                column = self._shift(item, column, gap)
            made[item.name] = column
        return made

    def _shift(self, item: KernelInput, column: Column, gap: Array) -> Column:
        if item.shape not in (Shape.DAY, Shape.INSTANT):
            return column
        moved = column.values + gap * (MICROS_IN_DAY if item.shape is Shape.INSTANT else 1)
        return Column(np.clip(moved, *self.values.find_ends(item)), column.none, column.missing)

    def _hold(self, item: KernelInput, cell: Any) -> Any:  # noqa: ANN401 - what stands in a row
        """Return a cell of a known row, within the bounds of this law."""
        if cell is MISSING and not item.may_be_missing:
            return self._make_plain(item)
        return cell

    def _make_plain(self, item: KernelInput) -> Any:  # noqa: ANN401 - what stands in a row
        if item.shape is Shape.LIST:
            return ()
        kind, _ = find_kind(item)
        return {bool: False, object: "a"}.get(kind, min(max(1, item.low), item.high))

    def _change(
        self, item: KernelInput, column: Column, change: Array, begun: dict[str, Any]
    ) -> Column:
        values = column.values.copy()
        places = np.flatnonzero(change)
        if len(places):
            values[places] = self.values.draw(item, values[places], places, begun)
        return Column(values, column.none & ~change, column.missing & ~change)

    # -- lists, and what is not told -------------------------------------------------------------

    def _change_list(
        self,
        item: KernelInput,
        column: ListColumn,
        change: Array,
        lacked: Array,
        begun: dict[str, Any],
    ) -> ListColumn:
        """Drop records, add those of other cases and plain ones, and change fields."""
        owner, source, extra = self._mix_records(column, change, item.most)
        fresh = source == 2 * int(column.starts[-1])
        turn = ((self.random.random(len(owner)) < 0.3) & change[owner]) | fresh
        beside = {n: pick_column(x, owner) for n, x in begun.items() if isinstance(x, Column)}
        fields = {}
        for one in item.fields:
            plain = make_column(one, [self._make_plain(one)])
            pool = _join(column.fields[one.name], extra.fields[one.name], plain)
            own = self._change(one, pick_column(pool, source), turn, beside)  # type: ignore[arg-type]  # a column
            fields[one.name] = self._blank(one, own, turn, lacked[owner])
        lengths = np.bincount(owner, minlength=len(change))
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
        none, missing = (x & ~change for x in (column.none, column.missing))
        return ListColumn(starts, fields, none, missing)

    def _mix_records(
        self, column: ListColumn, change: Array, most: int
    ) -> tuple[Array, Array, ListColumn]:
        """Return for each record to be: its row, and where it stands among three sources.

        These are the records there are, those of the rows in another order, and a plain one.
        """
        rng, rows, count = self.random, len(change), int(column.starts[-1])
        extra = pick_column(column, rng.permutation(rows))
        assert isinstance(extra, ListColumn)
        own, other = (np.repeat(np.arange(rows), np.diff(x.starts)) for x in (column, extra))
        keep = ~change[own] | (rng.random(count) < 0.8)
        more = change[other] & (rng.random(count) < 0.5)
        fresh = np.repeat(np.arange(rows), np.where(change, rng.integers(0, 3, rows), 0))
        owner = np.concatenate((own[keep], other[more], fresh))
        places = np.flatnonzero(keep), count + np.flatnonzero(more)
        source = np.concatenate((*places, np.full(len(fresh), 2 * count)))
        order = np.argsort(owner, kind="stable")
        owner, source = owner[order], source[order]
        kept = np.arange(len(owner)) - np.searchsorted(owner, owner) < most
        owner, source = self._fill_lists(owner[kept], source[kept], most)
        return owner, source, extra

    def _fill_lists(self, owner: Array, source: Array, most: int) -> tuple[Array, Array]:
        """Let some cases that have records have as many as they may, unless they are wide."""
        rows = np.unique(owner)
        if self.wide or not len(rows):
            return owner, source
        chosen = self.random.choice(rows, 1 + len(rows) // _FULL, replace=False)
        parts = [(owner, source)]
        for row in chosen.tolist():
            own = source[owner == row]
            more = self.random.choice(own, most - len(own))
            parts.append((np.full(len(more), row), more))
        owner, source = (np.concatenate(x) for x in zip(*parts, strict=True))
        order = np.argsort(owner, kind="stable")
        return owner[order], source[order]

    def _blank(self, item: KernelInput, column: Any, change: Array, lacked: Array) -> Any:  # noqa: ANN401
        """Let some of what changed be none, and some of all be missing, where they may."""
        rng, size = self.random, len(change)
        none, missing = column.none, column.missing
        if item.may_be_none:
            none = none | (change & (rng.random(size) < 0.25))
        if not item.may_be_missing or item.name in self._always:
            missing = np.zeros(size, bool)
        elif item.name in self._never:
            missing = np.ones(size, bool)
        else:
            missing = missing | (rng.random(size) < lacked)
        none = none & ~missing & (item.name not in self._always)
        if isinstance(column, ListColumn):
            return _empty_rows(column, none | missing, none, missing)
        _, empty = find_kind(item)
        values = column.values.copy()
        values[none | missing] = empty
        return Column(values, none, missing)


def _join(*columns: Any) -> Column:  # noqa: ANN401 - columns with both masks
    parts = [[getattr(x, key) for x in columns] for key in ("values", "none", "missing")]
    return Column(*(np.concatenate(x) for x in parts))


def _empty_rows(column: ListColumn, gone: Array, none: Array, missing: Array) -> ListColumn:
    """Return lists, those that are not there without records."""
    places = np.flatnonzero(~gone)
    records, _ = find_records(column.starts, places)
    lengths = np.where(gone, 0, np.diff(column.starts))
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    fields: dict[str, Any] = {name: pick_column(x, records) for name, x in column.fields.items()}
    return ListColumn(starts, fields, none, missing)
