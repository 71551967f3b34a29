"""Comes in: a case with unknowns. Goes out: boxes of it: what may matter in one, and its corners.

A box gives each input of a program a value or a domain. Evaluating it gives every outcome it may
have; the box is settled where that is one outcome with one amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from voucher_rules.checked.calls import GRANTED
from voucher_rules.checked.exceptions import LIVE
from voucher_rules.checked.mechanics import Consequence
from voucher_rules.checked.reads import ASKED
from voucher_rules.decision.amounts import AmountResult
from voucher_rules.decision.evaluate import (
    REFERRING,
    Called,
    Evaluation,
    Options,
    Outcome,
    called_of,
    evaluate_program,
    find_parameter,
    split_by_law,
)
from voucher_rules.decision.trace import RuleResult, Status, Statuses, Step
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Type
from voucher_rules.meaning.unknowns import TRUE, split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import (
    Exact,
    Interval,
    Mark,
    Ordered,
    Unknown,
    Value,
)

Box: TypeAlias = Mapping[str, Value]
Key: TypeAlias = tuple[object, ...]

VALUELESS: Final = frozenset({Outcome.DENIED, Outcome.NOT_IN_FORCE})
"""Outcomes under which nothing is payable, whatever the limits would allow."""


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest an amount may come to, in minor units."""

    low: Exact
    high: Exact


@dataclass(slots=True)
class Meter:
    """Evaluates boxes of one program, and counts how often."""

    program: Program
    options: Options
    limit: int
    spent: int = 0

    @property
    def is_spent(self) -> bool:
        """Whether no more should be evaluated."""
        return self.spent >= self.limit

    def evaluate(self, box: Box) -> Evaluation:
        """Evaluate a box."""
        self.spent += 1
        return evaluate_program(self.program, box, self.options)

    def type_of(self, name: str) -> Type:
        """Return the type of an unknown: an input, or a parameter left unset."""
        return self.program.find_input(name).type


def add_unset(program: Program, box: Box) -> Box:
    """Return the box with every parameter that has no value on its day among the unknowns."""
    domain, _ = split_value(box[program.decision.as_of])
    day = domain.low if isinstance(domain, Interval) else None
    found = {
        name: find_parameter(item, day)
        for name, item in program.parameters.items()
        if not item.on or all(dated.value is None for dated in item.values)
    }
    return {**box, **{name: item for name, item in found.items() if isinstance(item, Unknown)}}


def split_case_by_law(program: Program, box: Box) -> list[Box]:
    """Return the box cut into parts in which one law holds, with what that law leaves unset."""
    return [add_unset(program, part) for part in split_by_law(program, box)]


def is_settled(program: Program, evaluation: Evaluation) -> bool:
    """Return whether a box has one outcome and, where that carries amounts, one amount of each."""
    if len(evaluation.outcomes) != 1:
        return False
    if evaluation.outcomes <= VALUELESS:
        return True
    if any(isinstance(value, Unknown) for value in _list_results(program, evaluation)):
        return False
    if evaluation.outcomes == {Outcome.REFERRED}:
        return True
    if any(len(statuses) > 1 for statuses, _ in _list_followings(program, evaluation)):
        return False
    days = (day for _, days in _list_followings(program, evaluation) for day in days)
    return not any(isinstance(day, Unknown) for day in days)


def _list_results(program: Program, evaluation: Evaluation) -> list[Value]:
    """Return what a decision turns on beside its outcome: its amounts, or what it works out."""
    if program.decision.answers == "value":
        return [evaluation.values[name] for name in program.decision.outputs]
    return [item.amount for item in evaluation.amounts.values()]


def _list_followings(
    program: Program, evaluation: Evaluation
) -> list[tuple[Statuses, tuple[Value, ...]]]:
    """Return, for each consequence, whether it applies, and from when until when."""
    results = [
        evaluation.rules[rule.id] for rule in program.rules if isinstance(rule.body, Consequence)
    ]
    return [(item.statuses, tuple(step.value for step in item.steps)) for item in results]


def key_of(program: Program, evaluation: Evaluation) -> Key:
    """Return what a box comes to; settled boxes of one key come out the same."""
    if evaluation.outcomes <= VALUELESS:
        return (evaluation.outcomes,)
    if evaluation.outcomes == {Outcome.REFERRED}:
        return (evaluation.outcomes, *_list_results(program, evaluation))
    followings = _list_followings(program, evaluation)
    return (evaluation.outcomes, *_list_results(program, evaluation), *followings)


def measure_ranges(evaluation: Evaluation) -> dict[str, Range]:
    """Return the range each amount has in a box; where nothing is payable it counts as zero."""
    return {name: _measure(item, evaluation) for name, item in evaluation.amounts.items()}


def _measure(item: AmountResult, evaluation: Evaluation) -> Range:
    """A denial counts as zero, and a limit that waits for a person may yet come to zero."""
    domain, _ = split_value(item.amount)
    if not isinstance(domain, Interval) or evaluation.outcomes <= VALUELESS:
        return Range(0, 0)
    low, high = _as_exact(domain.low), _as_exact(domain.high)
    may_be_less = evaluation.outcomes & VALUELESS or True in item.waiting
    return Range(min(0, low) if may_be_less else low, high)


def _as_exact(value: Ordered) -> Exact:
    return value if isinstance(value, int | Fraction) else 0


def join_ranges(items: Iterable[Mapping[str, Range]]) -> dict[str, Range]:
    """Return, for each amount, the range that holds all of its ranges."""
    joined: dict[str, Range] = {}
    for item in items:
        for name, more in item.items():
            old = joined.get(name, more)
            joined[name] = Range(min(old.low, more.low), max(old.high, more.high))
    return joined


def list_live(program: Program, evaluation: Evaluation, box: Box) -> list[str]:
    """Return the unknowns that may still matter: to hard rules first, then amounts, then the rest.

    Only what stands below an unknown step counts: a part that is settled hides what it reads. Where
    the case surely goes to a person, what could only send it there matters no more.
    """
    if is_settled(program, evaluation):
        return []
    hard: list[str] = []
    soft: list[str] = []
    refers = _surely_refers(evaluation)
    for result in evaluation.rules.values():
        rule = result.rule
        settled = len(result.statuses) == 1 and not _has_open_days(result)
        if settled or not rule.decides or rule.limits:
            continue
        found = _trace_unknowns(program, evaluation, list(result.list_steps()))
        if Status.FAILED in result.statuses:
            hard += found
        elif not refers or isinstance(rule.body, Consequence):
            soft += found
    amounts = _list_live_amounts(program, evaluation, refers=refers)
    order = dict.fromkeys([*hard, *amounts, *soft])
    return [name for name in order if isinstance(box.get(name), Unknown)]


def _has_open_days(result: RuleResult) -> bool:
    """Return whether from or until when a consequence holds is not known."""
    is_following = isinstance(result.rule.body, Consequence)
    return is_following and any(isinstance(step.value, Unknown) for step in result.steps)


def _surely_refers(evaluation: Evaluation) -> bool:
    """Return whether, unless denied, the case goes to a person whatever the unknowns are."""
    return any(
        result.rule.decides and result.statuses <= REFERRING
        for result in evaluation.rules.values()
        if not result.rule.limits
    ) or any(item.waiting == TRUE for item in evaluation.amounts.values())


def _list_live_amounts(program: Program, evaluation: Evaluation, *, refers: bool) -> list[str]:
    names: list[str] = []
    for name, output in program.decision.outputs.items():
        if output.limited:
            waits = len(evaluation.amounts[name].waiting) > 1 and not refers
            refused = len(evaluation.amounts[name].too_much_requested) > 1
            counts = waits or refused or isinstance(evaluation.amounts[name].amount, Unknown)
        else:
            is_answer = program.decision.answers == "value"
            counts = is_answer and isinstance(evaluation.values[name], Unknown)
        if counts:
            names += _trace_setters(program, evaluation, name)
            names += [output.requested] if output.requested else []
    return names


def _trace_setters(program: Program, evaluation: Evaluation, name: str) -> list[str]:
    """Return the unknowns behind a variable or output."""
    return _trace_unknowns(program, evaluation, _list_setting_steps(program, evaluation, name))


def _list_setting_steps(program: Program, evaluation: Evaluation, name: str) -> list[Step]:
    """Return the steps that set a variable or output, but for limits that are surely marks."""
    if name.startswith(LIVE):
        when = evaluation.rules[name.removeprefix(LIVE)].when
        return [when] if when is not None else []
    marked = set()
    if name in evaluation.amounts:
        limits = evaluation.amounts[name].limits
        marked = {x.rule.id for x in limits if x.rule and isinstance(x.value, Mark)}
    return [
        step
        for rule in program.setters.get(name, ())
        for step in _list_own_steps(evaluation.rules[rule])
        if rule not in marked
    ]


def _list_own_steps(result: RuleResult) -> tuple[Step, ...]:
    """Return a rule's steps; of one that calls a decision only its condition."""
    if result.called is None:
        return result.list_steps()
    return (result.when,) if result.when is not None else ()


def _trace_unknowns(program: Program, evaluation: Evaluation, steps: list[Step]) -> list[str]:
    """Return the unknown names below unknown steps, through the variables they read."""
    names: list[str] = []
    waiting = list(reversed(steps))
    seen: set[str] = set()
    while waiting:
        step = waiting.pop()
        if not isinstance(step.value, Unknown):
            continue
        if step.parts:
            waiting.extend(reversed(step.parts))
        elif step.term.role not in {Role.VARIABLE, Role.OUTPUT}:
            names += _list_behind(program, step.term.name)
        elif step.term.name not in seen:
            seen.add(step.term.name)
            names += _list_called(program, evaluation, step.term.name)
            waiting.extend(reversed(_list_setting_steps(program, evaluation, step.term.name)))
    return names


def _list_behind(program: Program, name: str) -> list[str]:
    """Return an unknown's own name, and what whether it exists or which value holds turns on."""
    own = name.removesuffix(ASKED)
    applies = program.inputs[own].applies if own in program.inputs else None
    names = [] if applies is None else list(applies.names(Role.FACT, Role.FINDING))
    picked = program.parameters[own].on if own in program.parameters else ""
    return [*names, own, *([picked] if picked else [])]


def _list_called(program: Program, evaluation: Evaluation, name: str) -> list[str]:
    """Return the unknowns of the caller on which a called decision turns."""
    names: list[str] = []
    for rule in program.setters.get(name, ()):
        called = called_of(evaluation.rules[rule]) if rule in evaluation.rules else None
        if called is None:
            continue
        steps = dict(
            zip((key for key, _ in called.body.asked), evaluation.rules[rule].steps, strict=False)
        )
        for inner in dict.fromkeys(_list_live_called(called)):
            if inner in steps:
                names += _trace_unknowns(program, evaluation, [steps[inner]])
            elif inner == called.program.decision.as_of:
                names.append(program.decision.as_of)
            else:
                names.append(inner)
    return names


def _list_live_called(called: Called) -> list[str]:
    """Return the inputs of a called decision that its answer may turn on."""
    names: list[str] = []
    for item in called.evaluations:
        names += list_live(called.program, item, called.box)
        if called.body.gives != GRANTED:
            names += _trace_setters(called.program, item, called.body.gives)
    if len(called.evaluations) > 1:
        names.append(called.program.decision.as_of)
    return names
