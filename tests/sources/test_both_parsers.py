"""Comes in: rulesets, hostile texts and texts with slips. Goes out: a failure where parsers differ.

Where libyaml is there its events are read, else PyYAML's own: a file must be read, or refused, the
same everywhere, down to the place of every word and the wording of every mistake.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voucher_rules.checked.check import check_ruleset
from voucher_rules.errors import DiagnosedError
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.sources import yaml as reading
from voucher_rules.sources.tree import MAX_DEPTH, Mapping, Scalar, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
RULESETS: Final = sorted((ROOT / "rulesets").glob("*/*.yaml"))
CHECKED: Final = ROOT / "rulesets" / "cn-sme-size" / "2011.yaml"
SLIPS: Final = (
    *(
        "\t",
        "\n",
        "\r\n",
        " ",
        "  ",
        ":",
        ": ",
        "：",
        "- ",
        ",",
        "，",
        "?",
        "? ",
        "#",
        " #",
        "&a ",
        "*a",
    ),
    *("!", "!!str ", "|", ">", "|2-\n", '"', "'", "{", "}", "[", "]", "%", "%YAML 1.1\n", "@", "`"),
    *(
        "---\n",
        "...\n",
        "<<: ",
        "null",
        "~",
        "\\",
        '"\\U0010ffff"',
        '"\\x00"',
        "\u2028",
        "\x85",
        "\ufeff",
        "𠮷",
    ),
)
"""What a slip of the hand, or a hand that means ill, may put into a text."""


def describe(node: object) -> object:
    """Return all there is to know of a node: words, places, quotes, order."""
    if isinstance(node, Scalar):
        return str(node), node.span, node.quoted, node.exact
    if isinstance(node, Mapping):
        return node.span, [(describe(key), describe(value)) for key, value in node.items()]
    assert isinstance(node, Sequence)
    return node.span, [describe(item) for item in node]


def read(data: bytes) -> object:
    """Return what comes of a text: all of the tree, or all of the mistakes."""
    try:
        source = reading.read_yaml(data, "f.yaml")
    except reading.SourceError as error:
        return error.render("en"), error.render("zh"), error.diagnostics
    return source.text, describe(source.root)


def read_both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[object, object]:
    """Return what comes of a text with libyaml, and without."""
    fast = read(data)
    with monkeypatch.context() as without:
        without.setattr(reading, "_read_fast", lambda _name, _text: None)
        return fast, read(data)


@pytest.fixture(scope="module", autouse=True)
def _need_libyaml() -> None:
    if getattr(reading.yaml, "CSafeLoader", None) is None:  # type: ignore[attr-defined]
        pytest.skip("libyaml is not here: there is one parser only")


def test_the_fast_way_is_taken_for_what_has_no_fault() -> None:
    for path in RULESETS:
        assert reading._read_fast("f", path.read_text(encoding="utf-8")) is not None, path


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_file_that_is_shipped_is_read_alike(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast, plain = read_both(path.read_bytes(), monkeypatch)
    assert fast == plain


def test_a_ruleset_has_the_same_digests_and_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    data = CHECKED.read_bytes()
    fast = check_ruleset(load_ruleset(data, "f.yaml"))
    monkeypatch.setattr(reading, "_read_fast", lambda _name, _text: None)
    plain = check_ruleset(load_ruleset(data, "f.yaml"))
    assert fast == plain
    assert [x.span for x in fast.rules.values()] == [x.span for x in plain.rules.values()]
    assert fast.source_digest == f"sha256:{hashlib.sha256(data).hexdigest()}"


@pytest.mark.parametrize(
    "data",
    [
        *(
            f"a: {mark * depth}".encode()
            for mark in ("[", "{", "- ")
            for depth in (MAX_DEPTH, 9_999)
        ),
        b"a: " + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1),
        b"a: " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
        "".join(f"{' ' * depth}a:\n" for depth in range(1_400)).encode(),
        b"? ? ? a",
        b"a: &a [*a]",
        b"a: &a 1\nb: *a",
        b"<<: {a: 1}",
        b"a: 1\na: 2",
        b"a: !!python/object/apply:os.system [x]",
        b'a: "\\UFFFFFFFF"',
        b'a: "\\ud800"',
        b"a: 1\n---\nb: 2",
        b"%YAML 1.2\n---\na: 1",
        b"%FOO\n---\na: 1",
        b"\xff\xfea\x00",
        "\ufeffa: 1".encode(),
        "上限：5000\nb: 1".encode(),
        b"a: 'x",
        b'a: "x',
        b"a: {b: 1",
        b"a: [1, 2\nb: 3",
        b"a: b: c",
        b"a:\n- 1\n - 2",
        b"a: |\n  x\n y",
        b"a: %x",
        b"a: @x",
        b"a: `x`",
        b"",
        b"# nothing",
        b"a:\r\n  b: 1\r\n",
        b"a:\r  b: 1\r",
    ],
    ids=lambda data: repr(data[:24]),
)
def test_hostile_texts_are_refused_alike(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    fast, plain = read_both(data, monkeypatch)
    assert fast == plain


@st.composite
def slipped(draw: st.DrawFn) -> str:
    """Draw some lines of a ruleset in which the hand slipped a few times."""
    lines = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, max(0, len(lines) - 12)))
    text = "\n".join(lines[start : start + draw(st.integers(1, 12))])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        gone = draw(st.integers(0, 2))
        text = text[:at] + draw(st.sampled_from(("", *SLIPS))) + text[at + gone :]
    return text


TEXTS: Final = [path.read_text(encoding="utf-8").split("\n") for path in RULESETS]


@given(slipped())
def test_a_text_with_slips_is_read_or_refused_alike(text: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        fast, plain = read_both(text.encode(), monkeypatch)
    assert fast == plain


@given(slipped())
def test_a_ruleset_with_slips_is_refused_alike(text: str) -> None:
    def load(data: bytes) -> str:
        try:
            load_ruleset(data, "f.yaml")
        except DiagnosedError as error:
            return error.render("zh")
        return ""

    with pytest.MonkeyPatch.context() as monkeypatch:
        fast = load(text.encode())
        monkeypatch.setattr(reading, "_read_fast", lambda _name, _text: None)
        assert load(text.encode()) == fast
