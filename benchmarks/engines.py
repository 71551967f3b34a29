"""Measure a decision beside the same in other rule engines that Python reaches, in one run.

The decision is the invented one of ``compiled.py``. Before an engine is timed its answers to all
200 cases are held against what is written by hand: outcome, failed conditions, amount and the limit
that binds. A package that is not installed is told as that and left out. They are no dependency of
this project; to have them all:

    pip install zen-engine common-expression-language rule-engine json-logic-qubit business-rules \
        openfisca-core policyengine-core polars numpy
    python benchmarks/engines.py            # a minute or two
    python benchmarks/engines.py --quick    # well under a minute

All ways are timed in turn, round by round, in processor time, so that what else the machine does
meets all of them alike; a ratio is the median over the rounds, each to the one by hand timed right
before and after. Inside the clock is the engine, and making what it takes of a dict. Columns stand
as each engine keeps them beforehand.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from harness.figures import Figure, note
from harness.timing import tell_load, time_once
from peers.columns import (
    CONDITIONS,
    Columns,
    make_numpy,
    make_openfisca,
    make_polars,
    make_policyengine,
)
from peers.single import PEERS, Answer, Case, Way

import voucher_rules as vr
from compiled import (
    GRADES,
    KINDS,
    SIZES,
    decide_by_hand,
    draw_cases,
    make_columns,
    make_runner,
    read_ruleset,
)
from voucher_rules.batch.numpy.checks import Column
from voucher_rules.compiled.python_names import CODES
from voucher_rules.compiled.verdict import Decider, prepare
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.options import choose_options

CASES = 200
OWN = "voucher-rules"
HAND = "by hand"
PREFIX = "case."


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds, how long a way is timed in each, and rows of the columns."""

    rounds: int
    seconds: float
    rows: int


FULL = Effort(15, 0.1, 1_000_000)
QUICK = Effort(5, 0.03, 200_000)


def find_version(package: str) -> str | None:
    """Return the version of a package that is installed, else None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


# -- one case --------------------------------------------------------------------------------------


def make_own_ways(ruleset: vr.Ruleset) -> tuple[Way, ...]:
    """Return the ways of this project, from the quickest to the one that defines the others."""
    decider = prepare(ruleset.program("claim"), choose_options(ruleset.checked, {}))

    def look(case: Case) -> tuple[Any, ...]:
        return (ruleset.decide("claim", case).outcome,)

    def look_at_amount(case: Case) -> tuple[Any, ...]:
        decision = ruleset.decide("claim", case)
        return decision.outcome, decision.amount

    def look_at_trace(case: Case) -> tuple[Any, ...]:
        decision = ruleset.decide("claim", case)
        return decision.outcome, decision.amount, decision.trace

    def take_verdict(case: Case) -> Answer:
        verdict = decider.decide(case)
        failed = [name for name, status in verdict.statuses.items() if status == "failed"]
        amount = verdict.amounts["case.grant"]
        return verdict.outcome, failed, amount.otherwise or 0, amount.binding[0]

    return (
        Way("a decision: outcome", look, read_decision),
        Way("a decision: outcome, amount", look_at_amount, read_decision),
        Way("a verdict: also what failed", take_verdict),
        Way("a decision: also its trace", look_at_trace, read_decision),
        Way("the tracing evaluator", lambda case: trace(decider, case), read_result),
    )


def read_decision(given: tuple[Any, ...]) -> Answer:
    """Return the answer of a decision, as far as one of the above looked."""
    outcome, amount, results = (*given, None, None)[:3]
    failed = fen = binding = None
    if amount is not None:
        fen, binding = int(amount.otherwise * 100), amount.binding[0]
    if results is not None:
        failed = [result.rule.id for result in results if result.status == "failed"]
    return outcome, failed, fen, binding


def trace(decider: Decider, case: Case) -> Any:  # noqa: ANN401 - a result of the core
    """Decide by the reference, which takes the trace as it goes."""
    return decide(decider.program, read_case(decider.program, case), decider.options)


def read_result(given: Any) -> Answer:  # noqa: ANN401
    """Return the answer of the reference."""
    results = given.evaluation.rules
    failed = [name for name, result in results.items() if result.status == "failed"]
    amount = given.amounts["case.grant"]
    return given.outcome, failed, int(amount.otherwise), amount.binding[0]


def check_answers(way: Way, cases: list[Case], given: list[Case]) -> None:
    """Check that a way decides as the one by hand, so that it is worth timing. Raises SystemExit.

    ``given`` are the cases as the way takes them.
    """
    for case, own in zip(cases, given, strict=True):
        wanted, found = decide_by_hand(case), way.read(way.decide(own))
        told = [(x, y) for x, y in zip(found, wanted, strict=True) if x is not None]
        if any(x != y for x, y in told):
            sys.exit(f"{way.label}: not the same decision: {found} against {wanted}")


def repeat(way: Way, cases: list[Case]) -> Callable[[], object]:
    """Return a call that decides every case once."""
    one = way.decide
    return lambda: [one(case) for case in cases]


def make_single_calls(
    ruleset: vr.Ruleset, cases: list[Case]
) -> Iterator[tuple[str, str, Callable[[], object] | None]]:
    """Return each way with its package and what is timed; None where that is not installed."""
    for case in cases * 3:
        ruleset.decide("claim", case)  # far oftener than it takes for a kernel to be made
    for way in (Way(HAND, decide_by_hand), *make_own_ways(ruleset)):
        check_answers(way, cases, cases)
        yield way.label, "" if way.label == HAND else OWN, repeat(way, cases)
    plain = [{name.removeprefix(PREFIX): fact for name, fact in case.items()} for case in cases]
    for package, make in PEERS.items():
        there = find_version(package)
        if there is None:
            yield "", package, None
            continue
        for way in make():
            check_answers(way, cases, plain)
            yield way.label, f"{package} {there}", repeat(way, plain)


# -- columns ---------------------------------------------------------------------------------------


def make_kernel_call(ruleset: vr.Ruleset, plain: Columns) -> Callable[[], Columns]:
    """Return a call that decides columns by the kernel of this project, with every check."""
    runner, size = make_runner(ruleset), len(plain["day"])
    columns = {f"{PREFIX}{name}": Column(values) for name, values in plain.items()}
    granted = CODES.index(vr.Outcome.GRANTED)

    def run() -> Columns:
        found = runner.run(columns, size)
        return {"granted": found.outcome == granted, "grant": found.amounts["case.grant"]}

    return run


def make_frame_call(ruleset: vr.Ruleset, plain: Columns) -> Callable[[], Columns]:
    """Return a call that decides a table of Arrow, every cell of it judged, into another."""
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    options = {"size": SIZES, "grade": GRADES, "kind": KINDS}
    epoch = date(1970, 1, 1).toordinal()
    made = {}
    for name, values in plain.items():
        held = values // 100 if name in {"price", "used"} else values
        if name in options:
            held = np.array(options[name], object)[values]
        elif name == "day":
            held = (values - epoch).astype("datetime64[D]")
        made[f"{PREFIX}{name}"] = arrow.array(held)
    table = arrow.table(made)

    def run() -> Columns:
        found = vr.decide_frame(ruleset, "claim", table).results
        granted = compute.equal(found["outcome"], "granted")
        return {"granted": granted, "mask": found["failed"]}

    return run


def check_columns(label: str, found: Columns, wanted: Columns) -> None:
    """Check the columns that a way gives against those by hand. Raises SystemExit."""
    if f"ok_{CONDITIONS[0]}" in found:
        fails = [~found[f"ok_{name}"] for name in CONDITIONS]
        found = found | {"mask": sum(fail.astype(int) << bit for bit, fail in enumerate(fails))}
    for name in wanted.keys() & found.keys():
        if not (np.asarray(found[name]) == wanted[name]).all():
            sys.exit(f"{label}: not the same column {name}")


def make_column_calls(
    ruleset: vr.Ruleset, cases: list[Case], rows: int
) -> Iterator[tuple[str, str, Callable[[], object] | None]]:
    """Return each way over columns with its package and what is timed."""
    plain = make_columns(cases, max(1, rows // len(cases)))
    wanted = make_numpy(plain)()
    ways: tuple[tuple[str, str, Callable[[Columns], Callable[[], Columns]]], ...] = (
        (HAND, "numpy", make_numpy),
        ("a kernel over columns, checked", OWN, lambda x: make_kernel_call(ruleset, x)),
        ("decide_frame, from Arrow to Arrow", OWN, lambda x: make_frame_call(ruleset, x)),
        ("Polars by hand, one thread", "polars", make_polars),
        ("OpenFisca, a simulation", "openfisca-core", make_openfisca),
        ("PolicyEngine, a simulation", "policyengine-core", make_policyengine),
    )
    for label, package, make in ways:
        there = "" if package == OWN else find_version(package)
        if there is None:
            yield label, package, None
            continue
        call = make(plain)
        check_columns(label, call(), wanted)
        yield label, f"{package} {there}".strip(), call


# -- measuring -------------------------------------------------------------------------------------


def time_in_turn(
    calls: Mapping[str, Callable[[], object]], rounds: int, seconds: float
) -> dict[str, list[tuple[float, float]]]:
    """Return of each, for each round, what one call takes and its ratio to the one by hand.

    That one is timed before and after every other, as the machine is not equally fast for long.
    """
    gc.collect()
    gc.freeze()  # what the packages keep in memory is no work of any decision
    repeats = {label: count_repeats(call, seconds) for label, call in calls.items()}
    times: dict[str, list[tuple[float, float]]] = {label: [] for label in calls}
    for _ in range(rounds):
        before = time_once(calls[HAND], repeats[HAND])
        for label, call in calls.items():
            taken = time_once(call, repeats[label])
            after = time_once(calls[HAND], repeats[HAND])
            times[label].append((taken, 2 * taken / (before + after)))
            before = after
    return times


def count_repeats(call: Callable[[], object], seconds: float) -> int:
    """Return how many calls fill the time, at least one."""
    call()
    return max(1, round(seconds / max(time_once(call, 1), 1e-6)))


def show(
    title: str,
    made: Iterator[tuple[str, str, Callable[[], object] | None]],
    effort: Effort,
    unit: tuple[int, float, str],
) -> None:
    """Measure ways in turn and print a table; ``unit`` says what one time is shared and told in."""
    listed = list(made)
    calls = {label: call for label, _, call in listed if call is not None}
    times = time_in_turn(calls, effort.rounds, effort.seconds)
    size, scale, name = unit
    print(f"\n{title}\n{'':34} {'':34} {name:>9} {'x by hand':>10}   (least to most)")
    for label, package, call in listed:
        if call is None:
            print(f"{label:34} {package:34} not installed")
            continue
        taken, ratios = zip(*times[label], strict=True)
        each, ratio = statistics.median(taken) / size * scale, statistics.median(ratios)
        told = f"{label}, {package}" if package and package != OWN else label
        note(Figure(told, each, name, f"{size:,}", ratio, HAND))
        print(
            f"{label:34} {package:34} {each:9.2f}"
            f" {ratio:10.2f}   ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def read_effort() -> Effort:
    """Return how much the command line asks for."""
    parser = argparse.ArgumentParser(description="One decision, beside other engines.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--rounds", type=int, help="how many rounds")
    parser.add_argument("--rows", type=int, help="how many rows of columns")
    asked = parser.parse_args()
    usual = QUICK if asked.quick else FULL
    return Effort(asked.rounds or usual.rounds, usual.seconds, asked.rows or usual.rows)


def main() -> None:
    """Measure and print."""
    # Before Polars is imported: all else here runs in one thread.
    os.environ["POLARS_MAX_THREADS"] = "1"
    effort = read_effort()
    ruleset, cases = read_ruleset(), draw_cases(CASES)
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} processors,"
        f" load {tell_load()} at first; medians of {effort.rounds} rounds, processor time"
    )
    single = make_single_calls(ruleset, cases)
    show(f"One decision, the mean of {CASES} cases", single, effort, (CASES, 1e6, "us"))
    rows = max(1, effort.rows // CASES) * CASES
    columns = make_column_calls(ruleset, cases, rows)
    show(f"{rows:,} decisions over columns", columns, effort, (rows, 1e9, "ns"))
    print(f"\nload {tell_load()} at last")


if __name__ == "__main__":
    main()
