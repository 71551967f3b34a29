"""Comes in: a job and a folder. Goes out: its results in the folder, by the executor that can.

DuckDB is taken where it is installed and can do the whole table; else rows are decided in memory,
lot by lot. Both write the same results, and it is told which it was and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.duck import Duck, run_duck
from voucher_rules.batch.jobs import MEMORY, Job, Teller
from voucher_rules.batch.part_files import write_bits
from voucher_rules.batch.parts import RunFolder
from voucher_rules.batch.results import tell_bits
from voucher_rules.batch.streamed import run_streamed
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

AUTO: Final = "auto"
DUCKDB: Final = "duckdb"
ROWS: Final = "rows"
EXECUTORS: Final = (AUTO, DUCKDB, ROWS)
STREAMED_LOT: Final = 1 << 16
"""How many rows make a part where they are decided in memory and nothing else is said."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: its manifest, what decided, and why it was not DuckDB."""

    manifest: Mapping[str, Any]
    executor: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Reason:
    """Why DuckDB does not decide a table, and of what; empty where it does, or was not asked."""

    what: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What a run may use: an executor, threads (0: as many as there are) and memory of DuckDB."""

    executor: str = AUTO
    threads: int = 0
    memory: str = MEMORY


def run_job(
    job: Job, head: Mapping[str, Any], out: Path, means: Means, tell: Teller | None = None
) -> Run:
    """Decide a table into a folder. Raises :class:`InputError`.

    ``head`` is all that the results rest on: a folder goes on only with a run of the same.
    """
    folder = RunFolder(out, {})
    with ExitStack() as holder:
        folder.prepare(holder)
        return _run_in(folder, job, head, means, tell)


def _run_in(
    folder: RunFolder, job: Job, head: Mapping[str, Any], means: Means, tell: Teller | None
) -> Run:
    duck, reason = _open_duck(job, folder, means)
    if duck is None and means.executor == DUCKDB:
        raise InputError(
            [Diagnostic("executor-cannot", {"reason": reason.what}, path=reason.place)]
        )
    sized = job if job.size else replace(job, size=duck.part_rows if duck else STREAMED_LOT)
    executor = ROWS if duck is None else DUCKDB
    folder.head = {**head, "executor": executor, "part_rows": sized.size}
    try:
        folder.open()
        if duck is None:
            run_streamed(sized, folder, tell)
        else:
            duck.job = sized
            run_duck(duck, tell)
    finally:
        if duck is not None:
            duck.close()
    made_by = {name: find_version(name) for name in _list_packages(executor)}
    manifest = folder.close(made_by, write_bits(tell_bits(job.program)))
    return Run(manifest, executor, reason)


def _open_duck(job: Job, folder: RunFolder, means: Means) -> tuple[Duck | None, Reason]:
    """Return DuckDB ready for a job; or why it is not what decides."""
    if means.executor == ROWS:
        return None, Reason()
    if find_spec("duckdb") is None:
        return None, Reason("the package duckdb is not installed")
    duck = Duck(job, folder, means.threads, means.memory)
    try:
        duck.open()
    except NotLoweredError as error:
        return None, Reason(error.reason, error.place)
    return duck, Reason()


def _list_packages(executor: str) -> tuple[str, ...]:
    return ("voucher-rules", "duckdb") if executor == DUCKDB else ("voucher-rules", "numpy")


def find_version(package: str) -> str:
    """Return the version of an installed package; nothing where it is not."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
