"""Comes in: a rule that tests. Goes out: its result: what it may still be, and the steps to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.checked.mechanics import Documents, Exclude, Require, Rule, Window
from voucher_rules.decision.trace import (
    ONLY,
    SKIPPED,
    RuleResult,
    Status,
    Statuses,
    Step,
    as_applying,
    trace_condition,
    trace_term,
)
from voucher_rules.meaning.unknowns import (
    FALSE,
    TRUE,
    Truth,
    Truths,
    conjoin,
    find_truths,
    negate,
    split_value,
)
from voucher_rules.values.model import NONE, OPEN, Interval, SetBetween, Value

_PLAIN: Final = {
    True: Status.PASSED,
    False: Status.FAILED,
    NONE: Status.NOT_APPLICABLE,
    OPEN: Status.OPEN,
}


def examine_rule(rule: Rule, values: Mapping[str, Value]) -> RuleResult:
    """Test a rule that sets nothing; a rule whose condition does not hold is left aside."""
    when, applies = trace_condition(rule, values)
    if applies <= SKIPPED:
        return RuleResult(rule, ONLY[Status.NOT_APPLICABLE], when, ())
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
            statuses = frozenset(as_applying(truth) for truth in applies)
            return RuleResult(rule, statuses, when, steps)


def find_statuses(rule: Rule, applies: Truths, truths: Truths) -> Statuses:
    """Return every status a rule may have, from whether it applies and whether it holds."""
    if applies == TRUE and len(truths) == 1:
        return ONLY[_grade(rule, next(iter(truths)))]
    statuses: set[Status] = set()
    for condition in applies:
        if condition is True:
            statuses |= {_grade(rule, truth) for truth in truths}
        elif condition is OPEN:
            statuses |= {_grade_open(truth) for truth in truths}
        else:
            statuses |= {Status.NOT_APPLICABLE}
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
    opens, last = steps[0].value, steps[1].value
    nominal = steps[-1].value if body.nominal is not None else None
    if body.act is None:
        statuses = frozenset(as_applying(truth) for truth in applies)
    else:
        act = steps[2].value
        truths = conjoin(_is_not_after(opens, act), _is_not_after(act, last))
        statuses = find_statuses(rule, applies, truths)
    return RuleResult(rule, statuses, when, steps, last_day=last, nominal_day=nominal)


def _is_not_after(earlier: Value, later: Value) -> Truths:
    first, marks = split_value(earlier)
    second, more = split_value(later)
    truths: set[Truth] = set(marks | more)
    if isinstance(first, Interval) and isinstance(second, Interval):
        if first.low <= second.high:  # type: ignore[operator]
            truths |= {True}
        if first.high > second.low:  # type: ignore[operator]
            truths |= {False}
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
