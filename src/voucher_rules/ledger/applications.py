"""Comes in: a table of applications. Goes out: each with its moment, whose it is, and its facts.

`docs/reference/ledger.md` describes the forms: CSV, JSON lines, YAML and JSON. Every mistake that
shows without the history is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from voucher_rules.decision.case import read_case
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program
from voucher_rules.ruleset.load import describe_shape_errors
from voucher_rules.ruleset.shapes import Doc, Word
from voucher_rules.sources import tree
from voucher_rules.sources.csv import MAX_TABLE_BYTES, read_csv
from voucher_rules.sources.files import parse_source, read_bytes
from voucher_rules.sources.json import read_json
from voucher_rules.sources.tree import Scalar, Source, diagnose
from voucher_rules.sources.yaml import SourceError, decode_text, read_yaml
from voucher_rules.spans import Span
from voucher_rules.values.read import TextValueError, read_date, read_instant

OF: Final = "of."
"""How a column begins that says whose or which an application is."""
_OWN: Final = ("thing", "at", "on", "id")
_LISTED: Final = "applications"


class ApplicationDoc(Doc):
    """One application of the file."""

    thing: Word
    at: Word | None = None
    on: Word | None = None
    id: Word | None = None
    of: dict[Word, Word] = Field(default_factory=dict)
    given: dict[Word, Any] = Field(default_factory=dict)


class ApplicationFileDoc(Doc):
    """A whole file of applications."""

    applications: tuple[ApplicationDoc, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Application:
    """An application: what it may open, when it was made, whose it is, and what is stated.

    ``at`` is None where the file does not say it; ``source`` is the file, for places of facts.
    """

    thing: str
    at: datetime | None
    on: date | None
    id: str
    of: Mapping[str, str]
    facts: Mapping[str, Any]
    source: Source


def read_applications(
    path: Path, program: Program, shared: Mapping[str, Any], *, timed: bool
) -> tuple[Application, ...]:
    """Read the applications of a file, which are for one decision.

    ``shared`` are facts of all of them, where one states nothing else; ``timed`` tells that each
    must say when it was made. Raises :class:`InputError` with every mistake of the file.
    """
    source = _read_file(path, str(path))
    try:
        document = ApplicationFileDoc.model_validate(source.root)
    except ValidationError as error:
        found = describe_shape_errors(source, ApplicationFileDoc, error)
        raise InputError(_place_all(source, found, "", Span(source.name, 1, 1))) from None
    reader = _Reader(source, program, shared, timed)
    made = [reader.read(number, doc) for number, doc in enumerate(document.applications)]
    if reader.found:
        raise InputError(reader.found)
    return tuple(made)


def _read_file(path: Path, name: str) -> Source:
    data = read_bytes(path, name)
    suffix = path.suffix.lower()
    try:
        if suffix == ".csv":
            return _nest_table(data, name)
        if suffix == ".jsonl":
            return _read_lines(data, name)
    except SourceError as error:
        raise InputError(error.diagnostics) from None
    return parse_source(data, name, json=suffix == ".json")


def _nest_table(data: bytes, name: str) -> Source:
    """Read CSV: columns are what an application says itself, ``of.…``, and facts."""
    table = read_csv(data, name)
    return _make_source(table.source, (_nest_row(table.source, row) for row in table.rows))


def _nest_row(source: Source, row: tree.Mapping) -> tree.Mapping:
    made, of, given = (_make_mapping(row.span) for _ in range(3))
    for key, cell in row.items():
        if key in _OWN:
            made[key] = cell
        elif key.startswith(OF):
            of[Scalar(key.removeprefix(OF), key.span, exact=False)] = cell
        else:
            given[key] = _read_cell(source, cell)
    for name, inner in (("of", of), ("given", given)):
        made[Scalar(name, row.span, exact=False)] = inner
    return made


def _read_cell(source: Source, cell: Scalar) -> tree.Node:
    """Return what a cell says; one in brackets or braces holds a list or more, as in YAML."""
    if not cell.startswith(("[", "{")):
        return cell
    try:
        read = read_yaml(f"cell: {cell}".encode(), source.name)
    except SourceError as error:
        line = source.line(cell.span.line)
        moved = [replace(item, span=cell.span, source=line) for item in error.diagnostics]
        raise SourceError(moved) from None
    node: tree.Node = _move(next(iter(read.root.values())), cell.span)
    return node


def _read_lines(data: bytes, name: str) -> Source:
    """Read JSON lines: one application on each."""
    text = decode_text(data, name, MAX_TABLE_BYTES)
    source = Source(name, text, _make_mapping(Span(name, 1, 1)))
    rows: list[tree.Node] = []
    found: list[Diagnostic] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_move(read_json(line.encode(), name).root, Span(name, number, 1)))
        except SourceError as error:
            for item in error.diagnostics:
                column = item.span.column if item.span else 1
                span = Span(name, number, column)
                found.append(replace(item, span=span, source=source.line(number)))
    if found:
        raise SourceError(found)
    return _make_source(source, rows)


def _make_source(source: Source, rows: Iterable[tree.Node]) -> Source:
    listed = tree.Sequence(rows)
    listed.span = Span(source.name, 1, 1)
    root = _make_mapping(listed.span)
    root[Scalar(_LISTED, listed.span)] = listed
    return Source(source.name, source.text, root)


def _make_mapping(span: Span) -> tree.Mapping:
    made = tree.Mapping()
    made.span = span
    return made


def _move(node: Any, span: Span) -> Any:  # noqa: ANN401 - a tree of any depth
    """Return a read tree as if all of it stood at one place."""
    if isinstance(node, tree.Mapping):
        made = _make_mapping(span)
        made.update({_move(key, span): _move(value, span) for key, value in node.items()})
        return made
    if isinstance(node, tree.Sequence):
        listed = tree.Sequence(_move(item, span) for item in node)
        listed.span = span
        return listed
    return Scalar(str(node), span, quoted=node.quoted, exact=False)


@dataclass(slots=True)
class _Reader:
    source: Source
    program: Program
    shared: Mapping[str, Any]
    timed: bool
    found: list[Diagnostic] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def read(self, number: int, doc: ApplicationDoc) -> Application:
        """Read one application; its mistakes are collected."""
        mistakes = list(self._list_faults(number, doc))
        zone = self.program.ruleset.zone
        at = self._read(doc.at, lambda word: read_instant(word, zone), "at", mistakes)
        on = self._read(doc.on, read_date, "on", mistakes)
        facts: dict[str, Any] = {**self.shared, **dict(doc.given.items())}
        try:
            read_case(self.program, facts, self.source, on)
        except InputError as error:
            mistakes += error.diagnostics
        path = f"{_LISTED}.{number}"
        self.found += _place_all(self.source, mistakes, path, doc.thing.span)
        of = {str(name): str(word) for name, word in doc.of.items()}
        return Application(str(doc.thing), at, on, str(doc.id or ""), of, facts, self.source)

    def _list_faults(self, number: int, doc: ApplicationDoc) -> Iterator[Diagnostic]:
        name = str(doc.thing)
        if name in self.seen:
            told = {"name": name, "first": str(self.seen[name] + 1), "again": str(number + 1)}
            yield diagnose(self.source, "application-twice", doc.thing.span, path="thing", **told)
        self.seen.setdefault(name, number)
        if self.timed and doc.at is None:
            span = doc.thing.span
            yield diagnose(self.source, "application-without-moment", span, path="at", name=name)

    def _read(self, word: Scalar | None, read: Any, key: str, mistakes: list[Diagnostic]) -> Any:  # noqa: ANN401
        if word is None:
            return None
        try:
            return read(word)
        except TextValueError as error:
            told = dict(error.arguments)
            mistakes.append(diagnose(self.source, error.code, word.span, path=key, **told))
            return None


def _place_all(
    source: Source, found: Sequence[Diagnostic], path: str, span: Span
) -> list[Diagnostic]:
    """Tell mistakes at their line, or by their path in a file whose places are not known: JSON."""
    if not source.name.lower().endswith(".json"):
        line = source.line(span.line)
        return [x if x.span else replace(x, span=span, source=line) for x in found]
    return [
        replace(x, span=None, source="", path=": ".join(filter(None, (source.name, path, x.path))))
        for x in found
    ]
