"""Measure a table decided by Spark from Parquet to Parquet, beside Spark SQL written by hand.

The table and the decision are those of ``columns.py``. By hand is one statement that finds the same
and no more: no judging of cells, no rows left to anyone, no digests, no manifest. Each run is a
process with a new Java machine of its own; the order alternates, medians are told. The clock runs
from a session that stands to results that stand; so does the processor time, of Java and of Python.

    python benchmarks/spark.py [ROWS …] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import columns
from harness.figures import Figure, note

import voucher_rules as vr

MASTER = "local[2]"
SIZES = (1_000_000, 10_000_000)
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
}
BY_HAND = """
SELECT id, CASE WHEN failed = 0 AND paid > 0 THEN 'granted' ELSE 'denied' END AS outcome,
  failed, paid AS `grant`,
  CASE WHEN share <= paid THEN 1 ELSE 0 END + CASE WHEN paid = 5000000 THEN 2 ELSE 0 END
    + CASE WHEN remaining <= paid THEN 4 ELSE 0 END AS binding
FROM (
  SELECT *, least(share, 5000000, remaining) AS paid
  FROM (
    SELECT id,
      CAST(NOT `case.registered` AS INT) + 2 * CAST(NOT `case.legal_person` AS INT)
        + 4 * CAST(`case.size` = 'large' AS INT) + 8 * CAST(`case.dishonest` AS INT)
        + 16 * CAST(`case.debtor` AS INT) + 32 * CAST(NOT `case.has_voucher` AS INT)
        + 64 * CAST(`case.kind` = 'k0' AS INT) + 128 * CAST(`case.hours` > 48 AS INT)
        + 256 * CAST(`case.waited` > CASE WHEN `case.extended` THEN 60 ELSE 30 END AS INT)
        AS failed,
      CASE WHEN `case.days` > 365 THEN `case.price` * 100 * 365 * 3 div (`case.days` * 10)
        ELSE `case.price` * 100 * 3 div 10 END AS share,
      greatest(CASE `case.grade` WHEN 'ordinary' THEN 2000000 WHEN 'specialised' THEN 10000000
        ELSE 20000000 END - `case.used` * 100, 0) AS remaining
    FROM given
  )
)
"""


def open_session() -> Any:  # noqa: ANN401 - a session of pyspark
    """Return a session as both sides have it."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not everywhere

    builder = SparkSession.builder.master(MASTER).appName("benchmark")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def decide_by_hand(session: Any, path: Path, out: Path, _: vr.Ruleset) -> list[Path]:  # noqa: ANN401
    """Decide a table by the statement written by hand."""
    session.read.parquet(str(path)).createOrReplaceTempView("given")
    session.sql(BY_HAND).write.parquet(str(out))
    return sorted(out.glob("part-*.parquet"))


def decide_own(session: Any, path: Path, out: Path, ruleset: vr.Ruleset) -> list[Path]:  # noqa: ANN401
    """Decide a table by the library."""
    report = vr.decide_table(
        ruleset, "claim", path, out, keys=["id"], executor="spark", spark=session
    )
    if report.rows["by_reference"] or report.rows["rejected"]:
        message = f"not all decided by kernels: {report.rows}"
        raise AssertionError(message)
    return sorted(out.glob("part-*.parquet"))


SIDES: dict[str, Callable[[Any, Path, Path, vr.Ruleset], list[Path]]] = {
    "hand": decide_by_hand,
    "own": decide_own,
}


def read_cpu(process: int) -> float:
    """Return the processor time of a process, in seconds."""
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def run_child(side: str, path: Path, folder: Path) -> None:
    """Run one side once; print what it took and what it found."""
    ruleset = columns.load_rules(folder)
    out = folder / f"out-{side}"
    shutil.rmtree(out, ignore_errors=True)
    session = open_session()
    java = session.sparkContext._gateway.proc.pid  # noqa: SLF001 - told nowhere else
    started, spent, own = time.perf_counter(), read_cpu(java), time.process_time()
    written = SIDES[side](session, path, out, ruleset)
    took = {
        "wall": time.perf_counter() - started,
        "java": read_cpu(java) - spent,
        "python": time.process_time() - own,
    }
    session.stop()
    names = {"hand": ('"grant"', "binding"), "own": ('"case.grant"', '"case.grant.binding"')}
    paid, binding = names[side]
    files = ", ".join(f"'{x}'" for x in written)
    found = columns.connect().execute(
        f"SELECT count(*), sum(failed), sum({binding}), count(*) FILTER (outcome = 'granted'),"
        f" sum({paid}) FILTER (outcome = 'granted') FROM read_parquet([{files}])"
    )
    print(json.dumps(took | {"found": [int(x) for x in found.fetchone()]}))


def measure(side: str, path: Path, folder: Path) -> dict[str, Any]:
    """Return what one side took, run in a process of its own."""
    command = [sys.executable, __file__, "--child", side, str(path), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - this file
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


def compare(path: Path, folder: Path, rows: int, rounds: int) -> None:
    """Print the medians of both sides on one table, and of the ratios of their runs."""
    taken: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    for number in range(rounds):
        for side in sorted(taken, reverse=bool(number % 2)):
            taken[side].append(measure(side, path, folder))
    if len({str(x["found"]) for side in taken.values() for x in side}) != 1:
        message = "the two sides found something else"
        raise AssertionError(message)
    for key, unit in (("wall", "s"), ("java", "s of Java"), ("python", "s of Python")):
        hand, own = (statistics.median(x[key] for x in taken[side]) for side in ("hand", "own"))
        print(f"{rows:>11,}  {unit:<16} hand {hand:8.2f}  own {own:8.2f}  ratio {own / hand:5.2f}")
        size = f"{rows:,}"
        note(Figure("a table decided by Spark", own, unit, size, own / hand, "Spark SQL by hand"))


def main() -> None:
    """Measure all sizes."""
    if sys.argv[1:2] == ["--child"]:
        run_child(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description="Measure Spark beside what is written by hand.")
    parser.add_argument("rows", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if find_spec("pyspark") is None or shutil.which("java") is None:
        print("Spark, by hand and own: pyspark or Java is not installed")
        return
    print(f"Spark, {MASTER}, load {os.getloadavg()[0]:.1f} at first; Parquet to Parquet")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in arguments.rows:
            path = columns.write_table(folder, rows)
            compare(path, folder, rows, arguments.rounds)
            path.unlink()
    print(f"load {os.getloadavg()[0]:.1f} at last; Spark, by hand and own: the same results")


if __name__ == "__main__":
    main()
