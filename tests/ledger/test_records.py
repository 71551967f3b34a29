"""Comes in: a history of the invented places. Goes out: a failure where it fills facts wrongly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import voucher_rules as vr

FOLDER = Path(__file__).parent / "rulesets"
OPEN_CAP = 10000


@pytest.fixture(scope="module")
def ruleset() -> vr.Ruleset:
    return vr.load("invented-places", folders=[FOLDER])


@pytest.fixture
def ledger(ruleset: vr.Ruleset) -> vr.Ledger:
    return vr.Ledger(ruleset)


def claim(  # noqa: PLR0913 - each is one part of a claim
    ledger: vr.Ledger,
    thing: str,
    at: str,
    category: str = "training",
    price: str = "1000元",
    *,
    enterprise: str = "E1",
) -> vr.LedgerDecision:
    facts = {"contract.amount": price, "service.category": category}
    carries = {"enterprise": enterprise}
    return ledger.decide("claim", facts, at, thing=thing, carries=carries)


def told(made: vr.LedgerDecision) -> dict[str, Any]:
    return {item.name: item.value for item in made.balances}


def failed(made: vr.LedgerDecision) -> set[str]:
    return {rule.id for reason in made.decision.reasons for rule in reason.rules}


class TestSets:
    def test_a_set_holds_what_was_carried_each_once(self, ledger: vr.Ledger) -> None:
        made = claim(ledger, "V1", "2024-02-01T09:00")
        assert told(made)["enterprise.categories_used"] == "[]"
        ledger.enter("voucher", "V1", "use", "2024-02-02T09:00")
        again = claim(ledger, "V2", "2025-02-01T09:00")
        assert told(again)["enterprise.categories_used"] == '["training"]'
        assert told(again)["ledger.issued_kinds"] == "[]"
        assert failed(again) == {"new_category"}
        other = claim(ledger, "V3", "2025-02-01T09:00", "testing")
        assert other.decision.outcome == "granted"

    def test_what_is_given_back_is_no_longer_in_it(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "2024-02-01T09:00")
        claim(ledger, "V2", "2024-02-01T10:00", "testing")
        assert failed(claim(ledger, "V3", "2024-02-02T09:00")) == {"not_twice_a_year"}
        ledger.enter("voucher", "V1", "cancel", "2024-02-03T09:00")
        made = claim(ledger, "V4", "2024-02-04T09:00")
        assert told(made)["ledger.issued_kinds"] == '["testing"]'
        assert made.decision.outcome == "granted"

    def test_where_nobody_says_whose_it_is_the_set_is_not_known(self, ledger: vr.Ledger) -> None:
        facts = {"contract.amount": "1000元", "service.category": "design"}
        made = ledger.consider("claim", facts, "2024-02-01T09:00")
        assert made.decision.outcome == "undetermined"
        assert "enterprise.categories_used" in made.decision.missing


class TestDays:
    def test_where_there_is_no_day_the_other_holds(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "2024-02-01T09:00")
        assert told(first)["enterprise.first_issued"] == "2024-02-01"
        assert first.decision.outcome == "granted"

    @pytest.mark.parametrize(
        ("day", "outcome"),
        [("2026-01-31", "granted"), ("2026-02-01", "granted"), ("2026-02-02", "denied")],
    )
    def test_where_there_is_one_it_holds(self, ledger: vr.Ledger, day: str, outcome: str) -> None:
        claim(ledger, "V1", "2024-02-01T09:00")
        made = claim(ledger, "V2", f"{day}T09:00", "testing")
        assert told(made)["enterprise.first_issued"] == "2024-02-01"
        assert made.decision.outcome == outcome

    def test_it_may_be_not_known(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "2024-02-01T09:00")
        carries = {"enterprise": "E1"}
        before = ledger.consider("review", {}, "2024-02-02T09:00", carries=carries)
        assert before.decision.outcome == "undetermined"
        assert before.decision.missing == ("enterprise.last_used",)
        assert told(before) == {"enterprise.last_used": "unknown"}
        assert "unknown" in before.decision.explain("en")
        ledger.enter("voucher", "V1", "use", "2024-02-03T09:00")
        after = ledger.consider("review", {}, "2024-02-04T09:00", carries=carries)
        assert after.decision.outcome == "determined"
        assert told(after) == {"enterprise.last_used": "2024-02-03"}


class TestRecords:
    def test_each_thing_is_one_record_in_the_order_they_began(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V9", "2024-02-01T09:00", "training", "2000元")
        claim(ledger, "V2", "2024-02-02T09:00", "testing", "3000元")
        claim(ledger, "V5", "2024-02-02T09:00", "design", "1元", enterprise="E2")
        ledger.enter("voucher", "V9", "use", "2024-02-03T09:00")
        made = claim(ledger, "V1", "2024-02-04T09:00", "design", "2万元")
        assert json.loads(told(made)["vouchers"]) == [
            {
                "amount": "2000.00",
                "state": "used",
                "issued_on": "2024-02-01",
                "used_on": "2024-02-03",
                "category": "training",
            },
            {
                "amount": "3000.00",
                "state": "issued",
                "issued_on": "2024-02-02",
                "used_on": "none",
                "category": "testing",
            },
        ]
        assert made.decision.amount is not None
        assert made.decision.amount.value == OPEN_CAP - 3000
        assert made.decision.binding == ("not_used_yet",)

    def test_nothing_taken_is_an_empty_list_and_not_an_unknown_one(self, ledger: vr.Ledger) -> None:
        made = claim(ledger, "V1", "2024-02-01T09:00")
        assert told(made)["vouchers"] == "[]"
        assert made.decision.outcome == "granted"

    def test_a_list_in_its_span_forgets_other_years(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "2024-12-31T23:59")
        assert told(claim(ledger, "V2", "2025-01-01T00:00", "testing"))["vouchers"] == "[]"

    def test_a_list_cannot_be_stated(self, ledger: vr.Ledger) -> None:
        facts = {"contract.amount": "1元", "service.category": "design", "vouchers": []}
        with pytest.raises(vr.InputError, match="balance-stated"):
            ledger.decide("claim", facts, "2024-02-01T09:00", carries={"enterprise": "E1"})

    @pytest.mark.parametrize(("count", "refused"), [(3, False), (4, False), (5, True)])
    def test_more_things_than_the_list_may_have_are_refused(
        self, ledger: vr.Ledger, count: int, *, refused: bool
    ) -> None:
        carries = {"enterprise": "E1", "category": "testing"}
        for number in range(count):
            at = f"2024-02-0{number + 1}T09:00"
            ledger.enter("voucher", f"V{number}", "issue", at, amount="1元", carries=carries)
        if refused:
            with pytest.raises(vr.InputError, match="too-many-records"):
                claim(ledger, "V9", "2024-03-01T09:00", "design")
            return
        made = claim(ledger, "V9", "2024-03-01T09:00", "design")
        assert len(json.loads(told(made)["vouchers"])) == count

    def test_the_same_stated_by_hand_is_decided_alike(
        self, ledger: vr.Ledger, ruleset: vr.Ruleset
    ) -> None:
        claim(ledger, "V1", "2024-02-01T09:00", "training", "2000元")
        claim(ledger, "V2", "2024-02-02T09:00", "testing", "3000元")
        made = claim(ledger, "V3", "2024-02-04T09:00", "design", "2万元")
        records = [
            {"amount": "2000元", "category": "training", "issued_on": "2024-02-01"},
            {"amount": "3000元", "category": "testing", "issued_on": "2024-02-02"},
        ]
        facts = {
            "claim.date": "2024-02-04",
            "contract.amount": "2万元",
            "service.category": "design",
            "enterprise.categories_used": [],
            "ledger.issued_kinds": ["training", "testing"],
            "enterprise.first_issued": "2024-02-01",
            "vouchers": [{**item, "state": "issued", "used_on": "none"} for item in records],
        }
        alone = ruleset.decide("claim", facts)
        assert alone.outcome == made.decision.outcome == "granted"
        assert made.decision.amount is not None
        assert alone.amount is not None
        assert alone.amount.value == made.decision.amount.value == OPEN_CAP - 5000
        assert alone.binding == made.decision.binding

    @pytest.mark.parametrize(("language", "word"), [("en", "day it was used"), ("zh", "使用日期")])
    def test_the_record_and_the_words_hold_the_list(
        self, ledger: vr.Ledger, language: str, word: str
    ) -> None:
        claim(ledger, "V1", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "use", "2024-02-03T09:00")
        made = claim(ledger, "V2", "2024-02-04T09:00", "testing")
        assert "V1" in made.decision.explain(language)
        page = made.decision.explain(language, "html")
        assert word in page
        data = json.loads(made.decision.explain(language, "json"))
        assert [item["used_on"] for item in data["facts"]["vouchers"]["value"]] == ["2024-02-03"]


def test_what_a_balance_is_made_of_is_told_in_the_order_it_came_to_be(ledger: vr.Ledger) -> None:
    names = ("V7", "V1", "V5", "V3")
    for number, name in enumerate(names, 1):
        at = f"2024-02-0{number}T09:00"
        carries = {"enterprise": "E1", "category": "testing"}
        ledger.enter("voucher", name, "issue", at, amount="1元", carries=carries)
    made = claim(ledger, "V9", "2024-03-01T09:00", "design")
    words = made.decision.explain("en").partition("vouchers of the enterprise: 4")[2]
    assert sorted(names, key=words.index) == list(names)


def test_a_set_and_a_list_follow_what_is_told_late_and_taken_back(ledger: vr.Ledger) -> None:
    claim(ledger, "V1", "2024-02-01T09:00")
    carries = {"enterprise": "E1"}
    facts = {"contract.amount": "1元", "service.category": "design"}
    late = ledger.enter("voucher", "V1", "use", "2024-02-02T09:00", known="2024-06-01T09:00")
    before = ledger.consider("claim", facts, "2024-02-01T12:00", carries=carries)
    assert told(before)["enterprise.categories_used"] == "[]"
    after = ledger.consider("claim", facts, "2024-02-02T12:00", carries=carries)
    assert told(after)["enterprise.categories_used"] == '["training"]'
    assert json.loads(told(after)["vouchers"])[0]["state"] == "used"
    ledger.withdraw(late.id, "not used", "2024-07-01T09:00")
    again = ledger.consider("claim", facts, "2024-08-02T12:00", carries=carries)
    assert told(again)["enterprise.categories_used"] == "[]"
    assert json.loads(told(again)["vouchers"])[0]["state"] == "issued"
