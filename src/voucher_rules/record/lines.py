"""Comes in: an open log file. Goes out: its whole lines one by one, and what its end makes of them.

A write that is cut off leaves an unfinished end: a line without its line feed, or zero bytes where
the bytes had not arrived. Such an end was never acknowledged. Readers stop before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.entry_lines import MOST_LINE
from voucher_rules.spans import Span

_PIECE: Final = 1 << 20
LOT_LINES: Final = 64
"""How many lines are looked at together at the most."""
LOT_BYTES: Final = 1 << 18
"""Lines that come to so many bytes are enough to be looked at together."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two lines: the number of the next one, from 1, and where it begins."""

    line: int
    offset: int


START: Final = Mark(1, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its line feed; ``data`` is None where it is too long to be one of a log."""

    line: int
    offset: int
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a file that is no whole line: where it begins, its size, and its look."""

    line: int
    offset: int
    size: int
    code: str

    def tell(self, place: str) -> Diagnostic:
        """Return what is to be told of it."""
        arguments = {"bytes": str(self.size), "offset": str(self.offset)}
        at = Span(place, self.line, 1)
        if self.code == "log-tail-zeros":
            return Diagnostic("log-tail-zeros", arguments, at)
        if self.code == "log-tail-garbage":
            return Diagnostic("log-tail-garbage", arguments, at)
        return Diagnostic("log-tail-cut", arguments, at)


class LineReader:
    """Reads line after line; ``mark`` is the place after the last whole one.

    ``tail`` is what stands there when reading has come to the end of the file, None for nothing.
    """

    def __init__(self, file: BinaryIO, mark: Mark = START) -> None:
        self.mark = mark
        self.tail: Tail | None = None
        self._file = file

    def read(self) -> Iterator[Line]:
        """Yield each whole line."""
        self._file.seek(self.mark.offset)
        while piece := self._file.readline(MOST_LINE + 1):
            size, whole = len(piece), piece.endswith(b"\n")
            if not whole and size > MOST_LINE:
                rest, whole = self._skip_rest()
                size += rest
            if not whole or (b"\0" in piece and self._is_at_end()):
                self.tail = Tail(self.mark.line, self.mark.offset, size, _name_look(piece))
                return
            data = piece[:-1] if size == len(piece) else None
            yield Line(self.mark.line, self.mark.offset, data)
            self.mark = Mark(self.mark.line + 1, self.mark.offset + size)
            self._file.seek(self.mark.offset)

    def _skip_rest(self) -> tuple[int, bool]:
        """Pass over the rest of a line, and return its size and whether it has an end."""
        size = 0
        while piece := self._file.readline(_PIECE):
            size += len(piece)
            if piece.endswith(b"\n"):
                return size, True
        return size, False

    def _is_at_end(self) -> bool:
        # No line that was written whole holds a zero byte, so this is seldom asked.
        here = self._file.tell()
        last = not self._file.read(1)
        self._file.seek(here)
        return last


def gather_lots(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines in lots, so that what waits in memory is bounded by its size as well."""
    lot: list[Line] = []
    size = 0
    for line in lines:
        lot.append(line)
        size += len(line.data or b"")
        if len(lot) >= LOT_LINES or size >= LOT_BYTES:
            yield lot
            lot, size = [], 0
    if lot:
        yield lot


def _name_look(piece: bytes) -> str:
    if b"\0" in piece:
        return "log-tail-zeros"
    return "log-tail-cut" if b'{"'.startswith(piece[:2]) else "log-tail-garbage"
