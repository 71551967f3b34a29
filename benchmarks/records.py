"""Measure records: written, checked and decided again, against deciding alone, all in one run.

What counts are the ratios to deciding alone, in processor time, and that memory does not grow with
the log. Give
numbers of records as arguments for others than the usual ones; ``--jobs N`` for other than all
processors. An invented ruleset decides, and a shipped one.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import voucher_rules as vr
from voucher_rules.record.entries import Recorder
from voucher_rules.record.log import Log
from voucher_rules.record.recording import Request, draft_decision
from voucher_rules.record.replaying import Replay
from voucher_rules.record.reports import report_replay
from voucher_rules.record.workers import count_processors

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "record" / "rulesets"
SIZES = (1_000, 4_000)
BATCH = 500
START = datetime(2024, 5, 2, 9, tzinfo=UTC)


def state_case(name: str, number: int) -> tuple[str, dict[str, Any], str]:
    """Return a decision, the facts of one case, and the day."""
    if name != "invented-tickets":
        return "claim", {"contract.amount": f"{1000 + number % 9000}元"}, "2017-03-01"
    guests = [{"name": f"guest {number}", "price": "50元"}]
    facts = {
        "ticket.holder": f"holder {number}",
        "ticket.agent": "none",
        "ticket.price": f"{100 + number % 400}.50元",
        "guests": guests,
        "finding.ill": bool(number % 2),
    }
    return "refund", facts, "2024-05-01"


def write_log(path: Path, name: str, size: int) -> Mapping[str, float]:
    """Write a log of many decisions; return how long deciding and recording took."""
    ruleset = vr.load(name, folders=[FOLDER])
    taken = {"decide": 0.0, "record": 0.0}
    vr.RecordLog.create(path, "Measured", log_id="measured", clock=lambda: START).close()
    with Log.open(path) as log:
        for first in range(0, size, BATCH):
            began = count_work()
            numbers = range(first, min(first + BATCH, size))
            decided = [decide(ruleset, number) for number in numbers]
            between = count_work()
            pairs = zip(numbers, decided, strict=True)
            log.append_all([draft(number, decision) for number, decision in pairs])
            taken["decide"] += between - began
            taken["record"] += count_work() - between
    return taken


def decide(ruleset: vr.Ruleset, number: int) -> vr.Decision:
    """Decide one case."""
    name, facts, day = state_case(ruleset.id, number)
    return ruleset.decide(name, facts, on=day)


def draft(number: int, decision: vr.Decision) -> Any:  # noqa: ANN401 - a draft of an entry
    """Return what is to be recorded of a decision."""
    at = START + timedelta(seconds=number)
    request = Request(f"request {number}", at, Recorder("benchmark"))
    return draft_decision(decision.result, (), request, {})


def measure(what: str, path: str, jobs: int) -> None:
    """Go through a log in this process and print how long it took and how much memory."""
    replay = Replay(path, [FOLDER], jobs=jobs, decides=what == "replay")
    began, before = time.perf_counter(), count_work()
    report = report_replay(replay)
    taken, worked = time.perf_counter() - began, count_work() - before
    if report.conclusion != "all_match":
        raise SystemExit(f"the log does not match: {report.conclusion}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(
        json.dumps(
            {"taken": taken, "worked": worked, "memory": own / 1024, "worker": others / 1024}
        )
    )


def count_work() -> float:
    """Return the seconds of processor time spent here and in processes that have ended."""
    spent = [resource.getrusage(x) for x in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in spent)


def measure_apart(what: str, path: Path, jobs: int) -> dict[str, float]:
    """Do the same in a process of its own, so that nothing else counts."""
    words = [sys.executable, __file__, "--measure", what, "--log", str(path), "--jobs", str(jobs)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603
    return dict(json.loads(done.stdout))


def compare(name: str, size: int, jobs: int) -> None:
    """Print what a log of a size takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        taken = write_log(path, name, size)
        alone = taken["decide"]
        per_record = path.stat().st_size / size
        print(f"{name}, {size:,} records: {per_record:,.0f} bytes each")
        tell("decided", size, alone, alone)
        tell("recorded (500 at a time)", size, taken["record"], alone)
        for label, what, number in (
            ("checked alone", "check", 1),
            ("replayed, 1 process", "replay", 1),
            (f"replayed, {jobs} processes", "replay", jobs),
        ):
            found = measure_apart(what, path, number)
            memory = f"{found['memory']:,.0f} MB"
            if number > 1:
                memory += f" and {found['worker']:,.0f} MB each"
            tell(
                label,
                size,
                found["worked"],
                alone,
                f"{memory}, {found['taken']:.1f} s by the clock",
            )


def tell(label: str, size: int, taken: float, alone: float, memory: str = "") -> None:
    """Print one line: records a second, and the ratio to deciding alone."""
    rate, ratio = size / taken, taken / alone
    print(f"  {label:<26} {rate:>9,.0f} a processor second  {ratio:>5.2f} x deciding  {memory}")


def main() -> None:
    """Measure at every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--jobs", type=int, default=count_processors())
    parser.add_argument("--ruleset", default="invented-tickets")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--log", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure, asked.log, asked.jobs)
        return
    for size in asked.sizes:
        compare(asked.ruleset, size, asked.jobs)


if __name__ == "__main__":
    main()
