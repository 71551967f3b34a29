"""Comes in: rows of texts. Goes out: aligned columns, Chinese characters counted as two cells."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

GAP: Final = "  "
_WIDE: Final = frozenset({"W", "F"})


def measure_width(text: str) -> int:
    """Return how many cells of a terminal ``text`` takes."""
    return sum(_measure_character(character) for character in text)


def _measure_character(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def pad_text(text: str, width: int) -> str:
    """Return ``text`` with blanks after it, up to ``width`` cells."""
    return text + " " * (width - measure_width(text))


def lay_out_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table below its headings; columns nothing stands in are left out."""
    kept = [i for i, _ in enumerate(headings) if any(row[i] for row in rows)]
    cells = [[row[i] for i in kept] for row in rows]
    widths = [
        max(measure_width(text) for text in column)
        for column in zip([headings[i] for i in kept], *cells, strict=True)
    ]
    yield _lay_out_row([headings[i] for i in kept], widths)
    yield _lay_out_row(["-" * width for width in widths], widths)
    for row in cells:
        yield _lay_out_row(row, widths)


def lay_out_pairs(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield one line for each label and what belongs to it, where there is something."""
    told = [(label, text) for label, text in pairs if text]
    width = max((measure_width(label) for label, _ in told), default=0)
    for label, text in told:
        yield _lay_out_row([label, text], [width, 0])


def _lay_out_row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return GAP.join(pad_text(*pair) for pair in zip(cells, widths, strict=True)).rstrip()
