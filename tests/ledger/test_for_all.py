"""Comes in: a decision about one that others name. Goes out: a failure where not all follow it."""

from __future__ import annotations

from pathlib import Path

import pytest

import voucher_rules as vr
from voucher_rules.cli.show_histories import make_teller, show_histories
from voucher_rules.ledger.entries import Moved

FOLDER = Path(__file__).parent / "rulesets"
AT = "2024-04-01T09:00"


@pytest.fixture(scope="module")
def ruleset() -> vr.Ruleset:
    return vr.load("invented-places", folders=[FOLDER])


@pytest.fixture
def ledger(ruleset: vr.Ruleset) -> vr.Ledger:
    """Two vouchers with P1 (their names end alike), one of them used; one with P2; one open."""
    made = vr.Ledger(ruleset)
    made.enter("listing", "P1", "list", "2024-01-01T09:00", carries={"provider": "P1"})
    for number, thing in enumerate(("2023.1", "2024.1", "2024.2", "V4", "V5"), 1):
        carries = {"enterprise": f"E{number}", "category": "testing"}
        at = f"2024-02-0{number}T09:00"
        made.enter("voucher", thing, "issue", at, amount="1元", carries=carries)
    for thing, provider in (("2023.1", "P1"), ("2024.1", "P1"), ("2024.2", "P1"), ("V4", "P2")):
        carries = {"provider": provider}
        made.enter("voucher", thing, "sign", "2024-03-01T09:00", carries=carries)
    made.enter("voucher", "2024.2", "use", "2024-03-02T09:00")
    return made


def states(ledger: vr.Ledger) -> dict[str, str]:
    things = ledger.history().things.values()
    return {thing.id: ",".join(lot.state for lot in thing.lots) for thing in things}


def inspect(ledger: vr.Ledger, *, cheated: bool, thing: str = "P1") -> vr.LedgerDecision:
    return ledger.decide("inspect", {"finding.cheated": cheated}, AT, thing=thing)


BEFORE = {
    "P1": "listed",
    "2023.1": "contracted",
    "2024.1": "contracted",
    "2024.2": "used",
    "V4": "contracted",
    "V5": "issued",
}
AFTER = {**BEFORE, "P1": "struck", "2023.1": "cancelled", "2024.1": "cancelled"}


def test_it_happens_to_every_thing_that_agrees_and_stands_where_it_begins(
    ledger: vr.Ledger,
) -> None:
    assert states(ledger) == BEFORE
    made = inspect(ledger, cheated=True)
    assert states(ledger) == AFTER
    moved = [x.body.thing for x in made.followed if isinstance(x.body, Moved)]
    assert moved == ["2023.1", "2024.1", "P1"]


def test_nothing_follows_where_the_consequence_does_not_apply(ledger: vr.Ledger) -> None:
    assert inspect(ledger, cheated=False).followed == ()
    assert states(ledger) == BEFORE


def test_who_is_named_beside_the_facts_counts_too(ledger: vr.Ledger) -> None:
    facts = {"finding.cheated": True}
    ledger.decide("inspect", facts, AT, carries={"provider": "P2"})
    assert states(ledger) == {**BEFORE, "V4": "cancelled"}


def test_where_nobody_says_whose_the_decision_is_refused(ledger: vr.Ledger) -> None:
    before = ledger.entries
    with pytest.raises(vr.InputError, match="whose-not-said"):
        ledger.decide("inspect", {"finding.cheated": True}, AT)
    assert ledger.entries == before
    assert ledger.decide("inspect", {"finding.cheated": False}, AT).followed == ()


def test_where_none_agrees_nothing_follows(ledger: vr.Ledger) -> None:
    facts = {"finding.cheated": True}
    assert ledger.decide("inspect", facts, AT, carries={"provider": "P9"}).followed == ()


def test_decided_again_all_of_them_stand_as_before(ledger: vr.Ledger) -> None:
    made = inspect(ledger, cheated=True)
    again = ledger.decide_again(made.entry, {"finding.cheated": False})
    assert states(ledger) == BEFORE
    ledger.decide_again(again.entry, {"finding.cheated": True})
    assert states(ledger) == AFTER


def test_decided_again_alike_each_keeps_its_own_event(ledger: vr.Ledger) -> None:
    made = inspect(ledger, cheated=True)
    ledger.decide_again(made.entry, {})
    assert states(ledger) == AFTER


def test_what_is_voided_gives_its_place_back(ledger: vr.Ledger) -> None:
    envelope = {"category": "testing"}
    ledger.budget("vouchers_of_year", 5, "2024-01-01", "2024-01-02T09:00", envelope=envelope)
    inspect(ledger, cheated=True)
    (fund,) = [x for x in ledger.funds() if x.pool.name == "vouchers_of_year"]
    assert fund.state is not None
    assert (fund.state.put, fund.state.taken) == (5, 3)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "each with the same “provider”"), ("zh", "“服务机构”相同的每一件")],
)
def test_it_is_told_what_it_happens_to(ruleset: vr.Ruleset, language: str, said: str) -> None:
    lines = [x for _, part in show_histories(make_teller(ruleset.checked, language)) for x in part]
    assert any(said in line for line in lines)
