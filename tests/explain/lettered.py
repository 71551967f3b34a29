"""Comes in: nothing. Goes out: invented decisions of every outcome, and letters about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import voucher_rules as vr

HERE: Final = Path(__file__).resolve().parent
DIGEST: Final = "sha256:" + "0123456789abcdef" * 4
REMEDIES: Final = {
    "zh": "（示例）不服的，可自收到本信之日起十日内向示例局提出。\n（示例）地址：示例路1号。",
    "en": "(Example) Write to the Bureau of Examples within ten days.\n(Example) 1 Example Road.",
}
HEAD: Final = vr.LetterHead(
    subject="示例有限公司 (Example Ltd.)",
    reference="示〔2024〕第7号",
    issuer="示例县服务中心",
    dated="2024-05-12",
    remedies=REMEDIES,
)
GOOD: Final[dict[str, Any]] = {
    "claim.date": "2024-05-10",
    "order.on": "2024-05-02",
    "claim.papers": ["contract", "invoice"],
    "contract.amount": {"value": "10000元", "source": "服务合同", "document": "合同 A-1"},
    "enterprise.local": True,
    "enterprise.size": "small",
    "enterprise.staff": "20人",
    "enterprise.false_statement": False,
    "finding.sound": {"value": True, "by": "王某", "on": "2024-05-09", "evidence": "走访记录"},
}
TAKEN: Final = {"ledger.taken_this_year": "0元"}
CLAIM: Final = GOOD | TAKEN
FEE: Final = {"claim.date": "2024-05-10", "contract.amount": "10000元"}
LARGE: Final = {"contract.amount": "30000元"}

CASES: Final[Mapping[str, tuple[str, Mapping[str, Any], Mapping[str, Any]]]] = {
    "granted": ("claim", CLAIM, {}),
    "granted_to_a_medium_enterprise": ("claim", CLAIM | {"enterprise.size": "medium"}, {}),
    "granted_from_what_is_left": (
        "claim",
        CLAIM | LARGE | {"ledger.taken_this_year": "3000元"},
        {},
    ),
    "denied_for_three_reasons": (
        "claim",
        CLAIM
        | {"enterprise.local": False, "order.on": "2024-04-01", "enterprise.false_statement": True},
        {},
    ),
    "denied_for_want_of_papers": ("claim", CLAIM | {"claim.papers": ["contract"]}, {}),
    "denied_with_nothing_left": ("claim", CLAIM | {"ledger.taken_this_year": "8000元"}, {}),
    "referred": (
        "claim",
        {key: x for key, x in CLAIM.items() if key != "finding.sound"}
        | {"enterprise.staff": "201人"},
        {},
    ),
    "undetermined": (
        "claim",
        {
            key: x
            for key, x in GOOD.items()
            if key not in {"enterprise.local", "enterprise.size", "contract.amount"}
        },
        {},
    ),
    "not_in_force": ("claim", CLAIM | {"claim.date": "2025-01-01", "order.on": "2025-01-01"}, {}),
    "assumed_in_force": (
        "claim",
        CLAIM | {"claim.date": "2025-01-01", "order.on": "2025-01-01"},
        {"assume_in_force": True},
    ),
    "determined": ("fee", FEE, {}),
    "waits_for_a_value": ("fee", FEE | {"claim.date": "2024-07-01"}, {}),
    "read_otherwise": ("claim", CLAIM, {"readings": {"share_of": "excess"}}),
}


@cache
def load() -> vr.Ruleset:
    return vr.load(HERE / "rulesets" / "lettered" / "2024.yaml")


@cache
def decide(case: str) -> vr.Decision:
    if case == "from_a_ledger":
        return decide_from_a_ledger()
    if case == "what_if":
        return load().amend({"item_cap": "1000元"}).decide("claim", CLAIM)
    decision, facts, options = CASES[case]
    return load().decide(decision, facts, **options)


ALL: Final = (*CASES, "from_a_ledger", "what_if")


def open_ledger() -> vr.Ledger:
    """Return a ledger with two vouchers of one year, of which one was used in part."""
    ledger = vr.Ledger(load(), clock=lambda: datetime(2024, 6, 1, tzinfo=UTC))
    claim(ledger, "V1", "2024-02-01T09:00", {"contract.amount": "12000元"})
    claim(ledger, "V2", "2024-03-01T09:00", {"contract.amount": "4500元"})
    ledger.enter("voucher", "V1", "use", "2024-04-01T09:00", amount="2500元")
    return ledger


def decide_from_a_ledger() -> vr.Decision:
    """Decide a third claim of the year."""
    return claim(open_ledger(), "V3", "2024-05-10T09:00", LARGE)


def claim(ledger: vr.Ledger, thing: str, at: str, facts: dict[str, Any]) -> vr.Decision:
    day = {"claim.date": at[:10], "order.on": at[:10]}
    carries = {"enterprise": "E1"}
    return ledger.decide("claim", GOOD | facts | day, at, thing=thing, carries=carries).decision
