"""Run benchmarks one after the other, and make one table of what they measured.

    python benchmarks/run.py                     # all of them: minutes
    python benchmarks/run.py --quick             # a look at each that is quick: under a minute
    python benchmarks/run.py columns engines     # some
    python benchmarks/run.py --largest           # columns of 10^8 rows, where the disk has room

What each prints is shown as it comes. The table tells of each figure its size, its value and how
many times another of the same run it is; above it stand the versions and the machine. It is
written as text (``build/benchmarks.md``) and as data (``build/benchmarks.json``). A ratio is worth
comparing with one of another machine or day; a time is not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from harness.figures import GATHERED, Figure, read_figures
from harness.timing import tell_load

HERE: Final = Path(__file__).resolve().parent
OUT: Final = HERE.parent / "build" / "benchmarks"
FULL: Final = {
    "bench": (),
    "compiled": (),
    "engines": (),
    "traces": (),
    "columns": (),
    "spark": (),
    "orders": (),
    "balances": (),
    "populations": (),
    "ledger": (),
    "ledger_decisions": (),
    "records": ("10000",),
    "loading": (),
}
QUICK: Final = {
    "bench": ("--quick",),
    "engines": ("--quick", "--rounds", "3"),
    "columns": ("100000", "--rounds", "1"),
    "loading": ("cn-nx-service-voucher", "--times", "2"),
}
LARGEST: Final = {"columns": ("100000000", "--rounds", "1")}
PACKAGES: Final = (
    "voucher-rules",
    "pydantic",
    "pyyaml",
    "numpy",
    "duckdb",
    "polars",
    "pyarrow",
    "pyspark",
    "zen-engine",
    "common-expression-language",
    "rule-engine",
    "json-logic-qubit",
    "business-rules",
    "openfisca-core",
    "policyengine-core",
)


@dataclass(frozen=True, slots=True)
class Done:
    """What one benchmark came to: its figures, how long it took, and how it ended."""

    name: str
    arguments: tuple[str, ...]
    figures: tuple[Figure, ...]
    seconds: float
    code: int


def run_part(name: str, arguments: Sequence[str]) -> Done:
    """Run one benchmark in a process of its own."""
    print(f"\n== {name} {' '.join(arguments)}".rstrip(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.jsonl"
        began = time.perf_counter()
        ended = subprocess.run(  # noqa: S603 - a file beside this one
            [sys.executable, str(HERE / f"{name}.py"), *arguments],
            check=False,
            env={**os.environ, GATHERED: str(path)},
        )
        taken = time.perf_counter() - began
        return Done(name, tuple(arguments), tuple(read_figures(path)), taken, ended.returncode)


def describe_machine() -> dict[str, Any]:
    """Return what everything was measured on and with; packages that are not there are left out."""
    there = {}
    for package in PACKAGES:
        try:
            there[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "processor": find_processor(),
        "system": f"{platform.system()} {platform.release()}",
        "java": shutil.which("java") is not None,
        "packages": there,
    }


def find_processor() -> str:
    """Return what the processor is called; nothing where the system does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


# -- the table -------------------------------------------------------------------------------------


def lay_out(machine: dict[str, Any], loads: tuple[str, str], done: Sequence[Done]) -> str:
    """Return the table as text, with what it was measured on above it."""
    packages = ", ".join(f"{name} {told}" for name, told in machine["packages"].items())
    processors = f"{machine['processors']} processors ({machine['processor']})"
    load = f"load {loads[0]} at first, {loads[1]} at last"
    lines = [
        f"Python {machine['python']}, {processors}, {machine['system']}; {load}.",
        f"{packages}.",
        "× is how many times the figure is that of what the last column names, in the same run.",
        "Only × may be held against another machine; docs/explanation/scale.md tells the rest.",
        "",
        "| Benchmark | What | Size | Figure | Unit | × | of what |",
        "|---|---|---:|---:|---|---:|---|",
    ]
    lines += [row for part in done for row in _list_rows(part)]
    return "\n".join(lines) + "\n"


def _list_rows(part: Done) -> Iterator[str]:
    if part.code:
        yield f"| {part.name} | did not end well: {part.code} | | | | | |"
    for item in part.figures:
        ratio = "" if item.ratio is None else _write_number(item.ratio)
        cells = (item.what, item.size, _write_number(item.value), item.unit, ratio, item.beside)
        yield f"| {part.name} | {' | '.join(x.replace('|', '/') for x in cells)} |"


def _write_number(value: float) -> str:
    """Return a number with three digits that count, or all before the point."""
    if value >= 100:  # noqa: PLR2004 - from here on no digit after the point counts
        return f"{value:,.0f}"
    return f"{value:.3g}"


def choose_parts(asked: argparse.Namespace) -> dict[str, tuple[str, ...]]:
    """Return the benchmarks to run, each with its arguments."""
    if asked.largest:
        return dict(LARGEST)
    parts: dict[str, tuple[str, ...]] = dict(QUICK if asked.quick else FULL)
    return {name: parts.get(name, ()) for name in asked.parts} if asked.parts else parts


def main() -> None:
    """Run, and write the table. The exit code is 1 where a benchmark did not end well."""
    parser = argparse.ArgumentParser(description="Run benchmarks and make one table of them.")
    parser.add_argument("parts", nargs="*", choices=[*FULL, []], metavar="PART", default=[])
    parser.add_argument("--quick", action="store_true", help="a look at the quick ones")
    parser.add_argument("--largest", action="store_true", help="columns of 10^8 rows")
    parser.add_argument("--out", type=Path, default=OUT, help="where the table goes, no suffix")
    asked = parser.parse_args()
    machine, first = describe_machine(), tell_load()
    done = [run_part(name, words) for name, words in choose_parts(asked).items()]
    loads = (first, tell_load())
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    text = lay_out(machine, loads, done)
    asked.out.with_suffix(".md").write_text(text, encoding="utf-8")
    data = {"machine": machine, "load": loads, "parts": [asdict(part) for part in done]}
    told = json.dumps(data, ensure_ascii=False, indent=1)
    asked.out.with_suffix(".json").write_text(told, encoding="utf-8")
    print(
        f"\n{text}\nwritten: {asked.out.with_suffix('.md')}; {sum(x.seconds for x in done):.0f} s"
    )
    sys.exit(any(part.code for part in done))


if __name__ == "__main__":
    main()
