"""Comes in: days as counted from the first day of year 1. Goes out: other days, exactly.

The same days as ``calendars`` gives, on whole numbers.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from voucher_rules.calendars import is_worked
from voucher_rules.values.model import WorkingCalendar

FIRST: Final = date.min.toordinal()
LAST: Final = date.max.toordinal()
MICROSECOND: Final = timedelta(microseconds=1)
MICROS_IN_DAY: Final = 86_400_000_000
MICROS_IN_HOUR: Final = 3_600_000_000
LAST_MOMENT: Final = LAST * MICROS_IN_DAY - 1
"""The last moment there is, in microseconds from the start of year 1."""
_START: Final = datetime.min  # noqa: DTZ901 - moments are counted on their own clock


def count_moment(moment: datetime) -> int:
    """Return a moment as microseconds of its own clock since the start of year 1."""
    return (moment.replace(tzinfo=None) - _START) // MICROSECOND


def count_time(moment: time) -> int:
    """Return a time of the day as microseconds since midnight."""
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond


def make_moment(count: int) -> datetime:
    """Return the moment of a number of microseconds, in no zone."""
    return _START + count * MICROSECOND


def make_time(count: int) -> time:
    """Return the time of the day of a number of microseconds since midnight."""
    return make_moment(count).time()


def year_of(day: int) -> int:
    """Return the year of a day."""
    return date.fromordinal(day).year


def month_of(day: int) -> int:
    """Return the month of a day."""
    return date.fromordinal(day).month


def first_of_year(day: int) -> int:
    """Return the first day of a day's year."""
    return date(date.fromordinal(day).year, 1, 1).toordinal()


def last_of_year(day: int) -> int:
    """Return the last day of a day's year."""
    return date(date.fromordinal(day).year, 12, 31).toordinal()


_LENGTHS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_months(day: int, months: int) -> int:
    """Return the corresponding day some months later, or the last of its month.

    Days past the calendar's ends stay at its ends.
    """
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year < 1:
        return FIRST
    if year > 9999:  # noqa: PLR2004 - the last year of a date
        return LAST
    leap = month == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, month + 1, min(start.day, _LENGTHS[month] + leap)).toordinal()


@lru_cache(maxsize=32)
def list_rolled(calendar: WorkingCalendar) -> tuple[int, ...]:
    """Return, for each day of a calendar, itself or the working day after it; 0 beyond it."""
    rolled: list[int] = []
    later = 0
    for ordinal in range(calendar.last.toordinal(), calendar.first.toordinal() - 1, -1):
        if is_worked(calendar, date.fromordinal(ordinal)):
            later = ordinal
        rolled.append(later)
    return tuple(reversed(rolled))


@lru_cache(maxsize=32)
def list_worked(calendar: WorkingCalendar) -> tuple[int, ...]:
    """Return the working days of a calendar, in order."""
    days = range(calendar.first.toordinal(), calendar.last.toordinal() + 1)
    return tuple(day for day in days if is_worked(calendar, date.fromordinal(day)))


@lru_cache(maxsize=32)
def list_worked_before(calendar: WorkingCalendar) -> tuple[int, ...]:
    """Return how many days are worked up to each day, from the eve of the calendar's first."""
    counts = [0]
    for ordinal in range(calendar.first.toordinal(), calendar.last.toordinal() + 1):
        counts.append(counts[-1] + is_worked(calendar, date.fromordinal(ordinal)))
    return tuple(counts)
