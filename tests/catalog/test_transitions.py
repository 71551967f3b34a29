"""Rules of transition: which day counts, where the old edition had an end, a gap, other facts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr

ORIGINAL: Final = (
    Path(__file__).resolve().parent / "rulesets" / "test-repair-voucher" / "2020.yaml"
).read_text(encoding="utf-8")
NAME: Final = "test-repair-voucher"
OLD: Final = ORIGINAL.replace('"2020"', "old").replace("until: unset", "until: 2020-12-31")
NEW: Final = (
    ORIGINAL.replace('"2020"', "new")
    .replace("from: 2020-03-01", "from: 2021-01-01")
    .replace("value: 30%", "value: 50%")
    .replace(
        "published: 2020-02-10\n",
        """published: 2020-12-01
supersedes:
  - {edition: old, kind: amendment, because: {zh: 因, en: why}}
transition:
  - {decision: claim, by: order.date, ref: 第二条}
""",
    )
)


def open_catalog(folder: Path, old: str = OLD, new: str = NEW) -> vr.Catalog:
    (folder / NAME).mkdir()
    (folder / NAME / "old.yaml").write_text(old, encoding="utf-8")
    (folder / NAME / "new.yaml").write_text(new, encoding="utf-8")
    return vr.catalog([folder])


def make_case(order: str, claim: str) -> dict[str, Any]:
    return {"order.price": "100元", "order.date": order, "claim.date": claim}


@pytest.mark.parametrize(
    ("order", "claim", "edition", "amount"),
    [
        ("2020-12-31", "2020-12-31", "old", 30),
        ("2020-12-31", "2021-01-01", "old", 30),
        ("2020-12-31", "2025-01-01", "old", 30),
        ("2021-01-01", "2021-01-01", "new", 50),
    ],
)
def test_the_old_edition_holds_beyond_its_last_day(
    tmp_path: Path, order: str, claim: str, edition: str, amount: int
) -> None:
    made = open_catalog(tmp_path).decide(NAME, "claim", make_case(order, claim))
    assert made.found.edition.edition == edition
    assert made.decision.outcome == "granted"
    assert made.decision.amounts["voucher.amount"].value == amount
    assert bool(made.found.placed_by) is (edition == "old" and claim > "2020-12-31")


def test_without_the_rule_the_old_edition_is_not_in_force(tmp_path: Path) -> None:
    editions = open_catalog(tmp_path)
    case = make_case("2020-12-31", "2021-01-01")
    old = next(x for x in editions.editions(NAME) if x.edition == "old")
    assert editions.load(old).decide("claim", case).outcome == "not_in_force"
    assert editions.load(old).decide("claim", case, placed_by="new 第二条").outcome == "granted"


def test_an_order_in_a_gap_falls_under_no_edition(tmp_path: Path) -> None:
    editions = open_catalog(tmp_path, OLD.replace("2020-12-31", "2020-09-30"))
    case = make_case("2020-09-30", "2021-05-01")
    assert editions.find_for(NAME, "claim", case).edition.edition == "old"
    for order in ("2020-10-01", "2020-12-31"):
        with pytest.raises(vr.RulesetNotFoundError) as caught:
            editions.find_for(NAME, "claim", make_case(order, "2021-05-01"))
        assert caught.value.diagnostics[0].code == "edition-in-gap"


def test_the_rule_counts_for_an_order_that_is_older_than_the_old_edition(tmp_path: Path) -> None:
    made = open_catalog(tmp_path).decide(NAME, "claim", make_case("2019-01-01", "2021-05-01"))
    assert made.found.edition.edition == "old"
    assert made.decision.outcome == "granted"


def test_a_case_may_fall_under_the_new_edition_before_its_day(tmp_path: Path) -> None:
    new = NEW.replace("require: order.date <= claim.date", "require: order.date >= claim.date")
    editions = open_catalog(tmp_path, new=new)
    made = editions.decide(NAME, "claim", make_case("2021-01-01", "2020-12-31"))
    assert (made.found.edition.edition, made.found.placed_by) == ("new", "new 第二条")
    assert made.decision.outcome == "granted"


def test_a_day_the_old_edition_does_not_know_only_finds_it(tmp_path: Path) -> None:
    old = OLD.replace("  order.date: {type: date, label: {zh: 下单日, en: day of the order}}\n", "")
    old = old.replace("require: order.date <= claim.date", "require: order.price > 0")
    editions = open_catalog(tmp_path, old)
    case = make_case("2020-12-31", "2021-01-01")
    assert editions.decide(NAME, "claim", case).decision.outcome == "granted"
    with pytest.raises(vr.InputError) as caught:
        editions.decide(NAME, "claim", case | {"order.day": "2020-12-31"})
    assert [x.code for x in caught.value.diagnostics] == ["unknown-fact"]


def test_a_day_that_no_rule_reads_may_find_the_edition(tmp_path: Path) -> None:
    new = NEW.replace("require: order.date <= claim.date", "require: order.price > 0")
    made = open_catalog(tmp_path, new=new).decide(
        NAME, "claim", make_case("2021-01-01", "2021-02-01")
    )
    assert made.ruleset.edition == "new"
    assert made.decision.outcome == "granted"


def test_what_is_known_later_has_no_say(tmp_path: Path) -> None:
    editions = open_catalog(tmp_path, OLD.replace("until: 2020-12-31", "until: unset"))
    case = make_case("2021-02-01", "2021-02-01")
    for known, edition in {"2020-11-30": "old", "2020-12-01": "new"}.items():
        found = editions.find_for(NAME, "claim", case, known=known)
        assert found.edition.edition == edition
        assert (edition == "new") is ("第二条" in found.explain("en"))


def test_an_edition_may_drop_a_decision(tmp_path: Path) -> None:
    new = NEW.replace("  claim:\n", "  settle:\n").replace("for: claim", "for: settle")
    new = new.replace("decision: claim", "decision: settle")
    editions = open_catalog(tmp_path, new=new)
    case = make_case("2020-12-31", "2020-12-31")
    assert editions.decide(NAME, "claim", case).decision.outcome == "granted"
    with pytest.raises(vr.InputError) as caught:
        editions.decide(NAME, "claim", case | {"claim.date": "2021-01-01"})
    assert [x.code for x in caught.value.diagnostics] == ["unknown-decision"]


def test_editions_may_go_by_different_days(tmp_path: Path) -> None:
    new = NEW.replace("as_of: claim.date", "as_of: order.date")
    new = new[: new.index("transition:")] + new[new.index("title: {zh: 维修券") :]
    editions = open_catalog(tmp_path, new=new)
    for order, edition in {"2020-12-31": "old", "2021-01-01": "new"}.items():
        found = editions.find_for(NAME, "claim", make_case(order, "2021-01-01"))
        assert found.edition.edition == edition
