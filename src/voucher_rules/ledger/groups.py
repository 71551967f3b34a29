"""Comes in: who joined which group, and when. Goes out: who belongs together at a moment."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.ledger.entries import Grouped
from voucher_rules.ledger.places import Placed

Party = tuple[str, str]
"""What a party is carried as, and its name."""


@dataclass(slots=True)
class Groups:
    """Every joining of a group that stands, by the party and by the group."""

    joined: dict[Party, list[Placed]] = field(default_factory=dict)
    """What each party joined, in order."""
    parties: dict[Party, dict[str, int]] = field(default_factory=dict)
    """Who ever joined a group, and how often, by what is carried and the group's name."""

    def place(self, placed: Placed, body: Grouped) -> None:
        """Let a joining stand."""
        insort(self.joined.setdefault((body.carried, body.party), []), placed)
        inside = self.parties.setdefault((body.carried, body.group), {})
        inside[body.party] = inside.get(body.party, 0) + 1

    def remove(self, placed: Placed, body: Grouped) -> None:
        """Let a joining no longer stand."""
        self.joined[body.carried, body.party].remove(placed)
        inside = self.parties[body.carried, body.group]
        inside[body.party] -= 1
        if not inside[body.party]:
            del inside[body.party]

    def find_group(self, carried: str, party: str, until: datetime | None = None) -> str:
        """Return the group a party was in at a moment (None: now); empty where it was in none."""
        joined = self.joined.get((carried, party), [])
        count = len(joined)
        if until is not None:
            count = bisect_right(joined, until, key=lambda placed: placed.at)
        body = joined[count - 1].entry.body if count else None
        return body.group if isinstance(body, Grouped) else ""

    def list_members(
        self, carried: str, party: str, until: datetime | None = None
    ) -> frozenset[str]:
        """Return a party and everyone in the same group at a moment (None: now)."""
        group = self.find_group(carried, party, until)
        if not group:
            return frozenset({party})
        return frozenset({party, *self._list_inside(carried, group, until)})

    def _list_inside(self, carried: str, group: str, until: datetime | None) -> Iterator[str]:
        for name in self.parties.get((carried, group), ()):
            if self.find_group(carried, name, until) == group:
                yield name
