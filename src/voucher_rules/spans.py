"""Comes in: nothing. Goes out: places in a source text and places in the law, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WHAT_IF: Final = "what-if"
"""Stands for a provision where a what-if added something: there is none."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file. Lines and columns count from 1; ``length`` is in characters.

    Line 0 stands for the file as a whole, where no line of it is meant.
    """

    file: str
    line: int
    column: int
    length: int = 1

    def shift(self, offset: int, length: int) -> Span:
        """Return the span of a part that starts ``offset`` characters further on the line."""
        return Span(self.file, self.line, self.column + offset, length)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """A provision of a document: the ruleset that encodes it, its edition, the full reference."""

    ruleset: str
    edition: str
    ref: str

    def __str__(self) -> str:
        return self.ref


def cite_changed(ref: str) -> str:
    """Return the reference of what a what-if changed in a provision, which no law says."""
    return ref if WHAT_IF in ref else f"{ref} ({WHAT_IF})"


def cite_added(ref: str) -> str:
    """Return the reference of what a what-if put in a provision, or in none."""
    return WHAT_IF if ref in {"", WHAT_IF} else f"{WHAT_IF} @ {ref}"
