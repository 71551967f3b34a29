"""Comes in: a table in DuckDB and a file of records. Goes out: the records of each lot.

The records are brought together with their rows once, and written in the order of these: a lot
reads its own alone. DuckDB does that in bounded memory; records of no row are counted and left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.cases.joining import Gathered, name_records
from voucher_rules.batch.duckdb.engine import DuckEngine
from voucher_rules.batch.duckdb.quoting import quote, quote_text
from voucher_rules.batch.duckdb.staging import stage_file
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.reading.far_days import read_told
from voucher_rules.batch.results.folders import RunFolder
from voucher_rules.batch.sql.dialects import DUCKDB
from voucher_rules.batch.sql.fields import ODD
from voucher_rules.batch.sql.joining import KEY, NUMBER, WHOSE, ListTable
from voucher_rules.batch.sql.typed import HeldRecords
from voucher_rules.compiled.nodes import NotLoweredError

_ROW_NUMBER: Final = "file_row_number"


@dataclass(slots=True)
class DuckRecords:
    """The records of one list; ``types`` are of the columns here, ``own`` of the table's.

    ``read`` records came in, of which ``unmatched`` are of no row.
    """

    listed: ListTable
    folder: RunFolder
    execute: Callable[..., Any]
    own: Mapping[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    source: Path = field(default_factory=Path)
    read: int = 0
    unmatched: int = 0

    @property
    def name(self) -> str:
        """The list."""
        return self.listed.name

    def open(self, own: Mapping[str, str]) -> None:
        """Look at the records beside a table. Raises :class:`NotLoweredError`."""
        listed, label = self.listed, name_records(self.name)
        listed.check_file(self.folder.folder)
        if listed.file.members:
            raise NotLoweredError("a folder of files", label)
        staged = self._reserve("staged")
        self.source = stage_file(listed.file, listed.needed, staged, self.execute)
        described = self.execute(f"DESCRIBE SELECT * FROM {self._read_source()}").fetchall()
        self.types, self.own = {row[0]: str(row[1]) for row in described}, own
        if self.types.pop(_ROW_NUMBER, None) != "BIGINT":
            raise NotLoweredError("a column called file_row_number", label)
        listed.check_columns(self._whose, self.types, self._engine, [_ROW_NUMBER])

    @property
    def _whose(self) -> str:
        """The type of the key in the table."""
        return self.own[self.listed.held.key]

    @property
    def _engine(self) -> DuckEngine:
        return DuckEngine(self.types, self.execute)

    def _reserve(self, what: str) -> Path:
        return self.folder.reserve(f"{what}-{self.listed.place:05}.parquet")

    def _read_source(self) -> str:
        return f"read_parquet({quote_text(str(self.source))}, file_row_number = true)"

    def close(self) -> None:
        """Take away what was left unfinished."""
        for what in ("staged", "records"):
            self._reserve(what).unlink(missing_ok=True)

    # -- beside their rows -----------------------------------------------------------------------

    def join(self, table: str) -> None:
        """Write the records with the numbers of their rows; ``table`` has these from 0."""
        listed, kind = self.listed, self.types[self.listed.held.key]
        rows = listed.write_rows(table, _ROW_NUMBER, self._whose, DUCKDB)
        records = listed.write_records(self._read_source(), _ROW_NUMBER, kind, DUCKDB)
        own = f"SELECT {KEY} FROM {rows} WHERE {KEY} IS NOT NULL"
        counted = f"SELECT count(*) FROM {records}"
        ((self.read, matched),) = self.execute(
            f"SELECT ({counted}), ({counted} WHERE {KEY} IN ({own}))"
        ).fetchall()
        self.unmatched = self.read - matched
        self.execute(
            f"COPY ({listed.write_joined(rows, records, DUCKDB)} ORDER BY {WHOSE}, {NUMBER})"
            f" TO {quote_text(str(self._reserve('records')))} (FORMAT parquet)"
        )

    def _read_joined(self) -> str:
        return f"read_parquet({quote_text(str(self._reserve('records')))})"

    def tell(self) -> dict[str, int]:
        """Return how many records there are, and how many of them are of no row."""
        return {"read": self.read, "unmatched": self.unmatched}

    def judge(self, first: int, stop: int) -> HeldRecords:
        """Judge the records of some rows, numbered from 0. Raises :class:`NotLoweredError`."""
        door = self.listed.open_door(self.types, self._engine)
        where = f"{WHOSE} > {first} AND {WHOSE} <= {stop}"
        text, typed = door.write(
            f"(SELECT * FROM {self._read_joined()} WHERE {where}) AS lot", WHOSE
        )
        records, counts = self.listed.views
        self.execute(f"CREATE OR REPLACE TEMP TABLE {records} AS {text}")
        counted = door.write_counts(records)
        self.execute(f"CREATE OR REPLACE TEMP TABLE {counts} AS {counted}")
        ((odd,),) = self.execute(f"SELECT COALESCE(bool_or({ODD}), FALSE) FROM {counts}").fetchall()
        return self.listed.hold(f"(lot.{_ROW_NUMBER} + 1)", typed, some_odd=bool(odd))

    # -- row by row ------------------------------------------------------------------------------

    def fetch(self, raw: RawTable, numbers: Sequence[int]) -> Gathered:
        """Return the records of some rows, for the usual door to tell what they are."""
        names = self.listed.columns
        listed = ", ".join([WHOSE, *map(quote, names)])
        found = self.execute(
            f"SELECT {listed} FROM {self._read_joined()}"
            f" WHERE {WHOSE} BETWEEN {numbers[0]} AND {numbers[-1]}"
            f" AND {WHOSE} IN (SELECT unnest(CAST($1 AS BIGINT[]))) ORDER BY {WHOSE}, {NUMBER}",
            [list(numbers)],
        ).fetchall()
        rows, *columns = zip(*found, strict=True) if found else ((), *((),) * len(names))
        cells = {
            name: [None if x == "" else read_told(self.types[name], x) for x in column]
            for name, column in zip(names, columns, strict=True)
        }
        return self.listed.gather(raw, numbers, rows, RawTable(cells, len(rows)))
