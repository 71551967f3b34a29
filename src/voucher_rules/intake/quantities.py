"""Comes in: an official text cut into provisions. Goes out: every quantity in it, with its place.

No digit is left out: what is neither a known quantity nor a number that counts nothing (a document
number, a provision cited, a name) is a plain number. Numerals in characters count where a measure
word, a unit or a further numeral stands beside them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from voucher_rules.intake.comparators import AT_LEAST, AT_MOST, Bound, read_bound
from voucher_rules.intake.forms import ASIDE, COUNTED, STARTS
from voucher_rules.intake.measure import Amount, read_amounts
from voucher_rules.intake.pieces import Piece
from voucher_rules.intake.text import OfficialText
from voucher_rules.values.model import Exact

WORDING: Final = "wording"
TITLE: Final = "title"
_NAMED: Final = re.compile(r"《(?:[^《》]|《[^《》]{0,80}》){0,200}》")
_BEFORE: Final = 20
_AFTER: Final = 12
"""So many characters of the words around a quantity are kept to show where it stands."""
_OPEN_ENDED: Final = re.compile(r"《[^《》]{1,80}\Z")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity of a provision: what it is, how much, and the words that bound it.

    ``number`` is in the smallest unit: fen for money, yyyymmdd for a date, mmdd for a day without
    a year, hhmm for a time. ``unit`` is a currency, a measure word, or the unit of a period.
    """

    kind: str
    number: Exact
    unit: str
    ref: str
    text: str
    """Its words in the text, without white space."""
    at: int
    """Which character of the text it begins with."""
    line: int
    column: int
    limit: str = ""
    quoted: str = ""
    """The words that bound it."""
    inclusion: str = ""
    soft: str = ""
    part: str = ""
    """``low`` or ``high`` of a range."""
    clause: str = ""
    """The words around it, for whoever looks at it."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A numeral that counts nothing: where it stands, and why."""

    reason: str
    ref: str
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numerals of a text: those that count, and those that do not."""

    quantities: tuple[Quantity, ...]
    asides: tuple[Aside, ...]


def find_quantities(text: OfficialText, pieces: Sequence[Piece]) -> Numbers:
    """Find every quantity of every provision, in the order of the text."""
    quantities: list[Quantity] = []
    asides: list[Aside] = []
    for piece in pieces:
        for run in _list_runs(text, piece):
            for found in _Scanner(text, piece.ref, run).scan():
                if isinstance(found, Quantity):
                    quantities.append(found)
                else:
                    asides.append(found)
    return Numbers(tuple(quantities), tuple(asides))


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that go on without a break, and where each part of them stands in the text."""

    text: str
    starts: tuple[int, ...]
    """Where in ``text`` each line begins."""
    places: tuple[int, ...]
    """Where in the whole text it does."""

    def place(self, at: int) -> int:
        """Return where in the whole text a character of the run stands."""
        line = bisect_right(self.starts, at) - 1
        return self.places[line] + at - self.starts[line]


def _list_runs(text: OfficialText, piece: Piece) -> Iterator[_Run]:
    """Yield the lines of a provision without its mark; those of a printed page are joined."""
    begin = piece.start + piece.mark
    parts: list[str] = []
    starts: list[int] = []
    places: list[int] = []
    first = max(0, bisect_right(text.lines, begin, key=lambda line: line.start) - 1)
    for line in text.lines[first:]:
        if line.start >= piece.end:
            break
        low, high = max(line.start, begin), min(line.end, piece.end)
        if line.page or low >= high:
            continue
        for start, end in _list_cells(text, low, high):
            if start > low:
                yield _Run("".join(parts), tuple(starts), tuple(places))
                parts, starts, places = [], [], []
            starts.append(sum(map(len, parts)))
            places.append(start)
            parts.append(text.plain[start:end])
        if text.ends_run(line):
            yield _Run("".join(parts), tuple(starts), tuple(places))
            parts, starts, places = [], [], []
    if parts:
        yield _Run("".join(parts), tuple(starts), tuple(places))


def _list_cells(text: OfficialText, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a line between which white space parts two numbers."""
    cuts = [at for at in range(low + 1, high) if text.parts_numbers(at)]
    yield from pairwise([low, *cuts, high])


@dataclass(frozen=True, slots=True)
class _Scanner:
    """Words of one provision being looked through."""

    text: OfficialText
    ref: str
    run: _Run

    def scan(self) -> Iterator[Quantity | Aside]:
        """Yield what counts and what does not, in order."""
        words = self.run.text
        titles = [x.span() for form in (_NAMED, _OPEN_ENDED) for x in form.finditer(words)]
        at = floor = 0
        while start := STARTS.search(words, at):
            at = start.start()
            reason, amounts, end = _read_at(words, at)
            if end == at:
                at += 1
                continue
            if amounts and any(low <= at < high for low, high in titles):
                reason, amounts = TITLE, ()
            if reason:
                yield Aside(reason, self.ref, self._words(at, end), *self._place(at))
            else:
                yield from self._make(amounts, at, end, read_bound(words, at, end, floor))
            at = floor = end

    def _words(self, start: int, end: int) -> str:
        return "".join(self.text.words[self.run.place(i)] for i in range(start, end))

    def _place(self, at: int) -> tuple[int, int]:
        return self.text.place(self.run.place(at))

    def _make(
        self, amounts: tuple[Amount, ...], start: int, end: int, bound: Bound
    ) -> Iterator[Quantity]:
        line, column = self._place(start)
        low, high = max(0, start - _BEFORE), min(len(self.run.text), end + _AFTER)
        for amount in amounts:
            made = Quantity(
                kind=amount.kind,
                number=amount.number,
                unit=amount.unit,
                ref=self.ref,
                text=self._words(start, end),
                at=self.run.place(start),
                line=line,
                column=column,
                limit=bound.limit,
                quoted=self._words(bound.start, bound.end) if bound.limit else "",
                inclusion=bound.inclusion,
                soft=bound.soft,
                clause=self._words(low, high),
            )
            yield _set_part(made, amount.part, bound)


def _read_at(text: str, at: int) -> tuple[str, tuple[Amount, ...], int]:
    """Return why a numeral counts nothing, or its amounts, and where it ends."""
    for name, form in ASIDE:
        if found := form.match(text, at):
            return name, (), found.end()
    for name, form in COUNTED if text[at] not in "([" else ():
        if found := form.match(text, at):
            if name == WORDING:
                return WORDING, (), found.end()
            amounts = read_amounts(name, found)
            if amounts:
                return "", amounts, found.end()
    return "", (), at


def _set_part(quantity: Quantity, part: str, bound: Bound) -> Quantity:
    """Of a range that nothing else bounds, one end is the least and the other the most."""
    if not part:
        return quantity
    limit = bound.limit or (AT_LEAST if part == "low" else AT_MOST)
    return replace(quantity, part=part, limit=limit)
