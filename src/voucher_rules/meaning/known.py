"""Comes in: an operator's name and known values. Goes out: what the operator makes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final
from unicodedata import normalize

from voucher_rules.calendars import (
    add_hours,
    add_period,
    count_whole_months,
    find_workday,
    roll_forward,
)
from voucher_rules.language.terms import Term
from voucher_rules.values.model import Exact, Known, Period, PeriodUnit, settle_exact

EXTREMES: Final = frozenset({"min", "max"})
ORDERS: Final = frozenset({"<", "<=", ">", ">="})


def operate_known(term: Term, values: tuple[Any, ...]) -> Known:
    """Return the value of an operator whose parts are all known."""
    name = term.name
    known: Known
    if name in ORDERS and isinstance(values[0], str):
        options = _find_options(term)
        known = KNOWN[name](options.index(values[0]), options.index(values[1]))
    elif name in EXTREMES and isinstance(values[0], str):
        known = _KNOWN_ALL[name](values, key=term.type.options.index)
    elif name in _KNOWN_ALL:
        known = _KNOWN_ALL[name](values)
    else:
        known = KNOWN[name](*values)
    return known


def _find_options(term: Term) -> tuple[str, ...]:
    return term.parts[0].type.options or term.parts[1].type.options


def _add(left: Any, right: Any) -> Any:  # noqa: ANN401 - the checker proved the types
    if isinstance(left, datetime):
        return add_hours(left, right)
    if isinstance(left, date):
        return add_period(left, right)
    if isinstance(left, Period):
        return Period(left.count + right.count, left.unit)
    return settle_exact(left + right)


def _subtract(left: Any, right: Any) -> Any:  # noqa: ANN401
    if isinstance(left, datetime):
        return add_hours(left, right, back=True)
    if isinstance(left, date):
        if isinstance(right, date):
            return Period((left - right).days, PeriodUnit.DAY)
        return add_period(left, right, back=True)
    if isinstance(left, Period):
        return Period(left.count - right.count, left.unit)
    return settle_exact(left - right)


def _multiply(left: Exact, right: Exact) -> Exact:
    return settle_exact(left * right)


def _divide(left: Any, right: Any) -> Exact:  # noqa: ANN401
    if isinstance(left, Period):
        return settle_exact(Fraction(left.count, right.count))
    return settle_exact(Fraction(left) / right)


def _equal(left: Any, right: Any) -> bool:  # noqa: ANN401
    """Compare two values; two ways to encode the same characters of a text are the same."""
    if left == right:
        return True
    if not isinstance(left, str) or (left.isascii() and right.isascii()):
        return False
    return normalize("NFC", left) == normalize("NFC", right)


KNOWN: Final[dict[str, Callable[..., Any]]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": _equal,
    "!=": lambda a, b: not _equal(a, b),
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "not": lambda a: not a,
    "neg": lambda a: settle_exact(-a),
    "year": lambda a: a.year,
    "month": lambda a: a.month,
    "first_of_year": lambda a: a.replace(month=1, day=1),
    "last_of_year": lambda a: a.replace(month=12, day=31),
    "day": lambda a: a.date(),
    "clock": lambda a: a.timetz().replace(tzinfo=None),
    "floor": floor,
    "ceil": ceil,
    "whole_months": count_whole_months,
    "workday": find_workday,
    "roll": roll_forward,
    "overlaps": lambda a, b: not a.isdisjoint(b),
    "includes": lambda a, b: a >= b,
    "members": len,
    "if": lambda test, then, other: then if test else other,
    "given": lambda _: True,
}
_KNOWN_ALL: Final[dict[str, Callable[..., Any]]] = {
    "and": all,
    "or": any,
    "min": min,
    "max": max,
}
"""Operators that take any number of parts."""
HANDLED: Final = frozenset(KNOWN) | frozenset(_KNOWN_ALL)
"""Every operator this executor knows; a test holds it against the operator table."""
