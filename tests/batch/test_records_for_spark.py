"""What records beside a table in Spark rest on and needs no Spark: who may, and who gets which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from record_tables import KEY, write_rows
from test_tables_with_records import BJ

import voucher_rules as vr
from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.cases.record_files import open_records
from voucher_rules.batch.cases.tables import Layout
from voucher_rules.batch.reading.chunked_files import open_file
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.spark.files import read_batches
from voucher_rules.batch.spark.records import LeftRecords, SparkRecords
from voucher_rules.batch.sql.joining import NUMBER, WHOSE, ListTable
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.decision.law import Options

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


def list_orders(folder: Path, orders: Path, **options: Any) -> ListTable:  # noqa: ANN401
    """Return the orders of firms, as a run has them."""
    file = open_file(write_rows(folder / "firms.csv", [{KEY: "F1"}]))
    held = {"orders": vr.Records(orders, KEY, **options)}
    records = open_records(BJ.checked, held, file)
    job = Job(BJ.program("quota"), Options({}), Layout(records=held), file=file, records=records)
    return ListTable(job, "orders", 0)


def write_orders(folder: Path, **columns: Any) -> Path:  # noqa: ANN401 - cells of any type
    """Write a file of orders with some columns made otherwise."""
    made = {KEY: ["F1"], "amount": [5], "state": ["ordered"], **columns}
    path = folder / "orders.parquet"
    parquet.write_table(arrow.table(made), path)
    return path


def open_orders(folder: Path, path: Path, own: str = "VARCHAR", **options: Any) -> SparkRecords:  # noqa: ANN401
    """Return orders that were looked at, beside a table whose key is of a type."""
    made = SparkRecords(
        list_orders(folder, path, **options), lambda at, what: folder / what / f"{at}"
    )
    made.open({KEY: own}, folder / "out")
    return made


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
@pytest.mark.parametrize("complete", [True, False])
def test_each_lot_of_rows_that_were_left_gets_its_own_records(
    tmp_path: Path, chunk: int, *, complete: bool
) -> None:
    whose = [2, 2, 2, 5, 9, 9, 30]
    paths = []
    for at, rows in enumerate((whose[:4], [], whose[4:])):
        amounts = [100 * row + number for number, row in enumerate(rows)]
        held = {WHOSE: rows, NUMBER: amounts, "amount": amounts, "state": ["x"] * len(rows)}
        types = [(WHOSE, arrow.int64()), (NUMBER, arrow.int64()), ("amount", arrow.int32())]
        table = arrow.table(held, schema=arrow.schema([*types, ("state", arrow.string())]))
        paths.append(tmp_path / f"part-{at}.parquet")
        parquet.write_table(table, paths[-1])
    listed = list_orders(tmp_path, write_orders(tmp_path), complete=complete)
    left = LeftRecords(listed, read_batches(paths, chunk))
    nothing: list[object] | None = [] if complete else None
    found: dict[int, Any] = {}
    for numbers, keys in (
        ([1, 2], ["A", "B"]),
        ([5, 8], ["C", None]),
        ([9, 10, 30], ["D", "E", "F"]),
    ):
        raw = RawTable({KEY: keys}, len(numbers))
        found |= dict(zip(numbers, left.fetch(raw, numbers).lists, strict=True))
    told = {row: list_amounts(records) for row, records in found.items()}
    assert told == {
        1: nothing,
        2: [200, 201, 202],
        5: [503],
        8: None,
        9: [900, 901],
        10: nothing,
        30: [3002],
    }


def list_amounts(records: Sequence[Mapping[str, object]] | None) -> list[object] | None:
    return None if records is None else [record["amount"] for record in records]


@pytest.mark.parametrize(
    ("own", "cells", "fits"),
    [
        ("VARCHAR", ["F1"], True),
        ("DATE", [date(2024, 1, 1)], True),
        ("BIGINT", arrow.array([1], arrow.int8()), True),
        ("SMALLINT", arrow.array([1], arrow.uint32()), True),
        ("BIGINT", arrow.array([1], arrow.uint64()), False),
        ("VARCHAR", [1], False),
        ("BOOLEAN", [True], False),
        ("DOUBLE", [1.0], False),
        ("TIMESTAMP", arrow.array([1], arrow.timestamp("us")), False),
    ],
)
def test_keys_that_spark_compares_otherwise_than_python_are_refused(
    tmp_path: Path,
    own: str,
    cells: Any,  # noqa: ANN401 - cells of any type
    *,
    fits: bool,
) -> None:
    path = write_orders(tmp_path, **{KEY: cells})
    if fits:
        assert open_orders(tmp_path, path, own).tell() == {"read": 0, "unmatched": 0}
        return
    with pytest.raises(NotLoweredError, match="compared in memory") as error:
        open_orders(tmp_path, path, own)
    assert error.value.place == "records.orders"


@pytest.mark.parametrize("suffix", ["parquet", "csv"])
@pytest.mark.parametrize("name", ["vr_row", "_metadata", "VR_part", "vr_whose", "vr_number"])
def test_a_field_in_a_column_called_like_one_of_the_runs_own_is_refused(
    tmp_path: Path, name: str, suffix: str
) -> None:
    path = write_rows(tmp_path / f"orders.{suffix}", [{KEY: "F1", name: "5"}])
    with pytest.raises(NotLoweredError, match="called like one of"):
        open_orders(tmp_path, path, columns={name: "amount"})


def test_what_cannot_be_read_as_it_is_is_refused(tmp_path: Path) -> None:
    lines = tmp_path / "orders.jsonl"
    lines.write_text(f'{{"{KEY}": 1.5, "amount": 5}}\n', encoding="utf-8")
    starred = write_rows(tmp_path / "orders*.csv", [{KEY: "F1"}])
    floats = write_orders(tmp_path, amount=[1.5])
    for path, reason in (
        (lines, "a key other than"),
        (starred, "stands for several files"),
        (floats, "judged in memory"),
    ):
        with pytest.raises(NotLoweredError, match=reason):
            open_orders(tmp_path, path)


def test_fields_that_are_judged_cell_by_cell_make_smaller_parts(tmp_path: Path) -> None:
    assert not open_orders(tmp_path, write_orders(tmp_path, paid=[5])).seems_long()
    for columns in ({"amount": ["5元"]}, {"state": ["?"]}, {"paid": ["none"]}):
        assert open_orders(tmp_path, write_orders(tmp_path, **columns)).seems_long()
    rows = [{KEY: "F1", "state": "ordered"}]
    assert open_orders(tmp_path, write_rows(tmp_path / "o.csv", rows)).seems_long()
