"""Comes in: entries, a batch at a time. Goes out: books that keep what stands up to date.

A batch is tried on the side first (:class:`Trial`) and taken whole or not at all. What comes late
or corrects an earlier entry folds the things it touches again, and no others.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.checked.histories import Histories
from voucher_rules.ledger.balances import Found, Question, read_balance
from voucher_rules.ledger.books import BalanceValue, PoolQuestion, PoolState, sum_budget
from voucher_rules.ledger.entries import Budgeted, Entry, Grouped, Made, Moved
from voucher_rules.ledger.history import check_budget, find_lifecycle
from voucher_rules.ledger.lots import Thing, ThingKey, apply_event, key_of, refuse


@dataclass(frozen=True, slots=True, order=True)
class Placed:
    """A standing entry in its place: when it happened, then the order in which it was first told.

    ``rank`` is the place of the entry it stands for, through every correction.
    """

    at: datetime
    rank: int
    entry: Entry = field(compare=False)


@dataclass(slots=True)
class LiveBooks:
    """What stands after every entry so far; see :class:`~voucher_rules.ledger.books.Books`."""

    histories: Mapping[str, Histories]
    entries: list[Entry] = field(default_factory=list)
    standing: dict[str, Placed] = field(default_factory=dict)
    """The entries that no later one corrects, by name."""
    told: dict[str, int] = field(default_factory=dict)
    """The place of every entry there ever was, by name."""
    events: dict[ThingKey, list[Placed]] = field(default_factory=dict)
    """What happened to each thing, in order."""
    things: dict[ThingKey, Thing] = field(default_factory=dict)
    carried: dict[tuple[str, str, str], set[ThingKey]] = field(default_factory=dict)
    """The things that carry something, by their lifecycle, what is carried, and its value."""
    in_state: dict[tuple[str, str, str], dict[ThingKey, None]] = field(default_factory=dict)
    """The things with a lot in a state, by their ruleset, their lifecycle and the state."""
    budgets: list[Placed] = field(default_factory=list)
    joined: list[Placed] = field(default_factory=list)
    groups: dict[tuple[str, str], str] = field(default_factory=dict)
    superseded: dict[str, str] = field(default_factory=dict)
    """The decision that took the place of another, by the other's name."""
    followed: dict[str, set[str]] = field(default_factory=dict)
    """The standing events that rest on a decision, by its name."""
    about: dict[tuple[str, str], list[Placed]] = field(default_factory=dict)
    """The standing decisions about a thing, by its ruleset and name, in order."""
    latest: datetime | None = None
    """The last moment anything happened at."""

    @property
    def last(self) -> Entry | None:
        """The last entry, None before the first."""
        return self.entries[-1] if self.entries else None

    def take(self, batch: Sequence[Entry]) -> None:
        """Take a batch whole. Raises :class:`~voucher_rules.LedgerError` and takes nothing."""
        self.commit(self.try_batch(batch))

    def try_batch(self, batch: Sequence[Entry]) -> Trial:
        """Try a batch on the side. Raises :class:`~voucher_rules.LedgerError`."""
        trial = Trial(self)
        for entry in batch:
            trial.take(entry)
        trial.settle()
        return trial

    def commit(self, trial: Trial) -> None:
        """Take what was tried; nothing else may have been taken since."""
        for entry in trial.batch:
            self.entries.append(entry)
            self.told[entry.id] = entry.seq
            self.latest = entry.at if self.latest is None else max(self.latest, entry.at)
            if isinstance(entry.body, Made) and entry.body.supersedes:
                self.superseded[entry.body.supersedes] = entry.id
        for name in trial.removed:
            self._remove(self.standing.pop(name))
        for placed in trial.added.values():
            self.standing[placed.entry.id] = placed
            self._place(placed)
        for key, thing in trial.things.items():
            self._set_thing(key, thing)

    def _remove(self, placed: Placed) -> None:
        match placed.entry.body:
            case Moved() as body:
                self.events[key_of(body)].remove(placed)
                self.followed.get(body.decision, set()).discard(placed.entry.id)
            case Made() as body:
                self.about[body.ruleset, body.thing].remove(placed)
            case Budgeted():
                self.budgets.remove(placed)
            case Grouped():
                self.joined.remove(placed)
                self._join_all()

    def _place(self, placed: Placed) -> None:
        match placed.entry.body:
            case Moved() as body:
                insort(self.events.setdefault(key_of(body), []), placed)
                if body.decision:
                    self.followed.setdefault(body.decision, set()).add(placed.entry.id)
            case Made() as body:
                insort(self.about.setdefault((body.ruleset, body.thing), []), placed)
            case Budgeted():
                insort(self.budgets, placed)
            case Grouped(carried, party, group):
                insort(self.joined, placed)
                if self.joined[-1] is placed:
                    self.groups[carried, party] = group
                else:
                    self._join_all()

    def _join_all(self) -> None:
        self.groups = {}
        for placed in self.joined:
            body = placed.entry.body
            if isinstance(body, Grouped):
                self.groups[body.carried, body.party] = body.group

    def _set_thing(self, key: ThingKey, thing: Thing | None) -> None:
        """Put a thing as it now stands in the place of what it was (None: it never was)."""
        before = self.things.get(key)
        if before is not None:
            for place in _list_carried(before):
                self.carried[place].discard(key)
            for lot in before.lots:
                self.in_state[before.ruleset, before.lifecycle, lot.state].pop(key, None)
        if thing is None:
            self.things.pop(key, None)
        else:
            self.things[key] = thing
            for place in _list_carried(thing):
                self.carried.setdefault(place, set()).add(key)
            for lot in thing.lots:
                state = (thing.ruleset, thing.lifecycle, lot.state)
                self.in_state.setdefault(state, {})[key] = None

    def find_thing(self, key: ThingKey) -> Thing | None:
        """Return a thing, or None where there is none of that name."""
        return self.things.get(key)

    def list_in_state(self, ruleset: str, lifecycle: str, state: str) -> list[Thing]:
        """Return the things with a lot in a state."""
        keys = self.in_state.get((ruleset, lifecycle, state), ())
        return [self.things[key] for key in keys]

    def list_candidates(self, asked: Question) -> Iterable[ThingKey]:
        """Return the fewest things that hold all a balance takes: those of one of its keys."""
        balance = asked.balance
        if balance.lifecycle in asked.per:
            names = asked.per[balance.lifecycle]
            homes = (asked.ruleset, *balance.across)
            return [(home, balance.lifecycle, name) for home in homes for name in names]
        if not asked.per:
            return list(self.things)
        found = [
            set().union(*(self.carried.get((balance.lifecycle, name, x), ()) for x in wanted))
            for name, wanted in asked.per.items()
        ]
        return min(found, key=len)

    def list_found(self, asked: Question) -> list[Found]:
        """Return the lots a balance takes."""
        return self._read(asked)[1]

    def read(self, asked: Question) -> BalanceValue:
        """Return the value of a balance; money in minor units."""
        return self._read(asked)[0]

    def _read(self, asked: Question) -> tuple[BalanceValue, list[Found]]:
        things = (self.things.get(key) for key in self.list_candidates(asked))
        return read_balance((x for x in things if x is not None), asked, self.histories)

    def read_pool(self, asked: PoolQuestion) -> PoolState:
        """Return the money of one envelope of a pool."""
        put = sum_budget((placed.entry for placed in self.budgets), asked)
        return PoolState(put, int(self.read(asked.question)))  # type: ignore[arg-type]

    def list_followed(self, decision: str) -> list[Placed]:
        """Return the standing events that rest on a decision, in the order they happened."""
        return sorted(self.standing[name] for name in self.followed.get(decision, ()))

    def list_decisions(self, thing: Thing) -> list[Made]:
        """Return the decisions about a thing that no later one superseded, oldest first."""
        found = self.about.get((thing.ruleset, thing.id), ())
        bodies = (x.entry.body for x in found if x.entry.id not in self.superseded)
        return [body for body in bodies if isinstance(body, Made)]

    def at(self, moment: datetime) -> LiveBooks | PastBooks:
        """Return the books as they stood at ``moment``, by all that is known now."""
        if self.latest is None or moment >= self.latest:
            return self
        return PastBooks(self, moment)


def _list_carried(thing: Thing) -> list[tuple[str, str, str]]:
    return [(thing.lifecycle, name, value) for name, value in thing.carries.items()]


def fold_thing(
    events: Iterable[Placed], histories: Mapping[str, Histories], until: datetime | None = None
) -> Thing | None:
    """Return a thing after what happened to it up to ``until``; None where nothing did."""
    thing: Thing | None = None
    for placed in events:
        body = placed.entry.body
        if not isinstance(body, Moved) or (until is not None and placed.at > until):
            break
        lifecycle = find_lifecycle(placed.entry, body, histories)
        thing = apply_event(thing, placed.entry, lifecycle)
    return thing


@dataclass(frozen=True, slots=True)
class PastBooks:
    """The books as they stood at a moment, by all that is known now.

    ``cuts`` names events that are taken to have not happened, nor what came after them in the life
    of the same thing.
    """

    live: LiveBooks
    moment: datetime
    cuts: Mapping[ThingKey, Placed] = field(default_factory=dict)

    @property
    def groups(self) -> Mapping[tuple[str, str], str]:
        """The group of a party, by what it is carried as and its name."""
        found: dict[tuple[str, str], str] = {}
        for placed in self.live.joined:
            body = placed.entry.body
            if isinstance(body, Grouped) and placed.at <= self.moment:
                found[body.carried, body.party] = body.group
        return found

    def find_thing(self, key: ThingKey) -> Thing | None:
        """Return a thing, or None where there was none of that name."""
        events: Iterable[Placed] = self.live.events.get(key, ())
        cut = self.cuts.get(key)
        if cut is not None:
            events = [placed for placed in events if placed < cut]
        return fold_thing(events, self.live.histories, self.moment)

    def list_found(self, asked: Question) -> list[Found]:
        """Return the lots a balance takes."""
        return self._read(asked)[1]

    def read(self, asked: Question) -> BalanceValue:
        """Return the value of a balance; money in minor units."""
        return self._read(asked)[0]

    def _read(self, asked: Question) -> tuple[BalanceValue, list[Found]]:
        things = (self.find_thing(key) for key in self.live.list_candidates(asked))
        return read_balance((x for x in things if x is not None), asked, self.live.histories)

    def read_pool(self, asked: PoolQuestion) -> PoolState:
        """Return the money of one envelope of a pool."""
        known = (x.entry for x in self.live.budgets if x.at <= self.moment)
        return PoolState(sum_budget(known, asked), int(self.read(asked.question)))  # type: ignore[arg-type]


@dataclass(slots=True)
class Trial:
    """A batch tried on the side: what it would remove, add and change."""

    books: LiveBooks
    batch: list[Entry] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    added: dict[str, Placed] = field(default_factory=dict)
    """What it adds and does not itself correct, by name."""
    moved: dict[ThingKey, list[Placed]] = field(default_factory=dict)
    """What it adds to the life of each thing, in the order it was told."""
    names: set[str] = field(default_factory=set)
    things: dict[ThingKey, Thing | None] = field(default_factory=dict)
    touched: dict[ThingKey, None] = field(default_factory=dict)
    """The things whose past changes, which are folded again."""

    def take(self, entry: Entry) -> None:
        """Try one more entry. Raises :class:`~voucher_rules.LedgerError`."""
        self._check_place(entry)
        rank = self._correct(entry) if entry.corrects else entry.seq
        placed = Placed(entry.at, rank, entry)
        self.added[entry.id] = placed
        self.names.add(entry.id)
        self.batch.append(entry)
        match entry.body:
            case Moved() as body:
                self._move(placed, body)
            case Budgeted() as body:
                check_budget(entry, body, self.books.histories)
            case Made() as body:
                self._check_supersedes(entry, body)

    def settle(self) -> None:
        """Fold again the things whose past the batch changes."""
        removed = set(self.removed)
        for key in self.touched:
            events = [x for x in self.books.events.get(key, []) if x.entry.id not in removed]
            events.extend(self.moved.get(key, ()))
            self.things[key] = fold_thing(sorted(events), self.books.histories)

    def _check_place(self, entry: Entry) -> None:
        """Check that an entry follows those before it, under a name nothing else has."""
        last = self.batch[-1] if self.batch else self.books.last
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
        old = self.added.get(entry.corrects) or self.books.standing.get(entry.corrects)
        if old is None or entry.corrects in self.removed:
            refuse("nothing-to-correct", entry, name=entry.corrects)
        moved = old.entry.body if isinstance(old.entry.body, Moved) else None
        if moved is not None:
            self.touched[key_of(moved)] = None
        if self.added.pop(entry.corrects, None) is None:
            self.removed.append(entry.corrects)
        elif moved is not None:
            self.moved[key_of(moved)].remove(old)
        return old.rank

    def _move(self, placed: Placed, body: Moved) -> None:
        """Apply an event to its thing at once where it is the latest, else fold the thing later."""
        key = key_of(body)
        before = self.moved.get(key) or self.books.events.get(key)
        self.moved.setdefault(key, []).append(placed)
        if placed.entry.corrects or (before and placed < before[-1]):
            self.touched[key] = None
        if key in self.touched:
            return
        thing = self.things[key] if key in self.things else self.books.things.get(key)
        lifecycle = find_lifecycle(placed.entry, body, self.books.histories)
        self.things[key] = apply_event(thing, placed.entry, lifecycle)

    def _check_supersedes(self, entry: Entry, body: Made) -> None:
        """Check that a decision takes the place of one that stands and was made no later."""
        if not body.supersedes:
            return
        old = self.books.standing.get(body.supersedes)
        if old is None or not isinstance(old.entry.body, Made):
            refuse("nothing-to-supersede", entry, name=body.supersedes)
        if body.supersedes in self.books.superseded:
            name = self.books.superseded[body.supersedes]
            refuse("superseded-already", entry, name=body.supersedes, by=name)
        if entry.at < old.at:
            refuse("supersedes-later-one", entry, name=body.supersedes)
