"""Comes in: an axis and what it counts. Goes out: it with its unit, its label and its ticks.

Money counts in yuan, or in ten thousands or hundred millions of them where it is much; whoever
draws asks for the unit first and places every value by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.checked.symbols import Wording
from voucher_rules.language.types import Kind, Type
from voucher_rules.pictures.style import place
from voucher_rules.values.model import CURRENCIES, Exact

if TYPE_CHECKING:
    from matplotlib.axis import Axis

_FEW: Final = 3
"""Of as many months or more the first days are marked, and no days between."""
_MANY: Final = 7
"""More ticks than these crowd an axis of dates."""
_PLACES: Final = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """What an axis counts in: so many smallest units at a time, and what that is called."""

    size: Exact
    unit: str
    dated: bool = False
    percent: bool = False

    def place(self, value: Exact | date) -> Any:  # noqa: ANN401 - a number or a day
        """Return where a value lies on the axis."""
        return value if isinstance(value, date) else place(value, self.size)

    def write(self, value: Exact) -> str:
        """Return an exact value as it is written beside the axis, without its unit."""
        return _write_tick(place(value, self.size), self)


def choose_measure(kind: Type, values: Iterable[Exact], language: str) -> Measure:
    """Return what to count values of a type in, by the size of the largest."""
    if kind.kind is Kind.MONEY:
        most: Exact = max([Fraction(0), *(abs(Fraction(x)) for x in values)])
        return _choose_money(kind.unit, most, language)
    if kind.kind is Kind.RATIO:
        return Measure(Fraction(1, 100), "", percent=True)
    if kind.kind is Kind.DATE:
        return Measure(1, "", dated=True)
    told = kind.unit if kind.kind is Kind.COUNT else ""
    return Measure(1, told if language == "zh" or told.isascii() else "")


_LARGE: Final = 10
"""A unit is taken once the largest value is this many of it, or so many of the next smaller one."""


def _choose_money(currency: str, most: Exact, language: str) -> Measure:
    one = 10 ** CURRENCIES[currency].digits
    if currency == "CNY" and language == "zh":
        units = {"元": 1, "万元": 10**4, "亿元": 10**8}
    else:
        units = {currency: 1, f"{currency} million": 10**6, f"{currency} billion": 10**9}
    fitting = [unit for unit, of in units.items() if most >= of * one * _LARGE]
    unit = fitting[-1] if fitting else next(iter(units))
    return Measure(units[unit] * one, unit)


def label_axis(axis: Axis, label: Wording | str, measure: Measure, language: str) -> None:
    """Give an axis its label with the unit, and ticks that people write."""
    told = label.told(language) if isinstance(label, Wording) else label
    unit = measure.unit
    if unit:
        told = f"{told}（{unit}）" if language == "zh" else f"{told} ({unit})"
    axis.set_label_text(told)
    if measure.dated:
        _set_dates(axis)
        return
    ticker = import_package("matplotlib.ticker", "plot")
    axis.set_major_formatter(ticker.FuncFormatter(lambda value, _: _write_tick(value, measure)))


def keep_whole(axis: Axis) -> None:
    """Put ticks at whole numbers only: there is no half person."""
    ticker = import_package("matplotlib.ticker", "plot")
    axis.set_major_locator(ticker.MaxNLocator(integer=True, min_n_ticks=1))


def _set_dates(axis: Axis) -> None:
    dates = import_package("matplotlib.dates", "plot")
    axis.set_major_locator(dates.AutoDateLocator(minticks=_FEW, maxticks=_MANY))
    # names of months differ by language; numbers do not
    axis.set_major_formatter(dates.DateFormatter("%Y-%m-%d"))


def _write_tick(value: float, measure: Measure) -> str:
    """Write a number with commas between thousands, and no more decimals than it has."""
    text = f"{value:,.{_PLACES}f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text.replace("-", "−")
    return f"{text}%" if measure.percent else text
