"""Laws of editions: what was known stays known, no order of files matters, no day has two laws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voucher_rules.catalog.check_chronicle import check_chronicle
from voucher_rules.catalog.chronicle import Chronicle, make_chronicle
from voucher_rules.catalog.editions import list_editions
from voucher_rules.catalog.heads import Head, shape_head
from voucher_rules.sources.yaml import read_yaml

FIRST: Final = date(2020, 1, 1)
DAYS: Final = 12
"""How many days the editions of an example are spread over: few, so that boundaries meet."""
EVERY_DAY: Final = [FIRST + timedelta(days=n) for n in range(-1, DAYS + 2)]


@dataclass(frozen=True)
class Told:
    """What is told of an edition: its days as numbers, and what it supersedes by kind."""

    published: int
    start: int
    lasts: int
    status: str
    supersedes: tuple[tuple[int, str], ...]


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def make_head(number: int, told: Told) -> Head:
    named = "".join(
        f'  - {{edition: "{old}", kind: {kind}, because: {{zh: 因, en: why}}}}\n'
        for old, kind in told.supersedes
    )
    until = day(told.start + told.lasts) if told.lasts < DAYS else "unset"
    text = f"""ruleset: test
edition: "{number}"
published: {day(told.published)}
{"supersedes:" if named else ""}
{named}title: {{zh: 例, en: x}}
document:
  title: {{zh: 例, en: x}}
  issuer: {{zh: 例, en: x}}
  status: {told.status}
  effective: {{from: {day(told.start)}, until: {until}, ref: 第一条}}
  verified: unset
decisions:
  claim: {{as_of: claim.date}}
"""
    return shape_head(read_yaml(text.encode(), f"{number}.yaml"), Path(f"{number}.yaml"), "")


@st.composite
def draw_told(draw: st.DrawFn, number: int) -> Told:
    """Draw an edition that supersedes earlier ones only, so that there is no circle."""
    days = st.integers(0, DAYS - 1)
    old = draw(st.lists(st.integers(0, number - 1), max_size=2, unique=True)) if number else []
    kinds = st.sampled_from(["correction", "amendment", "replacement", "repeal"])
    return Told(
        draw(days),
        draw(days),
        draw(st.integers(0, DAYS)),
        draw(st.sampled_from(["issued", "issued", "issued", "draft", "unknown"])),
        tuple((item, draw(kinds)) for item in old),
    )


@st.composite
def draw_heads(draw: st.DrawFn) -> list[Head]:
    """Draw editions of which each is corrected once, and not before it is known."""
    told: list[Told] = []
    corrected: set[int] = set()
    for number in range(draw(st.integers(1, 5))):
        item = draw(draw_told(number))
        kept: list[tuple[int, str]] = []
        for old, kind in item.supersedes:
            one = kind != "correction" or (
                old not in corrected
                and told[old].published <= item.published
                and all(x != "correction" for _, x in kept)
            )
            if one:
                kept.append((old, kind))
            if one and kind == "correction":
                corrected.add(old)
        told.append(Told(item.published, item.start, item.lasts, item.status, tuple(kept)))
    return [make_head(number, item) for number, item in enumerate(told)]


def answer(chronicle: Chronicle, known: date | None) -> list[list[str]]:
    """Return for every day the editions in force on it."""
    view = chronicle.view(known, {})
    return [[x.edition for x in view.list_on(on)] for on in EVERY_DAY]


@given(draw_heads(), st.integers(-1, DAYS))
@settings(max_examples=150)
def test_what_is_published_later_changes_nothing_known_before(
    heads: list[Head], number: int
) -> None:
    known = FIRST + timedelta(days=number)
    chronicle = make_chronicle("test", heads)
    check_chronicle(chronicle)
    before = make_chronicle("test", [x for x in heads if x.published and x.published <= known])
    assert answer(chronicle, known) == answer(before, known) == answer(before, None)
    assert list_editions(chronicle, known, {}) == list_editions(before, None, {})


@given(draw_heads(), st.data(), st.one_of(st.none(), st.integers(-1, DAYS)))
@settings(max_examples=150)
def test_the_order_of_the_files_does_not_matter(
    heads: list[Head], data: st.DataObject, number: int | None
) -> None:
    known = None if number is None else FIRST + timedelta(days=number)
    other = data.draw(st.permutations(heads))
    one, two = make_chronicle("test", heads), make_chronicle("test", other)
    assert answer(one, known) == answer(two, known)
    assert list_editions(one, known, {}) == list_editions(two, known, {})


@given(draw_heads())
@settings(max_examples=150)
def test_a_day_has_two_editions_only_where_an_overlap_is_told(heads: list[Head]) -> None:
    chronicle = make_chronicle("test", heads)
    view = chronicle.view(None, {})
    told = {frozenset((x.edition, y.edition)) for x, y, _ in view.list_overlaps()}
    found: set[frozenset[str]] = set()
    for on in EVERY_DAY:
        names = [x.edition for x in view.list_on(on)]
        found |= {frozenset((x, y)) for x in names for y in names if x != y}
    out_of_order = {frozenset((x.edition, y.edition)) for x, y in view.list_out_of_order()}
    assert found <= told
    assert told - found <= {pair for pair in told if pair & {n for p in out_of_order for n in p}}


@given(draw_heads())
@settings(max_examples=150)
def test_an_edition_and_its_correction_never_stand_together(heads: list[Head]) -> None:
    chronicle = make_chronicle("test", heads)
    for head in heads:
        assume(head.published is not None)
        view = chronicle.view(head.published, {})
        stand = {x.edition for x in view.standings} | {x.edition for x in view.idle}
        assert not (head.corrects and head.corrects in stand)


@given(draw_heads())
@settings(max_examples=100)
def test_each_edition_stands_from_when_it_is_known_until_it_is_corrected(heads: list[Head]) -> None:
    chronicle = make_chronicle("test", heads)
    for edition in list_editions(chronicle, None, {}):
        for known in EVERY_DAY:
            view = chronicle.view(known, {})
            stands = edition.edition in {x.edition for x in (*view.standings,)} | {
                x.edition for x in view.idle
            }
            begun = edition.known_from is not None and edition.known_from <= known
            over = edition.known_until is not None and edition.known_until < known
            assert stands is (begun and not over)
