"""Comes in: a decision. Goes out: its full trace in words: every rule, and every step of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from voucher_rules.checked.reads import ASKED
from voucher_rules.decision.evaluate import Called, called_of
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.explain.forms import RuleTrace, TraceLine
from voucher_rules.explain.values import Writer
from voucher_rules.explain.words import tell
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.values.model import Scale


@dataclass(frozen=True, slots=True)
class TraceTeller:
    """Tells the trace of one decision in the language of its writer."""

    result: DecisionResult
    writer: Writer

    def tell(self, key: str) -> str:
        """Return a fixed text in the language of the trace."""
        return tell(self.writer.language, key)

    def trace_rules(self) -> Iterator[RuleTrace]:
        """Yield every rule of the decision, in the order of the document."""
        for rule in self.result.program.rules:
            result = self.result.evaluation.rules[rule.id]
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
        writer = Writer(ruleset, self.writer.language)
        text = tell(
            self.writer.language,
            "called",
            ruleset=f"{ruleset.id} {ruleset.edition}",
            decision=spec.label.told(self.writer.language),
        )
        inner = replace(self, writer=writer)
        lines = [
            TraceLine(
                f"{writer.say_rule(rule)} ({rule.citation})",
                inner._tell_status(evaluation.rules[rule.id]),  # noqa: SLF001 - its own kind
                tuple(inner._trace_steps(evaluation.rules[rule.id])),  # noqa: SLF001
            )
            for evaluation in called.evaluations
            for rule in called.program.rules
        ]
        return TraceLine(
            text, self.writer.write_value(called.value, called.body.type), tuple(lines)
        )

    def _trace_step(self, step: Step) -> TraceLine:
        value = self.writer.write_value(step.value, step.term.type)
        if isinstance(step.value, Scale):
            value = self.writer.write_scale(step.value, step.term.name)
        if step.term.role in {Role.OPERATOR, Role.AGGREGATE}:
            parts = tuple(self._trace_step(part) for part in _list_shown(step))
            return TraceLine(step.term.text or step.term.name, value, parts)
        if step.term.role is Role.CONSTANT:
            return TraceLine(step.term.text, value)
        return TraceLine(
            f"{self.writer.label(step.term)} [{step.term.name.removesuffix(ASKED)}]", value
        )


def _list_shown(step: Step) -> list[Step]:
    """Return the parts of a step worth showing: of a table only what was reached in it."""
    if step.term.name.startswith("lookup"):
        key, *cells = step.parts
        reached = [cell for cell in cells if cell.value == step.value]
        return [key, *(reached[:1] or cells)]
    return [
        part
        for part in step.parts
        if part.term.type.kind is not Kind.CALENDAR and (part.term.text or part.parts)
    ]
