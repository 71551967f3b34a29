"""The days a balance looks at: the calendar's edges, leap days, and what rolls."""

from __future__ import annotations

from datetime import date

import pytest
from vouchers_and_bans import LABEL

from voucher_rules.checked.histories import SpanKind, Within
from voucher_rules.checked.symbols import DatedValue, Parameter
from voucher_rules.language.types import Kind, Type
from voucher_rules.ledger.spans import Days, find_calendar_span, find_span
from voucher_rules.spans import Citation
from voucher_rules.values.model import NONE, Period, PeriodUnit, Unknown, Value

YEAR, QUARTER, MONTH = (
    SpanKind.CALENDAR_YEAR,
    SpanKind.CALENDAR_QUARTER,
    SpanKind.CALENDAR_MONTH,
)
DAY = date(2024, 6, 30)
CITATION = Citation("some", "1", "第一条")
NOTHING: dict[str, Value] = {}


def make_parameter(*values: DatedValue) -> Parameter:
    return Parameter(
        name="length",
        type=Type(Kind.PERIOD, "year"),
        label=LABEL,
        citation=CITATION,
        values=values,
        domain=Unknown(None),
    )


def find(within: Within, values: dict[str, Value], day: date | None = DAY) -> Days | None:
    return find_span(within, values.get, day, {})


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        (YEAR, "2023-12-31", "2023-01-01", "2023-12-31"),
        (YEAR, "2024-01-01", "2024-01-01", "2024-12-31"),
        (YEAR, "0001-01-01", "0001-01-01", "0001-12-31"),
        (YEAR, "9999-12-31", "9999-01-01", "9999-12-31"),
        (QUARTER, "2024-03-31", "2024-01-01", "2024-03-31"),
        (QUARTER, "2024-04-01", "2024-04-01", "2024-06-30"),
        (QUARTER, "2024-06-30", "2024-04-01", "2024-06-30"),
        (QUARTER, "2024-07-01", "2024-07-01", "2024-09-30"),
        (QUARTER, "2024-12-31", "2024-10-01", "2024-12-31"),
        (MONTH, "2024-02-29", "2024-02-01", "2024-02-29"),
        (MONTH, "2023-02-01", "2023-02-01", "2023-02-28"),
        (MONTH, "2100-02-28", "2100-02-01", "2100-02-28"),
        (MONTH, "2024-03-01", "2024-03-01", "2024-03-31"),
        (MONTH, "2024-04-30", "2024-04-01", "2024-04-30"),
        (MONTH, "9999-12-31", "9999-12-01", "9999-12-31"),
    ],
)
def test_a_calendar_span_is_that_of_the_calendar(
    kind: SpanKind, day: str, first: str, last: str
) -> None:
    days = (date.fromisoformat(first), date.fromisoformat(last))
    assert find_calendar_span(kind, date.fromisoformat(day)) == days
    assert find(Within(kind), {}, date.fromisoformat(day)) == days


def test_a_span_goes_by_the_day_it_names() -> None:
    within = Within(YEAR, anchor="contract.signed_on")
    signed: dict[str, Value] = {"contract.signed_on": date(2020, 2, 29)}
    assert find(within, signed) == (date(2020, 1, 1), date(2020, 12, 31))
    assert find(within, {}) is None
    assert find(within, {"contract.signed_on": NONE}) is None
    assert find(Within(YEAR), {}, None) is None


def test_a_lifetime_needs_no_day() -> None:
    assert find(Within(SpanKind.LIFETIME), {}, None) == (None, None)


@pytest.mark.parametrize(
    ("length", "day", "first"),
    [
        (Period(3, PeriodUnit.YEAR), "2024-05-17", "2021-05-18"),
        (Period(3, PeriodUnit.YEAR), "2024-12-31", "2022-01-01"),
        # The 29th of February has its 28th in other years: the day after that is inside.
        (Period(3, PeriodUnit.YEAR), "2024-02-29", "2021-03-01"),
        (Period(4, PeriodUnit.YEAR), "2024-02-29", "2020-03-01"),
        (Period(1, PeriodUnit.YEAR), "2025-02-28", "2024-02-29"),
        (Period(1, PeriodUnit.MONTH), "2024-03-31", "2024-03-01"),
        (Period(1, PeriodUnit.MONTH), "2024-03-30", "2024-03-01"),
        (Period(1, PeriodUnit.MONTH), "2024-03-29", "2024-03-01"),
        (Period(1, PeriodUnit.MONTH), "2024-03-28", "2024-02-29"),
        (Period(1, PeriodUnit.DAY), "2024-03-01", "2024-03-01"),
        (Period(366, PeriodUnit.DAY), "2025-01-01", "2024-01-02"),
    ],
)
def test_a_rolling_span_begins_after_the_day_it_counts_from(
    length: Period, day: str, first: str
) -> None:
    lasts = make_parameter(DatedValue(None, None, length))
    within = Within(SpanKind.ROLLING, lasts="length")
    anchor = date.fromisoformat(day)
    found = find_span(within, NOTHING.get, anchor, {"length": lasts})
    assert found == (date.fromisoformat(first), anchor)


def test_the_length_of_a_rolling_span_is_that_of_the_day_of_the_law() -> None:
    lasts = make_parameter(
        DatedValue(None, date(2024, 6, 29), Period(1, PeriodUnit.YEAR)),
        DatedValue(date(2024, 6, 30), date(2024, 6, 30), Period(2, PeriodUnit.YEAR)),
        DatedValue(date(2024, 7, 1), None, None),
    )
    within = Within(SpanKind.ROLLING, anchor="signed", lasts="length")
    values: dict[str, Value] = {"signed": date(2024, 1, 31)}
    years = [
        find_span(within, values.get, date(2024, *day), {"length": lasts})
        for day in ((6, 29), (6, 30), (7, 1))
    ]
    assert years == [
        (date(2023, 2, 1), date(2024, 1, 31)),
        (date(2022, 2, 1), date(2024, 1, 31)),
        None,
    ]


def test_a_stated_span_is_taken_as_it_is() -> None:
    within = Within(SpanKind.BETWEEN, opens="from", closes="to")
    opens, closes = date(2023, 7, 1), date(2024, 6, 30)
    assert find(within, {"from": opens, "to": closes}) == (opens, closes)
    assert find(within, {"from": opens}) is None
    assert find(within, {}) is None


def test_without_a_stated_span_the_calendar_year_stands_in() -> None:
    within = Within(SpanKind.BETWEEN, opens="from", closes="to")
    year = (date(2024, 1, 1), date(2024, 12, 31))
    assert find(within, {"from": NONE, "to": NONE}) == year
    assert find(within, {"from": NONE, "to": DAY}) == year
    assert find(within, {"from": NONE, "to": NONE}, None) is None
