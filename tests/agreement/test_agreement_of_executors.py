"""The wide agreement: that it finds none where executors agree, and every fault put into one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import agree_wide
import agreement_batches
import agreement_runs
import pytest
from agreement_reports import DECISIVE, Order, Report
from agreement_runs import carry_out
from draw_cases import Drawing
from evaluator_share import state_facts
from generated_rulesets import Lot, carry_out_lot
from known_cases import list_known_rows
from looks import find_known
from sql_executors import find_sql_executors
from sql_tables import make_tables
from told_differences import tell_difference

import voucher_rules as vr
from voucher_rules.batch.numpy import kernel as columns_numpy
from voucher_rules.batch.numpy.steps import STEPS, np
from voucher_rules.compiled import sql_code, sql_inputs, sql_layers, sql_steps
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.door import list_door_inputs
from voucher_rules.compiled.graph_nodes import FALSE, TRUE
from voucher_rules.compiled.nodes import Kernel, Node, Op, Sort
from voucher_rules.compiled.python_code import Code, write_code
from voucher_rules.compiled.python_names import Row
from voucher_rules.compiled.rows import make_row
from voucher_rules.compiled.sql_dialects import DIALECTS
from voucher_rules.compiled.sql_inputs import NOTHING, Inputs
from voucher_rules.compiled.sql_lists import Lists
from voucher_rules.decision.case import read_case
from voucher_rules.testing.load import load_cases

SIZE = ("cn-sme-size", "size", 1)
FEE = ("cn-nx-service-voucher", "supervision_fee", 2)
QUOTA = ("cn-bj-service-voucher", "quota", 1)
TITLES = ("cn-gx-service-voucher", "quota", 0)
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
    # a fee that is not charged, and its amount beside
    assert all(bool(report.cases[f"{x}, broken"]) is (which is FEE) for x in SQL)


def test_executors_agree_on_lists_of_records() -> None:
    report = run(QUOTA, "numpy", *SQL, "evaluator")
    assert report.told == []
    assert {report.cases[x] for x in ("numpy", *SQL)} == {300}
    assert report.cases["evaluator"] > 20
    assert all(report.cases[f"{x}, broken"] > 5 for x in SQL)


@pytest.mark.skipif(not SQL, reason="the tables are those of Arrow")
@pytest.mark.parametrize("lenient", [True, False])
def test_rows_that_contradict_their_records_are_those_called_broken(*, lenient: bool) -> None:
    ruleset = vr.load(QUOTA[0])
    program, random = ruleset.program(QUOTA[1]), np.random.default_rng(1)
    kernel = make_kernel(program, stretches_of(program)[1], {}, assumed=True, lenient=lenient)
    known = list_known_rows(ruleset, QUOTA[1])
    cases = Drawing(kernel, kernel.inputs, known, random, wide=False).draw(2_000)
    found: Counter[str] = Counter()
    for told in (NOTHING, find_known(cases)):
        tables = make_tables(kernel, cases, random, told)
        rows = tables.rows.to_pylist()[: cases.count]
        records = tables.records["orders"].to_pylist()
        keys = Counter(row["key"] for row in rows)
        for row, broken in zip(rows, tables.broken.tolist(), strict=True):
            own = [x for x in records if x["key"] == row["key"] is not None]
            reasons = list_contradictions(row, own, lenient=lenient)
            if keys[row["key"]] > 1:
                reasons.append("again")
            assert broken is bool(reasons), (row, own)
            found.update(reasons)
        orphans = [x for x in records if x["key"] not in keys]
        found["nobody's"] += len(orphans)
    assert {"count", "null", "most", "field", "again", "nobody's"} <= found.keys()
    assert "field beside none" in found
    assert lenient or "lacks" in found


def list_contradictions(
    row: dict[str, Any], own: list[dict[str, Any]], *, lenient: bool
) -> list[str]:
    """Return in what the orders of a row contradict it."""
    said, made = row["orders"], ["beside none"] if has_beside_none(row) else []
    if (said or 0) != len(own):
        made.append("null" if said is None else "count")
    if said is None and not lenient:
        made.append("null")
    if len(own) > 500 or not 0 <= (said or 0) <= 500:
        made.append("most")
    for record in own:
        amounts = [record["orders.amount"], record["orders.paid"]]
        if any(x is not None and not 0 <= x <= 10**15 for x in amounts):
            made.append("field")
        if record["orders.state"] in {"?", ""}:
            made.append("field")
        if has_beside_none(record):
            made.append("field beside none")
        nothing = record["orders.paid"] is None and not record["orders.paid.none"]
        if not lenient and (nothing or None in {amounts[0], record["orders.state"]}):
            made.append("lacks")
    return made


def has_beside_none(row: dict[str, Any]) -> bool:
    """Return whether a row or a record has a value of what it says does not exist."""
    return any(row.get(f"{name}.none") and value is not None for name, value in row.items())


def test_executors_agree_on_generated_rulesets() -> None:
    report = carry_out_lot(Lot(1, 2, 40, ("numpy", *SQL, "evaluator"), 0.02))
    assert report.told == []
    assert report.cases["rulesets"] == 2
    assert report.cases["numpy"] == report.cases["rows"] >= 80
    # one of them asks questions of lists
    assert all(report.cases[f"{x}, broken"] > 0 for x in SQL)


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
@pytest.mark.parametrize(
    ("of", "what"),
    [(Lists, "_differs"), (Inputs, "find_again"), (Inputs, "find_field_outside")],
    ids=["numbers", "keys", "fields"],
)
def test_records_that_contradict_their_row_and_are_decided_are_found(
    of: type, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of, what, lambda *_: FALSE)
    report = run(QUOTA, "duckdb", cases=2_500)
    assert report.differences > 0
    assert any("(rows, duckdb)" in x for x in report.told)


@pytest.mark.skipif(not SQL, reason="DuckDB is not installed")
def test_a_value_of_what_does_not_exist_that_is_decided_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (sql_inputs, sql_layers, sql_steps):
        monkeypatch.setattr(module, "may_contradict", lambda *_: False)
    assert run(FEE, "duckdb").differences > 0


@pytest.mark.skipif(not SQL, reason="DuckDB is not installed")
@pytest.mark.parametrize("fold", [Op.FOLD_SUM, Op.FOLD_ANY])
def test_a_fault_in_what_is_asked_of_lists_is_found(
    fold: Op, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Lists.ask

    def ask_of_all(lists: Lists, node: Node, counts: int, value: int) -> int:
        return ask(lists, node, TRUE if node.op is fold else counts, value)

    monkeypatch.setattr(Lists, "ask", ask_of_all)
    which = {Op.FOLD_SUM: QUOTA, Op.FOLD_ANY: TITLES}[fold]
    assert run(which, "duckdb", cases=2_500).differences > 0


@pytest.mark.skipif(not SQL, reason="DuckDB is not installed")
def test_a_value_out_of_its_bounds_that_is_decided_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write: Callable[..., sql_code.SqlCode] = sql_code.write_sql

    def write_trusting(
        kernel: Kernel, dialect: str, relation: str, *rest: object, lists: object
    ) -> object:
        code = write(kernel, dialect, relation, *rest, lists=lists)
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


@pytest.mark.skipif(not SQL, reason="DuckDB is not installed")
def test_tables_are_decided_with_the_records_of_their_lists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = run(QUOTA, "tables", cases=120)
    assert (report.told, report.without) == ([], {})
    assert 60 < report.cases["of tables decided"] <= report.cases["tables"]
    ask = Lists.ask

    def ask_of_all(lists: Lists, node: Node, counts: int, value: int) -> int:
        return ask(lists, node, TRUE if node.op is Op.FOLD_SUM else counts, value)

    monkeypatch.setattr(Lists, "ask", ask_of_all)
    assert "tables: row " in run(QUOTA, "tables", cases=120).told[0]


def test_kernels_that_are_asked_what_decides_alone_are_held_too() -> None:
    report = run(SIZE, "numpy", *SQL, "evaluator", cases=2_100)
    assert report.told == []
    assert report.cases["rows"] - report.cases[DECISIVE] == 2_000


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


def test_cases_left_out_without_a_reason_end_the_program_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agreement_batches.Batch, "_run_numpy", lambda *_: None)
    assert ask(tmp_path) == 1
    assert "30 of 30 cases: nobody knows why" in capsys.readouterr().out


def test_cases_of_other_code_count_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(agreement_runs, "write_code", write_wrong)
    monkeypatch.setattr(agree_wide, "find_digest", lambda: "other code")
    assert ask(tmp_path) == 1
    monkeypatch.undo()
    assert ask(tmp_path) == 0
    assert "not counted: 60 cases" in capsys.readouterr().out
