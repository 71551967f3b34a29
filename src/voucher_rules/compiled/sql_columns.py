"""Comes in: a kernel. Goes out: the columns that its statement reads, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.compiled.nodes import Kernel, KernelInput, Shape


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column the statement reads or gives: its name, and what stands in it in plain words.

    ``named`` are the rules or limits of the bits of a mask, the options of a choice or a set.
    ``list`` is the list whose records hold it; nothing of a column of the rows.
    """

    name: str
    holds: str
    named: tuple[str, ...] = ()
    list: str = ""


def list_reads(kernel: Kernel) -> tuple[SqlColumn, ...]:
    """Return the columns a kernel reads: of its rows, in the order of its inputs, then of lists."""
    made = [column for item in kernel.inputs for column in _list_columns(item)]
    for item in kernel.inputs:
        made += [column for field in item.fields for column in _list_columns(field, item.name)]
    return tuple(made)


def _list_columns(item: KernelInput, listed: str = "") -> Iterator[SqlColumn]:
    named = item.type.options if item.shape in (Shape.CODE, Shape.SET) else ()
    holds = _READS[item.shape]
    if item.denominator > 1:
        holds = f"{holds} of 1/{item.denominator}"
    yield SqlColumn(item.name, holds, tuple(named), listed)
    if item.may_be_none:
        yield SqlColumn(f"{item.name}.none", "truth", (), listed)


_READS: Final[Mapping[Shape, str]] = {
    Shape.BOOL: "truth",
    Shape.NUMBER: "whole number",
    Shape.DAY: "day",
    Shape.INSTANT: "microseconds",
    Shape.TIME: "microseconds",
    Shape.PERIOD: "whole number",
    Shape.CODE: "text",
    Shape.SET: "mask",
    Shape.TEXT: "text",
    Shape.LIST: "number of records",
}
