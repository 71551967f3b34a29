"""Comes in: a box of a case and what it came to. Goes out: the unknowns that may still matter.

They are found in the trace: only what stands below an unknown step counts, so that a part which is
settled hides what it reads.
"""

from __future__ import annotations

from functools import lru_cache

from voucher_rules.checked.mechanics import GRANTED, Consequence
from voucher_rules.checked.reads import ASKED, LIVE
from voucher_rules.decision.boxes import Box, is_settled
from voucher_rules.decision.evaluate import Called, Evaluation, called_of
from voucher_rules.decision.outcomes import REFERRING
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.language.terms import Role
from voucher_rules.meaning.unknowns import TRUE
from voucher_rules.program.build import Program
from voucher_rules.values.model import Mark, Unknown


def list_live(program: Program, evaluation: Evaluation, box: Box) -> list[str]:
    """Return the unknowns that may still matter: to hard rules first, then amounts, then the rest.

    Only what stands below an unknown step counts: a part that is settled hides what it reads. Where
    the case surely goes to a person, what could only send it there matters no more.
    """
    if is_settled(program, evaluation):
        return []
    hard: list[str] = []
    soft: list[str] = []
    refers = _surely_refers(evaluation)
    for result in evaluation.rules.values():
        rule = result.rule
        settled = len(result.statuses) == 1 and not _has_open_days(result)
        if settled or not rule.decides or rule.limits:
            continue
        found = _trace_unknowns(program, evaluation, list(result.list_steps()))
        if Status.FAILED in result.statuses:
            hard += found
        elif not refers or isinstance(rule.body, Consequence):
            soft += found
    amounts = list_live_amounts(program, evaluation, refers=refers)
    order = dict.fromkeys([*hard, *amounts, *soft])
    return [name for name in order if isinstance(box.get(name), Unknown)]


def _has_open_days(result: RuleResult) -> bool:
    """Return whether from or until when a consequence holds is not known."""
    is_following = isinstance(result.rule.body, Consequence)
    return is_following and any(isinstance(step.value, Unknown) for step in result.steps)


def _surely_refers(evaluation: Evaluation) -> bool:
    """Return whether, unless denied, the case goes to a person whatever the unknowns are."""
    return any(
        result.rule.decides and result.statuses <= REFERRING
        for result in evaluation.rules.values()
        if not result.rule.limits
    ) or any(item.waiting == TRUE for item in evaluation.amounts.values())


def list_live_amounts(program: Program, evaluation: Evaluation, *, refers: bool) -> list[str]:
    """Return the unknowns behind amounts that are not known, and behind values asked for.

    Where the case surely ``refers``, what an amount waits for matters no more.
    """
    names: list[str] = []
    for name, output in program.decision.outputs.items():
        if output.limited:
            waits = len(evaluation.amounts[name].waiting) > 1 and not refers
            refused = len(evaluation.amounts[name].too_much_requested) > 1
            counts = waits or refused or isinstance(evaluation.amounts[name].amount, Unknown)
        else:
            is_answer = program.decision.answers == "value"
            counts = is_answer and isinstance(evaluation.values[name], Unknown)
        if counts:
            names += _trace_setters(program, evaluation, name)
            names += [output.requested] if output.requested else []
    return names


def _trace_setters(program: Program, evaluation: Evaluation, name: str) -> list[str]:
    """Return the unknowns behind a variable or output."""
    return _trace_unknowns(program, evaluation, _list_setting_steps(program, evaluation, name))


def _list_setting_steps(program: Program, evaluation: Evaluation, name: str) -> list[Step]:
    """Return the steps that set a variable or output, but for limits that are surely marks."""
    if name.startswith(LIVE):
        when = evaluation.rules[name.removeprefix(LIVE)].when
        return [when] if when is not None else []
    marked = set()
    if name in evaluation.amounts:
        limits = evaluation.amounts[name].limits
        marked = {x.rule.id for x in limits if x.rule and isinstance(x.value, Mark)}
    return [
        step
        for rule in program.setters.get(name, ())
        for step in _list_own_steps(evaluation.rules[rule])
        if rule not in marked
    ]


def _list_own_steps(result: RuleResult) -> tuple[Step, ...]:
    """Return a rule's steps; of one that calls a decision only its condition."""
    if result.called is None:
        return result.list_steps()
    return (result.when,) if result.when is not None else ()


def _trace_unknowns(program: Program, evaluation: Evaluation, steps: list[Step]) -> list[str]:
    """Return the unknown names below unknown steps, through the variables they read."""
    names: list[str] = []
    waiting = list(reversed(steps))
    seen: set[str] = set()
    while waiting:
        step = waiting.pop()
        if not isinstance(step.value, Unknown):
            continue
        if step.parts:
            waiting.extend(reversed(step.parts))
        elif step.term.role not in {Role.VARIABLE, Role.OUTPUT}:
            names += _list_behind(program, step.term.name)
        elif step.term.name not in seen:
            seen.add(step.term.name)
            names += _list_called(program, evaluation, step.term.name)
            waiting.extend(reversed(_list_setting_steps(program, evaluation, step.term.name)))
    return names


def _list_behind(program: Program, name: str) -> list[str]:
    """Return an unknown's own name, and what whether it exists or which value holds turns on."""
    own = name.removesuffix(ASKED)
    applies = program.inputs[own].applies if own in program.inputs else None
    names = [] if applies is None else list(applies.names(Role.FACT, Role.FINDING))
    picked = program.parameters[own].on if own in program.parameters else ""
    return [*names, own, *([picked] if picked else [])]


def _list_called(program: Program, evaluation: Evaluation, name: str) -> list[str]:
    """Return the unknowns of the caller on which a called decision turns."""
    names: list[str] = []
    for rule in program.setters.get(name, ()):
        called = called_of(evaluation.rules[rule]) if rule in evaluation.rules else None
        if called is None:
            continue
        steps = dict(
            zip((key for key, _ in called.body.asked), evaluation.rules[rule].steps, strict=False)
        )
        for inner in _list_live_called(called):
            if inner in steps:
                names += _trace_unknowns(program, evaluation, [steps[inner]])
            elif inner == called.program.decision.as_of:
                names.append(program.decision.as_of)
            else:
                names.append(inner)
    return names


@lru_cache(maxsize=256)
def _list_live_called(called: Called) -> tuple[str, ...]:
    """Return the inputs of a called decision that its answer may turn on."""
    names: list[str] = []
    for item in called.evaluations:
        names += list_live(called.program, item, called.box)
        if called.body.gives != GRANTED:
            names += _trace_setters(called.program, item, called.body.gives)
    if len(called.evaluations) > 1:
        names.append(called.program.decision.as_of)
    return tuple(dict.fromkeys(names))
