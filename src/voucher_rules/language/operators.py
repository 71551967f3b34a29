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
    INSTANT,
    NUMBER,
    ONE,
    ORDERED,
    PURE,
    QUANTITIES,
    RATIO,
    TIME,
    ZERO,
    Kind,
    Type,
)

Typing: TypeAlias = Callable[[tuple[Type, ...]], Type | None]

YEAR_NUMBER: Final = Type(Kind.COUNT, "年份")
MONTH_NUMBER: Final = Type(Kind.COUNT, "月份")
DAYS: Final = Type(Kind.PERIOD, "day")
MONTHS: Final = Type(Kind.PERIOD, "month")
WORKING_DAYS: Final = Type(Kind.PERIOD, "working_day")
ANY_COUNT: Final = Type(Kind.COUNT)
"""How many there are of something: fits a count in any measure word."""
CALENDAR_CALLS: Final = frozenset({"workday", "roll"})
"""Functions that need the ruleset's calendar; the checker adds it as their last part."""


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
    if left.kind is right.kind is Kind.COUNT and ANY_COUNT in (left, right):
        return right if left == ANY_COUNT else left
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
    if left.kind is Kind.INSTANT and right.kind is Kind.PERIOD:
        return INSTANT if right.unit == "hour" else None
    joined = unify_types(left, right)
    if joined is not None and joined.kind is Kind.PERIOD and joined.unit:
        return joined
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
    if left == right and left.kind is Kind.MONEY:
        return RATIO
    if left.kind is right.kind is Kind.COUNT and unify_types(left, right) is not None:
        return RATIO
    if left == right and left.kind is Kind.PERIOD and left.unit:
        return NUMBER
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
    if joined is None or (joined.kind is Kind.PERIOD and not joined.unit):
        return None
    ordered = joined.kind in ORDERED or (joined.kind is Kind.CHOICE and joined.ordered)
    return joined if ordered else None


def _type_choice(types: tuple[Type, ...]) -> Type | None:
    return unify_types(types[1], types[2]) if types[0] == BOOLEAN else None


def _type_given(types: tuple[Type, ...]) -> Type | None:
    return BOOLEAN if types else None


def _type_year(types: tuple[Type, ...]) -> Type | None:
    return YEAR_NUMBER if types[0].kind is Kind.DATE else None


def _type_year_edge(types: tuple[Type, ...]) -> Type | None:
    return DATE if types[0].kind is Kind.DATE else None


def _type_month(types: tuple[Type, ...]) -> Type | None:
    return MONTH_NUMBER if types[0].kind is Kind.DATE else None


def _type_clock(types: tuple[Type, ...]) -> Type | None:
    return TIME if types[0].kind is Kind.INSTANT else None


def _type_whole(types: tuple[Type, ...]) -> Type | None:
    return NUMBER if types[0].kind in PURE else None


def _type_whole_months(types: tuple[Type, ...]) -> Type | None:
    return MONTHS if types == (DATE, DATE) else None


def _type_workday(types: tuple[Type, ...]) -> Type | None:
    return DATE if types == (DATE, WORKING_DAYS) else None


def _type_roll(types: tuple[Type, ...]) -> Type | None:
    return DATE if types == (DATE,) else None


def _type_sets(types: tuple[Type, ...]) -> Type | None:
    left, right = types
    return BOOLEAN if left == right and left.kind is Kind.SET else None


def _type_members(types: tuple[Type, ...]) -> Type | None:
    return ANY_COUNT if types[0].kind is Kind.SET else None


def _type_day(types: tuple[Type, ...]) -> Type | None:
    return DATE if types[0].kind is Kind.INSTANT else None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A question asked of a list: how it is typed from what is asked of each record."""

    name: str
    typing: Callable[[Type, str], Type | None]
    """Takes the type of what each record gives and the measure word of records."""
    takes: str


def _type_count_of(_: Type, unit: str) -> Type | None:
    return Type(Kind.COUNT, unit)


def _type_sum_of(item: Type, _: str) -> Type | None:
    if item.kind is Kind.RATIO:
        return NUMBER
    return item if item.kind in QUANTITIES else None


def _type_truth_of(item: Type, _: str) -> Type | None:
    return BOOLEAN if item == BOOLEAN else None


def _type_extreme_of(item: Type, _: str) -> Type | None:
    return _type_extreme((item,))


def _type_set_of(item: Type, _: str) -> Type | None:
    return Type(Kind.SET, item.unit, item.options) if item.kind is Kind.CHOICE else None


def _type_distinct_of(item: Type, unit: str) -> Type | None:
    kinds = {Kind.ID, Kind.TEXT, Kind.CHOICE, Kind.DATE}
    return Type(Kind.COUNT, unit) if item.kind in kinds else None


AGGREGATES: Final[dict[str, Aggregate]] = {
    item.name: item
    for item in (
        Aggregate("count", _type_count_of, "a list"),
        Aggregate("sum", _type_sum_of, "a quantity of each record"),
        Aggregate("any", _type_truth_of, "a condition on each record"),
        Aggregate("all", _type_truth_of, "a condition on each record"),
        Aggregate("min", _type_extreme_of, "an ordered value of each record"),
        Aggregate("max", _type_extreme_of, "an ordered value of each record"),
        Aggregate("set", _type_set_of, "a choice of each record"),
        Aggregate(
            "distinct", _type_distinct_of, "an id, a text, a choice or a date of each record"
        ),
    )
}
"""What may be asked of a list of records. Each takes ``where=``, which records count."""
_SAME = "two values of one kind and unit"
_ORDER = "two amounts, counts, ratios, dates, like periods or ordered choices"
_MANY = 32

OPERATORS: Final[dict[str, Operator]] = {
    item.symbol: item
    for item in (
        Operator(
            "+", "infix", 2, 2, _type_sum, "like quantities or periods, or a date and a period"
        ),
        Operator(
            "-", "infix", 2, 2, _type_difference, "like quantities or periods, or dates and periods"
        ),
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
        Operator("month", "call", 1, 1, _type_month, "a date"),
        Operator("first_of_year", "call", 1, 1, _type_year_edge, "a date"),
        Operator("last_of_year", "call", 1, 1, _type_year_edge, "a date"),
        Operator("day", "call", 1, 1, _type_day, "an instant"),
        Operator("clock", "call", 1, 1, _type_clock, "an instant"),
        Operator("floor", "call", 1, 1, _type_whole, "a ratio or number"),
        Operator("ceil", "call", 1, 1, _type_whole, "a ratio or number"),
        Operator("whole_months", "call", 2, 2, _type_whole_months, "two dates"),
        Operator("workday", "call", 2, 2, _type_workday, "a date and a period in working days"),
        Operator("roll", "call", 1, 1, _type_roll, "a date"),
        Operator("overlaps", "call", 2, 2, _type_sets, "two sets of one choice"),
        Operator("includes", "call", 2, 2, _type_sets, "two sets of one choice"),
        Operator("members", "call", 1, 1, _type_members, "a set"),
    )
}
