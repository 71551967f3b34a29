"""Comes in: a ledger under audit. Goes out: where more was used than granted, or after the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from voucher_rules.checked.histories import Transition
from voucher_rules.ledger.deadlines import Due, list_dues
from voucher_rules.ledger.entries import Made, Moved
from voucher_rules.ledger.history import fold_thing
from voucher_rules.ledger.indicators.audited import Audited
from voucher_rules.ledger.indicators.model import Indicator, Sum
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.past import PastBooks
from voucher_rules.ledger.places import Placed


def check_used_within_grant(audited: Audited) -> Iterator[Indicator]:
    """No thing has more used than it was opened with, or than the decision behind it granted.

    An event that rests on a decision of its own moves no more than that decision grants, either.
    """
    for thing in audited.list_things():
        if not audited.lifecycle_of(thing.key).currency:
            continue
        used = [lot for lot in thing.lots if audited.is_used(thing.key, lot.state)]
        total = sum(lot.amount for lot in used)
        for placed, body, way in audited.list_moves(thing.key):
            granted = _find_granted(audited, body)
            if way.sources:
                if audited.is_used(thing.key, way.target) and granted is not None:
                    moved = audited.sum_moved(thing, placed, way)
                    if moved > granted:
                        yield _tell_excess(audited, thing, (placed,), moved, granted)
                continue
            opened = sum(lot.amount for lot in thing.lots) if body.amount is None else body.amount
            most = opened if granted is None else min(opened, granted)
            if total > most:
                moves = [x for x, _, y in audited.list_moves(thing.key) if y.sources]
                paid = {name for lot in used for name in lot.entries}
                behind = (placed, *(x for x in moves if x.entry.id in paid))
                yield _tell_excess(audited, thing, behind, total, most)


def _find_granted(audited: Audited, body: Moved) -> int | None:
    """Return what the decision behind an event grants; None where none says."""
    way = audited.lifecycle_of((body.ruleset, body.lifecycle, body.thing)).transitions[body.event]
    found = audited.find_decision(body.decision) if body.decision else None
    if found is None or way.follows is None or not way.follows.amount:
        return None
    return found[1].amounts.get(way.follows.amount, 0)


def _tell_excess(
    audited: Audited, thing: Thing, behind: tuple[Placed, ...], used: int, granted: int
) -> Indicator:
    currency = audited.lifecycle_of(thing.key).currency
    decisions = [x.entry.body.decision for x in behind if isinstance(x.entry.body, Moved)]
    found = [audited.find_decision(name) for name in decisions if name]
    names = [*(x[0].entry.id for x in found if x), *(x.entry.id for x in behind)]
    return Indicator(
        "used_above_grant",
        thing.ruleset,
        behind[0].at,
        behind[-1].at,
        tuple(dict.fromkeys(names)),
        things=(thing.id,),
        parties=audited.list_identity(thing),
        amounts={
            "used": Sum(used, currency),
            "granted": Sum(granted, currency),
            "excess": Sum(used - granted, currency),
        },
        arguments={"thing": thing.id, "kind": audited.lifecycle_of(thing.key).label},
    )


def check_used_in_time(audited: Audited) -> Iterator[Indicator]:
    """Nothing is used after the end of the window its ruleset names for it.

    That is the window the event must fall in, or one after which the state it left ends by itself.
    A window whose end cannot be found tells nothing.
    """
    for thing in audited.list_things():
        for placed, body, way in audited.list_moves(thing.key):
            if not way.sources or not audited.is_used(thing.key, way.target):
                continue
            for due in _list_ends(audited, thing, placed, body):
                if due.ends is not None and due.last is not None and placed.at >= due.ends:
                    yield _tell_late(audited, thing, (placed, way), due)
                    break


def _list_ends(audited: Audited, thing: Thing, placed: Placed, body: Moved) -> Iterator[Due]:
    """Yield the windows that an event should have fallen in."""
    events = [x for x in audited.books.events[thing.key] if x < placed]
    before = fold_thing(events, audited.histories)
    if before is None:
        return
    ways = audited.lifecycle_of(thing.key).transitions
    sources = {body.source} if body.source else set(ways[body.event].sources)
    left = {lot.state for lot in before.lots if lot.state in sources}
    before = replace(before, lots=tuple(x for x in before.lots if x.state in left))
    made = [
        x.entry.body
        for x in audited.books.about.get((thing.ruleset, thing.id), ())
        if x.at <= placed.at and x.entry.id not in audited.books.superseded
    ]
    decisions = [x for x in made if isinstance(x, Made)]
    books = PastBooks(audited.books, placed.at, {thing.key: placed})
    for due in list_dues(before, decisions, books, audited.shelf):
        if due.window and (due.by_itself or due.event == body.event):
            yield due


def _tell_late(
    audited: Audited, thing: Thing, move: tuple[Placed, Transition], due: Due
) -> Indicator:
    placed, way = move
    currency = audited.lifecycle_of(thing.key).currency
    moved = audited.sum_moved(thing, placed, way)
    label = audited.lifecycle_of(thing.key).label
    opening = audited.opening_of(thing)
    return Indicator(
        "used_after_the_end",
        thing.ruleset,
        placed.at,
        placed.at,
        (opening.entry.id, placed.entry.id),
        things=(thing.id,),
        parties=audited.list_identity(thing),
        amounts={"used": Sum(moved, currency)} if currency else {},
        arguments={
            "thing": thing.id,
            "kind": label,
            "at": audited.local(thing.ruleset, placed.at),
            "last": due.last if due.last is not None else "",
            "window": due.window,
        },
    )
