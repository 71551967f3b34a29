"""Measure decisions from history, and queues served from a pool, at several lengths of history.

What counts are the ratios between the lengths: deciding must take no longer because more happened
to others before. The invented ruleset of the tests decides: 15 balances, of which one claim asks
13. Every claim is granted, and every length is measured in a process of its own.

Give lengths (in events) as arguments for others than the usual ones. ``--queue 1000000`` serves one
long queue instead and tells of each tenth of it what an application took: more than an hour, and
some 12 gigabytes.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from harness.figures import Figure, note

import voucher_rules as vr
from voucher_rules.ledger.allocating import allocate
from voucher_rules.ledger.deciding import Answer, Request
from voucher_rules.ledger.entries import Entry, Moved
from voucher_rules.ledger.serving import consider, decide
from voucher_rules.ledger.stores.memory import MemoryStore

FOLDER = Path(__file__).parents[1] / "tests" / "ledger" / "rulesets"
RULESET = "invented-voucher"
LENGTHS = (1_000, 10_000, 100_000)
ASKED = 60
QUEUED = 600
ROUNDS = 5
PER_ENTERPRISE = 3
PER_PROVIDER = 50
"""How many claims stay within what a provider may have in a year."""
GRANT = 300_000
PARTS = 10
ZONE = timezone(timedelta(hours=8))
START = datetime(2024, 1, 2, 9, tzinfo=ZONE)
NOW = datetime(2025, 6, 2, 9, tzinfo=ZONE)


def open_ledger(length: int, claims: int, money: str) -> vr.Ledger:
    """Return a ledger in which vouchers of others were ordered, accepted and settled before.

    There are as many providers as it takes for some more claims to be granted.
    """
    providers = claims // PER_PROVIDER + 1
    moves = [make_admission(number) for number in range(providers)]
    moves += [make_event(number) for number in range(length)]
    entries = [make_entry(seq, seq - providers, move) for seq, move in enumerate(moves, start=1)]
    rulesets = [vr.load(name, folders=[FOLDER]) for name in (RULESET, "invented-grant")]
    ledger = vr.Ledger(rulesets, MemoryStore(entries))
    of = {"category": "training"}
    for year in (START, NOW):
        ledger.budget("funds", money, year.date(), NOW, envelope=of, ruleset=RULESET)
    ledger.lapse(NOW)
    return ledger


def make_admission(number: int) -> Moved:
    """Return the admission of a provider."""
    carries = {"provider": f"P{number}"}
    return Moved(RULESET, "1", "admission", f"P{number}", "admit", carries=carries)


def make_event(number: int) -> Moved:
    """Return one event: three make the life of a voucher, a few vouchers an enterprise."""
    voucher, stage = divmod(number, 3)
    enterprise = f"old{voucher // PER_ENTERPRISE}"
    carries = {"enterprise": enterprise, "provider": f"old{voucher % 50}", "category": "training"}
    return Moved(
        RULESET,
        "1",
        "voucher",
        f"old{voucher}",
        ("order", "accept", "settle")[stage],
        amount=10_000 if stage == 0 else None,
        carries=carries if stage == 0 else {},
    )


def make_entry(seq: int, number: int, move: Moved) -> Entry:
    """Return the entry of a move, each a little later than the one before."""
    at = (START + timedelta(seconds=max(number, 0) * 10)).astimezone(UTC)
    return Entry(seq, f"h{seq}", at, at, move)


def ask(ledger: vr.Ledger, number: int, enterprise: str) -> Request:
    """Return one claim of an enterprise, with a provider that has room for it."""
    facts = {
        "contract.amount": "6000元",
        "service.category": "training",
        "claim.at": NOW,
        "term.opens": "none",
        "term.closes": "none",
    }
    carries = {"enterprise": enterprise, "provider": f"P{number // PER_PROVIDER}"}
    return ledger.request("claim", facts, NOW, thing=f"c{number}", carries=carries, ruleset=RULESET)


def time_deciding(ledger: vr.Ledger) -> tuple[float, float]:
    """Return the seconds of a decision considered, and of one entered with what follows."""
    considered, entered = [], []
    ledger.keeper.consider(ask(ledger, 0, "old0"))  # what is made once is not counted
    for turn in range(ROUNDS):
        numbers = range(turn * ASKED, (turn + 1) * ASKED)
        requests = [ask(ledger, number, f"old{number}") for number in numbers]
        begun = time.process_time()
        for request in requests:
            consider(ledger.keeper, request)
        considered.append((time.process_time() - begun) / ASKED)
        begun = time.process_time()
        answers = [decide(ledger.keeper, request).answer for request in requests]
        entered.append((time.process_time() - begun) / ASKED)
        check_granted(Counter(answer.made.outcome for answer in answers))
    return statistics.median(considered), statistics.median(entered)


def time_looking_back(ledger: vr.Ledger) -> float:
    """Return the seconds of finding the entries behind the balances of a decision just entered."""
    name = ledger.entries[-2].id
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        ledger.rested_on(name)
        times.append(time.process_time() - begun)
    return statistics.median(times)


def check_granted(outcomes: Counter[str]) -> None:
    """Check that it is grants that were measured. Raises SystemExit."""
    if set(outcomes) != {"granted"}:
        sys.exit(f"not all were granted: {dict(outcomes)}")


def time_queue(ledger: vr.Ledger) -> float:
    """Return the seconds for each application of a queue served from a pool."""
    first = ROUNDS * ASKED
    requests = [ask(ledger, first + n, f"new{n}") for n in range(QUEUED)]
    begun = time.process_time()
    served = ledger.allocate("funds", requests, at=NOW)
    taken = (time.process_time() - begun) / QUEUED
    check_granted(Counter(item.place.value for item in served.placements))
    return taken


def measure_length(length: int) -> dict[str, float]:
    """Return the microseconds of everything for one length of history, and its megabytes."""
    begun = time.process_time()
    ledger = open_ledger(length, ROUNDS * ASKED + QUEUED, "1000亿元")
    opened = time.process_time() - begun
    begun = time.process_time()
    ledger.keeper.consider(ask(ledger, 0, "old0"))
    first = time.process_time() - begun
    considered, entered = time_deciding(ledger)
    return {
        "a decision from history": considered * 1e6,
        "the same, entered with what follows": entered * 1e6,
        "what it rested on, looked up": time_looking_back(ledger) * 1e6,
        "an application served": time_queue(ledger) * 1e6,
        "the very first decision, an event": first / length * 1e6,
        "taking it up, an event": opened / length * 1e6,
        "megabytes of the process": find_memory(),
    }


def find_memory() -> float:
    """Return the most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_aside(length: int) -> dict[str, float]:
    """Return what is measured of one length, in a process of its own."""
    run = subprocess.run(  # noqa: S603 - this interpreter and this file
        [sys.executable, __file__, "--aside", str(length)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(run.stdout)
    return found


def compare_lengths(lengths: tuple[int, ...]) -> None:
    """Measure and print everything at several lengths."""
    found = [measure_aside(length) for length in lengths]
    print(f"Python {sys.version.split()[0]}, CPU time, medians of {ROUNDS} rounds, microseconds")
    print(f"{'events before':36}" + "".join(f"{length:>12,}" for length in lengths) + "   ratios")
    for name in found[0]:
        values = [row[name] for row in found]
        ratios = " ".join(f"{later / values[0]:5.2f}" for later in values[1:])
        print(f"{name:36}" + "".join(f"{value:12.0f}" for value in values) + f"   {ratios}")
        for length, took in zip(lengths, values, strict=True):
            ratio, least = took / values[0], f"{lengths[0]:,} events"
            note(Figure(name, took, "µs", f"{length:,} events", ratio, least))


def serve_long_queue(length: int) -> None:
    """Serve one queue, whose money is gone after nine tenths, and print each tenth of it."""
    money = f"{length * GRANT // 100 * 9 // 10}元"
    ledger = open_ledger(0, length, money)
    requests = [ask(ledger, number, f"new{number // 2}") for number in range(length)]
    ledger.keeper.consider(requests[0])
    print(f"{length:,} applications; {find_memory():,.0f} megabytes before", flush=True)
    print("served, microseconds of CPU and of clock each, megabytes so far", flush=True)
    marks = list_marks(length, (time.process_time(), time.monotonic()))
    next(marks)

    def tell(placement: vr.Placement, answer: Answer) -> None:
        del placement, answer
        next(marks)

    begun = time.process_time()
    served = allocate(ledger.keeper, "funds", requests, at=NOW, tell=tell)
    taken = (time.process_time() - begun) / length
    print(f"an application, ranking and all: {taken * 1e6:,.0f} microseconds of CPU")
    print(dict(Counter(item.place.value for item in served.placements)))
    print("adds up:", all(row.adds_up for row in served.reconcile()), "megabytes:", find_memory())


def list_marks(length: int, before: tuple[float, float]) -> Iterator[None]:
    """Print, as it is driven on with each application, how long each part of a queue took."""
    part = max(length // PARTS, 1)
    yield
    for number in range(1, length + 1):
        if number == 1:
            before = (time.process_time(), time.monotonic())
        if number % part == 0:
            now = (time.process_time(), time.monotonic())
            cpu, clock = ((x - y) / part * 1e6 for x, y in zip(now, before, strict=True))
            print(f"{number:12,} {cpu:8,.0f} {clock:8,.0f} {find_memory():10,.0f}", flush=True)
            before = now
        yield


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lengths", nargs="*", type=int, help="events before")
    parser.add_argument("--queue", type=int, help="applications of one long queue, served instead")
    parser.add_argument("--aside", action="store_true", help="one length, told as JSON")
    asked = parser.parse_args()
    if asked.queue:
        serve_long_queue(asked.queue)
    elif asked.aside:
        print(json.dumps(measure_length(*asked.lengths)))
    else:
        compare_lengths(tuple(asked.lengths) or LENGTHS)


if __name__ == "__main__":
    main()
