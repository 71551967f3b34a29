"""Days and periods, as articles 200 to 202 of the Civil Code count them."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voucher_rules.calendars import (
    add_hours,
    add_period,
    count_whole_months,
    find_workday,
    is_worked,
    roll_forward,
)
from voucher_rules.ruleset.calendar import load_calendar
from voucher_rules.values.model import Interval, Period, PeriodUnit, Unknown

PROJECT: Final = Path(__file__).resolve().parents[1]
CALENDAR_FILE: Final = PROJECT / "rulesets" / "cn-working-days" / "2026.calendar.yaml"
CALENDAR: Final = load_calendar(CALENDAR_FILE.read_bytes(), CALENDAR_FILE.name)
THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
"""How many times over each law is tried; a plain run tries the same cases every time."""
DAY, MONTH, YEAR = PeriodUnit.DAY, PeriodUnit.MONTH, PeriodUnit.YEAR
UNITS = (DAY, MONTH, YEAR)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
COUNTS = st.integers(0, 1_200)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2024-01-01", 30, DAY, "2024-01-31"),
        ("2024-02-28", 1, DAY, "2024-02-29"),
        ("2023-02-28", 1, DAY, "2023-03-01"),
        ("2024-12-31", 1, DAY, "2025-01-01"),
        ("2024-01-15", 1, MONTH, "2024-02-15"),
        ("2024-01-31", 1, MONTH, "2024-02-29"),
        ("2023-01-31", 1, MONTH, "2023-02-28"),
        ("2023-01-30", 1, MONTH, "2023-02-28"),
        ("2024-03-31", 1, MONTH, "2024-04-30"),
        ("2024-02-29", 1, MONTH, "2024-03-29"),
        ("2024-08-31", 6, MONTH, "2025-02-28"),
        ("2024-11-30", 3, MONTH, "2025-02-28"),
        ("2024-02-29", 1, YEAR, "2025-02-28"),
        ("2024-02-29", 4, YEAR, "2028-02-29"),
        ("2023-02-28", 1, YEAR, "2024-02-28"),
        ("2024-03-01", 1, YEAR, "2025-03-01"),
        ("2096-02-29", 4, YEAR, "2100-02-28"),
        ("2024-05-05", 0, MONTH, "2024-05-05"),
    ],
)
def test_a_period_ends_on_the_corresponding_day_or_the_last_of_its_month(
    start: str, count: int, unit: PeriodUnit, end: str
) -> None:
    assert add_period(day(start), Period(count, unit)) == day(end)


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2024-03-31", 30, DAY, "2024-03-01"),
        ("2024-03-31", 1, MONTH, "2024-02-29"),
        ("2024-02-29", 1, YEAR, "2023-02-28"),
        ("2025-02-28", 1, YEAR, "2024-02-28"),
        ("2025-03-01", 1, YEAR, "2024-03-01"),
    ],
)
def test_a_period_may_be_counted_back(start: str, count: int, unit: PeriodUnit, end: str) -> None:
    assert add_period(day(start), Period(count, unit), back=True) == day(end)


def test_months_are_counted_from_the_first_day_and_not_step_by_step() -> None:
    stepwise = add_period(add_period(day("2024-01-31"), Period(1, MONTH)), Period(1, MONTH))
    assert stepwise == day("2024-03-29")
    assert add_period(day("2024-01-31"), Period(2, MONTH)) == day("2024-03-31")


@given(DAYS, COUNTS, st.sampled_from(UNITS))
@settings(max_examples=300, deadline=None)
def test_the_end_falls_on_the_same_day_of_the_month_or_the_last(
    start: date, count: int, unit: PeriodUnit
) -> None:
    end = add_period(start, Period(count, unit))
    if unit is DAY:
        assert end - start == timedelta(days=count)
        return
    months = count * (12 if unit is YEAR else 1)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    is_last = (end + timedelta(days=1)).month != end.month
    assert end.day == start.day or (is_last and end.day < start.day)


@given(DAYS, DAYS, COUNTS, st.sampled_from(UNITS))
@settings(max_examples=200, deadline=None)
def test_a_later_start_never_ends_earlier(
    one: date, other: date, count: int, unit: PeriodUnit
) -> None:
    ends = [add_period(start, Period(count, unit)) for start in sorted((one, other))]
    assert ends == sorted(ends)


@given(DAYS, COUNTS, COUNTS, st.sampled_from(UNITS))
@settings(max_examples=200, deadline=None)
def test_a_longer_period_never_ends_earlier(
    start: date, one: int, other: int, unit: PeriodUnit
) -> None:
    short, long = sorted((one, other))
    assert add_period(start, Period(short, unit)) <= add_period(start, Period(long, unit))
    back = [add_period(start, Period(count, unit), back=True) for count in (short, long)]
    assert back[0] >= back[1]


@given(DAYS, COUNTS)
@settings(max_examples=100, deadline=None)
def test_a_day_that_every_month_has_comes_back(start: date, count: int) -> None:
    assume(start.day <= 28)
    for unit in UNITS:
        period = Period(count, unit)
        assert add_period(add_period(start, period), period, back=True) == start


@pytest.mark.parametrize("unit", UNITS)
def test_days_past_the_ends_of_the_calendar_stay_at_its_ends(unit: PeriodUnit) -> None:
    far = Period(10**9, unit)
    assert add_period(day("2024-01-01"), far) == date.max
    assert add_period(day("2024-01-01"), far, back=True) == date.min
    assert add_period(date.max, Period(1, unit)) == date.max
    assert add_period(date.min, Period(1, unit), back=True) == date.min


@pytest.mark.parametrize("unit", [PeriodUnit.HOUR, PeriodUnit.WORKING_DAY])
def test_a_period_that_needs_a_calendar_of_its_own_is_refused(unit: PeriodUnit) -> None:
    with pytest.raises(ValueError, match="calendar"):
        add_period(day("2024-01-01"), Period(1, unit))


# Working days, as the notices on days off name them.

COMMON: Any = {"deadline": None, "derandomize": THOROUGHNESS == 1, "database": None}
WORKING_DAY: Final = PeriodUnit.WORKING_DAY
COVERED: Final = st.dates(CALENDAR.first, CALENDAR.last - timedelta(days=90))


def working(count: int) -> Period:
    return Period(count, WORKING_DAY)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2023-01-19", 7, "2023-02-02"),
        ("2023-04-20", 7, "2023-04-28"),
        ("2023-09-27", 7, "2023-10-12"),
        ("2018-04-02", 15, "2018-04-24"),
        ("2024-09-27", 15, "2024-10-23"),
        ("2023-02-04", 7, "2023-02-14"),
        ("2023-01-20", 1, "2023-01-28"),
        ("2023-01-21", 1, "2023-01-28"),
        ("2023-01-27", 2, "2023-01-29"),
        ("2023-10-01", 0, "2023-10-01"),
        ("2026-12-30", 1, "2026-12-31"),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: str, count: int, end: str) -> None:
    assert find_workday(day(start), working(count), CALENDAR) == day(end)


@pytest.mark.parametrize(
    ("ends", "rolled"),
    [
        ("2023-09-29", "2023-10-07"),
        ("2010-02-15", "2010-02-20"),
        ("2015-02-15", "2015-02-15"),
        ("2018-02-15", "2018-02-22"),
        ("2021-02-15", "2021-02-18"),
        ("2024-02-15", "2024-02-18"),
        ("2026-02-15", "2026-02-24"),
        ("2023-02-04", "2023-02-06"),
        ("2023-01-28", "2023-01-28"),
        ("2026-12-31", "2026-12-31"),
    ],
)
def test_a_period_that_ends_on_a_day_off_ends_on_the_next_day_worked(
    ends: str, rolled: str
) -> None:
    assert roll_forward(day(ends), CALENDAR) == day(rolled)


@settings(max_examples=150 * THOROUGHNESS, **COMMON)
@given(COVERED, st.integers(0, 30))
def test_so_many_working_days_lie_between_a_day_and_the_end(start: date, count: int) -> None:
    end = find_workday(start, working(count), CALENDAR)
    assert isinstance(end, date)
    after = [start + timedelta(days=gap) for gap in range(1, (end - start).days + 1)]
    assert sum(is_worked(CALENDAR, each) for each in after) == count
    assert not after or is_worked(CALENDAR, end)


@settings(max_examples=150 * THOROUGHNESS, **COMMON)
@given(COVERED)
def test_no_working_day_is_passed_over_where_an_end_is_rolled(ends: date) -> None:
    rolled = roll_forward(ends, CALENDAR)
    assert isinstance(rolled, date)
    assert is_worked(CALENDAR, rolled)
    passed = [ends + timedelta(days=gap) for gap in range((rolled - ends).days)]
    assert not any(is_worked(CALENDAR, each) for each in passed)


# Beyond the calendar: whatever the days to come will be, the end lies in the range told, and is its
# low end where all of them are worked.


@pytest.mark.parametrize(
    ("start", "count", "low"),
    [
        ("2026-12-28", 3, None),
        ("2026-12-28", 4, "2027-01-01"),
        ("2026-12-28", 10, "2027-01-07"),
        ("2026-12-31", 1, "2027-01-01"),
        ("2027-03-01", 5, "2027-03-06"),
        ("2003-12-31", 1, None),
        ("2003-12-01", 5, "2003-12-06"),
    ],
)
def test_beyond_the_calendar_working_days_end_no_sooner_than_if_every_day_were_worked(
    start: str, count: int, low: str | None
) -> None:
    end = find_workday(day(start), working(count), CALENDAR)
    if low is None:
        assert isinstance(end, date)
        return
    assert isinstance(end, Unknown)
    assert isinstance(end.domain, Interval)
    assert end.domain.low == day(low)
    assert not end.marks


@pytest.mark.parametrize("ends", ["2027-01-01", "2030-05-05", "2003-12-31"])
def test_beyond_the_calendar_an_end_may_stay_where_it_is(ends: str) -> None:
    rolled = roll_forward(day(ends), CALENDAR)
    assert isinstance(rolled, Unknown)
    assert isinstance(rolled.domain, Interval)
    assert rolled.domain.low == day(ends)


LATE: Final = st.integers(0, 60).map(lambda gap: date(2019, 1, 2) + timedelta(days=gap))


@settings(max_examples=150 * THOROUGHNESS, **COMMON)
@given(LATE, LATE, st.integers(0, 25))
def test_what_a_calendar_adds_later_lies_in_the_range_told_before(
    last: date, start: date, count: int
) -> None:
    short = replace(CALENDAR, last=last)
    for told, came in (
        (find_workday(start, working(count), short), find_workday(start, working(count), CALENDAR)),
        (roll_forward(start, short), roll_forward(start, CALENDAR)),
    ):
        assert isinstance(came, date)
        if isinstance(told, date):
            assert told == came
            continue
        assert isinstance(told.domain, Interval)
        assert isinstance(told.domain.low, date)
        assert isinstance(told.domain.high, date)
        assert told.domain.low <= came <= told.domain.high


@settings(max_examples=100 * THOROUGHNESS, **COMMON)
@given(LATE, st.integers(0, 25))
def test_the_low_end_told_is_reached_where_every_day_to_come_is_worked(
    start: date, count: int
) -> None:
    last = date(2019, 2, 1)
    short = replace(CALENDAR, last=last)
    later = {last + timedelta(days=gap) for gap in range(1, 200)}
    worked = replace(CALENDAR, workdays=CALENDAR.workdays | later)
    for told, came in (
        (find_workday(start, working(count), short), find_workday(start, working(count), worked)),
        (roll_forward(start, short), roll_forward(start, worked)),
    ):
        low = told if isinstance(told, date) else getattr(told.domain, "low", None)
        assert low == came


@pytest.mark.parametrize("last", [date.max, date.max - timedelta(days=3)])
def test_no_day_past_the_last_there_is_stops_a_count(last: date) -> None:
    for found in (
        find_workday(last, working(1), CALENDAR),
        find_workday(last, working(40), CALENDAR),
        roll_forward(last, CALENDAR),
    ):
        assert isinstance(found, date | Unknown)


# Hours run through every holiday, and months are counted whole.

BEIJING: Final = timezone(timedelta(hours=8))


def hours(count: int) -> Period:
    return Period(count, PeriodUnit.HOUR)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2023-01-20T16:59:59", 48, "2023-01-22T16:59:59"),
        ("2023-09-28T23:00:01", 48, "2023-09-30T23:00:01"),
        ("2024-02-28T00:00:00", 48, "2024-03-01T00:00:00"),
        ("2023-12-31T23:59:59", 1, "2024-01-01T00:59:59"),
        ("2024-05-01T10:00:00", 0, "2024-05-01T10:00:00"),
    ],
)
def test_hours_run_to_the_second_through_holidays(start: str, count: int, end: str) -> None:
    assert add_hours(moment(start), hours(count)) == moment(end)
    assert add_hours(moment(end), hours(count), back=True) == moment(start)
    assert add_hours(moment(start), hours(count)).tzinfo is BEIJING


def test_hours_past_the_ends_of_the_calendar_stay_there_and_never_turn_back() -> None:
    noon = datetime.combine(date.max, time(12), BEIJING)
    ends = [add_hours(noon, hours(count)) for count in (0, 1, 11, 12, 24, 10**6)]
    assert ends == sorted(ends)
    early = datetime.combine(date.min, time(12), BEIJING)
    ends = [add_hours(early, hours(count), back=True) for count in (0, 1, 12, 13, 24, 10**6)]
    assert ends == sorted(ends, reverse=True)


@pytest.mark.parametrize(
    ("start", "until", "count"),
    [
        ("2023-01-31", "2023-02-27", 0),
        ("2023-01-31", "2023-02-28", 1),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2023-01-31", "2023-03-30", 1),
        ("2023-01-31", "2023-03-31", 2),
        ("2024-02-29", "2025-02-27", 11),
        ("2024-02-29", "2025-02-28", 12),
        ("2020-02-29", "2024-02-28", 47),
        ("2020-02-29", "2024-02-29", 48),
        ("2023-02-28", "2024-02-28", 12),
        ("2023-05-15", "2023-06-14", 0),
        ("2023-05-15", "2023-06-15", 1),
        ("2023-12-15", "2024-01-15", 1),
        ("2023-05-15", "2023-05-15", 0),
        ("2023-05-15", "2022-05-15", 0),
    ],
)
def test_a_month_is_whole_on_its_corresponding_day_or_its_last(
    start: str, until: str, count: int
) -> None:
    assert count_whole_months(day(start), day(until)) == Period(count, MONTH)


@settings(max_examples=200 * THOROUGHNESS, **COMMON)
@given(DAYS, DAYS)
def test_so_many_whole_months_have_passed_and_not_one_more(one: date, other: date) -> None:
    start, until = sorted((one, other))
    months = count_whole_months(start, until)
    assert add_period(start, months) <= until
    assert add_period(start, Period(months.count + 1, MONTH)) > until
    assert count_whole_months(until, start).count == 0
