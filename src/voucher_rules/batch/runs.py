"""Comes in: a job and a folder. Goes out: its results in the folder, by the executor that can.

DuckDB is taken where it is installed and can do the whole table; else rows are decided in memory,
lot by lot. Spark is taken where it is asked for. All write the same results, and it is told which
it was and why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

from voucher_rules.batch.cases.jobs import Job, Teller
from voucher_rules.batch.duckdb.run import Duck
from voucher_rules.batch.memory.streamed import run_streamed
from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.batch.results.columns import tell_bits
from voucher_rules.batch.results.folders import RunFolder
from voucher_rules.batch.results.part_files import write_bits
from voucher_rules.batch.spark.run import Spark
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

AUTO: Final = "auto"
DUCKDB: Final = "duckdb"
SPARK: Final = "spark"
ROWS: Final = "rows"
EXECUTORS: Final = (AUTO, DUCKDB, SPARK, ROWS)
STREAMED_PART_ROWS: Final = 1 << 16
"""How many rows make a part where they are decided in memory and nothing else is said."""


Opened: TypeAlias = Duck | Spark
"""An engine that is ready for a job."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a manifest tells beside what came of the rows.

    ``tell_head`` returns all that the results rest on: a folder goes on only with a run of the
    same. It is asked once, when that is first needed. ``check_inputs`` raises
    :class:`InputError` where a file was changed since. ``told`` is what else is to be known.
    """

    tell_head: Callable[[], Mapping[str, Any]]
    check_inputs: Callable[[], None]
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an engine does not decide, and of what; empty where it does, or none was asked."""

    what: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use: an executor, and a connection of DuckDB.

    ``spark`` is a session of Spark; without one the one that runs is taken, or a new one.
    """

    executor: str
    duck: DuckConnection
    spark: Any = None


def run_job(
    job: Job, brief: Brief, out: Path, means: Means, tell: Teller | None = None
) -> Mapping[str, Any]:
    """Decide a table into a folder; return its manifest. Raises :class:`InputError`."""
    folder = RunFolder(out, brief.tell_head, brief.check_inputs)
    with ExitStack() as holder:
        folder.prepare(holder)
        return _run_in(folder, job, brief.told, means, tell)


def _run_in(
    folder: RunFolder, job: Job, beside: Mapping[str, Any], means: Means, tell: Teller | None
) -> Mapping[str, Any]:
    opened, reason = _open_engine(job, folder, means)
    if opened is None and means.executor in _NAMES:
        told = {"engine": _NAMES[means.executor], "reason": reason.what}
        raise InputError([Diagnostic("executor-cannot", told, path=reason.place)])
    sized = (
        job if job.size else replace(job, size=opened.part_rows if opened else STREAMED_PART_ROWS)
    )
    executor = ROWS if opened is None else opened.name
    folder.told = {**beside, "reason": {"what": reason.what, "place": reason.place}}
    folder.own = {"executor": executor, "part_rows": sized.size}
    try:
        folder.open()
        if opened is None:
            run_streamed(sized, folder, tell)
        else:
            opened.job = sized
            opened.run(tell)
    finally:
        if opened is not None:
            opened.close()
    made_by = {name: find_version(name) for name in _PACKAGES[executor]}
    return folder.close(made_by, write_bits(tell_bits(job.program)))


def _open_engine(job: Job, folder: RunFolder, means: Means) -> tuple[Opened | None, Reason]:
    """Return the engine ready for a job; or why there is none that decides."""
    if means.executor == ROWS:
        return None, Reason()
    if means.executor != SPARK and find_spec("duckdb") is None:
        return None, Reason("the package duckdb is not installed")
    opened: Opened = Duck(job, folder, means.duck)
    if means.executor == SPARK:
        opened = Spark(job, folder, means.spark)
    try:
        opened.open()
    except NotLoweredError as error:
        return None, Reason(error.reason, error.place)
    return opened, Reason()


_NAMES: Final[Mapping[str, str]] = {DUCKDB: "DuckDB", SPARK: "Spark"}
"""The engines that may be asked for, which then decide or are refused."""
_PACKAGES: Final[Mapping[str, tuple[str, ...]]] = {
    DUCKDB: ("voucher-rules", "duckdb"),
    SPARK: ("voucher-rules", "pyspark", "pyarrow"),
    ROWS: ("voucher-rules", "numpy"),
}


def find_version(package: str) -> str:
    """Return the version of an installed package; nothing where it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
