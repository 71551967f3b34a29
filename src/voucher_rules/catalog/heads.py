"""Comes in: the file of an edition. Goes out: its head: what it is, when in force, when known.

Looking up which edition applies reads heads only; a ruleset is checked whole when it is opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path
from typing import Any, Final

from pydantic import ConfigDict, Field, ValidationError

from voucher_rules.calendars import find_last_day
from voucher_rules.catalog.find import RulesetFile
from voucher_rules.catalog.lookups import read_file
from voucher_rules.checked.declarations import word_text
from voucher_rules.checked.domains import read_typed
from voucher_rules.checked.model import Succession
from voucher_rules.checked.report import Report
from voucher_rules.checked.succession import read_succession
from voucher_rules.checked.symbols import Wording
from voucher_rules.errors import RulesetError
from voucher_rules.language.types import Kind, Type
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.model import DocumentDoc, EffectiveDoc, SuccessionDoc
from voucher_rules.ruleset.shapes import Bilingual, Doc, Word
from voucher_rules.sources.tree import Scalar, Source
from voucher_rules.sources.yaml import SourceError, decode_text, read_yaml
from voucher_rules.values.model import Period
from voucher_rules.values.read import TextValueError, read_date

NEVER_IN_FORCE: Final = frozenset({"draft", "repealed"})
"""States of a document that is in force on no day, whatever days it names."""
_KEY: Final = re.compile(r"([a-z_]+):(?: |$)")
_WITHIN: Final = frozenset(" #-")
"""How a line begins that belongs to the key above it: blanks, a comment, an entry of a list."""


class _DecisionHeadDoc(Doc):
    model_config = ConfigDict(extra="ignore")

    as_of: Word


class _ReadingHeadDoc(Doc):
    model_config = ConfigDict(extra="ignore")

    options: dict[Word, Any]
    default: Word


class HeadDoc(SuccessionDoc):
    """The head of a ruleset file; what else it holds is not looked at."""

    model_config = ConfigDict(extra="ignore")

    ruleset: Word
    edition: Word
    title: Bilingual
    document: DocumentDoc
    readings: dict[Word, _ReadingHeadDoc] = Field(default_factory=dict)
    decisions: dict[Word, _DecisionHeadDoc]


_HEAD_KEYS: Final = frozenset(HeadDoc.model_fields)


@dataclass(frozen=True, slots=True)
class Head:
    """What an edition says of itself: its name, its days, its place among the others.

    ``starts`` maps the options of ``start_reading`` to first days, as of a checked document;
    ``as_of`` maps decisions to the facts whose day fixes the law.
    """

    id: str
    edition: str
    title: Wording
    status: str
    starts: Mapping[str, date]
    start_reading: str
    start_default: str
    until: date | None
    effective_ref: str
    succession: Succession
    as_of: Mapping[str, str]
    path: Path = field(compare=False)
    digest: str = field(compare=False)
    """SHA-256 of the bytes of the file."""
    source: Source = field(compare=False, repr=False)
    document: HeadDoc = field(compare=False, repr=False)

    @property
    def published(self) -> date | None:
        """The day from which it is known; None: on every day."""
        return self.succession.published

    @property
    def corrects(self) -> str:
        """The edition whose place it takes, or nothing."""
        named = (x.edition for x in self.succession.supersedes if x.kind == "correction")
        return next(named, "")

    def find_start(self, readings: Mapping[str, str]) -> date | None:
        """Return the first day in force under these readings; None: on no day that is known."""
        if self.status in NEVER_IN_FORCE:
            return None
        option = readings.get(self.start_reading, self.start_default)
        return self.starts.get(option if self.start_reading else "")


def read_head(file: RulesetFile) -> Head:
    """Read the head of an edition. Raises :class:`RulesetError` or :class:`RulesetNotFoundError`.

    Only the keys of a head are parsed, which are a small part of the file. A text in quotes that
    goes on at the margin could pass for a key: loading an edition compares its head with the whole.
    """
    data = read_file(file.path)
    head = _read_part(data, file.path) or _read_whole(data, file.path)
    if (head.id, head.edition) != (file.id, file.edition):
        report = Report(head.source)
        expected, found = f"{file.id} {file.edition}", f"{head.id} {head.edition}"
        report.add("edition-misnamed", head.document.edition, expected=expected, found=found)
        raise RulesetError(report.found)
    return head


def _read_whole(data: bytes, path: Path) -> Head:
    try:
        source = read_yaml(data, str(path))
    except SourceError as error:
        raise RulesetError(error.diagnostics) from None
    return shape_head(source, path, digest_of(data))


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of the bytes of a file."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _read_part(data: bytes, path: Path) -> Head | None:
    """Read the keys of a head, each on its own line; None where the file must be read whole.

    That is where anything is wrong: what is wrong with a part may be right with the whole.
    """
    try:
        kept = _cut_lines(decode_text(data, str(path)).split("\n"))
        if not any(kept):
            return None
        source = read_yaml("\n".join(kept).encode(), str(path))
        return shape_head(source, path, digest_of(data))
    except (SourceError, RulesetError):
        return None


def _cut_lines(lines: list[str]) -> list[str]:
    """Return every line of the keys of a head, and an empty one for each other.

    Nothing is returned where a line at the margin is no plain key: such a file is read whole.
    """
    kept: list[str] = []
    keep = False
    for line in lines:
        key = _KEY.match(line)
        if key is not None:
            keep = key[1] in _HEAD_KEYS
        elif line and line[0] not in _WITHIN:
            return []
        kept.append(line if keep else "")
    return kept


def shape_head(source: Source, path: Path, digest: str) -> Head:
    """Return the head of a source that was read. Raises :class:`RulesetError`."""
    try:
        document = HeadDoc.model_validate(source.root)
    except ValidationError as error:
        raise RulesetError(describe_shape_errors(source, HeadDoc, error)) from None
    report = Report(source)
    effective = document.document.effective
    starts = _read_starts(report, effective)
    reading = str(effective.by.reading) if effective.by is not None else ""
    declared = document.readings.get(reading)  # type: ignore[call-overload]
    head = Head(
        id=str(document.ruleset),
        edition=str(document.edition),
        title=word_text(document.title),
        status=str(document.document.status),
        starts=starts,
        start_reading=reading,
        start_default=str(declared.default) if declared is not None else "",
        until=_read_until(report, effective, starts),
        effective_ref=str(effective.ref),
        succession=read_succession(report, document, str(document.edition)),
        as_of={str(name): str(item.as_of) for name, item in document.decisions.items()},
        path=path,
        digest=digest,
        source=source,
        document=document,
    )
    if report.found:
        raise RulesetError(report.found)
    return head


def _read_starts(report: Report, effective: EffectiveDoc) -> dict[str, date]:
    words: Mapping[Any, Scalar] = effective.by.dates if effective.by is not None else {}
    if effective.start is not None and effective.start != "unset":
        words = {"": effective.start}
    read = {str(key): _read_day(report, word) for key, word in words.items()}
    return {key: day for key, day in read.items() if day is not None}


def _read_until(report: Report, effective: EffectiveDoc, starts: Mapping[str, date]) -> date | None:
    if effective.lasts is not None:
        return _read_lasting(report, effective.lasts, starts)
    if effective.until is None or effective.until == "unset":
        return None
    return _read_day(report, effective.until)


def _read_lasting(report: Report, word: Scalar, starts: Mapping[str, date]) -> date | None:
    try:
        lasts = read_typed(word, Type(Kind.PERIOD), UTC)
    except TextValueError as error:
        report.add_value_error(word, error)
        return None
    return find_last_day(starts[""], lasts) if starts and isinstance(lasts, Period) else None


def _read_day(report: Report, word: Scalar) -> date | None:
    try:
        return read_date(word)
    except TextValueError as error:
        report.add_value_error(word, error)
        return None
