"""Comes in: a folder of results. Goes out: both files of each part brought together, row by row.

What is open of a row stands in a file of its own; a row that is not in it has nothing open.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

Row = dict[str, Any]
_COUNTED: Final = ("waiting", "undetermined")
"""Columns of which 0 says that nothing is open, and not null; they go on in words."""


def list_files(folder: Path, side: str, form: str = "parquet") -> list[Path]:
    """Return the files of one side, ``part`` or ``open``, as anyone would look for them."""
    return sorted(x for x in folder.glob(f"{side}-*.{form}") if "rejected" not in x.name)


def read_side(folder: Path, side: str, form: str = "parquet") -> list[Row]:
    """Return what one side of a folder tells, in the order of its rows."""
    rows: list[Row] = []
    for path in list_files(folder, side, form):
        rows += _read(path, form)
    return sorted(rows, key=lambda row: int(row["row"]))


def _read(path: Path, form: str) -> list[Row]:
    if form == "parquet":
        held: list[Row] = import_module("pyarrow.parquet").read_table(path).to_pylist()
        return held
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file) if form == "csv" else map(json.loads, file))


def read_results(folder: Path) -> list[Row]:
    """Return the results of a folder of Parquet with what is open of each, in their order."""
    closed = find_closed(folder)
    opened = read_side(folder, "open")
    told = {row["row"]: row for row in opened}
    assert len(told) == len(opened), "a row stands twice among those that are open"
    rows = []
    for row in read_side(folder, "part"):
        more = told.pop(row["row"], {})
        assert all(row[name] == more[name] for name in row.keys() & more.keys())
        assert not more or any(more[name] != value for name, value in closed.items())
        rows.append({**closed, **row, **more})
    assert not told, "what is open of rows that have no result"
    return rows


def find_closed(folder: Path) -> Row:
    """Return what the columns of what is open hold of a row of which nothing is."""
    names = _read_names(folder, "open")
    own = [name for name in names if name not in _read_names(folder, "part")]
    return {name: 0 if name.split(".")[0] in _COUNTED else None for name in own}


def _read_names(folder: Path, side: str) -> Sequence[str]:
    heads = [list_types(path) for path in list_files(folder, side)]
    return list(heads[0]) if heads else []


def list_types(path: Path) -> dict[str, str]:
    """Return the columns of a file of Parquet with their types.

    Whether a column may be null is no part of it: engines say so of one that they see has none.
    """
    schema = import_module("pyarrow.parquet").read_schema(path)
    return {item.name: str(item.type) for item in schema}


def read_rejected(folder: Path) -> list[Row]:
    """Return the rows that are no cases."""
    paths = sorted(folder.glob("part-*.rejected.jsonl"))
    return [json.loads(x) for path in paths for x in path.read_text("utf-8").splitlines()]
