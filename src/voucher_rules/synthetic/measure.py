"""Comes in: rows of facts. Goes out: how each fact turned out to be spread in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from voucher_rules.checked.symbols import Input
from voucher_rules.language.types import STRUCTURES
from voucher_rules.program.build import Program
from voucher_rules.synthetic.rows import Row
from voucher_rules.testing.write import write_fact
from voucher_rules.values.model import NONE, Period, Value


@dataclass(frozen=True, slots=True)
class Spread:
    """How a fact is spread over some rows: what is told of it, and how often."""

    name: str
    declared: Input
    stated: Fraction
    """In how many of the rows anything is said of it."""
    none: Fraction
    """In how many it does not exist."""
    least: str
    most: str
    commonest: str
    share: Fraction
    """In how many of the rows it has the commonest of its values."""


def measure_spreads(program: Program, rows: Sequence[Row]) -> list[Spread]:
    """Return how each fact is spread over rows, at least one."""
    return [_measure(name, item, rows) for name, item in program.inputs.items()]


def _measure(name: str, declared: Input, rows: Sequence[Row]) -> Spread:
    values = [row[name] for row in rows if name in row]
    told = [value for value in values if value is not NONE]
    counted = Counter(tell_value(value, declared) for value in told)
    # of several as common, the first by its text
    commonest = min(counted, key=lambda text: (-counted[text], text), default="")
    ordered = [x for x in told if not isinstance(x, bool | str | frozenset)]
    return Spread(
        name,
        declared,
        Fraction(len(values), len(rows)),
        Fraction(len(values) - len(told), len(rows)),
        tell_value(min(ordered, key=_key), declared) if ordered else "",
        tell_value(max(ordered, key=_key), declared) if ordered else "",
        commonest,
        Fraction(counted[commonest], len(rows)) if commonest else Fraction(0),
    )


def _key(value: Value) -> Any:  # noqa: ANN401 - what can be ordered of any type
    return value.count if isinstance(value, Period) else value


def write_cell(value: Value, declared: Input) -> str:
    """Return a value as a cell of a table states it, so that a study reads it back."""
    told = tell_value(value, declared)
    return f"[{told.replace(' ', ', ')}]" if isinstance(value, frozenset) else told


def tell_value(value: Value, declared: Input) -> str:
    """Return a value in the words of a case file; members of a set beside each other."""
    if isinstance(value, frozenset):
        return " ".join(option for option in declared.type.options if option in value)
    if declared.type.kind in STRUCTURES and isinstance(value, int):
        return str(value)
    return write_fact(value, declared.type)
