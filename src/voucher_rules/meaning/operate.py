"""Comes in: an operator's term and the values of its parts. Goes out: the value of the whole.

One meaning for known and unknown parts: on known parts the operator itself, on unknown ones every
value it may take (interval arithmetic, Kleene's logic with the two marks ``none`` and ``open``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any, Final

from voucher_rules.calendars import (
    add_hours,
    add_period,
    count_whole_months,
    find_workday,
    roll_forward,
)
from voucher_rules.language.terms import Term
from voucher_rules.language.types import BOOLEAN
from voucher_rules.meaning.extremes import find_least, find_most, find_option
from voucher_rules.meaning.lookups import look_up, look_up_least, look_up_most, look_up_sum
from voucher_rules.meaning.scales import apply_scale, find_scaled
from voucher_rules.meaning.unknowns import (
    Truth,
    Truths,
    conjoin,
    disjoin,
    find_truths,
    join_values,
    least,
    make_truth,
    make_value,
    most,
    negate,
    split_value,
)
from voucher_rules.values.model import (
    EITHER,
    NO_MARKS,
    NONE,
    OPEN,
    AnyText,
    Constant,
    Domain,
    Exact,
    Interval,
    Known,
    Mark,
    OneOf,
    Ordered,
    Period,
    PeriodUnit,
    Scale,
    SetBetween,
    Unknown,
    Value,
    settle_exact,
)


def operate(term: Term, values: tuple[Value, ...]) -> Value:
    """Return the value of an operator's term from the values of its parts. Never raises."""
    structured = _STRUCTURED.get(term.name)
    if structured is not None:
        return structured(term, values)
    for value in values:
        if value.__class__ is Unknown or value.__class__ is Mark:
            if term.name in _EXTREMES and term.type.options:
                return find_option(values, term.type.options, lowest=term.name == "min")
            special = _SPECIAL.get(term.name)
            return special(values) if special else _operate_unknown(term, values)
    return _operate_known(term, values)


def _operate_known(term: Term, values: tuple[Any, ...]) -> Known:
    name = term.name
    known: Known
    if name in _ORDERS and isinstance(values[0], str):
        options = _find_options(term)
        known = _KNOWN[name](options.index(values[0]), options.index(values[1]))
    elif name in _EXTREMES and isinstance(values[0], str):
        known = _KNOWN_ALL[name](values, key=term.type.options.index)
    elif name in _KNOWN_ALL:
        known = _KNOWN_ALL[name](values)
    else:
        known = _KNOWN[name](*values)
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


_KNOWN: Final[dict[str, Callable[..., Any]]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "not": lambda a: not a,
    "neg": lambda a: settle_exact(-a),
    "year": lambda a: a.year,
    "month": lambda a: a.month,
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
_EXTREMES: Final = frozenset({"min", "max"})
_FAR: Final = 10**40
"""Further than any quotient can lie: the bound of one whose divisor is not known to be above 0."""
_ORDERS: Final = frozenset({"<", "<=", ">", ">="})


def _operate_unknown(term: Term, values: tuple[Value, ...]) -> Value:
    """Strict operators: none of a part is none of the whole; then open; then every value."""
    parts = [split_value(value) for value in values]
    marks: set[Mark] = set()
    if any(NONE in part[1] for part in parts):
        marks |= {NONE}
    if any(part[1] == frozenset({NONE}) and part[0] is None for part in parts):
        return NONE
    if any(OPEN in part[1] for part in parts):
        marks |= {OPEN}
    domains = [part[0] for part in parts]
    if any(domain is None for domain in domains):
        return make_value(None, frozenset(marks))
    result = _operate_domains(term, [domain for domain in domains if domain is not None])
    domain, more = split_value(result)
    return make_value(domain, frozenset(marks) | more)


def _operate_domains(term: Term, domains: list[Domain]) -> Value:
    if len(domains) == 1:
        return _operate_unary(term, domains[0])
    if term.name == "roll":
        return _roll_between(*domains)
    if term.name == "workday":
        return _find_workdays(*domains)
    left, right = domains
    if isinstance(left, AnyText) or isinstance(right, AnyText):
        return EITHER
    if term.name in {"in", "not in"} and isinstance(right, SetBetween):
        truths = _find_membership(left, right)
        return make_truth(truths if term.name == "in" else negate(truths))
    if isinstance(left, OneOf) and isinstance(right, OneOf):
        return _enumerate_options(term, left, right)
    if isinstance(left, SetBetween) and isinstance(right, SetBetween):
        return make_truth(_compare_sets(term.name, left, right))
    if isinstance(left, Interval) and isinstance(right, Interval):
        return _operate_intervals(term.name, left, right)
    return EITHER


def _operate_unary(term: Term, domain: Domain) -> Value:
    if isinstance(domain, SetBetween):
        sizes = Interval(len(domain.certain), len(domain.possible))
        return make_value(sizes, NO_MARKS)
    if not isinstance(domain, Interval):
        return EITHER
    if term.name in _TURNING:
        return _operate_turning(term.name, domain)
    ends = [_KNOWN[term.name](end) for end in (domain.low, domain.high)]
    return make_value(Interval(min(ends), max(ends)), NO_MARKS)


_TURNING: Final[dict[str, tuple[str, Ordered, Ordered]]] = {
    "month": ("year", 1, 12),
    "clock": ("day", time.min, time(23, 59, 59)),
}
"""Functions that start anew with each year or day, and what they run through in one."""


def _operate_turning(name: str, domain: Interval) -> Value:
    around, first, last = _TURNING[name]
    low, high = domain.low, domain.high
    if _KNOWN[around](low) != _KNOWN[around](high):
        return Unknown(Interval(first, last))
    return make_value(Interval(_KNOWN[name](low), _KNOWN[name](high)), NO_MARKS)


def _roll_between(day: Domain, calendar: Domain) -> Value:
    if not isinstance(day, Interval) or not isinstance(calendar, Constant):
        return EITHER
    days = next(iter(calendar.values))
    ends: list[Value] = [roll_forward(end, days) for end in (day.low, day.high)]  # type: ignore[arg-type]
    return join_values(ends)


def _find_workdays(day: Domain, lasts: Domain, calendar: Domain) -> Value:
    if not (isinstance(day, Interval) and isinstance(lasts, Interval)):
        return EITHER
    if not isinstance(calendar, Constant):
        return EITHER
    ends = [(day.low, lasts.low), (day.high, lasts.high)]
    days = next(iter(calendar.values))
    return join_values(find_workday(a, b, days) for a, b in ends)  # type: ignore[arg-type]


def _compare_sets(name: str, left: SetBetween, right: SetBetween) -> Truths:
    """Compare sets known in part: what surely holds, what surely does not, or either."""
    match name:
        case "overlaps":
            yes = bool(left.certain & right.certain)
            no = not left.possible & right.possible
        case "includes":
            yes = left.certain >= right.possible
            no = not left.possible >= right.certain
        case _:
            apart = not (left.certain <= right.possible and right.certain <= left.possible)
            yes, no = (False, apart) if name == "==" else (apart, False)
    return _decide(yes=yes, no=no)


def _find_membership(member: Domain, group: SetBetween) -> Truths:
    if not isinstance(member, OneOf):
        return frozenset({True, False})
    truths: set[Truth] = set()
    for option in member.options:
        if option in group.certain:
            truths |= {True}
        elif option not in group.possible:
            truths |= {False}
        else:
            truths |= {True, False}
    return frozenset(truths)


def _enumerate_options(term: Term, left: OneOf, right: OneOf) -> Value:
    pairs = product(left.options, right.options)
    return make_truth(bool(_operate_known(term, pair)) for pair in pairs)


def _operate_intervals(symbol: str, left: Interval, right: Interval) -> Value:
    if symbol in _ORDERS or symbol in {"==", "!="}:
        return make_truth(_compare_intervals(symbol, left, right))
    if symbol == "/" and _may_be_zero(right):
        return Unknown(Interval(-_FAR, _FAR))
    corners = [_KNOWN[symbol](a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    return make_value(Interval(least(corners), most(corners)), NO_MARKS)


def _may_be_zero(divisor: Interval) -> bool:
    ends = (divisor.low, divisor.high)
    low, high = (end.count if isinstance(end, Period) else end for end in ends)
    return not (_below(0, low) or _below(high, 0))


def _compare_intervals(symbol: str, left: Interval, right: Interval) -> Truths:
    a, b, c, d = left.low, left.high, right.low, right.high
    match symbol:
        case "<":
            return _decide(yes=_below(b, c), no=not _below(a, d))
        case "<=":
            return _decide(yes=not _below(c, b), no=_below(d, a))
        case ">":
            return _decide(yes=_below(d, a), no=not _below(c, b))
        case ">=":
            return _decide(yes=not _below(a, d), no=_below(b, c))
        case _:
            same = _decide(yes=a == b == c == d, no=_below(b, c) or _below(d, a))
            return same if symbol == "==" else negate(same)


def _below(left: Any, right: Any) -> bool:  # noqa: ANN401 - the checker proved the types
    return bool(left < right)


def _decide(*, yes: bool, no: bool) -> Truths:
    return frozenset({True}) if yes else frozenset({False}) if no else frozenset({True, False})


def _operate_and(values: tuple[Value, ...]) -> Value:
    truths = find_truths(values[0])
    for value in values[1:]:
        truths = conjoin(truths, find_truths(value))
    return make_truth(truths)


def _operate_or(values: tuple[Value, ...]) -> Value:
    truths = find_truths(values[0])
    for value in values[1:]:
        truths = disjoin(truths, find_truths(value))
    return make_truth(truths)


def _operate_not(values: tuple[Value, ...]) -> Value:
    return make_truth(negate(find_truths(values[0])))


def _operate_given(values: tuple[Value, ...]) -> Value:
    domain, marks = split_value(values[0])
    truths: set[Truth] = {OPEN} if OPEN in marks else set()
    if NONE in marks:
        truths |= {False}
    if domain is not None:
        truths |= {True}
    return make_truth(truths)


def _operate_choice(values: tuple[Value, ...]) -> Value:
    test, then, other = values
    if test is True:
        return then
    if test is False:
        return other
    truths = find_truths(test)
    reached: list[Value] = [then] if True in truths else []
    reached += [other] if False in truths else []
    reached += [item for item in truths if isinstance(item, Mark)]
    return join_values(reached)


_SPECIAL: Final[dict[str, Callable[[tuple[Value, ...]], Value]]] = {
    "and": _operate_and,
    "or": _operate_or,
    "not": _operate_not,
    "given": _operate_given,
    "if": _operate_choice,
    "min": find_least,
    "max": find_most,
}


def _apply_scale(term: Term, values: tuple[Any, ...]) -> Value:
    scale, *entered = values
    if not isinstance(scale, Scale):
        return _apply_some_scale(term, scale, tuple(entered))
    if any(value.__class__ is Unknown or value.__class__ is Mark for value in entered):
        return find_scaled(scale, tuple(entered))
    return apply_scale(scale, *entered)


def _apply_some_scale(term: Term, held: Value, entered: tuple[Value, ...]) -> Value:
    """Return what any of some scales may give; of one that is not set, anything of its type."""
    domain, marks = split_value(held)
    if isinstance(domain, Constant):
        scales = [item for item in domain.values if isinstance(item, Scale)]
        found = join_values(_apply_scale(term, (scale, *entered)) for scale in scales)
    elif domain is None:
        return make_value(None, marks)
    elif term.type.options:
        found = Unknown(OneOf(frozenset(term.type.options)))
    elif term.type == BOOLEAN:
        found = EITHER
    else:
        found = Unknown(Interval(-_FAR, _FAR))
    inner, more = split_value(found)
    return make_value(inner, marks | more)


_STRUCTURED: Final[dict[str, Callable[[Term, tuple[Any, ...]], Value]]] = {
    "lookup": look_up,
    "lookup_max": look_up_most,
    "lookup_min": look_up_least,
    "lookup_sum": look_up_sum,
    "scale": _apply_scale,
}
"""What the checker makes of a look-up: its own operators, which no one writes."""
HANDLED: Final = frozenset(_KNOWN) | frozenset(_KNOWN_ALL)
"""Every operator this executor knows; a test holds it against the operator table."""
