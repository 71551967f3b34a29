"""Keys have one type throughout a run; days that Python has none for are faults of their cell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from result_folders import read_rejected, read_results, read_side
from shops import SHOP, SOUND, make_row
from test_decided_tables import decide

import voucher_rules as vr
from voucher_rules.batch.reading.far_days import FarDay, list_cells, read_told
from voucher_rules.batch.spark.files import ParquetFiles

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

FAR = 3_000_000
"""A day of the year 10183, counted from 1970."""
DAY = date(2020, 5, 1)


def list_types(folder: Path) -> list[str]:
    return [
        str(parquet.read_schema(x).field("id").type) for x in sorted(folder.glob("part-*.par*"))
    ]


@pytest.mark.parametrize(
    ("told", "kind", "texts"),
    [
        (["1", "2", '"a"', "null"], "string", ["1", "2", "a", None]),
        (["null", "null", "1", "2"], "int64", [None, None, 1, 2]),
        (["true", "null", "null", "null"], "bool", [True, None, None, None]),
        (["1", "2", "2.50", "true"], "string", ["1", "2", "2.50", "True"]),
        (['"a"', '"b"', "null", "null"], "string", ["a", "b", None, None]),
        (["null"] * 4, "string", [None] * 4),
    ],
)
def test_the_type_of_a_key_of_json_lines_is_that_of_all_parts(
    tmp_path: Path, told: Sequence[str], kind: str, texts: Sequence[Any]
) -> None:
    table = tmp_path / "shops.jsonl"
    rows = [f'{{"id": {key}, {json.dumps(make_row())[1:]}' for key in told]
    table.write_text("\n".join(rows), encoding="utf-8")
    for executor in ("auto", "rows"):
        out = tmp_path / executor
        decide(table, out, keys=["id"], executor=executor, part_rows=2)
        assert list_types(out) == [kind, kind]
        assert [row["id"] for row in read_results(out)] == texts


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (arrow.int16(), [1, 2, None, None]),
        (arrow.uint64(), [2**64 - 1, None, None, None]),
        (arrow.float32(), [0.5, None, None, 2.0]),
        (arrow.decimal128(9, 3), [Decimal("1.500"), Decimal(7), None, None]),
        (arrow.bool_(), [True, None, None, None]),
        (arrow.date32(), [DAY, DAY, None, None]),
        (arrow.timestamp("ms"), [datetime(2020, 5, 1, 7), None, None, None]),  # noqa: DTZ001
        (arrow.timestamp("us", "UTC"), [datetime(2020, 5, 1, 7, tzinfo=UTC), None, None, None]),
        (arrow.time64("us"), [time(7, 5), None, None, None]),
        (arrow.large_string(), ["a", None, None, None]),
        (arrow.binary(), [b"a", None, None, None]),
        (arrow.null(), [None] * 4),
    ],
)
def test_a_key_of_parquet_keeps_its_type_in_every_part(
    tmp_path: Path, kind: object, cells: list[Any]
) -> None:
    table = tmp_path / "shops.parquet"
    held = arrow.Table.from_pylist([make_row()] * 4)
    held = held.append_column("id", arrow.array(cells, kind))
    parquet.write_table(held, table)
    decide(table, tmp_path / "out", keys=["id"], executor="rows", part_rows=2)
    assert list_types(tmp_path / "out") == [str(kind)] * 2
    assert [row["id"] for row in read_results(tmp_path / "out")] == cells


def test_keys_of_no_plain_type_are_texts_in_every_part(tmp_path: Path) -> None:
    table = tmp_path / "shops.parquet"
    held = arrow.Table.from_pylist([make_row()] * 4)
    held = held.append_column("id", arrow.array([[1], None, None, [2]]))
    parquet.write_table(held, table)
    decide(table, tmp_path / "out", keys=["id"], executor="rows", part_rows=2)
    assert list_types(tmp_path / "out") == ["string"] * 2
    assert [row["id"] for row in read_results(tmp_path / "out")] == ["[1]", None, None, "[2]"]


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize(
    ("cells", "engine"),
    [
        (arrow.array([Decimal("12345678901234567890.12"), None], arrow.decimal256(50, 2)), False),
        (arrow.array([10**18 + 1, 1], arrow.timestamp("ns")), False),
        (arrow.array([datetime(2020, 5, 1, 7, tzinfo=UTC)] * 2), False),
        (arrow.array([time(7, 5), None]), False),
        (arrow.array([b"a", b""]), False),
        (arrow.array([0.5, None]), True),
        (arrow.array([Decimal("1.50"), None]), True),
        (arrow.array([datetime(33, 5, 1, 7), datetime(2020, 5, 1, 7, 0, 0, 5)]), True),  # noqa: DTZ001
        (arrow.array(["", None]), True),
    ],
)
def test_keys_come_back_from_every_executor_as_from_the_others(
    tmp_path: Path,
    cells: Any,  # noqa: ANN401 - a column of Arrow
    engine: bool,  # noqa: FBT001 - a parameter of a test
    form: str,
) -> None:
    table = tmp_path / "shops.parquet"
    rows = [make_row(), make_row(contract__amount=None), make_row(), make_row(contract__amount="-")]
    rows = [row | {"contract.amount": str(row.get("contract.amount", ""))} for row in rows]
    held = arrow.Table.from_pylist(rows)
    cells = arrow.concat_arrays([cells, cells])
    parquet.write_table(held.append_column("id", cells), table)
    found = []
    for executor in ("auto", "rows"):
        out = tmp_path / executor
        report = decide(table, out, keys=["id"], executor=executor, form=form)
        assert report.rows["rejected"] == 1
        assert (report.executor == "duckdb") == (engine and executor == "auto")
        told = [str(row["keys"]) for row in read_rejected(out)]
        keys = read_side(out, "part", form), read_side(out, "open", form)
        found.append((told, [str(row["id"]) for side in keys for row in side]))
    assert found[0] == found[1]


def test_keys_of_a_table_in_memory_keep_their_type_where_cells_are_taken_singly() -> None:
    held = arrow.Table.from_pylist([{**make_row(), "shop.size": None}] * 2)
    held = held.append_column("id", arrow.array([1, None], arrow.int8()))
    held = held.drop_columns(["shop.size"]).append_column(
        "shop.size", arrow.array([b"small", b"small"])
    )
    made = vr.decide_frame(SHOP, "claim", held, keys=["id"], kind="pyarrow")
    assert len(made.rejected) == 2
    assert made.results.schema.field("id").type == arrow.int8()


# -- days that Python has none for -----------------------------------------------------------------


def make_far(days: Any, **columns: Any) -> Any:  # noqa: ANN401 - columns of Arrow
    named = {name: [value] * len(days) for name, value in SOUND.items()}
    return arrow.table({**named, "claim.date": days, **columns})


SECONDS = 24 * 60 * 60
FAR_COLUMNS: list[tuple[Any, str]] = [
    (arrow.array([18383, FAR, 18384], arrow.date32()), "10183-09-21"),
    (arrow.array([18383, -FAR, 18384], arrow.date32()), "-6244-04-12"),
    (arrow.array([18383, FAR, 18384], arrow.date32()).cast(arrow.date64()), "10183-09-21"),
    (
        arrow.array([x * SECONDS * 10**6 for x in (18383, FAR, 18384)], arrow.timestamp("us")),
        "10183-09-21 00:00:00",
    ),
    (
        arrow.array([x * SECONDS * 1000 + 500 for x in (0, -FAR, 0)], arrow.timestamp("ms")),
        "-6244-04-12 00:00:00.5",
    ),
]


@pytest.mark.parametrize(("days", "told"), FAR_COLUMNS)
def test_a_day_beyond_those_of_python_is_a_fault_of_its_cell(
    tmp_path: Path,
    days: Any,  # noqa: ANN401 - a column of Arrow
    told: str,
) -> None:
    held = make_far(days)
    table = tmp_path / "shops.parquet"
    parquet.write_table(held, table)
    rejected = [
        vr.decide_frame(SHOP, "claim", held).rejected,
        vr.evaluate(SHOP, held, decision="claim", jobs=1).rejected,
        vr.evaluate(SHOP, table, decision="claim", jobs=1).rejected,
    ]
    for found in rejected:
        (item,) = [x for x in found if x.number == 2]
        (fault,) = item.diagnostics
        assert (fault.code, fault.path) == ("not-a-date", "rows.2: claim.date")
        assert fault.arguments["found"] == told
    reports = [decide(table, tmp_path / x, executor=x) for x in ("auto", "rows")]
    assert read_results(reports[0].folder) == read_results(reports[1].folder)
    assert read_rejected(reports[0].folder) == read_rejected(reports[1].folder)
    (row,) = [x for x in read_rejected(reports[0].folder) if x["row"] == 2]
    assert told in row["faults"][0]["message"]["en"]


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_so_it_is_in_tables_of_other_packages(kind: str) -> None:
    held = make_far(FAR_COLUMNS[0][0])
    pandas = pytest.importorskip("pandas")
    table = (
        pl.from_arrow(held) if kind == "polars" else held.to_pandas(types_mapper=pandas.ArrowDtype)
    )
    for made in (
        vr.decide_frame(SHOP, "claim", table),
        vr.evaluate(SHOP, table, decision="claim", jobs=1),
    ):
        told = [(x.number, x.diagnostics[0].arguments["found"]) for x in made.rejected]
        assert told == [(2, "10183-09-21")]


def test_where_no_day_is_meant_it_is_refused_by_its_type(tmp_path: Path) -> None:
    held = make_far([DAY] * 3, **{"shop.size": FAR_COLUMNS[0][0]})
    table = tmp_path / "shops.parquet"
    parquet.write_table(held, table)
    for executor in ("auto", "rows"):
        report = decide(table, tmp_path / executor, executor=executor)
        told = {x["row"]: x["faults"][0] for x in read_rejected(report.folder)}
        assert {x["code"] for x in told.values()} == {"wrong-python-type"}
        assert told[1]["message"] == told[2]["message"]


@pytest.mark.parametrize("executor", ["auto", "rows"])
@pytest.mark.parametrize("days", [x for x, _ in FAR_COLUMNS])
def test_a_key_may_be_such_a_day(
    tmp_path: Path,
    executor: str,
    days: Any,  # noqa: ANN401 - a column of Arrow
) -> None:
    table = tmp_path / "shops.parquet"
    held = make_far([DAY, None, DAY], id=days)
    parquet.write_table(held, table)
    report = decide(table, tmp_path / "out", executor=executor, keys=["id"])
    assert report.rows["decided"] == 3
    found = parquet.read_table(tmp_path / "out" / "part-00000.parquet").column("id")
    kind = days.type if str(days.type) != "date64[ms]" else arrow.date32()
    assert list_cells(found.cast(kind)) == list_cells(days.cast(kind))
    check_whole_keys(tmp_path / "out")


def check_whole_keys(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["rows"]["read"] == manifest["rows"]["decided"] == 3


def test_the_ends_of_a_column_with_such_a_day_are_told(tmp_path: Path) -> None:
    path = tmp_path / "shops.parquet"
    parquet.write_table(make_far(FAR_COLUMNS[0][0]), path)
    files = ParquetFiles((path,))
    files.open()
    ends = files.find_ends("claim.date", "DATE")
    assert ends is not None
    assert type(ends.high) is FarDay
    assert list_cells(arrow.array([DAY])) == [DAY]
    assert files.list_cells("claim.date")[1] == "10183-09-21"


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        ("DATE", "6245-04-12 (BC)", "-6244-04-12"),
        ("DATE", "0001-12-31 (BC)", "0000-12-31"),
        ("TIMESTAMP", "6245-04-12 (BC) 00:00:00.5", "-6244-04-12 00:00:00.5"),
        ("TIMESTAMP", "10183-09-21 00:00:00", "10183-09-21 00:00:00"),
        ("DATE", DAY, DAY),
        ("VARCHAR", "10183-09-21", "10183-09-21"),
    ],
)
def test_duckdb_tells_such_days_as_text(kind: str, cell: object, told: object) -> None:
    found = read_told(kind, cell)
    assert found == told
    assert (type(found) is FarDay) == (type(cell) is str and kind != "VARCHAR")
