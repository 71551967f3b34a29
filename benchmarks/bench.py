"""Measure deciding, loading and importing, each beside a yardstick in the same run.

Cases of which little is known stand beside the known one: they are searched, not just evaluated.

Prints medians over several rounds. The yardstick of a decision is the same decision written by hand
in plain Python without a trace: what the speed of light is in this language.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import voucher_rules as vr

ROUNDS = 7
CLAIM: dict[str, Any] = {
    "enterprise.registered_in_region": True,
    "enterprise.legal_person": True,
    "enterprise.size": "small",
    "enterprise.registered_on_platform": True,
    "enterprise.barred": False,
    "enterprise.responsible_person_barred": False,
    "enterprise.specialised": True,
    "enterprise.credit_grade": "aa",
    "finding.good_growth": True,
    "finding.well_run": True,
    "finding.fits_industrial_policy": True,
    "service.category": "legal",
    "service.litigation": False,
    "service.funded_otherwise": "none",
    "provider.signed": True,
    "provider.is_operator": False,
    "contract.signed": True,
    "contract.signed_on": "2017-02-20",
    "contract.amount": 4000,
    "contract.collusion_found": False,
    "claim.date": "2017-03-01",
    "claim.submitted_at": "2017-03-01T09:30:00",
    "claim.requested_amount": "none",
    "claim.made_online": True,
    "finding.online_information_sound": True,
    "period.funds_left": 200_000,
    "ledger.claimed_this_year": 0,
    "ledger.claimed_for_item": 0,
}


def decide_by_hand(case: dict[str, Any]) -> tuple[str, list[str], int]:
    """Decide the same claim by hand: outcome, failed conditions, amount in fen."""
    failed = [
        name
        for name, wanted in (
            ("enterprise.registered_in_region", True),
            ("enterprise.legal_person", True),
            ("enterprise.registered_on_platform", True),
            ("claim.made_online", True),
            ("finding.good_growth", True),
            ("finding.well_run", True),
            ("finding.fits_industrial_policy", True),
            ("finding.online_information_sound", True),
            ("enterprise.barred", False),
            ("enterprise.responsible_person_barred", False),
            ("service.litigation", False),
            ("provider.signed", True),
            ("provider.is_operator", False),
            ("contract.signed", True),
            ("contract.collusion_found", False),
        )
        if case[name] is not wanted
    ]
    if case["enterprise.size"] not in {"micro", "small", "medium"}:
        failed.append("enterprise.size")
    if case["contract.signed_on"] > case["claim.date"]:
        failed.append("contract.signed_on")
    limits = [
        case["contract.amount"] * 100 // 2,
        300_000 - case["ledger.claimed_for_item"] * 100,
        500_000 - case["ledger.claimed_this_year"] * 100,
        case["period.funds_left"] * 100,
    ]
    amount = max(0, min(limits))
    if failed or not amount:
        return "denied", failed, 0
    return "granted", failed, amount


def check_same_answer(ruleset: vr.Ruleset) -> None:
    """Check that both decide alike, so that they are worth comparing. Raises SystemExit."""
    outcome, _, fen = decide_by_hand(CLAIM)
    decision = ruleset.decide("claim", CLAIM)
    amount = decision.amount.value if decision.amount else None
    if decision.outcome != outcome or amount is None or int(amount * 100) != fen:
        sys.exit(f"not the same decision: {decision!r} against {outcome} {fen}")


def time_call(call: Callable[[], object], repeats: int) -> float:
    """Return the median time of one call over several rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        times.append((time.perf_counter() - start) / repeats)
    return statistics.median(times)


def decide_beijing(ruleset: vr.Ruleset, name: str) -> Callable[[], object]:
    """Return a call that decides a case of Beijing of which only the day is known."""
    return lambda: ruleset.decide(name, {}, on="2024-03-01", assume_in_force=True)


def time_import() -> float:
    """Return the median time to import the package in a new process, in seconds."""
    code = (
        "import time; t = time.perf_counter(); import voucher_rules; print(time.perf_counter()-t)"
    )
    runs = [
        subprocess.run(  # noqa: S603 - this interpreter and the code above
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        for _ in range(ROUNDS)
    ]
    return statistics.median(float(run.stdout) for run in runs)


def main() -> None:
    """Measure and print."""
    ruleset = vr.load("cn-nx-service-voucher")
    check_same_answer(ruleset)
    beijing = vr.load("cn-bj-service-voucher")
    unknown = {k: v for k, v in CLAIM.items() if k not in {"contract.amount", "enterprise.size"}}
    half = dict(list(CLAIM.items())[::2])
    hand = time_call(lambda: decide_by_hand(CLAIM), 20_000)
    rows = [
        ("by hand, no trace", hand),
        (
            "decide, facts validated, full trace",
            time_call(lambda: ruleset.decide("claim", CLAIM), 300),
        ),
        (
            "decide and explain as text",
            time_call(lambda: ruleset.decide("claim", CLAIM).explain("zh"), 100),
        ),
        ("decide, two facts unknown", time_call(lambda: ruleset.decide("claim", unknown), 10)),
        (
            "decide, every second fact unknown",
            time_call(lambda: ruleset.decide("claim", half, on="2017-03-01"), 2),
        ),
        (
            "decide, nothing known but the day",
            time_call(lambda: ruleset.decide("claim", {}, on="2017-03-01"), 2),
        ),
        ("decide, not even the day known", time_call(lambda: ruleset.decide("claim", {}), 1)),
        *(
            (f"Beijing {name}, only the day known", time_call(decide_beijing(beijing, name), 1))
            for name in ("claim", "redeem", "measure")
        ),
        ("load and check the ruleset", time_call(lambda: vr.load("cn-nx-service-voucher"), 3)),
        ("import the package", time_import()),
    ]
    print(f"Python {sys.version.split()[0]}, medians of {ROUNDS} rounds")
    for name, seconds in rows:
        print(f"{name:38} {seconds * 1000:10.3f} ms {seconds / hand:12.0f} x by hand")


if __name__ == "__main__":
    main()
