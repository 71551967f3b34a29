"""Comes in: a checked ruleset and the name of a decision. Goes out: its steps, in order.

No text and no YAML is left here: a program is what every executor runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from voucher_rules.checked.model import (
    CheckedRuleset,
    DecisionSpec,
    Define,
    Input,
    Limit,
    Output,
    Parameter,
    Rule,
)
from voucher_rules.checked.order import sort_names
from voucher_rules.checked.structure import collect_needs
from voucher_rules.language.terms import Role


@dataclass(frozen=True, slots=True)
class SetValue:
    """Give a variable or output the value of a definition."""

    name: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class FixAmount:
    """Give an output the least of its limits, rounded."""

    output: Output
    limits: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class TestRule:
    """Test a rule that sets nothing."""

    rule: Rule


ProgramStep: TypeAlias = SetValue | FixAmount | TestRule


@dataclass(frozen=True, slots=True)
class Program:
    """One decision of a ruleset, ready to run."""

    ruleset: CheckedRuleset
    decision: DecisionSpec
    steps: tuple[ProgramStep, ...]
    rules: tuple[Rule, ...]
    """The decision's rules, in the order of the document."""
    inputs: Mapping[str, Input]
    """What the decision reads of a case, the day that fixes the law first."""
    parameters: Mapping[str, Parameter]
    readings: tuple[str, ...]
    """The readings it rests on, that of the first day in force among them."""
    setters: Mapping[str, tuple[str, ...]]
    """For each variable and output, the rules that define or limit it."""


def build_program(ruleset: CheckedRuleset, decision: str) -> Program:
    """Build the program of ``decision``, which must be one of the ruleset's."""
    spec = ruleset.decisions[decision]
    rules = tuple(rule for rule in ruleset.rules.values() if decision in rule.decisions)
    names = _collect_names(rules, spec)
    return Program(
        ruleset=ruleset,
        decision=spec,
        steps=_order_steps(spec, rules),
        rules=rules,
        inputs={name: ruleset.inputs[name] for name in names if name in ruleset.inputs},
        parameters={name: ruleset.parameters[name] for name in names if name in ruleset.parameters},
        readings=_collect_readings(ruleset, rules),
        setters=_collect_setters(rules),
    )


def _collect_names(rules: tuple[Rule, ...], spec: DecisionSpec) -> list[str]:
    names = [spec.as_of]
    roles = (Role.FACT, Role.FINDING, Role.BALANCE, Role.PARAMETER)
    for rule in rules:
        for term in rule.terms():
            names.extend(term.names(*roles))
    names.extend(output.requested for output in spec.outputs.values() if output.requested)
    return list(dict.fromkeys(names))


def _collect_readings(ruleset: CheckedRuleset, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    start = ruleset.document.start_reading
    read = [n for rule in rules for term in rule.terms() for n in term.names(Role.READING)]
    names = [*([start] if start else []), *(name.removeprefix("reading.") for name in read)]
    return tuple(dict.fromkeys(names))


def _collect_setters(rules: tuple[Rule, ...]) -> dict[str, tuple[str, ...]]:
    setters: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        if isinstance(rule.body, Define | Limit):
            name = rule.body.name if isinstance(rule.body, Define) else rule.body.output
            setters[name] = (*setters.get(name, ()), rule.id)
    return setters


def _order_steps(spec: DecisionSpec, rules: tuple[Rule, ...]) -> tuple[ProgramStep, ...]:
    needs = collect_needs({rule.id: rule for rule in rules}, spec.name)
    steps: list[ProgramStep] = []
    for name in sort_names(needs):
        steps.extend(_set_name(name, spec, rules))
    steps.extend(TestRule(rule) for rule in rules if not isinstance(rule.body, Define | Limit))
    return tuple(steps)


def _set_name(name: str, spec: DecisionSpec, rules: tuple[Rule, ...]) -> list[ProgramStep]:
    defining = [r for r in rules if isinstance(r.body, Define) and r.body.name == name]
    if defining:
        return [SetValue(name, defining[0])]
    limits = tuple(r for r in rules if isinstance(r.body, Limit) and r.body.output == name)
    return [FixAmount(spec.outputs[name], limits)] if limits else []
