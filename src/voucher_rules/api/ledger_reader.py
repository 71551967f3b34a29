"""Comes in: rulesets and a store. Goes out: the ledger, open, and what stands in it.

Nothing is entered here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Self

from voucher_rules.api.ledger_inputs import pick_dues, read_known, read_moment
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.decision.case import read_on
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, LedgerError
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.funds import Fund, list_funds
from voucher_rules.ledger.history import History, fold
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.looking_back import list_trails_of
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.shelf import shelve
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.stores.model import Store
from voucher_rules.ledger.stores.opening import open_store
from voucher_rules.ruleset.names import suggest_name


class LedgerReader:
    """A ledger that is open: its rulesets, its entries, and what stands by them."""

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
        self._editions = {(item.id, item.edition): item for item in given}
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
        trails = list_trails_of(self._keeper, entry)
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

    def _find_edition(self, name: str, edition: str) -> Ruleset:
        """Return an edition of a ruleset; the one at hand where none is named."""
        held = self._find(name)
        if edition and (held.id, edition) not in self._editions:
            known = ", ".join(x for name, x in self._editions if name == held.id)
            told = {"name": held.id, "edition": edition, "known": known}
            raise InputError([Diagnostic("edition-not-found", told, path="edition")])
        return self._editions[held.id, edition] if edition else held

    def _first(self) -> Ruleset:
        return next(iter(self._rulesets.values()))
