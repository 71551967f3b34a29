"""Comes in: the files of records that a table has beside it. Goes out: them as a run takes them.

What is wrong with one as a whole is told before anything is decided: of which list it is, whether
it has the key and what its columns are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from voucher_rules.arguments import PATH
from voucher_rules.batch.cases.joining import (
    Records,
    check_key,
    check_list,
    find_fields,
    list_unused_fields,
    name_records,
)
from voucher_rules.batch.reading.chunked_files import TableFile, open_file
from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.errors import InputError


@dataclass(frozen=True, slots=True)
class RecordFile:
    """The file of the records of a list, looked at, and how it is read."""

    held: Records
    file: TableFile

    def tell(self) -> dict[str, Any]:
        """Return which file it is and how it is read, as plain data."""
        return {
            **self.file.tell(),
            "key": self.held.key,
            "columns": dict(self.held.columns),
            "complete": self.held.complete,
        }


def open_records(
    ruleset: CheckedRuleset,
    records: Mapping[str, Records],
    file: TableFile,
    duck: DuckConnection | None = None,
) -> dict[str, RecordFile]:
    """Look at the files of records beside that of a table. Raises :class:`InputError`."""
    made = {}
    for name, held in records.items():
        check_list(ruleset, name)
        other = _open_one(name, held.table, duck)
        check_key(name, held, file.names, other.names)
        find_fields(ruleset, name, held, other.names)
        made[name] = RecordFile(held, other)
    return made


def _open_one(name: str, path: Any, duck: DuckConnection | None) -> TableFile:  # noqa: ANN401 - anything
    """Look at a file of records. Raises :class:`InputError`."""
    label = name_records(name)
    if not isinstance(path, str | os.PathLike):
        raise InputError(list(PATH.find_faults(f"{label}.table", path)))
    try:
        return open_file(Path(path), duck)
    except InputError as error:
        told = [replace(x, path=label) if x.path == "table" else x for x in error.diagnostics]
        raise InputError(told) from None


def list_unused_columns(
    ruleset: CheckedRuleset, records: Mapping[str, RecordFile]
) -> tuple[str, ...]:
    """Return the columns of files of records that are of no field, each with its list's name."""
    return tuple(
        column
        for name, item in records.items()
        for column in list_unused_fields(ruleset, name, item.held, item.file.names)
    )
