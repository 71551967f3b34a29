"""Comes in: a program, a case and options. Goes out: the decision; a pure function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from voucher_rules.checked.mechanics import Consequence, Rank, Rule, Warn, Window
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Input, ListSpec, Wording
from voucher_rules.decision.amounts import REQUESTED, AmountResult, list_surely_binding
from voucher_rules.decision.boxes import VALUELESS, Range, is_settled, measure_ranges
from voucher_rules.decision.case import Case
from voucher_rules.decision.complete import Completion, complete_case
from voucher_rules.decision.evaluate import (
    Evaluation,
    Options,
    Outcome,
    evaluate_program,
    find_start,
)
from voucher_rules.decision.notices import list_notice_overlays
from voucher_rules.decision.result import (
    Amount,
    Caution,
    Deadline,
    DecisionResult,
    Following,
    Missing,
    Overlay,
    Reason,
)
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.language.operators import CALENDAR_CALLS
from voucher_rules.language.records import find_number, split_field
from voucher_rules.language.terms import Role
from voucher_rules.meaning.unknowns import FALSE, TRUE, split_value
from voucher_rules.program.build import Program
from voucher_rules.spans import Citation
from voucher_rules.values.model import OPEN, Exact, Interval, Unknown, Value

_ORDER: Final = tuple(Outcome)
_UNSETTLED: Final = frozenset({Outcome.UNDETERMINED, Outcome.REFERRED})
"""Outcomes under which nothing is payable yet."""


def decide(
    program: Program, case: Case, options: Options, overlays: tuple[Overlay, ...] = ()
) -> DecisionResult:
    """Decide a case. ``overlays`` are departures already built into the program, to be reported."""
    evaluation = evaluate_program(program, case.values, options)
    completion = _complete(program, case, options, evaluation)
    outcome = _conclude(program, evaluation, completion)
    notices = list_notice_overlays(program, case.values, evaluation)
    reported = (*notices, *overlays, *_list_option_overlays(program, options))
    return DecisionResult(
        program=program,
        case=case,
        options=options,
        as_of=_find_day(program, case),
        outcome=outcome,
        possible=tuple(item for item in _ORDER if item in completion.outcomes),
        amounts=_make_amounts(evaluation, completion, outcome),
        values={} if outcome in VALUELESS else _gather_outputs(program, evaluation),
        exact=completion.exact,
        reasons=_list_reasons(program, evaluation),
        missing=_list_missing(program, evaluation, completion, outcome),
        papers=_list_papers(evaluation),
        warnings=tuple(_list_warnings(program, case, options, evaluation)),
        deadlines=_list_deadlines(evaluation),
        followings=_list_followings(evaluation),
        ranking=_list_ranking(evaluation),
        readings=program.readings,
        overlays=reported,
        evaluation=evaluation,
    )


def _complete(program: Program, case: Case, options: Options, evaluation: Evaluation) -> Completion:
    if is_settled(program, evaluation):
        ranges = measure_ranges(evaluation)
        return Completion(evaluation.outcomes, ranges, (), exact=True)
    return complete_case(program, options, case.values)


def _conclude(program: Program, evaluation: Evaluation, completion: Completion) -> Outcome:
    """One outcome and one amount is decided; anything else is undetermined."""
    if len(completion.outcomes) != 1 or completion.decisive:
        return Outcome.UNDETERMINED
    outcome = next(iter(completion.outcomes))
    if outcome in VALUELESS:
        return outcome
    values = _gather_outputs(program, evaluation).values()
    if program.decision.answers == "value" and any(isinstance(x, Unknown) for x in values):
        return Outcome.UNDETERMINED
    apart = any(payable.low != payable.high for payable in completion.ranges.values())
    return Outcome.UNDETERMINED if apart and outcome is not Outcome.REFERRED else outcome


def _find_day(program: Program, case: Case) -> date | None:
    day = case.values[program.decision.as_of]
    return day if isinstance(day, date) else None


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


def _list_reasons(program: Program, evaluation: Evaluation) -> tuple[Reason, ...]:
    """Every reason against a plain grant: hard ones first, then what a person must settle."""
    reasons: dict[Status, list[Reason]] = {status: [] for status in _KINDS}
    for rule in program.rules:
        result = evaluation.rules[rule.id]
        status = result.status
        if status in reasons and rule.decides:
            waiting = [name for step in result.list_steps() for name in list_open(step)]
            findings, unanswered = _split_open(waiting)
            kind = _KINDS[status]
            reason = Reason(kind, rule.citation, (rule,), result.missing, findings, unanswered)
            reasons[status].append(reason)
    return (
        *_explain_force(program, evaluation),
        *reasons[Status.FAILED],
        *_list_amount_reasons(program, evaluation),
        *reasons[Status.SOFT_FAILED],
        *reasons[Status.OPEN],
    )


_KINDS: Final = {
    Status.FAILED: "failed",
    Status.SOFT_FAILED: "soft_failed",
    Status.OPEN: "open",
}


def _explain_force(program: Program, evaluation: Evaluation) -> list[Reason]:
    if evaluation.in_force != FALSE:
        return []
    return [Reason("not_in_force", program.ruleset.document.effective_ref)]


def list_open(step: Step) -> list[str]:
    """Return the findings nobody has made yet that a step reads, and facts asked for in vain."""
    found: list[str] = []
    waiting = [step]
    while waiting:
        item = waiting.pop()
        if item.value is OPEN and item.term.role in {Role.FINDING, Role.FACT}:
            found.append(item.term.name)
        waiting.extend(reversed(item.parts))
    return found


def _split_open(names: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the findings among what is open, and the facts that were asked for in vain."""
    findings = [name for name in names if not name.endswith(ASKED)]
    facts = [name.removesuffix(ASKED) for name in names if name.endswith(ASKED)]
    return tuple(dict.fromkeys(findings)), tuple(dict.fromkeys(facts))


def _list_amount_reasons(program: Program, evaluation: Evaluation) -> list[Reason]:
    reasons = []
    exhausted = all(item.amount == 0 for item in evaluation.amounts.values())
    for item in evaluation.amounts.values():
        binding = tuple(
            program.ruleset.rules[n] for n in list_surely_binding(item) if n != REQUESTED
        )
        if exhausted:
            citation = binding[0].citation if binding else None
            reasons.append(Reason("exhausted", citation, binding))
        if item.too_much_requested == TRUE:
            lowest = _find_lowest_rules(item)
            citation = lowest[0].citation if lowest else None
            reasons.append(Reason("too_much_requested", citation, lowest))
    return reasons


def _find_lowest_rules(item: AmountResult) -> tuple[Rule, ...]:
    known = [x for x in item.limits if x.rule and isinstance(x.counted, int | Fraction)]
    if not known:
        return ()
    low = min(x.counted for x in known)  # type: ignore[type-var]
    return tuple(x.rule for x in known if x.counted == low and x.rule)


def _list_missing(
    program: Program, evaluation: Evaluation, completion: Completion, outcome: Outcome
) -> tuple[Missing, ...]:
    """Return what would settle an undetermined decision: facts to ask for, days not listed yet."""
    missing = [_describe_missing(program, name) for name in completion.decisive]
    calendar = program.ruleset.calendar
    if outcome is Outcome.UNDETERMINED and calendar is not None:
        beyond = _list_beyond(evaluation)
        unsure = [x for x in beyond if x.status is None] or ([] if missing else beyond)
        if unsure:
            label = Wording(f"工作日历 {calendar.id}", f"the working calendar {calendar.id}")
            name = f"calendar.{calendar.id}"
            missing.append(Missing(name, Role.CALENDAR, label, unsure[0].rule.citation))
    return tuple(missing)


def _list_beyond(evaluation: Evaluation) -> list[RuleResult]:
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


def _describe_missing(program: Program, name: str) -> Missing:
    declared = program.ruleset.inputs.get(name)
    listed, field = split_field(name)
    if listed in program.lists:
        spec, one = program.lists[listed], program.lists[listed].fields[field]
        return Missing(name, Role.FACT, label_field(spec, one, find_number(name)))
    if declared is not None:
        return Missing(name, declared.role, declared.label)
    parameter = program.ruleset.parameters[name]
    return Missing(name, Role.PARAMETER, parameter.label, parameter.citation, parameter.set_by)


def label_field(spec: ListSpec, field: Input, number: int) -> Wording:
    """Return what a field of one record is called."""
    return Wording(
        f"{spec.one.zh} {number} 的{field.label.zh}", f"{field.label.en} of {spec.one.en} {number}"
    )


def _list_papers(evaluation: Evaluation) -> tuple[str, ...]:
    found = [paper for result in evaluation.rules.values() for paper in result.missing]
    return tuple(dict.fromkeys(found))


def _list_warnings(
    program: Program, case: Case, options: Options, evaluation: Evaluation
) -> list[Caution]:
    return [
        *_warn_of_document(program, case, options),
        *_warn_of_rules(program, evaluation),
        *_warn_of_amounts(evaluation),
        *_warn_of_windows(program, evaluation),
        *(Caution("fact_not_read", None, (("name", name),)) for name in case.extra),
    ]


def _warn_of_document(program: Program, case: Case, options: Options) -> list[Caution]:
    document, ref = program.ruleset.document, program.ruleset.document.effective_ref
    day = _find_day(program, case)
    warnings = []
    if options.assume_in_force:
        warnings.append(Caution("assumed_in_force", ref))
    if document.status != "issued":
        warnings.append(Caution(f"status_{document.status}", ref))
    if day is not None and _is_start_disputed(program, day):
        chosen = find_start(program.ruleset, options.readings)
        warnings.append(Caution("start_disputed", ref, (("start", str(chosen)),)))
    if document.until is None and document.status == "issued":
        warnings.append(Caution("no_end_stated", ref))
    if document.verified is None:
        warnings.append(Caution("never_verified", ref))
    elif day is not None and day > document.verified:
        warnings.append(Caution("not_verified_since", ref, (("day", str(document.verified)),)))
    return warnings + [Caution("doubt", ref, (), doubt) for doubt in document.doubts]


def _is_start_disputed(program: Program, day: date) -> bool:
    return len({start <= day for start in program.ruleset.document.starts.values()}) > 1


def _warn_of_rules(program: Program, evaluation: Evaluation) -> list[Caution]:
    return [
        Caution("rule", rule.citation, (("rule", rule.id),), rule.body.message)
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
    for result in _list_beyond(evaluation):
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


def _list_ranking(evaluation: Evaluation) -> tuple[tuple[Rule, tuple[Value, ...]], ...]:
    return tuple(
        (result.rule, tuple(step.value for step in result.steps))
        for result in evaluation.rules.values()
        if isinstance(result.rule.body, Rank) and result.status is Status.APPLIES
    )


def _list_option_overlays(program: Program, options: Options) -> list[Overlay]:
    made = []
    for name, option in options.readings.items():
        default = program.ruleset.readings[name].default
        if option != default:
            made.append(Overlay("reading", name, default, option))
    if options.assume_in_force:
        made.append(Overlay("assumption", "in_force", program.ruleset.document.status, "in_force"))
    return made
