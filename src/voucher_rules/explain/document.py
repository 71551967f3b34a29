"""Comes in: the document of a ruleset. Goes out: when it holds, in words."""

from __future__ import annotations

from datetime import date

from voucher_rules.checked.model import Document
from voucher_rules.explain.vocabulary import tell_word
from voucher_rules.values.write import write_period


def tell_day(day: date | None, language: str) -> str:
    """Return a day, or that the document does not state it."""
    return day.isoformat() if day else tell_word(language, "document.not_stated")


def tell_end(document: Document, language: str) -> str:
    """Return the last day in force, or how long it holds where no day is there to count from."""
    if document.until is None and document.lasts is not None:
        time = write_period(document.lasts, language)
        return tell_word(language, "document.lasts", time=time)
    return tell_day(document.until, language)
