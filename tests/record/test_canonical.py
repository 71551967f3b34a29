"""Canonical bytes: the same as those of a kept library, and nothing else reads back."""

from __future__ import annotations

import json
from random import Random

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from voucher_rules.record.canonical import (
    DEEPEST,
    LARGEST,
    CanonicalError,
    Data,
    check_canonical,
    read_canonical,
    read_parts,
    write_again,
    write_canonical,
    write_joined,
)


def _is_plain(text: str) -> bool:
    try:
        write_canonical(text)
    except CanonicalError:
        return False
    return True


NAMES = st.text(alphabet="abcxyz0129_.-", min_size=1, max_size=6)
TEXTS = st.text().filter(_is_plain)
LEAVES = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS
DATA = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(DATA)
def test_the_bytes_are_those_of_the_scheme(data: Data) -> None:
    assert write_canonical(data) == rfc8785.dumps(data)


@given(DATA)
def test_what_was_written_reads_back(data: Data) -> None:
    assert read_canonical(write_canonical(data)) == data


@given(st.dictionaries(NAMES, DATA, max_size=6), st.sets(NAMES, max_size=6), st.randoms())
def test_joined_of_parts_the_bytes_are_the_same(data: Data, names: set[str], drawn: Random) -> None:
    names |= {name for name in data if drawn.random() < 1 / 2}
    whole = write_canonical(data)
    parts = {name: write_again(item) for name, item in data.items() if name in names}
    rest = {name: item for name, item in data.items() if name not in names}
    assert write_joined(rest, parts) == whole
    assert read_parts(whole, names) == (data, parts)


@given(DATA.filter(lambda data: not isinstance(data, dict)), st.sets(NAMES))
def test_what_is_no_mapping_has_no_parts(data: Data, names: set[str]) -> None:
    assert read_parts(write_canonical(data), names) == (data, {})


@given(st.dictionaries(NAMES, DATA, min_size=1), st.sets(NAMES, min_size=1), st.integers(0))
def test_parts_are_read_of_canonical_bytes_alone(data: Data, names: set[str], place: int) -> None:
    written = write_canonical(data)
    names |= set(data)
    at = 1 + place % (len(written) - 1)
    for other in (written[:at] + b" " + written[at:], written[: at - 1] + written[at:]):
        try:
            read, _ = read_parts(other, names)
        except CanonicalError:
            continue
        assert write_again(read) == other


@given(st.dictionaries(NAMES, LEAVES, min_size=2))
def test_the_order_of_names_changes_nothing(data: dict[str, Data]) -> None:
    turned = dict(reversed(data.items()))
    assert write_canonical(turned) == write_canonical(data)


@given(DATA, st.binary(max_size=3), st.integers(min_value=0))
def test_other_bytes_are_refused_or_say_the_same(data: Data, more: bytes, place: int) -> None:
    """No two byte strings that both read back mean the same."""
    written = write_canonical(data)
    at = place % (len(written) + 1)
    changed = written[:at] + more + written[at + len(more) :]
    try:
        read = read_canonical(changed)
    except CanonicalError:
        return
    assert json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() == (
        changed
    )
    assert changed == written or read != data or type(read) is not type(data)


@pytest.mark.parametrize("character", ["\x00", "\x1f", "\x7f", '"', "\\", "\n", "\u2028", "𠮷"])
def test_every_kind_of_character_is_written_as_the_scheme_says(character: str) -> None:
    assert write_canonical(character) == rfc8785.dumps(character)


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        ({"a": 1.0}, "not-plain-data", "/a"),
        ({"a": [0, LARGEST + 1]}, "number-too-large", "/a/1"),
        ({"a": [0, -LARGEST - 1]}, "number-too-large", "/a/1"),
        ({"a": "e\u0301"}, "not-nfc", "/a"),
        ({"a": "\ud800"}, "lone-surrogate", "/a"),
        ({"甲": 1}, "bad-name", "/甲"),
        ({"A": 1}, "bad-name", "/A"),
        ({"": 1}, "bad-name", "/"),
        ({1: 1}, "bad-name", "/1"),
        ({"a": {"b": {1, 2}}}, "not-plain-data", "/a/b"),
        ({"a": b"bytes"}, "not-plain-data", "/a"),
    ],
)
def test_what_has_no_canonical_form_is_refused_at_its_place(
    data: Data, code: str, pointer: str
) -> None:
    with pytest.raises(CanonicalError) as caught:
        write_canonical(data)
    assert (caught.value.code, caught.value.pointer) == (code, pointer)


def test_the_largest_numbers_are_written() -> None:
    assert write_canonical([LARGEST, -LARGEST]) == b"[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b'{"a":1.0}', "fraction-in-json"),
        (b'{"a":1e2}', "fraction-in-json"),
        (b'{"a":NaN}', "fraction-in-json"),
        (b'{"a":1}\n', "not-canonical"),
        (b'{"a": 1}', "not-canonical"),
        (b'{"b":1,"a":1}', "not-canonical"),
        (b'{"a":1,"a":1}', "not-canonical"),
        (b'{"a":-0}', "not-canonical"),
        (b'"\\u0041"', "not-canonical"),
        (b'"\\ud800"', "not-json"),
        (b'\xef\xbb\xbf{"a":1}', "not-json"),
        (b'{"a":1', "not-json"),
        (b"", "not-json"),
        (b'"\xff"', "not-json"),
        (b'{"A":1}', "bad-name"),
        (b'{"a":9007199254740992}', "number-too-large"),
        (b"[" * 100_000, "not-json"),
        (b"1" * 5000, "not-json"),
    ],
)
def test_bytes_in_any_other_form_are_refused(written: bytes, code: str) -> None:
    with pytest.raises(CanonicalError) as caught:
        read_canonical(written)
    assert caught.value.code == code


def _nest(depth: int) -> Data:
    data: Data = []
    for _ in range(depth - 1):
        data = [data]
    return data


def test_nesting_is_bounded_alike_both_ways() -> None:
    assert read_canonical(write_canonical(_nest(DEEPEST))) == _nest(DEEPEST)
    with pytest.raises(CanonicalError, match="too-deep"):
        write_canonical(_nest(DEEPEST + 1))
    with pytest.raises(CanonicalError, match="too-deep"):
        read_canonical(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))


@pytest.mark.parametrize("above", [0, 1, DEEPEST - 1])
def test_what_stands_deeper_may_be_less_deep(above: int) -> None:
    check_canonical(_nest(DEEPEST - above), above=above)
    with pytest.raises(CanonicalError, match="too-deep"):
        check_canonical(_nest(DEEPEST - above + 1), above=above)
