"""Tables decided from file to folder: the same by every executor, whole after any interruption."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from record_tables import draw_tables, write_cell, write_rows
from result_folders import read_rejected, read_results, read_side
from shops import PROGRAM, SHOP, SOUND, make_row

import voucher_rules as vr
from voucher_rules.api.batches import BatchOptions
from voucher_rules.batch.cases.column_judging import count_in
from voucher_rules.batch.cases.tables import read_table
from voucher_rules.batch.duckdb import rest as duckdb_rest
from voucher_rules.batch.duckdb.engine import tell_failures
from voucher_rules.batch.reading.csv_looks import CsvLook
from voucher_rules.batch.reading.file_digests import digest_file
from voucher_rules.batch.results.columns import _pack, tell_results
from voucher_rules.batch.results.folder_locks import hold_folder
from voucher_rules.batch.sql.judging import MOST_PARTS
from voucher_rules.batch.verdicts.reference import Reference
from voucher_rules.compiled.nodes import KernelInput, NotLoweredError, Shape
from voucher_rules.decision.options import choose_options
from voucher_rules.errors import InputError
from voucher_rules.language.types import Kind, Type

duckdb = pytest.importorskip("duckdb")
arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

NX = vr.load("cn-nx-service-voucher")
BOTH = pytest.mark.parametrize("executor", ["duckdb", "rows"])
Row = dict[str, Any]


def decide(table: Path, out: Path, **options: Any) -> vr.BatchReport:  # noqa: ANN401
    chosen: BatchOptions = {"form": "parquet", "threads": 2, **options}  # type: ignore[typeddict-item]  # of a test
    return vr.decide_table(SHOP, "claim", table, out, **chosen)


def check_whole(folder: Path, count: int) -> None:
    """Check that every row is told of once, and that the manifest says so."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    told = [row["row"] for row in read_results(folder)]
    told += [row["row"] for row in read_rejected(folder)]
    assert sorted(told) == list(range(1, count + 1))
    rows = manifest["rows"]
    assert rows["read"] == rows["decided"] + rows["rejected"] == count
    named = {"manifest.json", "run.json", "bits.csv"}
    for part in manifest["parts"]:
        for name, digest in part["files"].items():
            assert digest_file(folder / name) == digest
        for side in ("part", "open") if part["decided"] else ("open",):
            assert any(name.startswith(f"{side}-{part['number']:05}.") for name in part["files"])
        named |= {f"part-{part['number']:05}.json", *part["files"]}
    assert {path.name for path in folder.iterdir()} == named


ODD_CELLS: dict[str, list[Any]] = {
    "claim.date": ["2019-01-01", "2021-05-01", "unknown", "2020-02-30", None, "May"],
    "shop.size": ["large", "tiny", "unknown", None, "none"],
    "shop.staff": [50, 51, "51人", "1e3", None, -1],
    "finding.well_run": [False, "yes", None, "unknown"],
    "contract.amount": ["999.99", "1000元", "0.001", "", "2000", 9000, "none", "１0"],
    "ledger.claimed_before": [400, 1000, 1001, None, "unknown", "4万元"],
}


def draw_rows(count: int, seed: int = 7) -> list[Row]:
    """Return applications, most of them sound, every kind of odd cell among them."""
    draw = random.Random(seed)  # noqa: S311 - made-up applications
    rows = []
    for _ in range(count):
        row = make_row(contract__amount=draw.randrange(1, 9000))
        for name, cells in ODD_CELLS.items():
            if draw.random() < 0.15:
                row[name] = draw.choice(cells)
        rows.append(row)
    return rows


def test_every_executor_comes_to_what_the_reference_comes_to(tmp_path: Path) -> None:
    rows = draw_rows(200)
    table = write_rows(tmp_path / "shops.csv", [{"id": f"A{n}", **x} for n, x in enumerate(rows)])
    reports = [decide(table, tmp_path / x, executor=x, part_rows=80) for x in ("duckdb", "rows")]
    assert [report.executor for report in reports] == ["duckdb", "rows"]
    read = read_table(table, PROGRAM)
    verdicts = Reference()(PROGRAM, choose_options(SHOP.checked, {}), read.cases)
    columns = tell_results(PROGRAM, verdicts)
    expected = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    for report in reports:
        check_whole(report.folder, len(rows))
        found = read_results(report.folder)
        assert [row.pop("row") for row in found] == list(read.numbers)
        assert found == expected
        told = {x["row"]: [y["code"] for y in x["faults"]] for x in read_rejected(report.folder)}
        assert told == {x.number: [y.code for y in x.diagnostics] for x in read.rejected}
        assert len({row["outcome"] for row in found}) >= 4
    assert read_rejected(reports[0].folder) == read_rejected(reports[1].folder)
    assert reports[0].rows["by_reference"] > 0


@pytest.mark.parametrize("decision", ["claim", "settle", "supervision_fee"])
def test_a_shipped_decision_comes_out_alike(tmp_path: Path, decision: str) -> None:
    rows = list(vr.synthesise(NX, decision, 30, seed=3))
    rows += list(vr.synthesise(NX, decision, 15, seed=4, missing="3%"))
    table = write_rows(tmp_path / "rows.csv", rows)
    found = []
    for executor in ("duckdb", "rows"):
        report = vr.decide_table(
            NX,
            decision,
            table,
            tmp_path / executor,
            executor=executor,
            assume_in_force=True,
            form="parquet",
        )
        assert report.executor == executor
        found.append((read_results(report.folder), read_rejected(report.folder)))
    assert found[0] == found[1]
    assert found[0][0]


def make_table(**changed: Any) -> Any:  # noqa: ANN401 - a table of Arrow
    """Return three applications as columns of their own types."""
    columns = {
        name: [value] * 3
        for name, value in SOUND.items()
        if name not in {"claim.date", "contract.amount"}
    }
    columns["claim.date"] = arrow.array([18383, 18384, 18385], arrow.date32())
    columns["contract.amount"] = [1000, 2000, 3000]
    columns |= {name.replace("__", "."): value for name, value in changed.items()}
    return arrow.table(columns)


@pytest.mark.parametrize(
    ("amounts", "granted"),
    [
        (arrow.array([1000, 2001, 0], arrow.int64()), [50_000, 100_000]),
        (arrow.array([1000, None, 7], arrow.int32()), [50_000, None, 350]),
        (arrow.array([Decimal("10.01"), Decimal("20.00"), None]), [500, 1000, None]),
        (arrow.array([Decimal("10.0100"), Decimal("20.0000"), Decimal(3)]), [500, 1000, 150]),
        (arrow.array(["10.01", "20元", None]), [500, 1000, None]),
        (arrow.array(["10.01", "20元", "3"], arrow.large_string()), [500, 1000, 150]),
    ],
)
def test_columns_of_every_type_of_money_come_out_alike(
    tmp_path: Path,
    amounts: Any,  # noqa: ANN401 - a column of Arrow
    granted: list[int | None],
) -> None:
    table = tmp_path / "shops.parquet"
    parquet.write_table(make_table(contract__amount=amounts), table)
    reports = [decide(table, tmp_path / x, executor=x) for x in ("duckdb", "rows")]
    found, other = ([*read_results(x.folder), *read_rejected(x.folder)] for x in reports)
    assert found == other
    assert [row.get("voucher.amount") for row in read_results(reports[0].folder)] == granted


# In each, a cell of the second lot of four is unlike all the others.
UNLIKE: dict[str, tuple[str, Any, Any]] = {
    "nothing": ("shop.staff", 10, 10),
    "out of its bounds": ("shop.staff", 10, -1),
    "no amount": ("contract.amount", 1000, None),
    "no option": ("shop.size", "small", "tiny"),
    "unknown": ("shop.size", "small", "unknown"),
    "no size": ("shop.size", "small", None),
    "under no law": ("claim.date", date(2020, 5, 1), date(1990, 1, 1)),
    "no day": ("claim.date", date(2020, 5, 1), None),
    "none": ("finding.well_run", True, None),
}


@pytest.mark.parametrize("name", UNLIKE)
def test_one_cell_unlike_the_others_comes_out_alike(tmp_path: Path, name: str) -> None:
    fact, usual, other = UNLIKE[name]
    rows = [make_row(claim__date=date(2020, 5, 1)) | {fact: usual} for _ in range(12)]
    rows[4][fact] = other
    for number, row in enumerate(rows):
        row["contract.amount"] = row["contract.amount"] and 900 + number
    table = tmp_path / "shops.parquet"
    parquet.write_table(arrow.Table.from_pylist(rows), table)
    parts = [
        decide(table, tmp_path / f"{x}-{size}", executor=x, part_rows=size)
        for x, size in (("duckdb", 3), ("duckdb", 100), ("rows", 3))
    ]
    found = [[*read_results(x.folder), *read_rejected(x.folder)] for x in parts]
    assert found[0] == found[1] == found[2]
    for report in parts:
        check_whole(report.folder, 12)
    heads = {
        tuple((x.name, str(x.type)) for x in parquet.read_schema(path))
        for path in tmp_path.glob("duckdb-*/part-*.parquet")
    }
    assert len(heads) == 1


@BOTH
def test_progress_tells_how_many_rows_there_are(tmp_path: Path, executor: str) -> None:
    table = tmp_path / "shops.parquet"
    parquet.write_table(arrow.Table.from_pylist([make_row() for _ in range(7)]), table)
    told: list[tuple[int, int | None]] = []
    decide(table, tmp_path / "out", executor=executor, part_rows=3, tell=lambda *x: told.append(x))
    assert told == [(3, 7), (6, 7), (7, 7)]


def test_binary_floats_are_refused_by_both_and_told_by_row(tmp_path: Path) -> None:
    table = tmp_path / "shops.parquet"
    parquet.write_table(make_table(contract__amount=[1.5, 2.5, None]), table)
    for executor in ("auto", "rows"):
        with pytest.raises(InputError) as error:
            decide(table, tmp_path / executor, executor=executor)
        assert [x.code for x in error.value.diagnostics] == ["column-of-floats"]
    # what was refused holds no folder: the same one is there for the mended run
    report = decide(table, tmp_path / "auto", floats="exact_decimal")
    assert decide(table, tmp_path / "rows", floats="exact_decimal").outcomes == report.outcomes
    assert (report.executor, report.place) == ("rows", "contract.amount")
    assert [row["voucher.amount"] for row in read_results(report.folder)] == [75, 125, None]
    assert report.manifest["parts"][0]["notes"]["floats.contract.amount"] == 2
    assert report.manifest["notes"]["floats.contract.amount"] == 2


@BOTH
@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_results_are_the_same_in_every_form(tmp_path: Path, executor: str, form: str) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(60))
    out = tmp_path / "out"
    report = decide(table, out, executor=executor, form=form)
    whole = decide(table, tmp_path / "whole", executor=executor)
    for side in ("part", "open"):
        found, expected = read_side(out, side, form), read_side(whole.folder, side)
        assert 0 < len(expected) < report.rows["read"]
        if form == "csv":
            expected = [{x: write_cell(y) for x, y in row.items()} for row in expected]
        assert found == expected
    assert report.rows == whole.rows


@BOTH
@pytest.mark.parametrize(("rows", "parts"), [(0, 0), (1, 1), (9, 1), (10, 1), (11, 2), (20, 2)])
def test_parts_hold_so_many_rows(tmp_path: Path, executor: str, rows: int, parts: int) -> None:
    table = write_rows(tmp_path / "shops.csv", [*draw_rows(rows), {**make_row(), "x": "y"}])
    lines = table.read_text("utf-8").splitlines(keepends=True)
    table.write_text("".join(lines[: rows + 1]), encoding="utf-8")
    report = decide(table, tmp_path / "out", executor=executor, part_rows=10)
    assert len(report.manifest["parts"]) == parts
    check_whole(report.folder, rows)


@BOTH
def test_a_run_goes_on_with_what_is_not_done(tmp_path: Path, executor: str) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(30))
    whole = decide(table, tmp_path / "whole", executor=executor, part_rows=10)
    out = tmp_path / "out"

    class StopError(Exception):
        pass

    def stop(done: int, _: int | None) -> None:
        if done >= 20:
            raise StopError

    with pytest.raises(StopError):
        decide(table, out, executor=executor, part_rows=10, tell=stop)
    assert not (out / "manifest.json").exists()
    kept = {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}
    # a part whose files are not as they were written counts for nothing
    (out / "part-00000.parquet").write_bytes(b"cut off")
    report = decide(table, out, executor=executor, part_rows=10)
    check_whole(out, 30)
    assert read_results(out) == read_results(whole.folder)
    assert report.rows == whole.rows
    after = {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}
    assert after["part-00001.parquet"] == kept["part-00001.parquet"]
    assert after["part-00000.parquet"] != kept["part-00000.parquet"]


CHILD = """
import sys, time
import voucher_rules as vr
shop = vr.load(sys.argv[1])
vr.decide_table(shop, "claim", sys.argv[2], sys.argv[3], executor=sys.argv[4], part_rows=10,
                form="parquet", tell=lambda *_: (print("done", flush=True), time.sleep(0.05)))
"""


@BOTH
@pytest.mark.skipif(os.name == "nt", reason="kills by a signal of Unix")
def test_a_killed_run_counts_nothing_twice(tmp_path: Path, executor: str) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(50))
    out = tmp_path / "out"
    command = [sys.executable, "-c", CHILD, str(SHOP.path), str(table), str(out), executor]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for _ in range(2):
            assert child.stdout.readline() == b"done\n"
        time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
    assert not (out / "manifest.json").exists()
    decide(table, out, executor=executor, part_rows=10)
    whole = decide(table, tmp_path / "whole", executor=executor, part_rows=10)
    check_whole(out, 50)
    assert read_results(out) == read_results(whole.folder)
    assert read_rejected(out) == read_rejected(whole.folder)


@BOTH
@pytest.mark.skipif(os.name == "nt", reason="Windows has no locks of folders")
def test_two_runs_are_not_in_one_folder(tmp_path: Path, executor: str) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(20))
    out = tmp_path / "out"
    caught = []

    def run_again(*_: Any) -> None:  # noqa: ANN401 - how far the first run is
        before = sorted(path.name for path in out.iterdir())
        with pytest.raises(InputError) as error:
            decide(table, out, executor=executor, part_rows=10)
        caught.append(find_codes(error))
        assert sorted(path.name for path in out.iterdir()) == before

    decide(table, out, executor=executor, part_rows=10, tell=run_again)
    assert caught == [["folder-in-use"]] * 2
    check_whole(out, 20)
    assert decide(table, out, executor=executor, part_rows=10).rows["read"] == 20


FORKING = """
import os, sys, time
from pathlib import Path
from voucher_rules.batch.results.folder_locks import hold_folder
with hold_folder(Path(sys.argv[1])) as held:
    if not os.fork():
        print(held, os.getpid(), flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no forks")
def test_a_worker_that_outlives_its_run_holds_no_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORKING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        held, worker = run.stdout.readline().split()
        try:
            assert held == b"True"
            with hold_folder(tmp_path) as mine:
                assert not mine
            run.kill()
            run.wait()
            os.kill(int(worker), 0)  # is there still
            with hold_folder(tmp_path) as mine:
                assert mine
        finally:
            run.kill()
            os.kill(int(worker), signal.SIGKILL)


def find_codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [item.code for item in error.value.diagnostics]


def test_another_run_does_not_go_on_in_a_folder(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(5))
    out = decide(table, tmp_path / "out").folder
    head = (out / "run.json").read_bytes()
    for done in ("manifest.json", "bits.csv", "part-00000.json"):
        with pytest.raises(InputError) as error:
            decide(table, out, part_rows=3)
        assert find_codes(error) == ["folder-of-other-run"]
        assert error.value.diagnostics[0].arguments["what"] == "part_rows"
        (out / done).unlink()  # as if the run had been killed a little earlier
    assert (out / "run.json").read_bytes() == head
    write_rows(table, draw_rows(6))
    with pytest.raises(InputError) as error:
        decide(table, tmp_path / "out")
    assert error.value.diagnostics[0].arguments["what"] == "table"


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(5))
    out = tmp_path / "out"
    out.mkdir()
    (out / "letter.unfinished").write_text("kept", encoding="utf-8")
    (out / "part-00000.csv.unfinished").write_text("kept, too", encoding="utf-8")
    with pytest.raises(InputError) as error:
        decide(table, out)
    assert find_codes(error) == ["folder-holds-other-files"]
    assert len(list(out.iterdir())) == 2
    (out / "letter.unfinished").unlink()
    assert decide(table, out).rows["read"] == 5
    assert not list(out.glob("*.unfinished"))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"part_rows": 0}, "part-without-rows"),
        ({"threads": -1}, "not-one-of"),
        ({"threads": 1025}, "not-one-of"),
        ({"threads": True}, "not-one-of"),
        ({"memory": "-5GB"}, "not-one-of"),
        ({"memory": "1"}, "not-one-of"),
        ({"memory": None}, "not-one-of"),
        ({"keys": ["no.such"]}, "not-one-of"),
        ({"keys": ["row"]}, "key-like-result"),
        ({"keys": ["id", "id"]}, "key-like-result"),
        ({"keys": ["Outcome"]}, "key-like-result"),
        ({"form": "xlsx"}, "not-one-of"),
        ({"executor": "abacus"}, "not-one-of"),
        ({"columns": {"id": "no.such"}}, "unknown-fact"),
        ({"facts": {"no.such": 1}}, "unknown-fact"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, options: Row, code: str) -> None:
    rows = [{"id": "1", "row": "1", "Outcome": "x", **make_row()}]
    table = write_rows(tmp_path / "shops.csv", rows)
    with pytest.raises(InputError) as error:
        decide(table, tmp_path / "out", **options)
    assert find_codes(error) == [code]


def test_duckdb_alone_is_refused_where_it_cannot(tmp_path: Path) -> None:
    table = tmp_path / "shops.jsonl"
    table.write_text(f"{json.dumps({'id': 1.5, **make_row()})}\n", encoding="utf-8")
    reason = "a key other than texts, whole numbers and truths"
    with pytest.raises(InputError) as error:
        decide(table, tmp_path / "out", executor="duckdb", keys=["id"])
    assert find_codes(error) == ["executor-cannot"]
    assert error.value.diagnostics[0].arguments["reason"] == reason
    report = decide(table, tmp_path / "out", keys=["id"])
    assert (report.executor, report.reason) == ("rows", reason)
    assert report.outcomes == {"granted": 1}


def test_decisions_on_lists_are_left_to_memory(tmp_path: Path) -> None:
    ruleset = vr.load("cn-bj-service-voucher")
    rows = list(vr.synthesise(ruleset, "quota", 3, seed=1))
    names = [name for name in rows[0] if name != "orders"]
    table = write_rows(
        tmp_path / "quota.csv", [{name: row[name] for name in names} for row in rows]
    )
    report = vr.decide_table(ruleset, "quota", table, tmp_path / "out", form="parquet")
    assert report.rows["decided"] == 3
    check_whole(report.folder, 3)


CSV_TEXTS = {
    "quotes and lines": 'id,name\r\n1,"a ""b"", c"\r\n2,"two\nlines"\r\n',
    "bare carriage returns": "id,name\r1,a\r2,b\r",
    "empty rows": "id,name\n\n1,a\n,\n2,b\n\n",
    "no line at the end": "id,name\n1,a\n2,b",
    "byte-order mark": "\ufeffid,name\n1,a\n2,b\n",
    "nothing before the names": "\n,\nid,name\n1,a\n2,b\n",
    "a line within a name": 'id,name,"no\nfact"\r\n1,a,\r\n2,b,\r\n',
    "quote inside": 'id,name\n1,a"b\n2,c\n',
    "carriage return in quotes": 'id,name\n1,"a\rb"\n2,c\n',
    "lines that end otherwise": "id,name\r\n1,a\n2,c\r\n",
    "two returns": "id,name\n1,a\r\r\n2,c\n",
    "blanks before a quote": 'id,name\n1, "a"\n2,"c"\n',
    "rows of nothing": "id,name\n1,a\n\n,,,\n\n2,c\n",
}


@pytest.mark.parametrize("name", sorted(CSV_TEXTS))
def test_csv_is_read_alike(tmp_path: Path, name: str) -> None:
    table = tmp_path / "odd.csv"
    table.write_bytes(CSV_TEXTS[name].encode())
    facts = dict(SOUND)
    found = []
    for executor, form in product(("duckdb", "rows"), ("parquet", "csv")):
        out = tmp_path / f"{executor}-{form}"
        options = {"executor": executor, "facts": facts, "keys": ["id", "name"], "form": form}
        rows = read_side(decide(table, out, **options).folder, "part", form)
        found.append([(int(row["row"]), row["id"], row["name"]) for row in rows])
    assert found == [found[0]] * 4
    assert len(found[0]) == 2


def test_csv_is_looked_at_alike_wherever_it_is_cut() -> None:
    text = b'\xef\xbb\xbf"a","b"\n1,"x\n""\n,"\n"\r",2\n"",""'
    lines = text.splitlines(keepends=True)
    for cut in range(len(lines)):
        look = CsvLook()
        for some in (lines[:cut], lines[cut:]):
            if some:
                look.read(b"".join(some))
        assert look.fits(2)
        assert not look.fits(3)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_part_of_which_every_row_is_refused_has_no_results(tmp_path: Path, form: str) -> None:
    rows = [make_row(contract__amount="?"), make_row(contract__amount="-")]
    table = write_rows(tmp_path / "odd.csv", rows)
    report = decide(table, tmp_path / "out", executor="duckdb", form=form)
    assert report.rows == {"read": 2, "decided": 0, "rejected": 2, "by_reference": 0}
    assert (report.outcomes, [x.count for x in report.list_faults()]) == ({}, [2])


def test_a_key_may_be_longer_than_a_line_that_an_engine_reads(tmp_path: Path) -> None:
    table = tmp_path / "long.jsonl"
    table.write_text(json.dumps({"id": "x" * 2_100_000, **make_row()}), encoding="utf-8")
    report = decide(table, tmp_path / "out", executor="duckdb", form="csv", keys=["id"])
    assert sum(report.outcomes.values()) == report.rows["decided"] == 1


@pytest.mark.parametrize("executor", ["duckdb", "rows"])
def test_rows_of_several_laws_stand_in_their_order(tmp_path: Path, executor: str) -> None:
    days = ("2022-05-01", "2020-03-01", "2021-03-01", "2020-05-01")
    table = write_rows(tmp_path / "shops.csv", [make_row(claim__date=day) for day in days])
    report = decide(table, tmp_path / "out", executor=executor, form="jsonl")
    assert executor == "rows" or report.rows["by_reference"] == 0
    lines = (tmp_path / "out" / "part-00000.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["row"] for line in lines] == [1, 2, 3, 4]


def test_a_path_or_a_column_that_duckdb_takes_for_another_is_left(tmp_path: Path) -> None:
    write_rows(tmp_path / "shops1.csv", draw_rows(3))
    table = write_rows(tmp_path / "shops[1].csv", draw_rows(5))
    report = decide(table, tmp_path / "out")
    assert (report.executor, report.rows["read"]) == ("rows", 5)
    assert report.reason == "a path that stands for several files"
    table = write_rows(tmp_path / "two.csv", [{"A": "1", "a": "2", **make_row()}])
    report = decide(table, tmp_path / "other", keys=["a"])
    assert (report.executor, report.place) == ("rows", "a")
    assert read_results(report.folder)[0]["a"] == "2"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"id,name\n1,a\n2\n", "row-of-other-length"),
        (b"id,name\n1,a,,\n2,b\n", "row-of-other-length"),
        (b"id,name\n\n1,a,\n", "row-of-other-length"),
        (b"id,name\n1,a\rb\n", "row-of-other-length"),
        (b'id,name\n""  "a",b\n', "file-not-readable"),
        (b"id,name\n1,\xff\n", "not-utf8"),
        ("id,name\n1,a\u202eb\n".encode(), "hidden-character"),
        (b"id,id\n1,2\n", "column-twice"),
        (b"id,\n1,2\n", "column-unnamed"),
        (b"", "empty-file"),
        (b'id,name\n1,"a\n', "file-not-readable"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    table = tmp_path / "odd.csv"
    table.write_bytes(data)
    told = []
    for executor in ("duckdb", "rows"):
        with pytest.raises(InputError) as error:
            decide(table, tmp_path / executor, executor=executor)
        assert find_codes(error) == [code]
        told.append((error.value.diagnostics[0].span, error.value.diagnostics[0].arguments))
    assert told[0] == told[1]


def test_a_table_that_is_not_there_or_no_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        decide(tmp_path / "gone.csv", tmp_path / "out")
    assert find_codes(error) == ["file-not-found"]
    (tmp_path / "odd.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError) as error:
        decide(tmp_path / "odd.parquet", tmp_path / "out")
    assert find_codes(error) == ["file-not-readable"]
    with pytest.raises(InputError) as error:
        decide(tmp_path / "odd.xlsx", tmp_path / "out")
    assert find_codes(error) == ["not-one-of"]


def test_the_rest_comes_back_in_small_lots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(40))
    whole = decide(table, tmp_path / "whole")
    monkeypatch.setattr(duckdb_rest, "LEFT", 3)
    report = decide(table, tmp_path / "out")
    assert read_results(report.folder) == read_results(whole.folder)
    assert read_rejected(report.folder) == read_rejected(whole.folder)
    assert report.rows == whole.rows


def test_what_duckdb_fails_at_is_told_and_goes_on(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.parquet", draw_rows(60))
    kept = table.with_suffix(".kept")

    def take_away(done: int, whole: int | None) -> None:
        del done, whole
        if table.exists():
            table.rename(kept)

    with pytest.raises(InputError) as error:
        decide(table, tmp_path / "out", executor="duckdb", part_rows=20, tell=take_away)
    assert find_codes(error) == ["duckdb-failed"]
    assert table.name in error.value.diagnostics[0].arguments["problem"]
    kept.rename(table)
    whole = decide(table, tmp_path / "whole", executor="duckdb", part_rows=20)
    report = decide(table, tmp_path / "out", executor="duckdb", part_rows=20)
    assert read_results(report.folder) == read_results(whole.folder)


def test_a_query_that_was_interrupted_is_told_as_that() -> None:
    with pytest.raises(KeyboardInterrupt), tell_failures():
        raise RuntimeError("Query interrupted")  # as DuckDB says it
    with pytest.raises(RuntimeError, match="other"), tell_failures():
        raise RuntimeError("other")


def test_bits_are_told_with_their_rules(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.csv", [make_row(shop__size="large")])
    report = decide(table, tmp_path / "out")
    (row,) = read_results(report.folder)
    with (report.folder / "bits.csv").open(encoding="utf-8", newline="") as file:
        bits = list(csv.DictReader(file))
    failed = [
        x["rule"] for x in bits if x["column"] == "failed" and row["failed"] >> int(x["bit"]) & 1
    ]
    decision = SHOP.decide("claim", make_row(shop__size="large"))
    assert row["outcome"] == decision.outcome == "denied"
    assert failed == [rule.id for reason in decision.reasons for rule in reason.rules]


@pytest.mark.parametrize(("beyond", "fits"), [(-1, True), (0, True), (1, False)])
def test_ratios_that_share_no_denominator_are_left(beyond: int, *, fits: bool) -> None:
    item = KernelInput(
        "a.ratio", Type(Kind.RATIO), Shape.NUMBER, may_be_none=False, may_be_missing=True
    )
    values, noted = [Fraction(1, 10**9 + beyond), 1], dict[str, int]()
    if fits:
        assert count_in(noted, item, values, MOST_PARTS) == 10**9 + beyond
        assert noted == {"a.ratio": 10**9 + beyond}
        return
    with pytest.raises(NotLoweredError, match="share no denominator"):
        count_in(noted, item, values, MOST_PARTS)


@pytest.mark.parametrize(("count", "words"), [(0, 1), (1, 1), (62, 1), (63, 1), (64, 2), (127, 3)])
def test_masks_go_on_in_words_of_63(count: int, words: int) -> None:
    named = [f"rule{at}" for at in range(count)]
    made = _pack("failed", named, [named, []])
    assert list(made) == ["failed", "failed.2", "failed.3"][:words]
    whole = sum(mask[0] << 63 * at for at, mask in enumerate(made.values()))
    assert whole == (1 << count) - 1
    assert all(0 <= mask < 2**63 for column in made.values() for mask in column)


def test_keys_of_several_types_are_written_as_texts(tmp_path: Path) -> None:
    # Arrow would make 1.00 of 1, and take the day alone of a moment
    table = tmp_path / "shops.jsonl"
    rows = [f'{{"no": {key}, {json.dumps(make_row())[1:]}' for key in ("1", "2.50", "null")]
    table.write_text("\n".join(rows), encoding="utf-8")
    decide(table, tmp_path / "out", keys=["no"], executor="rows")
    held = parquet.read_table(tmp_path / "out" / "part-00000.parquet")
    assert held.column("no").to_pylist() == ["1", "2.50", None]


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
@BOTH
def test_a_table_that_is_written_to_meanwhile_is_refused(
    tmp_path: Path, executor: str, suffix: str
) -> None:
    """Results of two tables would stand under the digest of one."""
    table = write_rows(tmp_path / f"shops.{suffix}", draw_rows(30))
    kept, out = table.read_bytes(), tmp_path / "out"
    other = write_rows(tmp_path / f"other.{suffix}", draw_rows(31, seed=8))

    def replace_it(done: int, _: int | None) -> None:
        if done == 20:
            other.replace(table)

    options: Row = {"executor": executor, "part_rows": 10, "form": "parquet"}
    with pytest.raises(InputError) as error:
        decide(table, out, **options, tell=replace_it)
    assert find_codes(error) == ["file-changed-meanwhile"]
    assert str(table) in error.value.diagnostics[0].message("zh")
    assert not (out / "manifest.json").exists()
    table.write_bytes(kept)
    decide(table, out, **options)
    assert read_results(out) == read_results(decide(table, tmp_path / "whole", **options).folder)


@BOTH
def test_records_that_are_written_to_meanwhile_are_refused(tmp_path: Path, executor: str) -> None:
    ruleset = vr.load("cn-bj-service-voucher")
    table, records = draw_tables(ruleset, "quota", 30, seed=1).write(tmp_path, "parquet")
    (held,) = records.values()

    def write_more(done: int, _: int | None) -> None:
        if done == 10:
            with Path(held.table).open("ab") as file:
                file.write(b"x")

    options: Row = {"executor": executor, "part_rows": 10, "records": records}
    with pytest.raises(InputError) as error:
        vr.decide_table(ruleset, "quota", table, tmp_path / "out", tell=write_more, **options)
    assert find_codes(error) == ["file-changed-meanwhile"]
    assert not (tmp_path / "out" / "manifest.json").exists()


ENTRIES: dict[str, Row] = {
    "a count": {"decided": 999},
    "a number of another part": {"number": 7},
    "a count of an outcome": {"outcomes": {"granted": 1}},
    "no count": {"notes": {"dated": "1"}},
    "no table": {"outcomes": 5},
    "no files": {"files": []},
    "a file elsewhere": {"files": {"../shops.csv": "sha256:0"}},
}


@pytest.mark.parametrize("changed", ENTRIES.values(), ids=ENTRIES)
def test_a_part_of_which_something_else_is_written_is_decided_again(
    tmp_path: Path, changed: Row
) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(20))
    whole = decide(table, tmp_path / "out", executor="rows", part_rows=10)
    entry = whole.folder / "part-00001.json"
    entry.write_text(json.dumps(json.loads(entry.read_bytes()) | changed), encoding="utf-8")
    again = decide(table, whole.folder, executor="rows", part_rows=10)
    assert again.manifest == whole.manifest
    check_whole(whole.folder, 20)


@pytest.mark.parametrize("name", ["run.json", "part-00000.json", "manifest.json"])
def test_a_file_that_is_too_deep_is_none_that_a_run_wrote(tmp_path: Path, name: str) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(20))
    whole = decide(table, tmp_path / "out", executor="rows", part_rows=10)
    (whole.folder / name).write_text("[" * 100_000, encoding="utf-8")
    if name == "run.json":
        with pytest.raises(InputError) as error:
            decide(table, whole.folder, executor="rows", part_rows=10)
        assert find_codes(error) == ["folder-of-other-run"]
        return
    if name == "manifest.json":
        with pytest.raises(InputError) as error:
            vr.open_batch(whole.folder)
        assert find_codes(error) == ["folder-file-changed"]
    decide(table, whole.folder, executor="rows", part_rows=10)
    check_whole(whole.folder, 20)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets not everyone make links")
def test_an_entry_of_a_part_that_leads_nowhere_is_none(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(20))
    whole = decide(table, tmp_path / "out", executor="rows", part_rows=10)
    (whole.folder / "part-00001.json").unlink()
    (whole.folder / "part-00001.json").symlink_to("nowhere")
    decide(table, whole.folder, executor="rows", part_rows=10)
    check_whole(whole.folder, 20)
