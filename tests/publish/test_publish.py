"""Comes in: an invented measure and the shipped ones. Goes out: a failure where a page is wrong.

The goldens are what a reader of a page sees, block by block, with where each link leads;
`pytest tests/publish --rewrite-goldens` writes them anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import unquote

import pytest

import voucher_rules as vr
from voucher_rules.intake.fingerprint import normalise_text, slice_by_ruleset
from voucher_rules.publish import Material, gather_material, lay_out_pages, publish_ruleset
from voucher_rules.publish.words import WORDS
from voucher_rules.testing import Difference

HERE: Final = Path(__file__).resolve().parent
RULESET: Final = HERE / "test-lantern" / "2024.yaml"
LIVES: Final = HERE.parent / "ledger" / "rulesets" / "invented-voucher" / "1.yaml"
TEXT: Final = (HERE / "test-lantern" / "lantern.txt").read_text("utf-8")
LANGUAGES: Final = ("zh", "en")
TEXTS: Final = os.environ.get("VOUCHER_RULES_TEXTS", "")
SHIPPED: Final = vr.rulesets()
VOID: Final = frozenset({"meta", "br"})
BLOCKS: Final = frozenset({"p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "div", "section", "dl"})
DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")
OUTSIDE: Final = re.compile(
    r"https?:|\bsrc\s*=|\bsrcset\s*=|url\(|@import|@font-face|<link|<script|<img|<iframe|<object"
    r"|<base|\bon[a-z]+\s*=",
    re.IGNORECASE,
)


class Reader(HTMLParser):
    """Reads a page: its faults, its links, its places, and its text by blocks."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self.places: list[str] = []
        self.levels: list[int] = []
        self.lines: list[str] = [""]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.stack.append(tag)
        if given.get("id"):
            self.places.append(given["id"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag in BLOCKS:
            self.lines.append("")
        if tag in {"td", "th", "dd"}:
            self.lines[-1] += " | "
        if tag == "a":
            self.links.append(given["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack and "title" not in self.stack:
            self.lines[-1] += data

    @property
    def text(self) -> str:
        told = (" ".join(line.split()) for line in self.lines)
        return "\n".join(line for line in told if line) + "\n"


def find_dead_links(pages: Mapping[str, Reader]) -> list[str]:
    """Return each link of some pages that leads to no place on any of them."""
    dead = []
    for name, reader in pages.items():
        for link in reader.links:
            file, _, place = link.partition("#")
            target = pages.get(file or name)
            if target is None or (place and unquote(place) not in target.places):
                dead.append(f"{name}: {link}")
    return dead


@cache
def gather() -> Material:
    return gather_material(vr.load(RULESET))


@cache
def gather_with_text() -> Material:
    return gather_material(vr.load(RULESET), text=TEXT)


def read_pages(material: Material) -> dict[str, Reader]:
    return {name: Reader(page) for name, page in lay_out_pages(material).items()}


@pytest.mark.parametrize("with_text", [False, True], ids=["plain", "with_text"])
def test_pages_are_well_formed_and_need_nothing_else(*, with_text: bool) -> None:
    material = gather_with_text() if with_text else gather()
    for page in lay_out_pages(material).values():
        reader = Reader(page)
        assert not reader.faults
        assert not reader.stack
        assert not OUTSIDE.search(page)
        assert page.count("default-src 'none'") == 1
        assert len(reader.places) == len(set(reader.places))
        steps = zip(reader.levels, reader.levels[1:], strict=False)
        assert all(later - level <= 1 for level, later in steps)


def test_the_pages_lead_to_each_other_and_no_link_is_dead() -> None:
    pages = read_pages(gather())
    assert list(pages) == ["test-lantern-2024.zh.html", "test-lantern-2024.en.html"]
    assert find_dead_links(pages) == []
    for name, other in (list(pages), list(pages)[::-1]):
        assert other in pages[name].links
        assert f"{other}#provision-第二条（一）" in pages[name].links


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_its_golden_says(language: str, *, rewriting: bool) -> None:
    shown = Reader(lay_out_pages(gather())[f"test-lantern-2024.{language}.html"]).text
    shown = DIGEST.sub("sha256:…", shown)
    golden = HERE / "goldens" / f"lantern.{language}.txt"
    if rewriting:
        golden.write_text(shown, "utf-8")
    assert shown == golden.read_text("utf-8")


@cache
def lay_out_lives(name: str = "invented-voucher") -> dict[str, str]:
    return lay_out_pages(gather_material(vr.load(LIVES.parents[1] / name / "1.yaml"), []))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "kept"), [("invented-voucher", "histories"), ("invented-places", "places")]
)
def test_histories_are_told_as_their_golden_says(
    language: str, name: str, kept: str, *, rewriting: bool
) -> None:
    page = lay_out_lives(name)[f"{name}-1.{language}.html"]
    part = page.partition('<section class="vp-part" id="histories">')[2]
    shown = Reader(part.partition('<section class="vp-part" id="decisions">')[0]).text
    golden = HERE / "goldens" / f"{kept}.{language}.txt"
    if rewriting:
        golden.write_text(shown, "utf-8")
    assert shown == golden.read_text("utf-8")


def test_no_link_of_places_and_lists_is_dead() -> None:
    pages = {name: Reader(page) for name, page in lay_out_lives("invented-places").items()}
    assert find_dead_links(pages) == []


def test_every_event_leads_to_its_provision_and_back() -> None:
    pages = {name: Reader(page) for name, page in lay_out_lives().items()}
    assert find_dead_links(pages) == []
    lifecycles = vr.load(LIVES).checked.histories.lifecycles
    events = [(x.name, event) for x in lifecycles.values() for event in x.transitions.values()]
    cited = {f"#event-{name}.{event.name}" for name, event in events if event.citation}
    for reader in pages.values():
        assert {f"event-{name}.{event.name}" for name, event in events} <= set(reader.places)
        linked = {link for link in reader.links if link.startswith("#event-")}
        assert linked == cited
        assert "#pool-funds" in reader.links


def test_a_ruleset_without_histories_has_no_part_for_them() -> None:
    for page in lay_out_pages(gather()).values():
        assert "histories" not in page.partition("</style>")[2]


def test_official_words_stand_only_on_pages_made_with_the_text() -> None:
    plain, local = lay_out_pages(gather()), lay_out_pages(gather_with_text())
    assert list(local) == ["test-lantern-2024.local.zh.html", "test-lantern-2024.local.en.html"]
    sentences = [line for line in TEXT.split() if len(line) > 8]
    for page in plain.values():
        assert not [x for x in sentences if x in page]
        assert "vp-local" not in page.partition("</style>")[2]
    for name, page in local.items():
        assert all(x in page for x in sentences)
        assert page.partition("</style>")[2].count("vp-local") == 1, name
    assert find_dead_links(read_pages(gather_with_text())) == []


def test_words_that_drifted_from_the_fingerprint_are_marked() -> None:
    ruleset = gather().ruleset
    passages = {x.ref: x.fingerprint for x in slice_by_ruleset(TEXT, ruleset.checked)}
    marked = [
        replace(x, fingerprint={**passages, "第三条": "sha256:0"}[x.citation.ref])
        for x in ruleset.provisions
    ]
    other = replace(ruleset, checked=replace(ruleset.checked, provisions=tuple(marked)))
    material = gather_material(other, [], TEXT)
    assert material.drifted == {"第三条"}
    for page in lay_out_pages(material).values():
        assert page.partition("</style>")[2].count("vp-drifted") == 1


def test_a_text_without_a_provision_is_refused() -> None:
    with pytest.raises(vr.InputError) as caught:
        gather_material(vr.load(RULESET), [], TEXT.replace("第四条", "第十条"))
    assert [x.code for x in caught.value.diagnostics] == ["text-lacks-provision"]
    assert caught.value.diagnostics[0].path == "第四条"


def test_a_case_that_states_the_first_day_says_so(tmp_path: Path) -> None:
    text = (HERE.parent / "cli" / "shop-voucher" / "2020.yaml").read_text("utf-8")
    begun = ("effective: {from: 2020-02-01", "effective: {from: unset")
    path = tmp_path / "shop-voucher" / "2020.yaml"
    path.parent.mkdir()
    path.write_text(text.replace(*begun), encoding="utf-8")
    path.with_name("2020.cases.yaml").write_text(
        "ruleset: 2020.yaml\n"
        "cases:\n"
        "  - {name: barred, decision: bonus, on: 2021-03-01, in_force_from: 2021-03-01,\n"
        "     given: {shop.cheated: true}, expect: {outcome: denied}, because: it cheated}\n",
        encoding="utf-8",
    )
    zh, en = lay_out_pages(gather_material(vr.load(path))).values()
    assert "按自 2021-03-01 起施行计" in Reader(zh).text
    assert "stated to be in force from 2021-03-01" in Reader(en).text


def test_cases_stand_with_the_provisions_they_rest_on() -> None:
    found = {ref: [x.case.name for x in items] for ref, items in gather().cases.items() if items}
    missing = "<b>the bill is missing</b>"
    assert found["第二条"][0] == "the share binds"
    assert missing in found["第二条"]
    assert found["第三条"] == ["one person short", "barred"]
    page = lay_out_pages(gather())["test-lantern-2024.en.html"]
    assert missing not in page
    assert missing in Reader(page).text


def test_a_case_that_fails_is_told_on_the_page() -> None:
    material = gather()
    wrong = Difference("outcome", "granted", "referred")
    item = replace(material.cases["第三条"][0], differences=(wrong,))
    material = replace(material, cases={**material.cases, "第三条": (item,)})
    page = Reader(lay_out_pages(material)["test-lantern-2024.en.html"])
    assert "these cases disagree with the ruleset: one person short" in page.text


def test_pages_are_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    made = publish_ruleset(vr.load(RULESET), tmp_path / "a" / "b", cases=[], text=TEXT)
    assert sorted(made) == sorted((tmp_path / "a" / "b").iterdir())
    (tmp_path / "file").write_text("")
    with pytest.raises(vr.InputError) as caught:
        publish_ruleset(vr.load(RULESET), tmp_path / "file", cases=[])
    assert caught.value.diagnostics[0].code == "file-not-writable"


def test_the_same_ruleset_gives_the_same_pages() -> None:
    again = gather_material(vr.load(RULESET))
    assert lay_out_pages(again) == lay_out_pages(gather())


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.id}-{file.edition}")
def test_pages_of_a_shipped_ruleset_are_sound(file: vr.RulesetFile) -> None:
    # without its cases, which take long to run
    material = gather_material(vr.load(file.path), [])
    pages = lay_out_pages(material)
    readers = {name: Reader(page) for name, page in pages.items()}
    assert find_dead_links(readers) == []
    for name, reader in readers.items():
        assert not reader.faults
        assert not reader.stack
        assert not OUTSIDE.search(pages[name])
        assert len(reader.places) == len(set(reader.places))


@pytest.mark.skipif(not TEXTS, reason="VOUCHER_RULES_TEXTS names no folder of official texts")
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.id}-{file.edition}")
def test_no_official_clause_stands_on_a_page_without_the_text(file: vr.RulesetFile) -> None:
    paths = sorted(Path(TEXTS).glob(f"{file.id}*.txt"))
    if not paths:
        pytest.skip("the text of this ruleset is not there")
    text = normalise_text(paths[0].read_text("utf-8"))
    ruleset = vr.load(file.path)
    title = normalise_text(ruleset.checked.document.title.zh)
    clauses = {x for x in re.split("[。；：，]", text) if len(x) > 20 and x not in title}
    pages = list(lay_out_pages(gather_material(ruleset, [])).values())
    plain = normalise_text(Reader(pages[0]).text)
    assert sorted(x for x in clauses if x in plain) == []
    local = gather_material(ruleset, [], paths[0].read_text("utf-8"))
    assert not local.drifted


def test_both_languages_have_the_same_slots() -> None:
    for key, (zh, en) in WORDS.items():
        slots = [sorted(Template(text).get_identifiers()) for text in (zh, en)]
        assert slots[0] == slots[1], key
