"""Comes in: a value, known or not, and its type. Goes out: how people write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from math import ceil, floor
from typing import Final

from voucher_rules.checked.domains import MOST_MONEY
from voucher_rules.explain.names import Namer
from voucher_rules.language.operators import YEAR_NUMBER
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import (
    CURRENCIES,
    Exact,
    Interval,
    Mark,
    OneOf,
    Period,
    Scale,
    SetBetween,
    Unknown,
    Value,
)
from voucher_rules.values.write import (
    count_decimals,
    write_date,
    write_decimal,
    write_money,
    write_period,
    write_ratio,
    write_time,
)

_TELLING: Final = MOST_MONEY // 100
"""A range of money that reaches further says no more than that the amount is not known."""
_MOST_DECIMALS: Final = 6
"""Money with more decimals than this, or with no end of them, is told to the minor unit."""


def is_telling(end: object) -> bool:
    """Return whether an end of a range of money says more than that nothing bounds it."""
    return isinstance(end, int | Fraction) and -_TELLING < end < _TELLING


def _is_readable(value: Exact, currency: str) -> bool:
    if isinstance(value, int):
        return True
    decimals = count_decimals(Fraction(value) / 10 ** CURRENCIES[currency].digits)
    return decimals is not None and decimals <= _MOST_DECIMALS


@dataclass(frozen=True, slots=True)
class Writer(Namer):
    """Writes values of one ruleset in one language."""

    exact: bool = False
    """Whether money that is told to the minor unit is told as the exact fraction as well."""

    def write_value(self, value: Value, kind: Type) -> str:
        """Write a value of a type, known or not."""
        if isinstance(value, Mark):
            return self.tell(f"value.{value.value}")
        if isinstance(value, Unknown):
            return self._write_unknown(value, kind)
        if isinstance(value, bool):
            return self.tell("value.true" if value else "value.false")
        if isinstance(value, frozenset):
            return self._write_set(value, kind) or self.tell("value.empty")
        if isinstance(value, str):
            return " ".join(self.name_option(value, kind).split())
        return self._write_plain(value, kind)

    def _write_set(self, value: frozenset[str], kind: Type) -> str:
        ordered = [option for option in kind.options if option in value]
        return self.tell("joiner").join(self.name_option(option, kind) for option in ordered)

    def _write_plain(self, value: object, kind: Type) -> str:
        if isinstance(value, datetime):
            return self._write_instant(value)
        if isinstance(value, time):
            return write_time(value)
        if isinstance(value, date):
            return write_date(value)
        if isinstance(value, Period):
            return write_period(value, self.language)
        number: Exact = value if isinstance(value, int | Fraction) else 0
        if kind.kind is Kind.MONEY:
            return self._write_money(number, kind.unit)
        if kind.kind is Kind.RATIO:
            return write_ratio(number)
        return self._write_number(number, kind)

    def _write_number(self, number: Exact, kind: Type) -> str:
        if kind == YEAR_NUMBER:
            # the name of a year, not how many there are of something
            return self.tell("value.year", year=write_decimal(number))
        text = write_decimal(number, grouped=True)
        unit = self.ruleset.lists[kind.unit].unit if kind.kind is Kind.LIST else kind.unit
        if self.language == "en" and not unit.isascii():
            # a Chinese measure word means nothing in English, where the label says what is counted
            return text
        return f"{text}{unit}" if kind.kind in {Kind.COUNT, Kind.LIST} else text

    def _write_money(self, value: Exact, currency: str) -> str:
        """Write money; about, where its decimals do not end, with the exact fraction if asked."""
        if _is_readable(value, currency):
            return write_money(value, currency, self.language)
        near = write_money(floor(value + Fraction(1, 2)), currency, self.language)
        about = self.tell("money.about", amount=near)
        if not self.exact:
            return about
        main = Fraction(value) / 10 ** CURRENCIES[currency].digits
        parts = {"top": f"{main.numerator:,}", "bottom": f"{main.denominator:,}"}
        return self.tell("money.exactly", about=about, **parts)

    def write_range(self, low: object, high: object, kind: Type) -> tuple[str, str]:
        """Write both ends of a range; money told to the minor unit is rounded outwards."""
        return self._write_end(low, kind, upwards=False), self._write_end(high, kind, upwards=True)

    def _write_end(self, end: object, kind: Type, *, upwards: bool) -> str:
        if kind.kind is not Kind.MONEY or not isinstance(end, int | Fraction):
            return self._write_plain(end, kind)
        if _is_readable(end, kind.unit):
            return self._write_plain(end, kind)
        near = ceil(end) if upwards else floor(end)
        return self.tell("money.about", amount=write_money(near, kind.unit, self.language))

    def _write_instant(self, value: datetime) -> str:
        """Write a moment; its offset is told only where it is not that of the ruleset."""
        local = value.utcoffset() == self.ruleset.zone.utcoffset(None)
        shown = value.replace(tzinfo=None) if local else value
        return shown.isoformat(sep=" ", timespec="seconds")

    def _write_unknown(self, value: Unknown, kind: Type) -> str:
        domain = value.domain
        if value.marks:
            return self.tell("value.unknown")
        if isinstance(domain, Interval) and kind.kind is Kind.MONEY:
            if is_telling(domain.low) and is_telling(domain.high):
                low, high = self.write_range(domain.low, domain.high, kind)
                return self.tell("value.between", low=low, high=high)
        elif isinstance(domain, OneOf) and len(domain.options) < len(kind.options):
            told = [self.name_option(x, kind) for x in kind.options if x in domain.options]
            return self.tell("value.or").join(told)
        elif isinstance(domain, SetBetween) and domain.certain:
            return self.tell("value.at_least", known=self._write_set(domain.certain, kind))
        return self.tell("value.unknown")

    def write_scale(self, scale: Scale, name: str) -> str:
        """Write the brackets of a scale, each with its ends and what it gives."""
        parameter = self.ruleset.parameters[name]
        entered = parameter.entered or parameter.type
        told = []
        for bracket in scale.brackets:
            start = end = ""
            if bracket.low is not None:
                key = "scale.from" if bracket.holds_low else "scale.above"
                start = self.tell(key, low=self._write_plain(bracket.low, entered))
            if bracket.high is not None:
                key = "scale.up_to" if bracket.holds_high else "scale.below"
                end = self.tell(key, high=self._write_plain(bracket.high, entered))
            value = self.write_value(bracket.value, parameter.type)
            slots = {"from": start, "to": end or "…", "value": value}
            told.append(self.tell("scale.bracket", **slots))
        return self.tell("scale.joiner").join(told)
