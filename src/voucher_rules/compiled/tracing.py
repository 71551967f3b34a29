"""Comes in: a lowered program. Goes out: which nodes hold the value of each step of its trace.

A trace is taken by a kernel of its own, and only when someone looks: the steps are those of the
tracing evaluator, their values read back from nodes. Questions asked of lists and called decisions
have traces of their own; a decision with any is left to the reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.mechanics import Call, Documents, Limit, Rule, Window
from voucher_rules.compiled.build import LoweredProgram
from voucher_rules.compiled.laws import Laws
from voucher_rules.compiled.nodes import Lowered, RuleNodes
from voucher_rules.language.terms import Role, Term


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step: its term, the nodes of its value, the steps it is made from.

    Of a step that ``picks`` only what its first part picks counts, where that is known.
    """

    term: Term
    value: Lowered
    parts: tuple[StepPlan, ...]
    picks: bool

    def walk(self) -> Iterator[StepPlan]:
        """Yield the step and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class RulePlan:
    """The trace of a rule: its condition, and its formulas."""

    rule: Rule
    nodes: RuleNodes
    when: StepPlan | None
    steps: tuple[StepPlan, ...]

    def walk(self) -> Iterator[StepPlan]:
        """Yield every step."""
        for step in (*self.steps, *([self.when] if self.when else [])):
            yield from step.walk()


def plan_trace(lowered: LoweredProgram) -> tuple[RulePlan, ...]:
    """Return the trace of every rule, in the order of the document.

    Raises :class:`~.nodes.NotLoweredError` where only the reference can take it.
    """
    found = lowered.found
    return tuple(
        _plan_rule(lowered.laws, rule, found.rules[rule.id], found.env)
        for rule in lowered.program.rules
    )


def _plan_rule(laws: Laws, rule: Rule, nodes: RuleNodes, env: Mapping[str, Lowered]) -> RulePlan:
    laws.graph.place = rule.id
    if isinstance(rule.body, Call):
        raise laws.fail("the trace of a called decision")
    when = None if rule.when is None else _plan_step(laws, rule.when, env)
    formulas = rule.formulas[:1] if isinstance(rule.body, Limit) else rule.formulas
    return RulePlan(rule, nodes, when, tuple(_plan_step(laws, x, env) for x in formulas))


def _plan_step(laws: Laws, term: Term, env: Mapping[str, Lowered]) -> StepPlan:
    if term.role is Role.AGGREGATE:
        raise laws.fail("the trace of a question asked of a list")
    parts = tuple(_plan_step(laws, part, env) for part in term.parts)
    picks = term.role is Role.OPERATOR and term.name in PICKING
    return StepPlan(term, laws.term(term, env), parts, picks)


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
