"""Comes in: a decision, and how much of the ledger it saw. Goes out: what it rested on, as it was.

Where what was entered since reaches back, the books are made anew from the entries it saw; else
they are looked at without what came later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from voucher_rules.ledger.books import Books
from voucher_rules.ledger.deciding import Answer
from voucher_rules.ledger.entries import Made
from voucher_rules.ledger.keeper import Keeper, Seen
from voucher_rules.ledger.leaving_out import leave_out_later
from voucher_rules.ledger.past import PastBooks, look_at
from voucher_rules.ledger.superseding import cut_off, list_followed
from voucher_rules.ledger.trails import Trail, list_trails


def find_place(keeper: Keeper, answer: Answer, known: datetime | None = None) -> Seen:
    """Return how much of the ledger a decision saw; ``known`` where it was not entered."""
    seq = keeper.books.told.get(answer.entry)
    body = None if seq is None else keeper.books.entries[seq - 1].body
    if seq is not None and isinstance(body, Made) and replace(body, short_of="") == answer.made:
        return seq - 1
    return keeper.see(known)


def list_trails_then(keeper: Keeper, made: Made, at: datetime, seen: Seen) -> tuple[Trail, ...]:
    """Return what each balance of a decision was made of, as it saw the history ``at`` then."""
    ruleset = keeper.shelf.find_ruleset(made.ruleset, made.edition)
    if ruleset is None:
        return ()
    return tuple(list_trails(made, ruleset, _look_back(keeper, made, at, seen)))


def list_trails_of(keeper: Keeper, decision: str) -> tuple[Trail, ...]:
    """Return the same of a decision that was entered. Raises :class:`InputError`."""
    old = keeper.find_decision(decision)
    if not isinstance(old.body, Made):
        return ()
    return list_trails_then(keeper, old.body, old.at, old.seq - 1)


def _look_back(keeper: Keeper, made: Made, at: datetime, seen: Seen) -> Books:
    if not made.supersedes and keeper.watch.find_next_lapse(at) is None:
        books = leave_out_later(keeper.books, seen, at)
        if books is not None:
            return books
    aside = keeper.copy(seen)
    if made.supersedes:
        cuts = cut_off(list_followed(aside.books, made.supersedes))
        return PastBooks(aside.books, at, cuts)
    aside.lapse(at)
    return look_at(aside.books, at)
