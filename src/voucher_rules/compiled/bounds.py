"""Comes in: a step and the bounds of what it reads. Goes out: the bounds of what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from voucher_rules.compiled.days import (
    FIRST,
    LAST,
    add_months,
    first_of_year,
    last_of_year,
    month_of,
    year_of,
)
from voucher_rules.compiled.nodes import Op

Bounds: TypeAlias = tuple[int, int]


def bound_step(op: Op, data: object, args: Sequence[Bounds]) -> Bounds:
    """Return the least and the greatest a step on whole numbers may give."""
    if op is Op.TABLE and isinstance(data, tuple):
        low, high = args[0]
        reached = data[max(0, low) : min(high, len(data) - 1) + 1] or data
        return min(reached), max(reached)
    if op is Op.FOLD_SUM and isinstance(data, tuple):
        most = data[1]
        low, high = args[-1]
        return min(0, low * most), max(0, high * most)
    if op is Op.FOLD_DISTINCT and isinstance(data, tuple):
        return 0, data[1]
    return _BOUNDING[op](args)


def _add(args: Sequence[Bounds]) -> Bounds:
    (a, b), (c, d) = args
    return a + c, b + d


def _sub(args: Sequence[Bounds]) -> Bounds:
    (a, b), (c, d) = args
    return a - d, b - c


def _mul(args: Sequence[Bounds]) -> Bounds:
    (a, b), (c, d) = args
    corners = (a * c, a * d, b * c, b * d)
    return min(corners), max(corners)


def _floordiv(args: Sequence[Bounds]) -> Bounds:
    (a, b), (c, d) = args
    corners = (a // c, a // d, b // c, b // d)
    return min(corners), max(corners)


def _min(args: Sequence[Bounds]) -> Bounds:
    return min(low for low, _ in args), min(high for _, high in args)


def _max(args: Sequence[Bounds]) -> Bounds:
    return max(low for low, _ in args), max(high for _, high in args)


def _hull(args: Sequence[Bounds]) -> Bounds:
    """A choice: the first part is its condition."""
    return min(low for low, _ in args[1:]), max(high for _, high in args[1:])


def _mask(args: Sequence[Bounds]) -> Bounds:
    widest = max(high for _, high in args)
    return 0, (1 << widest.bit_length()) - 1


def _bit_and(args: Sequence[Bounds]) -> Bounds:
    return 0, min(high for _, high in args)


def _bit(args: Sequence[Bounds]) -> Bounds:
    return 1 << args[0][0], 1 << args[0][1]


def _count_bits(args: Sequence[Bounds]) -> Bounds:
    return 0, args[0][1].bit_length()


def _clamp(day: int) -> int:
    return min(max(day, FIRST), LAST)


def _of_day(turn: Callable[[int], int]) -> Callable[[Sequence[Bounds]], Bounds]:
    def bound(args: Sequence[Bounds]) -> Bounds:
        return turn(_clamp(args[0][0])), turn(_clamp(args[0][1]))

    return bound


def _month(args: Sequence[Bounds]) -> Bounds:
    low, high = (_clamp(end) for end in args[0])
    same = year_of(low) == year_of(high)
    return (month_of(low), month_of(high)) if same else (1, 12)


def _add_months(args: Sequence[Bounds]) -> Bounds:
    (low, high), (least, most) = args
    return add_months(_clamp(low), least), add_months(_clamp(high), most)


_BOUNDING: Final[Mapping[Op, Callable[[Sequence[Bounds]], Bounds]]] = {
    Op.ADD: _add,
    Op.SUB: _sub,
    Op.MUL: _mul,
    Op.FLOORDIV: _floordiv,
    Op.MIN: _min,
    Op.MAX: _max,
    Op.SELECT: _hull,
    Op.BIT_AND: _bit_and,
    Op.BIT_OR: _mask,
    Op.BIT: _bit,
    Op.COUNT_BITS: _count_bits,
    Op.YEAR: _of_day(year_of),
    Op.MONTH: _month,
    Op.FIRST_OF_YEAR: _of_day(first_of_year),
    Op.LAST_OF_YEAR: _of_day(last_of_year),
    Op.ADD_MONTHS: _add_months,
    Op.FOLD_MIN: lambda args: args[-1],
    Op.FOLD_MAX: lambda args: args[-1],
    Op.FOLD_BITS: lambda args: _mask([_bit(args[-1:])]),
}
