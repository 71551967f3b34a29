"""What would take a case to another decision: exact at the limits, verified on both sides."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

import voucher_rules as vr

ROOT: Final = Path(__file__).resolve().parents[2]
CLAIM: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "docs" / "demo" / "demo.py"))[
    "SOUND_CLAIM"
]
NINGXIA: Final = vr.load("cn-nx-service-voucher")
BEIJING: Final = vr.load("cn-bj-service-voucher", "2023")
SIZES: Final = vr.load("cn-sme-size")
FALLING: Final = vr.load(ROOT / "tests" / "measures" / "test-falling-rate" / "2024.yaml")
PRICED: Final[dict[str, Any]] = {
    "order.date": "2023-06-01",
    "contract.amount": "60000元",
    "service.starts_on": "2023-06-01",
    "service.ends_on": "2024-05-31",
    "contract.starts_on": "2023-06-01",
    "contract.ends_on": "2024-05-31",
}
FIRM: Final[dict[str, Any]] = {
    "classification.date": "2024-01-01",
    "enterprise.industry": "industry",
    "enterprise.employees": 350,
    "enterprise.revenue": "3000万元",
}
ADVICE: Final[dict[str, Any]] = {
    "claim.date": "2024-05-01",
    "contract.amount": "1万元",
    "ledger.earlier": 0,
    "ledger.earlier_here": 0,
    "finding.delivered": True,
}


def ask_claim(
    changed: dict[str, Any],
    **asked: Any,  # noqa: ANN401 - as counterfactual takes them
) -> vr.Counterfactual:
    return vr.counterfactual(NINGXIA, "claim", CLAIM | changed, on="2017-03-01", **asked)


def find_shifts(study: vr.Counterfactual) -> dict[str, vr.Shift]:
    return {x.shifts[0].name: x.shifts[0] for x in study.changes if len(x.shifts) == 1}


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("49999.99元", 16_666_664),
        ("5万元", 16_666_667),
        (vr.exactly("18000.01元"), 6_000_004),
        (vr.at_most("17999.99元"), 5_999_999),
        (vr.at_most("0元"), 3),
    ],
)
def test_the_price_for_an_amount_is_exact_to_the_fen(amount: str | vr.Wanted, fen: int) -> None:
    facts = ["contract.amount"]
    study = vr.counterfactual(BEIJING, "measure", PRICED, amount=amount, facts=facts)
    (change,) = study.changes
    assert change.shifts[0].after == fen
    assert change.exact
    step = 1 if fen < 6_000_000 else -1
    assert change.shifts[0].neighbour == fen + step


def test_more_than_the_cap_is_out_of_reach_and_the_cap_is_named() -> None:
    facts = ["contract.amount"]
    study = vr.counterfactual(BEIJING, "measure", PRICED, amount="50000.01元", facts=facts)
    assert study.changes == ()
    (barrier,) = study.barriers
    assert barrier.exact
    rules = [BEIJING.rules[name] for name in barrier.because]
    assert [rule.citation.ref for rule in rules] == ["一、5."]
    assert "一、5." in study.summary("zh")
    assert "No change of one fact does it" in study.summary("en")


def test_the_caps_of_ningxia() -> None:
    asked = ask_claim({}, amount="3000元")
    assert find_shifts(asked)["contract.amount"].after == 600_000
    assert ask_claim({}, amount="3000.01元").changes == ()
    used = {"contract.amount": "20000元", "ledger.claimed_this_year": "3000元"}
    shift = find_shifts(ask_claim(used, amount="2500元"))["ledger.claimed_this_year"]
    assert (shift.after, shift.neighbour) == (250_000, 250_001)
    denied = find_shifts(ask_claim({}, outcome="denied"))
    assert denied["ledger.claimed_this_year"].after == 500_000
    assert denied["ledger.claimed_for_item"].after == 300_000
    assert denied["contract.signed_on"].after == date(2017, 3, 2)
    assert denied["contract.signed_on"].neighbour == date(2017, 3, 1)


def test_the_bounds_of_the_size_classes() -> None:
    study = vr.counterfactual(SIZES, "size", FIRM, outcome="small", output="enterprise.size")
    shifts = find_shifts(study)
    assert shifts["enterprise.employees"].after == 299
    assert shifts["enterprise.revenue"].after == 2000 * 10**6 - 1
    assert study.changes[0].shifts[0].name == "enterprise.employees"
    facts = ["enterprise.employees", "enterprise.revenue"]
    up = vr.counterfactual(SIZES, "size", FIRM, outcome="large", facts=facts, count=2)
    assert find_shifts(up) == {}
    both = {shift.name: shift.after for shift in up.changes[0].shifts}
    assert both == {"enterprise.employees": 1000, "enterprise.revenue": 40_000 * 10**6}


def test_the_value_found_does_it_and_its_neighbour_does_not() -> None:
    study = ask_claim({}, outcome="denied")
    for change in study.changes:
        assert change.decision.outcome == "denied"
        (shift,) = change.shifts
        if shift.neighbour is not None:
            stated = str(shift.neighbour)
            if not isinstance(shift.neighbour, date):
                stated = f"{shift.neighbour}分"
            case = {"claim.date": "2017-03-01"} | CLAIM | {shift.name: stated}
            again = NINGXIA.decide("claim", case)
            assert again.outcome == "granted", shift.name


def test_what_is_not_known_is_answered_both_ways() -> None:
    study = ask_claim({"enterprise.barred": "unknown"}, outcome="other")
    answers = {
        (x.shifts[0].after, str(x.decision.outcome))
        for x in study.changes
        if x.shifts[0].name == "enterprise.barred"
    }
    assert answers == {(False, "granted"), (True, "denied")}


def test_two_facts_not_known_are_answered_together_only() -> None:
    case = {"enterprise.barred": "unknown", "contract.amount": "unknown"}
    facts = ["enterprise.barred", "contract.amount"]
    assert ask_claim(case, outcome="granted", facts=facts).changes == ()
    (change,) = ask_claim(case, outcome="granted", facts=facts, count=2).changes
    assert {x.name: x.after for x in change.shifts} == {
        "enterprise.barred": False,
        "contract.amount": 2,
    }


def test_where_a_list_is_not_known_no_single_fact_settles_a_decision_that_rests_on_it() -> None:
    held = {"quota.date": "2024-09-15", "qualification.date": "2024-08-05", "contracts": []}
    study = vr.counterfactual(
        vr.load("cn-gx-service-voucher"),
        "quota",
        held | {"enterprise.maturity_level": 1, "enterprise.entered_list_on": "2024-07-28"},
        outcome="determined",
        assume_in_force=True,
    )
    assert study.changes == ()
    assert "titles" in study.base.missing


def test_two_facts_where_one_does_not_do() -> None:
    case = {"enterprise.barred": True, "contract.signed_on": "2017-04-01"}
    study = ask_claim(case, outcome="granted", count=2)
    pairs = [{x.name: x.after for x in change.shifts} for change in study.changes]
    assert {"enterprise.barred": False, "contract.signed_on": date(2017, 3, 1)} in pairs
    assert all(len(pair) == 2 for pair in pairs)
    assert all(change.decision.outcome == "granted" for change in study.changes)


def test_a_range_and_the_facts_that_may_change() -> None:
    within = {"contract.amount": ["0.01元", "5000元"]}
    assert ask_claim({}, amount="3000元", within=within, facts=["contract.amount"]).changes == ()
    within = {"contract.amount": ["0.01元", "6000元"]}
    study = ask_claim({}, amount="3000元", within=within, facts=["contract.amount"])
    assert find_shifts(study)["contract.amount"].after == 600_000


def test_what_is_so_already_is_told() -> None:
    study = ask_claim({}, outcome="granted")
    assert (study.changes, study.barriers) == ((), ())
    assert "It is so already." in study.summary("en")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "goal-missing"),
        ({"outcome": "grantd"}, "not-one-of"),
        ({"outcome": "denied", "count": 3}, "not-one-of"),
        ({"outcome": "denied", "facts": ["contract.amuont"]}, "fact-not-in-decision"),
        ({"outcome": "denied", "within": {"contract.amount": "5元"}}, "range-expected"),
        ({"outcome": "denied", "within": {"contract.amount": ["9元", "5元"]}}, "range-expected"),
        ({"amount": "many"}, "money-without-unit"),
        ({"amount": 0.5}, "float-refused"),
        ({"amount": "1元", "output": "deposit"}, "not-one-of"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(vr.InputError) as caught:
        ask_claim({}, **asked)
    codes = {item.code for item in caught.value.diagnostics}
    assert code in codes or code == "money-without-unit"
    assert caught.value.render("zh") != caught.value.render("en")


def test_it_is_a_study_with_sheets_rows_and_a_page() -> None:
    study = ask_claim({}, outcome="denied", facts=["contract.amount", "deposit.paid"])
    (row,) = study.to_rows("changes", "en")
    assert row["exact"] is True
    assert row["after"] == "CNY 0.01"
    assert study.to_rows("barriers", "en")[0]["exact"] is True
    assert "<table" in study.to_html("zh")
    assert "服务合同金额" in study._repr_html_()
