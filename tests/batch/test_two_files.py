"""Results in two files a part: what every row has, and what is open of the rows where anything is.

Both together tell all that there is of a row, whatever becomes of the run that writes them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from record_tables import write_rows
from result_folders import find_closed, list_files, list_types, read_results, read_side
from shops import PROGRAM, SHOP, make_row
from test_decided_tables import check_whole, decide, draw_rows

import voucher_rules as vr
from voucher_rules.batch.cases.tables import Layout, read_table
from voucher_rules.batch.results.columns import (
    Side,
    list_open_columns,
    list_result_columns,
    list_settled_columns,
    tell_results,
)
from voucher_rules.batch.verdicts.reference import Reference
from voucher_rules.decision.options import choose_options
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program
from voucher_rules.testing.load import Case, load_cases

duckdb = pytest.importorskip("duckdb")
arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

ROOT: Final = Path(__file__).resolve().parents[2]
CASE_FILES: Final = sorted(ROOT.glob("rulesets/*/*.cases.yaml"))
THOROUGH: Final = os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1") != "1"
BOTH: Final = pytest.mark.parametrize("executor", ["duckdb", "rows"])
FORMS: Final = pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
Row = dict[str, Any]


# -- nothing is lost ---------------------------------------------------------------------------


def test_every_column_stands_on_one_side_and_the_outcome_on_both() -> None:
    whole = list_result_columns(PROGRAM)
    settled, opened = list_settled_columns(PROGRAM), list_open_columns(PROGRAM)
    assert {x.name for x in settled} & {x.name for x in opened} == {"outcome"}
    assert {*settled, *opened} == {*whole}
    assert [x.name for x in opened if x.side is Side.OPEN] == [
        "voucher.amount.low",
        "voucher.amount.high",
        "own.share.low",
        "own.share.high",
        "waiting",
        "undetermined",
        "possible",
        "missing",
    ]


def group_cases(path: Path) -> dict[tuple[Any, ...], list[Case]]:
    """Return the cases of a file that are decided alike, under one ruleset and day.

    Every run tries some of them; with more thoroughness, as in ``make agree``, all are tried.
    """
    groups: dict[tuple[Any, ...], list[Case]] = defaultdict(list)
    cases = load_cases(path).cases
    for case in cases[:: 1 if THOROUGH else -(-len(cases) // 10)]:
        readings = tuple(sorted(case.readings.items()))
        key = (id(case.ruleset), case.decision, readings, case.assume_in_force, case.on)
        groups[key].append(case)
    return groups


def tell_wide(program: Program, table: Path, layout: Layout, law: Any) -> list[Row]:  # noqa: ANN401 - options
    """Return all that the reference tells of the rows of a table, in one line each."""
    read = read_table(table, program, layout)
    options = choose_options(program.ruleset, **law)
    columns = tell_results(program, Reference()(program, options, read.cases))
    rows = zip(read.numbers, *columns.values(), strict=True)
    return [dict(zip(("row", *columns), row, strict=True)) for row in rows]


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda x: f"{x.parent.name}-{x.stem}")
def test_both_files_tell_all_there_is_of_every_shipped_case(path: Path, tmp_path: Path) -> None:
    rows = 0
    for at, cases in enumerate(group_cases(path).values()):
        case = cases[0]
        table = tmp_path / f"{at}.jsonl"
        lines = [json.dumps(dict(x.facts), default=str, ensure_ascii=False) for x in cases]
        table.write_text("\n".join(lines), encoding="utf-8")
        law: Any = {"readings": dict(case.readings), "assume_in_force": case.assume_in_force}
        day: Any = {"on": case.on} if case.on else {}
        out = tmp_path / str(at)
        report = vr.decide_table(
            case.ruleset, case.decision, table, out, form="parquet", **day, **law
        )
        program = case.ruleset.program(case.decision)
        expected = tell_wide(program, table, Layout(on=case.on), law)
        assert read_results(report.folder) == expected
        check_whole(report.folder, len(cases))
        rows += len(expected)
    assert rows


# -- nothing open, and keys --------------------------------------------------------------------


def write_shops(path: Path, rows: Sequence[Row]) -> Path:
    """Write applications as columns of their own types, with two keys."""
    columns: Row = {name: [row.get(name) for row in rows] for name in make_row()}
    columns["claim.date"] = [date.fromisoformat(x) for x in columns["claim.date"]]
    keys = {
        "id": arrow.array(range(len(rows)), arrow.int32()),
        "day": arrow.array([None if n % 2 else date(2020, 1, 1) for n in range(len(rows))]),
    }
    parquet.write_table(arrow.table({**keys, **columns}), path)
    return path


def draw_shops(open_ones: Sequence[int]) -> list[Row]:
    """Return twelve applications, of which a person must judge some."""
    rows = [make_row(contract__amount=1000 + n) for n in range(12)]
    for at in open_ones:
        rows[at]["finding.well_run"] = None
    return rows


@BOTH
@FORMS
def test_a_part_without_anything_open_has_a_file_that_says_so(
    tmp_path: Path, executor: str, form: str
) -> None:
    table = write_shops(tmp_path / "shops.parquet", draw_shops([5]))
    chosen: Any = {"executor": executor, "form": form, "keys": ["id", "day"], "part_rows": 4}
    report = decide(table, tmp_path / "out", **chosen)
    names = [f"open-{number:05}.{form}" for number in range(3)]
    assert [path.name for path in list_files(report.folder, "open", form)] == names
    assert [int(row["row"]) for row in read_side(report.folder, "open", form)] == [6]
    parts = report.manifest["parts"]
    assert all(name in part["files"] for name, part in zip(names, parts, strict=True))
    empty, other, last = ((report.folder / name) for name in names)
    if form == "parquet":
        assert parquet.read_metadata(empty).num_rows == 0
        assert list_types(empty) == list_types(other)
    elif form == "csv":
        assert empty.read_text("utf-8") == other.read_text("utf-8").splitlines(keepends=True)[0]
    else:
        assert empty.read_bytes() == b""
    assert last.read_bytes() == empty.read_bytes()


@BOTH
def test_keys_go_with_a_row_into_both_files(tmp_path: Path, executor: str) -> None:
    table = write_shops(tmp_path / "shops.parquet", draw_shops([3, 7, 9]))
    report = decide(table, tmp_path / "out", executor=executor, keys=["id", "day"])
    (settled,), (opened,) = (list_files(report.folder, side) for side in ("part", "open"))
    types = [list_types(path) for path in (settled, opened)]
    assert [list(x)[:4] for x in types] == [["row", "id", "day", "outcome"]] * 2
    for key in ("row", "id", "day", "outcome"):
        # of all those that are open the day is null, and yet it is one
        assert types[0][key] == types[1][key] != "null"
    held = parquet.read_table(opened, columns=["row", "id", "day", "outcome", "waiting"])
    assert held.to_pylist() == [
        {"row": at + 1, "id": at, "day": None, "outcome": "referred", "waiting": 4}
        for at in (3, 7, 9)
    ]


@BOTH
def test_rows_that_are_denied_may_wait_for_a_person_too(tmp_path: Path, executor: str) -> None:
    rows = draw_shops([2, 3])
    rows[3]["shop.size"] = "large"
    table = write_shops(tmp_path / "shops.parquet", rows)
    report = decide(table, tmp_path / "out", executor=executor)
    found = {row["row"]: row for row in read_side(report.folder, "open")}
    closed = find_closed(report.folder)
    assert {at: row["outcome"] for at, row in found.items()} == {3: "referred", 4: "denied"}
    assert {x: found[4][x] for x in closed} == {**closed, "waiting": 4}
    assert found[3]["voucher.amount.low"] == found[3]["voucher.amount.high"] == 50_100


# -- after an interruption ---------------------------------------------------------------------


DYING: Final = """
import os, signal, sys
import voucher_rules as vr
from voucher_rules.batch.results.folders import RunFolder
settle = RunFolder.settle
def die(folder, name):
    if name == sys.argv[5]:
        path = folder.reserve(name)
        path.write_bytes(path.read_bytes()[:-9])
        os.kill(os.getpid(), signal.SIGKILL)
    return settle(folder, name)
RunFolder.settle = die
vr.decide_table(vr.load(sys.argv[1]), "claim", sys.argv[2], sys.argv[3], executor=sys.argv[4],
                part_rows=10, form="parquet")
"""


@BOTH
@pytest.mark.skipif(os.name == "nt", reason="kills by a signal of Unix")
def test_a_run_killed_while_it_tells_what_is_open_decides_the_part_again(
    tmp_path: Path, executor: str
) -> None:
    name = "open-00001.parquet"
    table = write_rows(tmp_path / "shops.csv", draw_rows(30))
    out = tmp_path / "out"
    command = [sys.executable, "-c", DYING, str(SHOP.path), str(table), str(out), executor, name]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert (out / f"{name}.unfinished").exists()
    assert (out / "part-00001.parquet").exists()
    assert not (out / "part-00001.json").exists()
    kept = {x: (out / x).stat().st_mtime_ns for x in ("part-00000.parquet", "open-00000.parquet")}
    decide(table, out, executor=executor, part_rows=10)
    check_whole(out, 30)
    assert {x: (out / x).stat().st_mtime_ns for x in kept} == kept
    whole = decide(table, tmp_path / "whole", executor=executor, part_rows=10)
    assert read_results(out) == read_results(whole.folder)


@BOTH
def test_a_part_of_which_either_file_was_changed_is_decided_again(
    tmp_path: Path, executor: str
) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(20))
    chosen: Any = {"executor": executor, "part_rows": 10}
    out = decide(table, tmp_path / "out", **chosen).folder
    expected = {path.name: path.read_bytes() for path in out.iterdir()}
    (out / "open-00001.parquet").write_bytes(b"cut off")
    (out / "open-00000.parquet").unlink()
    decide(table, out, **chosen)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == expected


def test_a_folder_of_one_file_a_part_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.csv", draw_rows(20))
    out = decide(table, tmp_path / "out", part_rows=10).folder
    head = json.loads((out / "run.json").read_bytes())
    assert head["schema"] == "voucher-rules/batch-run/2"
    head["schema"] = "voucher-rules/batch-run/1"
    (out / "run.json").write_text(json.dumps(head), encoding="utf-8")
    for path in (*out.glob("open-*"), out / "manifest.json", out / "part-00001.json"):
        path.unlink()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(InputError) as error:
        decide(table, out, part_rows=10)
    (item,) = error.value.diagnostics
    assert (item.code, item.arguments["what"]) == ("folder-of-other-run", "schema")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_of_a_part_without_any_case_rows_are_numbered_by_whole_numbers(tmp_path: Path) -> None:
    rows = [make_row(claim__date="2020-02-30"), make_row()]
    table = write_rows(tmp_path / "shops.csv", rows)
    out = decide(table, tmp_path / "out", executor="rows", part_rows=1).folder
    for side in ("part", "open"):
        types = [list_types(path) for path in list_files(out, side)]
        assert types[0] == types[1]
        assert types[0]["row"] == "int64"
