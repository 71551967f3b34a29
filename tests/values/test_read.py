"""The one grammar of values: what is read, what is refused, and with which code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.values.model import CURRENCIES, Period, PeriodUnit, settle_exact
from voucher_rules.values.read import (
    TextValueError,
    read_boolean,
    read_count,
    read_date,
    read_instant,
    read_money,
    read_number,
    read_offset,
    read_period,
    read_ratio,
    read_whole,
    split_quantity,
)

CHINA = timezone(timedelta(hours=8))


def find_code(read: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(TextValueError) as caught:
        read(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("7", 7),
        ("-7", -7),
        ("0.5", Fraction(1, 2)),
        ("-0.5", Fraction(-1, 2)),
        ("10.00", 10),
        ("0.10", Fraction(1, 10)),
        ("123456789012345678", 123456789012345678),
        ("0.12345678901234567", Fraction(12345678901234567, 10**17)),
    ],
)
def test_a_number_is_read_exactly(text: str, value: object) -> None:
    assert read_number(text) == value
    assert type(read_number(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-a-number"),
        ("-", "not-a-number"),
        ("+1", "not-a-number"),
        ("1-", "not-a-number"),
        ("--1", "not-a-number"),
        ("1.2.3", "stray-space"),
        (".5", "stray-space"),
        ("5.", "stray-space"),
        (" 5", "stray-space"),
        ("01", "leading-zero"),
        ("-01", "leading-zero"),
        ("00", "leading-zero"),
        ("1,000", "digit-separator"),
        ("1_0", "digit-separator"),
        ("1e5", "exponent"),
        ("1.5E-3", "exponent"),
        ("inf", "not-finite"),
        ("-Infinity", "not-finite"),
        (".nan", "not-finite"),
        ("１２", "full-width-digits"),
        ("1．5", "full-width-digits"),
        ("-0", "negative-zero"),
        ("-0.000", "negative-zero"),
        ("1" * 19, "number-too-long"),
        ("0." + "0" * 18, "number-too-long"),
        ("二", "not-a-number"),
        ("٣", "not-a-number"),
        ("5\n", "stray-space"),
    ],
)
def test_what_is_no_number_is_refused(text: str, code: str) -> None:
    assert find_code(read_number, text) == code


@pytest.mark.parametrize("text", ["1,000,5", "1_", "1,", "-1,0", "１，０００", "1 000", "5 "])
def test_a_fix_is_a_number_or_a_step_towards_one(text: str) -> None:
    with pytest.raises(TextValueError) as caught:
        read_number(text)
    fix = caught.value.arguments.get("fix", "")
    assert not fix or fix != text


@pytest.mark.parametrize(
    ("text", "fix"), [("1,000", "1000"), ("1_0.5", "10.5"), ("１２．５", "12.5")]
)
def test_the_fix_is_told(text: str, fix: str) -> None:
    with pytest.raises(TextValueError) as caught:
        read_number(text)
    assert caught.value.arguments["fix"] == fix


def test_a_boolean_is_true_or_false() -> None:
    assert read_boolean("true") is True
    assert read_boolean("false") is False
    for text in ("True", "yes", "1", "", "true ", "是"):
        assert find_code(read_boolean, text) == "not-a-boolean"


def test_a_whole_number_has_no_fraction() -> None:
    assert read_whole("12") == 12
    assert find_code(read_whole, "1.5") == "not-whole"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30%", Fraction(3, 10)),
        ("0.3", Fraction(3, 10)),
        ("3/10", Fraction(3, 10)),
        ("2/3", Fraction(2, 3)),
        ("100%", 1),
        ("1", 1),
        ("0%", 0),
        ("0/7", 0),
        ("12.5%", Fraction(1, 8)),
        ("-5%", Fraction(-1, 20)),
        ("4/2", 2),
    ],
)
def test_a_ratio_is_read_exactly(text: str, value: object) -> None:
    assert read_ratio(text) == value
    assert type(read_ratio(text)) is type(value)


@pytest.mark.parametrize(
    "text", ["1/0", "1/-2", "2/3%", "%", "30 %", "30％", "1/02", "1 / 2", "三成"]
)
def test_what_is_no_ratio_is_refused(text: str) -> None:
    find_code(read_ratio, text)


def test_a_long_fraction_is_refused() -> None:
    assert find_code(read_ratio, "1/" + "3" * 19) == "number-too-long"
    assert find_code(read_ratio, "3" * 19 + "/1") == "number-too-long"


@pytest.mark.parametrize(
    ("text", "parts"), [("5万元", ("5", "万元")), ("-5.0 人", ("-5.0", "人")), ("7", ("7", ""))]
)
def test_a_quantity_is_split(text: str, parts: tuple[str, str]) -> None:
    assert split_quantity(text) == parts


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1元", 100),
        ("0.01元", 1),
        ("1分", 1),
        ("3角", 30),
        ("5万元", 5_000_000),
        ("1.2亿元", 12_000_000_000),
        ("0.000001万元", 1),
        ("5 元", 500),
        ("-5元", -500),
        ("5000.00元", 500_000),
    ],
)
def test_money_is_read_into_minor_units(text: str, fen: int) -> None:
    assert read_money(text) == fen


def test_money_of_other_currencies_has_its_own_units() -> None:
    assert read_money("12.50 USD", "USD") == 1250
    assert read_money("12USD", "USD") == 1200
    assert read_money("500 JPY", "JPY") == 500
    assert find_code(read_money, "0.5 JPY", "JPY") == "finer-than-minor-unit"
    assert find_code(read_money, "5元", "USD") == "unit-unknown"
    assert find_code(read_money, "5USD", "CNY") == "unit-unknown"


@pytest.mark.parametrize("currency", CURRENCIES)
def test_money_without_a_unit_counts_in_the_main_unit_where_that_is_allowed(currency: str) -> None:
    assert find_code(read_money, "5", currency) == "unit-missing"
    digits = CURRENCIES[currency].digits
    assert read_money("5", currency, unit_required=False) == 5 * 10**digits


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0.001元", "finer-than-minor-unit"),
        ("0.5分", "finer-than-minor-unit"),
        ("5", "unit-missing"),
        ("5块", "unit-unknown"),
        ("5万", "unit-unknown"),
        ("１万元", "full-width-digits"),
        ("1,000元", "digit-separator"),
        ("05元", "leading-zero"),
        ("-0元", "negative-zero"),
        ("1" * 19 + "元", "number-too-long"),
        ("五万元", "not-a-number"),
        ("元", "not-a-number"),
        ("", "not-a-number"),
    ],
)
def test_what_is_no_money_is_refused(text: str, code: str) -> None:
    assert find_code(read_money, text) == code


def test_a_count_has_the_measure_word_declared_or_none() -> None:
    assert read_count("3人", "人") == read_count("3 人", "人") == read_count("3", "人") == 3
    assert find_code(read_count, "3家", "人") == "unit-unknown"
    assert find_code(read_count, "3.5人", "人") == "not-whole"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("30天", Period(30, PeriodUnit.DAY)),
        ("30日", Period(30, PeriodUnit.DAY)),
        ("30 days", Period(30, PeriodUnit.DAY)),
        ("1 day", Period(1, PeriodUnit.DAY)),
        ("15个工作日", Period(15, PeriodUnit.WORKING_DAY)),
        ("15工作日", Period(15, PeriodUnit.WORKING_DAY)),
        ("15 working days", Period(15, PeriodUnit.WORKING_DAY)),
        ("6个月", Period(6, PeriodUnit.MONTH)),
        ("6 months", Period(6, PeriodUnit.MONTH)),
        ("1年", Period(1, PeriodUnit.YEAR)),
        ("48小时", Period(48, PeriodUnit.HOUR)),
        ("48hours", Period(48, PeriodUnit.HOUR)),
        ("0天", Period(0, PeriodUnit.DAY)),
    ],
)
def test_a_period_is_read(text: str, period: Period) -> None:
    assert read_period(text) == period


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30", "period-unit-unknown"),
        ("30周", "period-unit-unknown"),
        ("6月", "period-unit-unknown"),
        ("-5天", "period-negative"),
        ("1.5年", "not-whole"),
        ("5  days", "stray-space"),
        ("working days", "not-a-number"),
        ("三十天", "not-a-number"),
        ("３０天", "full-width-digits"),
        ("5 Days", "period-unit-unknown"),
        ("P30D", "not-a-number"),
    ],
)
def test_what_is_no_period_is_refused(text: str, code: str) -> None:
    assert find_code(read_period, text) == code


def test_a_date_is_year_month_and_day() -> None:
    assert read_date("2024-02-29") == date(2024, 2, 29)
    assert read_date("1990-01-01") == date(1990, 1, 1)
    assert read_date("2100-12-31") == date(2100, 12, 31)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2023-02-29", "no-such-day"),
        ("2024-13-01", "no-such-day"),
        ("2024-00-01", "no-such-day"),
        ("1989-12-31", "date-out-of-range"),
        ("2101-01-01", "date-out-of-range"),
        ("2024-2-9", "not-a-date"),
        ("2024/02/29", "not-a-date"),
        ("20240229", "not-a-date"),
        ("2024-02-29 ", "not-a-date"),
        ("２０２４-02-29", "not-a-date"),
        ("", "not-a-date"),
    ],
)
def test_what_is_no_date_is_refused(text: str, code: str) -> None:
    assert find_code(read_date, text) == code


def test_an_offset_is_a_sign_hours_and_minutes() -> None:
    assert read_offset("+08:00") == CHINA
    assert read_offset("-05:30") == timezone(-timedelta(hours=5, minutes=30))
    assert read_offset("-00:00") == UTC
    for text in ("08:00", "+8:00", "+0800", "+15:00", "+08:60", "+99:99", "UTC", "", "Z"):
        assert find_code(read_offset, text) == "not-an-offset"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-01T09:30", datetime(2024, 3, 1, 9, 30, tzinfo=CHINA)),
        ("2024-03-01T09:30:15", datetime(2024, 3, 1, 9, 30, 15, tzinfo=CHINA)),
        ("2024-03-01T01:30Z", datetime(2024, 3, 1, 9, 30, tzinfo=CHINA)),
        ("2024-03-01T09:30:00-05:00", datetime(2024, 3, 1, 22, 30, tzinfo=CHINA)),
        ("2024-03-01T23:30+00:00", datetime(2024, 3, 2, 7, 30, tzinfo=CHINA)),
    ],
)
def test_an_instant_is_told_in_the_zone_of_the_ruleset(text: str, moment: datetime) -> None:
    read = read_instant(text, CHINA)
    assert read == moment
    assert read.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-03-01", "not-an-instant"),
        ("2024-03-01 09:30", "not-an-instant"),
        ("2024-03-01T09:30:00.5", "not-an-instant"),
        ("2024-03-01T9:30", "not-an-instant"),
        ("2024-03-01T24:00", "no-such-time"),
        ("2024-03-01T23:60", "no-such-time"),
        ("2024-03-01T23:59:60", "no-such-time"),
        ("2024-02-30T00:00", "no-such-day"),
        ("1980-01-01T00:00", "date-out-of-range"),
        ("2024-03-01T09:30+24:00", "not-an-offset"),
    ],
)
def test_what_is_no_instant_is_refused(text: str, code: str) -> None:
    assert find_code(read_instant, text, CHINA) == code


def test_a_whole_fraction_settles_to_an_int() -> None:
    assert type(settle_exact(Fraction(4, 2))) is int
    assert type(settle_exact(Fraction(1, 2))) is Fraction
    assert settle_exact(3) == 3


READERS: dict[str, Callable[[str], Any]] = {
    "boolean": read_boolean,
    "number": read_number,
    "ratio": read_ratio,
    "money": read_money,
    "count": lambda text: read_count(text, "人"),
    "period": read_period,
    "date": read_date,
    "offset": read_offset,
    "instant": lambda text: read_instant(text, CHINA),
}
NEAR = st.text("0123456789.,-+/%eE元万天人 T:Z\n１５\u3000", max_size=24)


@pytest.mark.parametrize("name", READERS)
@given(text=st.one_of(NEAR, st.text(max_size=12)))
@settings(max_examples=120, deadline=None)
def test_any_text_is_read_or_refused_with_a_code(name: str, text: str) -> None:
    try:
        READERS[name](text)
    except TextValueError as error:
        assert error.code  # noqa: PT017 - both ends are right


@pytest.mark.parametrize("name", READERS)
@given(text=NEAR)
@settings(max_examples=80, deadline=None)
def test_space_around_a_value_is_never_let_pass(name: str, text: str) -> None:
    for around in (f"{text}\n", f"\n{text}", f" {text}", f"{text}\u3000"):
        with pytest.raises(TextValueError):
            READERS[name](around)
