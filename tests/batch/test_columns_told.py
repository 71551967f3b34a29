"""What tables tell of their columns: those nobody reads, facts nobody tells, truths as written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from record_tables import write_rows
from result_folders import read_rejected, read_results
from shops import PROGRAM, SHOP, SOUND, make_row
from test_decided_tables import decide

import voucher_rules as vr
from voucher_rules.batch.cases.tables import read_table

arrow = pytest.importorskip("pyarrow")
BOTH = pytest.mark.parametrize("executor", ["auto", "rows"])


@BOTH
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_misspelt_column_and_its_fact_are_named(
    tmp_path: Path, executor: str, suffix: str
) -> None:
    row = {"id": "A1", "size": "small", **make_row(shop__loyal=None, shop__size=None)}
    table = tmp_path / f"shops.{suffix}"
    held = arrow.Table.from_pylist([{**row, "shop.loyel": "true"}])
    if suffix == "csv":
        write_rows(table, held.to_pylist())
    elif suffix == "parquet":
        pytest.importorskip("pyarrow.parquet").write_table(held, table)
    else:
        held.to_pandas().to_json(table, orient="records", lines=True)
    options: dict[str, Any] = {"keys": ["id"], "columns": {"size": "shop.size"}}
    report = decide(table, tmp_path / "out", executor=executor, **options)
    assert (report.absent, report.unused) == (("shop.loyal",), ("shop.loyel",))
    begun: list[Any] = []
    new = tmp_path / "new"
    options["before"] = lambda *told: begun.append((told, any(new.glob("part-*"))))
    decide(table, new, executor=executor, **options)
    assert begun == [((report.absent, report.unused), False)]
    del options["before"]
    made = vr.decide_frame(SHOP, "claim", held, **options)
    assert (made.absent, made.unused) == (report.absent, report.unused)
    options["facts"] = {"shop.loyal": False}
    assert vr.decide_frame(SHOP, "claim", held.to_pylist(), **options).absent == ()
    again = decide(table, tmp_path / "given", executor=executor, **options)
    assert (again.absent, again.unused) == ((), ("shop.loyel",))


def test_the_key_of_records_is_no_column_of_nothing() -> None:
    ruleset = vr.load("cn-bj-service-voucher")
    rows = list(vr.synthesise(ruleset, "quota", 2, seed=1))
    firms = [{"no": n, "not": n} | {k: v for k, v in row.items() if k != "orders"}
             for n, row in enumerate(rows)]  # fmt: skip
    records = {"orders": vr.Records([{"no": 0, "amount": "1元"}], "no")}
    made = vr.decide_frame(ruleset, "quota", firms, records=records)
    assert made.unused == ("not",)


@BOTH
def test_a_misspelt_column_of_records_is_named_with_its_list(tmp_path: Path, executor: str) -> None:
    ruleset = vr.load("cn-bj-service-voucher")
    firms = [{"no": "A", "note": "x"}]
    orders = [{"no": "A", "amount": "1元", "orders.sate": "ordered", "payd": 1, "kind": "ordered"}]
    held = vr.Records(orders, "no", {"kind": "state"})
    made = vr.decide_frame(ruleset, "quota", firms, records={"orders": held})
    assert made.unused == ("note", "orders.sate", "orders.payd")
    file = vr.Records(write_rows(tmp_path / "orders.csv", orders), "no", {"kind": "state"})
    table, out = write_rows(tmp_path / "firms.csv", firms), tmp_path / "out"
    options: dict[str, Any] = {"executor": executor, "records": {"orders": file}}
    report = vr.decide_table(ruleset, "quota", table, out, **options)
    assert report.unused == made.unused


@pytest.mark.parametrize("told", ["True", "TRUE", "true", "False", "FALSE", "false"])
def test_truths_are_read_as_pandas_and_spreadsheets_write_them(tmp_path: Path, told: str) -> None:
    rows = [make_row(shop__loyal=told, shop__first_claim=told, claim__date=None)]
    table = write_rows(tmp_path / "shops.csv", rows)
    shared: dict[str, Any] = {"facts": {"claim.date": "2020-05-01"}}
    expected = SHOP.decide("claim", {**SOUND, "shop.loyal": told.lower() == "true",
                                     "shop.first_claim": told.lower() == "true"})  # fmt: skip
    amounts = []
    for executor in ("auto", "rows"):
        report = decide(table, tmp_path / executor, executor=executor, **shared)
        assert report.rows["rejected"] == 0
        amounts += [row["voucher.amount"] for row in read_results(report.folder)]
    made = vr.decide_frame(SHOP, "claim", arrow.Table.from_pylist(rows), kind="pyarrow", **shared)
    amounts += made.results.column("voucher.amount").to_pylist()
    study = vr.evaluate(SHOP, table, decision="claim", jobs=1, **shared)
    assert not study.rejected
    granted = expected.amounts["voucher.amount"].value
    assert granted is not None
    assert amounts == [int(granted * 100)] * 3


@pytest.mark.parametrize("told", ["Yes", "tRUE", "1", "T", " True"])
def test_nothing_else_is_a_truth(told: str) -> None:
    read = read_table([make_row(shop__loyal=told)], PROGRAM)
    assert [x.code for x in read.rejected[0].diagnostics] == ["not-a-boolean"]


def test_only_a_column_of_truths_has_them() -> None:
    read = read_table([make_row(shop__size="True")], PROGRAM)
    assert [x.code for x in read.rejected[0].diagnostics] == ["not-one-of"]


@BOTH
def test_faults_are_counted_over_all_parts(tmp_path: Path, executor: str) -> None:
    rows = [make_row(shop__loyal="Ja" if n % 2 else "Nein", shop__size=None) for n in range(9)]
    rows = [{"size": "tiny" if n > 6 else "small", **row} for n, row in enumerate(rows)]
    table = write_rows(tmp_path / "shops.csv", [make_row(shop__loyal=None), *rows])
    options: dict[str, Any] = {"executor": executor, "part_rows": 4}
    options["columns"] = {"size": "shop.size"}
    with pytest.raises(vr.InputError):
        decide(table, tmp_path / "twice", **options)
    table = write_rows(table, rows)
    report = decide(table, tmp_path / "out", **options)
    told = [(x.code, x.place, x.count, x.first) for x in report.list_faults()]
    assert told == [("not-a-boolean", "shop.loyal", 9, 1), ("not-one-of", "size: shop.size", 2, 8)]
    first = report.list_faults()[0].messages
    assert "Nein" in first["en"]
    assert "Nein" in first["zh"]
    assert len(read_rejected(report.folder)) == 9
