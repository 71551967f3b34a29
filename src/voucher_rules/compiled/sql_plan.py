"""Comes in: a kernel. Goes out: the same in steps that every SQL engine takes alike.

The nodes are made anew: days by whole numbers alone, quotients of what is zero or more by what is
surely above zero, masks as sums. No whole number may leave 64 bits: which one might is told with
its rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import FOLDS, Kernel, Node, NotLoweredError, Op, Sort, cells_of
from voucher_rules.compiled.sql_days import Days, hold_within
from voucher_rules.compiled.sql_inputs import NOTHING, Inputs, Known, check_inputs
from voucher_rules.compiled.sql_lists import Lists
from voucher_rules.compiled.sql_results import Give, Given, list_given

WIDEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column that SQL gives: how it is told, its node, and where there is nothing in it."""

    name: str
    give: Give
    node: int
    none: int
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a kernel for SQL; ``undecided`` is where only the reference can tell.

    ``outcome`` numbers as in ``python_names.CODES``. ``places`` is the rule a node was made for.
    """

    kernel: Kernel
    known: Known
    nodes: tuple[Node, ...]
    outcome: int
    unsure: int
    misstated: int
    undecided: int
    columns: tuple[Column, ...]
    places: Mapping[int, str]


def make_plan(kernel: Kernel, known: Known = NOTHING) -> Plan:
    """Return the steps of a kernel for SQL. Raises :class:`NotLoweredError`."""
    check_inputs(kernel)
    planner = _Planner(kernel, known)
    planner.take_nodes()
    plan = planner.close()
    _check_width(plan)
    return plan


class _Planner:
    def __init__(self, kernel: Kernel, known: Known) -> None:
        self.kernel = kernel
        self.known = known
        self.graph = Graph()
        self.days = Days(self.graph)
        self.inputs = Inputs(self.graph, kernel, known)
        self.lists = Lists(self.graph, self.inputs)
        self.made: dict[int, int] = {}

    def take_nodes(self) -> None:
        """Make every node anew."""
        for number, node in enumerate(self.kernel.nodes):
            self.graph.place = self.kernel.places.get(number, "")
            self.made[number] = self._take(node)

    def _take(self, node: Node) -> int:
        graph = self.graph
        args = [self.made[arg] for arg in node.args]
        match node.op:
            case Op.CONST:
                return self._take_constant(node)
            case Op.INPUT | Op.FIELD:
                return self.inputs.read(node)
            case Op.FLOORDIV:
                return self._divide(*args)
            case Op.EQ:
                found = self.inputs.match(self.kernel.nodes[node.args[0]], graph.value(args[1]))
                return graph.eq(*args) if found is None else found
            case Op.TABLE:
                return self._look_up(cells_of(node), args[0])
            case Op.YEAR | Op.MONTH | Op.FIRST_OF_YEAR | Op.LAST_OF_YEAR:
                return self.days.turn(node.op, args[0])
            case Op.ADD_MONTHS:
                return self.days.add_months(*args)
            case _ if node.op in FOLDS:
                return self.lists.ask(node, *args)
            case _:
                return _ALIKE[node.op](graph, args)

    def _take_constant(self, node: Node) -> int:
        if node.sort is Sort.BOOL:
            return TRUE if node.data else FALSE
        if node.sort is Sort.TEXT:
            return self.graph.text(str(node.data))
        return self.graph.number(node.low)

    def _divide(self, top: int, under: int) -> int:
        """Return a quotient: engines differ on negative dividends, so there are none."""
        graph = self.graph
        (low, high), (least, _) = graph.bounds(top, under)
        if least < 1:
            raise NotLoweredError("a division by what may not be above zero", graph.place)
        if low >= 0:
            return graph.floordiv(top, under)
        zero, one = graph.number(0), graph.number(1)
        above = graph.floordiv(graph.most(top, zero), under)
        turned = graph.most(graph.sub(zero, top), zero)
        raised = graph.add(turned, graph.sub(under, one))
        below = graph.sub(zero, graph.floordiv(raised, under))
        if high <= 0:
            return below
        return graph.select(graph.le(zero, top), above, below)

    def _look_up(self, cells: tuple[int, ...], place: int) -> int:
        """Return a cell; the place is held within the table."""
        held = hold_within(self.graph, place, 0, len(cells) - 1)
        return self.graph.table(cells, held)

    # -- what comes out --------------------------------------------------------------------------

    def close(self) -> Plan:
        """Return the plan."""
        kernel, graph = self.kernel, self.graph
        graph.place = kernel.program.decision.name
        # an output that waits for a person has no form in a table of results
        waits = (self.made[value.waits] for value in kernel.values.values())
        outside = (self.inputs.find_outside(), self.lists.find_outside())
        unsure = graph.any_of((self.made[kernel.unsure], *waits, *outside))
        misstated = self.made[kernel.misstated]
        undecided = graph.either(unsure, misstated)
        outcome = self._find_outcome()
        columns = tuple(self._give(item) for item in list_given(kernel))
        nodes = tuple(graph.nodes)
        return Plan(
            kernel,
            self.known,
            nodes,
            outcome,
            unsure,
            misstated,
            undecided,
            columns,
            graph.places,
        )

    def _find_outcome(self) -> int:
        kernel, graph = self.kernel, self.graph
        if not kernel.in_force:
            return graph.number(0)
        best = graph.number(4 if kernel.program.decision.answers == "value" else 3)
        told = graph.select(self.made[kernel.referred], graph.number(2), best)
        return graph.select(self.made[kernel.denied], graph.number(1), told)

    def _give(self, item: Given) -> Column:
        nodes = [self.made[node] for node in item.nodes]
        match item.give:
            case Give.HOLDING | Give.FAILING:
                fails = item.give is Give.FAILING
                flags = [self.graph.negate(x) if fails else x for x in nodes]
                node = self._add_bits(flags, 0)
            case _:
                node = nodes[0]
        return Column(item.name, item.give, node, self.made[item.none], item.named)

    def _add_bits(self, flags: Sequence[int], first: int) -> int:
        """Return a mask as a sum, in halves: engines bound how deep an expression nests."""
        graph = self.graph
        if not flags:
            return graph.number(0)
        if len(flags) == 1:
            return graph.select(flags[0], graph.number(1 << first), graph.number(0))
        half = len(flags) // 2
        return graph.add(
            self._add_bits(flags[:half], first), self._add_bits(flags[half:], first + half)
        )


def _check_width(plan: Plan) -> None:
    """Check that no whole number may leave 64 bits. Raises :class:`NotLoweredError`."""
    for number, node in enumerate(plan.nodes):
        if node.sort is Sort.INT and (node.low < -WIDEST or node.high > WIDEST):
            raise NotLoweredError("a number that may leave 64 bits", plan.places.get(number, ""))


_ALIKE: Final[Mapping[Op, Callable[[Graph, list[int]], int]]] = {
    Op.AND: lambda graph, args: graph.all_of(args),
    Op.OR: lambda graph, args: graph.any_of(args),
    Op.NOT: lambda graph, args: graph.negate(args[0]),
    Op.LE: lambda graph, args: graph.le(*args),
    Op.SAME: lambda graph, args: graph.same(*args),
    Op.SELECT: lambda graph, args: graph.select(*args),
    Op.ADD: lambda graph, args: graph.add(*args),
    Op.SUB: lambda graph, args: graph.sub(*args),
    Op.MUL: lambda graph, args: graph.mul(*args),
    Op.MIN: lambda graph, args: graph.least(*args),
    Op.MAX: lambda graph, args: graph.most(*args),
    Op.BIT_AND: lambda graph, args: graph.bit_and(*args),
    Op.BIT: lambda graph, args: graph.bit(args[0]),
    Op.COUNT_BITS: lambda graph, args: graph.count_bits(args[0]),
}
"""Steps that stay as they are; what is known of the columns may shorten them."""
