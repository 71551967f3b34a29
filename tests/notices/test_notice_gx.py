"""An invented yearly notice of the Guangxi measure: before its year, in it and after it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import voucher_rules as vr

HERE: Final = Path(__file__).resolve().parent
GOOD: Final = HERE / "good" / "gx-2025.notice.yaml"
BAD: Final = HERE / "bad" / "gx" / "raises_a_ratio.notice.yaml"
ID: Final = "cn-gx-service-voucher"
CASES: Final = HERE.parents[1] / "rulesets" / ID / "2024.cases.yaml"
BASES: Final[dict[str, dict[str, Any]]] = yaml.load(CASES.read_text("utf-8"), yaml.CSafeLoader)[
    "bases"
]
RULESET: Final = vr.load(ID, "2024", notices=[GOOD])
PLAIN: Final = vr.load(ID, "2024")

BEFORE, FIRST, LAST, AFTER = (
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 12, 31),
    date(2026, 1, 1),
)
YEAR: Final = (FIRST, LAST)
OTHER_DAYS: Final = (BEFORE, AFTER)
DAYS: Final = (BEFORE, *YEAR, AFTER)


def decide(decision: str, facts: dict[str, Any], ruleset: vr.Ruleset = RULESET) -> vr.Decision:
    return ruleset.decide(decision, facts, assume_in_force=True)


def tell_amount(decision: vr.Decision) -> int | None:
    """Return the amount in whole yuan of what is granted."""
    if decision.outcome != "granted":
        return None
    assert decision.amount is not None
    assert decision.amount.value is not None
    return int(decision.amount.value)


def apply_on(day: date, *titles: str) -> vr.Decision:
    held = [{"title": x, "valid_from": "2020-01-01", "valid_until": "none"} for x in titles]
    dates = {"application.date": day, "qualification.date": day}
    return decide("apply", BASES["typical_application"] | dates | {"titles": held})


def sign_on(day: date) -> dict[str, Any]:
    return {
        "contract.signed_on": day,
        "qualification.date": day,
        "provider.admitted_for": f"{day.year}年份",
    }


def buy(category: str, **fields: object) -> dict[str, Any]:
    item = {"amount": "100000元", "category": category, "listed": True, "hardware": "none"}
    return {"items": [item | {"litigation": False, "mandatory": False} | fields]}


def use_on(day: date, category: str) -> vr.Decision:
    return decide("use", BASES["typical_use"] | sign_on(day) | buy(category))


def settle(signed: date, settled: date, face: int, **facts: object) -> vr.Decision:
    """Settle a diagnosis of 100,000 yuan, paid with a voucher and confirmed on the day it began."""
    dates = {
        "contract.signed_on": signed,
        "service.confirmed_on": signed,
        "settlement.date": settled,
    }
    paid = {"voucher.face": f"{face}元", "balance.paid": f"{80_000 - face}元"}
    base = BASES["typical_settlement"] | buy("diagnosis")
    return decide("settle", base | dates | paid | facts)


@pytest.mark.parametrize(
    ("title", "own", "noticed"),
    [
        ("innovative", 100_000, 80_000),
        ("specialised", 200_000, 150_000),
        ("little_giant", 300_000, 300_000),
    ],
)
def test_the_quotas_it_lowers_are_lower_in_its_year(title: str, own: int, noticed: int) -> None:
    amounts = [tell_amount(apply_on(day, title)) for day in DAYS]
    assert amounts == [own, noticed, noticed, own]


def test_the_lowest_and_the_highest_quota_stay() -> None:
    assert {tell_amount(apply_on(day)) for day in DAYS} == {50_000}
    assert {tell_amount(apply_on(day, "specialised", "little_giant")) for day in DAYS} == {300_000}


def test_the_ratio_it_lowers_is_lower_in_its_year() -> None:
    assert [tell_amount(use_on(day, "diagnosis")) for day in DAYS] == [
        80_000,
        70_000,
        70_000,
        80_000,
    ]
    assert {tell_amount(use_on(day, "management")) for day in DAYS} == {50_000}


@pytest.mark.parametrize("category", ["market", "talent"])
def test_the_kinds_of_service_it_leaves_out_are_denied_in_its_year(category: str) -> None:
    for day in OTHER_DAYS:
        assert tell_amount(use_on(day, category)) == 50_000
    for day in YEAR:
        denied = use_on(day, category)
        assert denied.outcome == "denied"
        assert "第六条（一）" in denied.articles


def test_a_provider_of_what_it_leaves_out_alone_is_not_admitted_in_its_year() -> None:
    base = BASES["typical_provider"] | {"provider.categories": ["talent"]}
    outcomes = [
        decide("apply_as_provider", base | {"provider.applied_on": day}).outcome for day in DAYS
    ]
    assert outcomes == ["granted", "denied", "denied", "granted"]


@pytest.mark.parametrize(("kind", "quota"), [("leading", 600_000), ("cluster", 400_000)])
def test_special_vouchers_have_a_quota_in_its_year_and_none_is_known_on_other_days(
    kind: str, quota: int
) -> None:
    base = BASES["typical_special"] | {"special.kind": kind}
    operator = {"special.operator": True} if kind == "cluster" else {}
    for day in DAYS:
        decision = decide("apply_special", base | operator | {"special.date": day})
        if day in YEAR:
            assert tell_amount(decision) == quota
        else:
            assert decision.outcome == "undetermined"
            assert list(decision.missing) == [f"special_cap[{kind}]"]


def test_a_beneficiary_it_sets_nothing_for_waits_for_another_notice() -> None:
    facts = {"special.kind": "project", "special.project_listed": True, "special.date": FIRST}
    base = {k: v for k, v in BASES["typical_special"].items() if k != "special.named_type"}
    decision = decide("apply_special", base | facts)
    assert decision.outcome == "undetermined"
    assert list(decision.missing) == ["special_cap[project]"]


@pytest.mark.parametrize(
    ("category", "used", "amount"),
    [
        ("diagnosis", 0, 70_000),
        ("digital", 0, 50_000),
        ("diagnosis", 529_999, 70_000),
        ("diagnosis", 530_000, 70_000),
        ("diagnosis", 530_001, 69_999),
        ("management", 0, None),
    ],
)
def test_special_vouchers_are_used_within_its_kinds_of_service_and_quota(
    category: str, used: int, amount: int | None
) -> None:
    facts = buy(category) | {"ledger.special_used_this_year": f"{used}元"}
    for day in YEAR:
        decision = decide("use_special", BASES["typical_special_use"] | sign_on(day) | facts)
        assert tell_amount(decision) == amount


def test_a_voucher_is_settled_at_the_ratio_of_the_year_it_was_used_in() -> None:
    assert tell_amount(settle(BEFORE, date(2025, 1, 20), 80_000)) == 80_000
    assert tell_amount(settle(LAST, date(2026, 1, 20), 80_000)) == 70_000


def test_special_vouchers_for_a_provider_go_by_the_year_of_settlement() -> None:
    facts = {"voucher.kind": "special", "ledger.provider_special_settled": "1940000元"}
    assert tell_amount(settle(FIRST, date(2025, 6, 1), 70_000, **facts)) == 60_000
    assert settle(LAST, AFTER, 70_000, **facts).outcome == "undetermined"


def test_a_decision_in_its_year_rests_on_it_and_one_before_or_after_does_not() -> None:
    told = {day: {x.target for x in apply_on(day, "innovative").overlays} for day in DAYS}
    for day in YEAR:
        assert "annual_cap[second]" in told[day]
    for day in OTHER_DAYS:
        assert told[day] == {"in_force"}
    assert "虚构〔2025〕1号）第一条（2025-01-01 至 2025-12-31）" in apply_on(
        FIRST, "innovative"
    ).explain("zh")


@pytest.mark.parametrize("day", OTHER_DAYS)
def test_on_other_days_it_is_as_if_it_were_not_there(day: date) -> None:
    facts = BASES["typical_use"] | sign_on(day) | buy("market")
    one, other = decide("use", facts), decide("use", facts, PLAIN)
    assert (one.outcome, one.amounts, one.values) == (other.outcome, other.amounts, other.values)


def test_a_notice_that_raises_a_ratio_is_refused_with_the_article_that_forbids_it() -> None:
    with pytest.raises(vr.RulesetError) as caught:
        vr.load(ID, "2024", notices=[BAD])
    (found,) = caught.value.diagnostics
    assert (found.code, found.ref) == ("notice-does-not-tighten", "第十一条")
    assert found.span is not None
    lines = BAD.read_text("utf-8").split("\n")
    assert lines[found.span.line - 1].endswith(f"# error: {found.code}")
