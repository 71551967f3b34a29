"""Comes in: a parameter and a quantity. Goes out: whether the one accounts for the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from voucher_rules.intake.fingerprint import normalise_text
from voucher_rules.intake.quantities import Quantity
from voucher_rules.intake.text import make_narrow
from voucher_rules.ruleset.parameters import BracketDoc, DatedValueDoc, ParameterDoc
from voucher_rules.sources.tree import Mapping, Scalar
from voucher_rules.values.model import Exact, PeriodUnit
from voucher_rules.values.read import (
    TextValueError,
    read_date,
    read_money,
    read_number,
    read_period,
    read_ratio,
    read_time,
    split_quantity,
)

HOME: Final = "CNY"
_YEAR: Final = 12
_ALIKE: Final = (
    frozenset({"人", "名", "位"}),
    frozenset({"家", "户"}),
    frozenset({"次", "回", "遍", "趟"}),
    frozenset({"年", "年份", "年度"}),
    frozenset({"月", "月份"}),
    frozenset({"日", "号"}),
)
"""Measure words that count the same thing; 个 stands for any."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that a parameter states, in the terms of :class:`Quantity`."""

    kind: str
    number: Exact
    unit: str = ""


def list_values(doc: ParameterDoc, currency: str) -> Iterator[Stated]:
    """Yield every value of a parameter: of each cell, bracket and date."""
    blocks: list[ParameterDoc | DatedValueDoc] = [doc, *doc.values]
    for block in blocks:
        yield from _list_block(block, doc, currency)


def _list_block(
    block: ParameterDoc | DatedValueDoc, doc: ParameterDoc, currency: str
) -> Iterator[Stated]:
    kind, unit = str(doc.type), str(doc.unit or "")
    words = [block.value, *_list_cells(block.table)]
    words += [bracket.value for bracket in block.brackets or ()]
    for word in words:
        if word is not None:
            yield from read_stated(word, kind, unit or currency)
    if doc.over is not None:
        over, entered = str(doc.over.type), str(doc.over.unit or "")
        for end in _list_ends(block.brackets or ()):
            yield from read_stated(end, over, entered or currency)


def _list_cells(cells: object) -> Iterator[Scalar]:
    if isinstance(cells, Scalar):
        yield cells
    elif isinstance(cells, Mapping):
        for value in cells.values():
            yield from _list_cells(value)


def _list_ends(brackets: Sequence[BracketDoc]) -> Iterator[Scalar]:
    for item in brackets:
        ends = (item.start, item.above, item.up_to, item.below)
        yield from (end for end in ends if end is not None)


def read_stated(word: str, kind: str, unit: str = HOME) -> Iterator[Stated]:
    """Read a value as its type writes it; nothing for what has none (``unset``, an option)."""
    try:
        yield _read(str(word), kind, unit)
    except (TextValueError, KeyError, ValueError):
        return


def _read(text: str, kind: str, unit: str) -> Stated:
    match kind:
        case "money":
            return Stated("money", read_money(text, unit), unit)
        case "ratio":
            return Stated("ratio", read_ratio(text))
        case "number":
            return Stated("number", read_number(text))
        case "count":
            number, measure = split_quantity(text)
            return Stated("count", read_number(number), measure or unit)
        case "period":
            period = read_period(text)
            return Stated("period", period.count, str(period.unit))
        case "date":
            day = read_date(text)
            return Stated("date", day.year * 10000 + day.month * 100 + day.day)
        case "time":
            moment = read_time(text)
            return Stated("clock", moment.hour * 100 + moment.minute)
    raise ValueError(kind)


def accounts_for(stated: Stated, quantity: Quantity) -> bool:
    """Whether a value of a parameter is the quantity, in whatever unit either is written."""
    number = quantity.number
    match quantity.kind, stated.kind:
        case ("money", "money") | ("count", "count") | ("rank", "count"):
            return stated.number == number and _is_alike(stated.unit, quantity.unit)
        case ("ratio" | "number", "ratio" | "number"):
            return Fraction(stated.number) == Fraction(number)
        case "number", "count":
            return stated.number == number
        case "period", "period":
            return _in_months(stated.number, stated.unit) == _in_months(number, quantity.unit)
        case "year" | "month" | "day", "count":
            unit = {"year": "年", "month": "月", "day": "日"}[quantity.kind]
            return stated.number == number and _is_alike(stated.unit, unit)
        case ("date", "date") | ("clock", "clock"):
            return stated.number == number
        case "month_day", "date":
            return int(stated.number) % 10000 == number
        case "year_month", "date":
            return int(stated.number) // 100 == number
    return False


def is_of_day(stated: Stated, quantity: Quantity) -> bool:
    """Whether a day of the document's own is the date, or lies in the year, that is named."""
    day = int(stated.number)
    parts = {"date": day, "year_month": day // 100, "year": day // 10000}
    return parts.get(quantity.kind) == quantity.number


def is_quoted(doc: ParameterDoc, quantity: Quantity) -> bool:
    """Whether the words a parameter quotes hold the quantity: a class is told by its words."""
    return doc.quoted is not None and same_words(quantity.text) in same_words(str(doc.quoted))


def same_words(text: str) -> str:
    """Return words as they are compared: narrow, without white space."""
    return make_narrow(normalise_text(text))


def _is_alike(one: str, other: str) -> bool:
    return one == other or "个" in {one, other} or any({one, other} <= x for x in _ALIKE)


def _in_months(number: Exact, unit: str) -> tuple[Exact, str]:
    """Return a period in months where it is in years, else as it is: days are never months."""
    if unit == PeriodUnit.YEAR:
        return number * _YEAR, PeriodUnit.MONTH
    return number, unit
