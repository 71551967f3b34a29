"""Comes in: what happened, and requests. Goes out: entries, stored whole or not at all.

The keeper numbers entries, tries each batch against what stands, stores it, and only then lets it
count. It never looks at a clock by itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, count
from typing import Any, TypeAlias

from voucher_rules.checked.histories import Pool
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, LedgerError
from voucher_rules.ledger.asking import ask_pool
from voucher_rules.ledger.books import Books, FoldedBooks
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.deciding import Answer, Request, decide_from, mark_short, rank_from
from voucher_rules.ledger.entries import Body, Draft, Entry, Made, Moved, Withdrawn
from voucher_rules.ledger.history import fold, fold_thing
from voucher_rules.ledger.lapsing import Watch, draft_lapse
from voucher_rules.ledger.leaving_out import leave_out_later
from voucher_rules.ledger.live import LiveBooks, PastBooks, Trial
from voucher_rules.ledger.lots import ThingKey, key_of
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.ranking import Key
from voucher_rules.ledger.shelf import Shelf
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.stores.model import Store
from voucher_rules.ledger.trails import Trail, list_trails

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

    def __post_init__(self) -> None:
        self.books = LiveBooks(self.shelf.histories)
        self.watch = Watch(self.books, self.shelf)
        self.refresh()

    def refresh(self) -> int:
        """Take in what others stored since, and return how many entries that was."""
        last = self.books.last
        fresh = tuple(self.store.read(last.seq if last else 0))
        self._commit(self.books.try_batch(fresh))
        return len(fresh)

    def enter(self, drafts: Sequence[Draft], known: datetime | None = None) -> tuple[Entry, ...]:
        """Enter what happened, as one batch: all of it or none.

        What lapsed before the last of it happened is entered first, on its own: it stays where the
        batch is refused. Lapses that turn out not to have been due are taken back in the batch.
        Raises :class:`LedgerError` where what went before does not allow it.
        """
        for draft in drafts:
            _check_aware(draft.at, draft.id)
        if drafts:
            self.lapse(max(draft.at for draft in drafts), known)
        return self._enter(drafts, known)

    def _enter(self, drafts: Sequence[Draft], known: datetime | None) -> tuple[Entry, ...]:
        undone = self._undo_lapses(drafts)
        batch = tuple(self._number([*drafts, *undone], known))
        trial = self.books.try_batch(batch)
        last = self.books.last
        self.store.append(batch, last.seq if last else 0)
        self._commit(trial)
        if undone:
            self.lapse(max(draft.at for draft in undone), known)
        return batch[: len(drafts)]

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
                    found[name] = Draft(placed.at, Withdrawn("not yet due"), corrects=name)
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

    def _commit(self, trial: Trial) -> None:
        batch = trial.batch
        self.books.commit(trial)
        for ruleset, _, thing in trial.things:
            self._mark(ruleset, thing)
        self._mark_decided(batch)

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
        """Enter every event that came by itself by ``at``, each at the end of its window."""
        _check_aware(at, "at")
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

    def decide(self, request: Request, known: datetime | None = None) -> Answer:
        """Decide from history at the request's moment, and enter what follows.

        What lapsed by then is entered first. Raises :class:`InputError` for faults of the request,
        :class:`LedgerError` where what follows cannot be entered; no decision is entered then.
        """
        self.lapse(request.at, known)
        answer = self.consider(request)
        self._enter(answer.drafts, known)
        return answer

    def consider(self, request: Request, known: datetime | None = None) -> Answer:
        """Decide from history and enter nothing; ``known`` asks by what was known then.

        What lapsed by the request's moment counts as lapsed, whether or not it was entered.
        """
        _check_aware(request.at, "at")
        books = self.view(request.at, known)
        return decide_from(request, books, request.name or self.next_name())

    def rank(self, request: Request, order: Sequence[str]) -> tuple[Key | None, ...]:
        """Return what a request is ranked by, as :meth:`consider` would find it."""
        _check_aware(request.at, "at")
        return rank_from(request, self.view(request.at), order)

    def view(self, moment: datetime, known: datetime | None = None) -> Books:
        """Return the books as they stood at ``moment``, as known at ``known`` (None: now)."""
        if known is None and self.watch.find_next_lapse(moment) is None:
            return self.books.at(moment)
        return self._view_aside(moment, known)

    def _view_aside(self, moment: datetime, known: datetime | None) -> Books:
        """Return books made anew on the side, with what lapsed by ``moment`` in them."""
        aside = self._copy(self.see(known))
        aside.lapse(moment)
        history = fold(aside.books.entries, self.shelf.histories, until=moment)
        return FoldedBooks(history, self.shelf.histories)

    def see(self, known: datetime | None = None) -> Seen:
        """Return how much of the ledger was there at ``known`` (None: now)."""
        entries = self.books.entries
        if known is None:
            return len(entries)
        return bisect_right(entries, known, key=lambda entry: entry.known)

    def find_place(self, answer: Answer, known: datetime | None = None) -> Seen:
        """Return how much of the ledger a decision saw; ``known`` where it was not entered."""
        seq = self.books.told.get(answer.entry)
        body = None if seq is None else self.books.entries[seq - 1].body
        if seq is not None and isinstance(body, Made) and replace(body, short_of="") == answer.made:
            return seq - 1
        return self.see(known)

    def _copy(self, seen: Seen, clock: Callable[[], datetime] | None = None) -> Keeper:
        """Return a keeper on the side that holds the entries up to ``seen``, in memory.

        What is only looked at goes by no clock: what is asked may lie ahead of it.
        """
        return Keeper(self.shelf, MemoryStore(self.books.entries[:seen]), clock)

    def branch(self) -> Keeper:
        """Return a keeper on the side that holds the same, in memory: for trying things out."""
        return self._copy(self.see(), self.clock)

    def adopt(self, aside: Keeper) -> tuple[Entry, ...]:
        """Enter what was entered on the side since it was branched off, as one batch or not at all.

        Raises :class:`~voucher_rules.errors.ConflictError` where another entered something since.
        """
        last = self.see()
        batch = tuple(aside.books.entries[last:])
        trial = self.books.try_batch(batch)
        self.store.append(batch, last)
        self._commit(trial)
        return batch

    def supersede(
        self, name: str, request: Request, known: datetime | None = None
    ) -> tuple[Answer, tuple[Entry, ...]]:
        """Decide again in the place of the decision ``name``, and move what followed from it.

        What lapsed by then is entered first, and the history is taken without what followed from
        the old decision. What follows from both takes the new amount, what follows only from the
        old is withdrawn; all of it stays to be seen. Raises as :meth:`decide` does.
        """
        _check_aware(request.at, "at")
        old = self.find_decision(name)
        self.lapse(request.at, known)
        followed = self.books.list_followed(name)
        cuts = _cut_off(followed)
        books = PastBooks(self.books, request.at, cuts)
        request = replace(request, supersedes=old.id)
        answer = decide_from(request, books, request.name or self.next_name())
        drafts = _replace_followed(answer, [placed.entry for placed in followed])
        return answer, self._enter(self._keep_cut(answer, drafts, old), known)

    def _keep_cut(self, answer: Answer, drafts: list[Draft], old: Entry) -> list[Draft]:
        """Return the drafts with a grant cut to what its pool holds, where the old one was cut.

        What was cut for want of money does not come back by deciding again: it may take what it
        had, and what is left beside it.
        """
        ruleset = answer.result.ruleset
        pool = ruleset.histories.pools.get(old.body.short_of if isinstance(old.body, Made) else "")
        asked = None if pool is None else ask_pool(answer.filled.asking, pool)
        left = None if asked is None else self.books.at(answer.drafts[0].at).read_pool(asked).left
        if pool is None or left is None:
            return drafts
        cut = [self._cut(draft, pool, max(left, 0)) for draft in drafts]
        return cut if cut == drafts else [mark_short(draft, pool) for draft in cut]

    def _cut(self, draft: Draft, pool: Pool, left: int) -> Draft:
        """Return an event that takes from a pool, its amount no more than it had and is left."""
        body = draft.body
        before = self.books.standing.get(draft.corrects)
        if before is None or not isinstance(body, Moved) or body.lifecycle != pool.lifecycle:
            return draft
        lifecycle = self.shelf.histories[body.ruleset].lifecycles[body.lifecycle]
        had = before.entry.body.amount if isinstance(before.entry.body, Moved) else None
        if lifecycle.transitions[body.event].target not in pool.takes or had is None:
            return draft
        return replace(draft, body=replace(body, amount=min(body.amount or 0, had + left)))

    def find_decision(self, name: str) -> Entry:
        """Return the entry of a decision that stands. Raises :class:`InputError`."""
        placed = self.books.standing.get(name)
        if placed is None or not isinstance(placed.entry.body, Made):
            raise InputError([Diagnostic("no-such-decision", {"name": name}, path=name)])
        return placed.entry

    def list_trails(self, made: Made, at: datetime, seen: Seen) -> tuple[Trail, ...]:
        """Return what each balance of a decision was made of, as it saw the history ``at`` then."""
        ruleset = self.shelf.find_ruleset(made.ruleset, made.edition)
        if ruleset is None:
            return ()
        return tuple(list_trails(made, ruleset, self._look_back(made, at, seen)))

    def list_trails_of(self, decision: str) -> tuple[Trail, ...]:
        """Return the same of a decision that was entered. Raises :class:`InputError`."""
        old = self.find_decision(decision)
        return self.list_trails(old.body, old.at, old.seq - 1) if isinstance(old.body, Made) else ()

    def _look_back(self, made: Made, at: datetime, seen: Seen) -> Books:
        if not made.supersedes and self.watch.find_next_lapse(at) is None:
            books = leave_out_later(self.books, seen, at)
            if books is not None:
                return books
        aside = self._copy(seen)
        if made.supersedes:
            cuts = _cut_off(aside.books.list_followed(made.supersedes))
            return PastBooks(aside.books, at, cuts)
        aside.lapse(at)
        return aside.books.at(at)

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
            _check_aware(known, "known")
            return known.astimezone(UTC)
        moments = [draft.at.astimezone(UTC) for draft in drafts]
        if self.books.last is not None:
            moments.append(self.books.last.known)
        return max(moments)


def _cut_off(followed: Sequence[Placed]) -> dict[ThingKey, Placed]:
    """Return where the life of each thing is cut off, so that nothing that followed happened."""
    cuts: dict[ThingKey, Placed] = {}
    for placed in followed:
        if isinstance(placed.entry.body, Moved):
            cuts.setdefault(key_of(placed.entry.body), placed)
    return cuts


def _check_aware(moment: datetime, path: str) -> None:
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
