"""Comes in: texts. Goes out: them as HTML, escaped and marked, and pages that need nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final

TAGS: Final = {"zh": "zh-CN", "en": "en"}
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# What HTML forbids in text, and what turns the reading direction of what follows it.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_CHINESE: Final = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]+")
# Sums and days, which stay on one line where it has room; no longer than any real one.
_WHOLE: Final = re.compile(
    "[A-Z]{3} -?[0-9][0-9,.]{0,18}|-?[0-9][0-9,.]{0,18}元|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)


def lay_out_page(title: str, language: str, style: str, body: Iterable[str]) -> str:
    """Return a page that may load nothing, run nothing and send nothing."""
    head = [
        "<!doctype html>",
        f'<html lang="{TAGS[language]}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape_text(title)}</title>",
        f"<style>\n{style}</style>",
        "</head>",
        '<body class="voucher-rules">',
    ]
    return "\n".join([*head, *body, "</body>", "</html>", ""])


def lay_out_part(language: str, style: str, body: Iterable[str], name: str = "") -> str:
    """Return what stands within another page, such as a notebook, with the style it needs."""
    classes = f"voucher-rules {name}".strip()
    opening = f'<div class="{classes}" lang="{TAGS[language]}">'
    return "\n".join([opening, f"<style>\n{style}</style>", *body, "</div>", ""])


def fold(summary: str, body: str, name: str) -> str:
    """Return what is shown only once its summary is opened."""
    return f'<details class="{name}">\n<summary>{summary}</summary>\n{body}\n</details>'


def write(text: str, language: str) -> str:
    """Escape a text and mark in it what is kept on one line and what is Chinese within English."""
    marked = _WHOLE.sub(r'<span class="vr-whole">\g<0></span>', escape_text(text))
    if language == "zh":
        return marked
    return _CHINESE.sub(rf'<span lang="{TAGS["zh"]}">\g<0></span>', marked)


def escape_text(text: str) -> str:
    """Return ``text`` so that HTML shows it as it is, within an element or an attribute."""
    return escape(clean_text(text), quote=True)


def clean_text(text: str) -> str:
    """Return ``text`` without what commands a terminal or turns the reading direction."""
    return _FORBIDDEN.sub("\ufffd", text)
