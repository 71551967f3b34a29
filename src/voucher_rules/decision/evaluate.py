"""Comes in: a program and what is known of a case. Goes out: every rule's result, with its trace.

This is the reference: small and obvious. It runs on what is known and unknown alike, so each result
is the set of what may still turn out; with everything known each set has one member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from voucher_rules.checked.model import CheckedRuleset, Parameter
from voucher_rules.decision.amounts import AmountResult, compare_bound, fix_amount
from voucher_rules.decision.examine import examine_rule
from voucher_rules.decision.trace import (
    ONLY,
    SKIPPED,
    RuleResult,
    Status,
    Statuses,
    as_applying,
    limit_to,
    trace_condition,
    trace_term,
)
from voucher_rules.meaning.unknowns import FALSE, TRUE, Truth, Truths, conjoin, split_value
from voucher_rules.program.build import FixAmount, Program, SetValue
from voucher_rules.values.model import NONE, Interval, Value


class Outcome(StrEnum):
    """How a decision comes out."""

    GRANTED = "granted"
    DENIED = "denied"
    REFERRED = "referred"
    UNDETERMINED = "undetermined"
    NOT_IN_FORCE = "not_in_force"
    DETERMINED = "determined"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything one run found."""

    rules: Mapping[str, RuleResult]
    amounts: Mapping[str, AmountResult]
    values: Mapping[str, Value]
    outcomes: frozenset[Outcome]
    in_force: Truths


@dataclass(frozen=True, slots=True)
class Options:
    """What a decision is taken under beside the facts.

    That is how disputed provisions are read, and whether the document is assumed to be in force.
    """

    readings: Mapping[str, str]
    assume_in_force: bool = False


def evaluate_program(program: Program, inputs: Mapping[str, Value], options: Options) -> Evaluation:
    """Run every step of ``program``. ``inputs`` holds a value for each of its inputs.

    The day that fixes the law must be known to within days on which the same values hold.
    """
    values = _gather_values(program, inputs, options.readings)
    rules: dict[str, RuleResult] = {}
    amounts: dict[str, AmountResult] = {}
    for step in program.steps:
        if isinstance(step, SetValue):
            result = _run_definition(step, values)
            rules[step.rule.id] = result
        elif isinstance(step, FixAmount):
            amount = fix_amount(step, values, rules)
            amounts[step.output.name] = amount
            values[step.output.name] = amount.amount
        else:
            rules[step.rule.id] = examine_rule(step.rule, values)
    in_force = find_in_force(program.ruleset, values[program.decision.as_of], options)
    outcomes = find_outcomes(program, rules, amounts, in_force)
    return Evaluation(rules, amounts, values, outcomes, in_force)


def _gather_values(
    program: Program, inputs: Mapping[str, Value], readings: Mapping[str, str]
) -> dict[str, Value]:
    values = dict(inputs)
    as_of = inputs[program.decision.as_of]
    domain, _ = split_value(as_of)
    day = domain.low if isinstance(domain, Interval) else as_of
    for name, parameter in program.parameters.items():
        if name not in values:
            values[name] = find_parameter(parameter, day)
    for name, option in readings.items():
        values[f"reading.{name}"] = option
    return values


def find_parameter(parameter: Parameter, day: object) -> Value:
    """Return a parameter's value on a day; unknown where none holds or it was left unset."""
    dated = parameter.value_on(day) if isinstance(day, date) else None
    if dated is None or dated.value is None:
        return parameter.domain
    return dated.value


def find_in_force(ruleset: CheckedRuleset, as_of: Value, options: Options) -> Truths:
    """Return whether the document is in force on the day: surely, surely not, or maybe.

    A draft, a repealed document and one that states no start are in force only by assumption.
    """
    if options.assume_in_force:
        return TRUE
    start = find_start(ruleset, options.readings)
    domain, _ = split_value(as_of)
    if start is None or ruleset.document.status in {"draft", "repealed"}:
        return FALSE
    if not isinstance(domain, Interval):
        return frozenset({True, False})
    until = ruleset.document.until or date.max
    truths: set[Truth] = set()
    if domain.high >= start and domain.low <= until:  # type: ignore[operator]
        truths |= {True}
    if domain.low < start or domain.high > until:  # type: ignore[operator]
        truths |= {False}
    return frozenset(truths)


def find_start(ruleset: CheckedRuleset, readings: Mapping[str, str]) -> date | None:
    """Return the first day the document is in force under these readings; None: it states none."""
    starts = ruleset.document.starts
    option = readings.get(ruleset.document.start_reading, "")
    return starts.get(option)


def _run_definition(step: SetValue, values: dict[str, Value]) -> RuleResult:
    rule = step.rule
    when, applies = trace_condition(rule, values)
    if applies <= SKIPPED:
        values[step.name] = NONE
        return RuleResult(rule, ONLY[Status.NOT_APPLICABLE], when, ())
    formula = trace_term(rule.formulas[0], values)
    values[step.name] = limit_to(formula.value, applies)
    statuses = frozenset(as_applying(truth) for truth in applies)
    return RuleResult(rule, statuses, when, (formula,))


def find_outcomes(
    program: Program,
    rules: Mapping[str, RuleResult],
    amounts: Mapping[str, AmountResult],
    in_force: Truths,
) -> frozenset[Outcome]:
    """Return every outcome the results allow, in the order of precedence they are tested."""
    outcomes: set[Outcome] = set()
    if False in in_force:
        outcomes.add(Outcome.NOT_IN_FORCE)
        if in_force == FALSE:
            return frozenset(outcomes)
    deciding = [item.statuses for item in rules.values() if item.rule.decides]
    failing = _join_truths([*_list_having(deciding, _FAILING), *_find_refusals(amounts)])
    if True in failing:
        outcomes.add(Outcome.DENIED)
    if failing == TRUE:
        return frozenset(outcomes)
    waiting = [item.waiting for item in amounts.values()]
    referring = _join_truths([*_list_having(deciding, REFERRING), *waiting])
    if True in referring:
        outcomes.add(Outcome.REFERRED)
    if False in referring:
        is_value = program.decision.answers == "value"
        outcomes.add(Outcome.DETERMINED if is_value else Outcome.GRANTED)
    return frozenset(outcomes)


_FAILING: Final = frozenset({Status.FAILED})


REFERRING: Final = frozenset({Status.SOFT_FAILED, Status.OPEN})


def _list_having(sets: list[Statuses], wanted: Statuses) -> list[Truths]:
    """Return, for each rule that may have a wanted status, whether it surely has one."""
    return [
        TRUE if statuses <= wanted else frozenset({True, False})
        for statuses in sets
        if statuses & wanted
    ]


def _join_truths(items: list[Truths]) -> Truths:
    """Return whether any of these is true: surely, surely not, or maybe."""
    if any(item == TRUE for item in items):
        return TRUE
    return frozenset({True, False}) if any(True in item for item in items) else FALSE


def _find_refusals(amounts: Mapping[str, AmountResult]) -> list[Truths]:
    """An amount of zero denies where every amount is zero; so does asking too much at once."""
    refusals = [item.too_much_requested for item in amounts.values()]
    if amounts:
        zero: Truths = TRUE
        for item in amounts.values():
            zero = conjoin(zero, compare_bound(item.amount, "<=", 0))
        refusals.append(zero)
    return refusals
