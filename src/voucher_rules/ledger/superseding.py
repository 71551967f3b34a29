"""Comes in: a decision that was made, and a request. Goes out: it is decided again, in its place.

The history is taken without what followed from the old decision. What follows from both takes the
new amount, what follows only from the old is withdrawn; all of it stays to be seen. It is paid from
what the old decision had and what is left beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeAlias

from voucher_rules.checked.histories import Lifecycle, Pool
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ledger.allocating import read_left
from voucher_rules.ledger.books import Books
from voucher_rules.ledger.causes import write_superseded
from voucher_rules.ledger.deciding import Answer, Request, decide_from
from voucher_rules.ledger.entries import Draft, Entry, Made, Moved, Withdrawn
from voucher_rules.ledger.keeper import Keeper, check_aware
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import ThingKey, key_of
from voucher_rules.ledger.past import PastBooks, look_at
from voucher_rules.ledger.paying import Had, Paid, list_pools, pay
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.placing import place_paid
from voucher_rules.ledger.serving import Served


def supersede(keeper: Keeper, name: str, request: Request, known: datetime | None = None) -> Served:
    """Decide again in the place of the decision ``name``, and move what followed from it.

    What lapsed by then is entered with it. Raises :class:`InputError` for faults of the request,
    :class:`LedgerError` where what follows cannot be entered; nothing is entered then.
    """
    check_aware(request.at, "at")
    old = keeper.find_decision(name)
    with keeper.together():
        keeper.lapse(request.at, known)
        followed = list_followed(keeper.books, name)
        books = PastBooks(keeper.books, request.at, cut_off(followed))
        request = replace(request, supersedes=old.id)
        answer = decide_from(request, books, request.name or keeper.next_name())
        paid = _pay_again(keeper, answer, books, followed)
        drafts = _replace_followed(paid.answer, [placed.entry for placed in followed])
        keeper.enter(drafts, known)
    pays = bool(list_pools(request.program))
    answer = replace(paid.answer, drafts=tuple(drafts))
    return Served(answer, place_paid(request.thing, paid) if pays else None)


def list_followed(books: LiveBooks, name: str) -> list[Placed]:
    """Return the standing events that followed from a decision, or from one it took the place of.

    Who waited and was called up was put on the list by the decision before.
    """
    found: list[Placed] = []
    while name:
        found += books.list_followed(name)
        body = books.entries[books.told[name] - 1].body
        name = body.supersedes if isinstance(body, Made) else ""
    return sorted(found)


def cut_off(followed: Sequence[Placed]) -> dict[ThingKey, Placed]:
    """Return where the life of each thing is cut off, so that nothing that followed happened."""
    cuts: dict[ThingKey, Placed] = {}
    for placed in followed:
        if isinstance(placed.entry.body, Moved):
            cuts.setdefault(key_of(placed.entry.body), placed)
    return cuts


def _pay_again(keeper: Keeper, answer: Answer, books: Books, followed: Sequence[Placed]) -> Paid:
    """Return a decision paid with what the old one had, and what is left beside it.

    What was cut for want of money does not come back by deciding again, nor is more granted than
    there is.
    """
    now = look_at(keeper.books, answer.drafts[0].at)

    had = partial(_find_had, keeper.books, answer.result.ruleset, followed)
    return pay(answer, books, partial(read_left, keeper, now), had)


def _find_had(
    books: LiveBooks, ruleset: CheckedRuleset, followed: Sequence[Placed], pool: Pool
) -> Had:
    """Return what the events that followed from a decision took from a pool."""
    lifecycle = ruleset.histories.lifecycles[pool.lifecycle]
    taken = [
        (_weigh(books, placed.entry.body), placed.at)
        for placed in followed
        if isinstance(placed.entry.body, Moved)
        and placed.entry.body.lifecycle == pool.lifecycle
        and lifecycle.transitions[placed.entry.body.event].target in pool.takes
    ]
    if not taken:
        return Had()
    return Had(1 if pool.unit else sum(amount for amount, _ in taken), taken[0][1])


def _weigh(books: LiveBooks, body: Moved) -> int:
    """Return the amount of an event; one that names none moved all there was."""
    thing = books.find_thing(key_of(body))
    if body.amount is not None or thing is None:
        return body.amount or 0
    return sum(lot.amount for lot in thing.lots)


def _replace_followed(answer: Answer, followed: Sequence[Entry]) -> list[Draft]:
    """Return the drafts of a decision, those that take the place of an old event as corrections."""
    lifecycles = answer.result.ruleset.histories.lifecycles
    old = {_kind(x.body, lifecycles): (x, x.body) for x in followed if isinstance(x.body, Moved)}
    drafts = []
    for draft in answer.drafts:
        body = draft.body
        kind = _find_kind(body, old, lifecycles) if isinstance(body, Moved) else None
        if kind is None or not isinstance(body, Moved):
            drafts.append(draft)
            continue
        before, moved = old.pop(kind)
        # What a consequence opened keeps its name: something may have happened to it since.
        kept = replace(body, thing=moved.thing)
        drafts.append(Draft(before.at, kept, draft.id, before.id))
    gone = [
        Draft(entry.at, Withdrawn(cause=write_superseded(answer.entry)), corrects=entry.id)
        for entry, _ in old.values()
    ]
    return [*drafts, *gone]


_Kind: TypeAlias = tuple[str, str, str]
"""The lifecycle, the event, and the thing or the consequence that opened it."""


def _kind(body: Moved, lifecycles: Mapping[str, Lifecycle]) -> _Kind:
    """Return what tells events that follow from one decision apart.

    What a consequence opened is named after the decision, and told by its rule alone.
    """
    way = lifecycles[body.lifecycle].transitions[body.event]
    thing = body.thing if way.sources else body.thing.rpartition(".")[2]
    return (body.lifecycle, body.event, thing)


def _find_kind(
    body: Moved, old: Mapping[_Kind, tuple[Entry, Moved]], lifecycles: Mapping[str, Lifecycle]
) -> _Kind | None:
    """Return the old event whose place a new one takes: the same, or how a thing was called up."""
    kind = _kind(body, lifecycles)
    ways = lifecycles[body.lifecycle].transitions
    if kind in old or ways[body.event].sources:
        return kind if kind in old else None
    for other, (_, moved) in old.items():
        same = (moved.lifecycle, moved.thing) == (body.lifecycle, body.thing)
        if same and ways[moved.event].target == ways[body.event].target:
            return other
    return None
