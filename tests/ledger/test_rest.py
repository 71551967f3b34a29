"""Comes in: a measure whose settlements give back what is left. Goes out: a failure otherwise."""

from __future__ import annotations

import pytest
from invented import claim, load_text, read_alone

import voucher_rules as vr
from voucher_rules.ledger.indicators.audit import audit

SETTLE = "settle: {from: accepted, to: settled, partial: true, "


@pytest.fixture
def ledger() -> vr.Ledger:
    text = read_alone()
    assert text.count(SETTLE) == 1
    made = vr.Ledger(load_text(text.replace(SETTLE, f"{SETTLE}rest: refunded, ")))
    carries = {"provider": "P1"}
    made.enter("deposit", "D1", "pay_in", "2024-01-02T09:00", amount="2000 USD", carries=carries)
    envelope = {"category": "training"}
    made.budget("funds", "5万元", "2024-01-01", "2024-01-03T09:00", envelope=envelope)
    made.decide("admit", {"finding.able": True}, "2024-01-05T10:00", thing="P1", carries=carries)
    claim(made, "V1", "6万元", "2024-02-01T09:00")
    made.enter("voucher", "V1", "accept", "2024-02-01T10:00")
    return made


def settle(ledger: vr.Ledger, invoice: str) -> None:
    stated = {"invoice.amount": invoice, "invoice.issuer": "P1", "settlement.date": "2024-03-01"}
    ledger.decide("settle", stated, "2024-03-01T09:00", thing="V1")


@pytest.mark.parametrize(
    ("invoice", "lots"),
    [
        ("59999.98元", [("settled", 2999999), ("refunded", 1)]),
        ("6万元", [("settled", 3000000)]),
        ("7万元", [("settled", 3000000)]),
    ],
)
def test_what_is_not_settled_is_given_back_at_once(
    ledger: vr.Ledger, invoice: str, lots: list[tuple[str, int]]
) -> None:
    settle(ledger, invoice)
    found = ledger.find("voucher", "V1")
    assert found is not None
    assert [(lot.state, lot.amount) for lot in found.lots] == lots
    assert {due.event for due in ledger.due("voucher", "V1")} == {"refund"}


def test_what_is_given_back_is_left_again_for_others_and_for_the_year(ledger: vr.Ledger) -> None:
    settle(ledger, "4万元")
    (fund,) = ledger.funds()
    assert fund.state is not None
    assert (fund.state.put, fund.state.taken, fund.state.left) == (5000000, 2000000, 3000000)
    made = claim(ledger, "V2", "1万元", "2024-03-02T09:00")
    held = {item.name: item.value for item in made.balances}
    assert held["ledger.used_this_year"] == "20000.00"
    assert [x for x in audit(ledger.keeper) if x.things] == []


def test_settled_again_with_another_amount_the_rest_follows(ledger: vr.Ledger) -> None:
    settle(ledger, "4万元")
    (made,) = [x for x in ledger.entries if getattr(x.body, "decision", "") == "settle"]
    ledger.decide_again(made.id, {"invoice.amount": "5万元"})
    found = ledger.find("voucher", "V1")
    assert found is not None
    assert [(lot.state, lot.amount) for lot in found.lots] == [
        ("settled", 2500000),
        ("refunded", 500000),
    ]
