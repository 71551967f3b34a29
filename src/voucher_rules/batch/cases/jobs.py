"""Comes in: nothing. Goes out: how a table is read and decided, and what is to be written of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self, TypeAlias

from voucher_rules.batch.cases.joining import Gathered
from voucher_rules.batch.cases.record_files import RecordFile
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
class Reading:
    """How rows are read and decided: by which decision, under what, from which columns.

    ``jobs`` processes decide what no kernel can (None: one for each processor).
    """

    program: Program
    options: Options
    layout: Layout
    jobs: int | None = 1

    def take_records(self, lists: Mapping[str, Gathered]) -> Self:
        """Return the same for some rows, with the records of these."""
        return replace(self, layout=replace(self.layout, records=lists))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Reading):
    """A table in a file to be decided into a folder, and what is written there.

    ``keys`` are columns that go with each row into its result; ``size`` rows make a part (0: as
    many as suits the executor). ``records`` are the files of the layout's records.
    """

    file: TableFile
    keys: tuple[str, ...] = ()
    size: int = 0
    format: str = "parquet"
    records: Mapping[str, RecordFile] = field(default_factory=dict)
