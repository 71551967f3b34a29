"""Comes in: a job. Goes out: whether an engine of SQL can have it, and the columns of facts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.cases.tables import find_facts
from voucher_rules.batch.reading.chunked_files import TableFile
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.reading.duckdb_columns import is_expanded
from voucher_rules.batch.sql.results import check_results
from voucher_rules.compiled.nodes import NotLoweredError


def check_job(job: Job) -> None:
    """Check what no engine does, whatever is in the table. Raises :class:`NotLoweredError`."""
    check_results(job.program)
    for key in [*job.keys, *(held.key for held in job.layout.records.values())]:
        if key in job.file.coded:
            raise NotLoweredError("a key other than texts, whole numbers and truths", key)


def check_names(file: TableFile, folder: Path) -> None:
    """Check that paths and columns are taken as they are. Raises :class:`NotLoweredError`."""
    for path in (file.path, folder):
        if is_expanded(path):
            raise NotLoweredError("a path that stands for several files", str(path))
    names = [name.casefold() for name in file.names]
    for at, name in enumerate(names):
        if name in names[:at]:
            reason = "columns that differ in capital letters alone"
            raise NotLoweredError(reason, file.names[at])


def find_columns(job: Job) -> Mapping[str, str]:
    """Return the column of each fact that has one. Raises :class:`~.errors.InputError`."""
    named = RawTable(dict.fromkeys(job.file.names, ()), 0)
    found = find_facts(named, job.program.ruleset, job.layout)
    return {fact: column for column, fact in found.items()}


def list_needed(job: Job) -> list[str]:
    """Return the columns a run reads: facts and keys, any where it needs none but the rows.

    Raises :class:`~.errors.InputError`, and :class:`NotLoweredError` where there is no column.
    """
    needed = list_names(job, find_columns(job))
    if not needed and not job.file.names:
        raise NotLoweredError("a table without columns", job.file.path.name)
    return needed or [job.file.names[0]]


def list_names(job: Job, facts: Mapping[str, str]) -> list[str]:
    """Return the columns a run reads: of facts, keys, and whose the records are."""
    whose = (held.key for held in job.layout.records.values())
    return [*dict.fromkeys([*facts.values(), *job.keys, *whose])]
