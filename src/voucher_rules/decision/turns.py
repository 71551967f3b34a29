"""Comes in: a completion of a case and an unknown. Goes out: whether the unknown decides near it.

It decides where two completions that differ in nothing else come out differently. Such a pair is
looked for where what is read together with the unknown may change, and all else is as it was.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Final, TypeAlias

from voucher_rules.decision.boxes import (
    Box,
    Meter,
    Range,
    is_settled,
    join_ranges,
    measure_ranges,
    surely_differ,
)
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.live import list_live
from voucher_rules.decision.near import list_shared
from voucher_rules.decision.ordinals import count_grid, value_at
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.decision.probes import list_parts
from voucher_rules.decision.split import find_turn, sign_at
from voucher_rules.language.records import split_field
from voucher_rules.language.types import Kind
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.values.model import Interval, Value

NEAR_BUDGET: Final = 400
"""How many evaluations the search for a completion in which one unknown turns may spend."""
RESULT_BUDGET: Final = 200
"""How many of them it may spend on what one result rests on."""

MANY: Final = 8
"""More values of an unknown than these are tried only where what they stand against is known."""
FEW: Final = 3
"""How many turns of an unknown are looked for between the ends of what it may be."""

Ways: TypeAlias = list[tuple[str, list[Value]]]


class Witnesses:
    """What completions met so far show to be possible."""

    def __init__(self) -> None:
        self.outcomes: frozenset[Outcome] = frozenset()
        self.ranges: dict[str, Range] = {}

    def add(self, evaluation: Evaluation) -> None:
        """Add a settled completion."""
        self.outcomes |= evaluation.outcomes
        self.ranges = join_ranges((self.ranges, measure_ranges(evaluation)))

    def show(self, evaluation: Evaluation) -> bool:
        """Return whether all that may come of a box is shown to be possible."""
        ranges = measure_ranges(evaluation)
        within = join_ranges((self.ranges, ranges)) == self.ranges
        return within and evaluation.outcomes <= self.outcomes


class TurnSearch:
    """Looks for completions in which unknowns of a box turn; keeps the settled ones it meets."""

    def __init__(self, meter: Meter, box: Box) -> None:
        self.meter = meter
        self.box = box
        self.witnesses = Witnesses()
        self._between: dict[str, list[Value]] = {}

    def note(self, evaluation: Evaluation) -> bool:
        """Keep a completion as a witness, if it is settled; return whether it is."""
        settled = is_settled(self.meter.program, evaluation)
        if settled:
            self.witnesses.add(evaluation)
        return settled

    def turns(self, box: Box, name: str) -> bool:
        """Return whether changing one unknown of a completion changes what it comes to."""
        unset = {**box, name: self.box[name]}
        whole = self.meter.evaluate(unset)
        if self.note(whole):
            return False
        tried: list[Evaluation] = []
        for part in list_parts(self.meter, unset, name, whole):
            evaluation = self.meter.evaluate({**box, name: part})
            self.note(evaluation)
            if any(surely_differ(self.meter.program, evaluation, other) for other in tried):
                return True
            tried.append(evaluation)
        return False

    def turns_near(self, good: Box, names: list[str], name: str) -> bool:
        """Look for a completion in which an unknown turns, other than ``good``.

        Only what one result rests on together with it is set otherwise, result by result.
        """
        tried: set[tuple[str, ...]] = {()}
        end = self.meter.spent + NEAR_BUDGET
        for shared in list_shared(self.meter.program, split_field(name)[0] or name):
            others = tuple(n for n in names if _is_among(n, shared) and n != name)
            if others in tried or self.meter.spent >= end:
                continue
            tried.add(others)
            box = {**good, **{other: self.box[other] for other in (name, *others)}}
            if not self._is_live(box, name):
                continue
            ways = self._list_ways(box, others, (name, good), end)
            limit = min(end, self.meter.spent + RESULT_BUDGET)
            aim = (name, good)
            if any(self._search(box, ways, aim, apart, limit) for apart in range(1, len(ways) + 1)):
                return True
        return False

    def _list_ways(self, box: Box, others: tuple[str, ...], aim: tuple[str, Box], end: int) -> Ways:
        """Return, for each unknown beside the one aimed at, the values that do not hide that.

        What hides it most easily comes first: there a search finds out soonest.
        """
        name, good = aim
        whole = self.meter.evaluate(box)
        ways: list[tuple[Fraction, str, list[Value]]] = []
        for other in others:
            parts = list_parts(self.meter, box, other, whole)
            many = len(parts) > MANY and isinstance(split_value(box[other])[0], Interval)
            if many or self.meter.spent >= end:
                # they are fewer once what they are compared with is known
                ways.append((Fraction(1), other, [good[other]]))
                continue
            parts = list(dict.fromkeys([good[other], *parts, *self._list_between(good, other)]))
            left = [part for part in parts if self._is_live({**box, other: part}, name)]
            ways.append((Fraction(len(left), len(parts) + 1), other, left))
        return [(other, left) for _, other, left in sorted(ways, key=lambda way: way[0])]

    def _is_live(self, box: Box, name: str) -> bool:
        return name in list_live(self.meter.program, self.meter.evaluate(box), box)

    def _search(self, box: Box, ways: Ways, aim: tuple[str, Box], apart: int, limit: int) -> bool:
        """Look where so many of the unknowns, and no fewer, are set otherwise than in the aim."""
        name, good = aim
        if apart == 0:
            return self.turns({**box, **{other: good[other] for other, _ in ways}}, name)
        if apart > len(ways) or self.meter.spent >= limit:
            return False
        evaluation = self.meter.evaluate(box)
        if name not in list_live(self.meter.program, evaluation, box):
            return False
        (other, parts), *rest = ways
        if self._search({**box, other: good[other]}, rest, aim, apart, limit):
            return True
        more = list_parts(self.meter, box, other, evaluation)
        return any(
            self._search({**box, other: part}, rest, aim, apart - 1, limit)
            for part in dict.fromkeys([*parts, *more])
            if part != good[other]
        )

    def _list_between(self, good: Box, name: str) -> list[Value]:
        """Return values of an unknown between the places where it turns something near ``good``."""
        if name not in self._between:
            self._between[name] = self._find_between(good, name)
        return self._between[name]

    def _find_between(self, good: Box, name: str) -> list[Value]:
        kind = self.meter.type_of(name)
        domain, _ = split_value(self.box[name])
        if not isinstance(domain, Interval) or kind.kind is Kind.LIST:
            return []
        low, high = count_grid(domain.low, kind), count_grid(domain.high, kind)
        turns = [low]
        while len(turns) <= FEW and turns[-1] < high:
            first = sign_at(self.meter, good, name, domain, turns[-1])
            if first == sign_at(self.meter, good, name, domain, high):
                break
            turns.append(find_turn(self.meter, good, name, domain, (turns[-1], high)) + 1)
        steps = [*turns[1:], *((a + b) // 2 for a, b in pairwise([*turns, high]))]
        return [value_at(step, domain.low, kind) for step in steps]


def _is_among(name: str, names: frozenset[str]) -> bool:
    """Return whether a name is among others, or the list of whose record it is a field."""
    return name in names or split_field(name)[0] in names
