"""Comes in: a decision that was made, and a request. Goes out: it is decided again, in its place.

The history is taken without what followed from the old decision. What follows from both takes the
new amount, what follows only from the old is withdrawn; all of it stays to be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from voucher_rules.checked.histories import Pool
from voucher_rules.ledger.asking import ask_pool
from voucher_rules.ledger.deciding import Answer, Request, decide_from, mark_short
from voucher_rules.ledger.entries import Draft, Entry, Made, Moved, Withdrawn
from voucher_rules.ledger.keeper import Keeper, check_aware
from voucher_rules.ledger.lots import ThingKey, key_of
from voucher_rules.ledger.past import PastBooks, look_at
from voucher_rules.ledger.places import Placed


def supersede(
    keeper: Keeper, name: str, request: Request, known: datetime | None = None
) -> tuple[Answer, tuple[Entry, ...]]:
    """Decide again in the place of the decision ``name``, and move what followed from it.

    What lapsed by then is entered with it. Raises :class:`InputError` for faults of the request,
    :class:`LedgerError` where what follows cannot be entered; nothing is entered then.
    """
    check_aware(request.at, "at")
    old = keeper.find_decision(name)
    with keeper.together():
        keeper.lapse(request.at, known)
        followed = keeper.books.list_followed(name)
        books = PastBooks(keeper.books, request.at, cut_off(followed))
        request = replace(request, supersedes=old.id)
        answer = decide_from(request, books, request.name or keeper.next_name())
        drafts = _replace_followed(answer, [placed.entry for placed in followed])
        return answer, keeper.enter(_keep_cut(keeper, answer, drafts, old), known)


def cut_off(followed: Sequence[Placed]) -> dict[ThingKey, Placed]:
    """Return where the life of each thing is cut off, so that nothing that followed happened."""
    cuts: dict[ThingKey, Placed] = {}
    for placed in followed:
        if isinstance(placed.entry.body, Moved):
            cuts.setdefault(key_of(placed.entry.body), placed)
    return cuts


def _keep_cut(keeper: Keeper, answer: Answer, drafts: list[Draft], old: Entry) -> list[Draft]:
    """Return the drafts with a grant cut to what its pool holds, where the old one was cut.

    What was cut for want of money does not come back by deciding again: it may take what it had,
    and what is left beside it.
    """
    ruleset = answer.result.ruleset
    pool = ruleset.histories.pools.get(old.body.short_of if isinstance(old.body, Made) else "")
    asked = None if pool is None else ask_pool(answer.filled.asking, pool)
    if pool is None or asked is None:
        return drafts
    left = look_at(keeper.books, answer.drafts[0].at).read_pool(asked).left
    if left is None:
        return drafts
    cut = [_cut(keeper, draft, pool, max(left, 0)) for draft in drafts]
    return cut if cut == drafts else [mark_short(draft, pool) for draft in cut]


def _cut(keeper: Keeper, draft: Draft, pool: Pool, left: int) -> Draft:
    """Return an event that takes from a pool, its amount no more than it had and is left."""
    body = draft.body
    before = keeper.books.standing.get(draft.corrects)
    if before is None or not isinstance(body, Moved) or body.lifecycle != pool.lifecycle:
        return draft
    lifecycle = keeper.shelf.histories[body.ruleset].lifecycles[body.lifecycle]
    had = before.entry.body.amount if isinstance(before.entry.body, Moved) else None
    if lifecycle.transitions[body.event].target not in pool.takes or had is None:
        return draft
    return replace(draft, body=replace(body, amount=min(body.amount or 0, had + left)))


def _replace_followed(answer: Answer, followed: Sequence[Entry]) -> list[Draft]:
    """Return the drafts of a decision, those that take the place of an old event as corrections."""
    old = {_kind(x.body): (x, x.body) for x in followed if isinstance(x.body, Moved)}
    drafts = []
    for draft in answer.drafts:
        body = draft.body
        found = old.pop(_kind(body), None) if isinstance(body, Moved) else None
        if found is None or not isinstance(body, Moved):
            drafts.append(draft)
            continue
        before, moved = found
        # What a consequence opened keeps its name: something may have happened to it since.
        kept = replace(body, thing=moved.thing)
        drafts.append(Draft(before.at, kept, draft.id, before.id))
    gone = [
        Draft(entry.at, Withdrawn(f"superseded by {answer.entry}"), corrects=entry.id)
        for entry, _ in old.values()
    ]
    return [*drafts, *gone]


def _kind(body: Moved) -> tuple[Any, ...]:
    """Return what tells events that follow from one decision apart."""
    return (body.ruleset, body.lifecycle, body.event, body.thing.rpartition(".")[2])
