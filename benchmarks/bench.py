"""Measure deciding, loading and importing, each beside a yardstick in the same run.

The first decisions of a kind are the reference's, with a trace; what is asked often is decided by a
kernel, and only what someone looks at is taken beside. Cases of which little is known are searched
by the reference, however often they are asked.

Prints medians over several rounds, in processor time. The yardstick of a decision is the same
decision written by hand in plain Python without a trace: the speed of light of this language.

    python benchmarks/bench.py
    python benchmarks/bench.py --quick    # fewer rounds
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from tempfile import TemporaryDirectory
from typing import Any

from harness.figures import Figure, note

import voucher_rules as vr
from voucher_rules.api.habit import OFTEN

ROUNDS = 7
QUICK_ROUNDS = 3
NAME = "cn-nx-service-voucher"

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


def time_once(call: Callable[[], object], repeats: int) -> float:
    """Return the processor time of one call, in seconds."""
    start = time.process_time()
    for _ in range(repeats):
        call()
    return (time.process_time() - start) / repeats


def time_call(call: Callable[[], object], repeats: int, rounds: int) -> float:
    """Return the median time of one call over several rounds, in seconds."""
    return statistics.median(time_once(call, repeats) for _ in range(rounds))


def load_asked(times: int) -> Callable[[], vr.Decision]:
    """Return a call that decides the claim by a ruleset that was asked so often before."""
    ruleset = vr.load(NAME)
    for _ in range(times):
        ruleset.decide("claim", CLAIM)
    return lambda: ruleset.decide("claim", CLAIM)


def time_asked(times: int, repeats: int, rounds: int) -> float:
    """Return the median time of what a ruleset is asked next, each round a ruleset of its own."""
    return statistics.median(time_once(load_asked(times), repeats) for _ in range(rounds))


def decide_beijing(ruleset: vr.Ruleset, name: str) -> Callable[[], object]:
    """Return a call that decides a case of Beijing of which only the day is known."""
    return lambda: ruleset.decide(name, {}, on="2024-03-01", assume_in_force=True)


def time_import(rounds: int) -> float:
    """Return the median time to import the package, compiled before, in a new process."""
    code = (
        "import time; t = time.process_time(); import voucher_rules; print(time.process_time() - t)"
    )
    with TemporaryDirectory() as folder:
        kept = {name: x for name, x in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        runs = [
            subprocess.run(  # noqa: S603 - this interpreter and the code above
                [sys.executable, "-c", code],
                capture_output=True,
                text=True,
                check=True,
                env=kept | {"PYTHONPYCACHEPREFIX": folder},
            )
            for _ in range(rounds + 1)
        ]
    return statistics.median(float(run.stdout) for run in runs[1:])


def list_calls(ruleset: vr.Ruleset) -> dict[str, tuple[Callable[[], object], int]]:
    """Return what is timed, and how often in a round."""
    beijing = vr.load("cn-bj-service-voucher")
    unknown = {k: v for k, v in CLAIM.items() if k not in {"contract.amount", "enterprise.size"}}
    half = dict(list(CLAIM.items())[::2])
    often = load_asked(OFTEN + 1)
    day = "2017-03-01"
    return {
        "by hand, no trace": (lambda: decide_by_hand(CLAIM), 20_000),
        "asked often: a kernel, outcome read": (lambda: often().outcome, 300),
        "asked often, amount read": (lambda: often().amount, 300),
        "asked often, trace read": (lambda: often().trace, 100),
        "asked often, explained as text": (lambda: often().explain("zh"), 10),
        "two facts unknown: searched": (lambda: ruleset.decide("claim", unknown), 10),
        "every second fact unknown": (lambda: ruleset.decide("claim", half, on=day), 2),
        "nothing known but the day": (lambda: ruleset.decide("claim", {}, on=day), 2),
        "not even the day known": (lambda: ruleset.decide("claim", {}), 1),
        **{
            f"Beijing {name}, only the day known": (decide_beijing(beijing, name), 1)
            for name in ("claim", "redeem", "measure")
        },
        "load and check the ruleset": (lambda: vr.load(NAME), 3),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Decide, load and import.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--rounds", type=int, help="how many rounds")
    asked = parser.parse_args()
    rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    ruleset = vr.load(NAME)
    check_same_answer(ruleset)
    calls = list_calls(ruleset)
    rows = {name: time_call(call, repeats, rounds) for name, (call, repeats) in calls.items()}
    rows["import the package, compiled before"] = time_import(rounds)
    rows["one of the first: the reference, traced"] = time_asked(1, OFTEN // 2, rounds)
    rows["the one for which the kernel is made"] = time_asked(OFTEN, 1, rounds)
    print(f"Python {sys.version.split()[0]}, medians of {rounds} rounds, processor time")
    hand = rows["by hand, no trace"]
    for name, seconds in rows.items():
        print(f"{name:40} {seconds * 1000:10.3f} ms {seconds / hand:12.0f} x by hand")
        note(Figure(name, seconds * 1000, "ms", "", seconds / hand, "by hand"))


if __name__ == "__main__":
    main()
