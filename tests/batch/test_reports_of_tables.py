"""What is told of a table: the same faults in the same order, and a folder that is whole or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from record_tables import write_rows
from result_folders import read_rejected
from shops import SHOP, make_row

import voucher_rules as vr
from voucher_rules.batch.cases.unknown_counts import count_missing, list_suspects

pa = pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
pq = pytest.importorskip("pyarrow.parquet")

BOTH = pytest.mark.parametrize("executor", ["duckdb", "rows"])


@BOTH
def test_a_folder_is_unfinished_while_a_part_is_mended(tmp_path: Path, executor: str) -> None:
    table = write_rows(tmp_path / "shops.csv", [make_row() for _ in range(30)])
    out = tmp_path / "out"
    seen = []

    def decide() -> vr.BatchReport:
        return vr.decide_table(
            SHOP,
            "claim",
            table,
            out,
            executor=executor,
            part_rows=10,
            tell=lambda *_: seen.append((out / "manifest.json").exists()),
        )

    whole = decide().manifest
    decide()
    (out / "part-00001.csv").unlink()
    assert decide().manifest == whole
    (out / "part-00002.json").unlink()
    assert decide().manifest == whole
    # parts that are all there leave a finished folder finished
    assert seen == [False] * 3 + [True] * 3 + [False] * 6


def test_faults_of_a_row_stand_in_one_order(tmp_path: Path) -> None:
    row = make_row(shop__staff="x", claim__date="2020-13-01", shop__size=None, contract__amount=-1)
    rows = [{"how big": "huge", **row}]
    columns = {"how big": "shop.size"}
    told = [vr.decide_frame(SHOP, "claim", rows, columns=columns).rejected[0].diagnostics]
    assert [x.path for x in told[0]] == [
        f"rows.1: {x}"
        for x in ("claim.date", "contract.amount", "how big: shop.size", "shop.staff")
    ]
    table = write_rows(tmp_path / "shops.csv", rows)
    for executor in ("duckdb", "rows"):
        out = tmp_path / executor
        vr.decide_table(SHOP, "claim", table, out, executor=executor, columns=columns)
        (row,) = read_rejected(out)
        # the number of the row stands beside them
        assert row["row"] == 1
        assert [f"rows.1: {x['place']}" for x in row["faults"]] == [x.path for x in told[0]]


def test_the_second_row_is_told_before_the_tenth(tmp_path: Path) -> None:
    cells: dict[str, list[Any]] = {"contract.amount": [None] * 12, "shop.staff": [None] * 12}
    cells["contract.amount"][9] = cells["shop.staff"][1] = 1.5
    pq.write_table(pa.table(cells), tmp_path / "shops.parquet")
    for decide in (
        lambda: vr.decide_frame(SHOP, "claim", pa.table(cells)),
        lambda: vr.decide_table(SHOP, "claim", tmp_path / "shops.parquet", tmp_path / "out"),
    ):
        with pytest.raises(vr.InputError) as error:
            decide()
        told = [x.path for x in error.value.diagnostics]
        assert told == ["rows.2: shop.staff", "rows.10: contract.amount"]


@pytest.mark.parametrize(
    ("options", "code", "place"),
    [
        ({"keys": ["idd"], "columns": {"id": "nope"}}, "not-one-of", "keys"),
        ({"keys": ["outcome"], "facts": {"nope": 1}}, "key-like-result", "keys"),
        ({"facts": {"nope": 1}, "columns": {"id": "nope"}}, "unknown-fact", "facts"),
        ({"columns": {"id": "nope"}, "records": True}, "unknown-fact", "id"),
    ],
)
def test_of_faults_of_the_call_the_same_comes_first(
    tmp_path: Path, options: dict[str, Any], code: str, place: str
) -> None:
    row = {"id": "a", **make_row()}
    file = write_rows(tmp_path / "shops.jsonl", [row])
    chosen = dict(options)
    if "records" in chosen:
        chosen["records"] = {"orders": vr.Records(file, key="id")}
    for decide in (
        lambda: vr.decide_frame(SHOP, "claim", pa.Table.from_pylist([row]), **chosen),
        lambda: vr.decide_frame(SHOP, "claim", [row], **chosen),
        lambda: vr.decide_table(SHOP, "claim", file, tmp_path / "out", **chosen),
    ):
        with pytest.raises(vr.InputError) as error:
            decide()
        (fault,) = error.value.diagnostics
        assert (fault.code, fault.path) == (code, place)


# -- hints, and folders that are opened again ------------------------------------------------------

NX = vr.load("cn-nx-service-voucher")


def write_fees(path: Path, silent: int, told: int) -> Path:
    """Write fees, of which some do not tell their price, and two rows that are no cases."""
    fee = {"id": 1, "fee.date": "2017-03-01", "fee.charged": 200}
    rows = [{**fee, "contract.amount": x} for x in [None] * silent + [4000] * told]
    rows += [{**fee, "fee.date": "x", "contract.amount": 1}] * 2
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def test_the_fact_for_which_rows_are_left_to_the_reference_is_named(tmp_path: Path) -> None:
    table = write_fees(tmp_path / "fees.parquet", silent=150, told=300)
    reports: list[Any] = [vr.decide_frame(NX, "supervision_fee", pq.read_table(table))]
    for executor in ("duckdb", "rows"):
        options: dict[str, Any] = {"executor": executor, "part_rows": 250}
        out = tmp_path / executor
        reports.append(vr.decide_table(NX, "supervision_fee", table, out, **options))
    for report in reports:
        assert dict(report.missing) == {"contract.amount": 150}
        assert report.untold["contract.amount"] == 150
        lines = str(report).splitlines()
        assert "columns of no fact and no key: id" in lines
        assert any(x.startswith("  rejected: not-a-date (fee.date), rows: 2") for x in lines)
        assert "150 rows are undetermined; what would settle them: contract.amount (150)" in lines
        assert "150 行未能决定；补上即可推进的事实：contract.amount（150 行）" in report.summary()
        slow = [x for x in lines if "takes a thousand times as long" in x]
        assert [x.partition("tell: ")[2] for x in slow] == ["contract.amount (150)"]
    notes = {"untold.contract.amount": 150, "missing.contract.amount": 150}
    assert reports[1].manifest["notes"] == notes


def test_of_few_rows_nothing_is_hinted(tmp_path: Path) -> None:
    table = write_fees(tmp_path / "fees.parquet", silent=20, told=0)
    report = vr.decide_frame(NX, "supervision_fee", table)
    assert dict(report.untold) == {"contract.amount": 20}
    assert "contract.amount" not in str(report)


@pytest.mark.parametrize(
    ("untold", "absent", "decided", "expected"),
    [
        ({"a": 100, "b": 99, "c": 2}, [], 500, ["a", "b"]),
        # others lack a, too, and were decided by kernels all the same
        ({"a": 100, "b": 99, "c": 2}, ["a"], 500, ["b", "a"]),
        ({"a": 100, "b": 99, "c": 2}, ["a"], 100, ["a", "b"]),
        ({"a": 40, "b": 30}, [], 100, ["a", "b"]),
        ({}, ["a"], 100, []),
    ],
)
def test_the_most_telling_fact_comes_first(
    untold: dict[str, int], absent: list[str], decided: int, expected: list[str]
) -> None:
    rows = {"decided": decided, "by_reference": 100}
    assert list(list_suspects(untold, absent, rows)) == expected


def test_fields_of_records_are_counted_once_a_row() -> None:
    assert count_missing([None, "orders[1].state,orders[2].state,a", "a"]) == {
        "a": 2,
        "orders.state": 1,
    }
    ruleset = vr.load("cn-bj-service-voucher")
    orders = [{"amount": "1元"}, {"amount": "2元"}]
    rows = [{"order.date": "2023-03-01", "orders": orders}]
    assert vr.decide_frame(ruleset, "quota", rows).untold["orders.state"] == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_undated_document_is_hinted_at(tmp_path: Path, language: str) -> None:
    ruleset = vr.load("cn-gx-service-voucher")
    table = write_rows(tmp_path / "days.csv", [{"life.asked_on": "2025-01-01"}] * 3)
    report = vr.decide_table(ruleset, "life", table, tmp_path / "out")
    for told in (report, vr.decide_frame(ruleset, "life", table)):
        (hint,) = [x for x in told.summary(language).splitlines() if "--in-force-from" in x]
        assert "--assume-in-force" in hint
    dated = ruleset.state_start("2024-06-08")
    stated = vr.decide_table(dated, "life", table, tmp_path / "dated")
    assert "--in-force-from" not in stated.summary(language)


@BOTH
def test_a_finished_folder_is_opened_again(tmp_path: Path, executor: str) -> None:
    table = write_fees(tmp_path / "fees.parquet", silent=1, told=3)
    out = tmp_path / "out"
    made = vr.decide_table(NX, "supervision_fee", table, out, executor=executor, part_rows=3)
    report = vr.open_batch(str(out))
    assert report == made
    assert report.unused == ("id",)
    assert [(x.code, x.place, x.count) for x in report.list_faults()] == [
        ("not-a-date", "fee.date", 2)
    ]
    report.check_files()
    rejected = out / "part-00001.rejected.jsonl"
    rejected.write_text(rejected.read_text("utf-8") + "\n", encoding="utf-8")
    (out / "bits.csv").unlink()
    with pytest.raises(vr.InputError) as error:
        report.list_faults()
    (fault,) = error.value.diagnostics
    assert (fault.code, fault.arguments["path"]) == ("folder-file-changed", str(rejected))
    with pytest.raises(vr.InputError) as error:
        report.check_files()
    assert [x.code for x in error.value.diagnostics] == ["folder-file-changed"] * 2
    # what is at hand is told all the same
    assert "6 rows read" in str(report)


def test_a_folder_that_is_not_finished_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(vr.InputError) as error:
            vr.open_batch(folder)
        assert [x.code for x in error.value.diagnostics] == ["folder-unfinished"]
        assert str(folder) in error.value.diagnostics[0].message("zh")
    for written in ("{", "[]", '{"schema": "voucher-rules/batch/2"}'):
        (tmp_path / "manifest.json").write_text(written, encoding="utf-8")
        with pytest.raises(vr.InputError) as error:
            vr.open_batch(tmp_path)
        assert [x.code for x in error.value.diagnostics] == ["folder-file-changed"]
    with pytest.raises(vr.InputError) as error:
        vr.open_batch(5)  # type: ignore[arg-type]  # what is no path is told by name
    assert [x.code for x in error.value.diagnostics] == ["argument-wrong-kind"]


def test_a_summary_is_in_no_other_language(tmp_path: Path) -> None:
    table = write_fees(tmp_path / "fees.parquet", silent=1, told=1)
    report = vr.decide_table(NX, "supervision_fee", table, tmp_path / "out")
    with pytest.raises(ValueError, match="zh"):
        report.summary("fr")
