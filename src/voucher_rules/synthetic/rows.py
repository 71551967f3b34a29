"""Comes in: how each fact is drawn, and a seed. Goes out: rows of facts, each one the door takes.

What exists only under a condition is there only where the condition surely holds, and is told to be
``none`` where it does not. What is to be missing is left out last, so that nothing follows from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from voucher_rules.checked.mechanics import Define, Require
from voucher_rules.checked.order import sort_names
from voucher_rules.checked.symbols import Input
from voucher_rules.decision.law import find_parameter
from voucher_rules.decision.stated import find_unstated
from voucher_rules.decision.trace import trace_term
from voucher_rules.language.records import name_field
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import QUANTITIES, Kind
from voucher_rules.meaning.terms import find_value
from voucher_rules.meaning.unknowns import TRUE, find_truths
from voucher_rules.program.build import Program
from voucher_rules.synthetic.draws import Stream, Wheel
from voucher_rules.synthetic.marginals import Marginal
from voucher_rules.values.model import (
    CURRENCIES,
    NONE,
    Interval,
    OneOf,
    Unknown,
    Value,
)
from voucher_rules.values.write import count_decimals

Row = dict[str, Value]
"""What a row says of each input it states; each field of a record stands beside its list."""
PARTS: Final = 10**6
"""The finest share of missing facts: one in a million."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A fact that a rule requires to equal something that is worked out from others."""

    fact: str
    formula: Term


TIED: Final = Wheel([9, 1])
"""How often it does, where nobody says how the fact is spread."""


def list_ties(program: Program, stated: Collection[str]) -> tuple[Tie, ...]:
    """Return the facts to work out from others; those ``stated`` otherwise are left alone."""
    found: dict[str, Tie] = {}
    fields = {name for spec in program.lists.values() for name in spec.fields}
    known = {*program.inputs, *program.parameters, *fields}
    for rule in program.rules:
        if not isinstance(rule.body, Require) or rule.body.condition.name != "==":
            continue
        left, right = (_expand(program, part) for part in rule.body.condition.parts)
        for fact, formula in ((left, right), (right, left)):
            read = {x.name for x in formula.walk() if not x.parts and x.role is not Role.CONSTANT}
            free = fact.role is Role.FACT and fact.type.kind in QUANTITIES
            if free and fact.name not in {*stated, *read, *found} and read <= known:
                found[fact.name] = Tie(fact.name, formula)
                break
    return tuple(found.values())


def _expand(program: Program, term: Term) -> Term:
    """Return a term with each variable replaced by its definition, where it has only one."""
    if term.role is Role.VARIABLE:
        rules = [x for x in program.rules if x.id in program.setters.get(term.name, ())]
        body = rules[0].body if len(rules) == 1 and rules[0].when is None else None
        return _expand(program, body.formula) if isinstance(body, Define) else term
    return replace(term, parts=tuple(_expand(program, part) for part in term.parts))


@dataclass(frozen=True, slots=True)
class Recipe:
    """How rows are made: for each fact and each field a way to draw it, and a share left out."""

    program: Program
    marginals: Mapping[str, Marginal]
    ties: tuple[Tie, ...] = ()
    joint: tuple[tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]], ...] = ()
    """Facts that are drawn together, a whole row of a table at a time."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """How many in a million rows leave a fact out."""


def iterate_rows(recipe: Recipe, seed: int, count: int) -> Iterator[Row]:
    """Yield so many rows, the same for the same seed; a longer run begins like a shorter one."""
    maker = _Maker(recipe, seed)
    return (maker.make() for _ in range(count))


class _Maker:
    """Makes one row after the other."""

    def __init__(self, recipe: Recipe, seed: int) -> None:
        self.recipe, self.program = recipe, recipe.program
        self.streams = {name: Stream(seed, name) for name in recipe.marginals}
        self.tables = [
            (names, rows, Stream(seed, f"rows of {' '.join(names)}"))
            for names, rows in recipe.joint
        ]
        self.gaps = {
            name: (Stream(seed, f"missing {name}"), Wheel([parts, PARTS - parts]))
            for name, parts in recipe.missing.items()
            if parts
        }
        self.ties = {tie.fact: Stream(seed, f"tie {tie.fact}") for tie in recipe.ties}
        self.order = _order_names(recipe)
        self.fields = {
            listed.name: [name.removeprefix(f"{listed.name}.") for name in listed.fields]
            for listed in self.program.lists.values()
        }
        self.constants: dict[str, Value] = {
            f"reading.{name}": Unknown(OneOf(frozenset(reading.options)))
            for name, reading in self.program.ruleset.readings.items()
        }
        self.constants |= {name: item.domain for name, item in self.program.parameters.items()}
        self.conditions = {
            name: [x for x in item.applies.names(*Role) if x in self.program.inputs]
            for name, item in self.program.inputs.items()
            if item.applies is not None
        }

    def make(self) -> Row:
        row: Row = {}
        for names, rows, stream in self.tables:
            row.update(zip(names, rows[stream.below(len(rows))], strict=True))
        for name in self.order:
            if name not in row:
                row[name] = self.recipe.marginals[name].draw(self.streams[name], row)
            self._limit(row, name)
            if name in self.fields:
                self._draw_records(row, name)
        for tie in (*self.recipe.ties, *self.recipe.ties[:-1]):
            self._tie(row, tie)
        for name, (stream, wheel) in self.gaps.items():
            if wheel.pick(stream) == 0:
                _leave_out(row, name)
        return {name: value for name, value in row.items() if not is_untold(value)}

    def _limit(self, row: Row, name: str) -> None:
        """Say that a fact does not exist, unless its condition surely holds."""
        applies = self.program.inputs[name].applies
        if applies is None:
            return
        if find_truths(find_value(applies, self._know(row, self.conditions[name]))) != TRUE:
            row[name] = NONE
        elif row[name] is NONE and not self.program.inputs[name].optional:
            row[name] = Unknown(None)

    def _tie(self, row: Row, tie: Tie) -> None:
        """Give a fact what a rule wants it to equal, in most rows, where that can be worked out."""
        declared = self.program.inputs[tie.fact]
        domain = declared.domain.domain
        if row[tie.fact] is NONE or is_untold(row[tie.fact]) or not isinstance(domain, Interval):
            return
        day = row.get(self.program.decision.as_of)
        today = {n: find_parameter(x, day) for n, x in self.program.parameters.items()}
        value = trace_term(
            tie.formula, {**self._know(row, self.program.inputs), **today, **row}
        ).value
        fits = type(value) is int and domain.low <= value <= domain.high  # type: ignore[operator]
        if fits and TIED.pick(self.ties[tie.fact]) == 0:
            row[tie.fact] = value

    def _know(self, row: Row, names: Collection[str]) -> Mapping[str, Value]:
        """Return the values of some inputs, and of all that is no input."""
        inputs = {n: row.get(n, find_unstated(self.program.inputs[n])) for n in names}
        told = {n: find_unstated(self.program.inputs[n]) for n, x in inputs.items() if is_untold(x)}
        return {**self.constants, **inputs, **told}

    def _draw_records(self, row: Row, name: str) -> None:
        length = row[name]
        for number in range(1, length + 1) if isinstance(length, int) else ():
            for key in self.fields[name]:
                full = f"{name}.{key}"
                drawn = self.recipe.marginals[full].draw(self.streams[full], row)
                row[name_field(name, number, key)] = drawn
                row[full] = drawn
        for key in self.fields[name]:
            row.pop(f"{name}.{key}", None)


def is_untold(value: Value) -> bool:
    """Return whether a row says nothing of a fact."""
    return isinstance(value, Unknown)


def _order_names(recipe: Recipe) -> list[str]:
    """Return the facts in an order in which each comes after those it looks at."""
    program = recipe.program
    needs = {}
    for name, item in program.inputs.items():
        read = [] if item.applies is None else list(item.applies.names(*Role))
        read += recipe.marginals[name].needs
        for key in program.lists[name].fields if name in program.lists else ():
            read += [x for x in recipe.marginals[key].needs if x not in program.lists[name].fields]
        needs[name] = [x for x in read if x in program.inputs and x != name]
    return sort_names(needs)


def _leave_out(row: Row, name: str) -> None:
    if name in row:
        row[name] = Unknown(None)
    else:
        listed, _, key = name.partition(".")
        for other in row:
            if other.startswith(f"{listed}[") and other.endswith(f"].{key}"):
                row[other] = Unknown(None)


def state_row(program: Program, row: Mapping[str, Value]) -> dict[str, Any]:
    """Return a row as facts that a decision takes: money in the main unit, lists as records."""
    stated: dict[str, Any] = {}
    for name, item in program.inputs.items():
        if name not in row:
            continue
        if item.type.kind is Kind.LIST:
            stated[name] = _state_records(program, row, name)
        else:
            stated[name] = state_value(row[name], item, program)
    return stated


def _state_records(program: Program, row: Mapping[str, Value], name: str) -> list[dict[str, Any]]:
    length = row[name]
    fields = {
        key.removeprefix(f"{name}."): item for key, item in program.lists[name].fields.items()
    }
    return [
        {
            key: state_value(row[full], item, program)
            for key, item in fields.items()
            if (full := name_field(name, number, key)) in row
        }
        for number in range(1, (length if isinstance(length, int) else 0) + 1)
    ]


def state_value(value: Value, declared: Input, program: Program) -> Any:  # noqa: ANN401 - of any type a fact has
    """Return a value as a Python value that the door takes."""
    kind = declared.type
    if kind.kind is Kind.MONEY and isinstance(value, int):
        return Decimal(value).scaleb(-CURRENCIES[kind.unit].digits)
    if isinstance(value, Fraction):
        return _state_fraction(value)
    if kind.kind is Kind.INSTANT and not isinstance(value, int | str) and value is not NONE:
        return value.astimezone(program.ruleset.zone)  # type: ignore[union-attr]
    return value


def _state_fraction(value: Fraction) -> Decimal | Fraction:
    places = count_decimals(value)
    if places is None:
        return value
    return Decimal(value.numerator * 10**places // value.denominator).scaleb(-places)
