"""Comes in: a breach, decided from a ledger. Goes out: a failure where what follows is not entered.

What a consequence opens or moves may be an amount of the decision. The measure also calls a state
``is_paid``, so that what a grant tells of it must not be taken for a question.
"""

from __future__ import annotations

import pytest
from invented import FOLDER

import voucher_rules as vr

AT = "2024-03-01T09:00"
E1 = {"enterprise": "E1"}


@pytest.fixture
def ledger() -> vr.Ledger:
    made = vr.Ledger(vr.load("invented-recovery", folders=[FOLDER]))
    made.enter("grant", "G1", "pay", "2024-02-01T09:00", amount="10万元", carries=E1)
    return made


def breach(ledger: vr.Ledger, amount: str, at: str = AT) -> vr.LedgerDecision:
    return ledger.decide("breach", {"breach.amount": amount}, at, thing="G1", carries=E1)


def list_lots(ledger: vr.Ledger, lifecycle: str) -> list[tuple[int, str]]:
    things = [x for x in ledger.history().things.values() if x.lifecycle == lifecycle]
    return [(lot.amount, lot.state) for thing in things for lot in thing.lots]


def test_a_consequence_opens_a_thing_that_holds_an_amount_of_the_decision(
    ledger: vr.Ledger,
) -> None:
    breach(ledger, "6万元")
    assert list_lots(ledger, "debt") == [(3_000_000, "owed")]


def test_a_consequence_moves_an_amount_of_the_decision_and_leaves_the_rest(
    ledger: vr.Ledger,
) -> None:
    breach(ledger, "6万元")
    assert sorted(list_lots(ledger, "grant")) == [(3_000_000, "back"), (7_000_000, "is_paid")]


@pytest.mark.parametrize(("amount", "count"), [("0.01元", 0), ("0.02元", 2)])
def test_nothing_follows_from_an_amount_of_nothing(
    ledger: vr.Ledger, amount: str, count: int
) -> None:
    """Half a fen is rounded down to nothing; there is then nothing to owe or to recover."""
    assert len(breach(ledger, amount).followed) == count


def test_a_consequence_that_moves_more_than_there_is_is_refused_whole(ledger: vr.Ledger) -> None:
    before = ledger.entries
    with pytest.raises(vr.LedgerError, match="more-than-there-is"):
        breach(ledger, "200000.02元")
    assert ledger.entries == before
    breach(ledger, "20万元")
    assert list_lots(ledger, "grant") == [(10_000_000, "back")]


def test_what_a_thing_tells_of_a_state_called_like_a_question(ledger: vr.Ledger) -> None:
    told = breach(ledger, "6万元").decision.to_data()["facts"]
    values = {name: told[name]["value"] for name in told if name.startswith("grant.")}
    assert values == {
        "grant.paid_at": "2024-02-01T09:00:00+08:00",
        "grant.paid_on": "2024-02-01",
        "grant.is_paid": True,
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "截至 2024-03-01"), ("en", "up to 2024-03-01")],
)
def test_a_span_without_a_first_day_is_told_by_its_last(
    ledger: vr.Ledger, language: str, words: str
) -> None:
    assert words in breach(ledger, "6万元").decision.explain(language)
