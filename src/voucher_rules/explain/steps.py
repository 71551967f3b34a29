"""Comes in: a decision. Goes out: its full trace in words: every rule, and every step of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import RuleResult, Status, Step
from voucher_rules.explain.forms import RuleTrace, TraceLine
from voucher_rules.explain.values import Writer
from voucher_rules.explain.words import tell
from voucher_rules.language.terms import Role


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

    def _trace_step(self, step: Step) -> TraceLine:
        value = self.writer.write_value(step.value, step.term.type)
        if step.term.role is Role.OPERATOR:
            parts = tuple(self._trace_step(part) for part in step.parts)
            return TraceLine(step.term.text or step.term.name, value, parts)
        if step.term.role is Role.CONSTANT:
            return TraceLine(step.term.text, value)
        return TraceLine(f"{self.writer.label(step.term)} [{step.term.name}]", value)
