"""Comes in: every character there is. Goes out: a failure where a hidden one is let in."""

from __future__ import annotations

import sys

from voucher_rules.sources.characters import _HIDDEN, find_hidden


def test_a_character_is_hidden_wherever_it_stands_among_those_that_show() -> None:
    """Texts that print are told by a shortcut; it must let none through that the pattern finds."""
    hidden = {x for x in range(sys.maxunicode + 1) if _HIDDEN.match(chr(x))}
    assert len(hidden) > 2_000
    assert {0x00, 0x7F, 0xAD, 0x200B, 0x202E, 0xFEFF, 0xD800, 0xE0001} <= hidden
    for number in range(sys.maxunicode + 1):
        found = find_hidden(f"券{chr(number)}券")
        assert (found is not None) == (number in hidden), f"U+{number:04X}"
    assert find_hidden("\u200b券", start=1) is None
