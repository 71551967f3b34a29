"""Comes in: files of Parquet. Goes out: a failure where DuckDB tells of one what Arrow does not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from voucher_rules.batch.reading import chunked_files as lots
from voucher_rules.batch.reading.chunked_files import open_file
from voucher_rules.batch.reading.duckdb_columns import describe_parquet
from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.errors import InputError

pytest.importorskip("duckdb")
arrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

COLUMNS: dict[str, list[Any]] = {
    "plain": [1, 2, None],
    "of.parts": [{"a": 1, "b": {"c": [1, 2], "d": "x"}}] * 3,
    "of 'many'": [[{"a": "x"}], [], None],
    "PLAIN": ["a", "b", "c"],
    "数": [0, 0, 0],
}


@pytest.fixture
def duck() -> Iterator[DuckConnection]:
    with closing(DuckConnection(1, "100MB")) as made:
        yield made


def write(path: Path, columns: dict[str, list[Any]]) -> Path:
    parquet.write_table(arrow.table(columns), path, row_group_size=2)
    return path


def test_columns_and_rows_are_those_that_arrow_tells(tmp_path: Path, duck: DuckConnection) -> None:
    path = write(tmp_path / "it's.parquet", COLUMNS)
    assert describe_parquet(path, duck) == (tuple(COLUMNS), 3)
    by_duckdb, by_arrow = open_file(path, duck), open_file(path)
    assert by_duckdb.tell() == by_arrow.tell()
    assert (by_duckdb.names, by_duckdb.rows) == (by_arrow.names, by_arrow.rows)


def test_duckdb_looks_at_a_table_without_arrow(
    tmp_path: Path, duck: DuckConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "shops.parquet", COLUMNS)
    monkeypatch.delattr(lots, "_open_parquet")
    assert open_file(path, duck).rows == 3


def test_a_path_that_stands_for_several_is_taken_as_it_is(
    tmp_path: Path, duck: DuckConnection
) -> None:
    write(tmp_path / "shops1.parquet", {"other": [1]})
    path = write(tmp_path / "shops[1].parquet", COLUMNS)
    assert open_file(path, duck).names == tuple(COLUMNS)


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"PAR1\0\x01\0\0\0PAR1", b"PAR1\x15\x02\x02\0\0\0PAR1"]
)
def test_what_is_no_table_is_refused(tmp_path: Path, duck: DuckConnection, data: bytes) -> None:
    path = tmp_path / "shops.parquet"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        open_file(path, duck)
    assert [x.code for x in caught.value.diagnostics] == ["file-not-readable"]
