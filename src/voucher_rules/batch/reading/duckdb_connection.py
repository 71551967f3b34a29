"""Comes in: what DuckDB may take. Goes out: a connection, made when someone first needs it.

To begin takes DuckDB as long as to judge a million rows: who looks at a table and who decides it
share one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from voucher_rules.batch.reading.frames import import_package


@dataclass(slots=True)
class DuckConnection:
    """A connection of DuckDB; ``threads`` (0: one for each processor) and ``memory`` bound it."""

    threads: int
    memory: str
    _held: Any = None

    def connect(self) -> Any:  # noqa: ANN401 - of duckdb
        """Return the connection."""
        if self._held is None:
            duckdb = import_package("duckdb", "duckdb")
            settings = {"memory_limit": self.memory}
            if self.threads:
                settings["threads"] = str(self.threads)
            self._held = duckdb.connect(config=settings)
        return self._held

    def close(self) -> None:
        """End it, if there is one."""
        if self._held is not None:
            self._held.close()
            self._held = None
