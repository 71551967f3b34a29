"""Comes in: the benchmarks. Goes out: a failure where one no longer runs; no figure is judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SMALL = {
    "columns.py": (["2000", "--rounds", "1"], "s, NumPy"),
    "balances.py": (["4000"], "made in memory"),
    "bench.py": (["--rounds", "1"], "the one for which the kernel is made"),
    "compiled.py": ([], "columns by a kernel, checked"),
    "engines.py": (["--quick", "--rounds", "1", "--rows", "2000"], "OpenFisca, a simulation"),
    "ledger.py": (["300"], "open from SQLite"),
    "ledger_decisions.py": (["9"], "an application served"),
    "loading.py": (["cn-sme-size", "--times", "1"], "loaded: cn-sme-size"),
    "populations.py": (["40", "--sample", "5", "--points", "2"], "swept, 2 values"),
    "orders.py": (["300", "--executors", "duckdb", "rows"], "the same results by duckdb, rows"),
    "spark.py": (["2000", "--rounds", "1"], "Spark, by hand and own"),
    "records.py": (["6"], "replayed, 2 processes"),
    "run.py": (["compiled", "--out", "OUT"], "written: "),
    "traces.py": (["--cases", "1", "--rounds", "1"], "neither calls nor asks"),
}


NOTES = """
import sys, harness.figures as figures
from pathlib import Path

figures.note(figures.Figure("rows", 12345.6, "ms", "10", 0.5, "by hand"))
figures.note(figures.Figure("columns | more", 0.001234, "µs"))
sys.exit(len(sys.argv) - 2)
"""


def test_figures_of_all_stand_in_one_table(tmp_path: Path) -> None:
    (tmp_path / "noted.py").write_text(NOTES, encoding="utf-8")
    (tmp_path / "silent.py").write_text("", encoding="utf-8")
    code = (
        "import run, sys; from pathlib import Path; "
        f"run.HERE = Path({str(tmp_path)!r}); "
        "run.FULL = {'noted': ('well',), 'silent': ()}; "
        f"sys.argv[1:] = ['--out', {str(tmp_path / 'out' / 'table')!r}]; "
    )
    done = run_python("-c", code + "run.main()")
    assert done.returncode == 0, done.stderr
    told = (tmp_path / "out" / "table.md").read_text("utf-8").splitlines()
    assert told[0].startswith(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    assert "voucher-rules" in told[1]
    assert told[-2:] == [
        "| noted | rows | 10 | 12,346 | ms | 0.5 | by hand |",
        "| noted | columns / more |  | 0.00123 | µs |  |  |",
    ]
    kept = json.loads((tmp_path / "out" / "table.json").read_text("utf-8"))
    assert [(x["name"], x["code"], len(x["figures"])) for x in kept["parts"]] == [
        ("noted", 0, 2),
        ("silent", 0, 0),
    ]
    badly = run_python("-c", code.replace("('well',)", "('not', 'well')") + "run.main()")
    assert badly.returncode == 1
    assert "| noted | did not end well: 1 |" in badly.stdout


CASES = "import sys, engines; cases = engines.draw_cases(20); "


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the source and the benchmarks."""
    paths = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'benchmarks'}"
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_runs_on_little(name: str, tmp_path: Path) -> None:
    if name in {"balances.py", "columns.py", "orders.py", "spark.py"}:
        pytest.importorskip("duckdb")
    if name == "spark.py" and find_spec("pyspark") and not os.environ.get("VOUCHER_RULES_SPARK"):
        pytest.skip("Spark is tried where VOUCHER_RULES_SPARK is set: make spark")
    arguments, last = SMALL[name]
    told = [str(tmp_path / "table") if word == "OUT" else word for word in arguments]
    done = run_python(str(ROOT / "benchmarks" / name), *told)
    assert done.returncode == 0, done.stderr
    assert last in done.stdout


def test_every_benchmark_is_tried() -> None:
    assert {path.name for path in (ROOT / "benchmarks").glob("*.py")} == {*SMALL}


def test_engines_that_are_not_installed_are_told_and_left_out() -> None:
    code = (
        "engines.find_version = lambda name: '0' if name == 'numpy' else None; "
        "sys.argv[1:] = ['--quick', '--rounds', '1', '--rows', '200']; engines.main()"
    )
    done = run_python("-c", CASES + code)
    assert done.returncode == 0, done.stderr
    lacking = [line for line in done.stdout.splitlines() if line.endswith("not installed")]
    packages = ("zen-engine", "common-expression-language", "rule-engine", "json-logic-qubit")
    for package, line in zip(
        (*packages, "business-rules", "polars", "openfisca-core", "policyengine-core"),
        lacking,
        strict=True,
    ):
        assert package in line


TRY_WRONG_ONES = """
def try_one(check, *given):
    try:
        check(*given)
    except SystemExit as why:
        print(why)

def answer(outcome, failed, fen, binds):
    give = lambda case: (outcome, failed, fen, binds)
    try_one(engines.check_answers, engines.Way("wrong", give), cases, cases)

answer("no_outcome", None, None, None)
answer(None, ["no_condition"], None, None)
answer(None, None, -1, None)
answer(None, None, None, "no_limit")
answer(None, None, None, None)
whole = engines.make_numpy(engines.make_columns(cases, 1))()
try_one(engines.check_columns, "wrong", whole | {"grant": whole["grant"] + 1}, whole)
try_one(engines.check_columns, "right", whole, whole)
"""


def test_an_engine_that_decides_otherwise_is_not_timed() -> None:
    done = run_python("-c", f"{CASES}\n{TRY_WRONG_ONES}")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split(" against ")[0] for line in lines] == [
        "wrong: not the same decision: ('no_outcome', None, None, None)",
        "wrong: not the same decision: (None, ['no_condition'], None, None)",
        "wrong: not the same decision: (None, None, -1, None)",
        "wrong: not the same decision: (None, None, None, 'no_limit')",
        "wrong: not the same column grant",
    ]
