"""Comes in: a ruleset, a decision, a case and what is wanted. Goes out: the question, checked.

What is asked of one case apart from deciding it is read here, by the same door as the case itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.checked.domains import default_domain
from voucher_rules.checked.symbols import Input, Output
from voucher_rules.decision.case import read_case, read_on
from voucher_rules.decision.decide import decide
from voucher_rules.decision.options import choose_options
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.stated import RefusedError, check_bounds, read_value
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.terms import Role
from voucher_rules.language.types import QUANTITIES, Kind
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Source
from voucher_rules.values.model import Interval, Mark, OneOf, SetBetween, Unknown, Value
from voucher_rules.whatif.changes import list_facts
from voucher_rules.whatif.goals import COMPARISONS, Goal
from voucher_rules.whatif.paths import PAYING
from voucher_rules.whatif.positions import find_position
from voucher_rules.whatif.stretches import Question

Sum: TypeAlias = str | int | Decimal | Fraction
OTHER = "other"
"""The outcome asked for where any will do but the one there is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is wanted: an amount, and whether it is the least, the most, or all of it."""

    comparison: str
    amount: Sum


def at_least(amount: Sum) -> Wanted:
    """Ask for an amount or more; the same as the bare amount."""
    return Wanted("at_least", amount)


def at_most(amount: Sum) -> Wanted:
    """Ask for an amount or less; a denial pays nothing."""
    return Wanted("at_most", amount)


def exactly(amount: Sum) -> Wanted:
    """Ask for an amount to the fen."""
    return Wanted("exactly", amount)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one case with the decision as the case stands."""

    ruleset: Ruleset
    question: Question
    base: DecisionResult


def ask(  # noqa: PLR0913 - each argument is one thing a decision rests on
    ruleset: Ruleset,
    decision: str,
    case: Mapping[str, Any],
    *,
    on: date | str | None,
    readings: Mapping[str, str] | None,
    assume_in_force: bool,
    placed_by: str = "",
    source: Source | None = None,
) -> Asked:
    """Read a case as deciding it does. Raises :class:`~.errors.InputError` as that does."""
    program = ruleset.program(decision)
    chosen = choose_options(ruleset.checked, readings or {}, assume_in_force=assume_in_force)
    day = None if on is None else read_on(on)
    read = read_case(program, case, source, day)
    question = Question(program, read, replace(chosen, placed_by=placed_by))
    return Asked(ruleset, question, decide(program, read, question.options, ruleset.overlays))


def find_input(question: Question, name: str) -> Input:
    """Return what is declared of a fact of a case. Raises :class:`~.errors.InputError`."""
    known = list_facts(question)
    found = question.program.find_input(name) if name in known else None
    if not isinstance(found, Input):
        arguments = {"name": str(name), "near": suggest_name(str(name), known)}
        raise InputError([Diagnostic("fact-not-in-decision", arguments, path=str(name))])
    return found


def find_output(question: Question, name: str | None, *, counted: bool) -> Output:
    """Return the output named, or the first that will do. Raises :class:`~.errors.InputError`."""
    outputs = question.program.decision.outputs
    fitting = [x for x in outputs.values() if not counted or x.type.kind in QUANTITIES]
    if name is None:
        limited = [item for item in fitting if item.limited]
        if fitting:
            return (limited or fitting)[0]
        label = question.program.decision.name
        raise InputError([Diagnostic("goal-without-amount", {"name": label})])
    named = {item.name: item for item in fitting}
    if name not in named:
        arguments = {"found": name, "options": ", ".join(named), "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="output")])
    return named[name]


def read_goal(
    asked: Asked, outcome: str | None, amount: Sum | Wanted | None, output: str | None
) -> Goal:
    """Read what is wanted. Raises :class:`~.errors.InputError` where that is nothing there is."""
    if outcome is None and amount is None:
        raise InputError([Diagnostic("goal-missing", {})])
    goal = None if outcome is None else _read_outcome(asked, outcome, output)
    if amount is None:
        return goal or Goal(frozenset())
    wanted = amount if isinstance(amount, Wanted) else at_least(amount)
    if wanted.comparison not in COMPARISONS:
        arguments = {"found": wanted.comparison, "options": ", ".join(COMPARISONS), "near": ""}
        raise InputError([Diagnostic("not-one-of", arguments, path="amount")])
    found = find_output(asked.question, output, counted=True)
    value = _read_stated(asked, _as_input(found), wanted.amount, "amount")
    paying = PAYING if wanted.comparison == "at_least" else PAYING | VALUELESS
    outcomes = paying if goal is None else paying & goal.outcomes
    return Goal(outcomes, found, wanted.comparison, _take_whole(value))


def _read_outcome(asked: Asked, outcome: str, output: str | None) -> Goal:
    spec = asked.question.program.decision
    outputs = spec.outputs
    now = asked.base.outcome
    if outcome == OTHER:
        if (
            spec.answers == "value"
            and outputs
            and now in {Outcome.DETERMINED, Outcome.UNDETERMINED}
        ):
            found = find_output(asked.question, output, counted=False)
            value = asked.base.values.get(found.name) if now is Outcome.DETERMINED else None
            return Goal(frozenset({Outcome.DETERMINED}), found, value=value, other=True)
        return Goal(frozenset(Outcome) - {now, Outcome.UNDETERMINED})
    reached = [item for item in Outcome if item is not Outcome.UNDETERMINED]
    if outcome in reached:
        return Goal(frozenset({Outcome(outcome)}))
    if spec.answers == "value" and outputs:
        found = find_output(asked.question, output, counted=False)
        value = _read_stated(asked, _as_input(found), outcome, "outcome")
        return Goal(frozenset({Outcome.DETERMINED}), found, value=value)
    options = ", ".join([*reached, OTHER])
    near = suggest_name(str(outcome), [*reached, OTHER])
    arguments = {"found": str(outcome), "options": options, "near": near}
    raise InputError([Diagnostic("not-one-of", arguments, path="outcome")])


def _as_input(output: Output) -> Input:
    """Return an output as something that may be stated, so that it is read like a fact."""
    domain = Unknown(default_domain(output.type))
    return Input(output.name, Role.FACT, output.type, output.label, domain)


def _read_stated(asked: Asked, declared: Input, stated: object, path: str) -> Value:
    try:
        return read_value(declared, stated, asked.ruleset.checked.zone)
    except RefusedError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path=path)]) from None


def _take_whole(value: Value) -> int:
    position = find_position(value)
    return 0 if position is None else int(position)


def read_values(asked: Asked, declared: Input, values: Collection[object]) -> list[Value]:
    """Read values of a fact as a case would state them. Raises :class:`~.errors.InputError`."""
    found: list[Value] = []
    for stated in values:
        value = _read_stated(asked, declared, stated, declared.name)
        try:
            check_bounds(declared, value, stated)
        except RefusedError as error:
            made = Diagnostic(error.code, error.arguments, path=declared.name)
            raise InputError([made]) from None
        found.append(value)
    return found


def read_facts(
    asked: Asked,
    facts: Sequence[str] | None,
    within: Mapping[str, Sequence[object]] | None,
) -> dict[str, Unknown | None]:
    """Return the facts that may change, each over what it may be, or over less.

    Raises :class:`~.errors.InputError` for a fact the decision does not read, or no range.
    """
    names = list_facts(asked.question) if facts is None else list(facts)
    allowed: dict[str, Unknown | None] = {}
    for name in names:
        find_input(asked.question, name)
        allowed[name] = None
    for name, stated in (within or {}).items():
        allowed[name] = _read_range(asked, find_input(asked.question, name), stated)
    return allowed


def _read_range(asked: Asked, declared: Input, stated: Sequence[object]) -> Unknown:
    """Read the lowest and the highest value of an ordered fact, or the options of another."""
    if isinstance(stated, str) or not isinstance(stated, Sequence):
        raise InputError([Diagnostic("range-expected", {}, path=declared.name)])
    values = read_values(asked, declared, stated)
    if declared.type.kind in {Kind.BOOLEAN, Kind.CHOICE}:
        return Unknown(OneOf(frozenset(x for x in values if isinstance(x, bool | str))))
    if declared.type.kind is Kind.SET:
        kept = [x for x in values if isinstance(x, frozenset)]
        return Unknown(SetBetween(frozenset.intersection(*kept), frozenset.union(*kept)))
    ends = [x for x in values if not isinstance(x, Mark) and find_position(x) is not None]
    if len(ends) != 2 or find_position(ends[0]) > find_position(ends[1]):  # type: ignore[operator] # noqa: PLR2004 - both ends have positions
        raise InputError([Diagnostic("range-expected", {}, path=declared.name)])
    return Unknown(Interval(ends[0], ends[1]))  # type: ignore[arg-type] # both are ordered
