"""Comes in: a table of exact values. Goes out: it as aligned text, as HTML, and as plain rows.

Every study shows its results as sheets, so that amounts, ratios and days look alike everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.columns import lay_out_table
from voucher_rules.explain.tables import NUMBER, Cell, lay_out_rows
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import CURRENCIES, Exact, Period
from voucher_rules.values.write import (
    write_date,
    write_decimal,
    write_instant,
    write_money,
    write_period,
    write_ratio,
)


@dataclass(frozen=True, slots=True)
class Coded:
    """What programs know by a code, such as an option of a choice, and people by a label."""

    code: str
    label: Wording


Figure: TypeAlias = bool | int | Fraction | str | date | datetime | Period | Wording | Coded | None
"""What may stand in a cell; money in minor units, nothing where nothing is known."""
PlainFigure: TypeAlias = bool | int | Decimal | Fraction | str | date | datetime | None
"""A cell for programs: money as an exact number of the main unit, a text in the language asked."""
NUMERIC: Final = frozenset({Kind.MONEY, Kind.COUNT, Kind.RATIO, Kind.NUMBER})
BLANK: Final = "—"
STUDY_STYLE: Final = """\
.voucher-rules.vr-study, .vr-study.voucher-rules main { max-width: 72em; }
.voucher-rules.vr-study .rp-table { width: auto; min-width: 55%; margin: .4em 0 0;
  table-layout: auto; font-size: .875em; }
.voucher-rules.vr-study .rp-table th, .voucher-rules.vr-study .rp-table td {
  padding: .3em 1.1em .3em 0; overflow-wrap: normal; word-break: normal; max-width: 26em; }
.voucher-rules.vr-study .rp-table thead th { white-space: normal; vertical-align: bottom; }
.voucher-rules.vr-study .rp-table.vr-many { font-size: .75em; }
.voucher-rules.vr-study .rp-table.vr-many th, .voucher-rules.vr-study .rp-table.vr-many td {
  padding-right: .7em; }
.voucher-rules.vr-study .rp-table th:last-child, .voucher-rules.vr-study .rp-table td:last-child {
  padding-right: 0; }
@media screen and (max-width: 640px) {
  .voucher-rules.vr-study .rp-stack .rp-table { width: 100%; min-width: 0; font-size: .875em; }
  .voucher-rules.vr-study .rp-stack tbody tr > * { padding: .1em 0 .1em 8rem; max-width: none;
    overflow-wrap: anywhere; }
}
"""
"""What a study adds to the look of reports; a notebook's own rules for tables give way to it."""
_ABREAST: Final = 10
"""A table of more columns than these is set smaller, to stand on a page."""
_TRUTHS: Final = {"zh": ("是", "否"), "en": ("yes", "no")}
_PLACES: Final = 10_000
"""How finely a ratio that does not end is written for people: a hundredth of a percent."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, what people call it, and the type of what stands in it."""

    key: str
    label: Wording
    type: Type
    signed: bool = False
    """Whether a number above zero is written with its sign, as a change is."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of results: ``name`` for programs, ``title`` for people, a cell for each column."""

    name: str
    title: Wording
    columns: tuple[Column, ...]
    rows: tuple[tuple[Figure, ...], ...]
    note: Wording | None = None
    """What a reader must know to read it right."""


def tell_figure(figure: Figure, column: Column, language: str) -> str:
    """Return a cell in words; a dash where there is nothing."""
    match figure:
        case None:
            text = BLANK
        case bool():
            text = _TRUTHS[language][0 if figure else 1]
        case int() | Fraction():
            text = _tell_signed(figure, column, language)
        case datetime():
            text = write_instant(figure)
        case date():
            text = write_date(figure)
        case Period():
            text = write_period(figure, language)
        case Wording():
            text = figure.told(language)
        case Coded(label=label):
            text = label.told(language)
        case _:
            text = figure
    return text


def _tell_signed(number: Exact, column: Column, language: str) -> str:
    if not column.signed or not number:
        return _tell_number(number, column.type, language)
    size = number if number > 0 else -number
    return ("+" if number > 0 else "-") + _tell_number(size, column.type, language)


def _tell_number(number: Exact, kind: Type, language: str) -> str:
    if kind.kind is Kind.MONEY:
        return write_money(_round_fen(number), kind.unit, language)
    if kind.kind is Kind.RATIO:
        return write_ratio(_round_ratio(number))
    return write_decimal(number, grouped=True)


def _round_fen(number: Exact) -> Exact:
    """Return an average of money to the nearest minor unit, for people; a sum is whole anyway."""
    return number if isinstance(number, int) else round(number)


def _round_ratio(number: Exact) -> Exact:
    return Fraction(round(Fraction(number) * _PLACES), _PLACES)


def tell_sheet(sheet: Sheet, language: str) -> Iterator[str]:
    """Yield the lines of a sheet as text, its title first."""
    heads = [column.label.told(language) for column in sheet.columns]
    yield sheet.title.told(language)
    yield from lay_out_table(heads, list(tell_rows(sheet, language)))
    if sheet.note is not None:
        yield sheet.note.told(language)


def tell_rows(sheet: Sheet, language: str) -> Iterator[list[str]]:
    """Yield the cells of each row in words."""
    for row in sheet.rows:
        cells = zip(row, sheet.columns, strict=True)
        yield [tell_figure(figure, column, language) for figure, column in cells]


def lay_out_sheet(sheet: Sheet, language: str) -> str:
    """Return a sheet as an HTML table, without its title."""
    heads = [_show(column.label.told(language), column) for column in sheet.columns]
    rows: list[Sequence[Cell | str]] = [
        [_show(text, column) for text, column in zip(cells, sheet.columns, strict=True)]
        for cells in tell_rows(sheet, language)
    ]
    look = "vr-many" if len(heads) > _ABREAST else ""
    return lay_out_rows(heads, rows, language, look, stacks=True)


def _show(text: str, column: Column) -> Cell:
    return Cell(text, NUMBER if column.type.kind in NUMERIC else "")


def make_plain_rows(sheet: Sheet, language: str) -> list[dict[str, PlainFigure]]:
    """Return the rows of a sheet for programs, by the names of the columns."""
    return [
        {
            column.key: make_plain(figure, column, language)
            for figure, column in zip(row, sheet.columns, strict=True)
        }
        for row in sheet.rows
    ]


def make_plain(figure: Figure, column: Column, language: str) -> PlainFigure:
    """Return a cell for programs: nothing is rounded, and nothing becomes a binary float."""
    if isinstance(figure, Wording):
        return figure.told(language)
    if isinstance(figure, Coded):
        return figure.code
    if isinstance(figure, Period):
        return write_period(figure, language)
    if isinstance(figure, bool) or not isinstance(figure, int | Fraction):
        return figure
    if column.type.kind is not Kind.MONEY:
        return figure
    main = Fraction(figure) / 10 ** CURRENCIES[column.type.unit].digits
    return _write_exactly(main)


def _write_exactly(number: Fraction) -> Decimal | Fraction:
    """Return a number as a decimal where its decimals end, else as a fraction."""
    text = write_decimal(number)
    return number if "/" in text else Decimal(text)
