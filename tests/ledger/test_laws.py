"""Comes in: random lives of vouchers. Goes out: a failure where a law of the ledger is broken.

Everything is recounted from the raw entries by code of its own: an event opens a voucher or moves
an amount between states, and what the invented measure allows is written out here once more.
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from invented import load_invented

import voucher_rules as vr
from voucher_rules.ledger.entries import Budgeted, Made, Moved
from voucher_rules.ledger.history import fold

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
ZONE = timezone(timedelta(hours=8))
START = datetime(2024, 1, 10, 9, tzinfo=ZONE)
TAKING = {"ordered", "accepted", "settled"}
ENTERPRISES = ("E1", "E2", "E3")
PROVIDERS = ("P1", "P2")
YUAN = 100
PUT_IN = 150_000 * YUAN
CAPS = {
    "year_cap": 50_000 * YUAN,
    "group_cap": 80_000 * YUAN,
    "provider_cap": 200_000 * YUAN,
    "pair_cap": 60_000 * YUAN,
}
TARGETS = {
    "order": "ordered",
    "wait": "waiting",
    "call_up": "ordered",
    "accept": "accepted",
    "refuse": "refused",
    "cancel": "cancelled",
    "give_up": "cancelled",
    "time_out": "timed_out",
    "settle": "settled",
    "expire": "expired",
    "refund": "refunded",
}
SOURCES = {
    "call_up": ["waiting"],
    "give_up": ["waiting"],
    "accept": ["ordered"],
    "refuse": ["ordered"],
    "cancel": ["ordered", "accepted"],
    "time_out": ["ordered"],
    "settle": ["accepted"],
    "expire": ["accepted"],
    "refund": ["settled"],
}


class Recount:
    """What every voucher holds in every state, counted by hand from the entries."""

    def __init__(self, entries: tuple[vr.Entry, ...]) -> None:
        self.held: dict[str, dict[str, int]] = {}
        self.of: dict[str, dict[str, str]] = {}
        self.year: dict[str, int] = {}
        self.put = 0
        corrected = {entry.corrects for entry in entries}
        standing = [entry for entry in entries if entry.id not in corrected]
        for entry in sorted(standing, key=lambda item: (item.at, item.seq)):
            if isinstance(entry.body, Budgeted):
                self.put += entry.body.amount
            elif isinstance(entry.body, Moved) and entry.body.lifecycle == "voucher":
                self.move(entry.body, entry.at)

    def move(self, body: Moved, at: datetime) -> None:
        target = TARGETS[body.event]
        if body.event in {"order", "wait"}:
            assert body.amount is not None
            self.held[body.thing] = defaultdict(int, {target: body.amount})
            self.of[body.thing] = dict(body.carries)
        else:
            held = self.held[body.thing]
            there = {state: held[state] for state in SOURCES[body.event] if held[state]}
            left = sum(there.values()) if body.amount is None else body.amount
            assert left <= sum(there.values())
            for state, amount in there.items():
                taken = min(left, amount)
                held[state] -= taken
                held[target] += taken
                left -= taken
        if target == "ordered":
            self.year[body.thing] = at.astimezone(ZONE).year

    def taken(self, **wanted: str) -> dict[int, int]:
        """Return what is taken by the vouchers that carry all that is wanted, by year."""
        found: dict[int, int] = defaultdict(int)
        for thing, held in self.held.items():
            if thing in self.year and all(self.of[thing].get(k) == v for k, v in wanted.items()):
                found[self.year[thing]] += sum(held[state] for state in TAKING)
        return found


class LedgerMachine(RuleBasedStateMachine):
    """A ledger to which things happen in the order of time; decisions keep to every cap."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = vr.Ledger(load_invented())
        self.now = START
        self.count = 0
        self.vouchers: list[str] = []
        self.snapshots: list[tuple[vr.Entry, dict[Any, vr.Thing]]] = []

    @initialize()
    def open(self) -> None:
        for number, provider in enumerate(PROVIDERS):
            carries = {"provider": provider}
            self.ledger.enter(
                "deposit", f"D{number}", "pay_in", START, amount="2000 USD", carries=carries
            )
            self.ledger.decide(
                "admit", {"finding.able": True}, START, thing=provider, carries=carries
            )
        for party in ("E1", "E2"):
            self.ledger.relate("enterprise", party, "G", START)
        for category in ("training", "testing"):
            self.ledger.budget(
                "funds", PUT_IN // YUAN, START.date(), START, envelope={"category": category}
            )

    @rule(minutes=st.sampled_from([1, 60, 60 * 24, 60 * 48, 60 * 24 * 40]))
    def wait(self, minutes: int) -> None:
        self.now = min(self.now + timedelta(minutes=minutes), datetime(2024, 12, 30, tzinfo=ZONE))

    @rule(
        enterprise=st.sampled_from(ENTERPRISES),
        provider=st.sampled_from(PROVIDERS),
        category=st.sampled_from(["training", "testing"]),
        price=st.integers(1, 150_000 * YUAN),
    )
    def claim(self, enterprise: str, provider: str, category: str, price: int) -> None:
        self.count += 1
        thing = f"V{self.count}"
        request = self.ledger.request(
            "claim",
            {
                "contract.amount": f"{price // YUAN}.{price % YUAN:02}元",
                "service.category": category,
                "claim.at": self.now,
                "term.opens": "none",
                "term.closes": "none",
            },
            self.now,
            thing=thing,
            carries={"enterprise": enterprise, "provider": provider},
        )
        (*_, placed) = self.ledger.allocate("funds", [request]).placements
        if placed.place in {vr.Place.GRANTED, vr.Place.CUT, vr.Place.WAITING}:
            self.vouchers.append(thing)

    @precondition(lambda self: self.vouchers)
    @rule(data=st.data(), event=st.sampled_from(["accept", "refuse", "cancel", "give_up"]))
    def happen(self, data: st.DataObject, event: str) -> None:
        thing = data.draw(st.sampled_from(self.vouchers))
        before = self.ledger.entries
        try:
            self.ledger.enter("voucher", thing, event, self.now)
        except vr.LedgerError:
            assert self.ledger.entries == before

    @precondition(lambda self: self.vouchers)
    @rule(data=st.data(), invoice=st.integers(1, 100_000 * YUAN))
    def settle(self, data: st.DataObject, invoice: int) -> None:
        thing = data.draw(st.sampled_from(self.vouchers))
        self.ledger.lapse(self.now)
        found = self.ledger.find("voucher", thing)
        assert found is not None
        if not found.stands_in("accepted"):
            return
        facts = {
            "settlement.date": self.now.date(),
            "invoice.amount": f"{invoice // YUAN}.{invoice % YUAN:02}元",
            "invoice.issuer": found.carries["provider"],
        }
        self.ledger.decide("settle", facts, self.now, thing=thing)

    @precondition(lambda self: self.vouchers)
    @rule(data=st.data(), share=st.integers(1, 3))
    def refund(self, data: st.DataObject, share: int) -> None:
        thing = data.draw(st.sampled_from(self.vouchers))
        found = self.ledger.find("voucher", thing)
        assert found is not None
        there = found.amount_in(["settled"])
        if there // share:
            asked = there // share
            facts = {
                "refund.date": self.now.date(),
                "refund.asked": f"{asked // YUAN}.{asked % YUAN:02}元",
            }
            self.ledger.decide("refund", facts, self.now, thing=thing)

    @rule()
    def remember(self) -> None:
        last = self.ledger.entries[-1]
        self.snapshots.append((last, dict(self.ledger.keeper.books.things)))

    @invariant()
    def no_cap_is_exceeded(self) -> None:
        recount = Recount(self.ledger.entries)
        for enterprise in ENTERPRISES:
            assert all(x <= CAPS["year_cap"] for x in recount.taken(enterprise=enterprise).values())
            for provider in PROVIDERS:
                pair = recount.taken(enterprise=enterprise, provider=provider)
                assert all(x <= CAPS["pair_cap"] for x in pair.values())
        for provider in PROVIDERS:
            assert all(x <= CAPS["provider_cap"] for x in recount.taken(provider=provider).values())
        group = [recount.taken(enterprise=x).get(2024, 0) for x in ("E1", "E2")]
        assert sum(group) <= CAPS["group_cap"]
        for category in ("training", "testing"):
            assert recount.taken(category=category).get(2024, 0) <= PUT_IN

    @invariant()
    def what_stands_is_what_was_recounted(self) -> None:
        recount = Recount(self.ledger.entries)
        for thing, held in recount.held.items():
            found = self.ledger.find("voucher", thing)
            assert found is not None
            states = {lot.state for lot in found.lots}
            told = {state: found.amount_in([state]) for state in states}
            assert {k: v for k, v in told.items() if v} == {k: v for k, v in held.items() if v}

    def teardown(self) -> None:
        """At the end: the fold agrees with the books, and what was known then is known still."""
        entries = self.ledger.entries
        histories = self.ledger.keeper.shelf.histories
        assert fold(entries, histories).things == self.ledger.keeper.books.things
        for last, things in self.snapshots:
            after = entries[last.seq :]
            if not after or after[0].known > last.known:
                assert fold(entries, histories, known=last.known).things == things
        for entry in entries:
            if isinstance(entry.body, Made) and not entry.body.short_of:
                check_made_again(self.ledger, entry)


def check_made_again(ledger: vr.Ledger, entry: vr.Entry) -> None:
    """Check that a decision comes out the same from what was known when it was made."""
    made = entry.body
    assert isinstance(made, Made)
    before = vr.Ledger(load_invented())
    before.keeper.store.append(ledger.entries[: entry.seq - 1], 0)
    before.keeper.refresh()
    again = before.consider(
        made.decision,
        made.facts,
        entry.at,
        thing=made.thing,
        carries=made.carries,
        on=made.day,
    )
    assert again.decision.outcome == made.outcome
    amounts = {k: x.value for k, x in again.decision.result.amounts.items() if x.value is not None}
    assert amounts == dict(made.amounts)
    assert again.balances == made.balances


LedgerMachine.TestCase.settings = settings(
    max_examples=12 * THOROUGHNESS,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_laws = pytest.mark.filterwarnings("default")(LedgerMachine.TestCase)
