"""Comes in: what a decision came to. Goes out: why it is no plain grant; what would settle it."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from voucher_rules.checked.mechanics import Rule
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Input, ListSpec, Wording
from voucher_rules.decision.amounts import REQUESTED, AmountResult, list_surely_binding
from voucher_rules.decision.boxes import Box
from voucher_rules.decision.cautions import list_beyond
from voucher_rules.decision.complete import Completion
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.law import FIRST_DAY, FIRST_DAY_LABEL, split_case_by_law
from voucher_rules.decision.live import list_live
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import Missing, Reason
from voucher_rules.decision.trace import Status, Step
from voucher_rules.language.records import find_number, split_field
from voucher_rules.language.terms import Role
from voucher_rules.meaning.unknowns import FALSE, TRUE
from voucher_rules.program.build import Program
from voucher_rules.values.model import OPEN


def list_reasons(
    program: Program, evaluation: Evaluation, completion: Completion
) -> tuple[Reason, ...]:
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
        *_explain_force(program, evaluation, completion),
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


def _explain_force(
    program: Program, evaluation: Evaluation, completion: Completion
) -> list[Reason]:
    ref = program.ruleset.document.effective_ref
    if FIRST_DAY in completion.decisive:
        return [Reason("force_unknown", ref)]
    return [Reason("not_in_force", ref)] if evaluation.in_force == FALSE else []


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


def list_missing(
    program: Program, evaluation: Evaluation, completion: Completion, outcome: Outcome, box: Box
) -> tuple[Missing, ...]:
    """Return what would settle an undetermined decision: facts to ask for, days not listed yet.

    Something always stands there: where nothing decides by itself, all that it may turn on.
    """
    missing = [_describe_missing(program, name) for name in completion.decisive]
    calendar = program.ruleset.calendar
    if outcome is Outcome.UNDETERMINED and calendar is not None:
        beyond = list_beyond(evaluation)
        unsure = [x for x in beyond if x.status is None] or ([] if missing else beyond)
        if unsure:
            label = Wording(f"工作日历 {calendar.id}", f"the working calendar {calendar.id}")
            name = f"calendar.{calendar.id}"
            missing.append(Missing(name, Role.CALENDAR, label, unsure[0].rule.citation))
    if outcome is Outcome.UNDETERMINED and not missing:
        part = split_case_by_law(program, box)[0]
        live = list_live(program, evaluation, part)
        missing = [_describe_missing(program, name) for name in live]
    return tuple(missing)


def _describe_missing(program: Program, name: str) -> Missing:
    if name == FIRST_DAY:
        ref, issuer = program.ruleset.document.effective_ref, program.ruleset.document.issuer
        return Missing(name, Role.DOCUMENT, FIRST_DAY_LABEL, ref, issuer)
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
