"""Comes in: live books. Goes out: what is due, and the events that came by themselves.

The ends of windows are found once for each change of a thing and kept in order, so that asking what
has lapsed costs as much as has lapsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from voucher_rules.ledger.causes import write_past
from voucher_rules.ledger.deadlines import Due, list_dues
from voucher_rules.ledger.entries import Draft, Moved
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import Thing, ThingKey
from voucher_rules.ledger.shelf import Shelf


@dataclass(slots=True)
class Watch:
    """Watches the deadlines of the things in live books."""

    books: LiveBooks
    shelf: Shelf
    _changed: dict[ThingKey, None] = field(default_factory=dict)
    _dues: dict[ThingKey, tuple[Due, ...]] = field(default_factory=dict)
    """What comes by itself, for each thing."""
    _rounds: dict[ThingKey, int] = field(default_factory=dict)
    """How often the deadlines of a thing were found; those of an earlier round are stale."""
    _ends: list[tuple[datetime, ThingKey, int]] = field(default_factory=list)

    def mark(self, key: ThingKey) -> None:
        """Note that something happened to a thing."""
        self._changed[key] = None

    def list_dues(self, key: ThingKey) -> tuple[Due, ...]:
        """Return every event that may happen to a thing next."""
        thing = self.books.find_thing(key)
        return () if thing is None else tuple(self._list_dues(thing))

    def list_all(self) -> Iterator[Due]:
        """Yield every event that may happen next to any thing."""
        for thing in list(self.books.things.values()):
            yield from self._list_dues(thing)

    def find_next_lapse(self, at: datetime) -> Due | None:
        """Return the first event that came by itself by ``at`` and was not entered yet."""
        for key in self._changed:
            self._find_again(key)
        self._changed.clear()
        while self._ends and self._ends[0][0] <= at:
            ends, key, number = self._ends[0]
            if number == self._rounds[key]:
                return next(due for due in self._dues[key] if due.ends == ends)
            heappop(self._ends)
        return None

    def _find_again(self, key: ThingKey) -> None:
        """Find anew when a thing lapses."""
        thing = self.books.find_thing(key)
        number = self._rounds.get(key, 0) + 1
        self._rounds[key] = number
        dues = [] if thing is None else self._list_dues(thing, lapses_only=True)
        self._dues[key] = tuple(dues)
        for due in dues:
            if due.ends is not None:
                heappush(self._ends, (due.ends, key, number))

    def _list_dues(self, thing: Thing, *, lapses_only: bool = False) -> list[Due]:
        decisions = self.books.list_decisions(thing)
        return list_dues(thing, decisions, self.books, self.shelf, lapses_only=lapses_only)


def draft_lapse(due: Due) -> Draft:
    """Return the event that comes by itself once a window is past, dated at its end."""
    thing: Thing = due.thing
    if due.ends is None:
        message = f"no end is known of {due.window}"
        raise ValueError(message)
    body = Moved(
        ruleset=thing.ruleset,
        edition=thing.edition,
        lifecycle=thing.lifecycle,
        thing=thing.id,
        event=due.event,
        cause=write_past(due.window, due.last),
    )
    return Draft(due.ends, body)
