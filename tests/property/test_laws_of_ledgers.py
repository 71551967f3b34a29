"""Laws every ledger keeps, tried on invented lifecycles and on entries in every order."""

from __future__ import annotations

import io
import pickle
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from itertools import product
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_strategies import (
    LIFECYCLES,
    MOMENTS,
    OFTEN,
    OWNERS,
    RULESETS,
    THINGS,
    draw_draft,
    draw_histories,
    draw_move,
    draw_pool_question,
    draw_question,
    draw_some,
    number_drafts,
    tell_history,
)
from strategies import THOROUGHNESS

from voucher_rules.checked.histories import Measure, Pool
from voucher_rules.errors import LedgerError
from voucher_rules.ledger import tallies
from voucher_rules.ledger.asking import question_of_pool
from voucher_rules.ledger.balances import Question
from voucher_rules.ledger.books import Books, FoldedBooks
from voucher_rules.ledger.entries import Draft, Entry, Made, Moved
from voucher_rules.ledger.history import History, apply_entry, fold, list_effective
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import Thing, ThingKey, key_of
from voucher_rules.ledger.past import PastBooks, look_at
from voucher_rules.ledger.reconciling import reconcile_pool
from voucher_rules.ledger.tallies import Gathering, Tally, cover_range, number_month
from voucher_rules.ledger.trial import take_batch, try_batch

COMMON: Any = {"deadline": None, "suppress_health_check": list(HealthCheck)}
ONLY_SEEN_LIVE = {"nothing-to-supersede", "superseded-already", "supersedes-later-one"}
"""What the plain fold does not look at: it takes decisions as they come."""


EVERY_DAY = [date(2018, 11, 1) + timedelta(days=gap) for gap in range(850)]
EDGES = [day for day in EVERY_DAY if day.day in {1, 2} or (day + timedelta(days=2)).day <= 2]
ANY_DAY = st.one_of(st.sampled_from(EDGES), st.sampled_from(EVERY_DAY))
DATES = st.lists(ANY_DAY, max_size=60)
RANGES = st.one_of(
    st.tuples(ANY_DAY, ANY_DAY),
    st.sampled_from(
        [
            (date(2019, 1, 1), date(2019, 12, 31)),
            (date(2019, 1, 1), date(2020, 12, 31)),
            (date(2020, 2, 1), date(2020, 2, 29)),
            (date.min, date.max),
        ]
    ),
)


@contextmanager
def few_days(count: int) -> Iterator[None]:
    """Let months and years be kept beside the days from so few days on."""
    before = tallies.FEW
    tallies.FEW = count  # type: ignore[misc]
    try:
        yield
    finally:
        tallies.FEW = before  # type: ignore[misc]


@settings(max_examples=60 * THOROUGHNESS, **COMMON)
@given(
    chance=st.randoms(use_true_random=True),
    steps=st.integers(1, 12),
    few=st.sampled_from([0, 1, 32]),
)
def test_books_are_what_the_plain_fold_says(chance: Random, steps: int, few: int) -> None:
    with few_days(few):
        trial = Trial(chance)
        for _ in range(steps):
            trial.step()
    trial.check_what_was_known()


def copy_books(books: LiveBooks, histories: object) -> LiveBooks:
    """Return a copy of books over the same histories, far faster than `copy.deepcopy` makes one."""
    shared: list[object] = []

    def share(item: object) -> int | None:
        if item is not histories:
            return None
        shared.append(item)
        return len(shared) - 1

    class Pickler(pickle.Pickler):
        persistent_id = staticmethod(share)

    class Unpickler(pickle.Unpickler):
        persistent_load = staticmethod(shared.__getitem__)

    written = io.BytesIO()
    Pickler(written, pickle.HIGHEST_PROTOCOL).dump(books)
    made = Unpickler(io.BytesIO(written.getvalue())).load()
    assert isinstance(made, LiveBooks)
    return made


class Trial:
    """A ledger into which anything is entered, held against the plain fold at every step."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.histories = draw_histories(chance)
        self.books = LiveBooks(self.histories)
        self.seen: list[tuple[datetime, History]] = []

    def step(self) -> None:
        """Enter some things one by one, or together as one batch, and ask everything."""
        if self.chance.random() < OFTEN:
            for _ in range(self.chance.randint(1, 6)):
                self.take(1)
        else:
            self.take(self.chance.randint(2, 4))
        self.check_things()
        self.check_decisions()
        self.check_sums()
        self.check_pools()
        self.check_reconciled()
        self.ask_everything()
        self.look_without()

    def take(self, size: int) -> None:
        """Enter a batch; one that is refused leaves everything as it was."""
        drafts = [draw_draft(self.chance, self.histories, self.books) for _ in range(size)]
        batch = number_drafts(drafts, self.books.last)
        before = copy_books(self.books, self.histories)
        try:
            self.take_and_take_back(batch)
            take_batch(self.books, batch)
        except LedgerError as error:
            assert self.books == before
            assert self.books.timeline == before.timeline
            self.check_refused_by_fold(error, batch)
        else:
            self.remember()

    def take_and_take_back(self, batch: list[Entry]) -> None:
        """A batch that is taken back leaves no trace: now and then one is, then taken again."""
        if self.chance.random() < OFTEN:
            return
        before = copy_books(self.books, self.histories)
        self.books.take_back(self.books.commit(try_batch(self.books, batch)))
        for field in fields(LiveBooks):
            kept, was = getattr(self.books, field.name), getattr(before, field.name)
            if field.name not in {"index", "purses", "groups"}:
                assert drop_empty(kept) == drop_empty(was), field.name
        self.ask_everything()

    def check_refused_by_fold(self, error: LedgerError, batch: list[Entry]) -> None:
        """What is refused alone is refused by the fold as well, for the same reason."""
        codes = [item.code for item in error.diagnostics]
        if len(batch) == 1 and codes[0] not in ONLY_SEEN_LIVE:
            with pytest.raises(LedgerError) as caught:
                fold([*self.books.entries, *batch], self.histories)
            assert [item.code for item in caught.value.diagnostics] == codes

    def remember(self) -> None:
        """Keep what is known now, in the place of what was known at the same moment."""
        known = self.books.entries[-1].known
        self.seen = [item for item in self.seen if item[0] != known]
        self.seen.append((known, fold(self.books.entries, self.histories)))

    def check_things(self) -> None:
        folded = fold(self.books.entries, self.histories)
        assert self.books.things == folded.things
        again = LiveBooks(self.histories)
        if self.books.entries:
            take_batch(again, self.books.entries)
        assert again.things == self.books.things
        assert again.superseded == self.books.superseded
        assert again.standing.keys() == self.books.standing.keys()

    def check_decisions(self) -> None:
        standing = {
            name
            for name, placed in self.books.standing.items()
            if isinstance(placed.entry.body, Made) and name not in self.books.superseded
        }
        assert standing == set(fold(self.books.entries, self.histories).decisions)

    def check_sums(self) -> None:
        """What a thing holds in all its states is what it was opened with."""
        for key, thing in self.books.things.items():
            opening = self.books.events[key][0].entry.body
            assert isinstance(opening, Moved)
            assert sum(lot.amount for lot in thing.lots) == (opening.amount or 0)
            lifecycle = self.histories[thing.ruleset].lifecycles[thing.lifecycle]
            assert all((lot.amount > 0) is bool(lifecycle.currency) for lot in thing.lots)
            later = {name: x for name, x in thing.carries.items() if name not in opening.carries}
            assert set(later) <= {"site"}
            assert thing.carries == {**opening.carries, **later}

    def check_pools(self) -> None:
        """What lies in all states, over all envelopes, is what the things were opened with."""
        for ruleset, said in self.histories.items():
            pool, states = said.pools["p1"], said.lifecycles["voucher"].states
            openings = [
                found[0].entry.body
                for (home, kind, _), found in self.books.events.items()
                if found and (home, kind) == (ruleset, "voucher")
            ]
            found = sum(self.sum_state(ruleset, pool, state) for state in states)
            put = (body.amount or 0 for body in openings if isinstance(body, Moved))
            assert found == sum(put)

    def sum_state(self, ruleset: str, pool: Pool, state: str) -> int:
        """Return what lies in one state, over every envelope a thing may be in."""
        asked = draw_pool_question(self.chance, ruleset, pool).question
        balance = replace(asked.balance, measure=Measure.SUM, states=(state,), per=("owner",))
        per = {"owner": frozenset(OWNERS)}
        asked = replace(asked, balance=balance, per=per, first=None, last=None)
        return int(self.books.read(asked))  # type: ignore[arg-type]

    def check_reconciled(self) -> None:
        """What was counted entry by entry is what the books say is taken."""
        for ruleset, said in self.histories.items():
            pool = said.pools["p1"]
            asked = draw_pool_question(self.chance, ruleset, pool)
            held: Any = SimpleNamespace(id=ruleset, histories=said, zone=asked.question.zone)
            span = (tuple(sorted(asked.envelope.items())), asked.days)
            for row in reconcile_pool(self.books, pool, held, [span]):
                if len(row.envelope) < len(pool.per):
                    continue  # things that do not carry what tells the envelope are in none
                again = question_of_pool(held, pool, dict(row.envelope), row.days)
                assert row.granted - row.released == self.books.read_pool(again).taken, row

    def ask_everything(self) -> None:
        folded = FoldedBooks(fold(self.books.entries, self.histories), self.histories)
        self.compare(self.books, folded)
        moment = self.chance.choice(MOMENTS)
        history = fold(self.books.entries, self.histories, until=moment)
        self.compare(look_at(self.books, moment), FoldedBooks(history, self.histories))

    def compare(self, fast: Books, plain: Books) -> None:
        """Books answer as those that read everything do."""
        for owner in OWNERS:
            assert fast.list_members("owner", owner) == plain.list_members("owner", owner)
        for key in product(RULESETS, LIFECYCLES, THINGS):
            assert fast.find_thing(key) == plain.find_thing(key)
        for ruleset, said in self.histories.items():
            for balance in said.balances.values():
                asked = draw_question(self.chance, ruleset, balance, plain)
                assert fast.read(asked) == plain.read(asked), asked
                assert name_lots(fast, asked) == name_lots(plain, asked), asked
            for pool in said.pools.values():
                money = draw_pool_question(self.chance, ruleset, pool)
                assert fast.read_pool(money) == plain.read_pool(money), money

    def look_without(self) -> None:
        """Books in which events are cut answer as if those and what followed never happened."""
        events = {key: found for key, found in self.books.events.items() if found}
        if not events:
            return
        keys = draw_some(self.chance, sorted(events))[:3]
        cuts = {key: self.chance.choice(events[key]) for key in keys}
        gone = {x.entry.id for key, cut in cuts.items() for x in events[key] if x >= cut}
        moment = self.chance.choice(MOMENTS)
        history = History()
        for entry in list_effective(self.books.entries, until=moment):
            if entry.id not in gone:
                apply_entry(history, entry, self.histories)
        past = PastBooks(self.books, moment, cuts)
        self.compare(past, FoldedBooks(history, self.histories))

    def check_what_was_known(self) -> None:
        """What was known at a moment is what was known then, whatever was entered later."""
        for known, history in self.seen:
            later = fold(self.books.entries, self.histories, known=known)
            assert tell_history(later) == tell_history(history)


def drop_empty(kept: object) -> object:
    """Return what is kept by a name without those of which nothing is left."""
    if not isinstance(kept, dict):
        return kept
    return {key: value for key, value in kept.items() if value not in ([], {}, set())}


def name_lots(books: Books, asked: Question) -> Counter[tuple[object, ...]]:
    """Return the lots a balance takes, by what moved them."""
    found = books.list_found(asked)
    return Counter((x.thing.key, x.lot.state, x.lot.amount, x.lot.entries) for x in found)


@settings(max_examples=100 * THOROUGHNESS, **COMMON)
@given(chance=st.randoms(use_true_random=True), count=st.integers(2, 20))
def test_independent_events_may_be_told_in_any_order(chance: Random, count: int) -> None:
    histories = draw_histories(chance)
    one = LiveBooks(histories)
    drafts: list[Draft] = []
    for _ in range(count):
        draft = Draft(chance.choice(MOMENTS), draw_move(chance, histories, one))
        with suppress(LedgerError):
            take_batch(one, number_drafts([draft], one.last, MOMENTS[-1]))
            drafts.append(draft)
    # Those of one thing keep their order: at one moment, what is told first happened first.
    other = LiveBooks(histories)
    left = drafts
    while left:
        things = sorted({key_of(draft.body) for draft in left if isinstance(draft.body, Moved)})
        key = chance.choice(things)
        taken = [draft for draft in left if _is_about(draft, key)]
        count = chance.randint(1, len(taken))
        for draft in taken[:count]:
            take_batch(other, number_drafts([draft], other.last, MOMENTS[-1]))
        gone = {id(draft) for draft in taken[:count]}
        left = [draft for draft in left if id(draft) not in gone]
    assert {key: _forget_names(thing) for key, thing in other.things.items()} == {
        key: _forget_names(thing) for key, thing in one.things.items()
    }


def _is_about(draft: Draft, key: ThingKey) -> bool:
    return isinstance(draft.body, Moved) and key_of(draft.body) == key


def _forget_names(thing: Thing) -> Thing:
    """Return a thing whose lots do not tell which entries moved them: those are numbered."""
    lots = tuple(replace(lot, entries=("",) * len(lot.entries)) for lot in thing.lots)
    return replace(thing, lots=lots)


@settings(max_examples=200 * THOROUGHNESS, **COMMON)
@given(days=st.data())
def test_a_cover_holds_each_day_of_its_range_once(days: st.DataObject) -> None:
    first, last = days.draw(RANGES)
    cover = cover_range(first, last)
    for day in EVERY_DAY:
        times = cover.days.count(day) + cover.months.count(number_month(day))
        times += cover.first_year <= day.year <= cover.last_year
        assert times == (first <= day <= last), day
    assert len(cover.days) <= 60
    assert len(cover.months) <= 22


@settings(max_examples=200 * THOROUGHNESS, **COMMON)
@given(data=st.data(), few=st.sampled_from([0, 3, 32]))
def test_a_tally_sums_what_falls_in_a_range(data: st.DataObject, few: int) -> None:
    days = data.draw(DATES)
    numbers = [data.draw(st.integers(-5, 5)) for _ in days]
    tally = Tally()
    with few_days(few):
        for day, number in zip(days, numbers, strict=True):
            tally.add(day, number)
        tally.add(None, 7)
    first, last = data.draw(RANGES)
    falls = zip(days, numbers, strict=True)
    assert tally.sum_range(first, last) == sum(n for day, n in falls if first <= day <= last)
    assert tally.total == sum(numbers) + 7


@settings(max_examples=200 * THOROUGHNESS, **COMMON)
@given(data=st.data(), few=st.sampled_from([0, 3, 32]))
def test_a_gathering_holds_what_falls_in_a_range(data: st.DataObject, few: int) -> None:
    falls = [(day, data.draw(st.sampled_from("uvwx"))) for day in data.draw(DATES)]
    gone = [item for item in falls if data.draw(st.booleans())]
    gathering: Gathering[str] = Gathering()
    with few_days(few):
        for day, value in falls:
            gathering.add(day, value, 1)
        for day, value in gone:
            gathering.add(day, value, -1)
        gathering.add(None, "z", 1)
    first, last = data.draw(RANGES)
    left = Counter(falls) - Counter(gone)
    found: Counter[str] = Counter()
    for bag in gathering.list_bags(first, last):
        assert bag.order == sorted(bag.counts)
        found.update(bag.counts)
    assert found == Counter(
        value for (day, value), n in left.items() for _ in range(n) if first <= day <= last
    )
    assert gathering.everything.counts == Counter([*(x for _, x in left.elements()), "z"])
