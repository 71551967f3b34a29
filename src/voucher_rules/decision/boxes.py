"""Comes in: a case with unknowns. Goes out: boxes of it: what they come to, and how often tried.

A box gives each input of a program a value or a domain. Evaluating it gives every outcome it may
have; the box is settled where that is one outcome with one amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from voucher_rules.checked.mechanics import Consequence
from voucher_rules.decision.amounts import AmountResult
from voucher_rules.decision.evaluate import Evaluation, evaluate_program
from voucher_rules.decision.law import Options
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.trace import Statuses
from voucher_rules.language.records import name_field
from voucher_rules.language.types import Type
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import Exact, Interval, Unknown, Value, take_number

Box: TypeAlias = Mapping[str, Value]
Key: TypeAlias = tuple[object, ...]


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
    last: Evaluation | None = None

    @property
    def is_spent(self) -> bool:
        """Whether no more should be evaluated."""
        return self.spent >= self.limit

    def evaluate(self, box: Box) -> Evaluation:
        """Evaluate a box."""
        self.spent += 1
        self.last = evaluate_program(self.program, box, self.options, self.last)
        return self.last

    def type_of(self, name: str) -> Type:
        """Return the type of an unknown: an input, or a parameter left unset."""
        return self.program.find_input(name).type


def add_records(program: Program, box: Box) -> Box:
    """Return the box with a first record, not known, for each list of which nothing is known.

    Whoever tries values of unknowns tries lists of one record, too.
    """
    unknown = [spec for name, spec in program.lists.items() if isinstance(box[name], Unknown)]
    records = {
        name_field(spec.name, 1, name.removeprefix(f"{spec.name}.")): item.domain
        for spec in unknown
        for name, item in spec.fields.items()
    }
    return {**box, **records}


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


def surely_differ(program: Program, left: Evaluation, right: Evaluation) -> bool:
    """Return whether no completion of one box comes to what some completion of the other does."""
    if not left.outcomes & right.outcomes:
        return True
    if len(left.outcomes | right.outcomes) > 1 or left.outcomes <= VALUELESS:
        return False
    if is_settled(program, left) and is_settled(program, right):
        return key_of(program, left) != key_of(program, right)
    pairs = zip(_list_results(program, left), _list_results(program, right), strict=True)
    return any(
        a != b for a, b in pairs if not isinstance(a, Unknown) and not isinstance(b, Unknown)
    )


def measure_ranges(evaluation: Evaluation) -> dict[str, Range]:
    """Return the range each amount has in a box; where nothing is payable it counts as zero."""
    return {name: _measure(item, evaluation) for name, item in evaluation.amounts.items()}


def _measure(item: AmountResult, evaluation: Evaluation) -> Range:
    """A denial counts as zero, and a limit that waits for a person may yet come to zero."""
    domain, _ = split_value(item.amount)
    if not isinstance(domain, Interval) or evaluation.outcomes <= VALUELESS:
        return Range(0, 0)
    low, high = take_number(domain.low), take_number(domain.high)
    may_be_less = evaluation.outcomes & VALUELESS or True in item.waiting
    return Range(min(0, low) if may_be_less else low, high)


def join_ranges(items: Iterable[Mapping[str, Range]]) -> dict[str, Range]:
    """Return, for each amount, the range that holds all of its ranges."""
    joined: dict[str, Range] = {}
    for item in items:
        for name, more in item.items():
            old = joined.get(name, more)
            joined[name] = Range(min(old.low, more.low), max(old.high, more.high))
    return joined
