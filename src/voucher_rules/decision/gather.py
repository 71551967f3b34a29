"""Comes in: a program and its inputs. Goes out: the value of every name before the first step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Parameter
from voucher_rules.decision.law import find_parameter, list_turns_of
from voucher_rules.decision.trace import limit_to
from voucher_rules.language.records import split_field
from voucher_rules.language.terms import Role
from voucher_rules.meaning.terms import find_value
from voucher_rules.meaning.unknowns import find_truths, join_values, make_value, split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import Interval, Mark, Value


def gather_values(
    program: Program, inputs: Mapping[str, Value], readings: Mapping[str, str]
) -> dict[str, Value]:
    """Return the value of every name a decision reads before its first step."""
    as_of = inputs[program.decision.as_of]
    domain, _ = split_value(as_of)
    day = domain.low if isinstance(domain, Interval) else as_of
    values = {**_find_parameters(program, day), **inputs}
    for name, option in readings.items():
        values[f"reading.{name}"] = option
    values |= dict.fromkeys(program.elsewhere, False)
    for listed in program.lists.values():
        values |= {name: item.domain for name, item in listed.fields.items()}
    for name in program.applying:
        values[name] = _limit_to_cases_it_applies_to(program, values, name)
    for name in program.picked:
        if name not in inputs:
            values[name] = _find_parameter_on(program.parameters[name], values)
    for name in program.asked:
        values.setdefault(f"{name}{ASKED}", values[name])
    return values


def gather_again(
    program: Program,
    inputs: Mapping[str, Value],
    base: Mapping[str, Value],
    base_inputs: Mapping[str, Value],
) -> tuple[dict[str, Value], set[str]] | None:
    """Return the values of ``base`` with other inputs, and the names of those that differ.

    None where the law may differ, or what is asked: then nothing can be taken over.
    """
    changed = {
        name
        for name, value in inputs.items()
        if value is not (old := base_inputs.get(name)) and value != old
    }
    if program.decision.as_of in changed or inputs.keys() != base_inputs.keys():
        return None
    values = {**base, **{name: inputs[name] for name in changed}}
    for name in program.applying:
        applies = program.inputs[name].applies
        if applies and not changed.isdisjoint((name, *applies.names(*Role))):
            values[name] = inputs[name]
            values[name] = _limit_to_cases_it_applies_to(program, values, name)
            changed.add(name)
    for name in program.picked:
        if name not in inputs and program.parameters[name].on in changed:
            values[name] = _find_parameter_on(program.parameters[name], values)
            changed.add(name)
    for name in program.asked:
        own = f"{name}{ASKED}"
        if name in changed and own not in inputs:
            values[own] = values[name]
            changed.add(own)
    if program.lists:
        changed |= {split_field(name)[0] for name in changed}
    return values, changed


@lru_cache(maxsize=256)
def _find_parameters(program: Program, day: object) -> Mapping[str, Value]:
    """Return the parameters of a day, but those that another day of the case picks."""
    items = program.parameters.items()
    return {name: find_parameter(item, day) for name, item in items if not item.on}


def _limit_to_cases_it_applies_to(
    program: Program, values: Mapping[str, Value], name: str
) -> Value:
    applies = program.inputs[name].applies
    if applies is None:
        return values[name]
    return limit_to(values[name], find_truths(find_value(applies, values)))


def _find_parameter_on(parameter: Parameter, values: Mapping[str, Value]) -> Value:
    """Return a parameter's value on a day of its own: every value it may have, where unknown."""
    domain, marks = split_value(values[parameter.on])
    if not isinstance(domain, Interval):
        return make_value(None, marks)
    low, high = domain.low, domain.high
    if low == high:
        return _limit_marks(find_parameter(parameter, low), marks)
    days = [low, *(turn for turn in list_turns_of(parameter) if low < turn <= high)]  # type: ignore[operator]
    return _limit_marks(join_values(find_parameter(parameter, day) for day in days), marks)


def _limit_marks(value: Value, marks: frozenset[Mark]) -> Value:
    """Return a value that may also be any of some marks."""
    domain, own = split_value(value)
    return make_value(domain, own | marks)
