"""Comes in: a table in CSV. Goes out: its rows as Parquet, a file for each part.

The rows are read as everyone here reads CSV, one after the other, so that each keeps its number and
a fault of the file is told as ever. Spark reads what is written, by as many tasks as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.columns import RawTable
from voucher_rules.batch.frames import import_package
from voucher_rules.batch.lots import TableFile, read_lots

_ROWS: Final = 1 << 16
"""How many rows are in memory at once."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A part of a table in a file of its own: its number, its first row from 0, and how many."""

    number: int
    first: int
    rows: int


def stage_parts(
    file: TableFile, size: int, place: Callable[[int], Path | None]
) -> Iterator[Staged]:
    """Write the parts of a table where ``place`` says; those of which it says nothing are counted.

    Raises :class:`InputError`.
    """
    made = Staged(0, 0, 0)
    writer = _Writer(file, place(0))
    for lot in read_lots(file, _ROWS):
        rest = lot.raw
        while made.rows + rest.count > size:
            head, rest = _cut(rest, size - made.rows)
            writer.write(head)
            writer.close()
            yield Staged(made.number, made.first, size)
            made = Staged(made.number + 1, made.first + size, 0)
            writer = _Writer(file, place(made.number))
        writer.write(rest)
        made = Staged(made.number, made.first, made.rows + rest.count)
    writer.close()
    if made.rows:
        yield made


def _cut(raw: RawTable, rows: int) -> tuple[RawTable, RawTable]:
    """Return the first rows of a table, and the others."""
    first = {name: cells[:rows] for name, cells in raw.columns.items()}
    others = {name: cells[rows:] for name, cells in raw.columns.items()}
    return RawTable(first, rows), RawTable(others, raw.count - rows)


class _Writer:
    """Writes the rows of one part; nothing where there is no place for them."""

    def __init__(self, file: TableFile, path: Path | None) -> None:
        self._arrow = import_package("pyarrow", "spark")
        self._schema = self._arrow.schema([(name, self._arrow.string()) for name in file.names])
        self._file: Any = None
        if path is not None:
            parquet = import_package("pyarrow.parquet", "spark")
            self._file = parquet.ParquetWriter(path, self._schema)

    def write(self, raw: RawTable) -> None:
        if self._file is not None and raw.count:
            self._file.write_table(self._arrow.table(dict(raw.columns), schema=self._schema))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
