"""Comes in: what became of each application. Goes out: who was served, who ran short, and sums.

A queue may be long: of each application only its place is kept, and not the decision with its
trace. :meth:`Allocation.reconcile` counts the money again from the entries, beside the books.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from voucher_rules.checked.histories import Pool
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.reconciling import Reconciled, reconcile_pool
from voucher_rules.ledger.spans import Days


class Place(StrEnum):
    """What became of an application."""

    GRANTED = "granted"
    CUT = "cut"
    WAITING = "waiting"
    TURNED_AWAY = "turned_away"
    NOT_GRANTED = "not_granted"


@dataclass(frozen=True, slots=True)
class Placement:
    """One application and its place.

    ``entry`` is the name of its decision, which the ledger holds. ``entitled`` is what the decision
    grants, ``granted`` what it got; ``left`` is what the envelope held before, None where nobody
    said how much there is. Money is in minor units. ``days`` is the span of the money it was served
    from. An application that waited and was called up has a second
    placement.
    """

    thing: str
    at: datetime
    entry: str
    place: Place
    entitled: int
    granted: int
    left: int | None
    envelope: tuple[tuple[str, str], ...]
    days: Days = (None, None)


@dataclass(slots=True)
class Allocation:
    """A queue as it was served; ``ran_out`` is who first found too little in an envelope."""

    pool: Pool
    keeper: Keeper = field(repr=False)
    ruleset: CheckedRuleset = field(repr=False)
    placements: list[Placement] = field(default_factory=list)
    ran_out: dict[tuple[tuple[str, str], ...], Placement] = field(default_factory=dict)

    def add(self, placement: Placement) -> None:
        """Add one more placement."""
        self.placements.append(placement)
        if placement.place in {Place.CUT, Place.WAITING, Place.TURNED_AWAY}:
            self.ran_out.setdefault(placement.envelope, placement)

    def list_short(self) -> list[Placement]:
        """Return who got nothing for lack of money alone, and was not called up since.

        Each stands once, with what became of it last.
        """
        last = {item.thing: item for item in self.placements}
        short = {Place.WAITING, Place.TURNED_AWAY}
        return [item for item in last.values() if item.place in short]

    def reconcile(self) -> tuple[Reconciled, ...]:
        """Return what was put, granted, released and is left of each envelope, by its span.

        It is counted from the entries as they stand now, one by one, and held against the books.
        """
        spans = {(item.envelope, item.days) for item in self.placements}
        return reconcile_pool(self.keeper.books, self.pool, self.ruleset, spans)
