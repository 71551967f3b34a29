"""Comes in: an official text and its provisions' references. Goes out: a fingerprint of each.

A fingerprint is the SHA-256 of a provision's own words: from its number to the number of the next
provision in the text, NFC, with every white-space character and every character that does not show
taken out, so that line breaks of a printed page do not count. A changed text shows in the
fingerprints of the provisions changed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from voucher_rules.checked.model import CheckedRuleset


@dataclass(frozen=True, slots=True)
class Passage:
    """A provision's own words in an official text."""

    ref: str
    text: str

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the words, as a ruleset states it."""
        return digest_words(self.text)


class PassageMissingError(LookupError):
    """A provision whose mark does not stand in the text after the one before it."""


def digest_words(text: str) -> str:
    """Return the fingerprint of words that are normalised already."""
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def is_shown(character: str) -> bool:
    """Return whether a character counts: it is neither white space nor without any shape."""
    return not character.isspace() and unicodedata.category(character) not in {"Cf", "Cc"}


def normalise_text(text: str) -> str:
    """Return ``text`` in NFC without white space and without what does not show."""
    return "".join(filter(is_shown, unicodedata.normalize("NFC", text)))


def slice_text(text: str, marks: Sequence[tuple[str, str]]) -> list[Passage]:
    """Cut an official text into the words of each provision.

    ``marks`` are (reference, mark) pairs in the order of the text; a mark is how the provision
    begins there, and an empty one begins where the text does. Raises :class:`PassageMissingError`.
    """
    whole = normalise_text(text)
    starts: list[int] = []
    position = 0
    for ref, mark in marks:
        at = whole.find(normalise_text(mark), position)
        if at < 0:
            raise PassageMissingError(ref)
        starts.append(at)
        position = at + len(normalise_text(mark))
    ends = [*starts[1:], len(whole)]
    slices = zip(marks, starts, ends, strict=True)
    return [Passage(ref, whole[start:end]) for (ref, _), start, end in slices]


def slice_by_ruleset(text: str, ruleset: CheckedRuleset) -> list[Passage]:
    """Cut an official text into the provisions of its ruleset."""
    return slice_text(text, [(p.citation.ref, p.marker) for p in ruleset.provisions])
