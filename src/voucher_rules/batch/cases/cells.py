"""Comes in: a plain cell and the fact it is of. Goes out: it as the door of cases takes it.

Only the form changes here, never the meaning: a day kept as midnight becomes a day, a list written
in brackets a list. Whether the value is allowed is for the door to say. A binary float of a
quantity is turned into the shortest decimal that means it where that is allowed, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from decimal import Decimal
from math import isinf
from types import NoneType
from typing import Any, Final

from voucher_rules.batch.reading.far_days import FarDay
from voucher_rules.checked.symbols import Input, ListSpec
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.language.types import QUANTITIES, Kind
from voucher_rules.sources import tree
from voucher_rules.sources.yaml import SourceError, read_yaml
from voucher_rules.values.model import Mark, Period

EXACT_DECIMAL: Final = "exact_decimal"
FLOATS: Final = ("refuse", EXACT_DECIMAL)
_NESTED: Final = frozenset({Kind.SET, Kind.LIST})
_DAYS: Final = frozenset({Kind.DATE, Kind.INSTANT})
_MIDNIGHT: Final = time(0)
TRUTHS: Final = {"True": True, "TRUE": True, "False": False, "FALSE": False}
"""How pandas and spreadsheets write truths as texts; in small letters the door reads them."""
READY: Final = frozenset({NoneType, bool, int, date, Decimal, Mark, Period, frozenset})
"""Cells of these types are in the form the door takes."""


@dataclass(slots=True)
class FloatCounter:
    """The binary floats met in cells of quantities, by column; ``first`` is the row of the first.

    ``accepts`` tells whether they may be turned into decimals; ``table`` is what a second table is
    called.
    """

    accepts: bool
    table: str = ""
    seen: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)

    def meet(self, column: str, row: int) -> None:
        """Count one."""
        self.seen[column] = self.seen.get(column, 0) + 1
        self.first.setdefault(column, row)

    def list_faults(self) -> list[Diagnostic]:
        """Return a fault for each column that has some, unless they are accepted."""
        before = f"{self.table}: " if self.table else ""
        return [
            Diagnostic(
                "column-of-floats",
                {"name": f"{before}{column}", "count": str(count), "row": str(row)},
                path=f"{before}rows.{row}: {column}",
            )
            for (column, count), row in zip(self.seen.items(), self.first.values(), strict=True)
            if not self.accepts
        ]


def check_floats(*counters: FloatCounter) -> None:
    """Check that there are no binary floats, or that they are accepted.

    Raises :class:`InputError`.
    """
    found = [fault for counter in counters for fault in counter.list_faults()]
    if found:
        raise InputError(found)


def tell_converted(*counters: FloatCounter) -> dict[str, int]:
    """Return how many binary floats were turned into decimals, by column."""
    return {
        f"{counter.table}: {column}" if counter.table else column: count
        for counter in counters
        for column, count in counter.seen.items()
    }


@dataclass(frozen=True, slots=True)
class CellShaper:
    """Shapes the cells of one column; ``spec`` is the list where the fact is one."""

    column: str
    declared: Input
    floats: FloatCounter
    spec: ListSpec | None = None

    def shape(self, cell: Any, row: int) -> Any:  # noqa: ANN401 - a cell of any kind
        """Return a cell in the form the door of cases takes."""
        kind = self.declared.type.kind
        if type(cell) is str:
            if kind is Kind.BOOLEAN:
                return TRUTHS.get(cell, cell)
            opens = kind in _NESTED and cell.startswith(("[", "{"))
            return self.shape(_read_nested(cell), row) if opens else cell
        if type(cell) is float and kind in QUANTITIES:
            return self._convert_float(cell, row)
        if isinstance(cell, FarDay):
            return str(cell) if kind in _DAYS else cell
        if isinstance(cell, datetime):
            return _shape_moment(cell, kind)
        if kind is Kind.LIST and isinstance(cell, Sequence):
            return [self._shape_record(record, row) for record in cell]
        return cell

    def _convert_float(self, cell: float, row: int) -> object:
        """Return the shortest decimal that reads back as the same float."""
        if isinf(cell):
            return cell
        self.floats.meet(self.column, row)
        return Decimal(repr(cell)) if self.floats.accepts else cell

    def _shape_record(self, record: object, row: int) -> object:
        if self.spec is None or not isinstance(record, Mapping):
            return record
        made = {}
        for name, cell in record.items():
            field_of = self.spec.fields.get(f"{self.spec.name}.{name}")
            if field_of is None:
                made[name] = cell
            elif cell is not None:
                inner = CellShaper(f"{self.column}.{name}", field_of, self.floats)
                made[name] = inner.shape(cell, row)
        return made


def _shape_moment(cell: datetime, kind: Kind) -> object:
    """Return midnight as the day where a day is meant, and a moment in a zone of Python's own."""
    if kind is Kind.DATE:
        bare = cell.tzinfo is None and cell.time() == _MIDNIGHT and not _is_finer(cell)
        return cell.date() if bare else cell
    offset = cell.utcoffset()
    if offset is None or _is_finer(cell):
        return cell
    return cell.replace(tzinfo=timezone(offset))


def _is_finer(cell: datetime) -> bool:
    """Return whether a moment of pandas is told finer than Python's own can be."""
    return bool(getattr(cell, "nanosecond", 0))


def _read_nested(cell: str) -> Any:  # noqa: ANN401 - a list or a mapping of texts
    """Return a list or mapping written in a cell, as YAML; a text that is none stays."""
    try:
        root = read_yaml(f"cell: {cell}".encode(), "cell").root
    except SourceError:
        return _Unreadable(cell)
    return _strip(next(iter(root.values())))


class _Unreadable(str):
    """A cell in brackets that holds no list: left for the door to refuse by its type."""

    __slots__ = ()


def _strip(node: Any) -> Any:  # noqa: ANN401 - a tree of any depth
    if isinstance(node, tree.Mapping):
        return {str(key): _strip(value) for key, value in node.items()}
    if isinstance(node, tree.Sequence):
        return [_strip(item) for item in node]
    return str(node)
