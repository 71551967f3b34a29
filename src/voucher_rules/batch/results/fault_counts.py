"""Comes in: rejected rows, of a run or in memory. Goes out: how many rows each fault is told of.

Faults are alike where code and place are: a column that is ill stated in every row is one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from voucher_rules.batch.cases.tables import Rejected
from voucher_rules.batch.results.finished_folders import check_file
from voucher_rules.batch.results.folders import REJECTED
from voucher_rules.diagnostics import LANGUAGES, Diagnostic

_Told: TypeAlias = tuple[str, str, Mapping[str, str]]
"""A fault: its code, its place, and what is said of it by language."""


@dataclass(slots=True)
class FaultCount:
    """A fault of so many rows: its code, its column and fact, and the number of the first row.

    ``messages`` has what is said of the first row, by language.
    """

    code: str
    place: str
    first: int
    messages: Mapping[str, str]
    count: int = 0


def count_faults(folder: Path, manifest: Mapping[str, Any]) -> list[FaultCount]:
    """Return each different fault of the rejected rows of a run, the most frequent first.

    Raises :class:`~.errors.InputError` where a file is not as it was written.
    """
    return _count(
        (row["row"], [(x["code"], x["place"], x["message"]) for x in row["faults"]])
        for row in _read_rejected(folder, manifest)
    )


def count_rejected(rejected: Iterable[Rejected]) -> list[FaultCount]:
    """Return each different fault of rows, the most frequent first."""
    return _count(
        (row.number, [(x.code, x.path, _tell(x)) for x in row.diagnostics]) for row in rejected
    )


def name_place(path: str, number: int) -> str:
    """Return the place of a fault within its row, whose number is told beside it."""
    return path.removeprefix(f"rows.{number}").removeprefix(": ")


def _tell(fault: Diagnostic) -> dict[str, str]:
    return {language: fault.message(language) for language in LANGUAGES}


def _count(rows: Iterable[tuple[int, list[_Told]]]) -> list[FaultCount]:
    found: dict[tuple[str, str], FaultCount] = {}
    for number, faults in rows:
        told = {
            (code, name_place(path, number).partition("[")[0]): messages
            for code, path, messages in faults
        }
        for key, messages in told.items():
            if key not in found:
                found[key] = FaultCount(*key, number, messages)
            found[key].count += 1
            if number < found[key].first:
                found[key].first, found[key].messages = number, messages
    return sorted(found.values(), key=lambda x: (-x.count, x.first))


def _read_rejected(folder: Path, manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for part in manifest["parts"]:
        for name, digest in part["files"].items():
            if name.endswith(f".{REJECTED}"):
                with check_file(folder, name, digest).open(encoding="utf-8") as file:
                    yield from map(json.loads, file)
