"""Comes in: a decision, and what is left in pools. Goes out: what it is granted, and its entries.

What one is entitled to is one thing, whether money is left for it another: the decision stays as it
was made, and says beside it what became of the money. Where nobody said how much there is, nothing
is known of it; then all is granted, and the decision says that nobody looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from voucher_rules.checked.histories import Lifecycle, Pool, SpanKind
from voucher_rules.decision.result import Caution
from voucher_rules.ledger.asking import ask_pool, question_of_pool
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import Books, PoolQuestion
from voucher_rules.ledger.deciding import Answer, mark_short
from voucher_rules.ledger.entries import Draft, Moved
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.spans import find_calendar_span
from voucher_rules.program.build import Program
from voucher_rules.values.write import write_money_exactly

Look: TypeAlias = Callable[[PoolQuestion], int | None]
"""Tells what is left of an envelope, None where nobody said how much there was."""


class Place(StrEnum):
    """What became of an application."""

    GRANTED = "granted"
    CUT = "cut"
    WAITING = "waiting"
    TURNED_AWAY = "turned_away"
    NOT_GRANTED = "not_granted"


@dataclass(frozen=True, slots=True)
class Taking:
    """The event by which a decision takes from a pool: how much, and dated by which moment.

    ``whole`` tells that no part of it can be taken; ``had`` is what an earlier decision took in its
    place.
    """

    draft: Draft
    amount: int
    dated: datetime
    whole: bool
    opens: bool
    had: int = 0


@dataclass(frozen=True, slots=True)
class Had:
    """What an earlier decision took from a pool, and since when (None: it took nothing)."""

    amount: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A decision with what is granted of it; amounts are in minor units.

    ``answer`` has the entries it then leads to. ``left`` is what the envelope held before, None
    where nobody said how much there is, or where it is not known which money it is paid from.
    """

    answer: Answer
    place: Place
    entitled: int = 0
    granted: int = 0
    left: int | None = None
    asked: PoolQuestion | None = None


def list_pools(program: Program) -> list[Pool]:
    """Return the pools that a decision may take from."""
    histories = program.ruleset.histories
    return [
        pool
        for pool in histories.pools.values()
        if any(
            way.target in pool.takes
            and way.follows is not None
            and way.follows.decision == program.decision.name
            for way in histories.lifecycles[pool.lifecycle].transitions.values()
        )
    ]


def find_taking(answer: Answer, pool: Pool, books: Books) -> Taking | None:
    """Return the event by which a decision takes from a pool, if there is one.

    What moves between states that take alike takes nothing more.
    """
    ruleset = answer.result.ruleset
    lifecycle = ruleset.histories.lifecycles[pool.lifecycle]
    for draft in answer.drafts:
        body = draft.body
        if not isinstance(body, Moved) or body.lifecycle != pool.lifecycle:
            continue
        if lifecycle.transitions[body.event].target not in pool.takes:
            continue
        thing = books.find_thing((ruleset.id, lifecycle.name, body.thing))
        taking = _weigh_event(draft, body, pool, lifecycle, thing)
        if taking is not None:
            return taking
    return None


def _weigh_event(
    draft: Draft, body: Moved, pool: Pool, lifecycle: Lifecycle, thing: Thing | None
) -> Taking | None:
    """Return what an event takes that was not taken before; None where that is nothing."""
    way = lifecycle.transitions[body.event]
    if pool.unit:
        return _weigh_place(draft, pool, lifecycle, thing)
    entered = None if thing is None or way.target == pool.dated_by else thing.entered(pool.dated_by)
    if not way.sources:
        return Taking(draft, body.amount or 0, entered or draft.at, whole=False, opens=True)
    leaves = (body.source,) if body.source else way.sources
    there = 0 if thing is None else thing.amount_in(x for x in leaves if x not in pool.takes)
    amount = there if body.amount is None else min(body.amount, there)
    if thing is None or not amount:
        return None
    return Taking(draft, amount, entered or draft.at, whole=not way.partial, opens=False)


def _weigh_place(
    draft: Draft, pool: Pool, lifecycle: Lifecycle, thing: Thing | None
) -> Taking | None:
    """Return the one place a thing takes of a pool that counts; None where it has it already."""
    if thing is not None and any(lot.state in pool.takes for lot in thing.lots):
        return None
    opens = isinstance(draft.body, Moved) and not lifecycle.transitions[draft.body.event].sources
    return Taking(draft, 1, draft.at, whole=True, opens=opens)


def ask_money(answer: Answer, pool: Pool, dated: datetime) -> PoolQuestion | None:
    """Return which money a decision is paid from: that of the span its grant will count in.

    The year of the decision may be over when money is there; what is granted then is dated by
    ``dated``, and would never be taken off what the old year had.
    """
    asked = ask_pool(answer.filled.asking, pool)
    kind = pool.within.kind
    if asked is None or kind in _SPANS_OF_THEIR_OWN:
        return asked
    ruleset = answer.result.ruleset
    days = find_calendar_span(kind, local_day(dated, ruleset.zone))
    return question_of_pool(ruleset, pool, asked.envelope, days)


def pay(answer: Answer, books: Books, look: Look, had: Callable[[Pool], Had] | None = None) -> Paid:
    """Pay what a decision grants from every pool it takes from, as far as each holds out.

    ``books`` tell how the thing stands, ``look`` what is left, and ``had`` what the decision whose
    place this one takes had taken. Of several pools, that which leaves least tells the place, and
    the first what was there where nothing is taken.
    """
    found = Paid(answer, Place.NOT_GRANTED)
    pools = list_pools(answer.result.program)
    for pool in pools:
        taking = find_taking(found.answer, pool, books)
        if taking is None:
            continue
        if had is not None:
            before = had(pool)
            dated = before.since or taking.dated
            taking = replace(taking, had=before.amount, dated=dated)
        paid = _pay_from(found.answer, pool, taking, look)
        if found.place is Place.NOT_GRANTED or paid.granted < paid.entitled:
            entitled = paid.entitled if found.place is Place.NOT_GRANTED else found.entitled
            found = replace(paid, entitled=entitled)
        else:
            found = replace(found, answer=paid.answer)
    if found.place is Place.NOT_GRANTED and pools:
        asked = ask_money(answer, pools[0], answer.drafts[0].at)
        found = replace(found, asked=asked, left=None if asked is None else look(asked))
    return found


def _pay_from(answer: Answer, pool: Pool, taking: Taking, look: Look) -> Paid:
    """Pay what a decision grants from one pool."""
    asked = ask_money(answer, pool, taking.dated)
    left = None if asked is None else look(asked)
    if left is None:
        code = "pool_not_found" if asked is None else "pool_not_stated"
        told = _add_warning(answer, pool, code)
        return Paid(told, Place.GRANTED, taking.amount, taking.amount, None, asked)
    granted = cut_to(taking, pool, left)
    if granted == taking.amount:
        return Paid(answer, Place.GRANTED, granted, granted, left, asked)
    amounts = {"left": max(left, 0), "granted": granted, "entitled": taking.amount}
    if granted:
        told = _add_warning(answer, pool, "pool_cut", **amounts)
        drafts = _grant(told, taking, granted, pool)
        return Paid(drafts, Place.CUT, taking.amount, granted, left, asked)
    place = Place.WAITING if pool.waits and taking.opens else Place.TURNED_AWAY
    code = "pool_waits" if place is Place.WAITING else "pool_empty"
    told = _add_warning(answer, pool, code, **amounts)
    return Paid(_turn_away(told, taking, pool, place), place, taking.amount, 0, left, asked)


def cut_to(taking: Taking, pool: Pool, left: int) -> int:
    """Return what of an amount is granted where ``left`` is left beside what it had.

    Where no part is granted, what was had before stays as it was.
    """
    there = max(left, 0) + taking.had
    if taking.amount <= there:
        return taking.amount
    return there if pool.partial and not taking.whole else taking.had


def _grant(answer: Answer, taking: Taking, granted: int, pool: Pool) -> Answer:
    """Return a decision with its grant cut to what was left."""
    if not isinstance(taking.draft.body, Moved):
        return answer
    cut = replace(taking.draft, body=replace(taking.draft.body, amount=granted))
    rest = [cut if draft is taking.draft else draft for draft in answer.drafts[1:]]
    return replace(answer, drafts=(mark_short(answer.drafts[0], pool), *rest))


def _turn_away(answer: Answer, taking: Taking, pool: Pool, place: Place) -> Answer:
    """Return a decision that found too little: it waits, or it is over."""
    drafts = [mark_short(answer.drafts[0], pool)]
    drafts += [draft for draft in answer.drafts[1:] if draft is not taking.draft]
    if place is Place.WAITING and isinstance(taking.draft.body, Moved):
        body = replace(taking.draft.body, event=pool.waits)
        drafts.append(replace(taking.draft, body=body))
    return replace(answer, drafts=tuple(drafts))


def _add_warning(answer: Answer, pool: Pool, code: str, **amounts: int) -> Answer:
    """Return a decision that also says what became of the money, or of the places."""
    lifecycle = answer.result.ruleset.histories.lifecycles[pool.lifecycle]
    currency = "" if pool.unit else lifecycle.currency
    arguments = (("pool", pool.name), *_write_amounts(amounts.items(), currency))
    caution = Caution(code, pool.citation, arguments)
    result = replace(answer.result, warnings=(*answer.result.warnings, caution))
    return replace(answer, result=result)


def _write_amounts(amounts: Iterable[tuple[str, int]], currency: str) -> Iterator[tuple[str, str]]:
    for name, amount in amounts:
        yield name, write_money_exactly(amount, currency) if currency else str(amount)


_SPANS_OF_THEIR_OWN: Final = frozenset({SpanKind.LIFETIME, SpanKind.ROLLING, SpanKind.BETWEEN})
"""Spans that are no year, quarter or month of the calendar."""
