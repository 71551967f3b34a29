"""Comes in: an official text. Goes out: its provisions in order and nesting, each with its words.

A mark begins a provision where it stands at the start of a line, or after a stop within one, and
goes on counting: after 第五条 comes 第六条, after （二） comes （三）, and a list begins at 1.
A number that does neither is cited and not a mark. Which marks stand inside which is read off the
text: one that has not been seen since the last article, or since the mark around it, opens a list
inside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.intake.marks import ANNEX, ARTICLE, DECIMAL, HEADINGS, Mark, read_mark
from voucher_rules.intake.paragraphs import CONTENTS, name_parts, name_preface
from voucher_rules.intake.pieces import WORD, Piece, set_markers
from voucher_rules.intake.text import Line, OfficialText, ends_sentence, find_residue

MOST_PROVISIONS: Final = 5000
_WIDEST_GAP: Final = 20
_LOOK_AHEAD: Final = 3000
_MOST_LEVELS: Final = 10
_INNER: Final = re.compile(r"(?<=[。;:；：])(?=\(|[0-9]{1,2}[.、)]|[①-⒛㈠-㈩])|(?=第)")
WHOLE_NUMBER: Final = "1."
LATER: Final = "后段"
WHOLE: Final = "全文"


@dataclass(slots=True)
class _Open:
    """A provision that further ones may still go into."""

    kind: str
    number: int
    extra: int
    piece: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A mark found, where it stands, and what speaks for it."""

    mark: Mark
    at: int
    line_start: bool
    after_stop: bool
    before: int
    """Where the unnumbered lines before it begin."""


def split_provisions(text: OfficialText) -> tuple[Piece, ...]:
    """Cut a text into its provisions. Nothing of the text is left out, whatever it looks like.

    Raises :class:`InputError` for more provisions than any measure has.
    """
    splitter = _Splitter(text, has_articles=_has_articles(text))
    for found in _find_marks(text):
        splitter.take(found)
    pieces = splitter.pieces
    if not pieces or pieces[0].start > 0:
        end = pieces[0].start if pieces else len(text.words)
        heads = _name_head(text, end) if pieces else [Piece(WHOLE, WORD, 0, -1, 0, end, 0)]
        by = len(heads)
        pieces = heads + [replace(x, parent=x.parent + by if x.parent >= 0 else -1) for x in pieces]
    return set_markers(text, name_parts(text, _close(pieces, len(text.words))))


def _name_head(text: OfficialText, end: int) -> list[Piece]:
    """Name what stands before the first number: a title or notice, and a table of contents."""
    contents = find_contents(text)
    listed = contents[1] == end > 0
    first = contents[0] if listed else end
    heads = [Piece(name_preface(text.plain[:first]), WORD, 0, -1, 0, first, 0)] if first else []
    return [*heads, Piece(CONTENTS, WORD, 0, -1, first, end, 0)] if listed else heads


def _close(pieces: list[Piece], end: int) -> list[Piece]:
    ends = [*(x.start for x in pieces[1:]), end]
    return [replace(piece, end=stop) for piece, stop in zip(pieces, ends, strict=True)]


def _has_articles(text: OfficialText) -> bool:
    marks = (read_mark(text.plain_of(line)) for line in text.lines)
    return any(mark is not None and mark.kind == ARTICLE for mark in marks)


def _find_marks(text: OfficialText) -> Iterator[_Found]:
    contents = find_contents(text)
    closed, loose = True, 0
    for line in text.lines:
        if line.page:
            continue
        plain = text.plain_of(line)
        if not contents[0] <= line.start < contents[1]:
            found = list(_find_on_line(text, line, plain, closed=closed, loose=loose))
            yield from found
            loose = line.end if found else loose
        mark = read_mark(plain)
        short = text.wrapped and not text.is_full(line)
        closed = ends_sentence(plain) or short or bool(mark and mark.kind in HEADINGS)


def _find_on_line(
    text: OfficialText, line: Line, plain: str, *, closed: bool, loose: int
) -> Iterator[_Found]:
    at = find_residue(plain)
    mark = read_mark(plain[at:])
    if mark and not (mark.kind == ANNEX and line.start == 0):
        yield _Found(mark, line.start + at, line_start=True, after_stop=closed, before=loose)
    for stop in _INNER.finditer(plain, at + 1):
        inner = read_mark(plain[stop.start() :])
        start = line.start + stop.start()
        if inner and _may_stand_inside(text, inner, start):
            yield _Found(inner, start, line_start=False, after_stop=True, before=start)


def _may_stand_inside(text: OfficialText, mark: Mark, at: int) -> bool:
    """Whether a mark within a line may begin a provision: after a stop, an article after a gap."""
    if mark.kind in (*HEADINGS, ANNEX):
        return False
    if text.plain[at - 1] in "。;:；：":
        return True
    return mark.kind == ARTICLE and text.columns[at] - text.columns[at - 1] > 1


def find_contents(text: OfficialText) -> tuple[int, int]:
    """Return where a table of contents stands, which lists the headings before they come."""
    firsts: list[int] = []
    for line in text.lines:
        mark = read_mark(text.plain_of(line))
        if mark is None:
            continue
        if mark.kind == ARTICLE:
            break
        if mark.kind in HEADINGS[:2] and mark.number == 1:
            firsts.append(line.start)
    same = [x for x in firsts if text.plain[x : x + 3] == text.plain[firsts[0] : firsts[0] + 3]]
    if len(same) < 2:  # noqa: PLR2004 - one is the heading itself
        return 0, 0
    before = [x for x in text.lines if x.end == same[0] and "目" in text.plain_of(x)]
    return before[0].start if before else same[0], same[-1]


@dataclass(slots=True)
class _Splitter:
    """The provisions found so far, and those still open."""

    text: OfficialText
    has_articles: bool
    pieces: list[Piece] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    refs: set[str] = field(default_factory=set)
    later: Counter[str] = field(default_factory=Counter)
    article: _Open | None = None
    """The last article of this part; headings do not interrupt their numbers."""

    def take(self, found: _Found) -> None:
        """Take a mark as a provision, or leave it in the words of the one before."""
        kind = found.mark.kind
        if kind == ANNEX:
            self._take_annex(found)
        elif kind in HEADINGS:
            self._take_heading(found)
        elif kind == ARTICLE:
            self._take_article(found)
        else:
            self._take_item(found)

    def _take_annex(self, found: _Found) -> None:
        if found.mark.written not in self.refs:
            self._clear()
            self._add(found, -1)

    def _take_heading(self, found: _Found) -> None:
        """Headings stand beside the articles; where there are none, around what follows."""
        rank = HEADINGS.index(found.mark.kind)
        kept = [x for x in self.stack if x.kind == ANNEX or x.kind in HEADINGS[: rank + 1]]
        same = next((x for x in kept if x.kind == found.mark.kind), None)
        if not self._counts_on(found, same):
            return
        self.stack = [x for x in kept if x is not same]
        parent = self._container() if self.stack and not self.has_articles else self._base()
        around = next((x for x in reversed(self.stack) if x.kind in HEADINGS), None)
        prefix = self.pieces[around.piece].ref if around else ""
        self._add(found, parent, prefix if self.has_articles else "")

    def _take_article(self, found: _Found) -> None:
        last, mark = self.article, found.mark
        between = bool(last and mark.extra and mark.number == last.number)
        if between or self._counts_on(found, last):
            self._drop_articles()
            self._add(found, self._base())
            self.article = self.stack[-1] if self.stack else None
        elif mark.number == 1 and found.line_start and found.after_stop:
            self._clear()
            self._add_later(found, -1)
            self._add(found, self._container())
            self.article = self.stack[-1]

    def _clear(self) -> None:
        self.stack.clear()
        self.article = None

    def _drop_articles(self) -> None:
        kept = (ANNEX, WORD, *HEADINGS)
        self.stack = [x for i, x in enumerate(self.stack) if x.kind in kept and self._is_base(i)]

    def _is_base(self, index: int) -> bool:
        """Whether an open provision may have articles in it or beside it."""
        return all(x.kind in (ANNEX, WORD, *HEADINGS) for x in self.stack[: index + 1])

    def _take_item(self, found: _Found) -> None:
        mark = found.mark
        if mark.kind == DECIMAL and not self._is_inside_its_number(mark):
            return
        level = next((i for i, x in enumerate(self.stack) if x.kind == mark.kind), None)
        if level is None:
            if self._opens_list(found) and len(self.stack) < _MOST_LEVELS:
                self._add(found, self._container())
            return
        if self._counts_on(found, self.stack[level]):
            del self.stack[level:]
            self._add(found, self._container())
        elif mark.number == 1 and found.after_stop and self._opens_list(found):
            self._restart(found, level)

    def _is_inside_its_number(self, mark: Mark) -> bool:
        around = next((x for x in self.stack if x.kind == WHOLE_NUMBER), None)
        return around is not None and mark.text.startswith(f"{around.number}.")

    def _restart(self, found: _Found, level: int) -> None:
        """A second list of the same marks belongs to the unnumbered words before it."""
        if len(self.stack) >= _MOST_LEVELS:
            return
        del self.stack[level:]
        self._add_later(found, self._container())
        self._add(found, self._container())

    def _opens_list(self, found: _Found) -> bool:
        if found.mark.number == 1:
            return (
                found.after_stop or not self.text.wrapped
                if found.line_start
                else (self._goes_on(found))
            )
        # A text cut off at its head begins in the middle of a list.
        return not self.pieces and found.line_start

    def _goes_on(self, found: _Found) -> bool:
        """Whether a list within a line has a second part, so that its first is not a citation."""
        ahead = self.text.plain[found.at : found.at + _LOOK_AHEAD]
        for stop in _INNER.finditer(ahead, 1):
            mark = read_mark(ahead[stop.start() :])
            if mark and mark.kind == found.mark.kind:
                return mark.number == found.mark.number + 1
        return False

    def _counts_on(self, found: _Found, last: _Open | None) -> bool:
        number = found.mark.number
        if last is None:
            return number == 1 or (found.line_start and found.after_stop)
        if number == last.number + 1:
            return True
        gap = last.number < number <= last.number + _WIDEST_GAP
        return gap and found.line_start and found.after_stop

    def _container(self) -> int:
        return self.stack[-1].piece if self.stack else -1

    def _base(self) -> int:
        """Return the annex or later part that articles and headings stand in."""
        outer = [x for x in self.stack if x.kind in (ANNEX, WORD)]
        return outer[0].piece if outer else -1

    def _add_later(self, found: _Found, parent: int) -> None:
        around = self.pieces[parent].ref if parent >= 0 else ""
        self.later[around] += 1
        number = self.later[around]
        ref = f"{around}{LATER}{number if number > 1 else ''}"
        start = self.pieces[-1].start + 1 if self.pieces else 0
        at = found.before if start <= found.before < found.at else found.at
        self._append(Piece(ref, WORD, self._depth(parent), parent, at, at, 0), 0, 0)

    def _add(self, found: _Found, parent: int, prefix: str = "") -> None:
        mark = found.mark
        around = prefix or (self.pieces[parent].ref if parent >= 0 else "")
        ref = around + mark.written
        if ref in self.refs:
            return
        depth = self._depth(parent)
        piece = Piece(ref, mark.kind, depth, parent, found.at, found.at, mark.length)
        self._append(piece, mark.number, mark.extra)

    def _append(self, piece: Piece, number: int, extra: int) -> None:
        if len(self.pieces) >= MOST_PROVISIONS:
            arguments = {"limit": str(MOST_PROVISIONS)}
            raise InputError([Diagnostic("too-many-provisions", arguments, path=self.text.name)])
        self.refs.add(piece.ref)
        self.pieces.append(piece)
        self.stack.append(_Open(piece.kind, number, extra, len(self.pieces) - 1))

    def _depth(self, parent: int) -> int:
        return self.pieces[parent].depth + 1 if parent >= 0 else 0
