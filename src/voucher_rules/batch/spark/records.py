"""Comes in: a table in Spark and files of records. Goes out: the records of each part.

The records are brought together with their rows by one join and written into a folder for each
part, which then reads its own alone. All of that is Spark's, in bounded memory; to this process
come no records but those of rows that no kernel decides, a few rows at a time.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.cases.joining import Gathered
from voucher_rules.batch.reading.columns import RawTable, open_table
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.results.columns import ROW
from voucher_rules.batch.spark.engine import SparkEngine, write_columns, write_type
from voucher_rules.batch.spark.files import (
    ParquetFiles,
    check_taken,
    list_staged_types,
    list_written,
    locate,
    read_batches,
)
from voucher_rules.batch.sql.dialects import SPARK
from voucher_rules.batch.sql.joining import NUMBER, WHOSE, ListTable
from voucher_rules.batch.sql.staging import stage_table
from voucher_rules.batch.sql.typed import HeldRecords

_PART: Final = "vr_part"
_NO_PART: Final = -1
"""In the place of a part, for records of no row."""
_CHUNK: Final = 1 << 16
"""How many records are read at a time."""


@dataclass(slots=True)
class SparkRecords:
    """The records of one list; ``types`` are of the columns here, ``own`` of the table's.

    ``place`` says where a file or folder is kept, by a number and what it is. ``read`` records came
    in, of which ``unmatched`` are of no row.
    """

    listed: ListTable
    place: Callable[[int, str], Path]
    own: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    files: ParquetFiles = field(default_factory=lambda: ParquetFiles(()))
    session: Any = None
    number: int = 0
    part: ParquetFiles = field(default_factory=lambda: ParquetFiles(()))
    """The part that is decided, and the files of its records."""
    read: int = 0
    unmatched: int = 0

    @property
    def name(self) -> str:
        """The list."""
        return self.listed.name

    def open(self, own: Mapping[str, str], folder: Path) -> None:
        """Look at the records beside a table; the run goes into a folder.

        Raises :class:`~voucher_rules.compiled.nodes.NotLoweredError`.
        """
        listed, file = self.listed, self.listed.file
        listed.check_file(folder)
        if self._is_staged():
            check_taken(listed.needed)
            self.types = list_staged_types(file)
        else:
            self.files = ParquetFiles(file.paths)
            self.files.open()
            self.types = self.files.list_types()
        self.own = own
        engine = self._open_engine(self.files)
        listed.check_columns(own[listed.held.key], self.types, engine, [_PART])

    def _is_staged(self) -> bool:
        return self.listed.file.suffix != ".parquet"

    def seems_long(self) -> bool:
        """Return whether fields are surely judged cell by cell."""
        door = self.listed.open_door(self.types, self._open_engine(self.files))
        return self._is_staged() or bool(door.list_looked_up())

    def _open_engine(self, files: ParquetFiles, number: int = 0) -> SparkEngine:
        def place(name: str) -> Path:
            return self.place(number, name)

        return SparkEngine(self.session, files, self.types, place)

    # -- beside their rows -----------------------------------------------------------------------

    def join(self, session: Any, table: str, number: str, size: int) -> None:  # noqa: ANN401 - of pyspark
        """Write the records with the numbers of their rows, a folder for each ``size`` rows.

        ``number`` numbers the rows of the table from 0. Raises :class:`~.errors.InputError`.
        """
        self.session, listed = session, self.listed
        key = listed.held.key
        rows = listed.write_rows(table, number, self.own[key], SPARK)
        records = listed.write_records(self._read_given(), NUMBER, self.types[key], SPARK)
        part = f"COALESCE(({WHOSE} - 1) div {size}, {_NO_PART}) AS {_PART}"
        # parts of any size are written by as many tasks as they need
        text = (
            f"SELECT /*+ REBALANCE({_PART}) */ *, {part}"
            f" FROM ({listed.write_joined(rows, records, SPARK, 'LEFT JOIN')}) AS joined"
        )
        session.sql(text).write.partitionBy(_PART).parquet(locate(self._folder))
        self.read, self.unmatched = self.files.rows, self._open_files(_NO_PART).rows

    def _open_files(self, part: int) -> ParquetFiles:
        """Return the files of the records of a part."""
        files = ParquetFiles(list_written(self._folder / f"{_PART}={part}"))
        files.open()
        return files

    def _read_given(self) -> str:
        """Return the records as they came, numbered. Raises :class:`~.errors.InputError`."""
        listed, view = self.listed, f"given_{self.listed.place}"
        if self._is_staged():
            path = self.place(listed.place, "given")
            stage_table(listed.file, listed.needed, path)
            self.files = ParquetFiles((path,))
            self.files.open()
        kinds = {name: self.types[name] for name in listed.needed}
        frame = self.files.read(self.session, write_columns(kinds))
        number = f"{self.files.number(self.session)} AS {NUMBER}"
        frame.selectExpr(number, *map(SPARK.quote, kinds)).createOrReplaceTempView(view)
        return view

    @property
    def _folder(self) -> Path:
        return self.place(self.listed.place, "records")

    def tell(self) -> dict[str, int]:
        """Return how many records there are, and how many of them are of no row."""
        return {"read": self.read, "unmatched": self.unmatched}

    # -- of one part -----------------------------------------------------------------------------

    def open_part(self, number: int) -> None:
        """Take the records of a part."""
        self.number = number
        self.part = self._open_files(number)
        kinds = {WHOSE: "BIGINT", NUMBER: "BIGINT"}
        kinds |= {name: self.types[name] for name in self.listed.columns}
        if self.part.paths:
            frame = self.part.read(self.session, write_columns(kinds))
        else:
            empty = [f"CAST(NULL AS {write_type(y)}) AS {SPARK.quote(x)}" for x, y in kinds.items()]
            frame = self.session.range(0).selectExpr(*empty)
        frame.createOrReplaceTempView(self._view)

    @property
    def _view(self) -> str:
        return f"records_{self.listed.place}"

    def judge(self, number: str) -> HeldRecords:
        """Judge the records of the part, whose rows ``number`` numbers from 1.

        Raises :class:`~voucher_rules.compiled.nodes.NotLoweredError`.
        """
        door = self.listed.open_door(self.types, self._open_engine(self.part, self.number))
        text, typed = door.write(f"(SELECT * FROM {self._view}) AS lot", WHOSE)
        records, counts = self.listed.views
        self.session.sql(text).createOrReplaceTempView(records)
        self.session.sql(door.write_counts(records)).createOrReplaceTempView(counts)
        return self.listed.hold(number, typed, some_odd=True)

    def write_left(self, undecided: str, hint: str) -> LeftRecords:
        """Write the records of rows, a relation of their numbers ``undecided``, in their order.

        ``hint`` tells how it is joined.
        """
        text = (
            f"SELECT /*+ {hint} */ held.* FROM {self._view} AS held LEFT SEMI JOIN {undecided}"
            f" ON held.{WHOSE} = undecided.{ROW} ORDER BY held.{WHOSE}, held.{NUMBER}"
        )
        self.session.sql(text).write.parquet(locate(self._left))
        return LeftRecords(self.listed, read_batches(list_written(self._left), _CHUNK))

    def drop_left(self) -> None:
        """Take away what was written of rows that were left."""
        shutil.rmtree(self._left)

    @property
    def _left(self) -> Path:
        return self.place(self.number, f"left_{self.listed.place}")


@dataclass(slots=True)
class LeftRecords:
    """The records of the rows of a part that were left, read on as these are taken."""

    listed: ListTable
    tables: Iterator[Any]
    ahead: Any = None
    """Records that were read, of rows that were not taken yet."""

    def fetch(self, raw: RawTable, numbers: Sequence[int]) -> Gathered:
        """Return the records of the next rows, for the usual door to tell what they are."""
        rows: list[int] = []
        cells: dict[str, list[Any]] = {name: [] for name in self.listed.columns}
        for table in self._take(numbers[-1]):
            rows += table.column(WHOSE).to_pylist()
            for name, held in open_table(table).columns.items():
                if name in cells:
                    cells[name] += held
        return self.listed.gather(raw, numbers, rows, RawTable(cells, len(rows)))

    def _take(self, last: int) -> Iterator[Any]:
        """Yield the records of all rows up to one."""
        compute = import_package("pyarrow.compute", "spark")
        table = next(self.tables, None) if self.ahead is None else self.ahead
        self.ahead = None
        while table is not None:
            count = compute.sum(compute.less_equal(table.column(WHOSE), last)).as_py()
            yield table.slice(0, count)
            if count < table.num_rows:
                self.ahead = table.slice(count)
                return
            table = next(self.tables, None)
