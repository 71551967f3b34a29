"""Comes in: values of the language, known or none. Goes out: nodes that hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final, NamedTuple

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


class Marks(NamedTuple):
    """Nodes that tell what stands in the place of a value; at most one of them holds."""

    none: int = FALSE
    unsure: int = FALSE
    waits: int = FALSE


KNOWN: Final = Marks()
UNSURE: Final = Marks(unsure=TRUE)


class Values:
    """Makes values of the language in the nodes of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def fail(self, reason: str) -> NotLoweredError:
        """Return the error that tells why a decision has no kernel."""
        return NotLoweredError(reason, self.graph.place)

    def make(self, like: Lowered, nodes: tuple[int, ...], marks: Marks = KNOWN) -> Lowered:
        """Return a value of the same kind as another, in other nodes."""
        return Lowered(like.shape, nodes, *marks, like.options, like.unit, like.held)

    def truth(self, node: int, marks: Marks = KNOWN) -> Lowered:
        """Return a truth; it is false where it is not known."""
        return Lowered(Shape.BOOL, (node,), *marks)

    def number(self, top: int, bottom: int | None = None, marks: Marks = KNOWN) -> Lowered:
        """Return a number: a numerator over a denominator, which is 1 where none is told."""
        under = self.graph.number(1) if bottom is None else bottom
        return Lowered(Shape.NUMBER, (top, under), *marks)

    def fill(self, kind: Type, marks: Marks = KNOWN) -> Lowered:
        """Return what stands for a value that is not known: something harmless."""
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
        return Lowered(shape, nodes, *marks, kind.options, unit)

    def constant(self, value: Value, kind: Type) -> Lowered:
        """Return a value that is known, or known not to be."""
        if isinstance(value, Unknown):
            return self.fill(kind, UNSURE)
        if isinstance(value, Mark):
            return self.fill(kind, Marks(none=TRUE) if value is Mark.NONE else Marks(waits=TRUE))
        return self._known(value, kind)

    def _known(self, value: Known, kind: Type) -> Lowered:
        like = self.fill(kind)
        if isinstance(value, bool):
            return self.truth(self.graph.truth(value=value))
        if isinstance(value, Scale | WorkingCalendar):
            return Lowered(like.shape, (), *KNOWN, held=((TRUE, value),))
        if isinstance(value, str):
            if like.shape is Shape.TEXT:
                return self.make(like, (self.graph.text(value),))
            return self.make(like, (self.graph.number(self._place(value, kind)),))
        if isinstance(value, Period):
            count = self.graph.number(value.count)
            return Lowered(Shape.PERIOD, (count,), *KNOWN, (), value.unit)
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

    # -- what is not known -----------------------------------------------------------------------

    def marks_of(self, value: Lowered) -> Marks:
        """Return what may stand in the place of a value."""
        return Marks(value.none, value.unsure, value.waits)

    def is_known(self, value: Lowered) -> int:
        """Return whether a value is there and known."""
        return self.graph.negate(self.graph.any_of(self.marks_of(value)))

    def is_false(self, value: Lowered) -> int:
        """Return whether a truth is known not to hold."""
        graph = self.graph
        return graph.negate(graph.any_of((value.nodes[0], *self.marks_of(value))))

    def mark_strict(self, *parts: Lowered) -> Marks:
        """Return the marks of an operator's whole: none of a part comes first, then unsure."""
        graph = self.graph
        none = graph.any_of(part.none for part in parts)
        unsure = graph.both(graph.any_of(part.unsure for part in parts), graph.negate(none))
        waits = graph.any_of(part.waits for part in parts)
        return Marks(none, unsure, graph.both(waits, graph.negate(graph.either(none, unsure))))

    def limit(self, value: Lowered, applies: Lowered) -> Lowered:
        """Return a value where a condition holds; none where it does not."""
        graph, holds = self.graph, applies.nodes[0]
        if holds == TRUE:
            return value
        out = graph.negate(graph.any_of((holds, applies.unsure, applies.waits)))
        none = graph.either(out, graph.both(holds, value.none))
        unsure = graph.either(applies.unsure, graph.both(holds, value.unsure))
        waits = graph.either(applies.waits, graph.both(holds, value.waits))
        nodes = value.nodes
        if value.shape is Shape.BOOL:
            nodes = (graph.both(holds, nodes[0]),)
        return self.make(value, nodes, Marks(none, unsure, waits))

    def refer(self, value: Lowered) -> Lowered:
        """Return a value that is unsure where it waits for a person: the reference shall tell."""
        unsure = self.graph.either(value.unsure, value.waits)
        return self.make(value, value.nodes, Marks(value.none, unsure))

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
        marks = Marks(
            *(
                graph.select(test, a, b)
                for a, b in zip(self.marks_of(then), self.marks_of(other), strict=True)
            )
        )
        held = tuple((graph.both(test, when), x) for when, x in then.held)
        held += tuple((graph.both(graph.negate(test), when), x) for when, x in other.held)
        return Lowered(then.shape, nodes, *marks, then.options, then.unit, held)

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
            return replace(left, nodes=()), replace(right, nodes=())
        return left, right

    def _settle_shape(self, left: Lowered, right: Lowered) -> tuple[Lowered, Lowered]:
        """A value that never is takes the shape of the other."""
        graph = self.graph
        for value, like in ((left, right), (right, left)):
            if TRUE in self.marks_of(value):
                nodes = tuple(graph.number(1) for _ in like.nodes)
                if like.shape is Shape.BOOL:
                    nodes = (FALSE,)
                elif like.shape is Shape.TEXT:
                    nodes = (graph.text(""),)
                made = self.make(like, nodes, self.marks_of(value))
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
            self.make(left, (a, under), self.marks_of(left)),
            self.make(right, (c, under), self.marks_of(right)),
        )

    def _match_units(self, left: Lowered, right: Lowered) -> tuple[Lowered, Lowered]:
        """A period that never is has any unit."""
        for value, like in ((left, right), (right, left)):
            if value.unit is None or TRUE in self.marks_of(value):
                made = replace(value, unit=like.unit)
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
        return replace(value, nodes=(node,), options=options)


def _common(one: int, other: int) -> int:
    while other:
        one, other = other, one % other
    return one
