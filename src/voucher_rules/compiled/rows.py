"""Comes in: the values of a case. Goes out: a row of a kernel, or none; and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from voucher_rules.compiled.days import count_moment, count_time, make_moment, make_time
from voucher_rules.compiled.nodes import Kernel, KernelInput, Lowered, Shape
from voucher_rules.compiled.python_names import MISSING, Row
from voucher_rules.language.records import name_field
from voucher_rules.values.model import NONE, OPEN, Mark, Period, Unknown, Value, settle_exact


class NoRowError(Exception):
    """Something is not known that a kernel must know."""


def make_row(inputs: Sequence[KernelInput], values: Mapping[str, Value]) -> Row | None:
    """Return the row of a case; None where something is not known that a kernel must know."""
    try:
        return tuple(_make_item(item, values) for item in inputs)
    except NoRowError:
        return None


def _make_item(item: KernelInput, values: Mapping[str, Value]) -> Any:  # noqa: ANN401
    value = values[item.name]
    if values.get(f"{item.name}!", value) is not value:
        value = OPEN
    if item.shape is Shape.LIST and isinstance(value, int):
        return tuple(_make_record(item, number, values) for number in range(1, value + 1))
    return make_plain(item, value)


def _make_record(item: KernelInput, number: int, values: Mapping[str, Value]) -> tuple[Any, ...]:
    bare = [field.name.removeprefix(f"{item.name}.") for field in item.fields]
    names = [name_field(item.name, number, name) for name in bare]
    return tuple(make_plain(f, values[n]) for f, n in zip(item.fields, names, strict=True))


def make_plain(item: KernelInput, value: Value) -> Any:  # noqa: ANN401 - what stands in a row
    """Return what stands in a row for a value. Raises :class:`NoRowError`."""
    if value is NONE and item.may_be_none:
        return None
    if isinstance(value, Unknown | Mark):
        if item.may_be_missing and value is not NONE:
            return MISSING
        raise NoRowError
    match item.shape:
        case Shape.BOOL | Shape.TEXT:
            return value
        case Shape.NUMBER:
            return _make_number(item, value)
        case Shape.CODE:
            return item.type.options.index(value)
        case Shape.SET:
            held = value if isinstance(value, frozenset) else frozenset()
            return sum([1 << item.type.options.index(option) for option in held])
        case _:
            return count_ordered(value)


def _make_number(item: KernelInput, value: Value) -> int | Fraction:
    if not isinstance(value, int | Fraction):
        raise NoRowError
    if item.denominator < 2:  # noqa: PLR2004 - each value brings its own, or all are whole
        return value
    counted = settle_exact(Fraction(value) * item.denominator)
    if not isinstance(counted, int):
        raise NoRowError
    return counted


def count_ordered(value: Value) -> int:
    """Return the whole number that stands for a day, a moment, a time or a period."""
    if isinstance(value, Period):
        return value.count
    if isinstance(value, datetime):
        return count_moment(value)
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, time):
        return count_time(value)
    raise NoRowError


def read_value(kernel: Kernel, value: Lowered, parts: tuple[Any, ...]) -> Value:
    """Return a value of the language from what a kernel gave of it."""
    first = parts[0]
    if first is None or first is MISSING:
        return NONE if first is None else OPEN
    match value.shape:
        case Shape.NUMBER:
            return settle_exact(Fraction(first, parts[1]))
        case Shape.DAY:
            return date.fromordinal(first)
        case Shape.INSTANT:
            return make_moment(first).replace(tzinfo=kernel.program.ruleset.zone)
        case Shape.TIME:
            return make_time(first)
        case Shape.PERIOD if value.unit is not None:
            return Period(first, value.unit)
        case Shape.CODE:
            return value.options[int(first)]
        case Shape.SET:
            return frozenset(o for place, o in enumerate(value.options) if first >> place & 1)
        case Shape.BOOL:
            return bool(first)
        case _:
            return str(first)
