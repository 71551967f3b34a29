"""Comes in: names and numbers of entries. Goes out: the numbers a name may stand for.

A table of one 64-bit cell for each name and about as many again that are empty: 32 bits of the
name's digest and the newest number; from there numbers lead back to earlier ones. It answers with
candidates; whoever asks reads the entry to make sure.
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
    """Numbers (from 1, rising) by name, with open addressing; 16 to 28 bytes for each."""

    def __init__(self) -> None:
        self._cells = array("Q", bytes(8 * _LEAST_CELLS))
        self._used = 0
        self._earlier = array("I", [0])
        """For each number the one before it of the same hash, 0 for none."""

    def put(self, name: str, number: int) -> None:
        """Let ``name`` stand for ``number`` too."""
        if not len(self._earlier) <= number <= MOST:
            raise ValueError(f"no number of a later entry: {number}")
        if 3 * self._used >= 2 * len(self._cells):
            self._grow()
        sought = _hash_name(name)
        place = self._find_place(sought)
        earlier = self._cells[place] & MOST
        self._cells[place] = sought << 32 | number
        self._used += not earlier
        self._earlier.extend([0] * (number - len(self._earlier)))
        self._earlier.append(earlier)

    def find(self, name: str) -> Iterator[int]:
        """Yield the numbers ``name`` may stand for, the newest first: seldom one of another."""
        number = self._cells[self._find_place(_hash_name(name))] & MOST
        while number:
            yield number
            number = self._earlier[number]

    def _find_place(self, sought: int) -> int:
        """Return the place of the cell of a hash, or of the empty one it goes into."""
        mask = len(self._cells) - 1
        place = sought & mask
        while (cell := self._cells[place]) and cell >> 32 != sought:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        old = self._cells
        self._cells = array("Q", bytes(16 * len(old)))
        for cell in old:
            if cell:
                self._cells[self._find_place(cell >> 32)] = cell


def _hash_name(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
