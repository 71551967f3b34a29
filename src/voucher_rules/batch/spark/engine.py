"""Comes in: what the door asks of a lot. Goes out: the answers of Spark, or of the files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.reading.far_days import FarDay, hold_far
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.spark.files import ParquetFiles, locate
from voucher_rules.batch.sql.dialects import SPARK, Speech
from voucher_rules.batch.sql.engine import (
    CellTable,
    Ends,
    read_decimal,
    read_measure,
    write_measure,
)
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

MOST_CELLS: Final = 1 << 20
"""How many different cells of a column are judged one by one."""
_TOO_MANY: Final = "too many different cells in one part; part_rows makes parts smaller"


def write_type(kind: str) -> str:
    """Return what Spark calls a type of the door."""
    return {"VARCHAR": "STRING", "INTEGER": "INT", "TIMESTAMP": "TIMESTAMP_NTZ"}.get(kind, kind)


def write_columns(types: Mapping[str, str]) -> str:
    """Return columns with their types as Spark is told of them."""
    return ", ".join(f"{SPARK.quote(name)} {write_type(kind)}" for name, kind in types.items())


@dataclass(frozen=True, slots=True)
class SparkEngine:
    """Spark, as the door of cells asks it about one lot; ``place`` says where cells are kept."""

    session: Any
    files: ParquetFiles
    types: Mapping[str, str]
    place: Callable[[str], Path]
    speech: Speech = SPARK

    def measure(self, lot: str, columns: Sequence[str]) -> dict[str, Ends]:
        """Return the ends of columns: as the files state them, else as Spark finds them."""
        made = {x: self.files.find_ends(x, self.types[x]) for x in columns}
        unknown = [name for name, ends in made.items() if ends is None]
        found = self._find_ends(lot, unknown) if unknown else {}
        return {name: ends or found[name] for name, ends in made.items()}

    def _find_ends(self, lot: str, columns: Sequence[str]) -> dict[str, Ends]:
        types = {column: self.types[column] for column in columns}
        try:
            (row,) = self.session.sql(write_measure(self.speech, types, lot)).collect()
        except (OverflowError, ValueError):  # a day that Python has none for: no day has ends
            days = {name for name, kind in types.items() if kind == "DATE"}
            told = {name: "VARCHAR" if name in days else kind for name, kind in types.items()}
            (row,) = self.session.sql(write_measure(self.speech, told, lot)).collect()
            found = read_measure(told, row)
            far = {name: replace(found[name], low=FarDay(), high=FarDay()) for name in days}
            return found | far
        return read_measure(types, row)

    def sample(self, column: str) -> frozenset[Any]:
        """Return some cells of a column."""
        return self.files.sample(column)

    def holds_only(self, column: str, cells: Collection[str]) -> bool:
        """Return whether a column surely holds nothing but some cells, and nulls."""
        return self.files.holds_only(column, cells)

    def list_cells(self, lot: str, column: str) -> list[Any]:
        """Return each different cell of a column. Raises :class:`InputError` for too many."""
        if self.files.rows <= MOST_CELLS:
            return self.files.list_cells(column)
        name = self.speech.quote(column)
        text = f"SELECT DISTINCT {name} FROM {lot} LIMIT {MOST_CELLS + 1}"
        found = [cell for (cell,) in self.session.sql(text).collect()]
        if len(found) > MOST_CELLS:
            told = {"engine": "Spark", "reason": _TOO_MANY}
            raise InputError([Diagnostic("executor-cannot", told, path=column)])
        return found

    def keep_cells(self, table: CellTable) -> None:
        """Write a table of cells, and give it its name."""
        arrow = import_package("pyarrow", "spark")
        parquet = import_package("pyarrow.parquet", "spark")
        kinds = (table.kind, table.value_kind, "BOOLEAN", "BOOLEAN")
        listed = write_columns(dict(zip(_CELLS, kinds, strict=True)))
        columns = (table.cells, table.values, table.none, table.odd)
        made = {
            name: arrow.array(hold_far(column), type=_find_arrow_type(arrow, kind))
            for name, column, kind in zip(_CELLS, columns, kinds, strict=True)
        }
        path = self.place(table.name)
        parquet.write_table(arrow.table(made), path)
        frame = self.session.read.schema(listed).parquet(locate(path))
        # nothing else is sent to every executor unless it is known to be small
        frame.hint("broadcast").createOrReplaceTempView(table.name)


_CELLS: Final = ("cell", "value", "none", "odd")


def _find_arrow_type(arrow: Any, kind: str) -> Any:  # noqa: ANN401 - of pyarrow
    """Return the type of Arrow that Spark reads as one of the door's."""
    if kind.startswith("DECIMAL"):
        return arrow.decimal128(*read_decimal(kind))
    return {
        "TINYINT": arrow.int8(),
        "SMALLINT": arrow.int16(),
        "INTEGER": arrow.int32(),
        "BIGINT": arrow.int64(),
        "BOOLEAN": arrow.bool_(),
        "DATE": arrow.date32(),
        "TIMESTAMP": arrow.timestamp("us"),
    }.get(kind, arrow.string())
