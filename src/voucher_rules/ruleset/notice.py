"""Comes in: the bytes of a notice file. Goes out: the notice, or every mistake of its shape.

A notice is a later document of whoever may change a measure: a yearly one that sets what the
measure leaves open, or lowers what it allows to be lowered. It stands in a file of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.model import TextDoc
from voucher_rules.ruleset.parameters import BracketDoc, SetWord
from voucher_rules.ruleset.shapes import Bilingual, Doc, Word, Words, check_one_of
from voucher_rules.sources.tree import Node, Scalar, Source, diagnose, find_node
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.values.read import TextValueError, read_date


class PeriodDoc(Doc):
    """From which day until which something holds, both included; ``unset`` where it has no end."""

    start: Word = Field(alias="from")
    until: Word


class SettingDoc(Doc):
    """One parameter set by a provision of the notice."""

    parameter: Word
    ref: Word
    value: SetWord | None = None
    brackets: Annotated[tuple[BracketDoc, ...], Field(min_length=1)] | None = None
    holds: PeriodDoc | None = None

    @model_validator(mode="after")
    def _one_value(self) -> SettingDoc:
        check_one_of(self, "value", "brackets")
        return self


class NoticeDoc(Doc):
    """A whole notice file."""

    notice: Word
    ruleset: Word
    edition: Word
    language: Word
    title: Bilingual
    issuer: Bilingual
    number: Word | None = None
    issued: Word | None = None
    text: TextDoc | None = None
    holds: PeriodDoc
    replaces: Words | None = None
    sets: Annotated[tuple[SettingDoc, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days, both ends included; None where it has no end on that side."""

    start: date | None
    until: date | None

    def meets(self, other: Days) -> bool:
        """Return whether some day lies in both."""
        return not (_ends_before(self, other) or _ends_before(other, self))


def _ends_before(one: Days, other: Days) -> bool:
    return one.until is not None and other.start is not None and one.until < other.start


@dataclass(frozen=True, slots=True)
class LoadedSetting:
    """A parameter a notice sets, and on which days.

    ``value`` is what is written in its place, ``word`` where a fault of it is shown.
    """

    document: SettingDoc
    value: Node
    word: Scalar
    days: Days


@dataclass(frozen=True, slots=True)
class LoadedNotice:
    """A notice whose shape is right: its source, its digest, and what it sets."""

    source: Source
    digest: str
    """SHA-256 of the bytes of the file."""
    document: NoticeDoc
    issued: date | None
    """The day from which it is known; None where it does not say: on every day."""
    days: Days
    settings: tuple[LoadedSetting, ...]

    def is_known(self, known: date | None) -> bool:
        """Return whether it is known on a day; None: by whatever is known."""
        return known is None or self.issued is None or self.issued <= known


def load_notice(data: bytes, name: str) -> LoadedNotice:
    """Load a notice. ``name`` stands in the messages. Raises :class:`RulesetError`."""
    try:
        source = read_yaml(data, name)
    except SourceError as error:
        raise RulesetError(error.diagnostics) from None
    try:
        document = NoticeDoc.model_validate(source.root)
    except ValidationError as error:
        raise RulesetError(describe_shape_errors(source, NoticeDoc, error)) from None
    reader = _Reader(source, [])
    days = reader.read_days(document.holds)
    settings = tuple(
        reader.read_setting(item, find_node(source.root, ("sets", index)), days)
        for index, item in enumerate(document.sets)
    )
    issued = reader.read_issued(document)
    if reader.found:
        raise RulesetError(reader.found)
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    return LoadedNotice(source, digest, document, issued, days, settings)


@dataclass(frozen=True, slots=True)
class _Reader:
    source: Source
    found: list[Diagnostic]

    def read_setting(self, doc: SettingDoc, node: Node, days: Days) -> LoadedSetting:
        own = self.read_days(doc.holds) if doc.holds else days
        if doc.value is not None:
            return LoadedSetting(doc, doc.value, doc.value, own)
        return LoadedSetting(doc, find_node(node, ("brackets",)), doc.parameter, own)

    def read_days(self, doc: PeriodDoc) -> Days:
        start = self._read_day(doc.start)
        until = None if doc.until == "unset" else self._read_day(doc.until)
        if start is not None and until is not None and until < start:
            self._refuse("ends-before-start", doc.until)
        return Days(start, until)

    def read_issued(self, document: NoticeDoc) -> date | None:
        return None if document.issued is None else self._read_day(document.issued)

    def _read_day(self, word: Scalar) -> date | None:
        try:
            return read_date(word)
        except TextValueError as error:
            self._refuse(error.code, word, **error.arguments)
            return None

    def _refuse(self, code: str, word: Scalar, **arguments: str) -> None:
        self.found.append(diagnose(self.source, code, word.span, **arguments))


def cut_replaced(notices: Sequence[LoadedNotice]) -> list[tuple[LoadedNotice, LoadedSetting]]:
    """Return what every notice sets, and on which days after later ones have replaced it."""
    return [
        (notice, replace(setting, days=days))
        for notice in notices
        for setting in notice.settings
        for days in _leave_out(setting.days, _list_replacing(notice, notices))
    ]


def _list_replacing(notice: LoadedNotice, notices: Sequence[LoadedNotice]) -> list[Days]:
    name = str(notice.document.notice)
    return [x.days for x in notices if name in (x.document.replaces or ())]


def _leave_out(days: Days, replacing: Sequence[Days]) -> list[Days]:
    """A notice that is replaced ends on the day before the one that replaces it begins."""
    starts = [x.start for x in replacing if x.start is not None]
    if not starts:
        return [days]
    first = min(starts)
    if days.start is not None and days.start >= first:
        return []
    last = date.fromordinal(first.toordinal() - 1)
    return [Days(days.start, last if days.until is None else min(days.until, last))]
