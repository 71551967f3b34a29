"""Comes in: a step of a trace. Goes out: the sum it is, each name with its label and its value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from voucher_rules.decision.trace import Step
from voucher_rules.explain.values import Writer
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.scales import list_shares
from voucher_rules.values.model import NONE, Scale, Unknown, Value

_SIGNS: Final = {
    "+": "+",
    "-": "−",
    "*": "×",
    "/": "÷",
    "==": "=",
    "!=": "≠",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
}
_WORDED: Final = frozenset({"and", "or", "not", "in", "not in"})
_LOOKED_UP: Final = frozenset({"lookup", "lookup_max", "lookup_min", "lookup_sum", "scale"})
_BINDING: Final = {"or": 1, "and": 2, "not": 3, "+": 5, "-": 5, "*": 6, "/": 6, "neg": 7}
_COMPARING: Final = 4
_UNTOLD: Final = Unknown(None)
"""Stands for the value of what is told in general, of no record in particular."""
_NAMES: Final = frozenset(Role) - {Role.OPERATOR, Role.AGGREGATE, Role.CONSTANT}


def is_name(step: Step) -> bool:
    """Return whether a step reads a name rather than working something out."""
    return step.term.role in _NAMES


def is_look_up(step: Step) -> bool:
    """Return whether a step looks something up in a table or a scale."""
    return step.term.role is Role.OPERATOR and step.term.name in _LOOKED_UP


def reach(step: Step) -> tuple[Step, tuple[Step, ...]]:
    """Return what a choice came to, with the tests that led there; any other step is itself."""
    tests: tuple[Step, ...] = ()
    while step.term.name == "if" and isinstance(step.parts[0].value, bool):
        tests, step = (*tests, step.parts[0]), step.parts[1]
    return step, tests


def find_cell(step: Step) -> Step | None:
    """Return the one cell a look-up took its value from, or None where there is not one."""
    if step.term.name == "scale" or isinstance(step.value, Unknown):
        return None
    key, *cells = step.parts
    if isinstance(key.value, frozenset):
        pairs = zip(key.term.type.options, cells, strict=True)
        cells = [cell for option, cell in pairs if option in key.value]
    several = len(cells) > 1 and step.term.name == "lookup_sum"
    if several or not isinstance(key.value, str | frozenset):
        return None
    found = next((cell for cell in cells if cell.value == step.value), None)
    return find_cell(found) if found and found.parts else found


def _list_leaves(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if step.parts:
            yield from _list_leaves(step.parts)
        else:
            yield step


def make_untold(term: Term, known: Mapping[str, Value]) -> Step:
    """Return a step that tells a term of a record in general, with the values known without it."""
    if term.role is Role.CONSTANT:
        return Step(term, NONE if term.value is None else term.value, ())
    parts = tuple(make_untold(part, known) for part in term.parts)
    return Step(term, _UNTOLD if parts else known.get(term.name, _UNTOLD), parts)


@dataclass(frozen=True, slots=True)
class SumWriter(Writer):
    """Writes steps of one ruleset in one language."""

    def write_step(self, step: Step, *, kind: Type | None = None) -> str:
        """Write a step and what it came to: `50% × 4,000元 = 2,000元`, or `a ≥ b: holds`.

        ``kind`` is the type of what takes the value, where that is not the step's own.
        """
        kind = kind or step.term.type
        reached, tests = reach(step)
        value = self.write_value(step.value, kind)
        if step.value is NONE and step.parts:
            return self._write_none(step)
        if reached.term.role is Role.CONSTANT:
            # how a provision is read is told with the readings, not in every sum
            facts = [test for test in tests if not _is_of_readings(test)]
            told = self.tell("clause").join(self.write_truth(test) for test in facts)
            return self.tell("sum.since", value=value, tests=told) if facts else value
        if not reached.parts:
            return self._join(self.label(reached.term), value, kind)
        if kind.kind is Kind.BOOLEAN:
            return self.write_truth(reached)
        return f"{self.write_body(reached)} = {value}"

    def _write_none(self, step: Step) -> str:
        """Write that something does not exist for the case, and for want of what."""
        leaves = [leaf for leaf in _list_leaves(step.parts) if is_name(leaf)]
        cause = next((leaf for leaf in leaves if leaf.value is NONE), None)
        none = self.write_value(NONE, step.term.type)
        return self.tell("sum.none", none=none, label=self.label(cause.term)) if cause else none

    def write_truth(self, step: Step) -> str:
        """Write a condition and whether it holds."""
        if is_name(step):
            value = self.write_value(step.value, step.term.type)
            return self.tell("source", label=self.label(step.term), value=value)
        if isinstance(step.value, bool):
            key = "fact.holds" if step.value else "fact.fails"
            return self.tell(key, sum=self.write_body(step))
        value = self.write_value(step.value, step.term.type)
        return self.tell("source", label=self.write_body(step), value=value)

    def write_body(self, step: Step) -> str:
        """Write a step without what it came to; of a name its label."""
        step, _ = reach(step)
        if is_name(step):
            return self.label(step.term)
        if step.term.role is Role.CONSTANT:
            return self.write_value(step.value, step.term.type)
        if step.term.role is Role.AGGREGATE:
            return self.write_question(step)
        if is_look_up(step):
            return self._write_look_up(step)
        if step.term.name == "if":
            return self._write_choice(step)
        if step.term.name in _BINDING or step.term.name in _SIGNS or step.term.name in _WORDED:
            return self._write_operator(step)
        return self._write_call(step)

    def _write_inner(self, step: Step, around: int, kind: Type | None = None) -> str:
        """Write a step as a part of another, in brackets where it binds less than ``around``."""
        step, _ = reach(step)
        term, text = step.term, self.write_body(step)
        if term.role is Role.CONSTANT:
            return self.write_value(step.value, kind or term.type)
        tight = _BINDING.get(term.name, _COMPARING)
        if term.name == "if":
            return self.tell("brackets", inner=text) if around else text
        if term.role is Role.OPERATOR and (term.name in _BINDING or _is_comparing(term)):
            return self.tell("brackets", inner=text) if tight < around else text
        if step.value is _UNTOLD or (term.role is Role.OPERATOR and term.name in {"min", "max"}):
            return text
        return self._join(text, self.write_value(step.value, term.type), term.type)

    def _join(self, text: str, value: str, kind: Type) -> str:
        """Put a value behind what it is the value of."""
        if kind.kind is Kind.BOOLEAN:
            return self.tell("sum.truth", label=text, value=value)
        return f"{text}{value}" if text.endswith("）") else f"{text} {value}"

    def write_question(self, step: Step) -> str:
        """Write what is asked of a list: of what in each record, and of which records."""
        whole, asked, *where = step.term.parts
        known = {leaf.term.name: leaf.value for leaf in _list_leaves(step.parts[1:])}
        told = [self._write_inner(make_untold(term, known), 0) for term in (asked, *where)]
        only = self.tell("asked.where", where=told[1]) if where else ""
        slots = {"list": self.label(whole), "asked": told[0], "where": only}
        return self.tell(f"asked.{step.term.name}", **slots)

    def _write_look_up(self, step: Step) -> str:
        """Write where something was looked up, and with what."""
        if step.term.name == "scale":
            return self._write_scaled(step)
        cell = find_cell(step) if step.value is not _UNTOLD else None
        if cell is not None:
            return self.label(cell.term)
        table = self.ruleset.tables[self.ruleset.parameters[_find_any_cell(step).name].table]
        keys = self.tell("clause").join(self._write_inner(key, 0) for key in _list_keys(step))
        return self.tell("call", name=table.label.told(self.language), inner=keys)

    def _write_scaled(self, step: Step) -> str:
        scale, *entered = step.parts
        told = self.tell("clause").join(self._write_inner(part, 0) for part in entered)
        worked = self._write_brackets(step)
        inner = self.tell("scale.worked", entered=told, sum=worked) if worked else told
        return self.tell("call", name=self.label(scale.term), inner=inner)

    def _write_brackets(self, step: Step) -> str:
        """Write what a scale multiplied: each part of a quantity with its bracket's value."""
        scale, *entered = (part.value for part in step.parts)
        exact = [value for value in entered if isinstance(value, int | Fraction)]
        if not isinstance(scale, Scale) or len(exact) < len(entered) or scale.applies == "level":
            return ""
        kind, rate = step.parts[1].term.type, self.ruleset.parameters[step.parts[0].term.name].type
        parts = [
            f"{self.write_value(part, kind)} × {self.write_value(bracket.value, rate)}"
            for bracket, part in list_shares(scale, *exact)
        ]
        return " + ".join(parts)

    def _write_call(self, step: Step) -> str:
        name = step.term.name
        if name == "given":
            return self.tell("call.given", label=self.write_body(step.parts[0]))
        shown = [part for part in step.parts if part.term.type.kind is not Kind.CALENDAR]
        kind = _find_unit(shown)
        inner = self.tell("clause").join(self._write_inner(part, 0, kind) for part in shown)
        return self.tell("call", name=self.tell(f"call.{name}"), inner=inner)

    def _write_operator(self, step: Step) -> str:
        name = step.term.name
        tight, kind = _BINDING.get(name, _COMPARING), _find_unit(step.parts)
        if name == "neg":
            return f"−{self._write_inner(step.parts[0], tight + 1)}"
        if name == "not":
            inner = self._write_inner(step.parts[0], 0)
            return f"{self.tell('op.not')}{self.tell('brackets', inner=inner)}"
        sign = self.tell(f"op.{name}") if name in _WORDED else _SIGNS[name]
        operands = _drop_readings(step)
        # `and` within `or` is put in brackets: not everyone knows which of them binds more
        rest = _BINDING["not"] if name == "or" else tight + 1
        first, *others = operands
        around = tight if first.term.name == name or name != "or" else rest
        parts = [self._write_inner(first, around, kind)]
        parts += [self._write_inner(part, rest, kind) for part in others]
        return f" {sign} ".join(parts)

    def _write_choice(self, step: Step) -> str:
        kind = step.term.type if step.term.type.kind is Kind.MONEY else None
        test, then, other = (self._write_inner(part, 1, kind) for part in step.parts)
        return self.tell("sum.choice", test=test, then=then, other=other)


def _find_any_cell(step: Step) -> Term:
    """Return one of the cells of the table that is looked up; its key may read parameters too."""
    term = step.term
    while term.parts:
        term = term.parts[-1]
    return term


def _list_keys(step: Step) -> Iterator[Step]:
    """Yield what a table was looked up with: of one by two choices, both."""
    while is_look_up(step):
        yield step.parts[0]
        step = step.parts[1]


def _is_of_readings(step: Step) -> bool:
    """Return whether a condition asks only how provisions are read."""
    leaves = [leaf for leaf in _list_leaves((step,)) if is_name(leaf)]
    return all(leaf.term.role is Role.READING for leaf in leaves)


def _drop_readings(step: Step) -> list[Step]:
    """Return the operands without what holds, or does not, by the reading chosen alone."""
    idle = {"and": True, "or": False}.get(step.term.name)
    parts = [part for part in step.parts if part.value is not idle or not _is_of_readings(part)]
    return parts or list(step.parts)


def _is_comparing(term: Term) -> bool:
    return term.name in _SIGNS or term.name in _WORDED


def _find_unit(parts: tuple[Step, ...] | list[Step]) -> Type | None:
    """Return the currency in which a bare 0 beside other money is told."""
    return next((part.term.type for part in parts if part.term.type.kind is Kind.MONEY), None)
