"""Comes in: a cell of Arrow or an engine. Goes out: it in Python, also a day Python has none for.

Python's days lie in the years 1 to 9999. Any other is told as its text, which no fact takes: the
door says of the one cell what is wrong with it.
"""

from __future__ import annotations

import re
from typing import Any, Final

from voucher_rules.batch.reading.frames import import_package


class FarDay(str):
    """A day or moment before year 1 or after 9999, as it is written; ``scalar`` is that of Arrow.

    It is no text: where a text is meant it is refused by its type.
    """

    __slots__ = ("scalar",)
    scalar: Any


FarDay.__name__ = "date"  # what a refused cell is told to be
_BEFORE_CHRIST: Final = re.compile(r"([0-9]+)(.*) \(BC\)(.*)", re.DOTALL)
_FRACTION: Final = re.compile(r"\.([0-9]*?)0*(?![0-9])")


def list_cells(column: Any) -> list[Any]:  # noqa: ANN401 - a column of Arrow
    """Return the cells of a column in Python."""
    try:
        found: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):
        found = [read_scalar(cell) for cell in column]
    return found


def read_scalar(cell: Any) -> Any:  # noqa: ANN401 - a cell of Arrow
    """Return a cell in Python."""
    try:
        return cell.as_py()
    except (OverflowError, ValueError):
        made = FarDay(_write(cell))
        made.scalar = cell
        return made


def _write(cell: Any) -> str:  # noqa: ANN401 - as above
    """Return a cell as it is written; a fraction of a second without zeros at its end."""
    arrow = import_package("pyarrow", "tables")
    try:
        told = str(cell.cast(arrow.string()).as_py())
    except arrow.ArrowException:  # days in a list
        return str(cell.type)
    return _FRACTION.sub(lambda found: f".{found[1]}" if found[1] else "", told)


def read_told(kind: str, cell: Any) -> Any:  # noqa: ANN401 - a cell of an engine
    """Return a cell of a type of SQL: DuckDB tells as text a day that Python has none for.

    It counts years before year 1 in its own way.
    """
    if type(cell) is not str or kind not in {"DATE", "TIMESTAMP"}:
        return cell
    found = _BEFORE_CHRIST.fullmatch(cell)
    if not found:
        return FarDay(cell)
    year = 1 - int(found[1])
    return FarDay(f"{'-' if year else ''}{-year:04}{found[2]}{found[3]}")


def hold_far(cells: Any) -> list[Any]:  # noqa: ANN401 - cells of a column
    """Return cells as Arrow takes them."""
    return [getattr(x, "scalar", str(x)) if isinstance(x, FarDay) else x for x in cells]
