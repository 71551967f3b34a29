"""Comes in: a file of Parquet. Goes out: the columns it has and how many rows, as DuckDB tells.

Only what stands at the end of the file is read, none of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.compiled.sql_dialects import DIALECTS

Named: TypeAlias = tuple[tuple[str, ...], int | None]
"""The columns of a table, and how many rows it has where that is told."""

_EXPANDED: Final = frozenset("*?[]{}")


def is_expanded(path: Path) -> bool:
    """Return whether an engine would take a path for several files."""
    return not _EXPANDED.isdisjoint(str(path))


def describe_parquet(path: Path, duck: DuckConnection) -> Named | None:
    """Return the columns and rows of a file; None for one that DuckDB does not read as one."""
    if is_expanded(path):
        return None
    duckdb = import_package("duckdb", "duckdb")
    text = DIALECTS["duckdb"].quote_text(str(path))
    connection = duck.connect()
    try:
        counted = connection.execute(f"SELECT num_rows FROM parquet_file_metadata({text})")
        ((rows,),) = counted.fetchall()
        listed = connection.execute(f"SELECT name, num_children FROM parquet_schema({text})")
        items = listed.fetchall()
    except duckdb.Error:
        return None
    return tuple(_list_columns(items[1:])), rows


def _list_columns(items: Iterable[tuple[str, int | None]]) -> Iterator[str]:
    """Yield the columns of a table, without what they consist of."""
    inner = 0
    for name, children in items:
        if not inner:
            yield name
        inner = max(0, inner - 1) + (children or 0)
