"""Comes in: what a decision reads of a case. Goes out: the inputs of a kernel, and their nodes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from voucher_rules.checked.symbols import Input, ListSpec
from voucher_rules.compiled.days import MICROS_IN_DAY, count_moment, count_time
from voucher_rules.compiled.graph_nodes import FALSE
from voucher_rules.compiled.nodes import KernelInput, Lowered, Part, Shape, Sort
from voucher_rules.compiled.values import SHAPES, Marks, Values
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.values.model import Interval, Ordered, Period, PeriodUnit
from voucher_rules.values.read import FIRST_DAY, LAST_DAY, MAX_DIGITS

_WIDEST: Final = 10**MAX_DIGITS
_ABOUT_DAYS: Final = 2
"""How many days a moment may lie beyond the days that may be stated, in whichever zone."""


def list_inputs(
    program: Program,
    stretch: tuple[date, date],
    denominators: Mapping[str, int],
    *,
    lenient: bool = False,
) -> tuple[KernelInput, ...]:
    """Return the inputs of a kernel, in the order of the program.

    Where it is ``lenient``, any of them but the day that fixes the law may be missing.
    """
    made = []
    for name, declared in program.inputs.items():
        if declared.type.kind is Kind.LIST:
            made.append(make_list(program.lists[name], declared, denominators, lenient=lenient))
            continue
        item = _make_input(declared, denominators, lenient=lenient)
        if name == program.decision.as_of:
            item = _bound_day(item, *stretch)
        made.append(item)
    return tuple(made)


def _make_input(declared: Input, denominators: Mapping[str, int], *, lenient: bool) -> KernelInput:
    shape = SHAPES[declared.type.kind]
    low, high = _find_bounds(declared, shape)
    may_be_none = declared.optional or declared.applies is not None
    dense = declared.type.kind in {Kind.NUMBER, Kind.RATIO}
    return KernelInput(
        declared.name,
        declared.type,
        shape,
        may_be_none,
        lenient or declared.applies is not None,
        denominator=denominators.get(declared.name, 0) if dense else 1,
        low=low,
        high=high,
        judged=declared.role is Role.FINDING,
    )


def make_list(
    spec: ListSpec, declared: Input, denominators: Mapping[str, int], *, lenient: bool
) -> KernelInput:
    """Return a list as an input, with its fields."""
    items = spec.fields.values()
    fields = tuple(_make_input(item, denominators, lenient=lenient) for item in items)
    may_be_none = declared.optional or declared.applies is not None
    return KernelInput(
        declared.name,
        declared.type,
        Shape.LIST,
        may_be_none,
        lenient or declared.applies is not None,
        fields=fields,
        most=spec.most,
        high=spec.most,
    )


def _bound_day(item: KernelInput, first: date, last: date) -> KernelInput:
    return KernelInput(
        item.name,
        item.type,
        item.shape,
        item.may_be_none,
        may_be_missing=False,
        low=first.toordinal(),
        high=last.toordinal(),
    )


def _find_bounds(declared: Input, shape: Shape) -> tuple[int, int]:
    """Return the bounds of what stands in a node; the bounds of a ratio down and up to whole."""
    options = declared.type.options
    if shape is Shape.CODE:
        return 0, len(options) - 1
    if shape is Shape.SET:
        return 0, (1 << len(options)) - 1
    domain = declared.domain.domain
    if not isinstance(domain, Interval):
        return 0, 0
    if shape is Shape.INSTANT:
        low, high = FIRST_DAY.toordinal() - 1, LAST_DAY.toordinal()
        return (low - _ABOUT_DAYS) * MICROS_IN_DAY, (high + _ABOUT_DAYS) * MICROS_IN_DAY
    return count_low(domain.low), -count_low(domain.high, up=True)


def count_low(value: Ordered, *, up: bool = False) -> int:
    """Return the whole number a bound lies at or above; (``up``) below, with the other sign."""
    sign = -1 if up else 1
    if isinstance(value, int | Fraction):
        return (sign * value.numerator) // value.denominator
    if isinstance(value, Period):
        return sign * value.count
    if isinstance(value, datetime):
        return sign * count_moment(value)
    if isinstance(value, date):
        return sign * value.toordinal()
    return sign * count_time(value)


class Reader:
    """Makes the nodes that read inputs."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.graph = values.graph

    def read(self, place: int, item: KernelInput) -> Lowered:
        """Return an input of a kernel as a value."""
        made = self._read_parts(item, (place,), "")
        if item.shape is Shape.LIST:
            length = self.graph.read((place, Part.LENGTH), Sort.INT, 0, item.most)
            made = self.values.make(made, (length,), self.values.marks_of(made))
        return made

    def read_fields(self, place: int, item: KernelInput) -> dict[str, Lowered]:
        """Return the fields of the record of a list that is gone through."""
        return {
            field.name: self._read_parts(field, (place, number), item.name)
            for number, field in enumerate(item.fields)
        }

    def _read_parts(self, item: KernelInput, at: tuple[int, ...], scope: str) -> Lowered:
        none = self._flag(Part.IS_NONE, at, scope) if item.may_be_none else FALSE
        missing = self._flag(Part.IS_MISSING, at, scope) if item.may_be_missing else FALSE
        unit = PeriodUnit(item.type.unit) if item.shape is Shape.PERIOD else None
        if item.shape is Shape.PERIOD and unit is None:
            raise self.values.fail(f"`{item.name}` is a period in one of several units")
        nodes = self._read_value(item, at, scope)
        marks = Marks(none, waits=missing) if item.judged else Marks(none, missing)
        return Lowered(item.shape, nodes, *marks, item.type.options, unit)

    def _read_value(self, item: KernelInput, at: tuple[int, ...], scope: str) -> tuple[int, ...]:
        if item.shape is Shape.LIST:
            return (self.graph.number(0),)
        if item.shape is Shape.BOOL:
            return (self._node((*at, Part.VALUE), Sort.BOOL, 0, 1, scope),)
        if item.shape is Shape.TEXT:
            return (self._node((*at, Part.VALUE), Sort.TEXT, 0, 0, scope),)
        if item.shape is not Shape.NUMBER or item.denominator == 1:
            value = self._node((*at, Part.VALUE), Sort.INT, item.low, item.high, scope)
            under = (self.graph.number(1),) if item.shape is Shape.NUMBER else ()
            return (value, *under)
        if item.denominator:
            size = item.denominator
            bounds = (item.low * size, item.high * size)
            top = self._node((*at, Part.NUMERATOR), Sort.INT, *bounds, scope)
            return (top, self.graph.number(size))
        wide = (min(0, item.low * _WIDEST), max(0, item.high * _WIDEST))
        top = self._node((*at, Part.NUMERATOR), Sort.INT, *wide, scope)
        return (top, self._node((*at, Part.DENOMINATOR), Sort.INT, 1, _WIDEST, scope))

    def _flag(self, part: Part, at: tuple[int, ...], scope: str) -> int:
        return self._node((*at, part), Sort.BOOL, 0, 1, scope)

    def _node(self, data: tuple[object, ...], sort: Sort, low: int, high: int, scope: str) -> int:
        if scope:
            return self.graph.read_field(data, sort, low, high, scope)
        return self.graph.read(data, sort, low, high)
