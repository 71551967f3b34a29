"""Comes in: a log file. Goes out: each entry with its place in the history and what is wrong there.

A sound log is read in memory that does not grow with it. At the first entry out of place the file
is gone through once more for the numbers and digests of all lines, so that an entry that is missing
can be told from one that stands elsewhere, and a repeated one from another history.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.files import open_file
from voucher_rules.ledger.stores.locks import is_being_written
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import CHECKPOINT_TYPE, Entry, Header, Recorded
from voucher_rules.record.entry_lines import MOST_LINE, read_header
from voucher_rules.record.envelopes import MOST_BYTES
from voucher_rules.record.gists import Claim, Gist, Look, look_at
from voucher_rules.record.lines import Line, LineReader, Mark, Tail, gather_lots
from voucher_rules.record.merkle import hash_leaf
from voucher_rules.record.surveying import Survey, number_lines
from voucher_rules.record.workers import Crew
from voucher_rules.spans import Span

State = TypeVar("State")
Work = TypeVar("Work")
Made = TypeVar("Made")


def _check_no_checkpoint(start: bytes, place: str) -> None:
    """Check that a file is no checkpoint given for its log. Raises :class:`RecordError`."""
    try:
        kind = json.loads(start).get("payloadType")
    except (ValueError, AttributeError, RecursionError):
        return
    if kind == CHECKPOINT_TYPE:
        raise RecordError([Diagnostic("log-is-a-checkpoint", {}, path=place)])


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
class Placed:
    """A line of a log after the header in its place, sound or not.

    ``line`` and ``offset`` say where it is, ``digest`` is that of an entry of these bytes and
    ``leaf`` its hash in the log's tree; ``gist`` is None where it is no entry, and ``claim`` is
    then what it says of itself, unchecked.
    """

    line: int
    offset: int
    digest: str
    leaf: bytes
    gist: Gist | None
    position: Position
    faults: tuple[Diagnostic, ...]
    claim: Claim | None


@dataclass(frozen=True, slots=True)
class Scanned(Placed):
    """The same with all it holds; ``written`` is the line without its line feed."""

    written: bytes
    entry: Entry | None


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
            _check_no_checkpoint(file.read(MOST_BYTES), self.place)
            file.seek(0)
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
        placing = _Placing(self)
        for line in self.frame():
            looked = look_at(line, self.place, self.header.log_id)
            position, faults = placing.place(looked.look)
            written = b"" if line.data is None else line.data
            look = looked.look
            yield Scanned(
                look.line,
                look.offset,
                look.digest,
                look.leaf,
                look.gist,
                position,
                faults,
                look.claim,
                written,
                looked.entry,
            )

    def scan_shared(
        self,
        crew: Crew[State],
        do: Callable[[State, Work], list[tuple[Look, Made]]],
        lots: Iterable[Work],
    ) -> Iterator[tuple[Placed, Made]]:
        """Yield every line in its place with what a crew made of it.

        ``do`` looks at a lot of lines and makes something of each; what it hands back of a line
        besides should be small.
        """
        placing = _Placing(self, crew)
        for look, made in chain.from_iterable(crew.work(do, lots)):
            position, faults = placing.place(look)
            at, named = (look.line, look.offset), (look.digest, look.leaf)
            yield Placed(*at, *named, look.gist, position, faults, look.claim), made

    def frame(self) -> Iterator[Line]:
        """Yield every whole line after the header as it stands; nothing is checked."""
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            lines = LineReader(file, self._first)
            yield from lines.read()
            self.tail = lines.tail

    def hash_leaves(self) -> Iterator[bytes]:
        """Yield the hash of every whole line after the header, for the tree; nothing is checked."""
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            for line in LineReader(file, self._first).read():
                yield hash_leaf(b"" if line.data is None else line.data)

    def survey(self, crew: Crew[Any] | None = None) -> Survey:
        """Go through the file for the number and the digest of every line."""
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            lots = gather_lots(LineReader(file, self._first).read())
            alone = (number_lines(None, lot) for lot in lots)
            found = alone if crew is None else crew.work(number_lines, lots)
            return Survey(chain.from_iterable(found))

    def read_bytes(self, offset: int) -> bytes:
        """Return the line that begins at ``offset``, without its line feed."""
        with telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            file.seek(offset)
            return file.readline(MOST_LINE + 1).removesuffix(b"\n")

    def tell_torn(self) -> Diagnostic | None:
        """Return what is to be told of the end that a scan came to; None where it is whole.

        While someone writes, an end that is not whole yet is on its way.
        """
        if self.tail is None or self.is_being_written():
            return None
        return self.tail.tell(self.place)

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

    def __init__(self, reader: LogReader, crew: Crew[Any] | None = None) -> None:
        self._reader = reader
        self._crew = crew
        self._last = 0
        self._digest = reader.header_digest
        self._unread = 0
        """How many lines since then are no entries: each may stand for one, or be too many."""
        self._survey: Survey | None = None

    def place(self, look: Look) -> tuple[Position, tuple[Diagnostic, ...]]:
        gist = look.gist
        if gist is None:
            self._unread += 1
            return Position.UNREADABLE, look.faults
        position, found = self._find_position(gist, look)
        if gist.seq > self._last:
            self._last, self._digest, self._unread = gist.seq, look.digest, 0
        return position, (*look.faults, *found)

    def _find_position(self, gist: Gist, look: Look) -> tuple[Position, list[Diagnostic]]:
        if gist.seq <= self._last:
            return self._find_repeated(gist, look)
        if gist.seq == self._last + 1:
            return self._find_following(gist, look)
        if gist.seq <= self._last + 1 + self._unread:
            return Position.OK, []
        seq, offset, at = str(gist.seq), str(look.offset), self._tell_place(look)
        survey = self._get_survey()
        first, last = self._last + 1, gist.seq - 1
        if survey.has_all(first, last):
            arguments = {"seq": seq, "offset": offset, "last": str(self._last)}
            return Position.REORDERED, [Diagnostic("log-reordered", arguments, at)]
        missing = f"entry {first}" if first == last else f"some of the entries {first} to {last}"
        arguments = {"seq": seq, "offset": offset, "missing": missing}
        return Position.GAP, [Diagnostic("log-gap", arguments, at)]

    def _find_following(self, gist: Gist, look: Look) -> tuple[Position, list[Diagnostic]]:
        """Return the place of an entry whose number is the next one."""
        if gist.prev == self._digest:
            return Position.OK, []
        at = self._tell_place(look)
        arguments = {"seq": str(gist.seq), "offset": str(look.offset)}
        if self._get_survey().stands_before(gist.prev, look.offset):
            return Position.FORK, [Diagnostic("log-fork", arguments, at)]
        return Position.OK, [Diagnostic("log-chain-broken", arguments, at)]

    def _find_repeated(self, gist: Gist, look: Look) -> tuple[Position, list[Diagnostic]]:
        """Return the place of an entry whose number is not above all before it."""
        earlier = self._get_survey().find_before(gist.seq, look.offset)
        offset, seq, at = str(look.offset), str(gist.seq), self._tell_place(look)
        if not earlier:
            arguments = {"seq": seq, "offset": offset, "last": str(self._last)}
            return Position.REORDERED, [Diagnostic("log-reordered", arguments, at)]
        for place in earlier:
            if digest_bytes(DigestKind.ENTRY, self._reader.read_bytes(place)) == look.digest:
                arguments = {"seq": seq, "offset": offset, "earlier": str(place)}
                return Position.DUPLICATE, [Diagnostic("log-duplicate", arguments, at)]
        return Position.FORK, [Diagnostic("log-fork", {"seq": seq, "offset": offset}, at)]

    def _tell_place(self, look: Look) -> Span:
        return Span(self._reader.place, look.line, 1)

    def _get_survey(self) -> Survey:
        if self._survey is None:
            self._survey = self._reader.survey(self._crew)
        return self._survey
