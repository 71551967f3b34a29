"""Comes in: what the door asks of a lot. Goes out: the answers of DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voucher_rules.batch.sql_engine import CellTable, Ends, has_ends
from voucher_rules.batch.sql_speech import DUCKDB, Speech


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
        parts = ["count(*)"]
        for column in columns:
            name = self.speech.quote(column)
            parts.append(f"count({name})")
            if has_ends(self.types[column]):
                parts += [f"min({name})", f"max({name})"]
        told = iter(self.execute(f"SELECT {', '.join(parts)} FROM {lot}").fetchone())
        rows = next(told)
        made = {}
        for column in columns:
            count = next(told)
            ends = (next(told), next(told)) if has_ends(self.types[column]) else ()
            made[column] = Ends(count > 0, count == rows, *ends)
        return made

    def sample(self, column: str) -> None:
        """Return nothing: to list all cells is quick."""

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
