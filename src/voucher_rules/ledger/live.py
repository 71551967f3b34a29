"""Comes in: entries, a batch at a time. Goes out: books that keep what stands up to date.

A batch is tried on the side first (:class:`Trial`) and taken whole or not at all. What comes late
or corrects an earlier entry folds the things it touches again, and no others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.checked.histories import Histories
from voucher_rules.ledger.balances import Found, Question, read_balance, takes_thing
from voucher_rules.ledger.books import BalanceValue, PoolQuestion, PoolState, sum_budget
from voucher_rules.ledger.entries import Budgeted, Entry, Grouped, Made, Moved
from voucher_rules.ledger.groups import Groups
from voucher_rules.ledger.history import (
    check_budget,
    check_decision,
    check_group,
    find_lifecycle,
    fold_thing,
)
from voucher_rules.ledger.index import BalanceIndex
from voucher_rules.ledger.lots import Thing, ThingKey, apply_event, key_of, refuse
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.purses import Purses


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
    timeline: list[Placed] = field(default_factory=list)
    """What happened to all things, in order."""
    purses: Purses = field(default_factory=Purses)
    """The money of each envelope."""
    groups: Groups = field(default_factory=Groups)
    superseded: dict[str, str] = field(default_factory=dict)
    """The decision that took the place of another, by the other's name."""
    followed: dict[str, set[str]] = field(default_factory=dict)
    """The standing events that rest on a decision, by its name."""
    about: dict[tuple[str, str], list[Placed]] = field(default_factory=dict)
    """The standing decisions about a thing, by its ruleset and name, in order."""
    latest: datetime | None = None
    """The last moment anything happened at."""
    index: BalanceIndex = field(init=False)

    def __post_init__(self) -> None:
        self.index = BalanceIndex(self.histories)

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
                del self.timeline[bisect_left(self.timeline, placed)]
                self.followed.get(body.decision, set()).discard(placed.entry.id)
            case Made() as body:
                self.about[body.ruleset, body.thing].remove(placed)
                self.superseded.pop(body.supersedes, None)
            case Budgeted() as body:
                self.purses.remove(placed, body)
            case Grouped() as body:
                self.groups.remove(placed, body)

    def _place(self, placed: Placed) -> None:
        match placed.entry.body:
            case Moved() as body:
                insort(self.events.setdefault(key_of(body), []), placed)
                self._place_in_time(placed)
                if body.decision:
                    self.followed.setdefault(body.decision, set()).add(placed.entry.id)
            case Made() as body:
                insort(self.about.setdefault((body.ruleset, body.thing), []), placed)
                if body.supersedes:
                    self.superseded[body.supersedes] = placed.entry.id
            case Budgeted() as body:
                self.purses.place(placed, body)
            case Grouped() as body:
                self.groups.place(placed, body)

    def _place_in_time(self, placed: Placed) -> None:
        if not self.timeline or self.timeline[-1] < placed:
            self.timeline.append(placed)
        else:
            insort(self.timeline, placed)

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
        self.index.change(before, thing)

    def find_thing(self, key: ThingKey) -> Thing | None:
        """Return a thing, or None where there is none of that name."""
        return self.things.get(key)

    def list_in_state(self, ruleset: str, lifecycle: str, state: str) -> list[Thing]:
        """Return the things with a lot in a state."""
        keys = self.in_state.get((ruleset, lifecycle, state), ())
        return [self.things[key] for key in keys]

    def list_members(self, carried: str, party: str) -> frozenset[str]:
        """Return a party and everyone in the same group."""
        return self.groups.list_members(carried, party)

    def list_candidates(self, asked: Question) -> Collection[ThingKey]:
        """Return the fewest things that hold all a balance takes: those of one of its keys."""
        balance = asked.balance
        if balance.lifecycle in asked.per:
            names = asked.per[balance.lifecycle]
            homes = dict.fromkeys((asked.ruleset, *balance.across))
            return [(home, balance.lifecycle, name) for home in homes for name in names]
        if not asked.per:
            return self.things.keys()
        fewest = min(asked.per, key=lambda name: self._count_carrying(asked, name))
        held = (self.carried.get((balance.lifecycle, fewest, x), ()) for x in asked.per[fewest])
        return set().union(*held)

    def count_candidates(self, asked: Question) -> int:
        """Return about how many things hold all a balance takes, without listing them."""
        counts = (self._count_carrying(asked, name) for name in asked.per)
        return min(counts, default=len(self.things))

    def _count_carrying(self, asked: Question, name: str) -> int:
        """Return how many things carry one of those asked for."""
        kind = asked.balance.lifecycle
        return sum(len(self.carried.get((kind, name, x), ())) for x in asked.per[name])

    def list_found(self, asked: Question) -> list[Found]:
        """Return the lots a balance takes."""
        return self._read(asked)[1]

    def read(self, asked: Question) -> BalanceValue:
        """Return the value of a balance; money in minor units."""
        view = self.index.find_view(asked, self.things.values())
        return self._read(asked)[0] if view is None else view.read(asked, self._list_own(asked), ())

    def _list_own(self, asked: Question) -> list[Thing]:
        """Return the thing decided about where a balance leaves it out."""
        own = self.things.get((asked.ruleset, asked.balance.lifecycle, asked.thing))
        return [own] if asked.balance.others_only and own is not None else []

    def _read(self, asked: Question) -> tuple[BalanceValue, list[Found]]:
        things = (self.things.get(key) for key in self.list_candidates(asked))
        return read_balance((x for x in things if x is not None), asked, self.histories)

    def read_pool(self, asked: PoolQuestion) -> PoolState:
        """Return the money of one envelope of a pool."""
        put = sum_budget(self.purses.list_entries(asked), asked)
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


@dataclass(frozen=True, slots=True)
class PastBooks:
    """The books as they stood at a moment, by all that is known now.

    ``cuts`` names events that are taken to have not happened, nor what came after them in the life
    of the same thing.
    """

    live: LiveBooks
    moment: datetime
    cuts: Mapping[ThingKey, Placed] = field(default_factory=dict)

    def list_members(self, carried: str, party: str) -> frozenset[str]:
        """Return a party and everyone who was in the same group."""
        return self.live.groups.list_members(carried, party, self.moment)

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
        view = self.live.index.find_view(asked, self.live.things.values())
        if view is None or self._count_later() > self.live.count_candidates(asked):
            return self._read(asked)[0]
        now = list(self._list_changed(asked))
        then = (self.find_thing(thing.key) for thing in now if takes_thing(thing, asked))
        return view.read(asked, now, (thing for thing in then if thing is not None))

    def _count_later(self) -> int:
        """Return how many events are not seen at the moment, or are cut."""
        return len(self.live.timeline) - self._find_end() + len(self.cuts)

    def _find_end(self) -> int:
        return bisect_right(self.live.timeline, self.moment, key=lambda placed: placed.at)

    def _list_changed(self, asked: Question) -> Iterator[Thing]:
        """Yield things as they are now that stood otherwise then, or that are to be left out."""
        own = (asked.ruleset, asked.balance.lifecycle, asked.thing)
        changed = dict.fromkeys((own, *self.cuts) if asked.balance.others_only else self.cuts)
        for placed in self.live.timeline[self._find_end() :]:
            if isinstance(placed.entry.body, Moved):
                changed[key_of(placed.entry.body)] = None
        for key in changed:
            thing = self.live.things.get(key)
            if thing is not None and (key == own or takes_thing(thing, asked)):
                yield thing

    def _read(self, asked: Question) -> tuple[BalanceValue, list[Found]]:
        things = (self.find_thing(key) for key in self.live.list_candidates(asked))
        return read_balance((x for x in things if x is not None), asked, self.live.histories)

    def read_pool(self, asked: PoolQuestion) -> PoolState:
        """Return the money of one envelope of a pool."""
        known = self.live.purses.list_entries(asked, self.moment)
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
    superseded: dict[str, str] = field(default_factory=dict)
    """The decision of this batch that took the place of another, by the other's name."""

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
            case Grouped() as body:
                check_group(entry, body, self.books.histories)
            case Made() as body:
                check_decision(entry, body, self.books.histories)
                if body.supersedes:
                    self._supersede(placed, body.supersedes)

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
        old = self._find_standing(entry.corrects)
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
        before = self.moved.get(key) or self.books.events.get(key) or []
        late = bool(before) and placed < before[-1]
        self.moved.setdefault(key, []).append(placed)
        if late:
            self.touched[key] = None
        if key in self.touched:
            return
        thing = self.things[key] if key in self.things else self.books.things.get(key)
        lifecycle = find_lifecycle(placed.entry, body, self.books.histories)
        self.things[key] = apply_event(thing, placed.entry, lifecycle)

    def _supersede(self, placed: Placed, name: str) -> None:
        """Check that a decision takes the place of one that stands and was made no later."""
        entry = placed.entry
        old = None if name in self.removed else self._find_standing(name)
        if old is None or not isinstance(old.entry.body, Made):
            refuse("nothing-to-supersede", entry, name=name)
        by = self.superseded.get(name) or self.books.superseded.get(name, "")
        if by and by not in self.removed and self._find_standing(by):
            refuse("superseded-already", entry, name=name, by=by)
        if placed < old:
            refuse("supersedes-later-one", entry, name=name)
        self.superseded[name] = entry.id

    def _find_standing(self, name: str) -> Placed | None:
        return self.added.get(name) or self.books.standing.get(name)
