"""Comes in: a table in CSV or JSON lines. Goes out: its rows as Parquet, a file for each part.

The rows are read as everyone here reads them, one after the other, so that each keeps its number
and a fault of the file is told as ever. An engine reads what is written, by as many tasks as it
likes. Of JSON, what no type of a column holds is written as JSON (see ``reading.json_lines``): an
engine's own reader of JSON lines makes a binary float of 1.50, and has lost its digits by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.reading.chunked_files import TableFile, read_lots
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.reading.json_lines import write_cells
from voucher_rules.batch.results.arrow_columns import list_column_types

_ROWS: Final = 1 << 16
"""How many rows are in memory at once."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A part of a table in a file of its own: its number, its first row from 0, and how many."""

    number: int
    first: int
    rows: int


def stage_table(file: TableFile, names: Sequence[str], target: Path) -> None:
    """Write some columns of a table into one file. Raises :class:`InputError`."""
    writer = _Writer(file, names, target)
    try:
        for lot in read_lots(file, _ROWS):
            writer.write(lot.raw)
    finally:
        writer.close()


def stage_parts(
    file: TableFile, names: Sequence[str], size: int, place: Callable[[int], Path | None]
) -> Iterator[Staged]:
    """Write some columns of the parts of a table where ``place`` says.

    Parts of which it says nothing are counted. Raises :class:`InputError`.
    """
    made = Staged(0, 0, 0)
    writer = _Writer(file, names, place(0))
    for lot in read_lots(file, _ROWS):
        rest = lot.raw
        while made.rows + rest.count > size:
            head, rest = _cut(rest, size - made.rows)
            writer.write(head)
            writer.close()
            yield Staged(made.number, made.first, size)
            made = Staged(made.number + 1, made.first + size, 0)
            writer = _Writer(file, names, place(made.number))
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

    def __init__(self, file: TableFile, names: Sequence[str], path: Path | None) -> None:
        self._arrow = import_package("pyarrow", "tables")
        self._schema = self._arrow.schema(list_column_types(file, names))
        self._coded = file.coded
        self._file: Any = None
        if path is not None:
            parquet = import_package("pyarrow.parquet", "tables")
            self._file = parquet.ParquetWriter(path, self._schema)

    def write(self, raw: RawTable) -> None:
        if self._file is not None and raw.count:
            columns = {name: self._tell(raw, name) for name in self._schema.names}
            self._file.write_table(self._arrow.table(columns, schema=self._schema))

    def _tell(self, raw: RawTable, name: str) -> Sequence[object]:
        cells = raw.columns[name]
        return write_cells(cells) if name in self._coded else cells

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
