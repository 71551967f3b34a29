"""Comes in: typed rows and a kernel. Goes out: what SQL makes of them, by one engine or another."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any, Final

from voucher_rules.compiled.nodes import Kernel, KernelInput, Shape
from voucher_rules.compiled.python_names import CODES, MISSING, PER_AMOUNT, WAITING, Row
from voucher_rules.compiled.sql_code import SqlCode, write_sql
from voucher_rules.compiled.sql_inputs import NOTHING, Known
from voucher_rules.compiled.sql_results import WORD

sys.path.append(str(Path(__file__).resolve().parents[1] / "ledger" / "stores"))

from postgres_server import find_programs, start_server

Told = dict[str, Any]
TYPES: Final = {
    "truth": "BOOLEAN",
    "whole number": "BIGINT",
    "number of records": "BIGINT",
    "microseconds": "BIGINT",
    "mask": "BIGINT",
    "day": "DATE",
    "moment": "TIMESTAMP",
    "text": "VARCHAR",
}


@dataclass(frozen=True)
class Engine:
    """An engine: its dialect, and what runs a statement and returns its rows by name."""

    dialect: str
    run: Callable[[str], list[Told]]

    def decide(self, kernel: Kernel, rows: Sequence[Row], known: Known = NOTHING) -> list[Told]:
        """Return what a kernel gives of some rows, in their order."""
        made = [as_cells(kernel, row) for row in rows]
        return self.decide_cells(kernel, made, known, list_records(kernel, rows))

    def decide_cells(
        self,
        kernel: Kernel,
        rows: Sequence[Told],
        known: Known = NOTHING,
        records: Mapping[str, Sequence[Told]] | None = None,
    ) -> list[Told]:
        """Return what a kernel gives of rows of columns, in their order.

        A row may have a ``key`` of its own in the place of its number; ``records`` are the rows of
        each list, each with the ``key`` of its row.
        """
        if not rows:
            return []
        code = self.write(kernel, "(SELECT 1) AS cases", known)
        numbered = [{"key": at, **row} for at, row in enumerate(rows)]
        relation = self.write_relation(_list_columns(code, ""), numbered)
        lists = {
            item.name: self.write_relation(
                _list_columns(code, item.name), (records or {}).get(item.name, ())
            )
            for item in kernel.inputs
            if item.shape is Shape.LIST
        }
        told = self.run(self.write(kernel, relation, known, lists).text)
        assert len(told) == len(rows)
        return sorted(told, key=lambda row: int(row["key"]))

    def write(
        self,
        kernel: Kernel,
        relation: str,
        known: Known = NOTHING,
        lists: Mapping[str, str] | None = None,
    ) -> SqlCode:
        return write_sql(kernel, self.dialect, relation, ("key",), known, lists=lists)

    def write_relation(
        self, columns: Sequence[tuple[str, str]], rows: Sequence[Told], name: str = "cases"
    ) -> str:
        """Return rows as a query in brackets; the key of one without is its number."""
        mark = "`" if self.dialect == "spark" else '"'
        kinds = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"} if mark == "`" else {}
        listed = ", ".join(
            f"CAST(c{at} AS {kinds.get(kind, kind)}) AS {mark}{name}{mark}"
            for at, (name, kind) in enumerate(columns)
        )
        nothing = dict.fromkeys(["key", *(name for name, _ in columns)])
        values = ",\n".join(
            f"({self._quote(row.get('key', at))}, "
            f"{', '.join(self._quote(row[x]) for x, _ in columns)})"
            for at, row in enumerate(rows or [nothing])
        )
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        some = "" if rows else " WHERE FALSE"
        return (
            f"(SELECT CAST(k AS INT) AS key, {listed}"
            f" FROM (VALUES {values}) AS t(k, {names}){some}) AS {name}"
        )

    def _quote(self, value: object) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int):
            return f"'{value}'"
        if isinstance(value, datetime):
            value = f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
        text = value.isoformat() if isinstance(value, date) else str(value)
        if self.dialect == "spark":
            text = text.replace("\\", "\\\\").replace("'", "\\'")
        else:
            text = text.replace("'", "''")
        return f"'{text}'"


def _list_columns(code: SqlCode, listed: str) -> list[tuple[str, str]]:
    """Return the columns of the rows, or of the records of a list, with their types."""
    return [(x.name, TYPES[x.holds.partition(" of 1/")[0]]) for x in code.reads if x.list == listed]


def list_records(kernel: Kernel, rows: Sequence[Row]) -> dict[str, list[Told]]:
    """Return the records of each list of some rows, as rows of their own."""
    found: dict[str, list[Told]] = {}
    for at, item in enumerate(kernel.inputs):
        if item.shape is Shape.LIST:
            found[item.name] = [
                {"key": key, **_as_cells(item.fields, record)}
                for key, row in enumerate(rows)
                for record in (row[at] if isinstance(row[at], tuple) else ())
            ]
    return found


def as_cells(kernel: Kernel, row: Row) -> Told:
    """Return a typed row as the columns that SQL reads."""
    return _as_cells(kernel.inputs, row)


def _as_cells(items: Sequence[KernelInput], row: Row) -> Told:
    made: Told = {}
    for item, value in zip(items, row, strict=True):
        nothing = value is None or value is MISSING
        made[item.name] = None if nothing else as_cell(item, value)
        made[f"{item.name}.none"] = value is None
    return made


def as_cell(item: KernelInput, value: Any) -> object:  # noqa: ANN401 - what stands in a row
    match item.shape:
        case Shape.DAY:
            return date.fromordinal(value)
        case Shape.CODE:
            return item.type.options[value]
        case Shape.NUMBER:
            # where each value brings its own denominator a row holds it in lowest terms
            return int(value * item.denominator)
        case Shape.LIST:
            return len(value)
        case _:
            return value


def count_row(kernel: Kernel, row: Row) -> Row:
    """Return a row whose numbers count in the denominators of a kernel."""
    return _count(kernel.inputs, row)


def _count(items: Sequence[KernelInput], row: Row) -> Row:
    return tuple(_count_one(item, value) for item, value in zip(items, row, strict=True))


def _count_one(item: KernelInput, value: Any) -> Any:  # noqa: ANN401 - what stands in a row
    if value is None or value is MISSING:
        return value
    if item.shape is Shape.LIST:
        return tuple(_count(item.fields, record) for record in value)
    return int(value * item.denominator) if item.denominator > 1 else value


def tell_row(kernel: Kernel, found: tuple[Any, ...] | None) -> Told:
    """Return what the code of a kernel gave of a row as SQL should tell it."""
    if found is None or found[1]:
        return {"outcome": None}
    told: Told = {"outcome": str(CODES[found[0]])}
    at = 2
    for item in kernel.amounts:
        amount, binding, over, much, lowest = found[at : at + PER_AMOUNT]
        at += PER_AMOUNT
        name = item.output
        told |= {name: amount, f"{name}.overused": over, f"{name}.too_much": much}
        told |= tell_mask(f"{name}.binding", binding, len(item.binding))
        if item.lowest and much:
            told |= tell_mask(f"{name}.lowest", lowest, len(item.lowest))
    holds = found[at : at + len(kernel.rules)]
    at += len(kernel.rules)
    for key, wanted in (("failed", False), ("waiting", WAITING), ("skipped", None)):
        alike = [type(x) is type(wanted) and x == wanted for x in holds]
        mask = sum(1 << bit for bit, held in enumerate(alike) if held)
        told |= tell_mask(key, mask, len(holds))
    for name, value in kernel.values.items():
        parts = found[at : at + len(value.nodes)]
        at += len(value.nodes)
        if parts[0] is MISSING:
            return {"outcome": None}
        none = parts[0] is None
        told[name] = parts[0]
        match value.shape:
            case Shape.DAY:
                told[name] = None if none else date.fromordinal(parts[0])
            case Shape.CODE:
                told[name] = None if none else value.options[parts[0]]
            case Shape.NUMBER:
                told[f"{name}.over"] = None if none else parts[1]
    return told


def tell_mask(name: str, mask: int, count: int) -> Told:
    words = {}
    for word, start in enumerate(range(0, max(count, 1), WORD)):
        words[f"{name}.{word + 1}" if word else name] = mask >> start & ((1 << WORD) - 1)
    return words


def find_differences(told: Mapping[str, Any], expected: Mapping[str, Any]) -> Told:
    """Return what differs of a row; of one that is not decided all must be null."""
    if expected["outcome"] is None:
        rest = {k: x for k, x in told.items() if k not in {"key", "unsure", "misstated"}}
        return {key: x for key, x in rest.items() if x is not None}
    assert told.keys() - expected.keys() <= {"key", "unsure", "misstated"} | {
        name for name in told if ".lowest" in name
    }
    return {key: (told[key], x) for key, x in expected.items() if told[key] != x}


# -- engines ---------------------------------------------------------------------------------------


@cache
def find_engines() -> tuple[Engine, ...]:
    """Return the engines there are; Spark only where it is asked for."""
    made = []
    if find_spec("duckdb"):
        made.append(open_duckdb())
    if find_spec("psycopg") and find_programs():
        made.append(open_postgresql())
    if os.environ.get("VOUCHER_RULES_SPARK") and find_spec("pyspark") and which("java"):
        made.append(open_spark())
    return tuple(made)


def open_duckdb() -> Engine:
    import duckdb  # noqa: PLC0415 - not everywhere

    connection = duckdb.connect(config={"threads": 2})
    atexit.register(connection.close)

    def run(text: str) -> list[Told]:
        cursor = connection.execute(text)
        names = [x[0] for x in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return Engine("duckdb", run)


def open_postgresql() -> Engine:
    import psycopg  # noqa: PLC0415 - not everywhere
    from psycopg.rows import dict_row  # noqa: PLC0415

    server = start_server()
    connection = psycopg.connect(server.url, autocommit=True, row_factory=dict_row)
    atexit.register(connection.close)

    def run(text: str) -> list[Told]:
        return list(connection.execute(text).fetchall())

    return Engine("postgresql", run)


def open_spark() -> Engine:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - not everywhere

    builder = SparkSession.builder.master("local[2]").appName("tests")
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    atexit.register(session.stop)

    def run(text: str) -> list[Told]:
        return [row.asDict() for row in session.sql(text).collect()]

    return Engine("spark", run)
