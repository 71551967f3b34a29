"""Comes in: spreads as an analyst stated them, and a row. Goes out: where it departs from them.

A case beside a limit is moved there, which may take a fact where its spread never goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from voucher_rules.decision.ordinals import count_grid
from voucher_rules.language.records import split_field
from voucher_rules.language.types import STRUCTURES
from voucher_rules.synthetic.marginals import (
    Given,
    Marginal,
    Membership,
    Mixture,
    Point,
    Ranging,
    Resampling,
    Values,
)
from voucher_rules.synthetic.rows import Row
from voucher_rules.values.model import NONE, Mark, Unknown, Value


@dataclass(frozen=True, slots=True)
class Kept:
    """What an analyst said of how facts are spread, one by one and together."""

    single: Mapping[str, Marginal] = field(default_factory=dict)
    joint: Sequence[tuple[tuple[str, ...], Sequence[Sequence[Value]]]] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that something was said of."""
        return (*self.single, *(name for names, _ in self.joint for name in names))

    def list_departures(self, row: Row) -> tuple[str, ...]:
        """Return the facts whose values in a row their stated spread never gives.

        What a row leaves out, and what does not exist in such a case, departs from nothing.
        """
        found = [
            name
            for name, marginal in self.single.items()
            for full in _list_like(row, name)
            if row[full] is not NONE and not may_give(marginal, row[full], row)
        ]
        for names, rows in self.joint:
            told = tuple(row.get(name, Unknown(None)) for name in names)
            if not any(_is_alike(told, item) for item in rows):
                found += names
        return tuple(dict.fromkeys(found))


def _list_like(row: Row, name: str) -> list[str]:
    """Return a fact where a row has it; a field of a record in every record."""
    return [
        full
        for full in row
        if full == name or (split_field(full)[0] and split_field(full)[1] == name)
    ]


def _is_alike(told: Sequence[Value], stated: Sequence[Value]) -> bool:
    """Return whether a row says what a table does; what either leaves out is alike to anything."""
    return all(
        x == y or isinstance(x, Unknown) or isinstance(y, Unknown) or x is NONE
        for x, y in zip(told, stated, strict=True)
    )


def may_give(marginal: Marginal, value: Value, row: Values) -> bool:
    """Return whether a value may be drawn, as the other facts of the row are."""
    match marginal:
        case Point():
            return value == marginal.value
        case Ranging():
            return _is_in_range(marginal, value)
        case Membership():
            return isinstance(value, frozenset) and _may_belong(marginal, value)
        case Resampling():
            return value in marginal.values
        case Mixture():
            return any(may_give(part, value, row) for part in marginal.parts)
        case Given():
            return any(may_give(part, value, row) for part in _list_branches(marginal, row))
        case _:
            return True


def _list_branches(marginal: Given, row: Values) -> list[Marginal]:
    """Return the ways that go with the other fact; all of them where it was left out since."""
    other = row.get(marginal.fact)
    if other is None or isinstance(other, Unknown):
        return [*marginal.options.values(), marginal.otherwise]
    return [marginal.options.get(other, marginal.otherwise)]


def _is_in_range(marginal: Ranging, value: Value) -> bool:
    if isinstance(value, Mark | Unknown | str | bool | frozenset):
        return False
    if marginal.type.kind in STRUCTURES:
        return isinstance(value, int) and marginal.spread.holds(value)
    steps = count_grid(value, marginal.type)  # type: ignore[arg-type]  # facts are of no other kind
    exact = not isinstance(value, Fraction) or value == marginal.value_at(steps)
    return exact and marginal.spread.holds(steps)


def _may_belong(marginal: Membership, value: frozenset[str]) -> bool:
    known = {name for name, _ in marginal.options}
    fits = all(wheel.may_pick(0 if name in value else 1) for name, wheel in marginal.options)
    return fits and value <= known
