"""Comes in: what each record of a list gives, and whether it counts. Goes out: the whole.

A record counts where its condition holds; one whose condition or value is none is left aside, like
none is everywhere. A condition that is open makes the whole open, unless the record cannot matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from voucher_rules.meaning.extremes import find_least, find_most, find_option
from voucher_rules.meaning.unknowns import (
    FALSE,
    ONLY_NONE,
    ONLY_OPEN,
    TRUE,
    Truth,
    Truths,
    conjoin,
    disjoin,
    find_truths,
    make_truth,
    make_value,
    split_value,
)
from voucher_rules.values.model import (
    NO_MARKS,
    NONE,
    OPEN,
    AnyText,
    Domain,
    Exact,
    Interval,
    Mark,
    OneOf,
    SetBetween,
    Value,
    settle_exact,
    take_number,
)


class Share(NamedTuple):
    """What one record gives to the whole: whether it counts, and its value."""

    counts: Truths
    value: Value


def gather_share(where: Value | None, value: Value) -> Share:
    """Return the share of a record: none of its value or condition leaves it aside."""
    counts = TRUE if where is None else _as_counting(find_truths(where))
    domain, marks = split_value(value)
    if NONE in marks:
        there: Truths = FALSE if domain is None and marks == ONLY_NONE else frozenset({True, False})
        counts = conjoin(counts, there)
        value = make_value(domain, marks - {NONE}) if domain or marks - {NONE} else NONE
    return Share(counts, value)


def _as_counting(truths: Truths) -> Truths:
    return frozenset(False if truth is NONE else truth for truth in truths)


def _surely(share: Share) -> bool:
    return share.counts == TRUE


def _maybe(share: Share) -> bool:
    return share.counts != FALSE


def _find_open(shares: list[Share]) -> frozenset[Mark]:
    """Return whether a person's finding may still change the whole."""
    waiting = any(
        OPEN in share.counts or (_maybe(share) and OPEN in split_value(share.value)[1])
        for share in shares
    )
    return frozenset({OPEN}) if waiting else NO_MARKS


def _is_open(shares: list[Share]) -> bool:
    """Return whether nothing can be told of the whole before a person has judged."""
    return any(
        share.counts == ONLY_OPEN or (_surely(share) and share.value is OPEN) for share in shares
    )


def count_shares(shares: list[Share]) -> Value:
    """Return how many records count."""
    if _is_open(shares):
        return OPEN
    low = sum(_surely(share) for share in shares)
    high = sum(_maybe(share) for share in shares)
    return make_value(Interval(low, high), _find_open(shares))


def sum_shares(shares: list[Share]) -> Value:
    """Return the sum of the values of the records that count; zero where none does."""
    if _is_open(shares):
        return OPEN
    low: Exact = 0
    high: Exact = 0
    for share in shares:
        domain, _ = split_value(share.value)
        if not _maybe(share) or not isinstance(domain, Interval):
            continue
        least, most = take_number(domain.low), take_number(domain.high)
        low += least if _surely(share) else min(0, least)
        high += most if _surely(share) else max(0, most)
    return make_value(Interval(settle_exact(low), settle_exact(high)), _find_open(shares))


def any_of_shares(shares: list[Share]) -> Value:
    """Return whether some record that counts has what is asked; false of an empty list."""
    truths: Truths = FALSE
    for share in shares:
        if _maybe(share):
            truths = disjoin(truths, conjoin(share.counts, find_truths(share.value)))
    return make_truth(truths)


def all_of_shares(shares: list[Share]) -> Value:
    """Return whether every record that counts has what is asked; true of an empty list."""
    truths: Truths = TRUE
    for share in shares:
        if _maybe(share):
            failing = disjoin(_negate(share.counts), find_truths(share.value))
            truths = conjoin(truths, failing)
    return make_truth(truths)


def _negate(truths: Truths) -> Truths:
    found: set[Truth] = {not x if isinstance(x, bool) else x for x in truths}
    return frozenset(found)


def find_extreme(shares: list[Share], options: tuple[str, ...], *, lowest: bool) -> Value:
    """Return the least or the greatest value of the records that count; none where none does.

    ``options`` is the order of the options where the values are a choice.
    """
    if _is_open(shares):
        return OPEN
    reached: list[Value] = []
    for share in shares:
        if not _maybe(share):
            continue
        domain, marks = split_value(share.value)
        marks |= {OPEN} if OPEN in share.counts else NO_MARKS
        marks |= {NONE} if False in share.counts else NO_MARKS
        reached.append(make_value(domain, marks))
    if not reached:
        return NONE
    if options:
        return find_option(tuple(reached), options, lowest=lowest)
    return find_least(tuple(reached)) if lowest else find_most(tuple(reached))


def collect_shares(shares: list[Share]) -> Value:
    """Return the set of the options that the records which count have."""
    if _is_open(shares):
        return OPEN
    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    for share in shares:
        domain, _ = split_value(share.value)
        if not _maybe(share) or not isinstance(domain, OneOf):
            continue
        options = frozenset(item for item in domain.options if isinstance(item, str))
        possible |= options
        if _surely(share) and len(options) == 1:
            certain |= options
    return make_value(SetBetween(certain, possible), _find_open(shares))


def count_distinct(shares: list[Share]) -> Value:
    """Return how many different values the records that count have."""
    if _is_open(shares):
        return OPEN
    sure = {share.value for share in shares if _surely(share) and _is_one(share.value)}
    known = {share.value for share in shares if _maybe(share) and _is_one(share.value)}
    unknown = [share for share in shares if _maybe(share) and not _is_one(share.value)]
    low = max(len(sure), int(any(_surely(share) for share in shares)))
    return make_value(Interval(low, len(known) + len(unknown)), _find_open(shares))


def _is_one(value: Value) -> bool:
    domain, marks = split_value(value)
    one = isinstance(value, str) or (isinstance(domain, Interval) and domain.low == domain.high)
    return one and not marks


FOLDS: Final[Mapping[str, Callable[[list[Share]], Value]]] = {
    "count": count_shares,
    "sum": sum_shares,
    "any": any_of_shares,
    "all": all_of_shares,
    "set": collect_shares,
    "distinct": count_distinct,
}
"""What may be asked of a list, by the name it is called in an expression; the least and the
greatest are asked with the order of options."""


def fold_shares(name: str, shares: list[Share], options: tuple[str, ...]) -> Value:
    """Return what is asked of a list, from what each record gives."""
    if name in {"min", "max"}:
        return find_extreme(shares, options, lowest=name == "min")
    return FOLDS[name](shares)


def fold_unknown(name: str, most: int, share: Share) -> Value:
    """Return what may be asked of a list of up to ``most`` records of which nothing is known.

    ``share`` is what a record of which nothing is known gives.
    """
    domain, _ = split_value(share.value)
    waiting = _find_open([share])
    match name:
        case "count" | "distinct":
            return make_value(Interval(0, most), waiting)
        case "sum":
            ends = (domain.low, domain.high) if isinstance(domain, Interval) else (0, 0)
            low, high = take_number(ends[0]), take_number(ends[1])
            return make_value(Interval(min(0, most * low), max(0, most * high)), waiting)
        case "min" | "max":
            return make_value(domain, waiting | {NONE})
        case "any" | "all":
            empty: Truths = FALSE if name == "any" else TRUE
            return make_truth(find_truths(FOLDS[name]([share])) | empty)
        case _:
            return make_value(_forget_certain(domain), waiting)


def _forget_certain(domain: Domain | None) -> Domain:
    options = domain.options if isinstance(domain, OneOf) else frozenset()
    texts = frozenset(item for item in options if isinstance(item, str))
    return AnyText() if isinstance(domain, AnyText) else SetBetween(frozenset(), texts)
