"""Comes in: faults as the checks find them. Goes out: diagnostics with place and article."""

from __future__ import annotations

from dataclasses import dataclass, field

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.language.nodes import Place
from voucher_rules.sources.tree import Scalar, Source, diagnose
from voucher_rules.values.read import TextValueError


@dataclass(slots=True)
class Report:
    """What the checks have found so far; ``ref`` is the provision being checked."""

    source: Source
    found: list[Diagnostic] = field(default_factory=list)
    ref: str = ""

    def add(self, code: str, word: Scalar, place: Place | None = None, /, **arguments: str) -> None:
        """Add a fault at ``word``, or at a part of it."""
        span = self.source.span_of(word, place.start, place.end) if place else word.span
        self.found.append(diagnose(self.source, code, span, ref=self.ref, **arguments))

    def add_value_error(self, word: Scalar, error: TextValueError) -> None:
        """Add a fault of a value's text."""
        self.add(error.code, word, **error.arguments)
