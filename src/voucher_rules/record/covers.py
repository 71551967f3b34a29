"""Comes in: a case, and what is hidden of it. Goes out: what stands where a hidden text would.

A text goes further than the fact it was stated as: into rules that are called under another name,
into definitions, and into balances as whose they are. It is covered wherever it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from voucher_rules.decision.case import Case
from voucher_rules.language.types import Kind, Type
from voucher_rules.record.canonical import Data
from voucher_rules.record.values import state_value
from voucher_rules.values.model import Value

_TEXTS: Final = frozenset({Kind.ID, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Cover:
    """The commitments that stand for facts, by their names and by their texts."""

    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def state(self, value: Value, kind: Type) -> Data:
        """Return a value as canonical data, or the commitment that stands for it."""
        told = isinstance(value, str) and kind.kind in _TEXTS
        covered = self.texts.get(str(value)) if told else None
        return {"commitment": covered} if covered else state_value(value, kind)

    def cover_text(self, text: str) -> str:
        """Return a text, or the commitment that stands for it."""
        return self.texts.get(text, text)

    def cover_values(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the values of a case with commitments for those that are hidden."""
        held = {name: digest for name, digest in self.names.items() if name in values}
        return {**values, **held} if held else values

    def forget_names(self) -> Cover:
        """Return what covers the steps of another ruleset, whose facts have names of their own."""
        return replace(self, names={})


def make_cover(case: Case, hidden: Mapping[str, str]) -> Cover:
    """Return what covers hidden facts of a case; of two of one text the first by name."""
    if not hidden:
        return Cover()
    values = {**case.values, **case.beside}
    told = {name: values.get(name) for name in sorted(hidden, reverse=True)}
    texts = {str(x): hidden[name] for name, x in told.items() if isinstance(x, str)}
    return Cover(hidden, texts)
