"""Comes in: why the ledger itself enters something. Goes out: the same as a code with its parts.

Words for people are in :mod:`voucher_rules.explain.causes`; entries hold none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class Cause(StrEnum):
    """Why an entry was made that nobody asked for."""

    WINDOW_PAST = "window_past"
    """``window`` was past, whose end was ``last``."""
    NOT_YET_DUE = "not_yet_due"
    """Something was told late, before which a lapse cannot have come."""
    SUPERSEDED = "superseded"
    """The decision it followed from was made again, as ``by``."""
    DECISION_WITHDRAWN = "decision_withdrawn"
    """The decision it followed from, ``decision``, was withdrawn."""


def write_past(window: str, last: date | None) -> Mapping[str, str]:
    """Return the cause of what came by itself at the end of a window."""
    return _write(Cause.WINDOW_PAST, window=window, last=last.isoformat() if last else "")


def write_not_yet_due() -> Mapping[str, str]:
    """Return the cause of taking a lapse back."""
    return _write(Cause.NOT_YET_DUE)


def write_superseded(by: str) -> Mapping[str, str]:
    """Return the cause of taking back what followed from a decision that was made again."""
    return _write(Cause.SUPERSEDED, by=by)


def write_decision_withdrawn(decision: str) -> Mapping[str, str]:
    """Return the cause of taking back what followed from a decision that was withdrawn."""
    return _write(Cause.DECISION_WITHDRAWN, decision=decision)


def _write(code: Cause, **parts: str) -> Mapping[str, str]:
    return {"code": code.value, **parts}
