"""Comes in: what the ledger itself entered something for. Goes out: the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from typing import Final

from voucher_rules.ledger.causes import Cause

CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    Cause.WINDOW_PAST: (
        "期限 $window 已于 $last 届满",
        "the time limit $window ended on $last",
    ),
    Cause.NOT_YET_DUE: ("后来获知的事项使其当时尚未到期", "not yet due, by what was told later"),
    Cause.DECISION_WITHDRAWN: (
        "决定 $decision 已撤回",
        "the decision $decision was withdrawn",
    ),
    Cause.SUPERSEDED: ("决定已由 $by 替代", "the decision was superseded by $by"),
}
"""What is said for each code, in Chinese and in English."""


def tell_cause(cause: Mapping[str, str], language: str) -> str:
    """Return a cause in words; one of a later version by its code, nothing where there is none."""
    code = cause.get("code", "")
    if code not in CAUSES:
        return code
    return Template(CAUSES[code][language == "en"]).safe_substitute(cause)
