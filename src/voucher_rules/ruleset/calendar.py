"""Comes in: the bytes of a calendar file. Goes out: the working calendar, or every mistake."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final

from pydantic import Field, ValidationError

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.shapes import Bilingual, Doc, Word, Words
from voucher_rules.sources.tree import Scalar, Source, diagnose
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.values.model import WorkingCalendar
from voucher_rules.values.read import TextValueError, read_date

WEEKDAYS: Final = (
    *("monday", "tuesday", "wednesday", "thursday"),
    *("friday", "saturday", "sunday"),
)


class CoversDoc(Doc):
    """From which day until which the calendar knows every day, both included."""

    start: Word = Field(alias="from")
    until: Word


class CalendarDoc(Doc):
    """A working calendar: which days are off beside the weekend, and which of it are worked."""

    calendar: Word
    edition: Word
    language: Word
    title: Bilingual
    sources: Annotated[tuple[Bilingual, ...], Field(min_length=1)]
    covers: CoversDoc
    weekend: Words
    holidays: dict[Word, tuple[Word, ...]]
    workdays: dict[Word, tuple[Word, ...]]


def load_calendar(data: bytes, name: str) -> WorkingCalendar:
    """Load a calendar. ``name`` stands in the messages. Raises :class:`RulesetError`."""
    try:
        source = read_yaml(data, name)
    except SourceError as error:
        raise RulesetError(error.diagnostics) from None
    try:
        document = CalendarDoc.model_validate(source.root)
    except ValidationError as error:
        raise RulesetError(describe_shape_errors(source, CalendarDoc, error)) from None
    return _Reader(source, document).read(f"sha256:{hashlib.sha256(data).hexdigest()}")


@dataclass(frozen=True, slots=True)
class _Reader:
    source: Source
    document: CalendarDoc
    found: list[Diagnostic] = field(default_factory=list)

    def read(self, digest: str) -> WorkingCalendar:
        document = self.document
        first, last = self._read_day(document.covers.start), self._read_day(document.covers.until)
        weekend = frozenset(
            WEEKDAYS.index(word) if word in WEEKDAYS else self._refuse_weekday(word)
            for word in document.weekend
        )
        holidays = self._read_days(document.holidays, first, last)
        workdays = self._read_days(document.workdays, first, last)
        self._check_weekdays(document.holidays, weekend, "holiday-on-a-weekend", within=False)
        self._check_weekdays(document.workdays, weekend, "workday-in-the-week", within=True)
        if self.found:
            raise RulesetError(self.found)
        name = str(document.calendar)
        return WorkingCalendar(name, first, last, weekend, holidays, workdays, digest)

    def _check_weekdays(
        self,
        years: dict[Word, tuple[Word, ...]],
        weekend: frozenset[int],
        code: str,
        *,
        within: bool,
    ) -> None:
        """Check that listed days fall within the weekend, or that none does."""
        for word in (word for days in years.values() for word in days):
            try:
                day = read_date(word)
            except TextValueError:
                continue
            if (day.weekday() in weekend) is not within:
                self._add(code, word, found=word)

    def _add(self, code: str, word: Scalar, **arguments: str) -> None:
        self.found.append(diagnose(self.source, code, word.span, **arguments))

    def _read_day(self, word: Scalar) -> date:
        try:
            return read_date(word)
        except TextValueError as error:
            self._add(error.code, word, **error.arguments)
            return date.min

    def _refuse_weekday(self, word: Scalar) -> int:
        self._add("not-one-of", word, found=word, options=", ".join(WEEKDAYS), near="")
        return 0

    def _read_days(
        self, years: dict[Word, tuple[Word, ...]], first: date, last: date
    ) -> frozenset[date]:
        """Read the days listed by year: each inside its year and what the calendar covers."""
        days: set[date] = set()
        for year, words in years.items():
            for word in words:
                day = self._read_day(word)
                if str(day.year) != year or not first <= day <= last:
                    self._add("day-out-of-place", word, found=word, year=year)
                if day in days:
                    self._add("day-listed-twice", word, found=word)
                days.add(day)
        return frozenset(days)
