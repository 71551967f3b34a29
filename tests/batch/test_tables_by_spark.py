"""Tables decided by Spark: the same as by rows in memory, whole after any interruption."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from record_tables import KEY, draw_tables, write_cell, write_rows
from result_folders import list_files, list_types, read_rejected, read_results, read_side
from shops import SHOP, SOUND
from spark_sessions import SETTINGS, needs_spark, open_base, open_hostile
from test_decided_tables import check_whole, draw_rows
from test_tables_in_json_lines import ODD as ODD_JSON
from test_tables_in_json_lines import put

import voucher_rules as vr
from voucher_rules.batch.spark import engine as spark_engine
from voucher_rules.batch.spark import files as spark_files
from voucher_rules.batch.spark import rest as spark_rest
from voucher_rules.batch.sql.dialects import SPARK
from voucher_rules.errors import InputError

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytestmark = needs_spark
Row = dict[str, Any]

TYPES: Final = {
    "id": arrow.int32(),
    "value": arrow.string(),
    "claim.date": arrow.date32(),
    "claim.at": arrow.string(),
    "shop.size": arrow.string(),
    "shop.staff": arrow.int16(),
    "shop.first_claim": arrow.bool_(),
    "shop.loyal": arrow.bool_(),
    "finding.well_run": arrow.bool_(),
    "contract.amount": arrow.decimal128(12, 3),
    "ledger.claimed_before": arrow.int64(),
}
"""The columns of a table whose cells are typed."""
ODD: Final[Mapping[str, Sequence[Any]]] = {
    "claim.date": [date(2019, 1, 1), date(2021, 5, 1), date(2024, 2, 29), None, date(1200, 1, 1)],
    "shop.size": ["large", "tiny", "", "unknown", None, "none", "it's \\ `odd`"],
    "shop.staff": [50, 51, None, -1, 30_000],
    "finding.well_run": [False, None],
    "contract.amount": [Decimal("999.99"), Decimal("0.001"), None, Decimal(2000), Decimal(-1)],
    "ledger.claimed_before": [400, 1000, 1001, None, 2**62],
}


def decide(table: Path, out: Path, **options: Any) -> vr.BatchReport:  # noqa: ANN401
    chosen: Any = {"form": "parquet", "keys": ["id", "value"], **options}
    if chosen.setdefault("executor", "spark") == "spark":
        chosen.setdefault("spark", open_hostile())
    return vr.decide_table(SHOP, "claim", table, out, **chosen)


def draw_typed(count: int) -> list[Row]:
    """Return applications whose cells are of the types of their columns."""
    draw = random.Random(11)  # noqa: S311 - made-up applications
    sound = {
        "claim.date": date(2020, 5, 1),
        "claim.at": "none",
        "shop.size": "small",
        "shop.staff": 10,
        "shop.first_claim": False,
        "shop.loyal": False,
        "finding.well_run": True,
        "ledger.claimed_before": 0,
    }
    rows = []
    for number in range(count):
        row = {**sound, "id": number, "value": draw.choice(["a", 'b "c", d', "两\n行", None])}
        row["contract.amount"] = Decimal(draw.randrange(1, 900_000)) / 100
        for name, cells in ODD.items():
            if draw.random() < 0.1:
                row[name] = draw.choice(cells)
        rows.append(row)
    return rows


def write_folder(folder: Path, rows: Sequence[Row], files: int) -> Path:
    """Write rows into some files of Parquet, of several groups of rows each."""
    folder.mkdir()
    schema = arrow.schema(list(TYPES.items()))
    size = -(-len(rows) // files)
    for at in range(files):
        table = arrow.Table.from_pylist(rows[at * size : (at + 1) * size], schema=schema)
        parquet.write_table(table, folder / f"卷 {at}.parquet", row_group_size=16)
    (folder / "_SUCCESS").touch()
    return folder


def check_alike(folder: Path, other: Path, count: int) -> None:
    """Check that two folders hold the same results, the first all that came in."""
    check_whole(folder, count)
    assert read_results(folder) == read_results(other)
    assert read_rejected(folder) == read_rejected(other)


def test_texts_of_every_oddity_come_out_as_by_rows(tmp_path: Path) -> None:
    rows = [{"id": f"A{n}", "value": "x, y", **x} for n, x in enumerate(draw_rows(120))]
    table = write_rows(tmp_path / "shops.csv", rows)
    report = decide(table, tmp_path / "spark", part_rows=100)
    other = decide(table, tmp_path / "rows", part_rows=60, executor="rows")
    assert (report.executor, report.reason) == ("spark", "")
    assert report.manifest["made_by"].keys() == {"voucher-rules", "pyspark", "pyarrow"}
    check_alike(report.folder, other.folder, len(rows))
    assert report.rows == {**other.rows, "by_reference": report.rows["by_reference"]}
    assert report.outcomes == other.outcomes
    assert len(report.outcomes) >= 4
    assert report.rows["rejected"] > 0


def test_json_lines_of_every_oddity_come_out_as_by_rows(tmp_path: Path) -> None:
    lines = [put(fact, told) for fact, cells in ODD_JSON.items() for told in cells]
    named = [f'{{"id": {n}, "value": "x", {line[1:]}' for n, line in enumerate(lines)]
    table = tmp_path / "t.jsonl"
    table.write_text("\n".join(named), encoding="utf-8")
    report = decide(table, tmp_path / "spark", part_rows=30)
    other = decide(table, tmp_path / "rows", executor="rows")
    check_alike(report.folder, other.folder, len(lines))
    assert report.outcomes == other.outcomes
    assert report.rows["rejected"] > 0


@pytest.mark.parametrize("stated", [True, False])
def test_a_day_that_python_has_none_for_is_a_fault_of_its_cell(
    tmp_path: Path, *, stated: bool
) -> None:
    held = arrow.Table.from_pylist([{"id": n, "value": "x", **SOUND} for n in range(3)])
    days = arrow.array([18383, 3_000_000, -3_000_000], arrow.date32())
    held = held.drop_columns(["claim.date"]).append_column("claim.date", days)
    table = tmp_path / "shops.parquet"
    parquet.write_table(held, table, write_statistics=stated)
    report = decide(table, tmp_path / "spark")
    check_alike(report.folder, decide(table, tmp_path / "rows", executor="rows").folder, 3)
    assert report.rows["rejected"] == 2


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_typed_files_come_out_as_by_rows_in_every_form(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_rest, "LEFT", 7)
    monkeypatch.setattr(spark_files, "_SAMPLE", 3)
    rows = draw_typed(120)
    table = write_folder(tmp_path / "表 1", rows, 3)
    report = decide(table, tmp_path / "spark", part_rows=70, form=form)
    other = decide(table, tmp_path / "rows", executor="rows")
    assert report.rows == {**other.rows, "by_reference": report.rows["by_reference"]}
    assert report.outcomes == other.outcomes
    assert read_rejected(report.folder) == read_rejected(other.folder)
    if form == "parquet":
        check_alike(report.folder, other.folder, len(rows))
    for side in ("part", "open"):
        if form == "parquet":
            types = [list_types(x) for x in list_files(report.folder, side)]
            assert all(x == types[0] for x in types)
            assert types[0]["id"] == "int32"
        found, expected = read_side(report.folder, side, form), read_side(other.folder, side)
        if form == "csv":
            expected = [{x: write_cell(y) for x, y in row.items()} for row in expected]
        assert found == expected
        assert 0 < len(found) < len(rows)


def test_a_part_without_anything_open_has_a_file_that_says_so(tmp_path: Path) -> None:
    plain = {"shop.size": "small", "shop.staff": 10, "finding.well_run": True}
    plain |= {"ledger.claimed_before": 0, "claim.date": date(2020, 5, 1)}
    rows = [{**row, **plain, "contract.amount": Decimal(1000)} for row in draw_typed(20)]
    rows += [{**row, "finding.well_run": None} for row in rows[:5]]
    table = write_folder(tmp_path / "table", rows, 1)
    report = decide(table, tmp_path / "spark", part_rows=20)
    other = decide(table, tmp_path / "rows", executor="rows")
    check_alike(report.folder, other.folder, 25)
    empty, *some = list_files(report.folder, "open")
    assert (empty.name, parquet.read_metadata(empty).num_rows) == ("open-00000.0000.parquet", 0)
    assert some
    assert all(list_types(path) == list_types(empty) for path in some)


def test_a_large_decision_needs_no_more_memory_than_there_is(tmp_path: Path) -> None:
    ruleset = vr.load("cn-bj-service-voucher")
    tables = draw_tables(ruleset, "claim", 60, seed=3, missing="5%")
    table, _ = tables.write(tmp_path, "parquet")
    told = [
        vr.decide_table(
            ruleset,
            "claim",
            table,
            tmp_path / executor,
            executor=executor,
            keys=[KEY],
            assume_in_force=True,
            form="parquet",
            **({"spark": open_hostile()} if executor == "spark" else {}),
        )
        for executor in ("spark", "rows")
    ]
    assert told[0].outcomes == told[1].outcomes
    check_alike(tmp_path / "spark", tmp_path / "rows", 60)


def test_a_given_session_stays_as_it_is(tmp_path: Path) -> None:
    table = write_folder(tmp_path / "table", draw_typed(20), 1)
    other = decide(table, tmp_path / "rows", executor="rows")
    session = open_hostile()
    session.range(1).createOrReplaceTempView("vr_table")
    before = dict(session.conf.getAll)
    active = type(session).getActiveSession()
    report = decide(table, tmp_path / "spark", spark=session)
    check_alike(report.folder, other.folder, 20)
    assert dict(session.conf.getAll) == before
    assert session.table("vr_table").count() == 1
    assert type(session).getActiveSession() is active


CHILD: Final = """
import json, sys, time
import voucher_rules as vr
from pyspark.sql import SparkSession
builder = SparkSession.builder.master("local[1]")
for name, value in json.loads(sys.argv[4]).items():
    builder = builder.config(name, value)
vr.decide_table(vr.load(sys.argv[1]), "claim", sys.argv[2], sys.argv[3], executor="spark",
                spark=builder.getOrCreate(), part_rows=8, form="parquet", keys=["id", "value"],
                tell=lambda *_: print("done", flush=True))
"""


@pytest.mark.skipif(os.name == "nt", reason="kills by a signal of Unix")
def test_a_killed_run_counts_nothing_twice(tmp_path: Path) -> None:
    table = write_folder(tmp_path / "table", draw_typed(24), 1)
    out = tmp_path / "out"
    command = [sys.executable, "-W", "ignore", "-c", CHILD, str(SHOP.path), str(table), str(out)]
    with subprocess.Popen([*command, json.dumps(SETTINGS)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"done\n"
        child.send_signal(signal.SIGKILL)
    assert not (out / "manifest.json").exists()
    kept = {path: path.stat().st_mtime_ns for path in out.glob("part-00000.*")}
    assert out / "part-00000.json" in kept
    # what a run killed between two files would leave: no part counts it, so no reader may find it
    for name in ("part-00002.0099.parquet", "open-00002.0099.parquet"):
        (out / name).write_bytes(b"left")
    decide(table, out, part_rows=8)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    other = decide(table, tmp_path / "rows", executor="rows")
    check_alike(out, other.folder, 24)


@pytest.mark.parametrize(
    ("column", "key", "reason"),
    [
        (arrow.array([1, 2], arrow.timestamp("us", "UTC")), "id", "a key of a type that Spark"),
        ([{"a": 1}, None], "id", "a key of a type that Spark"),
        ([1, 2], "vr_row", "a column called like one of Spark's own"),
    ],
)
def test_what_spark_cannot_do_is_told(
    tmp_path: Path,
    column: Any,  # noqa: ANN401 - cells of any type
    key: str,
    reason: str,
) -> None:
    table = tmp_path / "table.parquet"
    parquet.write_table(arrow.table({key: column}), table)
    with pytest.raises(InputError) as error:
        decide(table, tmp_path / "out", keys=[key])
    (item,) = error.value.diagnostics
    assert item.code == "executor-cannot"
    assert item.arguments["engine"] == "Spark"
    assert item.arguments["reason"].startswith(reason)


def test_too_many_different_cells_are_told_with_their_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_engine, "MOST_CELLS", 5)
    rows = [{"id": 1, "contract.amount": f"{n}元"} for n in range(1, 9)]
    table = tmp_path / "table.parquet"
    parquet.write_table(arrow.Table.from_pylist(rows), table)
    with pytest.raises(InputError) as error:
        decide(table, tmp_path / "out", keys=["id"])
    (item,) = error.value.diagnostics
    assert (item.code, item.path) == ("executor-cannot", "contract.amount")
    report = decide(table, tmp_path / "smaller", keys=["id"], part_rows=4)
    assert report.rows["decided"] == 8


def test_what_spark_fails_at_is_told_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = write_folder(tmp_path / "table", draw_typed(20), 1)
    located = spark_files.locate
    monkeypatch.setattr(spark_files, "locate", lambda path: f"{located(path)}.gone")
    with pytest.raises(InputError) as error:
        decide(table, tmp_path / "out")
    (item,) = error.value.diagnostics
    assert item.code == "spark-failed"
    assert "PATH_NOT_FOUND" in item.arguments["problem"]
    monkeypatch.undo()
    check_whole(decide(table, tmp_path / "out").folder, 20)


def test_ratios_are_told_in_lowest_terms() -> None:
    pairs = [(0, 5), (6, 4), (-6, 4), (-7, 7), (2**62, 3), (2**61 - 1, 2**61), (10, 10**9)]
    pairs += [(4660046610375530309, 7540113804746346429)]  # of Euclid's way the longest
    listed = ", ".join(f"({a}L, {b}L)" for a, b in pairs)
    told_by = SPARK.tell_fraction("a", "b")
    text = f"SELECT a, b, {told_by} AS told FROM VALUES {listed} AS t(a, b)"  # noqa: S608 - numbers
    told = {(row.a, row.b): row.told for row in open_base().sql(text).collect()}
    assert told == {(a, b): str(Fraction(a, b)) for a, b in pairs}
