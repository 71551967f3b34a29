"""Comes in: a program and its inputs. Goes out: the values at which its rules may turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final

from drawn_cases import Array

from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.days import MICROS_IN_DAY, count_time
from voucher_rules.compiled.nodes import Kernel, KernelInput, Op, Shape, Sort
from voucher_rules.language.types import Kind
from voucher_rules.program.build import Program
from voucher_rules.testing.limits.sites import list_edges
from voucher_rules.values.model import Interval, OneOf, Period, SetBetween
from voucher_rules.values.read import FIRST_DAY, LAST_DAY

WIDEST: Final = 2**62
NARROW: Final = 10**12
"""What is no day or moment goes no further where cases are not wide."""
SECOND: Final = 1_000_000


class Edges:
    """The values at which the rules of a kernel may turn, for each of its inputs.

    Unless they are ``wide``, no quantity is so large that a step may leave 64 bits.
    """

    def __init__(self, kernel: Kernel, *, wide: bool = True) -> None:
        self.program = kernel.program
        self.most = WIDEST if wide else NARROW
        self.days = list_notable_days(kernel.program)
        self.parameters = list_parameters(kernel.program)
        self.constants = list_constants(kernel)
        self.periods = [x.count for x in self.parameters.get(Kind.PERIOD, ())] or [0]
        self.ratios = [x for x in self.parameters.get(Kind.RATIO, ()) if x] or [1]
        self._found: dict[str, Array] = {}

    def find(self, item: KernelInput) -> Array:
        """Return the edges of an input within its bounds; none of what has no order."""
        if item.name not in self._found:
            self._found[item.name] = np.unique(np.array(list(self._list(item)), np.int64))
        return self._found[item.name]

    def find_ends(self, item: KernelInput) -> tuple[int, int]:
        """Return the ends of what is drawn for an input."""
        low, high = find_ends(self.program, item)
        if item.shape in (Shape.NUMBER, Shape.PERIOD):
            low, high = max(low, min(-self.most, high)), min(high, max(self.most, low))
        return low, high

    def _list(self, item: KernelInput) -> Iterator[int]:
        if item.shape in (Shape.BOOL, Shape.TEXT, Shape.CODE, Shape.SET, Shape.LIST):
            return
        low, high = self.find_ends(item)
        found = {low, low + 1, high - 1, high, 0, 1}
        for number in self._list_named(item):
            found |= {number - 1, number, number + 1, 2 * number}
        yield from (x for x in found if low <= x <= high)

    def _list_named(self, item: KernelInput) -> Iterator[int]:
        """Yield whole numbers that rules and parameters name, in the unit of an input."""
        size = item.denominator or 1
        match item.shape:
            case Shape.DAY:
                yield from self.days
            case Shape.INSTANT:
                for day in self.days:
                    start = (day - 1) * MICROS_IN_DAY
                    yield from (start + x * 3600 * SECOND for x in (0, 9, 12, 18))
                    yield start + MICROS_IN_DAY - SECOND
            case Shape.TIME:
                yield from (count_time(x) for x in self.parameters.get(Kind.TIME, ()))
            case Shape.PERIOD:
                counts = {x.count for x in self.parameters.get(Kind.PERIOD, ())}
                yield from counts | {12 * x for x in counts}
                yield from self.constants
            case _:
                for number in self.parameters.get(item.type.kind, ()):
                    yield int(number * size)
                yield from (x * size for x in self.constants)
                yield from self.constants


def list_parameters(program: Program) -> dict[Kind, list[Any]]:
    """Return the values that parameters name, by kind, with the edges of scales."""
    found: dict[Kind, list[Any]] = {}
    for parameter in program.ruleset.parameters.values():
        if parameter.entered is not None:
            found.setdefault(parameter.entered.kind, []).extend(list_edges(parameter))
        values = [x.value for x in parameter.values]
        plain = (int, Fraction, date, Period)
        known = [x for x in values if isinstance(x, plain) and not isinstance(x, bool)]
        found.setdefault(parameter.type.kind, []).extend(known)
    return found


def list_notable_days(program: Program) -> list[int]:
    """Return the ends of laws, documents and parameters, leap days and ends of months."""
    document = program.ruleset.document
    days = {
        FIRST_DAY,
        LAST_DAY,
        *document.starts.values(),
        *list_parameters(program).get(Kind.DATE, ()),
    }
    days |= {document.until} if document.until else set()
    for parameter in program.ruleset.parameters.values():
        days |= {day for x in parameter.values for day in (x.start, x.until) if day}
    years = sorted({x.year for x in days if FIRST_DAY < x < LAST_DAY} | {2017, 2024})
    for year in years:
        days |= {date(year, month, 28) for month in range(1, 13)} | {date(year, 1, 1)}
        days |= {date(year + (-year % 4), 2, 28), date(year, 12, 31)}
    near = {day.toordinal() + gap for day in days for gap in (-1, 0, 1, 2, 3)}
    return sorted(x for x in near if FIRST_DAY.toordinal() <= x <= LAST_DAY.toordinal())


def list_calendar_days(program: Program) -> list[int]:
    """Return the days of the calendar of working days, where there is one."""
    calendar = program.ruleset.calendar
    if calendar is None:
        return []
    return list(range(calendar.first.toordinal(), calendar.last.toordinal() + 1))


def list_constants(kernel: Kernel) -> list[int]:
    """Return the small whole numbers that steps of a kernel compare or count with."""
    found = {x.low for x in kernel.nodes if x.op is Op.CONST and x.sort is Sort.INT}
    return sorted(x for x in found if -(10**6) < x < 10**6)[:400]


def find_ends(program: Program, item: KernelInput) -> tuple[int, int]:
    """Return the ends of what is drawn for an input; moments within the days that may be stated."""
    size = item.denominator or 1
    low, high = item.low * size, item.high * size
    domain = find_domain(program, item.name)
    if item.shape is Shape.NUMBER and isinstance(domain, Interval):
        least, most = (Fraction(x) * size for x in (domain.low, domain.high))  # type: ignore[arg-type]  # of a number
        low, high = ceil(least), floor(most)
    if item.shape is Shape.INSTANT:
        low = (FIRST_DAY.toordinal() - 1) * MICROS_IN_DAY
        high = LAST_DAY.toordinal() * MICROS_IN_DAY - SECOND
    return max(low, -WIDEST), min(high, WIDEST)


def find_domain(program: Program, name: str) -> object:
    """Return what a fact or a field of a record may be."""
    if name in program.inputs:
        return program.inputs[name].domain.domain
    fields = (x for spec in program.lists.values() for x in spec.fields.values())
    return next(x.domain.domain for x in fields if x.name == name)


def list_own_places(program: Program, item: KernelInput) -> list[int]:
    """Return the places of the options that a fact may have."""
    domain = find_domain(program, item.name)
    options = item.type.options
    if isinstance(domain, OneOf):
        return [at for at, x in enumerate(options) if x in domain.options]
    if isinstance(domain, SetBetween):
        return [at for at, x in enumerate(options) if x in domain.possible - domain.certain]
    return list(range(len(options)))


def list_wrong(item: KernelInput) -> list[Any]:
    """Return the cells just out of the bounds of an input, or of a field."""
    size = item.denominator or 1
    match item.shape:
        case Shape.BOOL | Shape.TEXT | Shape.LIST:
            return []
        case Shape.CODE:
            return ["?", ""]
        case Shape.SET:
            return [-1, item.high + 1]
        case Shape.DAY:
            return [date.fromordinal(x) for x in (item.low - 1, item.high + 1)]
        case _:
            found = [item.low * size - 1, item.high * size + 1]
            return [x for x in found if -(2**63) <= x < 2**63]
