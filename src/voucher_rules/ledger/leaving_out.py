"""Comes in: live books, and how much of the ledger someone saw. Goes out: books as they saw them.

What was entered since is left out where none of it reaches back, so that looking at what a decision
rested on takes as long as there are entries since, and not as there are before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from voucher_rules.checked.histories import Histories
from voucher_rules.ledger.entries import Entry, Moved
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import ThingKey, key_of
from voucher_rules.ledger.past import PastBooks
from voucher_rules.ledger.places import Placed


def leave_out_later(books: LiveBooks, seen: int, at: datetime) -> PastBooks | None:
    """Return the lots at a moment without the entries after the first ``seen``.

    None where one of those corrects an entry that was seen, was told late, or came by itself: then
    the books have to be made anew.
    """
    later = books.entries[seen:]
    if any(_reaches_back(entry, books, seen, at) for entry in later):
        return None
    return PastBooks(books, at, _find_cuts(later, books, at))


def _reaches_back(entry: Entry, books: LiveBooks, seen: int, at: datetime) -> bool:
    """Return whether an entry changes what stood at a moment for those who did not see it."""
    if entry.corrects and books.told[entry.corrects] <= seen:
        return True
    body = entry.body
    if not isinstance(body, Moved) or entry.at > at:
        return False
    return entry.at < at or _comes_by_itself(body, books.histories)


def _comes_by_itself(body: Moved, histories: Mapping[str, Histories]) -> bool:
    way = histories[body.ruleset].lifecycles[body.lifecycle].transitions[body.event]
    return way.past is not None and not body.decision


def _find_cuts(later: Iterable[Entry], books: LiveBooks, at: datetime) -> Mapping[ThingKey, Placed]:
    """Return the first event of each thing that is to be left out."""
    cuts: dict[ThingKey, Placed] = {}
    for entry in later:
        placed = books.standing.get(entry.id)
        if placed is not None and placed.at <= at and isinstance(entry.body, Moved):
            key = key_of(entry.body)
            cuts[key] = min(placed, cuts.get(key, placed))
    return cuts
