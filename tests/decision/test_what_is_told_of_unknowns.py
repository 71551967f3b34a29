"""Small invented rulesets on which a decision once told too much, too little, or amiss."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.decision.boxes import Box, Meter
from voucher_rules.decision.evaluate import Evaluation

RULESETS: Final = Path(__file__).resolve().parent / "rulesets"


def decide(name: str, decision: str, facts: Mapping[str, Any]) -> vr.Decision:
    on = None if any(key.endswith(".date") or key == "f.d" for key in facts) else "2024-05-01"
    return vr.load(RULESETS / f"{name}.yaml").decide(decision, facts, on=on)


def test_a_value_that_hangs_on_days_no_calendar_lists_is_undetermined() -> None:
    facts = {"grant.on": "2026-03-01", "order.date": "2027-03-02"}
    decision = decide("lapse_beyond_calendar", "lapse", facts)
    assert decision.outcome == "undetermined"
    assert decision.missing == ("calendar.cn-working-days",)
    assert "工作日历" in decision.explain("zh")


@pytest.mark.parametrize(
    ("day", "outcome", "warned"),
    [
        ("2025-05-10", "granted", False),
        ("2025-05-12", "granted", True),
        ("2025-05-13", "denied", False),
    ],
)
def test_a_roll_is_warned_of_only_where_it_saved_the_act(
    day: str, outcome: str, *, warned: bool
) -> None:
    facts = {"grant.on": "2024-05-10", "order.date": day}
    decision = decide("window_that_rolls", "use", facts)
    assert decision.outcome == outcome
    assert ("rolled" in {item.code for item in decision.warnings}) is warned


def test_over_use_cites_the_limit_that_lies_below_zero() -> None:
    facts = {"claim.date": "2024-05-01", "contract.amount": "1元", "used.before": "10000.01元"}
    decision = decide("two_caps", "claim", facts)
    (warning,) = [item for item in decision.warnings if item.code == "over_used"]
    assert warning.citation is not None
    assert warning.citation.ref == "第二条"


def test_of_a_ratio_and_its_exception_one_always_applies() -> None:
    facts = {"claim.date": "2024-05-01", "contract.amount": "10000元"}
    decision = decide("ratio_by_two_unknown_days", "claim", facts)
    assert decision.amount is not None
    assert (decision.amount.low, decision.amount.high) == (Decimal(2_000), Decimal(3_000))
    assert decision.exact
    assert set(decision.missing) == {"signed.on", "category.until"}


def test_from_when_a_consequence_holds_is_part_of_what_is_decided() -> None:
    decision = decide("consequence_from_unknown_day", "claim", {"claim.ok": True})
    assert decision.outcome == "undetermined"
    assert decision.missing == ("grant.on",)
    settled = {"claim.ok": True, "grant.on": "2024-01-01"}
    assert decide("consequence_from_unknown_day", "claim", settled).outcome == "granted"
    denied = decide("consequence_from_unknown_day", "claim", {"claim.ok": False})
    assert denied.outcome == "denied"


def test_nothing_that_decides_is_left_out_through_calls_of_calls() -> None:
    decision = decide("calls_of_calls", "back", {})
    assert set(decision.missing) == {"f.days", "f.price", "f.back"}


def test_a_limit_that_waits_for_a_finding_is_bounded_by_what_may_be_found() -> None:
    decision = decide(
        "limit_by_finding", "cc", {"f.x": "100元", "f.y": "200元", "f.d": "2024-05-01"}
    )
    assert decision.outcome == "referred"
    assert decision.amount is not None
    assert decision.amount.value is None
    assert decision.amount.high == Decimal(200)
    assert "at most CNY 200" in decision.explain("en")


BEIJING: Final = "cn-bj-service-voucher"
MEASURES: Final = Path(__file__).resolve().parents[1] / "measures"


@pytest.mark.parametrize(
    ("name", "decisive"), [("claim", 29), ("redeem", 16), ("measure", 3), ("accept", 4)]
)
def test_with_nothing_known_but_the_day_every_decisive_fact_is_told(
    name: str, decisive: int
) -> None:
    decision = vr.load(BEIJING).decide(name, {}, on="2024-03-01", assume_in_force=True)
    assert decision.exact
    assert len(decision.missing) == decisive


@pytest.mark.parametrize(
    ("name", "most"), [("claim", 600), ("redeem", 300), ("measure", 500), ("accept", 100)]
)
def test_a_case_of_which_nothing_is_known_is_settled_in_few_evaluations(
    name: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = []
    evaluate = Meter.evaluate

    def count(meter: Meter, box: Box) -> Evaluation:
        spent.append(box)
        return evaluate(meter, box)

    monkeypatch.setattr(Meter, "evaluate", count)
    vr.load(BEIJING).decide(name, {}, on="2024-03-01", assume_in_force=True)
    assert len(spent) <= most


def test_a_field_of_a_record_that_decides_is_told() -> None:
    held = {"name": "a", "staff": 320, "revenue": "9元", "control": "58%", "applied": False}
    open_one = {"name": "b", "staff": 24, "revenue": "10000元", "control": "91%"}
    facts = {"related": [held, open_one]}
    ruleset = vr.load(MEASURES / "test-group" / "2024.yaml")
    decision = ruleset.decide("claim", facts, on="2024-03-01")
    assert "related[2].applied" in decision.missing


OPEN: Final = "ratio_left_open_by_a_day_of_its_own"


@pytest.mark.parametrize(
    ("signed", "claim", "fee"),
    [
        ("2023-12-31", ("undetermined", ("ratio",)), ("undetermined", ("ratio",))),
        ("2024-01-01", ("granted", ()), ("determined", ())),
        ("2024-12-31", ("granted", ()), ("determined", ())),
        ("2025-01-01", ("undetermined", ("ratio",)), ("undetermined", ("ratio",))),
    ],
)
def test_a_parameter_left_open_on_a_day_of_its_own_is_missing(
    signed: str, claim: tuple[str, tuple[str, ...]], fee: tuple[str, tuple[str, ...]]
) -> None:
    facts = {"claim.date": "2025-05-01", "contract.amount": "10000元", "contract.signed": signed}
    for name, expected in (("claim", claim), ("fee", fee)):
        decision = decide(OPEN, name, facts)
        assert (decision.outcome, decision.missing) == expected
        if decision.missing:
            assert "set by the yearly notice" in decision.explain("en")


@pytest.mark.parametrize("name", ["claim", "fee"])
def test_where_the_day_is_not_known_it_is_asked_for_first(name: str) -> None:
    facts = {"claim.date": "2025-05-01", "contract.amount": "10000元"}
    decision = decide(OPEN, name, facts)
    assert decision.outcome == "undetermined"
    assert decision.missing == ("contract.signed",)


def test_a_parameter_that_cannot_matter_is_not_missing() -> None:
    facts = {"claim.date": "2025-05-01", "contract.amount": "0元", "contract.signed": "2025-01-01"}
    decision = decide(OPEN, "claim", facts)
    assert (decision.outcome, decision.missing) == ("denied", ())
