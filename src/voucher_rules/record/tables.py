"""Comes in: names and numbers of entries. Goes out: the numbers a name may stand for.

A table of one 64-bit cell for each entry and as many again that are empty: 32 bits of the name's
digest and the number. It answers with candidates; whoever asks reads the entry to make sure.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from typing import Final

MOST: Final = 2**32 - 1
"""The largest number a cell can hold."""
_LEAST_CELLS: Final = 64


class NumberTable:
    """Numbers (from 1) by name, with open addressing; 12 to 24 bytes for each."""

    def __init__(self) -> None:
        self._cells = array("Q", bytes(8 * _LEAST_CELLS))
        self._used = 0

    def add(self, name: str, number: int) -> None:
        """Let ``name`` stand for ``number`` too."""
        if not 0 < number <= MOST:
            raise ValueError(f"no number of an entry: {number}")
        if 3 * self._used >= 2 * len(self._cells):
            self._grow()
        self._put(_hash_name(name) << 32 | number)
        self._used += 1

    def find(self, name: str) -> Iterator[int]:
        """Yield the numbers ``name`` may stand for: all it does, and seldom another."""
        sought = _hash_name(name)
        mask = len(self._cells) - 1
        place = sought & mask
        while cell := self._cells[place]:
            if cell >> 32 == sought:
                yield cell & MOST
            place = (place + 1) & mask

    def _put(self, cell: int) -> None:
        mask = len(self._cells) - 1
        place = (cell >> 32) & mask
        while self._cells[place]:
            place = (place + 1) & mask
        self._cells[place] = cell

    def _grow(self) -> None:
        old = self._cells
        self._cells = array("Q", bytes(16 * len(old)))
        for cell in old:
            if cell:
                self._put(cell)


def _hash_name(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
