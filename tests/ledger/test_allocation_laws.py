"""Comes in: random queues. Goes out: a failure where one is not served as the documentation says.

What is served is held against a loop that knows fen, states and moments, and no part of the
library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any, Final, TypeAlias

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from invented import facts, load_text, read_alone

import voucher_rules as vr
from voucher_rules.ledger.allocating import allocate
from voucher_rules.ledger.deciding import Request
from voucher_rules.ledger.entries import Budgeted, Draft, Moved, Withdrawn
from voucher_rules.ledger.indicators.audit import audit
from voucher_rules.ledger.indicators.redeciding import check_decisions_stand
from voucher_rules.ledger.indicators.redeeming import check_used_within_grant
from voucher_rules.ledger.placing import Allocation

ZONE: Final = timezone(timedelta(hours=8))
START: Final = datetime(2024, 2, 1, 9, tzinfo=ZONE)
TO_ACCEPT: Final = timedelta(hours=48)
NAME: Final = "invented-voucher"
RANKS: Final = """\
      - {id: training_first, topic: priority, for: claim, when: service.category == 'training', rank: [{key: claim.date, first: lowest}]}
      - {id: dear_first, topic: priority, for: claim, rank: [{key: contract.amount, first: highest}]}
"""  # noqa: E501 - a rule of the ruleset stands on one line

THOROUGHNESS: Final = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
COMMON: Final[Any] = {
    "deadline": None,
    "derandomize": THOROUGHNESS == 1,
    "database": None,
    # to make a queue smaller takes far longer than to read it
    "phases": [Phase.explicit, Phase.generate],
}


@dataclass(frozen=True)
class Kind:
    """A way to serve a queue."""

    partial: bool = True
    waits: bool = True
    order: str = "[first_come]"


KINDS: Final = [
    Kind(partial, waits, order)
    for partial in (True, False)
    for waits in (True, False)
    for order in ("[first_come]", "[dear_first]", "[training_first, dear_first, first_come]")
]


@cache
def load_kind(kind: Kind) -> vr.Ruleset:
    text = read_alone()
    wanted = {
        "    last: partial\n": f"    last: {'partial' if kind.partial else 'whole'}\n",
        "    waits: wait\n": "    waits: wait\n" if kind.waits else "",
        "    order: [first_come]\n": f"    order: {kind.order}\n",
        "      - {id: first_come,": f"{RANKS}      - {{id: first_come,",
    }
    if "dear_first" not in kind.order:
        wanted.popitem()
    for before, after in wanted.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return load_text(text)


@dataclass(frozen=True)
class Asked:
    """An application: the contract in fen; ``able`` tells whether its provider is admitted."""

    thing: str
    at: datetime
    category: str
    contract: int
    able: bool = True

    @property
    def wanted(self) -> int:
        return self.contract // 2 if self.able else 0


@dataclass(frozen=True)
class Happened:
    """Something in between: an event of a thing, or money put into an envelope."""

    at: datetime
    what: str
    name: str
    amount: int = 0


@dataclass
class Held:
    asked: Asked
    state: str
    amount: int
    since: datetime


FROM: Final = {
    "accept": ("ordered", "accepted"),
    "refuse": ("ordered", "refused"),
    "cancel": ("ordered accepted", "cancelled"),
    "give_up": ("waiting", "cancelled"),
}
TAKES: Final = ("ordered", "accepted")


_Step: TypeAlias = tuple[datetime, int, Asked | Happened]


@dataclass
class Naive:
    """The queue as the documentation has it, one thing after the other."""

    kind: Kind
    put: dict[str, int]
    things: dict[str, Held] = field(default_factory=dict)
    told: list[tuple[str, str, int, datetime]] = field(default_factory=list)
    valid: list[Happened] = field(default_factory=list)

    def left(self, category: str) -> int | None:
        if category not in self.put:
            return None
        held = [x for x in self.things.values() if x.asked.category == category]
        return self.put[category] - sum(x.amount for x in held if x.state in TAKES)

    def find_grant(self, wanted: int, left: int) -> int:
        if wanted <= left:
            return wanted
        return max(left, 0) if self.kind.partial else 0

    def serve(self, asked: Asked, at: datetime) -> None:
        left = self.left(asked.category)
        if not asked.wanted:
            self.told.append((asked.thing, "not_granted", 0, at))
            return
        granted = asked.wanted if left is None else self.find_grant(asked.wanted, left)
        if granted:
            self.things[asked.thing] = Held(asked, "ordered", granted, at)
            place = "granted" if granted == asked.wanted else "cut"
        elif self.kind.waits:
            self.things[asked.thing] = Held(asked, "waiting", asked.wanted, at)
            place = "waiting"
        else:
            place = "turned_away"
        self.told.append((asked.thing, place, granted, at))

    def call_up(self, at: datetime) -> None:
        for held in self.things.values():
            left = self.left(held.asked.category)
            if held.state != "waiting" or left is None:
                continue
            granted = self.find_grant(held.asked.wanted, left)
            if granted:
                held.state, held.amount, held.since = "ordered", granted, at
                place = "granted" if granted == held.asked.wanted else "cut"
                self.told.append((held.asked.thing, place, granted, at))

    def pass_to(self, moment: datetime) -> None:
        while True:
            ends = {
                held.since + TO_ACCEPT + timedelta(microseconds=1): held
                for held in self.things.values()
                if held.state == "ordered"
            }
            if not ends or min(ends) > moment:
                return
            first = min(ends)
            for held in self.things.values():
                if held.state == "ordered" and held.since == ends[first].since:
                    held.state = "timed_out"
            self.call_up(first)

    def can_happen(self, happened: Happened) -> bool:
        if happened.what in {"put", "add"}:
            return True
        aside = deepcopy(self)
        aside.pass_to(happened.at)
        held = aside.things.get(happened.name)
        return held is not None and held.state in FROM[happened.what][0].split()

    def happen(self, happened: Happened) -> None:
        if not self.can_happen(happened):
            return
        self.pass_to(happened.at)
        if happened.what in {"put", "add"}:
            before = self.put.get(happened.name, 0) if happened.what == "add" else 0
            self.put[happened.name] = before + happened.amount
        else:
            self.things[happened.name].state = FROM[happened.what][1]
        self.valid.append(happened)
        self.call_up(happened.at)

    def run(self, queue: Sequence[Asked], events: Sequence[Happened], at: datetime | None) -> None:
        steps: list[_Step] = [(x.at if at is None else at, 1, x) for x in self.rank(queue, at)]
        between: list[_Step] = [(x.at, 0, x) for x in events]
        merged = sorted([*between, *steps], key=lambda item: item[:2])
        for moment, _, step in merged:
            if isinstance(step, Happened):
                self.happen(step)
                continue
            if not self.told or step is steps[0][2] or at is None:
                self.pass_to(moment)
                self.call_up(moment)
            assert isinstance(step, Asked)
            self.serve(step, moment)

    def rank(self, queue: Sequence[Asked], at: datetime | None) -> list[Asked]:
        keys: dict[str, Any] = {}
        for asked in queue:
            ranked: tuple[Any, ...] = ()
            first = asked.category == "training"
            if "training_first" in self.kind.order:
                ranked = (not first, asked.at.date() if first else None)
            if "dear_first" in self.kind.order:
                ranked = (*ranked, -asked.contract)
            keys[asked.thing] = (*ranked, asked.at, asked.thing)
        found = sorted(queue, key=lambda x: keys[x.thing])
        return found if at is not None else sorted(found, key=lambda x: x.at)


def list_short(told: Sequence[tuple[str, str, int, datetime]]) -> list[str]:
    last = {thing: place for thing, place, _, _ in told}
    return [thing for thing, place in last.items() if place in {"waiting", "turned_away"}]


def draw_moment(after: int, hours: int) -> st.SearchStrategy[datetime]:
    """Moments meet often: whole hours, and few of them."""
    return st.integers(after, after + hours).map(lambda n: START + timedelta(hours=n * 8))


def draw_money(most: int) -> st.SearchStrategy[int]:
    round_ones = st.integers(0, most // 100_000).map(lambda n: n * 100_000)
    return st.one_of(round_ones, st.integers(1, most))


@st.composite
def draw_round(draw: st.DrawFn, number: int) -> tuple[list[Asked], list[Happened]]:
    after = number * 12
    count = draw(st.integers(1, 7))
    queue = [
        Asked(
            f"V{number}{name}",
            draw(draw_moment(after, 10)),
            draw(st.sampled_from(["training", "training", "testing"])),
            max(2, draw(draw_money(800_000))),
            draw(st.sampled_from([True, True, True, False])),
        )
        for name in draw(st.permutations("abcdefg"))[:count]
    ]
    names = [asked.thing for asked in queue] + ["V0a"]
    happened = st.builds(
        Happened, draw_moment(after, 11), st.sampled_from(sorted(FROM)), st.sampled_from(names)
    )
    put = st.builds(
        Happened,
        draw_moment(after, 11),
        st.sampled_from(["put", "add"]),
        st.sampled_from(["training", "testing"]),
        draw_money(900_000).map(lambda n: max(n, 1)),
    )
    events = draw(st.lists(st.one_of(happened, happened, happened, put), max_size=8))
    return queue, sorted(events, key=lambda x: x.at)


def open_ledger(kind: Kind, put: dict[str, int]) -> vr.Ledger:
    made = vr.Ledger(load_kind(kind))
    made.enter(
        "deposit", "D1", "pay_in", "2024-01-02T09:00", amount="2000 USD", carries={"provider": "P1"}
    )
    made.decide(
        "admit", {"finding.able": True}, "2024-01-05T10:00", thing="P1", carries={"provider": "P1"}
    )
    drafts = [draft_event(Happened(START, "put", name, fen)) for name, fen in put.items()]
    made.keeper.enter(drafts)
    return made


def draft_event(happened: Happened) -> Draft:
    if happened.what in {"put", "add"}:
        envelope = {"category": happened.name}
        added = happened.what == "add"
        day = happened.at.date()
        body = Budgeted(NAME, "1", "funds", day, happened.amount, added, envelope)
        return Draft(happened.at, body)
    return Draft(happened.at, Moved(NAME, "1", "voucher", happened.name, happened.what))


def ask(ledger: vr.Ledger, asked: Asked) -> Request:
    yuan = f"{asked.contract // 100}.{asked.contract % 100:02}"
    stated = {**facts(f"{yuan}元", asked.at.isoformat()), "service.category": asked.category}
    carries = {"enterprise": f"of {asked.thing}", "provider": "P1" if asked.able else "P2"}
    return ledger.request("claim", stated, asked.at, thing=asked.thing, carries=carries)


def serve(
    ledger: vr.Ledger, queue: Sequence[Asked], events: Sequence[Happened], at: datetime | None
) -> Allocation:
    requests = [ask(ledger, asked) for asked in queue]
    return allocate(ledger.keeper, "funds", requests, [draft_event(x) for x in events], at)


def tell(allocation: Allocation) -> list[tuple[str, str, int, datetime]]:
    return [(x.thing, x.place.value, x.granted, x.at) for x in allocation.placements]


def recount(ledger: vr.Ledger) -> Iterator[tuple[str, int, int, int]]:
    """Yield each envelope with what was put in, granted and released, from the raw entries."""
    gone = {entry.corrects for entry in ledger.entries if entry.corrects}
    standing = [x for x in ledger.entries if x.id not in gone]
    of: dict[str, tuple[str, int]] = {}
    sums: dict[str, list[int]] = {}
    for entry in sorted(standing, key=lambda x: (x.at, x.seq)):
        body = entry.body
        assert not isinstance(body, Withdrawn)
        if isinstance(body, Budgeted):
            row = sums.setdefault(body.envelope["category"], [0, 0, 0])
            row[0] = body.amount + (row[0] if body.added else 0)
        if not isinstance(body, Moved) or body.lifecycle != "voucher":
            continue
        if body.event in {"order", "wait"}:
            of[body.thing] = (body.carries["category"], body.amount or 0)
        category, amount = of[body.thing]
        row = sums.setdefault(category, [0, 0, 0])
        row[1] += amount if body.event in {"order", "call_up"} else 0
        row[2] += amount if body.event in {"refuse", "cancel", "time_out"} else 0
    for category, (put, granted, released) in sums.items():
        yield category, put, granted, released


def check_sums(ledger: vr.Ledger, allocation: Allocation) -> None:
    """Budget = granted - released + left, nothing below zero, by two counts of our own."""
    rows = {dict(row.envelope)["category"]: row for row in allocation.reconcile()}
    for category, put, granted, released in recount(ledger):
        row = rows[category]
        if row.put is None:
            continue
        assert (row.put, row.granted, row.released) == (put, granted, released)
        assert row.left == row.told == put - granted + released
        if put >= granted - released:
            assert row.adds_up


def play(
    kind: Kind, rounds: Sequence[tuple[Any, ...]], put: dict[str, int]
) -> tuple[Naive, vr.Ledger, list[Allocation]]:
    naive = Naive(kind, dict(put))
    ledger = open_ledger(kind, put)
    done = []
    for queue, events, at in rounds:
        naive.valid.clear()
        naive.run(queue, events, at)
        done.append(serve(ledger, queue, list(naive.valid), at))
    return naive, ledger, done


PUTS = st.fixed_dictionaries({"training": draw_money(900_000), "testing": draw_money(500_000)})


@settings(max_examples=60 * THOROUGHNESS, **COMMON)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_a_queue_is_served_as_a_plain_loop_would(kind: Kind, data: st.DataObject) -> None:
    rounds = []
    for number in range(2):
        queue, events = data.draw(draw_round(number))
        ranked = data.draw(st.booleans())
        at = max(x.at for x in queue) + timedelta(hours=1) if ranked else None
        rounds.append((queue, events, at))
    naive, ledger, done = play(kind, rounds, data.draw(PUTS))
    assert [x for allocation in done for x in tell(allocation)] == naive.told
    for allocation in done:
        told = [naive.told.pop(0) for _ in allocation.placements]
        assert sorted(x.thing for x in allocation.list_short()) == sorted(list_short(told))
    for held in naive.things.values():
        thing = ledger.find("voucher", held.asked.thing)
        assert thing is not None
        assert [(x.state, x.amount) for x in thing.lots] == [(held.state, held.amount)]
    check_sums(ledger, done[-1])
    # every decision of a queue still stands when it is made again
    redone = audit(ledger.keeper, checks=[check_decisions_stand, check_used_within_grant])
    assert redone == []


@settings(max_examples=20 * THOROUGHNESS, **COMMON)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_the_order_of_the_list_does_not_matter(kind: Kind, data: st.DataObject) -> None:
    queue, _ = data.draw(draw_round(0))
    other = data.draw(st.permutations(queue))
    at = data.draw(st.sampled_from([None, START + timedelta(days=10)]))
    put = data.draw(PUTS)
    one, two = (serve(open_ledger(kind, put), x, (), at) for x in (queue, other))
    assert tell(one) == tell(two)


@settings(max_examples=20 * THOROUGHNESS, **COMMON)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_never_more_is_taken_than_was_put_in(kind: Kind, data: st.DataObject) -> None:
    """Also where a second queue comes late: its applications lie before or among the first."""
    put = data.draw(PUTS)
    ledger = open_ledger(kind, put)
    for number in range(2):
        queue, _ = data.draw(draw_round(0))
        named = [replace(asked, thing=f"{number}{asked.thing}") for asked in queue]
        allocation = serve(ledger, named, (), None)
        for category, amount, granted, released in recount(ledger):
            assert granted - released <= amount, category
        check_sums(ledger, allocation)
        assert all(row.adds_up for row in allocation.reconcile())


def put_to_training(kind: Kind, fen: int) -> vr.Ledger:
    return open_ledger(kind, {"training": fen})


def at_hour(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def test_of_equal_rank_whoever_applied_first_is_served_first() -> None:
    """At one moment for all the name settles nothing that the moment of applying settles."""
    kind = Kind(order="[dear_first]")
    queue = [
        Asked("Va", at_hour(2), "training", 100_000),
        Asked("Vb", at_hour(1), "training", 100_000),
    ]
    served = serve(put_to_training(kind, 50_000), queue, (), at_hour(3))
    assert [(x.thing, x.place) for x in served.placements] == [("Vb", "granted"), ("Va", "waiting")]


def test_those_who_came_to_wait_at_one_moment_are_called_up_in_their_order() -> None:
    kind = Kind(order="[dear_first]")
    ledger = put_to_training(kind, 0)
    queue = [
        Asked("Va", at_hour(1), "training", 100_000),
        Asked("Vb", at_hour(1), "training", 200_000),
    ]
    more = Happened(at_hour(5), "put", "training", 100_000)
    served = serve(ledger, queue, [more], at_hour(3))
    assert [x.thing for x in served.placements if x.granted] == ["Vb"]


def test_whoever_waits_is_called_up_the_moment_another_lapses() -> None:
    queue = [
        Asked("Va", at_hour(0), "training", 100_000),
        Asked("Vb", at_hour(1), "training", 100_000),
        Asked("Vc", at_hour(500), "training", 100_000),
    ]
    served = serve(put_to_training(Kind(), 50_000), queue, (), None)
    called = next(x for x in served.placements if x.thing == "Vb" and x.granted)
    assert called.at == at_hour(48) + timedelta(microseconds=1)


def test_whoever_waits_is_called_up_the_moment_money_comes_and_before_anyone_new() -> None:
    ledger = put_to_training(Kind(), 0)
    first = serve(ledger, [Asked("Va", at_hour(0), "training", 100_000)], (), None)
    assert [x.place for x in first.placements] == ["waiting"]
    envelope = {"category": "training"}
    put = Budgeted(NAME, "1", "funds", START.date(), 50_000, envelope=envelope)
    ledger.keeper.enter([Draft(at_hour(1), put)])
    more = Happened(at_hour(3), "add", "training", 50_000)
    queue = [Asked("Vb", at_hour(2), "training", 100_000)]
    late = Asked("Vc", at_hour(9), "training", 100_000)
    second = serve(ledger, [*queue, late], [more], None)
    assert tell(second) == [
        ("Va", "granted", 50_000, at_hour(2)),
        ("Vb", "waiting", 0, at_hour(2)),
        ("Vb", "granted", 50_000, at_hour(3)),
        ("Vc", "waiting", 0, at_hour(9)),
    ]
    assert [x.thing for x in second.list_short()] == ["Vc"]


def test_a_grant_of_the_new_year_is_paid_from_its_money() -> None:
    """What waits from the old year would be granted for ever: nothing is taken off the old."""
    ledger = put_to_training(Kind(), 50_000)
    december = datetime(2024, 12, 30, 9, tzinfo=ZONE)
    january = datetime(2025, 1, 2, 9, tzinfo=ZONE)
    envelope = {"category": "training"}
    body = Budgeted(NAME, "1", "funds", january.date(), 60_000, envelope=envelope)
    ledger.keeper.enter([Draft(december, body)])
    queue = [
        Asked(f"V{n}", december + timedelta(hours=n), "training", 100_000 - n * 2) for n in range(3)
    ]
    served = serve(ledger, queue, (), january)
    assert [(x.granted, x.left) for x in served.placements] == [
        (50_000, 60_000),
        (10_000, 10_000),
        (0, 0),
    ]
    rows = {row.days[0]: row for row in served.reconcile()}
    old, new = rows[december.date().replace(month=1, day=1)], rows[january.date().replace(day=1)]
    assert (old.put, old.granted, old.left, old.adds_up) == (50_000, 0, 50_000, True)
    assert (new.put, new.granted, new.left, new.adds_up) == (60_000, 60_000, 0, True)


def test_what_was_granted_later_is_gone_for_an_application_entered_late() -> None:
    ledger = put_to_training(Kind(), 50_000)
    serve(ledger, [Asked("Va", at_hour(24), "training", 80_000)], (), None)
    late = serve(ledger, [Asked("Vb", at_hour(1), "training", 80_000)], (), None)
    assert [(x.granted, x.left) for x in late.placements] == [(10_000, 10_000)]


def test_sums_that_do_not_add_up_are_told() -> None:
    """An order that someone entered by hand takes more than was put in."""
    ledger = put_to_training(Kind(), 50_000)
    served = serve(ledger, [Asked("Va", at_hour(0), "training", 100_000)], (), None)
    assert [row.adds_up for row in served.reconcile()] == [True]
    carries = {"enterprise": "E1", "provider": "P1", "category": "training"}
    body = Moved(NAME, "1", "voucher", "Vb", "order", amount=1, carries=carries)
    ledger.keeper.enter([Draft(at_hour(1), body)])
    (row,) = served.reconcile()
    assert (row.put, row.granted, row.released, row.left) == (50_000, 50_001, 0, -1)
    assert row.told == -1
    assert not row.adds_up


def test_nobody_is_called_up_before_coming_to_wait() -> None:
    """Money and an application both entered late: who waits since later is not yet there."""
    ledger = put_to_training(Kind(), 0)
    serve(ledger, [Asked("Va", at_hour(24), "training", 80_000)], (), None)
    envelope = {"category": "training"}
    put = Budgeted(NAME, "1", "funds", START.date(), 50_000, envelope=envelope)
    ledger.keeper.enter([Draft(at_hour(1), put)])
    late = serve(ledger, [Asked("Vb", at_hour(2), "training", 20_000)], (), None)
    assert tell(late) == [("Vb", "granted", 10_000, at_hour(2))]
