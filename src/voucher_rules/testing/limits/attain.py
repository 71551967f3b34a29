"""Comes in: a program. Goes out: on which sides of each site any case can stand at all.

Everything is left unknown within its declared bounds: what even so is never below, at or above is
out of reach. What cannot be told in this way counts as within reach.
"""

from __future__ import annotations

from collections.abc import Iterator

from voucher_rules.decision.evaluate import Evaluation, evaluate_program
from voucher_rules.decision.law import Options, split_by_law
from voucher_rules.decision.trace import Step
from voucher_rules.language.terms import Term
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.program.build import Program
from voucher_rules.testing.limits.measure import pair_parts, subtract_values
from voucher_rules.testing.limits.sites import ALL, Side, is_comparison
from voucher_rules.values.model import Interval, Value


def list_attainable(program: Program) -> dict[str, set[Side]]:
    """Return the sides within reach of each comparison that is come to with nothing known."""
    readings = {name: item.default for name, item in program.ruleset.readings.items()}
    box = {name: item.domain for name, item in program.inputs.items()}
    found: dict[str, set[Side]] = {}
    for part in split_by_law(program, box):
        evaluation = evaluate_program(program, part, Options(readings, assume_in_force=True))
        for name, sides in _list_sides(evaluation):
            found.setdefault(name, set()).update(sides)
    return found


def _list_sides(evaluation: Evaluation) -> Iterator[tuple[str, set[Side]]]:
    for result in evaluation.rules.values():
        pairs = zip(result.rule.terms(), result.list_steps(), strict=False)
        for number, (term, step) in enumerate(pairs):
            yield from _list_sides_of(term, step, f"{result.rule.id}/{number}")


def _list_sides_of(term: Term, step: Step, path: str) -> Iterator[tuple[str, set[Side]]]:
    if is_comparison(term):
        left, right = step.parts
        yield path, _find_sides(left.value, right.value)
    for number, part in pair_parts(term, step):
        yield from _list_sides_of(term.parts[number], part, f"{path}.{number}")


def _find_sides(left: Value, right: Value) -> set[Side]:
    one, _ = split_value(left)
    other, _ = split_value(right)
    if not isinstance(one, Interval) or not isinstance(other, Interval):
        return set(ALL)
    least = subtract_values(one.low, other.high)
    most = subtract_values(one.high, other.low)
    if least is None or most is None:
        return set(ALL)
    within = {
        Side.BELOW: least[0] < 0,
        Side.AT: least[0] <= 0 <= most[0],
        Side.ABOVE: most[0] > 0,
    }
    return {side for side, holds in within.items() if holds}
