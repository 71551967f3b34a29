"""Comes in: a case that goes well. Goes out: where each of its facts can move and it still does.

One fact is moved while the others stay. It turns where some rule compares it with something, and
where one limit of an amount gives way to another; between two turns all goes alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from voucher_rules.decision.boxes import Box, Meter
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.ordinals import count_grid, value_at
from voucher_rules.decision.probes import find_compared
from voucher_rules.language.records import split_field
from voucher_rules.synthetic.good_cases import (
    find_bounds,
    list_like,
    list_names,
    list_own_options,
    rank_case,
)
from voucher_rules.synthetic.spreads import Piece
from voucher_rules.values.model import Value


@dataclass(frozen=True, slots=True)
class Turns:
    """The steps of a fact at which something turns, and the stretches between, good and bad."""

    places: tuple[int, ...]
    good: tuple[Piece, ...]
    bad: tuple[Piece, ...]


@dataclass(slots=True)
class Mover:
    """Moves the facts of a case that goes well, and tells whether it still does."""

    meter: Meter
    box: Box
    rank: tuple[object, ...] = ()
    compared: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """What rules compare each ordered fact with, under any option of the choices."""

    def __post_init__(self) -> None:
        self.rank = rank_case(self.meter.evaluate(self.box))[:2]

    def goes_well(self, changed: Mapping[str, Value]) -> bool:
        """Return whether the case with some facts changed goes as well as it did."""
        return self._is_good(self.meter.evaluate({**self.box, **changed}))

    def _is_good(self, evaluation: Evaluation) -> bool:
        return rank_case(evaluation)[:2] >= self.rank

    def move(self, name: str, value: Value) -> dict[str, Value]:
        """Return a fact moved; a field of a record in every record there is."""
        return dict.fromkeys(list_like(self.box, name), value)

    def move_to(self, name: str, steps: int) -> dict[str, Value]:
        """Return an ordered fact moved to a step."""
        bounds = find_bounds(self.meter.program, name)
        if bounds is None:
            message = f"an ordered fact, not {name}"
            raise TypeError(message)
        return self.move(name, value_at(steps, bounds[0], self.meter.type_of(name)))

    def list_compared(self) -> dict[str, set[int]]:
        """Return what rules compare each ordered fact with, under each option of each choice."""
        program = self.meter.program
        ordered = [n for n in list_names(program) if self._is_open(n)]
        unset: dict[str, Value] = {}
        for name in ordered:
            unset |= self.move(name, program.find_input(name).domain)
        found: dict[str, set[int]] = {name: set() for name in ordered}
        for changed in self._list_options():
            for base in ({}, unset):
                evaluation = self.meter.evaluate({**self.box, **base, **changed})
                for name in ordered:
                    kind = self.meter.type_of(name)
                    here = find_compared(program, evaluation, name)
                    found[name] |= {count_grid(value, kind) for value in here}
        return found

    def _is_open(self, name: str) -> bool:
        is_day = name == self.meter.program.decision.as_of
        is_list = name in self.meter.program.lists
        return not is_day and not is_list and find_bounds(self.meter.program, name) is not None

    def _list_options(self) -> Iterator[dict[str, Value]]:
        yield {}
        for name in list_names(self.meter.program):
            if not split_field(name)[0]:
                options = list_own_options(self.meter.program, name)
                yield from (self.move(name, option) for option in options)

    def find_turns(self, name: str, compared: Sequence[int]) -> Turns:
        """Return where an ordered fact turns, and the good and the bad stretches of it."""
        low, high = self._find_ends(name)
        probes = {low, high, *(at + beside for at in compared for beside in (-1, 0, 1))}
        steps = sorted(at for at in probes if low <= at <= high)
        signs = {at: self._sign(name, at) for at in steps}
        starts = [low]
        for first, second in pairwise(steps):
            starts += self._cut(name, first, second, signs)
        ends = [start - 1 for start in starts[1:]] + [high]
        pieces = list(zip(starts, ends, strict=True))
        good = tuple(piece for piece in pieces if signs[piece[0]][0])
        bad = tuple(piece for piece in pieces if not signs[piece[0]][0])
        inner = {at for at in compared if low < at < high}
        return Turns(tuple(sorted({*starts[1:], *inner})), good, bad)

    def _find_ends(self, name: str) -> Piece:
        bounds, kind = find_bounds(self.meter.program, name), self.meter.type_of(name)
        if bounds is None:
            return 0, 0
        return count_grid(bounds[0], kind), count_grid(bounds[1], kind)

    def _sign(self, name: str, steps: int) -> tuple[bool, object]:
        evaluation = self.meter.evaluate({**self.box, **self.move_to(name, steps)})
        binding = tuple(item.binding for item in evaluation.amounts.values())
        return self._is_good(evaluation), binding

    def _cut(
        self, name: str, first: int, second: int, signs: dict[int, tuple[bool, object]]
    ) -> list[int]:
        """Return the step at which the sign turns between two, found by halving; often none."""
        if signs[first] == signs[second]:
            return []
        while second - first > 1:
            middle = (first + second) // 2
            signs[middle] = self._sign(name, middle)
            if signs[middle] == signs[first]:
                first = middle
            else:
                second = middle
        return [second]
