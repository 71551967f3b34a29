"""Comes in: the bytes of a CSV file. Goes out: its rows, every cell a text that knows its place.

Cells are parted by commas and may be quoted as RFC 4180 says. An empty cell says nothing and is
left out of its row; so is a row of nothing but empty cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.sources.tree import Mapping, Scalar, Source, diagnose
from voucher_rules.sources.yaml import SourceError, decode_text
from voucher_rules.spans import Span

MAX_TABLE_BYTES: Final = 1 << 26
"""A table of cases is larger than a document that someone writes."""
_CELL_END: Final = re.compile(r",|\r?\n|\Z")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: the text, the names of its columns, and a mapping for each row."""

    source: Source
    head: tuple[Scalar, ...]
    rows: tuple[Mapping, ...]


def read_csv(data: bytes, name: str) -> Table:
    """Read a table whose first row names its columns.

    Raises :class:`SourceError` with every mistake found; one of a quote ends the reading.
    """
    text = decode_text(data, name, MAX_TABLE_BYTES)
    source = Source(name, text, _make_row(Span(name, 1, 1)))
    found: list[Diagnostic] = []
    rows = _Scanner(source).read_rows()
    head = next(rows, [])
    if not any(head):
        raise SourceError([Diagnostic("empty-file", {}, Span(name, 1, 1))])
    found.extend(_list_faults_of_head(source, head))
    made = []
    for cells in rows:
        if not any(cells):
            continue
        if len(cells) != len(head):
            told = {"found": str(len(cells)), "expected": str(len(head))}
            found.append(diagnose(source, "row-of-other-length", cells[0].span, **told))
            continue
        row = _make_row(cells[0].span)
        row.update({key: cell for key, cell in zip(head, cells, strict=True) if cell})
        made.append(row)
    if found:
        raise SourceError(found)
    return Table(source, tuple(head), tuple(made))


def _make_row(span: Span) -> Mapping:
    row = Mapping()
    row.span = span
    return row


def _list_faults_of_head(source: Source, head: list[Scalar]) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for name in head:
        if not name:
            yield diagnose(source, "column-unnamed", name.span)
        elif name in seen:
            yield diagnose(source, "column-twice", name.span, name=str(name))
        seen.add(name)


class _Scanner:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.at = 0
        self.line = 1
        self.line_start = 0

    def read_rows(self) -> Iterator[list[Scalar]]:
        """Yield the cells of each row."""
        while self.at < len(self.source.text):
            cells = [self._read_cell()]
            while self._take(","):
                cells.append(self._read_cell())
            if not (self._take("\r\n") or self._take("\n")) and self.at < len(self.source.text):
                self._refuse("text-after-quote", self._place())
            self._begin_line()
            yield cells

    def _read_cell(self) -> Scalar:
        place = self._place()
        if self._take('"'):
            return Scalar(self._read_quoted(place), place, exact=False)
        end = _CELL_END.search(self.source.text, self.at)
        stop = end.start() if end else len(self.source.text)
        text, self.at = self.source.text[self.at : stop], stop
        return Scalar(text, place)

    def _read_quoted(self, place: Span) -> str:
        """Read up to the closing quote; two quotes stand for one."""
        parts = []
        while True:
            stop = self.source.text.find('"', self.at)
            if stop < 0:
                self._refuse("quote-left-open", place)
            part, self.at = self.source.text[self.at : stop], stop + 1
            parts.append(part)
            if "\n" in part:
                self.line += part.count("\n")
                self.line_start = stop - (len(part) - part.rindex("\n") - 1)
            if not self._take('"'):
                return "".join(parts)
            parts.append('"')

    def _take(self, token: str) -> bool:
        taken = self.source.text.startswith(token, self.at)
        self.at += len(token) if taken else 0
        return taken

    def _begin_line(self) -> None:
        self.line += 1
        self.line_start = self.at

    def _place(self) -> Span:
        return Span(self.source.name, self.line, self.at - self.line_start + 1)

    def _refuse(self, code: str, span: Span) -> NoReturn:
        raise SourceError([diagnose(self.source, code, span)])
