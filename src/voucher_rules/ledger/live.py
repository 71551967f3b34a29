"""Comes in: batches that were tried. Goes out: books that keep what stands up to date.

What each batch changes was found on the side before (:mod:`voucher_rules.ledger.trial`); here it is
taken in, and questions about what stands now are answered.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.checked.histories import Histories
from voucher_rules.ledger.balances import BalanceValue, Found, Question, read_balance
from voucher_rules.ledger.books import PoolQuestion, PoolState, sum_budget
from voucher_rules.ledger.changes import Changes, Taken
from voucher_rules.ledger.entries import Budgeted, Entry, Grouped, Made, Moved
from voucher_rules.ledger.groups import Groups
from voucher_rules.ledger.index import BalanceIndex
from voucher_rules.ledger.lots import Thing, ThingKey, key_of
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

    def commit(self, tried: Changes) -> Taken:
        """Take what was tried; nothing else may have been taken since."""
        removed = tuple(self.standing[name] for name in tried.removed)
        added = tuple(tried.added.values())
        before = {key: self.things.get(key) for key in tried.things}
        taken = Taken(tuple(tried.batch), removed, added, before, self.latest)
        for entry in tried.batch:
            self.entries.append(entry)
            self.told[entry.id] = entry.seq
            self.latest = entry.at if self.latest is None else max(self.latest, entry.at)
        self._exchange(removed, added, tried.things)
        return taken

    def take_back(self, taken: Taken) -> None:
        """Stand as before a batch; nothing else may have been taken since."""
        for entry in taken.batch:
            del self.told[entry.id]
        del self.entries[len(self.entries) - len(taken.batch) :]
        self.latest = taken.latest
        self._exchange(taken.added, taken.removed, taken.things)

    def _exchange(
        self,
        out: Iterable[Placed],
        into: Iterable[Placed],
        things: Mapping[ThingKey, Thing | None],
    ) -> None:
        """Let some entries no longer stand and others stand, and put things as they then are."""
        for placed in out:
            del self.standing[placed.entry.id]
            self._remove(placed)
        for placed in into:
            self.standing[placed.entry.id] = placed
            self._place(placed)
        for key, thing in things.items():
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

    def holds(self, ruleset: str) -> bool:
        """Return whether the ledger was opened with a ruleset, so that its things are there."""
        return ruleset in self.histories

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


def _list_carried(thing: Thing) -> list[tuple[str, str, str]]:
    return [(thing.lifecycle, name, value) for name, value in thing.carries.items()]
