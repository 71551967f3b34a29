"""Comes in: the limits of an output. Goes out: the least of them, rounded, never under 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from voucher_rules.checked.domains import default_domain
from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.symbols import Output, Rounding
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
from voucher_rules.language.terms import Role, Term
from voucher_rules.meaning.extremes import find_least
from voucher_rules.meaning.operate import operate
from voucher_rules.meaning.unknowns import (
    FALSE,
    TRUE,
    Truth,
    Truths,
    join_values,
    make_value,
    split_value,
)
from voucher_rules.program.build import FixAmount
from voucher_rules.values.model import NONE, OPEN, Exact, Interval, Unknown, Value


class LimitResult(NamedTuple):
    """One limit of an output: its rule (None for what was requested) and its value before rounding.

    ``counted`` is the value below which the output must stay: rounded like it, never under zero.
    ``bound`` is every value it may have once a person has judged what it waits for.
    """

    rule: Rule | None
    value: Value
    counted: Value
    bound: Value = NONE


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


REQUESTED: Final = "requested"
"""The name under which what was requested stands among the limits of an amount."""


def fix_amount(
    step: FixAmount, values: dict[str, Value], rules: dict[str, RuleResult]
) -> AmountResult:
    """Give an output the least of its limits, rounded; add the limits' results to ``rules``."""
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
    replaced = _list_replaced(step, rules)
    least_value = find_least((*(item.value for item in _without_waiting(limits)), *replaced))
    if least_value is NONE:
        # nothing bounds the amount but what waits for a person: then whatever that may yet allow
        least_value = find_least(tuple(item.bound for item in limits))
    amount = round_amount(least_value, output.rounding)
    for limit, result in soft:
        rules[result.rule.id] = _test_soft_limit(limit, result, amount)
    return AmountResult(
        output=output,
        limits=(*limits, *(limit for limit, _ in soft)),
        least=least_value,
        amount=amount,
        binding=_find_binding(limits, amount),
        waiting=_find_waiting(limits),
        overused=compare_bound(lowest, "<", 0),
        too_much_requested=_find_too_much(output, requested, amount),
    )


def _list_replaced(step: FixAmount, rules: Mapping[str, RuleResult]) -> list[Value]:
    """Return, for each limit that only other limits may replace, what one of them surely allows.

    Which of them counts may be unknown; that none does is impossible.
    """
    found: list[Value] = []
    by_id = {rule.id: rule for rule in step.limits if not rule.soft}
    for rule in by_id.values():
        if not rule.set_aside_by or rule.stated_when is not None:
            continue
        if not all(name in by_id for name in rule.set_aside_by):
            continue
        group = [rules[name] for name in (rule.id, *rule.set_aside_by)]
        values = [item.steps[-1].value for item in group if item.steps]
        if len(values) > 1 and not any(split_value(value)[1] for value in values):
            found.append(join_values(values))
    return found


def _run_limit(
    rule: Rule, values: Mapping[str, Value], rounding: Rounding
) -> tuple[RuleResult, LimitResult]:
    when, applies = trace_condition(rule, values)
    if applies <= SKIPPED:
        skipped = RuleResult(rule, ONLY[Status.NOT_APPLICABLE], when, ())
        return skipped, LimitResult(rule, NONE, NONE)
    formula = trace_term(rule.formulas[0], values)
    value = limit_to(formula.value, applies)
    result = RuleResult(rule, _find_limit_statuses(value), when, (formula,))
    bound = _find_bound(rule.formulas[0], values) if value is OPEN else NONE
    return result, LimitResult(rule, value, round_amount(value, rounding), bound)


def _find_bound(term: Term, values: Mapping[str, Value]) -> Value:
    """Return every value of a formula over all that persons may yet find."""
    if term.role is Role.AGGREGATE:
        return NONE
    if term.parts:
        return operate(term, tuple(_find_bound(part, values) for part in term.parts))
    if term.role is Role.CONSTANT:
        return term.value if term.value is not None else NONE
    value = values[term.name]
    return Unknown(default_domain(term.type)) if value is OPEN else value


def _find_limit_statuses(value: Value) -> Statuses:
    domain, marks = split_value(value)
    if not marks:
        return ONLY[Status.APPLIES]
    statuses = {as_applying(mark) for mark in marks}
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
    truths |= {False}
    if any(OPEN in marks for _, marks in sets):
        truths |= {True}
    return frozenset(truths)


def compare_bound(value: Value, symbol: str, bound: int) -> Truths:
    """Return whether an amount is below (``<``) or at most (``<=``) a bound: surely, or maybe."""
    domain, _ = split_value(value)
    if not isinstance(domain, Interval) or not isinstance(domain.low, int | Fraction):
        return FALSE
    if not isinstance(domain.high, int | Fraction):
        return FALSE
    low, high = domain.low, domain.high
    truths: set[Truth] = set()
    if low < bound if symbol == "<" else low <= bound:
        truths |= {True}
    if high >= bound if symbol == "<" else high > bound:
        truths |= {False}
    return frozenset(truths)


def _find_too_much(output: Output, requested: list[LimitResult], amount: Value) -> Truths:
    """Return whether less than what was requested comes out, where a part may not be granted."""
    if output.partial or not requested:
        return FALSE
    wanted, marks = split_value(requested[0].value)
    given, _ = split_value(amount)
    truths: set[Truth] = {False} if marks else set()
    if isinstance(wanted, Interval) and isinstance(given, Interval):
        if given.low < wanted.high:  # type: ignore[operator]
            truths |= {True}
        if given.high >= wanted.low:  # type: ignore[operator]
            truths |= {False}
    return frozenset(truths) or FALSE


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


def list_surely_binding(item: AmountResult) -> tuple[str, ...]:
    """Return the limits known to equal the amount; those that may, where none is known to."""
    known = {
        limit.rule.id if limit.rule else REQUESTED
        for limit in item.limits
        if limit.counted == item.amount
    }
    return tuple(name for name in item.binding if name in known) or item.binding


def _test_soft_limit(limit: LimitResult, result: RuleResult, amount: Value) -> RuleResult:
    """A soft limit below the amount sends the case to a person; otherwise it is kept."""
    bound, _ = split_value(limit.counted)
    given, _ = split_value(amount)
    statuses = set(result.statuses)
    if Status.APPLIES in statuses and isinstance(bound, Interval) and isinstance(given, Interval):
        statuses.discard(Status.APPLIES)
        if bound.low < given.high:  # type: ignore[operator]
            statuses |= {Status.SOFT_FAILED}
        if bound.high >= given.low:  # type: ignore[operator]
            statuses |= {Status.APPLIES}
    return RuleResult(result.rule, frozenset(statuses), result.when, result.steps)


def round_amount(value: Value, rounding: Rounding) -> Value:
    """Round an amount, or each end of it, and keep it from falling below zero."""
    rounded = round_value(value, rounding)
    if isinstance(rounded, int):
        return max(0, rounded)
    domain, marks = split_value(rounded)
    if not isinstance(domain, Interval):
        return rounded
    low, high = (max(0, end) for end in (domain.low, domain.high))
    return make_value(Interval(low, high), marks)


def round_value(value: Value, rounding: Rounding) -> Value:
    """Round a sum of money, or each end of it; it may lie below zero."""
    if isinstance(value, int | Fraction):
        return round_exact(value, rounding)
    domain, marks = split_value(value)
    if not isinstance(domain, Interval):
        return value
    low, high = (round_exact(end, rounding) for end in (domain.low, domain.high))  # type: ignore[arg-type]
    return make_value(Interval(low, high), marks)


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
