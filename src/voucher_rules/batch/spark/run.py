"""Comes in: a table in a file or a folder. Goes out: results part by part, decided by Spark SQL.

Spark reads, decides and writes with as many tasks as it has; no row goes through Python but those
that no kernel decides. The folder must be one that Spark's executors and this process share.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from voucher_rules.batch.cases.jobs import PART_ROWS, Job, Teller
from voucher_rules.batch.results.columns import ROW
from voucher_rules.batch.results.folders import Part, RunFolder, name_open, name_part, name_rejected
from voucher_rules.batch.spark.engine import SparkEngine, write_columns
from voucher_rules.batch.spark.files import (
    NUMBER,
    ParquetFiles,
    check_taken,
    count_outcomes,
    list_staged_types,
    list_written,
    locate,
)
from voucher_rules.batch.spark.records import SparkRecords
from voucher_rules.batch.spark.rest import Rest, read_keys, write_empty
from voucher_rules.batch.spark.session import open_beside, start_session, tell_failures
from voucher_rules.batch.sql.checks import (
    check_job,
    check_names,
    find_columns,
    list_names,
    list_needed,
)
from voucher_rules.batch.sql.dialects import SPARK
from voucher_rules.batch.sql.engine import WHOLE
from voucher_rules.batch.sql.joining import ListTable
from voucher_rules.batch.sql.judging import SqlDoor
from voucher_rules.batch.sql.staging import stage_parts
from voucher_rules.batch.sql.statements import LotText, LotWriter
from voucher_rules.compiled.nodes import NotLoweredError

WIDE_PART_ROWS: Final = 1 << 24
"""How many rows make a part where nothing else is said and few cells are judged one by one."""
_FEW: Final = 1 << 20
"""Up to so many rows left are sent to every executor to be found again."""
_VIEW: Final = "vr_table"
_MADE: Final = "vr_made"
_PLAIN_KEYS: Final = WHOLE | {"BOOLEAN", "VARCHAR", "DATE"}
_PARQUET: Final[Mapping[str, str]] = {"parquet.writer.version": "v2"}
"""Numbers that are almost all different, as of rows, are written as differences."""
_WRITING: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "parquet": ("parquet", _PARQUET),
    "csv": (
        "csv",
        {
            "header": "true",
            "escape": '"',
            "ignoreLeadingWhiteSpace": "false",
            "ignoreTrailingWhiteSpace": "false",
        },
    ),
    "jsonl": ("json", {"ignoreNullFields": "false"}),
}
"""How each form is called by Spark, and what it is told to write it as everyone here does."""


@dataclass(slots=True)
class Spark:
    """Spark at work on one job; ``session`` is the one that was given, if any."""

    job: Job
    folder: RunFolder
    session: Any = None
    own: Any = None
    files: ParquetFiles = field(default_factory=lambda: ParquetFiles(()))
    types: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    records: list[SparkRecords] = field(default_factory=list)
    attempt: str = field(default_factory=lambda: uuid4().hex)
    """Names what this run leaves unfinished: one that was killed may still be writing."""
    part_rows: int = PART_ROWS
    """How many rows make a part where nothing else is said."""
    name: str = "spark"

    def open(self) -> None:
        """Look at the table.

        Raises :class:`NotLoweredError` for what is not done, and :class:`~.errors.InputError`.
        """
        job = self.job
        check_job(job)
        check_names(job.file, self.folder.folder)
        self.own = open_beside(self.session or start_session())
        if self._is_staged():
            check_taken(list_needed(job))
            self.types = list_staged_types(job.file)
        else:
            self.files = ParquetFiles(job.file.paths)
            self.files.open()
            self.types = self.files.list_types()
        self._check_keys()
        self.facts = find_columns(job)
        door = self._open_door(self.files)
        door.check()
        self._open_records()
        long = self._is_staged() or door.list_looked_up()
        if not (long or any(records.seems_long() for records in self.records)):
            self.part_rows = WIDE_PART_ROWS

    def _open_records(self) -> None:
        """Look at the tables of records. Raises :class:`NotLoweredError`."""
        for at, name in enumerate(self.job.records):
            self.records.append(SparkRecords(ListTable(self.job, name, at), self._reserve))
            self.records[-1].open(self.types, self.folder.folder)

    def _is_staged(self) -> bool:
        """Return whether the table is read here, and handed on as Parquet."""
        return self.job.file.suffix != ".parquet"

    def _check_keys(self) -> None:
        """Check that keys come out as they came. Raises :class:`NotLoweredError`."""
        for key in self.job.keys:
            kind = self.types[key]
            plain = kind in _PLAIN_KEYS
            typed = kind.startswith("DECIMAL") or kind in {"TIMESTAMP", "FLOAT", "DOUBLE"}
            if not plain and not (typed and self.job.format == "parquet"):
                raise NotLoweredError("a key of a type that Spark would write in another way", key)

    def close(self) -> None:
        """Take away what was left unfinished, and forget what was read."""
        for path in self.folder.folder.glob(f"*.{self.attempt}.*"):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
        if self.own is not None:
            for view in (_VIEW, _MADE):
                self.own.catalog.dropTempView(view)

    def _reserve(self, number: int, what: str) -> Path:
        return self.folder.reserve(f"{what}-{number:05}.{self.attempt}.parquet")

    # -- parts -----------------------------------------------------------------------------------

    def run(self, tell: Teller | None = None) -> None:
        """Decide every part that is not decided yet. Raises :class:`~.errors.InputError`."""
        with tell_failures():
            if self.records:
                self._join_records()
            if self._is_staged() and not self.records:
                self._run_staged(tell)
            else:
                self._run_files(tell)

    def _join_records(self) -> None:
        """Bring records and rows together, of which all must then be there."""
        if self._is_staged():
            self.files = self._stage_whole()
        table = self._open_lot(self.files, 0, self.files.rows)
        for records in self.records:
            records.join(self.own, table, NUMBER, self.job.size)
        self.folder.records = {records.name: records.tell() for records in self.records}

    def _stage_whole(self) -> ParquetFiles:
        """Stage every part of the table, and return the files."""

        def place(number: int) -> Path:
            return self._reserve(number, "staged")

        staged = stage_parts(self.job.file, list_needed(self.job), self.job.size, place)
        files = ParquetFiles([place(part.number) for part in staged] or [place(0)])
        files.open()
        return files

    def _run_files(self, tell: Teller | None) -> None:
        size, rows = self.job.size, self.files.rows
        for number in range(-(-rows // size)):
            first, stop = number * size, min((number + 1) * size, rows)
            if number not in self.folder.parts:
                self._decide_part(number, self.files.cut(first, stop), first, stop)
            if tell is not None:
                tell(stop, rows)

    def _run_staged(self, tell: Teller | None) -> None:
        def place(number: int) -> Path | None:
            return None if number in self.folder.parts else self._reserve(number, "staged")

        needed = list_needed(self.job)
        for staged in stage_parts(self.job.file, needed, self.job.size, place):
            path, stop = place(staged.number), staged.first + staged.rows
            if path is not None:
                files = ParquetFiles((path,), staged.first)
                files.open()
                self._decide_part(staged.number, files, staged.first, stop)
                path.unlink()
            if tell is not None:
                tell(stop, None)

    def _decide_part(self, number: int, files: ParquetFiles, first: int, stop: int) -> None:
        self.folder.clear_part(number)
        lot = self._open_lot(files, first, stop)
        made, text = self._reserve(number, "made"), self._write_lot(number, files, lot)
        self._make_steps(number, text)
        self.own.sql(text.results).write.options(**_PARQUET).parquet(locate(made))
        keys = read_keys(list_written(made)[0], self.job.keys)
        counted = self._count(made, "parquet")
        left = counted.pop(None, 0)
        settled, opened = (
            _PartFiles(self.folder, number, self.job.format, name)
            for name in (name_part, name_open)
        )
        if counted and not left and self.job.format == "parquet":
            settled.take(made)
        elif counted:
            counted = self._write_whole(number, made, settled)
        if text.opened:
            opened.take(self._write_form(number, "opened", self.own.sql(text.opened)))
        rest = Rest(self.job, settled.reserve_next, opened.reserve_next)
        if left:
            self._decide_rest(number, lot, made, left, rest, settled)
        if not opened.settled and not opened.reserved:
            write_empty(self.job, opened.reserve_next(), keys)
        opened.settle_reserved()
        outcomes = Counter(counted) + rest.tally.outcomes
        for path in (made, *(self._reserve(number, name) for name, _ in text.steps)):
            shutil.rmtree(path, ignore_errors=True)
        self.folder.close_part(
            Part(
                number,
                first=first + 1,
                read=stop - first,
                decided=outcomes.total(),
                rejected=rest.tally.rejected,
                by_reference=rest.tally.by_reference,
                outcomes=dict(outcomes),
                files=settled.settled | opened.settled,
                notes=dict(rest.tally.notes),
            )
        )

    def _make_steps(self, number: int, text: LotText) -> None:
        """Write what the statements of a lot read, and give it its name."""
        for name, step in text.steps:
            path = self._reserve(number, name)
            self.own.sql(step).write.parquet(locate(path))
            self.own.read.parquet(locate(path)).createOrReplaceTempView(name)

    def _count(self, path: Path, form: str) -> dict[Any, int]:
        """Return how often each outcome stands in what was written."""
        if form == "parquet":
            return count_outcomes(list_written(path))
        name, options = _WRITING[form]
        reader = self.own.read.options(**options)
        reader = reader.option("multiLine", "true") if form == "csv" else reader
        schema = "outcome STRING" if form == "jsonl" else None
        held = reader.load(locate(path), format=name, schema=schema)
        found = held.groupBy("outcome").count().collect()
        return dict(found)

    def _write_whole(self, number: int, made: Path, files: _PartFiles) -> dict[Any, int]:
        """Write the rows that are decided as they are to stand; return their outcomes."""
        frame = self.own.read.parquet(locate(made)).where("outcome IS NOT NULL")
        path = self._write_form(number, "whole", frame)
        counted = self._count(path, self.job.format)
        files.take(path)
        return counted

    def _write_form(self, number: int, what: str, frame: Any) -> Path:  # noqa: ANN401 - of pyspark
        """Write rows in the form of the results; return the folder they are in."""
        path = self._reserve(number, what)
        name, options = _WRITING[self.job.format]
        frame.write.save(locate(path), format=name, **options)
        return path

    # -- one lot in SQL --------------------------------------------------------------------------

    def _open_door(self, files: ParquetFiles, number: int = 0) -> SqlDoor:
        def place(name: str) -> Path:
            return self._reserve(number, name)

        engine = SparkEngine(self.own, files, self.types, place)
        return SqlDoor(self.job, self.types, self.facts, engine, self.job.file.coded)

    def _open_lot(self, files: ParquetFiles, first: int, stop: int) -> str:
        """Return a lot as a relation of raw columns."""
        names = list_names(self.job, self.facts)
        listed = [f"{files.number(self.own)} AS {NUMBER}", *map(self._pick, names)]
        columns = write_columns({name: self.types[name] for name in names})
        frame = files.read(self.own, columns).selectExpr(*listed)
        frame.createOrReplaceTempView(_VIEW)
        whole = files.first == first and files.first + files.rows == stop
        where = "" if whole else f" WHERE {NUMBER} >= {first} AND {NUMBER} < {stop}"
        return f"(SELECT * FROM {_VIEW}{where}) AS lot"

    def _pick(self, name: str) -> str:
        """Return a column of the table; an empty text of a key says nothing, as everywhere."""
        told = SPARK.quote(name)
        silent = name in self.job.keys and self.types[name] == "VARCHAR"
        return f"NULLIF({told}, '') AS {told}" if silent else told

    def _write_lot(self, number: int, files: ParquetFiles, lot: str) -> LotText:
        """Return the statements that decide a lot."""
        told = f"lot.{NUMBER} + 1"
        writer = LotWriter(self.job, SPARK, lot, told)
        for records in self.records:
            records.open_part(number)
        try:
            held = {records.name: records.judge(f"({told})") for records in self.records}
            return writer.write(self._open_door(files, number).judge(lot, held))
        except NotLoweredError:
            return writer.write_nothing()

    # -- the rest --------------------------------------------------------------------------------

    def _decide_rest(  # noqa: PLR0913, PLR0917 - what the rest of one part is
        self, number: int, lot: str, made: Path, left: int, rest: Rest, files: _PartFiles
    ) -> None:
        """Decide the rows that no kernel did, a few at a time."""
        path = self._reserve(number, "left")
        hint = "BROADCAST(undecided)" if left <= _FEW else "MERGE(undecided)"
        self.own.read.parquet(locate(made)).createOrReplaceTempView(_MADE)
        undecided = f"(SELECT {ROW} FROM {_MADE} WHERE outcome IS NULL) AS undecided"
        text = (
            f"SELECT /*+ {hint} */ lot.* FROM {lot} LEFT SEMI JOIN {undecided}"
            f" ON lot.{NUMBER} + 1 = undecided.{ROW} ORDER BY lot.{NUMBER}"
        )
        self.own.sql(text).write.parquet(locate(path))
        rest.records = [records.write_left(undecided, hint) for records in self.records]
        rejected = name_rejected(number)
        reserved = self.folder.reserve(rejected)
        rest.decide(list_written(path), reserved)
        files.settle_reserved()
        if rest.tally.rejected:
            files.settled[rejected] = self.folder.settle(rejected)
        else:
            reserved.unlink()
        shutil.rmtree(path)
        for records in self.records:
            records.drop_left()


@dataclass(slots=True)
class _PartFiles:
    """The files of one side of a part, numbered as they come; with their digests."""

    folder: RunFolder
    number: int
    form: str
    name: Callable[[int, str], str]
    settled: dict[str, str] = field(default_factory=dict)
    reserved: list[str] = field(default_factory=list)

    def reserve_next(self) -> Path:
        """Return where the next file is to be written."""
        count = len(self.settled) + len(self.reserved)
        name = self.name(self.number, f"{count:04}.{self.form}")
        self.reserved.append(name)
        return self.folder.reserve(name)

    def settle_reserved(self) -> None:
        """Put the files that were written in their places."""
        for name in self.reserved:
            self.settled[name] = self.folder.settle(name)
        self.reserved = []

    def take(self, path: Path) -> None:
        """Take over the files that Spark wrote into a folder."""
        for written in list_written(path):
            written.replace(self.reserve_next())
        self.settle_reserved()
        shutil.rmtree(path)
