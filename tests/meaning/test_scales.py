"""What a scale gives, held against a plain reading of its brackets and every point of a range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise, product
from typing import Any, Final

import pytest
from completions import MARKS, covers, find_hull, spell_out, try_law
from hypothesis import given
from hypothesis import strategies as st

from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import NUMBER, Kind, Type
from voucher_rules.meaning.operate import operate
from voucher_rules.meaning.scales import apply_scale, find_scaled, list_brackets
from voucher_rules.values.model import (
    NONE,
    OPEN,
    AnyText,
    Bracket,
    Exact,
    Interval,
    Mark,
    Ordered,
    Scale,
    Unknown,
    Value,
)

MODES: Final = ("level", "whole", "marginal")
HALF: Final = Fraction(1, 2)
FURTHEST: Final = 12
"""The ends of the brackets tried are whole numbers up to this."""
RATES: Final = st.one_of(
    st.integers(-2, 9), st.sampled_from([Fraction(1, 3), Fraction(2, 3), Fraction(1, 7), HALF])
)


def make_scale(
    applies: str, ends: list[int], holding: list[bool], rates: Sequence[Exact | Mark]
) -> Scale:
    """Return a scale over everything: one bracket more than there are ends between them.

    ``holding`` tells of each end whether the bracket below holds it.
    """
    lows: list[int | None] = [None, *ends]
    highs: list[int | None] = [*ends, None]
    below = [False, *(not held for held in holding)]
    above = [*holding, False]
    parts = zip(lows, below, highs, above, rates, strict=True)
    return Scale(applies, tuple(Bracket(*part) for part in parts))


def bracket(low: Ordered | None, high: Ordered | None, value: Exact, holding: str) -> Bracket:
    """Return a bracket that holds the ends written: ``[]``, ``[)``, ``(]`` or ``()``."""
    return Bracket(low, holding[0] == "[", high, holding[1] == "]", value)


@st.composite
def scales(draw: st.DrawFn, applies: str, *, nothing: bool = False) -> Scale:
    """Draw a scale of one to five brackets; ``nothing`` lets some give none."""
    ends = sorted(draw(st.sets(st.integers(0, FURTHEST), max_size=4)))
    holding = draw(st.lists(st.booleans(), min_size=len(ends), max_size=len(ends)))
    rate = st.one_of(RATES, st.just(NONE)) if nothing else RATES
    rates = draw(st.lists(rate, min_size=len(ends) + 1, max_size=len(ends) + 1))
    order = draw(st.sampled_from(["as drawn", "rising", "falling"]))
    numbers = [rate for rate in rates if not isinstance(rate, Mark)]
    if order != "as drawn" and len(numbers) == len(rates):
        return make_scale(applies, ends, holding, sorted(numbers, reverse=order == "falling"))
    return make_scale(applies, ends, holding, rates)


def holds(item: Bracket, at: Any) -> bool:  # noqa: ANN401 - any ordered value
    """Return whether a bracket holds a value, as its two ends say."""
    low, high = item.low, item.high
    from_below = low is None or at > low or (item.holds_low and at == low)
    to_above = high is None or at < high or (item.holds_high and at == high)
    return bool(from_below and to_above)


def read_level(scale: Scale, at: Ordered) -> Exact | Mark:
    (found,) = [item.value for item in scale.brackets if holds(item, at)]
    assert isinstance(found, int | Fraction | Mark)
    return found


def read_sum(scale: Scale, total: Exact) -> Fraction:
    """Add up half by half from zero, each half at the rate of the bracket its middle lies in."""
    result = Fraction(0)
    for step in range(int(total * 2)):
        rate = read_level(scale, step * HALF + HALF / 2)
        assert not isinstance(rate, Mark)
        result += rate * HALF
    return result


def read_scale(scale: Scale, at: Exact, after: Exact = 0) -> Exact | Mark:
    """Read a scale as the law puts it."""
    if scale.applies == "marginal":
        return read_sum(scale, after + at) - read_sum(scale, after)
    found = read_level(scale, at)
    return found * at if scale.applies == "whole" and not isinstance(found, Mark) else found


def halves(low: int, high: int) -> list[Exact]:
    return [low + step * HALF for step in range((high - low) * 2 + 1)]


POINTS: Final = st.integers(0, 4 * FURTHEST).map(lambda step: step * HALF)


@pytest.mark.parametrize("applies", MODES)
@try_law(120)
@given(data=st.data(), at=POINTS, after=POINTS)
def test_a_scale_gives_what_its_brackets_say(
    applies: str, data: st.DataObject, at: Fraction, after: Fraction
) -> None:
    scale = data.draw(scales(applies, nothing=applies == "level"))
    before = after if applies == "marginal" else 0
    came = apply_scale(scale, at, before)
    assert came == read_scale(scale, at, before)
    assert not isinstance(came, Fraction) or came.denominator != 1


@try_law(120)
@given(scale=scales("marginal"), parts=st.lists(POINTS, max_size=5))
def test_what_is_entered_in_parts_gives_as_much_as_the_whole(
    scale: Scale, parts: list[Fraction]
) -> None:
    shares: list[Any] = [apply_scale(scale, x, sum(parts[:i])) for i, x in enumerate(parts)]
    assert sum(shares) == apply_scale(scale, sum(parts))


@pytest.mark.parametrize("applies", MODES)
@pytest.mark.parametrize("holding", [True, False])
@pytest.mark.parametrize(("one", "other"), [(Fraction(1, 3), 2), (5, 1)])
def test_an_end_belongs_to_the_bracket_that_holds_it(
    applies: str,
    holding: bool,  # noqa: FBT001
    one: Exact,
    other: Exact,
) -> None:
    scale = make_scale(applies, [3, 6], [holding, holding], [one, other, one])
    tiny = Fraction(1, 10**9)
    at_end = one if holding else other
    levels: dict[Exact, Exact] = {3 - tiny: one, 3: at_end, 3 + tiny: other}
    levels |= {6 - tiny: other, 6: other if holding else one, 6 + tiny: one}
    for at, rate in levels.items():
        if applies == "level":
            assert apply_scale(scale, at) == rate
        elif applies == "whole":
            assert apply_scale(scale, at) == rate * at
    if applies == "marginal":
        assert apply_scale(scale, 3 - tiny) == one * (3 - tiny)
        assert apply_scale(scale, 3) == one * 3
        assert apply_scale(scale, 3 + tiny) == one * 3 + other * tiny
        assert apply_scale(scale, 6) == one * 3 + other * 3
        assert apply_scale(scale, 6 + tiny) == one * 3 + other * 3 + one * tiny
        assert apply_scale(scale, 2 * tiny, 3 - tiny) == (one + other) * tiny


@st.composite
def ranges(draw: st.DrawFn) -> Interval:
    low, high = sorted(draw(st.tuples(*[st.integers(0, FURTHEST + 3)] * 2)))
    return Interval(low, high)


def grid(interval: Interval) -> list[Exact]:
    """Return the whole and half numbers of a range: between neighbours nothing turns."""
    assert isinstance(interval.low, int)
    assert isinstance(interval.high, int)
    return halves(interval.low, interval.high)


def list_limits(scale: Scale, interval: Interval) -> list[Exact | Mark]:
    """Return what a scale gives at every point of a range, and what it comes near beside them."""
    points = grid(interval)
    found = [read_scale(scale, at) for at in points]
    for one, other in pairwise(points):
        rate = read_level(scale, Fraction(one + other) / 2)
        by_quantity = scale.applies == "whole" and not isinstance(rate, Mark)
        found += [rate * at for at in (one, other)] if by_quantity else [rate]  # type: ignore[operator]
    return found


@pytest.mark.parametrize("applies", ["level", "whole"])
@try_law(150)
@given(data=st.data(), entered=ranges())
def test_over_a_range_a_bracket_is_told_exactly(
    applies: str, data: st.DataObject, entered: Interval
) -> None:
    scale = data.draw(scales(applies, nothing=applies == "level"))
    told = find_scaled(scale, (Unknown(entered),))
    assert all(covers(told, apply_scale(scale, at)) for at in grid(entered))
    assert spell_out(told) == find_hull(list_limits(scale, entered))


@try_law(120)
@given(scale=scales("marginal"), entered=ranges(), before=ranges())
def test_over_two_ranges_a_sum_over_brackets_is_told_exactly(
    scale: Scale, entered: Interval, before: Interval
) -> None:
    told = find_scaled(scale, (Unknown(entered), Unknown(before)))
    points = product(
        range(entered.low, entered.high + 1),  # type: ignore[arg-type, operator]
        range(before.low, before.high + 1),  # type: ignore[arg-type, operator]
    )
    sums = {total: read_sum(scale, total) for total in range(2 * FURTHEST + 7)}
    came = [sums[x + b] - sums[b] for x, b in points]
    assert spell_out(told) == (Interval(min(came), max(came)), frozenset())
    between = product(grid(entered)[:9], grid(before)[:9])
    assert all(covers(told, apply_scale(scale, x, b)) for x, b in between)


@try_law(60)
@given(scale=scales("marginal"), entered=ranges())
def test_over_one_range_a_sum_over_brackets_is_told_exactly(
    scale: Scale, entered: Interval
) -> None:
    told = find_scaled(scale, (Unknown(entered),))
    came = [read_sum(scale, at) for at in grid(entered)]
    assert spell_out(told) == (Interval(min(came), max(came)), frozenset())


@try_law(100)
@given(data=st.data(), applies=st.sampled_from(MODES), marks=MARKS, more=MARKS)
def test_a_mark_of_what_is_entered_is_a_mark_of_what_is_given(
    data: st.DataObject, applies: str, marks: frozenset[Mark], more: frozenset[Mark]
) -> None:
    scale = data.draw(scales(applies))
    entered: list[Value] = [Unknown(data.draw(ranges()), marks)]
    if applies == "marginal" and data.draw(st.booleans()):
        entered.append(Unknown(data.draw(ranges()), more))
        marks |= more
    told = find_scaled(scale, tuple(entered))
    _, found = spell_out(told)
    assert found == marks


@pytest.mark.parametrize(
    ("entered", "told"),
    [
        ((NONE,), NONE),
        ((OPEN,), OPEN),
        ((NONE, OPEN), NONE),
        ((OPEN, NONE), NONE),
        ((5, NONE), NONE),
        ((OPEN, 5), OPEN),
        ((Unknown(None, frozenset({NONE, OPEN})),), Unknown(None, frozenset({NONE, OPEN}))),
        (
            (OPEN, Unknown(Interval(1, 2), frozenset({NONE}))),
            Unknown(None, frozenset({NONE, OPEN})),
        ),
    ],
)
def test_what_is_not_there_or_not_judged_gives_no_number(
    entered: tuple[Value, ...], told: Value
) -> None:
    assert find_scaled(make_scale("marginal", [3], [True], [1, 2]), entered) == told


def test_a_bracket_that_gives_none_is_told_beside_the_others() -> None:
    scale = make_scale("level", [3], [True], [NONE, 2])
    none = frozenset({NONE})
    assert find_scaled(scale, (Unknown(Interval(1, 2)),)) is NONE
    assert find_scaled(scale, (Unknown(Interval(1, 3)),)) is NONE
    assert find_scaled(scale, (Unknown(Interval(1, 4)),)) == Unknown(Interval(2, 2), none)
    assert find_scaled(scale, (Unknown(Interval(4, 5)),)) == 2


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (date(2024, 1, 1), date(2024, 6, 30), 1),
        (date(2024, 1, 1), date(2024, 7, 1), Unknown(Interval(1, 3))),
        (date(2024, 7, 1), date(2025, 1, 1), 3),
    ],
)
def test_a_scale_may_be_entered_with_a_day(low: date, high: date, told: Value) -> None:
    turn = date(2024, 7, 1)
    brackets = (bracket(None, turn, 1, "()"), bracket(turn, None, 3, "[)"))
    scale = Scale("level", brackets)
    assert find_scaled(scale, (Unknown(Interval(low, high)),)) == told
    assert apply_scale(scale, low) == (3 if low >= turn else 1)


# A scale is checked to hold every value that may be stated; what is computed may lie beyond it.

CLOSED: Final = (bracket(0, 4, 3, "[]"), bracket(4, 9, Fraction(1, 3), "(]"))


@pytest.mark.parametrize("applies", ["level", "whole"])
@pytest.mark.parametrize(("low", "high"), [(-3, -1), (-3, 2), (-1, 11), (5, 12), (10, 12)])
def test_beyond_its_ends_a_scale_gives_what_the_nearest_bracket_gives(
    applies: str, low: int, high: int
) -> None:
    scale = Scale(applies, CLOSED)
    told = find_scaled(scale, (Unknown(Interval(low, high)),))
    for at in halves(low, high):
        rate = 3 if at <= 4 else Fraction(1, 3)
        came = apply_scale(scale, at)
        assert came == (rate if applies == "level" else rate * at)
        assert covers(told, came), at


@pytest.mark.parametrize(("low", "high"), [(-3, -1), (-3, 2), (-9, 8)])
def test_a_quantity_below_zero_adds_nothing_to_a_sum_over_brackets(low: int, high: int) -> None:
    scale = Scale("marginal", CLOSED)
    told = find_scaled(scale, (Unknown(Interval(low, high)),))
    came = [apply_scale(scale, at) for at in halves(low, high)]
    assert came[0] == 0
    assert spell_out(told) == find_hull(came)


@pytest.mark.parametrize(("at", "gives"), [(5, 50), (6, 51), (7, 52), (9, 54), (12, 84)])
def test_between_whole_numbers_next_to_each_other_nothing_is_lost(at: int, gives: int) -> None:
    brackets = (bracket(0, 5, 10, "[]"), bracket(6, 9, 1, "[]"), bracket(10, None, 10, "[)"))
    assert apply_scale(Scale("marginal", brackets), at) == gives


# The bracket each end of what is entered lies in: parts of a case that differ in it are told apart.


def number(scale: Scale, at: Exact) -> int:
    (found,) = [place for place, item in enumerate(scale.brackets) if holds(item, at)]
    return found


@pytest.mark.parametrize("applies", MODES)
@try_law(80)
@given(data=st.data(), entered=ranges())
def test_the_brackets_listed_are_those_of_both_ends(
    applies: str, data: st.DataObject, entered: Interval
) -> None:
    scale = data.draw(scales(applies))
    low, high = grid(entered)[0], grid(entered)[-1]
    assert list(list_brackets(scale, (Unknown(entered),))) == [
        number(scale, low),
        number(scale, high),
    ]
    assert set(list_brackets(scale, (low,))) == {number(scale, low)}


@try_law(80)
@given(scale=scales("marginal"), entered=ranges(), before=ranges())
def test_with_what_came_before_the_brackets_listed_are_those_it_starts_and_ends_in(
    scale: Scale, entered: Interval, before: Interval
) -> None:
    points, earlier = grid(entered), grid(before)
    starts = [earlier[0], earlier[-1]]
    ends = [earlier[0] + points[0], earlier[-1] + points[-1]]
    found = list(list_brackets(scale, (Unknown(entered), Unknown(before))))
    assert found == [number(scale, at) for at in (*starts, *ends)]


@pytest.mark.parametrize("entered", [(NONE,), (OPEN,), (NONE, OPEN), (OPEN, OPEN)])
def test_no_bracket_is_listed_where_no_quantity_is_entered(entered: tuple[Mark, ...]) -> None:
    assert list(list_brackets(make_scale("marginal", [3], [True], [1, 2]), entered)) == []


@pytest.mark.parametrize("entered", [(5, NONE), (OPEN, 5), (5, OPEN)])
def test_a_quantity_beside_a_mark_does_no_harm(entered: tuple[Value, ...]) -> None:
    scale = make_scale("marginal", [3], [True], [1, 2])
    assert set(list_brackets(scale, entered)) <= {0, 1}


ASKED: Final[list[Callable[[Scale], Value]]] = [
    lambda scale: apply_scale(scale, 5, 2),
    lambda scale: find_scaled(scale, (5, 2)),
    lambda scale: find_scaled(scale, (Unknown(Interval(5, 5)), 2)),
]


@pytest.mark.parametrize("ask", ASKED)
def test_one_value_is_one_value_however_it_is_put(ask: Callable[[Scale], Value]) -> None:
    assert ask(make_scale("marginal", [3], [True], [1, Fraction(1, 4)])) == 2


# The scale itself may not be known: none holds on the day, or which one does is not known.


@pytest.mark.parametrize("held", [NONE, OPEN, Unknown(Interval(0, 9)), Unknown(AnyText())])
def test_a_scale_that_is_not_known_stops_nothing(held: Value) -> None:
    parts = (Term(Role.PARAMETER, Type(Kind.SCALE), "scale"), Term(Role.FACT, NUMBER, "at"))
    told = operate(Term(Role.OPERATOR, NUMBER, "scale", parts), (held, 5))
    assert not isinstance(held, Mark) or told is held
    assert not isinstance(told, Scale)
