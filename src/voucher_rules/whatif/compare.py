"""Comes in: two decisions on one case. Goes out: which rules came out otherwise, and which first.

A rule whose result differs is a cause where nothing it reads had come out otherwise before it, or
where it is itself not the rule it was; what only passes a difference on follows from those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voucher_rules.checked.mechanics import Rule, name_set
from voucher_rules.checked.reads import LIVE
from voucher_rules.decision.evaluate import called_of
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import RuleResult, Step
from voucher_rules.language.terms import Role
from voucher_rules.values.model import Value


@dataclass(frozen=True, slots=True)
class Shift:
    """A rule that came out otherwise; None on the side on which there is no such rule."""

    rule: Rule
    before: RuleResult | None
    after: RuleResult | None
    cause: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter or reading that rules read with another value: what it was and what it is."""

    name: str
    before: Value
    after: Value


def list_shifts(before: DecisionResult, after: DecisionResult) -> tuple[Shift, ...]:
    """Return the rules that came out otherwise, causes before what follows from them."""
    pairs = list(_pair_rules(before, after))
    moved = {name for pair in pairs for name in _list_moved(pair)}
    found = []
    for pair in pairs:
        held = next(item for item in reversed(pair) if item is not None)
        found.append(Shift(held.rule, *pair, cause=_is_cause(pair, moved)))
    return tuple(sorted(found, key=lambda item: not item.cause))


def _pair_rules(
    before: DecisionResult, after: DecisionResult
) -> Iterator[tuple[RuleResult | None, RuleResult | None]]:
    one, other = ({x.rule.id: x for x in _list_results(side)} for side in (before, after))
    for name in dict.fromkeys((*one, *other)):
        pair = (one.get(name), other.get(name))
        if _differ(*pair):
            yield pair


def _list_results(side: DecisionResult) -> list[RuleResult]:
    return [side.evaluation.rules[rule.id] for rule in side.program.rules]


def _differ(one: RuleResult | None, other: RuleResult | None) -> bool:
    return one is None or other is None or _sum_up(one) != _sum_up(other)


def _sum_up(result: RuleResult) -> tuple[object, ...]:
    """Return what a rule came to; two that came to the same are equal in this."""
    called = called_of(result)
    values = [step.value for step in result.steps]
    given = called.value if called is not None else None
    return (result.statuses, values, result.missing, result.last_day, given)


def _list_moved(pair: tuple[RuleResult | None, RuleResult | None]) -> Iterator[str]:
    """Yield the names that others read and that a rule which differs gives."""
    for item in pair:
        if item is not None:
            yield from filter(None, (name_set(item.rule.body), f"{LIVE}{item.rule.id}"))


def _is_cause(pair: tuple[RuleResult | None, RuleResult | None], moved: set[str]) -> bool:
    one, other = pair
    if one is None or other is None or _says(one.rule) != _says(other.rule):
        return True
    own = {f"{LIVE}{one.rule.id}", name_set(one.rule.body)}
    reads = {part.name for term in one.rule.terms() for part in term.walk()}
    if not reads & (moved - own):
        return True
    return any(True for _ in _compare_numbers(_read_numbers(one), _read_numbers(other)))


def _says(rule: Rule) -> tuple[object, ...]:
    return (tuple(term.text for term in rule.terms()), type(rule.body), rule.soft)


def list_numbers(before: DecisionResult, after: DecisionResult) -> tuple[Number, ...]:
    """Return the parameters and readings that were read with another value."""
    sides = []
    for side in (before, after):
        held: dict[str, Value] = {}
        for result in _list_results(side):
            held |= _read_numbers(result)
        sides.append(held)
    return tuple(_compare_numbers(*sides))


def _compare_numbers(one: dict[str, Value], other: dict[str, Value]) -> Iterator[Number]:
    for name, value in one.items():
        if name in other and other[name] != value:
            yield Number(name, value, other[name])


def _read_numbers(result: RuleResult) -> dict[str, Value]:
    return {
        step.term.name: step.value
        for whole in result.list_steps()
        for step in _walk(whole)
        if step.term.role in {Role.PARAMETER, Role.READING}
    }


def _walk(step: Step) -> Iterator[Step]:
    yield step
    for part in step.parts:
        yield from _walk(part)
