"""Comes in: the numbers of rows no kernel decided. Goes out: their results in DuckDB, or faults.

They come here a few at a time, are read by the usual door and decided by the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.duckdb.quoting import quote
from voucher_rules.batch.duckdb.records import DuckRecords
from voucher_rules.batch.memory.rows import Tally, decide_rows, lay_out, list_rejected, pick_keys
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.reading.far_days import read_told
from voucher_rules.batch.reading.json_lines import read_cells
from voucher_rules.batch.results.columns import ROW, ResultColumn, list_result_columns
from voucher_rules.batch.results.part_files import write_data_lines
from voucher_rules.batch.sql.dialects import DUCKDB

LEFT: Final = 1 << 14
"""How many rows the reference takes at a time."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Decides the rows of a part that were left, into the table ``rest``.

    ``source`` is the whole table as a relation; of its columns, which have ``types``, those of
    ``names`` are needed.
    """

    job: Job
    source: str
    types: Mapping[str, str]
    names: Sequence[str]
    records: Sequence[DuckRecords]
    execute: Callable[..., Any]
    tally: Tally = field(default_factory=Tally)

    def decide(self, numbers: Sequence[int], rejected: Path) -> None:
        """Decide rows, numbered from 1; those that are no cases go into a file of their own."""
        listed = ", ".join(f"{quote(x)} {kind}" for x, kind in self._kinds.items())
        self.execute(f"CREATE OR REPLACE TEMP TABLE rest ({listed})")
        write_data_lines(rejected, self._tell_rejected(numbers))

    @property
    def _kinds(self) -> dict[str, str]:
        return type_columns(self.job, self.types, list_result_columns(self.job.program))

    def _tell_rejected(self, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
        cells = list_result_columns(self.job.program)
        for start in range(0, len(numbers), LEFT):
            some = numbers[start : start + LEFT]
            raw = self._fetch(some)
            own = {records.name: records.fetch(raw, some) for records in self.records}
            found = decide_rows(self.job.take_records(own), raw, some)
            self.tally.add(found)
            self._keep(lay_out(found, some, pick_keys(self.job, found), cells))
            yield from list_rejected(self.job, raw, some, found)

    def _fetch(self, numbers: Sequence[int]) -> RawTable:
        """Return some rows of the table as they came, in their order."""
        listed = ", ".join(map(quote, self.names)) or "1"
        low, high = numbers[0] - 1, numbers[-1] - 1
        found = self.execute(
            f"SELECT {listed} FROM {self.source} WHERE file_row_number BETWEEN {low} AND {high}"
            " AND file_row_number IN (SELECT unnest(CAST($1 AS BIGINT[])) - 1)"
            " ORDER BY file_row_number",
            [list(numbers)],
        ).fetchall()
        columns = list(zip(*found, strict=True)) if found else [()] * len(self.names)
        cells = {
            name: [None if x == "" else read_told(self.types[name], x) for x in column]
            for name, column in zip(self.names, columns, strict=False)
        }
        return read_cells(RawTable(cells, len(numbers)), self.job.file.coded)

    def _keep(self, columns: Mapping[str, Sequence[Any]]) -> None:
        kinds = self._kinds
        listed = ", ".join(
            f"unnest(CAST(${at} AS {kinds[name]}[]))" for at, name in enumerate(columns, start=1)
        )
        self.execute(
            f"INSERT INTO rest SELECT {listed}", [list(values) for values in columns.values()]
        )


def type_columns(
    job: Job, types: Mapping[str, str], columns: Sequence[ResultColumn]
) -> dict[str, str]:
    """Return the columns of a file of results with their types; keys have those of the table."""
    keys = {key: types[key] for key in job.keys}
    return {ROW: "BIGINT", **keys, **{x.name: DUCKDB.cells[x.cell] for x in columns}}
