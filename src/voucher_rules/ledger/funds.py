"""Comes in: what stands in a ledger. Goes out: the money of every pool, span and envelope in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from voucher_rules.checked.histories import Pool
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ledger.asking import question_of_pool
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import FoldedBooks, PoolState
from voucher_rules.ledger.entries import Budgeted
from voucher_rules.ledger.history import History
from voucher_rules.ledger.lots import Lot, Thing
from voucher_rules.ledger.shelf import Shelf
from voucher_rules.ledger.spans import Days, find_span_on

_Envelope = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fund:
    """The money of one envelope of a pool over one span, in minor units; or its places.

    ``state`` is None where the span is another for every case, so that no figure holds for all.
    """

    ruleset: str
    pool: Pool
    envelope: Mapping[str, str]
    first: date | None
    last: date | None
    state: PoolState | None


def list_funds(history: History, shelf: Shelf) -> list[Fund]:
    """Return the money of every pool: wherever some was put in, or a thing takes from it."""
    books = FoldedBooks(history, shelf.histories)
    found = []
    for name in shelf.histories:
        ruleset = shelf.find_ruleset(name, "")
        if ruleset is None:
            continue
        for pool in ruleset.histories.pools.values():
            places = dict.fromkeys(_list_places(history, ruleset, pool))
            for envelope, days in sorted(places, key=_order_of):
                found.append(_read_fund(books, ruleset, pool, dict(envelope), days))
    return found


def _order_of(place: tuple[_Envelope, Days | None]) -> tuple[str, _Envelope]:
    envelope, days = place
    return (str(days[0]) if days else "", envelope)


def _read_fund(
    books: FoldedBooks,
    ruleset: CheckedRuleset,
    pool: Pool,
    envelope: Mapping[str, str],
    days: Days | None,
) -> Fund:
    if days is None:
        return Fund(ruleset.id, pool, envelope, None, None, None)
    state = books.read_pool(question_of_pool(ruleset, pool, envelope, days))
    return Fund(ruleset.id, pool, envelope, *days, state)


def _list_places(
    history: History, ruleset: CheckedRuleset, pool: Pool
) -> Iterator[tuple[_Envelope, Days | None]]:
    """Yield each envelope and span that money was put into or is taken from."""
    for entry in history.budgets:
        body = entry.body
        if isinstance(body, Budgeted) and (body.ruleset, body.pool) == (ruleset.id, pool.name):
            yield tuple(sorted(body.envelope.items())), find_span_on(pool.within.kind, body.day)
    for thing in history.things.values():
        if (thing.ruleset, thing.lifecycle) != (ruleset.id, pool.lifecycle):
            continue
        envelope = _find_envelope(thing, pool)
        for moment in _list_moments(thing, pool) if envelope is not None else ():
            day = local_day(moment, ruleset.zone)
            yield envelope or (), find_span_on(pool.within.kind, day)


def _find_envelope(thing: Thing, pool: Pool) -> _Envelope | None:
    """Return the envelope a thing takes from, None where it does not carry what tells it."""
    keys = {
        name: thing.id if name == thing.lifecycle else thing.carries.get(name) for name in pool.per
    }
    found = {name: key for name, key in keys.items() if key is not None}
    return tuple(sorted(found.items())) if len(found) == len(keys) else None


def _list_moments(thing: Thing, pool: Pool) -> Iterator[datetime]:
    for lot in thing.lots:
        if lot.state in pool.takes:
            yield _date_lot(lot, pool)


def _date_lot(lot: Lot, pool: Pool) -> datetime:
    """Return the moment that tells in which span a lot takes."""
    return lot.moments.get(pool.dated_by) or lot.moments[lot.state]
