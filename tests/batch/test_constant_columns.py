"""Comes in: files of Parquet. Goes out: a failure where columns added to one are read otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from voucher_rules.batch.lots import open_file
from voucher_rules.batch.parquet_constants import Constant, add_constants
from voucher_rules.batch.parquet_footers import (
    BINARY,
    I32,
    I64,
    LIST,
    STRUCT,
    decode,
    describe_table,
    encode,
)
from voucher_rules.errors import InputError

duckdb = pytest.importorskip("duckdb")
parquet = pytest.importorskip("pyarrow.parquet")

ROWS = 5_000
WRITTEN = f"""
SELECT range AS row, {{'outcome': range, 'b': [range]}} AS nested,
  CASE WHEN range % 3 = 0 THEN 'x' WHEN range % 3 = 1 THEN 'y' END AS outcome, range * 2 AS paid
FROM range({ROWS})
"""
LAST = (
    None,
    Constant("low", 0),
    None,
    Constant("waiting", 0, zero=True),
    Constant("missing", -2),
)
WHOLE = (
    f"SELECT row, nested, outcome, CAST(NULL AS BIGINT) AS low, paid, CAST(0 AS BIGINT) AS waiting,"
    f" CAST(NULL AS VARCHAR) AS missing FROM ({WRITTEN})"
)


def write(folder: Path, options: str = "") -> Path:
    """Write the columns that are not constant in several groups of rows, then add the others."""
    path = folder / "part.parquet"
    duckdb.connect().execute(
        f"COPY ({WRITTEN}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048{options})"
    )
    add_constants(path, LAST)
    return path


@pytest.mark.parametrize("options", ["", ", PARQUET_VERSION V2", ", COMPRESSION zstd"])
def test_added_columns_are_read_as_written_ones(tmp_path: Path, options: str) -> None:
    path = write(tmp_path, options)
    connection = duckdb.connect()
    expected = connection.execute(f"{WHOLE} ORDER BY row").fetchall()
    found = connection.execute(f"SELECT * FROM '{path}' ORDER BY row")
    assert [x[0] for x in found.description] == [
        x[0] for x in connection.execute(WHOLE).description
    ]
    assert found.fetchall() == expected
    types = [x[1] for x in connection.execute(f"DESCRIBE FROM '{path}'").fetchall()]
    assert types == [x[1] for x in connection.execute(f"DESCRIBE {WHOLE}").fetchall()]


def test_another_reader_reads_them_alike(tmp_path: Path) -> None:
    path = write(tmp_path)
    told: Any = parquet.ParquetFile(path)
    assert told.metadata.num_row_groups > 1
    table = told.read()
    assert table.column_names == ["row", "nested", "outcome", "low", "paid", "waiting", "missing"]
    assert table.num_rows == table["low"].null_count == table["missing"].null_count == ROWS
    assert set(table["waiting"].to_pylist()) == {0}
    assert table["paid"].to_pylist() == [2 * x for x in table["row"].to_pylist()]
    assert str(table.schema.field("missing").type) == "string"
    group = told.metadata.row_group(0)
    assert group.column(4).statistics.null_count == group.num_rows
    sizes = [group.column(at).total_compressed_size for at in range(group.num_columns)]
    assert sum(sizes) < path.stat().st_size


def test_a_filter_meets_them_by_their_statistics(tmp_path: Path) -> None:
    path = write(tmp_path)
    counted = duckdb.connect().execute(
        f"SELECT count(*) FILTER (waiting = 0), count(low), count(*) FROM '{path}'"
    )
    assert counted.fetchone() == (ROWS, 0, ROWS)
    none = duckdb.connect().execute(
        f"SELECT count(*) FROM '{path}' WHERE waiting > 0 OR low IS NOT NULL"
    )
    assert none.fetchone() == (0,)


def test_nothing_to_add_leaves_a_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(b"whatever it is")
    add_constants(path, (None, None))
    assert path.read_bytes() == b"whatever it is"


@pytest.mark.parametrize("data", [b"0" * 20, b"\xff\xff\xff\x00PAR1", b"\x18\x01\0\0\0PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "part.parquet"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"no Parquet|cut short"):
        add_constants(path, LAST)
    assert path.read_bytes() == data


def test_a_struct_comes_back_from_its_bytes() -> None:
    struct = {
        1: (I32, -1),
        2: (1, True),
        3: (2, False),
        20: (I64, 2**40),
        21: (BINARY, b"x" * 200),
        22: (LIST, (I32, list(range(-20, 20)))),
        23: (LIST, (1, [True, False])),
        24: (STRUCT, {5: (7, bytes(8)), 6: (3, b"\x07")}),
        25: (LIST, (STRUCT, [{1: (I32, 5)}])),
    }
    assert decode(encode(struct)) == struct
    with pytest.raises(ValueError, match="type 11"):
        decode(b"\x1b\0")


def test_a_footer_tells_the_columns_and_the_rows(tmp_path: Path) -> None:
    path = write(tmp_path)
    schema = parquet.ParquetFile(path).schema_arrow
    assert describe_table(path) == (tuple(schema.names), ROWS)
    assert open_file(path).names == tuple(schema.names)
    assert open_file(path).rows == ROWS


@pytest.mark.parametrize(
    "footer",
    [
        b"\0",
        b"\x15\x02",
        encode({2: (LIST, (I32, [1, 2])), 3: (I64, 1)}),
        encode({2: (LIST, (STRUCT, [{}, {}])), 3: (I64, 1)}),
        encode({2: (BINARY, b"x"), 3: (I64, 1)}),
        b"\x1c" * 100_000,
    ],
)
def test_a_footer_of_anything_else_is_no_table(tmp_path: Path, footer: bytes) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(ValueError, match=r"no footer|cut short|type"):
        describe_table(path)
    with pytest.raises(InputError) as caught:
        open_file(path)
    assert [x.code for x in caught.value.diagnostics] == ["file-not-readable"]
