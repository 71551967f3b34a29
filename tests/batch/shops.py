"""Comes in: nothing. Goes out: applications under an invented measure, whole or with holes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import voucher_rules as vr

ROOT: Final = Path(__file__).resolve().parents[2]
SHOP: Final = vr.load(ROOT / "tests" / "cli" / "shop-voucher" / "2020.yaml")
PROGRAM: Final = SHOP.program("claim")
REGIME: Final = vr.Regime(SHOP, "claim")

SOUND: Final[Mapping[str, Any]] = {
    "claim.date": "2020-05-01",
    "claim.at": "none",
    "shop.size": "small",
    "shop.staff": 10,
    "shop.first_claim": False,
    "shop.loyal": False,
    "finding.well_run": True,
    "contract.amount": 1000,
    "ledger.claimed_before": 0,
}
"""An application to which half of its price is granted: 500元."""


def make_row(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - values of facts
    """Return a sound application with other facts, dots written as ``__``; None leaves one out."""
    renamed = {name.replace("__", "."): value for name, value in changed.items()}
    made = {**SOUND, **renamed}
    return {name: value for name, value in made.items() if value is not None}
