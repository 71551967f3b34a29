"""Comes in: the benchmarks. Goes out: a failure where one no longer runs; no figure is judged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SMALL = {
    "columns.py": (["2000", "--rounds", "1"], "s, NumPy"),
    "ledger.py": (["300"], "open from SQLite"),
    "ledger_decisions.py": (["9"], "an application served"),
    "loading.py": (["cn-sme-size", "--times", "1"], "loaded: cn-sme-size"),
    "populations.py": (["40", "--sample", "5"], "swept, 20 values"),
    "records.py": (["6"], "replayed, 2 processes"),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_runs_on_little(name: str) -> None:
    if name == "columns.py":
        pytest.importorskip("duckdb")
    arguments, last = SMALL[name]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / name), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.returncode == 0, done.stderr
    assert last in done.stdout


def test_every_benchmark_is_tried_or_takes_long_whatever_it_is_given() -> None:
    """These two measure a single decision at one size only: each takes half a minute."""
    named = {path.name for path in (ROOT / "benchmarks").glob("*.py")}
    assert named - {*SMALL} == {"bench.py", "compiled.py"}
