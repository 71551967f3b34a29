"""Comes in: what happened to vouchers, and questions. Goes out: entries, decisions, deadlines.

A ledger holds what happened and nothing else; every balance is read from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

from voucher_rules.api.decisions import Decision
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.decision.case import read_on
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, LedgerError
from voucher_rules.ledger.allocating import Allocation, allocate
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
    Rested,
    Withdrawn,
)
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.shelf import shelve
from voucher_rules.ledger.stores.base import Store
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ruleset.load import suggest_name
from voucher_rules.values.model import CURRENCIES
from voucher_rules.values.read import TextValueError, read_instant, read_money


@dataclass(frozen=True, slots=True)
class LedgerDecision:
    """A decision made from history.

    ``entry`` is the name it is entered under, ``balances`` what it rested on, ``followed`` the
    events it led to; both are empty of effect where it was only considered.
    """

    entry: str
    decision: Decision
    balances: tuple[Rested, ...]
    followed: tuple[Draft, ...]

    def __repr__(self) -> str:
        return f"<LedgerDecision {self.entry}: {self.decision!r}>"


def _read_answer(answer: Answer) -> LedgerDecision:
    decision = Decision(answer.result)
    return LedgerDecision(answer.entry, decision, answer.filled.balances, answer.drafts[1:])


class Ledger:
    """A ledger of one or several rulesets: enter what happened, and decide from it.

    ``store`` keeps the entries (in memory unless one is given); ``clock`` tells when something
    becomes known, and without one it is known at the moment it happens. Moments are aware
    datetimes, or text such as ``2024-02-01T09:00`` in the local time of the ruleset.
    """

    def __init__(
        self,
        rulesets: Ruleset | Iterable[Ruleset],
        store: Store | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        given = [rulesets] if isinstance(rulesets, Ruleset) else list(rulesets)
        self._rulesets = {item.id: item for item in given}
        self._keeper = Keeper(
            shelve(item.checked for item in given),
            MemoryStore() if store is None else store,
            clock,
        )

    @property
    def keeper(self) -> Keeper:
        """What keeps it, for programs that need what the methods below leave out."""
        return self._keeper

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry there is, in the order it was learnt of, corrected ones too."""
        return tuple(self._keeper.books.entries)

    def find(self, lifecycle: str, thing: str, *, ruleset: str = "") -> Thing | None:
        """Return a thing as it stands, or None: its lots, and what it carries."""
        return self._keeper.books.find_thing((self._find(ruleset).id, lifecycle, thing))

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
            amount=None if amount is None else _read_amount(amount, currency or "CNY"),
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
        minor = _read_amount(amount, held.checked.currency)
        of = dict(envelope or {})
        body = Budgeted(held.id, held.edition, pool, read_on(day), minor, added, of)
        return self._enter(body, at, held, known, corrects)

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
        draft = Draft(_read_moment(at, held, "at"), body, corrects=corrects)
        return self._keeper.enter([draft], _read_known(known, held))[-1]

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
        name: str = "",
    ) -> Request:
        """Return the request of a decision, for :meth:`allocate`; see :meth:`decide`."""
        held = self._find(ruleset)
        return Request(
            program=held.program(decision),
            facts=facts,
            at=_read_moment(at, held, "at"),
            thing=thing,
            carries=dict(carries or {}),
            on=None if on is None else read_on(on),
            options=held.choose_options(readings or {}, assume_in_force=assume_in_force),
            overlays=held.overlays,
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
        return _read_answer(self._keeper.decide(request, self._known(known, request)))

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
        return _read_answer(self._keeper.consider(request, self._known(known, request)))

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
        request = self.request(
            made.decision,
            {**made.facts, **(facts or {})},
            old.at if at is None else at,
            thing=made.thing,
            carries=made.carries,
            on=made.day,
            readings={**made.readings, **(readings or {})},
            assume_in_force=made.assumed,
            ruleset=made.ruleset,
        )
        answer, _ = self._keeper.supersede(entry, request, self._known(known, request))
        return _read_answer(answer)

    def allocate(
        self,
        pool: str,
        requests: Sequence[Request],
        events: Sequence[Draft] = (),
        *,
        at: datetime | str | None = None,
    ) -> Allocation:
        """Serve a queue of requests (see :meth:`request`) from a pool, and enter what follows.

        Without ``at`` each is decided at its own moment, first come first served, with ``events``
        in between; with it all are decided at that moment, in the order the ruleset ranks them.
        """
        moment = None if at is None else _read_moment(at, self._first(), "at")
        return allocate(self._keeper, pool, requests, events, moment)

    def lapse(self, at: datetime | str) -> tuple[Entry, ...]:
        """Enter every event that came by itself by ``at``: what timed out, what expired."""
        return self._keeper.lapse(_read_moment(at, self._first(), "at"))

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
        windows = [due for due in self._keeper.watch.list_all() if due.window]
        found = [due for due in windows if _lies_between(due, opens, closes)]
        return tuple(sorted(found, key=_order_of))

    def rested_on(self, entry: str) -> dict[str, tuple[str, ...]]:
        """Return the entries each balance of a decision was made of, by its name."""
        old = self._keeper.find_decision(entry)
        return self._keeper.list_rested(old)

    def close(self) -> None:
        """Let go of the store."""
        self._keeper.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _find(self, name: str) -> Ruleset:
        """Return a ruleset by name; the only one where no name is given."""
        if not name and len(self._rulesets) == 1:
            return self._first()
        if name not in self._rulesets:
            near = suggest_name(name, list(self._rulesets))
            arguments = {"name": name, "near": near}
            raise LedgerError([Diagnostic("unknown-ledger-ruleset", arguments, path="ruleset")])
        return self._rulesets[name]

    def _first(self) -> Ruleset:
        return next(iter(self._rulesets.values()))

    def _known(self, known: datetime | str | None, request: Request) -> datetime | None:
        return _read_known(known, self._rulesets[request.program.ruleset.id])


def _lies_between(due: Due, first: date | None, last: date | None) -> bool:
    if due.last is None:
        return True
    day = due.last.date() if isinstance(due.last, datetime) else due.last
    return (first is None or first <= day) and (last is None or day <= last)


def _order_of(due: Due) -> tuple[bool, str, tuple[str, str, str], str]:
    when = "" if due.ends is None else due.ends.isoformat()
    return (due.ends is None, when, due.thing.key, due.event)


def _read_known(known: datetime | str | None, held: Ruleset) -> datetime | None:
    return None if known is None else _read_moment(known, held, "known")


def _read_moment(stated: datetime | str, held: Ruleset, path: str) -> datetime:
    """Read a moment: an aware datetime, or text in the local time of the ruleset."""
    if isinstance(stated, datetime):
        if stated.tzinfo is None:
            arguments = {"found": stated.isoformat()}
            raise InputError([Diagnostic("naive-instant", arguments, path=path)])
        return stated
    try:
        return read_instant(stated, held.checked.zone)
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path=path)]) from None


def _read_amount(stated: Decimal | int | str, currency: str) -> int:
    """Read an amount in the main unit, as whole minor units."""
    path = "amount"
    if isinstance(stated, str):
        try:
            exact = read_money(stated, currency, unit_required=False)
        except TextValueError as error:
            raise InputError([Diagnostic(error.code, error.arguments, path=path)]) from None
    elif type(stated) in (Decimal, int):
        exact = Fraction(stated) * 10 ** CURRENCIES[currency].digits
    else:
        arguments = {"found": type(stated).__name__, "expected": "money"}
        raise InputError([Diagnostic("wrong-python-type", arguments, path=path)])
    if Fraction(exact).denominator != 1:
        raise InputError([Diagnostic("finer-than-minor-unit", {"found": str(stated)}, path=path)])
    return int(exact)
