"""Comes in: the files of records that a table has beside it. Goes out: them as a run takes them.

What is wrong with one as a whole is told before anything is decided: of which list it is, whether
it has the key and what its columns are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
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
from voucher_rules.batch.cases.tables import Layout
from voucher_rules.batch.reading.chunked_files import TableFile, open_file
from voucher_rules.batch.reading.duckdb_connection import DuckConnection
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.errors import InputError


def open_records(
    ruleset: CheckedRuleset, layout: Layout, file: TableFile, duck: DuckConnection | None = None
) -> Layout:
    """Return a layout whose records are files that were looked at. Raises :class:`InputError`."""
    made = {}
    for name, held in layout.records.items():
        check_list(ruleset, name)
        other = _open_one(name, held.table, duck)
        check_key(name, held, file.names, other.names)
        find_fields(ruleset, name, held, other.names)
        made[name] = replace(held, table=other)
    return replace(layout, records=made)


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


def list_files(layout: Layout) -> Mapping[str, tuple[Records, TableFile]]:
    """Return the file of the records of each list, beside how it is read."""
    return {name: (held, held.table) for name, held in layout.records.items()}


def list_unused_columns(ruleset: CheckedRuleset, layout: Layout) -> tuple[str, ...]:
    """Return the columns of files of records that are of no field, each with its list's name."""
    return tuple(
        column
        for name, (held, file) in list_files(layout).items()
        for column in list_unused_fields(ruleset, name, held, file.names)
    )


def tell_records(layout: Layout) -> dict[str, Any]:
    """Return which files of records results rest on, and how they are read, as plain data."""
    return {
        name: {
            **file.tell(),
            "key": held.key,
            "columns": dict(held.columns),
            "complete": held.complete,
        }
        for name, (held, file) in list_files(layout).items()
    }
