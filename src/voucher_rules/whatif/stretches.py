"""Comes in: a case and one of its facts. Goes out: the decision over every value it may take.

The axis of the fact is cut into stretches on each of which one outcome holds and each amount is one
line. A stretch is proved, by following the way of the decision (see ``paths``) or by evaluating the
whole stretch at once; what can be neither is halved, and halved again until a budget is spent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from voucher_rules.checked.reads import ASKED
from voucher_rules.decision.boxes import Box, Meter, add_records, is_settled
from voucher_rules.decision.case import Case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.evaluate import Evaluation, evaluate_program
from voucher_rules.decision.law import Options
from voucher_rules.decision.live import list_live
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.decision.probes import find_compared, list_parts
from voucher_rules.decision.result import DecisionResult
from voucher_rules.program.build import Program
from voucher_rules.values.model import Exact, Unknown, Value
from voucher_rules.whatif.facets import Outputs, list_stopping, make_bare, read_point
from voucher_rules.whatif.joins import Stretch, join_stretches
from voucher_rules.whatif.lines import Reach
from voucher_rules.whatif.paths import PAYING, Facet, follow, round_line
from voucher_rules.whatif.positions import Axis, cut_by_law, find_position

BUDGET: Final = 600
"""How many evaluations one fact may take; what is not proved by then is told as a search."""
OPEN_BUDGET: Final = 60
"""How many evaluations may be spent on showing that a stretch stays undetermined."""
DECIDING: Final = 50
"""As how many evaluations it counts to decide a case in which other facts are not known."""
NARROW: Final = 16
"""Where what is followed is this many times less than what is left, a turn is looked for first."""


@dataclass(frozen=True, slots=True)
class Question:
    """A case, and what it is decided under."""

    program: Program
    case: Case
    options: Options

    def box_with(self, changes: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the values of the case with some of them changed."""
        stated = [name for name, value in changes.items() if not isinstance(value, Unknown)]
        dropped = {f"{name}{ASKED}" for name in stated}
        kept = {name: value for name, value in self.case.values.items() if name not in dropped}
        return {**kept, **changes}

    def change(self, changes: Mapping[str, Value]) -> Question:
        """Return the question with facts changed."""
        case = replace(self.case, values=self.box_with(changes))
        return replace(self, case=case)

    def decide(self, changes: Mapping[str, Value]) -> DecisionResult:
        """Decide the case with facts changed; the same as stating them so from the start."""
        return decide(self.program, self.change(changes).case, self.options)


class Sweep:
    """Cuts one axis into stretches. With ``whole`` amounts and values count, else the outcome."""

    def __init__(
        self, question: Question, axis: Axis, *, whole: bool = True, budget: int = BUDGET
    ) -> None:
        self.question = question
        self.axis = axis
        self.whole = whole
        self.budget = budget
        self.spent = 0
        self._last: Evaluation | None = None
        self._points: dict[Exact, Stretch] = {}

    def run(self) -> list[Stretch]:
        """Return the stretches, from the lowest value to the highest, alike neighbours joined."""
        box = self.question.case.values
        waiting = cut_by_law(self.question.program, box, self.axis)[::-1]
        found: list[Stretch] = []
        while waiting:
            reach = waiting.pop()
            made, rest = self._cut(reach)
            if made is not None:
                found.append(made)
            waiting += sorted(rest, key=lambda item: item.low, reverse=True)
            if not rest and made is None:
                message = f"no progress at {reach}"
                raise RuntimeError(message)
        found.sort(key=lambda item: (item.reach.low, not item.reach.holds_low))
        return join_stretches(found, whole=self.axis.whole)

    def _cut(self, reach: Reach) -> tuple[Stretch | None, list[Reach]]:
        """Return a stretch within a reach and what is left of that, or the parts to look at."""
        if reach.is_point:
            return self.look(reach.low), []
        if self.spent >= self.budget:
            return replace(self.look(reach.pick()), reach=reach, proved=False), []
        whole = self._evaluate(self.axis.hull(reach))
        sure = self._find_sure(whole)
        if sure is not None and (not self.whole or sure not in PAYING):
            facet = make_bare(sure, whole) if self.whole else Facet(sure)
            return Stretch(reach, facet, proved=True, stopping=list_stopping(whole)), []
        made = self._follow(reach.pick(), reach, whole, sure)
        parts = self._halve(reach, whole) if self._is_narrow(made, reach) else []
        if made is not None and not (len(parts) > 1 and sure is None):
            return made, list(reach.without(made.reach))
        if parts:
            return None, parts
        return replace(self.look(reach.pick()), reach=reach, proved=False), []

    def _is_narrow(self, made: Stretch | None, reach: Reach) -> bool:
        """Return whether to look for a turn by halving, rather than take what was followed."""
        if made is None or not self.axis.whole:
            return made is None and self.axis.whole
        return (made.reach.high - made.reach.low + 1) * NARROW < reach.high - reach.low

    def _find_sure(self, whole: Evaluation) -> Outcome | None:
        """Return the outcome that holds for every value of a stretch, evaluated at once."""
        if len(whole.outcomes) > 1:
            return Outcome.UNDETERMINED if self._stays_open(whole) else None
        outcome = next(iter(whole.outcomes))
        alone = set(list_live(self.question.program, whole, whole.inputs)) <= {self.axis.name}
        return outcome if alone or outcome in VALUELESS else None

    def _evaluate(self, value: Value) -> Evaluation:
        self.spent += 1
        box = self.question.box_with({self.axis.name: value})
        program, options = self.question.program, self.question.options
        self._last = evaluate_program(program, box, options, self._last)
        return self._last

    def look(self, x: Exact) -> Stretch:
        """Return what the decision is at one value: of a case not settled, decided in full."""
        if x not in self._points:
            self._points[x] = self._look(x)
        return self._points[x]

    def _look(self, x: Exact) -> Stretch:
        point = Reach(x, x, whole=self.axis.whole)
        made = self._follow(x, point, None, None)
        if made is not None:
            return made
        self.spent += DECIDING
        result = self.question.decide({self.axis.name: self.axis.value_at(x)})
        return Stretch(point, read_point(result, whole=self.whole), proved=True)

    def _follow(
        self, x: Exact, within: Reach, whole: Evaluation | None, sure: Outcome | None
    ) -> Stretch | None:
        """Return the decision at a position, as far around it as it surely is the same or a line.

        Where the outcome is ``sure`` for ``whole`` the reach only amounts are followed.
        """
        program = self.question.program
        evaluation = self._evaluate(self.axis.value_at(x))
        if not is_settled(program, evaluation):
            return None
        outcome = next(iter(evaluation.outcomes))
        stopping = list_stopping(evaluation)
        if sure is None:
            path = follow(program, evaluation, self.axis, x)
            path.follow_outcome()
            if path.lost and not within.is_point:
                return None
            within = within if within.is_point else within.meet(path.reach)
        if not self.whole:
            return Stretch(within, Facet(outcome), proved=True, stopping=stopping)
        if outcome not in PAYING:
            return Stretch(within, make_bare(outcome, evaluation), proved=True, stopping=stopping)
        outputs = Outputs(program, evaluation, whole if sure is not None else None, self.axis, x)
        facet = outputs.read(outcome)
        if outputs.lost and not within.is_point:
            return None
        self._hold(facet, evaluation, x)
        reach = within if within.is_point else within.meet(outputs.reach)
        return Stretch(reach, facet, proved=True, stopping=stopping)

    def _hold(self, facet: Facet, evaluation: Evaluation, x: Exact) -> None:
        """Hold the lines against the decision itself; they differ only by a mistake of ours."""
        for name, payable in facet.amounts:
            item = evaluation.amounts[name]
            if payable.line is not None and not isinstance(item.amount, Unknown):
                told = round_line(payable.line, item.output.rounding, x)
                if told != item.amount:
                    message = f"{name} is {item.amount} at {x}, not {told}"
                    raise RuntimeError(message)

    def _stays_open(self, whole: Evaluation) -> bool:
        """Return whether what else is not known surely leaves a stretch undetermined.

        That is shown by two completions of it under each of which one other outcome holds for every
        value of the stretch.
        """
        program = self.question.program
        names = [n for n in list_live(program, whole, whole.inputs) if n != self.axis.name]
        if not names:
            return False
        meter = Meter(program, self.question.options, OPEN_BUDGET)
        found = find_sure_outcomes(meter, dict(whole.inputs), self.axis.name, whole)
        self.spent += meter.spent
        return len(found) > 1

    def _halve(self, reach: Reach, whole: Evaluation) -> list[Reach]:
        """Return a reach of whole positions in two parts, cut where the decision turns if found."""
        low, high = int(reach.low), int(reach.high)
        first = self._sign(low)
        places = (high, *self._list_compared(reach, whole))
        end = next((x for x in places if self._sign(x) != first), None)
        middle = (low + high) // 2 if end is None else self._find_turn(low, end)
        return [Reach(low, middle, whole=True), Reach(middle + 1, high, whole=True)]

    def _sign(self, x: int) -> object:
        """Return what tells the decision at one position from that at another."""
        evaluation = self._evaluate(self.axis.value_at(x))
        if not is_settled(self.question.program, evaluation):
            return self.look(x).facet
        if not self.whole:
            return evaluation.outcomes
        binding = tuple(item.binding for item in evaluation.amounts.values())
        return (evaluation.outcomes, list_stopping(evaluation), binding)

    def _find_turn(self, low: int, high: int) -> int:
        """Return the last position from the first on at which the decision is as there."""
        first = self._sign(low)
        while high - low > 1:
            middle = (low + high) // 2
            if self._sign(middle) == first:
                low = middle
            else:
                high = middle
        return low

    def _list_compared(self, reach: Reach, whole: Evaluation) -> list[int]:
        """Return positions within a reach that some rule compares the fact with."""
        found = find_compared(self.question.program, whole, self.axis.name)
        places = [find_position(value) for value in found]
        around = {int(x) + by for x in places if x is not None for by in (-1, 0, 1)}
        return sorted(x for x in around if x in reach)


def find_sure_outcomes(meter: Meter, box: Box, kept: str, evaluation: Evaluation) -> set[Outcome]:
    """Return outcomes that hold for every value of one unknown, each for some of the others."""
    found: set[Outcome] = set()
    waiting = [(add_records(meter.program, box), evaluation)]
    while waiting and not meter.is_spent and len(found) < 2:  # noqa: PLR2004 - two differ
        held, seen = waiting.pop()
        name = next((n for n in list_live(meter.program, seen, held) if n != kept), None)
        if name is None:
            continue
        for part in list_parts(meter, held, name, seen):
            inner = {**held, name: part}
            made = meter.evaluate(inner)
            if len(made.outcomes) == 1:
                found |= made.outcomes
            elif not isinstance(part, Unknown):
                waiting.append((inner, made))
    return found
