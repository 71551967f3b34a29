"""Comes in: a box of a case and an unknown. Goes out: values of it worth trying.

Those are the ends of what it may be, and where some rule compares it with something: there results
turn. Between two neighbouring ones they are the same, or vary smoothly.
"""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction
from typing import TypeGuard

from voucher_rules.checked.mechanics import Define
from voucher_rules.decision.boxes import Box, Meter
from voucher_rules.decision.evaluate import Called, Evaluation, called_of
from voucher_rules.decision.law import list_turns_of
from voucher_rules.decision.ordinals import count_grid, value_at
from voucher_rules.decision.trace import Step
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.unknowns import make_value, split_value
from voucher_rules.program.build import Program
from voucher_rules.values.model import (
    NO_MARKS,
    AnyText,
    Interval,
    OneOf,
    Ordered,
    Scale,
    SetBetween,
    Unknown,
    Value,
)


def find_compared(program: Program, evaluation: Evaluation, name: str) -> list[Ordered]:
    """Return the values that some rule compares an unknown with, the ends of those not known."""
    found: list[Ordered] = []
    for alias in _list_aliases(evaluation, name):
        found += find_compared(program, evaluation, alias)
    for result in evaluation.rules.values():
        waiting = list(result.list_steps())
        while waiting:
            step = waiting.pop()
            waiting.extend(step.parts)
            if step.term.name == "scale" and step.term.role is Role.OPERATOR:
                found += _list_scale_turns(name, step)
            elif len(step.parts) == 2:  # noqa: PLR2004 - two sides
                found += _list_ends(name, step.parts)
        if result.last_day is not None:
            found += _list_ends(name, result.steps)
        called = called_of(result)
        if called is not None:
            found += _find_compared_called(called, result.steps, name)
    for parameter in program.parameters.values():
        if parameter.on == name:
            found += list_turns_of(parameter)
    return found


def _list_aliases(evaluation: Evaluation, name: str) -> list[str]:
    """Return the variables that are nothing but an unknown, or one of several it may be."""
    return [
        result.rule.body.name
        for result in evaluation.rules.values()
        if isinstance(result.rule.body, Define) and result.steps and _is_of(name, result.steps[0])
    ]


def _find_compared_called(called: Called, steps: tuple[Step, ...], name: str) -> list[Ordered]:
    """Return what a called decision compares an unknown of the caller with."""
    asked = [key for key, _ in called.body.asked]
    inner = [key for key, step in zip(asked, steps, strict=True) if _is_of(name, step)]
    inner += [name] if name in called.program.inputs and name not in asked else []
    return [
        value
        for key in inner
        for item in called.evaluations
        for value in find_compared(called.program, item, key)
    ]


def _list_scale_turns(name: str, step: Step) -> list[Ordered]:
    """Return the quantities at which a scale turns for an unknown it is entered with."""
    scale, *entered = (part.value for part in step.parts)
    if not isinstance(scale, Scale) or not any(_is_of(name, part) for part in step.parts[1:]):
        return []
    turns: list[Ordered] = [x.high for x in scale.brackets if x.high is not None]
    others = [split_value(value)[0] for value in entered]
    ends = [end for item in others if isinstance(item, Interval) for end in (item.low, item.high)]
    exact = [end for end in ends if isinstance(end, int | Fraction)]
    marginal = [turn for turn in turns if isinstance(turn, int | Fraction)]
    return turns + [turn - end for turn in marginal for end in exact]


def _list_ends(name: str, steps: tuple[Step, ...]) -> list[Ordered]:
    """Return the ends of every step but that of ``name``, where it is among them."""
    own = [step for step in steps if _is_of(name, step)]
    if not own:
        return _list_moments(name, steps)
    kind = own[0].term.type.kind
    domains = [
        split_value(step.value)[0]
        for step in steps
        if step is not own[0] and step.term.type.kind is kind
    ]
    return [end for item in domains if isinstance(item, Interval) for end in (item.low, item.high)]


def _list_moments(name: str, steps: tuple[Step, ...]) -> list[Ordered]:
    """Return the first and last moment of each day that the day of an instant is compared with."""
    own = [step for step in steps if step.term.name == "day" and _is_of(name, step.parts[0])]
    domain, _ = split_value(own[0].parts[0].value) if own else (None, NO_MARKS)
    zone = domain.low.tzinfo if isinstance(domain, Interval) and _is_moment(domain.low) else None
    days = [split_value(step.value)[0] for step in steps if own and step is not own[0]]
    ends = [end for item in days if isinstance(item, Interval) for end in (item.low, item.high)]
    times = (time.min, time(23, 59, 59))
    return [datetime.combine(day, at, zone) for day in ends if type(day) is date for at in times]


def _is_moment(value: Ordered) -> TypeGuard[datetime]:
    return isinstance(value, datetime)


def _is_of(name: str, step: Step) -> bool:
    """Return whether a step is the value of a name, by itself or as one side of a choice."""
    if step.term.name == "if":
        return any(part.term.name == name for part in step.parts[1:])
    return step.term.name == name


def list_parts(meter: Meter, box: Box, name: str, evaluation: Evaluation) -> list[Value]:
    """Return values of an unknown worth trying: options, or ends and where rules compare."""
    domain, marks = split_value(box[name])
    parts: list[Value] = []
    match domain:
        case Interval() if meter.type_of(name).kind is Kind.LIST:
            # an empty list, one record, or a list of which nothing is known: no more is tried
            parts = [0, 1, Unknown(domain)]
        case Interval():
            compared = find_compared(meter.program, evaluation, name)
            parts = _list_probes(meter.type_of(name), domain, compared)
        case OneOf(options):
            parts = sorted(options, key=str)
        case SetBetween(certain, possible):
            parts = [possible, certain, *(certain | {m} for m in sorted(possible - certain))]
        case AnyText():
            parts = _list_texts(evaluation, name)
        case _:
            pass
    return parts + [make_value(None, frozenset({mark})) for mark in sorted(marks, key=str)]


def _list_texts(evaluation: Evaluation, name: str) -> list[Value]:
    """Return texts worth trying for one not known: every one known, and one like no other."""
    found: set[str] = set()
    for result in evaluation.rules.values():
        waiting = list(result.list_steps())
        while waiting:
            step = waiting.pop()
            waiting.extend(step.parts)
            if step.term.type.kind in {Kind.ID, Kind.TEXT} and isinstance(step.value, str):
                found.add(step.value)
    return [f"\0{name}", *sorted(found)]


def _list_probes(kind: Type, domain: Interval, compared: list[Ordered]) -> list[Value]:
    low, high = count_grid(domain.low, kind), count_grid(domain.high, kind)
    steps = {low, high}
    for value in compared:
        at = count_grid(value, kind)
        steps |= {at - 1, at, at + 1}
    inside = sorted(step for step in steps if low <= step <= high)
    return [value_at(step, domain.low, kind) for step in inside]
