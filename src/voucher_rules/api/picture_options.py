"""Comes in: what a caller wants drawn. Goes out: it checked, and what pictures have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from voucher_rules.batch.cases.tables import CaseTable
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.picture_words import tell
from voucher_rules.explain.population_words import tell as tell_study
from voucher_rules.explain.sheets import Figure, Sheet, tell_figure
from voucher_rules.values.model import Exact

MOST_ROWS = 30
"""A picture with more rows than these is no picture any more; the rest stands in the table."""


def check_options(options: Mapping[str, object], *known: str) -> None:
    """Check that a picture knows its options. Raises :class:`~.errors.InputError`."""
    unknown = sorted(set(options) - set(known))
    if unknown:
        told = {"found": ", ".join(unknown), "options": ", ".join(known), "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path="plot")])


def choose_name(found: object, names: Sequence[str], path: str) -> str:
    """Return one of some names; the first where none is asked for. Raises :class:`InputError`."""
    if found is None and names:
        return names[0]
    if found not in names:
        told = {"found": str(found), "options": ", ".join(names), "near": ""}
        raise InputError([Diagnostic("not-one-of", told, path=path)])
    return str(found)


def list_cells(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the rows of a sheet by column, as they are: exact, in minor units."""
    keys = [column.key for column in sheet.columns]
    return [dict(zip(keys, row, strict=True)) for row in sheet.rows]


def tell_cell(sheet: Sheet, key: str, figure: Figure, language: str) -> str:
    """Return a cell in words, as the sheet shows it."""
    (column,) = [x for x in sheet.columns if x.key == key]
    return tell_figure(figure, column, language)


def keep_largest(
    rows: list[dict[str, Any]], key: str, language: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the rows that a picture has room for, in their order, and a note on the others."""
    if len(rows) <= MOST_ROWS:
        return rows, []
    largest = sorted(rows, key=lambda row: _weigh(row[key]), reverse=True)[:MOST_ROWS]
    kept = [row for row in rows if any(row is x for x in largest)]
    return kept, [tell(language, "note.left_out", count=f"{len(rows) - len(kept):,}")]


def _weigh(figure: Exact | None) -> tuple[bool, Exact]:
    """Put what nothing bounds before every number."""
    return (figure is None, figure or 0)


def note_open(rows: int, language: str) -> Iterator[str]:
    """Yield that some figures are ranges, where they are."""
    if rows:
        yield tell_study(language, "limit.open", rows=f"{rows:,}")


def note_unread(tables: Iterable[CaseTable], language: str) -> Iterator[str]:
    """Yield how many rows are in no figure."""
    count = max((len(table.rejected) for table in tables), default=0)
    if count:
        yield tell(language, "note.unread", rows=f"{count:,}")


def check_rows(rows: Sequence[object], name: str) -> None:
    """Check that there is something to draw. Raises :class:`~.errors.InputError`."""
    if not rows:
        raise InputError([Diagnostic("nothing-to-draw", {"name": name}, path="plot")])
