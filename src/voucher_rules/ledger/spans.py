"""Comes in: the span of a balance, and the values of a case. Goes out: its first and last day.

Years, quarters and months are those of the calendar; a span the case states is taken as it is.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, TypeAlias

from voucher_rules.calendars import add_period
from voucher_rules.checked.histories import SpanKind, Within
from voucher_rules.checked.symbols import Parameter
from voucher_rules.values.model import NONE, Period, Value

Days: TypeAlias = tuple[date | None, date | None]
"""The first and the last day, both included; None for no bound."""

_MONTHS_IN: Final[Mapping[SpanKind, int]] = {
    SpanKind.CALENDAR_YEAR: 12,
    SpanKind.CALENDAR_QUARTER: 3,
    SpanKind.CALENDAR_MONTH: 1,
}


def find_span(
    within: Within,
    find_value: Callable[[str], Value | None],
    day: date | None,
    parameters: Mapping[str, Parameter],
) -> Days | None:
    """Return the days of a span, or None where the case does not say enough to find them.

    ``find_value`` tells what the case says of a fact; ``day`` is the one the decision goes by, for
    a span that names no other.
    """
    if within.kind is SpanKind.LIFETIME:
        return (None, None)
    anchor = find_value(within.anchor) if within.anchor else day
    if within.kind is SpanKind.BETWEEN:
        return _find_between(within, find_value, anchor)
    if not isinstance(anchor, date):
        return None
    if within.kind is SpanKind.ROLLING:
        return _find_rolling(parameters[within.lasts], anchor, day)
    return find_calendar_span(within.kind, anchor)


def find_span_on(kind: SpanKind, day: date | None) -> Days | None:
    """Return the span a day lies in; None where there is no day, or only a case can tell."""
    match kind:
        case SpanKind.LIFETIME:
            return (None, None)
        case SpanKind.ROLLING | SpanKind.BETWEEN:
            return None
        case _:
            return None if day is None else find_calendar_span(kind, day)


@lru_cache(maxsize=256)
def find_calendar_span(kind: SpanKind, day: date) -> tuple[date, date]:
    """Return the first and last day of the year, quarter or month that ``day`` lies in."""
    months = _MONTHS_IN[kind]
    first = (day.month - 1) // months * months + 1
    last = first + months - 1
    return date(day.year, first, 1), date(day.year, last, monthrange(day.year, last)[1])


def _find_between(
    within: Within, find_value: Callable[[str], Value | None], anchor: Value | None
) -> Days | None:
    """Return the span a case states; the calendar year where it says there is none of its own."""
    closes = find_value(within.closes)
    if not within.opens:
        return (None, closes) if isinstance(closes, date) else None
    opens = find_value(within.opens)
    if opens is NONE or closes is NONE:
        if not isinstance(anchor, date):
            return None
        return find_calendar_span(SpanKind.CALENDAR_YEAR, anchor)
    if isinstance(opens, date) and isinstance(closes, date) and opens <= closes:
        return (opens, closes)
    return None


def _find_rolling(lasts: Parameter, anchor: date, day: date | None) -> Days | None:
    """Return the days of a span that ends with ``anchor``; the day it counts from is outside."""
    held = lasts.value_on(day or anchor)
    if held is None or not isinstance(held.value, Period):
        return None
    return (add_period(anchor, held.value, back=True) + timedelta(days=1), anchor)
