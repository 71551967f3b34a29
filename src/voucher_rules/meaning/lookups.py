"""Comes in: a key and the cells of a table. Goes out: the cell, or every cell it may be."""

from __future__ import annotations

from voucher_rules.language.terms import Term
from voucher_rules.meaning.aggregates import gather_share, sum_shares
from voucher_rules.meaning.extremes import find_least, find_most
from voucher_rules.meaning.unknowns import join_values, make_value, split_value
from voucher_rules.values.model import EITHER, NONE, OneOf, SetBetween, Value


def look_up(term: Term, values: tuple[Value, ...]) -> Value:
    """Return the cell of a row that an option names; a hull of cells where the option is unknown.

    The first part is the key, the others are the cells in the order of the key's options.
    """
    key, *cells = values
    options = term.parts[0].type.options
    if isinstance(key, str):
        return cells[options.index(key)]
    domain, marks = split_value(key)
    if not isinstance(domain, OneOf):
        return make_value(None, marks)
    found = [cells[options.index(option)] for option in options if option in domain.options]
    inner, more = split_value(join_values(found))
    return make_value(inner, marks | more)


def look_up_most(term: Term, values: tuple[Value, ...]) -> Value:
    """Return the greatest of the cells that a set names; none where it names no cell."""
    return _look_up_extreme(term, values, lowest=False)


def look_up_least(term: Term, values: tuple[Value, ...]) -> Value:
    """Return the least of the cells that a set names; none where it names no cell."""
    return _look_up_extreme(term, values, lowest=True)


def _look_up_extreme(term: Term, values: tuple[Value, ...], *, lowest: bool) -> Value:
    group, *cells = values
    domain, marks = split_value(group)
    if not isinstance(domain, SetBetween):
        return make_value(None, marks)
    options = term.parts[0].type.options
    reached: list[Value] = []
    for option, cell in zip(options, cells, strict=True):
        if option in domain.certain:
            reached.append(cell)
        elif option in domain.possible:
            inner, more = split_value(cell)
            reached.append(make_value(inner, more | {NONE}))
    if not reached:
        return make_value(None, marks | {NONE})
    found = find_least(tuple(reached)) if lowest else find_most(tuple(reached))
    inner, more = split_value(found)
    return make_value(inner, marks | more)


def look_up_sum(term: Term, values: tuple[Value, ...]) -> Value:
    """Return the sum of the cells that a set names; zero where it names no cell."""
    group, *cells = values
    domain, marks = split_value(group)
    if not isinstance(domain, SetBetween):
        return make_value(None, marks)
    shares = []
    for option, cell in zip(term.parts[0].type.options, cells, strict=True):
        if option in domain.possible:
            where = True if option in domain.certain else EITHER
            shares.append(gather_share(where, cell))
    inner, more = split_value(sum_shares(shares))
    return make_value(inner, marks | more)
