"""Comes in: the rows of JSON lines. Goes out: what each column holds; cells as JSON has them.

Columns of whole numbers, of truths and of texts have a type of their own. The cells of any other
column are told as the JSON they were read from, so that a number keeps its digits and stays apart
from a text: 1, 1.50, 1e3 and "1" are four cells.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final

from voucher_rules.batch.reading.columns import RawTable

_LEAST: Final = -(1 << 63)
_MOST: Final = (1 << 63) - 1


class Held(Enum):
    """What the cells of a column are, those that say nothing aside."""

    TRUTHS = "truths"
    WHOLE = "whole numbers of 64 bits"
    TEXTS = "texts"
    OTHERS = "cells of several types, decimals, longer numbers, lists or objects"


@dataclass(frozen=True, slots=True)
class Surveyed:
    """The columns of some rows with what they hold, in the order in which they come; the rows."""

    columns: Mapping[str, Held]
    rows: int


def survey_rows(rows: Iterable[Mapping[str, Any]]) -> Surveyed:
    """Go through rows, and tell what they hold."""
    kinds: dict[str, set[type]] = {}
    count = 0
    for row in rows:
        count += 1
        for name, cell in row.items():
            kind = type(cell)
            if kind is int and not _LEAST <= cell <= _MOST:
                kind = Decimal
            held = kinds.get(name)
            if held is None:
                kinds[name] = {kind}
            elif kind not in held:
                held.add(kind)
    return Surveyed({name: _name_kinds(held) for name, held in kinds.items()}, count)


def _name_kinds(kinds: set[type]) -> Held:
    told = kinds - {NoneType}
    return _HELD.get(next(iter(told)), Held.OTHERS) if len(told) == 1 else _FEWER[not told]


_HELD: Final[Mapping[type, Held]] = {bool: Held.TRUTHS, int: Held.WHOLE, str: Held.TEXTS}
_FEWER: Final = {True: Held.TEXTS, False: Held.OTHERS}


# -- cells as JSON ---------------------------------------------------------------------------------


def write_cell(cell: Any) -> str | None:  # noqa: ANN401 - what JSON holds
    """Return a cell as JSON, from which :func:`read_cell` reads the same; None for nothing."""
    return None if cell is None else _write(cell)


def _write(cell: Any) -> str:  # noqa: ANN401 - as above
    if type(cell) is int:
        return str(cell)
    if isinstance(cell, Decimal):
        told = str(cell)
        return told if "." in told or "E" in told else f"{told}E0"  # else it would be whole
    if isinstance(cell, Mapping):
        members = (f"{json.dumps(name)}: {_write(inner)}" for name, inner in cell.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(cell, list):
        return f"[{', '.join(map(_write, cell))}]"
    return json.dumps(cell, ensure_ascii=False)


def read_cell(told: str) -> Any:  # noqa: ANN401 - as above
    """Return the cell that was written as JSON."""
    return _DECODER.decode(told)


_DECODER: Final = json.JSONDecoder(parse_float=Decimal)


def read_cells(raw: RawTable, columns: Iterable[str]) -> RawTable:
    """Return a table with the cells of some columns read from JSON."""
    made = dict(raw.columns)
    for name in columns:
        if name in made:
            made[name] = [None if cell is None else read_cell(str(cell)) for cell in made[name]]
    return RawTable(made, raw.count)


def write_cells(cells: Sequence[object]) -> list[str | None]:
    """Return cells as JSON."""
    return [write_cell(cell) for cell in cells]
