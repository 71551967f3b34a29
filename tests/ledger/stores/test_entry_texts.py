"""The text of an entry: one for each, read back exactly, and everything else refused."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections import UserDict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from entry_samples import DRAWN_BODIES, THOROUGHNESS, draw_entries
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_entries import BODIES, BUDGETED, MADE, MORNING, make_entry, make_moved

from voucher_rules.errors import StoreError
from voucher_rules.ledger import entry_shapes, write_entries
from voucher_rules.ledger.entries import Body, Entry, Rested, Withdrawn
from voucher_rules.ledger.read_entries import read_entry, read_next_entry
from voucher_rules.ledger.write_entries import write_entry
from voucher_rules.spans import Span

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "ledger-files.md"
AT = Span("ledger.jsonl", 3, 9)


def list_codes(error: pytest.ExceptionInfo[StoreError]) -> list[str]:
    for item in error.value.diagnostics:
        assert item.render("zh")
        assert item.render("en")
    return [item.code for item in error.value.diagnostics]


def refuse_writing(entry: Any) -> str:  # noqa: ANN401 - wrong ones on purpose
    with pytest.raises(StoreError) as error:
        write_entry(entry)
    (code,) = list_codes(error)
    return code


def refuse_reading(text: str) -> str:
    with pytest.raises(StoreError) as error:
        read_entry(text, AT)
    (code,) = list_codes(error)
    assert str(error.value).startswith("ledger.jsonl:3:9: ")
    return code


# What is written is read back, and there is one way to write it.


@pytest.mark.parametrize("kind", DRAWN_BODIES)
@settings(max_examples=40 * THOROUGHNESS, deadline=None)
@given(data=st.data())
def test_every_entry_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    entry = data.draw(draw_entries(kind))
    text = write_entry(entry)
    assert "\n" not in text
    back = read_entry(text)
    assert back == entry
    assert type(back.body) is type(entry.body)
    assert write_entry(back) == text
    assert json.loads(text)["body"]["kind"] == kind


@settings(max_examples=30 * THOROUGHNESS, deadline=None)
@given(data=st.data())
def test_texts_differ_where_entries_do(data: st.DataObject) -> None:
    kinds = st.sampled_from(sorted(DRAWN_BODIES)).flatmap(draw_entries)
    one, other = data.draw(kinds), data.draw(kinds)
    assert (write_entry(one) == write_entry(other)) is (one == other)


@settings(max_examples=40 * THOROUGHNESS, deadline=None)
@given(one=st.datetimes(), other=st.datetimes())
def test_moments_sort_as_their_texts(one: datetime, other: datetime) -> None:
    texts = [
        json.loads(write_entry(replace(make_entry(1), at=moment.replace(tzinfo=UTC))))["at"]
        for moment in (one, other)
    ]
    assert (texts[0] < texts[1]) is (one < other)


def test_the_text_of_an_entry_is_pinned() -> None:
    entry = Entry(7, "e-7", MORNING, MORNING + timedelta(microseconds=1), Withdrawn("重复"), "e-3")
    text = (
        '{"at":"2024-03-01T08:30:00.000000Z","body":{"because":"重复","cause":{},"kind":"withdrawn"},'
        '"corrects":"e-3","id":"e-7","known":"2024-03-01T08:30:00.000001Z","seq":7}'
    )
    assert write_entry(entry) == text
    assert f"\n{text}\n" in PAGE.read_text(encoding="utf-8")


def test_the_page_tells_every_key() -> None:
    page = PAGE.read_text(encoding="utf-8")
    shapes = {kind: shape for kind, (_, shape) in entry_shapes.BODIES.items()}
    for kind, shape in shapes.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{kind}` |")]
        assert all(f"`{key}`" in row for key in shape)
    assert all(f"\n| `{key}` |" in page for key in entry_shapes.ENTRY)


def test_mappings_of_any_order_and_views_have_one_text() -> None:
    facts = dict(reversed(list(MADE.facts.items())))
    other = replace(MADE, facts=MappingProxyType(facts))
    assert write_entry(make_entry(1, body=other)) == write_entry(make_entry(1, body=MADE))


def test_nothing_read_shares_what_was_written() -> None:
    facts: dict[str, Any] = {"staff": [1]}
    text = write_entry(make_entry(1, body=replace(MADE, facts=facts)))
    back = read_entry(text)
    facts["staff"].append(2)
    assert isinstance(back.body, type(MADE))
    assert back.body.facts == {"staff": [1]}


def test_the_shapes_are_those_of_the_entries() -> None:
    names = {made: {item.name for item in dataclasses.fields(made)} for made in entry_shapes.KINDS}
    shapes = {made: shape.keys() for made, shape in entry_shapes.BODIES.values()}
    assert shapes == names
    assert set(names) == set(typing.get_args(Body)) == {type(body) for body in BODIES}
    assert entry_shapes.ENTRY.keys() | {"body"} == {x.name for x in dataclasses.fields(Entry)}
    assert entry_shapes.RESTED.keys() == {x.name for x in dataclasses.fields(Rested)}


# What cannot be kept exactly is not written.


class Word(StrEnum):
    ONE = "one"


class Text(str):
    __slots__ = ()


class Day(date):
    pass


class Moment(datetime):
    pass


class Number(int):
    pass


def with_facts(value: object) -> Entry:
    return make_entry(1, body=replace(MADE, facts={"a": value}))


def with_body(**fields: Any) -> Entry:  # noqa: ANN401
    return make_entry(1, body=replace(make_moved(1), **fields))


def with_rested(**fields: Any) -> Entry:  # noqa: ANN401
    rested = replace(MADE.balances[0], **fields)
    return make_entry(1, body=replace(MADE, balances=(rested,)))


def nest(depth: int) -> object:
    """Return lists in lists, so that the facts around them come to ``depth`` levels."""
    held: object = 1
    for _ in range(depth - 1):
        held = [held]
    return held


WRONG_VALUE = "entry-wrong-value"
UNWRITABLE: dict[str, tuple[Any, str]] = {
    "no entry": (object(), WRONG_VALUE),
    "no body": (make_entry(1, body=object()), WRONG_VALUE),  # type: ignore[arg-type]
    "seq 0": (replace(make_entry(1), seq=0), WRONG_VALUE),
    "seq true": (replace(make_entry(1), seq=True), WRONG_VALUE),
    "seq of its own kind": (replace(make_entry(1), seq=Number(1)), WRONG_VALUE),
    "empty id": (replace(make_entry(1), id=""), WRONG_VALUE),
    "id of its own kind": (replace(make_entry(1), id=Text("a")), WRONG_VALUE),
    "enum": (with_body(thing=Word.ONE), WRONG_VALUE),
    "text none": (with_body(thing=None), WRONG_VALUE),
    "amount true": (with_body(amount=True), WRONG_VALUE),
    "amount float": (with_body(amount=1.0), WRONG_VALUE),
    "amount fraction": (with_body(amount=Fraction(1)), WRONG_VALUE),
    "amount text": (with_body(amount="1"), WRONG_VALUE),
    "amount too long": (with_body(amount=10**18), "entry-number-too-long"),
    "amount far too long": (with_body(amount=-(10**18)), "entry-number-too-long"),
    "amount beyond printing": (with_body(amount=1 << 100_000), "entry-number-too-long"),
    "carries list": (with_body(carries=["a"]), WRONG_VALUE),
    "carries of its own kind": (with_body(carries=UserDict(a="b")), WRONG_VALUE),
    "carries number": (with_body(carries={"a": 1}), WRONG_VALUE),
    "carries number as key": (with_body(carries={1: "a"}), WRONG_VALUE),
    "naive": (replace(make_entry(1), at=datetime(2024, 1, 1)), "entry-moment-not-utc"),  # noqa: DTZ001
    "other zone": (
        replace(make_entry(1), known=MORNING.astimezone(timezone(timedelta(hours=8)))),
        "entry-moment-not-utc",
    ),
    "zone that moves": (
        replace(make_entry(1), at=datetime(2024, 1, 1, tzinfo=ZoneInfo("Europe/London"))),
        "entry-moment-not-utc",
    ),
    "day as moment": (replace(make_entry(1), at=date(2024, 1, 1)), WRONG_VALUE),  # type: ignore[arg-type]
    "moment of its own kind": (
        replace(make_entry(1), at=Moment(2024, 1, 1, tzinfo=UTC)),
        WRONG_VALUE,
    ),
    "moment as day": (make_entry(1, body=replace(MADE, day=MORNING)), WRONG_VALUE),
    "day of its own kind": (make_entry(1, body=replace(MADE, day=Day(2024, 1, 1))), WRONG_VALUE),
    "no day of a budget": (make_entry(1, body=replace(BUDGETED, day=None)), WRONG_VALUE),  # type: ignore[arg-type]
    "assumed 1": (make_entry(1, body=replace(MADE, assumed=1)), WRONG_VALUE),  # type: ignore[arg-type]
    "amounts none": (make_entry(1, body=replace(MADE, amounts={"a": None})), WRONG_VALUE),  # type: ignore[dict-item]
    "balances list": (make_entry(1, body=replace(MADE, balances=[])), WRONG_VALUE),  # type: ignore[arg-type]
    "balance none": (make_entry(1, body=replace(MADE, balances=(None,))), WRONG_VALUE),  # type: ignore[arg-type]
    "names list": (with_rested(per={"a": ["b"]}), WRONG_VALUE),
    "names text": (with_rested(per={"a": "b"}), WRONG_VALUE),
    "names numbers": (with_rested(per={"a": (1,)}), WRONG_VALUE),
    "names by number": (with_rested(per={1: ("a",)}), WRONG_VALUE),
    "moment as first day": (with_rested(first=MORNING), WRONG_VALUE),
    "facts tuple": (with_facts((1,)), WRONG_VALUE),
    "facts float": (with_facts([0.5]), WRONG_VALUE),
    "facts nan": (with_facts(float("nan")), WRONG_VALUE),
    "facts day": (with_facts(date(2024, 1, 1)), WRONG_VALUE),
    "facts bytes": (with_facts(b""), WRONG_VALUE),
    "facts number as key": (with_facts({1: 2}), WRONG_VALUE),
    "facts long number": (with_facts({"b": 10**18}), "entry-number-too-long"),
    "facts too deep": (with_facts(nest(41)), "entry-too-deep"),
    "zero-width space": (with_body(thing="v\u200b1"), "entry-hidden-character"),
    "nul": (with_facts("a\x00"), "entry-hidden-character"),
    "next line": (with_body(because="a\u2028b"), "entry-hidden-character"),
    "override": (with_body(carries={"a\u202e": "b"}), "entry-hidden-character"),
    "unpaired": (with_facts({"b": "\ud800"}), "entry-hidden-character"),
    "unpaired id": (replace(make_entry(1), id="\udfff"), "entry-hidden-character"),
}


@pytest.mark.parametrize(("entry", "code"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_would_not_come_back_is_refused(entry: Any, code: str) -> None:  # noqa: ANN401
    assert refuse_writing(entry) == code


def test_a_list_in_itself_is_refused() -> None:
    held: list[object] = []
    held.append(held)
    assert refuse_writing(with_facts(held)) == "entry-too-deep"


def test_lists_that_grow_by_being_shared_are_refused_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_entries, "MOST_BYTES", 1 << 14)
    held: list[object] = [1]
    for _ in range(35):
        held = [held, held]
    assert refuse_writing(with_facts(held)) == "entry-too-large"


@pytest.mark.parametrize(("amount", "kept"), [(10**18 - 1, True), (10**18, False)])
def test_numbers_have_at_most_18_digits(amount: int, *, kept: bool) -> None:
    for value in (amount, -amount):
        entry = with_body(amount=value)
        if kept:
            assert read_entry(write_entry(entry)) == entry
        else:
            assert refuse_writing(entry) == "entry-number-too-long"


def test_facts_nest_at_most_40_levels() -> None:
    for depth in (39, 40):
        entry = with_facts(nest(depth))
        assert read_entry(write_entry(entry)) == entry
    assert refuse_writing(with_facts(nest(41))) == "entry-too-deep"
    text = write_entry(with_facts(nest(40))).replace("[1]", "[[1]]")
    assert refuse_reading(text) == "entry-too-deep"


@pytest.mark.parametrize("letter", ["a", "券"])
def test_an_entry_is_at_most_4_mebibytes_long(letter: str) -> None:
    wide = len(letter.encode())
    bare = len(write_entry(with_body(because="")).encode())
    count, rest = divmod((1 << 22) - bare, wide)
    entry = with_body(because=letter * count + "b" * rest)
    text = write_entry(entry)
    assert len(text.encode()) == 1 << 22
    assert read_entry(text) == entry
    longer = with_body(because=letter * count + "b" * (rest + 1))
    assert refuse_writing(longer) == "entry-too-large"
    assert refuse_reading(swap('"because":"', '"because":"a', text)) == "entry-too-large"


# Nothing but that text is read.

GOOD = write_entry(make_entry(1, body=MADE))
PLAIN = write_entry(make_entry(1))


def swap(old: str, new: str, text: str = GOOD) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


NOT_CANONICAL = "entry-not-canonical"
UNREADABLE: dict[str, tuple[str, str]] = {
    "nothing": ("", "entry-not-json"),
    "half": (GOOD[:-1], "entry-not-json"),
    "a list": ("[]", WRONG_VALUE),
    "a number": ("1", WRONG_VALUE),
    "nan": ("NaN", WRONG_VALUE),
    "empty": ("{}", "entry-key-missing"),
    "space before": (" " + GOOD, "entry-not-json"),
    "space after": (GOOD + " ", NOT_CANONICAL),
    "space within": (swap(",", ", "), NOT_CANONICAL),
    "line end": (GOOD + "\n", NOT_CANONICAL),
    "two": (GOOD + GOOD, NOT_CANONICAL),
    "byte-order mark": ("\ufeff" + GOOD, "entry-not-json"),
    "escaped": (swap("甲", "\\u7532"), NOT_CANONICAL),
    "escaped slash": (swap("2000.00", "2000\\/00"), NOT_CANONICAL),
    "another order": (
        swap('"assumed":false,', "").replace('"carries"', '"assumed":false,"carries"'),
        NOT_CANONICAL,
    ),
    "unknown key": (swap('"at":', '"a":1,"at":'), "entry-key-unknown"),
    "unknown key of the body": (
        swap('"kind":"made"', '"kin":1,"kind":"made"'),
        "entry-key-unknown",
    ),
    "unknown key of a balance": (swap('"name":', '"nam":1,"name":'), "entry-key-unknown"),
    "missing key": (swap('"assumed":false,', ""), "entry-key-missing"),
    "missing body": ('{"at":"","corrects":"","id":"a","known":"","seq":1}', "entry-key-missing"),
    "key twice": (swap('"seq":1', '"seq":1,"seq":1'), "entry-key-twice"),
    "key twice, once escaped": (swap('"seq":1', '"se\\u0071":1,"seq":1'), "entry-key-twice"),
    "key of facts twice": (swap('"other":null', '"other":1,"other":null'), "entry-key-twice"),
    "body none": (swap('"kind":"made"', '"kind":null'), WRONG_VALUE),
    "kind unknown": (swap('"kind":"made"', '"kind":"maid"'), WRONG_VALUE),
    "kind of another": (swap('"kind":"made"', '"kind":"moved"'), "entry-key-missing"),
    "seq text": (swap('"seq":1', '"seq":"1"'), WRONG_VALUE),
    "seq 0": (swap('"seq":1', '"seq":0'), WRONG_VALUE),
    "seq minus 0": (swap('"seq":1', '"seq":-0'), WRONG_VALUE),
    "seq 1.0": (swap('"seq":1', '"seq":1.0'), WRONG_VALUE),
    "seq 1e0": (swap('"seq":1', '"seq":1e0'), WRONG_VALUE),
    "seq 01": (swap('"seq":1', '"seq":01'), "entry-not-json"),
    "seq true": (swap('"seq":1', '"seq":true'), WRONG_VALUE),
    "seq infinite": (swap('"seq":1', '"seq":Infinity'), WRONG_VALUE),
    "seq in other digits": (swap('"seq":1', '"seq":１'), "entry-not-json"),
    "amount minus 0": (swap(":300000", ":-0"), NOT_CANONICAL),
    "amount of 19 digits": (swap(":300000", ":" + "1" * 19), WRONG_VALUE),
    "amount of a million digits": (swap(":300000", ":" + "1" * 1_000_000), WRONG_VALUE),
    "huge exponent": (swap(":300000", ":1e999999999"), WRONG_VALUE),
    "fact with a fraction": (swap('"age":30', '"age":30.5'), WRONG_VALUE),
    "fact nan": (swap('"age":30', '"age":NaN'), WRONG_VALUE),
    "fact minus infinite": (swap('"age":30', '"age":-Infinity'), WRONG_VALUE),
    "unpaired": (swap("甲公司", "\\ud800"), "entry-hidden-character"),
    "nul": (swap("甲公司", "\\u0000"), "entry-hidden-character"),
    "override": (swap("甲公司", "\u202e"), "entry-hidden-character"),
    "control character": (swap("甲公司", "\x01"), "entry-not-json"),
    "nested": (swap('"other":null', '"other":' + "[" * 100_000), "entry-too-deep"),
    "nested mappings": (swap('"other":null', '"other":' + '{"a":' * 100_000), "entry-too-deep"),
    "text for a list": (swap('["甲公司","乙公司"]', '"甲"'), WRONG_VALUE),
    "mapping for a list": (swap('["甲公司","乙公司"]', "{}"), WRONG_VALUE),
    "list for a mapping": (swap('"per":{}', '"per":[]'), WRONG_VALUE),
    "number in a list of texts": (swap('["甲公司","乙公司"]', "[1]"), WRONG_VALUE),
    "balances none": (swap('"balances":[', '"balances":null,"x":['), "entry-key-unknown"),
}


@pytest.mark.parametrize(("text", "code"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_was_never_written_is_refused(text: str, code: str) -> None:
    assert refuse_reading(text) == code


@pytest.mark.parametrize(
    "moment",
    [
        "2024-03-01T08:30:00.000Z",
        "2024-03-01T08:30:00Z",
        "2024-03-01T08:30:00.000000+00:00",
        "2024-03-01T08:30:00.000000",
        "2024-03-01 08:30:00.000000Z",
        "2024-03-01t08:30:00.000000z",
        "2024-02-30T08:30:00.000000Z",
        "2024-03-01T24:00:00.000000Z",
        "2024-03-01T23:59:60.000000Z",
        "0000-03-01T08:30:00.000000Z",
        "2024-03-01T08:30:00.000000Z\\n",
        "２024-03-01T08:30:00.000000Z",
    ],
)
def test_a_moment_is_written_in_one_way(moment: str) -> None:
    assert refuse_reading(swap("2024-03-01T08:30:00.000000Z", moment)) == WRONG_VALUE


@pytest.mark.parametrize(
    "day", ["2024-2-29", "20240229", "2023-02-29", "2024/02/29", "", "2024-02-29T00:00:00"]
)
def test_a_day_is_written_in_one_way(day: str) -> None:
    assert refuse_reading(swap('"day":"2024-02-29"', f'"day":"{day}"')) == WRONG_VALUE
    assert refuse_reading(swap('"day":"2024-02-29"', '"day":5')) == WRONG_VALUE


def list_leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    if isinstance(value, dict):
        return [path, *(x for key in value for x in list_leaves(value[key], (*path, key)))]
    if isinstance(value, list):
        return [path, *(x for at in range(len(value)) for x in list_leaves(value[at], (*path, at)))]
    return [path]


def put(value: Any, path: tuple[Any, ...], new: object) -> Any:  # noqa: ANN401
    if not path:
        return new
    copied = value.copy()
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


def read_or_refuse(text: str) -> bool:
    """Read a text, which must be that of an entry; tell whether it was refused instead."""
    try:
        entry = read_entry(text, AT)
    except StoreError as error:
        return bool(error.diagnostics[0].render("zh"))
    assert write_entry(entry) == text
    return False


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_a_value_of_another_kind_anywhere_is_told_or_kept(body: Body) -> None:
    """Put each kind of JSON value in each place: the text is refused, or is that of an entry."""
    data = json.loads(write_entry(make_entry(1, body=body)))
    refused = 0
    for path in list_leaves(data):
        for new in (None, True, 1, -1, "x", "", [], {}, [None], {"a": None}, {"kind": "moved"}):
            changed = put(data, path, new)
            text = json.dumps(changed, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            refused += read_or_refuse(text)
    assert refused > 10


@settings(max_examples=300 * THOROUGHNESS, deadline=None)
@given(data=st.data())
def test_a_damaged_text_is_refused_or_is_another_entry(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 1))
    piece = data.draw(st.sampled_from(["", '"', ",", "{", "0", "-", "\\", "\x00", "甲", "[[", "e"]))
    width = data.draw(st.integers(0, 3))
    text = GOOD[:at] + piece + GOOD[at + width :]
    read_or_refuse(text)


def test_an_entry_in_a_longer_text_is_read_to_its_end() -> None:
    entry, end = read_next_entry(f"[{PLAIN},{GOOD}]", 1, AT)
    assert (entry, end) == (make_entry(1), 1 + len(PLAIN))


def test_long_names_are_cut_in_messages() -> None:
    with pytest.raises(StoreError) as error:
        write_entry(with_facts({"k" * 100_000: 1.5}))
    assert len(str(error.value)) < 500


def test_a_message_names_the_place_in_the_entry() -> None:
    with pytest.raises(StoreError) as error:
        write_entry(replace(make_entry(12), body=replace(MADE, facts={"a": [1, {"b": 0.5}]})))
    assert str(error.value).splitlines()[0] == (
        "entries[12]: entry-wrong-value: `body.facts.a[1].b`: "
        "expected JSON data without fractions, found number with decimals"
    )
