"""Comes in: the cells of a column. Goes out: the group each case belongs to, in a fixed order.

A column of numbers may be cut into bands with stated ends: each holds its lower end and not its
upper one. A case that says nothing is in a group of its own, the last.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from voucher_rules.batch.cases.tables import CaseTable
from voucher_rules.checked.symbols import Input, Wording
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.population_words import word
from voucher_rules.explain.sheets import Figure
from voucher_rules.language.types import NUMBER, QUANTITIES, Kind, Type
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.values.model import CURRENCIES, Exact, Mark, Unknown, settle_exact
from voucher_rules.values.read import TextValueError, read_money, read_number, read_ratio
from voucher_rules.values.write import write_decimal, write_money, write_ratio

By: TypeAlias = "str | Mapping[str, Sequence[Any]] | Sequence[str | Mapping[str, Sequence[Any]]]"
"""What to group by: columns or facts by name; a mapping cuts each at the ends it states."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The group of each case: ``labels`` in their order, and the ``places`` of its cases."""

    column: str
    labels: tuple[Figure, ...]
    places: tuple[tuple[int, ...], ...]


def list_groupings(table: CaseTable, by: By) -> tuple[Grouping, ...]:
    """Return a grouping for each column named. Raises :class:`InputError`."""
    found: list[Grouping] = []
    for item in [by] if isinstance(by, str | Mapping) else by:
        if isinstance(item, str):
            found.append(_group_by_value(table, item))
        else:
            found.extend(_group_by_band(table, name, ends) for name, ends in item.items())
    return tuple(found)


def _group_by_value(table: CaseTable, name: str) -> Grouping:
    cells = _list_cells(table, name)
    places: dict[_Key, list[int]] = {}
    for at, cell in enumerate(cells):
        places.setdefault(_make_key(cell), []).append(at)
    declared = table.program.inputs.get(table.facts.get(name, name))
    options = () if declared is None else declared.type.options
    order = sorted(places, key=lambda key: (_place_option(key, options), key.order))
    return Grouping(name, tuple(x.label for x in order), tuple(tuple(places[x]) for x in order))


def _place_option(key: _Key, options: Sequence[str]) -> int:
    """Put options of a choice in the order in which they are declared, all else behind them."""
    return options.index(key.cell) if key.cell in options else len(options)


def _list_cells(table: CaseTable, name: str) -> list[object]:
    """Return the cells of a column of the table; of a fact without one, what the cases say."""
    if name in table.raw.columns or not table.raw.count:
        return table.pick(name) if table.raw.count else []
    if name in table.program.inputs:
        values = table.cases.list_values(name)
        return [None if isinstance(x, Unknown | Mark) else x for x in values]
    known = [*table.raw.columns, *table.program.inputs]
    told = {"found": str(name), "options": ", ".join(table.raw.columns)}
    raise InputError(
        [Diagnostic("not-one-of", told | {"near": suggest_name(str(name), known)}, path="by")]
    )


@dataclass(frozen=True, slots=True)
class _Key:
    """A cell as a key: 1 and True are two, and what cannot be hashed is what it looks like."""

    kind: str
    cell: object

    @property
    def order(self) -> tuple[int, str, Fraction, str]:
        """Order numbers by size, texts and days as they are, what says nothing last."""
        zero = Fraction(0)
        if self.cell is None:
            return (2, "", zero, "")
        if isinstance(self.cell, int | Decimal | Fraction) and math.isfinite(self.cell):
            return (0, "", Fraction(self.cell), self.kind)
        if isinstance(self.cell, float) and math.isfinite(self.cell):
            return (0, "", Fraction(self.cell), self.kind)
        return (1, self.kind, zero, str(self.cell))

    @property
    def label(self) -> Figure:
        """What a group is called: a truth, a day or nothing as it is, anything else as text."""
        if self.cell is None or isinstance(self.cell, bool | date):
            return self.cell
        if isinstance(self.cell, frozenset):
            return ", ".join(sorted(map(str, self.cell)))
        return str(self.cell)


def _make_key(cell: object) -> _Key:
    plain = repr(cell) if isinstance(cell, list | dict | set) else cell
    return _Key(type(cell).__name__, plain)


def _group_by_band(table: CaseTable, name: str, ends: Sequence[Any]) -> Grouping:
    """Return the cases by band; the ends are of the fact's own kind where the column is of one."""
    fact = table.facts.get(name, name)
    declared = table.program.inputs.get(fact)
    kind = declared.type if declared is not None else NUMBER
    if kind.kind not in QUANTITIES:
        told = {"name": name, "found": str(kind)}
        raise InputError([Diagnostic("not-a-quantity", told, path="by")])
    cuts = [_read_end(end, kind, name) for end in ends]
    if not cuts or any(a >= b for a, b in pairwise(cuts)):
        raise InputError([Diagnostic("bands-out-of-order", {"name": name}, path="by")])
    places: list[list[int]] = [[] for _ in range(len(cuts) + 2)]
    for at, number in enumerate(_list_numbers(table, name, fact, declared)):
        places[-1 if number is None else bisect_right(cuts, number)].append(at)
    labels: list[Figure] = [*_name_bands(cuts, kind), None]
    kept = [(x, tuple(y)) for x, y in zip(labels, places, strict=True) if y or x is not None]
    return Grouping(name, tuple(x for x, _ in kept), tuple(y for _, y in kept))


def _list_numbers(
    table: CaseTable, name: str, fact: str, declared: Input | None
) -> Iterator[Exact | None]:
    if declared is not None:
        for value in table.cases.list_values(fact):
            yield value if isinstance(value, int | Fraction) else None
        return
    for number, cell in zip(table.numbers, _list_cells(table, name), strict=True):
        yield None if cell is None else _read_number(cell, f"rows.{number}: {name}")


def _read_number(cell: object, path: str) -> Exact:
    """Read a number of a column that is no fact; a float by its shortest decimal."""
    text = repr(cell) if isinstance(cell, float) else cell
    try:
        if isinstance(text, str):
            return settle_exact(Fraction(Decimal(text))) if "e" in text else read_number(text)
        if isinstance(text, int | Fraction | Decimal) and not isinstance(text, bool):
            return settle_exact(Fraction(text))
    except (TextValueError, ArithmeticError, ValueError):
        pass
    raise InputError([Diagnostic("not-a-number", {"found": str(cell)}, path=path)])


def _read_end(end: object, kind: Type, name: str) -> Exact:
    """Read the end of a band as the kind it cuts writes its values."""
    path = f"by: {name}"
    try:
        if isinstance(end, str) and kind.kind is Kind.MONEY:
            return read_money(end, kind.unit, unit_required=False)
        if isinstance(end, str) and kind.kind is Kind.RATIO:
            return read_ratio(end)
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path=path)]) from None
    number = _read_number(end, path)
    return number * 10 ** CURRENCIES[kind.unit].digits if kind.kind is Kind.MONEY else number


def _write_end(end: Exact, kind: Type, language: str) -> str:
    if kind.kind is Kind.MONEY:
        return write_money(end, kind.unit, language)
    text = write_ratio(end) if kind.kind is Kind.RATIO else write_decimal(end, grouped=True)
    return text + kind.unit if kind.kind is Kind.COUNT and language == "zh" else text


def _name_bands(cuts: Sequence[Exact], kind: Type) -> Iterator[Wording]:
    """Yield what the bands are called: 不满 leaves its number out, 以上 has it in."""

    def name(key: str, *ends: Exact) -> Wording:
        told = [
            {f"end{n}": _write_end(end, kind, language) for n, end in enumerate(ends)}
            for language in ("zh", "en")
        ]
        return Wording(word(key, **told[0]).zh, word(key, **told[1]).en)

    yield name("band.under", cuts[0])
    for low, high in pairwise(cuts):
        yield name("band.between", low, high)
    yield name("band.from", cuts[-1])
