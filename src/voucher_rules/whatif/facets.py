"""Comes in: an evaluation or a decision. Goes out: what it came to, its outputs as lines."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from voucher_rules.checked.symbols import Output
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import Status
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import Exact, Unknown
from voucher_rules.whatif.lines import ALL, Line
from voucher_rules.whatif.paths import PAYING, Facet, Payable, Trend, follow
from voucher_rules.whatif.positions import Axis

_PASSING: Final = frozenset({Kind.DATE, Kind.INSTANT, Kind.TIME, Kind.PERIOD})
_STOPPING: Final = frozenset({Status.FAILED, Status.SOFT_FAILED, Status.OPEN})


class Outputs:
    """Reads the outputs of a paying decision around a position, each as far as it is a line.

    ``whole`` is the evaluation of all that lies around: what it knows is the same everywhere.
    """

    def __init__(
        self,
        program: Program,
        evaluation: Evaluation,
        whole: Evaluation | None,
        axis: Axis,
        x: Exact,
    ) -> None:
        self.program = program
        self.evaluation = evaluation
        self.whole = whole
        self.axis = axis
        self.x = x
        self.reach = ALL
        self.lost = False

    def read(self, outcome: Outcome) -> Facet:
        """Return every output; ``lost`` tells that one that matters could not be followed."""
        outputs = self.program.decision.outputs
        amounts = tuple((name, self._read_amount(name)) for name in self.evaluation.amounts)
        values = tuple(
            (name, self._read_value(name, output))
            for name, output in outputs.items()
            if not output.limited
        )
        return Facet(outcome, amounts, values)

    def _read_amount(self, name: str) -> Payable:
        path = follow(self.program, self.evaluation, self.axis, self.x)
        payable = path.find_payable(name)
        if payable.line is not None and not path.lost:
            self.reach = self.reach.meet(path.reach)
            return payable
        least = None if self.whole is None else self.whole.amounts[name].least
        self.lost = self.lost or not isinstance(least, int | Fraction)
        item = self.evaluation.amounts[name]
        amount = item.least if isinstance(item.least, int | Fraction) else None
        binding = tuple(
            limit.rule.id if limit.rule else REQUESTED
            for limit in item.limits
            if limit.value == amount
        )
        return Payable(None if amount is None else Line(amount), binding)

    def _read_value(self, name: str, output: Output) -> Trend:
        if self.whole is not None and not isinstance(self.whole.values[name], Unknown):
            return self.whole.values[name]
        path = follow(self.program, self.evaluation, self.axis, self.x)
        trend = path.find_trend(name)
        if trend is not None and not path.lost:
            self.reach = self.reach.meet(path.reach)
            return trend
        if output.type.kind in _PASSING or self.program.decision.answers != "value":
            # a day told beside the decision: that it moves is all that is told of it
            return None
        self.lost = True
        return self.evaluation.values[name]


def make_bare(outcome: Outcome, evaluation: Evaluation) -> Facet:
    """Return an outcome under which no output is told."""
    return Facet(outcome, tuple((name, Payable(None, ())) for name in evaluation.amounts))


def list_stopping(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the rules that fail, or wait for a person, for certain."""
    return tuple(
        result.rule.id
        for result in evaluation.rules.values()
        if result.rule.decides and result.statuses <= _STOPPING
    )


def read_point(result: DecisionResult, *, whole: bool) -> Facet:
    """Return what a decision came to that is not settled as it stands."""
    if not whole:
        return Facet(result.outcome)
    if result.outcome not in PAYING:
        return make_bare(result.outcome, result.evaluation)
    amounts = tuple(
        (name, Payable(None if item.value is None else Line(item.value), item.binding))
        for name, item in result.amounts.items()
    )
    values: tuple[tuple[str, Trend], ...] = tuple(
        (name, None if isinstance(value, Unknown) else value)
        for name, value in result.values.items()
    )
    return Facet(result.outcome, amounts, values)
