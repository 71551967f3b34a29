"""Measure a table decided with the records of a list in a file beside it, by each executor.

Firms stand in one file of Parquet, their orders in another in no order: ten for three firms. What
is left of each firm's yearly quota is decided. Each run is a process of its own, and the order
alternates; medians are told. The clock runs from what is opened to results that stand, and so does
the processor time, for Spark that of Java and Python together and without the start of Java.

    python benchmarks/orders.py [FIRMS] [--executors duckdb spark rows] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spark as sparks
from harness.figures import Figure, note

import voucher_rules as vr

FIRMS = 200_000
EXECUTORS = ("duckdb", "spark", "rows")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "duckdb": ("duckdb",),
    "spark": ("pyspark", "pyarrow"),
    "rows": ("pyarrow",),
}


def write_tables(folder: Path, firms: int) -> None:
    """Write firms and their orders."""
    import pyarrow as pa  # noqa: PLC0415 - not everywhere
    from pyarrow import parquet  # noqa: PLC0415 - not everywhere

    draw = random.Random(7)  # noqa: S311 - invented tables
    keys = [f"F{number:08}" for number in range(firms)]
    cases = {"firm": keys, "enterprise.classes": ["[ordinary]"] * firms}
    parquet.write_table(pa.table(cases), folder / "firms.parquet")
    count = firms * 10 // 3
    orders = {
        "firm": [keys[draw.randrange(firms)] for _ in range(count)],
        "amount": [draw.randrange(1, 3000) for _ in range(count)],
        "paid": ["none"] * count,
        "state": ["ordered"] * count,
    }
    parquet.write_table(pa.table(orders), folder / "orders.parquet")


def run_child(executor: str, folder: Path) -> None:
    """Decide once; print what it took and what was found."""
    ruleset = vr.load("cn-bj-service-voucher")
    out = folder / f"out-{executor}"
    shutil.rmtree(out, ignore_errors=True)
    session = sparks.open_session() if executor == "spark" else None
    java = session.sparkContext._gateway.proc.pid if session else 0  # noqa: SLF001 - told nowhere else
    started, spent, own = time.perf_counter(), _read_java(java), time.process_time()
    report = vr.decide_table(
        ruleset,
        "quota",
        folder / "firms.parquet",
        out,
        records={"orders": vr.Records(folder / "orders.parquet", "firm", complete=True)},
        keys=["firm"],
        executor=executor,
        spark=session,
        on="2024-05-01",
        assume_in_force=True,
    )
    took = {
        "wall": time.perf_counter() - started,
        "processor": _read_java(java) - spent + time.process_time() - own,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(took | {"found": _sum_up(out), "rows": dict(report.rows)}))


def _read_java(process: int) -> float:
    return sparks.read_cpu(process) if process else 0.0


def _sum_up(out: Path) -> list[str]:
    """Return how many rows there are, and what they come to together."""
    from pyarrow import compute, parquet  # noqa: PLC0415 - not everywhere

    tables = [parquet.read_table(path) for path in sorted(out.glob("part-*.parquet"))]
    used = [int(x) for table in tables for x in table.column("quota.used").to_pylist()]
    kinds = {x for table in tables for x in compute.unique(table.column("outcome")).to_pylist()}
    return [str(len(used)), str(sum(used)), *sorted(kinds)]


def measure(executor: str, folder: Path) -> dict[str, Any]:
    """Return what one executor took, run in a process of its own."""
    command = [sys.executable, __file__, "--child", executor, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this file
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


def compare(folder: Path, executors: list[str], firms: int, rounds: int) -> None:
    """Print the medians of each executor on the same tables."""
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in executors}
    for number in range(rounds):
        for name in executors[:: -1 if number % 2 else 1]:
            taken[name].append(measure(name, folder))
    if len({str(x["found"]) for runs in taken.values() for x in runs}) != 1:
        message = f"executors found something else: {taken}"
        raise AssertionError(message)
    first = statistics.median(x["processor"] for x in taken[executors[0]])
    for name, runs in taken.items():
        wall, spent, memory = (
            statistics.median(x[key] for x in runs) for key in ("wall", "processor", "memory")
        )
        told = f"{spent:8.2f} s of the processor, {wall:8.2f} s, {memory:6.0f} MiB of Python"
        print(f"{firms:>11,} firms by {name:<7} {told}; {spent / first:5.2f} times")
        ratio = spent / first if name != executors[0] else None
        note(Figure(f"firms and orders by {name}", spent, "s", f"{firms:,}", ratio, executors[0]))


def main() -> None:
    """Measure all executors that are installed."""
    if sys.argv[1:2] == ["--child"]:
        run_child(sys.argv[2], Path(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(description="Measure tables with records beside them.")
    parser.add_argument("firms", nargs="?", type=int, default=FIRMS)
    parser.add_argument("--executors", nargs="+", choices=EXECUTORS, default=EXECUTORS[:2])
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    there = [x for x in arguments.executors if all(map(find_spec, NEEDED[x]))]
    if "spark" in there and shutil.which("java") is None:
        there.remove("spark")
    print(f"load {os.getloadavg()[0]:.1f} at first; Parquet to Parquet")
    with tempfile.TemporaryDirectory() as name:
        if there:
            write_tables(Path(name), arguments.firms)
            compare(Path(name), there, arguments.firms, arguments.rounds)
    print(
        f"load {os.getloadavg()[0]:.1f} at last; the same results by {', '.join(there) or 'none'}"
    )


if __name__ == "__main__":
    main()
