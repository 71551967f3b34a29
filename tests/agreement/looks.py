"""Comes in: cases in columns. Goes out: what a look at them tells, as a batch of a table has it."""

from __future__ import annotations

from dataclasses import dataclass, field

from drawn_cases import Array, Cases

from voucher_rules.batch.numpy.checks import Column, ListColumn
from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.bounds import Bounds
from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.sql_inputs import Known


def find_known(cases: Cases) -> Known:
    """Return what is known of the columns of cases, and of those of their records."""
    look = _Look()
    for item in cases.inputs:
        column = cases.columns[item.name]
        look.take(item, column)
        if isinstance(column, ListColumn):
            for one in item.fields:
                look.take(one, column.fields[one.name])
    return Known(
        frozenset(look.filled), frozenset(look.absent), frozenset(look.within), look.bounds
    )


@dataclass
class _Look:
    filled: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    within: set[str] = field(default_factory=set)
    bounds: dict[str, Bounds] = field(default_factory=dict)

    def take(self, item: KernelInput, column: Column | ListColumn) -> None:
        """Look at the column of an input, or of a field."""
        assert column.none is not None
        assert column.missing is not None
        gone = column.none | column.missing
        self.within.add(item.name)
        if not len(gone):
            return
        if not gone.any():
            self.filled.add(item.name)
        if column.missing.all() and item.may_be_missing:
            self.absent.add(item.name)
        if item.shape in (Shape.NUMBER, Shape.DAY, Shape.LIST) and not gone.all():
            held = _list_numbers(column)[~gone]
            self.bounds[item.name] = (int(held.min()), int(held.max()))


def _list_numbers(column: Column | ListColumn) -> Array:
    """Return what stands in a column; of a list how many records."""
    return np.diff(column.starts) if isinstance(column, ListColumn) else column.values
