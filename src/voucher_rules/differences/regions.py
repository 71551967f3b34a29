"""Comes in: two programs and all their cases. Goes out: the regions they decide differently.

Both programs cut the cases where a rule of theirs turns, one after the other, until each part comes
out one way under either, or varies smoothly. Parts that surely come out the same are left; of the
others it is told which way they differ. Smooth parts are compared at their corners, and halved
where one side is above here and the other there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product
from typing import Final

from voucher_rules.decision.boxes import Box, Meter
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.live import list_live
from voucher_rules.decision.ordinals import DENSE, count_grid, value_at
from voucher_rules.decision.outcomes import VALUELESS
from voucher_rules.decision.split import grow_tree, iterate_leaves
from voucher_rules.differences.comparing import (
    compare_cases,
    compare_outcomes,
    is_linear,
    is_surely_same,
    is_whole,
    measure_gap,
)
from voucher_rules.differences.merging import merge_regions
from voucher_rules.differences.pairs import Pair, Side, list_changed_outputs
from voucher_rules.differences.ways import Region, Way
from voucher_rules.language.records import split_field
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.unknowns import make_value, split_value
from voucher_rules.values.model import (
    NO_MARKS,
    Interval,
    OneOf,
    SetBetween,
    Unknown,
    Value,
)

CORNERS: Final = 64
"""How many corners of a part are compared."""
DEPTH: Final = 64
"""How often a part is halved where the two sides cross within it."""
ODD_STEPS: Final = (1, 2, 3, 5, 7, 13, 29, 51, 53, 97, 149, 151, 997, 5003, 9973, 50051, 99991)
"""How many steps apart cases are tried where only rounding can differ."""
FEW: Final = 6
"""How often where that may be in several facts at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """The regions found; ``left`` are parts of which it could not be told within the budget."""

    regions: tuple[Region, ...]
    left: tuple[Box, ...]


def find_regions(pair: Pair, box: Box, budget: int) -> Found:
    """Return the regions of a box; at most so many evaluations are spent on each side."""
    return _Search(pair, budget).run(box)


class _Search:
    """One search through the cases of both sides."""

    def __init__(self, pair: Pair, budget: int) -> None:
        self.pair = pair
        self.meters = tuple(
            Meter(side.cut, side.options, budget) for side in (pair.before, pair.after)
        )
        self.regions: list[Region] = []
        self.left: list[Box] = []

    def run(self, box: Box) -> Found:
        for part in self._split(self.meters[0], self.pair.before, box):
            for smaller in self._split(self.meters[1], self.pair.after, part):
                self._compare(smaller, DEPTH)
        return Found(tuple(merge_regions(self.regions, box)), tuple(self.left))

    def _split(self, meter: Meter, side: Side, box: Box) -> Iterator[Box]:
        """Yield the parts of a box between the turns of one side's rules."""
        own = _take(side, box)
        tree = grow_tree(meter, own, lambda leaf: () if leaf.settled else leaf.live)
        return ({**box, **leaf.box} for leaf in iterate_leaves(tree))

    def _evaluate(self, box: Box) -> tuple[Evaluation, Evaluation]:
        sides = (self.pair.before, self.pair.after)
        first, second = (
            meter.evaluate(_take(side, box)) for meter, side in zip(self.meters, sides, strict=True)
        )
        return first, second

    def _compare(self, box: Box, depth: int) -> None:
        both = self._evaluate(box)
        if is_surely_same(self.pair, both):
            return
        outcomes = (both[0].outcomes, both[1].outcomes)
        plain = all(len(item) == 1 for item in outcomes)
        if plain and outcomes[0] != outcomes[1]:
            way = compare_outcomes(*(next(iter(item)) for item in outcomes))
            self.regions.append(
                Region(box, way, exact=True, witness=self._pick(box), outcomes=outcomes)
            )
            return
        points = list(islice(self._list_corners(box, both), CORNERS))
        tried = [(point, self._differ_at(point)) for point in points]
        ways = {way for _, way in tried if way is not None}
        sides = (self.pair.before, self.pair.after)
        linear = plain and all(is_linear(x, y) for x, y in zip(sides, both, strict=True))
        linear = linear and not self._has_records(box, both)
        if linear and len(points) < CORNERS and self._is_level(points):
            # equal at all corners and linear: the same everywhere before it is rounded
            whole = all(is_whole(x, y) for x, y in zip(sides, both, strict=True))
            if self._rounds_otherwise() and not whole:
                self._note_rounding(box, both, tried)
            return
        linear = linear and not self._rounds_otherwise()
        clear = len(ways) == 1 and all(self._is_clear(point) for point in points)
        exact = linear and clear and len(points) < CORNERS
        cut = [] if exact or self._is_spent() else self._cut(box, both, ways, depth)
        if len(cut) > 1:
            for part in cut:
                self._compare(part, depth - 1)
        elif ways:
            way = next(iter(ways)) if len(ways) == 1 else Way.MIXED
            witness = next(point for point, found in tried if found is not None)
            self.regions.append(Region(box, way, exact, witness, outcomes))
        elif plain and self._rounds_otherwise():
            self._note_rounding(box, both, tried)
        else:
            self.left.append(box)

    def _note_rounding(
        self,
        box: Box,
        both: tuple[Evaluation, Evaluation],
        tried: Sequence[tuple[Box, Way | None]],
    ) -> None:
        """Add a part in which only rounding can differ, with a case where it does.

        Where none of the values tried shows a difference, it is not told that there is none.
        """
        near = ((point, self._differ_at(point)) for point in self._list_odd_points(box, both))
        found = [(point, way) for point, way in chain(tried, near) if way is not None]
        if not found:
            self.left.append(box)
            return
        ways = {way for _, way in found}
        way = next(iter(ways)) if len(ways) == 1 else Way.MIXED
        outcomes = (both[0].outcomes, both[1].outcomes)
        self.regions.append(Region(box, way, exact=False, witness=found[0][0], outcomes=outcomes))

    def _list_odd_points(self, box: Box, both: tuple[Evaluation, Evaluation]) -> Iterator[Box]:
        """Yield cases at a few steps from the first corner, at values that seldom are round."""
        corner = self._pick(box)
        for _, name, low, high in self._list_open(box, both):
            like = split_value(box[name])[0].low  # type: ignore[union-attr]  # an interval
            kind = self._find_kind(name)
            for step in ODD_STEPS:
                if low + step <= high:
                    yield {**corner, name: value_at(low + step, like, kind)}

    def _cut(
        self, box: Box, both: tuple[Evaluation, Evaluation], ways: set[Way], depth: int
    ) -> list[Box]:
        """Return a part halved where that may tell more: in one fact, a few times in several."""
        several = len(self._list_open(box, both)) > 1
        one_way = len(ways) <= 1
        if depth == 0 or (several and (one_way or depth <= DEPTH - FEW)):
            return []
        return self._halve(box, both)

    def _is_clear(self, point: Box) -> bool:
        """Return whether two cases differ by more than rounding can hide."""
        before, after = self._evaluate(point)
        if before.outcomes != after.outcomes or before.outcomes & VALUELESS:
            return self._differ_at(point) is not None
        return (
            any(
                measure_gap(item, after.amounts[name]) >= item.output.rounding.to
                for name, item in before.amounts.items()
                if name in after.amounts
            )
            or not before.amounts
        )

    def _is_level(self, points: list[Box]) -> bool:
        """Return whether nothing lies between the amounts at corners, also before rounding.

        Two lines that come to the same at both ends once rounded may part between them.
        """
        for point in points:
            before, after = self._evaluate(point)
            shared = [
                (x, after.amounts[n]) for n, x in before.amounts.items() if n in after.amounts
            ]
            if any(measure_gap(one, other) for one, other in shared):
                return False
        return True

    def _has_records(self, box: Box, both: tuple[Evaluation, Evaluation]) -> bool:
        """Return whether a part still turns on records, which are not gone through."""
        return any(_is_list(self.pair, name) for name in self._list_live(box, both))

    def _rounds_otherwise(self) -> bool:
        """Return whether some amount is rounded, or asked for, in another way."""
        return any(True for _ in list_changed_outputs(self.pair.before.cut, self.pair.after.cut))

    def _is_spent(self) -> bool:
        return any(meter.is_spent for meter in self.meters)

    def _differ_at(self, point: Box) -> Way | None:
        return compare_cases(self.pair, *self._evaluate(point))

    def _pick(self, box: Box) -> Box:
        return next(self._list_corners(box, self._evaluate(box)), box)

    def _list_corners(self, box: Box, both: tuple[Evaluation, Evaluation]) -> Iterator[Box]:
        """Yield the corners of a part in what it still turns on; all else at its first value."""
        live = self._list_live(box, both)
        ends = {
            name: _list_lengths(value)
            if _is_list(self.pair, name)
            else _list_ends(value, live=name in live)
            for name, value in box.items()
        }
        names = sorted(ends, key=lambda name: name not in live)
        for values in product(*(ends[name] for name in names)):
            yield dict(zip(names, values, strict=True))

    def _list_live(self, box: Box, both: tuple[Evaluation, Evaluation]) -> list[str]:
        sides = (self.pair.before, self.pair.after)
        found = [
            name
            for side, evaluation in zip(sides, both, strict=True)
            for name in list_live(side.cut, evaluation, _take(side, box))
        ]
        return list(dict.fromkeys(found))

    def _halve(self, box: Box, both: tuple[Evaluation, Evaluation]) -> list[Box]:
        """Return a part halved in the widest of what it still turns on."""
        widths = self._list_open(box, both)
        if not widths:
            return []
        _, name, low, high = max(widths, key=lambda item: item[0])
        domain, _ = split_value(box[name])
        kind, middle = self._find_kind(name), (low + high) // 2
        like = domain.low  # type: ignore[union-attr]
        before, after = value_at(middle, like, kind), value_at(middle + 1, like, kind)
        ends = [(domain.low, before), (after, domain.high)]  # type: ignore[union-attr]
        return [{**box, name: make_value(Interval(a, b), NO_MARKS)} for a, b in ends]

    def _list_open(
        self, box: Box, both: tuple[Evaluation, Evaluation]
    ) -> list[tuple[int, str, int, int]]:
        """Return what a part still turns on and can be halved in: how wide, which, from and to."""
        widths = []
        for name in self._list_live(box, both):
            domain, marks = split_value(box[name])
            kind = self._find_kind(name)
            if isinstance(domain, Interval) and kind.kind is not Kind.LIST and not marks:
                low, high = count_grid(domain.low, kind), count_grid(domain.high, kind)
                if high - low > 1 or (high > low and kind.kind not in DENSE):
                    widths.append((high - low, name, low, high))
        return widths

    def _find_kind(self, name: str) -> Type:
        return _find_type(self.pair, name)


def list_points(pair: Pair, region: Region, most: int) -> Iterator[Box]:
    """Yield cases of a region: its witness, then its corners and middles, at most so many."""
    yield region.witness
    box = region.box
    ends = {
        name: _list_lengths(value)
        if _is_list(pair, name)
        else [*_list_ends(value, live=True), *_list_middle(pair, name, value)] or [value]
        for name, value in box.items()
    }
    for turn in range(max(map(len, ends.values()))):
        yield {name: values[turn % len(values)] for name, values in ends.items()}
    corners = product(*ends.values())
    yield from (dict(zip(ends, values, strict=True)) for values in islice(corners, most))


def _list_middle(pair: Pair, name: str, value: Value) -> list[Value]:
    domain, _ = split_value(value)
    if not isinstance(domain, Interval):
        return []
    kind = _find_type(pair, name)
    steps = (count_grid(domain.low, kind) + count_grid(domain.high, kind)) // 2
    middle = value_at(steps, domain.low, kind)
    return [middle] if domain.low <= middle <= domain.high else []  # type: ignore[operator]


def _find_type(pair: Pair, name: str) -> Type:
    before = pair.before.cut
    has = any(
        x in y for x in (name, split_field(name)[0]) for y in (before.inputs, before.parameters)
    )
    return (before if has else pair.after.cut).find_input(name).type


def _is_list(pair: Pair, name: str) -> bool:
    return _find_type(pair, name).kind is Kind.LIST


def _list_lengths(value: Value) -> list[Value]:
    """Return how many records a list is tried with: as many as are stated, else none."""
    return [0] if isinstance(value, Unknown) else [value]


def _take(side: Side, box: Box) -> Box:
    """Return what of a box one side reads, the fields of records stated among it."""
    inputs, parameters = side.cut.inputs, side.cut.parameters
    return {
        n: value
        for n, value in box.items()
        if n in inputs or n in parameters or split_field(n)[0] in inputs
    }


def _list_ends(value: Value, *, live: bool) -> list[Value]:
    """Return the ends of a value, its options; only the first where it no longer matters."""
    domain, marks = split_value(value)
    found: list[Value] = []
    match domain:
        case Interval(low, high):
            found = [low, high]
        case OneOf(options):
            found = sorted(options, key=str)
        case SetBetween(certain, possible):
            found = [possible, certain]
        case _:
            found = []
    found += [make_value(None, frozenset({mark})) for mark in sorted(marks, key=str)]
    return found if live else found[:1] or [value]
