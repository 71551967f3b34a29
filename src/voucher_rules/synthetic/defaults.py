"""Comes in: a program. Goes out: how each of its facts is spread where the analyst does not say.

Quantities spread about the places where rules turn on them, from a tenth of the least to ten times
the greatest; days keep about the distance to the day of the case that they have in a case that
goes well. What makes a case fail is rare, so that a good share of the cases is granted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from math import isqrt
from typing import Final

from voucher_rules.checked.domains import MOST_MONEY
from voucher_rules.decision.boxes import Box, Meter
from voucher_rules.decision.law import find_start
from voucher_rules.decision.ordinals import GRID, count_grid, value_at
from voucher_rules.language.records import split_field
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.synthetic.draws import Stream, Wheel
from voucher_rules.synthetic.good_cases import (
    BUDGET,
    INVENTED,
    find_bounds,
    find_good_case,
    find_typical_money,
    list_names,
    list_own_options,
    make_options,
)
from voucher_rules.synthetic.marginals import Marginal, Membership, Point, Ranging, Values, mix
from voucher_rules.synthetic.spreads import Piece, Shape, Spread, holds_multiple
from voucher_rules.synthetic.turns import Mover, Turns
from voucher_rules.values.model import (
    CURRENCIES,
    NONE,
    Interval,
    PeriodUnit,
    SetBetween,
    Unknown,
    Value,
)

RARITY: Final = 4
"""One case in about this many fails on something, all its facts taken together."""
MANY_MOVES: Final = 20 * BUDGET
"""How many evaluations telling where a case turns may spend."""
DAYS_OPEN: Final = 365
"""How long a law without an end is taken to hold, where nothing known of it is later."""
DAYS_AROUND: Final = 60
"""How far from the days at which something turns other days lie."""
DAYS_RELATED: Final = 800
"""A day further than this from where something turns has nothing to do with it."""
SECONDS_A_DAY: Final = 86_400
_TYPICAL: Final[Mapping[Kind, Piece]] = {
    Kind.COUNT: (1, 1_000),
    Kind.NUMBER: (0, 1_000 * GRID),
    Kind.RATIO: (0, GRID),
    Kind.TIME: (0, SECONDS_A_DAY - 1),
}
_TYPICAL_PERIOD: Final[Mapping[PeriodUnit, Piece]] = {
    PeriodUnit.HOUR: (1, 240),
    PeriodUnit.DAY: (1, 365),
    PeriodUnit.WORKING_DAY: (1, 250),
    PeriodUnit.MONTH: (1, 60),
    PeriodUnit.YEAR: (1, 10),
}
_EVEN: Final = frozenset({Kind.RATIO, Kind.TIME, Kind.DATE, Kind.INSTANT})
_DATED: Final = frozenset({Kind.DATE, Kind.INSTANT})


@dataclass(frozen=True, slots=True)
class Shifting:
    """A day or a moment that keeps its distance to the day of the case."""

    spread: Spread
    like: Value
    type: Type
    anchor: str
    about: date
    bounds: tuple[Value, Value]
    needs: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", (self.anchor,))

    def draw(self, stream: Stream, row: Values) -> Value:
        """Return a day drawn about the day of the good case, moved to that of the row."""
        drawn = value_at(self.spread.draw(stream), self.like, self.type)  # type: ignore[arg-type]
        day = row.get(self.anchor)
        if not isinstance(day, date) or not isinstance(drawn, date):
            return drawn
        low, high = self.bounds
        try:
            return min(max(drawn + (day - self.about), low), high)  # type: ignore[type-var]
        except OverflowError:
            return low


@dataclass(frozen=True, slots=True)
class Naming:
    """An invented name, another for nearly every row."""

    fact: str
    needs: tuple[str, ...] = ()

    def draw(self, stream: Stream, row: Values) -> Value:  # noqa: ARG002 - looks at no other fact
        """Return a name that says it is invented."""
        return f"{INVENTED}-{self.fact}-{stream.below(10**9):09d}"


def find_days(program: Program, on: date | None) -> tuple[date, date]:
    """Return the first and the last day cases are spread over: the day given, or the law's."""
    if on is not None:
        return on, on
    ruleset = program.ruleset
    known = [ruleset.succession.published, ruleset.document.verified]
    known += [item.start for x in program.parameters.values() for item in x.values]
    days = [day for day in known if day is not None]
    start = find_start(ruleset, make_options(program).readings)
    if start is None:
        end = max(days, default=_ANY_DAY)
        start = end - timedelta(days=DAYS_OPEN)
    else:
        end = max([start + timedelta(days=DAYS_OPEN), *days])
    if ruleset.document.until is not None:
        end = min(end, ruleset.document.until)
    bounds = find_bounds(program, program.decision.as_of)
    low, high = bounds if bounds is not None else (start, end)
    return max(start, low), max(start, min(end, high))  # type: ignore[return-value]


_ANY_DAY: Final = date(2024, 1, 1)
"""The day of cases under a law that names no day of any kind."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """A way to draw each fact, each field of a record and the length of each list.

    ``good`` is the case they are spread about.
    """

    marginals: Mapping[str, Marginal]
    good: Box


def make_defaults(program: Program, on: date | None) -> Defaults:
    """Return how facts are spread where nobody says, on a day given or throughout the law's."""
    first, last = find_days(program, on)
    count = min((last - first).days, 11)
    spaced = [first + (last - first) * number // max(count, 1) for number in range(count + 1)]
    box = find_good_case(program, spaced)
    mover = Mover(Meter(program, make_options(program), MANY_MOVES), box)
    return Defaults(_Defaults(mover, first, last).make(), mover.box)


@dataclass(slots=True)
class _Plan:
    """How a fact may be drawn: what keeps a case good, what makes it fail, what is no answer."""

    good: list[tuple[Marginal, int]]
    bad: list[tuple[Marginal, int]]


class _Defaults:
    """Makes the way to draw each fact, from how a case that goes well moves with it."""

    def __init__(self, mover: Mover, first: date, last: date) -> None:
        self.mover, self.first, self.last = mover, first, last
        self.program = mover.meter.program
        self.compared = {name: sorted(x) for name, x in mover.list_compared().items()}
        self.typical_money = find_typical_money(self.program)
        for name in self.compared:
            self._moderate(name)

    def make(self) -> dict[str, Marginal]:
        """Return a way to draw each fact."""
        day = self.program.decision.as_of
        plans = {name: self._plan(name) for name in list_names(self.program) if name != day}
        risky = sum(bool(plan.bad) for plan in plans.values())
        made = {_name_all(name): _join(plan, max(risky, 1)) for name, plan in plans.items()}
        return {**made, day: self._spread_days()}

    def _find_typical(self, kind: Type) -> Piece:
        if kind.kind is Kind.MONEY:
            return self.typical_money
        if kind.kind is Kind.PERIOD:
            return _TYPICAL_PERIOD[PeriodUnit(kind.unit or PeriodUnit.DAY)]
        return _TYPICAL[kind.kind]

    def _moderate(self, name: str) -> None:
        """Move a quantity of the good case to a middling one, where all still goes well."""
        kind = self.mover.meter.type_of(name)
        if (
            kind.kind in _DATED
            or isinstance(self.mover.box[name], Unknown)
            or (self.mover.box[name] is NONE)
        ):
            return
        low, high = self._find_range(name, self.compared[name])
        for steps in (isqrt(max(low, 1) * high), (low + high) // 2, high, low):
            changed = self.mover.move_to(name, steps)
            if self.mover.goes_well(changed):
                self.mover.box = {**self.mover.box, **changed}
                return

    def _find_range(self, name: str, places: Sequence[int]) -> Piece:
        """Return from where to where a quantity is spread: about the places where it turns."""
        kind = self.mover.meter.type_of(name)
        bounds = find_bounds(self.program, name)
        ends = tuple(count_grid(x, kind) for x in bounds) if bounds else (0, 0)
        least = self._find_step(kind, self.typical_money[0])
        told = [at for at in places if ends[0] < at < ends[1] and least <= at < MOST_MONEY // 100]
        low, high = self._find_typical(kind)
        if told and kind.kind not in _EVEN:
            low, high = max(told[0] // 10, 1), told[-1] * 10
        low, high = max(low, ends[0]), min(high, ends[1])
        return (low, high) if low <= high else (ends[0], ends[1])

    def _plan(self, name: str) -> _Plan:
        declared = self.program.find_input(name)
        domain, marks = split_value(declared.domain)
        kind = declared.type
        if name in self.program.lists:
            plan = self._plan_length(name)
        elif options := list_own_options(self.program, name):
            plan = self._plan_options(name, options)
        elif isinstance(domain, SetBetween):
            plan = self._plan_members(name, domain)
        elif isinstance(domain, Interval):
            is_dated = kind.kind in _DATED
            plan = self._plan_days(name) if is_dated else self._plan_quantity(name)
        else:
            plan = self._plan_name(name)
        if getattr(declared, "role", None) is Role.BALANCE and isinstance(domain, Interval):
            self._add_zero(plan, name, domain)
        if NONE in marks and getattr(declared, "optional", False):
            self._add_point(plan, name, NONE)
        if getattr(declared, "role", None) is Role.FINDING:
            plan.bad.append((Point(Unknown(None)), 1))
        return plan

    def _add_point(self, plan: _Plan, name: str, value: Value) -> None:
        """Add a value of its own: one good row in three where it goes well, else a rare one."""
        if self.mover.goes_well(self.mover.move(name, value)):
            total = sum(weight for _, weight in plan.good)
            plan.good = [(part, 2 * weight) for part, weight in plan.good]
            plan.good.append((Point(value), max(total, 1)))
        else:
            plan.bad.append((Point(value), 1))

    def _add_zero(self, plan: _Plan, name: str, domain: Interval) -> None:
        zero = value_at(0, domain.low, self.mover.meter.type_of(name))
        if domain.low <= zero <= domain.high:  # type: ignore[operator]
            self._add_point(plan, name, zero)

    def _plan_options(self, name: str, options: Sequence[Value]) -> _Plan:
        good = [x for x in options if self.mover.goes_well(self.mover.move(name, x))]
        kept = good or list(options)
        bad: list[tuple[Marginal, int]] = [(Point(x), 1) for x in options if x not in kept]
        return _Plan([(Point(x), 1) for x in kept], bad)

    def _plan_members(self, name: str, domain: SetBetween) -> _Plan:
        """A set as good as can be in most rows; one member is otherwise in the rare ones."""
        best = self.mover.box[name]
        held = best if isinstance(best, frozenset) else domain.certain
        free: list[tuple[str, Wheel]] = []
        bad: list[tuple[Marginal, int]] = []
        for option in sorted(domain.possible):
            other = held - {option} if option in held else held | {option}
            if option in domain.certain:
                free.append((option, Wheel([1, 0])))
            elif self.mover.goes_well(self.mover.move(name, other)):
                free.append((option, Wheel([1, 1])))
            else:
                free.append((option, Wheel([1, 0] if option in held else [0, 1])))
                bad.append((Point(other), 1))
        return _Plan([(Membership(tuple(free)), 1)], bad)

    def _plan_name(self, name: str) -> _Plan:
        value = self.mover.box[name]
        if isinstance(value, str) and not self.mover.goes_well(self.mover.move(name, f"{value}-2")):
            return _Plan([(Point(value), 1)], [(Naming(name), 1)])
        return _Plan([(Naming(name), 1)], [])

    def _plan_length(self, name: str) -> _Plan:
        """A list about as long as in the good case; it is never longer than it may be."""
        most, count = self.program.lists[name].most, self.mover.box[name]
        good = count if isinstance(count, int) else 1
        if good == 0:
            return _Plan([(Point(0), 1)], [(Point(min(1, most)), 1)])
        lengths = {max(good - 1, 0), good, min(good + 1, most), min(good + 2, most)}
        longer: list[tuple[Marginal, int]] = [(Point(x), 1) for x in sorted(lengths) if x >= good]
        return _Plan(longer, [(Point(max(good - 1, 0)), 1)])

    def _plan_quantity(self, name: str) -> _Plan:
        turns = self.mover.find_turns(name, self.compared[name])
        kind, bounds = self.mover.meter.type_of(name), find_bounds(self.program, name)
        low, high = self._find_range(name, turns.places)
        shape = Shape.EVEN if kind.kind in _EVEN or low < 0 else Shape.LOG
        like = bounds[0] if bounds else 0
        step = self._find_step(kind, low)
        return _plan_spreads(
            turns, (low, high), lambda pieces: Ranging(_spread(pieces, shape, step), like, kind)
        )

    def _find_step(self, kind: Type, low: int) -> int:
        """Return what amounts are told in: the main unit, where they are not small."""
        if kind.kind is Kind.MONEY:
            unit = 10 ** CURRENCIES[kind.unit].digits
            return unit if low >= unit else 1
        return GRID // 100 if kind.kind in {Kind.RATIO, Kind.NUMBER} else 1

    def _plan_days(self, name: str) -> _Plan:
        turns = self.mover.find_turns(name, self.compared[name])
        kind, bounds = self.mover.meter.type_of(name), find_bounds(self.program, name)
        about = self.mover.box[self.program.decision.as_of]
        if bounds is None or not isinstance(about, date):
            return _plan_spreads(turns, (0, 0), lambda _: Point(NONE))
        day = SECONDS_A_DAY if kind.kind is Kind.INSTANT else 1
        here = self.mover.box[name]
        noon = datetime.combine(about, time(12), self.program.ruleset.zone)
        usual = noon if kind.kind is Kind.INSTANT else about
        centre = count_grid(here if isinstance(here, date) else usual, kind)
        near = [at for at in turns.places if abs(at - centre) < DAYS_RELATED * day]
        low = min([centre, *near]) - DAYS_AROUND * day
        high = max([centre, *near]) + DAYS_AROUND * day
        anchor = self.program.decision.as_of
        return _plan_spreads(
            turns,
            (low, high),
            lambda pieces: Shifting(
                Spread(pieces, Shape.EVEN), bounds[0], kind, anchor, about, bounds
            ),
        )

    def _spread_days(self) -> Marginal:
        """Return the days of the cases: those on which a case about like the good one goes well."""
        name = self.program.decision.as_of
        low, high = self.first.toordinal(), self.last.toordinal()
        starts = sorted({low + (high - low) * number // 24 for number in range(24)})
        ends = [start - 1 for start in starts[1:]] + [high]
        good = [(a, b) for a, b in zip(starts, ends, strict=True) if self._is_good_day(a)]
        kind = self.mover.meter.type_of(name)
        every = Ranging(Spread([(low, high)], Shape.EVEN), self.first, kind)
        if not good or len(good) == len(starts):
            return every
        return mix([(Ranging(Spread(good, Shape.EVEN), self.first, kind), 9), (every, 1)])

    def _is_good_day(self, steps: int) -> bool:
        day, about = date.fromordinal(steps), self.mover.box[self.program.decision.as_of]
        if not isinstance(about, date):
            return False
        moved: dict[str, Value] = {self.program.decision.as_of: day}
        for name, value in self.mover.box.items():
            if name in self.compared and isinstance(value, date):
                try:
                    moved[name] = value + (day - about)
                except OverflowError:
                    return False
        return self.mover.goes_well(moved)


def _plan_spreads(turns: Turns, within: Piece, make: Callable[[list[Piece]], Marginal]) -> _Plan:
    good = list(_clip(turns.good, within)) or list(turns.good) or list(_clip(turns.bad, within))
    bad = list(_clip(turns.bad, within)) if good else []
    return _Plan([(make(good), 1)], [(make(bad), 1)] if bad and turns.good else [])


def _spread(pieces: Sequence[Piece], shape: Shape, step: int) -> Spread:
    return Spread(pieces, shape, step if holds_multiple(pieces, step) else 1)


def _clip(pieces: Sequence[Piece], within: Piece) -> Iterator[Piece]:
    for low, high in pieces:
        if max(low, within[0]) <= min(high, within[1]):
            yield max(low, within[0]), min(high, within[1])


def _join(plan: _Plan, risky: int) -> Marginal:
    """Join a plan: what makes a case fail shares one part in so many that few rows have any."""
    goods, bads = sum(w for _, w in plan.good), sum(w for _, w in plan.bad)
    if not bads:
        return mix(plan.good)
    parts = [(part, weight * bads * (RARITY * risky - 1)) for part, weight in plan.good]
    parts += [(part, weight * goods) for part, weight in plan.bad]
    return mix(parts)


def _name_all(name: str) -> str:
    """Return the name under which the marginal of a field stands, that of no record."""
    return split_field(name)[1]
