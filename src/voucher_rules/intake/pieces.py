"""Comes in: where provisions begin. Goes out: how a ruleset finds each of them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from voucher_rules.intake.fingerprint import digest_words, normalise_text
from voucher_rules.intake.text import OfficialText
from voucher_rules.ruleset.refs import find_mark

WORD: Final = "word"
"""The kind of a provision without a number."""
_SHORTEST: Final = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A provision of a text: its reference, how it is counted, where it stands, its own words."""

    ref: str
    kind: str
    depth: int
    parent: int
    """The place in the list of the provision around it, or -1."""
    start: int
    end: int
    mark: int
    """How many characters its mark has in the text."""
    marker: str = ""
    """How it begins in the text, where its reference does not say so."""

    def words(self, text: OfficialText) -> str:
        """Return its own words, up to the next provision."""
        return text.words[self.start : self.end]

    def fingerprint(self, text: OfficialText) -> str:
        """Return the SHA-256 of its own words."""
        return digest_words(self.words(text))


def set_markers(text: OfficialText, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Give each provision the shortest beginning by which it is found after the one before it."""
    made: list[Piece] = []
    position = 0
    for piece in pieces:
        own = normalise_text(find_mark(piece.ref))
        known = text.words.find(own, position) == piece.start
        marker = own if known else _find_marker(text, piece, position)
        if text.words.find(marker, position) != piece.start and made:
            # The one before tells the same words first, as a table of contents does: it is told
            # whole, so that this one is looked for behind it.
            made[-1] = replace(made[-1], marker=text.words[made[-1].start : piece.start])
            marker = own or text.words[piece.start : piece.start + _SHORTEST]
        made.append(replace(piece, marker="" if marker == own else marker))
        position = piece.start + len(marker)
    return tuple(made)


def _find_marker(text: OfficialText, piece: Piece, position: int) -> str:
    """Return the shortest beginning that is not found earlier; all of its words where none is."""
    words = piece.words(text)
    first = text.words.find(words, position)
    low, high = min(piece.mark or _SHORTEST, len(words)), len(words)
    if first != piece.start:
        return words
    # Whatever is found earlier by a longer beginning is found there by a shorter one too.
    while low < high:
        middle = (low + high) // 2
        if text.words.find(words[:middle], position) == piece.start:
            high = middle
        else:
            low = middle + 1
    return words[:low]
