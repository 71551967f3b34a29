"""Comes in: a decision and what it was taken on. Goes out: what a reader should know beside it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from voucher_rules.checked.mechanics import Warn, Window
from voucher_rules.decision.amounts import AmountResult
from voucher_rules.decision.case import Case, find_day
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.law import Options, find_start
from voucher_rules.decision.result import Caution
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.language.operators import CALENDAR_CALLS
from voucher_rules.meaning.unknowns import TRUE, split_value
from voucher_rules.program.build import Program
from voucher_rules.spans import Citation
from voucher_rules.values.model import Interval, Unknown


def list_cautions(
    program: Program, case: Case, options: Options, evaluation: Evaluation
) -> list[Caution]:
    """Return every warning of a decision: of its document, its rules, amounts and windows."""
    return [
        *_warn_of_document(program, case, options),
        *_warn_of_rules(program, evaluation),
        *_warn_of_amounts(evaluation),
        *_warn_of_windows(program, evaluation),
        *(Caution("fact_not_read", None, (("name", name),)) for name in case.extra),
    ]


def _warn_of_document(program: Program, case: Case, options: Options) -> list[Caution]:
    document, ref = program.ruleset.document, program.ruleset.document.effective_ref
    day = find_day(program, case)
    warnings = []
    if options.assume_in_force:
        warnings.append(Caution("assumed_in_force", ref))
    if document.start_stated:
        start = str(find_start(program.ruleset, options.readings))
        warnings.append(Caution("start_stated", ref, (("start", start),)))
    if options.placed_by:
        warnings.append(Caution("placed_by_transition", None, (("rule", options.placed_by),)))
    if document.status != "issued":
        warnings.append(Caution(f"status_{document.status}", ref))
    if day is not None and _is_start_disputed(program, day):
        chosen = find_start(program.ruleset, options.readings)
        warnings.append(Caution("start_disputed", ref, (("start", str(chosen)),)))
    if document.until is None and document.status == "issued":
        code = "no_end_stated" if document.lasts is None else "end_not_dated"
        warnings.append(Caution(code, ref))
    if document.verified is None:
        warnings.append(Caution("never_verified", ref))
    elif day is not None and day > document.verified:
        warnings.append(Caution("not_verified_since", ref, (("day", str(document.verified)),)))
    return warnings + [Caution("doubt", ref, (), doubt) for doubt in document.doubts]


def _is_start_disputed(program: Program, day: date) -> bool:
    return len({start <= day for start in program.ruleset.document.starts.values()}) > 1


def _warn_of_rules(program: Program, evaluation: Evaluation) -> list[Caution]:
    return [
        Caution(
            "rule", rule.citation, (("rule", rule.id),), rule.body.message, rule.body.for_officers
        )
        for rule in program.rules
        if isinstance(rule.body, Warn) and evaluation.rules[rule.id].status is Status.APPLIES
    ]


def _warn_of_amounts(evaluation: Evaluation) -> list[Caution]:
    return [
        Caution("over_used", _cite_over_used(item), (("output", item.output.name),))
        for item in evaluation.amounts.values()
        if item.overused == TRUE
    ]


def _warn_of_windows(program: Program, evaluation: Evaluation) -> list[Caution]:
    """Warn where an act is in time only because a day off moved the last day, or none is known."""
    warnings = []
    calendar = program.ruleset.calendar
    name = calendar.id if calendar else ""
    for result in list_beyond(evaluation):
        cited = result.rule.citation
        warnings.append(Caution("beyond_calendar", cited, (("calendar", name),)))
    for result in evaluation.rules.values():
        body, cited = result.rule.body, result.rule.citation
        if not isinstance(body, Window) or result.status is Status.NOT_APPLICABLE:
            continue
        act = result.steps[2].value if body.act is not None else None
        nominal = result.nominal_day
        late = isinstance(act, date) and isinstance(nominal, date) and act > nominal
        if late and result.status is Status.PASSED:
            warnings.append(Caution("rolled", cited, (("day", str(nominal)),)))
    return warnings


def _cite_over_used(item: AmountResult) -> Citation | None:
    """Return the provision of the first limit that lies below zero."""
    for limit in item.limits:
        domain, _ = split_value(limit.value)
        high = domain.high if isinstance(domain, Interval) else 0
        if limit.rule and isinstance(high, int | Fraction) and high < 0:
            return limit.rule.citation
    return None


def list_beyond(evaluation: Evaluation) -> list[RuleResult]:
    """Return the windows whose last day lies beyond the calendar, though all else is known."""
    return [
        result
        for result in evaluation.rules.values()
        if isinstance(result.rule.body, Window)
        and isinstance(result.last_day, Unknown)
        and _is_beyond(result.steps[1])
    ]


def _is_beyond(step: Step) -> bool:
    """Return whether a last day is unknown for its calendar alone."""
    if not isinstance(step.value, Unknown) or step.term.name not in CALENDAR_CALLS:
        return False
    given = step.parts[:-1]
    return all(not isinstance(part.value, Unknown) or _is_beyond(part) for part in given)
