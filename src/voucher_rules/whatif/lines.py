"""Comes in: nothing. Goes out: straight lines and the ranges of one fact, both exact.

What is varied is told by its position: fen of money, days of a date, seconds of a moment, the
number itself of a ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final, NamedTuple

from voucher_rules.checked.symbols import Rounding
from voucher_rules.decision.amounts import round_exact
from voucher_rules.values.model import Exact, settle_exact


class Line(NamedTuple):
    """An exact quantity that is ``const + slope · x``, where ``x`` is the position."""

    const: Exact
    slope: Exact = 0

    def at(self, x: Exact) -> Exact:
        """Return the quantity at a position."""
        return settle_exact(self.const + self.slope * x) if self.slope else self.const

    def plus(self, other: Line) -> Line:
        """Return the sum of two lines."""
        return Line(self.const + other.const, self.slope + other.slope)

    def minus(self, other: Line) -> Line:
        """Return the difference of two lines."""
        return Line(self.const - other.const, self.slope - other.slope)

    def times(self, factor: Exact) -> Line:
        """Return a line so many times."""
        return Line(self.const * factor, self.slope * factor)

    @property
    def root(self) -> Exact:
        """Where it is zero; only asked of a line that is not level."""
        return settle_exact(Fraction(-self.const) / self.slope)


class Stair(NamedTuple):
    """A line and, on top of it, lines that were rounded, each so many times."""

    line: Line
    rounded: tuple[tuple[Exact, Line, Rounding], ...] = ()

    def at(self, x: Exact) -> Exact:
        """Return the quantity at a position."""
        steps = (times * round_exact(line.at(x), how) for times, line, how in self.rounded)
        return settle_exact(self.line.at(x) + sum(steps))

    def plus(self, other: Stair) -> Stair:
        """Return the sum of two of them."""
        return Stair(self.line.plus(other.line), self.rounded + other.rounded)

    def times(self, factor: Exact) -> Stair:
        """Return it so many times."""
        steps = tuple((times * factor, line, how) for times, line, how in self.rounded)
        return Stair(self.line.times(factor), steps)

    def find_middle(self) -> Line:
        """Return the line it keeps to, within :meth:`find_slack`."""
        found = self.line
        for times, line, _ in self.rounded:
            found = found.plus(line.times(times))
        return found

    def find_slack(self) -> Exact:
        """Return how far at most it lies from its middle."""
        return sum((abs(Fraction(times)) * how.to for times, _, how in self.rounded), Fraction(0))


@dataclass(frozen=True, slots=True)
class Reach:
    """The positions from ``low`` to ``high``; the flags tell whether the ends belong to it.

    ``whole`` tells that only whole positions count; its ends are then whole and belong to it.
    """

    low: Exact
    high: Exact
    holds_low: bool = True
    holds_high: bool = True
    whole: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no position is in it."""
        return self.low > self.high or (
            self.low == self.high and not (self.holds_low and self.holds_high)
        )

    @property
    def is_point(self) -> bool:
        """Whether exactly one position is in it."""
        return self.low == self.high

    def __contains__(self, x: Exact) -> bool:
        above = x >= self.low if self.holds_low else x > self.low
        return above and (x <= self.high if self.holds_high else x < self.high)

    def meet(self, other: Reach) -> Reach:
        """Return what two of them share; it may be empty."""
        low, holds_low = max((self.low, not self.holds_low), (other.low, not other.holds_low))
        high, holds_high = min((self.high, self.holds_high), (other.high, other.holds_high))
        made = Reach(low, high, not holds_low, holds_high)
        return made.rounded() if self.whole or other.whole else made

    def rounded(self) -> Reach:
        """Return the whole positions in it."""
        low = ceil(self.low) if self.holds_low else floor(self.low) + 1
        high = floor(self.high) if self.holds_high else ceil(self.high) - 1
        return Reach(low, high, whole=True)

    def without(self, part: Reach) -> Iterator[Reach]:
        """Yield what is left of it before and after a part of it."""
        before = Reach(self.low, part.low, self.holds_low, not part.holds_low)
        after = Reach(part.high, self.high, not part.holds_high, self.holds_high)
        for rest in (before, after):
            found = rest.rounded() if self.whole else rest
            if not found.is_empty:
                yield found

    def pick(self) -> Exact:
        """Return a position in it: its lowest, or the middle where that does not belong to it."""
        return self.low if self.holds_low else settle_exact(Fraction(self.low + self.high) / 2)

    def nearest(self, x: Exact) -> tuple[Exact, bool]:
        """Return the end or position of it next to ``x``, and whether that belongs to it."""
        if x in self:
            return x, True
        if x <= self.low:
            return self.low, self.holds_low
        return self.high, self.holds_high


FAR: Final = 10**60
"""Further than any position: the end of what has none."""
ALL: Final = Reach(-FAR, FAR)


def reach_where(line: Line, sign: str) -> Reach:
    """Return where a line is below zero (``<``), at most (``<=``), ``==``, ``>=`` or ``>`` it.

    A level line, which is so everywhere or nowhere, was found to be so.
    """
    if not line.slope:
        return ALL
    root = line.root
    if sign == "==":
        return Reach(root, root)
    held = sign in {"<=", ">="}
    if (sign in {"<", "<="}) == (line.slope > 0):
        return Reach(-FAR, root, holds_high=held)
    return Reach(root, FAR, holds_low=held)
