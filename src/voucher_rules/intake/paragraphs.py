"""Comes in: provisions by their numbers. Goes out: the same with what has no number of its own.

Paragraphs of an article (款), what follows a list of items (末段), the words before the first
number, and the signature at the end.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from voucher_rules.intake.marks import ARTICLE, HEADINGS
from voucher_rules.intake.pieces import WORD, Piece
from voucher_rules.intake.text import Line, OfficialText, ends_sentence

LAST: Final = "末段"
CONTENTS: Final = "目录"
TITLE: Final = "题目"
NOTICE: Final = "印发通知"
PREFACE: Final = "前言"
SIGNATURE: Final = "落款"
IMPRINT: Final = "印发落款"

_DATED: Final = re.compile(
    r"(?:[12][0-9]{3}|[一二][〇○零一二三四五六七八九]{3})年[0-9一二三四五六七八九十]{1,2}月"
    r"[0-9一二三四五六七八九十]{1,3}日(印发|发布|公布)?\Z"
)
_LONGEST_SIGNATURE: Final = 40
_MOST_SIGNERS: Final = 3
_NUMERALS: Final = "零一二三四五六七八九"
_TWO: Final = 2
_WHOLE_LINE: Final = 8
"""A printed line that falls short of the widest by so many columns ends its paragraph."""


def name_preface(plain: str) -> str:
    """Name the words before the first number: a title, a notice that issues, or a preface."""
    if re.search(r"(印发|公布|下发|发布).{0,80}(通知|公告|令|决定)", plain):
        return NOTICE
    return PREFACE if "。" in plain else TITLE


def name_parts(text: OfficialText, pieces: Sequence[Piece]) -> list[Piece]:
    """Set apart the unnumbered parts."""
    return _split_paragraphs(text, _split_last(text, _split_signature(text, pieces)))


def list_paragraphs(text: OfficialText, piece: Piece) -> list[tuple[int, int]]:
    """Return where each paragraph of a provision begins and ends; printed pages are put together.

    A line that closes nothing is a heading of what follows, so it is no paragraph of its own.
    """
    made: list[tuple[int, int]] = []
    open_ended = False
    for line in _lines_of(text, piece):
        start, end = max(line.start, piece.start), min(line.end, piece.end)
        if open_ended and made:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
        open_ended = not _ends_paragraph(text, line, end)
    return made


def _lines_of(text: OfficialText, piece: Piece) -> list[Line]:
    first = max(0, bisect_right(text.lines, piece.start, key=lambda line: line.start) - 1)
    end = bisect_left(text.lines, piece.end, key=lambda line: line.start)
    return [x for x in text.lines[first:end] if x.end > piece.start and not x.page]


def _ends_paragraph(text: OfficialText, line: Line, end: int) -> bool:
    if not ends_sentence(text.plain[line.start : end]):
        return False
    return not text.wrapped or line.width <= text.widest - _WHOLE_LINE


def _split_signature(text: OfficialText, pieces: Sequence[Piece]) -> list[Piece]:
    """Set apart who signed and when, at the very end."""
    last = pieces[-1]
    lines = _lines_of(text, last)
    if not lines or not _DATED.search(text.plain_of(lines[-1])):
        return list(pieces)
    at = len(lines) - 1
    while at > 0 and len(lines) - at <= _MOST_SIGNERS and _is_signer(text, lines, at - 1):
        at -= 1
    start = lines[at].start
    if start <= last.start or len(text.plain_of(lines[at])) > _LONGEST_SIGNATURE:
        return list(pieces)
    ref = IMPRINT if "印发" in text.plain[start : last.end] else SIGNATURE
    if any(x.ref == ref for x in pieces):
        return list(pieces)
    signature = Piece(ref, WORD, 0, -1, start, last.end, 0)
    return [*pieces[:-1], replace(last, end=start), signature]


def _is_signer(text: OfficialText, lines: Sequence[Line], at: int) -> bool:
    """Whether a line names who signs: short, no stop, and after the end of a sentence."""
    plain = text.plain_of(lines[at])
    before = text.plain_of(lines[at - 1]) if at else ""
    short = len(plain) <= _LONGEST_SIGNATURE and not ends_sentence(plain)
    return short and bool(before) and ends_sentence(before)


def _split_last(text: OfficialText, pieces: Sequence[Piece]) -> list[Piece]:
    """Set apart what follows the last item of a list and belongs to the provision around it."""
    made: list[Piece] = []
    moved: dict[int, int] = {-1: -1}
    long_items = {x.parent for x in _list_long_items(text, pieces)}
    named: set[str] = set()
    for at, piece in enumerate(pieces):
        moved[at] = len(made)
        own = replace(piece, parent=moved[piece.parent])
        owner = _find_owner(pieces, at)
        spans = list_paragraphs(text, piece) if owner is not None else []
        ref = f"{pieces[owner].ref}{LAST}" if owner is not None else ""
        if owner is None or len(spans) < _TWO or piece.parent in long_items or ref in named:
            made.append(own)
            continue
        named.add(ref)
        depth = pieces[owner].depth + 1
        start = spans[1][0]
        made.append(replace(own, end=start))
        made.append(Piece(ref, WORD, depth, moved[owner], start, piece.end, 0))
    return made


def _find_owner(pieces: Sequence[Piece], at: int) -> int | None:
    """Return the provision that words after the last item of a list belong to."""
    piece = pieces[at]
    if piece.parent < 0 or piece.kind in (ARTICLE, WORD, *HEADINGS):
        return None
    following = pieces[at + 1].parent if at + 1 < len(pieces) else -1
    if following == at:
        return None
    owner = at
    while pieces[owner].parent not in (following, -1):
        owner = pieces[owner].parent
    return None if owner == at or pieces[owner].kind in HEADINGS else owner


def _list_long_items(text: OfficialText, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield items that run over several paragraphs, so that the last of their list may as well.

    The only item of a list may too, and the last one is the one in question.
    """
    parents = {x.parent: i for i, x in enumerate(pieces)}
    counts = Counter(x.parent for x in pieces)
    for at, piece in enumerate(pieces):
        last = parents[piece.parent] == at
        if counts[piece.parent] == 1 or (not last and len(list_paragraphs(text, piece)) > 1):
            yield piece


def _split_paragraphs(text: OfficialText, pieces: Sequence[Piece]) -> list[Piece]:
    """Set apart the paragraphs of an article that has several and no items."""
    made: list[Piece] = []
    moved: dict[int, int] = {-1: -1}
    parents = {x.parent for x in pieces}
    for at, piece in enumerate(pieces):
        moved[at] = len(made)
        own = replace(piece, parent=moved[piece.parent])
        spans = list_paragraphs(text, piece) if piece.kind == ARTICLE and at not in parents else []
        if len(spans) < _TWO:
            made.append(own)
            continue
        first = piece.start + piece.mark
        starts = [first, *(start for start, _ in spans[1:])]
        ends = [*starts[1:], piece.end]
        made.append(replace(own, end=first))
        made.extend(
            Piece(
                f"{piece.ref}第{_write_numeral(number)}款",
                "款",
                piece.depth + 1,
                moved[at],
                start,
                end,
                0,
            )
            for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1)
        )
    return made


def _write_numeral(number: int) -> str:
    """Write a number below a hundred in Chinese; larger ones in digits."""
    if number >= 100:  # noqa: PLR2004 - no article has so many paragraphs
        return str(number)
    tens, rest = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return ten + (_NUMERALS[rest] if rest else "")
