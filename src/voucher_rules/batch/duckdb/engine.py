"""Comes in: what the door asks of a lot. Goes out: the answers of DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.sql.dialects import DUCKDB, Speech
from voucher_rules.batch.sql.engine import CellTable, Ends, read_measure, write_measure
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

_INTERRUPTED: Final = "Query interrupted"
"""What DuckDB says in a plain RuntimeError where someone interrupts the process."""


@contextmanager
def tell_failures() -> Iterator[None]:
    """Tell what DuckDB raises as a fault of the run, or as the interruption that it was.

    Raises :class:`InputError`.
    """
    errors = import_package("duckdb", "duckdb").Error
    try:
        yield
    except errors as error:
        raise InputError(
            [Diagnostic("duckdb-failed", {"problem": tell_problem(error)}, path="duckdb")]
        ) from error
    except RuntimeError as error:
        if str(error) != _INTERRUPTED:
            raise
        raise KeyboardInterrupt from error


def tell_problem(error: Exception) -> str:
    """Return the line of an error that says what it is."""
    return str(error).partition("\n")[0]


@dataclass(frozen=True, slots=True)
class DuckEngine:
    """DuckDB, as the door of cells asks it."""

    types: Mapping[str, str]
    execute: Callable[..., Any]
    speech: Speech = DUCKDB

    def measure(self, lot: str, columns: Sequence[str]) -> dict[str, Ends]:
        """Return the ends of columns."""
        if not columns:
            return {}
        types = {column: self.types[column] for column in columns}
        row = self.execute(write_measure(self.speech, types, lot)).fetchone()
        return read_measure(types, row)

    def sample(self, column: str) -> None:
        """Return nothing: to list all cells is quick."""

    def holds_only(self, column: str, cells: Collection[str]) -> bool:  # noqa: ARG002 - as the protocol has it
        """Return that it is not known: what is plain in a whole table is found out before."""
        return False

    def list_cells(self, lot: str, column: str) -> list[Any]:
        """Return each different cell of a column."""
        found = self.execute(f"SELECT DISTINCT {self.speech.quote(column)} FROM {lot}").fetchall()
        return [cell for (cell,) in found]

    def keep_cells(self, table: CellTable) -> None:
        """Make a table of cells."""
        self.execute(
            f"CREATE OR REPLACE TEMP TABLE {table.name} AS SELECT"
            f" unnest(CAST($1 AS {table.kind}[])) AS cell,"
            f" unnest(CAST($2 AS {table.value_kind}[])) AS value,"
            " unnest(CAST($3 AS BOOLEAN[])) AS none, unnest(CAST($4 AS BOOLEAN[])) AS odd",
            [table.cells, table.values, table.none, table.odd],
        )
