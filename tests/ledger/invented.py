"""Comes in: the invented ruleset. Goes out: a ledger with a provider admitted and money put in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import voucher_rules as vr

FOLDER = Path(__file__).parent / "rulesets"


@cache
def load_invented() -> vr.Ruleset:
    return vr.load("invented-voucher", folders=[FOLDER])


def open_ledger() -> vr.Ledger:
    """Return a ledger with the provider P1 admitted and 1,000,000 yuan for training in 2024."""
    made = vr.Ledger(load_invented())
    made.enter(
        "deposit", "D1", "pay_in", "2024-01-02T09:00", amount="2000 USD", carries={"provider": "P1"}
    )
    made.budget(
        "funds", "100万元", "2024-01-01", "2024-01-03T09:00", envelope={"category": "training"}
    )
    made.decide(
        "admit", {"finding.able": True}, "2024-01-05T10:00", thing="P1", carries={"provider": "P1"}
    )
    return made


def claim(ledger: vr.Ledger, thing: str, price: str, at: str, **more: Any) -> vr.LedgerDecision:  # noqa: ANN401
    """Claim a voucher for training from P1, for the enterprise E1 unless another is named."""
    carries = {"enterprise": more.pop("enterprise", "E1"), "provider": "P1"}
    return ledger.decide("claim", facts(price, at), at, thing=thing, carries=carries, **more)


def facts(price: str, at: str) -> dict[str, Any]:
    return {
        "contract.amount": price,
        "service.category": "training",
        "claim.at": at,
        "term.opens": "none",
        "term.closes": "none",
    }
