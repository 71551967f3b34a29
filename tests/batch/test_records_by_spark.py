"""Tables in Spark with records in files beside them: as in memory and by DuckDB, to the row."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from record_tables import KEY, Row, Tables, damage, draw_tables, write_rows
from result_folders import read_rejected, read_results
from spark_sessions import SETTINGS, needs_spark, open_hostile
from test_tables_with_records import (
    BJ,
    DECISIONS,
    GX,
    LONG,
    QUOTA,
    check_whole,
    decide,
    decide_in_memory,
    list_faults,
    make_firms,
)

import voucher_rules as vr
from voucher_rules.batch.spark import records as spark_records
from voucher_rules.batch.spark import rest as spark_rest

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytestmark = needs_spark


def decide_by_spark(*given: Any, **options: Any) -> vr.BatchReport:  # noqa: ANN401
    return decide(*given, executor="spark", spark=open_hostile(), **options)


@pytest.mark.parametrize(
    ("name", "complete"),
    [
        *((name, at % 2 == 0) for at, name in enumerate(DECISIONS) if at != LONG),
        ("every question", False),
    ],
)
def test_records_by_spark_come_to_what_they_come_to_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, complete: bool
) -> None:
    monkeypatch.setattr(spark_rest, "LEFT_WITH_RECORDS", 2)
    monkeypatch.setattr(spark_records, "_CHUNK", 3)
    ruleset, decision, count, suffix = DECISIONS[name]
    drawn = damage(draw_tables(ruleset, decision, count, seed=15), seed=16)
    tables = drawn.write(tmp_path, suffix, complete=complete)
    expected = decide_in_memory(ruleset, decision, tables)
    size = count // 2
    report = decide_by_spark(ruleset, decision, tmp_path / "spark", tables, part_rows=size)
    other = decide(
        ruleset, decision, tmp_path / "duckdb", tables, executor="duckdb", part_rows=size
    )
    assert report.executor == "spark"
    check_whole(report)
    assert read_results(report.folder) == expected.results.to_pylist()
    assert read_results(report.folder) == read_results(other.folder)
    assert read_rejected(report.folder) == read_rejected(other.folder)
    assert report.unmatched == other.unmatched == expected.unmatched
    assert report.outcomes == other.outcomes == expected.outcomes
    assert report.manifest["records"] == other.manifest["records"]
    assert len(report.manifest["parts"]) == len(other.manifest["parts"]) > 1
    assert report.list_faults() == other.list_faults()


def test_long_lists_come_out_as_by_duckdb(tmp_path: Path) -> None:
    ruleset, decision, count, suffix = list(DECISIONS.values())[LONG]
    drawn = draw_tables(ruleset, decision, count, seed=8, missing="0%")
    tables = drawn.write(tmp_path, suffix, complete=True)
    report = decide_by_spark(ruleset, decision, tmp_path / "spark", tables)
    other = decide(ruleset, decision, tmp_path / "duckdb", tables, executor="duckdb")
    check_whole(report)
    assert read_results(report.folder) == read_results(other.folder)
    assert report.rows["by_reference"] < count // 2


def write_folder(folder: Path, rows: list[Row], files: int) -> Path:
    """Write rows into some files, the last without any."""
    folder.mkdir()
    whole = parquet.read_table(write_rows(folder.with_suffix(".parquet"), rows, [KEY]))
    size = -(-len(rows) // files)
    for at in range(files + 1):
        part = whole.slice(at * size, size)
        parquet.write_table(part, folder / f"{at}.parquet", row_group_size=7)
    return folder


@pytest.mark.parametrize("complete", [True, False])
def test_tables_of_several_files_are_read_as_one(tmp_path: Path, *, complete: bool) -> None:
    firms = make_firms(50)
    firms.rows[20][KEY] = firms.rows[22][KEY] = firms.rows[40][KEY]
    firms.rows[30][KEY] = ""
    orders = firms.records["orders"]
    orders += [{**orders[0], KEY: key} for key in ("", None, "gone", "f1", "F1 ")]
    orders[7]["amount"] = -1
    tables = firms.write(tmp_path / "one", "parquet", complete=complete)
    expected = decide(BJ, "quota", tmp_path / "duckdb", tables, executor="duckdb", **QUOTA)
    table = write_folder(tmp_path / "表", firms.rows, 3)
    path = write_folder(tmp_path / "orders '1'", orders, 4)
    records = {"orders": vr.Records(path, KEY, complete=complete)}
    out = tmp_path / "spark"
    report = decide_by_spark(BJ, "quota", out, (table, records), part_rows=13, **QUOTA)
    check_whole(report)
    assert len(report.manifest["parts"]) == 4
    assert read_results(out) == read_results(expected.folder)
    assert read_rejected(out) == read_rejected(expected.folder)
    assert list_faults(out)
    # two of the firms have another's key: six orders more are of no row
    assert report.unmatched == expected.unmatched == {"orders": 5 + 6}
    assert report.outcomes == expected.outcomes


CHILD: Final = """
import json, sys
import voucher_rules as vr
from pyspark.sql import SparkSession
table, orders, out, settings = sys.argv[1:]
builder = SparkSession.builder.master("local[1]")
for name, value in json.loads(settings).items():
    builder = builder.config(name, value)
vr.decide_table(
    vr.load("cn-bj-service-voucher"), "quota", table, out, executor="spark", part_rows=10,
    records={"orders": vr.Records(orders, "case.no")}, form="parquet", keys=["case.no"],
    assume_in_force=True, on="2024-05-01", spark=builder.getOrCreate(),
    tell=lambda *_: print("done", flush=True),
)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by a signal of Unix")
def test_a_killed_run_counts_no_record_twice(tmp_path: Path) -> None:
    firms = make_firms(30)
    firms.records["orders"] += [{**firms.records["orders"][0], KEY: "gone"}]
    table, _ = firms.write(tmp_path, "csv")
    _, records = firms.write(tmp_path, "parquet")
    tables, orders, out = (table, records), records["orders"].table, tmp_path / "out"
    command = [sys.executable, "-W", "ignore", "-c", CHILD, str(table), str(orders), str(out)]
    with subprocess.Popen([*command, json.dumps(SETTINGS)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"done\n"
        child.send_signal(signal.SIGKILL)
    assert not (out / "manifest.json").exists()
    assert len(list(out.glob("records-00000.*.unfinished"))) == 1
    kept = {path: path.stat().st_mtime_ns for path in out.glob("part-00000.*")}
    assert out / "part-00000.json" in kept
    report = decide_by_spark(BJ, "quota", out, tables, part_rows=10, **QUOTA)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    check_whole(report)
    whole = decide(BJ, "quota", tmp_path / "whole", tables, executor="duckdb", **QUOTA)
    assert read_results(out) == read_results(whole.folder)
    assert report.unmatched == whole.unmatched == {"orders": 1}
    assert report.rows == {**whole.rows, "by_reference": report.rows["by_reference"]}


def test_a_part_or_a_list_without_records_is_like_any_other(tmp_path: Path) -> None:
    firms = make_firms(6)
    orders = [row for row in firms.records["orders"] if row[KEY] in {"F4", "F5"}]
    for name, own in (("some", orders), ("none", [])):
        for suffix in ("csv", "parquet"):
            held = Tables(firms.rows, {"orders": own}) if own else Tables(firms.rows, {})
            table, records = held.write(tmp_path / f"{name}-{suffix}", suffix, complete=True)
            if not own:
                path = write_rows(tmp_path / f"empty.{suffix}", [], [KEY, "amount", "state"])
                records = {"orders": vr.Records(path, KEY, complete=True)}
            out = tmp_path / f"out-{name}-{suffix}"
            report = decide_by_spark(BJ, "quota", out, (table, records), part_rows=3, **QUOTA)
            other = decide(
                BJ, "quota", Path(f"{out}-2"), (table, records), executor="rows", **QUOTA
            )
            check_whole(report)
            assert read_results(out) == read_results(other.folder)
            assert report.manifest["records"] == other.manifest["records"]


def test_a_table_without_rows_has_records_of_no_row(tmp_path: Path) -> None:
    _, records = make_firms(3).write(tmp_path, "csv")
    table = tmp_path / "none.csv"
    table.write_text(f"{KEY},enterprise.classes\n", encoding="utf-8")
    report = decide_by_spark(BJ, "quota", tmp_path / "out", (table, records), **QUOTA)
    assert report.rows["read"] == 0
    assert report.manifest["records"] == {"orders": {"read": 6, "unmatched": 6}}


def test_a_list_that_is_not_read_is_judged_and_one_that_is_too_long_rejected(
    tmp_path: Path,
) -> None:
    drawn = draw_tables(GX, "quota", 6, seed=3, missing="0%")
    items = [{KEY: row[KEY], "amount": 5 * at - 10} for at, row in enumerate(drawn.rows[:4])]
    drawn.records["items"] = [*items, {KEY: "Z", "amount": -1}]
    tables = drawn.write(tmp_path / "gx", "parquet")
    report = decide_by_spark(GX, "quota", tmp_path / "spark-gx", tables)
    assert read_results(report.folder) == decide_in_memory(GX, "quota", tables).results.to_pylist()
    assert sorted(list_faults(report.folder)) == [1, 2]
    assert report.unmatched == {"items": 1}
    firms = make_firms(3)
    order = {"amount": 1, "paid": "none", "state": "ordered"}
    firms.records["orders"] = [
        {KEY: key, **order} for key, count in (("F0", 501), ("F1", 500)) for _ in range(count)
    ]
    tables = firms.write(tmp_path / "bj", "parquet")
    report = decide_by_spark(BJ, "quota", tmp_path / "spark-bj", tables, **QUOTA)
    assert {row: [x for x, _ in told] for row, told in list_faults(report.folder).items()} == {
        1: ["too-many-records"]
    }
    assert read_results(report.folder)[0]["quota.used"] == "50000"


@pytest.mark.parametrize(
    ("own", "other", "refused"),
    [
        (arrow.array([1, 2, 3], arrow.int32()), [1, 2, 9], False),
        (arrow.array([1, 2, 3], arrow.uint8()), arrow.array([1, 2, 9], arrow.int16()), False),
        (
            [date(2024, 1, day) for day in (1, 2, 3)],
            [date(2024, 1, day) for day in (1, 2, 9)],
            False,
        ),
        ([1, 2, 3], ["1", "2", "9"], True),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 9.0], True),
        ([True, False, None], [True, False, None], True),
    ],
)
def test_keys_are_compared_as_python_does_or_refused(
    tmp_path: Path,
    own: Any,  # noqa: ANN401 - cells of any type
    other: Any,  # noqa: ANN401 - as above
    *,
    refused: bool,
) -> None:
    cases = {KEY: own, "enterprise.classes": ["[ordinary]"] * 3}
    orders = {KEY: other, "amount": [1, 2, 3], "paid": ["none"] * 3, "state": ["ordered"] * 3}
    parquet.write_table(arrow.table(cases), tmp_path / "cases.parquet")
    parquet.write_table(arrow.table(orders), tmp_path / "orders.parquet")
    records = {"orders": vr.Records(tmp_path / "orders.parquet", KEY)}
    tables = (tmp_path / "cases.parquet", records)
    if refused:
        with pytest.raises(vr.InputError) as error:
            decide_by_spark(BJ, "quota", tmp_path / "out", tables, keys=[], **QUOTA)
        (told,) = error.value.diagnostics
        assert (told.code, told.path) == ("executor-cannot", "records.orders")
        return
    report = decide_by_spark(BJ, "quota", tmp_path / "out", tables, keys=[], **QUOTA)
    used = [row["quota.used"] for row in read_results(report.folder)]
    assert used == ["100", "200", None]
    assert report.unmatched == {"orders": 1}


def test_columns_of_records_may_be_called_like_those_of_spark(tmp_path: Path) -> None:
    firms = make_firms(3)
    renamed = {"amount": "odd", "paid": "row", "state": "vr_rows"}
    firms.records["orders"] = [
        {renamed.get(name, name): cell for name, cell in row.items()}
        for row in firms.records["orders"]
    ]
    columns = {"odd": "amount", "row": "orders.paid", "vr_rows": "state"}
    tables = firms.write(tmp_path, "parquet", columns=columns)
    report = decide_by_spark(BJ, "quota", tmp_path / "out", tables, **QUOTA)
    assert read_results(report.folder)[1]["quota.used"] == "30300"
