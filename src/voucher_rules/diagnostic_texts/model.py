"""Comes in: nothing. Goes out: the shape of the texts of a diagnostic, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiagnosticText:
    """What a diagnostic says and what to do about it, by language (``zh``, ``en``).

    The texts are :class:`string.Template` texts. Each slot is filled by every call that uses the
    code; ``$near``, the nearest known name, is added to the help elsewhere and has no slot here.
    """

    message: Mapping[str, str]
    help: Mapping[str, str]


def text_of(zh: str, en: str, help_zh: str = "", help_en: str = "") -> DiagnosticText:
    """Return the texts of a diagnostic: its message and its help, each in both languages."""
    return DiagnosticText({"zh": zh, "en": en}, {"zh": help_zh, "en": help_en})
