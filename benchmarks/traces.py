"""Measure traces taken by kernels beside the tracing evaluator, in one run.

The decisions call another one, or ask something of a list; cases are invented, with a value for
every fact. Before anything is timed each trace is held against that of the reference, but for the
steps of a called decision, which are taken when someone looks at them; they are timed by
themselves. All ways are timed in turn, round by round, in processor time; a ratio is the median
over the rounds, each to the reference timed right before.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, Final

from harness.figures import Figure, note

import voucher_rules as vr
from voucher_rules.compiled.verdict import Verdict, prepare
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.evaluate import called_of
from voucher_rules.decision.options import choose_options

ASKED: Final = (
    ("cn-bj-service-voucher", "claim"),
    ("cn-bj-service-voucher", "redeem"),
    ("cn-gx-service-voucher", "apply_as_provider"),
    ("cn-gx-service-voucher", "use"),
    ("cn-nm-demonstration-platform", "recommend"),
    ("cn-nm-service-voucher", "claim"),
    ("cn-nx-service-voucher", "claim"),
)
"""The last neither calls nor asks."""


def look_into(verdict: Verdict) -> None:
    """Take a trace, and the steps of every called decision."""
    for result in verdict.take_trace() or ():
        called = called_of(result)
        if called is not None:
            called.evaluations  # noqa: B018 - taken by looking


def is_alike(verdict: Verdict) -> bool:
    """Return whether a kernel takes a trace; raise SystemExit where it is another one."""
    taken, whole = verdict.take_trace(), verdict.decide_whole()
    for found in taken or ():
        wanted = whole.evaluation.rules[found.rule.id]
        if found._replace(called=None) != wanted._replace(called=None):
            raise SystemExit(f"another trace: {found.rule.id}")
    return taken is not None


def time_all(do: Callable[[Any], object], items: list[Any]) -> int:
    """Return the nanoseconds of the processor that doing something with each takes."""
    gc.collect()
    start = time.process_time_ns()
    for item in items:
        do(item)
    return time.process_time_ns() - start


def measure(name: str, decision: str, count: int, rounds: int) -> None:
    """Print how long each way takes for one decision."""
    ruleset = vr.load(name)
    program = ruleset.program(decision)
    options = choose_options(ruleset.checked, {}, assume_in_force=True)
    decider = prepare(program, options)
    cases: list[Mapping[str, Any]] = list(vr.synthesise(ruleset, decision, count, seed=7))
    verdicts = [decider.decide(dict(case)) for case in cases]
    kept = [(c, v) for c, v in zip(cases, verdicts, strict=True) if is_alike(v)]
    ways: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "reference": (
            lambda c: decide(program, read_case(program, c), options),
            [c for c, _ in kept],
        ),
        "decided and traced": (
            lambda c: decider.decide(c).take_trace(),
            [dict(c) for c, _ in kept],
        ),
        "the called one's steps too": (
            lambda c: look_into(decider.decide(c)),
            [dict(c) for c, _ in kept],
        ),
    }
    taken: dict[str, list[int]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, (do, items) in ways.items():
            taken[way].append(time_all(do, items))
    cells = [f"{median(taken['reference']) / len(kept) / 1000:>10,.0f}"]
    for way in [*ways][1:]:
        pairs = zip(taken[way], taken["reference"], strict=True)
        share = median(one * 10_000 // whole for one, whole in pairs)
        each = median(taken[way]) / len(kept) / 1000
        cells.append(f"{each:>10,.0f}{share / 10_000:>8.3f}")
        told = f"{name} {decision}, {way}"
        note(Figure(told, each, "µs", f"{len(kept):,}", share / 10_000, "the reference"))
    print(f"{name + ' ' + decision:<46}{len(kept):>4} of {count:<4}{''.join(cells)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure traces taken by kernels.")
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    head = f"{'reference':>10}{'by kernel':>10}{'x ref.':>8}{'called too':>10}{'x ref.':>8}"
    print(f"{'us of the processor for one decision':<46}{'traced':<12}{head}")
    for name, decision in ASKED:
        measure(name, decision, arguments.cases, arguments.rounds)
    print("the last one neither calls nor asks")


if __name__ == "__main__":
    main()
