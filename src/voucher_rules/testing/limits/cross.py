"""Comes in: a case that comes to a site. Goes out: the case moved to the site and just beside it.

One fact at a time is moved by its smallest step until the side changes: further and further away
first, then by halves; what one fact cannot reach is sought from there with another. A case that
does not come to the site is tried with one choice changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from voucher_rules.checked.symbols import Input, Parameter
from voucher_rules.decision.evaluate import Evaluation, evaluate_program
from voucher_rules.decision.law import Options
from voucher_rules.language.records import split_field
from voucher_rules.program.build import Program
from voucher_rules.testing.limits.measure import Gap, measure_gaps
from voucher_rules.testing.limits.neighbours import can_step, step_value
from voucher_rules.testing.limits.sites import Side
from voucher_rules.values.model import OneOf, Value

FACTOR = 8
"""How many times further each stride goes while the side has not changed."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A case of a decision, and one site it is asked about."""

    program: Program
    options: Options
    values: Mapping[str, Value]
    site: str

    def evaluate(self, changed: Mapping[str, Value]) -> Evaluation:
        """Return the evaluation of the case with some facts changed."""
        return evaluate_program(self.program, {**self.values, **changed}, self.options)

    def measure(self, changed: Mapping[str, Value]) -> Gap | None:
        """Return the nearest gap with some facts changed, or None where it is not come to."""
        gaps = measure_gaps(self.program, self.evaluate(changed))
        return min((x for x in gaps if x.site == self.site), key=_tell_distance, default=None)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A case changed so that it stands on one side of a site, as near as one fact can bring it."""

    side: Side
    changed: Mapping[str, Value]


def find_crossings(probe: Probe, sides: Sequence[Side]) -> dict[Side, Crossing]:
    """Return, for each side that moving a fact or two can bring the case to, the case there."""
    for base in ({}, *_list_other_choices(probe)):
        found = _cross_from(probe, base, sides)
        if found:
            return found
    return {}


def _cross_from(
    probe: Probe, base: Mapping[str, Value], sides: Sequence[Side]
) -> dict[Side, Crossing]:
    """Return the sides one fact can reach; from there, those that another one can reach."""
    found = _cross_once(probe, base, sides)
    for crossing in tuple(found.values()):
        if not set(sides) <= set(found):
            found = {**_cross_once(probe, crossing.changed, sides), **found}
    return found


def _cross_once(
    probe: Probe, base: Mapping[str, Value], sides: Sequence[Side]
) -> dict[Side, Crossing]:
    gap = probe.measure(base)
    found: dict[Side, Crossing] = {}
    if gap is None:
        return found
    for name in _list_movable(probe, base):
        found = {**_cross_by(probe, base, name, gap), **found}
        if set(sides) <= set(found):
            break
    return found


def step_once(probe: Probe, side: Side) -> bool:
    """Return whether the smallest step of one fact takes a case to its site or past it."""
    for name in _list_movable(probe, {}):
        mover = _Mover(probe, {}, name)
        for steps in (1, -1):
            if mover.side(steps) not in {side, None}:
                return True
    return False


def _list_other_choices(probe: Probe) -> Iterator[dict[str, Value]]:
    """Yield the case with one fact of a few options changed to each other one."""
    for name, value in probe.values.items():
        declared = find_declared(probe.program, name)
        if declared is None or not isinstance(value, str | bool):
            continue
        domain = declared.domain.domain
        if isinstance(domain, OneOf):
            others = sorted((x for x in domain.options if x != value), key=str)
            yield from (dict[str, Value]({name: other}) for other in others)


def _list_movable(probe: Probe, base: Mapping[str, Value]) -> list[str]:
    """Return the facts that can be moved; of a list its fields, but not how long it is."""
    values = {**probe.values, **base}
    return [
        name
        for name, value in values.items()
        if (found := find_declared(probe.program, name)) and can_step(value, found.type)
    ]


def find_declared(program: Program, name: str) -> Input | Parameter | None:
    """Return what was declared of an input or a field of a record; None for anything else."""
    listed, _ = split_field(name)
    if name in program.lists or not (name in program.inputs or listed in program.lists):
        return None
    return program.find_input(name)


def _cross_by(probe: Probe, base: Mapping[str, Value], name: str, gap: Gap) -> dict[Side, Crossing]:
    """Return the case on each side of the site, as near as one fact brings it."""
    mover = _Mover(probe, base, name)
    for direction in (1, -1):
        ends = mover.find_change(gap.side, direction)
        if ends is not None:
            return mover.stand_beside(*ends)
    return {}


@dataclass(frozen=True, slots=True)
class _Mover:
    """Moves one fact of a case by steps from where it stands."""

    probe: Probe
    base: Mapping[str, Value]
    name: str

    def move(self, steps: int) -> dict[str, Value] | None:
        value = {**self.probe.values, **self.base}[self.name]
        declared = self.probe.program.find_input(self.name)
        moved = step_value(value, declared.type, steps, declared.domain)
        return None if moved is None else {**self.base, self.name: moved}

    def side(self, steps: int) -> Side | None:
        changed = self.move(steps)
        gap = self.probe.measure(changed) if changed is not None else None
        return gap.side if gap is not None else None

    def find_change(self, side: Side, direction: int) -> tuple[int, int] | None:
        """Return two neighbouring numbers of steps, of which only the first keeps to the side."""
        near, far = 0, direction
        while True:
            found = self.side(far)
            if found is not None and found is not side:
                return self._narrow(side, near, far)
            limit = self._reach(near, far) if found is None else far
            if limit == near:
                return None
            if found is None:
                return self._narrow(side, near, limit) if self.side(limit) is not side else None
            near, far = far, far * FACTOR

    def _reach(self, near: int, far: int) -> int:
        """Return the furthest number of steps up to ``far`` that still comes to the site."""
        while abs(far - near) > 1:
            middle = _halve(near, far)
            if self.side(middle) is None:
                far = middle
            else:
                near = middle
        return near

    def _narrow(self, side: Side, near: int, far: int) -> tuple[int, int]:
        while abs(far - near) > 1:
            middle = _halve(near, far)
            if self.side(middle) is side:
                near = middle
            else:
                far = middle
        return near, far

    def stand_beside(self, near: int, far: int) -> dict[Side, Crossing]:
        """Return the case at both ends of a change, and a step beyond where that adds a side."""
        beyond = far + (1 if far > near else -1)
        found: dict[Side, Crossing] = {}
        for steps in (near, far, beyond):
            side, changed = self.side(steps), self.move(steps)
            if side is not None and changed is not None:
                found.setdefault(side, Crossing(side, changed))
        return found


def _tell_distance(gap: Gap) -> Fraction:
    return gap.distance


def _halve(near: int, far: int) -> int:
    """Return the number half way, nearer to ``near``."""
    return near + (far - near) // 2 if far > near else near - (near - far) // 2
