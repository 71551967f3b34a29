"""Comes in: nothing. Goes out: what the door of cells asks of an engine of SQL about a lot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final, Protocol

from voucher_rules.batch.sql.dialects import Speech

WHOLE: Final = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
)


@dataclass(frozen=True, slots=True)
class Ends:
    """What a lot holds of a column: whether ``some`` or ``all`` cells are not null, and the ends.

    The ends may lie beyond those of the lot, never within.
    """

    some: bool
    all: bool
    low: Any = None
    high: Any = None


@dataclass(frozen=True, slots=True)
class CellTable:
    """What each different cell of a column stands for, by rows.

    ``kind`` is the type of the cells, ``value_kind`` that of what they stand for.
    """

    name: str
    kind: str
    value_kind: str
    cells: Sequence[Any]
    values: Sequence[Any]
    none: Sequence[bool]
    odd: Sequence[bool]


class Engine(Protocol):
    """What the door asks of an engine about a lot."""

    @property
    def speech(self) -> Speech:
        """How the engine is spoken to."""
        ...

    def measure(self, lot: str, columns: Sequence[str]) -> dict[str, Ends]:
        """Return the ends of columns; only of numbers and days are they the least and greatest."""
        ...

    def sample(self, column: str) -> AbstractSet[Any] | None:
        """Return some cells of a column of texts; None where all may as well be listed."""
        ...

    def holds_only(self, column: str, cells: Collection[str]) -> bool:
        """Return whether a column of texts surely holds nothing but some cells, and nulls."""
        ...

    def list_cells(self, lot: str, column: str) -> list[Any]:
        """Return each different cell of a column. Raises :class:`~.errors.InputError`: too many."""
        ...

    def keep_cells(self, table: CellTable) -> None:
        """Make a table that a lot is joined with."""
        ...


def read_decimal(kind: str) -> tuple[int, int]:
    """Return the width and the scale of a type of decimals, such as ``DECIMAL(18,2)``."""
    width, _, scale = kind.removeprefix("DECIMAL(").removesuffix(")").partition(",")
    return int(width), int(scale)


def has_ends(kind: str) -> bool:
    """Return whether columns of a type are judged at their ends."""
    return kind in WHOLE or kind == "DATE" or kind.startswith("DECIMAL")


def write_measure(speech: Speech, types: Mapping[str, str], lot: str) -> str:
    """Return the query that measures columns of a lot, each told with its type."""
    parts = ["count(*)"]
    for column, kind in types.items():
        name = speech.quote(column)
        parts.append(f"count({name})")
        if has_ends(kind):
            parts += [f"min({name})", f"max({name})"]
    return f"SELECT {', '.join(parts)} FROM {lot}"


def read_measure(types: Mapping[str, str], row: Iterable[Any]) -> dict[str, Ends]:
    """Return the ends of columns from the row that such a query gives."""
    told = iter(row)
    rows = next(told)
    made = {}
    for column, kind in types.items():
        count = next(told)
        ends = (next(told), next(told)) if has_ends(kind) else ()
        made[column] = Ends(count > 0, count == rows, *ends)
    return made
