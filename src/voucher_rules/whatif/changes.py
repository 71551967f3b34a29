"""Comes in: a case and a goal. Goes out: the smallest changes of facts that reach it, verified.

Each fact is looked at over every value it may take, the others as they are. What is found is
decided again, with the value next to it on the near side: the one does it, the other does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from voucher_rules.checked.symbols import Input
from voucher_rules.decision.boxes import Meter, add_records
from voucher_rules.decision.evaluate import Evaluation, evaluate_program
from voucher_rules.decision.live import list_live
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.probes import list_parts
from voucher_rules.decision.result import DecisionResult
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.unknowns import make_value, split_value
from voucher_rules.values.model import (
    NONE,
    OPEN,
    Exact,
    Interval,
    OneOf,
    SetBetween,
    Unknown,
    Value,
    settle_exact,
)
from voucher_rules.whatif.distances import measure_distance
from voucher_rules.whatif.facets import list_stopping
from voucher_rules.whatif.goals import Goal
from voucher_rules.whatif.lines import Reach
from voucher_rules.whatif.positions import Axis, find_position, make_axis
from voucher_rules.whatif.stretches import Question, Sweep

_MEMBERS: Final = 8
"""Of a set with more members than these not every combination is tried."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One fact otherwise than it is: ``after`` is the value nearest to ``before`` that does it.

    ``until`` is how far it may go on (``after`` itself where it may not); where ``holds`` is false
    ``after`` is only the bound: every value beyond it does it, and it does not. ``neighbour`` is
    the value next to ``after``, nearer to ``before``, that was shown not to do it.
    """

    name: str
    before: Value
    after: Value
    until: Value
    holds: bool = True
    neighbour: Value | None = None
    distance: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class FactChange:
    """Facts changed together, and what is decided then; ``exact`` tells that less does not do."""

    shifts: tuple[Shift, ...]
    result: DecisionResult
    exact: bool

    @property
    def distance(self) -> Fraction:
        """How far it is from the case as it stands."""
        return sum((shift.distance for shift in self.shifts), start=Fraction(0))


@dataclass(frozen=True, slots=True)
class Barrier:
    """A fact no value of which does it; where not ``exact``, none was found in a search.

    ``because`` are the rules that bar it for every value; ``idle`` tells that nothing decided turns
    on the fact as the others are.
    """

    name: str
    exact: bool
    because: tuple[str, ...]
    idle: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """One fact under study: what is declared of it, and the values allowed."""

    name: str
    type: Type
    before: Value
    allowed: Unknown
    finding: bool = False


def make_candidate(question: Question, name: str, allowed: Unknown | None = None) -> Candidate:
    """Return a fact of a case to be studied, over what it may be or over less."""
    declared = question.program.find_input(name)
    before = question.case.values.get(name, declared.domain)
    domain = declared.domain if allowed is None else allowed
    optional = isinstance(declared, Input) and declared.optional
    marks = frozenset({NONE}) if optional and NONE in domain.marks else frozenset()
    finding = isinstance(declared, Input) and declared.role is Role.FINDING
    return Candidate(name, declared.type, before, Unknown(domain.domain, marks), finding)


def list_facts(question: Question) -> list[str]:
    """Return the names of the facts of a case that may be studied: records one by one."""
    return [
        name
        for name in question.case.values
        if not name.endswith("!")
        if question.program.find_input(name).type.kind is not Kind.LIST
    ]


def find_every(item: Candidate) -> Value:
    """Return every value of a fact at once, with those of a finding that nobody has made."""
    domain, marks = split_value(item.allowed)
    return make_value(domain, marks | (frozenset({OPEN}) if item.finding else frozenset()))


def may_reach(
    question: Question,
    goal: Goal,
    changes: Mapping[str, Value],
    whole: Evaluation | None = None,
) -> bool:
    """Return whether some of the values of the facts changed may reach a goal for certain.

    They may not where even all of them at once do not, nor where one thing not known besides would
    bar them all, were it so and not otherwise.
    """
    box = question.box_with(changes)
    whole = whole or evaluate_program(question.program, box, question.options)
    if not goal.may_be_met(whole):
        return False
    meter = Meter(question.program, question.options, 0)
    box = add_records(question.program, box)
    others = [n for n in list_live(question.program, whole, box) if n not in changes]
    return all(
        goal.may_be_met(meter.evaluate({**box, name: part}))
        for name in others
        for part in list_parts(meter, box, name, whole)
    )


class FactSearch:
    """Looks for the nearest values of one fact that reach a goal, the others as they are."""

    def __init__(self, question: Question, candidate: Candidate, goal: Goal) -> None:
        self.question = question
        self.candidate = candidate
        self.goal = goal
        self.exact = True
        self.barring: tuple[str, ...] = ()
        self.idle = False

    def run(self) -> list[FactChange]:
        """Return the nearest change; where the fact is not known, every answer that does it."""
        box = self.question.box_with({self.candidate.name: self._every})
        whole = evaluate_program(self.question.program, box, self.question.options)
        self.barring = _list_barring(whole, self.goal)
        self.idle = self.candidate.name not in list_live(self.question.program, whole, whole.inputs)
        if not may_reach(self.question, self.goal, {self.candidate.name: self._every}, whole):
            return []
        found = [*self._search_values(), *self._search_axis()]
        if isinstance(self.candidate.before, Unknown) or not found:
            return found
        return [min(found, key=lambda item: item.distance)]

    def barrier(self) -> Barrier:
        """Return why nothing was found."""
        return Barrier(self.candidate.name, self.exact, self.barring, self.idle)

    @property
    def _every(self) -> Value:
        return find_every(self.candidate)

    # values without an order

    def _search_values(self) -> Iterator[FactChange]:
        """Yield the values that do it, fewest members changed first; then no further."""
        best: Fraction | None = None
        for value in self.list_values():
            distance = measure_distance(self.candidate.before, value, self.candidate.type)
            if best is not None and distance > best:
                return
            result = self.question.decide({self.candidate.name: value})
            if self.goal.is_met(result):
                best = None if isinstance(self.candidate.before, Unknown) else distance
                name, before = self.candidate.name, self.candidate.before
                shift = Shift(name, before, value, value, distance=distance)
                yield FactChange((shift,), result, exact=True)

    def list_values(self) -> Iterator[Value]:
        """Yield the other values of a fact without an order, and none where it may be none."""
        item = self.candidate
        domain, marks = split_value(item.allowed)
        values: list[Value] = []
        match domain:
            case OneOf(options):
                values = [x for x in item.type.options or (True, False) if x in options]
            case SetBetween(certain, possible):
                values = list(self._list_sets(certain, possible))
            case Interval():
                pass
            case _:
                # texts: nothing can be listed, and none of them is better than another
                self.exact = False
        values += sorted(marks, key=str)
        if item.finding:
            values.append(OPEN)
        yield from (value for value in values if value != item.before)

    def _list_sets(self, certain: frozenset[str], possible: frozenset[str]) -> Iterator[Value]:
        now = self.candidate.before
        start = now if isinstance(now, frozenset) else certain
        movable = sorted(possible - certain)
        most = len(movable)
        if most > _MEMBERS:
            self.exact, most = False, 2
        for count in range(most + 1):
            for members in combinations(movable, count):
                yield start ^ frozenset(members)

    # values in an order

    def _search_axis(self) -> list[FactChange]:
        item = self.candidate
        axis = make_axis(item.name, item.type, item.allowed)
        if axis is None:
            return []
        whole = self.goal.output is not None
        stretches = Sweep(self.question, axis, whole=whole).run()
        now = find_position(item.before)
        found: list[tuple[Reach, bool]] = []
        for stretch in stretches:
            reaches, sure = self.goal.find_in(stretch)
            self.exact = self.exact and sure
            found += [(reach, sure) for reach in reaches]
        if now is None:
            return [self._answer(axis, reach, sure) for reach, sure in found]
        made = [self._approach(axis, reach, now) for reach, _ in found if now not in reach]
        made.sort(key=lambda shift: shift.distance)
        return [self._verify(axis, made[0])] if made else []

    def _answer(self, axis: Axis, reach: Reach, sure: bool) -> FactChange:  # noqa: FBT001 - one of a pair
        """Return an answer to what is not known: from one value to another, all alike."""
        item = self.candidate
        low, high = axis.value_at(reach.low), axis.value_at(reach.high)
        distance = measure_distance(item.before, low, item.type)
        inner = axis.value_at(reach.pick())
        shift = Shift(item.name, item.before, low, high, reach.holds_low, distance=distance)
        return FactChange((shift,), self._decide_met(inner), exact=sure)

    def _approach(self, axis: Axis, reach: Reach, now: Exact) -> Shift:
        """Return the value of a reach that is nearest, and how far it may go on from there."""
        item = self.candidate
        x, holds = reach.nearest(now)
        end = reach.high if x == reach.low and now < x else reach.low
        after, until = axis.value_at(x), axis.value_at(end)
        distance = measure_distance(item.before, after, item.type)
        return Shift(item.name, item.before, after, until, holds, distance=distance)

    def _verify(self, axis: Axis, shift: Shift) -> FactChange:
        """Decide on both sides of a turn; what is found here and not there is a mistake of ours."""
        x, end = find_position(shift.after), find_position(shift.until)
        now = find_position(shift.before)
        if x is None or end is None or now is None:
            message = "an ordered fact has positions"
            raise TypeError(message)
        inside = x if shift.holds else settle_exact(Fraction(x + end) / 2)
        if axis.whole:
            beside: Exact = x - 1 if x > now else x + 1
        else:
            beside = settle_exact(Fraction(x + now) / 2) if shift.holds else x
        result = self._decide_met(axis.value_at(inside))
        neighbour = axis.value_at(beside)
        if self.exact and self.goal.is_met(self.question.decide({axis.name: neighbour})):
            message = f"{axis.name} does at {neighbour} what was found to begin at {shift.after}"
            raise RuntimeError(message)
        made = Shift(
            shift.name,
            shift.before,
            shift.after,
            shift.until,
            shift.holds,
            neighbour,
            shift.distance,
        )
        return FactChange((made,), result, self.exact)

    def _decide_met(self, value: Value) -> DecisionResult:
        result = self.question.decide({self.candidate.name: value})
        if not self.goal.is_met(result):
            message = f"{self.candidate.name} at {value} does not do what was found"
            raise RuntimeError(message)
        return result


def _list_barring(evaluation: Evaluation, goal: Goal) -> tuple[str, ...]:
    """Return the rules that stand in the way for every value of the fact."""
    if Outcome.DENIED in goal.outcomes or goal.comparison == "at_most":
        return ()
    stopping = list_stopping(evaluation)
    if goal.output is None or stopping or goal.output.name not in evaluation.amounts:
        return stopping
    found = []
    for limit in evaluation.amounts[goal.output.name].limits:
        domain, _ = split_value(limit.counted)
        high = find_position(domain.high) if isinstance(domain, Interval) else None
        if limit.rule is not None and high is not None and high < goal.amount:
            found.append(limit.rule.id)
    return tuple(found)


def is_answer(shift: Shift) -> bool:
    """Return whether a shift answers what is not known, rather than changes what is."""
    return isinstance(shift.before, Unknown) or shift.before is OPEN
