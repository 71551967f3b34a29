"""Comes in: the evaluation of a case. Goes out: how far it stands from every site it came to.

A gap is left less right, in the smallest steps of what is compared: fen, days, seconds, things. It
is zero at the limit; of a ratio or a number, which have no smallest step, it is the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from voucher_rules.checked.mechanics import Window
from voucher_rules.decision.amounts import AmountResult, LimitResult
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.trace import RuleResult, Step
from voucher_rules.language.terms import Role, Term
from voucher_rules.program.build import Program
from voucher_rules.testing.limits.sites import (
    LOOK_UPS,
    Side,
    is_comparison,
    list_edges,
    list_turns,
    name_cell,
)
from voucher_rules.values.model import Exact, Period, Value

_SECOND: Final = timedelta(seconds=1)


class Gap(NamedTuple):
    """How far a case stands from a site: below it, at it or above; ``step`` is the smallest way."""

    site: str
    size: Exact
    step: Exact
    """What counts as just beside it; 0 where there is no smallest step."""

    @property
    def side(self) -> Side:
        """The side the case stands on."""
        if self.size == 0:
            return Side.AT
        return Side.BELOW if self.size < 0 else Side.ABOVE

    @property
    def distance(self) -> Fraction:
        """How far it is from the site, whichever way."""
        return abs(Fraction(self.size))

    @property
    def is_close(self) -> bool:
        """Whether it is at the site, or beside it by no more than the smallest step."""
        return self.distance <= self.step


def measure_gaps(program: Program, evaluation: Evaluation) -> Iterator[Gap]:
    """Yield the gap to every site an evaluation came to with all it needs known."""
    yield from _measure_force(program, evaluation)
    yield from _measure_dated(program, evaluation)
    for result in evaluation.rules.values():
        for number, (term, step) in enumerate(_pair_steps(result)):
            walk = _Walk(program, evaluation)
            yield from walk.measure(term, step, f"{result.rule.id}/{number}")
        if isinstance(result.rule.body, Window) and result.rule.body.act is not None:
            yield from _measure_window(result)
    for item in evaluation.amounts.values():
        yield from _measure_amount(program, evaluation, item)


def _pair_steps(result: RuleResult) -> list[tuple[Term, Step]]:
    """Pair the terms of a rule with the steps it took; a rule left aside took only the first."""
    return list(zip(result.rule.terms(), result.list_steps(), strict=False))


def subtract_values(left: Value, right: Value) -> tuple[Exact, Exact] | None:
    """Return the difference in smallest steps and the step, or None where there is none."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        return ((left - right) // _SECOND, 1)
    if isinstance(left, date) and isinstance(right, date):
        return (left.toordinal() - right.toordinal(), 1)
    if isinstance(left, time) and isinstance(right, time):
        return (_count_seconds(left) - _count_seconds(right), 1)
    if isinstance(left, Period) and isinstance(right, Period):
        return (left.count - right.count, 1) if left.unit is right.unit else None
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return (left - right, 1)
    return None


def _count_seconds(value: time) -> int:
    return (value.hour * 60 + value.minute) * 60 + value.second


_DENSE: Final = frozenset({"ratio", "number"})


class _Walk(NamedTuple):
    program: Program
    evaluation: Evaluation

    def measure(self, term: Term, step: Step, path: str) -> Iterator[Gap]:
        """Yield the gaps of a term and its parts; ``step`` is its trace."""
        if is_comparison(term):
            yield from self._compare(term, step, path)
        if term.name == "scale" and term.role is Role.OPERATOR:
            yield from self._measure_edges(term, step, path)
        for number, part in pair_parts(term, step):
            yield from self.measure(term.parts[number], part, f"{path}.{number}")

    def _compare(self, term: Term, step: Step, path: str) -> Iterator[Gap]:
        left, right = step.parts
        found = subtract_values(left.value, right.value)
        if found is None:
            return
        size, one = found
        one = 0 if term.parts[0].type.kind.value in _DENSE else one
        cells = [cell for part in step.parts for cell in list_cells_used(self, part)]
        for name in [name_cell(path, cell) for cell in dict.fromkeys(cells)] or [path]:
            yield Gap(name, size, one)

    def _measure_edges(self, term: Term, step: Step, path: str) -> Iterator[Gap]:
        name = next(term.names(Role.PARAMETER), "")
        if name not in self.program.parameters:
            return
        entered = step.parts[1].value
        dense = term.parts[1].type.kind.value in _DENSE
        for edge in list_edges(self.program.parameters[name]):
            found = subtract_values(entered, edge)
            if found is not None:
                yield Gap(f"{path} {name}={edge}", found[0], 0 if dense else found[1])


def pair_parts(term: Term, step: Step) -> Iterator[tuple[int, Step]]:
    """Yield the steps of a term's parts with the number of the part each is the trace of."""
    if term.role is Role.AGGREGATE:
        order = [*range(2, len(term.parts)), 1]
        for number, part in enumerate(step.parts[1:]):
            yield order[number % len(order)], part
    elif term.name in {"if", "lookup"} and len(step.parts) < len(term.parts):
        yield 0, step.parts[0]
        yield _find_chosen(term, step.parts[0].value), step.parts[1]
    else:
        yield from enumerate(step.parts)


def _find_chosen(term: Term, value: Value) -> int:
    if isinstance(value, bool):
        return 1 if value else 2
    return 1 + term.parts[0].type.options.index(str(value))


def list_cells_used(walk: _Walk, step: Step) -> list[str]:
    """Return the cells of tables whose values made a step, also through a variable."""
    found: list[str] = []
    waiting = [step]
    while waiting:
        item = waiting.pop()
        term = item.term
        if term.role is Role.PARAMETER and walk.program.parameters[term.name].table:
            found.append(term.name)
        elif term.role is Role.VARIABLE:
            waiting += _find_look_ups(walk, term.name)
        elif term.name in {"lookup_max", "lookup_min"}:
            waiting += [part for part in item.parts[1:] if part.value == item.value]
        else:
            waiting += item.parts
    return found


def _find_look_ups(walk: _Walk, name: str) -> list[Step]:
    results = [walk.evaluation.rules.get(rule) for rule in walk.program.setters.get(name, ())]
    return [
        step
        for result in results
        if result is not None
        for step in result.steps
        if step.term.name in LOOK_UPS
    ]


def _measure_force(program: Program, evaluation: Evaluation) -> Iterator[Gap]:
    document = program.ruleset.document
    day = evaluation.values[program.decision.as_of]
    option = str(evaluation.values.get(f"reading.{document.start_reading}", ""))
    start = document.starts.get(option if document.start_reading else "")
    if not isinstance(day, date):
        return
    if start is not None:
        name = f"force.from{f'[{option}]' if document.start_reading else ''}"
        yield Gap(name, day.toordinal() - start.toordinal(), 1)
    if document.until is not None:
        yield Gap("force.until", day.toordinal() - document.until.toordinal(), 1)


def _measure_dated(program: Program, evaluation: Evaluation) -> Iterator[Gap]:
    for parameter in program.parameters.values():
        day = evaluation.values[parameter.on or program.decision.as_of]
        if isinstance(day, date):
            for turn in list_turns(parameter):
                name = f"{parameter.name}@{turn}"
                yield Gap(name, day.toordinal() - turn.toordinal(), 1)


def _measure_window(result: RuleResult) -> Iterator[Gap]:
    if len(result.steps) < 3:  # noqa: PLR2004 - opens, last, act; left aside it has none
        return
    opens, last, act = (step.value for step in result.steps[:3])
    for name, value in (("opens", opens), ("last", last)):
        found = subtract_values(act, value)
        if found is not None:
            yield Gap(f"{result.rule.id}/{name}", *found)


def _measure_amount(program: Program, evaluation: Evaluation, item: AmountResult) -> Iterator[Gap]:
    step = item.output.rounding.to
    least: list[Exact] = []
    for limit in item.limits:
        if limit.rule is None or not isinstance(limit.counted, int | Fraction):
            continue
        others = _list_rivals(item, limit)
        if not limit.rule.soft and isinstance(limit.value, int | Fraction):
            least.append(limit.value)
        if others:
            walk = _Walk(program, evaluation)
            result = evaluation.rules[limit.rule.id]
            cells = [cell for x in result.steps for cell in list_cells_used(walk, x)]
            name = limit.rule.id
            size = limit.counted - min(others)
            for named in [name_cell(name, cell) for cell in dict.fromkeys(cells)] or [name]:
                yield Gap(named, size, step)
    if least:
        yield Gap(f"{item.output.name}=0", min(least), step)


def _list_rivals(item: AmountResult, limit: LimitResult) -> list[Exact]:
    """Return the other limits that count; a soft one stands against what the hard ones leave."""
    return [
        other.counted
        for other in item.limits
        if other is not limit
        and isinstance(other.counted, int | Fraction)
        and (other.rule is None or not other.rule.soft)
    ]
