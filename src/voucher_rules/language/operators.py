"""Comes in: types. Goes out: the one table of operators that the checker and every executor read.

An operator's typing rule takes the types of its parts and returns the type of its result, or None
where the parts do not fit together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from voucher_rules.language.types import (
    BOOLEAN,
    DATE,
    NUMBER,
    ONE,
    ORDERED,
    PURE,
    QUANTITIES,
    RATIO,
    ZERO,
    Kind,
    Type,
)

Typing: TypeAlias = Callable[[tuple[Type, ...]], Type | None]

YEAR_NUMBER: Final = Type(Kind.COUNT, "年份")
DAYS: Final = Type(Kind.PERIOD, "day")


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator or function: how it is written, how many parts it takes, and its typing rule."""

    symbol: str
    form: str
    """``infix``, ``prefix``, ``call`` or ``choose`` (a if c else b)."""
    least: int
    most: int
    typing: Typing
    takes: str
    """What it takes, in the words of the reference: shown when types do not fit."""


def unify_types(left: Type, right: Type) -> Type | None:
    """Return the type both sides share, with the literals 0 and 1 fitting as the language says."""
    if left == right:
        return left
    if left == ZERO:
        return right if right.kind in QUANTITIES else None
    if right == ZERO:
        return left if left.kind in QUANTITIES else None
    if left.kind in PURE and right.kind in PURE:
        return _unify_pure(left, right)
    return None


def _unify_pure(left: Type, right: Type) -> Type:
    return RATIO if RATIO in (left, right) and ONE in (left, right) else NUMBER


def _unify_all(types: tuple[Type, ...]) -> Type | None:
    result: Type | None = types[0]
    for item in types[1:]:
        result = unify_types(result, item) if result else None
    return result


def _type_sum(types: tuple[Type, ...]) -> Type | None:
    left, right = types
    if left.kind is Kind.DATE and right.kind is Kind.PERIOD:
        return DATE if right.unit in {"day", "month", "year", ""} else None
    joined = unify_types(left, right)
    return joined if joined and joined.kind in QUANTITIES else None


def _type_difference(types: tuple[Type, ...]) -> Type | None:
    left, right = types
    if left.kind is Kind.DATE and right.kind is Kind.DATE:
        return DAYS
    return _type_sum(types)


def _type_product(types: tuple[Type, ...]) -> Type | None:
    left, right = types
    if left.kind in PURE and right.kind in PURE:
        return RATIO if left == right == RATIO else NUMBER
    if left.kind in PURE or right.kind in PURE:
        scaled = right if left.kind in PURE else left
        return _scale(scaled) if scaled.kind in QUANTITIES else None
    kinds = {left.kind, right.kind}
    if kinds == {Kind.COUNT, Kind.MONEY}:
        return left if left.kind is Kind.MONEY else right
    return None


def _scale(quantity: Type) -> Type:
    return NUMBER if quantity.kind is Kind.COUNT else quantity


def _type_quotient(types: tuple[Type, ...]) -> Type | None:
    left, right = types
    if right.kind in PURE and left.kind in QUANTITIES:
        return NUMBER if left.kind in PURE else _scale(left)
    if left == right and left.kind in {Kind.MONEY, Kind.COUNT}:
        return RATIO
    if left.kind is Kind.MONEY and right.kind is Kind.COUNT:
        return left
    return None


def _type_negation(types: tuple[Type, ...]) -> Type | None:
    return types[0] if types[0].kind in QUANTITIES else None


def _type_order(types: tuple[Type, ...]) -> Type | None:
    joined = unify_types(*types)
    if joined is None:
        return None
    if joined.kind is Kind.PERIOD and not joined.unit:
        return None
    fits = joined.kind in ORDERED or (joined.kind is Kind.CHOICE and joined.ordered)
    return BOOLEAN if fits else None


def _type_equality(types: tuple[Type, ...]) -> Type | None:
    joined = unify_types(*types)
    mixed = joined is not None and joined.kind is Kind.PERIOD and not joined.unit
    return BOOLEAN if joined and not mixed else None


def _type_membership(types: tuple[Type, ...]) -> Type | None:
    member, group = types
    fits = group.kind is Kind.SET and member.kind is Kind.CHOICE and member.unit == group.unit
    return BOOLEAN if fits else None


def _type_logic(types: tuple[Type, ...]) -> Type | None:
    return BOOLEAN if all(item == BOOLEAN for item in types) else None


def _type_extreme(types: tuple[Type, ...]) -> Type | None:
    joined = _unify_all(types)
    mixed = joined is not None and joined.kind is Kind.PERIOD and not joined.unit
    return joined if joined and joined.kind in ORDERED and not mixed else None


def _type_choice(types: tuple[Type, ...]) -> Type | None:
    return unify_types(types[1], types[2]) if types[0] == BOOLEAN else None


def _type_given(types: tuple[Type, ...]) -> Type | None:
    return BOOLEAN if types else None


def _type_year(types: tuple[Type, ...]) -> Type | None:
    return YEAR_NUMBER if types[0].kind is Kind.DATE else None


def _type_day(types: tuple[Type, ...]) -> Type | None:
    return DATE if types[0].kind is Kind.INSTANT else None


_SAME = "two values of one kind and unit"
_ORDER = "two amounts, counts, ratios, dates, like periods or ordered choices"
_MANY = 32

OPERATORS: Final[dict[str, Operator]] = {
    item.symbol: item
    for item in (
        Operator("+", "infix", 2, 2, _type_sum, "like quantities, or a date and a period"),
        Operator("-", "infix", 2, 2, _type_difference, "like quantities, or dates and periods"),
        Operator("*", "infix", 2, 2, _type_product, "a ratio or number and a quantity"),
        Operator("/", "infix", 2, 2, _type_quotient, "a quantity by a ratio, number or its like"),
        Operator("neg", "prefix", 1, 1, _type_negation, "a quantity"),
        Operator("<", "infix", 2, 2, _type_order, _ORDER),
        Operator("<=", "infix", 2, 2, _type_order, _ORDER),
        Operator(">", "infix", 2, 2, _type_order, _ORDER),
        Operator(">=", "infix", 2, 2, _type_order, _ORDER),
        Operator("==", "infix", 2, 2, _type_equality, _SAME),
        Operator("!=", "infix", 2, 2, _type_equality, _SAME),
        Operator("in", "infix", 2, 2, _type_membership, "a choice and options or a set of it"),
        Operator("not in", "infix", 2, 2, _type_membership, "a choice and options or a set of it"),
        Operator("and", "infix", 2, _MANY, _type_logic, "yes-or-no values"),
        Operator("or", "infix", 2, _MANY, _type_logic, "yes-or-no values"),
        Operator("not", "prefix", 1, 1, _type_logic, "a yes-or-no value"),
        Operator("min", "call", 1, _MANY, _type_extreme, "like quantities, dates or periods"),
        Operator("max", "call", 1, _MANY, _type_extreme, "like quantities, dates or periods"),
        Operator("if", "choose", 3, 3, _type_choice, "`a if condition else b`, a like b"),
        Operator("given", "call", 1, 1, _type_given, "one fact"),
        Operator("year", "call", 1, 1, _type_year, "a date"),
        Operator("day", "call", 1, 1, _type_day, "an instant"),
    )
}
