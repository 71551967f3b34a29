"""Comes in: applications, and a pool. Goes out: what became of each: granted, cut, waiting, denied.

What an enterprise is entitled to is decided as ever; the pool only tells whether money is left for
it. The queue goes by the ruleset's ranking rules, then by the moment of the application, then by
its name. Whoever waits is called up before anyone new is served. Where the last grant may not be
cut, who asks for more than is left is passed over, and the next are served who ask for less.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import TypeAlias

from voucher_rules.checked.histories import Lifecycle, Pool
from voucher_rules.decision.law import Options
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, LedgerError
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import Books, PoolQuestion
from voucher_rules.ledger.deciding import Answer, Request
from voucher_rules.ledger.entries import Draft, Entry, Made, Moved
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.line import Line
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.paying import Paid, find_taking, pay
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.placing import Allocation, Placement, place_paid
from voucher_rules.ledger.ranking import Key, sort_queue
from voucher_rules.ledger.stating import restate_facts
from voucher_rules.program.build import Program
from voucher_rules.ruleset.names import suggest_name

Teller: TypeAlias = Callable[[Placement, Answer], None]
"""Is told of each application as soon as what follows is entered, while its decision is there."""


def allocate(  # noqa: PLR0913 - each argument is one part of a queue
    keeper: Keeper,
    pool: str,
    requests: Sequence[Request],
    events: Sequence[Draft] = (),
    at: datetime | None = None,
    *,
    tell: Teller | None = None,
) -> Allocation:
    """Serve a queue from a pool, and enter all that follows.

    Without ``at`` every application is decided at its own moment, first come first served, and the
    ranking rules settle only who of one moment comes first. With ``at`` all are decided at that
    moment, in the order the rules rank them. ``events`` (refusals, settlements, more money …)
    happen in between, before an application of the same moment. All requests are for one decision
    of one ruleset. ``tell`` is told of each placement with its decision, which is then not kept.
    Raises :class:`InputError` and :class:`~voucher_rules.LedgerError` as
    :func:`~voucher_rules.ledger.serving.decide` does; what was served before stays.
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
    tell: Teller | None = None
    pending: deque[Draft] = field(default_factory=deque)
    """What is yet to happen in between, in order."""
    known: datetime | None = None
    """When it became known, where that was said."""
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
            with _told_of(_name_event(draft)):
                self.keeper.enter([draft], self.known)
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
        keys = {id(x): self._find_keys(x) for x in queue}
        return sort_queue(queue, lambda item: keys[id(item)], lambda item: places[id(item)])

    def serve(self, request: Request) -> Placement:
        """Serve one application: decide it, look what is left, and enter what follows."""
        with _told_of(request.thing), self.keeper.together():
            self.keeper.lapse(request.at, self.known)
            paid = pay_now(self.keeper, request)
            self.keeper.enter(paid.answer.drafts, self.known)
        return self._add(request.thing, paid)

    def _find_keys(self, request: Request) -> tuple[Key | None, ...]:
        with _told_of(request.thing):
            return self.keeper.rank(request, self.pool.order)

    def call_up(self, at: datetime) -> None:
        """Serve those who wait, in the order they came to wait, as far as money is left."""
        self.keeper.lapse(at, self.known)
        if not self.pool.waits:
            return
        self.line.catch_up()
        after: Placed | None = None
        while found := self.line.find_next(at, after, partial(self._has_money, at)):
            after, thing = found
            self._call_up(thing, at)
            self.line.catch_up()

    def _has_money(self, at: datetime, asked: PoolQuestion) -> bool:
        left = read_left(self.keeper, self.keeper.view(at), asked)
        return left is not None and left > 0

    def has_waiting(self, at: datetime) -> bool:
        """Return whether anyone waits for the pool by then."""
        return self.line.find_next(at, None, lambda _: True) is not None

    def _call_up(self, thing: Thing, at: datetime) -> None:
        """Serve a thing that waits: decide again on what was stated, and move it up."""
        up = self._find_way_up(thing)
        old = self._find_decision(thing)
        if up is None or old is None:
            return
        answer = self.keeper.consider(self._ask_again(old, at))
        books = self.keeper.view(at)
        taking = find_taking(answer, self.pool, books)
        paid = pay(answer, books, partial(read_left, self.keeper, books))
        if taking is not None and paid.left is not None and paid.granted:
            drafts = self._move_up(thing, paid, taking.draft, up)
            self.keeper.enter(drafts, self.known)
            self._add(thing.id, replace(paid, answer=replace(paid.answer, drafts=tuple(drafts))))

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
            program=self._find_program(made),
            facts=restate_facts(made.facts),
            at=at,
            thing=made.thing,
            carries=made.carries,
            on=made.day,
            options=options,
            supersedes=old.id,
        )

    def _find_program(self, made: Made) -> Program:
        """Return the program of an earlier decision under the ruleset at hand."""
        if made.decision == self.program.decision.name:
            return self.program
        return self.keeper.shelf.find_program(self.program.ruleset, made.decision)

    def _move_up(self, thing: Thing, paid: Paid, taking: Draft, up: str) -> list[Draft]:
        """Return the entries that call up a waiting thing, its amount corrected if it changed."""
        made = paid.answer.drafts[0]
        body = taking.body
        if not isinstance(body, Moved):
            return [made]
        drafts = [made]
        amount = body.amount if self.pool.unit else paid.granted
        opening = self.keeper.books.standing[thing.lots[0].entries[0]].entry
        if (amount or 0) != thing.lots[0].amount and isinstance(opening.body, Moved):
            opened = replace(opening.body, amount=amount)
            drafts.append(Draft(opening.at, opened, corrects=opening.id))
        sets = self.lifecycle.transitions[up].sets
        carries = {n: x for n, x in body.carries.items() if n in sets and n not in thing.carries}
        moved = replace(body, event=up, amount=None, carries=carries)
        return [*drafts, Draft(made.at, moved)]

    def _add(self, thing: str, paid: Paid) -> Placement:
        made = place_paid(thing, paid)
        if self.tell is not None:
            self.tell(made, paid.answer)
        self.allocation.add(made if self.tell is None else made.forget())
        return made


def pay_now(keeper: Keeper, request: Request) -> Paid:
    """Decide a request by all that is known, and pay it as far as money is left."""
    books = keeper.view(request.at)
    return pay(keeper.consider(request), books, partial(read_left, keeper, books))


def read_left(keeper: Keeper, books: Books, asked: PoolQuestion) -> int | None:
    """Return what is left of an envelope; None where nobody said how much there was.

    What was granted at a later moment is gone for whoever is served at an earlier one.
    """
    views = {id(view): view for view in (books, keeper.books)}
    found = [view.read_pool(asked).left for view in views.values()]
    return min((left for left in found if left is not None), default=None)


@contextmanager
def _told_of(name: str) -> Iterator[None]:
    """Tell of a refusal which application or event of the queue it is about."""
    try:
        yield
    except (InputError, LedgerError) as error:
        found = [
            x if x.span else replace(x, path=": ".join(filter(None, (name, x.path))))
            for x in error.diagnostics
        ]
        raise type(error)(found) from None


def _name_event(draft: Draft) -> str:
    body = draft.body
    return draft.id or (f"{body.thing} {body.event}" if isinstance(body, Moved) else "")


def _tie_of(request: Request) -> tuple[datetime, str]:
    """What settles a tie: the moment of the application, then its name."""
    return (request.at, request.thing)
