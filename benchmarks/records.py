"""Measure records: written, checked and decided again, against deciding alone, all in one run.

What counts are the ratios to deciding alone, in processor time, that memory hardly grows with the
log, and how little of the work is left to the process that others work for. A log is laid from some
hundred cases that were really decided (``--cases``): of each decision as many records are made as
the log needs, every one for a request and a subject of its own, so that every line is a true and
different record, and deciding a million cases beforehand is not what takes the time. Deciding alone
is measured over those cases.

Give numbers of records as arguments for others than the usual ones; logs longer than
``--replay-to`` are checked and not replayed. An invented ruleset decides, or with ``--ruleset`` a
shipped one.
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

from harness.figures import Figure, note

import voucher_rules as vr
from voucher_rules.record.entries import Recorder
from voucher_rules.record.impact_reports import report_impact
from voucher_rules.record.impacts import Effect, ImpactStudy, Reform
from voucher_rules.record.log import Log
from voucher_rules.record.recording import Request, draft_decision
from voucher_rules.record.replaying import Replay
from voucher_rules.record.reports import report_replay
from voucher_rules.record.workers import count_processors

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "record" / "rulesets"
SIZES = (10_000, 100_000)
WHATS = (("check", "checked"), ("replay", "replayed"), ("impact", "under a law"))
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


def write_log(path: Path, name: str, size: int, cases: int) -> Mapping[str, float]:
    """Write a log of many records; return what deciding one case and recording all took."""
    ruleset = vr.load(name, folders=[FOLDER])
    decide(ruleset, 0)
    began = count_work()
    decided = [decide(ruleset, number) for number in range(cases)]
    between = count_work()
    vr.RecordLog.create(path, "Measured", log_id="measured", clock=lambda: START).close()
    with Log.open(path) as log:
        for first in range(0, size, BATCH):
            numbers = range(first, min(first + BATCH, size))
            log.append_all([draft(x, decided[x % cases]) for x in numbers])
    return {"decide": (between - began) / cases, "record": count_work() - between}


def decide(ruleset: vr.Ruleset, number: int) -> vr.Decision:
    """Decide one case."""
    name, facts, day = state_case(ruleset.id, number)
    return ruleset.decide(name, facts, on=day)


def draft(number: int, decision: vr.Decision) -> Any:  # noqa: ANN401 - a draft of an entry
    """Return what is to be recorded of a decision."""
    at = START + timedelta(seconds=number)
    request = Request(f"request {number}", at, Recorder("benchmark"), f"subject {number}")
    return draft_decision(decision.result, (), request, {})


def measure(what: str, path: str, jobs: int, name: str) -> None:
    """Go through a log in this process and print how long it took and how much memory."""
    began, before = time.perf_counter(), count_work()
    if what == "impact":
        study = ImpactStudy(path, Reform(vr.load(name, folders=[FOLDER]).checked), jobs=jobs)
        if set(report_impact(study).effects) != {Effect.SAME}:
            raise SystemExit("the same law gave something else")
    else:
        report = report_replay(Replay(path, [FOLDER], jobs=jobs, decides=what == "replay"))
        if report.conclusion != "all_match":
            raise SystemExit(f"the log does not match: {report.conclusion}")
    own, others = (resource.getrusage(x) for x in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    found = {
        "taken": time.perf_counter() - began,
        "worked": count_work() - before,
        "others": others.ru_utime + others.ru_stime,
        "memory": own.ru_maxrss / 1024,
        "worker": others.ru_maxrss / 1024,
    }
    print(json.dumps(found))


def count_work() -> float:
    """Return the seconds of processor time spent here and in processes that have ended."""
    spent = [resource.getrusage(x) for x in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in spent)


def measure_apart(what: str, path: Path, jobs: int, name: str) -> dict[str, float]:
    """Do the same in a process of its own, so that nothing else counts."""
    words = [sys.executable, __file__, "--measure", what, "--log", str(path)]
    words += ["--jobs", str(jobs), "--ruleset", name]
    done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603
    return dict(json.loads(done.stdout))


def compare(asked: argparse.Namespace, size: int) -> None:
    """Print what a log of a size takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        taken = write_log(path, asked.ruleset, size, min(size, asked.cases))
        alone = taken["decide"] * size
        per_record = path.stat().st_size / size
        print(f"{asked.ruleset}, {size:,} records: {per_record:,.0f} bytes each", flush=True)
        tell("decided", size, alone, alone)
        tell("recorded (500 at a time)", size, taken["record"], alone)
        whats = WHATS if size <= asked.replay_to else WHATS[:1]
        for what, label in [x for x in whats if x[0] in asked.what]:
            for jobs in sorted({asked.jobs} if asked.only else {1, asked.jobs}):
                found = measure_apart(what, path, jobs, asked.ruleset)
                told = f"{label}, {jobs} process" + ("es" if jobs > 1 else "")
                tell(told, size, found["worked"], alone, tell_shares(found, jobs))


def tell_shares(found: Mapping[str, float], jobs: int) -> str:
    """Return how much memory it took, how long, and what was left to the first process."""
    told = f"{found['memory']:,.0f} MB"
    if jobs > 1:
        left = 1 - found["others"] / found["worked"]
        told += f" and {found['worker']:,.0f} MB each, {left:.0%} of the work in the first"
    return f"{told}; {found['taken']:.1f} s by the clock"


def tell(label: str, size: int, taken: float, alone: float, memory: str = "") -> None:
    """Print one line: records a second, and the ratio to deciding alone."""
    rate, ratio = size / taken, taken / alone
    note(Figure(label, rate, "a processor second", f"{size:,}", ratio, "deciding"))
    print(
        f"  {label:<26} {rate:>9,.0f} a processor second  {ratio:>5.2f} x deciding  {memory}",
        flush=True,
    )


def main() -> None:
    """Measure at every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--jobs", type=int, default=max(2, count_processors()))
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--what", nargs="+", choices=dict(WHATS), default=list(dict(WHATS)))
    parser.add_argument("--only", action="store_true", help="not with one process as well")
    parser.add_argument("--replay-to", type=int, default=200_000)
    parser.add_argument("--ruleset", default="invented-tickets")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--log", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        measure(asked.measure, asked.log, asked.jobs, asked.ruleset)
        return
    for size in asked.sizes:
        compare(asked, size)


if __name__ == "__main__":
    main()
