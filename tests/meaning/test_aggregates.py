"""What is asked of a list, held against every way its records may turn out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, TypeAlias

import pytest
from completions import (
    MARKS,
    THOROUGHNESS,
    combine,
    complete,
    covers,
    find_hull,
    spell_out,
    try_law,
)
from hypothesis import given
from hypothesis import strategies as st

from voucher_rules.decision.trace import trace_term
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind, Type
from voucher_rules.meaning.aggregates import Share, fold_shares, fold_unknown, gather_share
from voucher_rules.values.model import (
    NONE,
    OPEN,
    AnyText,
    Exact,
    Interval,
    Mark,
    OneOf,
    SetBetween,
    Unknown,
    Value,
    settle_exact,
)

Record: TypeAlias = tuple[Value | None, Value]
"""Whether a record counts (None: every record does), and what is asked of it."""
Settled: TypeAlias = tuple[Any, Any]

NUMBERS: Final = st.one_of(
    st.integers(-2, 5), st.sampled_from([Fraction(1, 3), Fraction(-1, 2), Fraction(5, 3)])
)
DAYS: Final = st.integers(0, 4).map(lambda gap: date(2024, 2, 27) + timedelta(days=gap))
OPTIONS: Final = ("credit", "legal", "tax")
WAYS: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "numbers": NUMBERS,
    "days": DAYS,
    "options": st.sampled_from(OPTIONS),
}
ASKED: Final[tuple[tuple[str, str], ...]] = (
    *(("count", "truth"), ("any", "truths"), ("all", "truths"), ("sum", "numbers")),
    *(("min", "numbers"), ("max", "numbers"), ("min", "days"), ("max", "days")),
    *(("set", "options"), ("distinct", "options"), ("distinct", "days"), ("distinct", "texts")),
)
"""Every question, with what it may be asked of."""
EXACT: Final = tuple(pair for pair in ASKED if pair[0] != "distinct")
"""Questions whose answer is told exactly where no person has to judge."""
EITHER: Final = Unknown(OneOf(frozenset({True, False})))


def plain(kept: list[Any], name: str) -> Any:  # noqa: ANN401 - any settled value
    """Answer a question on the values of the records that count, in plain Python."""
    answers: Mapping[str, Callable[[], Any]] = {
        "count": lambda: len(kept),
        "sum": lambda: settle_exact(sum(kept)),
        "any": lambda: any(kept),
        "all": lambda: all(kept),
        "min": lambda: min(kept, default=NONE),
        "max": lambda: max(kept, default=NONE),
        "set": lambda: frozenset(kept),
        "distinct": lambda: len(set(kept)),
    }
    return answers[name]()


def matters(name: str, where: Any, value: Any) -> bool:  # noqa: ANN401 - any settled value
    """Return whether a record may change the whole, however a person judges."""
    if where is False or where is NONE or value is NONE:
        return False
    idle = {"any": False, "all": True}
    return name not in idle or value is not idle[name]


def read_list(name: str, records: list[Settled]) -> Any:  # noqa: ANN401 - any settled value
    """Answer a question on records in which everything is settled, as a person would."""
    there = [record for record in records if matters(name, *record)]
    if name in {"any", "all"} and (True, name == "any") in there:
        return name == "any"
    if any(OPEN in record for record in there):
        return OPEN
    return plain([value for where, value in records if where is True and value is not NONE], name)


def fold(name: str, records: list[Record]) -> Value:
    return fold_shares(name, [gather_share(*record) for record in records], ())


@st.composite
def truths(draw: st.DrawFn, marks: st.SearchStrategy[frozenset[Mark]] = MARKS) -> Value:
    """Draw what is known of a condition: often that it holds."""
    carried = draw(marks)
    if len(carried) == 1 and draw(st.booleans()):
        return next(iter(carried))
    if not carried and draw(st.booleans()):
        return draw(st.sampled_from([True, True, False]))
    return Unknown(OneOf(draw(st.frozensets(st.booleans(), min_size=1))), carried)


@st.composite
def values(draw: st.DrawFn, kind: str, marks: st.SearchStrategy[frozenset[Mark]] = MARKS) -> Value:
    """Draw what is known of what is asked of a record."""
    if kind == "truth":
        return True
    if kind == "truths":
        return draw(truths(marks))
    carried = draw(marks)
    if len(carried) == 1 and draw(st.booleans()):
        return next(iter(carried))
    if kind == "texts":
        text = draw(st.sampled_from(["甲", "乙", ""]))
        return text if not carried and text else Unknown(AnyText(), carried)
    one, other = draw(WAYS[kind]), draw(WAYS[kind])
    if not carried and (one == other or draw(st.booleans())):
        known: Value = one
        return known
    if kind == "options":
        return Unknown(OneOf(frozenset({one, other})), carried)
    return Unknown(Interval(min(one, other), max(one, other)), carried)


def records(
    kind: str, marks: st.SearchStrategy[frozenset[Mark]] = MARKS
) -> st.SearchStrategy[Record]:
    return st.tuples(st.one_of(st.none(), truths(marks), truths(marks)), values(kind, marks))


def lists(
    kind: str, marks: st.SearchStrategy[frozenset[Mark]] = MARKS, most: int = 4
) -> st.SearchStrategy[list[Record]]:
    return st.lists(records(kind, marks), max_size=most)


def turn_out(record: Record) -> list[Settled]:
    """Return every way a record may turn out, as far as the whole can tell them apart."""
    where, value = record
    inside: list[Exact] = [Fraction(1, 3), 1, 2] if _is_number(value) else []
    return [
        (test, came)
        for test in ([True] if where is None else complete(where))
        for came in complete(value, inside)
    ]


def _is_number(value: Value) -> bool:
    domain, _ = spell_out(value)
    return isinstance(domain, Interval) and isinstance(domain.low, int | Fraction)


SETTLED_TRUTHS: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [True, True, True, False, NONE, OPEN]
)


@st.composite
def settled(draw: st.DrawFn, kind: str) -> Record:
    where = draw(st.one_of(st.none(), SETTLED_TRUTHS))
    if kind in {"truth", "truths"}:
        return where, True if kind == "truth" else draw(SETTLED_TRUTHS)
    known: st.SearchStrategy[Any] = WAYS.get(kind, st.sampled_from(["甲", "乙"]))
    return where, draw(st.one_of(known, known, known, st.sampled_from([NONE, OPEN])))


@pytest.mark.parametrize(("name", "kind"), ASKED)
@try_law(100)
@given(data=st.data())
def test_what_is_settled_is_answered_as_in_plain_python(
    name: str, kind: str, data: st.DataObject
) -> None:
    listed = data.draw(st.lists(settled(kind), max_size=4))
    read = [(True if where is None else where, value) for where, value in listed]
    came = fold(name, listed)
    assert came == read_list(name, read)
    assert not isinstance(came, Fraction) or came.denominator != 1


@pytest.mark.parametrize(("name", "kind"), ASKED)
@try_law(80)
@given(data=st.data())
def test_every_answer_there_may_be_is_among_those_told(
    name: str, kind: str, data: st.DataObject
) -> None:
    listed = data.draw(lists(kind))
    told = fold(name, listed)
    for turned in combine([turn_out(record) for record in listed], most=150 * THOROUGHNESS):
        assert covers(told, read_list(name, turned)), (listed, told, turned)


NO_OPEN: Final = st.sampled_from([frozenset[Mark](), frozenset[Mark]({NONE})])


@pytest.mark.parametrize(("name", "kind"), EXACT)
@try_law(60)
@given(data=st.data())
def test_nothing_more_is_told_than_may_be(name: str, kind: str, data: st.DataObject) -> None:
    exact = MARKS if name in {"any", "all"} else NO_OPEN
    listed = data.draw(lists(kind, exact, 3))
    ways = combine([turn_out(record) for record in listed], most=10**5)
    came = [read_list(name, turned) for turned in ways]
    assert spell_out(fold(name, listed)) == find_hull(came), listed


@pytest.mark.parametrize(("name", "kind"), ASKED)
@try_law(60)
@given(data=st.data(), most=st.integers(0, 3))
def test_every_list_of_which_nothing_is_known_is_among_those_told(
    name: str, kind: str, data: st.DataObject, most: int
) -> None:
    record = data.draw(records(kind))
    told = fold_unknown(name, most, gather_share(*record))
    ways = turn_out(record)
    for length in range(most + 1):
        for turned in combine([ways] * length, most=150 * THOROUGHNESS):
            assert covers(told, read_list(name, turned)), (record, told, turned)


@pytest.mark.parametrize(
    ("name", "empty"),
    [
        *(("count", 0), ("sum", 0), ("distinct", 0), ("any", False), ("all", True)),
        *(("min", NONE), ("max", NONE), ("set", frozenset())),
    ],
)
def test_of_no_records_every_question_has_its_answer(name: str, empty: Value) -> None:
    assert fold_shares(name, [], ()) == empty
    assert fold_shares(name, [gather_share(False, NONE)], ()) == empty  # noqa: FBT003 - a value
    assert fold_shares(name, [gather_share(NONE, NONE)], ()) == empty


@pytest.mark.parametrize("name", ["sum", "min", "max", "distinct"])
def test_what_is_open_makes_the_whole_open_unless_the_record_cannot_matter(name: str) -> None:
    seven: Record = (None, 7)
    waiting: list[Record] = [(OPEN, 5), (None, OPEN), (True, OPEN), (OPEN, OPEN)]
    for record in waiting:
        assert fold(name, [seven, record]) is OPEN, record
    idle: list[Record] = [(False, OPEN), (NONE, OPEN), (OPEN, NONE)]
    for record in idle:
        assert fold(name, [seven, record]) == fold(name, [seven]), record


@pytest.mark.parametrize(("name", "decides"), [("any", True), ("all", False)])
def test_one_record_may_decide_whatever_a_person_finds(
    name: str,
    decides: bool,  # noqa: FBT001
) -> None:
    assert fold(name, [(None, OPEN), (None, decides)]) is decides
    assert fold(name, [(OPEN, decides), (None, not decides)]) is OPEN
    assert fold(name, [(OPEN, not decides)]) is not decides
    assert fold(name, [(EITHER, decides)]) == EITHER


@pytest.mark.parametrize("name", ["min", "max"])
def test_an_extreme_may_be_none_where_no_record_may_count(name: str) -> None:
    doubtful = Unknown(OneOf(frozenset({False})), frozenset({OPEN}))
    assert covers(fold(name, [(doubtful, 5)]), Unknown(None, frozenset({NONE, OPEN})))
    waiting = Unknown(Interval(1, 2), frozenset({OPEN}))
    assert fold(name, [(EITHER, waiting)]) == Unknown(Interval(1, 2), frozenset({NONE, OPEN}))
    assert fold(name, [(EITHER, 5)]) == Unknown(Interval(5, 5), frozenset({NONE}))


@pytest.mark.parametrize(
    ("value", "told"), [(NONE, 0), (OPEN, Unknown(Interval(0, 0), frozenset({OPEN})))]
)
def test_a_sum_is_a_number_also_where_no_record_has_one(value: Value, told: Value) -> None:
    found = fold_unknown("sum", 3, gather_share(None, value))
    assert found == told
    assert not isinstance(spell_out(found)[0], SetBetween)


def test_a_share_is_left_aside_where_its_value_is_none() -> None:
    assert gather_share(OPEN, NONE) == Share(frozenset({False}), NONE)
    assert gather_share(None, NONE) == Share(frozenset({False}), NONE)
    assert gather_share(NONE, 5).counts == {False}
    maybe = gather_share(None, Unknown(Interval(1, 2), frozenset({NONE})))
    assert maybe == Share(frozenset({True, False}), Unknown(Interval(1, 2)))


# An order of options is that of their choice, which only the term that asks knows.

SIZE: Final = Type(Kind.CHOICE, "size", ("micro", "small", "large"), ordered=True)
LIST: Final = Term(Role.FACT, Type(Kind.LIST, "items"), "items")


def ask_for_size(name: str, sizes: list[Value]) -> Value:
    """Ask a list for the least or the greatest size of its records."""
    asked = Term(Role.FIELD, SIZE, "items.size")
    stated = {f"items[{number}].size": size for number, size in enumerate(sizes, start=1)}
    term = Term(Role.AGGREGATE, SIZE, name, (LIST, asked))
    return trace_term(term, {"items": len(sizes), **stated}).value


@pytest.mark.parametrize(
    ("sizes", "least", "most"),
    [
        (["micro", "large"], "micro", "large"),
        (["small", NONE, "micro"], "micro", "small"),
        (["small", OPEN], OPEN, OPEN),
        ([NONE], NONE, NONE),
        ([], NONE, NONE),
        (
            [Unknown(OneOf(frozenset({"micro", "large"}))), "small"],
            Unknown(OneOf(frozenset({"micro", "small"}))),
            Unknown(OneOf(frozenset({"small", "large"}))),
        ),
    ],
)
def test_the_extreme_of_options_goes_by_the_order_of_their_choice(
    sizes: list[Value], least: Value, most: Value
) -> None:
    assert ask_for_size("min", sizes) == least
    assert ask_for_size("max", sizes) == most
