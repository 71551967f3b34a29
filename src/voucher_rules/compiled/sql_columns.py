"""Comes in: a kernel. Goes out: the columns that its statement reads, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.compiled.nodes import Kernel, Shape


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column the statement reads or gives: its name, and what stands in it in plain words.

    ``named`` are the rules or limits of the bits of a mask, the options of a choice or a set.
    """

    name: str
    holds: str
    named: tuple[str, ...] = ()


def list_reads(kernel: Kernel) -> tuple[SqlColumn, ...]:
    """Return the columns a kernel reads of its relation, in the order of its inputs."""
    made = []
    for item in kernel.inputs:
        named = item.type.options if item.shape in (Shape.CODE, Shape.SET) else ()
        holds = _READS[item.shape]
        if item.denominator > 1:
            holds = f"{holds} of 1/{item.denominator}"
        made.append(SqlColumn(item.name, holds, tuple(named)))
        if item.may_be_none:
            made.append(SqlColumn(f"{item.name}.none", "truth"))
    return tuple(made)


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
}
