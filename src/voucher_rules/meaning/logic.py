"""Comes in: truths, known or not. Goes out: what connectives and a choice make of them.

Kleene's logic with the two marks ``none`` and ``open``: what cannot matter is not waited for.
"""

from __future__ import annotations

from voucher_rules.meaning.unknowns import (
    Truth,
    conjoin,
    disjoin,
    find_truths,
    join_values,
    make_truth,
    negate,
    split_value,
)
from voucher_rules.values.model import NONE, OPEN, Mark, Value


def conjoin_all(values: tuple[Value, ...]) -> Value:
    """Return whether all of some conditions hold."""
    truths = find_truths(values[0])
    for value in values[1:]:
        truths = conjoin(truths, find_truths(value))
    return make_truth(truths)


def disjoin_all(values: tuple[Value, ...]) -> Value:
    """Return whether any of some conditions holds."""
    truths = find_truths(values[0])
    for value in values[1:]:
        truths = disjoin(truths, find_truths(value))
    return make_truth(truths)


def negate_one(values: tuple[Value, ...]) -> Value:
    """Return whether a condition does not hold."""
    return make_truth(negate(find_truths(values[0])))


def find_given(values: tuple[Value, ...]) -> Value:
    """Return whether something is stated: what is none is not."""
    domain, marks = split_value(values[0])
    truths: set[Truth] = {OPEN} if OPEN in marks else set()
    if NONE in marks:
        truths |= {False}
    if domain is not None:
        truths |= {True}
    return make_truth(truths)


def choose(values: tuple[Value, ...]) -> Value:
    """Return one of two values, as a condition holds or not; both where that is not known."""
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
