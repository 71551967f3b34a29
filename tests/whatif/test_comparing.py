"""Two decisions side by side: what differs, which rule made it, and which change."""

from __future__ import annotations

import importlib.util
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr

NOTICES: Final = Path(__file__).resolve().parents[1] / "notices"
MEASURE: Final = NOTICES / "test-yearly-voucher" / "2024.yaml"
RULESET: Final = vr.load(MEASURE)
DAY: Final = "2024-02-01"
CLAIM: Final[dict[str, Any]] = {
    "contract.amount": "20万元",
    "contract.signed": "2024-02-01",
    "enterprise.size": "small",
    "enterprise.staff": "10人",
    "service.category": "advice",
}


def compare(reform: vr.Ruleset | vr.Regime, facts: dict[str, Any] = CLAIM) -> vr.Comparison:
    return vr.compare(facts, RULESET, reform, decision="claim", on=DAY)


def list_parts(study: vr.Comparison) -> list[str]:
    assert study.attributions is not None
    return [item.part for item in study.attributions]


def test_a_cap_that_binds_makes_the_difference() -> None:
    study = compare(RULESET.amend({"cap[small]": "6万元"}))
    assert study.differs
    assert study.differences == {"voucher.amount": Decimal(10_000)}
    assert study.causes == ("by_size",)
    assert study.follows == ()
    assert list_parts(study) == ["whole"]
    (row,) = study.to_rows("amounts")
    assert (row["before"], row["after"], row["difference"]) == (50_000, 60_000, 10_000)
    (number,) = study.to_rows("numbers", "en")
    assert (number["name"], number["before"]) == ("cap[small]", "CNY 50,000")


def test_a_change_that_does_nothing_here_is_told_as_such() -> None:
    study = compare(RULESET.amend({"cap[micro]": "6万元"}))
    assert not study.differs
    assert study.causes == ()
    assert list_parts(study) == ["none"]
    assert "两种情形下的决定相同" in study.summary("zh")


def test_where_two_limits_bind_at_once_only_both_changes_together_do_it() -> None:
    facts = CLAIM | {"contract.amount": "10万元"}  # half of it is the cap as well
    study = compare(RULESET.amend({"cap[small]": "6万元", "ratio": "60%"}), facts)
    assert list_parts(study) == ["together", "together"]
    assert study.differences == {"voucher.amount": Decimal(10_000)}
    assert "only together" in study.summary("en")
    assert study.attributions is not None
    alone = [item.alone for item in study.attributions]
    assert [x.amounts["voucher.amount"].value for x in alone if x] == [5_000_000, 5_000_000]


def test_each_of_two_changes_may_be_enough_and_one_do_a_part() -> None:
    study = compare(RULESET.amend({"cap[small]": "1万元", "ratio": "10%"}))
    assert list_parts(study) == ["whole", "some"]


def test_a_rule_added_with_its_parameter_is_one_cause_and_tried_as_far_as_it_can_be() -> None:
    text = """
ruleset: test-yearly-voucher
language: 1
title: {zh: 试, en: trial}
changes:
  - add:
      parameters:
        ceiling: {type: money, value: 1万元, limit: at_most, label: {zh: 顶格, en: ceiling}}
      rules:
        - {id: ceiling, topic: cap, for: claim,
           limits: voucher.amount, at_most: ceiling,
           says: {zh: 不超过顶格, en: at most the ceiling}}
"""
    study = compare(RULESET.amend_from(text))
    assert study.causes == ("ceiling",)
    assert list_parts(study) == ["together", "together"]
    assert study.attributions is not None
    assert [item.alone is None for item in study.attributions] == [False, True]
    (row,) = study.to_rows("rules", "en")
    assert (row["role"], row["ref"]) == ("cause: new", "what-if, no provision")


def test_a_change_of_the_baseline_may_be_undone() -> None:
    baseline = RULESET.amend({"cap[small]": "6万元"})
    study = vr.compare(CLAIM, baseline, RULESET, decision="claim", on=DAY)
    assert study.differences == {"voucher.amount": Decimal(-10_000)}
    assert study.attributions is not None
    assert study.attributions[0].change.en.startswith("undone: what-if: cap")


def test_what_both_share_is_no_difference() -> None:
    baseline = RULESET.amend({"ratio": "60%"})
    study = vr.compare(
        CLAIM, baseline, baseline.amend({"cap[small]": "6万元"}), decision="claim", on=DAY
    )
    assert study.attributions is not None
    assert [item.change.en.split(" is ")[0] for item in study.attributions] == [
        "what-if: cap (small) (`cap[small]`)"
    ]


def test_what_follows_is_told_apart_from_what_made_it() -> None:
    ningxia = vr.load("cn-nx-service-voucher", "2016")
    study = vr.compare(
        {"contract.amount": "4000元"}, ningxia, ningxia.amend(item_ratio="30%"), decision="claim"
    )
    assert study.causes == ("item_ratio_limit",)
    assert study.follows == ("deposit",)


def test_undetermined_decisions_differ_in_their_ranges_and_in_what_they_lack() -> None:
    facts = {key: CLAIM[key] for key in ("contract.amount", "contract.signed")}
    study = compare(RULESET.amend({"rule.staff": "off", "cap[small]": "6万元"}), facts)
    assert study.before.outcome == study.after.outcome == "undetermined"
    assert study.differences == {}
    (row,) = study.to_rows("amounts")
    assert (row["before"], row["after"], row["difference"]) == (None, None, None)
    assert (row["before_high"], row["after_high"]) == (50_000, 60_000)
    missing = {row["name"]: (row["before"], row["after"]) for row in study.to_rows("missing")}
    assert missing["enterprise.size"] == (True, True)
    off = compare(RULESET.amend({"rule.staff": "off", "rule.most_staff": "off"}), facts)
    lacking = {row["name"]: (row["before"], row["after"]) for row in off.to_rows("missing")}
    assert lacking["enterprise.staff"] == (True, False)


def test_regimes_differ_by_readings_and_by_assumption_too() -> None:
    ningxia = vr.load("cn-nx-service-voucher", "2016")
    one = vr.Regime(ningxia, "claim")
    other = vr.Regime(ningxia, "claim", {"medium_enterprises": "excluded"}, assume_in_force=True)
    study = vr.compare({"enterprise.size": "medium"}, one, other)
    assert study.differs
    assert study.attributions is not None
    assert [item.change.en.split(":")[0] for item in study.attributions] == [
        "reading `medium_enterprises`",
        "assumed in force",
    ]


def test_two_editions_are_compared_and_not_taken_apart(tmp_path: Path) -> None:
    folder = tmp_path / "test-yearly-voucher"
    folder.mkdir()
    text = MEASURE.read_text("utf-8")
    text = text.replace('edition: "2024"', 'edition: "2025"').replace(
        "small: 5万元", "small: 7万元"
    )
    text = text.replace("enterprise.staff", "enterprise.people")
    (folder / "2025.yaml").write_text(text, encoding="utf-8")
    later = vr.load("test-yearly-voucher", "2025", folders=[tmp_path])
    facts = CLAIM | {"enterprise.people": "10人"}
    study = compare(later, facts)
    assert study.differences == {"voucher.amount": Decimal(20_000)}
    assert study.attributions is None
    assert study.left_out == ("enterprise.staff", "enterprise.people")
    assert "enterprise.people" in study.summary("en")
    with pytest.raises(vr.InputError, match="unknown-fact"):
        compare(later, facts | {"enterprise.nothing": "1"})


def test_the_decision_is_named_by_a_regime_or_there_is_only_one() -> None:
    amended = RULESET.amend({"cap[small]": "6万元"})
    with pytest.raises(vr.InputError, match="decision-unsaid"):
        vr.compare(CLAIM, RULESET, amended)
    assert vr.compare(CLAIM, vr.Regime(RULESET, "claim"), amended, on=DAY).differs


@pytest.mark.parametrize("count", [12, 13])
def test_no_more_changes_are_tried_than_anyone_would(count: int) -> None:
    reform = RULESET
    for number in range(count):
        reform = reform.amend({"cap[micro]": f"{number + 3}万元"})
    study = compare(reform)
    assert (study.attributions is None) == (count > 12)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_comparison_is_told_laid_out_and_tabulated(language: str) -> None:
    study = compare(RULESET.amend({"cap[small]": "6万元"}))
    told = study.summary(language)
    assert study.title(language) in told
    assert study.to_html(language).count("<table") == len([x for x in study.sheets if x.rows])
    assert "<table" in study._repr_html_()
    assert {"假设分析，不具法律效力", "a what-if: nobody's law"} & set(told.split("\n"))
    if importlib.util.find_spec("pandas"):
        assert list(study.to_frame("amounts")["difference"]) == [Decimal(10_000)]
