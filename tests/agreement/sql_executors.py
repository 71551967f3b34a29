"""Comes in: the relations of a kernel. Goes out: what SQL makes of them, by any engine."""

from __future__ import annotations

import atexit
import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any, Final, TypeAlias

from answers import Answer, take_table
from broken_lists import NULL
from sql_tables import EPOCH, Table, Tables

from voucher_rules.batch.numpy.steps import np
from voucher_rules.compiled.nodes import Kernel
from voucher_rules.compiled.sql_code import SqlCode, write_sql
from voucher_rules.compiled.sql_inputs import NOTHING, Known

sys.path.append(str(Path(__file__).resolve().parents[1] / "ledger" / "stores"))

from postgres_server import find_programs, start_server

ROWS: Final = "cases"
"""The relation of the rows; those of lists are numbered."""
_TYPES: Final = {"truth": "BOOLEAN", "text": "VARCHAR", "day": "DATE"}
Run: TypeAlias = Callable[[SqlCode, Mapping[str, Table]], Table]
"""What runs a statement over relations, which are tables of Arrow, and returns one."""


class BlankError(Exception):
    """A result of a case that is not decided is not null; tells which."""


@dataclass(frozen=True)
class SqlExecutor:
    """An engine: its dialect, and what runs statements."""

    dialect: str
    run: Run

    def decide(self, kernel: Kernel, tables: Tables, known: Known = NOTHING) -> Answer:
        """Return what a kernel gives of the rows of some tables. Raises :class:`BlankError`."""
        names = {name: f"records_{at}" for at, name in enumerate(tables.records)}
        code = write_sql(kernel, self.dialect, ROWS, ("key",), known, lists=names)
        relations = {names[name]: table for name, table in tables.records.items()}
        found = self.run(code, {ROWS: tables.rows} | relations).sort_by("key")
        found = found.take(_find_places(tables.keys, found["key"].to_pylist()))
        nulls = {name: _as_array(found[name].is_null()) for name in found.column_names}
        _check_blanks(nulls)
        holds = {x.name: x.holds for x in code.gives}
        columns = {x: _fill(found[x], holds.get(x, "")) for x in found.column_names}
        return take_table(kernel, columns, nulls)


def _find_places(keys: Any, found: list[Any]) -> Any:  # noqa: ANN401 - an array of NumPy
    """Return where each row stands in a result in the order of its keys, one without key last."""
    order = np.lexsort((keys, keys == NULL))
    if [None if x == NULL else x for x in keys[order].tolist()] != found:
        raise BlankError("not every case has one row: key")
    places = np.empty(len(keys), np.int64)
    places[order] = np.arange(len(keys))
    return places


def _check_blanks(nulls: Mapping[str, Any]) -> None:
    undecided = nulls["outcome"]
    for name, null in nulls.items():
        if name not in {"key", "unsure", "misstated"} and not null[undecided].all():
            raise BlankError(name)


def _as_array(column: Any) -> Any:  # noqa: ANN401 - a column of Arrow
    return np.asarray(
        column.to_numpy(zero_copy_only=False) if hasattr(column, "chunks") else column
    )


def _fill(column: Any, holds: str) -> Any:  # noqa: ANN401 - a column of Arrow
    """Return a column as NumPy has it: days by number, nothing as 0 or an empty text."""
    pa = import_module("pyarrow")

    kind = column.type
    if column.null_count == len(column):
        return np.full(
            len(column), "" if holds == "text" else 0, object if holds == "text" else np.int64
        )
    if pa.types.is_boolean(kind):
        return _as_array(column.fill_null(False)).astype(bool)  # noqa: FBT003 - what is filled in
    if pa.types.is_date(kind):
        days = column.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
        return _as_array(days.fill_null(-EPOCH)) + EPOCH
    if pa.types.is_integer(kind):
        return _as_array(column.cast(pa.int64()).fill_null(0))
    if pa.types.is_decimal(kind):
        return _as_array(column.cast(pa.decimal128(38, 0)).cast(pa.int64()).fill_null(0))
    return _as_array(column.cast(pa.string()).fill_null("")).astype(object)


# -- engines ---------------------------------------------------------------------------------------


@cache
def find_sql_executors() -> Mapping[str, Callable[[], SqlExecutor]]:
    """Return how each engine that is installed is opened, by its dialect."""
    made: dict[str, Callable[[], SqlExecutor]] = {}
    if find_spec("pyarrow") is None:
        return made
    if find_spec("duckdb"):
        made["duckdb"] = open_duckdb
    if find_spec("psycopg") and find_programs():
        made["postgresql"] = open_postgresql
    if find_spec("pyspark") and which("java"):
        made["spark"] = open_spark
    return made


@cache
def open_duckdb() -> SqlExecutor:
    """Open DuckDB in memory, with one thread."""
    import duckdb  # noqa: PLC0415 - not everywhere

    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET enable_progress_bar = false")
    atexit.register(connection.close)

    def run(code: SqlCode, relations: Mapping[str, Table]) -> Table:
        for name, table in relations.items():
            connection.register(name, table)
        found = connection.sql(code.text).to_arrow_table()
        for name in relations:
            connection.unregister(name)
        return found

    return SqlExecutor("duckdb", run)


@cache
def open_postgresql() -> SqlExecutor:
    """Start a server of PostgreSQL of our own; tables go there and back as CSV."""
    import psycopg  # noqa: PLC0415 - not everywhere

    connection = psycopg.connect(start_server().url, autocommit=True)
    # it takes the rows of a join for many more than there are, and would compile for seconds
    connection.execute("SET jit = off")
    atexit.register(connection.close)

    def run(code: SqlCode, relations: Mapping[str, Table]) -> Table:
        back = io.BytesIO()
        kinds = {x.name: _TYPES.get(x.holds, "BIGINT") for x in code.reads}
        with connection.cursor() as cursor:
            for name, table in relations.items():
                _copy_in(cursor, name, table, kinds)
            with cursor.copy(f"COPY ({code.text}) TO STDOUT (FORMAT csv, HEADER)") as copy:
                for piece in copy:
                    back.write(piece)
            cursor.execute(f"DROP TABLE {', '.join(relations)}")
        back.seek(0)
        return _read_csv(back, code)

    return SqlExecutor("postgresql", run)


def _copy_in(cursor: Any, name: str, table: Table, kinds: Mapping[str, str]) -> None:  # noqa: ANN401 - of psycopg
    """Copy a table of Arrow into one of PostgreSQL, and let it count what is in there."""
    csv = import_module("pyarrow.csv")
    told = io.BytesIO()
    csv.write_csv(table, told, csv.WriteOptions(include_header=False))
    columns = ", ".join(f'"{x}" {kinds.get(x, "BIGINT")}' for x in table.column_names)
    cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
    with cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
        copy.write(told.getvalue())
    cursor.execute(f"ANALYZE {name}")


def _read_csv(back: io.BytesIO, code: SqlCode) -> Table:
    """Return the results that PostgreSQL wrote as CSV, as a table of Arrow."""
    pa, csv = import_module("pyarrow"), import_module("pyarrow.csv")
    types = {"truth": pa.string(), "text": pa.string(), "day": pa.date32()}
    gives = {"key": pa.int64()} | {x.name: types.get(x.holds, pa.int64()) for x in code.gives}
    convert = csv.ConvertOptions(
        column_types=gives, strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    found = csv.read_csv(back, convert_options=convert)
    return _read_truths(found, [x.name for x in code.gives if x.holds == "truth"])


def _read_truths(table: Table, names: list[str]) -> Table:
    pa = import_module("pyarrow")
    pc = import_module("pyarrow.compute")

    for name in names:
        at = table.column_names.index(name)
        table = table.set_column(at, name, pc.equal(table[name], pa.scalar("t")))
    return table


@cache
def open_spark() -> SqlExecutor:
    """Open Spark on this machine alone; tables go there and back as files of Parquet."""
    pq = import_module("pyarrow.parquet")
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not everywhere

    builder = SparkSession.builder.master("local[2]").appName("agreement")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # a statement is planned for seconds and run in less: once is enough, and compiled lightly
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    atexit.register(session.stop)

    def run(code: SqlCode, relations: Mapping[str, Table]) -> Table:
        with tempfile.TemporaryDirectory(prefix="vr-spark-") as folder:
            for name, table in relations.items():
                path = f"{folder}/{name}.parquet"
                pq.write_table(table, path)
                session.read.parquet(path).createOrReplaceTempView(name)
            session.sql(code.text).write.parquet(f"{folder}/found")
            return pq.read_table(f"{folder}/found", memory_map=False)

    return SqlExecutor("spark", run)
