"""Comes in: a table in any file. Goes out: the file of Parquet that DuckDB reads in its place.

The rows of Parquet are found by number, in any order and by several threads. What DuckDB would read
in another way than those who read the table whole is told, and left to them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from voucher_rules.batch.duck_values import quote, quote_text
from voucher_rules.batch.lots import TableFile, begins_with_names
from voucher_rules.batch.staging import stage_table
from voucher_rules.compiled.nodes import NotLoweredError


def stage_file(
    file: TableFile, names: Sequence[str], target: Path, execute: Callable[[str], Any]
) -> Path:
    """Return the file that DuckDB reads: of CSV and JSON lines, ``target`` with what they hold.

    Of JSON lines only the columns of these ``names`` are written. Raises :class:`NotLoweredError`,
    and :class:`~.errors.InputError` for a fault of the file.
    """
    if file.suffix == ".parquet":
        return file.path
    if file.suffix == ".csv":
        execute(write_staging(file, target))
        return target
    if find_spec("pyarrow") is None:
        raise NotLoweredError("the package pyarrow is not installed", file.path.name)
    stage_table(file, names, target)
    return target


def write_staging(file: TableFile, target: Path) -> str:
    """Return the statement that writes CSV as Parquet, rows of nothing but empty cells left out.

    Raises :class:`NotLoweredError`.
    """
    if not file.plain_lines:
        raise NotLoweredError("lines that end in a carriage return alone", file.path.name)
    if not begins_with_names(file):
        raise NotLoweredError("a first line that does not name all columns", file.path.name)
    columns = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in file.names)
    said = " OR ".join(f"{quote(name)} <> ''" for name in file.names)
    read = (
        f"read_csv({quote_text(str(file.path))}, auto_detect = false, header = true,"
        " delim = ',', quote = '\"', escape = '\"', strict_mode = true, null_padding = false,"
        f" nullstr = '', columns = {{{columns}}})"
    )
    stated = f"SELECT * FROM {read} WHERE {said}"
    return f"COPY ({stated}) TO {quote_text(str(target))} (FORMAT parquet)"
