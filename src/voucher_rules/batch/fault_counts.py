"""Comes in: the files of rejected rows of a run. Goes out: how many rows each fault is told of.

Faults are alike where code and place are: a column that is ill stated in every row is one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

REJECTED: Final = ".rejected.jsonl"


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
    """Return each different fault of the rejected rows of a run, the most frequent first."""
    found: dict[tuple[str, str], FaultCount] = {}
    for row in _read_rejected(folder, manifest):
        number = row["row"]
        told = {(x["code"], _name_place(x["place"], number)): x["message"] for x in row["faults"]}
        for key, messages in told.items():
            if key not in found:
                found[key] = FaultCount(*key, number, messages)
            found[key].count += 1
            if number < found[key].first:
                found[key].first, found[key].messages = number, messages
    return sorted(found.values(), key=lambda x: (-x.count, x.first))


def _read_rejected(folder: Path, manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for part in manifest["parts"]:
        for name in part["files"]:
            if name.endswith(REJECTED):
                with (folder / name).open(encoding="utf-8") as file:
                    yield from map(json.loads, file)


def _name_place(place: str, number: int) -> str:
    """Return a place without its row, and of a list without the number of the record."""
    return place.removeprefix(f"rows.{number}").removeprefix(": ").partition("[")[0]
