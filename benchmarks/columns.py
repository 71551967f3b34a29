"""Measure a table decided from Parquet to Parquet, and columns decided by NumPy, beside by hand.

The decision is the invented one of ``compiled.py``. By hand is one statement of DuckDB, once as
anyone would write it and once with the library's choice of encodings (``tuned``), the same in
Polars where it is installed, and a few lines of NumPy, that find the same and no more: no judging
of cells, no rows left to anyone, no digests, no manifest. Each run is a process of its own, whose
packages are imported before the clock starts; the order alternates, medians are told.

    python benchmarks/columns.py [ROWS …] [--rounds N]
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from harness.figures import Figure, note

import compiled
import voucher_rules as vr
from voucher_rules.batch.numpy.checks import Column
from voucher_rules.batch.numpy.kernel import ColumnKernel
from voucher_rules.compiled.build import make_kernel, stretches_of

THREADS = 2
MEMORY = "1GB"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
POLARS_MOST = 10_000_000
"""Polars takes more memory the more rows there are."""
DISK = 90
"""How many bytes of the disk a row takes at most: the table, and the results of all sides."""
COLUMNS_NUMPY = 1_000_000

TABLE = """
COPY (
  SELECT range AS id, DATE '2024-01-01' + CAST(floor(random() * 366) AS INTEGER) AS "case.day",
    random() < 0.95 AS "case.registered", random() < 0.97 AS "case.legal_person",
    ['micro', 'small', 'medium', 'large'][1 + CAST(floor(random() * 3.3) AS INTEGER)]
      AS "case.size",
    random() < 0.03 AS "case.dishonest", random() < 0.03 AS "case.debtor",
    ['ordinary', 'specialised', 'giant'][1 + CAST(floor(random() * 3) AS INTEGER)]
      AS "case.grade",
    'k' || CAST(floor(random() * 13) AS INTEGER) AS "case.kind",
    random() < 0.95 AS "case.has_voucher",
    CAST(floor(pow(10, 2 + random() * 4.5)) AS BIGINT) AS "case.price",
    1 + CAST(floor(random() * 1000) AS BIGINT) AS "case.days",
    CASE WHEN random() < 0.5 THEN 0 ELSE CAST(floor(random() * 220000) AS BIGINT) END
      AS "case.used",
    CAST(floor(random() * 56) AS BIGINT) AS "case.hours",
    CAST(floor(random() * 40) AS BIGINT) AS "case.waited",
    random() < 0.3 AS "case.extended"
  FROM range({rows})
) TO '{path}' (FORMAT parquet)
"""
BY_HAND = """
COPY (
  SELECT id, CASE WHEN failed = 0 AND paid > 0 THEN 'granted' ELSE 'denied' END AS outcome,
    failed, paid AS "grant",
    CASE WHEN share <= paid THEN 1 ELSE 0 END + CASE WHEN paid = 5000000 THEN 2 ELSE 0 END
      + CASE WHEN remaining <= paid THEN 4 ELSE 0 END AS binding
  FROM (
    SELECT *, least(share, 5000000, remaining) AS paid
    FROM (
      SELECT id,
        CAST(NOT "case.registered" AS SMALLINT) + 2 * CAST(NOT "case.legal_person" AS SMALLINT)
          + 4 * CAST("case.size" = 'large' AS SMALLINT) + 8 * CAST("case.dishonest" AS SMALLINT)
          + 16 * CAST("case.debtor" AS SMALLINT) + 32 * CAST(NOT "case.has_voucher" AS SMALLINT)
          + 64 * CAST("case.kind" = 'k0' AS SMALLINT) + 128 * CAST("case.hours" > 48 AS SMALLINT)
          + 256 * CAST("case.waited" > CASE WHEN "case.extended" THEN 60 ELSE 30 END AS SMALLINT)
          AS failed,
        CASE WHEN "case.days" > 365 THEN "case.price" * 100 * 365 * 3 // ("case.days" * 10)
          ELSE "case.price" * 100 * 3 // 10 END AS share,
        greatest(CASE "case.grade" WHEN 'ordinary' THEN 2000000 WHEN 'specialised' THEN 10000000
          ELSE 20000000 END - "case.used" * 100, 0) AS remaining
      FROM read_parquet('{path}')
    )
  )
) TO '{out}' (FORMAT parquet)
"""
TUNED = BY_HAND.replace(
    "(FORMAT parquet)", "(FORMAT parquet, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 100)"
)


def connect() -> Any:  # noqa: ANN401 - a connection of DuckDB
    """Return a connection as both sides have it."""
    made = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY})
    made.execute("SET enable_progress_bar = false")
    return made


def write_table(folder: Path, rows: int) -> Path:
    """Write a table of made-up cases."""
    path = folder / f"{rows}.parquet"
    connection = connect()
    connection.execute("SELECT setseed(0.25)")
    connection.execute(TABLE.replace("{rows}", str(rows)).replace("{path}", str(path)))
    return path


def load_rules(folder: Path) -> vr.Ruleset:
    """Return the ruleset of the decision."""
    path = folder / "1.yaml"
    path.write_text(compiled.TEXT, encoding="utf-8")
    return vr.load(path)


def decide_by_hand(path: Path, out: Path, _: vr.Ruleset, text: str = BY_HAND) -> list[Path]:
    """Decide a table by the statement written by hand."""
    out.mkdir(parents=True)
    written = out / "hand.parquet"
    connection = connect()
    connection.execute(text.replace("{path}", str(path)).replace("{out}", str(written)))
    connection.close()
    return [written]


def decide_tuned(path: Path, out: Path, ruleset: vr.Ruleset) -> list[Path]:
    """Decide a table by the same statement, with the encodings that the library takes."""
    return decide_by_hand(path, out, ruleset, TUNED)


def decide_by_polars(path: Path, out: Path, _: vr.Ruleset) -> list[Path]:
    """Decide a table by Polars, written by hand, in its streaming engine."""
    import polars as pl  # noqa: PLC0415 - the other sides run without it

    out.mkdir(parents=True)
    written = out / "polars.parquet"
    fact = {name: pl.col(f"case.{name}") for name in compiled.FACTS}
    longest = pl.when(fact["extended"]).then(compiled.LONGER_DAYS).otherwise(compiled.LONGEST_DAYS)
    fails = (
        ~fact["registered"],
        ~fact["legal_person"],
        fact["size"] == "large",
        fact["dishonest"],
        fact["debtor"],
        ~fact["has_voucher"],
        fact["kind"] == "k0",
        fact["hours"] > compiled.LONGEST_HOURS,
        fact["waited"] > longest,
    )
    price, days = fact["price"] * 100, fact["days"]
    caps = fact["grade"].replace_strict(compiled.CAPS, return_dtype=pl.Int64)
    steps = pl.scan_parquet(path).select(
        "id",
        failed=pl.sum_horizontal(x.cast(pl.Int64) * (1 << bit) for bit, x in enumerate(fails)),
        share=pl.when(days > compiled.YEAR)
        .then(price * compiled.YEAR * 3 // (days * 10))
        .otherwise(price * 3 // 10),
        left=pl.max_horizontal(caps - fact["used"] * 100, 0),
    )
    steps = steps.with_columns(grant=pl.min_horizontal("share", "left", compiled.DEAL_CAP))
    grant = pl.col("grant")
    denied = (pl.col("failed") != 0) | (grant <= 0)
    limits = (pl.col("share") <= grant, grant == compiled.DEAL_CAP, pl.col("left") <= grant)
    steps.select(
        "id",
        "failed",
        "grant",
        outcome=pl.when(denied).then(pl.lit("denied")).otherwise(pl.lit("granted")),
        binding=pl.sum_horizontal(x.cast(pl.Int64) * (1 << bit) for bit, x in enumerate(limits)),
    ).sink_parquet(written)
    return [written]


def decide_own(path: Path, out: Path, ruleset: vr.Ruleset) -> list[Path]:
    """Decide a table by the library."""
    report = vr.decide_table(
        ruleset,
        "claim",
        path,
        out,
        keys=["id"],
        executor="duckdb",
        threads=THREADS,
        memory=MEMORY,
    )
    if report.rows["by_reference"] or report.rows["rejected"]:
        message = f"not all decided by kernels: {report.rows}"
        raise AssertionError(message)
    return sorted(out.glob("part-*.parquet"))


SIDES: dict[str, tuple[str, Callable[[Path, Path, vr.Ruleset], list[Path]]]] = {
    "hand": ("DuckDB by hand", decide_by_hand),
    "own": ("a table decided by DuckDB", decide_own),
    "polars": ("Polars by hand", decide_by_polars),
    "tuned": ("DuckDB by hand, with our encodings", decide_tuned),
}


def find_peak() -> float:
    """Return the most memory this process had; `getrusage` would count the parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(x.split()[1]) for x in status.splitlines() if x.startswith("VmHWM")) / 1024


def import_packages(side: str) -> None:
    """Import what a side needs before its time is taken, as DuckDB is for all of them."""
    if side == "own":
        importlib.import_module("voucher_rules.api.batches")
    if side == "polars":
        importlib.import_module("polars")


def run_child(side: str, path: Path, folder: Path) -> None:
    """Run one side once; print what it took and what it found."""
    ruleset = load_rules(folder)
    out = folder / f"out-{side}"
    shutil.rmtree(out, ignore_errors=True)
    import_packages(side)
    started, spent = time.perf_counter(), time.process_time()
    written = SIDES[side][1](path, out, ruleset)
    took = {"wall": time.perf_counter() - started, "cpu": time.process_time() - spent}
    took["mib"] = find_peak()
    names = {"own": ('"case.grant"', '"case.grant.binding"')}
    paid, binding = names.get(side, ('"grant"', "binding"))
    files = ", ".join(f"'{x}'" for x in written)
    found = connect().execute(
        f"SELECT count(*), sum(failed), sum({binding}), count(*) FILTER (outcome = 'granted'),"
        f" sum({paid}) FILTER (outcome = 'granted') FROM read_parquet([{files}])"
    )
    print(json.dumps(took | {"found": [int(x) for x in found.fetchone()]}))


def measure(side: str, path: Path, folder: Path) -> dict[str, Any]:
    """Return what one side took, run in a process of its own."""
    command = [sys.executable, __file__, "--child", side, str(path), str(folder)]
    # modules are compiled once, as those that are installed are
    given = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder)}
    given["POLARS_MAX_THREADS"] = str(THREADS)
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=given)  # noqa: S603 - this file
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def list_sides() -> Sequence[str]:
    """Return the sides that can be run."""
    return sorted(set(SIDES) - ({"polars"} if find_spec("polars") is None else set()))


def compare_engines(path: Path, folder: Path, rows: int, rounds: int) -> float:
    """Print the medians of all sides on one table; return what a row takes, in processor time."""
    sides = [x for x in list_sides() if x != "polars" or rows <= POLARS_MOST]
    taken: dict[str, list[dict[str, Any]]] = {side: [] for side in sides}
    for number in range(rounds):
        for side in sorted(taken, reverse=bool(number % 2)):
            taken[side].append(measure(side, path, folder))
    if len({str(x["found"]) for side in taken.values() for x in side}) != 1:
        message = "the sides found something else"
        raise AssertionError(message)
    for key, unit in (("wall", "s"), ("cpu", "s of processors"), ("mib", "MiB at most")):
        middle = {side: statistics.median(x[key] for x in some) for side, some in taken.items()}
        told = "  ".join(f"{side} {middle[side]:8.2f}" for side in sorted(middle))
        ratio = middle["own"] / middle["hand"]
        print(f"{rows:>11,}  {unit:<16} {told}  own to hand {ratio:5.2f}", flush=True)
        for side, took in middle.items():
            share = None if side == "hand" else took / middle["hand"]
            note(Figure(SIDES[side][0], took, unit, f"{rows:,}", share, SIDES["hand"][0]))
    return statistics.median(x["cpu"] for x in taken["own"]) / rows


def tell_growth(rows: Sequence[int], each: Sequence[float]) -> None:
    """Print what a row takes at each size, beside the smallest."""
    for size, took in zip(rows, each, strict=True):
        ratio = took / each[0]
        print(f"{size:>11,}  a row takes {took * 1e6:.2f} µs, {ratio:.2f} times one of {rows[0]:,}")
        beside = f"a row of {rows[0]:,}"
        note(Figure("a row decided by DuckDB", took * 1e6, "µs", f"{size:,}", ratio, beside))


def has_room(folder: Path, rows: int) -> bool:
    """Return whether the disk has room for so many rows; tell where it has not."""
    free = shutil.disk_usage(folder).free
    if free < rows * DISK:
        print(f"{rows:>11,}  left out: {rows * DISK:,} bytes of disk are needed, {free:,} are free")
    return free >= rows * DISK


# -- columns in memory -----------------------------------------------------------------------------


def read_columns(path: Path) -> dict[str, Any]:
    """Return a table as columns of NumPy; choices by their place, days by their number."""
    found = connect().execute(f"SELECT * FROM read_parquet('{path}')").fetchnumpy()
    made = {name: np.asarray(column) for name, column in found.items()}
    for name, options in (
        ("size", compiled.SIZES),
        ("grade", compiled.GRADES),
        ("kind", compiled.KINDS),
    ):
        places = {option: at for at, option in enumerate(options)}
        told = made[f"case.{name}"]
        made[f"case.{name}"] = np.array([places[str(x)] for x in told], np.int64)
    made["case.day"] = made["case.day"].astype("datetime64[D]").astype(np.int64) + 719_163
    for name in ("price", "used"):
        made[f"case.{name}"] = made[f"case.{name}"].astype(np.int64) * 100
    return made


def decide_columns_by_hand(held: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Decide columns by hand: the failed conditions as a mask, the grant, what binds it."""
    fails = (
        ~held["case.registered"],
        ~held["case.legal_person"],
        held["case.size"] == len(compiled.SIZES) - 1,
        held["case.dishonest"],
        held["case.debtor"],
        ~held["case.has_voucher"],
        held["case.kind"] == 0,
        held["case.hours"] > compiled.LONGEST_HOURS,
        held["case.waited"]
        > np.where(held["case.extended"], compiled.LONGER_DAYS, compiled.LONGEST_DAYS),
    )
    failed = np.zeros(len(fails[0]), np.int16)
    for bit, flag in enumerate(fails):
        failed += flag.astype(np.int16) << bit
    price, days = held["case.price"], held["case.days"]
    long = days > compiled.YEAR
    share = np.where(long, price * compiled.YEAR, price) * 3 // (np.where(long, days, 1) * 10)
    caps = np.array(list(compiled.CAPS.values()), np.int64)
    left = np.maximum(caps[held["case.grade"]] - held["case.used"], 0)
    grant = np.minimum(np.minimum(share, compiled.DEAL_CAP), left)
    binding = (share <= grant) + 2 * (grant == compiled.DEAL_CAP) + 4 * (left <= grant)
    return failed, grant, binding


def compare_columns(path: Path, folder: Path, rows: int, rounds: int) -> None:
    """Print the medians of NumPy by hand and of a kernel on the same columns."""
    held = read_columns(path)
    program = load_rules(folder).program("claim")
    stretch = next(x for x in stretches_of(program) if x[0].year <= 2024 <= x[1].year)  # noqa: PLR2004
    runner = ColumnKernel(make_kernel(program, stretch, {}), skips=False)
    columns = {item.name: Column(held[item.name]) for item in runner.kernel.inputs}
    taken: dict[str, list[float]] = {"hand": [], "own": []}
    for _ in range(rounds):
        started = time.perf_counter()
        _, grant, _ = decide_columns_by_hand(held)
        between = time.perf_counter()
        found = runner.run(columns, rows)
        taken["own"].append(time.perf_counter() - between)
        taken["hand"].append(between - started)
        if not (found.amounts["case.grant"] == grant).all():
            message = "the two sides found something else"
            raise AssertionError(message)
    hand, own = (statistics.median(taken[side]) for side in ("hand", "own"))
    size = f"{rows:,}"
    note(Figure("columns in memory, by a kernel", own, "s", size, own / hand, "NumPy by hand"))
    print(
        f"{rows:>11,}  {'s, NumPy':<16} hand {hand:8.3f}  own {own:8.3f}  ratio {own / hand:5.2f}"
    )


def main() -> None:
    """Measure all sizes."""
    if sys.argv[1:2] == ["--child"]:
        run_child(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description="Measure batches beside what is written by hand.")
    parser.add_argument("rows", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print(f"DuckDB {duckdb.__version__}, {THREADS} threads, {MEMORY}; Parquet to Parquet")
    if "polars" not in list_sides():
        print("Polars is not installed, and left out")
    with tempfile.TemporaryDirectory() as name:
        folder, each = Path(name), []
        sizes = [rows for rows in arguments.rows if has_room(folder, rows)]
        for rows in sizes:
            path = write_table(folder, rows)
            each.append(compare_engines(path, folder, rows, arguments.rounds))
            if rows <= COLUMNS_NUMPY:
                compare_columns(path, folder, rows, arguments.rounds)
            path.unlink()
        tell_growth(sizes, each)


if __name__ == "__main__":
    main()
