"""Comes in: a case. Goes out: the decisions on it under every way to read what is in dispute.

Each option of each reading is tried by itself, and those of readings that a ruleset declares to go
together also in pairs; everything else stays as it was chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from voucher_rules.decision.case import Case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.decision.result import DecisionResult, Overlay
from voucher_rules.program.build import Program
from voucher_rules.values.model import Exact


@dataclass(frozen=True, slots=True)
class ReadingEffect:
    """What a case comes to under other readings; ``chosen`` are those that differ, by name."""

    chosen: Mapping[str, str]
    result: DecisionResult
    differs: bool
    """Whether anything decided differs: the outcome, an amount, a value or a consequence."""
    differences: Mapping[str, Exact]
    """By how much each amount that is settled both times differs, in minor units."""


@dataclass(frozen=True, slots=True)
class ReadingStudy:
    """The decision as the readings were chosen, and the effect of every other way to read."""

    base: DecisionResult
    effects: tuple[ReadingEffect, ...]


def study_readings(
    program: Program, case: Case, options: Options, overlays: tuple[Overlay, ...] = ()
) -> ReadingStudy:
    """Decide a case under the options given and under every departure from them."""
    base = decide(program, case, options, overlays)
    effects = []
    for chosen in list_departures(program, options.readings):
        other = replace(options, readings={**options.readings, **chosen})
        result = decide(program, case, other, overlays)
        differs = tell_apart(base) != tell_apart(result)
        effects.append(ReadingEffect(chosen, result, differs, _subtract_amounts(result, base)))
    return ReadingStudy(base, tuple(effects))


def list_departures(program: Program, readings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield every other option of every reading a decision rests on, then the declared pairs."""
    others = {
        name: [x for x in program.ruleset.readings[name].options if x != readings[name]]
        for name in program.readings
    }
    for name, options in others.items():
        for option in options:
            yield {name: option}
    for pair in _list_pairs(program):
        for chosen in product(*(others[name] for name in pair)):
            yield dict(zip(pair, chosen, strict=True))


def _list_pairs(program: Program) -> list[tuple[str, str]]:
    pairs = {
        frozenset({name, other}): (name, other)
        for name in program.readings
        for other in program.ruleset.readings[name].together
        if other in program.readings and other != name
    }
    return list(pairs.values())


def tell_apart(result: DecisionResult) -> tuple[object, ...]:
    """Return what a decision comes to; two that come to the same are equal in this."""
    amounts = tuple((name, x.value, x.range, x.otherwise) for name, x in result.amounts.items())
    values = tuple(result.values.items())
    followings = tuple((x.rule.id, x.start, x.until) for x in result.followings)
    return (result.outcome, result.possible, amounts, values, followings)


def _subtract_amounts(result: DecisionResult, base: DecisionResult) -> dict[str, Exact]:
    differences: dict[str, Exact] = {}
    for name, amount in result.amounts.items():
        before, after = base.amounts[name].value, amount.value
        if before is not None and after is not None:
            differences[name] = after - before
    return differences
