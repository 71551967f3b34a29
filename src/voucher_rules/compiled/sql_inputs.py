"""Comes in: the inputs of a kernel and what is known of their columns. Goes out: its nodes anew.

Columns tell of a fact its value and, where it may not exist, whether it does not: ``fact`` and
``fact.none``. A null value of a fact that does exist is a missing fact. A value out of its bounds
is held at the lower one, and the row is left to the reference: no step ever meets it. So is a row
with a value beside a true ``fact.none``, of which one must be wrong. Fields of records stand in the
columns of another relation likewise; the column of a list tells how many, which may be 0 of a list
that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from voucher_rules.compiled.bounds import Bounds
from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import (
    Kernel,
    KernelInput,
    Node,
    NotLoweredError,
    Op,
    Part,
    Shape,
    Sort,
    list_read_parts,
)

OUTSIDE = "is_outside"
"""Beside the parts of an input that kernels read: whether its value is out of its bounds."""
OPTION = "is_option"
"""And whether a choice is one of its options, whose place stands before it."""
AGAIN = "is_again"
"""And whether other rows have the same keys, so that nobody knows whose the records are."""
MOST_OPTIONS = 62
"""How many options a set may have in a column."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of columns before they are run.

    ``filled`` are the facts of which every row has a value, ``absent`` those that none tells,
    ``within`` those of which every value is in its bounds. ``bounds`` are narrower ends of some
    facts, in the numbers that columns hold. A field of records is named as a fact is.
    """

    filled: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    encoded: bool = True
    """Whether texts can be compared however they are encoded; else such a text is outside."""
    agreed: bool = False
    """Whether every row has keys of its own, tells how many records it has in truth, and has no
    value of what it says does not exist."""


NOTHING = Known()


def check_inputs(kernel: Kernel) -> None:
    """Check that every input can stand in a column. Raises :class:`NotLoweredError`."""
    for item in list_items(kernel):
        if item.shape is Shape.SET and len(item.type.options) > MOST_OPTIONS:
            raise NotLoweredError("more options than a mask holds", item.name)
        if item.shape is Shape.NUMBER and not item.denominator:
            raise NotLoweredError("a number without a denominator for the column", item.name)


def list_items(kernel: Kernel) -> Iterator[KernelInput]:
    """Yield the inputs of a kernel, each list followed by its fields."""
    for item in kernel.inputs:
        yield item
        yield from item.fields


def find_item(kernel: Kernel, node: Node) -> KernelInput:
    """Return the input, or the field of a record, that a node reads."""
    at, _ = list_read_parts(node)
    item = kernel.inputs[at[0]]
    return item.fields[at[1]] if node.op is Op.FIELD else item


def bound_input(item: KernelInput, known: Known) -> Bounds:
    """Return the ends between which the values of a column lie."""
    size = item.denominator or 1
    low, high = item.low * size, item.high * size
    least, most = known.bounds.get(item.name, (low, high))
    return max(low, least), min(high, most)


def may_contradict(item: KernelInput, known: Known) -> bool:
    """Return whether rows may have a value of what they say does not exist."""
    sure = known.agreed or item.name in known.filled
    return item.may_be_none and not sure


class Inputs:
    """Makes the nodes of inputs in a graph."""

    def __init__(self, graph: Graph, kernel: Kernel, known: Known) -> None:
        self.graph = graph
        self.kernel = kernel
        self.known = known

    def read(self, node: Node) -> int:
        """Return the node of what one of a kernel reads."""
        at, part = list_read_parts(node)
        item = find_item(self.kernel, node)
        if item.name in self.known.absent and item.may_be_missing:
            return self._fill(item, part, node)
        if part in (Part.IS_NONE, Part.IS_MISSING) and item.name in self.known.filled:
            return FALSE
        if part in (Part.IS_NONE, Part.IS_MISSING) or node.sort is not Sort.INT:
            return self._read(at, part, node, node.sort, (0, int(node.sort is Sort.BOOL)))
        return self._read(at, Part.VALUE, node, Sort.INT, bound_input(item, self.known))

    def _read(self, at: tuple[int, ...], part: str, node: Node, sort: Sort, bounds: Bounds) -> int:
        if node.op is Op.FIELD:
            return self.graph.read_field((*at, part), sort, *bounds, node.scope)
        return self.graph.read((*at, part), sort, *bounds)

    def match(self, node: Node, value: int | None) -> int | None:
        """Return whether a choice is an option, by the texts; None where it may be none."""
        if node.op not in (Op.INPUT, Op.FIELD) or value is None:
            return None
        at, part = list_read_parts(node)
        item = find_item(self.kernel, node)
        sure = item.name in self.known.filled and item.name in self.known.within
        if item.shape is not Shape.CODE or part is not Part.VALUE or not sure:
            return None
        return self._read((*at, value), OPTION, node, Sort.BOOL, (0, 1))

    def _fill(self, item: KernelInput, part: Part, node: Node) -> int:
        """Return what is read of a fact that no row tells."""
        if part is Part.IS_MISSING:
            return TRUE
        if node.sort is Sort.BOOL:
            return FALSE
        if node.sort is Sort.TEXT:
            return self.graph.text("")
        return self.graph.number(bound_input(item, self.known)[0])

    def find_outside(self) -> int:
        """Return whether some value of a row is out of its bounds."""
        return self.graph.any_of(
            self.graph.read((place, OUTSIDE), Sort.BOOL, 0, 1)
            for place, item in enumerate(self.kernel.inputs)
            if self._may_be_outside(item)
        )

    def find_field_outside(self, place: int) -> int:
        """Return whether some field of the record that is gone through is out of its bounds."""
        item = self.kernel.inputs[place]
        return self.graph.any_of(
            self.graph.read_field((place, at, OUTSIDE), Sort.BOOL, 0, 1, item.name)
            for at, field in enumerate(item.fields)
            if self._may_be_outside(field)
        )

    def is_told(self, item: KernelInput) -> bool:
        """Return whether rows may tell of a list."""
        return not (item.name in self.known.absent and item.may_be_missing)

    def find_most(self, place: int) -> int:
        """Return how many records a list may have; none of a row that has more is decided."""
        return bound_input(self.kernel.inputs[place], self.known)[1]

    def read_length(self, place: int) -> int:
        """Return how many records a row says that its list has: none where there is no list."""
        graph, item = self.graph, self.kernel.inputs[place]
        low, high = bound_input(item, self.known)
        length = graph.read((place, Part.VALUE), Sort.INT, low, high)
        if item.name in self.known.filled:
            return length
        # what is not told is read as the lower end, which a narrower bound may lift above zero
        parts = [
            (Part.IS_NONE, item.may_be_none),
            (Part.IS_MISSING, item.may_be_missing and low > 0),
        ]
        nothing = [graph.read((place, part), Sort.BOOL, 0, 1) for part, asked in parts if asked]
        return graph.select(graph.any_of(nothing), graph.number(0), length) if nothing else length

    def find_again(self) -> int:
        """Return whether other rows have the keys of a row."""
        return self.graph.read((AGAIN,), Sort.BOOL, 0, 1)

    def _may_be_outside(self, item: KernelInput) -> bool:
        if item.name in self.known.absent and item.may_be_missing:
            return False
        if may_contradict(item, self.known):
            return True
        if item.shape is Shape.TEXT and not self.known.encoded:
            return True
        bare = item.shape in (Shape.BOOL, Shape.TEXT)
        if item.name in self.known.within:
            return not item.may_be_missing and item.name not in self.known.filled
        return not bare or not item.may_be_missing
