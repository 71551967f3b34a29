"""Comes in: parameters, readings and a day, in nodes. Goes out: the law of the day, in nodes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise

from voucher_rules.checked.model import WITHOUT_FORCE, CheckedRuleset
from voucher_rules.checked.symbols import Parameter
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import Lowered, Shape
from voucher_rules.compiled.terms import Terms
from voucher_rules.compiled.values import UNSURE
from voucher_rules.decision.law import find_parameter, find_start, list_turns_of, split_by_law
from voucher_rules.language.types import Kind, Type
from voucher_rules.program.build import Program
from voucher_rules.values.model import Interval, Unknown
from voucher_rules.values.read import FIRST_DAY, LAST_DAY


def list_stretches(program: Program) -> tuple[tuple[date, date], ...]:
    """Return the stretches of days on which one law holds, of all days that may be stated."""
    name = program.decision.as_of
    box = {name: Unknown(Interval(FIRST_DAY, LAST_DAY))}
    found = []
    for part in split_by_law(program, box):
        value = part[name]
        domain = value.domain if isinstance(value, Unknown) else Interval(value, value)  # type: ignore[arg-type]
        if isinstance(domain, Interval) and isinstance(domain.low, date):
            found.append((domain.low, domain.high))
    return tuple(found)  # type: ignore[arg-type]


class Laws(Terms):
    """Makes parameters and the force of documents in the nodes of one graph."""

    def parameter(self, parameter: Parameter, day: Lowered) -> Lowered:
        """Return a parameter's value on a day."""
        graph = self.graph
        kind = parameter.type if parameter.entered is None else Type(Kind.SCALE)
        low, high = graph.bounds(day.nodes[0])[0]
        turns = [x.toordinal() for x in list_turns_of(parameter)]
        starts = [low, *(turn for turn in turns if low < turn <= high)]
        picked = self._value_on(parameter, starts[-1], kind)
        for start, end in reversed(list(pairwise(starts))):
            before = graph.lt(day.nodes[0], graph.number(end))
            picked = self.choose(before, self._value_on(parameter, start, kind), picked)
        return self.after_key(day, picked)

    def _value_on(self, parameter: Parameter, day: int, kind: Type) -> Lowered:
        value = find_parameter(parameter, date.fromordinal(day))
        if kind.kind is Kind.SCALE and isinstance(value, Unknown):
            return Lowered(Shape.SCALE, (), *UNSURE)
        return self.constant(value, kind)

    def reading(self, option: str, kind: Type) -> Lowered:
        """Return how a provision is read."""
        return self.constant(option, kind)

    def in_force(
        self,
        ruleset: CheckedRuleset,
        day: Lowered,
        readings: Mapping[str, str],
        *,
        assumed: bool,
    ) -> int:
        """Return the node that tells whether a document is in force on a day."""
        if assumed:
            return TRUE
        graph = self.graph
        start = find_start(ruleset, readings)
        if start is None or ruleset.document.status in WITHOUT_FORCE:
            return FALSE
        until = ruleset.document.until or date.max
        begun = graph.le(graph.number(start.toordinal()), day.nodes[0])
        return graph.both(begun, graph.le(day.nodes[0], graph.number(until.toordinal())))
