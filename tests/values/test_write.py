"""What is written of a value is read back as the same value."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.values.model import CURRENCIES, Exact, Period, PeriodUnit, settle_exact
from voucher_rules.values.read import (
    MAX_DIGITS,
    read_date,
    read_instant,
    read_money,
    read_number,
    read_period,
    read_ratio,
)
from voucher_rules.values.write import (
    count_decimals,
    write_date,
    write_decimal,
    write_fraction,
    write_instant,
    write_money,
    write_money_exactly,
    write_period,
    write_ratio,
)

MONEY = st.integers(-(10**15), 10**15)
DECIMALS = st.builds(
    lambda digits, places: settle_exact(Fraction(digits, 10**places)),
    st.integers(-(10**9), 10**9),
    st.integers(0, 8),
)
RATIOS = st.one_of(
    st.fractions(0, 1, max_denominator=10**6),
    st.integers(0, 10**6).map(lambda part: Fraction(part, 10**6)),
).map(settle_exact)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(MONEY, st.sampled_from(sorted(CURRENCIES)))
@settings(max_examples=200, deadline=None)
def test_money_for_machines_is_read_back(value: int, currency: str) -> None:
    text = write_money_exactly(value, currency)
    assert read_money(text, currency, unit_required=False) == value
    assert len(text.partition(".")[2]) == CURRENCIES[currency].digits


@given(MONEY, st.sampled_from(sorted(CURRENCIES)))
def test_whole_minor_units_are_written_as_the_same_fraction_is(value: int, currency: str) -> None:
    digits = CURRENCIES[currency].digits
    main = Fraction(value) / 10**digits
    assert write_money_exactly(value, currency) == write_decimal(main, places=digits)
    assert write_decimal(value) == write_decimal(Fraction(value))


@given(MONEY)
@settings(max_examples=200, deadline=None)
def test_money_for_people_is_read_back_once_its_commas_are_gone(value: int) -> None:
    assert read_money(write_money(value, "CNY", "zh").replace(",", "")) == value


@given(MONEY, st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["zh", "en"]))
@settings(max_examples=100, deadline=None)
def test_money_for_people_names_its_currency(value: int, currency: str, language: str) -> None:
    text = write_money(value, currency, language).replace(",", "")
    if currency == "CNY" and language == "zh":
        number = text.removesuffix("元")
    else:
        number = text.removeprefix(f"{currency} ")
    assert read_money(number, currency, unit_required=False) == value


@given(RATIOS)
@settings(max_examples=300, deadline=None)
def test_a_ratio_is_read_back(value: Exact) -> None:
    assert read_ratio(write_ratio(value)) == value
    assert read_ratio(write_fraction(value)) == value


@given(DECIMALS)
@settings(max_examples=200, deadline=None)
def test_a_decimal_is_read_back(value: Exact) -> None:
    assert read_number(write_decimal(value)) == value
    assert read_number(write_decimal(value, grouped=True).replace(",", "")) == value


@given(DECIMALS, st.integers(0, 6))
@settings(max_examples=100, deadline=None)
def test_a_decimal_has_the_least_places_asked_for_and_no_more_than_needed(
    value: Exact, places: int
) -> None:
    written = len(write_decimal(value, places=places).partition(".")[2])
    assert written == max(places, count_decimals(Fraction(value)) or 0)


@given(st.fractions(max_denominator=10**6))
@settings(max_examples=200, deadline=None)
def test_decimals_are_counted_where_they_end(value: Fraction) -> None:
    decimals = count_decimals(value)
    ends = [n for n in range(MAX_DIGITS + 3) if (value * 10**n).denominator == 1]
    assert decimals == (ends[0] if ends else None)


@given(st.integers(0, 10**6), st.sampled_from(PeriodUnit), st.sampled_from(["zh", "en"]))
@settings(max_examples=200, deadline=None)
def test_a_period_is_read_back(count: int, unit: PeriodUnit, language: str) -> None:
    period = Period(count, unit)
    assert read_period(write_period(period, language)) == period


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
@settings(max_examples=100, deadline=None)
def test_a_date_is_read_back(value: date) -> None:
    assert read_date(write_date(value)) == value


@given(st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30)), ZONES)  # noqa: DTZ001
@settings(max_examples=100, deadline=None)
def test_an_instant_is_read_back(value: datetime, zone: timezone) -> None:
    moment = value.replace(microsecond=0, tzinfo=zone)
    assert read_instant(write_instant(moment), zone) == moment


@pytest.mark.parametrize(
    ("value", "zh", "en", "exact"),
    [
        (0, "0元", "CNY 0", "0.00"),
        (200_000, "2,000元", "CNY 2,000", "2000.00"),
        (200_050, "2,000.50元", "CNY 2,000.50", "2000.50"),
        (1, "0.01元", "CNY 0.01", "0.01"),
        (-1, "-0.01元", "CNY -0.01", "-0.01"),
        (Fraction(1, 3), "1/300元", "CNY 1/300", "1/300"),
        (Fraction(1, 2), "0.005元", "CNY 0.005", "0.005"),
    ],
)
def test_money_is_written_for_each_reader(value: Exact, zh: str, en: str, exact: str) -> None:
    assert write_money(value, "CNY", "zh") == zh
    assert write_money(value, "CNY", "en") == en
    assert write_money_exactly(value, "CNY") == exact


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3, 10), "30%"),
        (Fraction(2, 3), "2/3"),
        (1, "100%"),
        (0, "0%"),
        (Fraction(1, 8), "12.5%"),
    ],
)
def test_a_ratio_is_written_as_a_percentage_where_that_ends(value: Exact, text: str) -> None:
    assert write_ratio(value) == text


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 working day"), (2, "2 working days"), (0, "0 working days")]
)
def test_a_period_is_singular_for_one(count: int, text: str) -> None:
    assert write_period(Period(count, PeriodUnit.WORKING_DAY), "en") == text
