"""Comes in: days and periods. Goes out: the day a period ends, as the Civil Code counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from voucher_rules.values.model import Period, PeriodUnit

_STEPS: Final[Mapping[PeriodUnit, Callable[[int], relativedelta]]] = {
    PeriodUnit.DAY: lambda count: relativedelta(days=count),
    PeriodUnit.MONTH: lambda count: relativedelta(months=count),
    PeriodUnit.YEAR: lambda count: relativedelta(years=count),
}


def add_period(day: date, period: Period, *, back: bool = False) -> date:
    """Return the day ``period`` after ``day`` (before it, where ``back``).

    Months and years end on the corresponding day, or on the last of the month where there is none
    (Civil Code, articles 200 to 202). Days past the calendar's ends stay at its ends.
    Raises ValueError for hours and working days, which the checker keeps from here.
    """
    if period.unit not in _STEPS:
        message = f"a period in {period.unit} has no end without a calendar"
        raise ValueError(message)
    count = -period.count if back else period.count
    try:
        return day + _STEPS[period.unit](count)
    except (OverflowError, ValueError):
        return date.min if count < 0 else date.max


def last_day(opens: date, lasts: Period, *, counts_first_day: bool) -> date:
    """Return the last day of a period that ``opens`` on a day.

    Where the first day does not count the period ends on the corresponding day; where it counts
    (a measure in force from a day for three years) it ends on the eve of it.
    """
    end = add_period(opens, lasts)
    return end - timedelta(days=1) if counts_first_day and end > date.min else end
