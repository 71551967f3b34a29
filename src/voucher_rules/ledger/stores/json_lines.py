"""Comes in: batches of entries. Goes out: a file one only adds to, a line for each batch.

A write that is cut off leaves an unfinished last line. That is told and never mended unasked: who
reads sees the whole batches and ``torn``, who wants to write is refused until ``repair``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.stores.appending import (
    AppendedFile,
    FileBrokenError,
    FileLockedError,
    FileReplacedError,
    put_aside,
)
from voucher_rules.ledger.stores.batches import HEADER, START, BatchReader, Mark, write_line
from voucher_rules.ledger.stores.files import open_file
from voucher_rules.ledger.stores.locks import is_being_written
from voucher_rules.ledger.stores.model import OpenStore, check_expected, refuse_id, write_batch
from voucher_rules.spans import Span

_MARK_EVERY: Final = 1000
"""How many entries lie between two places a later reading may begin at, at the least."""


class JsonLinesStore(OpenStore):
    """A ledger in one file of JSON lines, as ``docs/reference/ledger-files.md`` describes it.

    There is one writer at a time, held to that by a lock; readers need none. A missing or empty
    file becomes a ledger when it is opened for writing. Raises :class:`StoreError`.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        super().__init__(str(path), read_only=read_only)
        self._path = Path(path)
        self._guard = Lock()
        self._marks = [START]
        self._ids: set[str] = set()
        self._last = 0
        self._file: AppendedFile | None = None
        with _telling(self.place):
            if read_only:
                self._check_beginning()
            else:
                self._begin_writing()

    def _check_beginning(self) -> None:
        with os.fdopen(open_file(self._path), "rb") as file:
            next(BatchReader(file, self.place).read(), None)

    def _begin_writing(self) -> None:
        self._file = AppendedFile(self._path, making=True)
        try:
            if self._file.size == 0:
                self._file.begin(HEADER)
            self._take_stock(self._file)
        except BaseException:
            self.close()
            raise

    def _take_stock(self, writing: AppendedFile) -> None:
        """Read all there is, for what a writer has to know."""
        with os.fdopen(open_file(self._path), "rb") as file:
            reader = BatchReader(file, self.place)
            for entries in reader.read():
                for entry in entries:
                    if entry.id in self._ids:
                        refuse_id(entry.id, f"{self.place}:{reader.mark.line - 1}")
                    self._ids.add(entry.id)
        if reader.rest:
            at = Span(self.place, reader.mark.line, 1)
            raise StoreError([Diagnostic("store-torn", {"bytes": str(reader.rest)}, at)])
        self._last, writing.size = reader.mark.last, reader.mark.offset

    @property
    def torn(self) -> bool:
        """Whether the file ends in what was not written whole, and nobody is writing it now."""
        self.check_open()
        with _telling(self.place), self._guard:
            if not self._find_rest():
                return False
            if self._file is None:
                descriptor = open_file(self._path)
                try:
                    if is_being_written(descriptor):
                        return False
                finally:
                    os.close(descriptor)
            # Who was writing may have come to an end since.
            return self._find_rest() > 0

    def _find_rest(self) -> int:
        with os.fdopen(open_file(self._path), "rb") as file:
            reader = BatchReader(file, self.place, self._marks[-1])
            for _ in reader.read():
                pass
            return reader.rest

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Return the entries after ``after``, of whole batches only, also while another writes."""
        self.check_open()
        return self._read(after)

    def _read(self, after: int) -> Iterator[Entry]:
        with _telling(self.place), os.fdopen(open_file(self._path), "rb") as file:
            mark = next(mark for mark in reversed(self._marks) if mark.last <= max(0, after))
            reader = BatchReader(file, self.place, mark)
            for entries in reader.read():
                self._keep_mark(mark)
                mark = reader.mark
                if entries[-1].seq > after:
                    yield from (entry for entry in entries if entry.seq > after)

    def _keep_mark(self, mark: Mark) -> None:
        """Keep the beginning of a whole batch: unlike its end, it stays where it is."""
        if mark.last >= self._marks[-1].last + _MARK_EVERY:
            self._marks.append(mark)

    def append(self, entries: Sequence[Entry], expected: int) -> None:
        """Store a batch; see :class:`voucher_rules.ledger.stores.model.Store`."""
        self.check_writable()
        batch = write_batch(entries, expected, self.place)
        with _telling(self.place), self._guard:
            check_expected(expected, self._last, self.place)
            for entry, _ in batch:
                if entry.id in self._ids:
                    refuse_id(entry.id, self.place)
            if batch:
                self._add_line(write_line([text for _, text in batch], self.place))
                self._ids.update(entry.id for entry, _ in batch)
                self._last += len(batch)

    def _add_line(self, line: bytes) -> None:
        assert self._file is not None  # noqa: S101 - it was just checked to be open for writing
        self._file.add(line)

    def close(self) -> None:
        """Give the lock back; closing twice does nothing."""
        super().close()
        if self._file is not None:
            self._file.close()
            self._file = None

    @staticmethod
    def repair(path: str | Path) -> Path | None:
        """Move what was not written whole out of a ledger, into a file beside it.

        Returns that file, or None where there was nothing to move. No whole batch is touched.
        Raises :class:`StoreError`, also where a writer has the ledger open.
        """
        place = Path(path)
        with _telling(str(path)):
            file = AppendedFile(place)
            try:
                return _move_rest(file, place)
            finally:
                file.close()


def _move_rest(writing: AppendedFile, path: Path) -> Path | None:
    with os.fdopen(open_file(path), "rb") as file:
        reader = BatchReader(file, str(path))
        for _ in reader.read():
            pass
        if not reader.rest:
            return None
        file.seek(reader.mark.offset)
        rest = file.read()
    kept = put_aside(path, reader.mark.offset, rest)
    writing.cut(reader.mark.offset)
    return kept


@contextmanager
def _telling(place: str) -> Iterator[None]:
    """Tell what the operating system refuses as what it is: a ledger that cannot be used."""
    try:
        yield
    except FileLockedError:
        raise StoreError([Diagnostic("store-locked", {}, path=place)]) from None
    except FileBrokenError:
        raise StoreError([Diagnostic("store-broken", {}, path=place)]) from None
    except FileReplacedError:
        raise StoreError([Diagnostic("store-replaced", {}, path=place)]) from None
    except OSError as error:
        problem = {"problem": error.strerror or type(error).__name__}
        raise StoreError([Diagnostic("store-failed", problem, path=place)]) from error
