"""Comes in: what someone would like a decision to come to. Goes out: where along a fact it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from voucher_rules.checked.symbols import Output
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.result import DecisionResult
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.values.model import Exact, Interval, Mark, OneOf, Unknown, Value
from voucher_rules.whatif.joins import Stretch
from voucher_rules.whatif.lines import Line, Reach, Stair, reach_where
from voucher_rules.whatif.paths import PAYING, Facet, Trend, find_threshold
from voucher_rules.whatif.positions import find_position

COMPARISONS: Final = ("at_least", "at_most", "exactly")
_SCAN: Final = 5_000
"""So many positions are looked at one by one, where a rounded share hides the exact place."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted: one of some outcomes and, where ``output`` is named, something of it.

    ``comparison`` with ``amount`` bounds an amount in minor units: a denial pays nothing, and what
    is referred or undetermined pays nothing that is known. Without them the output is to be
    ``value``, or anything but it where ``other``.
    """

    outcomes: frozenset[Outcome]
    output: Output | None = None
    comparison: str = ""
    amount: int = 0
    value: Value | None = None
    other: bool = False

    def is_met(self, result: DecisionResult) -> bool:
        """Return whether a decision comes to what is wanted."""
        if result.outcome not in self.outcomes:
            return False
        if self.output is None:
            return True
        if self.comparison:
            paid = find_paid(result, self.output.name)
            return paid is not None and self._fits(paid)
        value = result.values.get(self.output.name)
        return value is not None and not isinstance(value, Unknown) and self._is_value(value)

    def _is_value(self, value: Value) -> bool:
        return (value == self.value) != self.other

    def _fits(self, paid: Exact) -> bool:
        match self.comparison:
            case "at_least":
                return paid >= self.amount
            case "at_most":
                return paid <= self.amount
            case _:
                return paid == self.amount

    def may_be_met(self, evaluation: Evaluation) -> bool:
        """Return whether any completion of what was evaluated may come to what is wanted."""
        if not evaluation.outcomes & self.outcomes:
            return False
        if self.output is None:
            return True
        name = self.output.name
        item = evaluation.amounts.get(name)
        domain, marks = split_value(evaluation.values[name] if item is None else item.amount)
        if not self.comparison:
            if isinstance(domain, OneOf) and not marks:
                return any(self._is_value(option) for option in domain.options)
            value = evaluation.values[name]
            return isinstance(value, Unknown) or self._is_value(value)
        low, high = _find_ends(domain)
        nothing = bool(evaluation.outcomes & self.outcomes & VALUELESS)
        if (nothing and self._fits(0)) or marks or low is None or high is None:
            return True
        if not evaluation.outcomes & PAYING:
            return False
        reaches = self.comparison == "at_most" or high >= self.amount
        return reaches and (self.comparison == "at_least" or low <= self.amount)

    def find_in(self, stretch: Stretch) -> tuple[list[Reach], bool]:
        """Return where in a stretch it is met, and whether that is known for sure."""
        facet, reach = stretch.facet, stretch.reach
        if facet.outcome not in self.outcomes:
            return [], stretch.proved
        if self.output is None:
            return [reach], stretch.proved
        if facet.outcome in VALUELESS:
            return ([reach] if self.comparison and self._fits(0) else []), stretch.proved
        trend = self._find_trend(facet)
        if trend is None:
            return [], False
        if not self.comparison:
            if isinstance(trend, Line | Stair):
                return [], False
            return ([reach] if self._is_value(trend) else []), stretch.proved
        found, sure = self._solve(trend, reach)
        return found, sure and stretch.proved

    def _find_trend(self, facet: Facet) -> Trend:
        name = "" if self.output is None else self.output.name
        for key, payable in facet.amounts:
            if key == name and payable.line is not None and self.output is not None:
                return Stair(Line(0), ((1, payable.line, self.output.rounding),))
        return dict(facet.values).get(name)

    def _solve(self, trend: Trend, reach: Reach) -> tuple[list[Reach], bool]:
        if isinstance(trend, Stair):
            line = trend.rounded[0] if len(trend.rounded) == 1 else None
            if line is not None and line[0] == 1 and trend.line == Line(0):
                return self._solve_rounded(line[1], reach), True
            return self._scan(trend, reach)
        if isinstance(trend, Line):
            return self._solve_line(trend, reach), True
        position = None if isinstance(trend, Mark | Unknown) else find_position(trend)
        return ([reach] if position is not None and self._fits(position) else []), True

    def _solve_rounded(self, line: Line, reach: Reach) -> list[Reach]:
        """Return where a line, rounded and never below zero, comes to the amount."""
        found = reach
        rounding = self.output.rounding if self.output else None
        if rounding is None:
            return []
        if self.comparison != "at_most" and self.amount > 0:
            bound, symbol = find_threshold(self.amount, rounding)
            found = found.meet(_reach_beyond(line, bound, symbol))
        if self.comparison != "at_least":
            if self.amount < 0:
                return []
            bound, symbol = find_threshold(self.amount + 1, rounding)
            found = found.meet(_reach_beyond(line, bound, "<" if symbol == ">=" else "<="))
        return [] if found.is_empty else [found]

    def _solve_line(self, line: Line, reach: Reach) -> list[Reach]:
        found = reach
        if self.comparison != "at_most":
            found = found.meet(_reach_beyond(line, self.amount, ">="))
        if self.comparison != "at_least":
            found = found.meet(_reach_beyond(line, self.amount, "<="))
        return [] if found.is_empty else [found]

    def _scan(self, trend: Stair, reach: Reach) -> tuple[list[Reach], bool]:
        """Return where a sum with rounded parts fits: surely, and found one by one in between."""
        middle, slack = trend.find_middle(), trend.find_slack()
        near = reach
        if self.comparison != "at_most":
            near = near.meet(_reach_beyond(middle, self.amount - slack, ">="))
        if self.comparison != "at_least":
            near = near.meet(_reach_beyond(middle, self.amount + slack, "<="))
        if near.is_empty or not near.whole:
            return [], near.is_empty
        sure = near
        if self.comparison != "at_most":
            sure = sure.meet(_reach_beyond(middle, self.amount + slack, ">="))
        if self.comparison != "at_least":
            sure = sure.meet(_reach_beyond(middle, self.amount - slack, "<="))
        doubtful = [near] if sure.is_empty else list(near.without(sure))
        if sum(part.high - part.low for part in doubtful) > _SCAN:
            return ([] if sure.is_empty else [sure]), False
        points = [x for part in doubtful for x in range(int(part.low), int(part.high) + 1)]
        found = [Reach(x, x, whole=True) for x in points if self._fits(trend.at(x))]
        return [*found, *([] if sure.is_empty else [sure])], True


def find_paid(result: DecisionResult, name: str) -> Exact | None:
    """Return an amount of a decision; None where it is not known what is payable."""
    if name in result.amounts:
        return result.amounts[name].value
    if result.outcome in VALUELESS:
        return 0
    position = result.values.get(name)
    return None if isinstance(position, Mark | Unknown) else find_position(position)


def _reach_beyond(line: Line, bound: Exact, symbol: str) -> Reach:
    """Return where a line compares so with a bound; of a level line everywhere, or nowhere."""
    apart = line.minus(Line(bound))
    if apart.slope:
        return reach_where(apart, symbol)
    holds = {
        "<": apart.const < 0,
        "<=": apart.const <= 0,
        ">=": apart.const >= 0,
        ">": apart.const > 0,
    }[symbol]
    return reach_where(Line(0), "==") if holds else Reach(1, 0)


def _find_ends(domain: object) -> tuple[Exact | None, Exact | None]:
    if isinstance(domain, Interval):
        return find_position(domain.low), find_position(domain.high)
    return None, None
