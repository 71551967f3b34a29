"""Comes in: some rows of a table. Goes out: what they came to, as executors tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voucher_rules.batch.cases.jobs import Job, Reading
from voucher_rules.batch.cases.tables import CaseTable, Rejected, read_table
from voucher_rules.batch.cases.unknown_counts import MISSING, UNTOLD, count_missing, count_untold
from voucher_rules.batch.memory.kernels import Kernels
from voucher_rules.batch.reading.columns import RawTable
from voucher_rules.batch.results.columns import ROW, ResultColumn, tell_results
from voucher_rules.batch.results.fault_counts import name_place
from voucher_rules.batch.verdicts.model import Executor, Verdicts
from voucher_rules.batch.verdicts.reference import Reference
from voucher_rules.decision.case import Case
from voucher_rules.decision.law import Options
from voucher_rules.diagnostics import LANGUAGES, Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program


@dataclass(slots=True)
class Counting:
    """The reference, which counts the cases it was left, and of how many a fact is not told."""

    rest: Executor
    asked: int = field(default=0)
    untold: Counter[str] = field(default_factory=Counter)

    def __call__(self, program: Program, options: Options, cases: Sequence[Case], /) -> Verdicts:
        """Return the verdict on each case."""
        self.asked += len(cases)
        self.untold += count_untold(cases)
        return self.rest(program, options, cases)


@dataclass(frozen=True, slots=True)
class Decided:
    """What some rows came to: the table as read, results by column, and who decided.

    ``untold`` counts of the rows that the reference decided how many do not tell a fact.
    """

    table: CaseTable
    results: dict[str, list[Any]]
    by_reference: int
    rejected: tuple[Rejected, ...]
    untold: Mapping[str, int]


@dataclass(slots=True)
class Tally:
    """What became of the rows that no kernel decided over a whole lot, some rows at a time."""

    by_reference: int = 0
    rejected: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def add(self, found: Decided) -> None:
        """Count some rows."""
        self.by_reference += found.by_reference
        self.rejected += len(found.rejected)
        self.outcomes.update(found.results["outcome"])
        self.notes.update(note_reading(found))


def decide_rows(reading: Reading, raw: Any, numbers: Sequence[int]) -> Decided:  # noqa: ANN401 - a table
    """Decide some rows, whose numbers in the whole table are told. Raises :class:`InputError`."""
    try:
        table = read_table(raw, reading.program, reading.layout)
    except InputError as error:
        raise InputError([_number_rows(x, numbers) for x in error.diagnostics]) from None
    counting = Counting(Reference(reading.jobs))
    verdicts = Kernels(counting)(reading.program, reading.options, table.cases)
    results = tell_results(reading.program, verdicts)
    rejected = tuple(_number_again(item, numbers) for item in table.rejected)
    return Decided(table, results, counting.asked, rejected, counting.untold)


def _number_again(item: Rejected, numbers: Sequence[int]) -> Rejected:
    told = tuple(_number_rows(x, numbers) for x in item.diagnostics)
    return Rejected(numbers[item.number - 1], told)


def _number_rows(item: Diagnostic, numbers: Sequence[int]) -> Diagnostic:
    """Return a fault with the number its row has in the whole table."""
    first, mark, rest = (item.path or "").partition(":")
    told = first.removeprefix("rows.")
    if told == first or not told.isdecimal():
        return item
    number = str(numbers[int(told) - 1])
    arguments = dict(item.arguments)
    if item.code == "column-of-floats":
        arguments["row"] = number
    return replace(item, path=f"rows.{number}{mark}{rest}", arguments=arguments)


def lay_out(
    found: Decided,
    numbers: Sequence[int],
    keys: Mapping[str, Sequence[Any]],
    cells: Sequence[ResultColumn],
) -> dict[str, Sequence[Any]]:
    """Return columns of results: numbers of rows, ``keys`` of the cases, and ``cells``."""
    rows = [numbers[at - 1] for at in found.table.numbers]
    return {ROW: rows, **keys, **{item.name: found.results[item.name] for item in cells}}


def pick_keys(job: Job, found: Decided) -> dict[str, Sequence[Any]]:
    """Return the keys of the cases as they came."""
    return {key: found.table.pick(key) for key in job.keys}


def note_reading(found: Decided) -> dict[str, int]:
    """Return what must be known of how rows were read and decided, as far as there is anything."""
    notes = {f"floats.{name}": count for name, count in found.table.converted.items()}
    if found.table.dated:
        notes["dated"] = found.table.dated
    return notes | note_unknown(found)


def note_unknown(found: Decided) -> dict[str, int]:
    """Return how many rows left to the reference do not tell a fact, and of how many it matters."""
    notes = {f"{UNTOLD}{name}": count for name, count in found.untold.items()}
    missing = count_missing(found.results["missing"])
    return notes | {f"{MISSING}{name}": count for name, count in missing.items()}


def list_rejected(
    job: Job, raw: RawTable, numbers: Sequence[int], found: Decided
) -> Iterator[dict[str, Any]]:
    """Yield the rows that are no cases, of those decided together, as plain data."""
    places = {number: at for at, number in enumerate(numbers)} if found.rejected else {}
    for item in found.rejected:
        at = places[item.number]
        yield _tell_rejected(item, {key: raw.columns[key][at] for key in job.keys})


def _tell_rejected(item: Rejected, keys: dict[str, Any]) -> dict[str, Any]:
    """Return a row that is no case as plain data, with every reason why."""
    faults = [
        {
            "code": fault.code,
            "place": name_place(fault.path, item.number),
            "message": {language: fault.message(language) for language in LANGUAGES},
            "help": {language: fault.help(language) for language in LANGUAGES},
        }
        for fault in item.diagnostics
    ]
    return {"row": item.number, "keys": keys, "faults": faults}
