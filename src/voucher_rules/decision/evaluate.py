"""Comes in: a program and what is known of a case. Goes out: every rule's result, with its trace.

This is the reference: small and obvious. It runs on what is known and unknown alike, so each result
is the set of what may still turn out; with everything known each set has one member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from voucher_rules.checked.calls import GRANTED
from voucher_rules.checked.mechanics import Call, Rule, Window
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Parameter
from voucher_rules.decision.amounts import AmountResult, compare_bound, fix_amount, round_value
from voucher_rules.decision.examine import examine_rule
from voucher_rules.decision.trace import (
    ONLY,
    SKIPPED,
    RuleResult,
    Status,
    Statuses,
    Step,
    as_applying,
    limit_to,
    trace_condition,
    trace_term,
)
from voucher_rules.language.records import split_field
from voucher_rules.language.types import Kind
from voucher_rules.meaning.terms import find_value
from voucher_rules.meaning.unknowns import (
    FALSE,
    TRUE,
    Truth,
    Truths,
    conjoin,
    find_truths,
    join_values,
    make_truth,
    make_value,
    split_value,
)
from voucher_rules.program.build import FixAmount, Program, SetLive, SetValue
from voucher_rules.values.model import NONE, OPEN, AnyText, Interval, Mark, Unknown, Value


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
    values = gather_values(program, inputs, options.readings)
    rules: dict[str, RuleResult] = {}
    amounts: dict[str, AmountResult] = {}
    for step in program.steps:
        if isinstance(step, SetValue):
            _run_definitions(program, step, values, rules)
        elif isinstance(step, SetLive):
            _, applies = trace_condition(step.rule, values)
            values[step.name] = make_truth(False if truth is NONE else truth for truth in applies)
        elif isinstance(step, FixAmount):
            amount = fix_amount(step, values, rules)
            amounts[step.output.name] = amount
            values[step.output.name] = amount.amount
        else:
            rules[step.rule.id] = examine_rule(step.rule, values)
    in_force = find_in_force(program.ruleset, values[program.decision.as_of], options)
    outcomes = find_outcomes(program, rules, amounts, in_force)
    return Evaluation(rules, amounts, values, outcomes, in_force)


def gather_values(
    program: Program, inputs: Mapping[str, Value], readings: Mapping[str, str]
) -> dict[str, Value]:
    """Return the value of every name a decision reads before its first step."""
    as_of = inputs[program.decision.as_of]
    domain, _ = split_value(as_of)
    day = domain.low if isinstance(domain, Interval) else as_of
    values = {**_find_parameters(program, day), **inputs}
    for name, option in readings.items():
        values[f"reading.{name}"] = option
    for name in program.applying:
        _limit_to_cases_it_applies_to(program, values, name)
    for name, parameter in program.parameters.items():
        if name not in values:
            values[name] = _find_parameter_on(parameter, values[parameter.on])
    for name in program.asked:
        values.setdefault(f"{name}{ASKED}", values[name])
    values |= dict.fromkeys(program.elsewhere, False)
    for listed in program.lists.values():
        values |= {name: item.domain for name, item in listed.fields.items()}
    return values


@lru_cache(maxsize=256)
def _find_parameters(program: Program, day: object) -> Mapping[str, Value]:
    """Return the parameters of a day, but those that another day of the case picks."""
    items = program.parameters.items()
    return {name: find_parameter(item, day) for name, item in items if not item.on}


def _limit_to_cases_it_applies_to(program: Program, values: dict[str, Value], name: str) -> None:
    applies = program.inputs[name].applies
    if applies is not None:
        values[name] = limit_to(values[name], find_truths(find_value(applies, values)))


def find_parameter(parameter: Parameter, day: object) -> Value:
    """Return a parameter's value on a day; unknown where none holds or it was left unset."""
    dated = parameter.value_on(day) if isinstance(day, date) else None
    if dated is None or dated.value is None:
        return parameter.domain if parameter.entered is None else Unknown(AnyText())
    return dated.value


def _find_parameter_on(parameter: Parameter, day: Value) -> Value:
    """Return a parameter's value on a day of its own: every value it may have, where unknown."""
    domain, marks = split_value(day)
    if not isinstance(domain, Interval):
        return make_value(None, marks)
    low, high = domain.low, domain.high
    if low == high:
        return limit_marks(find_parameter(parameter, low), marks)
    days = [low, *(turn for turn in list_turns_of(parameter) if low < turn <= high)]  # type: ignore[operator]
    return limit_marks(join_values(find_parameter(parameter, day) for day in days), marks)


def limit_marks(value: Value, marks: frozenset[Mark]) -> Value:
    """Return a value that may also be any of some marks."""
    domain, own = split_value(value)
    return make_value(domain, own | marks)


def list_turns_of(parameter: Parameter) -> list[date]:
    """Return the days on which a parameter takes another value."""
    starts = [item.start for item in parameter.values if item.start]
    ends = [item.until for item in parameter.values if item.until and item.until < date.max]
    return sorted({*starts, *(day + timedelta(days=1) for day in ends)})


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


def _run_definitions(
    program: Program, step: SetValue, values: dict[str, Value], rules: dict[str, RuleResult]
) -> None:
    """Give a name the value of its definition, or of the one that counts among several."""
    found = []
    for rule in step.rules:
        result, value = _run_definition(program, rule, values)
        rules[rule.id] = result
        found.append(value)
    value = found[0] if len(found) == 1 else _pick_live(found)
    output = program.decision.outputs.get(step.name)
    if output is not None and output.rounds and output.type.kind is Kind.MONEY:
        value = round_value(value, output.rounding)
    values[step.name] = value


def _run_definition(
    program: Program, rule: Rule, values: dict[str, Value]
) -> tuple[RuleResult, Value]:
    when, applies = trace_condition(rule, values)
    if applies <= SKIPPED:
        return RuleResult(rule, ONLY[Status.NOT_APPLICABLE], when, ()), NONE
    if isinstance(rule.body, Window):
        result = examine_rule(rule, values)
        last = result.last_day if result.last_day is not None else NONE
        return result, limit_to(last, applies)
    statuses = frozenset(as_applying(truth) for truth in applies)
    if isinstance(rule.body, Call):
        steps = tuple(trace_term(term, values) for term in rule.formulas)
        called = _run_call(program, rule, rule.body, steps, values)
        result = RuleResult(rule, statuses, when, steps, called=called)
        return result, limit_to(called.value, applies)
    formula = trace_term(rule.formulas[0], values)
    return RuleResult(rule, statuses, when, (formula,)), limit_to(formula.value, applies)


def _pick_live(found: list[Value]) -> Value:
    """Return the value of the one definition that counts; where that is open, every one it may."""
    parts = [split_value(value) for value in found]
    marks: frozenset[Mark] = frozenset(x for _, own in parts for x in own if x is OPEN)
    if all(NONE in own for _, own in parts):
        marks |= {NONE}
    domain, _ = split_value(join_values(found))
    return make_value(domain, marks)


@dataclass(frozen=True, slots=True)
class Called:
    """What a called decision came to: its value, and one evaluation for each law of its day."""

    program: Program
    body: Call
    box: Mapping[str, Value]
    evaluations: tuple[Evaluation, ...]
    value: Value


def called_of(result: RuleResult) -> Called | None:
    """Return what the decision came to that a rule called, or None where it called none."""
    return result.called if isinstance(result.called, Called) else None


def _run_call(
    program: Program,
    rule: Rule,
    body: Call,
    steps: tuple[Step, ...],
    values: Mapping[str, Value],
) -> Called:
    called = program.calls[rule.id]
    asked = {name: step.value for (name, _), step in zip(body.asked, steps, strict=True)}
    asked.setdefault(called.decision.as_of, values[program.decision.as_of])
    box = {
        name: asked[name] if name in asked else values.get(name, item.domain)
        for name, item in called.inputs.items()
    }
    for name in called.lists:
        box |= {key: item for key, item in values.items() if split_field(key)[0] == name}
    readings = _find_readings(program, body, values)
    evaluations = _evaluate_called(called, tuple(box.items()), tuple(readings.items()))
    value = join_values(_take_answer(body, item) for item in evaluations)
    return Called(called, body, box, evaluations, value)


@lru_cache(maxsize=1_024)
def _evaluate_called(
    called: Program, box: tuple[tuple[str, Value], ...], readings: tuple[tuple[str, str], ...]
) -> tuple[Evaluation, ...]:
    """Evaluate a called decision for each law of its day; the same questions are asked often."""
    options = Options(dict(readings))
    return tuple(
        evaluate_program(called, part, options) for part in split_by_law(called, dict(box))
    )


def _find_readings(program: Program, body: Call, values: Mapping[str, Value]) -> Mapping[str, str]:
    """Return the readings a call is taken under: its own ruleset's as they stand now, or theirs."""
    if body.uses:
        return program.ruleset.uses[body.uses].readings
    names = program.ruleset.readings
    return {name: str(values.get(f"reading.{name}", names[name].default)) for name in names}


def _take_answer(body: Call, evaluation: Evaluation) -> Value:
    """Return what a call takes of one evaluation, over every outcome it may have.

    A denial pays nothing; what only a person can say, or no law in force says, is open.
    """
    found: list[Value] = []
    for outcome in evaluation.outcomes:
        if outcome in {Outcome.GRANTED, Outcome.DETERMINED}:
            found.append(True if body.gives == GRANTED else evaluation.values[body.gives])
        elif outcome is Outcome.DENIED and body.gives == GRANTED:
            found.append(False)
        elif outcome is Outcome.DENIED and body.gives in evaluation.amounts:
            found.append(0)
        else:
            found.append(OPEN)
    return join_values(found)


def split_by_law(program: Program, box: Mapping[str, Value]) -> list[Mapping[str, Value]]:
    """Return a box cut into parts in which one law holds, where its day is not known."""
    name = program.decision.as_of
    domain, marks = split_value(box[name])
    if not isinstance(domain, Interval) or domain.low == domain.high:
        return [box]
    low, high = domain.low, domain.high
    if not isinstance(low, date) or not isinstance(high, date):
        return [box]
    starts = sorted(day for day in _list_turns(program) if low < day <= high)
    ends = [day - timedelta(days=1) for day in starts] + [high]
    pairs = zip([low, *starts], ends, strict=True)
    return [{**box, name: make_value(Interval(first, last), marks)} for first, last in pairs]


def _list_turns(program: Program) -> set[date]:
    document = program.ruleset.document
    turns = set(document.starts.values())
    if document.until and document.until < date.max:
        turns.add(document.until + timedelta(days=1))
    for parameter in program.parameters.values():
        turns |= set() if parameter.on else set(list_turns_of(parameter))
    return turns


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
            none_left = compare_bound(item.amount, "<=", 0)
            # what waits for a person is for that person to refuse, unless nothing can come of it
            waits = item.waiting == TRUE and none_left != TRUE
            zero = conjoin(zero, FALSE if waits else none_left)
        refusals.append(zero)
    return refusals
