"""Comes in: texts of entries, or a file of batches. Goes out: a line for them, or the entries.

A file begins with a header line, and every line after it is one batch with its length and digest:

    {"schema":"voucher-rules/ledger/1"}
    {"bytes":411,"sha256":"…64 hexadecimal digits…","batch":[…,…]}

``bytes`` and ``sha256`` are those of the list after ``"batch":``, brackets included. A last line
without its end was not written whole; a line that does not agree with them was damaged later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.read_entries import read_next_entry
from voucher_rules.ledger.stores.model import check_follows
from voucher_rules.spans import Span

SCHEMA: Final = "voucher-rules/ledger/1"
HEADER: Final = b'{"schema":"' + SCHEMA.encode() + b'"}\n'
MOST_LINE: Final = 1 << 26
"""How long a line may be, in bytes with its end: what a reader has to hold at a time."""
_ANY_HEADER: Final = re.compile(rb'\{"schema":"(voucher-rules/ledger/[0-9]{1,9})"\}\n')
_FRAME: Final = re.compile(rb'\{"bytes":([1-9][0-9]{0,8}),"sha256":"([0-9a-f]{64})","batch":')


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two lines: the number of the next one, where it begins, the last entry."""

    line: int
    offset: int
    last: int


START: Final = Mark(1, 0, 0)


def write_line(texts: Sequence[str], place: str) -> bytes:
    """Return the line of a batch. Raises :class:`StoreError` where it grows too long."""
    batch = f"[{','.join(texts)}]".encode()
    digest = sha256(batch).hexdigest()
    line = b'{"bytes":%d,"sha256":"%s","batch":%s}\n' % (len(batch), digest.encode(), batch)
    if len(line) > MOST_LINE:
        raise StoreError(
            [Diagnostic("store-batch-too-large", {"limit": str(MOST_LINE)}, path=place)]
        )
    return line


class BatchReader:
    """Reads batch after batch from a file, and knows what it makes of the file's end.

    ``mark`` is the place after the last whole line; ``rest`` how many bytes stand there when
    reading has come to its end.
    """

    def __init__(self, file: BinaryIO, name: str, mark: Mark = START) -> None:
        self.mark = mark
        self.rest = 0
        self._file = file
        self._name = name

    def read(self) -> Iterator[list[Entry]]:
        """Yield the entries of each whole batch. Raises :class:`StoreError`."""
        self._file.seek(self.mark.offset)
        if self.mark.line == 1 and not self._read_header():
            return
        while line := self._file.readline(MOST_LINE + 1):
            batch = self._open_line(line)
            if batch is None:
                self.rest = len(line)
                return
            entries = list(self._read_entries(batch))
            self._pass(line, len(entries))
            yield entries

    def _pass(self, line: bytes, entries: int) -> None:
        mark = self.mark
        self.mark = Mark(mark.line + 1, mark.offset + len(line), mark.last + entries)

    def _read_header(self) -> bool:
        """Tell whether there is a header; a beginning of one was not written whole."""
        line = self._file.readline(len(HEADER) * 2)
        if line == HEADER:
            self._pass(line, 0)
            return True
        if HEADER.startswith(line):
            self.rest = len(line)
            return False
        found = _ANY_HEADER.fullmatch(line)
        at = Span(self._name, 1, 1)
        if found is None:
            raise StoreError([Diagnostic("store-not-a-ledger", {}, at)])
        arguments = {"found": found[1].decode(), "known": SCHEMA}
        raise StoreError([Diagnostic("store-version-unknown", arguments, at)])

    def _open_line(self, line: bytes) -> bytes | None:
        """Return the list of a whole line; None where it is the last and was not written whole."""
        at = Span(self._name, self.mark.line, 1)
        if len(line) > MOST_LINE:
            arguments = {"limit": str(MOST_LINE)}
            raise StoreError([Diagnostic("store-batch-too-large", arguments, at)])
        if not line.endswith(b"\n"):
            return None
        frame = _FRAME.match(line)
        batch = line[frame.end() : -2] if frame else b""
        if frame is None or not line.endswith(b"]}\n"):
            part = "batch"
        elif int(frame[1]) != len(batch):
            part = "bytes"
        elif sha256(batch).hexdigest().encode() != frame[2]:
            part = "sha256"
        else:
            return batch
        # A loss of power may leave zeros where the bytes had not arrived; anything else was whole.
        if b"\0" in line and not self._file.read(1):
            return None
        raise StoreError([Diagnostic("store-batch-damaged", {"part": part}, at)])

    def _read_entries(self, batch: bytes) -> Iterator[Entry]:
        line, last = self.mark.line, self.mark.last
        before = len(b'{"bytes":,"sha256":"","batch":') + len(str(len(batch))) + 64
        try:
            text = batch.decode()
        except UnicodeDecodeError:
            raise StoreError([Diagnostic("not-utf8", {}, Span(self._name, line, 1))]) from None
        end = 0
        while end == 0 or text[end] == ",":
            at = Span(self._name, line, before + end + 2)
            entry, end = read_next_entry(text, end + 1, at)
            check_follows(entry.seq, last, at)
            last = entry.seq
            yield entry
        if text[end:] != "]":
            at = Span(self._name, line, before + end + 1)
            raise StoreError([Diagnostic("entry-not-canonical", {}, at)])
