"""Comes in: histories. Goes out: a failure where looking back finds other than making anew does."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import claim, open_ledger
from test_allocation_laws import COMMON, KINDS, PUTS, THOROUGHNESS, ZONE, Kind, draw_round, play

import voucher_rules as vr
from voucher_rules.ledger import looking_back as keeping
from voucher_rules.ledger.leaving_out import leave_out_later
from voucher_rules.ledger.looking_back import list_trails_of
from voucher_rules.ledger.lots import ThingKey

Told: TypeAlias = tuple[ThingKey, str, int, tuple[str, ...]]
FOUND: Counter[str] = Counter()
NINE: Final = datetime(2024, 2, 1, 9, tzinfo=ZONE)
HOUR: Final = timedelta(hours=1)
TICK: Final = timedelta(microseconds=1)


def tell_trails(ledger: vr.Ledger, entry: str) -> dict[str, frozenset[Told]]:
    """Return the lots behind each balance of a decision."""
    return {
        trail.rested.name: frozenset(
            (item.thing.key, item.lot.state, item.lot.amount, item.lot.entries)
            for item in trail.found
        )
        for trail in list_trails_of(ledger.keeper, entry)
    }


def check_alike(ledger: vr.Ledger) -> None:
    """Check each decision that stands, both ways, and count how often the short one was taken."""
    with pytest.MonkeyPatch.context() as patch:
        for entry in ledger.entries:
            placed = ledger.keeper.books.standing.get(entry.id)
            if placed is None or not isinstance(entry.body, vr.Made):
                continue
            patch.setattr(keeping, "leave_out_later", leave_out_later)
            found = tell_trails(ledger, entry.id)
            short = leave_out_later(ledger.keeper.books, entry.seq - 1, entry.at)
            FOUND["short" if short is not None else "anew"] += 1
            patch.setattr(keeping, "leave_out_later", lambda *_: None)
            assert found == tell_trails(ledger, entry.id)
            FOUND["lots"] += sum(map(len, found.values()))


@settings(max_examples=15 * THOROUGHNESS, **COMMON)
@given(kind=st.sampled_from(KINDS), data=st.data())
def test_looking_back_over_queues_finds_what_the_books_made_anew_find(
    kind: Kind, data: st.DataObject
) -> None:
    """Queues come late, call up with corrections, and let things lapse."""
    rounds = []
    for number in data.draw(st.permutations(range(2))):
        queue, events = data.draw(draw_round(number))
        at = max(x.at for x in queue) + timedelta(hours=1) if data.draw(st.booleans()) else None
        rounds.append((queue, events if number else (), at))
    _, ledger, _ = play(kind, rounds, data.draw(PUTS))
    check_alike(ledger)


def test_both_ways_were_taken() -> None:
    """Runs after the law above, and tells when it has become empty."""
    if FOUND:
        assert min(FOUND["short"], FOUND["anew"], FOUND["lots"]) > 10, FOUND


def count_anew(ledger: vr.Ledger, entry: str) -> bool:
    """Return whether the books of a decision have to be made anew."""
    old = ledger.keeper.find_decision(entry)
    return leave_out_later(ledger.keeper.books, old.seq - 1, old.at) is None


class TestWhatReachesBack:
    @pytest.fixture
    def ledger(self) -> vr.Ledger:
        return open_ledger()

    def test_what_happened_later_does_not(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "1万元", "2024-02-01T09:00")
        made = claim(ledger, "V2", "1万元", "2024-02-01T09:00")
        claim(ledger, "V3", "1万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", NINE + TICK)
        assert not count_anew(ledger, made.entry)
        check_alike(ledger)
        assert {x[0][2] for x in tell_trails(ledger, made.entry)["ledger.used_this_year"]} == {"V1"}

    def test_of_one_moment_only_what_was_seen_counts(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "1万元", "2024-02-01T09:00")
        made = claim(ledger, "V2", "1万元", "2024-02-01T10:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        assert not count_anew(ledger, made.entry)
        found = tell_trails(ledger, made.entry)["ledger.used_this_year"]
        assert {x[1] for x in found} == {"ordered"}
        check_alike(ledger)

    def test_what_is_told_late_does(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "1万元", "2024-02-01T09:00")
        made = claim(ledger, "V2", "1万元", "2024-02-01T10:00")
        ledger.enter("voucher", "V1", "accept", NINE + HOUR - TICK, known="2024-02-02T09:00")
        assert count_anew(ledger, made.entry)
        check_alike(ledger)

    def test_a_correction_of_what_was_seen_does(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "1万元", "2024-02-01T09:00")
        made = claim(ledger, "V2", "1万元", "2024-02-01T10:00")
        assert not count_anew(ledger, made.entry)
        last = claim(ledger, "V3", "1万元", "2024-02-01T11:00")
        ledger.withdraw(last.entry, "never asked", "2024-02-01T12:00")
        assert not count_anew(ledger, made.entry)
        ledger.withdraw(first.entry, "never asked", "2024-02-01T12:00")
        assert count_anew(ledger, made.entry)

    def test_what_lapsed_is_seen_by_a_decision_of_the_same_moment(self, ledger: vr.Ledger) -> None:
        lapsed = NINE + 48 * HOUR + TICK
        claim(ledger, "V1", "1万元", "2024-02-01T09:00")
        made = ledger.consider(
            "claim",
            {
                "contract.amount": "1万元",
                "service.category": "training",
                "claim.at": lapsed,
                "term.opens": "none",
                "term.closes": "none",
            },
            lapsed,
            thing="V2",
            carries={"enterprise": "E1", "provider": "P1"},
        )
        assert ledger.lapse(lapsed)
        used = [x for x in made.decision.trails if x.rested.name == "ledger.used_this_year"]
        assert [trail.found for trail in used] == [()]
