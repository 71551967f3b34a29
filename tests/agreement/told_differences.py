"""Comes in: a case on which executors differ. Goes out: a case file that a person can run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from evaluator_share import state_fact, state_facts

from voucher_rules.compiled.nodes import KernelInput, Shape
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.errors import InputError
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.testing.write import write_fact


@dataclass(frozen=True)
class Place:
    """Where a case was drawn: its ruleset, decision and law, and what was asked of it."""

    ruleset: str
    edition: str
    decision: str
    law: tuple[date, date]
    readings: Mapping[str, str]
    assumed: bool
    seed: str
    """From which run and batch, and which of its rows."""


def tell_difference(
    place: Place,
    program: Program,
    inputs: tuple[KernelInput, ...],
    row: Row,
    told: Mapping[str, Any],
) -> str:
    """Return a difference as text: where, each executor's answer, and the case as a file."""
    first, last = place.law
    lines = [
        f"# {place.ruleset} {place.edition}, {place.decision}, law of {first} to {last}",
        f"# {place.seed}",
    ]
    for name, answers in told.items():
        lines += [f"# {name}: {' | '.join(str(x).splitlines()[0][:200] for x in answers)}"]
    return "\n".join([*lines, write_case(place, program, inputs, row)])


def write_case(place: Place, program: Program, inputs: tuple[KernelInput, ...], row: Row) -> str:
    """Return a typed row as a file of one case."""
    lines = [
        f"ruleset: {place.ruleset}",
        f'edition: "{place.edition}"',
        "cases:",
        "  - name: drawn",
        f"    decision: {place.decision}",
        f"    assume_in_force: {str(place.assumed).lower()}",
        "    because: drawn at random, and told because executors differ on it",
        f"    expect: {{outcome: {_find_outcome(place, program, inputs, row)}}}",
    ]
    if place.readings:
        lines += ["    readings:", *(f"      {k}: {x}" for k, x in place.readings.items())]
    lines.append("    given:")
    for item, value in zip(inputs, row, strict=True):
        if value is not MISSING:
            lines.append(f"      {item.name}: {_write(program, item, value)}")
    return "\n".join(lines) + "\n"


def _find_outcome(place: Place, program: Program, inputs: tuple[KernelInput, ...], row: Row) -> str:
    """Return what the evaluator decides; of what the door refuses it cannot be told."""
    try:
        case = read_case(program, state_facts(program, inputs, row))
    except InputError:
        return "denied"
    return str(decide(program, case, Options(place.readings, place.assumed)).outcome)


def _write(program: Program, item: KernelInput, value: Any) -> str:  # noqa: ANN401 - any fact
    if value is None:
        return "none"
    if item.shape is Shape.LIST:
        return f"[{', '.join(_write_record(program, item, x) for x in value)}]"
    stated = state_fact(program, item, value)
    if item.shape is Shape.SET:
        return f"[{', '.join(stated)}]"
    if item.type.kind is Kind.MONEY:
        stated = value
    if item.type.kind is Kind.NUMBER and isinstance(stated, Fraction):
        return f'"{stated}"'
    told = write_fact(stated, item.type)
    return json.dumps(told, ensure_ascii=False) if item.shape in _QUOTED else told


_QUOTED = frozenset({Shape.TEXT, Shape.INSTANT, Shape.TIME})


def _write_record(program: Program, item: KernelInput, record: Row) -> str:
    pairs = zip(item.fields, record, strict=True)
    told = [
        f"{one.name.removeprefix(f'{item.name}.')}: {_write(program, one, x)}"
        for one, x in pairs
        if x is not MISSING
    ]
    return f"{{{', '.join(told)}}}"
