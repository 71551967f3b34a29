"""Comes in: cells and texts. Goes out: tables and counts in HTML, for the pages of reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from voucher_rules.explain.markup import escape_text, write

NUMBER: Final = "rp-number"
CODE: Final = "rp-code"
"""Names that are written as they are: no letter of them is made a capital."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and the class that says what it looks like."""

    text: str
    look: str = ""


def lay_out_rows(
    heads: Sequence[Cell | str], rows: Iterable[Sequence[Cell | str]], language: str, look: str = ""
) -> str:
    """Return a table; the first cell of each row heads it."""
    named = f"rp-table {look}".strip()
    made = [item if isinstance(item, Cell) else Cell(item) for item in heads]
    top = "".join(f'<th scope="col"{_look(x)}>{escape_text(x.text)}</th>' for x in made)
    head = f"<thead><tr>{top}</tr></thead>\n" if heads else ""
    body = "\n".join(f"<tr>{_lay_out_cells(row, language)}</tr>" for row in rows)
    table = f'<table class="{named}">\n{head}<tbody>\n{body}\n</tbody></table>'
    return f'<div class="rp-wide">{table}</div>'


def _lay_out_cells(row: Sequence[Cell | str], language: str) -> str:
    cells = [item if isinstance(item, Cell) else Cell(item) for item in row]
    first, *rest = cells
    made = [f'<th scope="row"{_look(first)}>{write(first.text, language)}</th>']
    made += [f"<td{_look(cell)}>{write(cell.text, language)}</td>" for cell in rest]
    return "".join(made)


def _look(cell: Cell) -> str:
    return f' class="{cell.look}"' if cell.look else ""


def lay_out_counts(counts: Iterable[tuple[str, str]], language: str) -> str:
    """Return names with their numbers, side by side."""
    items = "".join(
        f"<div><dt>{write(name, language)}</dt><dd>{escape_text(number)}</dd></div>"
        for name, number in counts
    )
    return f'<dl class="rp-counts">{items}</dl>'


def lay_out_heading(text: str) -> str:
    """Return the heading of a part of a report."""
    return f'<h2 class="vr-heading">{escape_text(text)}</h2>'
