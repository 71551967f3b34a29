"""Comes in: the rows no kernel decided, as Spark wrote them. Goes out: their results, or faults.

They come here a few at a time, are read by the usual door and decided by the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.memory.rows import (
    Decided,
    Tally,
    decide_rows,
    lay_out,
    list_rejected,
    pick_keys,
)
from voucher_rules.batch.reading.columns import RawTable, open_table
from voucher_rules.batch.reading.frames import import_package
from voucher_rules.batch.reading.json_lines import read_cells
from voucher_rules.batch.results.columns import (
    ROW,
    find_open,
    list_open_columns,
    list_settled_columns,
)
from voucher_rules.batch.results.part_files import write_data_lines, write_results
from voucher_rules.batch.spark.files import NUMBER, read_batches
from voucher_rules.batch.spark.records import LeftRecords

LEFT: Final = 1 << 16
"""How many rows the reference takes at a time."""
LEFT_WITH_RECORDS: Final = 1 << 14
"""How many where each has records beside it."""


@dataclass(slots=True)
class Rest:
    """Decides the rows of a part that were left.

    ``place`` says where the next results go, ``place_open`` where what is open of them. Of each
    list that has a table there are ``records`` of these rows.
    """

    job: Job
    place: Callable[[], Path]
    place_open: Callable[[], Path]
    records: Sequence[LeftRecords] = ()
    tally: Tally = field(default_factory=Tally)

    def decide(self, paths: Sequence[Path], rejected: Path) -> None:
        """Decide the rows of some files; those that are no cases go into a file of their own."""
        write_data_lines(rejected, self._tell_rejected(paths))

    def _tell_rejected(self, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
        size = LEFT_WITH_RECORDS if self.records else LEFT
        for table in read_batches(paths, size):
            numbers = [number + 1 for number in table.column(NUMBER).to_pylist()]
            held = table.drop_columns([NUMBER])
            raw = open_table(held) if held.num_columns else RawTable({}, len(numbers))
            raw = read_cells(raw, self.job.file.coded)
            own = {x.listed.name: x.fetch(raw, numbers) for x in self.records}
            found = decide_rows(self.job.take_records(own), raw, numbers)
            self.tally.add(found)
            if found.table.numbers:
                self._write(found, held, numbers)
            yield from list_rejected(self.job, raw, numbers, found)

    def _write(self, found: Decided, held: Any, numbers: Sequence[int]) -> None:  # noqa: ANN401 - of Arrow
        """Write the results of a lot; of Parquet, keys keep the type that they came in."""
        if self.job.format == "parquet":
            places = [at - 1 for at in found.table.numbers]
            keys = {key: held.column(key).take(places) for key in self.job.keys}
        else:
            keys = pick_keys(self.job, found)
        program, form = self.job.program, self.job.format
        cells = list_settled_columns(program)
        write_results(self.place(), form, lay_out(found, numbers, keys, cells), cells)
        some = find_open(program, found.results)
        if any(some):
            cells = list_open_columns(program)
            columns = lay_out(found, numbers, keys, cells)
            write_results(self.place_open(), form, columns, cells, some)


def read_keys(path: Path, keys: Sequence[str]) -> dict[str, Any]:
    """Return keys as columns without rows, of the types that they have in a file of Parquet."""
    parquet = import_package("pyarrow.parquet", "spark")
    held = parquet.read_schema(path).empty_table()
    return {key: held.column(key) for key in keys}


def write_empty(job: Job, path: Path, keys: Mapping[str, Any]) -> None:
    """Write a file of what is open that has no rows."""
    cells = list_open_columns(job.program)
    columns: dict[str, Any] = {ROW: [], **keys, **{item.name: [] for item in cells}}
    write_results(path, job.format, columns, cells)
