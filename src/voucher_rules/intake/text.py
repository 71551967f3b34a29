"""Comes in: the words of an official text. Goes out: its lines and characters, each with its place.

Two forms go side by side, character for character: ``words``, which fingerprints are made of, and
``plain``, the same with full-width digits, letters, brackets and dashes made narrow, which is what
marks and quantities are looked for in. Neither holds white space or characters that do not show.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from voucher_rules.diagnostics import WIDE_FROM
from voucher_rules.intake.fingerprint import is_shown

_NARROW: Final = (
    {0xFF01 + i: chr(0x21 + i) for i in range(94) if chr(0xFF01 + i) not in "，！？"}
    | dict.fromkeys(map(ord, "—–―−─﹣－~～〜∼"), "-")
    | dict.fromkeys(map(ord, "〔［【﹝"), "[")
    | dict.fromkeys(map(ord, "〕］】﹞"), "]")
    | {ord("﹪"): "%", ord("￥"): "¥", ord("（"): "(", ord("）"): ")"}
)
"""The full-width comma stays: between digits it separates numbers, and the narrow one thousands."""

_RESIDUE: Final = re.compile(r"\[bookmark:[^\]]{0,80}\]")
"""What a word processor leaves behind in a text."""
_PAGE: Final = re.compile(r"-+[0-9]{1,4}-+|第?[0-9]{1,4}页(?:[,，/]?共[0-9]{1,4}页)?")
_CLOSED: Final = re.compile(r"(?:[。;:!?：；！？]|(?<![0-9])\.)[”\"’)]?\Z")

_GROUP: Final = re.compile("[0-9]{1,9}")
_SPACE: Final = 2
_THOUSAND: Final = 3
_FEWEST_LINES: Final = 8
_WIDEST_PRINT: Final = 100
"""Columns of a printed line, in which a Chinese character takes two."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that shows something: its number, and which characters of the text are its own."""

    number: int
    start: int
    end: int
    width: int
    """Columns it takes on a page, its indent among them."""
    page: bool
    """Whether it is the number of a printed page."""


@dataclass(frozen=True, slots=True)
class OfficialText:
    """An official text: its name, the digest of its bytes, and its characters with their places."""

    name: str
    digest: str
    words: str
    plain: str
    lines: tuple[Line, ...]
    columns: tuple[int, ...]
    wrapped: bool
    """Whether its lines end where a printed page did rather than with a paragraph."""
    widest: int
    """Columns that all but its widest lines keep within."""

    def place(self, at: int) -> tuple[int, int]:
        """Return line and column, from 1, of a character."""
        if not self.lines:
            return 1, 1
        found = max(0, bisect_right(self.lines, at, key=lambda line: line.start) - 1)
        column = self.columns[at] if at < len(self.columns) else 1
        return self.lines[found].number, column

    def is_full(self, line: Line) -> bool:
        """Return whether a line runs on to the next one because the page ends there."""
        return self.wrapped and line.width * 4 >= self.widest * 3

    def parts_numbers(self, at: int) -> bool:
        """Return whether white space before a digit parts it from the digits before it.

        As between the cells of a table. One space before a group of three is within a number.
        """
        gap = self.columns[at] - self.columns[at - 1]
        if gap < _SPACE or not (self.plain[at].isdigit() and self.plain[at - 1].isdigit()):
            return False
        group = _GROUP.match(self.plain, at)
        return gap > _SPACE or group is None or group.end() - at != _THOUSAND

    def ends_run(self, line: Line) -> bool:
        """Return whether no quantity goes on from a line to the next one."""
        plain = self.plain_of(line)
        if not self.wrapped or ends_sentence(plain):
            return True
        return plain[-1].isdigit() and not self.is_full(line)

    def plain_of(self, line: Line) -> str:
        """Return the narrow characters of a line."""
        return self.plain[line.start : line.end]


def make_narrow(text: str) -> str:
    """Return ``text`` with full-width digits, letters, brackets and dashes made narrow."""
    return text.translate(_NARROW)


def take_text(text: str, name: str, digest: str = "") -> OfficialText:
    """Take in a text of any length and shape, the empty one too."""
    words: list[str] = []
    columns: list[int] = []
    lines: list[Line] = []
    position = 0
    normal = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(normal.split("\n"), 1):
        shown = [(column, x) for column, x in enumerate(line, 1) if is_shown(x)]
        if not shown:
            continue
        own = "".join(x for _, x in shown)
        page = bool(_PAGE.fullmatch(make_narrow(own)))
        width = sum(2 if ord(x) >= WIDE_FROM else 1 for x in line.rstrip())
        lines.append(Line(number, position, position + len(own), width, page))
        words.append(own)
        columns.extend(column for column, _ in shown)
        position += len(own)
    whole = "".join(words)
    plain = make_narrow(whole)
    wrapped = _is_wrapped(plain, lines)
    widths = sorted(line.width for line in lines)
    widest = widths[len(widths) * 9 // 10] if widths else 0
    return OfficialText(name, digest, whole, plain, tuple(lines), tuple(columns), wrapped, widest)


def find_residue(text: str) -> int:
    """Return how many characters at the start of a line are left by a word processor."""
    found = _RESIDUE.match(text)
    return found.end() if found else 0


def ends_sentence(text: str) -> bool:
    """Return whether a line ends where a sentence or an introduction does."""
    return not text or bool(_CLOSED.search(text))


def _is_wrapped(plain: str, lines: list[Line]) -> bool:
    """Tell a text whose paragraphs are broken over lines of one width.

    Of paragraphs most end in a stop, or are longer than any printed line.
    """
    own = [line for line in lines if not line.page]
    if len(own) < _FEWEST_LINES:
        return False
    widest = sorted(line.width for line in own)[len(own) * 9 // 10]
    full = [line for line in own if line.width * 4 >= widest * 3]
    open_ended = sum(not ends_sentence(plain[x.start : x.end]) for x in full)
    return widest <= _WIDEST_PRINT and open_ended * 2 > len(full) and len(full) * 4 > len(own)
