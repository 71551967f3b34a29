"""Comes in: what happened, as programs state it. Goes out: the entries that were made."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Self

from voucher_rules.api.ledger_inputs import (
    check_entered,
    read_amount,
    read_known,
    read_moment,
    read_put,
)
from voucher_rules.api.ledger_reader import LedgerReader
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.decision.case import read_on
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import ConflictError
from voucher_rules.ledger.entries import Body, Budgeted, Draft, Entry, Grouped, Moved, Withdrawn
from voucher_rules.ledger.event_files import Events, enter_events, read_events
from voucher_rules.sources.files import read_source
from voucher_rules.sources.tree import Source


class LedgerWriter(LedgerReader):
    """A ledger that events are entered into, as they are stated; nothing is decided."""

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
        """Enter what a pool has over the span ``day`` lies in, or what is ``added`` to it.

        ``amount`` is money in the main unit, or how many places a pool has that counts.
        """
        held = self._find(ruleset)
        put = read_put(amount, held, pool)
        of = dict(envelope or {})
        body = Budgeted(held.id, held.edition, pool, read_on(day), put, added, of)
        return self._enter(body, at, held, known, corrects)

    def enter_file(
        self,
        file: str | Path | Source,
        *,
        ruleset: str = "",
        known: datetime | str | None = None,
    ) -> tuple[Entry, ...]:
        """Enter the events of a YAML or JSON file as one batch, and what lapsed in between.

        ``file`` is its path, or what was read of it; ``ruleset`` the one meant where the file names
        none. The events are entered in the order they happened. Raises
        :class:`~voucher_rules.InputError` with every mistake of the file,
        :class:`~voucher_rules.LedgerError` at the first event that what went before does not allow;
        nothing of the file is entered then.
        """
        events = self._read_events(file, ruleset)
        return enter_events(self._keeper, events, read_known(known, self._first()))

    def read_events(self, file: str | Path | Source, *, ruleset: str = "") -> tuple[Draft, ...]:
        """Read the events of a file and enter nothing; :meth:`Ledger.allocate` takes them.

        ``ruleset`` is the one meant where the file names none. Raises
        :class:`~voucher_rules.InputError` with every mistake of the file.
        """
        return tuple(event.draft for event in self._read_events(file, ruleset).events)

    def _read_events(self, file: str | Path | Source, ruleset: str) -> Events:
        source = file if isinstance(file, Source) else read_source(Path(file), str(file))
        named = ruleset or len(self._rulesets) == 1
        home = self._find(ruleset).id if named else ""
        return read_events(source, self._keeper.shelf, home)

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

    def branch(self, known: datetime | str | None = None) -> Self:
        """Return a ledger on the side that holds the same, in memory: for trying things out.

        With ``known`` it holds what was known then, and what is entered there is known then.
        :meth:`adopt` enters what was tried.
        """
        made = copy(self)
        made._keeper = self._keeper.branch(read_known(known, self._first()))  # noqa: SLF001
        return made

    def adopt(self, tried: Self) -> tuple[Entry, ...]:
        """Enter what was entered into a :meth:`branch`, as one batch: all of it or none.

        Raises :class:`~voucher_rules.ConflictError` where this ledger holds anything since that the
        branch does not, or the branch was not made of this one.
        """
        both = zip(tried.keeper.books.entries, self._keeper.books.entries, strict=False)
        alike = sum(1 for _ in takewhile(_are_same, both))
        if alike < self._keeper.see():
            told = {"last": str(self._keeper.see()), "expected": str(alike)}
            raise ConflictError([Diagnostic("store-moved-on", told)])
        return self._keeper.adopt(tried.keeper)

    def lapse(self, at: datetime | str) -> tuple[Entry, ...]:
        """Enter every event that came by itself by ``at``: what timed out, what expired."""
        return self._keeper.lapse(read_moment(at, self._first(), "at"))

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


def _are_same(pair: tuple[Entry, Entry]) -> bool:
    return pair[0] == pair[1]
