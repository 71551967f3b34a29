"""Comes in: cases in columns and a kernel. Goes out: what SQL makes of them, by any engine."""

from __future__ import annotations

import atexit
import io
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any, Final

from answers import Answer, take_table
from drawn_cases import Cases

from voucher_rules.batch.columns_numpy_checks import Column
from voucher_rules.batch.columns_numpy_steps import np
from voucher_rules.compiled.nodes import Kernel, KernelInput, Shape
from voucher_rules.compiled.sql_code import SqlCode, write_sql
from voucher_rules.compiled.sql_inputs import NOTHING, Known

sys.path.append(str(Path(__file__).resolve().parents[1] / "ledger" / "stores"))

from postgres_server import find_programs, start_server

_EPOCH: Final = 719_163
"""The first day of 1970, counted from the first of year 1."""
_TYPES: Final = {"truth": "BOOLEAN", "text": "VARCHAR", "day": "DATE"}
Table = Any
"""A table of Arrow."""


class BlankError(Exception):
    """A result of a case that is not decided is not null; tells which."""


@dataclass(frozen=True)
class SqlExecutor:
    """An engine: its dialect, and what runs a statement over a table and returns a table."""

    dialect: str
    run: Callable[[SqlCode, Table], Table]

    def decide(self, kernel: Kernel, cases: Cases, known: Known = NOTHING) -> Answer:
        """Return what a kernel gives of some cases."""
        return self.decide_table(kernel, make_table(kernel, cases), known)

    def decide_table(self, kernel: Kernel, table: Table, known: Known = NOTHING) -> Answer:
        """Return what a kernel gives of a table. Raises :class:`BlankError`."""
        code = write_sql(kernel, self.dialect, "cases", ("key",), known)
        found = self.run(code, table).sort_by("key")
        if found["key"].to_pylist() != list(range(table.num_rows)):
            raise BlankError("not every case has one row")
        nulls = {name: _as_array(found[name].is_null()) for name in found.column_names}
        _check_blanks(nulls)
        holds = {x.name: x.holds for x in code.gives}
        columns = {x: _fill(found[x], holds.get(x, "")) for x in found.column_names}
        return take_table(kernel, columns, nulls)


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
        return _as_array(days.fill_null(-_EPOCH)) + _EPOCH
    if pa.types.is_integer(kind):
        return _as_array(column.cast(pa.int64()).fill_null(0))
    if pa.types.is_decimal(kind):
        return _as_array(column.cast(pa.decimal128(38, 0)).cast(pa.int64()).fill_null(0))
    return _as_array(column.cast(pa.string()).fill_null("")).astype(object)


# -- tables ----------------------------------------------------------------------------------------


def make_table(kernel: Kernel, cases: Cases) -> Table:
    """Return cases as a table that the statement of a kernel reads."""
    pa = import_module("pyarrow")

    made = {"key": pa.array(np.arange(cases.count))}
    for item in kernel.inputs:
        column = cases.columns[item.name]
        assert isinstance(column, Column)
        assert column.none is not None
        assert column.missing is not None
        gone = column.none | column.missing
        made[item.name] = _make_cells(item, column.values, gone)
        if item.may_be_none:
            made[f"{item.name}.none"] = pa.array(column.none)
    return pa.table(made)


def _make_cells(item: KernelInput, values: Any, gone: Any) -> Any:  # noqa: ANN401 - arrays
    pa = import_module("pyarrow")

    match item.shape:
        case Shape.DAY:
            days = (values - _EPOCH).astype(np.int32)
            return pa.array(days, mask=gone).cast(pa.date32())
        case Shape.CODE:
            options = pa.array(item.type.options, pa.string())
            places = pa.array(values, pa.int64(), mask=gone)
            return options.take(places)
        case Shape.TEXT:
            return pa.array(values, pa.string(), mask=gone)
        case _:
            return pa.array(values, mask=gone)


def list_outside(kernel: Kernel, table: Table, most: int) -> Table:
    """Return the first rows of a table, each with one value out of its bounds."""
    pa = import_module("pyarrow")

    rows = table.slice(0, most).to_pylist()
    made: list[dict[str, Any]] = []
    for item in kernel.inputs:
        for cell in _list_wrong(item):
            row = dict(rows[len(made) % len(rows)], key=len(made))
            row[item.name] = cell
            if item.may_be_none:
                row[f"{item.name}.none"] = False
            made.append(row)
    return pa.Table.from_pylist(made, schema=table.schema)


def _list_wrong(item: KernelInput) -> list[Any]:
    size = item.denominator or 1
    match item.shape:
        case Shape.BOOL | Shape.TEXT | Shape.LIST:
            return []
        case Shape.CODE:
            return ["?", ""]
        case Shape.SET:
            return [-1, item.high + 1]
        case Shape.DAY:
            return [date.fromordinal(x) for x in (item.low - 1, item.high + 1)]
        case _:
            found = [item.low * size - 1, item.high * size + 1]
            return [x for x in found if -(2**63) <= x < 2**63]


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

    def run(code: SqlCode, table: Table) -> Table:
        connection.register("cases", table)
        found = connection.sql(code.text).to_arrow_table()
        connection.unregister("cases")
        return found

    return SqlExecutor("duckdb", run)


@cache
def open_postgresql() -> SqlExecutor:
    """Start a server of PostgreSQL of our own; tables go there and back as CSV."""
    import psycopg  # noqa: PLC0415 - not everywhere

    pa = import_module("pyarrow")
    csv = import_module("pyarrow.csv")

    connection = psycopg.connect(start_server().url, autocommit=True)
    atexit.register(connection.close)

    def run(code: SqlCode, table: Table) -> Table:
        kinds = {"key": "BIGINT"} | {x.name: _TYPES.get(x.holds, "BIGINT") for x in code.reads}
        columns = ", ".join(f'"{name}" {kind}' for name, kind in kinds.items())
        told = io.BytesIO()
        csv.write_csv(table.select(list(kinds)), told, csv.WriteOptions(include_header=False))
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE cases ({columns})")
            with cursor.copy("COPY cases FROM STDIN (FORMAT csv)") as copy:
                copy.write(told.getvalue())
            back = io.BytesIO()
            with cursor.copy(f"COPY ({code.text}) TO STDOUT (FORMAT csv, HEADER)") as copy:
                for piece in copy:
                    back.write(piece)
            cursor.execute("DROP TABLE cases")
        back.seek(0)
        types = {"truth": pa.string(), "text": pa.string(), "day": pa.date32()}
        gives = {"key": pa.int64()} | {x.name: types.get(x.holds, pa.int64()) for x in code.gives}
        found = csv.read_csv(
            back,
            convert_options=csv.ConvertOptions(
                column_types=gives, strings_can_be_null=True, quoted_strings_can_be_null=False
            ),
        )
        return _read_truths(found, [x.name for x in code.gives if x.holds == "truth"])

    return SqlExecutor("postgresql", run)


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
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    atexit.register(session.stop)
    folder = tempfile.TemporaryDirectory(prefix="vr-spark-")
    atexit.register(folder.cleanup)
    numbers = iter(range(10**9))

    def run(code: SqlCode, table: Table) -> Table:
        at = Path(folder.name) / str(next(numbers))
        pq.write_table(table, at.with_suffix(".parquet"))
        session.read.parquet(str(at.with_suffix(".parquet"))).createOrReplaceTempView("cases")
        session.sql(code.text).write.parquet(str(at))
        return pq.read_table(at)

    return SqlExecutor("spark", run)
