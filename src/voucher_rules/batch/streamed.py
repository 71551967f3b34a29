"""Comes in: a table in a file. Goes out: results part by part, by kernels on rows in memory.

Where NumPy is installed a lot is run over columns, else row by row; both need no more than one lot
at a time, with the records of its rows. This is the executor that needs no engine.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack

from voucher_rules.batch.jobs import (
    Decided,
    Job,
    Teller,
    decide_rows,
    lay_out,
    list_rejected,
    note_reading,
    pick_keys,
)
from voucher_rules.batch.lots import Lot, read_lots
from voucher_rules.batch.part_files import write_data_lines, write_results
from voucher_rules.batch.parts import Part, RunFolder, name_part
from voucher_rules.batch.record_store import open_stores
from voucher_rules.batch.results import list_result_columns


def run_streamed(job: Job, folder: RunFolder, tell: Teller | None = None) -> None:
    """Decide every lot that is not decided yet. Raises :class:`~.errors.InputError`."""
    done = 0
    with ExitStack() as holder:
        stores = open_stores(job, folder, holder)
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
    columns = lay_out(found, numbers, pick_keys(job, found))
    files = {}
    name = name_part(number, job.format)
    cells = list_result_columns(job.program)
    write_results(folder.reserve(name), job.format, columns, cells)
    files[name] = folder.settle(name)
    files |= write_rejected(job, folder, number, found, lot)
    folder.close_part(
        Part(
            number,
            lot.first,
            lot.raw.count,
            len(found.table.numbers),
            len(found.rejected),
            found.by_reference,
            dict(Counter(found.results["outcome"])),
            files,
            note_reading(found),
        )
    )


def write_rejected(
    job: Job, folder: RunFolder, number: int, found: Decided, lot: Lot
) -> dict[str, str]:
    """Write the rows of a lot that are no cases, if there are any; return the file's digest."""
    if not found.rejected:
        return {}
    name = name_part(number, "rejected.jsonl")
    numbers = range(lot.first, lot.first + lot.raw.count)
    write_data_lines(folder.reserve(name), list_rejected(job, lot.raw, numbers, found))
    return {name: folder.settle(name)}
