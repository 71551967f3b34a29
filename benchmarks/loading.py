"""Measure how long it takes to be ready: imported, a ruleset loaded, the first case decided.

Each figure is the median of several processes of their own (``--times``), in milliseconds of the
processor since the process began, and by the clock where that is said; the interpreter alone stands
first. Bytecode is there beforehand, as it is wherever a package was used once. Name rulesets as
arguments for others than all shipped ones.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final

from harness.figures import Figure, note

import voucher_rules as vr

ROOT: Final = Path(__file__).parents[1]
NAMED: Final = ("pydantic", "pyyaml", "python-dateutil")
TELL: Final = "import json, time; print(json.dumps({'process': time.process_time()}))"
LOAD: Final = """
import json, sys, time
import voucher_rules as vr
vr.load
taken = []
for _ in range(6):
    start = time.process_time()
    vr.load(sys.argv[1])
    taken.append(time.process_time() - start)
print(json.dumps({"first": taken[0], "again": sorted(taken[1:])[2]}))
"""
STARTS: Final = {
    "the interpreter alone": "",
    "the package imported, no door used": "import voucher_rules",
    "a ruleset loaded, a case decided": (
        "import voucher_rules as vr\n"
        "ruleset = vr.load('cn-nx-service-voucher')\n"
        "ruleset.decide('claim', {'contract.amount': '4000元'}, on='2017-03-01')"
    ),
    "the help of the command line": (
        "import contextlib, io\n"
        "from voucher_rules.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()): main(['--help'])"
    ),
}


def run(code: str, environment: Mapping[str, str], *words: str) -> dict[str, float]:
    """Run some code in a process of its own; return what it tells, and the time by the clock."""
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - code of this file
        [sys.executable, "-c", code, *words],
        capture_output=True,
        check=True,
        text=True,
        env=dict(environment),
    )
    clock = time.perf_counter() - start
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {"clock": clock, **told}


def run_often(
    times: int, code: str, environment: Mapping[str, str], *words: str
) -> dict[str, float]:
    """Return the medians of several processes, in milliseconds; one before them is not counted."""
    run(code, environment, *words)
    told = [run(code, environment, *words) for _ in range(times)]
    return {name: 1000 * median(x[name] for x in told) for name in told[0]}


def describe_versions() -> str:
    """Return what was measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in NAMED)
    return f"{platform.python_implementation()} {platform.python_version()}, {packages}"


def measure_starts(times: int, kept: Mapping[str, str], anew: Mapping[str, str]) -> None:
    """Print how long the first answer takes."""
    print(f"{'ms of the processor (by the clock)':<46}{'checked anew':>16}{'kept':>16}")
    for name, code in STARTS.items():
        cells = []
        for environment in (anew, kept):
            told = run_often(times, f"{code}\n{TELL}", environment)
            cells.append(f"{told['process']:.0f} ({told['clock']:.0f})")
            way = f"{name}, {'kept' if environment is kept else 'checked anew'}"
            note(Figure(way, told["process"], "ms"))
        print(f"{name:<46}{cells[0]:>16}{cells[1]:>16}")


def measure_loads(
    names: list[str], times: int, kept: Mapping[str, str], anew: Mapping[str, str]
) -> None:
    """Print how long each ruleset takes to load, from YAML and as it was kept."""
    print()
    head = ("checked anew", "again", "kept", "again", "ratio")
    print(f"{'ms of the processor for one load':<40}" + "".join(f"{x:>14}" for x in head))
    for name in names:
        slow = run_often(times, LOAD, anew, name)
        fast = run_often(times, LOAD, kept, name)
        cells = (slow["first"], slow["again"], fast["first"], fast["again"])
        row = "".join(f"{x:>14.1f}" for x in cells)
        note(Figure(f"{name} loaded, checked anew, first of a process", slow["first"], "ms"))
        share = fast["first"] / slow["first"]
        told = f"{name} loaded, as kept, first of a process"
        note(Figure(told, fast["first"], "ms", "", share, "checked anew"))
        print(f"loaded: {name:<32}{row}{slow['again'] / fast['again']:>14.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how long loading takes.")
    parser.add_argument("rulesets", nargs="*", default=sorted({x.id for x in vr.rulesets()}))
    parser.add_argument("--times", type=int, default=9, help="processes for each figure")
    arguments = parser.parse_args()
    print(describe_versions())
    with tempfile.TemporaryDirectory() as folder:
        own = {x: y for x, y in os.environ.items() if x != "PYTHONDONTWRITEBYTECODE"}
        own |= {"PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": f"{folder}/code"}
        kept = {**own, "VOUCHER_RULES_CACHE": f"{folder}/kept"}
        anew = {**own, "VOUCHER_RULES_CACHE": "off"}
        measure_starts(arguments.times, kept, anew)
        measure_loads(arguments.rulesets, arguments.times, kept, anew)


if __name__ == "__main__":
    main()
