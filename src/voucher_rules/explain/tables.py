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
    heads: Sequence[Cell | str],
    rows: Iterable[Sequence[Cell | str]],
    language: str,
    look: str = "",
    *,
    stacks: bool = False,
) -> str:
    """Return a table; the first cell of each row heads it.

    One that ``stacks`` sets the cells of a row below each other where a page is narrow, each beside
    the heading of its column, so that nothing is cut off.
    """
    named = f"rp-table {look}".strip()
    made = [item if isinstance(item, Cell) else Cell(item) for item in heads]
    top = "".join(f'<th scope="col"{_look(x)}>{escape_text(x.text)}</th>' for x in made)
    head = f"<thead><tr>{top}</tr></thead>\n" if heads else ""
    labels = [x.text for x in made] if stacks else []
    body = "\n".join(f"<tr>{_lay_out_cells(row, labels, language)}</tr>" for row in rows)
    table = f'<table class="{named}">\n{head}<tbody>\n{body}\n</tbody></table>'
    return f'<div class="rp-wide{" rp-stack" if stacks else ""}">{table}</div>'


def _lay_out_cells(row: Sequence[Cell | str], labels: Sequence[str], language: str) -> str:
    cells = [item if isinstance(item, Cell) else Cell(item) for item in row]
    made = []
    for place, cell in enumerate(cells):
        tag, scope = ("td", "") if place else ("th", ' scope="row"')
        looks = scope + _look(cell) + label_cell(labels[place] if labels else "")
        made.append(f"<{tag}{looks}>{write(cell.text, language)}</{tag}>")
    return "".join(made)


def label_cell(label: str) -> str:
    """Return the attribute that holds the heading of a cell, to be shown on a narrow page."""
    return f' data-label="{escape_text(label)}"' if label else ""


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
