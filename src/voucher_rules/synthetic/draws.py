"""Comes in: a seed and a name. Goes out: a stream of draws, the same on every platform.

Each fact has a stream of its own, so that setting how one is drawn leaves the others as they were.
All but the stream itself is done in whole numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Final

_BITS: Final = 53
"""How many bits one draw holds: ``Random.random`` promises the same multiples of 2**-53."""
_ONE: Final = 1 << _BITS
_WIDE: Final = 1 << 32
"""Below so many possibilities one draw is even enough."""


class Stream:
    """A stream of draws of one name under one seed."""

    __slots__ = ("_draw",)

    def __init__(self, seed: int, name: str) -> None:
        # invented cases, not secrets
        self._draw = Random(f"{seed}/{name}").random  # noqa: S311

    def below(self, count: int) -> int:
        """Return a whole number from 0 up to ``count``, which is not among them."""
        drawn = int(self._draw() * _ONE)
        if count <= _WIDE:
            return drawn * count >> _BITS
        return ((drawn << _BITS) + int(self._draw() * _ONE)) * count >> 2 * _BITS


class Wheel:
    """Picks one of several things, each as often as its weight says."""

    __slots__ = ("_ends", "_total")

    def __init__(self, weights: Sequence[int]) -> None:
        self._ends = list(accumulate(weights))
        self._total = self._ends[-1]

    def may_pick(self, at: int) -> bool:
        """Return whether a thing is ever picked: whether it has any weight."""
        return self._ends[at] > (self._ends[at - 1] if at else 0)

    def pick(self, stream: Stream) -> int:
        """Return the place of the thing picked."""
        return bisect_right(self._ends, stream.below(self._total))
