"""Comes in: cases in columns. Goes out: the relations a statement reads: rows, and their records.

The first rows are the cases. Rows after them have one value out of its bounds each. Some rows and
records are made to contradict each other, and some have a value of what they say does not exist:
these rows must be left, and no others may notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from broken_lists import Disorder, Lists
from drawn_cases import Array, Cases
from edges import list_wrong

from voucher_rules.batch.numpy.checks import Column
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.nodes import Kernel, KernelInput, Shape
from voucher_rules.compiled.sql_inputs import NOTHING, Known, may_contradict

EPOCH: Final = 719_163
"""The first day of 1970, counted from the first of year 1."""
_BESIDE: Final = 0.002
"""How many rows have a value of what they say does not exist."""
_BLANK_FLAGS: Final = 0.1
"""How many of the columns that tell whether a fact exists have nothing where it does."""
Table = Any
"""A table of Arrow."""


@dataclass(frozen=True)
class Tables:
    """The relations of a statement: ``rows``, and the records of each list by its name.

    ``keys`` are those of the rows, in the order of the cases; -1 stands for none. ``broken`` tells
    which cases contradict themselves or their records; the rows of ``outside`` follow them.
    """

    rows: Table
    records: Mapping[str, Table]
    keys: Array
    broken: Array
    outside: Sequence[tuple[KernelInput, Any]] = field(default=())
    """Of the rows after the cases: which input is out of its bounds, and what stands there."""

    def tell_outside(self, at: int) -> str:
        """Return what stands in a row after the cases that should not."""
        item, cell = self.outside[at]
        return f"{item.name}: {cell!r}"


def make_tables(kernel: Kernel, cases: Cases, random: Any, known: Known = NOTHING) -> Tables:  # noqa: ANN401 - a generator of NumPy
    """Return cases as the relations of a kernel; none contradicts what is ``known`` of columns."""
    outside = [] if known.within else list_wrong_cells(kernel)
    sources = random.integers(0, cases.count, len(outside)) if cases.count else []
    outside = outside[: len(sources)]
    whole = cases.pick(np.concatenate((np.arange(cases.count), np.array(sources, np.int64))))
    lists = Lists(kernel, whole, cases.count, random, known)
    disorder = lists.disturb()
    rows = {"key": _write_keys(disorder.keys)}
    for item in kernel.inputs:
        wrong = {cases.count + at: cell for at, (x, cell) in enumerate(outside) if x is item}
        column = whole.columns[item.name]
        if isinstance(column, Column):
            # nothing of a row may contradict what is known of all of them
            broken = disorder.broken[: cases.count if may_contradict(item, known) else 0]
            column = put_beside_none(column, broken, random)
        rows |= _write_input(item, column, disorder, random, wrong)
    pa = import_module("pyarrow")
    return Tables(
        pa.table(rows),
        {name: _write_records(kernel, name, disorder, random) for name in disorder.records},
        disorder.keys,
        disorder.broken[: cases.count],
        outside,
    )


def put_beside_none(column: Column, broken: Array, random: Any) -> Column:  # noqa: ANN401 - a generator of NumPy
    """Return a column whose ``missing`` cells are all those with nothing, of what is none, too.

    Some rows that say that a fact does not exist get a value of another row, and are ``broken``.
    """
    assert column.none is not None
    assert column.missing is not None
    gone, values = column.none | column.missing, column.values.copy()
    sources = np.flatnonzero(~gone)
    places = np.flatnonzero(column.none[: len(broken)] & ~broken)
    count = min(len(places), max(1, round(len(broken) * _BESIDE))) if len(sources) else 0
    if count:
        places = random.choice(places, count, replace=False)
        values[places] = values[random.choice(sources, count)]
        gone[places], broken[places] = False, True
    return Column(values, column.none, gone)


def _write_keys(keys: Array) -> Any:  # noqa: ANN401 - a column of Arrow
    return import_module("pyarrow").array(keys, mask=keys == -1)


def _write_input(
    item: KernelInput,
    column: Any,  # noqa: ANN401 - of values or of lists
    disorder: Disorder,
    random: Any,  # noqa: ANN401 - a generator of NumPy
    wrong: Mapping[int, Any],
) -> dict[str, Any]:
    if item.shape is Shape.LIST:
        said = disorder.said[item.name]
        made = import_module("pyarrow").array(said.counts, mask=said.blank)
        none = said.none
    else:
        assert column.none is not None
        made = _replace(_make_cells(item, column.values, column.missing), wrong)
        none = column.none.copy()
        none[list(wrong)] = False
    return {item.name: made} | _write_flag(item, none, random)


def _write_flag(item: KernelInput, none: Array, random: Any) -> dict[str, Any]:  # noqa: ANN401 - a generator
    """Return the column that tells whether a fact exists; nothing there says that it does."""
    if not item.may_be_none:
        return {}
    blank = ~none & (random.random(len(none)) < _BLANK_FLAGS)
    return {f"{item.name}.none": import_module("pyarrow").array(none, mask=blank)}


def _write_records(kernel: Kernel, name: str, disorder: Disorder, random: Any) -> Table:  # noqa: ANN401 - a generator
    """Return the records of a list, in any order."""
    pa = import_module("pyarrow")
    item = next(x for x in kernel.inputs if x.name == name)
    held = disorder.records[name]
    order = random.permutation(len(held.owners))
    made = {"key": _write_keys(held.owners[order])}
    for one in item.fields:
        column: Column = held.fields[one.name]
        values, none = column.values[held.sources], column.none[held.sources].copy()  # type: ignore[index]  # it has both masks
        gone = none | column.missing[held.sources]  # type: ignore[index]  # as above
        changed = {at: cell for at, field, cell in held.changed if field is one}
        none[list(changed)] = False
        for at, source in held.beside.get(one.name, ()):
            values[at], gone[at] = column.values[source], False
        cells = _replace(_make_cells(one, values, gone), changed)
        made[one.name] = cells.take(pa.array(order))
        made |= _write_flag(one, none[order], random)
    return pa.table(made)


def _replace(cells: Any, changed: Mapping[int, Any]) -> Any:  # noqa: ANN401 - a column of Arrow
    """Return a column with other cells at some places."""
    if not changed:
        return cells
    pa, pc = import_module("pyarrow"), import_module("pyarrow.compute")
    mask = np.zeros(len(cells), bool)
    mask[list(changed)] = True
    told = pa.array([changed[x] for x in sorted(changed)], cells.type)
    return pc.replace_with_mask(cells, pa.array(mask), told)


def _make_cells(item: KernelInput, values: Array, gone: Array) -> Any:  # noqa: ANN401 - a column of Arrow
    pa = import_module("pyarrow")

    match item.shape:
        case Shape.DAY:
            days = (values - EPOCH).astype(np.int32)
            return pa.array(days, mask=gone).cast(pa.date32())
        case Shape.CODE:
            options = pa.array(item.type.options, pa.string())
            places = pa.array(values, pa.int64(), mask=gone)
            return options.take(places)
        case Shape.TEXT:
            return pa.array(values, pa.string(), mask=gone)
        case _:
            return pa.array(values, mask=gone)


# -- values out of their bounds --------------------------------------------------------------------


def list_wrong_cells(kernel: Kernel) -> list[tuple[KernelInput, Any]]:
    """Return of each input of a kernel the cells just out of its bounds."""
    return [(item, cell) for item in kernel.inputs for cell in list_wrong(item)]
