"""Comes in: intervals of whole steps. Goes out: a step drawn from them, evenly or by size.

Drawn by size, every tenfold is as likely as the next: people and prices are spread like that. The
logarithm is a table of ten steps to each tenfold, so that no platform rounds it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Final

from voucher_rules.synthetic.draws import Stream, Wheel

_TENTHS: Final = (100, 125, 160, 200, 250, 315, 400, 500, 630, 800)
"""Ten steps to a tenfold, each about a quarter above the last."""
_FULL: Final = 1 << 40
"""The weight of a whole step of the table."""


class Shape(StrEnum):
    """How values are spread between their ends."""

    LOG = "log"
    EVEN = "even"


Piece = tuple[int, int]
"""An interval of steps, both ends included."""


class Spread:
    """Draws a step from some intervals; in multiples of ``step`` where it is above 1."""

    __slots__ = ("_lows", "_step", "_wheel", "_widths")

    def __init__(self, pieces: Sequence[Piece], shape: Shape, step: int = 1) -> None:
        parts = list(_list_parts(list(_align(pieces, step)) or [(0, 0)], shape))
        self._lows = [low for low, _, _ in parts]
        self._widths = [width for _, width, _ in parts]
        self._wheel = Wheel([weight for _, _, weight in parts])
        self._step = step

    def holds(self, step: int) -> bool:
        """Return whether a step is ever drawn."""
        at, rest = divmod(step, self._step)
        pairs = zip(self._lows, self._widths, strict=True)
        return not rest and any(low <= at < low + width for low, width in pairs)

    def draw(self, stream: Stream) -> int:
        """Return a step drawn."""
        at = self._wheel.pick(stream)
        return (self._lows[at] + stream.below(self._widths[at])) * self._step


def _align(pieces: Sequence[Piece], step: int) -> Iterator[Piece]:
    """Yield intervals counted in multiples of ``step``; one that holds none is left out."""
    for low, high in pieces:
        first, last = -(-low // step), high // step
        if first <= last:
            yield first, last


def holds_multiple(pieces: Sequence[Piece], step: int) -> bool:
    """Return whether some interval holds a multiple of ``step``."""
    return any(True for _ in _align(pieces, step))


def _list_parts(pieces: Sequence[Piece], shape: Shape) -> Iterator[tuple[int, int, int]]:
    """Yield where each part begins, how wide it is and what it weighs; within it all is even."""
    for low, high in pieces:
        if shape is Shape.EVEN or low < 0:
            yield low, high - low + 1, high - low + 1
        else:
            yield from _list_parts_by_size(low, high)


def _list_parts_by_size(low: int, high: int) -> Iterator[tuple[int, int, int]]:
    if low == 0:
        yield 0, 1, _FULL
    power = 1
    while power <= high:
        marks = [mark * power for mark in (*_TENTHS, 1000)]
        for start, end in pairwise(marks):
            # a hundredth is left over from the table: whole steps begin at the next one
            first = max(-(-start // 100), low)
            last = min(-(-end // 100) - 1, high)
            if first <= last:
                width = last - first + 1
                yield first, width, max(1, _FULL * width * 100 // (end - start))
        power *= 10
