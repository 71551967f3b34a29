"""Which edition is in force on a day, as known on another: every boundary, one day either side."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.catalog import heads
from voucher_rules.catalog.find import list_rulesets
from voucher_rules.catalog.heads import read_head, shape_head
from voucher_rules.sources.tree import Source
from voucher_rules.sources.yaml import read_yaml

RULESETS: Final = Path(__file__).resolve().parent / "rulesets"
NAME: Final = "test-repair-voucher"
DAY: Final = timedelta(days=1)


@pytest.fixture(scope="module")
def editions() -> vr.Catalog:
    return vr.catalog([RULESETS])


def find(editions: vr.Catalog, on: str, known: str | None = None) -> str:
    """Return the name of the edition, or the code of the refusal."""
    try:
        return editions.find(NAME, on=on, known=known).edition
    except vr.RulesetNotFoundError as error:
        return error.diagnostics[0].code


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2020-02-29", "edition-before-first"),
        ("2020-03-01", "2020-corrected"),
        ("2020-03-02", "2020-corrected"),
        ("2021-12-30", "2020-corrected"),
        ("2021-12-31", "2020-corrected"),
        ("2022-01-01", "2022"),
        ("2022-01-02", "2022"),
        ("2023-06-29", "2022"),
        ("2023-06-30", "2022"),
        ("2023-07-01", "edition-in-gap"),
        ("2023-12-31", "edition-in-gap"),
        ("2024-01-01", "2024"),
        ("2099-12-31", "2024"),
    ],
)
def test_each_day_has_its_edition(editions: vr.Catalog, on: str, found: str) -> None:
    assert find(editions, on) == found


@pytest.mark.parametrize(
    ("on", "known", "found"),
    [
        ("2020-03-01", "2020-02-09", "edition-not-known-yet"),
        ("2020-03-01", "2020-02-10", "2020"),
        ("2020-03-01", "2020-02-11", "2020"),
        # a correction counts for every day in force, from the day it is known
        ("2020-03-01", "2020-06-14", "2020"),
        ("2020-03-01", "2020-06-15", "2020-corrected"),
        ("2020-03-01", "2020-06-16", "2020-corrected"),
        ("2021-01-01", "2020-06-14", "2020"),
        ("2021-01-01", "2020-06-15", "2020-corrected"),
        # an amendment counts from its own first day, and from when it is known
        ("2022-01-01", "2021-12-19", "2020-corrected"),
        ("2022-01-01", "2021-12-20", "2022"),
        ("2022-01-01", "2021-12-21", "2022"),
        ("2021-12-31", "2021-12-20", "2020-corrected"),
        ("2023-07-01", "2021-12-19", "2020-corrected"),
        ("2023-07-01", "2021-12-20", "edition-after-last"),
        ("2023-07-01", "2023-10-31", "edition-after-last"),
        ("2023-07-01", "2023-11-01", "edition-in-gap"),
        ("2024-01-01", "2023-10-31", "edition-not-known-yet"),
        ("2024-01-01", "2023-11-01", "2024"),
        # a draft ends nothing when it is known
        ("2026-01-01", "2025-04-30", "2024"),
        ("2026-01-01", "2025-05-01", "2024"),
    ],
)
def test_what_is_known_later_changes_nothing_before(
    editions: vr.Catalog, on: str, known: str, found: str
) -> None:
    assert find(editions, on, known) == found


def test_an_error_names_the_editions_beside_the_day(editions: vr.Catalog) -> None:
    told = {
        "2020-02-29": ("2020-corrected", "2020-03-01"),
        "2023-07-01": ("2022", "2023-06-30", "2024", "2024-01-01"),
    }
    for on, words in told.items():
        with pytest.raises(vr.RulesetNotFoundError) as caught:
            editions.find(NAME, on=on)
        for language in ("zh", "en"):
            text = caught.value.diagnostics[0].message(language)
            assert all(word in text for word in words), text


def test_not_known_yet_names_the_first_day_on_which_it_is_known(editions: vr.Catalog) -> None:
    with pytest.raises(vr.RulesetNotFoundError) as caught:
        editions.find(NAME, on="2020-03-01", known="2020-02-09")
    arguments = caught.value.diagnostics[0].arguments
    assert (arguments["edition"], arguments["published"]) == ("2020", "2020-02-10")


def test_a_name_of_drafts_only_is_never_in_force(editions: vr.Catalog) -> None:
    with pytest.raises(vr.RulesetNotFoundError) as caught:
        editions.find("test-drafted", on="2024-01-01")
    assert caught.value.diagnostics[0].code == "edition-never-in-force"
    assert "draft (draft)" in caught.value.render("en")


def test_a_name_nobody_has_is_not_found(editions: vr.Catalog) -> None:
    with pytest.raises(vr.RulesetNotFoundError) as caught:
        editions.find("test-repair-vouchers", on="2024-01-01")
    assert caught.value.diagnostics[0].code == "ruleset-not-found"
    assert caught.value.diagnostics[0].arguments["near"] == NAME


def test_each_edition_has_its_two_times(editions: vr.Catalog) -> None:
    found = {item.edition: item for item in editions.editions(NAME)}
    times = {
        name: (x.in_force_from, x.in_force_until, x.known_from, x.known_until)
        for name, x in found.items()
    }
    assert times == {
        "2020": (date(2020, 3, 1), None, date(2020, 2, 10), date(2020, 6, 14)),
        "2020-corrected": (date(2020, 3, 1), date(2021, 12, 31), date(2020, 6, 15), None),
        "2022": (date(2022, 1, 1), date(2023, 6, 30), date(2021, 12, 20), None),
        "2024": (date(2024, 1, 1), None, date(2023, 11, 1), None),
        "2026-draft": (None, None, date(2025, 5, 1), None),
    }
    assert list(found) == ["2020", "2020-corrected", "2022", "2024", "2026-draft"]
    assert found["2020"].corrected_by == "2020-corrected"
    assert found["2020-corrected"].corrects == "2020"
    assert found["2020-corrected"].superseded_by == "2022"
    assert found["2024"].superseded_by == ""
    assert str(found["2024"]) == f"{NAME} 2024"


def test_editions_as_known_before_an_amendment_have_no_end(editions: vr.Catalog) -> None:
    before = editions.editions(NAME, known="2021-12-19")
    assert [(x.edition, x.in_force_until) for x in before] == [
        ("2020", None),
        ("2020-corrected", None),
    ]


def test_the_timeline_is_told_in_both_languages(editions: vr.Catalog) -> None:
    for language, words in {
        "zh": ("没有施行中的版本", "更正 2020", "修订 2020", "替代 2022", "草案", "通知"),
        "en": (
            "no edition is in force",
            "corrects 2020",
            "amends 2020",
            "replaces 2022",
            "a draft",
        ),
    }.items():
        text = editions.explain(NAME, language)
        assert all(word in text for word in words)
        assert "2023-07-01" in text
        assert "2023-12-31" in text
    assert "2022" not in editions.explain(NAME, known="2021-12-19")
    with pytest.raises(ValueError, match="zh or en"):
        editions.explain(NAME, "fr")


def test_an_overlap_is_refused_at_the_door_and_told_in_words(editions: vr.Catalog) -> None:
    for ask in (
        lambda: editions.editions("test-overlapping"),
        lambda: editions.find("test-overlapping", on="2020-06-01"),
    ):
        with pytest.raises(vr.RulesetError) as caught:
            ask()
        assert [x.code for x in caught.value.diagnostics] == ["editions-overlap"]
        assert caught.value.diagnostics[0].arguments["day"] == "2021-01-01"
    assert "2021-01-01" in editions.explain("test-overlapping").splitlines()[-1]


def test_a_reading_may_fix_the_first_day() -> None:
    editions = vr.catalog()
    name, asked = "cn-nx-service-voucher", {"promulgation_day": "printed"}
    assert editions.find(name, on="2016-06-24").edition == "2016"
    assert editions.find(name, on="2016-06-27", readings=asked).edition == "2016"
    with pytest.raises(vr.RulesetNotFoundError) as caught:
        editions.find(name, on="2016-06-26", readings=asked)
    assert caught.value.diagnostics[0].code == "edition-before-first"
    (edition,) = editions.editions(name)
    assert set(edition.starts) == {"signed", "printed"}
    assert "printed 2016-06-27" in editions.explain(name, "en")


@pytest.mark.parametrize(
    ("readings", "code"),
    [
        ({"promulgation_days": "printed"}, "unknown-reading"),
        ({"promulgation_day": "printd"}, "not-one-of"),
        ({"promulgation_day": 1}, "bad-setting"),
        ("printed", "bad-setting"),
    ],
)
def test_a_reading_nobody_has_is_refused(readings: Any, code: str) -> None:  # noqa: ANN401
    name, editions = "cn-nx-service-voucher", vr.catalog()
    for ask in (
        lambda: editions.find(name, on="2024-01-01", readings=readings),
        lambda: editions.editions(name, readings=readings),
        lambda: editions.explain(name, readings=readings),
        lambda: editions.find_for(name, "claim", {}, readings=readings),
    ):
        with pytest.raises(vr.InputError) as caught:
            ask()
        assert [x.code for x in caught.value.diagnostics] == [code]


@pytest.mark.parametrize("known", ["2026-11-20", "2026-11-21"])
def test_the_shipped_editions_are_known_from_their_first_day(known: str) -> None:
    editions = vr.catalog()
    for name in editions.ids:
        found = editions.editions(name, known=known)
        assert bool(found) is (known == "2026-11-21"), name


@pytest.mark.parametrize("day", ["2024", "2024-02-30", 2024, None])
def test_a_day_that_is_none_is_refused(editions: vr.Catalog, day: object) -> None:
    with pytest.raises(vr.InputError):
        editions.find(NAME, on=day)  # type: ignore[arg-type]
    if day is not None:
        with pytest.raises(vr.InputError) as caught:
            editions.find(NAME, on="2024-01-01", known=day)  # type: ignore[arg-type]
        assert caught.value.diagnostics[0].path == "known"


# --- the edition of a case ---------------------------------------------------------------------

CASE: Final[dict[str, Any]] = {"order.price": "100元"}


@pytest.mark.parametrize(
    ("order", "claim", "found", "amount"),
    [
        ("2021-12-30", "2021-12-31", "2020-corrected", 40),
        ("2021-12-31", "2022-01-01", "2020-corrected", 40),
        ("2021-12-31", "2023-05-01", "2020-corrected", 40),
        ("2022-01-01", "2022-01-01", "2022", 50),
        ("2022-01-02", "2022-01-02", "2022", 50),
        ("2022-01-02", "2023-06-30", "2022", 50),
        ("2022-01-02", "2024-01-01", "2024", 60),
        ("2021-12-31", "2024-01-01", "2024", 60),
    ],
)
def test_a_rule_of_transition_says_which_day_counts(
    editions: vr.Catalog, order: str, claim: str, found: str, amount: int
) -> None:
    facts = CASE | {"order.date": order, "claim.date": claim}
    made = editions.decide(NAME, "claim", facts)
    assert made.found.edition.edition == made.ruleset.edition == found
    assert made.decision.amounts["voucher.amount"].value == amount


def test_why_an_edition_was_found_is_told(editions: vr.Catalog) -> None:
    facts = CASE | {"order.date": "2021-12-31", "claim.date": "2022-02-01"}
    found = editions.find_for(NAME, "claim", facts)
    assert found.placed_by == "2022 第二条"
    for language in ("zh", "en"):
        told = found.explain(language)
        assert all(x in told for x in ("2020-corrected", "第二条", "order.date", "2021-12-31"))
    later = CASE | {"order.date": "2022-01-01", "claim.date": "2022-02-01"}
    assert editions.find_for(NAME, "claim", later).placed_by == ""


def test_a_decision_placed_by_transition_warns_of_it(editions: vr.Catalog) -> None:
    facts = CASE | {"order.date": "2021-12-31", "claim.date": "2022-02-01"}
    made = editions.decide(NAME, "claim", facts)
    assert "placed_by_transition" in {x.code for x in made.decision.result.warnings}
    assert "2022 第二条" in made.decision.explain("zh")
    plain = editions.decide(NAME, "claim", facts | {"order.date": "2022-01-01"})
    assert "placed_by_transition" not in {x.code for x in plain.decision.result.warnings}


def test_the_edition_of_a_case_is_that_known_on_the_day(editions: vr.Catalog) -> None:
    facts = CASE | {"order.date": "2020-04-01", "claim.date": "2020-05-01"}
    shares = {
        known: editions.decide(NAME, "claim", facts, known=known).decision
        for known in ("2020-06-14", "2020-06-15")
    }
    amounts = {known: x.amounts["voucher.amount"].value for known, x in shares.items()}
    assert amounts == {"2020-06-14": 30, "2020-06-15": 40}


def test_the_day_of_the_law_may_be_given_beside_the_facts(editions: vr.Catalog) -> None:
    facts = CASE | {"order.date": "2024-01-01"}
    assert editions.find_for(NAME, "claim", facts, on="2024-01-01").edition.edition == "2024"
    assert editions.decide(NAME, "claim", facts, on="2024-01-01").decision.outcome == "granted"


@pytest.mark.parametrize(
    ("facts", "fact"),
    [
        ({}, "claim.date"),
        ({"claim.date": "unknown"}, "claim.date"),
        ({"claim.date": {"value": "unanswered"}}, "claim.date"),
        ({"claim.date": "2023-01-01"}, "order.date"),
    ],
)
def test_a_day_that_matters_is_not_guessed(
    editions: vr.Catalog, facts: dict[str, Any], fact: str
) -> None:
    with pytest.raises(vr.InputError) as caught:
        editions.find_for(NAME, "claim", facts)
    assert [(x.code, x.path) for x in caught.value.diagnostics] == [("edition-day-unknown", fact)]


def test_a_day_that_does_not_matter_may_be_unknown(editions: vr.Catalog) -> None:
    facts = {"claim.date": date(2024, 1, 1)}
    assert editions.find_for(NAME, "claim", facts).edition.edition == "2024"
    found = editions.find_for(NAME, "claim", {}, known="2021-01-01")
    assert found.edition.edition == "2020-corrected"
    assert "claim.date" in found.explain("en")


@pytest.mark.parametrize("stated", ["2024-13-01", 5, {"value": "x"}])
def test_a_day_that_is_no_day_is_refused_by_its_name(editions: vr.Catalog, stated: object) -> None:
    with pytest.raises(vr.InputError) as caught:
        editions.find_for(NAME, "claim", {"claim.date": stated})
    assert caught.value.diagnostics[0].path == "claim.date"


def test_a_decision_nobody_answers_is_refused(editions: vr.Catalog) -> None:
    with pytest.raises(vr.InputError) as caught:
        editions.find_for(NAME, "clam", {})
    assert caught.value.diagnostics[0].code == "unknown-decision"
    assert caught.value.diagnostics[0].arguments["near"] == "claim"


@pytest.mark.parametrize(
    ("decision", "facts", "code"),
    [(5, {}, "unknown-decision"), ("claim", [], "facts-not-a-mapping")],
)
def test_what_is_no_case_is_refused(
    editions: vr.Catalog,
    decision: Any,  # noqa: ANN401
    facts: Any,  # noqa: ANN401
    code: str,
) -> None:
    with pytest.raises(vr.InputError) as caught:
        editions.decide(NAME, decision, facts)
    assert [x.code for x in caught.value.diagnostics] == [code]


def test_a_case_in_a_gap_is_refused(editions: vr.Catalog) -> None:
    facts = {"order.date": "2022-05-01"}
    for claim, code in {
        "2023-07-01": "edition-in-gap",
        "2020-02-29": "edition-before-first",
    }.items():
        order = min(facts["order.date"], claim)
        with pytest.raises(vr.RulesetNotFoundError) as caught:
            editions.find_for(NAME, "claim", {"order.date": order, "claim.date": claim})
        assert caught.value.diagnostics[0].code == code


# --- notices have two times as well -------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "known", "amount"),
    [
        ("2024-04-01", "2024-05-09", 200),
        ("2024-04-01", "2024-05-10", 100),
        ("2024-04-01", None, 100),
        ("2024-03-31", "2024-05-10", 200),
        ("2024-12-31", "2024-05-10", 100),
        ("2025-01-01", "2024-05-10", 200),
    ],
)
def test_a_notice_is_known_from_its_issue_and_holds_on_its_days(
    editions: vr.Catalog, claim: str, known: str | None, amount: int
) -> None:
    facts = {"order.price": "1000元", "order.date": "2024-01-01", "claim.date": claim}
    made = editions.decide(NAME, "claim", facts, known=known)
    assert made.decision.amounts["voucher.amount"].value == amount


def test_a_ruleset_is_loaded_as_known_on_a_day() -> None:
    assert vr.load(NAME, "2024", folders=[RULESETS], known="2024-05-09").notices == ()
    loaded = vr.load(NAME, "2024", folders=[RULESETS], known=date(2024, 5, 10))
    assert len(loaded.notices) == 1
    changed = loaded.amend({"share": "10%"})
    assert changed.known == date(2024, 5, 10)
    assert vr.load(NAME, "2024", folders=[RULESETS], known="2023-11-01").notices == ()
    with pytest.raises(vr.RulesetNotFoundError) as caught:
        vr.load(NAME, "2024", folders=[RULESETS], known="2023-10-31")
    assert caught.value.diagnostics[0].code == "edition-known-later"
    for language, says in (
        ("zh", "还不知道「voucher」的版本「2024」"),
        ("en", "the edition `2024` of `voucher`"),
    ):
        assert says.replace("voucher", NAME) in caught.value.render(language)


def test_a_day_on_which_nothing_was_known_is_told(editions: vr.Catalog) -> None:
    for language, says in (("zh", "还不知道"), ("en", "no edition of")):
        told = editions.explain(NAME, language, known="2020-02-09")
        assert says in told
        assert "2020-02-10" in told
    assert editions.explain(NAME, "en", known="2020-02-10").startswith("2020: ")


def test_without_a_day_no_dash_stands_for_one(editions: vr.Catalog) -> None:
    with pytest.raises(vr.RulesetNotFoundError) as caught:
        editions.find_for(NAME, "claim", {}, known="2020-02-09")
    (item,) = caught.value.diagnostics
    assert item.code == "edition-in-force-not-known"
    assert "—" not in item.message("zh") + item.message("en")


def test_old_editions_stay_loadable() -> None:
    for edition in ("2020", "2020-corrected", "2022", "2024", "2026-draft"):
        assert vr.load(NAME, edition, folders=[RULESETS]).edition == edition
    assert vr.load(NAME, folders=[RULESETS]).edition == "2026-draft", "the last by name"


# --- heads --------------------------------------------------------------------------------------


def test_a_head_is_what_the_whole_file_says() -> None:
    for file in list_rulesets([RULESETS]):
        data = file.path.read_bytes()
        whole = shape_head(read_yaml(data, str(file.path)), file.path, "")
        assert read_head(file) == whole
        ruleset = vr.load(file.path).checked
        assert dict(whole.starts) == dict(ruleset.document.starts)
        assert whole.until == ruleset.document.until
        assert whole.succession == ruleset.succession


def test_only_heads_are_read_to_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def note(data: bytes, name: str) -> Source:
        seen.append(len(data.replace(b"\n", b"")))
        return read_yaml(data, name)

    monkeypatch.setattr(heads, "read_yaml", note)
    editions = vr.catalog([RULESETS])
    assert not seen, "nothing is read before a ruleset is asked for"
    editions.find(NAME, on="2024-01-01")
    whole = [path.stat().st_size for path in (RULESETS / NAME).glob("*.yaml")]
    assert len(seen) == 5
    assert max(seen) < min(size for size in whole if size > 1000) * 2 / 3
    editions.find(NAME, on="2022-01-01")
    assert len(seen) == 5, "and once"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("published:", '"published":'),
        ("published:", "published :"),
        ("ruleset: test", "# a word\n# of its author\nruleset: test"),
        ("supersedes:\n  - ", "supersedes:\n- "),
        ("\n", "\r\n"),
    ],
)
def test_other_ways_to_write_a_file_are_read_alike(tmp_path: Path, before: str, after: str) -> None:
    shutil.copytree(RULESETS / NAME, tmp_path / NAME)
    path = tmp_path / NAME / "2022.yaml"
    text = path.read_text(encoding="utf-8")
    if "- " in after:
        text = text.replace("    kind:", "  kind:").replace("    because:", "  because:")
        text = text.replace("  - {decision", "- {decision")
    path.write_bytes(text.replace(before, after).encode())
    assert vr.load(path).checked.succession.published == date(2021, 12, 20)
    editions = vr.catalog([tmp_path])
    assert editions.find(NAME, on="2022-01-01").known_from == date(2021, 12, 20)


def test_a_text_that_looks_like_a_key_is_caught_when_the_edition_is_loaded(tmp_path: Path) -> None:
    """A text in quotes may go on at the margin; what it says there is nothing of the head."""
    (tmp_path / NAME).mkdir()
    path = tmp_path / NAME / "2026-draft.yaml"
    text = (RULESETS / NAME / "2020.yaml").read_text(encoding="utf-8")
    text = text.replace("published: 2020-02-10\n", "").replace('"2020"', "2026-draft")
    other = '{zh: 价格, en: "price\npublished: 2021-01-01\nfacts: x"}'
    path.write_text(text.replace("{zh: 价格, en: price}", other), encoding="utf-8")
    assert vr.load(path).checked.succession.published is None
    editions = vr.catalog([tmp_path])
    edition = editions.find(NAME, on="2024-01-01")
    assert edition.known_from == date(2021, 1, 1), "the part misleads"
    with pytest.raises(vr.RulesetError) as caught:
        editions.load(edition)
    assert caught.value.diagnostics[0].code == "edition-changed"


def test_a_file_changed_since_it_was_read_is_refused(tmp_path: Path) -> None:
    shutil.copytree(RULESETS / NAME, tmp_path / NAME)
    editions = vr.catalog([tmp_path])
    edition = editions.find(NAME, on="2022-01-01")
    assert editions.load(edition).edition == "2022"
    path = tmp_path / NAME / "2022.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("50%", "55%"), encoding="utf-8")
    with pytest.raises(vr.RulesetError) as caught:
        editions.load(edition)
    assert [x.code for x in caught.value.diagnostics] == ["edition-changed"]


def test_what_an_edition_says_of_others_is_no_part_of_its_meaning(tmp_path: Path) -> None:
    path = RULESETS / NAME / "2022.yaml"
    text = path.read_text(encoding="utf-8")
    (tmp_path / NAME).mkdir()
    other = tmp_path / NAME / "2022.yaml"
    other.write_text(text.replace("2021-12-20", "2021-12-21"), encoding="utf-8")
    one, two = vr.load(path).checked, vr.load(other).checked
    assert one.source_digest != two.source_digest
    assert one.semantic_digest == two.semantic_digest


def test_before_a_draft_is_published_nothing_is_known(tmp_path: Path) -> None:
    text = (RULESETS / "test-drafted" / "draft.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "test-drafted"
    folder.mkdir()
    dated = text.replace("language: 1\n", "language: 1\npublished: 2024-02-01\n")
    (folder / "draft.yaml").write_text(dated, encoding="utf-8")
    for known, code in (
        ("2024-01-31", "edition-none-known"),
        ("2024-02-01", "edition-never-in-force"),
    ):
        with pytest.raises(vr.RulesetNotFoundError) as caught:
            vr.catalog([tmp_path]).find("test-drafted", on="2024-03-01", known=known)
        assert caught.value.diagnostics[0].code == code
