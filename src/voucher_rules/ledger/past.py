"""Comes in: live books, and a moment. Goes out: the books as they stood then, by what is known now.

Where few things changed since, what an index says now is put right for those; else the things that
may matter are folded again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.ledger.balances import BalanceValue, Found, Question, read_balance, takes_thing
from voucher_rules.ledger.books import PoolQuestion, PoolState, sum_budget
from voucher_rules.ledger.entries import Moved
from voucher_rules.ledger.history import fold_thing
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import Thing, ThingKey, key_of
from voucher_rules.ledger.places import Placed


def look_at(books: LiveBooks, moment: datetime) -> LiveBooks | PastBooks:
    """Return the books as they stood at ``moment``, by all that is known now."""
    if books.latest is None or moment >= books.latest:
        return books
    return PastBooks(books, moment)


@dataclass(frozen=True, slots=True)
class PastBooks:
    """The books as they stood at a moment, by all that is known now.

    ``cuts`` names events that are taken to have not happened, nor what came after them in the life
    of the same thing.
    """

    live: LiveBooks
    moment: datetime
    cuts: Mapping[ThingKey, Placed] = field(default_factory=dict)

    def holds(self, ruleset: str) -> bool:
        """Return whether the ledger was opened with a ruleset, so that its things are there."""
        return self.live.holds(ruleset)

    def list_members(self, carried: str, party: str) -> frozenset[str]:
        """Return a party and everyone who was in the same group."""
        return self.live.groups.list_members(carried, party, self.moment)

    def find_thing(self, key: ThingKey) -> Thing | None:
        """Return a thing, or None where there was none of that name."""
        events: Iterable[Placed] = self.live.events.get(key, ())
        cut = self.cuts.get(key)
        if cut is not None:
            events = [placed for placed in events if placed < cut]
        return fold_thing(events, self.live.histories, self.moment)

    def list_found(self, asked: Question) -> list[Found]:
        """Return the lots a balance takes."""
        return self._read(asked)[1]

    def read(self, asked: Question) -> BalanceValue:
        """Return the value of a balance; money in minor units."""
        view = self.live.index.find_view(asked, self.live.things.values())
        if view is None or self._count_later() > self.live.count_candidates(asked):
            return self._read(asked)[0]
        now = list(self._list_changed(asked))
        then = (self.find_thing(thing.key) for thing in now if takes_thing(thing, asked))
        return view.read(asked, now, (thing for thing in then if thing is not None))

    def _count_later(self) -> int:
        """Return how many events are not seen at the moment, or are cut."""
        return len(self.live.timeline) - self._find_end() + len(self.cuts)

    def _find_end(self) -> int:
        return bisect_right(self.live.timeline, self.moment, key=lambda placed: placed.at)

    def _list_changed(self, asked: Question) -> Iterator[Thing]:
        """Yield things as they are now that stood otherwise then, or that are to be left out."""
        own = (asked.ruleset, asked.balance.lifecycle, asked.thing)
        changed = dict.fromkeys((own, *self.cuts) if asked.balance.others_only else self.cuts)
        for placed in self.live.timeline[self._find_end() :]:
            if isinstance(placed.entry.body, Moved):
                changed[key_of(placed.entry.body)] = None
        for key in changed:
            thing = self.live.things.get(key)
            if thing is not None and (key == own or takes_thing(thing, asked)):
                yield thing

    def _read(self, asked: Question) -> tuple[BalanceValue, list[Found]]:
        things = (self.find_thing(key) for key in self.live.list_candidates(asked))
        return read_balance((x for x in things if x is not None), asked, self.live.histories)

    def read_pool(self, asked: PoolQuestion) -> PoolState:
        """Return the money of one envelope of a pool."""
        known = self.live.purses.list_entries(asked, self.moment)
        return PoolState(sum_budget(known, asked), int(self.read(asked.question)))  # type: ignore[arg-type]
