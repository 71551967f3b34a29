"""Comes in: a type. Goes out: every value of it, and the reading of one from its text."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from typing import Final

from voucher_rules.language.types import Kind, Type
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.values import read
from voucher_rules.values.model import (
    AnyText,
    Domain,
    Interval,
    Known,
    OneOf,
    Ordered,
    Period,
    PeriodUnit,
    Scale,
    SetBetween,
    WorkingCalendar,
)
from voucher_rules.values.write import write_period_unit

MOST_MONEY: Final = 10**15
MOST_COUNT: Final = 10**9
MOST_NUMBER: Final = 10**12
MOST_PERIOD: Final = {
    PeriodUnit.HOUR: 876_000,
    PeriodUnit.DAY: 36_525,
    PeriodUnit.WORKING_DAY: 36_525,
    PeriodUnit.MONTH: 1_200,
    PeriodUnit.YEAR: 100,
}
"""Bounds of what may be stated where a ruleset declares none: ten trillion yuan, a thousand million
things, about a hundred years. A value outside is refused at the door."""
CALENDAR_UNITS: Final = frozenset({PeriodUnit.DAY, PeriodUnit.MONTH, PeriodUnit.YEAR})
"""The units a period may have where its type names none: those that end on a day by themselves."""


def read_typed(text: str, kind: Type, zone: timezone, *, bare: bool = False) -> Known:
    """Read the text of a value of a type. Raises :class:`~.read.TextValueError`.

    ``bare`` lets money go without its unit (it then counts in the main unit, yuan for CNY).
    """
    match kind.kind:
        case Kind.BOOLEAN:
            return read.read_boolean(text)
        case Kind.COUNT:
            return read.read_count(text, kind.unit)
        case Kind.NUMBER:
            return read.read_number(text)
        case Kind.RATIO:
            return read.read_ratio(text)
        case Kind.MONEY:
            return read.read_money(text, kind.unit, unit_required=not bare)
        case Kind.DATE:
            return read.read_date(text)
        case Kind.INSTANT:
            return read.read_instant(text, zone)
        case Kind.TIME:
            return read.read_time(text)
        case Kind.PERIOD:
            return _read_period_of(text, kind.unit)
        case Kind.CHOICE:
            return _read_option_of(text, kind)
        case Kind.SET:
            items = [item for item in text.split(" ") if item]
            return frozenset(_read_option_of(item, kind) for item in items)
        case _:
            return str(text)


def _read_period_of(text: str, unit: str) -> Period:
    period = read.read_period(text)
    if period.unit != unit if unit else period.unit not in CALENDAR_UNITS:
        units = [PeriodUnit(unit)] if unit else sorted(CALENDAR_UNITS)
        raise read.TextValueError(
            "period-unit-other",
            found=text,
            unit=", ".join(units),
            words=" / ".join(write_period_unit(item) for item in units),
            other=period.unit,
        )
    if period.count > MOST_PERIOD[period.unit]:
        raise read.TextValueError("period-too-long", found=text)
    return period


def _read_option_of(text: str, kind: Type) -> str:
    if text not in kind.options:
        near = suggest_name(text, list(kind.options))
        options = ", ".join(kind.options)
        raise read.TextValueError("not-one-of", found=text, options=options, near=near)
    return str(text)


def default_domain(kind: Type) -> Domain:
    """Return every value of a type, within the bounds any case may state."""
    match kind.kind:
        case Kind.BOOLEAN:
            return OneOf(frozenset({True, False}))
        case Kind.COUNT:
            return Interval(0, MOST_COUNT)
        case Kind.NUMBER:
            return Interval(-MOST_NUMBER, MOST_NUMBER)
        case Kind.RATIO:
            return Interval(0, 1)
        case Kind.MONEY:
            return Interval(0, MOST_MONEY)
        case Kind.DATE:
            return Interval(read.FIRST_DAY, read.LAST_DAY)
        case Kind.INSTANT:
            return Interval(*_first_and_last_instant())
        case Kind.TIME:
            return Interval(time.min, time(23, 59, 59))
        case Kind.PERIOD:
            unit = PeriodUnit(kind.unit or PeriodUnit.DAY)
            return Interval(Period(0, unit), Period(MOST_PERIOD[unit], unit))
        case Kind.CHOICE:
            return OneOf(frozenset(kind.options))
        case Kind.SET:
            return SetBetween(frozenset(), frozenset(kind.options))
        case _:
            return AnyText()


def _first_and_last_instant() -> tuple[datetime, datetime]:
    """The days that may be stated, in whichever zone they are told: up to 14 hours off UTC."""
    first = datetime.combine(read.FIRST_DAY, datetime.min.time(), UTC)
    last = datetime.combine(read.LAST_DAY, datetime.min.time(), UTC)
    return first - timedelta(hours=14), last + timedelta(days=1, hours=14, seconds=-1)


def as_ordered(value: Known) -> Ordered:
    """Return ``value`` as one that can be ordered. Raises TypeError for text and sets."""
    if isinstance(value, str | frozenset | Scale | WorkingCalendar):
        message = "an ordered value"
        raise TypeError(message)
    return value


def compare_ordered(left: Ordered, right: Ordered) -> int:
    """Return -1, 0 or 1 as ``left`` is below, at or above ``right``; both are of one kind."""
    if left == right:
        return 0
    return -1 if left < right else 1  # type: ignore[operator]
