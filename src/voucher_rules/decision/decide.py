"""Comes in: a program, a case and options. Goes out: the decision; a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from voucher_rules.checked.mechanics import Consequence, Rank, Rule, Window
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.decision.amounts import AmountResult, list_surely_binding
from voucher_rules.decision.boxes import Range, is_settled, measure_ranges
from voucher_rules.decision.case import Case, find_day
from voucher_rules.decision.cautions import list_cautions
from voucher_rules.decision.complete import Completion, complete_case
from voucher_rules.decision.evaluate import Evaluation, evaluate_program
from voucher_rules.decision.law import FIRST_DAY, Options
from voucher_rules.decision.notices import list_notice_overlays
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.reasons import list_missing, list_reasons
from voucher_rules.decision.result import (
    STATED_START,
    Amount,
    Deadline,
    DecisionResult,
    Following,
    Overlay,
)
from voucher_rules.decision.trace import RuleResult, Status
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import Exact, Interval, Unknown, Value

_ORDER: Final = tuple(Outcome)
_UNSETTLED: Final = frozenset({Outcome.UNDETERMINED, Outcome.REFERRED})
"""Outcomes under which nothing is payable yet."""


def decide(
    program: Program, case: Case, options: Options, overlays: tuple[Overlay, ...] = ()
) -> DecisionResult:
    """Decide a case. ``overlays`` are departures already built into the program, to be reported."""
    evaluation = evaluate_program(program, case.values, options)
    completion = _complete(program, case, options, evaluation)
    outputs = _find_outputs(program, options, evaluation, completion)
    outcome = _conclude(program, outputs, completion)
    notices = list_notice_overlays(program, case.values, evaluation)
    reported = (*notices, *overlays, *_list_option_overlays(program, options))
    return DecisionResult(
        program=program,
        case=case,
        options=options,
        as_of=find_day(program, case),
        outcome=outcome,
        possible=tuple(item for item in _ORDER if item in completion.outcomes),
        amounts=_make_amounts(evaluation, completion, outcome),
        values={} if outcome in VALUELESS else outputs,
        exact=completion.exact,
        reasons=list_reasons(program, evaluation, completion),
        missing=list_missing(program, evaluation, completion, outcome, case.values),
        papers=_list_papers(evaluation),
        warnings=tuple(list_cautions(program, case, options, evaluation)),
        deadlines=_list_deadlines(evaluation),
        followings=_list_followings(evaluation),
        ranking=list_ranking(evaluation.rules),
        readings=program.readings,
        overlays=reported,
        evaluation=evaluation,
    )


def _complete(program: Program, case: Case, options: Options, evaluation: Evaluation) -> Completion:
    if is_settled(program, evaluation):
        ranges = measure_ranges(evaluation)
        return Completion(evaluation.outcomes, ranges, (), exact=True)
    return complete_case(program, options, case.values)


def _find_outputs(
    program: Program, options: Options, evaluation: Evaluation, completion: Completion
) -> Mapping[str, Value]:
    """Return the outputs worked out; those of any completion, where all come to the same.

    Seen with its unknowns, a value that one of two definitions gives looks open although both may
    give the same.
    """
    if completion.witness is None:
        return _gather_outputs(program, evaluation)
    return _gather_outputs(program, evaluate_program(program, completion.witness, options))


def _conclude(program: Program, outputs: Mapping[str, Value], completion: Completion) -> Outcome:
    """One outcome and one amount is decided; anything else is undetermined."""
    if len(completion.outcomes) != 1 or completion.decisive:
        return Outcome.UNDETERMINED
    outcome = next(iter(completion.outcomes))
    if outcome in VALUELESS:
        return outcome
    open_ones = any(isinstance(value, Unknown) for value in outputs.values())
    if program.decision.answers == "value" and open_ones:
        return Outcome.UNDETERMINED
    apart = any(payable.low != payable.high for payable in completion.ranges.values())
    return Outcome.UNDETERMINED if apart and outcome is not Outcome.REFERRED else outcome


def _make_amounts(
    evaluation: Evaluation, completion: Completion, outcome: Outcome
) -> dict[str, Amount]:
    return {
        name: _make_amount(item, completion.ranges[name], outcome)
        for name, item in evaluation.amounts.items()
    }


def _make_amount(item: AmountResult, payable: Range, outcome: Outcome) -> Amount:
    fixed = payable.low == payable.high
    domain, _ = split_value(item.amount)
    otherwise: Exact | None = None
    if isinstance(domain, Interval) and domain.low == domain.high:
        otherwise = domain.low if isinstance(domain.low, int | Fraction) else None
    return Amount(
        output=item.output,
        value=int(payable.low) if fixed and outcome not in _UNSETTLED else None,
        range=payable,
        otherwise=otherwise,
        binding=list_surely_binding(item),
        result=item,
    )


def _gather_outputs(program: Program, evaluation: Evaluation) -> Mapping[str, Value]:
    return {
        name: evaluation.values[name]
        for name, output in program.decision.outputs.items()
        if not output.limited
    }


def _list_papers(evaluation: Evaluation) -> tuple[str, ...]:
    found = [paper for result in evaluation.rules.values() for paper in result.missing]
    return tuple(dict.fromkeys(found))


def _list_deadlines(evaluation: Evaluation) -> tuple[Deadline, ...]:
    deadlines = []
    for result in evaluation.rules.values():
        if isinstance(result.rule.body, Window) and result.status is not Status.NOT_APPLICABLE:
            kept = {Status.PASSED: True, Status.FAILED: False}.get(result.status or Status.OPEN)
            days = [_as_day(day) for day in (result.last_day, result.nominal_day)]
            deadlines.append(Deadline(result.rule, days[0], kept, days[1]))
    return tuple(deadlines)


def _as_day(value: Value | None) -> date | None:
    """Return a day or a moment, or None where it is not known."""
    return value if isinstance(value, date) else None


def _list_followings(evaluation: Evaluation) -> tuple[Following, ...]:
    followings = []
    for result in evaluation.rules.values():
        body = result.rule.body
        if isinstance(body, Consequence) and result.status is Status.APPLIES:
            until = result.steps[1].value if body.until is not None else None
            followings.append(Following(result.rule, body, result.steps[0].value, until))
    return tuple(followings)


def list_ranking(rules: Mapping[str, RuleResult]) -> tuple[tuple[Rule, tuple[Value, ...]], ...]:
    """Return the ranking rules that apply, with the value of each of their keys."""
    return tuple(
        (result.rule, tuple(step.value for step in result.steps))
        for result in rules.values()
        if isinstance(result.rule.body, Rank) and result.status is Status.APPLIES
    )


def _list_option_overlays(program: Program, options: Options) -> list[Overlay]:
    made = []
    for name, option in options.readings.items():
        default = program.ruleset.readings[name].default
        if option != default:
            made.append(Overlay("reading", name, default, option))
    made += list_stated_starts(program.ruleset)
    if options.assume_in_force:
        made.append(Overlay("assumption", "in_force", program.ruleset.document.status, "in_force"))
    return made


def list_stated_starts(ruleset: CheckedRuleset) -> list[Overlay]:
    """Return the first day of a document that leaves it open, where somebody stated it."""
    document = ruleset.document
    stated = document.starts.values() if document.start_stated else ()
    return [Overlay(STATED_START, FIRST_DAY, "unset", str(day)) for day in stated]
