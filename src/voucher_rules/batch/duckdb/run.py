"""Comes in: a table in a file. Goes out: results part by part, decided by DuckDB.

DuckDB reads, decides and writes in bounded memory; what is no Parquet is staged as such first. Rows
that no kernel decides come back here in small lots, are read by the usual door and decided by the
reference; rows that are no cases are written beside the results.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.cases.jobs import PART_ROWS, Job, Teller
from voucher_rules.batch.duckdb.engine import DuckEngine, tell_failures, tell_problem
from voucher_rules.batch.duckdb.quoting import quote, quote_text
from voucher_rules.batch.duckdb.records import DuckRecords
from voucher_rules.batch.duckdb.rest import Rest, type_columns
from voucher_rules.batch.duckdb.staging import stage_file
from voucher_rules.batch.duckdb.survey import survey_table
from voucher_rules.batch.memory.rows import Tally
from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.results.columns import (
    ROW,
    ResultColumn,
    Side,
    list_open_columns,
    list_settled_columns,
)
from voucher_rules.batch.results.folders import Part, RunFolder, name_open, name_part, name_rejected
from voucher_rules.batch.results.settling import Settler
from voucher_rules.batch.sql.checks import (
    check_job,
    check_names,
    find_columns,
    list_names,
    list_needed,
)
from voucher_rules.batch.sql.dialects import DUCKDB
from voucher_rules.batch.sql.engine import WHOLE
from voucher_rules.batch.sql.joining import ListTable
from voucher_rules.batch.sql.judging import SqlDoor
from voucher_rules.batch.sql.results import write_test
from voucher_rules.batch.sql.statements import LotText, LotWriter
from voucher_rules.compiled.nodes import NotLoweredError

_PARQUET: Final = "FORMAT parquet, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 100"
"""Most columns of results hold few values, or almost all different ones: those as differences."""
_STAGED: Final = "staged.parquet"
_HANDED_ON: Final = WHOLE | {"UBIGINT", "BOOLEAN", "VARCHAR", "DATE", "TIMESTAMP"}
"""Types of keys that are the same once they went through Python; a TIMESTAMP has no zone."""


@dataclass(slots=True)
class Duck:
    """DuckDB at work on one job."""

    job: Job
    folder: RunFolder
    duck: DuckConnection
    connection: Any = None
    source: Path = field(default_factory=Path)
    types: dict[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    door: SqlDoor | None = None
    silent: set[str] = field(default_factory=set)
    """Keys of which some cells are empty texts, which say nothing."""
    records: list[DuckRecords] = field(default_factory=list)
    part_rows: int = PART_ROWS
    """How many rows make a part where nothing else is said."""
    name: str = "duckdb"

    def open(self) -> None:
        """Connect, and look at the table. Raises :class:`NotLoweredError` for what is not done."""
        job = self.job
        check_job(job)
        if job.file.members:
            raise NotLoweredError("a folder of files", job.file.path.name)
        duckdb = import_package("duckdb", "duckdb")
        self.connection = self.duck.connect()
        self.connection.execute(f"SET temp_directory = {quote_text(str(self._spill()))}")
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET preserve_insertion_order = true")
        try:
            self._look()
        except duckdb.Error as error:
            self.close()
            raise NotLoweredError(tell_problem(error), job.file.path.name) from None
        except BaseException:
            self.close()
            raise

    def _spill(self) -> Path:
        return self.folder.reserve("spill")

    def close(self) -> None:
        """End the connection, and take away what it left."""
        self.duck.close()
        self.folder.reserve(_STAGED).unlink(missing_ok=True)
        for records in self.records:
            records.close()
        shutil.rmtree(self._spill(), ignore_errors=True)

    def _execute(self, text: str, *arguments: Any) -> Any:  # noqa: ANN401 - a cursor of DuckDB
        return self.connection.execute(text, *arguments)

    def _look(self) -> None:
        job = self.job
        check_names(job.file, self.folder.folder)
        staged = self.folder.reserve(_STAGED)
        self.source = stage_file(job.file, list_needed(job), staged, self._execute)
        described = self._execute(f"DESCRIBE SELECT * FROM {self._read()}").fetchall()
        self.types = {row[0]: str(row[1]) for row in described}
        numbered = self.types.pop("file_row_number", None)
        if numbered != "BIGINT" or "file_row_number" in job.file.names:
            raise NotLoweredError("a column called file_row_number", job.file.path.name)
        self._check_keys()
        self.facts = find_columns(job)
        self._open_door().check()
        for at, name in enumerate(job.records):
            self.records.append(DuckRecords(ListTable(job, name, at), self.folder, self._execute))
            self.records[-1].open(self.types)
        told = f"SELECT num_rows FROM parquet_file_metadata({quote_text(str(self.source))})"
        self.rows = self._execute(told).fetchone()[0]
        self.part_rows = self._find_part_rows()

    def _check_keys(self) -> None:
        """Check that keys come back as they went in. Raises :class:`NotLoweredError`."""
        path = quote_text(str(self.source))
        for key in self.job.keys:
            plain = self.types[key] in _HANDED_ON or self.types[key].startswith("DECIMAL")
            if self.types[key] == "DOUBLE":  # so longer decimals are read, too
                told = f"SELECT type FROM parquet_schema({path}) WHERE name = {quote_text(key)}"
                plain = {kind for (kind,) in self._execute(told).fetchall()} == {"DOUBLE"}
            if not plain:
                raise NotLoweredError("a key of a type that is handed on in memory", key)
            if self.types[key] == "VARCHAR":
                told = f"SELECT 1 FROM {self._read()} WHERE {quote(key)} = '' LIMIT 1"
                self.silent |= {key} if self._execute(told).fetchall() else set()

    def _open_door(self) -> SqlDoor:
        engine = DuckEngine(self.types, self._execute)
        return SqlDoor(self.job, self.types, self.facts, engine, self.job.file.coded)

    def _find_part_rows(self) -> int:
        """Return how many rows make a part: whole groups of rows, of which none is read twice."""
        if self.rows <= self.part_rows:
            return self.part_rows
        path = quote_text(str(self.source))
        first = f"SELECT row_group_num_rows FROM parquet_metadata({path}) WHERE row_group_id = 0"
        group: int = self._execute(f"{first} LIMIT 1").fetchone()[0]
        return self.part_rows // group * group or self.part_rows

    def _read(self) -> str:
        return f"read_parquet({quote_text(str(self.source))}, file_row_number = true)"

    # -- parts -----------------------------------------------------------------------------------

    def run(self, tell: Teller | None = None) -> None:
        """Decide every part that is not decided yet. Raises :class:`~.errors.InputError`."""
        with tell_failures():
            for records in self.records:
                records.join(self._read())
            self.folder.records = {records.name: records.tell() for records in self.records}
            self._run_parts(tell)

    def _run_parts(self, tell: Teller | None) -> None:
        size = self.job.size
        with Settler(self.folder) as settler:
            for number in range(-(-self.rows // size)):
                first = number * size
                stop = min(first + size, self.rows)
                if number not in self.folder.parts:
                    settler.settle(*self._decide_part(number, first, stop))
                if tell is not None:
                    settler.then(partial(tell, stop, self.rows))

    def _decide_part(self, number: int, first: int, stop: int) -> tuple[Part, Sequence[str]]:
        """Decide a part; return what came of it, and its files, which are whole."""
        made = self.folder.reserve(f"made-{number:05}.parquet")
        text = self._write_lot(first, stop)
        self._execute(f"COPY (\n{text.results}\n) TO {quote_text(str(made))} ({_PARQUET})")
        read = f"read_parquet({quote_text(str(made))})"
        counted = self._count(read)
        numbers = self._list_undecided(read) if None in counted else []
        rest, rejected = self._decide_rest(number, numbers)
        name = name_part(number, self.job.format)
        if numbers or self.job.format != "parquet":
            self._write_again(read, name, with_rest=bool(numbers))
            rest_too = " UNION ALL SELECT outcome FROM rest" if numbers else ""
            told = f"SELECT outcome FROM {read} WHERE outcome IS NOT NULL{rest_too}"
            counted = self._count(f"({told}) AS told")
            made.unlink()
        else:
            made.replace(self.folder.reserve(name))
        opened = name_open(number, self.job.format)
        self._write_open(text.opened, opened, with_rest=bool(numbers))
        part = Part(
            number,
            first=first + 1,
            read=stop - first,
            decided=sum(counted.values()),
            rejected=rest.rejected,
            by_reference=rest.by_reference,
            outcomes=counted,
            notes=dict(rest.notes),
        )
        return part, (name, opened, *rejected)

    def _count(self, read: str) -> dict[str, int]:
        """Return how often each outcome stands in a file of results; None is one, too."""
        counted = f"SELECT outcome, count(*) FROM {read} GROUP BY outcome"
        return dict(self._execute(counted).fetchall())

    def _list_undecided(self, read: str) -> list[int]:
        left = self._execute(f"SELECT {ROW} FROM {read} WHERE outcome IS NULL ORDER BY {ROW}")
        return [row for (row,) in left.fetchall()]

    def _write_again(self, read: str, name: str, *, with_rest: bool) -> None:
        """Write results in their form, the rows that no kernel decided among them."""
        whole = f"SELECT * FROM {read} WHERE outcome IS NOT NULL"
        if with_rest:
            rest = self._pick_rest(list_settled_columns(self.job.program))
            whole = f"{whole} UNION ALL {rest} ORDER BY {ROW}"
        self._copy(whole, name)

    def _write_open(self, text: str, name: str, *, with_rest: bool) -> None:
        """Write what is open of rows: of those kernels decided, by a statement, and of the rest."""
        columns = list_open_columns(self.job.program)
        parts = [text] if text else []
        if with_rest:
            tests = [write_test(item, DUCKDB) for item in columns if item.side is Side.OPEN]
            parts.append(f"{self._pick_rest(columns)} WHERE {' OR '.join(tests)} ORDER BY {ROW}")
        if not parts:
            listed = ", ".join(
                f"CAST(NULL AS {kind}) AS {quote(x)}" for x, kind in self._type(columns).items()
            )
            parts.append(f"SELECT {listed} WHERE false")
        self._copy("\nUNION ALL\n".join(parts), name)

    def _pick_rest(self, columns: Sequence[ResultColumn]) -> str:
        return f"SELECT {', '.join(map(quote, self._type(columns)))} FROM rest"

    def _type(self, columns: Sequence[ResultColumn]) -> dict[str, str]:
        return type_columns(self.job, self.types, columns)

    def _copy(self, text: str, name: str) -> None:
        target = quote_text(str(self.folder.reserve(name)))
        told = [f"{self._tell_key(x)} AS {quote(x)}" for x in self.job.keys]
        if told and self.job.format != "parquet":
            text = f"SELECT * REPLACE ({', '.join(told)}) FROM (\n{text}\n) AS told"
        form = {"parquet": _PARQUET, "csv": "FORMAT csv", "jsonl": "FORMAT json"}[self.job.format]
        self._execute(f"COPY (\n{text}\n) TO {target} ({form})")

    def _tell_key(self, key: str) -> str:
        """Return a key as text holds it: moments as ISO 8601 has them, decimals digit by digit."""
        name, kind = quote(key), self.types[key]
        if kind == "TIMESTAMP":
            return f"replace(strftime({name}, '%Y-%m-%dT%H:%M:%S.%f'), '.000000', '')"
        return f"CAST({name} AS VARCHAR)" if kind.startswith("DECIMAL") else name

    # -- one lot in SQL --------------------------------------------------------------------------

    def _lot(self, first: int, stop: int) -> str:
        """Return a lot as a relation of raw columns."""
        listed = ", ".join(["file_row_number", *map(self._pick, self._names)])
        where = f" WHERE file_row_number >= {first} AND file_row_number < {stop}"
        if stop - first == self.rows:
            where = ""
        return f"(SELECT {listed} FROM {self._read()}{where}) AS lot"

    @property
    def _names(self) -> list[str]:
        return list_names(self.job, self.facts)

    def _pick(self, name: str) -> str:
        """Return a column of the table; an empty text of a key says nothing, as everywhere."""
        told = quote(name)
        return f"NULLIF({told}, '') AS {told}" if name in self.silent else told

    def _write_lot(self, first: int, stop: int) -> LotText:
        """Return the statements that decide a lot."""
        if self.door is None:
            self.door = self._open_door()
            survey_table(self.door, self._lot(0, self.rows), self._execute)
        lot = self._lot(first, stop)
        writer = LotWriter(self.job, DUCKDB, lot, "file_row_number + 1")
        try:
            held = {records.name: records.judge(first, stop) for records in self.records}
            typed = self.door.judge(lot, held)
        except NotLoweredError:
            return writer.write_nothing()
        return writer.write(typed)

    # -- the rest --------------------------------------------------------------------------------

    def _decide_rest(self, number: int, numbers: Sequence[int]) -> tuple[Tally, list[str]]:
        """Decide the rows that no kernel did; return what became of them, and their files."""
        if not numbers:
            return Tally(), []
        rest = Rest(self.job, self._read(), self.types, self._names, self.records, self._execute)
        name = name_rejected(number)
        path = self.folder.reserve(name)
        rest.decide(numbers, path)
        if rest.tally.rejected:
            return rest.tally, [name]
        path.unlink()
        return rest.tally, []
