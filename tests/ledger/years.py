"""Comes in: a ruleset and actions in time. Goes out: a year of a ledger, and a plain count of it.

The count reads nothing but entries, and knows of a lifecycle only the moves a test writes down for
it. It is made to be read, and to be held against the balances of the library.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from heapq import heappop, heappush
from random import Random
from typing import Any, Final, TypeAlias

import voucher_rules as vr
from voucher_rules.decision.law import Options
from voucher_rules.ledger.books import FoldedBooks
from voucher_rules.ledger.deciding import Answer, Request
from voucher_rules.ledger.entries import Draft, Entry, Made, Moved, Withdrawn
from voucher_rules.ledger.history import fold
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.serving import decide
from voucher_rules.ledger.shelf import shelve
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.superseding import supersede

THOROUGHNESS: Final = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
ZONE: Final = timezone(timedelta(hours=8))

Action: TypeAlias = Callable[[datetime], object]
Key: TypeAlias = tuple[str, str]
"""A lifecycle and the name of a thing."""
Moves: TypeAlias = Mapping[str, Mapping[str, tuple[tuple[str, ...], str]]]
"""By lifecycle and event: the states it may leave (none: it opens), and the one it leads to."""


class BatchStore(MemoryStore):
    """A store that also remembers which entries came in together."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[tuple[Entry, ...]] = []

    def append(self, entries: Iterable[Entry], expected: int) -> None:
        batch = tuple(entries)
        super().append(batch, expected)
        self.batches.append(batch)


@dataclass
class Year:
    """A ledger of one ruleset, and what is still to happen in it."""

    ruleset: vr.Ruleset
    rng: Random
    readings: Mapping[str, str] = field(default_factory=dict)
    store: BatchStore = field(default_factory=BatchStore)
    answers: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shelf = shelve([self.ruleset.checked])
        self.keeper = Keeper(self.shelf, self.store)
        defaults = {name: x.default for name, x in self.ruleset.readings.items()}
        self.options = Options({**defaults, **self.readings})
        self._plans: list[tuple[datetime, int, Action]] = []
        self._planned = 0

    @property
    def entries(self) -> list[Entry]:
        return self.keeper.books.entries

    def plan(self, at: datetime, action: Action) -> None:
        """Let something happen at a moment."""
        self._planned += 1
        heappush(self._plans, (at, self._planned, action))

    def run(self, until: datetime) -> None:
        """Let everything happen that was planned, and all that comes of it, up to a moment."""
        while self._plans and self._plans[0][0] <= until:
            at, _, action = heappop(self._plans)
            self.keeper.lapse(at)
            action(at)
        self.keeper.lapse(until)

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def later(self, at: datetime, least: int, most: int) -> datetime:
        """Return a moment some hours after another."""
        return at + timedelta(hours=self.rng.randint(least, most), seconds=self.rng.randrange(3600))

    def decide(
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime,
        thing: str,
        carries: Mapping[str, str] | None = None,
    ) -> Answer:
        """Decide from history, and keep the answer."""
        answer = decide(self.keeper, self._ask(decision, facts, at, thing, carries)).answer
        self.answers[answer.entry] = answer
        return answer

    def consider(
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime,
        thing: str,
        carries: Mapping[str, str],
    ) -> Answer:
        """Decide from history and enter nothing."""
        return self.keeper.consider(self._ask(decision, facts, at, thing, carries))

    def supersede(
        self, name: str, decision: str, facts: Mapping[str, Any], at: datetime, thing: str
    ) -> Answer:
        """Decide again in the place of a decision, about the same thing."""
        carries = self.keeper.find_decision(name).body.carries  # type: ignore[union-attr]
        asked = self._ask(decision, facts, at, thing, carries)
        answer = supersede(self.keeper, name, asked).answer
        self.answers[answer.entry] = answer
        return answer

    def _ask(
        self,
        decision: str,
        facts: Mapping[str, Any],
        at: datetime,
        thing: str,
        carries: Mapping[str, str] | None,
    ) -> Request:
        program = self.shelf.find_program(self.ruleset.checked, decision)
        return Request(program, facts, at, thing, carries or {}, options=self.options)

    def draft(  # noqa: PLR0913 - each argument is one part of the event
        self,
        at: datetime,
        lifecycle: str,
        thing: str,
        event: str,
        *,
        amount: int | None = None,
        carries: Mapping[str, str] | None = None,
        decision: str = "",
        corrects: str = "",
    ) -> Draft:
        """Return an event that someone enters."""
        name, edition = self.ruleset.id, self.ruleset.edition
        carries = carries or {}
        body = Moved(
            name,
            edition,
            lifecycle,
            thing,
            event,
            amount=amount,
            carries=carries,
            decision=decision,
        )
        return Draft(at, body, corrects=corrects)

    def enter(self, *drafts: Draft) -> tuple[Entry, ...]:
        return self.keeper.enter(drafts)

    def find(self, lifecycle: str, thing: str) -> Thing | None:
        """Return a thing as it stands."""
        return self.keeper.books.find_thing((self.ruleset.id, lifecycle, thing))

    def find_held(self, lifecycle: str, thing: str) -> Thing:
        """Return a thing that is known to be there."""
        found = self.find(lifecycle, thing)
        assert found is not None
        return found

    def stands(self, lifecycle: str, thing: str, *states: str) -> bool:
        found = self.find(lifecycle, thing)
        return found is not None and any(found.stands_in(state) for state in states)

    def check_replay(self, until: datetime) -> None:
        """Ask every decision again as its entry has it, of a new ledger: it must come out alike."""
        again = Keeper(self.shelf, MemoryStore())
        for batch in self.store.batches:
            if again.books.last is not None and again.books.last.seq >= batch[-1].seq:
                continue
            made, known = batch[0].body, batch[0].known
            if _came_by_itself(batch):
                continue
            again.lapse(known)
            if not isinstance(made, Made):
                drafts = [Draft(x.at, x.body, x.id, x.corrects) for x in batch]
                again.enter(drafts, known)
                continue
            program = self.shelf.find_program(self.ruleset.checked, made.decision)
            options = Options(made.readings, made.assumed)
            request = Request(
                program, made.facts, batch[0].at, made.thing, made.carries, options=options
            )
            if made.supersedes:
                supersede(again, made.supersedes, request)
            else:
                decide(again, request)
        again.lapse(until)
        for one, other in zip(self.entries, again.books.entries, strict=True):
            assert one == other

    def check_fold(self) -> None:
        """Whatever stands must be what a plain fold over all entries says."""
        history = fold(self.entries, self.shelf.histories)
        books = FoldedBooks(history, self.shelf.histories)
        assert books.history.things == self.keeper.books.things


def _came_by_itself(batch: tuple[Entry, ...]) -> bool:
    body = batch[0].body
    return isinstance(body, Moved) and bool(body.cause) and not batch[0].corrects


# --- a plain count, from entries alone


@dataclass
class Part:
    """An amount in a state, and when it came into each state it has been in."""

    amount: int
    state: str
    since: dict[str, datetime]

    def day(self, state: str) -> date:
        return local_day(self.since[state])


@dataclass
class Life:
    """What became of one thing."""

    carries: Mapping[str, str]
    parts: list[Part]

    def total(self, *states: str) -> int:
        return sum(part.amount for part in self.parts if part.state in states)

    def stands(self, *states: str) -> bool:
        return any(part.state in states for part in self.parts)


Lives: TypeAlias = dict[Key, Life]


def sort_standing(entries: Iterable[Entry], until: datetime | None = None) -> list[Entry]:
    """Return the entries that stand by a moment, as they happened, corrections in their places."""
    place: dict[str, int] = {}
    standing: dict[str, Entry] = {}
    for entry in entries:
        place[entry.id] = place[entry.corrects] if entry.corrects else entry.seq
        standing.pop(entry.corrects, None)
        standing[entry.id] = entry
    found = [x for x in standing.values() if until is None or x.at <= until]
    return sorted(found, key=lambda entry: (entry.at, place[entry.id]))


def count_lives(entries: Iterable[Entry], moves: Moves, until: datetime | None = None) -> Lives:
    """Return what became of every thing, by the moves written down."""
    lives: Lives = {}
    for entry in sort_standing(entries, until):
        body = entry.body
        if isinstance(body, Moved):
            sources, target = moves[body.lifecycle][body.event]
            key = (body.lifecycle, body.thing)
            if not sources:
                assert key not in lives
                part = Part(body.amount or 0, target, {target: entry.at})
                lives[key] = Life(body.carries, [part])
            else:
                _move(lives[key], body, sources, target, entry.at)
    return lives


def _move(life: Life, body: Moved, sources: tuple[str, ...], target: str, at: datetime) -> None:
    there = [part for part in life.parts if part.state in sources]
    assert there
    left = sum(part.amount for part in there) if body.amount is None else body.amount
    assert left <= sum(part.amount for part in there)
    for part in there:
        taken = min(left, part.amount)
        left -= taken
        if taken == part.amount:
            part.state = target
            part.since[target] = at
        elif taken:
            part.amount -= taken
            life.parts.append(Part(taken, target, {**part.since, target: at}))


class Shelves:
    """The entries of a ledger sorted by whose they are, so that one party is counted quickly."""

    def __init__(self, entries: Iterable[Entry], carried: str) -> None:
        self._of: dict[str, list[Entry]] = defaultdict(list)
        whose: dict[Key, str] = {}
        named: dict[str, str] = {}
        for entry in entries:
            body = entry.body
            if isinstance(body, Moved):
                key = (body.lifecycle, body.thing)
                whose.setdefault(key, body.carries.get(carried, ""))
                named[entry.id] = whose[key]
            elif isinstance(body, Withdrawn):
                named[entry.id] = named.get(entry.corrects, "")
            else:
                continue
            self._of[named[entry.id]].append(entry)

    def before(self, entry: Entry, party: str) -> list[Entry]:
        """Return what was known of a party before an entry."""
        return [x for x in self._of[party] if x.seq < entry.seq]

    @property
    def parties(self) -> list[str]:
        return sorted(self._of)


def list_made(entries: Iterable[Entry], decision: str = "") -> list[tuple[Entry, Made]]:
    """Return the decisions entered, with their entries."""
    return [
        (entry, entry.body)
        for entry in entries
        if isinstance(entry.body, Made) and decision in {"", entry.body.decision}
    ]


def moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def tell_yuan(fen: int) -> str:
    """Return an amount as a case states it."""
    return f"{fen // 100}.{fen % 100:02}元"


def read_yuan(text: str) -> int:
    """Return the fen of an amount as an entry tells it."""
    yuan, _, rest = text.removesuffix("元").partition(".")
    return int(yuan) * 100 + int((rest + "00")[:2])


def local_day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
