"""Tables in files with records in others: as in memory by every executor, nothing lost between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from record_tables import KEY, Row, Tables, damage, draw_tables, write_rows
from result_folders import read_rejected, read_results

import voucher_rules as vr
from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.duckdb import rest as duckdb_rest
from voucher_rules.batch.memory.record_store import RecordStore
from voucher_rules.batch.memory.rows import Decided, decide_rows
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.reading.file_digests import digest_file

pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

BJ: Final = vr.load("cn-bj-service-voucher")
GX: Final = vr.load("cn-gx-service-voucher")
EXECUTORS: Final = ("duckdb", "rows")
BOTH: Final = pytest.mark.parametrize("executor", EXECUTORS)
LONG: Final = 1
"""Which of the decisions takes long where something is not known."""
TESTS: Final = Path(__file__).resolve().parents[1]
GROUP: Final = vr.load(TESTS / "measures" / "test-group" / "2024.yaml")
LANTERN: Final = vr.load(TESTS / "publish" / "test-lantern" / "2024.yaml")
TICKETS: Final = vr.load(TESTS / "record" / "rulesets" / "invented-tickets" / "1.yaml")
ASKED: Final = vr.load(TESTS / "rulesets" / "lists" / "good" / "each_question.yaml")
DECISIONS: Final[dict[str, tuple[vr.Ruleset, str, int, str]]] = {
    "shipped, two lists": (BJ, "redeem", 15, "csv"),
    "shipped, long lists": (GX, "apply_as_provider", 9, "parquet"),
    "every question": (ASKED, "d", 20, "parquet"),
    "names and ratios": (GROUP, "claim", 20, "jsonl"),
    "several laws": (LANTERN, "claim", 30, "parquet"),
    "texts": (TICKETS, "refund", 24, "jsonl"),
}


def decide(
    ruleset: vr.Ruleset,
    decision: str,
    folder: Path,
    tables: tuple[Path, Mapping[str, vr.Records]],
    **options: Any,  # noqa: ANN401
) -> vr.BatchReport:
    table, records = tables
    chosen: Any = {"form": "parquet", "keys": [KEY], "assume_in_force": True, **options}
    return vr.decide_table(ruleset, decision, table, folder, records=records, **chosen)


def list_faults(folder: Path) -> dict[int, list[tuple[str, str]]]:
    return {x["row"]: [(y["code"], y["place"]) for y in x["faults"]] for x in read_rejected(folder)}


def decide_in_memory(
    ruleset: vr.Ruleset, decision: str, tables: tuple[Path, Mapping[str, vr.Records]]
) -> vr.FrameReport:
    table, records = tables
    return vr.decide_frame(
        ruleset,
        decision,
        table,
        records=records,
        keys=[KEY],
        kind="pyarrow",
        assume_in_force=True,
    )


def check_whole(report: vr.BatchReport) -> None:
    """Check that the counts add up, and that the files are those that the manifest tells of."""
    rows, found = report.rows, read_results(report.folder)
    assert rows["read"] == rows["decided"] + rows["rejected"]
    assert len(found) == rows["decided"]
    assert len(list_faults(report.folder)) == rows["rejected"]
    for part in report.manifest["parts"]:
        for name, digest in part["files"].items():
            assert digest_file(report.folder / name) == digest
    assert not list(report.folder.glob("*.unfinished"))


@pytest.mark.parametrize(
    ("name", "complete"),
    [
        *((name, at % 2 == 0) for at, name in enumerate(DECISIONS) if at != LONG),
        ("every question", False),
    ],
)
def test_records_in_files_come_to_what_they_come_to_in_memory(
    tmp_path: Path, name: str, *, complete: bool
) -> None:
    ruleset, decision, count, suffix = DECISIONS[name]
    drawn = damage(draw_tables(ruleset, decision, count, seed=5), seed=6)
    tables = drawn.write(tmp_path, suffix, complete=complete)
    expected = decide_in_memory(ruleset, decision, tables)
    rejected = {
        x.number: [(y.code, y.path.removeprefix(f"rows.{x.number}: ")) for y in x.diagnostics]
        for x in expected.rejected
    }
    assert len(expected.outcomes) > 1
    assert rejected or expected.unmatched
    for executor in EXECUTORS:
        report = decide(
            ruleset, decision, tmp_path / executor, tables, executor=executor, part_rows=count // 3
        )
        assert report.executor == executor
        check_whole(report)
        assert read_results(report.folder) == expected.results.to_pylist()
        assert list_faults(report.folder) == rejected
        assert report.unmatched == expected.unmatched
        assert report.outcomes == expected.outcomes


@pytest.mark.parametrize("name", list(DECISIONS)[LONG:])
def test_an_engine_decides_all_that_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ruleset, decision, count, suffix = DECISIONS[name]
    drawn = draw_tables(ruleset, decision, count, seed=8, missing="0%")
    tables = drawn.write(tmp_path, suffix, complete=True)
    expected = decide_in_memory(ruleset, decision, tables)
    outcomes = {row["row"]: row["outcome"] for row in expected.results.to_pylist()}
    left: list[int] = []

    def count_left(job: Job, raw: RawTable, numbers: Sequence[int]) -> Decided:
        left.extend(numbers)
        return decide_rows(job, raw, numbers)

    monkeypatch.setattr(duckdb_rest, "decide_rows", count_left)
    report = decide(ruleset, decision, tmp_path / "out", tables, executor="duckdb")
    assert read_results(report.folder) == expected.results.to_pylist()
    assert len(left) < count // 2
    open_ones = {"referred", "undetermined", "rejected"}
    assert {outcomes.get(number, "rejected") for number in left} <= open_ones


def make_firms(count: int = 9) -> Tables:
    """Return firms of which the third ones have no orders."""
    firms = [{KEY: f"F{at}", "enterprise.classes": "[ordinary]"} for at in range(count)]
    orders = [
        {KEY: f"F{at}", "amount": 100 * at + number, "paid": "none", "state": "ordered"}
        for number in range(3)
        for at in range(count)
        if at % 3
    ]
    return Tables(firms, {"orders": orders})


QUOTA: Final[dict[str, Any]] = {"on": "2024-05-01"}


@BOTH
def test_a_row_without_records_has_none_only_where_all_are_told(
    tmp_path: Path, executor: str
) -> None:
    for complete in (True, False):
        tables = make_firms().write(tmp_path, "csv", complete=complete)
        out = tmp_path / f"{complete}"
        report = decide(BJ, "quota", out, tables, executor=executor, **QUOTA)
        found = read_results(out)
        assert [row["outcome"] for row in found] == [
            "determined" if complete or at % 3 else "undetermined" for at in range(9)
        ]
        used = [row["quota.used"] for row in found]
        assert used[1:3] == ["30300", "60300"]
        assert used[0] == ("0" if complete else None)
        assert found[0]["missing"] == (None if complete else "orders")
        assert report.unmatched == {}
        assert report.manifest["records"] == {"orders": {"read": 18, "unmatched": 0}}


@BOTH
def test_records_may_be_in_a_file_of_another_form(tmp_path: Path, executor: str) -> None:
    firms = make_firms()
    found = []
    for own, other in (("csv", "csv"), ("csv", "parquet"), ("jsonl", "csv"), ("parquet", "jsonl")):
        table, _ = firms.write(tmp_path / own, own)
        _, records = firms.write(tmp_path / other, other)
        out = tmp_path / f"{own}-{other}"
        decide(BJ, "quota", out, (table, records), executor=executor, **QUOTA)
        found.append(read_results(out))
    assert all(rows == found[0] for rows in found)


CHILD: Final = """
import sys, time
import voucher_rules as vr
table, orders, out, executor = sys.argv[1:]
vr.decide_table(
    vr.load("cn-bj-service-voucher"), "quota", table, out, executor=executor, part_rows=10,
    records={"orders": vr.Records(orders, "case.no")}, form="parquet", keys=["case.no"],
    assume_in_force=True, on="2024-05-01",
    tell=lambda *_: (print("done", flush=True), time.sleep(0.05)),
)
"""


@BOTH
@pytest.mark.skipif(os.name == "nt", reason="kills by a signal of Unix")
def test_a_killed_run_goes_on_with_the_same_records_alone(tmp_path: Path, executor: str) -> None:
    firms = make_firms(50)
    firms.records["orders"] += [{**firms.records["orders"][0], KEY: "gone"}]
    tables = firms.write(tmp_path, "csv")
    out, orders = tmp_path / "out", tables[1]["orders"].table
    command = [sys.executable, "-c", CHILD, str(tables[0]), str(orders), str(out), executor]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for _ in range(2):
            assert child.stdout.readline() == b"done\n"
        child.send_signal(signal.SIGKILL)
    assert not (out / "manifest.json").exists()
    assert bool(list(out.glob("records-00000.*.unfinished"))) is (executor == "duckdb")
    options = {"executor": executor, "part_rows": 10, **QUOTA}
    report = decide(BJ, "quota", out, tables, **options)
    check_whole(report)
    whole = decide(BJ, "quota", tmp_path / "whole", tables, **options)
    assert read_results(out) == read_results(whole.folder)
    assert report.unmatched == whole.unmatched == {"orders": 1}
    firms.records["orders"].pop()
    for other in ({}, firms.write(tmp_path, "csv")[1]):
        with pytest.raises(vr.InputError) as error:
            decide(BJ, "quota", out, (tables[0], other), **options)
        assert error.value.diagnostics[0].code == "folder-of-other-run"
        assert error.value.diagnostics[0].arguments["what"] == "records"


def test_keys_are_told_apart_as_python_tells_them(tmp_path: Path) -> None:
    # of -1 and -2 Python's hash is the same, and 1 is the same key as 1.0
    cases: list[Row] = [{KEY: key, "enterprise.classes": "[ordinary]"} for key in (-1, -2, 1, "1")]
    orders: list[Row] = [
        {KEY: key, "amount": 100 * at, "paid": "none", "state": "ordered"}
        for at, key in enumerate((-2, -1, -2, 1, "1", "1", 3, None))
    ]
    table = write_rows(tmp_path / "cases.jsonl", cases)
    path = write_rows(tmp_path / "orders.jsonl", orders)
    text = path.read_text("utf-8").replace(f'"{KEY}": 1,', f'"{KEY}": 1.0,')
    path.write_text(text, encoding="utf-8")
    tables = (table, {"orders": vr.Records(path, KEY)})
    report = decide(BJ, "quota", tmp_path / "out", tables, keys=[], **QUOTA)
    used = [row["quota.used"] for row in read_results(tmp_path / "out")]
    assert used == ["10000", "20000", "30000", "90000"]
    assert report.unmatched == {"orders": 2}


OTHERWISE: Final = "keys of a type, or of two, that are compared in memory"


@pytest.mark.parametrize(
    ("own", "other", "reason"),
    [
        ([1, 2, 3], ["1", "2", "3"], "keys of a type, or of two, that are compared in memory"),
        (
            [1.0, 2.0, 3.0],
            [1.0, 2.0, 3.0],
            "keys of a type, or of two, that are compared in memory",
        ),
        (["a", "b", "c"], ["a", "b", "c"], ""),
        ([1, 2, 3], [1, 2, 2], ""),
    ],
)
def test_keys_that_an_engine_compares_otherwise_are_left_to_rows(
    tmp_path: Path, own: list[Any], other: list[Any], reason: str
) -> None:
    arrow = pytest.importorskip("pyarrow")
    whole = type(own[0]) is int is type(other[0])
    cases = {KEY: arrow.array(own, arrow.int32()) if whole else own}
    cases["enterprise.classes"] = ["[ordinary]"] * 3
    orders = {KEY: other, "amount": [1, 2, 3], "paid": ["none"] * 3, "state": ["ordered"] * 3}
    parquet.write_table(arrow.table(cases), tmp_path / "cases.parquet")
    parquet.write_table(arrow.table(orders), tmp_path / "orders.parquet")
    records = {"orders": vr.Records(tmp_path / "orders.parquet", KEY)}
    tables = (tmp_path / "cases.parquet", records)
    report = decide(BJ, "quota", tmp_path / "out", tables, **QUOTA)
    assert (report.reason, report.place) == (reason, "records.orders" if reason else "")
    assert report.executor == ("rows" if reason else "duckdb")
    expected = vr.decide_frame(
        BJ,
        "quota",
        tables[0],
        records=records,
        keys=[KEY],
        kind="pyarrow",
        on=QUOTA["on"],
        assume_in_force=True,
    )
    assert read_results(tmp_path / "out") == expected.results.to_pylist()
    assert report.unmatched == expected.unmatched
    if reason:
        with pytest.raises(vr.InputError, match="executor-cannot"):
            decide(BJ, "quota", tmp_path / "not", tables, executor="duckdb", **QUOTA)


def test_records_of_a_list_that_is_not_read_are_judged_all_the_same(tmp_path: Path) -> None:
    drawn = draw_tables(GX, "quota", 6, seed=3, missing="0%")
    items = [{KEY: row[KEY], "amount": 5 * at - 10} for at, row in enumerate(drawn.rows[:4])]
    drawn.records["items"] = [*items, {KEY: "Z", "amount": -1}]
    tables = drawn.write(tmp_path, "parquet")
    expected = decide_in_memory(GX, "quota", tables)
    assert [x.number for x in expected.rejected] == [1, 2]
    for executor in EXECUTORS:
        report = decide(GX, "quota", tmp_path / executor, tables, executor=executor)
        assert read_results(report.folder) == expected.results.to_pylist()
        assert sorted(list_faults(report.folder)) == [1, 2]
        assert report.unmatched == {"items": 1}


@BOTH
@pytest.mark.parametrize(("count", "rejected"), [(499, 0), (500, 0), (501, 1)])
def test_more_records_than_a_list_may_have_are_rejected(
    tmp_path: Path, executor: str, count: int, rejected: int
) -> None:
    firms = make_firms(3)
    order = {KEY: "F0", "amount": 1, "paid": "none", "state": "ordered"}
    firms.records["orders"] += [order] * count
    tables = firms.write(tmp_path, "parquet")
    report = decide(BJ, "quota", tmp_path / "out", tables, executor=executor, **QUOTA)
    assert report.rows["rejected"] == rejected
    assert [x[0] for x in list_faults(tmp_path / "out").get(1, [])] == (
        ["too-many-records"] * rejected
    )
    if not rejected:
        assert read_results(tmp_path / "out")[0]["quota.used"] == str(count * 100)


@BOTH
def test_columns_of_records_may_be_called_otherwise(tmp_path: Path, executor: str) -> None:
    firms = make_firms(3)
    renamed = {"amount": "sum", "paid": "ROW", "state": "case.state"}
    firms.records["orders"] = [
        {renamed.get(name, name): cell for name, cell in row.items()}
        for row in firms.records["orders"]
    ]
    columns = {"sum": "amount", "ROW": "orders.paid", "case.state": "state"}
    tables = firms.write(tmp_path, "csv", columns=columns)
    decide(BJ, "quota", tmp_path / "out", tables, executor=executor, **QUOTA)
    assert read_results(tmp_path / "out")[1]["quota.used"] == "30300"


def test_a_store_finds_what_it_was_given() -> None:
    store = RecordStore()
    store.fill([("a", {"x": 1}), (None, {"x": 2}), ("b", {}), ("a", {"x": [3]}), ("c", {"x": 4})])
    assert store.find(["a", None, "b", "a", "z"]) == {"a": [{"x": 1}, {"x": [3]}], "b": [{}]}
    assert (store.count, store.keyless, store.count_unmatched()) == (4, 1, 2)
    assert store.find(["a"]) == {"a": [{"x": 1}, {"x": [3]}]}
    assert store.count_unmatched() == 2
    store.close()


FAULTS: Final[dict[str, tuple[dict[str, Any], str, str]]] = {
    "no list": ({"order": vr.Records("orders.csv", KEY)}, "no-such-list", "records"),
    "no key there": (
        {"orders": vr.Records("orders.csv", "no")},
        "not-one-of",
        "table: key",
    ),
    "no field": (
        {"orders": vr.Records("orders.csv", KEY, {"amount": "orders.amuont"})},
        "unknown-fact",
        "records.orders: amount",
    ),
    "no file": ({"orders": vr.Records("gone.csv", KEY)}, "file-not-found", ""),
    "no form": ({"orders": vr.Records("orders.xlsx", KEY)}, "not-one-of", "records.orders"),
    "no path": ({"orders": vr.Records([{KEY: "F1"}], KEY)}, "argument-wrong-kind", ""),
    "no records": ({"orders": "orders.csv"}, "argument-wrong-kind", ""),
}


@pytest.mark.parametrize("name", FAULTS)
def test_records_that_do_not_fit_are_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given, code, place = FAULTS[name]
    table, _ = make_firms().write(tmp_path, "csv")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(vr.InputError) as error:
        decide(BJ, "quota", tmp_path / "out", (table, given), **QUOTA)
    told = error.value.diagnostics[0]
    assert (told.code, told.path) == (code, place)
    assert not (tmp_path / "out").exists()


def test_binary_floats_of_records_are_told_by_their_own_rows(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    firms = make_firms(3)
    table, records = firms.write(tmp_path, "parquet")
    orders = arrow.table(
        {
            KEY: ["F1", "F2", "F1", "F9"],
            "amount": [1.5, None, 2.25, 4.0],
            "paid": ["none"] * 4,
            "state": ["ordered"] * 4,
        }
    )
    parquet.write_table(orders, records["orders"].table)
    tables = (table, records)
    for call in (
        lambda: decide_in_memory(BJ, "quota", tables),
        lambda: decide(BJ, "quota", tmp_path / "out", tables, **QUOTA),
    ):
        with pytest.raises(vr.InputError) as error:
            call()
        (told,) = error.value.diagnostics
        assert (told.code, told.path) == ("column-of-floats", "records.orders: rows.1: amount")
        assert dict(told.arguments) == {"name": "records.orders: amount", "count": "3", "row": "1"}
    out = tmp_path / "exact"
    report = decide(BJ, "quota", out, tables, floats="exact_decimal", **QUOTA)
    told_of = {"read": 4, "unmatched": 1, "floats.amount": 3}
    assert report.manifest["records"] == {"orders": told_of}
    assert read_results(out)[1]["quota.used"] == "375"
