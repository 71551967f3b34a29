"""Comes in: some values of an input. Goes out: others in their place: edges, near ones, any."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from drawn_cases import Array
from edges import SECOND, Edges, list_own_places

from voucher_rules.batch.numpy.checks import Column
from voucher_rules.batch.numpy.steps import add_months, np
from voucher_rules.compiled.days import MICROS_IN_DAY
from voucher_rules.compiled.nodes import KernelInput, Shape

TEXTS: Final = (
    *("a", "A", "A-1", "3", "企业", "①"),
    *("e\u0301", "\u00e9", "A\u030a", "\u212b", "\u00c5"),
)
"""Texts; some are the same in other encodings of their characters, some only look alike."""
_SMALL: Final = (-2, -1, -1, 1, 1, 2)
_MONTHS: Final = (1, 2, 3, 6, 12, 24, 36, 60)


@dataclass(frozen=True)
class Values:
    """Draws values of the inputs of a kernel."""

    inputs: tuple[KernelInput, ...]
    edges: Edges
    random: Any

    def find_ends(self, item: KernelInput) -> tuple[int, int]:
        """Return the ends of what is drawn for an input."""
        return self.edges.find_ends(item)

    def draw(self, item: KernelInput, old: Array, places: Array, begun: dict[str, Any]) -> Array:
        """Return other values; ``begun`` are the columns of all facts, ``places`` their rows."""
        rng, size = self.random, len(old)
        match item.shape:
            case Shape.BOOL:
                return rng.random(size) < 0.5
            case Shape.TEXT:
                texts = np.array([*TEXTS, *dict.fromkeys(old.tolist())], object)
                return texts[rng.integers(0, len(texts), size)]
            case Shape.CODE:
                return rng.choice(np.array(list_own_places(self.edges.program, item)), size)
            case Shape.SET:
                return self._draw_sets(item, old)
        edges = self.edges.find(item)
        ways = (
            edges[rng.integers(0, len(edges), size)],
            old + rng.choice(_SMALL, size) * (SECOND if item.shape is Shape.INSTANT else 1),
            self._draw_any(item, size),
            self._draw_beside(item, old, places, begun),
        )
        made = np.choose(rng.choice(4, size, p=(0.4, 0.2, 0.1, 0.3)), ways)
        return np.clip(made, *self.find_ends(item))

    def _draw_sets(self, item: KernelInput, old: Array) -> Array:
        """Return sets of options: old ones with one option turned, or any."""
        own = np.array(list_own_places(self.edges.program, item), np.int64)
        if not len(own):
            return old
        rng, size = self.random, len(old)
        flags = rng.random((size, len(own))) < 0.5
        whole = (flags * np.left_shift(1, own, dtype=np.int64)).sum(axis=1)
        turned = old ^ np.left_shift(1, own[rng.integers(0, len(own), size)], dtype=np.int64)
        return np.where(rng.random(size) < 0.5, turned, whole)

    def _draw_any(self, item: KernelInput, size: int) -> Array:
        """Return values within the bounds, small ones as likely as large ones."""
        low, high = self.find_ends(item)
        if item.shape in (Shape.DAY, Shape.INSTANT, Shape.TIME):
            return self.random.integers(low, high, size, endpoint=True)
        reach = np.exp2(self.random.random(size) * np.log2(float(high - low + 1)))
        return low + np.minimum(reach - 1, high - low).astype(np.int64)

    def _draw_beside(
        self, item: KernelInput, old: Array, places: Array, begun: dict[str, Any]
    ) -> Array:
        """Return the values of other facts of the kind, or some way from them."""
        rng, size = self.random, len(old)
        like = (
            {Shape.DAY, Shape.INSTANT} if item.shape in (Shape.DAY, Shape.INSTANT) else {item.shape}
        )
        others = [
            x
            for x in self.inputs
            if x.name != item.name and x.shape in like and isinstance(begun.get(x.name), Column)
        ]
        if item.shape not in (Shape.DAY, Shape.INSTANT):
            others = [x for x in others if x.type.kind is item.type.kind]
        if not others:
            return old
        found = np.stack([_turn(x, item, begun[x.name].values[places]) for x in others])
        picked = found[rng.integers(0, len(others), size), np.arange(size)]
        return self._move(item, picked)

    def _move(self, item: KernelInput, values: Array) -> Array:
        if item.shape in (Shape.DAY, Shape.INSTANT):
            return self._move_days(item, values)
        rng, size = self.random, len(values)
        ratios = [Fraction(x) for x in self.edges.ratios]
        shares = np.array([[x.numerator, x.denominator] for x in ratios])
        picked = shares[rng.integers(0, len(shares), size)]
        held = np.clip(values, -(2**40), 2**40)
        parts = (held, held * picked[:, 0] // picked[:, 1], held * picked[:, 1] // picked[:, 0])
        constants = self.edges.find(item)[:200]
        rest = constants[rng.integers(0, len(constants), size)] - held
        made = np.choose(rng.integers(0, 4, size), (*parts, rest))
        return made + rng.choice((-1, 0, 0, 1), size)

    def _move_days(self, item: KernelInput, values: Array) -> Array:
        """Return days or moments some days, months or periods away, to the day and beside."""
        rng, size = self.random, len(values)
        unit, first = (MICROS_IN_DAY, 1) if item.shape is Shape.INSTANT else (1, 0)
        counts, sign = self.edges.periods, rng.choice((-1, 1), size)
        days = values // unit + first
        later = days + sign * rng.choice((0, *counts, 30, 365), size)
        months = add_months(days, sign * rng.choice((*counts, *_MONTHS), size))
        moved = np.where(rng.random(size) < 0.5, later, months) + rng.choice((-1, 0, 0, 1), size)
        clock = values % unit + (rng.choice((0, 0, -1, 1), size) * SECOND if first else 0)
        return (moved - first) * unit + clock


def _turn(item: KernelInput, other: KernelInput, values: Array) -> Array:
    """Return values of one input in the unit of another of its kind."""
    if item.shape is Shape.DAY and other.shape is Shape.INSTANT:
        return (values - 1) * MICROS_IN_DAY
    if item.shape is Shape.INSTANT and other.shape is Shape.DAY:
        return values // MICROS_IN_DAY + 1
    sizes = other.denominator or 1, item.denominator or 1
    if sizes[0] != sizes[1]:
        return np.clip(values, -(2**40), 2**40) * sizes[0] // sizes[1]
    return values
