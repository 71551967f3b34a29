"""Comes in: nothing. Goes out: the place of an entry among those that count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.ledger.entries import Entry


@dataclass(frozen=True, slots=True, order=True)
class Placed:
    """A standing entry in its place: when it happened, then the order in which it was first told.

    ``rank`` is the place of the entry it stands for, through every correction.
    """

    at: datetime
    rank: int
    entry: Entry = field(compare=False)
