"""Measure a ledger at several lengths in one run: entering events, reading balances, its memory.

What counts are the ratios between the lengths: reading a balance must take no longer after a
million events than after ten thousand. Reading every thing there is stands beside it as the
yardstick. Give lengths as arguments for others than the usual ones; 1000000 takes some minutes and
some gigabytes. Every length is measured in a process of its own.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.figures import Figure, note

from voucher_rules.checked.histories import (
    Balance,
    Carried,
    Histories,
    Lifecycle,
    Measure,
    Pool,
    SpanKind,
    Standing,
    State,
    Transition,
    Within,
)
from voucher_rules.checked.symbols import Wording
from voucher_rules.language.types import TEXT
from voucher_rules.ledger.balances import Question
from voucher_rules.ledger.books import FoldedBooks, PoolQuestion
from voucher_rules.ledger.entries import Budgeted, Entry, Moved
from voucher_rules.ledger.history import History
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.past import look_at
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.stores.opening import open_store
from voucher_rules.ledger.trial import take_batch

LENGTHS = (10_000, 100_000)
ROUNDS = 7
BATCH = 1000
ALONE = 200
"""How many events are stored each in a batch of its own."""
ASIDE = "--aside"
EVENTS_PER_VOUCHER = 4
VOUCHERS_PER_ENTERPRISE = 25
START = datetime(2020, 1, 1, tzinfo=UTC)
YEARS = 5
EAST = timezone(timedelta(hours=8))
LABEL = Wording("某", "some")
YEAR = (date(2023, 1, 1), date(2023, 12, 31))
ROLLING = (date(2021, 5, 18), date(2024, 5, 17))


def make_histories() -> dict[str, Histories]:
    """Return what an invented ruleset says of its vouchers."""
    standings = {"granted": Standing.HELD, "redeemed": Standing.USED, "lapsed": Standing.EXPIRED}
    states = {name: State(name, LABEL, standing) for name, standing in standings.items()}
    ways = [
        Transition("grant", LABEL, (), "granted"),
        Transition("redeem", LABEL, ("granted",), "redeemed", partial=True),
        Transition("lapse", LABEL, ("granted",), "lapsed"),
    ]
    carries = {name: Carried(name, LABEL, TEXT) for name in ("enterprise", "provider", "region")}
    voucher = Lifecycle(
        "voucher", LABEL, "CNY", carries, states, {way.name: way for way in ways}, {}
    )
    pool = Pool(
        name="funds",
        label=LABEL,
        lifecycle="voucher",
        takes=("granted", "redeemed"),
        per=("region",),
        dated_by="granted",
        within=ever(),
        partial=False,
        order=(),
    )
    return {"bench": Histories({"voucher": voucher}, {}, {"funds": pool})}


def ever() -> Within:
    """Return the span of any time; questions state their own days."""
    return Within(SpanKind.LIFETIME)


def make_balance(measure: Measure, per: tuple[str, ...], of: str = "") -> Balance:
    """Return a balance of what was redeemed."""
    return Balance(
        f"{measure}-{'-'.join(per)}", measure, "voucher", ("redeemed",), per, "redeemed", ever(), of
    )


def make_entries(length: int) -> list[Entry]:
    """Return the lives of vouchers, one after the other: granted, redeemed twice, lapsed."""
    step = timedelta(days=365 * YEARS) / length
    found = []
    for seq in range(1, length + 1):
        number, stage = divmod(seq - 1, EVENTS_PER_VOUCHER)
        at = START + step * seq
        found.append(Entry(seq, f"e{seq}", at, at, make_event(number, stage)))
    return found


def make_event(number: int, stage: int) -> Moved:
    """Return one event in the life of a voucher."""
    event = ("grant", "redeem", "redeem", "lapse")[stage]
    carries = {
        "enterprise": f"enterprise-{number // VOUCHERS_PER_ENTERPRISE}",
        "provider": f"provider-{number % 50}",
        "region": f"region-{number % 10}",
    }
    amount = (500_000, 200_000, 100_000, None)[stage]
    return Moved(
        ruleset="bench",
        edition="1",
        lifecycle="voucher",
        thing=f"v{number}",
        event=event,
        amount=amount,
        carries=carries if stage == 0 else {},
    )


def list_questions(length: int) -> dict[str, Question]:
    """Return balances as decisions ask them, of a party in the middle of the history."""
    parties = length // EVENTS_PER_VOUCHER // VOUCHERS_PER_ENTERPRISE
    enterprise = {"enterprise": frozenset({f"enterprise-{parties // 2}"})}
    region = {"region": frozenset({"region-3"})}
    provider = {"provider": frozenset({"provider-7"})}
    asked = {
        "sum of an enterprise, a year": (Measure.SUM, enterprise, "", YEAR),
        "sum of a region, a year": (Measure.SUM, region, "", YEAR),
        "sum of a region, rolling three years": (Measure.SUM, region, "", ROLLING),
        "sum of everyone, rolling three years": (Measure.SUM, {}, "", ROLLING),
        "sum of everyone, ever": (Measure.SUM, {}, "", (None, None)),
        "count of a provider, a year": (Measure.COUNT, provider, "", YEAR),
        "providers of a region, a year": (Measure.DISTINCT, region, "provider", YEAR),
        "first day of a provider": (Measure.FIRST, provider, "redeemed", ROLLING),
    }
    return {
        name: Question(
            "bench", make_balance(measure, tuple(per), of), per, "", days[0], days[1], EAST
        )
        for name, (measure, per, of, days) in asked.items()
    }


def ask_pool(histories: dict[str, Histories]) -> PoolQuestion:
    """Return the question how much is left for one region in a year."""
    pool = histories["bench"].pools["funds"]
    asked = Question(
        "bench",
        replace(make_balance(Measure.SUM, pool.per), states=pool.takes, dated_by=pool.dated_by),
        {"region": frozenset({"region-3"})},
        "",
        *YEAR,
        EAST,
    )
    return PoolQuestion("bench", pool, {"region": "region-3"}, YEAR, asked)


def time_call(call: Callable[[], object], repeats: int) -> float:
    """Return the median time of one call over several rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(repeats):
            call()
        times.append((time.process_time() - start) / repeats)
    return statistics.median(times)


def enter_one_by_one(books: LiveBooks, entries: Sequence[Entry]) -> float:
    """Enter each entry as a batch of its own, and return the seconds for each."""
    start = time.process_time()
    for entry in entries:
        take_batch(books, [entry])
    return (time.process_time() - start) / len(entries)


def time_stores(histories: dict[str, Histories], entries: Sequence[Entry]) -> dict[str, float]:
    """Return the seconds of storing an event, and of opening a ledger with it.

    Waiting for the disk is not in it: one event on its own has to wait for it, and by far longer.
    """
    rows = {}
    with TemporaryDirectory() as folder:
        places = {"memory": None, "JSON lines": "l.jsonl", "SQLite": "l.sqlite"}
        for name, place in places.items():
            store = MemoryStore() if place is None else open_store(str(Path(folder) / place))
            for told, size, part in (
                ("one by one", 1, entries[:ALONE]),
                ("in thousands", BATCH, entries[ALONE:]),
            ):
                start = time.process_time()
                for batch in split_entries(part, size):
                    store.append(batch, batch[0].seq - 1)
                rows[f"store in {name}, {told}"] = (time.process_time() - start) / len(part)
            start = time.process_time()
            take_batch(LiveBooks(histories), list(store.read()))
            rows[f"open from {name}"] = (time.process_time() - start) / len(entries)
            store.close()
    return rows


def split_entries(entries: Sequence[Entry], size: int) -> Iterator[Sequence[Entry]]:
    """Yield entries in batches."""
    for start in range(0, len(entries), size):
        yield entries[start : start + size]


def measure_memory(histories: dict[str, Histories], entries: Sequence[Entry]) -> float:
    """Return how many bytes books take for each event, beside the entries themselves."""
    tracemalloc.start()
    books = LiveBooks(histories)
    for entry in entries:
        take_batch(books, [entry])
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / len(books.entries)


def measure_books(histories: dict[str, Histories], entries: Sequence[Entry]) -> dict[str, float]:
    """Return the seconds of entering and reading for one length of history."""
    length = len(entries)
    rows = {}
    books = LiveBooks(histories)
    rows["enter an event, nothing asked yet"] = enter_one_by_one(books, entries)
    del books
    books = LiveBooks(histories)
    questions = list_questions(length)
    for asked in questions.values():
        books.read(asked)
    rows["enter an event, nine balances kept"] = enter_one_by_one(books, entries)
    start = time.process_time()
    take_batch(LiveBooks(histories), entries)
    rows["take up a stored event"] = (time.process_time() - start) / length
    for name, asked in questions.items():
        rows[name] = time_call(lambda asked=asked: books.read(asked), 200)
    last = entries[-1]
    budget = Budgeted("bench", "1", "funds", YEAR[0], 10**9, envelope={"region": "region-3"})
    take_batch(books, [Entry(last.seq + 1, "budget", last.at, last.at, budget)])
    money = ask_pool(histories)
    rows["what is left of a pool, a year"] = time_call(lambda: books.read_pool(money), 200)
    past = look_at(books, entries[-20].at)
    asked = questions["sum of everyone, rolling three years"]
    rows["sum of everyone, 20 events ago"] = time_call(lambda: past.read(asked), 50)
    plain = FoldedBooks(History(books.things), histories)
    rows["sum of everyone, each thing read"] = time_call(lambda: plain.read(asked), 1)
    rows["megabytes of the process"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024e6
    return rows


def measure_length(length: int) -> dict[str, float]:
    """Return the seconds of everything for one length of history, and its megabytes."""
    histories, entries = make_histories(), make_entries(length)
    return measure_books(histories, entries) | time_stores(histories, entries)


def measure_aside(length: int) -> dict[str, float]:
    """Return what is measured of one length, in a process of its own."""
    run = subprocess.run(  # noqa: S603 - this interpreter and this file
        [sys.executable, __file__, ASIDE, str(length)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(run.stdout)
    return found


def main() -> None:
    """Measure and print."""
    if ASIDE in sys.argv:
        print(json.dumps(measure_length(int(sys.argv[2]))))
        return
    lengths = tuple(int(text) for text in sys.argv[1:]) or LENGTHS
    print(f"Python {sys.version.split()[0]}, CPU time, medians of {ROUNDS} rounds, microseconds")
    found = {length: measure_aside(length) for length in lengths}
    print(f"{'events':38}" + "".join(f"{length:>14,}" for length in lengths) + "   ratios")
    for name in found[lengths[0]]:
        times = [found[length][name] for length in lengths]
        ratios = " ".join(f"{later / times[0]:6.1f}" for later in times[1:])
        print(f"{name:38}" + "".join(f"{x * 1e6:14.1f}" for x in times) + f"   {ratios}")
        for length, took in zip(lengths, times, strict=True):
            ratio, least = took / times[0], f"{lengths[0]:,} events"
            note(Figure(name, took * 1e6, "µs", f"{length:,} events", ratio, least))
    size = measure_memory(make_histories(), make_entries(lengths[0]))
    print(f"{'memory of an event, without its entry':38}{size:14.0f} bytes")
    note(Figure("memory of an event, without its entry", size, "bytes"))


if __name__ == "__main__":
    main()
