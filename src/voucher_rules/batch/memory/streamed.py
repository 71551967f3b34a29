"""Comes in: a table in a file. Goes out: results part by part, by kernels on rows in memory.

Where NumPy is installed a lot is run over columns, else row by row; both need no more than one lot
at a time, with the records of its rows. This is the executor that needs no engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from voucher_rules.batch.cases.jobs import Job, Teller
from voucher_rules.batch.memory.record_store import open_stores
from voucher_rules.batch.memory.rows import (
    Decided,
    decide_rows,
    lay_out,
    list_rejected,
    note_reading,
    pick_keys,
)
from voucher_rules.batch.reading.chunked_files import Lot, read_lots
from voucher_rules.batch.results.arrow_columns import hold_key, list_column_types
from voucher_rules.batch.results.columns import find_open, list_open_columns, list_settled_columns
from voucher_rules.batch.results.folders import Part, RunFolder, name_open, name_part, name_rejected
from voucher_rules.batch.results.part_files import write_data_lines, write_results


def run_streamed(job: Job, folder: RunFolder, tell: Teller | None = None) -> None:
    """Decide every lot that is not decided yet. Raises :class:`~.errors.InputError`."""
    done = 0
    with ExitStack() as holder:
        stores = open_stores(job, holder)
        for number, lot in enumerate(read_lots(job.file, job.size)):
            # of a part that is done, too, it is to be known which records are of its rows
            own = stores.fit(lot.raw)
            if number not in folder.parts:
                _decide_lot(own, folder, number, lot)
            done += lot.raw.count
            if tell is not None:
                tell(done, job.file.rows)
        folder.records = stores.tell()


def _decide_lot(job: Job, folder: RunFolder, number: int, lot: Lot) -> None:
    numbers = range(lot.first, lot.first + lot.raw.count)
    found = decide_rows(job, lot.raw, numbers)
    files = _write_sides(job, folder, number, found, numbers)
    files |= _write_rejected(job, folder, number, found, lot)
    folder.close_part(
        Part(
            number,
            first=lot.first,
            read=lot.raw.count,
            decided=len(found.table.numbers),
            rejected=len(found.rejected),
            by_reference=found.by_reference,
            outcomes=dict(Counter(found.results["outcome"])),
            files=files,
            notes=note_reading(found),
        )
    )


def _hold_keys(job: Job, keys: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    """Return the keys of a lot as they are written: of Parquet as columns of their types."""
    if job.format != "parquet":
        return keys
    types = list_column_types(job.file, job.keys)
    return {name: hold_key(cells, types[name]) for name, cells in keys.items()}


def _write_sides(
    job: Job, folder: RunFolder, number: int, found: Decided, numbers: Sequence[int]
) -> dict[str, str]:
    """Write the results of a lot, and what is open of them; return the digests of both files."""
    keys, files = _hold_keys(job, pick_keys(job, found)), {}
    for name, cells, some in (
        (name_part(number, job.format), list_settled_columns(job.program), None),
        (
            name_open(number, job.format),
            list_open_columns(job.program),
            find_open(job.program, found.results),
        ),
    ):
        columns = lay_out(found, numbers, keys, cells)
        write_results(folder.reserve(name), job.format, columns, cells, some)
        files[name] = folder.settle(name)
    return files


def _write_rejected(
    job: Job, folder: RunFolder, number: int, found: Decided, lot: Lot
) -> dict[str, str]:
    """Write the rows of a lot that are no cases, if there are any; return the file's digest."""
    if not found.rejected:
        return {}
    name = name_rejected(number)
    numbers = range(lot.first, lot.first + lot.raw.count)
    write_data_lines(folder.reserve(name), list_rejected(job, lot.raw, numbers, found))
    return {name: folder.settle(name)}
