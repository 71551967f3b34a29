"""Comes in: nothing. Goes out: what decides a table, and what is to be written of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from voucher_rules.batch.cases.tables import Layout
from voucher_rules.batch.reading.chunked_files import TableFile
from voucher_rules.decision.law import Options
from voucher_rules.program.build import Program

PART_ROWS: Final = 1 << 20
"""How many rows make a part where nothing else is said."""
MEMORY: Final = "1GB"
"""How much memory an engine may take where nothing else is said."""
FORMATS: Final = ("parquet", "csv", "jsonl")
Teller: TypeAlias = Callable[[int, int | None], None]
"""Is told how many rows are done, of how many (None: not known yet)."""


@dataclass(frozen=True, slots=True)
class Job:
    """A table to be decided: by which decision, under what, how it is read and what is written.

    ``keys`` are columns that go with each row into its result; ``size`` rows make a part (0: as
    many as suits the executor).
    """

    program: Program
    options: Options
    layout: Layout
    file: TableFile
    keys: tuple[str, ...] = ()
    size: int = 0
    format: str = "parquet"
    jobs: int | None = 1
