"""What a run by Spark rests on and needs no Spark: numbers of rows, ends, staged parts, folders."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from record_tables import write_rows
from result_folders import read_results
from shops import PROGRAM, SHOP, make_row
from test_decided_tables import check_whole, draw_rows

import voucher_rules as vr
from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.cases.tables import Layout
from voucher_rules.batch.reading.chunked_files import open_file, read_lots
from voucher_rules.batch.results.columns import list_open_columns
from voucher_rules.batch.results.folders import RunFolder
from voucher_rules.batch.spark.files import ParquetFiles, list_staged_types, name_type
from voucher_rules.batch.spark.rest import read_keys, write_empty
from voucher_rules.batch.sql.dialects import DUCKDB, SPARK
from voucher_rules.batch.sql.engine import Ends
from voucher_rules.batch.sql.staging import Staged, stage_parts
from voucher_rules.batch.sql.statements import LotWriter
from voucher_rules.batch.sql.typed import Typed
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.decision.law import Options
from voucher_rules.errors import InputError

arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")


DAY = date(1200, 2, 29)


def write_files(folder: Path, counts: Sequence[int]) -> ParquetFiles:
    paths = []
    for at, count in enumerate(counts):
        table = arrow.table({"n": range(at * 100, at * 100 + count)})
        parquet.write_table(table, folder / f"{at}.parquet", row_group_size=4)
        paths.append(folder / f"{at}.parquet")
    files = ParquetFiles(paths)
    files.open()
    return files


@pytest.mark.parametrize(
    ("first", "stop", "held", "begin"),
    [
        (0, 5, ["0"], 0),
        (4, 6, ["0", "2"], 0),
        (5, 6, ["2"], 5),
        (7, 14, ["2", "3"], 5),
        (0, 14, ["0", "2", "3"], 0),
    ],
)
def test_the_files_of_a_part_keep_the_numbers_of_their_rows(
    tmp_path: Path, first: int, stop: int, held: list[str], begin: int
) -> None:
    files = write_files(tmp_path, [5, 0, 3, 6])
    assert (files.rows, files.counts) == (14, [5, 0, 3, 6])
    cut = files.cut(first, stop)
    assert [path.stem for path in cut.paths] == held
    assert cut.first == begin
    assert cut.first <= first
    assert cut.first + cut.rows >= stop
    if len(held) == 1:
        assert cut.number(None) == f"_metadata.row_index + {begin}L"


@pytest.mark.parametrize("dictionary", [True, False])
def test_it_is_found_out_whether_a_column_holds_nothing_but_options(
    tmp_path: Path, *, dictionary: bool
) -> None:
    paths = [tmp_path / "0.parquet", tmp_path / "1.parquet"]
    for path, last in zip(paths, ("a", "c"), strict=True):
        table = arrow.table({"x.y": [*["a", None, "b"] * 4, last], "n": [None] * 13})
        parquet.write_table(
            table.cast(arrow.schema([("x.y", arrow.string()), ("n", arrow.string())])),
            path,
            row_group_size=4,
            use_dictionary=dictionary,
        )
    files = ParquetFiles(paths)
    files.open()
    first, second = files.cut(0, 13), files.cut(13, 26)
    assert first.holds_only("x.y", ["a", "b", "d"])
    assert not second.holds_only("x.y", ["a", "b", "d"])
    assert not files.holds_only("x.y", ["a", "b", "d"])
    assert files.holds_only("n", ["a"])
    for path in paths:
        path.unlink()  # nothing is looked through twice
    assert files.cut(0, 13).holds_only("x.y", ["a", "b", "d"])


@pytest.mark.parametrize(
    ("cells", "kind", "ends"),
    [
        ([3, 1, 2], "BIGINT", Ends(some=True, all=True, low=1, high=3)),
        ([3, None, 2], "BIGINT", Ends(some=True, all=False, low=2, high=3)),
        (arrow.array([None, None], arrow.int64()), "BIGINT", Ends(some=False, all=False)),
        (
            [Decimal("1.5"), Decimal(-2)],
            "DECIMAL(2,1)",
            Ends(some=True, all=True, low=Decimal(-2), high=Decimal("1.5")),
        ),
        ([DAY, None], "DATE", Ends(some=True, all=False, low=DAY, high=DAY)),
        (["b", "", None], "VARCHAR", Ends(some=True, all=False)),
    ],
)
def test_ends_are_those_that_files_state(
    tmp_path: Path,
    cells: Any,  # noqa: ANN401 - cells of any type
    kind: str,
    ends: Ends,
) -> None:
    path = tmp_path / "table.parquet"
    parquet.write_table(arrow.table({"a.b": cells, "n": [1] * len(cells)}), path)
    files = ParquetFiles((path,))
    files.open()
    assert files.find_ends("a.b", kind) == ends
    parquet.write_table(arrow.table({"a.b": cells}), path, write_statistics=False)
    silent = ParquetFiles((path,))
    silent.open()
    assert silent.find_ends("a.b", kind) is None


def test_a_dot_in_a_nested_column_is_no_name(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    parquet.write_table(arrow.table({"a": [{"b": 1}], "a.b": [2], "c": [3]}), path)
    files = ParquetFiles((path,))
    files.open()
    assert files.find_ends("a.b", "BIGINT") is None
    assert files.find_ends("c", "BIGINT") == Ends(some=True, all=True, low=3, high=3)


def test_a_column_called_like_one_of_sparks_own_is_left(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    parquet.write_table(arrow.table({"_metadata": [1]}), path)
    with pytest.raises(NotLoweredError, match="called like one of Spark's own"):
        ParquetFiles((path,)).open()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (arrow.uint32(), "BIGINT"),
        (arrow.uint64(), "uint64"),
        (arrow.decimal128(9, 2), "DECIMAL(9,2)"),
        (arrow.dictionary(arrow.int32(), arrow.string()), "VARCHAR"),
        (arrow.timestamp("us"), "TIMESTAMP"),
        (arrow.timestamp("ns"), "timestamp[ns]"),
        (arrow.timestamp("us", "UTC"), "timestamp[us, tz=UTC]"),
    ],
)
def test_types_have_one_name_where_spark_reads_them_alike(kind: object, name: str) -> None:
    assert name_type(kind) == name


@pytest.mark.parametrize("size", [1, 4, 5, 9, 10, 11])
def test_staged_parts_hold_every_row_once(tmp_path: Path, size: int) -> None:
    table = write_rows(tmp_path / "t.csv", [{"n": str(n), "x": "a" * (n % 2)} for n in range(10)])
    found: list[str | None] = []
    done = []

    def place(number: int) -> Path | None:
        return None if number == 1 else tmp_path / f"{number}.parquet"

    for staged in stage_parts(open_file(table), ["n"], size, place):
        done.append(staged)
        path = place(staged.number)
        if path is not None:
            found += parquet.read_table(path).column("n").to_pylist()
    parts = -(-10 // size)
    assert done == [Staged(at, at * size, min(size, 10 - at * size)) for at in range(parts)]
    passed = range(size, 2 * size)
    assert found == [str(n) for n in range(10) if n not in passed]


def test_a_folder_of_files_is_one_table(tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.mkdir()
    rows = [{"id": n, **row} for n, row in enumerate(draw_rows(30))]
    held = [{name: str(row.get(name, "")) for name in rows[0]} for row in rows]
    for at in range(3):
        part = arrow.Table.from_pylist(held[at * 10 : at * 10 + 10])
        parquet.write_table(part, table / f"{at}.parquet")
    (table / "_SUCCESS").touch()
    lots = list(read_lots(open_file(table), 7))
    assert [(lot.first, lot.raw.count) for lot in lots] == [
        (1, 7),
        (8, 7),
        (15, 7),
        (22, 7),
        (29, 2),
    ]
    report = vr.decide_table(SHOP, "claim", table, tmp_path / "out", keys=["id"])
    assert report.executor == "rows"
    check_whole(report.folder, 30)
    assert all(int(row["id"]) + 1 == row["row"] for row in read_results(report.folder))


@pytest.mark.parametrize(
    ("name", "cells", "problem"),
    [
        ("1.parquet", {"b": [1]}, "other columns or types than in the first file"),
        ("1.parquet", {"a": ["1"]}, "other columns or types than in the first file"),
        ("1.csv", {"a": [1]}, "not a file of Parquet"),
        ("year=2020", None, "not a file of Parquet"),
    ],
)
def test_a_folder_of_anything_else_is_refused(
    tmp_path: Path, name: str, cells: dict[str, list[Any]] | None, problem: str
) -> None:
    with pytest.raises(InputError, match="a folder without files"):
        open_file(tmp_path)
    parquet.write_table(arrow.table({"a": [1]}), tmp_path / "0.parquet")
    if cells is None:
        (tmp_path / name).mkdir()
    else:
        parquet.write_table(arrow.table(cells), tmp_path / name)
    with pytest.raises(InputError) as error:
        open_file(tmp_path)
    (item,) = error.value.diagnostics
    assert (item.code, item.arguments["problem"]) == ("file-not-readable", problem)
    assert item.arguments["path"].endswith(name)


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_where_nothing_is_open_a_file_says_so_with_keys_of_their_types(
    tmp_path: Path, form: str
) -> None:
    table = tmp_path / "made.parquet"
    keys = {"id": arrow.array([1], arrow.int16()), "x": arrow.array([None], arrow.date32())}
    parquet.write_table(arrow.table({"row": [1], **keys, "outcome": ["denied"]}), table)
    file = open_file(table)
    job = Job(PROGRAM, Options({}), Layout(), file=file, keys=("id", "x"), size=5, format=form)
    path = tmp_path / "open"
    write_empty(job, path, read_keys(table, job.keys))
    names = ["row", "id", "x", *(item.name for item in list_open_columns(PROGRAM))]
    if form == "parquet":
        held = parquet.read_table(path)
        assert (held.column_names, held.num_rows) == (names, 0)
        kinds = [str(held.schema.field(name).type) for name in ("row", "id", "x", "waiting")]
        assert kinds == ["int64", "int16", "date32[day]", "int64"]
    else:
        assert path.read_text("utf-8") == (f"{','.join(names)}\n" if form == "csv" else "")


def test_columns_that_are_staged_have_the_types_they_are_written_in(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"n": 1, "truth": True, "text": "x", "mixed": 1}, {"mixed": "y"}]
    held = open_file(write_rows(tmp_path / "made.jsonl", rows))
    told = {"n": "BIGINT", "truth": "BOOLEAN", "text": "VARCHAR", "mixed": "VARCHAR"}
    assert list_staged_types(held) == told
    held = open_file(write_rows(tmp_path / "made.csv", [{"n": 1, "text": "x"}]))
    assert list_staged_types(held) == {"n": "VARCHAR", "text": "VARCHAR"}


def test_what_a_part_left_is_taken_away_and_nothing_else(tmp_path: Path) -> None:
    names = ["part-00001.0000.parquet", "part-00001.rejected.jsonl", "open-00001.0000.parquet"]
    others = ["open-00010.0000.parquet", "part-00010.json", "run.json"]
    for name in (*names, *others):
        (tmp_path / name).touch()
    RunFolder(tmp_path, dict).clear_part(1)
    assert sorted(path.name for path in tmp_path.iterdir()) == others


@pytest.mark.parametrize(
    "name",
    [
        *("part-00001.0000.csv", "part-00001.rejected.jsonl", "part-00001.json"),
        *("open-00001.0000.jsonl", "run.json", "manifest.json", "bits.csv", "part-100000.parquet"),
        *(
            f"{what}-00001.{'0f' * 16}.parquet"
            for what in (
                *("made", "left", "left_1", "whole", "opened", "staged"),
                *("given", "records", "cells_12", "bad_3"),
            )
        ),
    ],
)
def test_what_a_killed_run_left_unfinished_is_taken_away(tmp_path: Path, name: str) -> None:
    folder = RunFolder(tmp_path, dict)
    folder.reserve(name).touch()
    with ExitStack() as holder:
        folder.prepare(holder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["letter", "letter-00001.parquet", "part-1.parquet"])
def test_nothing_is_left_unfinished_that_would_not_be_known_again(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(AssertionError, match="would stay for ever"):
        RunFolder(tmp_path, dict).reserve(name)


def test_a_session_goes_with_spark_alone(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.csv", [make_row()])
    with pytest.raises(InputError) as error:
        vr.decide_table(SHOP, "claim", table, tmp_path / "out", spark=object())
    (item,) = error.value.diagnostics
    assert (item.code, item.path, item.arguments["options"]) == ("not-one-of", "executor", "spark")


def test_spark_is_asked_for_by_the_name_of_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    table = write_rows(tmp_path / "shops.csv", [make_row()])
    with pytest.raises(InputError) as error:
        vr.decide_table(SHOP, "claim", table, tmp_path / "out", executor="spark")
    (item,) = error.value.diagnostics
    assert (item.code, item.arguments["extra"]) == ("package-missing", "spark")


def test_a_session_that_is_none_of_spark_is_refused(tmp_path: Path) -> None:
    table = write_rows(tmp_path / "shops.csv", [make_row()])
    with pytest.raises(InputError) as error:
        vr.decide_table(SHOP, "claim", table, tmp_path / "out", executor="spark", spark=object())
    (item,) = error.value.diagnostics
    assert item.code == "executor-cannot"
    assert item.arguments["reason"] == "a session of Spark Connect"
    assert item.message("zh") == "Spark 不能处理此表：会话经由 Spark Connect"


def test_columns_called_like_those_of_cells_are_kept_apart(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    rows = [
        {"value": f"v{n}", "cell": "c", "odd": "o", **row} for n, row in enumerate(draw_rows(9))
    ]
    table = write_rows(tmp_path / "shops.csv", rows)
    found = []
    for executor in ("duckdb", "rows"):
        out = tmp_path / executor
        report = vr.decide_table(
            SHOP, "claim", table, out, executor=executor, keys=["value", "cell"], form="parquet"
        )
        found.append(read_results(report.folder))
    assert found[0] == found[1]


# -- statements ------------------------------------------------------------------------------------


def test_what_is_found_of_a_large_decision_is_made_once_and_read_twice(tmp_path: Path) -> None:
    # Spark works a test on what is found into all that it is made of, and takes all memory for it
    program = vr.load("cn-bj-service-voucher").program("claim")
    table = write_rows(tmp_path / "claims.parquet", [{"enterprise.revenue": "1"}])
    options = Options({}, assume_in_force=True)
    job = Job(program, options, Layout(), file=open_file(table))
    columns = {name: SPARK.quote(name) for name in program.inputs}
    days = [date(2024, 6, 1).toordinal()]
    typed = Typed(columns, days=days, denominators=dict.fromkeys(columns, 100))
    told = LotWriter(job, SPARK, "lot", "lot.n + 1").write(typed)
    ((name, step),) = told.steps
    assert told.opened
    assert told.results.count(name) == told.opened.count(name) == 1
    assert len(told.opened) < len(step) // 3
    plain = LotWriter(job, DUCKDB, "lot", "lot.n + 1").write(typed)
    assert plain.steps == ()
    assert len(plain.opened) > len(step) // 3
