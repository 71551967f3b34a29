"""The wide agreement: that it finds none where executors agree, and every fault put into one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import agree_wide
import agreement_batches
import agreement_runs
import pytest
from agreement_reports import Order, Report
from agreement_runs import carry_out
from evaluator_share import state_facts
from generated_rulesets import Lot, carry_out_lot
from sql_executors import find_sql_executors
from told_differences import tell_difference

import voucher_rules as vr
from voucher_rules.batch import columns_numpy
from voucher_rules.batch.columns_numpy_steps import STEPS, np
from voucher_rules.compiled import sql_code
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.nodes import Kernel, Op, Sort
from voucher_rules.compiled.python_code import Code, write_code
from voucher_rules.compiled.python_names import Row
from voucher_rules.compiled.rows import make_row
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.decision.case import read_case
from voucher_rules.testing.load import load_cases

SIZE = ("cn-sme-size", "size", 1)
FEE = ("cn-nx-service-voucher", "supervision_fee", 2)
QUOTA = ("cn-bj-service-voucher", "quota", 1)
SQL = [x for x in find_sql_executors() if x == "duckdb"]


def run(
    which: tuple[str, str, int], *executors: str, cases: int = 300, seconds: float = 0.2
) -> Report:
    """Carry out a small order."""
    return carry_out(Order(*which, cases, 0, executors, seconds))


@pytest.mark.parametrize("which", [SIZE, FEE], ids=["size", "fee"])
def test_executors_agree_on_drawn_cases(which: tuple[str, str, int]) -> None:
    report = run(which, "numpy", *SQL, "evaluator")
    assert report.told == []
    assert report.differences == 0
    assert {report.cases[x] for x in ("rows", "numpy", *SQL)} == {300}
    assert report.cases["evaluator"] > 20
    assert report.outcomes["determined"] > 50
    assert len(report.met) >= 3


def test_executors_agree_on_lists_of_records() -> None:
    report = run(QUOTA, "numpy", "evaluator")
    assert report.told == []
    assert report.cases["numpy"] == 300
    assert report.cases["evaluator"] > 20


def test_executors_agree_on_generated_rulesets() -> None:
    report = carry_out_lot(Lot(1, 2, 40, ("numpy", *SQL, "evaluator"), 0.02))
    assert report.told == []
    assert report.cases["rulesets"] == 2
    assert report.cases["numpy"] == report.cases["rows"] >= 80


# -- faults put into executors ---------------------------------------------------------------------


def write_wrong(kernel: Kernel) -> Code:
    """Write the code of a kernel whose constants of some size are one too great."""
    nodes = tuple(
        x._replace(low=x.low + 1, high=x.high + 1, data=x.low + 1)
        if x.op is Op.CONST and x.sort is Sort.INT and 10 < x.low < 10**8
        else x
        for x in kernel.nodes
    )
    return write_code(replace(kernel, nodes=nodes))


@pytest.mark.parametrize("executor", ["numpy", *SQL, "evaluator"])
def test_a_fault_in_the_code_of_kernels_is_found(
    executor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement_runs, "write_code", write_wrong)
    report = run(SIZE, executor)
    assert report.differences > 0
    assert any(f"(rows, {executor})" in x for x in report.told)


def test_a_fault_over_columns_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns_numpy, "STEPS", {**STEPS, Op.LE: np.less})
    monkeypatch.setattr(columns_numpy, "TURNED", {})
    assert run(SIZE, "numpy").differences > 0


@pytest.mark.skipif(not SQL, reason="DuckDB is not installed")
@pytest.mark.parametrize(("step", "pattern"), [(Op.LE, "$a < $b"), (Op.MUL, "$a * $b + 1")])
def test_a_fault_in_sql_is_found(step: Op, pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = DIALECTS["duckdb"]
    wrong = replace(duckdb, steps={**duckdb.steps, step: pattern})
    monkeypatch.setattr(sql_code, "DIALECTS", {"duckdb": wrong})
    assert run(FEE, "duckdb").differences > 0


@pytest.mark.skipif(not SQL, reason="DuckDB is not installed")
def test_a_value_out_of_its_bounds_that_is_decided_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write: Callable[..., sql_code.SqlCode] = sql_code.write_sql

    def write_trusting(kernel: Kernel, dialect: str, relation: str, *rest: object) -> object:
        code = write(kernel, dialect, relation, *rest)
        text = code.text.replace("NOT BETWEEN", "IS NULL AND 1 NOT BETWEEN")
        assert text != code.text or "BETWEEN" not in text
        return replace(code, text=text)

    monkeypatch.setattr("sql_executors.write_sql", write_trusting)
    assert run(FEE, "duckdb").differences > 0


def test_a_difference_is_told_as_a_case_that_can_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[Row] = []
    write = tell_difference

    def keep(*told: Any) -> str:  # noqa: ANN401 - as it comes
        rows.append(told[3])
        return write(*told)

    monkeypatch.setattr(agreement_batches, "tell_difference", keep)
    monkeypatch.setattr(agreement_runs, "write_code", write_wrong)
    for which in (SIZE, FEE, QUOTA):
        rows.clear()
        report = run(which, "numpy")
        program = vr.load(which[0]).program(which[1])
        assert report.told
        for row, text in zip(rows, report.told, strict=True):
            path = tmp_path / "drawn.cases.yaml"
            path.write_text(text, encoding="utf-8")
            (case,) = load_cases(path).cases
            read = read_case(program, case.facts, case.source)
            stated = read_case(program, state_facts(program, list_door_inputs(program), row))
            assert read.values == stated.values
            assert make_row(list_door_inputs(program), read.values) == row


@pytest.mark.skipif(not SQL, reason="DuckDB is not installed")
def test_a_table_that_executors_decide_otherwise_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = DIALECTS["duckdb"]
    report = run(FEE, "tables", cases=60)
    assert (report.told, report.cases["tables"]) == ([], 60)
    assert 40 < report.cases["of tables decided"] <= 60
    wrong = replace(duckdb, steps={**duckdb.steps, Op.MUL: "$a * $b + 1"})
    monkeypatch.setattr(sql_code, "DIALECTS", {"duckdb": wrong})
    assert "tables: row " in run(FEE, "tables", cases=60).told[0]


# -- the program -----------------------------------------------------------------------------------


def ask(tmp_path: Path, *more: str) -> int:
    """Run the program on a little."""
    words = ["cn-sme-size", "--cases", "60", "--jobs", "1", "--keep", str(tmp_path / "kept")]
    return agree_wide.main([*words, "--executors", "numpy", *more])


def test_a_second_run_goes_on_with_other_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [ask(tmp_path), ask(tmp_path)] == [0, 0]
    book = agree_wide.Book(tmp_path / "kept")
    assert sorted(x["run"] for x in book.lines) == [0, 0, 1, 1]
    assert "comparisons met exactly" in capsys.readouterr().out
    assert sum(x["cases"]["numpy"] for x in book.lines) == 120


def test_the_program_ends_with_1_where_executors_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agreement_runs, "write_code", write_wrong)
    assert ask(tmp_path, "--decision", "size") == 1
    assert "because: drawn at random" in capsys.readouterr().out


def test_a_run_that_fails_is_told_and_counts_as_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: Kernel) -> Code:
        raise ZeroDivisionError

    monkeypatch.setattr(agreement_runs, "write_code", fail)
    assert ask(tmp_path) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_cases_of_other_code_count_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agreement_runs, "write_code", write_wrong)
    monkeypatch.setattr(agree_wide, "find_digest", lambda: "other code")
    assert ask(tmp_path) == 1
    monkeypatch.undo()
    assert ask(tmp_path) == 0
    assert "not counted: 60 cases" in capsys.readouterr().out
