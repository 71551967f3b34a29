"""Comes in: days, periods and a calendar. Goes out: the day a period ends, as the law counts.

Beyond the days a calendar covers no day is guessed: what comes out is the range it must lie in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta

from voucher_rules.values.model import Interval, Period, PeriodUnit, Unknown, WorkingCalendar

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


def find_last_day(start: date, lasts: Period) -> date:
    """Return the last day of what holds for a time from its first day: the eve of its anniversary.

    As with a window whose first day counts, without a corresponding day its month ends it.
    """
    day = timedelta(days=1)
    return max(add_period(start, lasts) - day, add_period(start - day, lasts))


def add_hours(moment: datetime, period: Period, *, back: bool = False) -> datetime:
    """Return the moment a number of hours after ``moment``: natural hours, through every holiday.

    Past the calendar's ends it stays at its ends (Civil Code, article 201, paragraph 2).
    """
    length = timedelta(hours=-period.count if back else period.count)
    try:
        return moment + length
    except OverflowError:
        end = (date.min, time.min) if back else (date.max, time(23, 59, 59))
        return datetime.combine(*end, moment.tzinfo)


def is_worked(calendar: WorkingCalendar, day: date) -> bool:
    """Return whether people work on ``day``, which the calendar must cover."""
    if day in calendar.workdays:
        return True
    return day.weekday() not in calendar.weekend and day not in calendar.holidays


LONGEST_BREAK: Final = 30
"""No calendar has as many days off in a row: how far a day beyond a calendar may roll."""


def roll_forward(day: date, calendar: WorkingCalendar) -> date | Unknown:
    """Return ``day``, or the first working day after it where it is a day off.

    A period that ends on a holiday ends on the day after it (Civil Code, article 203). Beyond the
    calendar: the range the day lies in.
    """
    found = day
    while calendar.first <= found <= calendar.last:
        if is_worked(calendar, found):
            return found
        found = _add_days(found, 1)
    return _between(found, LONGEST_BREAK)


def find_workday(day: date, period: Period, calendar: WorkingCalendar) -> date | Unknown:
    """Return the last of a number of working days, counted from the day after ``day``.

    Beyond the calendar: the range it lies in. No working days at all end on ``day`` itself.
    """
    left, found = period.count, day
    while left > 0:
        found = _add_days(found, 1)
        if not calendar.first <= found <= calendar.last:
            return _between(_add_days(found, left - 1), left + LONGEST_BREAK)
        left -= is_worked(calendar, found)
    return found


def _between(low: date, more: int) -> Unknown:
    return Unknown(Interval(low, _add_days(low, more)))


def _add_days(day: date, days: int) -> date:
    """Return a day some days later, or the last day there is."""
    left = date.max.toordinal() - day.toordinal()
    return day + timedelta(days=min(days, left))


def count_whole_months(start: date, until: date) -> Period:
    """Return how many whole months lie between two days; none where the second comes first."""
    months = (until.year - start.year) * 12 + until.month - start.month
    while months > 0 and add_period(start, Period(months, PeriodUnit.MONTH)) > until:
        months -= 1
    return Period(max(0, months), PeriodUnit.MONTH)
