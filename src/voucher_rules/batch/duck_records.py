"""Comes in: a table in DuckDB and a file of records. Goes out: the records of each lot.

The records are brought together with their rows once, and written in the order of these: a lot
reads its own alone. DuckDB does that in bounded memory; records of no row are counted and left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.cells import FloatCounter
from voucher_rules.batch.columns import RawTable
from voucher_rules.batch.duck_engine import DuckEngine
from voucher_rules.batch.duck_staging import stage_file
from voucher_rules.batch.duck_values import quote, quote_text
from voucher_rules.batch.far_days import read_told
from voucher_rules.batch.jobs import Job
from voucher_rules.batch.joining import (
    Gathered,
    Record,
    Records,
    RecordShaper,
    find_fields,
    hand_out,
    list_keys,
    name_records,
)
from voucher_rules.batch.json_lines import read_cells
from voucher_rules.batch.lots import TableFile
from voucher_rules.batch.parts import RunFolder
from voucher_rules.batch.sql_engine import WHOLE
from voucher_rules.batch.sql_fields import ODD, FieldDoor, find_list
from voucher_rules.batch.sql_jobs import check_names
from voucher_rules.batch.sql_typed import HeldRecords
from voucher_rules.compiled.nodes import NotLoweredError

_NUMBER: Final = "vr_number"
_OWN: Final = "vr_row"
_KEY: Final = "vr_key"
_OWN_NAMES: Final = frozenset({_NUMBER, _OWN, _KEY, "file_row_number"})
_COMPARED: Final = ({"VARCHAR"}, {"DATE"})
"""Types of keys that an engine compares as Python does; whole numbers of any width are, too."""


@dataclass(slots=True)
class DuckRecords:
    """The records of one list, which is one of several at ``place``; ``types`` are of columns.

    ``read`` records came in, of which ``unmatched`` are of no row.
    """

    job: Job
    folder: RunFolder
    name: str
    place: int
    execute: Callable[..., Any]
    types: dict[str, str] = field(default_factory=dict)
    source: Path = field(default_factory=Path)
    read: int = 0
    unmatched: int = 0

    @property
    def _held(self) -> Records:
        return self.job.layout.records[self.name]

    @property
    def _file(self) -> TableFile:
        file: TableFile = self._held.table
        return file

    @property
    def _fields(self) -> Mapping[str, str]:
        """The column of each field that has one."""
        found = find_fields(self.job.program.ruleset, self.name, self._held, self._file.names)
        return {f"{self.name}.{inner}": column for column, inner in found.items()}

    def open(self, types: Mapping[str, str]) -> None:
        """Look at the records beside a table. Raises :class:`NotLoweredError`."""
        file, label = self._file, name_records(self.name)
        check_names(file, self.folder.folder)
        if file.members:
            raise NotLoweredError("a folder of files", label)
        if self._held.key in file.coded:
            raise NotLoweredError("a key other than texts, whole numbers and truths", label)
        names = [*dict.fromkeys([self._held.key, *self._fields.values()])]
        self.source = stage_file(file, names, self._reserve("staged"), self.execute)
        described = self.execute(f"DESCRIBE SELECT * FROM {self._read_source()}").fetchall()
        self.types = {row[0]: str(row[1]) for row in described}
        if self.types.pop("file_row_number", None) != "BIGINT":
            raise NotLoweredError("a column called file_row_number", label)
        for column in self._fields.values():
            if column.casefold() in _OWN_NAMES:
                raise NotLoweredError("a column that is called like one of the engine's own", label)
        own = {types[self._held.key], self.types[self._held.key]}
        if not (own in _COMPARED or own <= WHOLE):
            raise NotLoweredError("keys of a type, or of two, that are compared in memory", label)
        self._open_door().check()

    def _reserve(self, what: str) -> Path:
        return self.folder.reserve(f"{what}-{self.place:05}.parquet")

    def _read_source(self) -> str:
        return f"read_parquet({quote_text(str(self.source))}, file_row_number = true)"

    def _open_door(self) -> FieldDoor:
        engine = DuckEngine(self.types, self.execute)
        listed = find_list(self.job.program, self.name)
        return FieldDoor(
            self.job,
            self.types,
            self._fields,
            engine,
            self._file.coded,
            listed=listed,
            place=self.place,
        )

    def close(self) -> None:
        """Take away what was left unfinished."""
        for what in ("staged", "records"):
            self._reserve(what).unlink(missing_ok=True)

    # -- beside their rows -----------------------------------------------------------------------

    def join(self, table: str) -> None:
        """Write the records with the numbers of their rows; ``table`` has these from 0."""
        key = quote(self._held.key)
        said = f"NULLIF({key}, '')" if self.types[self._held.key] == "VARCHAR" else key
        rows = f"(SELECT file_row_number + 1 AS {_OWN}, {said} AS {_KEY} FROM {table}) AS cases"
        columns = ", ".join(map(quote, dict.fromkeys(self._fields.values())))
        listed = f"{said} AS {_KEY}, file_row_number AS {_NUMBER}{', ' if columns else ''}{columns}"
        records = f"(SELECT {listed} FROM {self._read_source()}) AS records"
        own = f"SELECT {_KEY} FROM {rows} WHERE {_KEY} IS NOT NULL"
        counted = f"SELECT count(*) FROM {records}"
        ((self.read, matched),) = self.execute(
            f"SELECT ({counted}), ({counted} WHERE {_KEY} IN ({own}))"
        ).fetchall()
        self.unmatched = self.read - matched
        self.execute(
            f"COPY (SELECT {_OWN}, records.* EXCLUDE ({_KEY}) FROM {records} JOIN {rows}"
            f" USING ({_KEY}) ORDER BY {_OWN}, {_NUMBER})"
            f" TO {quote_text(str(self._reserve('records')))} (FORMAT parquet)"
        )

    def _read_joined(self) -> str:
        return f"read_parquet({quote_text(str(self._reserve('records')))})"

    def tell(self) -> dict[str, int]:
        """Return how many records there are, and how many of them are of no row."""
        return {"read": self.read, "unmatched": self.unmatched}

    def judge(self, first: int, stop: int) -> HeldRecords:
        """Judge the records of some rows, numbered from 0. Raises :class:`NotLoweredError`."""
        door = self._open_door()
        where = f"{_OWN} > {first} AND {_OWN} <= {stop}"
        text, typed = door.write(
            f"(SELECT * FROM {self._read_joined()} WHERE {where}) AS lot", _OWN
        )
        records, counts = f"list_{self.place}", f"counts_{self.place}"
        self.execute(f"CREATE OR REPLACE TEMP TABLE {records} AS {text}")
        counted = door.write_counts(records)
        self.execute(f"CREATE OR REPLACE TEMP TABLE {counts} AS {counted}")
        ((odd,),) = self.execute(f"SELECT COALESCE(bool_or({ODD}), FALSE) FROM {counts}").fetchall()
        return HeldRecords(
            counts,
            "(lot.file_row_number + 1)",
            records,
            bool(odd),
            self._held.key if self._held.complete else "",
            frozenset(typed.filled),
            frozenset(typed.absent),
            typed.denominators,
        )

    # -- row by row ------------------------------------------------------------------------------

    def fetch(self, raw: RawTable, numbers: Sequence[int]) -> Records:
        """Return the records of some rows, for the usual door to tell what they are."""
        names = [*dict.fromkeys(self._fields.values())]
        listed = ", ".join([_OWN, *map(quote, names)])
        found = self.execute(
            f"SELECT {listed} FROM {self._read_joined()}"
            f" WHERE {_OWN} BETWEEN {numbers[0]} AND {numbers[-1]}"
            f" AND {_OWN} IN (SELECT unnest(CAST($1 AS BIGINT[]))) ORDER BY {_OWN}, {_NUMBER}",
            [list(numbers)],
        ).fetchall()
        rows, *columns = zip(*found, strict=True) if found else ((), *((),) * len(names))
        cells = {
            name: [None if x == "" else read_told(self.types[name], x) for x in column]
            for name, column in zip(names, columns, strict=True)
        }
        found_cells = read_cells(RawTable(cells, len(rows)), self._file.coded)
        floats = FloatCounter(accepts=False)
        shaper = RecordShaper(
            self.job.program.ruleset, self.name, self._held, self._file.names, floats
        )
        lists: dict[object, list[Record]] = {}
        records = shaper.list_records(found_cells)
        for row, record in zip(rows, records, strict=True):
            lists.setdefault(row, []).append(record)
        told = list_keys(raw, self._held)
        keys = [None if x is None else number for x, number in zip(told, numbers, strict=True)]
        return Records(Gathered(hand_out(lists, keys, self._held)), self._held.key)
