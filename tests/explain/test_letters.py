"""Comes in: decisions of every outcome. Goes out: a failure where a letter about one says less.

Each golden under `goldens/letters` is a letter as an applicant gets it, looked over in both
languages; `pytest tests/explain --rewrite-goldens` writes them anew.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from lettered import ALL, CLAIM, DIGEST, HEAD, REMEDIES, decide, load
from test_html import HOSTILE, OUTSIDE, measure_contrast, read, read_colours

import voucher_rules as vr
from voucher_rules.api.letters import LETTER_FORMATS, list_other_ways
from voucher_rules.explain.forms import Line
from voucher_rules.explain.letters.model import Letter, LetterHead, Part, Place
from voucher_rules.explain.letters.style import LETTER_STYLE
from voucher_rules.explain.letters.text import lay_out_letter_text
from voucher_rules.explain.letters.words import WORDS
from voucher_rules.explain.letters.write import write_letter
from voucher_rules.record.body import Aside, make_record, state_balances
from voucher_rules.testing.load import Case, load_cases

LOOKED_UP: Final = "The deciding body looks it up in its ledger; you need not supply it"
HERE: Final = Path(__file__).resolve().parent
GOLDENS: Final = HERE / "goldens" / "letters"
LANGUAGES: Final = ("zh", "en")
SUFFIXES: Final = {"text": "txt", "markdown": "md", "html": "html"}
LAID_OUT: Final = "denied_for_three_reasons"
"""The letter of which every form is a golden; of the others the text is."""

MARKED: Final = "1. # > - [x](http://e) `y` *z* | <b> &amp; \\ ~~n~~ _u_"


def write(case: str, language: str, form: str = "text", **changes: Any) -> str:  # noqa: ANN401
    """Return a letter, with a digest of no record where nothing is changed."""
    if not changes:
        return LETTER_FORMATS[form](make(case, language))
    settings: dict[str, Any] = {"about": HEAD} | changes
    return decide(case).letter(language, form, **settings)


def make(case: str, language: str, about: LetterHead = HEAD) -> Letter:
    made = decide(case)
    others = list_other_ways(made.result)
    return write_letter(
        made.result,
        language,
        about,
        digest=DIGEST,
        place=Place("log-1", 7, "case 12"),
        others=others,
        trails=made.trails,
    )


def list_parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from list_parts(part.parts)


def write_letter_of(facts: dict[str, Any]) -> Letter:
    return write_letter(load().decide("claim", facts).result, "en", LetterHead())


def find_part(letter: Letter, key: str) -> Part | None:
    return next((x for x in list_parts((*letter.parts, letter.foot)) if x.key == key), None)


def tell_part(letter: Letter, key: str) -> list[str]:
    part = find_part(letter, key)
    return [] if part is None else [line.text for line in part.lines]


def list_golden_files() -> list[tuple[str, str, str]]:
    forms = [(case, "text") for case in ALL]
    forms += [(LAID_OUT, form) for form in SUFFIXES if form != "text"]
    return [(case, language, form) for case, form in forms for language in LANGUAGES]


@pytest.mark.parametrize(("case", "language", "form"), list_golden_files())
def test_a_letter_says_what_it_said(
    case: str, language: str, form: str, *, rewriting: bool
) -> None:
    golden = GOLDENS / f"{case}.{language}.{SUFFIXES[form]}"
    text = write(case, language, form).replace(LETTER_STYLE, "")
    # the digest of the ruleset changes with every word of it
    text = re.sub(r"sha256:(?!0123456789abcdef0123)[0-9a-f]{64}", "sha256:…", text)
    if rewriting:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_golden_has_its_letter() -> None:
    expected = {f"{case}.{tag}.{SUFFIXES[form]}" for case, tag, form in list_golden_files()}
    assert {path.name for path in GOLDENS.iterdir()} == expected


# What a letter of each outcome says


@pytest.mark.parametrize("case", ALL)
def test_both_languages_say_the_same(case: str) -> None:
    shapes = [
        [(x.key, [tell_shape(y) for y in x.lines], len(x.close)) for x in list_parts(made.parts)]
        for made in (make(case, "zh"), make(case, "en"))
    ]
    assert shapes[0] == shapes[1]
    figures = [
        [re.findall(r"[0-9][0-9,.]*[0-9]|[0-9]", text) for text in made.amounts]
        for made in (make(case, "zh"), make(case, "en"))
    ]
    assert figures[0] == figures[1]


def tell_shape(line: Line) -> tuple[str, str, int]:
    return (line.ref.replace("、", ", "), line.tone, len(line.notes))


def test_a_denial_tells_every_reason_with_its_article_and_what_may_be_done() -> None:
    letter = make("denied_for_three_reasons", "en")
    part = find_part(letter, "reasons")
    assert part is not None
    assert [line.ref for line in part.lines] == ["第二条", "第四条", "第六条"]
    assert tell_part(letter, "next") == ["Register in the county, then claim"]
    assert tell_part(letter, "following") == [
        "Enterprise: may not claim again, from 2024-05-10, until 2027-05-10"
    ]
    assert letter.amounts[-1] == "Were every condition met, voucher amount would be CNY 3,333.33"


def test_the_limit_that_binds_and_the_rounding_are_told() -> None:
    part = find_part(make("granted", "en"), "amount")
    assert part is not None
    assert [line.tone for line in part.lines] == ["good", "plain", "plain", "plain"]
    assert part.lines[-1].notes == ("About CNY 3,333.33 (exactly 10,000/3) becomes CNY 3,333.33",)
    assert part.close == (
        "The lowest is “at most the share of the price” (第三条), which gives CNY 3,333.33.",
    )


def test_limits_that_tie_are_all_told() -> None:
    part = find_part(make("granted_from_what_is_left", "en"), "amount")
    assert part is not None
    assert part.close == (
        (
            "These are lowest together: “at most 5000 yuan a voucher” (第三条); "
            "“at most 8000 yuan a year” (第三条); they give CNY 5,000."
        ),
    )


def test_what_is_missing_comes_with_its_article_and_what_shows_it() -> None:
    part = find_part(make("undetermined", "en"), "supply-facts")
    assert part is not None
    assert [(line.text, line.ref, line.notes) for line in part.lines] == [
        (
            "The enterprise is registered in the county",
            "第二条",
            ("Answer: yes or no", "Proof called for: the business licence"),
        ),
        ("Size of the enterprise", "第二条", ("Proof called for: proof of the size",)),
        ("Contract price", "第三条", ("Proof called for: the service contract",)),
    ]
    others = find_part(make("undetermined", "en"), "supply-others")
    assert others is not None
    assert [(line.text, line.ref, line.notes) for line in others.lines] == [
        ("Taken by the enterprise this year", "第三条", (LOOKED_UP,))
    ]


@pytest.mark.parametrize(("language", "no", "zero"), [("zh", "否", "0元"), ("en", "no", "CNY 0")])
def test_what_is_not_known_is_never_told_as_no_or_zero(language: str, no: str, zero: str) -> None:
    letter = make("undetermined", language)
    missing = {x.label.told(language).casefold() for x in decide("undetermined").missing_details}
    told = {line.text.casefold() for part in list_parts(letter.parts) for line in part.lines}
    colon = "：" if language == "zh" else ": "
    wrong = {f"{label}{colon}{value}".casefold() for label in missing for value in (no, zero)}
    assert missing <= told
    assert not wrong & told
    assert letter.lead.startswith("这不是拒绝" if language == "zh" else "This is not a refusal")
    assert letter.title == WORDS["title.undetermined"][LANGUAGES.index(language)].replace(
        "$question", "申领服务券" if language == "zh" else "claim of a voucher"
    )


def test_a_paper_that_is_missing_can_be_handed_in() -> None:
    letter = make("denied_for_want_of_papers", "en")
    assert tell_part(letter, "supply-papers") == ["The invoice"]
    assert tell_part(letter, "next") == ["Hand in what is listed under “Papers not handed in yet”"]
    supply = find_part(letter, "supply")
    assert supply is not None
    assert not supply.lead


def test_a_finding_that_is_awaited_names_who_makes_it() -> None:
    letter = make("referred", "en")
    part = find_part(letter, "supply-findings")
    assert part is not None
    assert part.lines == (
        Line("The enterprise is in business", "第二条", "open", ("Made by the receiving office",)),
    )


def test_what_does_not_help_against_a_denial_is_not_asked_for() -> None:
    facts = {key: x for key, x in CLAIM.items() if key != "finding.sound"}
    made = load().decide("claim", facts | {"enterprise.false_statement": True})
    text = made.letter("en", "text")
    assert "  What is listed here does not by itself change the conditions above" in text
    assert "What to do next" not in text


def test_a_finding_tells_who_made_it_and_when() -> None:
    part = find_part(make("granted", "en"), "contest-findings")
    assert part is not None
    assert part.lines[0].notes == ("Found by: 王某; on: 2024-05-09; evidence: 走访记录",)
    made = load().decide("claim", CLAIM | {"finding.sound": True})
    undated = (
        "Who found it, and when, was not stated; such a finding is made by the receiving office"
    )
    assert undated in made.letter("en", "text")
    dated = {"finding.sound": {"value": True, "on": "2024-05-09", "source": "巡查"}}
    part = find_part(write_letter_of(CLAIM | dated), "contest-findings")
    assert part is not None
    assert part.lines[0].notes == (
        "Source: 巡查; on: 2024-05-09",
        "Who found it was not stated; such a finding is made by the receiving office",
    )


def test_another_reading_is_told_where_it_gives_something_else() -> None:
    letter = make("granted_to_a_medium_enterprise", "en")
    part = find_part(letter, "contest-readings")
    assert part is not None
    assert [(line.text, line.notes[-1]) for line in part.lines] == [
        (
            "Do medium enterprises qualify? “they do”",
            (
                "Read as “they do not”: denied; voucher amount: CNY 0; were every condition met, "
                "voucher amount would be CNY 3,333.33"
            ),
        ),
        (
            "What is the share taken of? “the whole price”",
            "Read as “what lies above the amount left out”: granted; voucher amount: CNY 3,000",
        ),
        (
            (
                "If these are read otherwise together: do medium enterprises qualify? “they "
                "do not”; what is the share taken of? “what lies above the amount left out”"
            ),
            (
                "The result is: denied; voucher amount: CNY 0; were every condition met, voucher "
                "amount would be CNY 3,000"
            ),
        ),
    ]
    assert find_part(letter, "contest-same") is None


def test_readings_without_effect_are_told_as_such() -> None:
    letter = make("granted", "en")
    assert tell_part(letter, "contest-same") == ["Do medium enterprises qualify? “they do”"]
    assert len(tell_part(letter, "contest-readings")) == 1
    assert not tell_part(make("not_in_force", "en"), "contest-readings")


def test_what_was_used_before_is_told_with_its_period() -> None:
    part = find_part(make("from_a_ledger", "en"), "contest-balances")
    assert part is not None
    assert part.lines == (
        Line(
            "Taken by the enterprise this year: CNY 5,500 (enterprise E1; 2024-01-01 to "
            "2024-12-31)",
            notes=(
                "Voucher V1: CNY 1,500, issued (2024-02-01)",
                "Voucher V2: CNY 1,500, issued (2024-03-01)",
                "Voucher V1: CNY 2,500, used (2024-04-01)",
            ),
        ),
    )
    assert not [x for x in tell_part(make("from_a_ledger", "en"), "contest-facts") if "Taken" in x]


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("assumed_in_force", "This decision assumes that the measure is in force"),
        ("what_if", "What-if: cap of one voucher (`item_cap`) is CNY 1,000 instead of CNY 5,000"),
    ],
)
def test_what_is_no_decision_in_force_says_so_first(case: str, told: str) -> None:
    letter = make(case, "en")
    assert [line.text for line in letter.grave] == [told]
    assert told not in tell_part(letter, "warnings")
    text = write(case, "en")
    assert text.index(told) < text.index("How the amount comes about")


def test_a_draft_says_so_first() -> None:
    made = vr.load("cn-nm-service-voucher").decide(
        "claim", {}, on="2015-01-01", assume_in_force=True
    )
    text = lay_out_letter_text(write_letter(made.result, "zh", LetterHead()))
    assert text.index("没有效力") < text.index("尚不能判断的条件")


def test_the_law_is_told_with_its_number_edition_and_days() -> None:
    told = tell_part(make("granted", "en"), "law")
    assert told[0] == "[invented] Measures on service vouchers (示〔2024〕10号（虚构）)"
    assert told[2:4] == [
        "In force: 2024-01-01 to 2024-12-31",
        "This letter applies the law as it stood on 2024-05-10",
    ]
    digest = load().checked.semantic_digest
    assert told[4] == f"Ruleset: lettered, edition 2024, digest {digest}"
    assert tell_part(make("read_otherwise", "en"), "law")[-1] == (
        "On “what is the share taken of?” this letter takes “what lies above the amount left out”, "
        "not “the whole price” as is usual"
    )


def test_a_ruleset_that_is_called_is_named_with_the_law() -> None:
    ruleset = vr.load("cn-nm-service-voucher")
    for name in ruleset.decisions:
        program = ruleset.program(name)
        called = {getattr(rule.body, "uses", "") for rule in program.rules} - {""}
        made = ruleset.decide(name, {}, on="2015-01-01", assume_in_force=True)
        letter = write_letter(made.result, "en", LetterHead())
        assert len([x for x in tell_part(letter, "law") if x.startswith("Applied as well")]) == len(
            called
        )


# What the caller says


def test_remedies_are_those_of_the_caller_or_none() -> None:
    for language in LANGUAGES:
        part = find_part(make("granted", language), "remedies")
        assert part is not None
        assert part.close == tuple(REMEDIES[language].splitlines())
        neutral = find_part(make("granted", language, LetterHead()), "remedies")
        assert neutral is not None
        assert neutral.close == (WORDS["remedies.neutral"][LANGUAGES.index(language)],)


def test_remedies_in_another_language_are_no_remedies() -> None:
    about = vr.LetterHead(remedies={"en": "Write to us."})
    assert "Write to us." in write("granted", "en", about=about)
    with pytest.raises(vr.InputError) as caught:
        write("granted", "zh", about=about)
    assert [x.code for x in caught.value.diagnostics] == ["remedies-not-told"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_filled_in_that_nobody_said(language: str) -> None:
    letter = make("granted", language, LetterHead())
    assert (letter.issuer, letter.dated, letter.subject) == ("", "", "")
    assert len(letter.head) == 2
    text = write("granted", language, about=None, digest=None)
    assert WORDS["part.check"][LANGUAGES.index(language)] not in text


def test_the_digest_stands_at_the_foot() -> None:
    for form in LETTER_FORMATS:
        text = write("granted", "en", form)
        assert text.rindex("2024-05-12") < text.rindex(DIGEST)
        assert text.rindex(DIGEST) < text.rindex("sha256sum")


def digest_record(case: str, subject: str | None = None) -> str:
    made = decide(case)
    balances = state_balances(made.trails, made.result.ruleset)
    return make_record(made.result, balances, Aside(subject)).digest


@pytest.mark.parametrize("case", ALL)
@pytest.mark.parametrize("subject", [None, HEAD.subject])
def test_the_digest_of_the_record_of_the_decision_is_taken(case: str, subject: str | None) -> None:
    digest = digest_record(case, subject)
    text = write(case, "en", digest=digest)
    assert f"Digest of the record of this decision: {digest}" in text
    assert "The record is entry" not in text


def test_a_digest_of_another_record_is_refused() -> None:
    for digest in (
        DIGEST,
        digest_record("denied_with_nothing_left"),
        digest_record("granted", "x"),
    ):
        with pytest.raises(vr.InputError) as caught:
            write("granted", "en", digest=digest)
        assert [x.code for x in caught.value.diagnostics] == ["digest-of-another"]


@pytest.mark.parametrize("digest", ["", "sha256:12", DIGEST.upper(), DIGEST + "0", 7])
def test_what_is_no_digest_is_refused(digest: Any) -> None:  # noqa: ANN401
    with pytest.raises(vr.InputError) as caught:
        write("granted", "en", digest=digest)
    assert [x.code for x in caught.value.diagnostics] == ["bad-digest"]


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({"subject": 7}, ["wrong-python-type"]),
        ({"reference": "a\u202eb"}, ["hidden-character"]),
        ({"dated": "2024-5-1"}, ["not-a-date"]),
        ({"dated": 20240501}, ["wrong-python-type"]),
        ({"remedies": "appeal"}, ["wrong-python-type"]),
        ({"remedies": {"fr": "appel"}}, ["remedies-language"]),
        ({"remedies": {"zh": " "}}, ["remedies-not-told"]),
        ({"remedies": {"zh": "a\x00"}}, ["hidden-character"]),
        ({"issuer": None, "dated": "x"}, ["not-a-date", "wrong-python-type"]),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(
    settings: dict[str, Any], codes: list[str]
) -> None:
    with pytest.raises(vr.InputError) as caught:
        vr.LetterHead(**settings)
    assert [x.code for x in caught.value.diagnostics] == codes


def test_a_language_or_a_form_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="language is zh or en"):
        decide("granted").letter("fr")
    with pytest.raises(ValueError, match="format is html, markdown, text"):
        decide("granted").letter("zh", "pdf")


# How it is laid out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", ALL)
def test_a_page_is_well_formed_and_holds_every_word_of_the_letter(case: str, language: str) -> None:
    html = write(case, language, "html")
    reader = read(html)
    assert not reader.faults
    assert not reader.stack
    assert not OUTSIDE.search(html)
    assert reader.pick("html") == [{"lang": {"zh": "zh-CN", "en": "en"}[language]}]
    letter = make(case, language)
    for part in list_parts((*letter.parts, letter.foot)):
        for text in (part.title, part.lead, *part.close, *(x.text for x in part.lines)):
            assert " ".join(text.split()) in reader.shown


@pytest.mark.parametrize("case", ALL)
def test_headings_go_down_by_one_step(case: str) -> None:
    tags = read(write(case, "en", "html")).tags
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_page_after_the_first_bears_who_writes_and_the_number_of_the_case() -> None:
    html = write("granted", "zh", "html")
    boxes = re.findall(
        r"@page \{\n  @top-left \{ content: (.*); \}\n  @top-right .*: (.*); \}", html
    )
    assert [read_css_string(text) for text in boxes[0]] == [HEAD.issuer, f"编号：{HEAD.reference}"]
    assert "@page :first {\n  @top-left { content: none; }" in html
    assert "@page :first" not in write("granted", "zh", "html", about=LetterHead())


def read_css_string(text: str) -> str:
    """Return what a browser makes of a string of CSS, escapes and the blank after each."""
    assert re.fullmatch(r'"[^"\n]*"', text)
    return re.sub(r"\\([0-9a-f]{1,6}) ?", lambda x: chr(int(x[1], 16)), text[1:-1])


@pytest.mark.parametrize("text", [HOSTILE, MARKED, "</style>", '"; } body { color: red', "a\\b: 1"])
def test_what_stands_above_pages_cannot_end_its_string(text: str) -> None:
    html = write("granted", "en", "html", about=LetterHead(issuer=text, reference=text))
    assert html.count("</style>") == 1
    boxes = re.findall(r"@top-(?:left|right) \{ content: (\".*\"); \}", html)
    told = " ".join(text.split())
    assert [read_css_string(box) for box in boxes] == [told, f"Reference: {told}"]


def test_every_colour_of_a_letter_can_be_read() -> None:
    for opening in (":root {", "@media print {\n  :root {"):
        colours = read_colours(LETTER_STYLE.partition(opening)[2].partition("}")[0])
        assert {"ink", "soft", "good", "bad", "open", "plain"} <= {*colours}
        for name in ("ink", "soft", "good", "bad", "open", "plain"):
            for ground in (colours.get("paper", "#ffffff"), colours["wash"]):
                assert measure_contrast(colours[name], ground) >= 4.5, (opening, name)


def test_the_style_of_a_letter_cannot_end_its_element_and_loads_nothing() -> None:
    assert "<" not in LETTER_STYLE
    assert not OUTSIDE.search(LETTER_STYLE)
    assert "size: A4" in LETTER_STYLE


def write_hostile(form: str) -> str:
    facts = CLAIM | {
        "contract.amount": {"value": "1000元", "source": HOSTILE, "document": MARKED},
        "finding.sound": {"value": True, "by": HOSTILE, "evidence": MARKED},
    }
    about = vr.LetterHead(
        subject=HOSTILE,
        reference=MARKED,
        issuer=f"{HOSTILE}\n# {MARKED}",
        remedies={"en": f"{MARKED}\n- {HOSTILE}\n===\n2) two"},
    )
    return load().decide("claim", facts).letter("en", form, about=about)


def test_hostile_texts_stay_texts_on_a_page() -> None:
    html = write_hostile("html")
    reader = read(html)
    assert not reader.faults
    assert not {"script", "b", "a", "img"} & {*reader.tags}
    # the title, the subject, who writes (twice), the remedies, a source, who made a finding
    assert reader.shown.count(HOSTILE) == 6
    assert not OUTSIDE.search(html.replace("http://e", ""))


def test_hostile_texts_open_nothing_in_markdown() -> None:
    for line in write_hostile("markdown").splitlines():
        assert not re.search(r"(?<!\\)[<`]", line)
        begin = line.removeprefix("> ").lstrip()
        begin = begin.removeprefix("- ") if begin.startswith("- ") else begin
        if line.startswith("#"):
            assert re.fullmatch(r"#{1,4} [^#]*", line)
        else:
            assert not re.match(r"[0-9]+[.)]|[-+=#>]|\||~", begin), line


def test_a_text_keeps_each_setting_on_one_line() -> None:
    lines = write_hostile("text").splitlines()
    assert f"To: {HOSTILE}" in lines
    assert f"{HOSTILE} # {MARKED}" in lines


def test_a_letter_is_the_same_every_time() -> None:
    for form in LETTER_FORMATS:
        assert write("from_a_ledger", "zh", form) == write("from_a_ledger", "zh", form)


@pytest.mark.parametrize(
    ("language", "part"), [("en", "that was checked"), ("zh", "凡已核对的条件")]
)
def test_a_grant_with_notes_of_the_measure_says_that_not_all_was_checked(
    language: str, part: str
) -> None:
    ruleset = vr.load("cn-gx-service-voucher")
    cases = Path(__file__).parents[2] / "rulesets/cn-gx-service-voucher/2024.cases.yaml"
    found = {x.name: x for x in load_cases(cases).cases}
    noted = next(x for x in found.values() if "publication_not_known" in told_of(x))
    decision = ruleset.decide(
        noted.decision, noted.facts, on=noted.on, readings=noted.readings, assume_in_force=True
    )
    assert decision.outcome == "granted"
    assert part in decision.letter(language)
    assert {"en": "Every condition is met.", "zh": "各项条件均已满足。"}[language] not in (
        decision.letter(language)
    )


def told_of(case: Case) -> set[str]:
    """Return the warnings a case expects."""
    return {str(v) for x in case.expectations if x.key == "warnings" for v in x.values}
