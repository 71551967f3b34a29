"""Comes in: the bytes of a CSV file, chunk by chunk. Goes out: whether any reader reads it alike.

Readers agree on rows of as many cells as there are columns, on lines that end alike and on quotes
that stand around whole cells. Of anything else engines make what they will: they drop the empty
cells a row has too many, or the blanks before a quote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_BEFORE: Final = (b',"', b'\n"')
_AFTER: Final = (b'",', b'"\n', b'"\r\n')
"""What stands where a quoted cell begins and ends."""
_MARK: Final = "\ufeff".encode()


@dataclass(slots=True)
class CsvLook:
    """What was seen of a file: its commas and lines outside quotes, and whether any is odd."""

    commas: int = 0
    lines: int = 0
    returns: int = 0
    even: bool = True
    quoted: bool = False
    """Whether what comes next is between quotes."""
    ended: bool = True

    def read(self, data: bytes) -> None:
        """Go through the next bytes: whole lines, or the last one."""
        if not self.lines:
            data = data.removeprefix(_MARK)
        outside = self._cut_quoted(data)
        self.commas += outside.count(b",")
        self.lines += outside.count(b"\n", 1)
        self.ended = outside.endswith(b"\n")
        odd = b"\n\n" in outside
        if b"\r" in outside:
            returns = outside.count(b"\r\n")
            odd = odd or b"\n\r\n" in outside or outside.count(b"\r") > returns
            self.returns += returns
        if b'"' in outside:
            odd = odd or has_stray_quotes(outside)
        self.even = self.even and not odd

    def _cut_quoted(self, data: bytes) -> bytes:
        """Return what stands outside quotes, one quote for all that they enclose.

        Before it stands a quote where the bytes begin between quotes, else the end of a line.
        """
        begun = self.quoted
        if not begun and b'"' not in data:
            return b"\n" + data
        parts = data.split(b'"')
        self.quoted = begun == bool(len(parts) % 2)
        outside = b'"'.join(parts[int(begun) :: 2])
        return (b'"' if begun else b"\n") + outside + (b'"' if self.quoted else b"")

    def fits(self, columns: int) -> bool:
        """Return whether each line has so many cells, and nothing about them is odd.

        A row that lacks cells makes up for one that has too many: that no row lacks any is for the
        reader to see.
        """
        lines = self.lines + (not self.ended)
        alike = self.returns in {0, self.lines}
        return self.even and not self.quoted and alike and self.commas == (columns - 1) * lines


def has_stray_quotes(outside: bytes) -> bool:
    """Return whether a quote stands elsewhere than around a whole cell.

    One quote stands in ``outside`` for all that two enclose, and so two for one doubled in a cell.
    """
    while b'""' in outside:
        outside = outside.replace(b'""', b'"')
    quotes = outside.count(b'"')
    begun = sum(map(outside.count, _BEFORE)) + outside.startswith(b'"')
    ended = sum(map(outside.count, _AFTER)) + outside.endswith(b'"')
    return not quotes == begun == ended
