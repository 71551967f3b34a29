"""The last day of a window, by whether its first day counts (Civil Code, articles 201 and 202)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.api import Ruleset
from voucher_rules.checked.check import check_ruleset
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.values.model import Period, PeriodUnit

DAY, MONTH, YEAR = PeriodUnit.DAY, PeriodUnit.MONTH, PeriodUnit.YEAR
TEXT: Final = """
ruleset: windows
edition: "1"
language: 1
title: {{zh: 例, en: x}}
document:
  title: {{zh: 例, en: x}}
  issuer: {{zh: 例, en: x}}
  status: issued
  effective: {{from: 2000-01-01, until: unset, ref: 第一条}}
  verified: 2024-01-01
currency: CNY
utc_offset: "+08:00"
facts:
  claim.date: {{type: date, label: {{zh: 例, en: x}}}}
  order.date: {{type: date, label: {{zh: 例, en: x}}}}
  order.lasts: {{type: period, unit: {unit}, label: {{zh: 例, en: x}}}}
decisions:
  d:
    label: {{zh: 例, en: x}}
    subject: {{zh: 例, en: x}}
    as_of: claim.date
    answers: value
    outputs: {{last.day: {{type: date, label: {{zh: 例, en: x}}}}}}
provisions:
  - ref: 第一条
    summary: {{zh: 例, en: x}}
    rules:
      - id: r
        topic: validity
        for: d
        says: {{zh: 例, en: x}}
        window: {{opens: order.date, lasts: order.lasts, first_day: {first_day}, gives: last.day}}
"""


@cache
def make_ruleset(unit: PeriodUnit, first_day: str) -> Ruleset:
    text = TEXT.format(unit=unit, first_day=first_day)
    loaded = load_ruleset(text.encode(), "windows.yaml")
    return Ruleset(loaded, check_ruleset(loaded), Path("windows.yaml"))


def find_last_day(opens: date, lasts: Period, *, counts: bool) -> date:
    ruleset = make_ruleset(lasts.unit, "counts" if counts else "does_not_count")
    facts = {"claim.date": date(2024, 1, 1), "order.date": opens, "order.lasts": lasts}
    last = ruleset.decide("d", facts).values["last.day"]
    assert isinstance(last, date)
    return last


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
        ("2024-03-01", 1, MONTH, "2024-03-31", "2024-04-01"),
    ],
)
def test_a_first_day_that_counts_ends_the_period_a_day_earlier(
    opens: str, count: int, unit: PeriodUnit, counted: str, not_counted: str
) -> None:
    start, period = date.fromisoformat(opens), Period(count, unit)
    assert find_last_day(start, period, counts=True) == date.fromisoformat(counted)
    assert find_last_day(start, period, counts=False) == date.fromisoformat(not_counted)


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
    last = find_last_day(date.fromisoformat(opens), Period(count, unit), counts=True)
    assert last == date.fromisoformat(end)


@given(
    st.dates(date(2000, 1, 1), date(2060, 12, 31)),
    st.integers(0, 100),
    st.sampled_from([MONTH, YEAR]),
)
@settings(max_examples=150, deadline=None)
def test_a_counted_first_day_ends_on_the_eve_or_with_the_month(
    opens: date, count: int, unit: PeriodUnit
) -> None:
    months = opens.year * 12 + opens.month - 1 + count * (12 if unit is YEAR else 1)
    year, month = divmod(months, 12)
    length = monthrange(year, month + 1)[1]
    end = date(year, month + 1, min(opens.day, length))
    eve = end - timedelta(days=1)
    last = find_last_day(opens, Period(count, unit), counts=True)
    assert last == (end if opens.day > length else eve)
