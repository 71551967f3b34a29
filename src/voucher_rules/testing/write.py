"""Comes in: a value. Goes out: how a case file writes it, so that what came can be copied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final

from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import CURRENCIES, NONE, Exact, Period, Unknown, Value
from voucher_rules.values.write import (
    write_date,
    write_decimal,
    write_instant,
    write_period,
    write_ratio,
    write_time,
)

NONE_WORD: Final = "none"
UNKNOWN_WORD: Final = "unknown"
NOT_KNOWN: Final = Unknown(None)
"""Whatever is not settled: not known, or waiting for a person."""


def write_list(items: Iterable[str]) -> str:
    """Write a list on one line."""
    return f"[{', '.join(items)}]"


def write_fact(value: Value, kind: Type) -> str:
    """Write a value of a type as a case file states it."""
    if value is NONE:
        return NONE_WORD
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, frozenset):
        return write_list(option for option in kind.options if option in value)
    if isinstance(value, str):
        return value
    if isinstance(value, date | time | Period):
        return _write_point(value)
    return _write_number(value, kind)


def _write_point(value: date | time | Period) -> str:
    if isinstance(value, datetime):
        return write_instant(value)
    if isinstance(value, time):
        return write_time(value)
    return write_period(value, "zh") if isinstance(value, Period) else write_date(value)


def _write_number(value: Value, kind: Type) -> str:
    if not isinstance(value, int | Fraction):
        return UNKNOWN_WORD
    if kind.kind is Kind.MONEY:
        return _write_money(value, kind.unit)
    if kind.kind is Kind.RATIO:
        return write_ratio(value)
    return f"{write_decimal(value)}{kind.unit if kind.kind is Kind.COUNT else ''}"


def _write_money(value: Exact, currency: str) -> str:
    money = CURRENCIES[currency]
    unit = next(iter(money.units))
    number = write_decimal(Fraction(value) / 10**money.digits)
    return f"{number} {unit}" if unit.isascii() else f"{number}{unit}"
