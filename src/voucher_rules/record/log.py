"""Comes in: drafts of entries. Goes out: a log file that one only adds to, a line for each.

An entry is on the disk when it is told as recorded. There is one writer at a time, held to that by
a lock that goes with its process; readers need none. A write that is cut off leaves an unfinished
end: who wants to write is refused until :func:`mend_tail` has moved it out of the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Self

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.appending import (
    AppendedFile,
    FileBrokenError,
    FileLockedError,
    FileReplacedError,
    put_aside,
)
from voucher_rules.ledger.stores.files import open_file
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import Draft, Header, Recorded
from voucher_rules.record.entry_lines import make_entry, read_header, read_own_entry
from voucher_rules.record.entry_lines import write_entry as write_entry_line
from voucher_rules.record.entry_lines import write_header as write_header_line
from voucher_rules.record.gists import make_gist
from voucher_rules.record.index import TAKING, Head, check_entry
from voucher_rules.record.lines import LineReader
from voucher_rules.record.merkle import hash_leaf
from voucher_rules.record.scanning import telling
from voucher_rules.record.views import LogView
from voucher_rules.spans import Span

_BEGINNING: Final = b'{"created":"'


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a draft: its entry, and whether it was added or had been there before."""

    recorded: Recorded
    is_new: bool


class Log(LogView):
    """A log that is open for writing; made by :meth:`create` or :meth:`open`.

    Safe to be shared by threads. ``close`` gives the lock back, as does the end of a ``with``.
    """

    def __init__(self, path: str | Path, file: AppendedFile) -> None:
        super().__init__(path)
        self._file = file
        self._guard = Lock()
        self._closed = False

    @classmethod
    def create(cls, path: str | Path, header: Header) -> Self:
        """Begin a log in a file that does not exist yet, or is empty.

        Raises :class:`RecordError`.
        """
        place = str(path)
        written = write_header_line(header, Span(place, 0, 0))
        with telling_all(place), _opening(Path(path), making=True) as file:
            if file.size:
                raise RecordError([Diagnostic("file-exists", {"path": place})])
            file.begin(written + b"\n")
            return cls(path, file)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a log to add to it; all of it is read and checked first.

        Raises :class:`RecordError` at the first fault, an unfinished end among them.
        """
        with telling_all(str(path)), _opening(Path(path)) as file:
            log = cls(path, file)
            log.load()
            if log.reader.tail is not None:
                raise RecordError([log.reader.tail.tell(log.place)])
            # Who wrote the last lines may have ended before they were on the disk, and a request
            # that comes again is told to be recorded by them.
            file.sync()
            return log

    def append(self, draft: Draft) -> Appended:
        """Add an entry, and return once it would outlive a loss of power.

        A request that was recorded before is not recorded again: its entry is returned, where all
        but the moment, the system and the runtime is the same. Raises :class:`RecordError`, also
        where it is not; then nothing was added.
        """
        return self.append_all([draft])[0]

    def append_all(self, drafts: Iterable[Draft]) -> list[Appended]:
        """Add several entries at once, which takes little longer than one.

        All are checked before the first is written. Where the process ends while they are written,
        the first of them may be in the log and the others not; asking again adds those.
        """
        with self._guard, telling_all(self.place):
            if self._closed:
                raise RecordError([Diagnostic("log-not-open", {}, path=self.place)])
            batch = _Batch(self, self._file.size)
            done = [batch.take(draft) for draft in drafts]
            added = [item.recorded for item in done if item.is_new]
            if added:
                self._file.add(b"".join(item.written + b"\n" for item in added))
            for recorded in added:
                gist, leaf = make_gist(recorded.entry), hash_leaf(recorded.written)
                self._add(gist, recorded.offset, recorded.digest, leaf)
            return done

    def close(self) -> None:
        """Give the lock back; closing twice does nothing."""
        self._closed = True
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Batch:
    """Entries that are about to be written, on top of a log."""

    def __init__(self, log: Log, offset: int) -> None:
        self._log = log
        self._offset = offset
        self._head: Head = log.head.copy()
        self._entries: dict[int, Recorded] = {}
        self._requests: dict[str, Recorded] = {}
        self._taking: dict[int, int] = {}

    def take(self, draft: Draft) -> Appended:
        """Return the entry a draft becomes, or already is."""
        # What is refused stands on no line of the file.
        at = Span(self._log.place, 0, 0)
        log_id = self._log.header.log_id
        made, parts = make_entry(draft, log_id, self._head.seq + 1, self._head.digest, at)
        written = write_entry_line(made, parts, at)
        earlier = self.find_request(draft.request_id)
        if earlier is not None:
            self._check_same(draft, earlier, at)
            return Appended(earlier, is_new=False)
        # What was written, and not what the draft holds, which its owner may change.
        entry = read_own_entry(written)
        gist = make_gist(entry)
        found = check_entry(gist, self._head, self, at)
        if found:
            raise RecordError(found)
        digest = digest_bytes(DigestKind.ENTRY, written)
        recorded = Recorded(entry, written, digest, self._head.seq + 2, self._offset)
        self._head.follow(gist, digest, hash_leaf(written))
        self._add(recorded)
        return Appended(recorded, is_new=True)

    def _check_same(self, draft: Draft, earlier: Recorded, at: Span) -> None:
        """Check that a request asks for what was recorded of it, whenever and wherever it came."""
        there = earlier.entry
        made, parts = make_entry(draft, there.log_id, there.seq, there.prev, at)
        again = replace(
            made,
            recorded_at=there.recorded_at,
            recorder=replace(draft.recorder, system=there.recorder.system),
            runtime=there.runtime,
        )
        if write_entry_line(again, parts, at) != earlier.written:
            arguments = {"name": draft.request_id, "seq": str(there.seq)}
            raise RecordError([Diagnostic("log-request-taken", arguments, path=at.file)])

    def _add(self, recorded: Recorded) -> None:
        entry = recorded.entry
        self._offset += len(recorded.written) + 1
        self._entries[entry.seq] = recorded
        self._requests[entry.request_id] = recorded
        if entry.kind in TAKING and entry.refers_seq is not None:
            self._taking[entry.refers_seq] = entry.seq

    def find_request(self, request_id: str) -> Recorded | None:
        return self._requests.get(request_id) or self._log.find_request(request_id)

    def find_entry(self, seq: int) -> Recorded | None:
        return self._entries.get(seq) or self._log.find_entry(seq)

    def find_taking(self, seq: int) -> int:
        return self._taking.get(seq) or self._log.find_taking(seq)


@dataclass(frozen=True, slots=True)
class Mended:
    """What was moved out of a log: the file it is in now, and where it had stood."""

    path: Path
    line: int
    offset: int
    size: int


def mend_tail(path: str | Path) -> Mended | None:
    """Move the unfinished end of a log into a new file beside it, ``<name>.torn-<offset>``.

    Returns what was moved, None where there was nothing to move. No whole line is touched, damaged
    or not. Raises :class:`RecordError`, also where a writer has the log open.
    """
    place = Path(path)
    with telling_all(str(path)):
        writing = AppendedFile(place)
        try:
            with os.fdopen(open_file(place), "rb") as file:
                lines = LineReader(file)
                for line in lines.read():
                    if line.line == 1:
                        read_header(line.data or b"", Span(str(path), 1, 1))
                if lines.tail is None:
                    return None
                file.seek(lines.tail.offset)
                rest = file.read()
            _check_beginning(lines.tail.offset, rest, str(path))
            kept = put_aside(place, lines.tail.offset, rest)
            writing.cut(lines.tail.offset)
            return Mended(kept, lines.tail.line, lines.tail.offset, len(rest))
        finally:
            writing.close()


def _check_beginning(offset: int, rest: bytes, place: str) -> None:
    """Check that a file without a whole line was on its way to be a log."""
    begun = _BEGINNING.startswith(rest[: len(_BEGINNING)]) or not rest.strip(b"\0")
    if offset == 0 and not begun:
        raise RecordError([Diagnostic("log-not-a-log", {}, Span(place, 1, 1))])


@contextmanager
def _opening(path: Path, *, making: bool = False) -> Iterator[AppendedFile]:
    """Open a file for writing, and give it back where what follows fails."""
    file = AppendedFile(path, making=making)
    try:
        yield file
    except BaseException:
        file.close()
        raise


@contextmanager
def telling_all(place: str) -> Iterator[None]:
    """Tell what keeps a file from being written as what it is: a log that cannot be used."""
    try:
        with telling(place):
            yield
    except FileLockedError:
        raise RecordError([Diagnostic("log-locked", {}, path=place)]) from None
    except FileBrokenError:
        raise RecordError([Diagnostic("log-broken", {}, path=place)]) from None
    except FileReplacedError:
        raise RecordError([Diagnostic("log-replaced", {}, path=place)]) from None
