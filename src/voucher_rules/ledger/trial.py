"""Comes in: live books, and a batch of entries. Goes out: what it would change, or why it may not.

A batch is taken whole or not at all. What comes late or corrects an earlier entry folds the things
it touches again, and no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from voucher_rules.ledger.changes import Changes
from voucher_rules.ledger.correcting import check_correction, refuse_resting
from voucher_rules.ledger.entries import Budgeted, Entry, Grouped, Made, Moved, Withdrawn
from voucher_rules.ledger.history import (
    check_budget,
    check_decision,
    check_group,
    find_lifecycle,
    fold_thing,
)
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import ThingKey, apply_event, key_of, refuse
from voucher_rules.ledger.places import Placed


def try_batch(books: LiveBooks, batch: Sequence[Entry]) -> Changes:
    """Try a batch on the side. Raises :class:`~voucher_rules.LedgerError`."""
    trial = Trial(books)
    for entry in batch:
        trial.take(entry)
    trial.settle()
    return trial.changes


def take_batch(books: LiveBooks, batch: Sequence[Entry]) -> None:
    """Take a batch whole. Raises :class:`~voucher_rules.LedgerError` and takes nothing."""
    books.commit(try_batch(books, batch))


@dataclass(slots=True)
class Trial:
    """A batch being tried on the side, entry by entry."""

    books: LiveBooks
    changes: Changes = field(default_factory=Changes)
    moved: dict[ThingKey, list[Placed]] = field(default_factory=dict)
    """What it adds to the life of each thing, in the order it was told."""
    names: set[str] = field(default_factory=set)
    touched: dict[ThingKey, None] = field(default_factory=dict)
    """The things whose past changes, which are folded again."""
    superseded: dict[str, str] = field(default_factory=dict)
    """The decision of this batch that took the place of another, by the other's name."""
    gone: set[str] = field(default_factory=set)
    """The decisions this batch withdraws."""

    def take(self, entry: Entry) -> None:
        """Try one more entry. Raises :class:`~voucher_rules.LedgerError`."""
        self._check_place(entry)
        corrects = entry.corrects or isinstance(entry.body, Withdrawn)
        rank = self._correct(entry) if corrects else entry.seq
        placed = Placed(entry.at, rank, entry)
        self.changes.added[entry.id] = placed
        self.names.add(entry.id)
        self.changes.batch.append(entry)
        match entry.body:
            case Moved() as body:
                if self._is_gone(body.decision):
                    refuse_resting(entry)
                self._move(placed, body)
            case Budgeted() as body:
                check_budget(entry, body, self.books.histories)
            case Grouped() as body:
                check_group(entry, body, self.books.histories)
            case Made() as body:
                check_decision(entry, body, self.books.histories)
                if body.supersedes:
                    self._supersede(placed, body.supersedes)

    def settle(self) -> None:
        """Fold again the things whose past the batch changes."""
        removed = set(self.changes.removed)
        for key in self.touched:
            events = [x for x in self.books.events.get(key, []) if x.entry.id not in removed]
            events.extend(self.moved.get(key, ()))
            self.changes.things[key] = fold_thing(sorted(events), self.books.histories)
        self._check_resting(removed)

    def _check_resting(self, removed: set[str]) -> None:
        """Check that nothing that stands rests on a decision this batch withdraws."""
        for decision in self.gone:
            told = [x for x in self.books.followed.get(decision, ()) if x not in removed]
            found = [self.books.standing[name] for name in told]
            added = self.changes.added.values()
            found += [x for x in added if getattr(x.entry.body, "decision", "") == decision]
            moved = [x for x in found if isinstance(x.entry.body, Moved)]
            if moved:
                refuse_resting(min(moved).entry)

    def _is_gone(self, name: str) -> bool:
        """Return whether a decision there once was is withdrawn."""
        seq = self.books.told.get(name)
        made = seq is not None and isinstance(self.books.entries[seq - 1].body, Made)
        return name in self.gone or (made and name not in self.books.standing)

    def _check_place(self, entry: Entry) -> None:
        """Check that an entry follows those before it, under a name nothing else has."""
        last = self.changes.batch[-1] if self.changes.batch else self.books.last
        if entry.id in self.books.told or entry.id in self.names:
            refuse("entry-name-taken", entry, name=entry.id)
        if entry.seq != (last.seq + 1 if last else 1):
            refuse("entry-out-of-place", entry, found=str(entry.seq))
        if last is not None and entry.known < last.known:
            refuse("known-runs-backwards", entry, known=str(entry.known), last=str(last.known))
        if entry.known < entry.at:
            refuse(
                "known-before-it-happened", entry, known=str(entry.known), happened=str(entry.at)
            )

    def _correct(self, entry: Entry) -> int:
        """Take an entry out of what stands, and return the place it had."""
        old = self._find_standing(entry.corrects)
        if old is None or entry.corrects in self.changes.removed:
            refuse("nothing-to-correct", entry, name=entry.corrects)
        by = self.superseded.get(old.entry.id) or self.books.superseded.get(old.entry.id, "")
        check_correction(entry, old.entry, self._find_first(old.rank), by)
        if isinstance(old.entry.body, Made):
            self.gone.add(old.entry.id)
        moved = old.entry.body if isinstance(old.entry.body, Moved) else None
        if moved is not None:
            self.touched[key_of(moved)] = None
        if self.changes.added.pop(entry.corrects, None) is None:
            self.changes.removed.append(entry.corrects)
        elif moved is not None:
            self.moved[key_of(moved)].remove(old)
        return old.rank

    def _move(self, placed: Placed, body: Moved) -> None:
        """Apply an event to its thing at once where it is the latest, else fold the thing later."""
        key = key_of(body)
        before = self.moved.get(key) or self.books.events.get(key) or []
        late = bool(before) and placed < before[-1]
        self.moved.setdefault(key, []).append(placed)
        if late:
            self.touched[key] = None
        if key in self.touched:
            return
        thing = (
            self.changes.things[key] if key in self.changes.things else self.books.things.get(key)
        )
        lifecycle = find_lifecycle(placed.entry, body, self.books.histories)
        self.changes.things[key] = apply_event(thing, placed.entry, lifecycle)

    def _supersede(self, placed: Placed, name: str) -> None:
        """Check that a decision takes the place of one that stands and was made no later."""
        entry = placed.entry
        old = None if name in self.changes.removed else self._find_standing(name)
        if old is None or not isinstance(old.entry.body, Made):
            refuse("nothing-to-supersede", entry, name=name)
        by = self.superseded.get(name) or self.books.superseded.get(name, "")
        if by and by not in self.changes.removed and self._find_standing(by):
            refuse("superseded-already", entry, name=name, by=by)
        if placed < old:
            refuse("supersedes-later-one", entry, name=name)
        self.superseded[name] = entry.id

    def _find_first(self, rank: int) -> Entry:
        """Return the entry that a place was first told with."""
        before = len(self.books.entries)
        if rank <= before:
            return self.books.entries[rank - 1]
        return self.changes.batch[rank - before - 1]

    def _find_standing(self, name: str) -> Placed | None:
        return self.changes.added.get(name) or self.books.standing.get(name)
