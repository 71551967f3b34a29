"""What the YAML reader reads, where each word stands, and where each mistake does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher_rules.sources import yaml as reading
from voucher_rules.sources.tree import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Mapping,
    Scalar,
    Sequence,
    find_key,
    find_node,
    line_of,
)
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.spans import Span

PROJECT = Path(__file__).resolve().parents[2]
FILES = sorted([*PROJECT.glob("tests/rulesets/*/good/*.yaml"), *PROJECT.glob("rulesets/*/*.yaml")])


def read(text: str | bytes) -> Mapping:
    data = text.encode() if isinstance(text, str) else text
    return read_yaml(data, "f.yaml").root


def find_faults(text: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(SourceError) as caught:
        read(text)
    spans = [(item.code, item.span) for item in caught.value.diagnostics]
    return [(code, span.line, span.column) for code, span in spans if span]


def dump(node: object) -> object:
    """Return a tree with every place, as plain values."""
    if isinstance(node, Scalar):
        return (str(node), node.span, node.quoted, node.exact)
    if isinstance(node, Mapping):
        return (node.span, [(dump(key), dump(value)) for key, value in node.items()])
    assert isinstance(node, Sequence)
    return (node.span, [dump(item) for item in node])


def dump_reader(reader: Any) -> object:  # noqa: ANN401 - the reader is private
    faults = [(item.code, item.span, item.arguments) for item in reader.found]
    return (faults, None if reader.root is None else dump(reader.root))


@pytest.mark.parametrize(
    "text", ["NO", "0600", "1e3", "2024-01-01", "1:30", "0x1F", "=", ".nan", "on"]
)
def test_a_bare_word_stays_the_text_it_was_written_as(text: str) -> None:
    word = read(f"a: {text}\n")["a"]  # type: ignore[index]
    assert word == text
    assert not word.quoted
    assert word.exact


def test_the_place_of_a_word_is_where_it_begins() -> None:
    root = read("a: x\nbb:\n  - cc: 中文 y\n  - [d, ee]\n")
    places = {
        ("a",): (1, 4, 1),
        ("bb",): (3, 3, 1),
        ("bb", 0): (3, 5, 1),
        ("bb", 0, "cc"): (3, 9, 4),
        ("bb", 1): (4, 5, 1),
        ("bb", 1, 1): (4, 9, 2),
    }
    for path, (line, column, length) in places.items():
        assert find_node(root, path).span == Span("f.yaml", line, column, length), path


def test_the_place_of_a_key_is_found() -> None:
    root = read("a: x\nbb:\n  cc: y\n")
    key = find_key(root, ("bb", "cc"))
    assert key is not None
    assert key.span == Span("f.yaml", 3, 3, 2)
    assert find_key(root, ("bb", "dd")) is None
    assert find_key(root, ("a", "dd")) is None
    assert find_key(root, ()) is None


def test_a_path_that_ends_early_leads_to_the_deepest_node_there_is() -> None:
    root = read("a:\n  - b: x\n")
    assert find_node(root, ("a", 0, "c")) is root["a"][0]  # type: ignore[index]
    assert find_node(root, ("a", 5)) is root["a"]  # type: ignore[index]
    assert find_node(root, ("z",)) is root


@pytest.mark.parametrize("mark", ["'", '"'])
def test_a_quoted_word_begins_at_its_quote_and_its_parts_after_it(mark: str) -> None:
    word = read(f"a:  {mark}b cc{mark}\n")["a"]  # type: ignore[index]
    assert word == "b cc"
    assert word.quoted
    assert word.span == Span("f.yaml", 1, 5, 6)
    assert word.span_of(2, 4) == Span("f.yaml", 1, 8, 2)


def test_a_part_of_a_bare_word_stands_where_it_is_written() -> None:
    word = read("a: 甲乙 bc\n")["a"]  # type: ignore[index]
    assert word.span_of(3, 5) == Span("f.yaml", 1, 7, 2)
    assert word.span_of(3, 3) == Span("f.yaml", 1, 7, 1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'a: "b\tcc"', "b\tcc"),
        (r'a: "中b"', "中b"),
        ("a: 'b''cc'", "b'cc"),
        ("a: b\n  cc", "b cc"),
        ("a: |\n  b\n  cc\n", "b\ncc\n"),
        ("a: >-\n  b\n  cc\n", "b cc"),
        ("a: |2-\n   b\n", " b"),
    ],
)
def test_a_word_not_written_one_for_one_is_placed_as_a_whole(text: str, value: str) -> None:
    word = read(text)["a"]  # type: ignore[index]
    assert word == value
    if value != "中b":
        assert not word.exact
        assert word.span_of(1, 2) == word.span
    assert word.span.line == 1
    assert word.span.column == 4


def test_a_block_is_a_quoted_text() -> None:
    assert read("a: >-\n  none\n")["a"].quoted  # type: ignore[index]


def test_a_flow_mapping_may_run_over_lines() -> None:
    root = read("a: {b: x,\n  c: y}\n")
    assert find_node(root, ("a", "c")).span == Span("f.yaml", 2, 6, 1)


def test_the_ends_of_lines_make_no_difference_to_places() -> None:
    text = "a: x\nbb:\n  - cc: y\n  - d\n"
    assert dump(read(text.replace("\n", "\r\n"))) == dump(read(text))


def test_a_line_is_shown_without_its_end() -> None:
    source = read_yaml(b"a: x\r\nb: y\r\n", "f.yaml")
    assert [source.line(n) for n in (0, 1, 2, 3, 4)] == ["", "a: x", "b: y", "", ""]
    assert line_of("a\rb\nc", 1) == "a\rb"


def test_one_mark_of_byte_order_is_let_be_and_moves_nothing() -> None:
    text = "a: x\n"
    assert dump(read(b"\xef\xbb\xbf" + text.encode())) == dump(read(text))


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("empty-file", 1, 1)]),
        ("# x\n", [("empty-file", 1, 1)]),
        ("a", [("root-not-a-mapping", 1, 1)]),
        ("- a", [("root-not-a-mapping", 1, 1)]),
        ("上限：5", [("full-width-colon", 1, 1)]),
        ("a: b\n上限：5\n", [("full-width-colon", 2, 3)]),
        ("a: b\n上限：5\nc: d\n", [("full-width-colon", 2, 3)]),
        ("a: &x b", [("anchor", 1, 4)]),
        ("a: *x", [("alias", 1, 4)]),
        ("a: !x b", [("tag", 1, 4)]),
        ("<<: {a: b}", [("merge-key", 1, 1)]),
        ("a: x\nb: y\na: z", [("duplicate-key", 3, 1)]),
        ("a:\n  b: x\n  b: y", [("duplicate-key", 3, 3)]),
        ("a: {b: x, b: y}", [("duplicate-key", 1, 11)]),
        ("a: {b: c, d：e}", [("full-width-colon", 1, 12)]),
        ("a: {b: c, d:e}", [("colon-without-space", 1, 12)]),
        ("a: {b: c, d}", [("comma-in-text", 1, 11)]),
        ("a: {b: c, d, e}", [("comma-in-text", 1, 11), ("comma-in-text", 1, 14)]),
        ("a: {b: c, d: }", [("null-value", 1, 11)]),
        ("a: {b: c, 'd'}", [("null-value", 1, 11)]),
        ("a: {b: 'c', d}", [("null-value", 1, 13)]),
        ("a: {b}", [("null-value", 1, 5)]),
        ("a: {b: c: d}", [("text-cut-short", 1, 9)]),
        ("a: [b: c: d]", [("text-cut-short", 1, 9)]),
        ("a:", [("null-value", 1, 1)]),
        ("a:\n  b:\n", [("null-value", 2, 3)]),
        ("a: ~", [("null-value", 1, 4)]),
        ("a: null", [("null-value", 1, 4)]),
        ("a: [b, ~]", [("null-value", 1, 8)]),
        ("a: x\n---\nb: y", [("multiple-documents", 2, 1)]),
        ("%YAML 1.1\n---\na: b", [("directive", 1, 1)]),
        ("? [a]\n: b", [("key-not-text", 1, 3)]),
        ("? {a: b}\n: c", [("key-not-text", 1, 3)]),
        ("a: [b", [("yaml-syntax", 1, 6)]),
        ("a: 'b", [("yaml-syntax", 1, 6)]),
        ("a: b: c", [("yaml-syntax", 1, 5)]),
        ("a: b\n c: d", [("yaml-syntax", 2, 3)]),
        ("a: @b", [("yaml-syntax", 1, 4)]),
        ("a: x\nb: \u200by", [("hidden-character", 2, 4)]),
        ('a: x\nb: "\\u200b"', [("hidden-character", 2, 4)]),
    ],
)
def test_a_mistake_is_reported_where_it_stands(
    text: str, faults: list[tuple[str, int, int]]
) -> None:
    assert find_faults(text) == faults


def test_a_word_in_quotes_is_no_null() -> None:
    assert dict(read("a: '~'\nb: 'null'\nc: ''\n")) == {"a": "~", "b": "null", "c": ""}


def test_every_mistake_comes_at_once_sorted_by_place() -> None:
    text = "b: &x y\na:\nb: z\nc: !t [~, *x]\n"
    assert find_faults(text) == [
        ("anchor", 1, 4),
        ("null-value", 2, 1),
        ("duplicate-key", 3, 1),
        ("tag", 4, 4),
        ("null-value", 4, 8),
        ("alias", 4, 11),
    ]


def test_a_mistake_of_syntax_comes_after_those_before_it() -> None:
    assert find_faults("a: &x y\nb: [c\n")[0] == ("anchor", 1, 4)
    assert find_faults("a: &x y\nb: [c\n")[1][0] == "yaml-syntax"


def test_a_mistake_shows_its_line() -> None:
    with pytest.raises(SourceError) as caught:
        read("a: x\nbb: &y 中\n")
    assert caught.value.diagnostics[0].source == "bb: &y 中"


def test_bytes_that_are_no_text_are_reported_by_their_line() -> None:
    assert find_faults(b"a: x\nb: \xff\n") == [("not-utf8", 2, 1)]


def test_nesting_is_read_up_to_its_limit() -> None:
    lists = MAX_DEPTH - 1
    read("a: " + "[" * lists + "]" * lists)
    assert find_faults("a: " + "[" * (lists + 1) + "]" * (lists + 1)) == [
        ("too-deep", 1, 4 + lists)
    ]


def test_nodes_are_read_up_to_their_limit() -> None:
    items = MAX_NODES - 3  # the mapping, its key and the list are nodes too
    assert len(read("a: [" + "x," * items + "]")["a"]) == items  # type: ignore[index]
    assert find_faults("a: [" + "x," * (items + 1) + "]")[0][0] == "too-many-nodes"


def test_bytes_are_read_up_to_their_limit() -> None:
    text = "a: b #"
    read(text + "x" * (MAX_BYTES - len(text)))
    assert find_faults(text + "x" * (MAX_BYTES - len(text) + 1)) == [("file-too-large", 1, 1)]


def test_a_key_twice_keeps_the_first_value_for_the_checks_that_follow() -> None:
    reader = reading._read_plainly("f", "a: x\na: y\n")
    assert reader.root == {"a": "x"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_parsers_read_a_file_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fast = reading._read_fast("f", text)
    assert fast is None or dump_reader(fast) == dump_reader(reading._read_plainly("f", text))


ALIKE = (
    "a: b",
    "a: 'b'\nc: \"d\"",
    "a: |\n  b\n\n  c\n",
    "a: >+\n  b\n\n",
    "a: [b, {c: d}]",
    "? a\n: b",
    "a: 甲 # 乙\n",
    "'a': b\r\nc: d\r\n",
    "a: b\n...\n",
    "--- \na: b\n",
    "a: &x b",
    "<<: {a: b}",
    "a: b\n---\nc: d",
    "a:\n\n\n  b: c\n",
    "a: b\tc",
    "a:\tb",
    "a: 'b\tc'",
    "a: {en: does it qualify?}",
    "a: {en: so? yes}",
    "a: {en: so? yes, zh: c?}",
    "a: {en: 'so?'}",
    "a: so? yes",
    "a: [b?]",
    "a: {b [c]: d}",
    "a: {b: c [d]}",
)


@pytest.mark.parametrize("text", ALIKE)
def test_both_parsers_read_a_text_alike(text: str) -> None:
    if getattr(reading.yaml, "CSafeLoader", None) is None:  # type: ignore[attr-defined]
        pytest.skip("libyaml is not there")
    plain = reading._read_plainly("f", text)
    fast = reading._read_fast("f", text) or plain
    if plain.found:
        # One of them may stop at a mistake after which the other reads on.
        assert fast.found[: len(plain.found)] == plain.found
    else:
        assert dump_reader(fast) == dump_reader(plain)


def test_a_full_width_colon_in_a_text_is_not_blamed_for_another_mistake() -> None:
    assert find_faults("a: {zh: 注意：甲]\n")[0][0] == "yaml-syntax"


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn"])
)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_in_quotes_is_read_as_it_is(text: str) -> None:
    word = text.replace("'", "''")
    root = read(f"a: '{word}'\n")
    assert root["a"] == text  # type: ignore[index]


@given(st.lists(st.text("abc中 ", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_place_points_at_its_word(words: list[str]) -> None:
    text = "a:\n" + "".join(f"  - {word}\n" for word in words)
    lines = text.split("\n")
    for item in read(text)["a"]:  # type: ignore[index]
        start = item.span.column - 1
        assert lines[item.span.line - 1][start : start + item.span.length] == item


@given(st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_in_is_read_or_refused(data: bytes) -> None:
    try:
        source = read_yaml(data, "f.yaml")
    except SourceError as error:
        assert error.diagnostics  # noqa: PT017 - both ends are right
    else:
        assert isinstance(source.root, Mapping)
