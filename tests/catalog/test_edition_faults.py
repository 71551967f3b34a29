"""Editions that do not fit each other: every fault is told, at its place, where they meet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr
from voucher_rules.diagnostic_texts.editions import EDITIONS

ORIGINAL: Final = (
    Path(__file__).resolve().parent / "rulesets" / "test-repair-voucher" / "2020.yaml"
).read_text(encoding="utf-8")
NAME: Final = "test-repair-voucher"
BECAUSE: Final = "because: {zh: 因, en: why}"


def write(
    folder: Path, edition: str, supersedes: Mapping[str, str] | None = None, **said: str
) -> Path:
    """Write an edition: what it supersedes by kind, its ``start``, ``until`` and ``published``."""
    text = ORIGINAL.replace('edition: "2020"', f'edition: "{said.get("named", edition)}"')
    text = text.replace("from: 2020-03-01", f"from: {said.get('start', '2020-03-01')}")
    text = text.replace("until: unset", f"until: {said.get('until', 'unset')}")
    text = text.replace("status: issued", f"status: {said.get('status', 'issued')}")
    lines = f"published: {said['published']}\n" if "published" in said else ""
    named = [
        f'  - {{edition: "{old}", kind: {kind}, {BECAUSE}}}\n'
        for old, kind in (supersedes or {}).items()
    ]
    lines += "".join(["supersedes:\n", *named]) if named else ""
    path = folder / NAME / f"{edition}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace("published: 2020-02-10\n", lines), encoding="utf-8")
    return path


def list_faults(folder: Path, known: str | None = None) -> list[tuple[str, str]]:
    """Return every fault, with the name of the file it is told in."""
    try:
        vr.catalog([folder]).editions(NAME, known=known)
    except vr.RulesetError as error:
        return [(Path(x.span.file).stem if x.span else "", x.code) for x in error.diagnostics]
    return []


def test_an_edition_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b", {"c": "amendment"}, published="2021-01-01", start="2021-01-01")
    assert list_faults(tmp_path) == [("b", "unknown-edition")]


@pytest.mark.parametrize(("kind"), ["correction", "amendment"])
def test_editions_that_supersede_each_other(tmp_path: Path, kind: str) -> None:
    write(tmp_path, "a", {"c": kind}, published="2021-01-01")
    write(tmp_path, "b", {"a": kind}, published="2021-01-01")
    write(tmp_path, "c", {"b": kind}, published="2021-01-01")
    assert list_faults(tmp_path) == [("a", "editions-in-a-circle")]


def test_a_circle_beside_another_edition(tmp_path: Path) -> None:
    write(tmp_path, "a", {"b": "amendment"}, published="2021-01-01")
    write(tmp_path, "b", {"c": "amendment"}, published="2021-01-01")
    write(tmp_path, "c", {"b": "amendment"}, published="2021-01-01")
    assert list_faults(tmp_path) == [("b", "editions-in-a-circle")]


@pytest.mark.parametrize(
    ("published", "found"),
    [
        ("2020-12-31", [("b", "correction-before-original")]),
        ("2021-01-01", []),
        ("2021-01-02", []),
    ],
)
def test_a_correction_is_not_known_before_what_it_corrects(
    tmp_path: Path, published: str, found: list[tuple[str, str]]
) -> None:
    write(tmp_path, "a", published="2021-01-01")
    write(tmp_path, "b", {"a": "correction"}, published=published)
    assert list_faults(tmp_path) == found


@pytest.mark.parametrize("published", ["2021-01-02", "2021-01-03"])
def test_an_edition_is_corrected_once(tmp_path: Path, published: str) -> None:
    write(tmp_path, "a", published="2021-01-01")
    write(tmp_path, "b", {"a": "correction"}, published="2021-01-02")
    write(tmp_path, "c", {"a": "correction"}, published=published)
    assert list_faults(tmp_path) == [("c", "corrected-twice")]


def test_a_correction_may_be_corrected(tmp_path: Path) -> None:
    write(tmp_path, "a", published="2021-01-01")
    write(tmp_path, "b", {"a": "correction"}, published="2021-01-02")
    write(tmp_path, "c", {"b": "correction"}, published="2021-01-03")
    editions = vr.catalog([tmp_path])
    days = ("2021-01-01", "2021-01-02", "2021-01-03", "2021-01-04")
    found = [editions.find(NAME, on="2020-03-01", known=day).edition for day in days]
    assert found == ["a", "b", "c", "c"]


def test_two_corrections_in_a_line_on_one_day(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b", {"a": "correction"}, published="2021-01-02")
    write(tmp_path, "c", {"b": "correction"}, published="2021-01-02")
    editions = vr.catalog([tmp_path])
    assert editions.find(NAME, on="2020-03-01", known="2021-01-02").edition == "c"
    assert editions.find(NAME, on="2020-03-01", known="2021-01-01").edition == "a"
    assert "c" in editions.explain(NAME)


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2020-02-29", [("b", "editions-out-of-order")]),
        ("2020-03-01", [("b", "editions-out-of-order")]),
        ("2020-03-02", []),
    ],
)
@pytest.mark.parametrize("kind", ["amendment", "replacement", "repeal"])
def test_an_edition_takes_over_after_the_first_day_of_the_other(
    tmp_path: Path, kind: str, start: str, found: list[tuple[str, str]]
) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b", {"a": kind}, published="2020-01-01", start=start)
    assert list_faults(tmp_path) == found
    if not found:
        editions = vr.catalog([tmp_path])
        assert editions.find(NAME, on="2020-03-01").edition == "a"
        assert editions.find(NAME, on="2020-03-02").edition == "b"


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2020-12-31", []),
        ("2021-01-01", [("b", "editions-overlap")]),
        ("2021-01-02", [("b", "editions-overlap")]),
        ("unset", [("b", "editions-overlap")]),
    ],
)
def test_two_editions_in_force_on_one_day(
    tmp_path: Path, until: str, found: list[tuple[str, str]]
) -> None:
    write(tmp_path, "a", until=until)
    write(tmp_path, "b", start="2021-01-01")
    assert list_faults(tmp_path) == found


@pytest.mark.parametrize("until", ["2020-12-31", "2021-01-01", "2021-01-02", "unset"])
def test_an_amendment_ends_the_other_whatever_last_day_it_names(tmp_path: Path, until: str) -> None:
    write(tmp_path, "a", until=until)
    write(tmp_path, "b", {"a": "amendment"}, start="2021-01-01", published="2020-12-01")
    editions = vr.catalog([tmp_path])
    found = {day: editions.find(NAME, on=day).edition for day in ("2020-12-31", "2021-01-01")}
    assert found == {"2020-12-31": "a", "2021-01-01": "b"}


def test_two_amendments_of_one_edition_overlap(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b", {"a": "amendment"}, published="2021-01-01", start="2021-01-01")
    write(tmp_path, "c", {"a": "amendment"}, published="2022-01-01", start="2022-01-01")
    assert list_faults(tmp_path) == [("c", "editions-overlap")]
    assert list_faults(tmp_path, known="2021-12-31") == [], "by what was known there is none yet"
    assert vr.catalog([tmp_path]).find(NAME, on="2022-06-01", known="2021-12-31").edition == "b"


def test_an_overlap_may_be_corrected(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b", start="2021-01-01", published="2021-01-01")
    assert list_faults(tmp_path) == [("b", "editions-overlap")]
    supersedes = {"b": "correction", "a": "amendment"}
    write(tmp_path, "c", supersedes, start="2021-01-01", published="2021-02-01")
    assert list_faults(tmp_path) == []
    assert list_faults(tmp_path, known="2021-01-31") == [("b", "editions-overlap")]


def test_a_correction_inherits_what_the_edition_it_corrects_supersedes(tmp_path: Path) -> None:
    write(tmp_path, "a")
    write(tmp_path, "b", {"a": "amendment"}, start="2021-01-01", published="2021-01-01")
    write(tmp_path, "c", {"b": "correction"}, start="2021-02-01", published="2021-03-01")
    write(tmp_path, "d", {"b": "replacement"}, start="2022-01-01", published="2022-01-01")
    editions = vr.catalog([tmp_path])
    on = ("2021-01-01", "2021-01-31", "2021-02-01", "2021-12-31", "2022-01-01")
    assert [editions.find(NAME, on=day).edition for day in on] == ["a", "a", "c", "c", "d"]
    before = [editions.find(NAME, on=day, known="2021-02-28").edition for day in on]
    assert before == ["a" if day < "2021-01-01" else "b" for day in on]


def test_what_an_edition_ended_does_not_come_back(tmp_path: Path) -> None:
    write(tmp_path, "a")
    told = {"start": "2021-01-01", "until": "2021-12-31", "published": "2021-01-01"}
    write(tmp_path, "b", {"a": "amendment"}, **told)
    with pytest.raises(vr.RulesetNotFoundError) as caught:
        vr.catalog([tmp_path]).find(NAME, on="2022-01-01")
    assert caught.value.diagnostics[0].code == "edition-after-last"


@pytest.mark.parametrize("status", ["draft", "repealed"])
def test_what_is_not_in_force_ends_nothing(tmp_path: Path, status: str) -> None:
    write(tmp_path, "a")
    told = {"start": "2021-01-01", "published": "2021-01-01", "status": status}
    write(tmp_path, "b", {"a": "amendment"}, **told)
    assert vr.catalog([tmp_path]).find(NAME, on="2022-01-01").edition == "a"


def test_a_file_named_like_another_edition(tmp_path: Path) -> None:
    write(tmp_path, "a", named="b")
    assert list_faults(tmp_path) == [("a", "edition-misnamed")]


def test_a_file_that_cannot_be_read_is_told_as_when_it_is_checked(tmp_path: Path) -> None:
    path = write(tmp_path, "a")
    for before, after in (
        ("title: {zh: 维修券", "titel: {zh: 维修券"),
        ("from: 2020-03-01", "from: 2020-02-30"),
        ("facts:", "\tfacts:"),
    ):
        path.write_text(ORIGINAL.replace('"2020"', "a").replace(before, after), encoding="utf-8")
        with pytest.raises(vr.RulesetError) as caught:
            vr.catalog([tmp_path]).editions(NAME)
        with pytest.raises(vr.RulesetError) as whole:
            vr.load(path)
        found = {x.code for x in caught.value.diagnostics}
        assert found <= {x.code for x in whole.value.diagnostics}


def test_the_lasting_of_an_undated_document(tmp_path: Path) -> None:
    path = write(tmp_path, "a")
    text = ORIGINAL.replace('"2020"', "a")
    for lasts, until in {"3年": "2023-02-28", "1个月": "2020-03-31"}.items():
        path.write_text(text.replace("until: unset", f"lasts: {lasts}"), encoding="utf-8")
        (edition,) = vr.catalog([tmp_path]).editions(NAME)
        assert str(edition.in_force_until) == until
        assert vr.load(path).checked.document.until == edition.in_force_until
    path.write_text(text.replace("until: unset", "lasts: 3"), encoding="utf-8")
    with pytest.raises(vr.RulesetError):
        vr.catalog([tmp_path]).editions(NAME)


SHOWN_ELSEWHERE: Final = {
    # in tests/rulesets/succession
    "supersedes-itself",
    "superseded-twice",
    "corrects-several",
    "supersedes-without-published",
    "transition-without-supersedes",
    "transition-twice",
}


def test_every_code_of_editions_is_shown_by_some_test() -> None:
    folder = Path(__file__).resolve().parent
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    texts.append((folder.parent / "cli" / "test_cli_editions.py").read_text(encoding="utf-8"))
    shown = {code for text in texts for code in re.findall(r'"([a-z-]+)"', text)}
    assert set(EDITIONS) - shown - SHOWN_ELSEWHERE == set()
