"""Comes in: a program and what is known of a case. Goes out: every rule's result, with its trace.

This is the reference: small and obvious. It runs on what is known and unknown alike, so each result
is the set of what may still turn out; with everything known each set has one member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from voucher_rules.calendars import last_day
from voucher_rules.checked.declare import default_domain
from voucher_rules.checked.model import (
    CheckedRuleset,
    Consequence,
    Documents,
    Exclude,
    Output,
    Parameter,
    Rank,
    Require,
    Role,
    Rounding,
    Rule,
    Term,
    Warn,
    Window,
)
from voucher_rules.decision.operate import find_least, operate
from voucher_rules.decision.unknowns import (
    FALSE,
    TRUE,
    Truth,
    Truths,
    conjoin,
    find_truths,
    make_value,
    negate,
    split_value,
)
from voucher_rules.program.build import FixAmount, Program, SetValue
from voucher_rules.values.model import (
    NO_MARKS,
    NONE,
    OPEN,
    Exact,
    Interval,
    Mark,
    Period,
    SetBetween,
    Unknown,
    Value,
)


class Step(NamedTuple):
    """One step of a trace: a term, the value it had, and the steps it was made from."""

    term: Term
    value: Value
    parts: tuple[Step, ...]


class Status(StrEnum):
    """What became of a rule."""

    PASSED = "passed"
    FAILED = "failed"
    SOFT_FAILED = "soft_failed"
    """Beyond a limit that holds in principle: a person must decide."""
    OPEN = "open"
    """A person has not judged yet what the rule asks."""
    NOT_APPLICABLE = "not_applicable"
    APPLIES = "applies"
    """For rules that test nothing: limits, definitions, consequences, orders, warnings."""


Statuses = frozenset[Status]


class Outcome(StrEnum):
    """How a decision comes out."""

    GRANTED = "granted"
    DENIED = "denied"
    REFERRED = "referred"
    UNDETERMINED = "undetermined"
    NOT_IN_FORCE = "not_in_force"
    DETERMINED = "determined"


class RuleResult(NamedTuple):
    """What became of a rule: every status it may still have, and the steps that led there.

    ``missing`` names the papers a checklist lacks for certain and ``unsure`` those that may lack;
    ``last_day`` is the end of a window.
    """

    rule: Rule
    statuses: Statuses
    when: Step | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    last_day: Value | None = None

    @property
    def status(self) -> Status | None:
        """The status, or None while it is undetermined."""
        return next(iter(self.statuses)) if len(self.statuses) == 1 else None

    def list_steps(self) -> tuple[Step, ...]:
        """Return its steps, that of its condition first."""
        return (self.when, *self.steps) if self.when else self.steps


class LimitResult(NamedTuple):
    """One limit of an output: its rule (None for what was requested) and its value before rounding.

    ``counted`` is the value below which the output must stay: rounded like it, never under zero.
    """

    rule: Rule | None
    value: Value
    counted: Value


@dataclass(frozen=True, slots=True)
class AmountResult:
    """How an output came about: its limits, the least of them, and the amount after rounding.

    ``binding`` names the limits equal to the amount (those that may be, while it is unknown);
    ``waiting`` tells whether a limit waits for a person's finding.
    """

    output: Output
    limits: tuple[LimitResult, ...]
    least: Value
    amount: Value
    binding: tuple[str, ...]
    waiting: Truths
    overused: Truths
    too_much_requested: Truths


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
    """What a decision is taken under beside the facts: how disputed provisions are read, and
    whether the document is assumed to be in force."""

    readings: Mapping[str, str]
    assume_in_force: bool = False


REQUESTED: Final = "requested"
"""The name under which what was requested stands among the limits of an amount."""

_PLAIN: Final = {
    True: Status.PASSED,
    False: Status.FAILED,
    NONE: Status.NOT_APPLICABLE,
    OPEN: Status.OPEN,
}
_ONLY: Final = {status: frozenset({status}) for status in Status}
_SKIPPED: Final[frozenset[Truth]] = frozenset({False, NONE})
"""Truths of a condition under which its rule is left aside."""


def trace_term(term: Term, values: Mapping[str, Value]) -> Step:
    """Return the trace of a term over the values of its names."""
    if term.parts:
        parts = tuple([trace_term(part, values) for part in term.parts])
        return Step(term, operate(term, tuple([part.value for part in parts])), parts)
    if term.role is Role.CONSTANT:
        return Step(term, term.value if term.value is not None else NONE, ())
    return Step(term, values[term.name], ())


def evaluate_program(
    program: Program, inputs: Mapping[str, Value], options: Options
) -> Evaluation:
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
            amount = _fix_amount(step, values, rules)
            amounts[step.output.name] = amount
            values[step.output.name] = amount.amount
        else:
            rules[step.rule.id] = _test_rule(step.rule, values)
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
        return Unknown(default_domain(parameter.type))
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
        truths.add(True)
    if domain.low < start or domain.high > until:  # type: ignore[operator]
        truths.add(False)
    return frozenset(truths)


def find_start(ruleset: CheckedRuleset, readings: Mapping[str, str]) -> date | None:
    """Return the first day the document is in force under these readings; None: it states none."""
    starts = ruleset.document.starts
    option = readings.get(ruleset.document.start_reading, "")
    return starts.get(option)


def _trace_condition(rule: Rule, values: Mapping[str, Value]) -> tuple[Step | None, Truths]:
    """Return the trace of a rule's condition and whether the rule applies."""
    if rule.when is None:
        return None, TRUE
    when = trace_term(rule.when, values)
    return when, find_truths(when.value)


def _run_definition(step: SetValue, values: dict[str, Value]) -> RuleResult:
    rule = step.rule
    when, applies = _trace_condition(rule, values)
    if applies <= _SKIPPED:
        values[step.name] = NONE
        return RuleResult(rule, _ONLY[Status.NOT_APPLICABLE], when, ())
    formula = trace_term(rule.formulas[0], values)
    values[step.name] = _limit_to(formula.value, applies)
    statuses = frozenset(_as_applying(truth) for truth in applies)
    return RuleResult(rule, statuses, when, (formula,))


def _as_applying(truth: Truth) -> Status:
    if truth is True:
        return Status.APPLIES
    return Status.OPEN if truth is OPEN else Status.NOT_APPLICABLE


def _limit_to(value: Value, applies: Truths) -> Value:
    """Return ``value`` where a rule applies, none where it does not, open where that is open."""
    if applies == TRUE:
        return value
    domain, marks = split_value(value)
    if True not in applies:
        domain, marks = None, NO_MARKS
    extra: set[Mark] = set()
    if False in applies or NONE in applies:
        extra.add(NONE)
    if OPEN in applies:
        extra.add(OPEN)
    return make_value(domain, marks | extra)


def _fix_amount(
    step: FixAmount, values: dict[str, Value], rules: dict[str, RuleResult]
) -> AmountResult:
    output = step.output
    hard: list[LimitResult] = []
    soft: list[tuple[LimitResult, RuleResult]] = []
    for rule in step.limits:
        result, limit = _run_limit(rule, values, output.rounding)
        if rule.soft:
            soft.append((limit, result))
        else:
            hard.append(limit)
        rules[rule.id] = result
    lowest = _find_lowest(hard)
    requested = _find_requested(output, values)
    limits = [*hard, *requested]
    least_value = find_least(tuple(item.value for item in _without_waiting(limits)))
    amount = round_amount(least_value, output.rounding)
    for limit, result in soft:
        rules[result.rule.id] = _test_soft_limit(limit, result, amount)
    return AmountResult(
        output=output,
        limits=tuple([*limits, *(limit for limit, _ in soft)]),
        least=least_value,
        amount=amount,
        binding=_find_binding(limits, amount),
        waiting=_find_waiting(limits),
        overused=_compare(lowest, "<", 0),
        too_much_requested=_find_too_much(output, requested, lowest),
    )


def _run_limit(
    rule: Rule, values: Mapping[str, Value], rounding: Rounding
) -> tuple[RuleResult, LimitResult]:
    when, applies = _trace_condition(rule, values)
    if applies <= _SKIPPED:
        skipped = RuleResult(rule, _ONLY[Status.NOT_APPLICABLE], when, ())
        return skipped, LimitResult(rule, NONE, NONE)
    formula = trace_term(rule.formulas[0], values)
    value = _limit_to(formula.value, applies)
    result = RuleResult(rule, _find_limit_statuses(value), when, (formula,))
    return result, LimitResult(rule, value, round_amount(value, rounding))


def _find_limit_statuses(value: Value) -> Statuses:
    domain, marks = split_value(value)
    if not marks:
        return _ONLY[Status.APPLIES]
    statuses = {_as_applying(mark) for mark in marks}
    return frozenset(statuses | ({Status.APPLIES} if domain is not None else set()))


def _find_requested(output: Output, values: Mapping[str, Value]) -> list[LimitResult]:
    if not output.requested:
        return []
    value = values[output.requested]
    return [LimitResult(None, value, round_amount(value, output.rounding))]


def _without_waiting(limits: list[LimitResult]) -> list[LimitResult]:
    """Leave out what waits for a person: the other limits still bound the amount from above."""
    made = []
    for item in limits:
        domain, marks = split_value(item.value)
        if OPEN in marks:
            rest = make_value(domain, (marks - {OPEN}) | {NONE})
            made.append(LimitResult(item.rule, rest, item.counted))
        else:
            made.append(item)
    return made


def _find_lowest(limits: list[LimitResult]) -> Value:
    return find_least(tuple(item.value for item in _without_waiting(limits)))


def _find_waiting(limits: list[LimitResult]) -> Truths:
    """Return whether some limit waits for a person: surely, surely not, or maybe."""
    truths: set[Truth] = set()
    sets = [split_value(item.value) for item in limits]
    if any(domain is None and marks == frozenset({OPEN}) for domain, marks in sets):
        return TRUE
    truths.add(False)
    if any(OPEN in marks for _, marks in sets):
        truths.add(True)
    return frozenset(truths)


def _compare(value: Value, symbol: str, bound: int) -> Truths:
    domain, _ = split_value(value)
    if not isinstance(domain, Interval) or not isinstance(domain.low, int | Fraction):
        return FALSE
    if not isinstance(domain.high, int | Fraction):
        return FALSE
    low, high = domain.low, domain.high
    truths: set[Truth] = set()
    if low < bound if symbol == "<" else low <= bound:
        truths.add(True)
    if high >= bound if symbol == "<" else high > bound:
        truths.add(False)
    return frozenset(truths)


def _find_too_much(output: Output, requested: list[LimitResult], lowest: Value) -> Truths:
    """Return whether more was requested than the limits allow, where a part may not be granted."""
    if output.partial or not requested:
        return FALSE
    wanted, _ = split_value(requested[0].value)
    allowed, _ = split_value(lowest)
    if not isinstance(wanted, Interval) or not isinstance(allowed, Interval):
        return FALSE
    truths: set[Truth] = set()
    if wanted.high > allowed.low:  # type: ignore[operator]
        truths.add(True)
    if wanted.low <= allowed.high:  # type: ignore[operator]
        truths.add(False)
    return frozenset(truths)


def _find_binding(limits: list[LimitResult], amount: Value) -> tuple[str, ...]:
    """Return the limits that are, or may be, equal to the amount after rounding."""
    domain, _ = split_value(amount)
    if not isinstance(domain, Interval):
        return ()
    names = []
    for item in limits:
        counted, _ = split_value(item.counted)
        if isinstance(counted, Interval) and counted.low <= domain.high:  # type: ignore[operator]
            names.append(item.rule.id if item.rule else REQUESTED)
    return tuple(names)


def _test_soft_limit(limit: LimitResult, result: RuleResult, amount: Value) -> RuleResult:
    """A soft limit below the amount sends the case to a person; otherwise it is kept."""
    bound, _ = split_value(limit.counted)
    given, _ = split_value(amount)
    statuses = set(result.statuses)
    if Status.APPLIES in statuses and isinstance(bound, Interval) and isinstance(given, Interval):
        statuses.discard(Status.APPLIES)
        if bound.low < given.high:  # type: ignore[operator]
            statuses.add(Status.SOFT_FAILED)
        if bound.high >= given.low:  # type: ignore[operator]
            statuses.add(Status.APPLIES)
    return RuleResult(result.rule, frozenset(statuses), result.when, result.steps)


def round_amount(value: Value, rounding: Rounding) -> Value:
    """Round an amount, or each end of it, and keep it from falling below zero."""
    if isinstance(value, int | Fraction):
        return max(0, round_exact(value, rounding))
    domain, marks = split_value(value)
    if not isinstance(domain, Interval):
        return value
    ends = [round_exact(end, rounding) for end in (domain.low, domain.high)]  # type: ignore[arg-type]
    return make_value(Interval(max(0, ends[0]), max(0, ends[1])), marks)


def round_exact(value: Exact, rounding: Rounding) -> int:
    """Round an exact amount to a multiple of ``rounding.to`` minor units, as its mode says."""
    if rounding.to == 1 and value.__class__ is int:
        return int(value)
    parts = Fraction(value) / rounding.to
    floor = parts.numerator // parts.denominator
    rest = parts - floor
    match rounding.mode:
        case "down":
            up = False
        case "up":
            up = rest > 0
        case "half_up":
            up = rest * 2 >= 1
        case _:
            up = rest * 2 > 1 or (rest * 2 == 1 and floor % 2 == 1)
    return (floor + up) * rounding.to


def _test_rule(rule: Rule, values: Mapping[str, Value]) -> RuleResult:
    when, applies = _trace_condition(rule, values)
    if applies <= _SKIPPED:
        return RuleResult(rule, _ONLY[Status.NOT_APPLICABLE], when, ())
    steps = tuple([trace_term(term, values) for term in rule.formulas])
    body = rule.body
    match body:
        case Require():
            truths = find_truths(steps[0].value)
            return RuleResult(rule, find_statuses(rule, applies, truths), when, steps)
        case Exclude():
            truths = negate(find_truths(steps[0].value))
            return RuleResult(rule, find_statuses(rule, applies, truths), when, steps)
        case Window():
            return _test_window(rule, body, when, applies, steps)
        case Documents():
            return _test_documents(rule, body, when, applies, steps)
        case _:
            statuses = frozenset(_as_applying(truth) for truth in applies)
            return RuleResult(rule, statuses, when, steps)


def find_statuses(rule: Rule, applies: Truths, truths: Truths) -> Statuses:
    """Return every status a rule may have, from whether it applies and whether it holds."""
    if applies == TRUE and len(truths) == 1:
        return _ONLY[_grade(rule, next(iter(truths)))]
    statuses: set[Status] = set()
    for condition in applies:
        if condition is True:
            statuses |= {_grade(rule, truth) for truth in truths}
        elif condition is OPEN:
            statuses |= {_grade_open(truth) for truth in truths}
        else:
            statuses.add(Status.NOT_APPLICABLE)
    return frozenset(statuses)


def _grade(rule: Rule, truth: Truth) -> Status:
    status = _PLAIN[truth]
    return Status.SOFT_FAILED if rule.soft and status is Status.FAILED else status


def _grade_open(truth: Truth) -> Status:
    """Whether the rule applies is open: that matters only where it would not hold."""
    return Status.OPEN if truth in (False, OPEN) else _PLAIN[truth]


def _test_window(
    rule: Rule, body: Window, when: Step | None, applies: Truths, steps: tuple[Step, ...]
) -> RuleResult:
    opens, lasts, act = steps
    last = _find_last_day(opens.value, lasts.value, counts_first_day=body.counts_first_day)
    truths = conjoin(
        _is_not_after(opens.value, act.value),
        _is_not_after(act.value, last),
    )
    statuses = find_statuses(rule, applies, truths)
    return RuleResult(rule, statuses, when, steps, last_day=last)


def _find_last_day(opens: Value, lasts: Value, *, counts_first_day: bool) -> Value:
    start, marks = split_value(opens)
    period, more = split_value(lasts)
    if not isinstance(start, Interval) or not isinstance(period, Interval):
        return make_value(None, marks | more)
    days = [
        last_day(a, b, counts_first_day=counts_first_day)
        for a in (start.low, start.high)
        for b in (period.low, period.high)
        if isinstance(a, date) and isinstance(b, Period)
    ]
    return make_value(Interval(min(days), max(days)), marks | more)


def _is_not_after(earlier: Value, later: Value) -> Truths:
    first, marks = split_value(earlier)
    second, more = split_value(later)
    truths: set[Truth] = set(marks | more)
    if isinstance(first, Interval) and isinstance(second, Interval):
        if first.low <= second.high:  # type: ignore[operator]
            truths.add(True)
        if first.high > second.low:  # type: ignore[operator]
            truths.add(False)
    return frozenset(truths)


def _test_documents(
    rule: Rule, body: Documents, when: Step | None, applies: Truths, steps: tuple[Step, ...]
) -> RuleResult:
    domain, marks = split_value(steps[0].value)
    truths: Truths = frozenset(marks)
    missing: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    if isinstance(domain, SetBetween):
        missing = tuple(item for item in body.required if item not in domain.possible)
        lacking = [item for item in body.required if item not in domain.certain]
        unsure = tuple(item for item in lacking if item not in missing)
        found: Truths = FALSE if missing else frozenset({True, False}) if unsure else TRUE
        truths |= found
    return RuleResult(
        rule, find_statuses(rule, applies, truths), when, steps, missing=missing, unsure=unsure
    )


def find_outcomes(
    program: Program,
    rules: Mapping[str, RuleResult],
    amounts: Mapping[str, AmountResult],
    in_force: Truths,
) -> frozenset[Outcome]:
    """Return every outcome the results allow: not in force, then a hard failure, a soft one, a grant."""
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
            zero = conjoin(zero, _compare(item.amount, "<=", 0))
        refusals.append(zero)
    return refusals

