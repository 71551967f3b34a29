"""Comes in: a list whose records are in a file. Goes out: what every engine of SQL does with them.

The records are brought together with the rows of the table once, each with the number of its row:
keys of rows may repeat, and a lot finds its own by number. Here stand what must hold of the file,
the statements for that, and how the records of rows that no kernel decides are handed to the door.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from voucher_rules.batch.cases.cells import FloatCounter
from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.cases.joining import (
    Gathered,
    Record,
    Records,
    RecordShaper,
    find_fields,
    hand_out,
    list_keys,
    name_records,
)
from voucher_rules.batch.reading.chunked_files import TableFile
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.reading.json_lines import read_cells
from voucher_rules.batch.sql.checks import check_names
from voucher_rules.batch.sql.dialects import Speech
from voucher_rules.batch.sql.engine import WHOLE, Engine
from voucher_rules.batch.sql.fields import FieldDoor, find_list
from voucher_rules.batch.sql.typed import HeldRecords, Typed
from voucher_rules.compiled.nodes import NotLoweredError

NUMBER: Final = "vr_number"
"""The column that numbers records, in their order."""
WHOSE: Final = "vr_whose"
"""The column that tells of a record the number of its row, from 1."""
KEY: Final = "vr_key"
"""The column that tells whose a record is."""
_COMPARED: Final = ({"VARCHAR"}, {"DATE"})
"""Types of keys that an engine compares as Python does; whole numbers of any width are, too."""


@dataclass(frozen=True, slots=True)
class ListTable:
    """The table of the records of one list, which is one of several at ``place``."""

    job: Job
    name: str
    place: int

    @property
    def held(self) -> Records:
        """How the records are read."""
        return self.job.records[self.name].held

    @property
    def file(self) -> TableFile:
        """The file they are in."""
        return self.job.records[self.name].file

    @property
    def fields(self) -> Mapping[str, str]:
        """The column of each field that has one."""
        found = find_fields(self.job.program.ruleset, self.name, self.held, self.file.names)
        return {f"{self.name}.{inner}": column for column, inner in found.items()}

    @property
    def columns(self) -> list[str]:
        """The columns that are of fields."""
        return [*dict.fromkeys(self.fields.values())]

    @property
    def needed(self) -> list[str]:
        """The columns that are read: whose each record is, and those of fields."""
        return [*dict.fromkeys([self.held.key, *self.columns])]

    @property
    def views(self) -> tuple[str, str]:
        """What the records of a lot are called as kernels read them, and how many rows have."""
        return f"list_{self.place}", f"counts_{self.place}"

    # -- what must hold --------------------------------------------------------------------------

    def check_file(self, folder: Path) -> None:
        """Check the file; the run goes into a folder. Raises :class:`NotLoweredError`."""
        check_names(self.file, folder)
        if self.held.key in self.file.coded:
            label = name_records(self.name)
            raise NotLoweredError("a key other than texts, whole numbers and truths", label)

    def check_columns(
        self, whose: str, types: Mapping[str, str], engine: Engine, own: Collection[str]
    ) -> None:
        """Check columns of some ``types``; ``whose`` is that of the key in the table.

        ``own`` are names that the engine has for itself. Raises :class:`NotLoweredError`.
        """
        label = name_records(self.name)
        taken = {NUMBER, WHOSE, KEY, *own}
        if any(column.casefold() in taken for column in self.columns):
            raise NotLoweredError("a column that is called like one of the engine's own", label)
        kinds = {whose, types[self.held.key]}
        if not (kinds in _COMPARED or kinds <= WHOLE):
            raise NotLoweredError("keys of a type, or of two, that are compared in memory", label)
        self.open_door(types, engine).check()

    def open_door(self, types: Mapping[str, str], engine: Engine) -> FieldDoor:
        """Return who judges the fields."""
        return FieldDoor(
            self.job,
            types,
            self.fields,
            engine,
            self.file.coded,
            listed=find_list(self.job.program, self.name),
            place=self.place,
        )

    # -- beside their rows -----------------------------------------------------------------------

    def write_rows(self, table: str, number: str, kind: str, speech: Speech) -> str:
        """Return the numbers of the rows of a table, and what tells whose records are theirs.

        ``number`` numbers the rows from 0; ``kind`` is the type of the key.
        """
        said = self._write_key(kind, speech)
        return f"(SELECT {number} + 1 AS {WHOSE}, {said} AS {KEY} FROM {table}) AS cases"

    def write_records(self, source: str, number: str, kind: str, speech: Speech) -> str:
        """Return the records with what tells whose they are; ``number`` numbers them."""
        listed = [f"{self._write_key(kind, speech)} AS {KEY}", f"{number} AS {NUMBER}"]
        listed += map(speech.quote, self.columns)
        return f"(SELECT {', '.join(listed)} FROM {source}) AS records"

    def _write_key(self, kind: str, speech: Speech) -> str:
        """Return the key; an empty text says nothing, as everywhere."""
        key = speech.quote(self.held.key)
        return f"NULLIF({key}, '')" if kind == "VARCHAR" else key

    def write_joined(self, rows: str, records: str, speech: Speech, join: str = "JOIN") -> str:
        """Return the records with the numbers of their rows, in no order."""
        listed = ", ".join([WHOSE, NUMBER, *map(speech.quote, self.columns)])
        return f"SELECT {listed} FROM {records} {join} {rows} USING ({KEY})"

    def hold(self, number: str, typed: Typed, *, some_odd: bool) -> HeldRecords:
        """Return the records of a lot, whose rows ``number`` numbers from 1, once judged."""
        records, counts = self.views
        key = self.held.key if self.held.complete else ""
        filled, absent = frozenset(typed.filled), frozenset(typed.absent)
        return HeldRecords(
            counts, number, records, some_odd, key, filled, absent, typed.denominators
        )

    # -- row by row ------------------------------------------------------------------------------

    def gather(
        self, raw: RawTable, numbers: Sequence[int], rows: Sequence[int], cells: RawTable
    ) -> Gathered:
        """Return the records of some rows, for the usual door to tell what they are.

        ``numbers`` are those of the rows, ``rows`` those of the rows whose each record is; the
        records come in their order.
        """
        ruleset, floats = self.job.program.ruleset, FloatCounter(accepts=False)
        shaper = RecordShaper(ruleset, self.name, self.held, self.file.names, floats)
        records = shaper.list_records(read_cells(cells, self.file.coded))
        lists: dict[object, list[Record]] = {}
        for row, record in zip(rows, records, strict=True):
            lists.setdefault(row, []).append(record)
        told = list_keys(raw, self.held)
        keys = [None if x is None else number for x, number in zip(told, numbers, strict=True)]
        return Gathered(hand_out(lists, keys, self.held), self.held.key)
