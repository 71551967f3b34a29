"""Comes in: a program and what is known of a case. Goes out: every rule's result, with its trace.

This is the reference: small and obvious. It runs on what is known and unknown alike, so each result
is the set of what may still turn out; with everything known each set has one member.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import zip_longest

from voucher_rules.checked.mechanics import GRANTED, Call, Rule, Window
from voucher_rules.decision.amounts import AmountResult, fix_amount, round_value
from voucher_rules.decision.examine import examine_rule
from voucher_rules.decision.gather import gather_again, gather_values
from voucher_rules.decision.law import Options, find_in_force, is_start_unknown, split_by_law
from voucher_rules.decision.outcomes import Outcome, find_outcomes
from voucher_rules.decision.trace import (
    ONLY,
    SKIPPED,
    RuleResult,
    Status,
    Step,
    as_applying,
    limit_to,
    trace_condition,
    trace_term,
)
from voucher_rules.language.records import split_field
from voucher_rules.language.types import Kind
from voucher_rules.meaning.unknowns import Truths, join_values, make_truth, make_value, split_value
from voucher_rules.program.build import FixAmount, Program, ProgramStep, SetLive, SetValue, TestRule
from voucher_rules.program.part import Part
from voucher_rules.values.model import NONE, OPEN, Mark, Value


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Everything one run found; ``inputs`` is what it ran on, ``values`` that of every name."""

    inputs: Mapping[str, Value]
    rules: Mapping[str, RuleResult]
    amounts: Mapping[str, AmountResult]
    values: Mapping[str, Value]
    outcomes: frozenset[Outcome]
    in_force: Truths


def evaluate_program(
    program: Program,
    inputs: Mapping[str, Value],
    options: Options,
    base: Evaluation | None = None,
) -> Evaluation:
    """Run every step of ``program``. ``inputs`` holds a value for each of its inputs.

    The day that fixes the law must be known to within days on which the same values hold. ``base``
    is another evaluation under the same options: steps that read nothing which differs from it are
    taken over from it, and come to the same.
    """
    taken = gather_again(program, inputs, base.values, base.inputs) if base else None
    if base is None or taken is None:
        run = _Run(program, options, gather_values(program, inputs, options.readings), {}, {})
        for step in program.steps:
            run.run_step(step)
    else:
        values, changed = taken
        run = _Run(program, options, values, dict(base.rules), dict(base.amounts))
        for step, reads in zip(program.steps, program.reads, strict=True):
            if not reads.isdisjoint(changed):
                name = run.run_step(step)
                if name and values[name] != base.values[name]:
                    changed.add(name)
    in_force = find_in_force(program.ruleset, inputs[program.decision.as_of], options)
    outcomes = find_outcomes(program, run.rules, run.amounts, in_force)
    return Evaluation(inputs, run.rules, run.amounts, run.values, outcomes, in_force)


def evaluate_part(
    part: Part, inputs: Mapping[str, Value], options: Options
) -> Mapping[str, RuleResult]:
    """Run the steps of a part; what they find of its rules is what the whole program finds."""
    run = _Run(part.program, options, gather_values(part.program, inputs, options.readings), {}, {})
    for step in part.steps:
        run.run_step(step)
    return run.rules


@dataclass(slots=True)
class _Run:
    """One run through the steps of a program: what it has found so far."""

    program: Program
    options: Options
    values: dict[str, Value]
    rules: dict[str, RuleResult]
    amounts: dict[str, AmountResult]

    def run_step(self, step: ProgramStep) -> str:
        """Run one step; return the name it gives a value, or nothing."""
        match step:
            case SetValue():
                self.values[step.name] = self._define(step)
                return step.name
            case SetLive():
                _, applies = trace_condition(step.rule, self.values)
                truths = (False if truth is NONE else truth for truth in applies)
                self.values[step.name] = make_truth(truths)
                return step.name
            case FixAmount():
                amount = fix_amount(step, self.values, self.rules)
                self.amounts[step.output.name] = amount
                self.values[step.output.name] = amount.amount
                return step.output.name
            case TestRule():
                self.rules[step.rule.id] = examine_rule(step.rule, self.values)
                return ""

    def _define(self, step: SetValue) -> Value:
        """Return the value of a definition, or of the one that counts among several."""
        found = [self._run_definition(rule) for rule in step.rules]
        value = found[0] if len(found) == 1 else _pick_live(found)
        output = self.program.decision.outputs.get(step.name)
        if output is not None and output.rounds and output.type.kind is Kind.MONEY:
            return round_value(value, output.rounding)
        return value

    def _run_definition(self, rule: Rule) -> Value:
        when, applies = trace_condition(rule, self.values)
        if applies <= SKIPPED:
            self.rules[rule.id] = RuleResult(rule, ONLY[Status.NOT_APPLICABLE], when, ())
            return NONE
        if isinstance(rule.body, Window):
            result = examine_rule(rule, self.values)
            self.rules[rule.id] = result
            return limit_to(result.last_day if result.last_day is not None else NONE, applies)
        statuses = frozenset(as_applying(truth) for truth in applies)
        steps = tuple([trace_term(term, self.values) for term in rule.formulas])
        if isinstance(rule.body, Call):
            called = self._run_call(rule.id, rule.body, steps)
            self.rules[rule.id] = RuleResult(rule, statuses, when, steps, called=called)
            return limit_to(called.value, applies)
        self.rules[rule.id] = RuleResult(rule, statuses, when, steps)
        return limit_to(steps[0].value, applies)

    def _run_call(self, rule: str, body: Call, steps: tuple[Step, ...]) -> Called:
        """Evaluate a called decision under each law of its day, from where it last stood.

        What is assumed to be in force, or placed under it by a rule of transition, is this
        document: its own decisions, and no other's. Where nobody knows whether it is in force, that
        is open of the decision itself; what it calls of its own is answered as if it were.
        """
        called, options = self.program.calls[rule], self.options
        held = options.assume_in_force or bool(options.placed_by)
        held = held or is_start_unknown(self.program.ruleset, options)
        assumed = held and not body.uses
        box = self._ask(called, body, steps)
        old = called_of(self.rules[rule]) if rule in self.rules else None
        readings = _find_readings(self.program, body, self.values)
        bases = old.evaluations if old else ()
        question = _Question(called, tuple(box.items()), tuple(readings.items()), assumed, bases)
        evaluations = _answer(question)
        value = join_values(_take_answer(body, item) for item in evaluations)
        return Called(called, body, box, value, evaluations)

    def _ask(self, called: Program, body: Call, steps: tuple[Step, ...]) -> Mapping[str, Value]:
        """Return the inputs of a called decision: what the call gives it, else the caller's own."""
        values = self.values
        asked = {name: step.value for (name, _), step in zip(body.asked, steps, strict=True)}
        asked.setdefault(called.decision.as_of, values[self.program.decision.as_of])
        box = {
            name: asked[name] if name in asked else values.get(name, item.domain)
            for name, item in called.inputs.items()
        }
        for name in called.lists:
            box |= {key: item for key, item in values.items() if split_field(key)[0] == name}
        return box


def _pick_live(found: list[Value]) -> Value:
    """Return the value of the one definition that counts; where that is open, every one it may."""
    parts = [split_value(value) for value in found]
    marks: frozenset[Mark] = frozenset(x for _, own in parts for x in own if x is OPEN)
    if all(NONE in own for _, own in parts):
        marks |= {NONE}
    domain, _ = split_value(join_values(found))
    return make_value(domain, marks)


@dataclass(frozen=True, eq=False)
class Called:
    """What a called decision came to: its value, and one evaluation for each law of its day."""

    program: Program
    body: Call
    box: Mapping[str, Value]
    value: Value
    given: tuple[Evaluation, ...] | Callable[[], tuple[Evaluation, ...]] = field(repr=False)
    """The evaluations, or how to take them."""

    @cached_property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """One evaluation for each law of its day."""
        return self.given() if callable(self.given) else self.given


def recall_called(  # noqa: PLR0913, PLR0917 - all that a call is made of
    called: Program,
    body: Call,
    box: Mapping[str, Value],
    value: Value,
    readings: tuple[tuple[str, str], ...],
    assumed: bool,  # noqa: FBT001 - as above
) -> Called:
    """Return what a called decision came to that is known to give a value.

    Its evaluations are taken when someone looks at them.
    """
    question = _Question(called, tuple(box.items()), readings, assumed, ())
    return Called(called, body, box, value, partial(_answer, question))


def called_of(result: RuleResult) -> Called | None:
    """Return what the decision came to that a rule called, or None where it called none."""
    return result.called if isinstance(result.called, Called) else None


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of a called decision; ``bases`` is where it last stood, and changes nothing."""

    called: Program
    box: tuple[tuple[str, Value], ...]
    readings: tuple[tuple[str, str], ...]
    assumed: bool
    bases: tuple[Evaluation, ...] = field(compare=False)


@lru_cache(maxsize=256)
def _answer(question: _Question) -> tuple[Evaluation, ...]:
    """Evaluate a called decision for each law of its day; the same is often asked twice."""
    called = question.called
    options = Options(dict(question.readings), question.assumed, undated_is_no=True)
    parts = split_by_law(called, dict(question.box))
    return tuple(
        evaluate_program(called, part, options, base)
        for part, base in zip_longest(parts, question.bases)
        if part is not None
    )


def _find_readings(program: Program, body: Call, values: Mapping[str, Value]) -> Mapping[str, str]:
    """Return the readings a call is taken under: its own ruleset's as they stand now, or theirs."""
    if body.uses:
        return program.ruleset.uses[body.uses].readings
    names = program.ruleset.readings
    return {name: str(values.get(f"reading.{name}", names[name].default)) for name in names}


def _take_answer(body: Call, evaluation: Evaluation) -> Value:
    """Return what a call takes of one evaluation, over every outcome it may have.

    A denial pays nothing; what only a person can say, or no law in force says, is open.
    """
    found: list[Value] = []
    for outcome in evaluation.outcomes:
        if outcome in {Outcome.GRANTED, Outcome.DETERMINED}:
            found.append(True if body.gives == GRANTED else evaluation.values[body.gives])
        elif outcome is Outcome.DENIED and body.gives == GRANTED:
            found.append(False)
        elif outcome is Outcome.DENIED and body.gives in evaluation.amounts:
            found.append(0)
        else:
            found.append(OPEN)
    return join_values(found)
