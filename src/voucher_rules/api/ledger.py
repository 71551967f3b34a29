"""Comes in: what happened to vouchers, and questions. Goes out: entries, decisions, deadlines.

A ledger holds what happened and nothing else; every balance is read from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from voucher_rules.api.decisions import Decision
from voucher_rules.api.ledger_decisions import LedgerDecision
from voucher_rules.api.ledger_inputs import (
    check_entered,
    pick_dues,
    read_amount,
    read_known,
    read_moment,
)
from voucher_rules.api.rulesets import Ruleset, choose_options
from voucher_rules.decision.case import read_on
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import LedgerError
from voucher_rules.ledger.allocating import allocate
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.deciding import Answer, Request
from voucher_rules.ledger.entries import (
    Body,
    Budgeted,
    Draft,
    Entry,
    Grouped,
    Made,
    Moved,
    Withdrawn,
)
from voucher_rules.ledger.event_files import enter_events, read_events
from voucher_rules.ledger.funds import Fund, list_funds
from voucher_rules.ledger.history import History, fold
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.placing import Allocation, Placement
from voucher_rules.ledger.shelf import shelve
from voucher_rules.ledger.stating import restate_facts
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.stores.model import Store
from voucher_rules.ledger.stores.opening import open_store
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.sources.files import read_source
from voucher_rules.sources.tree import Source


class Ledger:
    """A ledger of one or several rulesets: enter what happened, and decide from it.

    ``store`` keeps the entries: in memory unless one is given, or the path of a file that is made
    where it is not there (``.jsonl``, ``.sqlite`` or ``.db``), ``read_only`` if nothing is to be
    entered. ``clock`` tells when something becomes known, and without one it is known at the moment
    it happens. Moments are aware datetimes, or text such as ``2024-02-01T09:00`` in the local time
    of the ruleset. Raises :class:`~voucher_rules.StoreError` for a file that is no ledger, and
    :class:`~voucher_rules.LedgerError` for entries these rulesets do not allow.
    """

    def __init__(
        self,
        rulesets: Ruleset | Iterable[Ruleset],
        store: Store | str | Path | None = None,
        *,
        read_only: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        given = [rulesets] if isinstance(rulesets, Ruleset) else list(rulesets)
        if not given:
            raise LedgerError([Diagnostic("ledger-without-rulesets", {}, path="rulesets")])
        self._rulesets = {item.id: item for item in given}
        shelf = shelve(item.checked for item in given)
        if isinstance(store, str | Path):
            store = open_store(store, read_only=read_only)
        held = MemoryStore() if store is None else store
        try:
            self._keeper = Keeper(shelf, held, clock)
        except BaseException:
            held.close()
            raise

    @property
    def keeper(self) -> Keeper:
        """What keeps it, for programs that need what the methods below leave out."""
        return self._keeper

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry there is, in the order it was learnt of, corrected ones too."""
        return tuple(self._keeper.books.entries)

    @property
    def rulesets(self) -> Mapping[str, Ruleset]:
        """The rulesets by name; of several editions, the one at hand."""
        return MappingProxyType(self._rulesets)

    def find(self, lifecycle: str, thing: str, *, ruleset: str = "") -> Thing | None:
        """Return a thing as it stands, or None: its lots, and what it carries."""
        return self._keeper.books.find_thing((self._find(ruleset).id, lifecycle, thing))

    def history(
        self, at: datetime | str | None = None, *, known: datetime | str | None = None
    ) -> History:
        """Return all that stood at a moment, as known at another; what stands now without either.

        It is worked out anew from every entry. What lapsed by then counts as far as it was entered.
        """
        until = None if at is None else read_moment(at, self._first(), "at")
        seen = read_known(known, self._first())
        books = self._keeper.books
        return fold(books.entries, books.histories, until=until, known=seen)

    def funds(self, history: History | None = None) -> tuple[Fund, ...]:
        """Return the money of every pool by envelope and span: put in, taken and left."""
        return tuple(list_funds(history or self.history(), self._keeper.shelf))

    def enter(  # noqa: PLR0913 - each argument is one thing an event states
        self,
        lifecycle: str,
        thing: str,
        event: str,
        at: datetime | str,
        *,
        amount: Decimal | int | str | None = None,
        carries: Mapping[str, str] | None = None,
        source: str = "",
        ruleset: str = "",
        corrects: str = "",
        known: datetime | str | None = None,
    ) -> Entry:
        """Enter an event in the life of a thing, such as a refusal.

        ``amount`` in the main unit; without one the event moves all there is. ``corrects`` is the
        entry whose place it takes. What lapsed before is entered first. Raises
        :class:`~voucher_rules.LedgerError` where its lifecycle does not allow it.
        """
        held = self._find(ruleset)
        found = held.checked.histories.lifecycles.get(lifecycle)
        currency = found.currency if found is not None else ""
        body = Moved(
            ruleset=held.id,
            edition=held.edition,
            lifecycle=lifecycle,
            thing=thing,
            event=event,
            amount=None if amount is None else read_amount(amount, currency or "CNY"),
            source=source,
            carries=dict(carries or {}),
        )
        return self._enter(body, at, held, known, corrects)

    def budget(  # noqa: PLR0913 - as enter
        self,
        pool: str,
        amount: Decimal | int | str,
        day: date | str,
        at: datetime | str,
        *,
        envelope: Mapping[str, str] | None = None,
        added: bool = False,
        ruleset: str = "",
        corrects: str = "",
        known: datetime | str | None = None,
    ) -> Entry:
        """Enter how much money a pool has over the span ``day`` lies in, or is ``added`` to it."""
        held = self._find(ruleset)
        minor = read_amount(amount, held.checked.currency)
        of = dict(envelope or {})
        body = Budgeted(held.id, held.edition, pool, read_on(day), minor, added, of)
        return self._enter(body, at, held, known, corrects)

    def enter_file(
        self, path: str | Path, *, known: datetime | str | None = None
    ) -> tuple[Entry, ...]:
        """Enter the events of a YAML or JSON file as one batch, and what lapsed in between.

        They are entered in the order they happened. Raises :class:`~voucher_rules.InputError` with
        every mistake of the file, :class:`~voucher_rules.LedgerError` at the first event that what
        went before does not allow; nothing of the file is entered then.
        """
        source = read_source(Path(path), str(path))
        only = self._first().id if len(self._rulesets) == 1 else ""
        events = read_events(source, self._keeper.shelf, only)
        return enter_events(self._keeper, events, read_known(known, self._first()))

    def relate(
        self,
        carried: str,
        party: str,
        group: str,
        at: datetime | str,
        *,
        known: datetime | str | None = None,
    ) -> Entry:
        """Enter that a party belongs to a group of related ones; an empty ``group`` leaves it."""
        return self._enter(Grouped(carried, party, group), at, self._first(), known)

    def withdraw(
        self, entry: str, because: str, at: datetime | str, *, known: datetime | str | None = None
    ) -> Entry:
        """Take an entry back: it stays to be seen, and counts no more."""
        return self._enter(Withdrawn(because), at, self._first(), known, entry)

    def _enter(
        self,
        body: Body,
        at: datetime | str,
        held: Ruleset,
        known: datetime | str | None,
        corrects: str = "",
    ) -> Entry:
        check_entered(body)
        draft = Draft(read_moment(at, held, "at"), body, corrects=corrects)
        return self._keeper.enter([draft], read_known(known, held))[-1]

    def request(  # noqa: PLR0913 - each argument is one thing a decision rests on
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime | str,
        *,
        thing: str = "",
        carries: Mapping[str, str] | None = None,
        on: date | str | None = None,
        readings: Mapping[str, str] | None = None,
        assume_in_force: bool = False,
        ruleset: str = "",
        source: Source | None = None,
        name: str = "",
    ) -> Request:
        """Return the request of a decision, for :meth:`allocate`; see :meth:`decide`."""
        held = self._find(ruleset)
        return Request(
            program=held.program(decision),
            facts=facts,
            at=read_moment(at, held, "at"),
            thing=thing,
            carries=dict(carries or {}),
            on=None if on is None else read_on(on),
            options=choose_options(held, readings or {}, assume_in_force=assume_in_force),
            overlays=held.overlays,
            source=source,
            name=name,
        )

    def decide(
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime | str,
        *,
        known: datetime | str | None = None,
        **stated: Any,  # noqa: ANN401 - as request says
    ) -> LedgerDecision:
        """Decide from what happened by ``at``, and enter the decision and what follows from it.

        ``thing`` is what it is about: the voucher a claim may open, or one there is; ``carries``
        whose and which it is (``{"enterprise": "E1"}``). ``on`` is the day that fixes the law where
        neither the facts nor the thing tell it; without it, the day of ``at``. ``name`` is what the
        entry is called: a request repeated under one name is refused. Balances may not be among the
        facts. Further arguments as in :meth:`Ruleset.decide`. Raises
        :class:`~voucher_rules.InputError` for faults of the facts and
        :class:`~voucher_rules.LedgerError` where what follows cannot be entered; no decision is
        entered then.
        """
        request = self.request(decision, facts, at, **stated)
        moment = self._known(known, request)
        return self._read_answer(self._keeper.decide(request, moment), request.at)

    def consider(
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime | str,
        *,
        known: datetime | str | None = None,
        **stated: Any,  # noqa: ANN401 - as request says
    ) -> LedgerDecision:
        """Decide as :meth:`decide` does, by what was ``known`` then, and enter nothing."""
        request = self.request(decision, facts, at, **stated)
        moment = self._known(known, request)
        return self._read_answer(self._keeper.consider(request, moment), request.at, moment)

    def decide_again(
        self,
        entry: str,
        facts: Mapping[str, Any] | None = None,
        *,
        at: datetime | str | None = None,
        known: datetime | str | None = None,
        readings: Mapping[str, str] | None = None,
    ) -> LedgerDecision:
        """Decide again in the place of the decision ``entry``, after new facts or an appeal.

        ``facts`` are laid over those stated then; ``at`` is the moment of the old decision unless
        another is given. The old decision stays to be seen; what followed from it moves with the
        new one. Raises as :meth:`decide` does.
        """
        old = self._keeper.find_decision(entry)
        made = old.body
        if not isinstance(made, Made):
            message = f"not a decision: {entry}"
            raise TypeError(message)
        held, stated = self._find(made.ruleset), restate_facts(made.facts) | dict(facts or {})
        request = self.request(
            made.decision,
            stated,
            old.at if at is None else at,
            thing=made.thing,
            carries=made.carries,
            on=None if self._tells_day(held, made, stated) else made.day,
            readings={**made.readings, **(readings or {})},
            assume_in_force=made.assumed,
            ruleset=made.ruleset,
        )
        answer, _ = self._keeper.supersede(entry, request, self._known(known, request))
        return self._read_answer(answer, request.at)

    def _tells_day(self, held: Ruleset, made: Made, stated: Mapping[str, Any]) -> bool:
        """Return whether the facts, or the thing as it is known now, tell a decision's day."""
        as_of = held.program(made.decision).decision.as_of
        return as_of in stated or any(
            as_of in item.tells and self.find(name, made.thing, ruleset=held.id) is not None
            for name, item in held.checked.histories.lifecycles.items()
        )

    def _read_answer(
        self, answer: Answer, at: datetime, known: datetime | None = None
    ) -> LedgerDecision:
        """Return a decision as programs read it; its trails are looked up when asked for."""
        seen = self._keeper.find_place(answer, known)
        trail = partial(self._keeper.list_trails, answer.made, at, seen)
        decision = Decision(answer.result, trail)
        return LedgerDecision(answer.entry, decision, answer.filled.balances, answer.drafts[1:])

    def allocate(
        self,
        pool: str,
        requests: Sequence[Request],
        events: Sequence[Draft] = (),
        *,
        at: datetime | str | None = None,
        tell: Callable[[Placement, LedgerDecision], None] | None = None,
    ) -> Allocation:
        """Serve a queue of requests (see :meth:`request`) from a pool, and enter what follows.

        Without ``at`` each is decided at its own moment, first come first served, with ``events``
        in between; with it all are decided at that moment, in the order the ruleset ranks them.
        ``tell`` is called with each placement and its decision as soon as both are entered: what is
        to be shown of a decision must be taken then, for a long queue keeps none.
        """
        moment = None if at is None else read_moment(at, self._first(), "at")
        if tell is None:
            return allocate(self._keeper, pool, requests, events, moment)

        def tell_decision(placement: Placement, answer: Answer) -> None:
            tell(placement, self._read_answer(answer, placement.at))

        return allocate(self._keeper, pool, requests, events, moment, tell=tell_decision)

    def lapse(self, at: datetime | str) -> tuple[Entry, ...]:
        """Enter every event that came by itself by ``at``: what timed out, what expired."""
        return self._keeper.lapse(read_moment(at, self._first(), "at"))

    def due(self, lifecycle: str, thing: str, *, ruleset: str = "") -> tuple[Due, ...]:
        """Return what may happen to a thing next, and by when."""
        return self._keeper.list_dues((self._find(ruleset).id, lifecycle, thing))

    def calendar(
        self, first: date | str | None = None, last: date | str | None = None
    ) -> tuple[Due, ...]:
        """Return every deadline whose last day lies between two days, the soonest first.

        Those whose end cannot be found from what is known stand at the end, whatever the days.
        """
        opens = None if first is None else read_on(first)
        closes = None if last is None else read_on(last)
        return pick_dues(self._keeper.watch.list_all(), opens, closes)

    def rested_on(self, entry: str) -> dict[str, tuple[str, ...]]:
        """Return the entries each balance of a decision was made of, by its name."""
        trails = self._keeper.list_trails_of(entry)
        return {trail.rested.name: trail.entries for trail in trails}

    def close(self) -> None:
        """Let go of the store."""
        self._keeper.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _find(self, name: str) -> Ruleset:
        """Return a ruleset by name; the only one where no name is given."""
        if not name and len(self._rulesets) == 1:
            return self._first()
        if name not in self._rulesets:
            near = suggest_name(name, list(self._rulesets))
            told = {"name": name, "near": near}
            raise LedgerError([Diagnostic("unknown-ledger-ruleset", told, path="ruleset")])
        return self._rulesets[name]

    def _first(self) -> Ruleset:
        return next(iter(self._rulesets.values()))

    def _known(self, known: datetime | str | None, request: Request) -> datetime | None:
        return read_known(known, self._rulesets[request.program.ruleset.id])
