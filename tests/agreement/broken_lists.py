"""Comes in: lists of records in columns. Goes out: the same, some at odds with what rows tell.

A row is broken by a number that is not that of its records or of a list that does not exist,
records too few, too many or of a row that has no list, a field that is out of its bounds, lacks or
has a value beside a true none, or keys that another row has. Beside them stands what changes
nothing: records of nobody, and a 0 where there is no list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from drawn_cases import Array, Cases
from edges import list_wrong

from voucher_rules.batch.numpy.checks import Column, ListColumn
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.nodes import Kernel, KernelInput, Shape
from voucher_rules.compiled.sql_inputs import Known, bound_input, may_contradict

_SHARE: Final = 0.004
"""How many rows are broken in each way; at least one."""
_MOST_LONG: Final = 2
"""How many rows have more records than the list may have."""
NULL: Final = -1
"""What stands for a key that is null."""


@dataclass
class Said:
    """What the rows tell of a list: how many records, where nothing, and where there is none."""

    counts: Array
    blank: Array
    none: Array


@dataclass
class Held:
    """The records of a list: the keys they bear, where in ``fields`` each stands, and ``changed``.

    These are cells that stand in the place of others: which record, which field, and what.
    """

    owners: Array
    sources: Array
    fields: Mapping[str, Column]
    changed: list[tuple[int, KernelInput, Any]] = field(default_factory=list)
    beside: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Of a field the records that have a value although it does not exist, and whose it is."""


@dataclass
class Disorder:
    """Rows by their keys and which of them are broken; what they tell of lists, and the records."""

    keys: Array
    broken: Array
    said: dict[str, Said] = field(default_factory=dict)
    records: dict[str, Held] = field(default_factory=dict)


class Lists:
    """Makes lists contradict their rows; ``count`` rows are cases, others are left as they are.

    Nothing that is ``known`` of the columns becomes untrue.
    """

    def __init__(self, kernel: Kernel, cases: Cases, count: int, random: Any, known: Known) -> None:  # noqa: ANN401 - a generator of NumPy
        self.random, self.known = random, known
        self.cases, self.count = cases, count
        self.items = [x for x in kernel.inputs if x.shape is Shape.LIST]
        self.made = Disorder(np.arange(cases.count), np.zeros(cases.count, bool))

    def disturb(self) -> Disorder:
        """Return the lists, some of them at odds with their rows."""
        for item in self.items:
            column = self.cases.columns[item.name]
            assert isinstance(column, ListColumn)
            lengths = np.diff(column.starts)
            assert column.none is not None
            assert column.missing is not None
            owners = np.repeat(np.arange(self.cases.count), lengths)
            self.made.said[item.name] = Said(
                lengths.copy(), column.none | column.missing, column.none.copy()
            )
            self.made.records[item.name] = Held(owners, np.arange(len(owners)), column.fields)
            if self.count:
                self._break_list(item, lengths)
        if self.count and self.items:
            self._turn_keys()
        return self.made

    def _pick(self, suits: Array, most: int | None = None) -> Array:
        """Return some of the cases that suit and are not broken yet."""
        places = np.flatnonzero(suits[: self.count] & ~self.made.broken[: self.count])
        wanted = max(1, round(self.count * _SHARE))
        number = min(len(places), wanted if most is None else most)
        return self.random.choice(places, number, replace=False) if number else places[:0]

    # -- a list ----------------------------------------------------------------------------------

    def _break_list(self, item: KernelInput, lengths: Array) -> None:
        said, held = self.made.said[item.name], self.made.records[item.name]
        there, some = ~said.blank, lengths > 0
        self._miscount(item, said, there)
        if item.name not in self.known.filled:
            lacking = self._pick(there & (some | (not item.may_be_missing)))
            said.blank[lacking] = True
            self.made.broken[lacking] = True
        self._count_nothing(item, said)
        if not len(held.sources):
            return
        self._drop(held, self._pick(there & some))
        added = self._pick(np.ones(len(lengths), bool))
        self._add(held, added, 1)
        self.made.broken[added] = True
        if item.name not in self.known.within:
            long = self._pick(there, _MOST_LONG)
            for at in long.tolist():
                self._add(held, np.array([at]), item.most + 1 - int(lengths[at]))
                said.counts[at] = item.most + 1
            self.made.broken[long] = True
        self._break_fields(item, held)
        self._put_beside_none(item, held)
        self._add_orphans(item, held)

    def _miscount(self, item: KernelInput, said: Said, there: Array) -> None:
        """Let rows tell another number than that of their records."""
        low, high = bound_input(item, self.known)
        trusted = item.name in self.known.within
        far = () if trusted else (item.most + 1, -1, 2**40, -(2**63), 2**63 - 1)
        for at in self._pick(there).tolist():
            own = int(said.counts[at])
            others = [x for x in (own + 1, own - 1, 0, high) if not trusted or low <= x <= high]
            others = [x for x in (*others, *far) if x != own]
            if others:
                said.counts[at] = self.random.choice(np.array(others, np.int64))
                self.made.broken[at] = True

    def _count_nothing(self, item: KernelInput, said: Said) -> None:
        """Let rows without a list tell a number: a 0 changes nothing."""
        low, high = bound_input(item, self.known)
        places = self._pick(said.none)
        said.counts[places] = self.random.integers(low, high, len(places), endpoint=True)
        said.counts[places[::3]] = 0
        said.blank[places] = False
        self.made.broken[places] |= said.counts[places] != 0

    # -- its records -----------------------------------------------------------------------------

    def _drop(self, held: Held, rows: Array) -> None:
        """Drop the first record of some rows."""
        places = np.searchsorted(held.owners, rows)
        held.owners, held.sources = (np.delete(x, places) for x in (held.owners, held.sources))
        self.made.broken[rows] = True

    def _add(self, held: Held, rows: Array, times: int) -> None:
        """Add records to some rows: those of others."""
        owners = np.repeat(rows, times)
        sources = held.sources[self.random.integers(0, len(held.sources), len(owners))]
        held.owners = np.concatenate((held.owners, owners))
        held.sources = np.concatenate((held.sources, sources))

    def _list_wrong(self, one: KernelInput) -> list[Any]:
        """Return what may not stand in a field; nothing of one that is known to be well."""
        lacks = not one.may_be_missing and one.name not in self.known.filled
        wrong = [] if one.name in self.known.within else list_wrong(one)
        return [*wrong, *([None] if lacks else [])]

    def _break_fields(self, item: KernelInput, held: Held) -> None:
        """Let a field of some records be out of its bounds, or lack where it must not."""
        ways = [(one, cell) for one in item.fields for cell in self._list_wrong(one)]
        if not ways:
            return
        own = np.zeros(len(self.made.broken), bool)
        own[held.owners] = True
        rows = self._pick(own)
        for number, at in enumerate(rows.tolist()):
            place = int(self.random.choice(np.flatnonzero(held.owners == at)))
            held.changed.append((place, *ways[number % len(ways)]))
        self.made.broken[rows] = True

    def _put_beside_none(self, item: KernelInput, held: Held) -> None:
        """Let a field of some records have a value and say that it does not exist."""
        for one in item.fields:
            column = held.fields[one.name]
            if not may_contradict(one, self.known):
                continue
            assert column.none is not None
            assert column.missing is not None
            sources = np.flatnonzero(~(column.none | column.missing))
            own = np.zeros(len(self.made.broken), bool)
            own[held.owners[column.none[held.sources]]] = True
            rows = self._pick(own) if len(sources) else ()
            for at in rows:
                records = np.flatnonzero((held.owners == at) & column.none[held.sources])
                pair = (int(self.random.choice(records)), int(self.random.choice(sources)))
                held.beside.setdefault(one.name, []).append(pair)
                self.made.broken[at] = True

    def _add_orphans(self, item: KernelInput, held: Held) -> None:
        """Add records of nobody, some of which are not well themselves."""
        number = max(1, round(self.count * _SHARE))
        start, first = len(held.owners), len(self.made.keys) + 1
        keys = self.random.choice(np.array([NULL, -2, first, first + 1]), number)
        self._add(held, keys, 1)
        ways = [(one, cell) for one in item.fields for cell in self._list_wrong(one)]
        for at, way in zip(range(start, start + number, 2), ways, strict=False):
            held.changed.append((at, *way))

    # -- keys ------------------------------------------------------------------------------------

    def _turn_keys(self) -> None:
        """Give some rows the keys of others, and one none at all."""
        made, bears = self.made, np.arange(len(self.made.keys))
        nobody = self._pick(np.ones(len(made.keys), bool), 1)
        with_records = np.zeros(len(made.keys), bool)
        for held in made.records.values():
            with_records[held.owners[(held.owners >= 0) & (held.owners < len(bears))]] = True
        made.keys[nobody], bears[nobody] = NULL, NULL
        pairs = self._pick(made.keys != NULL)
        if any(x.name not in self.known.absent for x in self.items):
            one, other = pairs[: len(pairs) // 2], pairs[len(pairs) // 2 : len(pairs) // 2 * 2]
            made.keys[other] = one
            follows = self.random.random(len(other)) < 0.5
            bears[other[follows]] = one[follows]
            for said in made.said.values():
                # the records of the one agree with both
                for cells in (said.counts, said.blank, said.none):
                    cells[other[~follows]] = cells[one[~follows]]
            made.broken[one] = made.broken[other] = True
        made.broken[nobody] |= with_records[nobody]
        for held in made.records.values():
            own = (held.owners >= 0) & (held.owners < len(bears))
            held.owners[own] = bears[held.owners[own]]
