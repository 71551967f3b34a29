"""Comes in: a table and another of its records. Goes out: the list of records of each row.

The two are joined by a key that both hold. A row without records has a list of which nothing is
known, unless the second table is said to be complete: an absent list is not an empty one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voucher_rules.batch.cells import CellShaper, FloatCounter
from voucher_rules.batch.columns import RawTable, open_table
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ruleset.names import suggest_name


@dataclass(frozen=True, slots=True)
class Records:
    """A table of the records that cases have several of, such as the items of a contract.

    ``key`` is the column, there and in the table of the cases, that tells whose a record is.
    ``columns`` names the fields of columns that are not called like them. ``complete`` tells that
    the table holds every record there is, so that a case without any has an empty list.
    """

    table: Any
    key: str
    columns: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """The list of each row under the name its column goes by; ``unmatched`` records had no row."""

    column: str
    cells: list[object]
    unmatched: int


def join_records(
    raw: RawTable, ruleset: CheckedRuleset, name: str, held: Records, floats: FloatCounter
) -> Joined:
    """Return the records of each row of a table. Raises :class:`InputError`."""
    if name not in ruleset.lists:
        near = suggest_name(str(name), list(ruleset.lists))
        raise InputError(
            [Diagnostic("no-such-list", {"name": str(name), "near": near}, path="records")]
        )
    other = open_table(held.table)
    for label, table in (("table", raw), (f"records.{name}", other)):
        if held.key not in table.columns:
            near = suggest_name(held.key, list(table.columns))
            listed = ", ".join(table.columns)
            told = {"found": held.key, "options": listed, "near": near}
            raise InputError([Diagnostic("not-one-of", told, path=f"{label}: key")])
    lists = _gather(ruleset, name, held, other, floats)
    keys = [_as_key(cell) for cell in raw.columns[held.key]]
    empty: object = [] if held.complete else None
    # a row that does not tell whose it is may have records all the same: nothing is known of them
    cells = [None if key is None else lists.get(key, empty) for key in keys]
    matched = {key for key in keys if key is not None}
    unmatched = sum(len(records) for key, records in lists.items() if key not in matched)
    return Joined(f"records.{name}", cells, unmatched)


def _gather(
    ruleset: CheckedRuleset, name: str, held: Records, other: RawTable, floats: FloatCounter
) -> dict[object, list[dict[str, object]]]:
    """Return the records by their key, in the order of their table."""
    spec = ruleset.lists[name]
    fields = _find_fields(ruleset, name, held, other)
    shapers = {
        column: CellShaper(f"records.{name}: {column}", spec.fields[f"{name}.{inner}"], floats)
        for column, inner in fields.items()
    }
    lists: dict[object, list[dict[str, object]]] = {}
    for row, cell in enumerate(other.columns[held.key], start=1):
        key = _as_key(cell)
        record = {}
        for column, inner in fields.items():
            told = other.columns[column][row - 1]
            if told is not None:
                record[inner] = shapers[column].shape(told, row)
        lists.setdefault(key, []).append(record)
    return lists


def _find_fields(
    ruleset: CheckedRuleset, name: str, held: Records, other: RawTable
) -> dict[str, str]:
    """Return the field of each column that has one: as mapped, else by its short or full name."""
    spec = ruleset.lists[name]
    short = {full.removeprefix(f"{name}."): full for full in spec.fields}
    found = []
    made: dict[str, str] = {}
    for column in other.columns:
        inner = held.columns.get(column, column).removeprefix(f"{name}.")
        if inner in short:
            if inner in made.values():
                first = next(key for key, field_of in made.items() if field_of == inner)
                told = {"fact": f"{name}.{inner}", "first": first, "again": column}
                found.append(Diagnostic("fact-of-two-columns", told, path=f"records.{name}"))
            made[column] = inner
        elif column in held.columns:
            near = suggest_name(inner, list(short))
            told = {"name": f"{name}.{inner}", "near": near}
            found.append(Diagnostic("unknown-fact", told, path=f"records.{name}: {column}"))
    for column in held.columns:
        if column not in other.columns:
            near = suggest_name(column, list(other.columns))
            told = {"found": column, "options": ", ".join(other.columns), "near": near}
            found.append(Diagnostic("not-one-of", told, path=f"records.{name}"))
    if found:
        raise InputError(found)
    return made


def _as_key(cell: object) -> object:
    """Return a cell as a key; a nested one by what it looks like."""
    return repr(cell) if isinstance(cell, list | dict) else cell
