"""Comes in: a checked ruleset and the name of a decision. Goes out: its steps, in order.

No text and no YAML is left here: a program is what every executor runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from voucher_rules.checked.mechanics import Call, Limit, Rule, name_set
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.order import sort_names
from voucher_rules.checked.reads import ASKED, LIVE, collect_needs, list_behind, list_read
from voucher_rules.checked.symbols import DecisionSpec, Input, ListSpec, Output, Parameter
from voucher_rules.language.records import split_field
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind


@dataclass(frozen=True, slots=True)
class SetValue:
    """Give a variable or output the value of its definition: of the one that counts."""

    name: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class SetLive:
    """Find out whether a rule that sets others aside counts."""

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


ProgramStep: TypeAlias = SetValue | SetLive | FixAmount | TestRule


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """One decision of a ruleset, ready to run; two programs are equal only if they are the same."""

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
    calls: Mapping[str, Program]
    """For each rule that calls a decision, the program of that decision."""
    lists: Mapping[str, ListSpec]
    """The lists it counts over."""
    applying: tuple[str, ...]
    """The inputs that exist only under a condition, each after those its condition reads."""
    picked: tuple[str, ...]
    """The parameters whose value another day of the case picks."""
    asked: tuple[str, ...]
    """The facts that send a case to a person where they were asked for in vain."""
    branching: tuple[str, ...]
    """The rules whose formulas take one of several ways, by a test or by brackets."""
    choosing: tuple[str, ...]
    """The variables that are one of a few options, which other rules may turn on."""
    elsewhere: tuple[str, ...]
    """The names of exceptions to its rules that belong to other decisions only."""
    reads: tuple[frozenset[str], ...]
    """For each step, the names whose values it reads; while none changes, nor does its result."""

    def find_input(self, name: str) -> Input | Parameter:
        """Return what was declared of an unknown: an input, a field of a record, a parameter."""
        if name in self.inputs:
            return self.inputs[name]
        listed, field = split_field(name)
        if listed in self.lists:
            return self.lists[listed].fields[field]
        return self.parameters[name]


_Built: TypeAlias = dict[tuple[int, str], Program]
"""The programs built so far, by ruleset and decision."""


def build_program(ruleset: CheckedRuleset, decision: str) -> Program:
    """Build the program of ``decision``, which must be one of the ruleset's."""
    return _build(ruleset, decision, {})


def _build(ruleset: CheckedRuleset, decision: str, built: _Built) -> Program:
    """Build a program; a decision that is called twice is built once."""
    key = (id(ruleset), decision)
    if key not in built:
        built[key] = _build_new(ruleset, decision, built)
    return built[key]


def _build_new(ruleset: CheckedRuleset, decision: str, built: _Built) -> Program:
    spec = ruleset.decisions[decision]
    rules = tuple(rule for rule in ruleset.rules.values() if decision in rule.decisions)
    calls = {rule.id: _build_called(ruleset, rule.body, built) for rule in rules if _calls(rule)}
    names = _collect_names(ruleset, rules, spec, calls)
    inputs = {name: ruleset.inputs[name] for name in names if name in ruleset.inputs}
    parameters = {name: ruleset.parameters[name] for name in names if name in ruleset.parameters}
    steps = _order_steps(spec, rules)
    return Program(
        ruleset=ruleset,
        decision=spec,
        steps=steps,
        rules=rules,
        inputs=inputs,
        parameters=parameters,
        readings=_collect_readings(ruleset, rules),
        setters=_collect_setters(rules),
        calls=calls,
        lists={name: ruleset.lists[name] for name in inputs if name in ruleset.lists},
        applying=_sort_applying(inputs),
        picked=tuple(name for name, item in parameters.items() if item.on),
        asked=_collect_asked(rules),
        branching=tuple(rule.id for rule in rules if _branches(rule)),
        choosing=_collect_choosing(rules),
        elsewhere=_collect_elsewhere(rules),
        reads=tuple(_collect_reads(ruleset, spec, step, calls) for step in steps),
    )


def _calls(rule: Rule) -> bool:
    return isinstance(rule.body, Call)


def _build_called(ruleset: CheckedRuleset, body: object, built: _Built) -> Program:
    """Build the program of a called decision, of another ruleset or of this one."""
    if not isinstance(body, Call):
        message = "a rule that calls a decision"
        raise TypeError(message)
    called = ruleset.uses[body.uses].ruleset if body.uses else ruleset
    return _build(called, body.decision, built)


def _collect_names(
    ruleset: CheckedRuleset,
    rules: tuple[Rule, ...],
    spec: DecisionSpec,
    calls: Mapping[str, Program],
) -> list[str]:
    """Return every name a decision reads, also through calls that ask it of the same case."""
    names = list_read(rules, spec, ruleset.inputs, ruleset.parameters)
    for rule in rules:
        if isinstance(rule.body, Call):
            called = calls[rule.id]
            given = {name for name, _ in rule.body.asked} | {called.decision.as_of}
            names += [name for name in called.inputs if name not in given]
    # what a call gives the caller reads all the same, where a fact it inherits exists by it
    return list_behind(names, ruleset.inputs, ruleset.parameters)


def _sort_applying(inputs: Mapping[str, Input]) -> tuple[str, ...]:
    needs = {
        name: [n for n in item.applies.names(*Role) if n in inputs and inputs[n].applies]
        for name, item in inputs.items()
        if item.applies is not None
    }
    return tuple(sort_names(needs))


def _collect_asked(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    names = (n for rule in rules for term in rule.terms() for n in term.names(Role.FACT))
    return tuple(dict.fromkeys(n.removesuffix(ASKED) for n in names if n.endswith(ASKED)))


def _branches(rule: Rule) -> bool:
    parts = (part for term in rule.terms() for part in term.walk())
    return any(x.name in {"if", "scale"} and x.role is Role.OPERATOR for x in parts)


def _collect_elsewhere(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    here = {rule.id for rule in rules}
    above = (name for rule in rules for name in rule.set_aside_by)
    return tuple(dict.fromkeys(f"{LIVE}{name}" for name in above if name not in here))


def _collect_choosing(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    few = {Kind.BOOLEAN, Kind.CHOICE, Kind.SET}
    return tuple(
        dict.fromkeys(
            part.name
            for rule in rules
            for term in rule.terms()
            for part in term.walk()
            if part.role is Role.VARIABLE and part.type.kind in few
        )
    )


def _collect_readings(ruleset: CheckedRuleset, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    start = ruleset.document.start_reading
    read = [n for rule in rules for term in rule.terms() for n in term.names(Role.READING)]
    names = [*([start] if start else []), *(name.removeprefix("reading.") for name in read)]
    return tuple(dict.fromkeys(names))


def _collect_setters(rules: tuple[Rule, ...]) -> dict[str, tuple[str, ...]]:
    setters: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        name = name_set(rule.body)
        if name:
            setters[name] = (*setters.get(name, ()), rule.id)
        if rule.sets_aside:
            setters[f"{LIVE}{rule.id}"] = (rule.id,)
    return setters


def _order_steps(spec: DecisionSpec, rules: tuple[Rule, ...]) -> tuple[ProgramStep, ...]:
    needs = collect_needs({rule.id: rule for rule in rules}, spec.name)
    steps: list[ProgramStep] = []
    for name in sort_names(needs):
        steps.extend(_set_name(name, spec, rules))
    steps.extend(TestRule(rule) for rule in rules if not name_set(rule.body))
    return tuple(steps)


def _collect_reads(
    ruleset: CheckedRuleset, spec: DecisionSpec, step: ProgramStep, calls: Mapping[str, Program]
) -> frozenset[str]:
    names: set[str] = set()
    for rule in list_rules(step):
        names.update(name for term in rule.terms() for name in term.names(*Role))
        if isinstance(rule.body, Call):
            called = calls[rule.id]
            names |= {spec.as_of, *called.inputs}
            names.update(f"reading.{name}" for name in ruleset.readings)
    if isinstance(step, FixAmount) and step.output.requested:
        names.add(step.output.requested)
    return frozenset(names)


def list_rules(step: ProgramStep) -> tuple[Rule, ...]:
    """Return the rules a step runs."""
    match step:
        case SetValue():
            return step.rules
        case FixAmount():
            return step.limits
        case _:
            return (step.rule,)


def _set_name(name: str, spec: DecisionSpec, rules: tuple[Rule, ...]) -> list[ProgramStep]:
    if name.startswith(LIVE):
        found = [r for r in rules if r.id == name.removeprefix(LIVE)]
        return [SetLive(name, found[0])] if found else []
    defining = tuple(r for r in rules if name_set(r.body) == name and not isinstance(r.body, Limit))
    if defining:
        return [SetValue(name, defining)]
    limits = tuple(r for r in rules if isinstance(r.body, Limit) and r.body.output == name)
    return [FixAmount(spec.outputs[name], limits)] if limits else []
