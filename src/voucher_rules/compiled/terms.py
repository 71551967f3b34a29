"""Comes in: typed terms and the values of names, in nodes. Goes out: the value of the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from voucher_rules.compiled.folds import Folds
from voucher_rules.compiled.graph_nodes import TRUE
from voucher_rules.compiled.nodes import Lowered, Op, Shape
from voucher_rules.compiled.values import Marks
from voucher_rules.language.terms import Role, Term
from voucher_rules.values.model import NONE, WorkingCalendar


class Terms(Folds):
    """Lowers terms into the nodes of one graph."""

    def term(self, term: Term, env: Mapping[str, Lowered]) -> Lowered:
        """Return the value of a term over the values of its names."""
        if term.role is Role.AGGREGATE:
            return self._aggregate(term, env)
        if term.parts:
            return self._operate(term, [self.term(part, env) for part in term.parts])
        if term.role is Role.CONSTANT:
            return self.constant(NONE if term.value is None else term.value, term.type)
        return self._as_typed(env[term.name], term)

    def _as_typed(self, value: Lowered, term: Term) -> Lowered:
        """Return the value of a name in the options its reader knows."""
        if value.shape in (Shape.CODE, Shape.SET):
            return self.translate(value, term.type.options)
        return value

    def _operate(self, term: Term, parts: list[Lowered]) -> Lowered:
        name = term.name
        if name in _MANY:
            return _MANY[name](self, parts)
        if name in {"min", "max"}:
            return self.extreme(parts, lowest=name == "min")
        if name in _ORDERS:
            return self.compare(name, *parts)
        if name.startswith("lookup"):
            return self._look_up(name, parts)
        if name == "scale":
            return self.enter(parts, term.type)
        if name in {"roll", "workday"}:
            return self._move(name, parts)
        if len(parts) == 1:
            return _ALONE[name](self, parts[0])
        return _PAIRS[name](self, *parts)

    # -- truths ----------------------------------------------------------------------------------

    def all_hold(self, parts: list[Lowered]) -> Lowered:
        """Return whether all conditions hold. False decides; unsure; waits; none."""
        graph = self.graph
        no = graph.any_of(self.is_false(part) for part in parts)
        maybe = graph.negate(no)
        marks = self._mark_many(parts, maybe)
        return self.truth(graph.all_of(part.nodes[0] for part in parts), marks)

    def any_holds(self, parts: list[Lowered]) -> Lowered:
        """Return whether any condition holds. True decides; unsure; waits; none."""
        graph = self.graph
        yes = graph.any_of(part.nodes[0] for part in parts)
        maybe = graph.negate(yes)
        marks = self._mark_many(parts, maybe)
        return self.truth(yes, marks)

    def _mark_many(self, parts: list[Lowered], maybe: int) -> Marks:
        """Return the marks of a connective where no part decides it."""
        graph = self.graph
        unsure = graph.both(graph.any_of(part.unsure for part in parts), maybe)
        left = graph.both(maybe, graph.negate(unsure))
        waits = graph.both(graph.any_of(part.waits for part in parts), left)
        none = graph.both(graph.any_of(part.none for part in parts), left)
        return Marks(graph.both(none, graph.negate(waits)), unsure, waits)

    def not_(self, part: Lowered) -> Lowered:
        """Return whether a condition does not hold."""
        return self.truth(self.is_false(part), self.marks_of(part))

    def given(self, part: Lowered) -> Lowered:
        """Return whether something is there."""
        return self.truth(self.is_known(part), Marks(unsure=part.unsure, waits=part.waits))

    def branch(self, parts: list[Lowered]) -> Lowered:
        """Return one of two values, as a condition holds or not; none where that is none."""
        test, then, other = parts
        picked = self.choose(test.nodes[0], then, other)
        return self.after_key(test, picked)

    # -- comparisons -----------------------------------------------------------------------------

    def compare(self, name: str, left: Lowered, right: Lowered) -> Lowered:
        """Return what a comparison of two values comes to."""
        marks = self.mark_strict(left, right)
        match name:
            case "==":
                node = self.equal(left, right)
            case "!=":
                node = self.graph.negate(self.equal(left, right))
            case "<=":
                node = self.at_most(left, right)
            case ">=":
                node = self.at_most(right, left)
            case "<":
                node = self.graph.negate(self.at_most(right, left))
            case _:
                node = self.graph.negate(self.at_most(left, right))
        return self._settled(node, marks)

    def _settled(self, node: int, marks: Marks) -> Lowered:
        """Return a truth that is false where it is not known."""
        known = self.graph.negate(self.graph.any_of(marks))
        return self.truth(self.graph.both(known, node), marks)

    def member(self, left: Lowered, right: Lowered) -> Lowered:
        """Return whether an option is in a set."""
        marks = self.mark_strict(left, right)
        left = self.translate(left, right.options)
        return self._settled(self.graph.holds(right.nodes[0], left.nodes[0]), marks)

    def no_member(self, left: Lowered, right: Lowered) -> Lowered:
        """Return whether an option is not in a set."""
        return self.not_(self.member(left, right))

    def overlap(self, left: Lowered, right: Lowered) -> Lowered:
        """Return whether two sets share an option."""
        marks = self.mark_strict(left, right)
        left, right = self.match(left, right)
        shared = self.graph.bit_and(left.nodes[0], right.nodes[0])
        node = self.graph.negate(self.graph.eq(shared, self.graph.number(0)))
        return self._settled(node, marks)

    def include(self, left: Lowered, right: Lowered) -> Lowered:
        """Return whether a set holds every option of another."""
        marks = self.mark_strict(left, right)
        left, right = self.match(left, right)
        shared = self.graph.bit_and(left.nodes[0], right.nodes[0])
        return self._settled(self.graph.eq(shared, right.nodes[0]), marks)

    def count_members(self, part: Lowered) -> Lowered:
        """Return how many options a set holds."""
        return self.number(self.graph.count_bits(part.nodes[0]), None, self.marks_of(part))

    # -- days ------------------------------------------------------------------------------------

    def of_day(self, op: Op, day: Lowered) -> Lowered:
        """Return the year or month of a day, or the first or last day of its year."""
        node = self.graph.of_day(op, day.nodes[0])
        if op in (Op.YEAR, Op.MONTH):
            return self.number(node, None, self.marks_of(day))
        return self.make(day, (node,), self.marks_of(day))

    def _move(self, name: str, parts: list[Lowered]) -> Lowered:
        calendar = parts[-1].held[0][1]
        if not isinstance(calendar, WorkingCalendar):
            raise self.fail("no calendar")
        if name == "roll":
            return self.roll(parts[0], calendar)
        return self.workday(parts[0], parts[1], calendar)

    # -- lists -----------------------------------------------------------------------------------

    def _aggregate(self, term: Term, env: Mapping[str, Lowered]) -> Lowered:
        """Return what is asked of a list, from what each record gives."""
        whole, asked, *where = term.parts
        listed = env[whole.name]
        inner = dict(env)
        inner |= self.fields[whole.name]
        value = self.term(asked, inner)
        counts = self.term(where[0], inner) if where else self.truth(TRUE)
        return self.fold(term, self.rows[whole.name], listed, counts, value)


_MANY: Final[Mapping[str, Callable[[Terms, list[Lowered]], Lowered]]] = {
    "and": Terms.all_hold,
    "or": Terms.any_holds,
    "if": Terms.branch,
}
_ORDERS: Final = frozenset({"<", "<=", ">", ">=", "==", "!="})
_ALONE: Final[Mapping[str, Callable[[Terms, Lowered], Lowered]]] = {
    "not": Terms.not_,
    "neg": Terms.negative,
    "given": Terms.given,
    "year": lambda to, day: to.of_day(Op.YEAR, day),
    "month": lambda to, day: to.of_day(Op.MONTH, day),
    "first_of_year": lambda to, day: to.of_day(Op.FIRST_OF_YEAR, day),
    "last_of_year": lambda to, day: to.of_day(Op.LAST_OF_YEAR, day),
    "day": Terms.day_of,
    "clock": Terms.clock_of,
    "floor": Terms.floor,
    "ceil": lambda to, value: to.floor(value, up=True),
    "members": Terms.count_members,
}
_PAIRS: Final[Mapping[str, Callable[[Terms, Lowered, Lowered], Lowered]]] = {
    "+": Terms.add,
    "-": lambda to, left, right: to.add(left, right, back=True),
    "*": Terms.multiply,
    "/": Terms.divide,
    "in": Terms.member,
    "not in": Terms.no_member,
    "overlaps": Terms.overlap,
    "includes": Terms.include,
    "whole_months": Terms.whole_months,
}
