"""Comes in: a value and its type. Goes out: the same as canonical data; and back, to be stated.

Every number is text, so that no reader can round it: money in the main unit with fixed places
(``"2000.00"``), all else as a whole number or a fraction (``"3"``, ``"1/2"``). This form is pinned
by the number of the semantics; the form for readers (``explain/data.py``) may grow freely.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from voucher_rules.language.types import Kind, Type
from voucher_rules.record.canonical import Data
from voucher_rules.sources.tree import Scalar
from voucher_rules.spans import Span
from voucher_rules.values.model import (
    NONE,
    AnyText,
    Exact,
    Interval,
    Mark,
    OneOf,
    Period,
    PeriodUnit,
    Scale,
    SetBetween,
    Unknown,
    Value,
    WorkingCalendar,
)
from voucher_rules.values.write import write_fraction, write_money_exactly

_UNKNOWN: Final = "unknown"
NOT_KNOWN: Final = Scalar(_UNKNOWN, Span("", 0, 0))
"""The bare word by which a case says of any fact that it is not known."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,80}(\.[0-9]{1,80}|/[1-9][0-9]{0,79})?")
"""A number as it is written here: nothing is divided by zero, and no power of ten worked out."""


def state_value(value: Value, kind: Type) -> Data:
    """Return a value as canonical data; marks and unknowns as ``{"state": …}``."""
    if value.__class__ is int or value.__class__ is Fraction:  # most values, and told soonest
        return state_number(value, kind)
    match value:
        case Mark():
            return {"state": value.value}
        case Unknown():
            return _state_unknown(value, kind)
        case bool():
            return value
        case str():
            return str(value)
        case frozenset():
            return sorted(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Period():
            return {"count": str(value.count), "unit": str(value.unit)}
        case Scale():
            return {"brackets": str(len(value.brackets))}
        case WorkingCalendar():
            return {"calendar": value.id, "digest": value.digest}
    return state_number(value, kind)


def state_number(value: Exact, kind: Type) -> str:
    """Return a number as text, exactly."""
    if kind.kind is Kind.MONEY:
        return write_money_exactly(value, kind.unit)
    return write_fraction(value)


def _state_unknown(value: Unknown, kind: Type) -> Data:
    data: dict[str, Data] = {"state": _UNKNOWN}
    match value.domain:
        case Interval(low, high):
            data["low"], data["high"] = state_value(low, kind), state_value(high, kind)
        case OneOf(options):
            data["options"] = sorted(options, key=str)
        case SetBetween(certain, possible):
            data["certain"], data["possible"] = sorted(certain), sorted(possible)
        case AnyText() | None:
            pass
    if value.marks:
        data["or"] = sorted(mark.value for mark in value.marks)
    return data


def restate_value(data: Data, kind: Type) -> Any:  # noqa: ANN401 - whatever a case may state
    """Return a stated value as a case may state it again.

    Raises ValueError, TypeError or KeyError for data that no value was written as.
    """
    if isinstance(data, dict) and "state" in data:
        return _restate_state(data, kind)
    match kind.kind:
        case Kind.MONEY:
            return _restate_decimal(data)
        case Kind.NUMBER | Kind.RATIO:
            return read_number(data)
        case Kind.COUNT:
            return int(read_number(data))
        case Kind.DATE:
            return date.fromisoformat(data)
        case Kind.INSTANT:
            return datetime.fromisoformat(data)
        case Kind.TIME:
            return time.fromisoformat(data)
        case Kind.PERIOD:
            return Period(int(read_number(data["count"])), PeriodUnit(data["unit"]))
    return data


def _restate_decimal(data: Data) -> Decimal | Fraction:
    check_number(data)
    return Fraction(data) if "/" in data else Decimal(data)


def read_number(data: Data) -> Fraction:
    """Return the number that :func:`state_number` wrote. Raises ValueError or TypeError."""
    check_number(data)
    return Fraction(int(data) if data.isdecimal() else data)


def check_number(data: Data) -> None:
    """Check that data is a number as they are written. Raises ValueError or TypeError."""
    if not _NUMBER.fullmatch(data):
        message = "not a number as they are written"
        raise ValueError(message)


def _restate_state(data: dict[str, Data], kind: Type) -> Any:  # noqa: ANN401 - as above
    if data["state"] == NONE.value:
        return NONE
    if kind.kind is not Kind.SET or "certain" not in data:
        return NOT_KNOWN
    certain, possible = set(data["certain"]), set(data["possible"])
    unsure: dict[str, bool | str] = dict.fromkeys(kind.options, False)
    return unsure | dict.fromkeys(possible, _UNKNOWN) | dict.fromkeys(certain, True)
