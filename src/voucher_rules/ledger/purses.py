"""Comes in: money put into pools. Goes out: what was put into one envelope, in order."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from voucher_rules.ledger.books import PoolQuestion
from voucher_rules.ledger.entries import Budgeted, Entry
from voucher_rules.ledger.places import Placed

_Name: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...]]
"""The ruleset, the pool, and what the envelope is for."""


@dataclass(slots=True)
class Purses:
    """Every budget that stands, apart for each envelope of each pool."""

    budgets: dict[_Name, list[Placed]] = field(default_factory=dict)

    def place(self, placed: Placed, body: Budgeted) -> None:
        """Let a budget stand."""
        name = _name_purse(body.ruleset, body.pool, body.envelope)
        insort(self.budgets.setdefault(name, []), placed)

    def remove(self, placed: Placed, body: Budgeted) -> None:
        """Let a budget no longer stand."""
        self.budgets[_name_purse(body.ruleset, body.pool, body.envelope)].remove(placed)

    def list_entries(self, asked: PoolQuestion, until: datetime | None = None) -> list[Entry]:
        """Return what was put into an envelope up to a moment (None: now), in order."""
        name = _name_purse(asked.ruleset, asked.pool.name, asked.envelope)
        found = self.budgets.get(name, ())
        return [placed.entry for placed in found if until is None or placed.at <= until]


def _name_purse(ruleset: str, pool: str, envelope: Mapping[str, str]) -> _Name:
    return (ruleset, pool, tuple(sorted(envelope.items())))
