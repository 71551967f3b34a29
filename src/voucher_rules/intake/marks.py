"""Comes in: the beginning of a line. Goes out: the mark of a provision there, if any."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from voucher_rules.intake.numerals import read_numeral

_HAN: Final = "[零〇一二两三四五六七八九十百千]+"
_ANY: Final = f"(?:{_HAN}|[0-9]{{1,4}})"
_COUNTED_ON: Final = r"(?![0-9])"
_CITED: Final = (
    "(?!的|之|所列|所称|所规定|规定|、|,|，|(?:至|到|和|及|或|与|或者|以及)?第"
    "[一二三四五六七八九十0-9]+[条款项])"
)
"""What follows a number that is cited here and does not begin a provision."""

HEADINGS: Final = ("编", "章", "节")
"""Marks that only group what follows, highest first."""
ARTICLE: Final = "条"
ANNEX: Final = "附件"
DECIMAL: Final = "1.1"
"""Counted within the number before the point; only a mark inside the provision of that number."""
_UNITS: Final = "元万亿倍个人名家户项次份年月日天周小分米吨公平"

_FORMS: Final = tuple(
    (kind, re.compile(form))
    for kind, form in (
        ("编", rf"第({_ANY})编{_CITED}"),
        ("章", rf"第({_ANY})章{_CITED}"),
        ("节", rf"第({_ANY})节{_CITED}"),
        (ARTICLE, rf"第({_ANY})条(?:之({_HAN}))?{_CITED}"),
        (ANNEX, rf"附件({_ANY})?(?=[^:。;，,()]{{0,40}}$)"),
        ("一、", rf"({_HAN})[、.](?!{_HAN}(?:[、章节级类档等项款条种至]|$))"),
        ("（一）", rf"\(({_HAN})\)(?!的|项|款|目|、\(|[至到和及或]\()、?"),
        ("（一）", r"([㈠-㈩])"),
        ("（1）", r"\(([0-9]{1,3})\)[、.]?"),
        ("（1）", r"([⑴-⒇])"),
        ("1）", r"([0-9]{1,3})\)[、.]?"),
        (DECIMAL, rf"[0-9]{{1,2}}\.([0-9]{{1,2}})(?![0-9.%{_UNITS}])"),
        ("1.", rf"([0-9]{{1,3}})[.、]{_COUNTED_ON}"),
        ("1.", r"([⒈-⒛])"),
        ("①", r"([①-⑳])、?"),
    )
)
_WRITTEN: Final = {
    "编": "第{}编",
    "章": "第{}章",
    "节": "第{}节",
    ARTICLE: "第{}条",
    ANNEX: "附件{}",
    "一、": "{}、",
    "（一）": "（{}）",
    "（1）": "（{}）",
    "1）": "{}）",
    DECIMAL: "{}",
    "1.": "{}.",
    "①": "{}",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark a provision begins with: how it is counted, its number, and its length there."""

    kind: str
    number: int
    extra: int
    """The second number of an article put in between (第十条之一), else 0."""
    written: str
    """The mark as a reference writes it."""
    length: int
    text: str
    """The mark as it stands in the text."""


def read_mark(text: str) -> Mark | None:
    """Return the mark at the start of ``text``, whose characters are narrow."""
    for kind, form in _FORMS:
        found = form.match(text)
        if found:
            return _make_mark(kind, found)
    return None


def _make_mark(kind: str, found: re.Match[str]) -> Mark | None:
    numeral = found[1] or ""
    number = _read_number(numeral)
    if number is None:
        return None
    extra = found[2] if kind == ARTICLE and found[2] else ""
    written = _WRITTEN[kind].replace("{}", _write_numeral(kind, numeral, number))
    written += f"之{extra}" if extra else ""
    own = int(read_numeral(extra) or 0) if extra else 0
    return Mark(kind, number, own, written, found.end(), found[0])


def _read_number(numeral: str) -> int | None:
    if not numeral:
        return 0
    if len(numeral) == 1 and not numeral.isascii() and unicodedata.category(numeral) == "No":
        return int(unicodedata.numeric(numeral))
    value = read_numeral(numeral)
    return value if isinstance(value, int) else None


def _write_numeral(kind: str, numeral: str, number: int) -> str:
    if kind == "（一）" and unicodedata.category(numeral[0]) == "No":
        return "零一二三四五六七八九十"[number]
    if kind in {"（1）", "1.", DECIMAL}:
        return str(number)
    return numeral
