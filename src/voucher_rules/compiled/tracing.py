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
from voucher_rules.compiled.build import LoweredProgram
from voucher_rules.compiled.laws import Laws
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

    ``box`` holds each of its inputs: a step of the rule by its place, a value, or what it may be.
    """

    body: Call
    called: Program
    readings: tuple[tuple[str, str], ...]
    assumed: bool
    box: Mapping[str, Place | Lowered | Value]
    value: Lowered

    def list_values(self) -> list[Lowered]:
        """Return what is told of it beside the steps of the rule that calls it."""
        return [x for x in (*self.box.values(), self.value) if isinstance(x, Lowered)]


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
    laws, found = lowered.laws, lowered.found
    laws.graph.place = rule.id
    when = None if rule.when is None else _plan_step(laws, rule.when, found.env)
    formulas = rule.formulas[:1] if isinstance(rule.body, Limit) else rule.formulas
    steps = tuple(_plan_step(laws, x, found.env) for x in formulas)
    call = _plan_call(lowered, rule.id, rule.body) if isinstance(rule.body, Call) else None
    return RulePlan(rule, found.rules[rule.id], when, steps, call)


def _plan_step(laws: Laws, term: Term, env: Mapping[str, Lowered]) -> StepPlan:
    if term.role is Role.AGGREGATE:
        return _plan_question(laws, term, env)
    parts = tuple(_plan_step(laws, part, env) for part in term.parts)
    picks = term.role is Role.OPERATOR and term.name in PICKING
    return StepPlan(term, laws.term(term, env), parts, picks)


def _plan_question(laws: Laws, term: Term, env: Mapping[str, Lowered]) -> StepPlan:
    """Return the step of a question asked of a list, and those of each record."""
    whole, asked, *where = term.parts
    listed = _plan_step(laws, whole, env)
    inner = {**env, **laws.fields[whole.name]}
    steps = tuple(_plan_step(laws, part, inner) for part in (*where, asked))
    records = RecordsPlan(laws.rows[whole.name][0], whole.name, steps)
    if any(step.records is not None for step in records.walk()):
        raise laws.fail("the trace of a question asked within another")
    return StepPlan(term, laws.term(term, env), (listed,), records=records)


def _plan_call(lowered: LoweredProgram, rule: str, body: Call) -> CallPlan:
    """Return what a called decision is asked, as the tracing evaluator asks it."""
    program, laws, env = lowered.program, lowered.laws, lowered.found.env
    called, value = program.calls[rule], lowered.found.calls[rule]
    if called.lists:
        raise laws.fail("the trace of a called decision that reads lists")
    box: dict[str, Place | Lowered | Value] = {}
    asked = {name: Place(place) for place, (name, _) in enumerate(body.asked)}
    for name, item in called.inputs.items():
        box[name] = asked[name] if name in asked else env.get(name, item.domain)
    if called.decision.as_of not in asked:
        box[called.decision.as_of] = env[program.decision.as_of]
    readings = list_readings(program, body, lowered.readings)
    assumed = lowered.assumed and not body.uses
    return CallPlan(body, called, tuple(readings.items()), assumed, box, value)


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
