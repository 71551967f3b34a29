"""Comes in: a ruleset's provisions and an official text. Goes out: where each stands, or not.

While the text is the one the ruleset was made from, each provision is found by how it begins. In a
changed text that would go astray, so there the numbers the text itself counts by lead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from voucher_rules.intake.fingerprint import digest_words, normalise_text
from voucher_rules.intake.marks import ANNEX
from voucher_rules.intake.pieces import WORD, Piece
from voucher_rules.intake.text import OfficialText, ends_sentence, make_narrow
from voucher_rules.ruleset.model import ProvisionDoc
from voucher_rules.ruleset.refs import find_mark, read_ref

_UNCOUNTED: Final = frozenset({WORD, "款", ANNEX})
"""Kinds of provisions that a text has without a number of their own."""
_PARAGRAPH: Final = re.compile("第[零一二三四五六七八九十0-9]+款")


@dataclass(frozen=True, slots=True)
class Located:
    """A provision of a ruleset, and where it stands in the text; ``start`` is -1 where it does not.

    ``up`` is the place in the list of the provision around it, or -1.
    """

    doc: ProvisionDoc
    up: int
    start: int
    end: int
    digests: tuple[str, ...]
    """The fingerprints its words may have: up to the next provision, of the ruleset or the text."""
    in_order: bool = True

    @property
    def ref(self) -> str:
        """Its reference."""
        return str(self.doc.ref)

    @property
    def found(self) -> bool:
        """Whether it stands in the text."""
        return self.start >= 0

    @property
    def matches(self) -> bool:
        """Whether its words are those the ruleset was made from."""
        return str(self.doc.fingerprint) in self.digests


def locate_provisions(
    text: OfficialText, provisions: Sequence[ProvisionDoc], pieces: Sequence[Piece]
) -> tuple[Located, ...]:
    """Find each provision of a ruleset in a text, in the order of the ruleset."""
    docs = tuple(_walk(provisions, -1, [0]))
    plain = _find_plainly(text, docs)
    if plain is not None:
        made = _close(text, docs, plain, ())
        if all(item.matches for item in made):
            return made
    return _close(text, docs, _find_by_number(text, docs, pieces), pieces)


def list_uncovered(pieces: Sequence[Piece], located: Sequence[Located]) -> list[Piece]:
    """Return the numbered provisions of a text at which none of the ruleset begins."""
    starts = {item.start for item in located}
    return [x for x in pieces if x.start not in starts and x.kind not in _UNCOUNTED]


def _walk(
    provisions: Sequence[ProvisionDoc], up: int, count: list[int]
) -> Iterator[tuple[ProvisionDoc, int]]:
    for doc in provisions:
        at = count[0]
        count[0] += 1
        yield doc, up
        yield from _walk(doc.provisions, at, count)


def _marker(doc: ProvisionDoc) -> str:
    return normalise_text(str(doc.marker or find_mark(str(doc.ref))))


def _find_plainly(text: OfficialText, docs: Sequence[tuple[ProvisionDoc, int]]) -> list[int] | None:
    starts: list[int] = []
    position = 0
    for doc, _ in docs:
        marker = _marker(doc)
        at = text.words.find(marker, position)
        if at < 0:
            return None
        starts.append(at)
        position = at + len(marker)
    return starts


def _find_by_number(
    text: OfficialText, docs: Sequence[tuple[ProvisionDoc, int]], pieces: Sequence[Piece]
) -> list[int]:
    counted = {name_key(x.ref): x.start for x in pieces if x.kind not in _UNCOUNTED}
    begins = {line.start for line in text.lines}
    starts: list[int] = []
    position = 0
    for doc, _ in docs:
        marker = _marker(doc)
        start = counted.get(name_key(str(doc.ref)), -1)
        if start < 0:
            start = text.words.find(marker, position)
            numbered = read_ref(str(doc.ref))[-1].kind not in _UNCOUNTED
            fits = start in begins or ends_sentence(text.plain[:start][-1:])
            start = start if fits or not numbered else -1
        starts.append(start)
        position = max(position, start + len(marker))
    return starts


def name_key(ref: str) -> str:
    """Return what a reference counts, however it is written: 第5条 and 第五条 are one.

    Paragraphs are left out: a text does not number them, so a ruleset may name them or not.
    """
    bare = _PARAGRAPH.sub("", ref)
    parts = read_ref(bare)
    if any(part.kind == WORD for part in parts):
        return make_narrow(bare)
    return " ".join(f"{part.kind}{part.number}" for part in parts)


def _close(
    text: OfficialText,
    docs: Sequence[tuple[ProvisionDoc, int]],
    starts: Sequence[int],
    pieces: Sequence[Piece],
) -> tuple[Located, ...]:
    known = sorted({*(x for x in starts if x >= 0), len(text.words)})
    every = sorted({*known, *(x.start for x in pieces if x.kind not in _UNCOUNTED)})
    made = []
    last = -1
    for (doc, up), start in zip(docs, starts, strict=True):
        if start < 0:
            made.append(Located(doc, up, -1, -1, ()))
            continue
        end = _next_after(known, start)
        ends = {end, _next_after(every, start)}
        digests = tuple(digest_words(text.words[start:x]) for x in sorted(ends))
        made.append(Located(doc, up, start, end, digests, in_order=start >= last))
        last = max(last, start)
    return tuple(made)


def _next_after(starts: Sequence[int], start: int) -> int:
    return next((x for x in starts[bisect_right(starts, start) :]), start)
