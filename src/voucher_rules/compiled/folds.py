"""Comes in: tables, scales and lists, in nodes. Goes out: what is found in them, in nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from voucher_rules.compiled.arithmetic import Arithmetic
from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import Lowered, Op, Shape
from voucher_rules.compiled.values import KNOWN, UNSURE, Marks
from voucher_rules.language.terms import Term
from voucher_rules.language.types import DATE, INSTANT, NUMBER, TIME, Kind, Type
from voucher_rules.values.model import Bracket, Exact, Scale, Value


class Folds(Arithmetic):
    """Makes look-ups, scales and questions asked of lists in the nodes of one graph."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph)
        self.fields: dict[str, Mapping[str, Lowered]] = {}
        """For each list, the fields of the record that is gone through."""
        self.rows: dict[str, tuple[int, int]] = {}
        """For each list, its place in a row and how many records it may have."""

    # -- tables ----------------------------------------------------------------------------------

    def _look_up(self, name: str, parts: list[Lowered]) -> Lowered:
        key, *cells = parts
        if name == "lookup":
            return self._pick_cell(key, cells)
        shares = [
            (self.graph.holds(key.nodes[0], self.graph.number(at)), cell)
            for at, cell in enumerate(cells)
        ]
        picked = (
            self._sum_cells(shares)
            if name == "lookup_sum"
            else self._best_cell(shares, lowest=name == "lookup_min")
        )
        return self.after_key(key, picked)

    def after_key(self, key: Lowered, picked: Lowered) -> Lowered:
        """Return what a key picked: none where the key is none, and so for each mark."""
        return self._after(self.marks_of(key), picked)

    def _after(self, key: Marks, picked: Lowered) -> Lowered:
        graph = self.graph
        known = graph.negate(graph.any_of(key))
        if known == TRUE:
            return picked
        pairs = zip(key, self.marks_of(picked), strict=True)
        marks = Marks(*(graph.either(own, graph.both(known, mark)) for own, mark in pairs))
        nodes = picked.nodes
        if picked.shape is Shape.BOOL:
            nodes = (graph.both(known, nodes[0]),)
        return self.make(picked, nodes, marks)

    def _pick_cell(self, key: Lowered, cells: list[Lowered]) -> Lowered:
        graph = self.graph
        low, high = graph.bounds(key.nodes[0])[0]
        numbered = list(enumerate(cells))[low : high + 1]
        tabled = self._make_table(key.nodes[0], cells)
        if tabled is not None:
            return self.after_key(key, tabled)
        picked = numbered[-1][1]
        for at, cell in reversed(numbered[:-1]):
            picked = self.choose(graph.eq(key.nodes[0], graph.number(at)), cell, picked)
        return self.after_key(key, picked)

    def _make_table(self, key: int, cells: list[Lowered]) -> Lowered | None:
        """Return a table of whole numbers, where every cell surely is one, or none."""
        graph = self.graph
        if any(flag not in (FALSE, TRUE) for c in cells for flag in self.marks_of(c)):
            return None
        known = [at for at, cell in enumerate(cells) if self.is_known(cell)]
        kinds = {(cells[at].shape, cells[at].options, cells[at].unit) for at in known}
        if len(kinds) != 1 or cells[known[0]].shape not in _COUNTED:
            return None
        there = self._share_terms([cells[at] for at in known])
        values = [graph.value(cell.nodes[0]) for cell in there or ()]
        if there is None or None in values:
            return None
        numbers = dict(zip(known, values, strict=True))
        first, filling = there[0], values[0]
        filled = (numbers.get(at, filling) for at in range(len(cells)))
        node = graph.table(tuple(value or 0 for value in filled), key)
        marks = Marks(
            *(
                graph.holds(graph.number(sum(1 << at for at, x in enumerate(flags) if x)), key)
                for flags in zip(*(self.marks_of(c) for c in cells), strict=True)
            )
        )
        return self.make(first, (node, *first.nodes[1:]), marks)

    def _best_cell(self, shares: list[tuple[int, Lowered]], *, lowest: bool) -> Lowered:
        """Return the least or greatest cell that is named; none where none is."""
        reached = [self.limit(cell, self.truth(named)) for named, cell in shares]
        return self.extreme(reached, lowest=lowest)

    def _sum_cells(self, shares: list[tuple[int, Lowered]]) -> Lowered:
        """Return the sum of the cells that are named; zero where none is."""
        graph = self.graph
        total = self.number(graph.number(0))
        for named, each in shares:
            cell = self.refer(each)
            counts = graph.both(named, graph.negate(cell.none))
            unsure = graph.both(named, cell.unsure)
            part = graph.select(counts, cell.nodes[0], graph.number(0))
            total = self.add(total, self.number(part, cell.nodes[1], Marks(unsure=unsure)))
        return total

    # -- scales ----------------------------------------------------------------------------------

    def enter(self, parts: list[Lowered], gives: Type) -> Lowered:
        """Return what a scale gives for what it is entered with."""
        scale, at, *after = parts
        found: Lowered | None = None
        for when, held in reversed(scale.held):
            if isinstance(held, Scale):
                one = self._enter_scale(held, at, after, gives)
                found = one if found is None else self.choose(when, one, found)
        if found is None:
            found = self.fill(gives, UNSURE)
        found = self._after(self.mark_strict(at, *after), found)
        return self.after_key(scale, found)

    def _enter_scale(self, scale: Scale, at: Lowered, after: list[Lowered], gives: Type) -> Lowered:
        if scale.applies == "marginal":
            if not after:
                return self._sum_brackets(scale, at)
            before = after[0]
            whole = self._sum_brackets(scale, self.add(before, at))
            return self.add(whole, self._sum_brackets(scale, before), back=True)
        found = self._give(scale.brackets[-1], scale, at, gives)
        for bracket in reversed(scale.brackets[:-1]):
            if bracket.high is None:
                found = self._give(bracket, scale, at, gives)
                continue
            end = self._know(bracket.high, at)
            inside = self.at_most(at, end)
            if not bracket.holds_high:
                inside = self.graph.negate(self.at_most(end, at))
            found = self.choose(inside, self._give(bracket, scale, at, gives), found)
        return found

    def _know(self, value: Value, like: Lowered) -> Lowered:
        """Return the end of a bracket as a value of the kind it is compared with."""
        return self.constant(value, _TYPES[like.shape])

    def _give(self, bracket: Bracket, scale: Scale, at: Lowered, gives: Type) -> Lowered:
        if scale.applies == "level" or not isinstance(bracket.value, Exact):
            return self.constant(bracket.value, gives)
        return self.multiply(self.constant(bracket.value, gives), at)

    def _sum_brackets(self, scale: Scale, total: Lowered) -> Lowered:
        """Return the sum of each bracket's value times what of a total lies in it."""
        graph = self.graph
        result = self.number(graph.number(0), None, self.marks_of(total))
        zero = self.number(graph.number(0))
        low: Exact = 0
        for bracket in scale.brackets:
            start = self._know(low, total)
            part = total
            if isinstance(bracket.high, Exact):
                part = self.extreme([total, self._know(bracket.high, total)], lowest=True)
                low = max(low, bracket.high)
            inside = self.extreme([self.add(part, start, back=True), zero], lowest=False)
            if isinstance(bracket.value, Exact):
                rate = self._know(bracket.value, total)
                result = self.add(result, self.multiply(rate, inside))
        return result

    # -- lists -----------------------------------------------------------------------------------

    def fold(
        self,
        term: Term,
        row: tuple[int, int],
        listed: Lowered,
        where: Lowered,
        value: Lowered,
    ) -> Lowered:
        """Return what is asked of a list; a record of which the value is none is left aside."""
        graph = self.graph
        listed, where, value = (self.refer(part) for part in (listed, where, value))
        counts = graph.both(where.nodes[0], graph.negate(graph.either(value.none, value.unsure)))
        maybe = graph.either(where.unsure, graph.both(where.nodes[0], value.unsure))
        waits = graph.fold(Op.FOLD_ANY, (maybe, TRUE), row) if maybe != FALSE else FALSE
        made = self._fold_known(term, row, counts, value)
        # that no record counts says nothing while there is one that may count yet
        unsure = graph.either(listed.unsure, waits)
        none = graph.both(graph.either(listed.none, made.none), graph.negate(unsure))
        nodes = made.nodes
        if made.shape is Shape.BOOL:
            known = graph.negate(graph.either(none, unsure))
            nodes = (graph.both(known, nodes[0]),)
        return self.make(made, nodes, Marks(none, unsure))

    def _fold_known(self, term: Term, row: tuple[int, int], counts: int, value: Lowered) -> Lowered:
        graph = self.graph
        match term.name:
            case "count":
                args = (counts, graph.number(1))
                return self.number(graph.fold(Op.FOLD_SUM, args, row))
            case "sum":
                bottom = value.nodes[1]
                if graph.value(bottom) is None:
                    raise self.fail("a sum of numbers that each have a denominator of their own")
                top = graph.fold(Op.FOLD_SUM, (counts, value.nodes[0]), row)
                return self.number(top, bottom)
            case "any":
                return self.truth(graph.fold(Op.FOLD_ANY, (counts, value.nodes[0]), row))
            case "all":
                return self.truth(graph.fold(Op.FOLD_ALL, (counts, value.nodes[0]), row))
            case "set":
                mask = graph.fold(Op.FOLD_BITS, (counts, value.nodes[0]), row)
                return Lowered(Shape.SET, (mask,), *KNOWN, value.options)
            case "distinct":
                args = (counts, value.nodes[0])
                return self.number(graph.fold(Op.FOLD_DISTINCT, args, row))
            case _:
                return self._fold_extreme(term, row, counts, value)

    def _fold_extreme(
        self, term: Term, row: tuple[int, int], counts: int, value: Lowered
    ) -> Lowered:
        graph = self.graph
        if value.shape is Shape.NUMBER and graph.value(value.nodes[1]) is None:
            raise self.fail("an extreme of numbers that each have a denominator of their own")
        op = Op.FOLD_MIN if term.name == "min" else Op.FOLD_MAX
        node = graph.fold(op, (counts, value.nodes[0]), row)
        none = graph.negate(graph.fold(Op.FOLD_ANY, (counts, TRUE), row))
        return self.make(value, (node, *value.nodes[1:]), Marks(none))


_COUNTED: Final = frozenset(Shape) - {
    Shape.BOOL,
    Shape.TEXT,
    Shape.LIST,
    Shape.SCALE,
    Shape.CALENDAR,
}
"""Shapes that stand in one whole number, over a constant denominator."""
_TYPES: Final[Mapping[Shape, Type]] = {
    Shape.NUMBER: NUMBER,
    Shape.DAY: DATE,
    Shape.INSTANT: INSTANT,
    Shape.TIME: TIME,
    Shape.PERIOD: Type(Kind.PERIOD),
}
"""A type of each shape in which a scale may be entered."""
