"""Comes in: the file of China's working days. Goes out: a failure for each day that is wrong in it.

The days are held against the package they come from, if that is installed, and a few stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

PROJECT: Final = Path(__file__).resolve().parents[1]
CALENDAR: Final = PROJECT / "rulesets" / "cn-working-days" / "2026.calendar.yaml"
SATURDAY: Final = 5

CORRECTED: Final = frozenset({date(2005, 12, 31)})
"""Days on which chinesecalendar 1.11.0 is wrong: its source quotes the notice that says so."""


def read_day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def read_years(table: dict[str, list[date | str]]) -> dict[str, list[date]]:
    return {year: [read_day(value) for value in values] for year, values in table.items()}


DATA: Final[dict[str, Any]] = yaml.load(CALENDAR.read_text(encoding="utf-8"), yaml.CSafeLoader)
FROM: Final = read_day(DATA["covers"]["from"])
UNTIL: Final = read_day(DATA["covers"]["until"])
TABLES: Final = {name: read_years(DATA[name]) for name in ("holidays", "workdays")}
LISTED: Final = {
    name: frozenset(day for days in years.values() for day in days)
    for name, years in TABLES.items()
}


def is_weekend(day: date) -> bool:
    return day.weekday() >= SATURDAY


def is_workday(day: date) -> bool:
    if is_weekend(day):
        return day in LISTED["workdays"]
    return day not in LISTED["holidays"]


def covered_days() -> Iterator[date]:
    for offset in range((UNTIL - FROM).days + 1):
        yield FROM + timedelta(days=offset)


def test_the_weekend_is_saturday_and_sunday() -> None:
    assert DATA["weekend"] == ["saturday", "sunday"]


def test_every_holiday_is_from_monday_to_friday() -> None:
    assert [day for day in sorted(LISTED["holidays"]) if is_weekend(day)] == []


def test_every_workday_is_a_saturday_or_a_sunday() -> None:
    assert [day for day in sorted(LISTED["workdays"]) if not is_weekend(day)] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_covered_year_has_its_list(name: str) -> None:
    assert list(TABLES[name]) == [str(year) for year in range(FROM.year, UNTIL.year + 1)]


@pytest.mark.parametrize("name", TABLES)
def test_each_list_is_sorted_and_names_no_day_twice(name: str) -> None:
    for days in TABLES[name].values():
        assert days == sorted(set(days))


@pytest.mark.parametrize("name", TABLES)
def test_each_day_is_covered_and_in_the_list_of_its_year(name: str) -> None:
    for year, days in TABLES[name].items():
        assert [day for day in days if not FROM <= day <= UNTIL or str(day.year) != year] == []


def test_every_covered_day_is_as_the_package_says_unless_it_is_wrong_there() -> None:
    package = pytest.importorskip("chinese_calendar")
    different = {day for day in covered_days() if is_workday(day) != package.is_workday(day)}
    assert different <= CORRECTED


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2005, 12, 31), True),
        (date(2015, 2, 15), True),
        (date(2023, 1, 27), False),
        (date(2023, 1, 28), True),
        (date(2023, 4, 23), True),
        (date(2024, 2, 4), True),
    ],
)
def test_a_day_is_as_its_notice_says(day: date, works: bool) -> None:  # noqa: FBT001
    assert is_workday(day) is works
