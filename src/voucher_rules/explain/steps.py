"""Comes in: a decision. Goes out: its full trace in words: every rule, and every step of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voucher_rules.checked.reads import ASKED
from voucher_rules.decision.evaluate import Called, Evaluation, called_of
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.explain.exceptions import list_exceptions, tell_exception
from voucher_rules.explain.forms import RuleTrace, TraceLine
from voucher_rules.explain.records import list_records
from voucher_rules.explain.sums import SumWriter
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import Scale


@dataclass(frozen=True, slots=True)
class TraceTeller:
    """Tells the trace of one evaluation in the language of its writer."""

    program: Program
    evaluation: Evaluation
    writer: SumWriter

    def tell(self, key: str, /, **arguments: str) -> str:
        """Return a fixed text in the language of the trace."""
        return self.writer.tell(key, **arguments)

    def trace_rules(self) -> Iterator[RuleTrace]:
        """Yield every rule of the decision, in the order of the document."""
        for rule in self.program.rules:
            result = self.evaluation.rules[rule.id]
            yield RuleTrace(
                id=rule.id,
                ref=str(rule.citation),
                says=self.writer.say_rule(rule),
                status=self._tell_status(result),
                tone=self._pick_tone(result),
                steps=tuple(self._trace_steps(result)),
            )

    def _tell_status(self, result: RuleResult) -> str:
        return self.tell(f"status.{result.status or 'undetermined'}")

    def _pick_tone(self, result: RuleResult) -> str:
        status = result.status
        if status is Status.PASSED:
            return "good"
        if status is Status.FAILED:
            return "bad"
        return "open" if status in {None, Status.OPEN, Status.SOFT_FAILED} else "plain"

    def _trace_steps(self, result: RuleResult) -> Iterator[TraceLine]:
        for exception in list_exceptions(self.program.ruleset, self.evaluation, result.rule):
            ref = self.tell("article", ref=str(exception.citation))
            told = tell_exception(self.writer, exception) + ref
            yield TraceLine(self.tell("exception.trace"), told)
        if result.when is not None:
            inner = self._trace_step(result.when)
            yield TraceLine(self.tell("when"), inner.value, (inner,))
        for step in result.steps:
            yield self._trace_step(step)
        called = called_of(result)
        if called is not None:
            yield self._trace_called(called)

    def _trace_called(self, called: Called) -> TraceLine:
        """Tell what a called decision came to, with every rule of it below."""
        ruleset, spec = called.program.ruleset, called.program.decision
        text = self.tell(
            "called",
            ruleset=f"{ruleset.id} {ruleset.edition}",
            decision=spec.label.told(self.writer.language),
        )
        writer = SumWriter(ruleset, self.writer.language)
        lines: list[TraceLine] = []
        for evaluation in called.evaluations:
            inner = TraceTeller(called.program, evaluation, writer)
            lines += inner._trace_as_parts()
        value = self.writer.write_value(called.value, called.body.type)
        return TraceLine(text, value, tuple(lines))

    def _trace_as_parts(self) -> Iterator[TraceLine]:
        """Yield every rule as a part of what the decision was called for."""
        for rule in self.program.rules:
            result = self.evaluation.rules[rule.id]
            steps = tuple(self._trace_steps(result))
            yield TraceLine(self.writer.say_cited(rule), self._tell_status(result), steps)

    def _trace_step(self, step: Step) -> TraceLine:
        value = self.writer.write_value(step.value, step.term.type)
        if isinstance(step.value, Scale):
            value = self.writer.write_scale(step.value, step.term.name)
        if step.term.role is Role.AGGREGATE:
            whole = self._trace_step(step.parts[0])
            records = tuple(self._trace_records(step))
            return TraceLine(step.term.text or step.term.name, value, (whole, *records))
        if step.term.role is Role.OPERATOR:
            parts = tuple(self._trace_step(part) for part in _list_shown(step))
            return TraceLine(step.term.text or step.term.name, value, parts)
        if step.term.role is Role.CONSTANT:
            return TraceLine(step.term.text, value)
        return TraceLine(
            f"{self.writer.label(step.term)} [{step.term.name.removesuffix(ASKED)}]", value
        )

    def _trace_records(self, step: Step) -> Iterator[TraceLine]:
        """Yield each record with whether it counts and what was asked of it."""
        listed = step.term.parts[0].name
        for record in list_records(step):
            told = self.writer.write_value(record.asked.value, record.asked.term.type)
            value = told if record.counts is not False else self.tell("record.left")
            parts = tuple(self._trace_step(part) for part in record.steps)
            yield TraceLine(self.writer.name_record(listed, record.number), value, parts)


def _list_shown(step: Step) -> list[Step]:
    """Return the parts of a step worth showing: of a table only what was reached in it."""
    if step.term.role is Role.OPERATOR and step.term.name.startswith("lookup"):
        key, *cells = step.parts
        reached = [cell for cell in cells if cell.value == step.value]
        return [key, *(reached[:1] or cells)]
    return [
        part
        for part in step.parts
        if part.term.type.kind is not Kind.CALENDAR and (part.term.text or part.parts)
    ]
