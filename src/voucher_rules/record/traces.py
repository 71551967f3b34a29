"""Comes in: what became of every rule. Goes out: the same as canonical data, step by step.

A step is ``[name, value]``, or ``[operator, value, [steps]]`` where it was made from others. Texts
are left out: they stand in the ruleset, which is pinned by its digests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voucher_rules.checked.mechanics import Rule
from voucher_rules.decision.evaluate import Called, called_of
from voucher_rules.decision.trace import RuleResult, Step
from voucher_rules.language.terms import Role
from voucher_rules.language.types import DATE
from voucher_rules.record.canonical import Data
from voucher_rules.record.covers import Cover
from voucher_rules.record.values import state_value

UNDETERMINED = "undetermined"


def state_trace(
    rules: Sequence[Rule], results: Mapping[str, RuleResult], cover: Cover
) -> list[Data]:
    """Return what became of every rule, in the order of the document; none is left out.

    ``cover`` holds the digests that stand in for what is hidden.
    """
    return [_state_rule(results[rule.id], cover) for rule in rules]


def _state_rule(item: RuleResult, cover: Cover) -> Data:
    data: dict[str, Data] = {
        "rule": item.rule.id,
        "status": str(item.status) if item.status else UNDETERMINED,
    }
    if item.status is None:
        data["possible"] = sorted(str(status) for status in item.statuses)
    if item.when:
        data["when"] = _state_step(item.when, cover)
    if item.steps:
        data["steps"] = [_state_step(step, cover) for step in item.steps]
    if item.missing:
        data["papers_missing"] = list(item.missing)
    if item.unsure:
        data["papers_unsure"] = list(item.unsure)
    if item.last_day is not None:
        data["last_day"] = state_value(item.last_day, DATE)
    if item.nominal_day is not None:
        data["nominal_day"] = state_value(item.nominal_day, DATE)
    called = called_of(item)
    if called is not None:
        data["called"] = _state_called(called, cover)
    return data


def _state_called(called: Called, cover: Cover) -> Data:
    ruleset = called.program.ruleset
    return {
        "ruleset": ruleset.id,
        "edition": ruleset.edition,
        "decision": called.program.decision.name,
        "gives": called.body.gives,
        "value": cover.state(called.value, called.body.type),
        "laws": [
            state_trace(called.program.rules, evaluation.rules, cover.forget_names())
            for evaluation in called.evaluations
        ],
    }


def _state_step(step: Step, cover: Cover) -> Data:
    name = step.term.name or step.term.text
    if step.term.role in {Role.FACT, Role.FINDING} and name in cover.names:
        return [name, {"commitment": cover.names[name]}]
    value = cover.state(step.value, step.term.type)
    if not step.parts:
        return [name, value]
    return [name, value, [_state_step(part, cover) for part in step.parts]]
