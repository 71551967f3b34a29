"""Comes in: files of Parquet, one after the other. Goes out: their rows by number, and their ends.

A row is known by its number in all files together, which its file and its place there tell: no
order in which Spark reads or writes is relied on. The ends of numbers and days are those the files
themselves state of them, as far as they do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.reading.chunked_files import TableFile
from voucher_rules.batch.reading.far_days import FarDay, list_cells
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.results.arrow_columns import list_column_types
from voucher_rules.batch.sql.dialects import SPARK
from voucher_rules.batch.sql.engine import Ends, has_ends
from voucher_rules.compiled.nodes import NotLoweredError

NUMBER: Final = "vr_row"
"""The column that numbers the rows of a view, from 0."""
_SAMPLE: Final = 1 << 14
"""How many rows are looked at to guess what a column holds."""
_TAKEN: Final = ("_metadata", NUMBER)
"""Names that no column of a table may have."""


@dataclass(frozen=True, slots=True)
class ParquetFiles:
    """Files whose rows are counted on from one to the next; ``first`` is the number of the first.

    All have the same columns.
    """

    paths: Sequence[Path]
    first: int = 0
    _metadata: list[Any] = field(default_factory=list)
    _held: dict[tuple[Path, str], bool] = field(default_factory=dict)
    """Of columns that were looked through, whether a file holds nothing but what was asked."""

    def open(self) -> None:
        """Read what the files state of themselves. Raises :class:`NotLoweredError`."""
        parquet = import_package("pyarrow.parquet", "spark")
        for path in self.paths:
            with parquet.ParquetFile(path) as file:
                self._metadata.append(file.metadata)
                check_taken(file.schema_arrow.names)

    @property
    def counts(self) -> list[int]:
        """How many rows each file has."""
        return [item.num_rows for item in self._metadata]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(self.counts)

    def cut(self, first: int, stop: int) -> ParquetFiles:
        """Return the files that hold some rows."""
        starts = self._list_starts()
        held = [
            at
            for at, count in enumerate(self.counts)
            if count and starts[at] < stop and first < starts[at] + count
        ]
        paths = [self.paths[at] for at in held]
        begin = starts[held[0]] if held else first
        return ParquetFiles(paths, begin, [self._metadata[at] for at in held], self._held)

    def _list_starts(self) -> list[int]:
        return list(accumulate(self.counts, initial=self.first))

    def list_types(self) -> dict[str, str]:
        """Return the types of the columns by the names the door has for them."""
        parquet = import_package("pyarrow.parquet", "spark")
        with parquet.ParquetFile(self.paths[0]) as file:
            return {item.name: name_type(item.type) for item in file.schema_arrow}

    # -- as Spark reads them ---------------------------------------------------------------------

    def read(self, session: Any, columns: str) -> Any:  # noqa: ANN401 - of pyspark
        """Return the rows as a frame of Spark, with some columns."""
        return session.read.schema(columns).parquet(*map(locate, self.paths))

    def number(self, session: Any) -> str:  # noqa: ANN401 - of pyspark
        """Return what numbers the rows of such a frame, from 0."""
        starts = self._list_starts()
        if len(self.paths) == 1:
            start = f"{starts[0]}L"
        else:
            listed = ", ".join(
                f"{SPARK.quote_text(_name_file(session, path))}, {at}L"
                for path, at in zip(self.paths, starts, strict=False)
            )
            start = f"element_at(map({listed}), _metadata.file_name)"
        return f"_metadata.row_index + {start}"

    # -- what they state -------------------------------------------------------------------------

    def find_ends(self, column: str, kind: str) -> Ends | None:
        """Return the ends of a column as the files state them; None where one does not."""
        found = [x for item in self._metadata for x in _list_statistics(item, column)]
        if not found or not all(x is not None and x.has_null_count for x, _ in found):
            return None
        stated = [x for x, count in found if x.null_count < count]
        some, full = bool(stated), all(not x.null_count for x, _ in found)
        if not some or not has_ends(kind):
            return Ends(some, full)
        if not all(x.has_min_max for x in stated):
            return None
        try:
            if not all(map(_is_sure, stated)):
                return None
            return Ends(some, full, min(x.min for x in stated), max(x.max for x in stated))
        except OverflowError:  # a day that Python has none for: judged cell by cell
            return Ends(some, full, FarDay(), FarDay())

    def list_cells(self, column: str) -> list[Any]:
        """Return each different cell of a column, all of whose rows are read here."""
        arrow = import_package("pyarrow", "spark")
        compute = import_package("pyarrow.compute", "spark")
        parquet = import_package("pyarrow.parquet", "spark")
        tables = [parquet.read_table(path, columns=[column]) for path in self.paths]
        return list_cells(compute.unique(arrow.concat_tables(tables).column(0)))

    def holds_only(self, column: str, cells: Collection[str]) -> bool:
        """Return whether a column surely holds nothing but some cells, and nulls.

        Each file is looked through once: of a column it is always the same that is asked.
        """
        for path in self.paths:
            if (path, column) not in self._held:
                self._held[path, column] = _holds_only(path, column, cells)
        return all(self._held[path, column] for path in self.paths)

    def sample(self, column: str) -> frozenset[Any]:
        """Return some cells of a column: those of the first rows."""
        parquet = import_package("pyarrow.parquet", "spark")
        with parquet.ParquetFile(self.paths[0]) as file:
            batches = file.iter_batches(batch_size=_SAMPLE, columns=[column])
            batch = next(batches, None)
        return frozenset() if batch is None else frozenset(list_cells(batch.column(0)))


def check_taken(names: Iterable[str]) -> None:
    """Check that no column is called like one of Spark's own. Raises :class:`NotLoweredError`."""
    for name in names:
        if name in _TAKEN:
            raise NotLoweredError("a column called like one of Spark's own", name)


def _holds_only(path: Path, column: str, cells: Collection[str]) -> bool:
    """Look through the dictionaries of a column, or make them, one group of rows at a time."""
    parquet = import_package("pyarrow.parquet", "spark")
    with parquet.ParquetFile(path, read_dictionary=[column]) as file:
        for group in range(file.num_row_groups):
            held = file.read_row_group(group, columns=[column]).column(column)
            for chunk in held.chunks:
                some = chunk.dictionary
                if len(some) > len(cells) or not all(x in cells for x in some.to_pylist()):
                    return False
    return True


def _name_file(session: Any, path: Path) -> str:  # noqa: ANN401 - of pyspark
    """Return what Spark calls a file: as it writes its name in an address."""
    made = session._jvm.org.apache.hadoop.fs.Path(locate(path))  # noqa: SLF001 - told nowhere else
    return str(made.toUri().getRawPath()).rpartition("/")[2]


def locate(path: Path) -> str:
    """Return the address of a file for Spark, whose own file system may be another."""
    return f"file:{path.resolve()}"


_NAMES: Final[Mapping[str, str]] = {
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint8": "SMALLINT",
    "uint16": "INTEGER",
    "uint32": "BIGINT",
    "bool": "BOOLEAN",
    "string": "VARCHAR",
    "large_string": "VARCHAR",
    "date32[day]": "DATE",
    "timestamp[ms]": "TIMESTAMP",
    "timestamp[us]": "TIMESTAMP",
    "float": "FLOAT",
    "double": "DOUBLE",
}


def list_staged_types(file: TableFile) -> dict[str, str]:
    """Return the types of the columns of a table as it is staged, as of one that came so."""
    return {name: name_type(kind) for name, kind in list_column_types(file, file.names).items()}


def name_type(kind: Any) -> str:  # noqa: ANN401 - of pyarrow
    """Return the name by which the door knows a type, if it does and Spark reads it alike."""
    told = str(getattr(kind, "value_type", kind)) if "dictionary" in str(kind) else str(kind)
    if told.startswith("decimal128("):
        width, _, scale = told.removeprefix("decimal128(").rstrip(")").partition(", ")
        return f"DECIMAL({width},{scale})" if int(scale) >= 0 else told
    return _NAMES.get(told, told)


def list_written(path: Path) -> Sequence[Path]:
    """Return the files that Spark wrote into a folder, in the order of its tasks."""
    return sorted(path.glob("part-*"))


def read_batches(paths: Sequence[Path], size: int) -> Iterator[Any]:
    """Yield the rows of files as tables of Arrow, none longer than ``size``."""
    arrow = import_package("pyarrow", "spark")
    parquet = import_package("pyarrow.parquet", "spark")
    for path in paths:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=size):
                if batch.num_rows:
                    yield arrow.Table.from_batches([batch])


def count_outcomes(paths: Sequence[Path]) -> Counter[Any]:
    """Return how often each outcome stands in some files of results; None for none."""
    compute = import_package("pyarrow.compute", "spark")
    parquet = import_package("pyarrow.parquet", "spark")
    made: Counter[Any] = Counter()
    for path in paths:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=["outcome"]):
                for item in compute.value_counts(batch.column(0)).to_pylist():
                    made[item["values"]] += item["counts"]
    return made


def _list_statistics(metadata: Any, column: str) -> list[tuple[Any, int]]:  # noqa: ANN401 - of pyarrow
    """Return what is stated of a column by each group of rows, and how many rows the group has."""
    schema = metadata.schema
    paths = [schema.column(at).path for at in range(len(schema))]
    if paths.count(column) != 1:
        return [(None, 0)]  # a dot in a path may also stand between a column and one within it
    at = paths.index(column)
    groups: Mapping[int, Any] = {x: metadata.row_group(x) for x in range(metadata.num_row_groups)}
    return [(x.column(at).statistics, x.num_rows) for x in groups.values() if x.num_rows]


def _is_sure(stated: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether the ends are those of whole numbers, exact decimals or days."""
    ends = (stated.min, stated.max)
    return all(type(x) in (int, date, Decimal) for x in ends)
