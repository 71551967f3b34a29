"""Comes in: days and periods. Goes out: the day a period ends, as the Civil Code counts."""

from __future__ import annotations

from datetime import MAXYEAR, date, timedelta

from dateutil.relativedelta import relativedelta

from voucher_rules.values.model import Period, PeriodUnit


def add_period(day: date, period: Period, *, back: bool = False) -> date:
    """Return the day ``period`` after ``day`` (before it, where ``back``).

    Months and years end on the corresponding day, or on the last of the month where there is none
    (Civil Code, articles 200 to 202). Days past the calendar's ends stay at its ends.
    Raises ValueError for hours and working days, which the checker keeps from here.
    """
    count = -period.count if back else period.count
    try:
        match period.unit:
            case PeriodUnit.DAY:
                return day + timedelta(days=count)
            case PeriodUnit.MONTH:
                return day + relativedelta(months=count)
            case PeriodUnit.YEAR:
                return day + relativedelta(years=count)
            case _:
                message = f"a period in {period.unit} has no end without a calendar"
                raise ValueError(message)
    except OverflowError:
        return date.min if count < 0 else date.max
    except ValueError:
        if period.unit not in {PeriodUnit.DAY, PeriodUnit.MONTH, PeriodUnit.YEAR}:
            raise
        return date.min if day.year + count < 1 else date(MAXYEAR, 12, 31)


def last_day(opens: date, lasts: Period, *, counts_first_day: bool) -> date:
    """Return the last day of a period that ``opens`` on a day.

    Where the first day does not count the period ends on the corresponding day; where it counts
    (a measure in force from a day for three years) it ends on the eve of it.
    """
    end = add_period(opens, lasts)
    return end - timedelta(days=1) if counts_first_day and end > date.min else end
