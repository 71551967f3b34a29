"""Comes in: a table in CSV. Goes out: the statement by which DuckDB writes it as Parquet.

The rows of Parquet are found by number, in any order and by several threads. What DuckDB would read
in another way than those who read the table whole is told, and left to them.
"""

from __future__ import annotations

from pathlib import Path

from voucher_rules.batch.duck_values import quote, quote_text
from voucher_rules.batch.lots import TableFile
from voucher_rules.compiled.nodes import NotLoweredError


def write_staging(file: TableFile, target: Path) -> str:
    """Return the statement that writes CSV as Parquet, rows of nothing but empty cells left out.

    Raises :class:`NotLoweredError`.
    """
    if not file.plain_lines:
        raise NotLoweredError("lines that end in a carriage return alone", file.path.name)
    columns = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in file.names)
    said = " OR ".join(f"{quote(name)} <> ''" for name in file.names)
    read = (
        f"read_csv({quote_text(str(file.path))}, auto_detect = false, header = true,"
        " delim = ',', quote = '\"', escape = '\"', strict_mode = true, null_padding = false,"
        f" nullstr = '', columns = {{{columns}}})"
    )
    stated = f"SELECT * FROM {read} WHERE {said}"
    return f"COPY ({stated}) TO {quote_text(str(target))} (FORMAT parquet)"
