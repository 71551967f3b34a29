"""Measure a study of many applications beside deciding them one by one, in processor time.

The applications are invented for a shipped ruleset, with every finding made. Some one in a hundred
still waits for a person, as a decision that is called refers it; kernels tell that, too. What one
application takes the reference alone is measured on a sample of them.

    python benchmarks/populations.py 10000 100000
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from harness.figures import Figure, note
from harness.timing import count_work

import voucher_rules as vr
from voucher_rules.batch.cases.tables import CaseTable, read_table
from voucher_rules.batch.memory.kernels import Kernels
from voucher_rules.batch.reading.columns import open_table
from voucher_rules.batch.verdicts.model import Executor
from voucher_rules.batch.verdicts.reference import Reference
from voucher_rules.decision.law import Options

NAME, DECISION, PARAMETER = "cn-bj-service-voucher", "claim", "transaction_ratio"
SIZES = (10_000, 100_000)
SAMPLE = 500
POINTS = 20
Made = TypeVar("Made")


def invent(size: int) -> list[dict[str, Any]]:
    """Return applications, every finding made."""
    ruleset = vr.load(NAME)
    findings = [x for x in ruleset.program(DECISION).inputs if x.startswith("finding.")]
    made = vr.synthesise(ruleset, DECISION, size, seed=7, marginals=dict.fromkeys(findings, True))
    return list(made)


def measure(do: Callable[[], Made]) -> tuple[float, float, Made]:
    """Return the processor time something took, the time by the clock, and what it gave."""
    worked, began = count_work(), time.perf_counter()
    made = do()
    return count_work() - worked, time.perf_counter() - began, made


def compare(size: int, sample: int, points: int) -> None:
    """Print what a study of so many applications takes."""
    rows = invent(size)
    ruleset = vr.load(NAME)
    program = ruleset.program(DECISION)
    readings = {name: item.default for name, item in ruleset.checked.readings.items()}
    options = Options(readings, assume_in_force=True)
    print(f"{NAME} {DECISION}, {size:,} applications", flush=True)

    def run(execute: Executor, table: CaseTable) -> object:
        return execute(program, options, table.cases)

    few = read_table(rows[:sample], program)
    alone = measure(lambda: run(Reference(), few))[0] / len(few.cases)
    told = f"{size:,}"
    tell("decided by the reference", told, alone, alone, f"({len(few.cases)} of them)")
    taken, _, table = measure(lambda: read_table(open_table(rows), program))
    tell("read", told, taken / size, alone)
    for name, columns in (("row by row", False), ("over columns", True)):
        execute = Kernels(fewest=1, columns=columns)
        first = measure(lambda: run(execute, table))[0]  # noqa: B023 - run at once
        again = measure(lambda: run(execute, table))[0]  # noqa: B023 - as above
        label, once = f"decided by kernels {name}", f"{first - again:.2f} s once"
        tell(label, told, again / size, alone, once)
    measure_sweep(ruleset, rows, alone, points)


def measure_sweep(
    ruleset: vr.Ruleset, rows: Sequence[dict[str, Any]], alone: float, points: int
) -> None:
    """Print what trying many values of a parameter takes, whole: reading, deciding, adding up."""
    values = [f"{number}%" for number in range(20, 20 + points)]
    worked, taken, study = measure(
        lambda: vr.sweep(rows, ruleset, DECISION, {PARAMETER: values}, assume_in_force=True)
    )
    decided = len(rows) * len(study.trials)
    label = f"swept, {points} values and as it is"
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    more = f"{worked:.1f} s, {taken:.1f} s by the clock, {held:,.0f} MB"
    tell(label, f"{len(rows):,}", worked / decided, alone, more)


def tell(label: str, size: str, taken: float, alone: float, more: str = "") -> None:
    """Print one line: the time an application takes, and how often it fits into the reference's."""
    times = f"{alone / taken:,.1f}"
    note(Figure(label, taken * 1e6, "µs an application", size, taken / alone, "the reference"))
    print(
        f"  {label:<34} {taken * 1e6:>9,.1f} us each {times:>9} times as fast  {more}", flush=True
    )


def main() -> None:
    """Measure at every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--points", type=int, default=POINTS)
    asked = parser.parse_args()
    for size in asked.sizes:
        compare(size, min(size, asked.sample), asked.points)


if __name__ == "__main__":
    main()
