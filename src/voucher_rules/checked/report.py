"""Comes in: faults as the checks find them. Goes out: diagnostics with place and article."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.language.nodes import Place
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.tree import Scalar, Source, diagnose
from voucher_rules.values.read import TextValueError

MOST_SUGGESTED: Final = 20
"""How many mistakes of a file come with the nearest known name."""


@dataclass(slots=True)
class Report:
    """What the checks have found so far; ``ref`` is the provision being checked."""

    source: Source
    found: list[Diagnostic] = field(default_factory=list)
    ref: str = ""
    passed: frozenset[str] = frozenset()
    """Codes of what is no fault here: a what-if need not be tidy."""

    def add(self, code: str, word: Scalar, place: Place | None = None, /, **arguments: str) -> None:
        """Add a fault at ``word``, or at a part of it."""
        if code in self.passed:
            return
        span = self.source.span_of(word, place.start, place.end) if place else word.span
        self.found.append(diagnose(self.source, code, span, ref=self.ref, **arguments))

    def suggest(self, name: str, known: Collection[str]) -> str:
        """Return the known name nearest to ``name``, or an empty string.

        A suggestion takes time by the number of names, so a file full of mistakes gets only some.
        """
        if len(self.found) >= MOST_SUGGESTED:
            return ""
        return suggest_name(name, list(known))

    def add_value_error(self, word: Scalar, error: TextValueError) -> None:
        """Add a fault of a value's text."""
        self.add(error.code, word, **error.arguments)
