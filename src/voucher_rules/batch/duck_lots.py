"""Comes in: a job and a table in DuckDB. Goes out: for each lot of it, the statement that decides.

What holds for the whole table, measured once, is not measured again for its lots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from voucher_rules.batch.duck_door import DuckDoor, Typed
from voucher_rules.batch.duck_results import write_nothing, write_results
from voucher_rules.batch.duck_values import quote
from voucher_rules.batch.jobs import Job
from voucher_rules.batch.results import ROW
from voucher_rules.compiled.build import stretches_of
from voucher_rules.compiled.nodes import Kernel, NotLoweredError
from voucher_rules.compiled.sql_code import SqlCode, write_sql
from voucher_rules.compiled.sql_inputs import Known
from voucher_rules.compiled.verdict import prepare


@dataclass(frozen=True, slots=True)
class Table:
    """A table as SQL reads it, with the numbers of its rows, and how many there are."""

    read: str
    rows: int


@dataclass(slots=True)
class Lots:
    """Writes the statements that decide a table; ``facts`` is the column of each fact."""

    job: Job
    types: Mapping[str, str]
    facts: Mapping[str, str]
    execute: Callable[..., Any]
    table: Table
    door: DuckDoor = field(init=False)

    def __post_init__(self) -> None:
        self.door = DuckDoor(self.job, self.types, self.facts, self.execute)
        self.door.survey(f"{self.table.read} AS lot", self.table.rows)

    def write(self, first: int, stop: int) -> str:
        """Return the statement that decides the rows from ``first`` to before ``stop``."""
        program = self.job.program
        lot = self._lot(first, stop)
        keys = {f"key_{at}": key for at, key in enumerate(self.job.keys)}
        try:
            typed = self.door.judge(lot, stop - first)
        except NotLoweredError:
            return write_nothing(program, self._hand_on(lot, keys, {}, ()), keys)
        relation = self._hand_on(lot, keys, typed.columns, typed.joins)
        parts = []
        for rows, kernel in self._list_kernels(typed, relation):
            code = self._write_kernel(kernel, rows, tuple(keys), typed)
            if code is None:
                parts.append(write_nothing(program, rows, keys))
            else:
                parts.append(write_results(program, code, keys))
        return "\nUNION ALL\n".join(parts)

    def _lot(self, first: int, stop: int) -> str:
        """Return a lot as a relation of raw columns."""
        names = [*dict.fromkeys([*self.facts.values(), *self.job.keys])]
        listed = ", ".join(["file_row_number", *map(quote, names)])
        where = f" WHERE file_row_number >= {first} AND file_row_number < {stop}"
        if stop - first == self.table.rows:
            where = ""
        return f"(SELECT {listed} FROM {self.table.read}{where}) AS lot"

    def _hand_on(
        self, lot: str, keys: Mapping[str, str], columns: Mapping[str, str], joins: Sequence[str]
    ) -> str:
        listed = [f"file_row_number + 1 AS {ROW}"]
        listed += [f"{quote(name)} AS {quote(key)}" for key, name in keys.items()]
        listed += [f"{text} AS {quote(name)}" for name, text in columns.items()]
        return f"(SELECT {', '.join(listed)} FROM {' '.join([lot, *joins])}) AS cases"

    def _list_kernels(
        self, typed: Typed, relation: str
    ) -> Iterator[tuple[str, Kernel | NotLoweredError]]:
        """Yield the rows of each law there is a day of, with its kernel."""
        job = self.job
        day = quote(job.program.decision.as_of)
        decider = prepare(job.program, job.options)
        stretches = self._find_stretches(typed, relation)
        for at, (first, last) in enumerate(stretches):
            tests = [] if at == 0 else [f"{day} >= DATE '{first.isoformat()}'"]
            if at < len(stretches) - 1:
                tests.append(f"{day} <= DATE '{last.isoformat()}'")
            where = " AND ".join(tests) or "TRUE"
            if at == 0:
                where = f"{day} IS NULL OR ({where})"
            rows = (
                relation
                if where.endswith("(TRUE)")
                else f"(SELECT * FROM {relation} WHERE {where}) AS cases"
            )
            yield (
                rows,
                decider.find_kernel(first.toordinal(), typed.denominators, lenient=True),
            )

    def _find_stretches(self, typed: Typed, relation: str) -> list[tuple[date, date]]:
        """Return the stretches of days without a change of law that a lot has rows of."""
        every = stretches_of(self.job.program)
        met = [] if typed.days is None else _list_met(every, *typed.days)
        if len(met) != 1:
            day = quote(self.job.program.decision.as_of)
            low, high = self.execute(f"SELECT min({day}), max({day}) FROM {relation}").fetchone()
            met = [] if low is None else _list_met(every, low, high)
        return met or [every[0]]

    def _write_kernel(
        self, kernel: Kernel | NotLoweredError, relation: str, keys: tuple[str, ...], typed: Typed
    ) -> SqlCode | None:
        """Return the statement of a kernel; None where there is none."""
        if not isinstance(kernel, Kernel):
            return None
        known = Known(
            frozenset(typed.filled),
            frozenset(typed.absent),
            frozenset(item.name for item in kernel.inputs),
        )
        try:
            return write_sql(kernel, "duckdb", relation, (ROW, *keys), known, coded=True)
        except NotLoweredError:
            return None


def _list_met(
    stretches: Sequence[tuple[date, date]], low: date, high: date
) -> list[tuple[date, date]]:
    return [(first, last) for first, last in stretches if first <= high and low <= last]
