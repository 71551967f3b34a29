"""Comes in: a table and another of its records. Goes out: the list of records of each row.

The two are joined by a key that both hold. A row without records has a list of which nothing is
known, unless the second table is said to be complete: an absent list is not an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from voucher_rules.batch.cases.cells import CellShaper, FloatCounter
from voucher_rules.batch.reading.columns import RawTable, open_table
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ruleset.names import suggest_name

Record: TypeAlias = dict[str, object]


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
class Gathered:
    """In the place of a table of records: the list of each row, gathered before; None: not known.

    Its cells are in the form the door of cases takes. ``key`` is the column of the rows by which
    they were gathered.
    """

    lists: Sequence[Sequence[Record] | None]
    key: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The list of each row under the name its column goes by; ``unmatched`` records had no row.

    ``unused`` are the columns of records that are of no field.
    """

    column: str
    cells: Sequence[object]
    unmatched: int
    unused: tuple[str, ...] = ()


def join_records(
    raw: RawTable,
    ruleset: CheckedRuleset,
    name: str,
    held: Records | Gathered,
    floats: FloatCounter,
) -> Joined:
    """Return the records of each row of a table. Raises :class:`InputError`."""
    if isinstance(held, Gathered):
        return Joined(name_records(name), held.lists, 0)
    check_list(ruleset, name)
    other = open_table(held.table)
    check_key(name, held, raw.columns, other.columns)
    shaper = RecordShaper(ruleset, name, held, tuple(other.columns), floats)
    lists: dict[object, list[Record]] = {}
    for key, record in shaper.shape(other):
        lists.setdefault(key, []).append(record)
    keys = list_keys(raw, held)
    matched = {key for key in keys if key is not None}
    unmatched = sum(len(records) for key, records in lists.items() if key not in matched)
    unused = list_unused_fields(ruleset, name, held, tuple(other.columns))
    return Joined(name_records(name), hand_out(lists, keys, held), unmatched, unused)


def name_records(name: str) -> str:
    """Return what the table of the records of a list is called in messages."""
    return f"records.{name}"


def check_list(ruleset: CheckedRuleset, name: str) -> None:
    """Check that a ruleset has a list. Raises :class:`InputError`."""
    if name not in ruleset.lists:
        told = {"name": str(name), "near": suggest_name(str(name), list(ruleset.lists))}
        raise InputError([Diagnostic("no-such-list", told, path="records")])


def check_key(name: str, held: Records, own: Iterable[str], other: Iterable[str]) -> None:
    """Check that a table and that of its records have the key. Raises :class:`InputError`."""
    for label, columns in (("table", [*own]), (name_records(name), [*other])):
        if held.key not in columns:
            near = suggest_name(str(held.key), columns)
            told = {"found": str(held.key), "options": ", ".join(columns), "near": near}
            raise InputError([Diagnostic("not-one-of", told, path=f"{label}: key")])


def list_keys(raw: RawTable, held: Records) -> list[object]:
    """Return what each row of a table tells of whose it is; None where it does not."""
    return [_as_key(cell) for cell in raw.columns[held.key]]


def hand_out(
    lists: Mapping[object, list[Record]], keys: Iterable[object], held: Records
) -> list[Sequence[Record] | None]:
    """Return the list of each row by its key; None where nothing is known of it."""
    empty: list[Record] | None = [] if held.complete else None
    # a row that does not tell whose it is may have records all the same: nothing is known of them
    return [None if key is None else lists.get(key, empty) for key in keys]


class RecordShaper:
    """Shapes records of one list as the door of cases takes them; ``names`` are their columns.

    Raises :class:`InputError` for columns that do not fit the fields.
    """

    def __init__(
        self,
        ruleset: CheckedRuleset,
        name: str,
        held: Records,
        names: Sequence[str],
        floats: FloatCounter,
    ) -> None:
        spec = ruleset.lists[name]
        self._key = held.key
        self._shapers = [
            (column, inner, CellShaper(column, spec.fields[f"{name}.{inner}"], floats))
            for column, inner in find_fields(ruleset, name, held, names).items()
        ]

    def shape(self, table: RawTable, first: int = 1) -> Iterator[tuple[object, Record]]:
        """Yield each record with its key, in their order; ``first`` is the number of the first."""
        yield from zip(
            map(_as_key, table.columns[self._key]), self.list_records(table, first), strict=True
        )

    def list_records(self, table: RawTable, first: int = 1) -> Iterator[Record]:
        """Yield each record, in their order."""
        columns = [(inner, shaper, table.columns[x]) for x, inner, shaper in self._shapers]
        for at in range(table.count):
            yield {
                inner: shaper.shape(cells[at], first + at)
                for inner, shaper, cells in columns
                if cells[at] is not None
            }


def find_fields(
    ruleset: CheckedRuleset, name: str, held: Records, names: Sequence[str]
) -> dict[str, str]:
    """Return the field of each column that has one: as mapped, else by its short or full name.

    Raises :class:`InputError`.
    """
    spec = ruleset.lists[name]
    short = {full.removeprefix(f"{name}."): full for full in spec.fields}
    label = name_records(name)
    found = []
    made: dict[str, str] = {}
    for column in names:
        inner = held.columns.get(column, column).removeprefix(f"{name}.")
        if inner in short:
            if inner in made.values():
                first = next(key for key, field_of in made.items() if field_of == inner)
                told = {"fact": f"{name}.{inner}", "first": first, "again": column}
                found.append(Diagnostic("fact-of-two-columns", told, path=label))
            made[column] = inner
        elif column in held.columns:
            near = suggest_name(inner, list(short))
            told = {"name": f"{name}.{inner}", "near": near}
            found.append(Diagnostic("unknown-fact", told, path=f"{label}: {column}"))
    for column in held.columns:
        if column not in names:
            near = suggest_name(column, list(names))
            told = {"found": column, "options": ", ".join(names), "near": near}
            found.append(Diagnostic("not-one-of", told, path=label))
    if found:
        raise InputError(found)
    return made


def list_unused_fields(
    ruleset: CheckedRuleset, name: str, held: Records, names: Sequence[str]
) -> tuple[str, ...]:
    """Return the columns of records that are of no field and not the key, with the list's name.

    Raises :class:`InputError`.
    """
    taken = {held.key, *find_fields(ruleset, name, held, names)}
    return tuple(f"{name}.{x.removeprefix(f'{name}.')}" for x in names if x not in taken)


def _as_key(cell: object) -> object:
    """Return a cell as a key; a nested one by what it looks like."""
    return repr(cell) if isinstance(cell, list | dict) else cell
