"""Comes in: a lowered program. Goes out: which nodes hold the value of each step of its trace.

A trace is taken by a kernel of its own, and only when someone looks: the steps are those of the
tracing evaluator, their values read back from nodes. A question asked of a list has steps for each
record. Of a called decision the kernel knows what it was asked and what it gave; its own steps the
tracing evaluator takes when someone looks at them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.mechanics import Call, Documents, Limit, Rule, Window
from voucher_rules.checked.symbols import Input
from voucher_rules.compiled.build import LoweredProgram
from voucher_rules.compiled.graph_nodes import FALSE
from voucher_rules.compiled.lower import list_readings
from voucher_rules.compiled.nodes import Lowered, RuleNodes
from voucher_rules.language.terms import Role, Term
from voucher_rules.program.build import Program
from voucher_rules.values.model import Value


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step: its term, the nodes of its value, the steps it is made from.

    Of a step that ``picks`` only what its first part picks counts, where that is known. One that
    asks something of a list has further steps for each of its ``records``.
    """

    term: Term
    value: Lowered
    parts: tuple[StepPlan, ...]
    picks: bool = False
    records: RecordsPlan | None = None
    unstated: Value | None = None
    """What a fact is while nobody has stated it."""
    untold: int = FALSE
    """Whether only the reference can tell its value."""

    def walk(self) -> Iterator[StepPlan]:
        """Yield the step and all below it, but those of records."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def walk_surely(self) -> Iterator[StepPlan]:
        """Yield what is taken whatever is picked: of a step that picks, what picks."""
        if not self.picks:
            yield self
        for part in self.parts[:1] if self.picks else self.parts:
            yield from part.walk_surely()


@dataclass(frozen=True, slots=True)
class RecordsPlan:
    """The steps that are taken for each record of a list, whose place in a row it holds."""

    place: int
    listed: str
    steps: tuple[StepPlan, ...]

    def walk(self) -> Iterator[StepPlan]:
        """Yield every step that is taken for a record."""
        for step in self.steps:
            yield from step.walk()


class Place(int):
    """Which of the steps of a rule that calls holds what is asked."""


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A called decision: what it is asked, how it is read, and what it gives.

    ``box`` holds each of its inputs: a step of the rule by its place, a fact, or what it may be.
    """

    body: Call
    called: Program
    readings: tuple[tuple[str, str], ...]
    assumed: bool
    box: Mapping[str, Place | StepPlan | Value]
    value: Lowered

    def list_facts(self) -> list[StepPlan]:
        """Return the facts of the caller's own that it is asked with."""
        return [x for x in self.box.values() if isinstance(x, StepPlan)]


@dataclass(frozen=True, slots=True)
class RulePlan:
    """The trace of a rule: its condition, and its formulas."""

    rule: Rule
    nodes: RuleNodes
    when: StepPlan | None
    steps: tuple[StepPlan, ...]
    call: CallPlan | None = None

    def walk(self) -> Iterator[StepPlan]:
        """Yield every step, but those of records."""
        for step in (*self.steps, *([self.when] if self.when else [])):
            yield from step.walk()


def plan_trace(lowered: LoweredProgram) -> tuple[RulePlan, ...]:
    """Return the trace of every rule, in the order of the document.

    Raises :class:`~.nodes.NotLoweredError` where only the reference can take it.
    """
    return tuple(_plan_rule(lowered, rule) for rule in lowered.program.rules)


def _plan_rule(lowered: LoweredProgram, rule: Rule) -> RulePlan:
    found = lowered.found
    lowered.laws.graph.place = rule.id
    planner = _Planner(lowered, found.env)
    when = None if rule.when is None else planner.plan_step(rule.when)
    formulas = rule.formulas[:1] if isinstance(rule.body, Limit) else rule.formulas
    steps = tuple(planner.plan_step(x) for x in formulas)
    call = planner.plan_call(rule.id, rule.body) if isinstance(rule.body, Call) else None
    return RulePlan(rule, found.rules[rule.id], when, steps, call)


@dataclass(frozen=True, slots=True)
class _Planner:
    """Plans steps over the values of names; those of a record where it is gone through."""

    lowered: LoweredProgram
    env: Mapping[str, Lowered]

    def plan_step(self, term: Term) -> StepPlan:
        """Return the step of a term."""
        if term.role is Role.AGGREGATE:
            return self._plan_question(term)
        value = self.lowered.laws.term(term, self.env)
        if not term.parts and term.name in self.lowered.program.inputs:
            return self._plan_fact(term, value)
        parts = tuple(self.plan_step(part) for part in term.parts)
        picks = term.role is Role.OPERATOR and term.name in PICKING
        return StepPlan(term, value, parts, picks, untold=value.unsure)

    def _plan_fact(self, term: Term, value: Lowered) -> StepPlan:
        """Return the step of a fact, which has a value also where nobody has stated it.

        That is so where it is known whether it exists.
        """
        declared = self.lowered.program.inputs[term.name]
        if value.unsure != self.env[term.name].unsure:
            return StepPlan(term, value, (), untold=value.unsure)
        untold = FALSE
        if declared.applies is not None:
            exists = self.lowered.laws.term(declared.applies, self.env)
            untold = self.lowered.laws.graph.both(value.unsure, exists.unsure)
        return StepPlan(term, value, (), unstated=declared.domain, untold=untold)

    def _plan_question(self, term: Term) -> StepPlan:
        """Return the step of a question asked of a list, and those of each record."""
        laws = self.lowered.laws
        whole, asked, *where = term.parts
        inner = _Planner(self.lowered, {**self.env, **laws.fields[whole.name]})
        steps = tuple(inner.plan_step(part) for part in (*where, asked))
        records = RecordsPlan(laws.rows[whole.name][0], whole.name, steps)
        if any(step.records is not None for step in records.walk()):
            raise laws.fail("the trace of a question asked within another")
        value, listed = laws.term(term, self.env), self.plan_step(whole)
        return StepPlan(term, value, (listed,), records=records, untold=value.unsure)

    def plan_call(self, rule: str, body: Call) -> CallPlan:
        """Return what a called decision is asked, as the tracing evaluator asks it."""
        program, laws = self.lowered.program, self.lowered.laws
        called = program.calls[rule]
        if called.lists:
            raise laws.fail("the trace of a called decision that reads lists")
        asked = {name: Place(place) for place, (name, _) in enumerate(body.asked)}
        box: dict[str, Place | StepPlan | Value] = {}
        for name, item in called.inputs.items():
            box[name] = asked[name] if name in asked else self._plan_own(name, item)
        if called.decision.as_of not in asked:
            day = program.inputs[program.decision.as_of]
            box[called.decision.as_of] = self._plan_own(day.name, day)
        readings = list_readings(program, body, self.lowered.readings)
        assumed = self.lowered.assumed and not body.uses
        value = self.lowered.found.calls[rule]
        return CallPlan(body, called, tuple(readings.items()), assumed, box, value)

    def _plan_own(self, name: str, item: Input) -> StepPlan | Value:
        """Return what a call takes of the caller's own where it is not asked with another value."""
        if name not in self.env:
            return item.domain
        return self.plan_step(Term(Role.FACT, self.lowered.program.inputs[name].type, name))


def list_missing(rule: Rule) -> tuple[str, ...] | None:
    """Return the papers a checklist asks for; None for a rule that is none."""
    return tuple(rule.body.required) if isinstance(rule.body, Documents) else None


def find_days(plan: RulePlan) -> tuple[StepPlan, StepPlan | None] | None:
    """Return the steps of a window's last day, also before it rolled; None for other rules."""
    body = plan.rule.body
    if not isinstance(body, Window):
        return None
    return plan.steps[1], plan.steps[-1] if body.nominal is not None else None


PICKING: Final = frozenset({"if", "lookup"})
"""Operators of which one part settles which other one counts."""
