"""Measure decisions from history and allocation at several lengths of history, in one run.

What counts are the ratios between the lengths: deciding must take no longer because more happened
to others before. The invented ruleset of the tests decides: 15 balances, of which one claim asks
13. Give lengths (in events) as arguments for others than the usual ones.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import voucher_rules as vr
from voucher_rules.ledger.deciding import Request
from voucher_rules.ledger.entries import Entry, Moved
from voucher_rules.ledger.serving import consider, decide
from voucher_rules.ledger.stores.memory import MemoryStore

FOLDER = Path(__file__).parents[1] / "tests" / "ledger" / "rulesets"
LENGTHS = (1_000, 10_000, 30_000)
ASKED = 60
QUEUED = 300
NAME = "invented-voucher"
ROUNDS = 5
PER_ENTERPRISE = 3
ZONE = timezone(timedelta(hours=8))
START = datetime(2024, 1, 2, 9, tzinfo=ZONE)
NOW = datetime(2025, 6, 2, 9, tzinfo=ZONE)


def open_ledger(length: int) -> vr.Ledger:
    """Return a ledger in which vouchers of others were ordered, accepted and settled before."""
    rulesets = [vr.load(name, folders=[FOLDER]) for name in (NAME, "invented-grant")]
    store = MemoryStore()
    ledger = vr.Ledger(rulesets, store)
    provider = {"provider": "P1"}
    ledger.enter(
        "deposit", "D1", "pay_in", START, amount="2000 USD", carries=provider, ruleset=NAME
    )
    ledger.decide(
        "admit", {"finding.able": True}, START, thing="P1", carries=provider, ruleset=NAME
    )
    of = {"category": "training"}
    for year in (START, NOW):
        ledger.budget("funds", "1000亿元", year.date(), START, envelope=of, ruleset=NAME)
    before = len(ledger.entries)
    store.append([make_entry(number, before) for number in range(length)], before)
    ledger.keeper.refresh()
    ledger.lapse(NOW)
    return ledger


def make_entry(number: int, before: int) -> Entry:
    """Return one event: three make the life of a voucher, a few vouchers an enterprise."""
    voucher, stage = divmod(number, 3)
    enterprise = f"old{voucher // PER_ENTERPRISE}"
    carries = {"enterprise": enterprise, "provider": f"old{voucher % 50}", "category": "training"}
    body = Moved(
        NAME,
        "1",
        "voucher",
        f"old{voucher}",
        ("order", "accept", "settle")[stage],
        amount=10_000 if stage == 0 else None,
        carries=carries if stage == 0 else {},
    )
    at = (START + timedelta(seconds=number * 100)).astimezone(UTC)
    return Entry(before + number + 1, f"h{number}", at, at, body)


def ask(ledger: vr.Ledger, thing: str, enterprise: str) -> Request:
    """Return the claim of an enterprise."""
    facts = {
        "contract.amount": "6000元",
        "service.category": "training",
        "claim.at": NOW,
        "term.opens": "none",
        "term.closes": "none",
    }
    carries = {"enterprise": enterprise, "provider": "P1"}
    return ledger.request("claim", facts, NOW, thing=thing, carries=carries, ruleset=NAME)


def time_deciding(ledger: vr.Ledger, rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the seconds of a decision considered, and of one entered with what follows."""
    considered, entered = [], []
    for turn in range(rounds):
        requests = [ask(ledger, f"c{turn}.{n}", f"old{n}") for n in range(ASKED)]
        begun = time.process_time()
        for request in requests:
            consider(ledger.keeper, request)
        considered.append((time.process_time() - begun) / ASKED)
        begun = time.process_time()
        for request in requests:
            decide(ledger.keeper, request)
        entered.append((time.process_time() - begun) / ASKED)
    return statistics.median(considered), statistics.median(entered)


def time_queue(ledger: vr.Ledger) -> float:
    """Return the seconds for each application of a queue served from a pool."""
    requests = [ask(ledger, f"q{n}", f"new{n}") for n in range(QUEUED)]
    begun = time.process_time()
    ledger.allocate("funds", requests, at=NOW)
    return (time.process_time() - begun) / QUEUED


def main() -> None:
    """Measure and print."""
    lengths = tuple(int(text) for text in sys.argv[1:]) or LENGTHS
    found = []
    for length in lengths:
        ledger = open_ledger(length)
        considered, entered = time_deciding(ledger)
        found.append((considered, entered, time_queue(ledger)))
    print(f"Python {sys.version.split()[0]}, CPU time, medians of {ROUNDS} rounds, microseconds")
    print(f"{'events before':34}" + "".join(f"{length:>12,}" for length in lengths) + "   ratios")
    names = (
        "a decision from history",
        "the same, entered with what follows",
        "an application served",
    )
    for place, name in enumerate(names):
        times = [row[place] for row in found]
        ratios = " ".join(f"{later / times[0]:5.2f}" for later in times[1:])
        print(f"{name:34}" + "".join(f"{x * 1e6:12.0f}" for x in times) + f"   {ratios}")


if __name__ == "__main__":
    main()
