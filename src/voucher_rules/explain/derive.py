"""Comes in: a step and what was evaluated with it. Goes out: how the values it read came about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.mechanics import Call, Rule, Window, name_set
from voucher_rules.checked.reads import LIVE
from voucher_rules.decision.evaluate import Called, Evaluation, called_of
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.explain.records import tell_records
from voucher_rules.explain.sums import SumWriter, is_look_up
from voucher_rules.language.terms import Role
from voucher_rules.language.types import BOOLEAN, Type
from voucher_rules.program.build import Program
from voucher_rules.values.model import NONE, Mark, Unknown

_DENIED: Final = frozenset({Outcome.DENIED})


def list_variables(step: Step) -> Iterator[tuple[str, Type]]:
    """Yield the variables a step rests on; of a choice, those of the side that was chosen."""
    if step.term.role is Role.VARIABLE and not step.term.name.startswith(LIVE):
        yield step.term.name, step.term.type
    chosen = step.term.name == "if" and isinstance(step.parts[0].value, bool)
    for part in step.parts[1:] if chosen else step.parts:
        yield from list_variables(part)


@dataclass(frozen=True, slots=True)
class Deriver:
    """Tells how values of one evaluation came about, in the language of its writer."""

    program: Program
    evaluation: Evaluation
    writer: SumWriter
    called: bool = False
    """Whether it tells of a called decision, of whose own calls no more is told."""

    def note_step(self, step: Step, seen: set[str] | None = None) -> Iterator[str]:
        """Tell of a step which of several values won, its records, and its variables, each once."""
        told = seen if seen is not None else set()
        yield from self._note_winners(step)
        yield from tell_records(self.writer, step)
        for name, kind in dict(list_variables(step)).items():
            if name not in told:
                told.add(name)
                yield from self._note_variable(name, kind, told)

    def _note_variable(self, name: str, kind: Type, seen: set[str]) -> Iterator[str]:
        for rule in self.program.setters[name]:
            result = self.evaluation.rules[rule]
            if result.status is Status.NOT_APPLICABLE:
                continue
            called = called_of(result)
            if called is not None:
                yield from self._note_call(result, called, seen)
                continue
            # of a window only its last day is taken, not what opens it
            steps = result.steps[1:2] if isinstance(result.rule.body, Window) else result.steps
            for step in steps:
                yield self._tell_variable(name, kind, step, sure=len(result.statuses) == 1)
                yield from self.note_step(step, seen)

    def _tell_variable(self, name: str, kind: Type, step: Step, *, sure: bool) -> str:
        label, writer = self.writer.label_variable(name), self.writer
        if not sure:
            return writer.tell("sum.maybe", label=label, sum=writer.write_step(step, kind=kind))
        if kind == BOOLEAN and step.parts and step.value is not NONE:
            value = writer.write_value(step.value, kind)
            sum_ = writer.write_body(step)
            return writer.tell("sum.truth_of", label=label, value=value, sum=sum_)
        return writer.tell("sum.of", label=label, sum=writer.write_step(step, kind=kind))

    def _note_winners(self, step: Step) -> Iterator[str]:
        """Tell which of several values worked out was the greatest or the least."""
        for extreme in _list_extremes(step):
            known = not isinstance(extreme.value, Mark | Unknown)
            winners = [part for part in extreme.parts if known and part.value == extreme.value]
            if winners:
                named = [self.writer.write_body(part) for part in winners]
                names = self.writer.tell("clause").join(dict.fromkeys(named))
                yield self.writer.tell(f"chosen.{extreme.term.name}", names=names)

    def _note_call(self, result: RuleResult, called: Called, seen: set[str]) -> Iterator[str]:
        """Tell what a called decision gave, what it was asked with, and what made it so."""
        ruleset, spec = called.program.ruleset, called.program.decision
        here = ruleset is self.program.ruleset
        key = "called.own" if here else "called.other"
        yield self.writer.tell(
            key,
            label=self.writer.label_variable(called.body.name),
            value=self.writer.write_value(called.value, called.body.type),
            decision=spec.label.told(self.writer.language),
            ruleset=f"{ruleset.id} {ruleset.edition}",
        )
        inner = SumWriter(ruleset, self.writer.language)
        for (name, _), step in zip(called.body.asked, result.steps, strict=True):
            asked = self.writer.write_step(step)
            yield self.writer.tell("called.with", label=inner.label_input(name), sum=asked)
            yield from self.note_step(step, seen)
        if len(called.evaluations) == 1 and not self.called:
            deriver = Deriver(called.program, called.evaluations[0], inner, called=True)
            for line in deriver.tell_answer(called.body):
                yield self.writer.tell("called.there", text=line)

    def tell_answer(self, body: Call) -> Iterator[str]:
        """Tell of a called decision why it was denied, or what fixed or gave its answer."""
        rules, amounts = self.evaluation.rules, self.evaluation.amounts
        if self.evaluation.outcomes == _DENIED:
            for result in rules.values():
                if result.status is Status.FAILED and result.rule.decides:
                    yield self._cite("reason.failed", result.rule)
        if body.gives in amounts:
            binding = amounts[body.gives].binding
            for result in (rules[name] for name in binding if name in rules):
                if len(result.statuses) == 1 and result.steps:
                    yield from self._tell_setter(result)
        for result in rules.values():
            sets = name_set(result.rule.body) == body.gives and body.gives not in amounts
            if sets and result.status is not Status.NOT_APPLICABLE:
                yield from self._tell_setter(result)

    def _tell_setter(self, result: RuleResult) -> Iterator[str]:
        """Tell the sum of a rule that sets or bounds the answer, with what it rests on."""
        step = result.steps[1] if isinstance(result.rule.body, Window) else result.steps[-1]
        yield self._cite("limit.line", result.rule, sum=self.writer.write_step(step))
        if not isinstance(result.rule.body, Call):
            yield from self.note_step(step)

    def _cite(self, key: str, rule: Rule, **arguments: str) -> str:
        says = self.writer.say_rule(rule)
        text = self.writer.tell(key, says=says, **arguments)
        return text + self.writer.tell("article", ref=str(rule.citation))


def _list_extremes(step: Step) -> Iterator[Step]:
    """Yield each choice of the best or least among values that were worked out elsewhere."""
    if step.term.role is Role.OPERATOR and step.term.name in {"min", "max"}:
        worked = [part for part in step.parts if _is_worked_out(part)]
        if len(worked) > 1 and step.term.type != BOOLEAN:
            yield step
    if step.term.role is not Role.AGGREGATE:
        for part in step.parts:
            yield from _list_extremes(part)


def _is_worked_out(step: Step) -> bool:
    return step.term.role in {Role.VARIABLE, Role.OUTPUT} or is_look_up(step)
