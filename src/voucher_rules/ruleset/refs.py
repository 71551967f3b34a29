"""Comes in: a provision's reference (第十一条（三）). Goes out: its parts, with numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMERAL = "[零〇一二两三四五六七八九十百千]+"

_FORMS: Final = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("编", rf"第({_NUMERAL}|[0-9]+)编"),
        ("章", rf"第({_NUMERAL}|[0-9]+)章"),
        ("节", rf"第({_NUMERAL}|[0-9]+)节"),
        ("条", rf"第({_NUMERAL}|[0-9]+)条"),
        ("款", rf"第({_NUMERAL}|[0-9]+)款"),
        ("项", rf"第({_NUMERAL}|[0-9]+)项"),
        ("（一）", rf"[（(]({_NUMERAL})[）)]"),
        ("（1）", r"[（(]([0-9]+)[）)]"),
        ("附件", rf"附件({_NUMERAL}|[0-9]+)"),
        ("①", r"([①-⑳])"),
        ("一、", rf"({_NUMERAL})[、.]?"),
        ("1）", r"([0-9]+)[)）]"),
        ("1.", r"([0-9]+)[.、]?"),
    )
)


@dataclass(frozen=True, slots=True)
class RefPart:
    """One step of a reference; ``kind`` is how it is counted, ``word`` for a bare name."""

    kind: str
    number: int
    text: str


def read_numeral(text: str) -> int:
    """Read a whole number below ten thousand: ``十一``, ``二十``, ``12``, ``⑫``."""
    if text.isascii():
        return int(text)
    if text in _CIRCLED:
        return _CIRCLED.index(text) + 1
    total = digit = 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def read_ref(text: str) -> tuple[RefPart, ...]:
    """Read a reference into its parts; one counted in no known way is a single ``word``."""
    parts: list[RefPart] = []
    rest = text
    while rest:
        part = _read_part(rest)
        if part is None:
            return (RefPart("word", 0, text),)
        parts.append(part)
        rest = rest[len(part.text) :]
    return tuple(parts) or (RefPart("word", 0, text),)


def _read_part(rest: str) -> RefPart | None:
    for kind, form in _FORMS:
        match = form.match(rest)
        if match:
            return RefPart(kind, read_numeral(match[1]), match[0])
    return None


def find_mark(ref: str) -> str:
    """Return how a provision begins in the text: the last part of its reference."""
    part = read_ref(ref)[-1]
    return "" if part.kind == "word" else part.text
