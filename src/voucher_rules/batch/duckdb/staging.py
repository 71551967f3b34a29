"""Comes in: a table in any file. Goes out: the file of Parquet that DuckDB reads in its place.

The rows of Parquet are found by number, in any order and by several threads. DuckDB itself reads
the CSV of which it can make nothing else than those who read the table whole; other CSV, and JSON
lines, are read as they do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from voucher_rules.batch.duckdb.quoting import quote, quote_text
from voucher_rules.batch.reading.chunked_files import TableFile, begins_with_names
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.sql.staging import stage_table
from voucher_rules.compiled.nodes import NotLoweredError


def stage_file(
    file: TableFile, names: Sequence[str], target: Path, execute: Callable[[str], Any]
) -> Path:
    """Return the file that DuckDB reads: of CSV and JSON lines, ``target`` with what they hold.

    Only the columns of these ``names`` need be in it. Raises :class:`NotLoweredError`, and
    :class:`~.errors.InputError` for a fault of the file.
    """
    if file.suffix == ".parquet":
        return file.path
    if file.suffix == ".csv" and _stage_csv(file, target, execute):
        return target
    if find_spec("pyarrow") is None:
        raise NotLoweredError("the package pyarrow is not installed", file.path.name)
    stage_table(file, names, target)
    return target


def _stage_csv(file: TableFile, target: Path, execute: Callable[[str], Any]) -> bool:
    """Let DuckDB write CSV as Parquet, if it reads it as everyone; return whether it did."""
    if not (file.even and begins_with_names(file)):
        return False
    try:
        execute(write_staging(file, target))
    except import_package("duckdb", "duckdb").Error:
        return False  # those who read row by row tell where and what the fault is
    return True


def write_staging(file: TableFile, target: Path) -> str:
    """Return the statement that writes CSV as Parquet, rows of nothing but empty cells left out."""
    columns = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in file.names)
    said = " OR ".join(f"{quote(name)} <> ''" for name in file.names)
    read = (
        f"read_csv({quote_text(str(file.path))}, auto_detect = false, header = true,"
        " delim = ',', quote = '\"', escape = '\"', strict_mode = true, null_padding = false,"
        f" nullstr = '', columns = {{{columns}}})"
    )
    stated = f"SELECT * FROM {read} WHERE {said}"
    return f"COPY ({stated}) TO {quote_text(str(target))} (FORMAT parquet)"
