"""Comes in: truths and comparisons asked for. Goes out: their nodes, in the shortest form known."""

from __future__ import annotations

from collections.abc import Iterable

from voucher_rules.compiled.bounds import bound_step
from voucher_rules.compiled.graph_nodes import FALSE, TRUE, Nodes
from voucher_rules.compiled.nodes import Node, Op, Sort


class Truths(Nodes):
    """Makes truths, comparisons and choices."""

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
