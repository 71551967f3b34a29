"""Comes in: a name nobody knows, and those there are. Goes out: the one most likely meant."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

LEAST_ALIKE: Final = 3 / 5
"""How much of two names must be alike for one to be suggested for the other."""
MOST_NAME: Final = 1000
"""A longer text is like no name there is; whoever writes one only wants it to take long."""


def suggest_name(name: str, known: list[str]) -> str:
    """Return the known name nearest to ``name``, or an empty string."""
    if len(name) > MOST_NAME:
        return ""
    matcher = SequenceMatcher(b=name)
    best = (LEAST_ALIKE, "")
    for item in known:
        matcher.set_seq1(item)
        # Each bound costs less than the next, and most names fall below the nearest one so far.
        bounds = (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)
        if all(bound() >= best[0] for bound in bounds):
            best = max(best, (matcher.ratio(), str(item)))
    return best[1]
