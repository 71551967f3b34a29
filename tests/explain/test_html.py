"""Comes in: outlines, harmless and hostile. Goes out: a failure for each fault of their HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Final

import pytest

import voucher_rules
from voucher_rules.explain.forms import Line, Outline, RuleTrace, Section, TraceLine
from voucher_rules.explain.html import lay_out_fragment, lay_out_html, lay_out_report
from voucher_rules.explain.outline import outline_decision
from voucher_rules.explain.style import PAGE_STYLE, STYLE

VOID: Final = frozenset({"meta", "br", "hr", "wbr"})
LANGUAGES: Final = ("zh", "en")
HOSTILE: Final = "<script>alert('x')</script>\"&<b title=x>--></style></title>"
OUTSIDE: Final = re.compile(
    r"https?:|\bsrc\s*=|\bsrcset\s*=|href\s*=\s*\"(?!#)|url\(|@import|@font-face|<link|<script"
    r"|<img|<iframe|<object|<base|\bon[a-z]+\s*=",
    re.IGNORECASE,
)

MADE: Final = Outline(
    language="en",
    title="Measure of 2016",
    question="claim of a voucher",
    outcome="denied",
    tone="bad",
    amounts=("voucher amount: CNY 0", "were every condition met, it would be CNY 2,500"),
    possible="",
    as_of="as the law stood on 2017-03-01",
    sections=(
        Section(
            "binding",
            "how the amount comes about",
            (
                Line("at most the ratio: 50% × CNY 6,000 = CNY 3,000", "第六条"),
                Line("at most the cap: CNY 2,500", "第七条", "good", ("this limit binds",)),
                Line("at most what a person finds: waits", "第八条", "open"),
            ),
        ),
        Section("reasons", "reasons", (Line("not met: in the region", "第五条", "bad", ("no",)),)),
        Section("missing", "what is missing", (Line("the contract", "", "open", ("a.b_c",)),)),
        Section("next", "what to do next", (Line("move to the region"),)),
        Section("results", "other results", (Line("deposit: CNY 3,500", "第九条"),)),
        Section("readings", "readings", (Line("which day? the first", "第十二条"),), folded=True),
        Section("facts", "facts relied on", (Line("price: CNY 6,000"),), folded=True),
    ),
    trace=(
        RuleTrace(
            "in_region",
            "第五条",
            "the enterprise must be in the region",
            "not met",
            "bad",
            (TraceLine("a and b", "no", (TraceLine("a [x.a]", "yes"), TraceLine("b", "no"))),),
        ),
        RuleTrace("bare_rule", "第六条", "bare_rule", "applies", "plain", ()),
    ),
    trace_title="every rule",
    document=("Interim measures", "The bureau", "〔2016〕73号", "ruleset digest sha256:0123…"),
)


@dataclass
class Reader(HTMLParser):
    """Reads HTML and keeps its elements, its texts, and each tag that does not balance."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.stack), data))

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    @property
    def shown(self) -> str:
        """What a reader sees: the text of the body, style left out, blanks made one."""
        hidden = {"style", "title"}
        joined = "".join(text for stack, text in self.texts if not hidden & {*stack})
        return " ".join(joined.split())

    def pick(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@cache
def decide(language: str) -> Outline:
    ruleset = voucher_rules.load("cn-nx-service-voucher")
    facts = {"contract.amount": "6000元", "enterprise.size": "small"}
    return outline_decision(ruleset.decide("claim", facts, on="2017-03-01").result, language)


def spoil(outline: Outline) -> Outline:
    """Put the hostile text before every text of an outline."""

    def spoil_line(line: Line) -> Line:
        notes = tuple(HOSTILE + note for note in line.notes)
        return replace(line, text=HOSTILE + line.text, ref=HOSTILE + line.ref, notes=notes)

    def spoil_step(step: TraceLine) -> TraceLine:
        parts = tuple(spoil_step(part) for part in step.parts)
        return TraceLine(HOSTILE + step.text, HOSTILE + step.value, parts)

    return replace(
        outline,
        title=HOSTILE,
        question=HOSTILE,
        outcome=HOSTILE,
        amounts=(HOSTILE, f"{HOSTILE}: {HOSTILE}"),
        possible=HOSTILE,
        as_of=HOSTILE,
        sections=tuple(
            replace(item, title=HOSTILE, lines=tuple(spoil_line(line) for line in item.lines))
            for item in outline.sections
        ),
        trace=tuple(
            RuleTrace(
                HOSTILE + rule.id,
                HOSTILE,
                HOSTILE,
                HOSTILE,
                rule.tone,
                tuple(spoil_step(step) for step in rule.steps),
            )
            for rule in outline.trace
        ),
        trace_title=HOSTILE,
        document=(HOSTILE, HOSTILE),
    )


def list_forms(outline: Outline) -> list[str]:
    cases = [("first", outline), ("second", outline)]
    return [
        lay_out_html(outline),
        lay_out_fragment(outline),
        lay_out_report(cases, "a report", outline.language),
    ]


def list_places(shown: str, *texts: str) -> list[int]:
    return [shown.index(text) for text in texts]


# Structure


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", [0, 1, 2], ids=["page", "fragment", "report"])
def test_a_decision_is_well_formed_and_needs_nothing_else(language: str, form: int) -> None:
    html = list_forms(decide(language))[form]
    reader = read(html)
    assert not reader.faults
    assert not reader.stack
    assert not OUTSIDE.search(html)


def test_a_page_has_what_a_browser_must_know_of_it() -> None:
    html = lay_out_html(MADE)
    reader = read(html)
    assert html.startswith("<!doctype html>\n")
    assert reader.pick("html") == [{"lang": "en"}]
    metas = reader.pick("meta")
    assert {"charset": "utf-8"} in metas
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in metas
    policy = [meta["content"] for meta in metas if "http-equiv" in meta]
    assert policy[0] is not None
    assert policy[0].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "<title>claim of a voucher · denied · Measure of 2016</title>" in html


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_language_is_named(language: str, tag: str) -> None:
    outline = replace(MADE, language=language)
    assert read(lay_out_html(outline)).pick("html") == [{"lang": tag}]
    assert read(lay_out_fragment(outline)).pick("div")[0]["lang"] == tag
    assert read(lay_out_report([], "none", language)).pick("html") == [{"lang": tag}]


def test_chinese_is_marked_within_english_alone() -> None:
    marked = '(<span lang="zh-CN">第六条</span>)'
    assert marked in lay_out_html(MADE)
    assert marked not in lay_out_html(replace(MADE, language="zh"))


def test_the_outcome_comes_first_and_the_document_last() -> None:
    shown = read(lay_out_html(MADE)).shown
    places = list_places(
        shown,
        "✗ denied",
        "voucher amount: CNY 0",
        "were every condition met",
        "at most the cap: CNY 2,500 (第七条)",
        "not met: in the region (第五条)",
        "what is missing",
        "what to do next",
        "other results",
        "readings",
        "facts relied on",
        "every rule",
        "✗ not met the enterprise must be in the region in_region (第五条)",
        "a and b → no",
        "a [x.a] → yes",
        "Interim measures",
        "sha256:0123…",
    )
    assert places == sorted(places)


def test_nothing_of_a_decision_is_left_out() -> None:
    outline = decide("zh")
    shown = read(lay_out_html(outline)).shown.replace(" ", "")
    texts = [outline.outcome, *outline.amounts, outline.possible, outline.as_of]
    for section in outline.sections:
        texts += [section.title, *(line.text for line in section.lines)]
        texts += [note for line in section.lines for note in line.notes]
    texts += [text for rule in outline.trace for text in (rule.id, rule.status, rule.says)]
    for text in [*texts, *outline.document]:
        assert text.replace(" ", "") in shown


def test_a_limit_that_binds_stands_before_the_others_which_are_folded() -> None:
    html = lay_out_html(MADE)
    shown = read(html).shown
    binds, waits, rest, other = list_places(
        shown, "at most the cap", "at most what a person finds", "other limits", "at most the ratio"
    )
    assert binds < waits < rest < other
    assert "→ at most the cap" in shown


def test_where_no_limit_binds_all_are_shown_in_their_order() -> None:
    lines = tuple(replace(line, tone="plain", notes=()) for line in MADE.sections[0].lines)
    bare = replace(MADE, sections=(replace(MADE.sections[0], lines=lines),))
    shown = read(lay_out_html(bare)).shown
    places = list_places(shown, "the ratio", "the cap", "a person finds")
    assert places == sorted(places)
    assert "other limits" not in shown


def test_detail_is_folded_and_starts_closed() -> None:
    reader = read(lay_out_html(MADE))
    folds = reader.pick("details")
    # other limits, readings, facts, the trace, and within it the one rule that has steps
    assert len(folds) == 5
    assert not [fold for fold in folds if "open" in fold]
    assert reader.tags.count("summary") == 5


def test_values_take_the_place_of_an_amount_that_is_not_there() -> None:
    assert 'vr-results vr-main"' in lay_out_html(replace(MADE, amounts=()))
    assert "vr-main" not in lay_out_html(MADE).partition("</style>")[2]


@pytest.mark.parametrize("form", [0, 1, 2], ids=["page", "fragment", "report"])
def test_headings_go_down_one_level_at_a_time(form: int) -> None:
    levels = [int(tag[1]) for tag in read(list_forms(MADE)[form]).tags if re.match("h[1-6]", tag)]
    assert levels[0] == (3 if form == 1 else 1)
    assert all(later - level <= 1 for level, later in pairwise(levels))


@pytest.mark.parametrize(
    ("tone", "sign"), [("good", "✓"), ("bad", "✗"), ("open", "?")], ids=["good", "bad", "open"]
)
def test_an_outcome_is_told_by_sign_and_word(tone: str, sign: str) -> None:
    html = lay_out_html(replace(MADE, tone=tone, outcome="so it is"))
    assert f"{sign} so it is" in read(html).shown
    assert f'<span class="vr-sign" aria-hidden="true">{sign}</span>' in html


def test_an_empty_outline_is_laid_out() -> None:
    empty = replace(MADE, amounts=(), sections=(), trace=(), document=())
    reader = read(lay_out_html(empty))
    assert not reader.faults
    assert "details" not in reader.tags


# Escaping


def test_hostile_texts_are_shown_as_text_everywhere() -> None:
    for html in [
        *list_forms(spoil(MADE)),
        lay_out_report([(HOSTILE, spoil(MADE))], HOSTILE, "zh"),
    ]:
        reader = read(html)
        assert not reader.faults
        assert not {"script", "b"} & {*reader.tags}
        assert HOSTILE in reader.shown
        assert not re.search(r"<script|<b |--></style>|</title>.*</title>", html, re.DOTALL)


def test_a_quote_and_an_ampersand_stay_themselves() -> None:
    html = lay_out_html(replace(MADE, outcome='"& &lt;'))
    assert "&quot;&amp; &amp;lt;" in html
    assert '✗ "& &lt;' in read(html).shown


@pytest.mark.parametrize(
    "character", ["\0", "\x1b", "\x85", "\u202e", "\u2066", "\ud800", "\ufffe"], ids=ascii
)
def test_characters_that_deceive_or_are_not_html_are_replaced(character: str) -> None:
    html = lay_out_html(replace(MADE, amounts=(f"{character}fee: CNY 1",)))
    assert character not in html
    assert "\ufffdfee: CNY 1" in read(html).shown
    assert html.encode()


def test_sums_and_days_are_kept_whole_and_endless_numbers_are_not() -> None:
    endless = "9" * 200
    facts = Section("facts", "f", (Line(f"CNY 1,000 on 2017-03-01, 20元, CNY {endless}"),))
    html = lay_out_html(replace(MADE, sections=(facts,)))
    whole = re.findall('<span class="vr-whole">([^<]*)', html.partition("facts")[2])
    assert [text.rstrip("元") for text in whole[-4:-1]] == ["CNY 1,000", "2017-03-01", "20"]
    assert len(whole[-1]) < 32
    assert endless in read(html).shown


# Fragment


def test_a_fragment_is_one_element_with_its_style() -> None:
    html = lay_out_fragment(MADE)
    reader = read(html)
    assert html.startswith('<div class="voucher-rules" lang="en">')
    assert reader.tags.count("style") == 1
    assert not {"html", "head", "body", "meta", "title"} & {*reader.tags}
    assert not reader.stack
    assert "@page" not in html
    assert PAGE_STYLE not in html


# Report


def test_a_report_has_an_entry_and_a_heading_for_each_case() -> None:
    granted = replace(
        MADE, outcome="granted", tone="good", amounts=("voucher amount: CNY 2,500",), language="zh"
    )
    valued = replace(MADE, outcome="determined", tone="good", amounts=())
    nothing = replace(valued, sections=())
    cases = [("A & B", granted), ("case two", MADE), ("case two", valued), ("last", nothing)]
    html = lay_out_report(cases, "Claims of <March>", "en")
    reader = read(html)
    assert not reader.faults
    assert reader.tags.count("style") == 1
    assert html.count(STYLE) == 1
    assert reader.tags.count("article") == len(cases)
    links = [attributes["href"] for attributes in reader.pick("a")]
    targets = [item["id"] for item in reader.pick("section") if "id" in item]
    assert links == ["#case-1", "#case-2", "#case-3", "#case-4"]
    assert [f"#{target}" for target in targets] == links
    assert [item["lang"] for item in reader.pick("article")] == ["zh-CN", "en", "en", "en"]
    scopes = [item["scope"] for item in reader.pick("th")]
    assert scopes == ["col"] * 3 + ["row"] * 4
    contents = read(html[html.index("<tbody>") : html.index("</tbody>")]).shown
    told = [
        "A & B ✓ granted voucher amount: CNY 2,500",
        "case two ✗ denied voucher amount: CNY 0",
        "were every condition met, it would be CNY 2,500",
        "case two ✓ determined deposit: CNY 3,500",
        "last ✓ determined —",
    ]
    assert contents.replace(" ", "") == "".join(told).replace(" ", "")
    assert "Claims of <March>" in reader.shown


def test_a_report_of_nothing_has_no_contents() -> None:
    reader = read(lay_out_report([], "nothing", "zh"))
    assert not reader.faults
    assert not {"table", "article"} & {*reader.tags}


@pytest.mark.parametrize(("language", "head"), [("zh", "个案"), ("en", "case")])
def test_the_contents_speak_the_language_of_the_report(language: str, head: str) -> None:
    assert f'<th scope="col">{head}</th>' in lay_out_report([("a", MADE)], "t", language)


# Style


def list_selectors(style: str) -> Iterator[str]:
    """Yield each selector of a style text, those within a condition such as @media too."""
    for prelude in re.findall(r"([^{};]+)\{", style):
        if not prelude.strip().startswith("@"):
            yield from (selector.strip() for selector in prelude.split(","))


def read_colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))


def measure_light(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure_contrast(one: str, other: str) -> float:
    low, high = sorted((measure_light(one), measure_light(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_selector_is_scoped() -> None:
    selectors = list(list_selectors(STYLE))
    assert len(selectors) > 50
    assert not [item for item in selectors if not re.match(r"\.voucher-rules(?![\w-])", item)]
    assert {"@media"} == {*re.findall("@[a-z-]+", STYLE)}


def test_the_style_cannot_end_its_element() -> None:
    assert "<" not in STYLE + PAGE_STYLE
    assert not OUTSIDE.search(STYLE + PAGE_STYLE)


def test_every_class_of_the_markup_has_a_look() -> None:
    html = "".join(list_forms(decide("en")) + list_forms(MADE))
    used = {name for _, item in read(html).elements for name in (item.get("class") or "").split()}
    unstyled = used - {*re.findall(r"\.([a-z-]+)", STYLE + PAGE_STYLE)}
    # Classes that name a section; some are styled, all may be.
    assert unstyled <= {"vr-reasons", "vr-missing", "vr-next", "vr-warnings", "vr-readings"}


@pytest.mark.parametrize(
    ("scheme", "opening"),
    [("light", ".voucher-rules {"), ("dark", "dark)"), ("print", "@media print")],
    ids=["light", "dark", "print"],
)
def test_every_colour_can_be_read(scheme: str, opening: str) -> None:
    colours = read_colours(STYLE.partition(opening)[2].partition("}")[0])
    assert {"ink", "soft", "good", "bad", "open", "link", "paper", "wash"} <= {*colours}
    for name in ("ink", "soft", "good", "bad", "open", "link"):
        for ground in ("paper", "wash"):
            contrast = measure_contrast(colours[name], colours[ground])
            assert contrast >= 4.5, f"{scheme}: {name} on {ground} is {contrast:.2f}"


def test_print_opens_what_is_folded_and_is_black_on_white() -> None:
    printed = STYLE.partition("@media print")[2]
    assert "details::details-content" in printed
    assert "content-visibility: visible" in printed
    colours = read_colours(printed.partition("}")[0])
    assert colours.pop("line")
    assert {*colours.values()} == {"#000000", "#ffffff"}
    assert colours["paper"] == "#ffffff"
    assert "break-after: avoid" in printed
    assert "size: A4" in PAGE_STYLE
    assert "screen and (prefers-color-scheme: dark)" in STYLE


def test_the_focus_can_be_seen() -> None:
    assert re.search(r"\.voucher-rules :focus-visible \{ outline: 3px", STYLE)
    assert "outline: none" not in STYLE + PAGE_STYLE
