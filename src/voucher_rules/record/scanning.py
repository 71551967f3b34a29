"""Comes in: a log file. Goes out: each entry with its place in the history and what is wrong there.

A sound log is read in memory that does not grow with it. At the first entry out of place the file
is gone through once more for the numbers and digests of all lines, so that an entry that is missing
can be told from one that stands elsewhere, and a repeated one from another history.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.files import open_file
from voucher_rules.ledger.stores.locks import is_being_written
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import Entry, Header, Recorded
from voucher_rules.record.entry_lines import MOST_LINE, read_entry, read_header
from voucher_rules.record.lines import Line, LineReader, Mark, Tail
from voucher_rules.record.merkle import hash_leaf
from voucher_rules.record.surveying import Survey
from voucher_rules.spans import Span


class Position(StrEnum):
    """Where an entry stands in the history of its log."""

    OK = "ok"
    GAP = "gap"
    """Entries before it are missing from the file."""
    REORDERED = "reordered"
    """Entries before it stand elsewhere in the file."""
    DUPLICATE = "duplicate"
    """The same line stands in the file before."""
    FORK = "fork"
    """Another entry has its place: two histories in one file."""
    UNREADABLE = "unreadable"
    """The line is no entry, so its place is not known."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A line of a log after the header, sound or not. ``line`` and ``offset`` say where it is.

    ``written`` is the line without its line feed, ``digest`` the digest of an entry of these bytes.
    """

    line: int
    offset: int
    written: bytes
    digest: str
    entry: Entry | None
    position: Position
    faults: tuple[Diagnostic, ...]

    @property
    def leaf(self) -> bytes:
        """The hash of this line as a leaf of the log's tree."""
        return hash_leaf(self.written)


class LogReader:
    """Reads a log file; it may be written to meanwhile.

    ``header`` is its first line and ``header_digest`` what the first entry refers to. Raises
    :class:`RecordError` where there is no header to go by.
    """

    def __init__(self, path: str | Path) -> None:
        self.place = str(path)
        self.tail: Tail | None = None
        """What follows the last whole line, once a scan or a reading has come to its end."""
        self._path = Path(path)
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            lines = LineReader(file)
            line = next(lines.read(), None)
            if line is None and lines.tail is not None:
                raise RecordError([lines.tail.tell(self.place)])
            at = Span(self.place, 1, 1)
            if line is None or line.data is None:
                raise RecordError([Diagnostic("log-not-a-log", {}, at)])
            self.header: Header = read_header(line.data, at)
            self.header_digest = digest_bytes(DigestKind.LOG, line.data)
            self._first = Mark(2, len(line.data) + 1)

    def read(self, after: int = 0) -> Iterator[Recorded]:
        """Yield the entries whose ``seq`` is above ``after``, in order.

        Those before are checked as well. Raises :class:`RecordError` at the first fault; an
        unfinished end is none, it is left in ``tail``.
        """
        for item in self.scan():
            if item.faults or item.entry is None:
                raise RecordError(item.faults)
            if item.entry.seq > after:
                yield Recorded(item.entry, item.written, item.digest, item.line, item.offset)

    def scan(self) -> Iterator[Scanned]:
        """Yield every line after the header with what is wrong with it; goes on after a fault."""
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            lines = LineReader(file, self._first)
            placing = _Placing(self)
            for line in lines.read():
                yield placing.place(line)
            self.tail = lines.tail

    def hash_leaves(self) -> Iterator[bytes]:
        """Yield the hash of every whole line after the header, for the tree; nothing is checked."""
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            for line in LineReader(file, self._first).read():
                yield hash_leaf(b"" if line.data is None else line.data)

    def survey(self) -> Survey:
        """Go through the file for the number and the digest of every line."""
        with os.fdopen(open_file(self._path), "rb") as file:
            return Survey(LineReader(file, self._first))

    def read_bytes(self, offset: int) -> bytes:
        """Return the line that begins at ``offset``, without its line feed."""
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            file.seek(offset)
            return file.readline(MOST_LINE + 1).removesuffix(b"\n")

    def is_being_written(self) -> bool:
        """Tell whether someone has the file open for writing, so that its end may be on its way."""
        with telling(self.place):
            descriptor = open_file(self._path)
            try:
                return is_being_written(descriptor)
            finally:
                os.close(descriptor)


@contextmanager
def telling(place: str) -> Iterator[None]:
    """Tell what the operating system refuses as what it is: a log that cannot be used."""
    try:
        yield
    except FileNotFoundError:
        raise RecordError([Diagnostic("file-not-found", {"path": place})]) from None
    except OSError as error:
        problem = {"problem": error.strerror or type(error).__name__}
        raise RecordError([Diagnostic("log-failed", problem, path=place)]) from error


class _Placing:
    """Holds each line against the one before it."""

    def __init__(self, reader: LogReader) -> None:
        self._reader = reader
        self._last = 0
        self._digest = reader.header_digest
        self._unread = 0
        """How many lines since then are no entries: each may stand for one, or be too many."""
        self._survey: Survey | None = None

    def place(self, line: Line) -> Scanned:
        at = Span(self._reader.place, line.line, 1)
        written = b"" if line.data is None else line.data
        digest = digest_bytes(DigestKind.ENTRY, written)
        entry, faults = self._read(line, at)
        position = Position.UNREADABLE
        if entry is None:
            self._unread += 1
        else:
            position, found = self._find_position(entry, line, at)
            faults += found
            if entry.seq > self._last:
                self._last, self._digest, self._unread = entry.seq, digest, 0
        return Scanned(line.line, line.offset, written, digest, entry, position, tuple(faults))

    def _read(self, line: Line, at: Span) -> tuple[Entry | None, list[Diagnostic]]:
        if line.data is None:
            return None, [Diagnostic("log-line-too-long", {"limit": str(MOST_LINE)}, at)]
        try:
            entry = read_entry(line.data, at)
        except RecordError as error:
            return None, list(error.diagnostics)
        own = self._reader.header.log_id
        if entry.log_id != own:
            arguments = {"found": entry.log_id, "own": own}
            return entry, [Diagnostic("log-of-another", arguments, at)]
        return entry, []

    def _find_position(
        self, entry: Entry, line: Line, at: Span
    ) -> tuple[Position, list[Diagnostic]]:
        seq, offset = str(entry.seq), str(line.offset)
        if entry.seq <= self._last:
            return self._find_repeated(entry, line, at)
        if entry.seq == self._last + 1:
            return self._find_following(entry, line, at)
        if entry.seq <= self._last + 1 + self._unread:
            return Position.OK, []
        survey = self._get_survey()
        first, last = str(self._last + 1), str(entry.seq - 1)
        if survey.has_all(self._last + 1, entry.seq - 1):
            arguments = {"seq": seq, "offset": offset, "last": str(self._last)}
            return Position.REORDERED, [Diagnostic("log-reordered", arguments, at)]
        arguments = {"seq": seq, "offset": offset, "first": first, "last": last}
        return Position.GAP, [Diagnostic("log-gap", arguments, at)]

    def _find_following(
        self, entry: Entry, line: Line, at: Span
    ) -> tuple[Position, list[Diagnostic]]:
        """Return the place of an entry whose number is the next one."""
        if entry.prev == self._digest:
            return Position.OK, []
        arguments = {"seq": str(entry.seq), "offset": str(line.offset)}
        if self._get_survey().stands_before(entry.prev, line.offset):
            return Position.FORK, [Diagnostic("log-fork", arguments, at)]
        return Position.OK, [Diagnostic("log-chain-broken", arguments, at)]

    def _find_repeated(
        self, entry: Entry, line: Line, at: Span
    ) -> tuple[Position, list[Diagnostic]]:
        """Return the place of an entry whose number is not above all before it."""
        earlier = self._get_survey().find_before(entry.seq, line.offset)
        offset, seq = str(line.offset), str(entry.seq)
        if not earlier:
            arguments = {"seq": seq, "offset": offset, "last": str(self._last)}
            return Position.REORDERED, [Diagnostic("log-reordered", arguments, at)]
        for place in earlier:
            if self._reader.read_bytes(place) == line.data:
                arguments = {"seq": seq, "offset": offset, "earlier": str(place)}
                return Position.DUPLICATE, [Diagnostic("log-duplicate", arguments, at)]
        return Position.FORK, [Diagnostic("log-fork", {"seq": seq, "offset": offset}, at)]

    def _get_survey(self) -> Survey:
        if self._survey is None:
            self._survey = self._reader.survey()
        return self._survey
