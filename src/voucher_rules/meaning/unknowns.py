"""Comes in: values, known or not. Goes out: their joins, hulls and truth sets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from voucher_rules.values.model import (
    NO_MARKS,
    NONE,
    OPEN,
    AnyText,
    Constant,
    Domain,
    Interval,
    Mark,
    OneOf,
    Ordered,
    Scale,
    SetBetween,
    Unknown,
    Value,
    WorkingCalendar,
)

Truth: TypeAlias = bool | Mark
Truths: TypeAlias = frozenset[Truth]

TRUE: Final[Truths] = frozenset({True})
FALSE: Final[Truths] = frozenset({False})
ONLY_NONE: Final[frozenset[Mark]] = frozenset({NONE})
ONLY_OPEN: Final[frozenset[Mark]] = frozenset({OPEN})
FAR: Final = 10**40
"""Further than any quantity that is worked out can lie: the bound of one that has no other."""


def split_value(value: Value) -> tuple[Domain | None, frozenset[Mark]]:
    """Return the domain a value ranges over (None where it is only a mark), and its marks."""
    if isinstance(value, Unknown):
        return value.domain, value.marks
    if isinstance(value, Mark):
        return None, ONLY_NONE if value is NONE else ONLY_OPEN
    if isinstance(value, bool):
        return OneOf(frozenset({value})), NO_MARKS
    if isinstance(value, str):
        return OneOf(frozenset({value})), NO_MARKS
    if isinstance(value, frozenset):
        return SetBetween(value, value), NO_MARKS
    if isinstance(value, Scale | WorkingCalendar):
        return Constant(frozenset({value})), NO_MARKS
    return Interval(value, value), NO_MARKS


def make_value(domain: Domain | None, marks: frozenset[Mark]) -> Value:
    """Return the simplest value with this domain and these marks."""
    if domain is None:
        return next(iter(marks)) if len(marks) == 1 else Unknown(None, marks)
    if not marks:
        match domain:
            case Interval(low, high) if low == high:
                return low
            case OneOf(options) if len(options) == 1:
                return next(iter(options))
            case SetBetween(certain, possible) if certain == possible:
                return certain
            case Constant(values) if len(values) == 1:
                return next(iter(values))
            case _:
                pass
    return Unknown(domain, marks)


def join_domains(left: Domain | None, right: Domain | None) -> Domain | None:
    """Return the smallest domain that holds both; both are of one kind."""
    if left is None or right is None:
        return left or right
    match left, right:
        case Interval(a, b), Interval(c, d):
            return Interval(least([a, c]), most([b, d]))
        case OneOf(a), OneOf(b):
            return OneOf(a | b)
        case SetBetween(a, b), SetBetween(c, d):
            return SetBetween(a & c, b | d)
        case Constant(a), Constant(b):
            return Constant(a | b)
        case _:
            return AnyText()


def join_values(values: Iterable[Value]) -> Value:
    """Return the hull of some values of one kind, at least one."""
    domain: Domain | None = None
    marks: frozenset[Mark] = NO_MARKS
    for value in values:
        more, extra = split_value(value)
        domain = join_domains(domain, more)
        marks |= extra
    return make_value(domain, marks)


def least(values: Iterable[Ordered]) -> Ordered:
    """Return the least of some ordered values of one kind."""
    return min(values)


def most(values: Iterable[Ordered]) -> Ordered:
    """Return the greatest of some ordered values of one kind."""
    return max(values)


def find_truths(value: Value) -> Truths:
    """Return what a yes-or-no value may turn out to be: true, false, none or open."""
    if value is True:
        return TRUE
    if value is False:
        return FALSE
    domain, marks = split_value(value)
    truths: set[Truth] = set(marks)
    if isinstance(domain, OneOf):
        truths |= {option for option in domain.options if isinstance(option, bool)}
    return frozenset(truths)


def make_truth(truths: Iterable[Truth]) -> Value:
    """Return the value that may turn out to be any of ``truths``."""
    found = frozenset(truths)
    booleans = frozenset(item for item in found if isinstance(item, bool))
    marks = frozenset(item for item in found if isinstance(item, Mark))
    return make_value(OneOf(booleans) if booleans else None, marks)


def _rank_and(truth: Truth) -> int:
    return 3 if truth is False else 2 if truth is OPEN else 1 if truth is NONE else 0


def _rank_or(truth: Truth) -> int:
    return 3 if truth is True else 2 if truth is OPEN else 1 if truth is NONE else 0


def conjoin(left: Truths, right: Truths) -> Truths:
    """Return what `left and right` may be. False decides; then open; then none; then true."""
    return frozenset(max((a, b), key=_rank_and) for a in left for b in right)


def disjoin(left: Truths, right: Truths) -> Truths:
    """Return what `left or right` may be. True decides; then open; then none; then false."""
    return frozenset(max((a, b), key=_rank_or) for a in left for b in right)


def negate(truths: Truths) -> Truths:
    """Return what `not` of something may be; none and open stay what they are."""
    return frozenset(not item if isinstance(item, bool) else item for item in truths)
