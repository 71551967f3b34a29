"""Comes in: the invented ruleset. Goes out: a ledger with a provider admitted and money put in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import voucher_rules as vr

FOLDER = Path(__file__).parent / "rulesets"


NAME: Final = "invented-voucher"
_JOINT: Final = ("  joint: ", "      - {id: both_cap,", "      joint_cap: ")


def read_alone() -> str:
    """Return the measure without its cap across another one, so that it can be decided alone."""
    text = (FOLDER / NAME / "1.yaml").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(_JOINT)]
    assert len(kept) == len(lines) - len(_JOINT)
    return "".join(kept)


def load_text(text: str, name: str = NAME) -> vr.Ruleset:
    """Return the measure with another text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name / "1.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return vr.load(path)


@cache
def load_invented() -> vr.Ruleset:
    return load_text(read_alone())


@cache
def load_both() -> tuple[vr.Ruleset, vr.Ruleset]:
    """Return the measure whole, and the one that counts in its joint cap."""
    return tuple(vr.load(name, folders=[FOLDER]) for name in (NAME, "invented-grant"))  # type: ignore[return-value]


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
