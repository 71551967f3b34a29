"""What is told of a table: the same faults in the same order, and a folder that is whole or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from record_tables import write_rows
from result_folders import read_rejected
from shops import SHOP, make_row

import voucher_rules as vr

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
        assert [x["place"] for x in row["faults"]] == [x.path for x in told[0]]


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
