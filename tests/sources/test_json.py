"""What the JSON reader reads: every leaf a text with the digits it was written with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.sources.json import read_json
from voucher_rules.sources.tree import MAX_DEPTH, Mapping, Scalar, Sequence
from voucher_rules.sources.yaml import SourceError


def read(text: str | bytes) -> Any:  # noqa: ANN401 - a tree of three kinds of node
    return read_json(text.encode() if isinstance(text, str) else text, "f.json").root


def find_faults(text: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(SourceError) as caught:
        read(text)
    spans = [(item.code, item.span) for item in caught.value.diagnostics]
    return [(code, span.line, span.column) for code, span in spans if span]


@pytest.mark.parametrize(
    "digits", ["0", "-0", "0.10", "1e3", "1E+400", "12345678901234567890.123456789", "9" * 5000]
)
def test_a_number_keeps_its_digits(digits: str) -> None:
    word = read(f'{{"a": {digits}}}')["a"]
    assert word == digits
    assert isinstance(word, Scalar)
    assert not word.quoted


def test_texts_and_booleans_are_words_whose_quotes_tell_nothing() -> None:
    root = read('{"a": "x", "b": true, "c": false}')
    assert dict(root) == {"a": "x", "b": "true", "c": "false"}
    assert [(word.quoted, word.exact) for word in root.values()] == [(False, False)] * 3


def test_lists_and_objects_nest() -> None:
    root = read('{"a": [{"b": ["x"]}], "c": {}}')
    assert isinstance(root, Mapping)
    assert isinstance(root["a"], Sequence)  # type: ignore[index]
    assert root["a"][0]["b"][0] == "x"  # type: ignore[index]
    assert isinstance(root["c"], Mapping)  # type: ignore[index]


def test_escapes_are_read() -> None:
    assert read(r'{"a": "é\n中"}')["a"] == "é\n中"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ("json-syntax", 1, 1)),
        ("{", ("json-syntax", 1, 2)),
        ('{"a": 1\n "b": 2}', ("json-syntax", 2, 2)),
        ("{'a': 1}", ("json-syntax", 1, 2)),
        ('{"a": 01}', ("json-syntax", 1, 8)),
        ('{"a": +1}', ("json-syntax", 1, 7)),
        ('{"a": .5}', ("json-syntax", 1, 7)),
        ('{"a": "\n"}', ("json-syntax", 1, 8)),
        ('{"a": 1} x', ("json-syntax", 1, 10)),
        ("[]", ("root-not-a-mapping", 1, 1)),
        ('"a"', ("root-not-a-mapping", 1, 1)),
        ('{"a": null}', ("null-value", 1, 1)),
        ('{"a": [null]}', ("null-value", 1, 1)),
        ('{"a": NaN}', ("not-finite", 1, 1)),
        ('{"a": -Infinity}', ("not-finite", 1, 1)),
        ('{"a": 1, "a": 1}', ("duplicate-member", 1, 1)),
        ('{"a": 1, "\\u0061": 1}', ("duplicate-member", 1, 1)),
        ('{"a": {"b": 1, "b": 1}}', ("duplicate-member", 1, 1)),
        ('{"a": "\u200b"}', ("hidden-character", 1, 8)),
    ],
)
def test_a_mistake_is_reported(text: str, fault: tuple[str, int, int]) -> None:
    assert find_faults(text) == [fault]


@pytest.mark.parametrize("text", ["null", "1", "true"])
def test_a_root_that_is_no_object_is_refused(text: str) -> None:
    assert len(find_faults(text)) == 1


def test_nesting_is_read_up_to_its_limit() -> None:
    lists = MAX_DEPTH - 1
    read('{"a": ' + "[" * lists + "]" * lists + "}")
    for deeper in (lists + 1, 500, 100_000):
        faults = find_faults('{"a": ' + "[" * deeper + "]" * deeper + "}")
        assert faults == [("too-deep", 1, 1)]


def test_a_mark_of_byte_order_and_ends_of_lines_make_no_difference() -> None:
    text = '{"a":\n "x"}'
    assert read(b"\xef\xbb\xbf" + text.encode()) == read(text)
    assert read(text.replace("\n", "\r\n")) == read(text)


def test_bytes_that_are_no_text_are_refused() -> None:
    assert find_faults('{"a": "甲"}'.encode("gbk")) == [("not-utf8", 1, 1)]


LEAVES = st.one_of(st.text('ab中 "\\', max_size=8), st.integers(), st.booleans())
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("xyz", max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
"""Small: a large tree takes long to draw and shows nothing that a small one does not."""


def tell(value: object) -> object:
    """Return what a value is read as: every leaf its text."""
    if isinstance(value, dict):
        return {key: tell(item) for key, item in value.items()}
    if isinstance(value, list):
        return [tell(item) for item in value]
    return value if isinstance(value, str) else json.dumps(value)


@given(st.dictionaries(st.text("abc", max_size=4), TREES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_an_object_is_read_as_it_was_written(value: dict[str, object]) -> None:
    assert read(json.dumps(value)) == tell(value)


@given(st.text('{}[]":,0e-+.ntfa \\u', max_size=30))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_is_read_or_refused(text: str) -> None:
    try:
        root = read(text)
    except SourceError as error:
        assert error.diagnostics  # noqa: PT017 - both ends are right
    else:
        assert isinstance(root, Mapping)
