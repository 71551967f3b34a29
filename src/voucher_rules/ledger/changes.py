"""Comes in: nothing. Goes out: the shape of what a batch would change in the books, and did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.lots import Thing, ThingKey
from voucher_rules.ledger.places import Placed


@dataclass(slots=True)
class Changes:
    """What a batch would remove, add and change; it was tried and is allowed."""

    batch: list[Entry] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    """The entries that stood before and that it corrects."""
    added: dict[str, Placed] = field(default_factory=dict)
    """What it adds and does not itself correct, by name."""
    things: dict[ThingKey, Thing | None] = field(default_factory=dict)
    """The things it changes as they stand after it; None for one that never was after all."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch changed in the books, so that it can be taken back."""

    batch: tuple[Entry, ...]
    removed: tuple[Placed, ...]
    """What it corrected, and stood before."""
    added: tuple[Placed, ...]
    things: dict[ThingKey, Thing | None]
    """The things it changed, as they stood before; None for one that was not there."""
    latest: datetime | None
    """The last moment anything had happened at."""
