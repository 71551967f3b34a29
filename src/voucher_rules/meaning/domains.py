"""Comes in: an operator and what each of its parts may be. Goes out: all the whole may be.

Interval arithmetic for quantities and days, options one by one for choices, what is surely and what
is possibly in them for sets.
"""

from __future__ import annotations

from datetime import time
from itertools import product
from typing import Any, Final

from voucher_rules.calendars import find_workday, roll_forward
from voucher_rules.language.terms import Term
from voucher_rules.meaning.known import KNOWN, ORDERS, operate_known
from voucher_rules.meaning.unknowns import (
    FAR,
    Truth,
    Truths,
    join_values,
    least,
    make_truth,
    make_value,
    most,
    negate,
)
from voucher_rules.values.model import (
    EITHER,
    NO_MARKS,
    AnyText,
    Constant,
    Domain,
    Interval,
    OneOf,
    Ordered,
    Period,
    SetBetween,
    Unknown,
    Value,
)


def operate_domains(term: Term, domains: list[Domain]) -> Value:
    """Return every value an operator may have where its parts range over some."""
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
    ends = [KNOWN[term.name](end) for end in (domain.low, domain.high)]
    return make_value(Interval(min(ends), max(ends)), NO_MARKS)


_TURNING: Final[dict[str, tuple[str, Ordered, Ordered]]] = {
    "month": ("year", 1, 12),
    "clock": ("day", time.min, time(23, 59, 59)),
}
"""Functions that start anew with each year or day, and what they run through in one."""


def _operate_turning(name: str, domain: Interval) -> Value:
    around, first, last = _TURNING[name]
    low, high = domain.low, domain.high
    if KNOWN[around](low) != KNOWN[around](high):
        return Unknown(Interval(first, last))
    return make_value(Interval(KNOWN[name](low), KNOWN[name](high)), NO_MARKS)


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
    return make_truth(bool(operate_known(term, pair)) for pair in pairs)


def _operate_intervals(symbol: str, left: Interval, right: Interval) -> Value:
    if symbol in ORDERS or symbol in {"==", "!="}:
        return make_truth(_compare_intervals(symbol, left, right))
    if symbol == "/" and _may_be_zero(right):
        return Unknown(Interval(-FAR, FAR))
    corners = [KNOWN[symbol](a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
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
