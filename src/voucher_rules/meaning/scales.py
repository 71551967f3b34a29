"""Comes in: a scale and where it is entered. Goes out: what it gives, exactly, or its range.

What a scale gives over a range of quantities is found at its turns: between two neighbouring turns
it is constant (``level``) or straight (``whole``, ``marginal``), so nothing lies outside what it
gives at the ends of such a stretch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from voucher_rules.language.terms import Term
from voucher_rules.language.types import BOOLEAN
from voucher_rules.meaning.unknowns import FAR, join_values, make_value, split_value
from voucher_rules.values.model import (
    EITHER,
    NONE,
    OPEN,
    Bracket,
    Constant,
    Exact,
    Interval,
    Mark,
    OneOf,
    Ordered,
    Scale,
    Unknown,
    Value,
    settle_exact,
    take_number,
)


def find_bracket(scale: Scale, at: Ordered) -> Bracket:
    """Return the bracket that holds ``at``; below the first and above the last, the nearest."""
    for bracket in scale.brackets:
        if is_below_end(bracket, at):
            return bracket
    return scale.brackets[-1]


def is_below_end(bracket: Bracket, at: Ordered) -> bool:
    """Return whether ``at`` lies below the upper end of a bracket, or on it where it holds it."""
    if bracket.high is None:
        return True
    return at <= bracket.high if bracket.holds_high else at < bracket.high  # type: ignore[operator]


def apply_scale(scale: Scale, at: Ordered, after: Exact = 0) -> Value:
    """Return what a scale gives for a quantity; ``after`` is what was already counted before it."""
    if scale.applies == "marginal":
        return settle_exact(
            sum_brackets(scale, after + take_number(at)) - sum_brackets(scale, after)
        )
    found = find_bracket(scale, at).value
    if scale.applies == "level" or not isinstance(found, int | Fraction):
        return found
    return settle_exact(found * take_number(at))


def sum_brackets(scale: Scale, total: Exact) -> Exact:
    """Return the sum over brackets of the value of each times what of ``total`` lies in it."""
    result: Exact = 0
    for bracket, part in split_total(scale, total):
        result += _rate(bracket) * part
    return result


def list_shares(scale: Scale, at: Exact, after: Exact = 0) -> list[tuple[Bracket, Exact]]:
    """Return each bracket that a quantity reaches with how much of it that bracket takes."""
    if scale.applies != "marginal":
        return [(find_bracket(scale, at), at)]
    before = {id(bracket): part for bracket, part in split_total(scale, after)}
    reached = split_total(scale, after + at)
    shares = [(bracket, part - before.get(id(bracket), 0)) for bracket, part in reached]
    return [(bracket, settle_exact(part)) for bracket, part in shares if part]


def split_total(scale: Scale, total: Exact) -> Iterator[tuple[Bracket, Exact]]:
    """Yield each bracket with the part of ``total`` in it: from where the one before ends, or 0."""
    low: Exact = 0
    for bracket in scale.brackets:
        high = total if bracket.high is None else min(total, take_number(bracket.high))
        if high > low:
            yield bracket, high - low
            low = high


def _rate(bracket: Bracket) -> Exact:
    return bracket.value if isinstance(bracket.value, int | Fraction) else 0


def enter_scale(term: Term, values: tuple[Any, ...]) -> Value:
    """Return what a scale gives, where the scale and what it is entered with may be unknown."""
    scale, *entered = values
    if not isinstance(scale, Scale):
        return _enter_some_scale(term, scale, tuple(entered))
    if any(value.__class__ is Unknown or value.__class__ is Mark for value in entered):
        return find_scaled(scale, tuple(entered))
    return apply_scale(scale, *entered)


def _enter_some_scale(term: Term, held: Value, entered: tuple[Value, ...]) -> Value:
    """Return what any of some scales may give; of one that is not set, anything of its type."""
    domain, marks = split_value(held)
    if isinstance(domain, Constant):
        scales = [item for item in domain.values if isinstance(item, Scale)]
        found = join_values(enter_scale(term, (scale, *entered)) for scale in scales)
    elif domain is None:
        return make_value(None, marks)
    elif term.type.options:
        found = Unknown(OneOf(frozenset(term.type.options)))
    elif term.type == BOOLEAN:
        found = EITHER
    else:
        found = Unknown(Interval(-FAR, FAR))
    inner, more = split_value(found)
    return make_value(inner, marks | more)


def find_scaled(scale: Scale, values: tuple[Value, ...]) -> Value:
    """Return what a scale gives where its quantity, or what came before it, may be unknown."""
    parts = [split_value(value) for value in values]
    marks = frozenset(mark for _, found in parts for mark in found)
    if NONE in values:
        return NONE
    domains = [domain for domain, _ in parts if isinstance(domain, Interval)]
    if len(domains) < len(parts):
        return make_value(None, marks)
    found = join_values(_list_extremes(scale, domains))
    domain, more = split_value(found)
    return make_value(domain, marks | (more - {OPEN}))


def _list_extremes(scale: Scale, domains: list[Interval]) -> list[Value]:
    if scale.applies != "marginal":
        return _list_levels(scale, domains[0])
    before = domains[1] if len(domains) > 1 else Interval(0, 0)
    return [apply_scale(scale, x, b) for b, x in _list_vertices(scale, domains[0], before)]


def _list_levels(scale: Scale, domain: Interval) -> list[Value]:
    """Return what each bracket that a range meets gives at the ends of what they share.

    The first bracket reaches down and the last one up without end, as when one is looked for.
    """
    found: list[Value] = []
    last = len(scale.brackets) - 1
    for number, bracket in enumerate(scale.brackets):
        low = None if number == 0 else bracket.low
        high = None if number == last else bracket.high
        if not _meets(replace(bracket, low=low, high=high), domain):
            continue
        start = domain.low if low is None else max(domain.low, low)
        end = domain.high if high is None else min(domain.high, high)
        if scale.applies == "level" or not isinstance(bracket.value, int | Fraction):
            found.append(bracket.value)
        else:
            found += [settle_exact(bracket.value * take_number(at)) for at in (start, end)]
    return found


def _meets(bracket: Bracket, domain: Interval) -> bool:
    if not is_below_end(bracket, domain.low):
        return False
    if bracket.low is None:
        return True
    high = domain.high
    return high >= bracket.low if bracket.holds_low else high > bracket.low  # type: ignore[operator]


def _list_vertices(
    scale: Scale, domain: Interval, before: Interval
) -> Iterator[tuple[Exact, Exact]]:
    """Yield where a sum over brackets may turn: the corners of a range and of what it crosses."""
    turns = list_turns(scale)
    low, high = take_number(domain.low), take_number(domain.high)
    least, most = take_number(before.low), take_number(before.high)
    starts = {least, most, *turns, *(t - end for t in turns for end in (low, high))}
    for start in starts:
        if least <= start <= most:
            ends = {low, high, *(turn - start for turn in turns)}
            yield from ((start, end) for end in ends if low <= end <= high)


def list_turns(scale: Scale) -> list[Exact]:
    """Return the quantities at which one bracket ends and the next begins, zero among them."""
    ends = [bracket.high for bracket in scale.brackets if bracket.high is not None]
    return [0, *(take_number(end) for end in ends if isinstance(end, int | Fraction))]


def list_brackets(scale: Scale, entered: tuple[Value, ...]) -> Iterator[int]:
    """Yield the number of the bracket each end of what a scale is entered with lies in."""
    totals: list[Ordered] = []
    for value in entered:
        domain, _ = split_value(value)
        if isinstance(domain, Interval):
            totals += [domain.low, domain.high]
    if len(entered) > 1 and len(totals) < 2 * len(entered):
        return
    if len(entered) > 1:
        low, high, least, most = (take_number(end) for end in totals)
        totals = [least, most, low + least, high + most]
    for total in totals:
        yield scale.brackets.index(find_bracket(scale, total))
