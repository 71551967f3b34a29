"""Comes in: applications, and a pool. Goes out: what became of each: granted, cut, waiting, denied.

What an enterprise is entitled to is decided as ever; the pool only tells whether money is left for
it. The queue goes by the ruleset's ranking rules, then by the moment of the application, then by
its name. Whoever waits is called up before anyone new is served. Where the last grant may not be
cut, who asks for more than is left is passed over, and the next are served who ask for less.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Final, TypeAlias

from voucher_rules.checked.histories import Lifecycle, Pool, SpanKind
from voucher_rules.decision.law import Options
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.ledger.asking import ask_pool, question_of_pool
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import PoolQuestion
from voucher_rules.ledger.deciding import Answer, Request, mark_short
from voucher_rules.ledger.entries import Draft, Entry, Made, Moved
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.line import SPANS_OF_CASES, Line
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.placing import Allocation, Place, Placement
from voucher_rules.ledger.ranking import sort_queue
from voucher_rules.ledger.spans import find_calendar_span
from voucher_rules.ledger.stating import restate_facts
from voucher_rules.program.build import Program
from voucher_rules.ruleset.load import suggest_name

Teller: TypeAlias = Callable[[Placement, Answer], None]
"""Is told of each application as soon as what follows is entered, while its decision is there."""


def ignore(placement: Placement, answer: Answer) -> None:
    """Do nothing about a placement."""
    del placement, answer


def allocate(  # noqa: PLR0913 - each argument is one part of a queue
    keeper: Keeper,
    pool: str,
    requests: Sequence[Request],
    events: Sequence[Draft] = (),
    at: datetime | None = None,
    *,
    tell: Teller = ignore,
) -> Allocation:
    """Serve a queue from a pool, and enter all that follows.

    Without ``at`` every application is decided at its own moment, first come first served, and the
    ranking rules settle only who of one moment comes first. With ``at`` all are decided at that
    moment, in the order the rules rank them. ``events`` (refusals, settlements, more money …)
    happen in between, before an application of the same moment. All requests are for one decision
    of one ruleset. ``tell`` is told of each placement with its decision, which is not kept.
    Raises :class:`InputError` and :class:`~voucher_rules.LedgerError` as :meth:`Keeper.decide`
    does; what was served before stays.
    """
    queue = Queue(keeper, _find_pool(keeper, pool, requests), requests, tell)
    queue.pending.extend(sorted(events, key=lambda draft: draft.at))
    if at is None:
        queue.serve_in_time()
    else:
        queue.serve_ranked(at)
    while queue.pending:
        queue.advance(queue.pending[0].at)
    return queue.allocation


def _find_pool(keeper: Keeper, pool: str, requests: Sequence[Request]) -> Pool:
    """Return the pool of the ruleset all requests are for. Raises :class:`InputError`."""
    asked = {(x.program.ruleset.id, x.program.decision.name) for x in requests}
    if len(asked) != 1:
        arguments = {"found": ", ".join(sorted(f"{name} {what}" for name, what in asked)) or "-"}
        raise InputError([Diagnostic("queue-of-several", arguments, path=pool)])
    ruleset = requests[0].program.ruleset.id
    pools = keeper.shelf.histories[ruleset].pools
    if pool not in pools:
        arguments = {"name": pool, "ruleset": ruleset, "near": suggest_name(pool, list(pools))}
        raise InputError([Diagnostic("unknown-pool", arguments, path=pool)])
    return pools[pool]


@dataclass(slots=True)
class Queue:
    """A queue being served from one pool."""

    keeper: Keeper
    pool: Pool
    requests: Sequence[Request]
    tell: Teller
    pending: deque[Draft] = field(default_factory=deque)
    """What is yet to happen in between, in order."""
    allocation: Allocation = field(init=False)
    line: Line = field(init=False)
    """Those who wait."""

    def __post_init__(self) -> None:
        self.allocation = Allocation(self.pool, self.keeper, self.program.ruleset)
        self.line = Line(self.keeper.books, self.pool, self.program.ruleset)

    @property
    def program(self) -> Program:
        """The decision all are waiting for."""
        return self.requests[0].program

    @property
    def lifecycle(self) -> Lifecycle:
        """What the pool pays for."""
        return self.program.ruleset.histories.lifecycles[self.pool.lifecycle]

    def serve_in_time(self) -> None:
        """Serve each at its own moment; whoever waits is called up as soon as money is there."""
        for moment, group in groupby(sorted(self.requests, key=_tie_of), key=lambda item: item.at):
            self.advance(moment)
            for request in self._rank(list(group)):
                self.serve(request)

    def serve_ranked(self, at: datetime) -> None:
        """Serve all at one moment, those who wait from before first."""
        self.advance(at)
        for request in self._rank(self.requests, at):
            self.serve(request)

    def advance(self, moment: datetime) -> None:
        """Let happen what is yet to happen by ``moment``, and call up after each of it."""
        while self.pending and self.pending[0].at <= moment:
            draft = self.pending.popleft()
            self._pass_to(draft.at)
            self.keeper.enter([draft])
            self.call_up(draft.at)
        self._pass_to(moment)
        self.call_up(moment)

    def _pass_to(self, moment: datetime) -> None:
        """Let lapse what lapses by ``moment``, one end after the other: each may leave money."""
        while (due := self.keeper.watch.find_next_lapse(moment)) is not None:
            self.call_up(due.ends or moment)

    def _move_to(self, request: Request, at: datetime) -> Request:
        """Return a request decided at another moment, under the law of the day it was made."""
        zone = request.program.ruleset.zone
        day = request.on
        if day is None and request.program.decision.as_of not in request.facts:
            day = local_day(request.at, zone)
        return replace(request, at=at, on=day)

    def _rank(self, requests: Sequence[Request], at: datetime | None = None) -> list[Request]:
        """Return applications in order, to be decided at ``at`` where it is given.

        A tie goes by the moment each was made at, wherever it is decided.
        """
        queue = sorted(requests, key=_tie_of)
        if at is not None:
            queue = [self._move_to(request, at) for request in queue]
        if len(queue) == 1 or not self.pool.order:
            return queue
        places = {id(x): place for place, x in enumerate(queue)}
        keys = {id(x): self.keeper.rank(x, self.pool.order) for x in queue}
        return sort_queue(queue, lambda item: keys[id(item)], lambda item: places[id(item)])

    def serve(self, request: Request) -> None:
        """Serve one application: decide it, look what is left, and enter what follows."""
        self.keeper.lapse(request.at)
        answer = self.keeper.consider(request)
        taking = self._find_taking(answer)
        asked = self._ask(answer, request.at)
        left = self._read_left(request.at, asked)
        if taking is None or left is None:
            self.keeper.enter(answer.drafts)
            place = Place.NOT_GRANTED if taking is None else Place.GRANTED
            self._add(
                request.thing, answer, asked, place=place, granted=_amount_of(taking), left=left
            )
            return
        granted = self._cut(_amount_of(taking), left)
        if granted:
            drafts = _grant(answer, taking, granted, self.pool)
            place = Place.GRANTED if granted == _amount_of(taking) else Place.CUT
        else:
            drafts = self._turn_away(answer, taking)
            place = Place.WAITING if self.pool.waits else Place.TURNED_AWAY
        self.keeper.enter(drafts)
        self._add(request.thing, answer, asked, place=place, granted=granted, left=left)

    def _cut(self, wanted: int, left: int) -> int:
        """Return what of an amount is granted where ``left`` is left."""
        if wanted <= left:
            return wanted
        return max(left, 0) if self.pool.partial else 0

    def _find_taking(self, answer: Answer) -> Draft | None:
        """Return the event by which an application would take from the pool, if there is one."""
        for draft in answer.drafts:
            body = draft.body
            if not isinstance(body, Moved) or body.lifecycle != self.lifecycle.name:
                continue
            if self.lifecycle.transitions[body.event].target in self.pool.takes:
                return draft
        return None

    def _ask(self, answer: Answer, dated: datetime) -> PoolQuestion | None:
        """Return which money an application is paid from: that of the span its grant will count in.

        The year of the decision may be over when money is there; what is granted then is dated by
        ``dated``, and would never be taken off what the old year had.
        """
        asked = ask_pool(answer.filled.asking, self.pool)
        kind = self.pool.within.kind
        if asked is None or kind in _SPANS_OF_THEIR_OWN:
            return asked
        ruleset = self.program.ruleset
        days = find_calendar_span(kind, local_day(dated, ruleset.zone))
        return question_of_pool(ruleset, self.pool, asked.envelope, days)

    def _read_left(self, at: datetime, asked: PoolQuestion | None) -> int | None:
        """Return what is left of an envelope; None where nobody said how much there was.

        What was granted at a later moment is gone for whoever is served at an earlier one.
        """
        if asked is None:
            return None
        now = self.keeper.books
        views = {id(books): books for books in (self.keeper.view(at), now)}
        found = [books.read_pool(asked).left for books in views.values()]
        return min((left for left in found if left is not None), default=None)

    def _turn_away(self, answer: Answer, taking: Draft) -> list[Draft]:
        """Return the entries for an application that found too little: it waits, or it is over."""
        others = [x for x in answer.drafts[1:] if x is not taking]
        drafts = [mark_short(answer.drafts[0], self.pool), *others]
        if self.pool.waits and isinstance(taking.body, Moved):
            drafts.append(replace(taking, body=replace(taking.body, event=self.pool.waits)))
        return drafts

    def call_up(self, at: datetime) -> None:
        """Serve those who wait, in the order they came to wait, as far as money is left."""
        self.keeper.lapse(at)
        if not self.pool.waits:
            return
        self.line.catch_up()
        after: Placed | None = None
        while found := self.line.find_next(at, after, partial(self._has_money, at)):
            after, thing = found
            self._call_up(thing, at)
            self.line.catch_up()

    def _has_money(self, at: datetime, asked: PoolQuestion) -> bool:
        left = self._read_left(at, asked)
        return left is not None and left > 0

    def _call_up(self, thing: Thing, at: datetime) -> None:
        """Serve a thing that waits: decide again on what was stated, and move it up."""
        up = self._find_way_up(thing)
        old = self._find_decision(thing)
        if up is None or old is None:
            return
        answer = self.keeper.consider(self._ask_again(old, at))
        taking = self._find_taking(answer)
        asked = self._ask(answer, thing.entered(self.pool.dated_by) or at)
        left = self._read_left(at, asked)
        if taking is None or left is None:
            return
        granted = self._cut(_amount_of(taking), left)
        if granted:
            self.keeper.enter(self._move_up(thing, answer, taking, up, granted))
            place = Place.GRANTED if granted == _amount_of(taking) else Place.CUT
            self._add(thing.id, answer, asked, place=place, granted=granted, left=left)

    def _find_way_up(self, thing: Thing) -> str | None:
        """Return the event that takes a waiting thing to a state that takes from the pool."""
        for way in self.lifecycle.transitions.values():
            if way.target in self.pool.takes and any(map(thing.stands_in, way.sources)):
                return way.name
        return None

    def _find_decision(self, thing: Thing) -> Entry | None:
        """Return the standing decision a waiting thing rests on."""
        opening = self.keeper.books.standing.get(thing.lots[0].entries[0])
        if opening is None or not isinstance(opening.entry.body, Moved):
            return None
        placed = self.keeper.books.standing.get(opening.entry.body.decision)
        if placed is None or not isinstance(placed.entry.body, Made):
            return None
        waits_for = placed.entry.body.short_of
        return placed.entry if waits_for in {"", self.pool.name} else None

    def _ask_again(self, old: Entry, at: datetime) -> Request:
        """Return the request of an earlier decision, put again at a later moment."""
        made = old.body
        if not isinstance(made, Made):
            message = f"not a decision: {old.id}"
            raise TypeError(message)
        options = Options(made.readings, made.assumed)
        return Request(
            program=self.program,
            facts=restate_facts(made.facts),
            at=at,
            thing=made.thing,
            carries=made.carries,
            on=made.day,
            options=options,
            supersedes=old.id,
        )

    def _move_up(
        self, thing: Thing, answer: Answer, taking: Draft, up: str, granted: int
    ) -> list[Draft]:
        """Return the entries that call up a waiting thing, its amount corrected if it changed."""
        made = answer.drafts[0]
        body = taking.body
        if not isinstance(body, Moved):
            return [made]
        drafts = [made if granted == body.amount else mark_short(made, self.pool)]
        opening = self.keeper.books.standing[thing.lots[0].entries[0]].entry
        if granted != thing.lots[0].amount and isinstance(opening.body, Moved):
            opened = replace(opening.body, amount=granted)
            drafts.append(Draft(opening.at, opened, corrects=opening.id))
        moved = replace(body, event=up, amount=None, carries={})
        return [*drafts, Draft(answer.drafts[0].at, moved)]

    def _add(  # noqa: PLR0913 - each argument is one part of the placement
        self,
        thing: str,
        answer: Answer,
        asked: PoolQuestion | None,
        *,
        place: Place,
        granted: int,
        left: int | None,
    ) -> None:
        taking = self._find_taking(answer)
        envelope = () if asked is None else tuple(sorted(asked.envelope.items()))
        days = (None, None) if asked is None else asked.days
        at = answer.drafts[0].at
        entitled = _amount_of(taking)
        made = Placement(thing, at, answer.entry, place, entitled, granted, left, envelope, days)
        self.allocation.add(made)
        self.tell(made, answer)


_SPANS_OF_THEIR_OWN: Final = SPANS_OF_CASES | {SpanKind.LIFETIME}
"""Spans that are no year, quarter or month of the calendar."""


def _tie_of(request: Request) -> tuple[datetime, str]:
    """What settles a tie: the moment of the application, then its name."""
    return (request.at, request.thing)


def _amount_of(taking: Draft | None) -> int:
    if taking is None or not isinstance(taking.body, Moved):
        return 0
    return taking.body.amount or 0


def _grant(answer: Answer, taking: Draft, granted: int, pool: Pool) -> list[Draft]:
    """Return the entries of a grant, its amount cut to what was left."""
    if not isinstance(taking.body, Moved) or granted == taking.body.amount:
        return list(answer.drafts)
    cut = replace(taking, body=replace(taking.body, amount=granted))
    rest = [cut if draft is taking else draft for draft in answer.drafts[1:]]
    return [mark_short(answer.drafts[0], pool), *rest]
