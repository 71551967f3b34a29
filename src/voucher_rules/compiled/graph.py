"""Comes in: steps asked for one by one. Goes out: nodes, each made once, constants worked out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

from voucher_rules.compiled.bounds import bound_step
from voucher_rules.compiled.days import (
    add_months,
    first_of_year,
    last_of_year,
    month_of,
    year_of,
)
from voucher_rules.compiled.nodes import Node, Op, Sort

FALSE: Final = 0
TRUE: Final = 1
"""The numbers of the two truths, which every graph begins with."""
_DAYS: Final = {
    Op.YEAR: year_of,
    Op.MONTH: month_of,
    Op.FIRST_OF_YEAR: first_of_year,
    Op.LAST_OF_YEAR: last_of_year,
}


class Graph:
    """The nodes of a kernel that is being made."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.places: dict[int, str] = {}
        self.place = ""
        self._known: dict[tuple[object, ...], int] = {}
        self._make(Op.CONST, (), Sort.BOOL, (0, 0), data=False)
        self._make(Op.CONST, (), Sort.BOOL, (1, 1), data=True)

    def _make(
        self,
        op: Op,
        args: tuple[int, ...],
        sort: Sort,
        bounds: tuple[int, int],
        data: object = None,
        scope: str | None = None,
    ) -> int:
        if scope is None:
            scope = next((self.nodes[arg].scope for arg in args if self.nodes[arg].scope), "")
        key = (op, args, sort, type(data), data, scope)
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = len(self.nodes)
            self.nodes.append(Node(op, args, sort, *bounds, data, scope))
            self.places[number] = self.place
        return number

    def bounds(self, *numbers: int) -> list[tuple[int, int]]:
        """Return the bounds of some nodes."""
        return [(self.nodes[number].low, self.nodes[number].high) for number in numbers]

    def value(self, number: int) -> int | None:
        """Return the whole number a node always is, or None."""
        node = self.nodes[number]
        return node.low if node.sort is Sort.INT and node.low == node.high else None

    # -- what a kernel starts from ---------------------------------------------------------------

    def read(self, data: tuple[object, ...], sort: Sort, low: int, high: int) -> int:
        """Return the node of an input, or of what is to be known of it."""
        if sort is Sort.INT and low == high:
            return self.number(low)
        return self._make(Op.INPUT, (), sort, (low, high), data)

    def read_field(
        self, data: tuple[object, ...], sort: Sort, low: int, high: int, scope: str
    ) -> int:
        """Return the node of a field of the record that is gone through."""
        return self._make(Op.FIELD, (), sort, (low, high), data, scope)

    def number(self, value: int) -> int:
        """Return the node of a whole number."""
        return self._make(Op.CONST, (), Sort.INT, (value, value), value)

    def text(self, value: str) -> int:
        """Return the node of a text."""
        return self._make(Op.CONST, (), Sort.TEXT, (0, 0), value)

    def truth(self, *, value: bool) -> int:
        """Return the node of a truth."""
        return TRUE if value else FALSE

    # -- truths ----------------------------------------------------------------------------------

    def all_of(self, parts: Iterable[int]) -> int:
        """Return whether all of some truths hold."""
        return self._connect(Op.AND, parts, TRUE, FALSE)

    def any_of(self, parts: Iterable[int]) -> int:
        """Return whether any of some truths holds."""
        return self._connect(Op.OR, parts, FALSE, TRUE)

    def _connect(self, op: Op, parts: Iterable[int], empty: int, decisive: int) -> int:
        flat: dict[int, None] = {}
        waiting = list(parts)[::-1]
        while waiting:
            part = waiting.pop()
            if part == decisive:
                return decisive
            node = self.nodes[part]
            if node.op is op:
                waiting.extend(reversed(node.args))
            elif part != empty:
                flat[part] = None
        if any(self.nodes[x].op is Op.NOT and self.nodes[x].args[0] in flat for x in flat):
            return decisive
        shorter = self._absorb(op, tuple(flat))
        if shorter != tuple(flat):
            return self._connect(op, shorter, empty, decisive)
        if not shorter:
            return empty
        return shorter[0] if len(shorter) == 1 else self._make(op, shorter, Sort.BOOL, (0, 1))

    def _absorb(self, op: Op, parts: tuple[int, ...]) -> tuple[int, ...]:
        """Return truths without what the others already say: `a or (not a and b)` is `a or b`."""
        other = Op.OR if op is Op.AND else Op.AND
        if not any(self._bare(x).op is other or self._bare(x).op is op for x in parts):
            return parts
        known = set(parts)
        made = []
        for part in parts:
            opened = self._open_part(part, other)
            if len(opened) < 2:  # noqa: PLR2004 - no truth made of others
                made.append(part)
                continue
            if any(x in known for x in opened):
                continue
            kept = [x for x in opened if self.negate(x) not in known]
            if len(kept) == len(opened):
                made.append(part)
            else:
                made.append(self.any_of(kept) if other is Op.OR else self.all_of(kept))
        return tuple(made)

    def _bare(self, part: int) -> Node:
        node = self.nodes[part]
        return self.nodes[node.args[0]] if node.op is Op.NOT else node

    def _open_part(self, part: int, other: Op) -> list[int]:
        """Return the truths that one is made of by the other connective, also under a `not`."""
        node = self.nodes[part]
        if node.op is other:
            return list(node.args)
        inner = self._bare(part)
        turned = Op.AND if other is Op.OR else Op.OR
        if node.op is Op.NOT and inner.op is turned:
            return [self.negate(x) for x in inner.args]
        return []

    def both(self, left: int, right: int) -> int:
        """Return whether two truths hold."""
        return self.all_of((left, right))

    def either(self, left: int, right: int) -> int:
        """Return whether one of two truths holds."""
        return self.any_of((left, right))

    def negate(self, part: int) -> int:
        """Return whether a truth does not hold."""
        if part in (FALSE, TRUE):
            return FALSE if part == TRUE else TRUE
        node = self.nodes[part]
        if node.op is Op.NOT:
            return node.args[0]
        return self._make(Op.NOT, (part,), Sort.BOOL, (0, 1))

    def le(self, left: int, right: int) -> int:
        """Return whether one whole number is at most another."""
        (a, b), (c, d) = self.bounds(left, right)
        if left == right or b <= c:
            return TRUE
        if a > d:
            return FALSE
        return self._compare_scaled(left, right) or self._make(
            Op.LE, (left, right), Sort.BOOL, (0, 1)
        )

    def _compare_scaled(self, left: int, right: int) -> int:
        """Return the comparison without a constant factor of one side; 0 where there is none."""
        most, least = self.value(right), self.value(left)
        for side, bound in ((left, most), (right, least)):
            node = self.nodes[side]
            factor = self.value(node.args[1]) if node.op is Op.MUL else None
            if bound is None or factor is None or factor <= 0:
                continue
            if side == left:
                return self.le(node.args[0], self.number(bound // factor))
            return self.le(self.number(-(-bound // factor)), node.args[0])
        return 0

    def lt(self, left: int, right: int) -> int:
        """Return whether one whole number is below another."""
        return self.negate(self.le(right, left))

    def eq(self, left: int, right: int) -> int:
        """Return whether two whole numbers, or two truths, are the same."""
        if left == right:
            return TRUE
        one, other = self.nodes[left], self.nodes[right]
        if one.sort is Sort.BOOL:
            return self._match_truths(left, right)
        if one.high < other.low or other.high < one.low:
            return FALSE
        if one.low == one.high == other.low == other.high:
            return TRUE
        if one.op is Op.CONST:
            left, right = right, left
        return self._make(Op.EQ, (left, right), Sort.BOOL, (0, 1))

    def _match_truths(self, left: int, right: int) -> int:
        for one, other in ((left, right), (right, left)):
            if one in (FALSE, TRUE):
                return other if one == TRUE else self.negate(other)
        both = self.all_of((left, right))
        neither = self.all_of((self.negate(left), self.negate(right)))
        return self.either(both, neither)

    def same(self, left: int, right: int) -> int:
        """Return whether two texts are the same."""
        if left == right:
            return TRUE
        return self._make(Op.SAME, (left, right), Sort.BOOL, (0, 1))

    def select(self, test: int, then: int, other: int) -> int:
        """Return one of two nodes, as a truth holds or not."""
        if test == TRUE or then == other:
            return then
        if test == FALSE:
            return other
        node = self.nodes[test]
        if node.op is Op.NOT:
            return self.select(node.args[0], other, then)
        sort = self.nodes[then].sort
        if sort is Sort.BOOL:
            return self._select_truth(test, then, other)
        if self.nodes[then].op is Op.SELECT and self.nodes[then].args[0] == test:
            then = self.nodes[then].args[1]
        if self.nodes[other].op is Op.SELECT and self.nodes[other].args[0] == test:
            other = self.nodes[other].args[2]
        if then == other:
            return then
        args = (test, then, other)
        bounds = bound_step(Op.SELECT, None, self.bounds(*args))
        return self._make(Op.SELECT, args, sort, bounds)

    def _select_truth(self, test: int, then: int, other: int) -> int:
        if then in (TRUE, test):
            return self.either(test, other)
        if then == FALSE:
            return self.both(self.negate(test), other)
        if other in (FALSE, test):
            return self.both(test, then)
        if other == TRUE:
            return self.either(self.negate(test), then)
        return self._make(Op.SELECT, (test, then, other), Sort.BOOL, (0, 1))

    # -- whole numbers ---------------------------------------------------------------------------

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
                (node.high <= self.nodes[x].low) if op is Op.MIN else (node.low >= self.nodes[x].high)
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
        return self._step(Op.COUNT_BITS, (mask,)) if value is None else self.number(value.bit_count())

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


def cells_of(node: Node) -> tuple[int, ...]:
    """Return the cells of a look-up."""
    return cast("tuple[int, ...]", node.data)
