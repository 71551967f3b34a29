"""Comes in: a program and a case with unknowns. Goes out: what every completion of it may come to.

The case is a box: each unknown input ranges over a domain. Evaluating a box gives every outcome it
may have (a sound answer). Where that is more than one, the box is split on an input that matters,
at the places where a rule turns, until each part has one outcome or varies smoothly. From the tree
of parts follow the possible outcomes, the range of each amount, and which inputs decide: those for
which two completions that differ in nothing else come out differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, TypeAlias

from voucher_rules.checked.model import Role
from voucher_rules.decision.evaluate import (
    Evaluation,
    Options,
    Outcome,
    RuleResult,
    Status,
    Step,
    evaluate_program,
    find_parameter,
)
from voucher_rules.decision.ordinals import DENSE, count_grid, value_at
from voucher_rules.decision.unknowns import make_value, split_value
from voucher_rules.language.types import Type
from voucher_rules.program.build import Program
from voucher_rules.values.model import (
    NO_MARKS,
    AnyText,
    Exact,
    Interval,
    OneOf,
    SetBetween,
    Unknown,
    Value,
)

Box: TypeAlias = Mapping[str, Value]

BUDGET: Final = 4_000
"""How many evaluations one search may spend before it settles for a sound answer."""
CORNERS: Final = 6
"""Up to how many unknown inputs a part of the case is tried at all of its corners."""
VALUELESS: Final = frozenset({Outcome.DENIED, Outcome.NOT_IN_FORCE})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of the case that was not split further."""

    box: Box
    evaluation: Evaluation
    settled: bool
    """Whether every completion in it has one outcome and the same amounts."""

    @property
    def key(self) -> tuple[object, ...]:
        """What every completion in it comes to."""
        outcomes = self.evaluation.outcomes
        if self.settled and outcomes <= VALUELESS:
            return (outcomes,)
        return (outcomes, tuple(item.amount for item in self.evaluation.amounts.values()))


@dataclass(frozen=True, slots=True)
class Branch:
    """A split: an input, and what follows for each part of its domain."""

    name: str
    parts: tuple[tuple[Value, Tree], ...]


Tree: TypeAlias = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest an amount may come to, in minor units."""

    low: Exact
    high: Exact


@dataclass(frozen=True, slots=True)
class Completion:
    """What all completions of a case come to.

    ``exact`` tells whether both ends of every range, and every outcome, are attained by some
    completion; otherwise they only bound what can happen. ``decisive`` is in the order most useful
    to ask.
    """

    outcomes: frozenset[Outcome]
    ranges: Mapping[str, Range]
    decisive: tuple[str, ...]
    exact: bool


@dataclass(slots=True)
class Search:
    """One search through the completions of a case."""

    program: Program
    options: Options
    spent: int = 0
    kinds: dict[str, Type] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kinds = {name: item.type for name, item in self.program.inputs.items()}
        self.kinds |= {name: item.type for name, item in self.program.parameters.items()}

    def complete(self, box: Box) -> Completion:
        """Return what every completion of ``box`` comes to."""
        tree = self._grow_by_law(box)
        leaves = list(iterate_leaves(tree))
        witnessed = self._gather_witnesses(leaves)
        outcomes = frozenset(o for leaf in leaves for o in leaf.evaluation.outcomes)
        ranges = self._gather_ranges([measure_evaluation(leaf.evaluation) for leaf in leaves])
        attained = self._gather_ranges([measure_evaluation(item) for item in witnessed])
        seen = frozenset(o for item in witnessed for o in item.outcomes)
        return Completion(
            outcomes=outcomes,
            ranges=ranges,
            decisive=self._find_decisive(tree),
            exact=seen == outcomes and attained == ranges,
        )

    def evaluate(self, box: Box) -> Evaluation:
        """Evaluate a box, and count it."""
        self.spent += 1
        return evaluate_program(self.program, box, self.options)

    def _grow_by_law(self, box: Box) -> Tree:
        """Split an unknown day first, where the law changes, so that each part has one law."""
        name = self.program.decision.as_of
        domain, _ = split_value(box[name])
        if not isinstance(domain, Interval) or domain.low == domain.high:
            return self.grow(add_unset(self.program, box))
        parts = [
            (part, self.grow(add_unset(self.program, {**box, name: part})))
            for part in self._split_by_law(domain)
        ]
        return Branch(name, tuple(parts)) if len(parts) > 1 else parts[0][1]

    def _split_by_law(self, domain: Interval) -> list[Value]:
        low, high = domain.low, domain.high
        if not isinstance(low, date) or not isinstance(high, date):
            return [make_value(domain, NO_MARKS)]
        starts = sorted(day for day in self._list_turns() if low < day <= high)
        edges = [low, *starts]
        ends = [day - timedelta(days=1) for day in starts] + [high]
        pairs = zip(edges, ends, strict=True)
        return [make_value(Interval(first, last), NO_MARKS) for first, last in pairs]

    def _list_turns(self) -> set[date]:
        document = self.program.ruleset.document
        turns = set(document.starts.values())
        after = [document.until]
        for parameter in self.program.parameters.values():
            turns |= {item.start for item in parameter.values if item.start}
            after += [item.until for item in parameter.values]
        return turns | {day + timedelta(days=1) for day in after if day and day < date.max}

    def grow(self, box: Box) -> Tree:
        """Split a box until each part is settled or varies smoothly, or the budget is spent."""
        evaluation = self.evaluate(box)
        settled = is_settled(self.program, evaluation)
        if settled or self.spent >= BUDGET:
            return Leaf(box, evaluation, settled)
        live = list_live(self.program, evaluation, box)
        for name in live:
            parts = self._partition(box, name, evaluation)
            if len(parts) > 1:
                return self._branch(box, name, parts)
        if len(evaluation.outcomes) > 1:
            for name in live:
                parts = _split_plainly(box[name])
                if len(parts) > 1:
                    return self._branch(box, name, parts)
        return Leaf(box, evaluation, settled=False)

    def _branch(self, box: Box, name: str, parts: list[Value]) -> Branch:
        return Branch(name, tuple((part, self.grow({**box, name: part})) for part in parts))

    def _partition(self, box: Box, name: str, whole: Evaluation) -> list[Value]:
        """Split an input's domain where some rule turns, the other inputs left unknown."""
        domain, marks = split_value(box[name])
        groups: dict[object, list[Value]] = {}
        for part in _list_parts(domain):
            groups.setdefault(self._sign(self.evaluate({**box, name: part})), []).append(part)
        parts = [_join_options(items) for items in groups.values()]
        if isinstance(domain, Interval):
            parts = self._split_interval(box, name, domain, whole)
        parts += [make_value(None, frozenset({mark})) for mark in sorted(marks, key=str)]
        return parts

    def _sign(self, evaluation: Evaluation) -> object:
        """Return what is told of a box, amounts included: boxes of one sign need no splitting."""
        return (
            tuple(result.statuses for result in evaluation.rules.values()),
            evaluation.outcomes,
            tuple((item.amount, item.binding) for item in evaluation.amounts.values()),
        )

    def _sign_turns(self, evaluation: Evaluation) -> object:
        """Return what is told of a box but for amounts, which vary smoothly between turns."""
        return (
            tuple(result.statuses for result in evaluation.rules.values()),
            evaluation.outcomes,
            tuple(item.binding for item in evaluation.amounts.values()),
        )

    def _split_interval(
        self, box: Box, name: str, domain: Interval, whole: Evaluation
    ) -> list[Value]:
        """Split where the sign turns: between two probes whose signs differ, found by halving."""
        kind = self.kinds[name]
        probes = self._list_probes(name, domain, whole)
        signs = [self._sign_at(box, name, domain, steps) for steps in probes]
        for first, second, sign, other in zip(probes, probes[1:], signs, signs[1:], strict=False):
            if sign != other:
                turn = self._find_turn(box, name, domain, first, second)
                return _cut(domain, turn, kind)
        return [make_value(domain, NO_MARKS)]

    def _list_probes(self, name: str, domain: Interval, whole: Evaluation) -> list[int]:
        kind = self.kinds[name]
        low, high = count_grid(domain.low, kind), count_grid(domain.high, kind)
        probes = {low, high, (low + high) // 2}
        for value in find_compared(whole, name):
            steps = count_grid(value, kind)
            probes |= {steps - 1, steps, steps + 1}
        return sorted(steps for steps in probes if low <= steps <= high)

    def _sign_at(self, box: Box, name: str, domain: Interval, steps: int) -> object:
        value = value_at(steps, domain.low, self.kinds[name])
        return self._sign_turns(self.evaluate({**box, name: value}))

    def _find_turn(self, box: Box, name: str, domain: Interval, low: int, high: int) -> int:
        """Return the last step from ``low`` on that still has its sign, by halving."""
        sign = self._sign_at(box, name, domain, low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._sign_at(box, name, domain, middle) == sign:
                low = middle
            else:
                high = middle
        return low

    def _gather_witnesses(self, leaves: list[Leaf]) -> list[Evaluation]:
        found = []
        for leaf in leaves:
            if leaf.settled:
                found.append(leaf.evaluation)
            else:
                live = list_live(self.program, leaf.evaluation, leaf.box)
                found += [self.evaluate(corner) for corner in list_corners(leaf.box, live)]
        return [item for item in found if is_settled(self.program, item)]

    def _gather_ranges(self, measured: list[Mapping[str, Range]]) -> dict[str, Range]:
        ranges: dict[str, Range] = {}
        for item in measured:
            for name, more in item.items():
                old = ranges.get(name, more)
                ranges[name] = Range(min(old.low, more.low), max(old.high, more.high))
        return ranges

    def _find_decisive(self, tree: Tree) -> tuple[str, ...]:
        names: list[str] = []
        waiting: list[Tree] = [tree]
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, Leaf):
                names += [] if item.settled else self._find_varying(item)
                continue
            if self._parts_differ(item):
                names.append(item.name)
            waiting += [part for _, part in item.parts]
        return tuple(dict.fromkeys(names))

    def _parts_differ(self, branch: Branch) -> bool:
        trees = [tree for _, tree in branch.parts]
        return any(
            differ(left, right, {}) for i, left in enumerate(trees) for right in trees[i + 1 :]
        )

    def _find_varying(self, leaf: Leaf) -> list[str]:
        """Return the inputs that move the result of a part that varies smoothly."""
        live = list_live(self.program, leaf.evaluation, leaf.box)
        varying = [name for name in live if self._varies_with(leaf, name, live)]
        return varying or live

    def _varies_with(self, leaf: Leaf, name: str, live: list[str]) -> bool:
        for ends in list_corners(leaf.box, [other for other in live if other != name]):
            keys = set()
            for value in _list_ends(leaf.box[name]):
                evaluation = self.evaluate({**ends, name: value})
                keys.add(str(Leaf(ends, evaluation, settled=True).key))
            if len(keys) > 1:
                return True
        return False


def add_unset(program: Program, box: Box) -> Box:
    """Return the box with every parameter that has no value on its day among the unknowns."""
    domain, _ = split_value(box[program.decision.as_of])
    day = domain.low if isinstance(domain, Interval) else None
    found = {name: find_parameter(item, day) for name, item in program.parameters.items()}
    return {**box, **{name: item for name, item in found.items() if isinstance(item, Unknown)}}


def is_settled(program: Program, evaluation: Evaluation) -> bool:
    """Return whether a box has one outcome and, where that carries amounts, one amount of each."""
    if len(evaluation.outcomes) != 1:
        return False
    if evaluation.outcomes <= VALUELESS:
        return True
    if program.decision.answers == "value":
        return not any(
            isinstance(evaluation.values.get(name), Unknown) for name in program.decision.outputs
        )
    return not any(isinstance(item.amount, Unknown) for item in evaluation.amounts.values())


def measure_evaluation(evaluation: Evaluation) -> dict[str, Range]:
    """Return the range each amount has in a box; a denial counts as nothing payable."""
    ranges = {}
    for name, item in evaluation.amounts.items():
        domain, _ = split_value(item.amount)
        low: Exact = 0
        high: Exact = 0
        if isinstance(domain, Interval) and not evaluation.outcomes <= VALUELESS:
            low, high = _as_exact(domain.low), _as_exact(domain.high)
            if evaluation.outcomes & VALUELESS:
                low = min(0, low)
        ranges[name] = Range(low, high)
    return ranges


def _as_exact(value: object) -> Exact:
    return value if isinstance(value, int | Fraction) else 0


def iterate_leaves(tree: Tree) -> Iterator[Leaf]:
    """Yield every leaf of a tree."""
    waiting = [tree]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Leaf):
            yield item
        else:
            waiting.extend(part for _, part in reversed(item.parts))


def list_live(program: Program, evaluation: Evaluation, box: Box) -> list[str]:
    """Return the unknown inputs that may still matter, hard rules first, then amounts, then the rest.

    Only what stands below an unknown step counts: a part that no longer matters hides its inputs.
    """
    hard: list[str] = []
    soft: list[str] = []
    for result in evaluation.rules.values():
        if len(result.statuses) > 1:
            names = [n for step in result.list_steps() for n in _list_unknown_names(step)]
            (hard if Status.FAILED in result.statuses else soft).extend(names)
    amounts: list[str] = []
    for item in evaluation.amounts.values():
        if isinstance(item.amount, Unknown):
            for limit in item.limits:
                names = [limit.rule.id] if limit.rule else []
                steps = [s for n in names for s in evaluation.rules[n].list_steps()]
                amounts += [n for step in steps for n in _list_unknown_names(step)]
            amounts += [item.output.requested] if item.output.requested else []
    values: list[str] = []
    if program.decision.answers == "value":
        for result in evaluation.rules.values():
            values += [n for step in result.list_steps() for n in _list_unknown_names(step)]
    order = [*hard, *amounts, *soft, *values]
    return [name for name in dict.fromkeys(order) if isinstance(box.get(name), Unknown)]


def _list_unknown_names(step: Step) -> list[str]:
    names: list[str] = []
    waiting = [step]
    while waiting:
        item = waiting.pop()
        if not isinstance(item.value, Unknown):
            continue
        if not item.parts and item.term.role is not Role.CONSTANT:
            names.append(item.term.name)
        waiting.extend(reversed(item.parts))
    return names


def find_compared(evaluation: Evaluation, name: str) -> list[object]:
    """Return the known values that some rule compares an input with."""
    found: list[object] = []
    for result in evaluation.rules.values():
        waiting = list(result.list_steps())
        while waiting:
            step = waiting.pop()
            waiting.extend(step.parts)
            names = [part.term.name for part in step.parts]
            if name in names and len(step.parts) == 2:  # noqa: PLR2004 - two sides
                other = step.parts[1 - names.index(name)].value
                found += [other] if not isinstance(other, Unknown) else []
    return found


def _list_parts(domain: object) -> list[Value]:
    match domain:
        case OneOf(options):
            return sorted(options, key=str)
        case SetBetween(certain, possible):
            member = min(possible - certain)
            with_it = make_value(SetBetween(certain | {member}, possible), NO_MARKS)
            without = make_value(SetBetween(certain, possible - {member}), NO_MARKS)
            return [with_it, without]
        case AnyText():
            return [Unknown(domain)]
        case _:
            return []


def _join_options(parts: list[Value]) -> Value:
    if len(parts) == 1:
        return parts[0]
    options: set[object] = set()
    for part in parts:
        domain, _ = split_value(part)
        if isinstance(domain, OneOf):
            options |= set(domain.options)
        elif isinstance(domain, SetBetween):
            both = [split_value(item)[0] for item in parts]
            certain = frozenset.intersection(*(d.certain for d in both if isinstance(d, SetBetween)))
            possible = frozenset.union(*(d.possible for d in both if isinstance(d, SetBetween)))
            return make_value(SetBetween(certain, possible), NO_MARKS)
        else:
            return part
    return Unknown(OneOf(frozenset(options)))  # type: ignore[arg-type]


def _cut(domain: Interval, turn: int, kind: Type) -> list[Value]:
    """Cut an interval after a step. A dense one keeps the gap between two steps as a part."""
    before = value_at(turn, domain.low, kind)
    after = value_at(turn + 1, domain.low, kind)
    parts = [Interval(domain.low, before)]
    if kind.kind in DENSE:
        parts.append(Interval(before, after))
    parts.append(Interval(after, domain.high))
    return [make_value(part, NO_MARKS) for part in parts]


def _split_plainly(value: Value) -> list[Value]:
    """Split a domain into its options, where no single turn was found."""
    domain, marks = split_value(value)
    parts = _list_parts(domain)
    return parts + [make_value(None, frozenset({mark})) for mark in sorted(marks, key=str)]


def _list_ends(value: Value) -> list[Value]:
    domain, marks = split_value(value)
    ends: list[Value] = [make_value(None, frozenset({mark})) for mark in sorted(marks, key=str)]
    match domain:
        case Interval(low, high):
            return [low, high, *ends]
        case OneOf(options):
            return [*sorted(options, key=str), *ends]
        case SetBetween(certain, possible):
            return [certain, possible, *ends]
        case _:
            return [value]


def list_corners(box: Box, names: list[str]) -> list[dict[str, Value]]:
    """Return the box at its corners in ``names``: all of them where few, else the two extremes."""
    corners = [dict(box)]
    if len(names) > CORNERS:
        ends = [{name: _list_ends(box[name]) for name in names}]
        return [{**box, **{n: e[0] for n, e in ends[0].items()}}] + [
            {**box, **{n: e[-1] for n, e in ends[0].items()}}
        ]
    for name in names:
        corners = [{**corner, name: end} for corner in corners for end in _list_ends(box[name])]
    return corners


def differ(left: Tree, right: Tree, fixed: Mapping[str, Value]) -> bool:
    """Return whether two trees come out differently for some completion that both allow."""
    if isinstance(left, Branch):
        return any(
            differ(tree, right, {**fixed, left.name: part})
            for part, tree in left.parts
            if left.name not in fixed or overlap(fixed[left.name], part)
        )
    if isinstance(right, Branch):
        return differ(right, left, fixed)
    return left.key != right.key


def overlap(left: Value, right: Value) -> bool:
    """Return whether two parts of one input's domain share a value."""
    first, marks = split_value(left)
    second, more = split_value(right)
    if marks & more:
        return True
    match first, second:
        case Interval(a, b), Interval(c, d):
            return bool(a <= d and c <= b)  # type: ignore[operator]
        case OneOf(a), OneOf(b):
            return bool(a & b)  # type: ignore[operator]
        case SetBetween(a, b), SetBetween(c, d):
            return a <= d and c <= b
        case None, _:
            return False
        case _, None:
            return False
        case _:
            return True
