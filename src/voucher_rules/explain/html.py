"""Comes in: an outline. Goes out: HTML that needs nothing else: a page, a fragment, or a report.

Without any style the order alone still tells the story: outcome, amount, reasons, next steps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from voucher_rules.explain.outline import Line, Outline, RuleTrace, Section, TraceLine
from voucher_rules.explain.style import PAGE_STYLE, STYLE
from voucher_rules.explain.words import tell

_SIGNS: Final = {"good": "✓", "bad": "✗", "open": "?", "plain": "·"}
_BINDING_SIGN: Final = "→"
_TAGS: Final = {"zh": "zh-CN", "en": "en"}
_COLONS: Final = {"zh": "：", "en": ": "}
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
# What HTML forbids in text, and what turns the reading direction of what follows it.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_CHINESE: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")
# A longer amount is a sentence (a range, with what is sure of it) and set smaller.
_LONG: Final = 20


def lay_out_html(outline: Outline) -> str:
    """Return the explanation as one self-contained HTML page."""
    title = " · ".join((outline.question, outline.outcome, outline.title))
    return _lay_out_page(title, outline.language, [f"<main>{_lay_out_decision(outline)}</main>"])


def lay_out_fragment(outline: Outline) -> str:
    """Return the explanation as one element to stand within another page, such as a notebook."""
    opening = f'<div class="voucher-rules" lang="{_TAGS[outline.language]}">'
    return f"{opening}\n<style>\n{STYLE}</style>\n{_lay_out_decision(outline, level=3)}\n</div>\n"


def lay_out_report(outlines: Sequence[tuple[str, Outline]], title: str, language: str) -> str:
    """Return one page with several decisions, each under its name, and all of them told on top."""
    body = [
        "<main>",
        f'<h1 class="vr-title">{_write(title, language)}</h1>',
        *_lay_out_contents(outlines, language),
    ]
    for number, (name, outline) in enumerate(outlines, start=1):
        body += [f'<section class="vr-case" id="case-{number}">']
        body += [f'<h2 class="vr-title vr-name">{_write(name, language)}</h2>']
        body += [_lay_out_decision(outline, level=3), "</section>"]
    return _lay_out_page(title, language, [*body, "</main>"])
