"""Comes in: exact values. Goes out: their text, for people (5,000元) and machines (5000.00)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final

from voucher_rules.values.model import CURRENCIES, Exact, Period, PeriodUnit

_PERIOD_WORDS: Final[Mapping[str, Mapping[PeriodUnit, str]]] = {
    "zh": {
        PeriodUnit.HOUR: "小时",
        PeriodUnit.DAY: "天",
        PeriodUnit.WORKING_DAY: "个工作日",
        PeriodUnit.MONTH: "个月",
        PeriodUnit.YEAR: "年",
    },
    "en": {
        PeriodUnit.HOUR: " hours",
        PeriodUnit.DAY: " days",
        PeriodUnit.WORKING_DAY: " working days",
        PeriodUnit.MONTH: " months",
        PeriodUnit.YEAR: " years",
    },
}


def count_decimals(value: Fraction) -> int | None:
    """Return how many decimals write ``value`` exactly, or None where none do."""
    rest, decimals = value.denominator, 0
    while rest % 10 == 0:
        rest, decimals = rest // 10, decimals + 1
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return decimals + max(twos, fives) if rest == 1 else None


def write_decimal(value: Exact, *, places: int = 0, grouped: bool = False) -> str:
    """Write a number exactly: decimals where they end, else a fraction such as ``200/3``.

    ``places`` is the least number of decimals; ``grouped`` puts commas between thousands.
    """
    if value.__class__ is int and not places:
        return f"{value:,}" if grouped else str(value)
    fraction = Fraction(value)
    decimals = count_decimals(fraction)
    if decimals is None:
        return f"{fraction.numerator}/{fraction.denominator}"
    decimals = max(decimals, places)
    scaled = abs(fraction.numerator) * 10**decimals // fraction.denominator
    whole, rest = divmod(scaled, 10**decimals)
    text = f"{whole:,}" if grouped else str(whole)
    if decimals:
        text += "." + str(rest).rjust(decimals, "0")
    return f"-{text}" if fraction < 0 else text


def write_money(value: Exact, currency: str, language: str) -> str:
    """Write minor units for people: ``2,000元``, ``CNY 2,000.50``."""
    money = CURRENCIES[currency]
    main = Fraction(value) / 10**money.digits
    text = write_decimal(main, places=0 if main.denominator == 1 else money.digits, grouped=True)
    if currency == "CNY" and language == "zh":
        return f"{text}元"
    return f"{currency} {text}"


def write_money_exactly(value: Exact, currency: str) -> str:
    """Write minor units for machines, in the main unit with fixed places: ``2000.00``."""
    digits = CURRENCIES[currency].digits
    if value.__class__ is int and digits:
        # Whole minor units need no fraction, and nearly every amount is such.
        text = str(abs(value)).rjust(digits + 1, "0")
        return f"{'-' if value < 0 else ''}{text[:-digits]}.{text[-digits:]}"
    return write_decimal(Fraction(value) / 10**digits, places=digits)


def write_ratio(value: Exact) -> str:
    """Write a ratio for people: ``30%``, or ``2/3`` where a percentage would not end."""
    percent = Fraction(value) * 100
    if count_decimals(percent) is None:
        return write_decimal(value)
    return f"{write_decimal(percent)}%"


def write_fraction(value: Exact) -> str:
    """Write a ratio for machines: ``3/10``, ``1``."""
    return str(value if value.__class__ is int else Fraction(value))


def write_period_unit(unit: PeriodUnit) -> str:
    """Return the word that a unit of periods is written with, as rulesets and cases read it."""
    return _PERIOD_WORDS["zh"][unit]


def write_period(value: Period, language: str) -> str:
    """Write ``30天`` or ``30 days``."""
    words = _PERIOD_WORDS[language][value.unit]
    if language == "en" and value.count == 1:
        words = words.removesuffix("s")
    return f"{value.count}{words}"


def write_date(value: date) -> str:
    """Write ``YYYY-MM-DD``."""
    return value.isoformat()


def write_time(value: time) -> str:
    """Write ``hh:mm``, with the seconds where there are some."""
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def write_instant(value: datetime) -> str:
    """Write ``YYYY-MM-DDThh:mm:ss±hh:mm``."""
    return value.isoformat(timespec="seconds")
