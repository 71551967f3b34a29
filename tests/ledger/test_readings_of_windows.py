"""Comes in: a window that only one reading knows. Goes out: a failure where the other keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

import voucher_rules as vr

FOLDER = Path(__file__).parent / "rulesets"
LAST = "2024-05-01"
"""Ninety days after the first of February 2024."""


@pytest.fixture
def ledger() -> vr.Ledger:
    return vr.Ledger(vr.load("invented-places", folders=[FOLDER]))


def claim(ledger: vr.Ledger, reading: str) -> None:
    facts = {"contract.amount": "1元", "service.category": "testing"}
    at, carries = "2024-02-01T09:00", {"enterprise": "E1"}
    ledger.decide("claim", facts, at, thing="V1", carries=carries, readings={"unsigned": reading})


def state(ledger: vr.Ledger) -> str:
    found = ledger.find("voucher", "V1")
    assert found is not None
    return found.lots[0].state


def dues(ledger: vr.Ledger) -> dict[str, tuple[str, bool]]:
    return {due.event: (str(due.last), due.unknown) for due in ledger.due("voucher", "V1")}


def test_under_one_reading_it_comes_by_itself(ledger: vr.Ledger) -> None:
    claim(ledger, "runs_out")
    found = dues(ledger)
    assert found["expire"] == found["sign"] == (LAST, False)
    ledger.lapse(f"{LAST}T23:59:59")
    assert state(ledger) == "issued"
    ledger.lapse("2024-05-02T00:00")
    assert state(ledger) == "cancelled"


def test_under_the_other_it_never_does_and_no_end_is_sought(ledger: vr.Ledger) -> None:
    claim(ledger, "stays")
    found = dues(ledger)
    assert "expire" not in found
    assert found["sign"] == ("None", False)
    assert ledger.calendar() == ()
    assert ledger.lapse("2030-01-01T00:00") == ()
    assert state(ledger) == "issued"


@pytest.mark.parametrize(
    ("reading", "day", "outcome"),
    [
        ("runs_out", LAST, "granted"),
        ("stays", LAST, "granted"),
        ("stays", "2024-05-02", "granted"),
    ],
)
def test_what_must_fall_in_it_goes_by_the_reading_too(
    ledger: vr.Ledger, reading: str, day: str, outcome: str
) -> None:
    claim(ledger, reading)
    stated = {"contract.provider": "P1", "contract.signed_on": day}
    at = f"{day}T09:00"
    made = ledger.decide("sign", stated, at, thing="V1", readings={"unsigned": reading})
    assert made.decision.outcome == outcome
    assert state(ledger) == "contracted"
