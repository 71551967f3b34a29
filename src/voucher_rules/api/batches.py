"""Comes in: a ruleset and a table in a file. Goes out: a folder of results."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Unpack

from voucher_rules.api.rulesets import Ruleset
from voucher_rules.api.table_reading import (
    ReadingOptions,
    check_key_names,
    check_options,
    make_layout,
    make_options,
)
from voucher_rules.arguments import PATH, check_language
from voucher_rules.batch.cases.jobs import FORMATS, MEMORY, Job
from voucher_rules.batch.cases.record_files import list_unused_columns, open_records
from voucher_rules.batch.cases.tables import check_keys, check_shared, list_absent, list_unused
from voucher_rules.batch.cases.unknown_counts import MISSING, UNTOLD, pick_counts
from voucher_rules.batch.reading.chunked_files import open_file
from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.batch.results.fault_counts import FaultCount, count_faults
from voucher_rules.batch.results.finished_folders import check_file, list_digests, read_manifest
from voucher_rules.batch.results.report_lines import Told, list_lines
from voucher_rules.batch.runs import (
    AUTO,
    DUCKDB,
    EXECUTORS,
    SPARK,
    Brief,
    Means,
    find_version,
    run_job,
)
from voucher_rules.batch.sql.checks import find_columns
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

_MOST_THREADS: Final = 1024
_MEMORY: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,3})? ?[KMGT]i?B")


class BatchOptions(ReadingOptions, total=False):
    """How a table is read, decided and written; the tables of ``records`` are files, too."""

    part_rows: int
    """How many rows make a part; a run that is stopped goes on with the part it was at."""
    form: str
    """``parquet``, ``csv`` or ``jsonl``; that of the table without it."""
    executor: str
    """``auto`` (the default), ``duckdb``, ``spark`` or ``rows``."""
    spark: Any
    """A session of Spark for ``executor="spark"``; without it the one that runs, or a new one."""
    threads: int
    """How many threads DuckDB takes (0: one for each processor)."""
    memory: str
    """How much memory DuckDB may take: a number with ``KB``, ``MB``, ``GB`` or ``TB``."""
    tell: Callable[[int, int | None], None]
    """Called with how many rows are done, of how many (None: not known)."""
    before: Callable[[Sequence[str], Sequence[str]], None]
    """Called with ``absent`` and ``unused`` of the report, before the first row is decided."""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a table: the folder of results, and its manifest as plain data.

    ``executor`` is what decided, ``reason`` why that was not DuckDB where it might have been, and
    ``place`` the fact, rule or column for which. ``absent`` are the facts that the decision reads
    and nothing tells, ``unused`` the columns that are of no fact and no key: a misspelt column is
    among them, and its fact among the others. Columns of records that are of no field are among
    them, too, such as ``orders.typo``. ``str`` gives it in a few lines.
    """

    folder: Path
    manifest: Mapping[str, Any]
    executor: str
    reason: str
    place: str
    absent: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def rows(self) -> Mapping[str, int]:
        """How many rows were ``read``, ``decided``, ``rejected``, decided ``by_reference``."""
        found: Mapping[str, int] = self.manifest["rows"]
        return found

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How often each outcome came about."""
        found: Mapping[str, int] = self.manifest["outcomes"]
        return found

    def list_faults(self) -> list[FaultCount]:
        """Return each different fault of rejected rows, the most frequent first.

        Every file of rejected rows is read for it. Raises :class:`~voucher_rules.InputError` for
        one that is gone or is not as it was written.
        """
        return count_faults(self.folder, self.manifest)

    def check_files(self) -> None:
        """Check that every file of the folder is as it was written, by its digest.

        Raises :class:`~voucher_rules.InputError` with each that is not.
        """
        found: list[Diagnostic] = []
        for name, digest in list_digests(self.manifest).items():
            try:
                check_file(self.folder, name, digest)
            except InputError as error:
                found += error.diagnostics
        if found:
            raise InputError(found)

    @property
    def untold(self) -> Mapping[str, int]:
        """Of the rows that the reference decided, how many do not tell a fact, the most first."""
        return pick_counts(self.manifest["notes"], UNTOLD)

    @property
    def missing(self) -> Mapping[str, int]:
        """Of how many undetermined rows a fact is among what would settle them, the most first."""
        return pick_counts(self.manifest["notes"], MISSING)

    def summary(self, language: str = "zh") -> str:
        """Return the report as a few lines, with hints.

        Files of rejected rows are read for it. Raises ValueError for another language, and
        :class:`~voucher_rules.InputError` where such a file is not there as it was written.
        """
        check_language(language)
        faults = self.list_faults() if self.rows["rejected"] else []
        return "\n".join(list_lines(self._tell(faults), language))

    def __str__(self) -> str:
        try:
            return self.summary("en")
        except InputError:  # the files of rejected rows are elsewhere by now
            return "\n".join(list_lines(self._tell([]), "en"))

    def _tell(self, faults: Sequence[FaultCount]) -> Told:
        return Told(
            rows=self.rows,
            outcomes=self.outcomes,
            faults=faults,
            absent=self.absent,
            unused=self.unused,
            unmatched=self.unmatched,
            untold=self.untold,
            missing=self.missing,
            executor=self.executor,
            reason=self.reason,
            place=self.place,
            folder=str(self.folder),
        )

    @property
    def unmatched(self) -> Mapping[str, int]:
        """How many records of a list have a key that no row has, by list."""
        held: Mapping[str, Mapping[str, int]] = self.manifest["records"]
        return {name: told["unmatched"] for name, told in held.items() if told["unmatched"]}


def decide_table(
    ruleset: Ruleset,
    decision: str,
    table: str | Path,
    out: str | Path,
    **options: Unpack[BatchOptions],
) -> BatchReport:
    """Decide every row of a table in a file (Parquet, CSV, JSON lines) into a folder.

    A folder of files of Parquet is a table, too.

    Memory stays bounded however long the table is. A run that was stopped goes on where it was
    when it is called again. Of each part there is a file with a line for every row decided
    (``part-…``) and one with what is open of some (``open-…``). Amounts are written in minor units;
    a row that is no case is written aside with its faults. Raises
    :class:`~voucher_rules.InputError` for what is wrong with the options, the table as a whole or
    the folder, and where an executor asked for cannot decide.
    """
    _check_options(options)
    duck = DuckConnection(options.get("threads", 0), options.get("memory", MEMORY))
    with closing(duck):
        job = _make_job(ruleset, decision, Path(table), options, duck)
        means = Means(options.get("executor", AUTO), duck, options.get("spark"))
        compared = _compare_columns(job)
        if (before := options.get("before")) is not None:
            before(tuple(compared["absent"]), tuple(compared["unused"]))
        brief = Brief(partial(_describe, ruleset, job), partial(_check_inputs, job), compared)
        manifest = run_job(job, brief, Path(out), means, options.get("tell"))
    return _report(Path(out), manifest)


def open_batch(folder: str | Path) -> BatchReport:
    """Return the report on a folder that :func:`decide_table` finished, at any later time.

    Its manifest alone is read; ``list_faults`` and ``check_files`` hold files against their
    digests. Raises :class:`~voucher_rules.InputError` for a folder without a finished run.
    """
    if not isinstance(folder, str | os.PathLike):
        raise InputError(list(PATH.find_faults("folder", folder)))
    return _report(Path(folder), read_manifest(Path(folder)))


def _report(folder: Path, manifest: Mapping[str, Any]) -> BatchReport:
    reason = manifest["reason"]
    absent, unused = (tuple(manifest[name]) for name in ("absent", "unused"))
    executor = manifest["run"]["executor"]
    return BatchReport(folder, manifest, executor, reason["what"], reason["place"], absent, unused)


def _compare_columns(job: Job) -> dict[str, list[str]]:
    """Return the facts without a column, and the columns of no fact and no key."""
    layout, facts = job.layout, find_columns(job)
    given = {*facts, *layout.facts, *layout.records}
    unused = list_unused(job.file.names, {x: y for y, x in facts.items()}, layout, job.keys)
    unused += list_unused_columns(job.program.ruleset, job.records)
    return {"absent": list(list_absent(job.program, given, layout)), "unused": list(unused)}


def _make_job(
    ruleset: Ruleset, decision: str, table: Path, options: BatchOptions, duck: DuckConnection
) -> Job:
    """Return what is to be decided. Raises :class:`InputError`."""
    program = ruleset.program(decision)
    keys = tuple(options.get("keys", ()))
    check_key_names(program, keys)
    chosen, layout = make_options(ruleset, options), make_layout(options)
    check_shared(ruleset.checked, layout)
    asked = options.get("executor", AUTO) in (AUTO, DUCKDB)
    by_duckdb = asked and find_spec("duckdb") is not None
    held = duck if by_duckdb else None
    file = open_file(table, held)
    check_keys(keys, file.names)
    job = Job(
        program,
        chosen,
        layout,
        options.get("jobs", 1),
        file=file,
        keys=keys,
        size=options.get("part_rows", 0),
        format=options.get("form") or file.suffix[1:],
    )
    find_columns(job)  # what is wrong with columns is told before any file of records is read
    records = open_records(ruleset.checked, options.get("records") or {}, file, held)
    return replace(job, records=records)


def _check_options(options: BatchOptions) -> None:
    words = {"form": FORMATS, "executor": EXECUTORS}
    check_options(options, BatchOptions.__annotations__, words)
    if options.get("spark") is not None and options.get("executor") != SPARK:
        found = str(options.get("executor", AUTO))
        told = {"found": found, "options": SPARK, "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="executor")])
    size = options.get("part_rows", 1)
    if type(size) is not int or size < 1:
        told = {"found": str(size)}
        raise InputError([Diagnostic("part-without-rows", told, path="part_rows")])
    _check_engine(options.get("threads", 0), options.get("memory", MEMORY))


def _check_engine(threads: object, memory: object) -> None:
    """Check what an engine may take. Raises :class:`InputError`."""
    if type(threads) is not int or not 0 <= threads <= _MOST_THREADS:
        told = {"found": str(threads), "options": f"0 … {_MOST_THREADS}", "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="threads")])
    if not isinstance(memory, str) or not _MEMORY.fullmatch(memory):
        told = {"found": str(memory), "options": "512MB, 1GB, 1.5GB …", "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="memory")])


def _describe(ruleset: Ruleset, job: Job) -> dict[str, Any]:
    """Return all that results rest on."""
    layout, checked = job.layout, ruleset.checked
    return {
        "schema": "voucher-rules/batch-run/2",
        "voucher_rules": find_version("voucher-rules"),
        "ruleset": checked.id,
        "edition": checked.edition,
        "digest": checked.semantic_digest,
        "decision": job.program.decision.name,
        "readings": dict(job.options.readings),
        "assume_in_force": job.options.assume_in_force,
        "table": job.file.tell(),
        "records": {name: item.tell() for name, item in job.records.items()},
        "columns": dict(layout.columns),
        "facts": {name: str(value) for name, value in layout.facts.items()},
        "on": None if layout.on is None else layout.on.isoformat(),
        "floats": layout.floats,
        "keys": list(job.keys),
        "form": job.format,
    }


def _check_inputs(job: Job) -> None:
    """Check that nobody wrote to the table or the records. Raises :class:`InputError`."""
    for file in (job.file, *(opened.file for opened in job.records.values())):
        file.check_same()
