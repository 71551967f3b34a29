"""Comes in: something told in a language. Goes out: it as a notebook shows it, or as its text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """What a notebook shows of a decision or a study, in the language asked for."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text
