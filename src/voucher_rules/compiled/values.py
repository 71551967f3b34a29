"""Comes in: values of the language, known or none. Goes out: nodes that hold them."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction
from typing import Final

from voucher_rules.compiled.days import count_moment, count_time
from voucher_rules.compiled.graph import Graph
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import Lowered, NotLoweredError, Shape
from voucher_rules.language.types import Kind, Type
from voucher_rules.values.model import (
    Known,
    Mark,
    Period,
    PeriodUnit,
    Scale,
    Unknown,
    Value,
    WorkingCalendar,
)

SHAPES: Final = {
    Kind.BOOLEAN: Shape.BOOL,
    Kind.COUNT: Shape.NUMBER,
    Kind.NUMBER: Shape.NUMBER,
    Kind.RATIO: Shape.NUMBER,
    Kind.MONEY: Shape.NUMBER,
    Kind.DATE: Shape.DAY,
    Kind.INSTANT: Shape.INSTANT,
    Kind.TIME: Shape.TIME,
    Kind.PERIOD: Shape.PERIOD,
    Kind.CHOICE: Shape.CODE,
    Kind.SET: Shape.SET,
    Kind.ID: Shape.TEXT,
    Kind.TEXT: Shape.TEXT,
    Kind.LIST: Shape.LIST,
    Kind.SCALE: Shape.SCALE,
    Kind.CALENDAR: Shape.CALENDAR,
}


class Values:
    """Makes values of the language in the nodes of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def fail(self, reason: str) -> NotLoweredError:
        """Return the error that tells why a decision has no kernel."""
        return NotLoweredError(reason, self.graph.place)

    def make(
        self, like: Lowered, nodes: tuple[int, ...], none: int = FALSE, unsure: int = FALSE
    ) -> Lowered:
        """Return a value of the same kind as another, in other nodes."""
        return Lowered(like.shape, nodes, none, unsure, like.options, like.unit, like.held)

    def truth(self, node: int, none: int = FALSE, unsure: int = FALSE) -> Lowered:
        """Return a truth; it is false where it is none or unsure."""
        return Lowered(Shape.BOOL, (node,), none, unsure)

    def number(
        self, top: int, bottom: int | None = None, none: int = FALSE, unsure: int = FALSE
    ) -> Lowered:
        """Return a number: a numerator over a denominator, which is 1 where none is told."""
        under = self.graph.number(1) if bottom is None else bottom
        return Lowered(Shape.NUMBER, (top, under), none, unsure)

    def fill(self, kind: Type, *, none: int = FALSE, unsure: int = FALSE) -> Lowered:
        """Return what stands for a value that is none or unsure: something harmless."""
        shape = SHAPES[kind.kind]
        zero = self.graph.number(0)
        unit = PeriodUnit(kind.unit) if shape is Shape.PERIOD and kind.unit else None
        nodes: tuple[int, ...] = (zero,)
        if shape is Shape.BOOL:
            nodes = (FALSE,)
        elif shape is Shape.NUMBER:
            nodes = (zero, self.graph.number(1))
        elif shape in (Shape.DAY, Shape.INSTANT):
            nodes = (self.graph.number(1),)
        elif shape is Shape.TEXT:
            nodes = (self.graph.text(""),)
        return Lowered(shape, nodes, none, unsure, kind.options, unit)

    def constant(self, value: Value, kind: Type) -> Lowered:
        """Return a value that is known, or known not to be."""
        if isinstance(value, Unknown):
            return self.fill(kind, unsure=TRUE)
        if isinstance(value, Mark):
            is_none = value is Mark.NONE
            return self.fill(kind, none=int(is_none), unsure=int(not is_none))
        return self._known(value, kind)

    def _known(self, value: Known, kind: Type) -> Lowered:
        like = self.fill(kind)
        if isinstance(value, bool):
            return self.truth(self.graph.truth(value=value))
        if isinstance(value, Scale | WorkingCalendar):
            return Lowered(like.shape, (), FALSE, FALSE, held=((TRUE, value),))
        if isinstance(value, str):
            if like.shape is Shape.TEXT:
                return self.make(like, (self.graph.text(value),))
            return self.make(like, (self.graph.number(self._place(value, kind)),))
        if isinstance(value, Period):
            return Lowered(Shape.PERIOD, (self.graph.number(value.count),), 0, 0, (), value.unit)
        if isinstance(value, int | Fraction):
            return self.number(
                self.graph.number(value.numerator), self.graph.number(value.denominator)
            )
        return self.make(like, (self.graph.number(self._count(value, kind)),))

    def _count(self, value: date | datetime | time | frozenset[str], kind: Type) -> int:
        if isinstance(value, frozenset):
            return sum(1 << self._place(item, kind) for item in value)
        if isinstance(value, datetime):
            return count_moment(value)
        return value.toordinal() if isinstance(value, date) else count_time(value)

    def _place(self, option: str, kind: Type) -> int:
        if option not in kind.options:
            message = f"`{option}` is no option of {kind}"
            raise self.fail(message)
        return kind.options.index(option)

    # -- none and unsure -------------------------------------------------------------------------

    def is_false(self, value: Lowered) -> int:
        """Return whether a truth is known not to hold."""
        graph = self.graph
        return graph.negate(graph.any_of((value.nodes[0], value.none, value.unsure)))

    def mark_strict(self, *parts: Lowered) -> tuple[int, int]:
        """Return when an operator's whole is none, and when unsure: none of a part comes first."""
        none = self.graph.any_of(part.none for part in parts)
        unsure = self.graph.any_of(part.unsure for part in parts)
        return none, self.graph.both(unsure, self.graph.negate(none))

    def limit(self, value: Lowered, applies: Lowered) -> Lowered:
        """Return a value where a condition holds; none where it does not."""
        graph, holds = self.graph, applies.nodes[0]
        if holds == TRUE:
            return value
        out = graph.negate(graph.either(holds, applies.unsure))
        none = graph.either(out, graph.both(holds, value.none))
        unsure = graph.either(applies.unsure, graph.both(holds, value.unsure))
        nodes = value.nodes
        if value.shape is Shape.BOOL:
            nodes = (graph.both(holds, nodes[0]),)
        return self.make(value, nodes, none, unsure)

    # -- one of two ------------------------------------------------------------------------------

    def choose(self, test: int, then: Lowered, other: Lowered) -> Lowered:
        """Return one of two values, as a node holds or not."""
        if test in (FALSE, TRUE):
            return then if test == TRUE else other
        graph = self.graph
        if not self._may_choose_denominator(then, other):
            then, other = self.match(then, other)
        nodes = tuple(
            graph.select(test, a, b) for a, b in zip(then.nodes, other.nodes, strict=True)
        )
        none = graph.select(test, then.none, other.none)
        unsure = graph.select(test, then.unsure, other.unsure)
        held = tuple((graph.both(test, when), x) for when, x in then.held)
        held += tuple((graph.both(graph.negate(test), when), x) for when, x in other.held)
        made = self.make(then, nodes, none, unsure)
        return Lowered(made.shape, made.nodes, none, unsure, made.options, made.unit, held)

    def _may_choose_denominator(self, left: Lowered, right: Lowered) -> bool:
        """Return whether each of two numbers keeps its denominator, which the case brings."""
        if left.shape is not Shape.NUMBER or right.shape is not Shape.NUMBER:
            return False
        return None in (self.graph.value(left.nodes[1]), self.graph.value(right.nodes[1]))

    def match(self, left: Lowered, right: Lowered) -> tuple[Lowered, Lowered]:
        """Return two values in the same terms: over one denominator, in one order of options."""
        if left.shape is not right.shape:
            left, right = self._settle_shape(left, right)
        if left.shape is Shape.NUMBER:
            return self._match_numbers(left, right)
        if left.shape is Shape.PERIOD and left.unit is not right.unit:
            return self._match_units(left, right)
        if left.options != right.options:
            return left, self.translate(right, left.options)
        if left.shape is Shape.SCALE:
            return Lowered(Shape.SCALE, (), left.none, left.unsure, held=left.held), Lowered(
                Shape.SCALE, (), right.none, right.unsure, held=right.held
            )
        return left, right

    def _settle_shape(self, left: Lowered, right: Lowered) -> tuple[Lowered, Lowered]:
        """A value that never is takes the shape of the other."""
        graph = self.graph
        for value, like in ((left, right), (right, left)):
            if TRUE in (value.none, value.unsure):
                nodes = tuple(graph.number(1) for _ in like.nodes)
                if like.shape is Shape.BOOL:
                    nodes = (FALSE,)
                elif like.shape is Shape.TEXT:
                    nodes = (graph.text(""),)
                made = self.make(like, nodes, value.none, value.unsure)
                return (made, right) if value is left else (left, made)
        message = f"a {left.shape.value} beside a {right.shape.value}"
        raise self.fail(message)

    def _match_numbers(self, left: Lowered, right: Lowered) -> tuple[Lowered, Lowered]:
        graph = self.graph
        (a, b), (c, d) = left.nodes, right.nodes
        if b == d:
            return left, right
        one, other = graph.value(b), graph.value(d)
        if one is not None and other is not None:
            shared = one * other // _common(one, other)
            under = graph.number(shared)
            a = graph.mul(a, graph.number(shared // one))
            c = graph.mul(c, graph.number(shared // other))
        else:
            under = graph.mul(b, d)
            a, c = graph.mul(a, d), graph.mul(c, b)
        return (
            self.make(left, (a, under), left.none, left.unsure),
            self.make(right, (c, under), right.none, right.unsure),
        )

    def _match_units(self, left: Lowered, right: Lowered) -> tuple[Lowered, Lowered]:
        """A period that never is has any unit."""
        for value, like in ((left, right), (right, left)):
            if value.unit is None or TRUE in (value.none, value.unsure):
                made = Lowered(Shape.PERIOD, value.nodes, value.none, value.unsure, (), like.unit)
                return (made, right) if value is left else (left, made)
        message = "a period in one of several units"
        raise self.fail(message)

    def translate(self, value: Lowered, options: tuple[str, ...]) -> Lowered:
        """Return a choice or a set in another order of the same options."""
        graph = self.graph
        if value.options == options:
            return value
        if not set(value.options) <= set(options):
            message = "a choice with options that are not declared here"
            raise self.fail(message)
        places = tuple(options.index(option) for option in value.options)
        if value.shape is Shape.CODE:
            node = graph.table(places, value.nodes[0])
        else:
            zero = graph.number(0)
            node = zero
            for at, place in enumerate(places):
                has = graph.holds(value.nodes[0], graph.number(at))
                node = graph.add(node, graph.select(has, graph.number(1 << place), zero))
        return Lowered(value.shape, (node,), value.none, value.unsure, options)


def _common(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one
