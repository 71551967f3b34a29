"""Comes in: what the door asks of a lot. Goes out: the answers of DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voucher_rules.batch.sql.dialects import DUCKDB, Speech
from voucher_rules.batch.sql.engine import CellTable, Ends, read_measure, write_measure


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
