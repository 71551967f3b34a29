"""Comes in: the words of a provision. Goes out: what an author may find it to be, never a claim."""

from __future__ import annotations

import re
from typing import Final

from voucher_rules.intake.marks import HEADINGS
from voucher_rules.intake.paragraphs import IMPRINT, NOTICE, SIGNATURE
from voucher_rules.intake.pieces import Piece
from voucher_rules.intake.text import OfficialText, ends_sentence, make_narrow

_REASONS: Final = tuple(
    (reason, re.compile(form))
    for reason, form in (
        ("effectiveness", "(?:自|从).{0,20}(?:施行|实施|实行|执行|生效)|有效期至|同时废止"),
        ("interpretation", "负责解释"),
        ("purpose", "(?:特|)制定本(?:办法|细则|指南|规定|方案|意见|措施)|制订本"),
        ("definition", "本(?:办法|细则|指南|规定)所称|是指"),
        ("funding", "(?:资金|经费).{0,20}(?:安排|列支|列入|拨付)"),
        ("oversight", "监督检查|绩效评价|绩效管理|绩效评估|审计|抽查"),
        ("competence", "负责.{0,40}(?:工作|管理|审核|组织)"),
    )
)
_NUMBER: Final = re.compile(r"[\u4e00-\u9fff]{1,8}\[[12][0-9]{3}\][0-9]+号")
_ISSUED: Final = re.compile("(?:印发|公布|发布|下发)(?:<|〈|《)([^《》]{2,200})》")
_ANNEX_LINE: Final = re.compile("附件[0-9一二三四五六七八九十]*:?")
_IN_BRACKETS: Final = re.compile("[（(][^（）()]{1,20}[）)]\\Z")
_LONGEST_HEAD: Final = 200
_MOST_TITLE_LINES: Final = 3


def suggest_reason(text: OfficialText, piece: Piece, *, has_parts: bool) -> str:
    """Suggest why a provision may have no rule; empty where nothing speaks for a reason."""
    if piece.kind in HEADINGS:
        return "heading"
    if piece.ref in {NOTICE, SIGNATURE, IMPRINT}:
        return "promulgation"
    words = make_narrow(piece.words(text))
    if has_parts:
        return "encoded_below"
    return next((reason for reason, form in _REASONS if form.search(words)), "")


def find_heading(text: OfficialText, piece: Piece) -> str:
    """Return the words of a heading without its mark."""
    return piece.words(text)[piece.mark :] if piece.kind in HEADINGS else ""


def find_number(text: OfficialText) -> str:
    """Return the document's own number, where it stands before its title; else nothing."""
    found = _NUMBER.match(text.plain[:_LONGEST_HEAD])
    return text.words[: found.end()] if found else ""


def find_title(text: OfficialText, head: Piece) -> str:
    """Return the title at the head of the text, or nothing.

    It is the one the text says it issues, else the lines before the first provision without a stop.
    """
    words = text.words[: head.end]
    issued = [x for x in _ISSUED.finditer(words) if len(x[1]) <= _LONGEST_HEAD]
    if issued:
        return issued[-1][1]
    title: list[str] = []
    for line in reversed([x for x in text.lines if x.end <= head.end and not x.page]):
        plain = text.plain_of(line)
        if ends_sentence(plain) or len(title) == _MOST_TITLE_LINES or _ANNEX_LINE.fullmatch(plain):
            break
        title.insert(0, text.words[line.start : line.end])
    return _IN_BRACKETS.sub("", "".join(title))[:_LONGEST_HEAD]


def is_draft(text: OfficialText) -> bool:
    """Return whether the head of the text calls itself a draft."""
    return bool(re.search(r"征求意见稿|\(草案\)|送审稿", text.plain[:_LONGEST_HEAD]))
