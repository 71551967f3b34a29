"""The commands that decide a table in a file, and that show a decision as SQL."""

from __future__ import annotations

import csv
import json
import os
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest
from cli_runner import Run, run

from voucher_rules.batch.results import report_lines

__all__ = ["run"]  # fixtures

FEES = [
    ("id", "fee.date", "contract.amount", "fee.charged"),
    ("A1", "2017-03-01", "4000元", "200"),
    ("A2", "2017-03-02", "9000", "none"),
    ("A3", "2017-03-03", "", "500"),
    ("A4", "2017-02-30", "8000", "300"),
]
COMMAND = ("batch", "cn-nx-service-voucher", "supervision_fee")


@pytest.fixture
def fees(tmp_path: Path) -> Path:
    path = tmp_path / "fees.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(FEES)
    return path


def test_it_says_what_decided_and_what_became_of_the_rows(
    run: Run, fees: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    found = run(*COMMAND, str(fees), str(out), "--key", "id", "--executor", "rows")
    assert found.code == 1
    assert found.out.splitlines() == [
        "decided by kernels in memory, lot by lot",
        "4 rows read: 3 decided (3 of them by the reference), 1 rejected",
        "  determined: 2",
        "  undetermined: facts are missing: 1",
        (
            "  rejected: no-such-day (fee.date), rows: 1, first row 4:"
            " the calendar has no day `2017-02-30`: day 30"
        ),
        f"the results stand in {out}: part-* for every row, open-* for what is open of some",
    ]
    with (out / "part-00000.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["fee.least"]) for row in rows] == [
        ("A1", "12000"),
        ("A2", "27000"),
        ("A3", ""),
    ]
    with (out / "open-00000.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["id"], row["missing"]) for row in csv.DictReader(file)] == [
            ("A3", "contract.amount")
        ]
    (line,) = (out / "part-00000.rejected.jsonl").read_text("utf-8").splitlines()
    told = json.loads(line)
    assert (told["row"], told["keys"]) == (4, {"id": "A4"})
    assert [fault["code"] for fault in told["faults"]] == ["no-such-day"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_says_what_may_be_stated_where_the_reference_decides_most(
    run: Run, tmp_path: Path, language: str
) -> None:
    table = tmp_path / "many.csv"
    table.write_text("fee.date,contract.amount\n" + "2017-03-01,4000\n" * 1000, encoding="utf-8")
    hints = []
    for name, given in (("open", ()), ("stated", ("--given", "fee.charged=none"))):
        told = ("--executor", "rows", "--lang", language)
        found = run(*COMMAND, str(table), str(tmp_path / name), *given, *told)
        assert found.code == 0
        hints.append([line for line in found.out.splitlines() if "--given" in line])
    assert [len(lines) for lines in hints] == [1, 0]


def test_rows_without_a_fault_end_in_zero_and_json_tells_the_counts(
    run: Run, fees: Path, tmp_path: Path
) -> None:
    fees.write_text("".join(fees.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    found = run(*COMMAND, str(fees), str(tmp_path / "out"), "--format", "json", "--to", "jsonl")
    assert found.code == 0
    told = json.loads(found.out)
    assert told["executor"] == ("duckdb" if find_spec("duckdb") else "rows")
    assert told["rows"]["decided"] == 2
    assert told["outcomes"] == {"determined": 2}
    assert (told["absent"], told["unused"], told["faults"]) == ([], ["id"], [])


def test_it_names_misspelt_columns_and_the_first_of_each_fault(
    run: Run, fees: Path, tmp_path: Path
) -> None:
    text = fees.read_text("utf-8").replace("contract.amount", "contract.amuont")
    fees.write_text(text + "A5,2017-02-31,,200\nA6,2017-03-01,,5x\n", "utf-8")
    found = run(*COMMAND, str(fees), str(tmp_path / "out"), "--key", "id")
    assert found.out.splitlines()[-5:-1] == [
        (
            "  rejected: no-such-day (fee.date), rows: 2, first row 4:"
            " the calendar has no day `2017-02-30`: day 30"
        ),
        (
            "  rejected: unit-unknown (fee.charged), rows: 1, first row 6:"
            " the unit `x` of `5x` does not fit here"
        ),
        "facts that no column tells: contract.amount",
        "columns of no fact and no key: contract.amuont",
    ]
    assert found.err.splitlines() == found.out.splitlines()[-3:-1]  # told before, and at the end
    chinese = run(*COMMAND, str(fees), str(tmp_path / "zh"), lang="zh").out.splitlines()
    assert chinese[-5].startswith("  退回：no-such-day（fee.date）2 行，首见于第 4 行：")
    assert chinese[-3:-1] == [
        "没有列说明的事实：contract.amount",
        "既非事实也非键的列：id、contract.amuont",
    ]


def test_of_many_faults_the_most_frequent_are_told(
    run: Run, fees: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_lines, "_MOST_FAULTS", 1)
    fees.write_text(fees.read_text("utf-8") + "A5,2017-02-31,,5x\n", "utf-8")
    found = run(*COMMAND, str(fees), str(tmp_path / "out"), "--key", "id")
    told = [line for line in found.out.splitlines() if line.startswith("  rejected")]
    assert len(told) == 2
    assert "no-such-day" in told[0]
    assert told[1] == "  rejected: other faults: 1, told in the files .rejected.jsonl"


def test_it_says_why_duckdb_does_not_decide(run: Run, fees: Path, tmp_path: Path) -> None:
    table = tmp_path / "fees.jsonl"
    row = '{"id": 1.5, "fee.date": "2017-03-01", "contract.amount": "4000元"}\n'
    table.write_text(row, "utf-8")
    found = run(*COMMAND, str(table), str(tmp_path / "out"), "--key", "id", lang="zh")
    reason = "该键并非全是文字" if find_spec("duckdb") else "没有安装 duckdb"
    assert reason in found.out.splitlines()[0]
    refused = run(
        *COMMAND, str(table), str(tmp_path / "other"), "--executor", "duckdb", "--key", "id"
    )
    assert refused.code == 3
    assert "executor-cannot" in refused.err
    assert fees.exists()


@pytest.mark.parametrize("dialect", ["duckdb", "postgresql", "spark"])
def test_a_decision_is_shown_as_sql(run: Run, dialect: str) -> None:
    found = run("show", "cn-nx-service-voucher", "--compiled", "supervision_fee", "--sql", dialect)
    assert found.code == 0
    assert found.out.startswith("-- supervision_fee 2016-06-27 – 2100-12-31\n-- fee.date: day\n")
    assert "SELECT" in found.out


def test_a_first_day_that_the_document_leaves_open_is_stated(run: Run, tmp_path: Path) -> None:
    table, out = tmp_path / "days.csv", tmp_path / "out"
    table.write_text("life.asked_on\n2024-12-31\n2025-01-01\n", encoding="utf-8")
    asked = ("batch", "cn-gx-service-voucher", "life", str(table), str(out), "--executor", "rows")
    undated = run(*asked[:4], str(tmp_path / "undated"), *asked[5:])
    assert [x for x in undated.out.splitlines() if "--in-force-from" in x]
    told = run(*asked, "--in-force-from", "2025-01-01")
    assert told.code == 0
    assert told.err.startswith("facts that no column tells: ")
    with (out / "part-00000.csv").open(encoding="utf-8", newline="") as file:
        outcomes = [row["outcome"] for row in csv.DictReader(file)]
    assert outcomes == ["not_in_force", "undetermined"]  # what else it takes is not stated
    other = run(*asked, "--in-force-from", "2025-02-01")
    assert other.code == 3
    assert "folder-of-other-run" in other.err


def test_sql_needs_a_decision_and_tells_columns_of_lists(run: Run) -> None:
    alone = run("show", "cn-nx-service-voucher", "--sql", "duckdb")
    assert (alone.code, "option-alone" in alone.err) == (3, True)
    found = run("show", "cn-bj-service-voucher", "--compiled", "quota", "--sql", "spark")
    assert found.code == 0
    lines = found.out.splitlines()
    assert "-- orders: number of records" in lines
    assert "-- orders.paid.none: truth (orders)" in lines
    assert "FROM `orders`" in lines


def test_a_master_goes_with_spark_alone(run: Run, fees: Path, tmp_path: Path) -> None:
    found = run(*COMMAND, str(fees), str(tmp_path / "out"), "--master", "local[2]")
    assert found.code == 3
    assert "--executor" in found.err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(bool(find_spec("pyspark")), reason="Spark is installed")
def test_it_says_what_spark_needs(run: Run, fees: Path, tmp_path: Path) -> None:
    found = run(*COMMAND, str(fees), str(tmp_path / "out"), "--executor", "spark")
    assert found.code == 3
    assert "voucher-rules[spark]" in found.err


NEEDS_SPARK = pytest.mark.skipif(
    not (os.environ.get("VOUCHER_RULES_SPARK") and find_spec("pyspark") and which("java")),
    reason="Spark is tried where VOUCHER_RULES_SPARK is set: make spark",
)


@NEEDS_SPARK
def test_spark_decides_where_it_is_asked_for(run: Run, fees: Path, tmp_path: Path) -> None:
    words = ("--executor", "spark", "--master", "local[2]", "--key", "id")
    found = run(*COMMAND, str(fees), str(tmp_path / "out"), *words)
    assert found.code == 1
    assert found.out.splitlines()[:2] == [
        "decided by Spark",
        "4 rows read: 3 decided (1 of them by the reference), 1 rejected",
    ]


@pytest.fixture
def firms(tmp_path: Path) -> tuple[str, ...]:
    """Return the table of two firms, and the options that tell of their orders."""
    rows: dict[str, list[tuple[str, ...]]] = {
        "firms": [("firm", "enterprise.classes"), ("F1", "[ordinary]"), ("F2", "[ordinary]")],
        "orders": [("firm", "sum", "paid", "state"), ("F1", "8000元", "none", "ordered"), ("F9",)],
    }
    for name, listed in rows.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [*row, *[""] * (len(listed[0]) - len(row))] for row in listed
            )
    options = ("--records", f"orders={tmp_path / 'orders.csv'}", "--records-key", "orders=firm")
    columns = ("--column", "sum=orders.amount", "--on", "2024-05-01", "--assume-in-force")
    return (str(tmp_path / "firms.csv"), *options, *columns)


QUOTA = ("cn-bj-service-voucher", "quota")


def test_records_come_from_a_file_of_their_own(
    run: Run, firms: tuple[str, ...], tmp_path: Path
) -> None:
    table, *options = firms
    out = str(tmp_path / "out")
    told = [*options, "--records-complete", "orders"]
    found = run("batch", *QUOTA, table, out, *told, "--executor", "rows")
    assert found.code == 0
    assert found.out.splitlines()[1:4] == [
        "2 rows read: 2 decided (2 of them by the reference), 0 rejected",
        "1 records of “orders” belong to no row",
        "  determined: 2",
    ]
    as_json = run("batch", *QUOTA, table, out, *told, "--executor", "rows", "--format", "json")
    assert json.loads(as_json.out)["unmatched"] == {"orders": 1}
    study = run("whatif", *QUOTA, table, *told)
    assert study.code == 0
    assert "1 records of “orders of the year” belong to no row" in study.out


@NEEDS_SPARK
def test_spark_takes_records_from_a_file_of_their_own(
    run: Run, firms: tuple[str, ...], tmp_path: Path
) -> None:
    table, *options = firms
    words = ("--records-complete", "orders", "--executor", "spark", "--master", "local[2]")
    found = run("batch", *QUOTA, table, str(tmp_path / "out"), *options, *words)
    assert found.code == 0
    told = found.out.splitlines()
    assert (told[0], told[2:4]) == (
        "decided by Spark",
        ["1 records of “orders” belong to no row", "  determined: 2"],
    )


@pytest.mark.parametrize(
    ("left_out", "added", "told"),
    [
        ("--records-key", (), "--records orders=FILE needs --records-key orders=COLUMN"),
        ("--records", (), "--records-key orders is only for use with --records orders=FILE"),
        ("", ("--records-complete", "order"), "--records-complete order is only for use with"),
        ("", ("--records", "orders"), "bad-setting"),
    ],
)
def test_options_of_records_go_together(  # noqa: PLR0913, PLR0917 - fixtures and cases
    run: Run,
    firms: tuple[str, ...],
    tmp_path: Path,
    left_out: str,
    added: tuple[str, ...],
    told: str,
) -> None:
    table, *options = firms
    if left_out:
        at = options.index(left_out)
        del options[at : at + 2]
    found = run("batch", *QUOTA, table, str(tmp_path / "out"), *options, *added)
    assert found.code == 3
    assert told in found.err
    assert not (tmp_path / "out").exists()
