"""The cell of a table that an option or a set names, held against every way its parts may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest
from completions import (
    MARKS,
    combine,
    complete,
    covers,
    find_hull,
    list_subsets,
    spell_out,
    try_law,
)
from hypothesis import given
from hypothesis import strategies as st

from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.operate import operate
from voucher_rules.values.model import (
    NONE,
    OPEN,
    Interval,
    Mark,
    OneOf,
    SetBetween,
    Unknown,
    Value,
)

OPTIONS: Final = ("micro", "small", "large")
MONEY: Final = Type(Kind.MONEY, "CNY")
KEYS: Final = {
    "lookup": Type(Kind.CHOICE, "size", OPTIONS, ordered=True),
    "lookup_max": Type(Kind.SET, "size", OPTIONS),
    "lookup_min": Type(Kind.SET, "size", OPTIONS),
    "lookup_sum": Type(Kind.SET, "size", OPTIONS),
}
EXTREMES: Final = ("lookup_max", "lookup_min")


def look_up(name: str, key: Any, cells: Sequence[Value]) -> Value:  # noqa: ANN401 - any value
    """Look a row up: one cell for each option, in their order."""
    row = tuple(Term(Role.PARAMETER, MONEY, f"row[{option}]") for option in OPTIONS)
    term = Term(Role.OPERATOR, MONEY, name, (Term(Role.FACT, KEYS[name], "key"), *row))
    return operate(term, (key, *cells))


def read_row(name: str, key: Any, cells: list[Any]) -> Any:  # noqa: ANN401 - any settled value
    """Read a row as a person would, everything in it settled."""
    if isinstance(key, Mark):
        return key
    if name == "lookup":
        return cells[OPTIONS.index(key)]
    named = [cell for option, cell in zip(OPTIONS, cells, strict=True) if option in key]
    if OPEN in named:
        return OPEN
    there = [cell for cell in named if cell is not NONE]
    if name == "lookup_sum":
        return sum(there)
    if not there:
        return NONE
    return max(there) if name == "lookup_max" else min(there)


NUMBERS: Final = st.integers(-2, 4)


SETS: Final = list_subsets(OPTIONS)
STATED: Final = st.sampled_from([NONE, OPEN])
SETTLED: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    name: st.one_of(st.sampled_from(OPTIONS if name == "lookup" else SETS), STATED) for name in KEYS
}
SETTLED_ROWS: Final = st.lists(st.one_of(NUMBERS, NUMBERS, STATED), min_size=3, max_size=3)
NO_OPEN: Final = st.sampled_from([frozenset[Mark](), frozenset[Mark]({NONE})])


@st.composite
def cells(draw: st.DrawFn, marks: st.SearchStrategy[frozenset[Mark]] = MARKS) -> Value:
    """Draw what is known of a cell."""
    carried = draw(marks)
    if len(carried) == 1 and draw(st.booleans()):
        return next(iter(carried))
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    return Unknown(Interval(low, high), carried) if draw(st.booleans()) else low


def rows(marks: st.SearchStrategy[frozenset[Mark]] = MARKS) -> st.SearchStrategy[list[Value]]:
    return st.lists(cells(marks), min_size=3, max_size=3)


@st.composite
def keys(draw: st.DrawFn, name: str, marks: st.SearchStrategy[frozenset[Mark]] = MARKS) -> Value:
    """Draw what is known of an option or of a set."""
    carried = draw(marks)
    if name == "lookup":
        return Unknown(OneOf(draw(st.frozensets(st.sampled_from(OPTIONS), min_size=1))), carried)
    one, other = draw(st.sampled_from(SETS)), draw(st.sampled_from(SETS))
    return Unknown(SetBetween(one & other, one | other), carried)


@pytest.mark.parametrize("name", KEYS)
@try_law(150)
@given(data=st.data(), row=SETTLED_ROWS)
def test_what_is_settled_is_looked_up_as_a_person_would(
    name: str, data: st.DataObject, row: list[Value]
) -> None:
    key = data.draw(SETTLED[name])
    assert look_up(name, key, row) == read_row(name, key, row)


@pytest.mark.parametrize("name", KEYS)
@try_law(150)
@given(data=st.data())
def test_every_cell_it_may_be_is_among_those_told(name: str, data: st.DataObject) -> None:
    key = data.draw(st.one_of(keys(name), SETTLED[name]))
    row = data.draw(rows())
    told = look_up(name, key, row)
    for turned in combine([complete(key), *(complete(cell, range(-2, 5)) for cell in row)]):
        came = read_row(name, turned[0], turned[1:])
        assert covers(told, came), (key, row, turned)


@pytest.mark.parametrize("name", KEYS)
@try_law(100)
@given(data=st.data())
def test_nothing_more_is_told_than_may_be(name: str, data: st.DataObject) -> None:
    marks = MARKS if name == "lookup" else NO_OPEN
    key = data.draw(keys(name, marks))
    row = data.draw(rows(marks))
    told = look_up(name, key, row)
    ways = [complete(key), *(complete(cell, range(-2, 5)) for cell in row)]
    came = [read_row(name, turned[0], turned[1:]) for turned in combine(ways, most=10**6)]
    assert spell_out(told) == find_hull(came), (key, row)


@pytest.mark.parametrize("name", EXTREMES)
def test_a_set_that_names_no_cell_gives_none(name: str) -> None:
    nothing: frozenset[str] = frozenset()
    assert look_up(name, nothing, [1, 2, 3]) is NONE
    assert look_up(name, frozenset({"micro"}), [NONE, 2, 3]) is NONE
    maybe = Unknown(SetBetween(nothing, frozenset({"micro"})))
    assert look_up(name, maybe, [1, 2, 3]) == Unknown(Interval(1, 1), frozenset({NONE}))


def test_a_set_that_names_no_cell_adds_up_to_zero() -> None:
    assert look_up("lookup_sum", frozenset(), [1, 2, 3]) == 0
    assert look_up("lookup_sum", frozenset({"micro"}), [NONE, 2, 3]) == 0
    maybe = Unknown(SetBetween(frozenset(), frozenset({"micro", "large"})))
    assert look_up("lookup_sum", maybe, [-1, 2, 3]) == Unknown(Interval(-1, 3))


def test_a_set_known_in_part_narrows_the_best_cell() -> None:
    known = Unknown(SetBetween(frozenset({"small"}), frozenset({"small", "large"})))
    assert look_up("lookup_max", known, [9, 2, 5]) == Unknown(Interval(2, 5))
    assert look_up("lookup_min", known, [0, 2, 5]) == 2


def test_an_option_not_known_tells_the_hull_of_its_cells() -> None:
    either = Unknown(OneOf(frozenset({"micro", "large"})))
    assert look_up("lookup", either, [9, 0, 5]) == Unknown(Interval(5, 9))
    assert look_up("lookup", either, [4, 0, 4]) == 4
    assert look_up("lookup", either, [4, 0, NONE]) == Unknown(Interval(4, 4), frozenset({NONE}))
    assert look_up("lookup", either, [NONE, 0, NONE]) is NONE
    yes, no, maybe = True, False, Unknown(OneOf(frozenset({True, False})))
    assert look_up("lookup", either, [yes, no, yes]) is True
    assert look_up("lookup", either, [yes, yes, no]) == maybe
