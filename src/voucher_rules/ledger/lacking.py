"""Comes in: a window whose end was not found. Goes out: what would have to be known to find it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from voucher_rules.checked.mechanics import Window
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.trace import Step
from voucher_rules.language.terms import Role
from voucher_rules.program.build import Program
from voucher_rules.values.model import Unknown

_GIVEN: Final = frozenset(
    {Role.FACT, Role.FIELD, Role.FINDING, Role.BALANCE, Role.PARAMETER, Role.CALENDAR}
)


def list_lacking(program: Program, evaluation: Evaluation, rule: str) -> tuple[str, ...]:
    """Return the names that are not known and that the end of a window hangs on, each once."""
    return tuple(dict.fromkeys(_list_of_rules(program, evaluation, [rule], {rule})))


def _list_of_rules(
    program: Program, evaluation: Evaluation, rules: Iterable[str], seen: set[str]
) -> Iterator[str]:
    for name in rules:
        result = evaluation.rules[name]
        # What must fall into a window has nothing to do with where the window ends.
        steps = result.steps[:2] if isinstance(result.rule.body, Window) else result.steps
        for step in (*((result.when,) if result.when else ()), *steps):
            yield from _list_of_step(program, evaluation, step, seen)


def _list_of_step(
    program: Program, evaluation: Evaluation, step: Step, seen: set[str]
) -> Iterator[str]:
    if not isinstance(step.value, Unknown):
        return
    if step.term.role in _GIVEN:
        yield step.term.name
    setters = [name for name in program.setters.get(step.term.name, ()) if name not in seen]
    seen.update(setters)
    yield from _list_of_rules(program, evaluation, setters, seen)
    for part in step.parts:
        yield from _list_of_step(program, evaluation, part, seen)
