"""Comes in: text. Goes out: whether it holds characters that do not show."""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def find_hidden(text: str, start: int = 0) -> re.Match[str] | None:
    """Return the first control, format, direction or unpaired character from ``start`` on."""
    if text.isprintable():  # none of them is, and most texts are: this is the sooner told
        return None
    return _HIDDEN.search(text, start)


def name_character(character: str) -> str:
    """Return how a character that does not show is told: ``U+200B``."""
    return f"U+{ord(character):04X}"
