"""Comes in: steps asked for one by one. Goes out: nodes, each made once."""

from __future__ import annotations

from typing import Final

from voucher_rules.compiled.nodes import Node, Op, Sort

FALSE: Final = 0
TRUE: Final = 1
"""The numbers of the two truths, which every graph begins with."""


class Nodes:
    """The nodes of a kernel that is being made."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.places: dict[int, str] = {}
        self.place = ""
        self._known: dict[tuple[object, ...], int] = {}
        self._make(Op.CONST, (), Sort.BOOL, (0, 0), data=False)
        self._make(Op.CONST, (), Sort.BOOL, (1, 1), data=True)

    def _make(  # noqa: PLR0913, PLR0917 - the parts of a node
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
