"""Comes in: what happened, and requests. Goes out: entries, stored whole or not at all.

The keeper numbers entries, tries each batch against what stands, and stores it; what cannot be
stored does not count. It never looks at a clock by itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, count
from typing import TypeAlias

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, LedgerError
from voucher_rules.ledger.books import Books, FoldedBooks
from voucher_rules.ledger.causes import write_decision_withdrawn, write_not_yet_due
from voucher_rules.ledger.changes import Changes, Taken
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.deciding import Answer, Request, decide_from, rank_from
from voucher_rules.ledger.entries import Body, Draft, Entry, Made, Moved, Withdrawn
from voucher_rules.ledger.following import check_opening
from voucher_rules.ledger.history import fold, fold_thing
from voucher_rules.ledger.lapsing import Watch, draft_lapse
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import ThingKey, key_of
from voucher_rules.ledger.past import look_at
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.ranking import Key
from voucher_rules.ledger.shelf import Shelf
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.stores.model import Store
from voucher_rules.ledger.trial import try_batch

Seen: TypeAlias = int
"""How many entries of a ledger someone has seen: those up to that one."""


@dataclass(slots=True)
class Keeper:
    """Keeps one ledger: its books, and the store its entries go into.

    ``clock`` tells when something becomes known; without one it is known at the moment it happens,
    or at the last one known, whichever is later.
    """

    shelf: Shelf
    store: Store
    clock: Callable[[], datetime] | None = None
    books: LiveBooks = field(init=False)
    watch: Watch = field(init=False)
    _open: list[Taken] = field(default_factory=list)
    """What was taken into the books and is not stored yet, in order."""
    _depth: int = 0
    """How many of those who enter together are at work, one within the other."""

    def __post_init__(self) -> None:
        self.books = LiveBooks(self.shelf.histories)
        self.watch = Watch(self.books, self.shelf)
        self.refresh()

    def refresh(self) -> int:
        """Take in what others stored since, and return how many entries that was."""
        last = self.books.last
        fresh = tuple(self.store.read(last.seq if last else 0))
        self._commit(try_batch(self.books, fresh))
        return len(fresh)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Store all that is entered inside as one batch at the end; where it fails, none of it.

        Inside, what was entered counts already. Raises what happens inside, and
        :class:`~voucher_rules.StoreError` where the batch cannot be stored.
        """
        start = len(self._open)
        self._depth += 1
        try:
            yield
            if self._depth == 1:
                self._store([entry for taken in self._open for entry in taken.batch])
        except BaseException:
            while len(self._open) > start:
                self._take_back(self._open.pop())
            raise
        finally:
            self._depth -= 1

    def _store(self, batch: Sequence[Entry]) -> None:
        if batch:
            self.store.append(batch, batch[0].seq - 1)
        self._open.clear()

    def enter(self, drafts: Sequence[Draft], known: datetime | None = None) -> tuple[Entry, ...]:
        """Enter what happened, as one batch: all of it or none.

        What lapsed before the last of it happened is entered first; lapses that turn out not to
        have been due are taken back, and those that still come are entered anew: all of it in the
        batch. So is what followed from a decision that is withdrawn. Raises :class:`LedgerError`
        where what went before does not allow it.
        """
        for draft in drafts:
            check_aware(draft.at, draft.id)
        with self.together():
            if drafts:
                self.lapse(max(draft.at for draft in drafts), known)
            return self._enter(drafts, known)

    def _enter(self, drafts: Sequence[Draft], known: datetime | None) -> tuple[Entry, ...]:
        followed = self._withdraw_followed(drafts)
        undone = self._undo_lapses([*drafts, *followed])
        batch = tuple(self._number([*drafts, *followed, *undone], known))
        tried = try_batch(self.books, batch)
        with self.together():
            self._open.append(self._commit(tried))
            if undone:
                self.lapse(max(draft.at for draft in undone), known)
        return batch[: len(drafts)]

    def _withdraw_followed(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return what takes back the events that followed from decisions that are withdrawn."""
        mine = {draft.corrects for draft in drafts}
        found = []
        for draft in drafts:
            if draft.corrects and isinstance(draft.body, Withdrawn):
                gone = Withdrawn(cause=write_decision_withdrawn(draft.corrects))
                followed = self.books.list_followed(draft.corrects)
                names = [(x.at, x.entry.id) for x in followed if x.entry.id not in mine]
                found += [Draft(at, gone, corrects=name) for at, name in names]
        return found

    def _undo_lapses(self, drafts: Sequence[Draft]) -> list[Draft]:
        """Return what takes back lapses that come after something told only now.

        What comes by itself rests on nothing else having happened before; where it still comes, it
        is entered again.
        """
        found: dict[str, Draft] = {}
        mine = {draft.corrects for draft in drafts}
        for draft in drafts:
            old = self.books.standing.get(draft.corrects)
            corrected = () if old is None else self._list_lapses_after(old.at, old.entry.body)
            for placed in (*corrected, *self._list_lapses_after(draft.at, draft.body)):
                name = placed.entry.id
                if name not in mine:
                    found[name] = Draft(
                        placed.at, Withdrawn(cause=write_not_yet_due()), corrects=name
                    )
        return list(found.values())

    def _list_lapses_after(self, at: datetime, body: Body) -> Iterator[Placed]:
        """Yield what came by itself to the thing of an event, after that event."""
        if not isinstance(body, Moved) or body.ruleset not in self.shelf.histories:
            return
        lifecycle = self.shelf.histories[body.ruleset].lifecycles.get(body.lifecycle)
        for placed in reversed(self.books.events.get(key_of(body), ())):
            other = placed.entry.body
            if placed.at <= at or lifecycle is None or not isinstance(other, Moved):
                return
            if lifecycle.transitions[other.event].past is not None and not other.decision:
                yield placed

    def _commit(self, tried: Changes) -> Taken:
        taken = self.books.commit(tried)
        self._mark_all(taken)
        return taken

    def _take_back(self, taken: Taken) -> None:
        self.books.take_back(taken)
        self._mark_all(taken)

    def _mark_all(self, taken: Taken) -> None:
        for ruleset, _, thing in taken.things:
            self._mark(ruleset, thing)
        self._mark_decided(taken.batch)

    def _mark(self, ruleset: str, thing: str) -> None:
        """Note that something happened to a thing; others of its name may go by what it tells."""
        for name in self.shelf.histories[ruleset].lifecycles:
            if (ruleset, name, thing) in self.books.events:
                self.watch.mark((ruleset, name, thing))

    def _mark_decided(self, batch: Iterable[Entry]) -> None:
        """Note the things that were decided about: what was stated then may move a deadline."""
        for entry in batch:
            if isinstance(entry.body, Made) and entry.body.thing:
                self._mark(entry.body.ruleset, entry.body.thing)

    def lapse(self, at: datetime, known: datetime | None = None) -> tuple[Entry, ...]:
        """Enter every event that came by itself by ``at``, each at the end of its window.

        Each is a batch of its own, unless it is entered together with something else: none hangs
        on another, and there may be more of them than one batch can hold.
        """
        check_aware(at, "at")
        entered: list[Entry] = []
        while (due := self.watch.find_next_lapse(at)) is not None:
            entered.extend(self._enter([self._place_lapse(due)], known))
        return tuple(entered)

    def _place_lapse(self, due: Due) -> Draft:
        """Return a lapse at the end of its window, or after all that happened to the thing since.

        A correction may move a window to before the thing came to where it lapses from.
        """
        draft = draft_lapse(due)
        events = self.books.events[due.thing.key]
        if events[-1].at <= draft.at:
            return draft
        last = Entry(self.see() + 1, "", draft.at, draft.at, draft.body)
        try:
            fold_thing(sorted([*events, Placed(draft.at, last.seq, last)]), self.books.histories)
        except LedgerError:
            return replace(draft, at=events[-1].at)
        return draft

    def list_dues(self, key: ThingKey) -> tuple[Due, ...]:
        """Return what may happen to a thing next, and by when."""
        return self.watch.list_dues(key)

    def consider(self, request: Request, known: datetime | None = None) -> Answer:
        """Decide from history and enter nothing; ``known`` asks by what was known then.

        This is what one is entitled to, whether or not money is left for it. What lapsed by the
        request's moment counts as lapsed, whether or not it was entered.
        """
        check_aware(request.at, "at")
        books = self.view(request.at, known)
        if not request.supersedes:
            check_opening(request.program, request.thing, books)
        return decide_from(request, books, request.name or self.next_name())

    def rank(self, request: Request, order: Sequence[str]) -> tuple[Key | None, ...]:
        """Return what a request is ranked by, as :meth:`consider` would find it."""
        check_aware(request.at, "at")
        return rank_from(request, self.view(request.at), order)

    def view(self, moment: datetime, known: datetime | None = None) -> Books:
        """Return the books as they stood at ``moment``, as known at ``known`` (None: now)."""
        if known is None and self.watch.find_next_lapse(moment) is None:
            return look_at(self.books, moment)
        return self._view_aside(moment, known)

    def _view_aside(self, moment: datetime, known: datetime | None) -> Books:
        """Return books made anew on the side, with what lapsed by ``moment`` in them."""
        aside = self.copy(self.see(known))
        aside.lapse(moment)
        history = fold(aside.books.entries, self.shelf.histories, until=moment)
        return FoldedBooks(history, self.shelf.histories)

    def see(self, known: datetime | None = None) -> Seen:
        """Return how much of the ledger was there at ``known`` (None: now)."""
        entries = self.books.entries
        if known is None:
            return len(entries)
        return bisect_right(entries, known, key=lambda entry: entry.known)

    def copy(self, seen: Seen, clock: Callable[[], datetime] | None = None) -> Keeper:
        """Return a keeper on the side that holds the entries up to ``seen``, in memory.

        What is only looked at goes by no clock: what is asked may lie ahead of it.
        """
        return Keeper(self.shelf, MemoryStore(self.books.entries[:seen]), clock)

    def branch(self, known: datetime | None = None) -> Keeper:
        """Return a keeper on the side that holds the same, in memory: for trying things out.

        With ``known`` it holds what was known then, and what is entered there is known then.
        """
        return self.copy(self.see(known), self.clock if known is None else lambda: known)

    def adopt(self, aside: Keeper) -> tuple[Entry, ...]:
        """Enter what was entered on the side since it was branched off, as one batch or not at all.

        Raises :class:`~voucher_rules.errors.ConflictError` where another entered something since.
        """
        batch = tuple(aside.books.entries[self.see() :])
        tried = try_batch(self.books, batch)
        with self.together():
            self._open.append(self._commit(tried))
        return batch

    def find_decision(self, name: str) -> Entry:
        """Return the entry of a decision that stands. Raises :class:`InputError`."""
        placed = self.books.standing.get(name)
        if placed is None or not isinstance(placed.entry.body, Made):
            raise InputError([Diagnostic("no-such-decision", {"name": name}, path=name)])
        return placed.entry

    def next_name(self) -> str:
        """Return the name of the next entry, where it is given none of its own."""
        return self._find_name(self.see() + 1, frozenset())

    def _find_name(self, seq: int, taken: Collection[str]) -> str:
        """Return a name for an entry that no other has: those of files may look the same."""
        names = chain([f"e{seq}"], (f"e{seq}-{again}" for again in count(2)))
        return next(name for name in names if name not in taken and name not in self.books.told)

    def _number(self, drafts: Sequence[Draft], known: datetime | None) -> Iterable[Entry]:
        last = self.books.last
        seq = last.seq if last else 0
        known = self._find_known(drafts, known)
        taken = {draft.id for draft in drafts}
        for draft in drafts:
            seq += 1
            at = draft.at.astimezone(UTC)
            name = draft.id or self._find_name(seq, taken)
            yield Entry(seq, name, at, known, draft.body, draft.corrects)

    def _find_known(self, drafts: Sequence[Draft], known: datetime | None) -> datetime:
        if known is None and self.clock is not None:
            known = self.clock()
        if known is not None:
            check_aware(known, "known")
            return known.astimezone(UTC)
        moments = [draft.at.astimezone(UTC) for draft in drafts]
        if self.books.last is not None:
            moments.append(self.books.last.known)
        return max(moments)


def check_aware(moment: datetime, path: str) -> None:
    """Check that a moment says in which zone it is, and exists in UTC.

    Raises :class:`LedgerError`.
    """
    arguments = {"found": moment.isoformat()}
    if moment.utcoffset() is None:
        raise LedgerError([Diagnostic("naive-instant", arguments, path=path)])
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise LedgerError([Diagnostic("not-an-instant", arguments, path=path)]) from None
