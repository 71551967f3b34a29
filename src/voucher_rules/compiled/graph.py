"""Comes in: steps asked for one by one. Goes out: nodes, each made once, constants worked out."""

from __future__ import annotations

from typing import Final

from voucher_rules.compiled.bounds import bound_step
from voucher_rules.compiled.days import (
    add_months,
    first_of_year,
    last_of_year,
    month_of,
    year_of,
)
from voucher_rules.compiled.graph_truths import Truths
from voucher_rules.compiled.nodes import Op, Sort

_DAYS: Final = {
    Op.YEAR: year_of,
    Op.MONTH: month_of,
    Op.FIRST_OF_YEAR: first_of_year,
    Op.LAST_OF_YEAR: last_of_year,
}


class Graph(Truths):
    """The nodes of a kernel that is being made."""

    def _step(self, op: Op, args: tuple[int, ...], data: object = None) -> int:
        low, high = bound_step(op, data, self.bounds(*args))
        if low == high:
            return self.number(low)
        return self._make(op, args, Sort.INT, (low, high), data)

    def add(self, left: int, right: int) -> int:
        """Return a sum."""
        if self.value(left) == 0:
            return right
        if self.value(right) == 0:
            return left
        if self.nodes[left].op is Op.CONST:
            left, right = right, left
        return self._step(Op.ADD, (left, right))

    def sub(self, left: int, right: int) -> int:
        """Return a difference."""
        if self.value(right) == 0:
            return left
        return self.number(0) if left == right else self._step(Op.SUB, (left, right))

    def mul(self, left: int, right: int) -> int:
        """Return a product; a constant stands second."""
        if self.value(left) is not None:
            left, right = right, left
        factor = self.value(right)
        if factor == 1:
            return left
        node = self.nodes[left]
        inner = self.value(node.args[1]) if node.op is Op.MUL else None
        if factor is not None and inner is not None:
            return self.mul(node.args[0], self.number(factor * inner))
        return self._step(Op.MUL, (left, right))

    def floordiv(self, left: int, right: int) -> int:
        """Return a quotient, down to the whole number below it; the divisor is above zero."""
        divisor = self.value(right)
        if divisor == 1:
            return left
        node = self.nodes[left]
        factor = self.value(node.args[1]) if node.op is Op.MUL else None
        if divisor is not None and factor is not None and factor % divisor == 0:
            return self.mul(node.args[0], self.number(factor // divisor))
        return self._step(Op.FLOORDIV, (left, right))

    def least(self, *parts: int) -> int:
        """Return the least of some whole numbers."""
        return self._pick(Op.MIN, parts)

    def most(self, *parts: int) -> int:
        """Return the greatest of some whole numbers."""
        return self._pick(Op.MAX, parts)

    def _pick(self, op: Op, parts: tuple[int, ...]) -> int:
        flat: dict[int, None] = {}
        for part in parts:
            inner = self.nodes[part].args if self.nodes[part].op is op else (part,)
            flat.update(dict.fromkeys(inner))
        # what always lies beyond another is never picked
        low, high = bound_step(op, None, self.bounds(*flat))
        kept = tuple(x for x in flat if self._may_be_picked(op, x, low, high))
        for part in kept if len(kept) > 1 else ():
            node = self.nodes[part]
            if node.low == node.high and all(
                (node.high <= self.nodes[x].low)
                if op is Op.MIN
                else (node.low >= self.nodes[x].high)
                for x in kept
            ):
                return part
        return kept[0] if len(kept) == 1 else self._step(op, kept)

    def _may_be_picked(self, op: Op, part: int, low: int, high: int) -> bool:
        node = self.nodes[part]
        return node.low <= high if op is Op.MIN else node.high >= low

    def bit_and(self, left: int, right: int) -> int:
        """Return what two masks share."""
        return left if left == right else self._step(Op.BIT_AND, (left, right))

    def bit(self, place: int) -> int:
        """Return the mask of one option."""
        return self._step(Op.BIT, (place,))

    def count_bits(self, mask: int) -> int:
        """Return how many options a mask holds."""
        value = self.value(mask)
        return (
            self._step(Op.COUNT_BITS, (mask,)) if value is None else self.number(value.bit_count())
        )

    def holds(self, mask: int, place: int) -> int:
        """Return whether a mask holds an option."""
        known = self.value(mask)
        if known is not None:
            low, high = self.bounds(place)[0]
            inside = [at for at in range(low, high + 1) if known >> at & 1]
            if len(inside) in (0, high - low + 1):
                return self.truth(value=bool(inside))
            if len(inside) == 1:
                return self.eq(place, self.number(inside[0]))
            if inside[-1] - inside[0] == len(inside) - 1:
                first, last = self.number(inside[0]), self.number(inside[-1])
                return self.both(self.le(first, place), self.le(place, last))
        bit = self.bit(place)
        return self.negate(self.eq(self.bit_and(mask, bit), self.number(0)))

    def table(self, cells: tuple[int, ...], place: int) -> int:
        """Return the cell of a table of whole numbers; the place must lie in it."""
        if len(set(cells)) == 1:
            return self.number(cells[0])
        return self._step(Op.TABLE, (place,), cells)

    def of_day(self, op: Op, day: int) -> int:
        """Return the year or month of a day, or the first or last day of its year."""
        value = self.value(day)
        return self._step(op, (day,)) if value is None else self.number(_DAYS[op](value))

    def add_months(self, day: int, months: int) -> int:
        """Return the day some months later."""
        start, count = self.value(day), self.value(months)
        if start is not None and count is not None:
            return self.number(add_months(start, count))
        return day if count == 0 else self._step(Op.ADD_MONTHS, (day, months))

    # -- lists -----------------------------------------------------------------------------------

    def fold(self, op: Op, args: tuple[int, ...], listed: tuple[int, int]) -> int:
        """Return what a list comes to; ``listed`` is its place in a row and its most records.

        The first part tells which records count, the second what each gives.
        """
        if op in (Op.FOLD_ANY, Op.FOLD_ALL):
            return self._make(op, args, Sort.BOOL, (0, 1), listed, "")
        bounds = bound_step(op, listed, self.bounds(*args))
        return self._make(op, args, Sort.INT, bounds, listed, "")
