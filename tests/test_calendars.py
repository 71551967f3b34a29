"""Days and periods, as articles 200 to 202 of the Civil Code count them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voucher_rules.calendars import add_period, last_day
from voucher_rules.values.model import Period, PeriodUnit

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


@pytest.mark.parametrize(
    ("opens", "count", "unit", "counted", "not_counted"),
    [
        ("2016-07-05", 30, DAY, "2016-08-03", "2016-08-04"),
        ("2016-07-05", 1, DAY, "2016-07-05", "2016-07-06"),
        ("2016-07-05", 1, MONTH, "2016-08-04", "2016-08-05"),
        ("2021-01-01", 3, YEAR, "2023-12-31", "2024-01-01"),
        ("2024-03-01", 1, YEAR, "2025-02-28", "2025-03-01"),
        ("2023-03-01", 1, YEAR, "2024-02-29", "2024-03-01"),
        ("2024-02-28", 1, YEAR, "2025-02-27", "2025-02-28"),
        ("2024-01-01", 1, MONTH, "2024-01-31", "2024-02-01"),
    ],
)
def test_a_first_day_that_counts_ends_the_period_a_day_earlier(
    opens: str, count: int, unit: PeriodUnit, counted: str, not_counted: str
) -> None:
    period = Period(count, unit)
    assert last_day(day(opens), period, counts_first_day=True) == day(counted)
    assert last_day(day(opens), period, counts_first_day=False) == day(not_counted)


@pytest.mark.xfail(strict=True, reason="the eve is taken of a day that is the month's last already")
@pytest.mark.parametrize(
    ("opens", "count", "unit", "end"),
    [
        ("2024-02-29", 1, YEAR, "2025-02-28"),
        ("2024-02-29", 3, YEAR, "2027-02-28"),
        ("2024-01-31", 1, MONTH, "2024-02-29"),
        ("2023-01-31", 1, MONTH, "2023-02-28"),
        ("2023-01-30", 1, MONTH, "2023-02-28"),
        ("2024-03-31", 1, MONTH, "2024-04-30"),
    ],
)
def test_a_first_day_that_counts_fills_the_last_month_where_it_has_no_such_day(
    opens: str, count: int, unit: PeriodUnit, end: str
) -> None:
    assert last_day(day(opens), Period(count, unit), counts_first_day=True) == day(end)


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


@given(DAYS, DAYS, COUNTS, st.sampled_from(UNITS), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_later_start_never_ends_earlier(
    one: date,
    other: date,
    count: int,
    unit: PeriodUnit,
    counts: bool,  # noqa: FBT001
) -> None:
    first, second = sorted((one, other))
    period = Period(count, unit)
    ends = [last_day(start, period, counts_first_day=counts) for start in (first, second)]
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
