"""Comes in: things that learn late whose they are. Goes out: a failure where it counts wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

import voucher_rules as vr

FOLDER = Path(__file__).parent / "rulesets"


@pytest.fixture(scope="module")
def ruleset() -> vr.Ruleset:
    return vr.load("invented-places", folders=[FOLDER])


@pytest.fixture
def ledger(ruleset: vr.Ruleset) -> vr.Ledger:
    made = vr.Ledger(ruleset)
    for number in range(1, 5):
        carries = {"enterprise": f"E{number}", "category": "testing"}
        at = f"2024-02-0{number}T09:00"
        made.enter("voucher", f"V{number}", "issue", at, amount="1元", carries=carries)
    return made


def sign(ledger: vr.Ledger, thing: str, provider: str, at: str, day: str = "") -> vr.LedgerDecision:
    return ledger.decide("sign", state(provider, day or at[:10]), at, thing=thing)


def state(provider: str, day: str) -> dict[str, str]:
    return {"contract.provider": provider, "contract.signed_on": day}


def told(made: vr.LedgerDecision) -> dict[str, str]:
    return {item.name: item.value for item in made.balances}


def carried(ledger: vr.Ledger, thing: str) -> dict[str, str]:
    found = ledger.find("voucher", thing)
    assert found is not None
    return dict(found.carries)


def test_the_event_sets_what_the_decision_states(ledger: vr.Ledger) -> None:
    assert "provider" not in carried(ledger, "V1")
    sign(ledger, "V1", "P1", "2024-03-01T09:00")
    assert carried(ledger, "V1") == {
        "enterprise": "E1",
        "category": "testing",
        "provider": "P1",
        "signed_on": "2024-03-01",
    }


def test_balances_follow_from_then(ledger: vr.Ledger) -> None:
    """The third contract of a provider in a year is one too many; one in another year is not."""
    outcomes = []
    for number, day in enumerate(("01", "02", "03"), 1):
        made = sign(ledger, f"V{number}", "P1", f"2024-03-{day}T09:00")
        outcomes.append((made.decision.outcome, told(made)["ledger.of_provider"]))
    assert outcomes == [("granted", "0"), ("granted", "1"), ("denied", "2")]
    assert "provider" not in carried(ledger, "V3")
    assert sign(ledger, "V3", "P2", "2024-03-04T09:00").decision.outcome == "granted"
    assert sign(ledger, "V4", "P1", "2025-03-04T09:00").decision.outcome == "granted"


def test_before_it_was_set_it_is_not_counted(ledger: vr.Ledger) -> None:
    sign(ledger, "V1", "P1", "2024-03-01T09:00")
    asked = state("P1", "2024-03-01")
    before = ledger.consider("sign", asked, "2024-03-01T08:59", thing="V2")
    after = ledger.consider("sign", asked, "2024-03-01T09:00", thing="V2")
    assert told(before)["ledger.of_provider"] == "0"
    assert told(after)["ledger.of_provider"] == "1"


def test_deciding_again_sets_another(ledger: vr.Ledger) -> None:
    first = sign(ledger, "V1", "P1", "2024-03-01T09:00")
    ledger.decide_again(first.entry, {"contract.provider": "P2"})
    assert carried(ledger, "V1")["provider"] == "P2"
    made = sign(ledger, "V2", "P1", "2024-03-02T09:00")
    assert told(made)["ledger.of_provider"] == "0"
    other = sign(ledger, "V3", "P2", "2024-03-02T09:00")
    assert told(other)["ledger.of_provider"] == "1"


def test_taken_back_it_is_set_no_more(ledger: vr.Ledger) -> None:
    sign(ledger, "V1", "P1", "2024-03-01T09:00")
    moved = ledger.entries[-1]
    ledger.withdraw(moved.id, "not signed", "2024-03-02T09:00")
    assert "provider" not in carried(ledger, "V1")
    made = sign(ledger, "V2", "P1", "2024-03-03T09:00")
    assert told(made)["ledger.of_provider"] == "0"


@pytest.mark.parametrize(
    ("day", "counted"),
    [("2023-12-31", "0"), ("2024-01-01", "1"), ("2024-12-31", "1"), ("2025-01-01", "0")],
)
def test_what_dates_a_thing_may_be_a_day_that_it_carries(
    ledger: vr.Ledger, day: str, counted: str
) -> None:
    """The day on the contract counts, and not the moment at which it was entered."""
    sign(ledger, "V1", "P1", "2025-06-01T09:00", day)
    made = ledger.consider("sign", state("P1", "2024-07-01"), "2025-06-02T09:00", thing="V2")
    assert told(made)["ledger.of_provider"] == counted


def test_a_thing_that_does_not_carry_the_day_has_none(ledger: vr.Ledger) -> None:
    carries = {"enterprise": "E9", "provider": "P1"}
    ledger.enter("voucher", "V9", "issue", "2024-02-09T09:00", amount="1元", carries=carries)
    ledger.enter("voucher", "V9", "sign", "2024-02-10T09:00")
    made = ledger.consider("sign", state("P1", "2024-03-01"), "2024-03-01T09:00", thing="V1")
    assert told(made)["ledger.of_provider"] == "0"


class TestNamedByPeople:
    @pytest.fixture
    def signed(self, ledger: vr.Ledger) -> vr.Ledger:
        sign(ledger, "V1", "P1", "2024-03-01T09:00")
        return ledger

    def test_whoever_enters_the_event_names_it(self, signed: vr.Ledger) -> None:
        signed.enter("voucher", "V1", "advise", "2024-03-02T09:00", carries={"adviser": "A1"})
        assert carried(signed, "V1")["adviser"] == "A1"
        signed.enter("voucher", "V1", "advise", "2024-03-03T09:00")
        signed.enter("voucher", "V1", "advise", "2024-03-03T10:00", carries={"adviser": "A1"})
        assert carried(signed, "V1")["adviser"] == "A1"

    @pytest.mark.parametrize(
        ("event", "carries", "code"),
        [
            ("advise", {}, "carried-missing"),
            ("advise", {"adviser": ""}, "carried-missing"),
            ("advise", {"adviser": " A1"}, "name-untidy"),
            ("advise", {"adviser": "A1", "provider": "P2"}, "carried-otherwise"),
            ("use", {"adviser": "A1"}, "carried-not-set"),
            ("use", {"advisor": "A1"}, "carried-not-set"),
            ("use", {"enterprise": "E2"}, "carried-otherwise"),
        ],
    )
    def test_what_it_does_not_set_is_refused(
        self, signed: vr.Ledger, event: str, carries: dict[str, str], code: str
    ) -> None:
        before = signed.entries
        with pytest.raises(vr.LedgerError, match=code):
            signed.enter("voucher", "V1", event, "2024-03-02T09:00", carries=carries)
        assert signed.entries == before

    def test_it_is_set_once(self, signed: vr.Ledger) -> None:
        signed.enter("voucher", "V1", "advise", "2024-03-02T09:00", carries={"adviser": "A1"})
        with pytest.raises(vr.LedgerError, match="carried-otherwise"):
            signed.enter("voucher", "V1", "advise", "2024-03-03T09:00", carries={"adviser": "A2"})

    def test_it_may_be_known_from_the_first(self, ledger: vr.Ledger) -> None:
        carries = {"enterprise": "E9", "provider": "P1", "adviser": "A1"}
        at = "2024-02-09T09:00"
        ledger.enter("voucher", "V9", "issue", at, amount="1元", carries=carries)
        with pytest.raises(vr.InputError, match="carried-otherwise"):
            ledger.decide("sign", {}, "2024-03-01T09:00", thing="V9", carries={"provider": "P2"})
        day = {"contract.signed_on": "2024-03-01"}
        ledger.decide("sign", day, "2024-03-01T09:00", thing="V9")
        assert carried(ledger, "V9") == {**carries, "signed_on": "2024-03-01"}
