"""Comes in: questions asked of lists, as nodes. Goes out: the same as aggregates of SQL know them.

What a record counts for is worked into what it gives, so that an aggregate takes every record and
a list without any has a neutral value. Which records a question can be asked of at all depends on
what of the row is known by then: questions that rest on answers to others come a stage later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import FOLDS, Node, Op, Shape, size_of_list
from voucher_rules.compiled.sql_inputs import Inputs


class Lists:
    """Makes questions asked of lists in the nodes of a graph."""

    def __init__(self, graph: Graph, inputs: Inputs) -> None:
        self.graph = graph
        self.inputs = inputs

    def ask(self, node: Node, counts: int, value: int) -> int:
        """Return what a list comes to, from which records count and what each gives."""
        graph = self.graph
        low, high = graph.bounds(value)[0]
        if not self.inputs.is_told(self.inputs.kernel.inputs[size_of_list(node)[0]]):
            counts = FALSE
        match node.op:
            case Op.FOLD_ANY:
                return self._find_any(node, graph.both(counts, value))
            case Op.FOLD_ALL:
                return graph.negate(self._find_any(node, graph.both(counts, graph.negate(value))))
            case Op.FOLD_SUM:
                share = graph.select(counts, value, graph.number(0))
                return self._fold(node, TRUE, share, idle=graph.value(share) == 0)
            case Op.FOLD_MIN | Op.FOLD_MAX:
                end = graph.number(high if node.op is Op.FOLD_MIN else low)
                share = graph.select(counts, value, end)
                known = graph.value(share)
                return self._fold(node, TRUE, share) if known is None else graph.number(known)
            case _:
                return self._fold(node, counts, value, idle=counts == FALSE)

    def _fold(self, node: Node, counts: int, value: int, *, idle: bool = False) -> int:
        """Return an aggregate; zero where it is ``idle``."""
        if idle:
            return self.graph.number(0)
        return self.graph.fold(node.op, (counts, value), self._measure(node))

    def _find_any(self, node: Node, holds: int) -> int:
        if holds == FALSE:
            return FALSE
        return self.graph.fold(Op.FOLD_ANY, (TRUE, holds), self._measure(node))

    def _measure(self, node: Node) -> tuple[int, int]:
        """Return where the list of a question stands, and how many records it may have."""
        place, _ = size_of_list(node)
        return place, self.inputs.find_most(place)

    def find_outside(self) -> int:
        """Return whether records of a row cannot be told, or are not as the row says."""
        graph, found = self.graph, []
        for place, item in enumerate(self.inputs.kernel.inputs):
            if item.shape is not Shape.LIST or not self.inputs.is_told(item):
                continue
            outside = self.inputs.find_field_outside(place)
            if outside != FALSE:
                most = self.inputs.find_most(place)
                found.append(graph.fold(Op.FOLD_ANY, (TRUE, outside), (place, most)))
            if not self.inputs.known.agreed:
                found += [self._differs(place), self.inputs.find_again()]
        return graph.any_of(found)

    def _differs(self, place: int) -> int:
        """Return whether there are more or fewer records than a row says."""
        graph = self.graph
        size = (place, self.inputs.find_most(place) + 1)
        held = graph.fold(Op.FOLD_SUM, (TRUE, graph.number(1)), size)
        return graph.negate(graph.eq(self.inputs.read_length(place), held))


def list_stages(nodes: Sequence[Node]) -> list[int]:
    """Return, for each node, how many questions follow from one another before it is known."""
    stages: list[int] = []
    for node in nodes:
        stage = max((stages[arg] for arg in node.args), default=0)
        stages.append(stage + (node.op in FOLDS))
    return stages


def find_neutral(node: Node) -> int | bool:
    """Return what a question comes to where there are no records."""
    match node.op:
        case Op.FOLD_ANY:
            return False
        case Op.FOLD_MIN:
            return node.high
        case Op.FOLD_MAX:
            return node.low
        case _:
            return 0


def list_record_steps(nodes: Sequence[Node], folds: Sequence[int]) -> Iterator[int]:
    """Yield the steps on a record that some questions read, in order."""
    reached: set[int] = set()
    waiting = [arg for fold in folds for arg in nodes[fold].args]
    while waiting:
        number = waiting.pop()
        if nodes[number].scope and number not in reached:
            reached.add(number)
            waiting.extend(nodes[number].args)
    yield from sorted(reached)


def list_outer_steps(nodes: Sequence[Node], numbers: Sequence[int]) -> set[int]:
    """Return what of the row some steps on records, or questions, read."""
    return {arg for number in numbers for arg in nodes[number].args if not nodes[arg].scope}
