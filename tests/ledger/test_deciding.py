"""Comes in: a history of the invented measure. Goes out: a failure where a decision misreads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from invented import claim, facts, load_invented, open_ledger

import voucher_rules as vr
from voucher_rules.ledger.allocating import allocate
from voucher_rules.ledger.looking_back import find_place

PROVIDER = {"provider": "P1"}


@pytest.fixture
def ledger() -> vr.Ledger:
    return open_ledger()


def amount_of(made: vr.LedgerDecision) -> int | None:
    """Return what is payable, in whole yuan."""
    assert made.decision.amount is not None
    value = made.decision.amount.value
    assert value is None or value == int(value)
    return None if value is None else int(value)


class TestBalances:
    def test_what_was_taken_up_before_lowers_the_year_cap(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        second = claim(ledger, "V2", "9万元", "2024-02-02T09:00")
        assert (amount_of(first), amount_of(second)) == (30000, 20000)
        assert second.decision.binding == ("year_cap",)

    def test_a_decision_tells_which_entries_each_balance_is_made_of(
        self, ledger: vr.Ledger
    ) -> None:
        first = claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        second = claim(ledger, "V2", "1万元", "2024-02-02T09:00")
        (moved,) = [x for x in ledger.entries if getattr(x.body, "decision", "") == first.entry]
        assert ledger.rested_on(second.entry)["ledger.used_this_year"] == (moved.id,)
        assert ledger.rested_on(first.entry)["ledger.used_this_year"] == ()

    def test_another_year_begins_at_nothing(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "20万元", "2024-12-31T23:59")
        ledger.enter("voucher", "V1", "accept", "2024-12-31T23:59")
        made = claim(ledger, "V2", "6万元", "2025-01-01T00:00")
        held = {item.name: item.value for item in made.balances}
        assert held["ledger.used_this_year"] == "0.00"
        assert held["ledger.received"] == "1"

    def test_days_begin_where_the_ruleset_says(self, ledger: vr.Ledger) -> None:
        """16:00 in UTC on the last of December is midnight in the ruleset's zone."""
        claim(ledger, "V1", "6万元", "2024-12-31T23:59:59+08:00")
        ledger.enter("voucher", "V1", "accept", "2024-12-31T16:00:00+00:00")
        made = claim(ledger, "V2", "6万元", "2024-12-31T16:00:00+00:00")
        assert made.decision.result.as_of is not None
        assert made.decision.result.as_of.isoformat() == "2025-01-01"
        held = {item.name: item.value for item in made.balances}
        assert held["ledger.used_this_year"] == "0.00"

    def test_a_group_is_counted_together_from_when_it_is_known(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        apart = claim(ledger, "V2", "10万元", "2024-02-01T10:00", enterprise="E2")
        assert amount_of(apart) == 40000
        ledger.enter("voucher", "V2", "refuse", "2024-02-01T11:00")
        ledger.relate("enterprise", "E1", "G", "2024-02-01T12:00")
        ledger.relate("enterprise", "E2", "G", "2024-02-01T12:00")
        together = claim(ledger, "V3", "10万元", "2024-02-01T13:00", enterprise="E2")
        held = {item.name: item.value for item in together.balances}
        assert held["ledger.of_group"] == "40000.00"
        assert held["ledger.used_this_year"] == "0.00"

    def test_where_nobody_says_whose_it_is_the_balance_is_unknown(self, ledger: vr.Ledger) -> None:
        at = "2024-02-01T09:00"
        made = ledger.consider("claim", facts("6万元", at), at, thing="V1")
        assert made.decision.outcome == "undetermined"
        assert "ledger.used_this_year" in made.decision.missing

    def test_a_balance_cannot_be_stated(self, ledger: vr.Ledger) -> None:
        at = "2024-02-01T09:00"
        with pytest.raises(vr.InputError, match="balance-stated"):
            ledger.decide("claim", {**facts("6万元", at), "ledger.received": "0张"}, at, thing="V1")

    def test_a_thing_tells_its_own_facts(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        stated = {"invoice.amount": "4万元", "invoice.issuer": "P1"}
        at = "2024-03-01T09:00"
        made = ledger.decide("settle", {**stated, "settlement.date": "2024-03-01"}, at, thing="V1")
        assert made.decision.outcome == "granted"
        assert amount_of(made) == 20000
        left = ledger.find("voucher", "V1")
        assert left is not None
        assert [(lot.amount, lot.state) for lot in left.lots] == [
            (1000000, "accepted"),
            (2000000, "settled"),
        ]

    def test_what_a_thing_tells_cannot_be_stated_otherwise(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        at = "2024-03-01T09:00"
        with pytest.raises(vr.InputError, match="told-otherwise"):
            ledger.decide("settle", {"voucher.face": "2万元"}, at, thing="V1")
        ledger.decide("settle", {"voucher.face": "3万元"}, at, thing="V1")


class TestTimes:
    def test_an_order_nobody_accepts_lapses_after_48_hours_and_frees_the_quota(
        self, ledger: vr.Ledger
    ) -> None:
        claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        inside = ledger.consider(
            "claim",
            facts("10万元", "2024-02-03T09:00"),
            "2024-02-03T09:00",
            thing="V2",
            carries={"enterprise": "E1", "provider": "P1"},
        )
        assert amount_of(inside) == 10000
        outside = claim(ledger, "V2", "10万元", "2024-02-03T09:00:01")
        assert amount_of(outside) == 40000
        lapsed = ledger.find("voucher", "V1")
        assert lapsed is not None
        assert lapsed.lots[0].state == "timed_out"

    @pytest.mark.parametrize(
        ("moment", "taken"),
        [("2024-02-03T08:59:59", True), ("2024-02-03T09:00", True), ("2024-02-03T09:00:01", False)],
    )
    def test_the_last_moment_to_accept_is_the_48th_hour(
        self, ledger: vr.Ledger, moment: str, *, taken: bool
    ) -> None:
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        if taken:
            ledger.enter("voucher", "V1", "accept", moment)
        else:
            with pytest.raises(vr.LedgerError, match="event-not-allowed"):
                ledger.enter("voucher", "V1", "accept", moment)

    def test_what_is_due_tells_the_event_and_its_last_moment(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        due = {item.event: str(item.last) for item in ledger.due("voucher", "V1")}
        assert due["accept"] == due["time_out"] == "2024-02-03 09:00:00+08:00"
        assert due["refuse"] == "None"
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        due = {item.event: str(item.last) for item in ledger.due("voucher", "V1")}
        assert due["expire"] == "2025-02-01"

    def test_the_calendar_holds_what_falls_between_two_days(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        claim(ledger, "V2", "6万元", "2024-02-02T09:00")
        every = [(item.thing.id, item.event) for item in ledger.calendar()]
        assert every == [
            ("V1", "accept"),
            ("V1", "time_out"),
            ("V2", "accept"),
            ("V2", "time_out"),
        ]
        assert [x.thing.id for x in ledger.calendar("2024-02-04", "2024-02-04")] == ["V2", "V2"]
        assert ledger.calendar("2024-02-05") == ()

    def test_as_known_then_is_what_was_told_then(self, ledger: vr.Ledger) -> None:
        """A refusal of the 1st that arrives on the 20th frees the quota, but nobody knew."""
        claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "refuse", "2024-02-01T10:00", known="2024-02-20T09:00")
        at = "2024-02-02T09:00"
        asked: dict[str, Any] = {
            "thing": "V2",
            "carries": {"enterprise": "E1", "provider": "P1"},
        }
        then = ledger.consider("claim", facts("10万元", at), at, known="2024-02-19T09:00", **asked)
        now = ledger.consider("claim", facts("10万元", at), at, **asked)
        assert (amount_of(then), amount_of(now)) == (10000, 40000)


class TestLateEvents:
    def test_what_is_told_late_takes_a_lapse_back(self, ledger: vr.Ledger) -> None:
        """The order of the 1st lapsed on the 3rd; on the 20th it is told it was accepted."""
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        ledger.lapse("2024-02-10T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-02T09:00", known="2024-02-20T09:00")
        found = ledger.find("voucher", "V1")
        assert found is not None
        assert [lot.state for lot in found.lots] == ["accepted"]

    def test_a_lapse_still_due_comes_back(self, ledger: vr.Ledger) -> None:
        """A year of validity passed; that part was settled is told late, the rest lapses still."""
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        ledger.lapse("2025-03-01T09:00")
        ledger.enter(
            "voucher", "V1", "settle", "2024-06-01T09:00", amount=10000, known="2025-03-02T09:00"
        )
        found = ledger.find("voucher", "V1")
        assert found is not None
        assert {lot.state: lot.amount for lot in found.lots} == {
            "expired": 2000000,
            "settled": 1000000,
        }


class TestNames:
    def test_a_request_under_one_name_is_decided_once(self, ledger: vr.Ledger) -> None:
        made = claim(ledger, "V1", "6万元", "2024-02-01T09:00", name="request-17")
        assert made.entry == "request-17"
        count = len(ledger.entries)
        with pytest.raises(vr.LedgerError, match="entry-name-taken"):
            claim(ledger, "V2", "6万元", "2024-02-01T09:00", name="request-17")
        assert len(ledger.entries) == count

    @pytest.mark.parametrize(
        ("carries", "code"),
        [
            ({"enterprise": "E1", "since": "2024-01-01", "until": "soon"}, "carried-not-a-day"),
            ({"enterprise": " "}, "carried-missing"),
            ({"since": "2024-01-01"}, "carried-missing"),
            ({"enterprise": "E1", "reason": "x"}, "not-carried"),
        ],
    )
    def test_a_thing_carries_what_its_lifecycle_says(
        self, ledger: vr.Ledger, carries: dict[str, str], code: str
    ) -> None:
        with pytest.raises(vr.LedgerError, match=code):
            ledger.enter("ban", "B1", "ban", "2024-02-01T09:00", carries=carries)


class TestDecidingAgain:
    def test_a_new_decision_moves_the_balance_and_both_stay(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        count = len(ledger.entries)
        again = ledger.decide_again(first.entry, {"contract.amount": "4万元"})
        assert (amount_of(first), amount_of(again)) == (40000, 20000)
        assert len(ledger.entries) == count + 2
        after = claim(ledger, "V2", "10万元", "2024-02-01T12:00")
        held = {item.name: item.value for item in after.balances}
        assert held["ledger.used_this_year"] == "20000.00"

    def test_the_new_decision_does_not_count_its_own_voucher(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        again = ledger.decide_again(first.entry)
        assert amount_of(again) == 40000

    def test_a_decision_turned_down_withdraws_the_voucher(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        ledger.enter(
            "ban",
            "B1",
            "ban",
            "2024-01-20T09:00",
            carries={
                "enterprise": "E1",
                "since": "2024-01-20",
                "until": "2027-01-20",
            },
        )
        again = ledger.decide_again(first.entry)
        assert again.decision.outcome == "denied"
        assert ledger.find("voucher", "V1") is None

    def test_what_hangs_on_the_old_decision_must_still_be_possible(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        stated = {
            "invoice.amount": "6万元",
            "invoice.issuer": "P1",
            "settlement.date": "2024-03-01",
        }
        ledger.decide("settle", stated, "2024-03-01T09:00", thing="V1")
        before = ledger.entries
        with pytest.raises(vr.LedgerError, match="more-than-there-is"):
            ledger.decide_again(first.entry, {"contract.amount": "4万元"})
        assert ledger.entries == before

    @pytest.mark.parametrize(
        ("price", "amount"),
        [("2.9998万元", 1499900), ("3万元", 1500000), ("3.0002万元", 1500000), ("8万元", 1500000)],
    )
    def test_what_was_cut_for_want_of_money_stays_cut(self, price: str, amount: int) -> None:
        """Of 40,000 yuan entitled to, 10,000 were there; 5,000 have come back since."""
        ledger = vr.Ledger(load_invented())
        of = {"category": "training"}
        ledger.enter(
            "deposit", "D1", "pay_in", "2024-01-02T09:00", amount="2000 USD", carries=PROVIDER
        )
        ledger.budget("funds", "1万元", "2024-01-01", "2024-01-03T09:00", envelope=of)
        ledger.decide(
            "admit", {"finding.able": True}, "2024-01-05T10:00", thing="P1", carries=PROVIDER
        )
        at = "2024-02-01T09:00"
        carries = {"enterprise": "E1", **PROVIDER}
        asked = ledger.request("claim", facts("8万元", at), at, thing="V1", carries=carries)
        told = []
        (placed,) = allocate(
            ledger.keeper, "funds", [asked], tell=lambda *both: told.append(both)
        ).placements
        ((same, answer),) = told
        assert (placed.place, placed.granted) == ("cut", 1000000)
        assert (same.entry, answer.entry) == (placed.entry, placed.entry)
        made = ledger.keeper.find_decision(placed.entry)
        assert find_place(ledger.keeper, answer) == made.seq - 1, "it saw its own voucher"
        ledger.budget(
            "funds", "5000元", "2024-01-01", at, envelope=of, added=True, known="2024-02-01T10:00"
        )
        again = ledger.decide_again(placed.entry, {"contract.amount": price})
        body = ledger.keeper.find_decision(again.entry).body
        assert isinstance(body, vr.Made)
        entitled = again.decision.result.amounts["voucher.amount"].value
        assert body.short_of == ("funds" if entitled != amount else "")
        found = ledger.find("voucher", "V1")
        assert found is not None
        assert [lot.amount for lot in found.lots] == [amount]

    def test_what_is_named_agrees_with_what_is_stated(self, ledger: vr.Ledger) -> None:
        at = "2024-02-01T09:00"
        carries = {"enterprise": "E1", "provider": "P1", "category": "testing"}
        with pytest.raises(vr.InputError, match="carried-otherwise"):
            ledger.decide("claim", facts("6万元", at), at, thing="V1", carries=carries)

    def test_only_the_latest_can_be_decided_again(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        ledger.decide_again(first.entry, {"contract.amount": "4万元"})
        with pytest.raises(vr.LedgerError, match="superseded-already"):
            ledger.decide_again(first.entry, {"contract.amount": "2万元"})


class TestWithdrawing:
    def test_what_followed_from_a_decision_is_withdrawn_with_it(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        gone = ledger.withdraw(first.entry, "entered twice", "2024-02-01T10:00")
        assert ledger.find("voucher", "V1") is None
        assert first.entry not in ledger.history().decisions
        (followed,) = ledger.entries[gone.seq :]
        cause = {"code": "decision_withdrawn", "decision": first.entry}
        assert followed.body == vr.Withdrawn("", cause)
        assert [x.body for x in ledger.entries[gone.seq - 3 : gone.seq - 1]] == [
            ledger.entries[gone.seq - 3].body,
            first.followed[0].body,
        ]
        again = claim(ledger, "V1", "10万元", "2024-02-01T11:00")
        held = {item.name: item.value for item in again.balances}
        assert held["ledger.used_this_year"] == "0.00"

    def test_it_is_refused_where_what_came_since_hangs_on_it(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        accepted = ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        before = ledger.entries
        with pytest.raises(vr.LedgerError, match="thing-not-opened"):
            ledger.withdraw(first.entry, "entered twice", "2024-02-01T11:00")
        assert ledger.entries == before
        ledger.withdraw(accepted.id, "entered twice", "2024-02-01T11:00")
        ledger.withdraw(first.entry, "entered twice", "2024-02-01T11:00")
        assert ledger.find("voucher", "V1") is None

    def test_a_lapse_since_does_not_stand_in_the_way(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        ledger.lapse("2024-02-20T09:00")
        ledger.withdraw(first.entry, "entered twice", "2024-02-21T09:00")
        assert ledger.find("voucher", "V1") is None

    def test_a_decision_made_again_is_made_again_and_not_withdrawn(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        again = ledger.decide_again(first.entry, {"contract.amount": "4万元"})
        before = ledger.entries
        for name, code in [
            (again.entry, "decision-took-a-place"),
            (first.entry, "decision-lost-its-place"),
        ]:
            with pytest.raises(vr.LedgerError, match=code):
                ledger.withdraw(name, "in error", "2024-02-02T09:00")
        assert ledger.entries == before
        back = ledger.decide_again(again.entry, {"contract.amount": "10万元"})
        assert amount_of(back) == 40000
        assert set(ledger.history().decisions) >= {back.entry}
        assert not {first.entry, again.entry} & set(ledger.history().decisions)

    def test_a_file_withdraws_a_decision_and_what_followed(
        self, ledger: vr.Ledger, tmp_path: Path
    ) -> None:
        first = claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        path = tmp_path / "slip.yaml"
        path.write_text(
            "ruleset: invented-voucher\nevents:\n"
            f"  - {{at: 2024-02-02T09:00, withdraws: {first.entry}, because: a slip}}\n",
            encoding="utf-8",
        )
        assert len(ledger.enter_file(path)) == 2
        assert ledger.find("voucher", "V1") is None

    def test_an_event_is_not_corrected_by_money(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "10万元", "2024-02-01T09:00")
        order = ledger.entries[-1].id
        of = {"category": "training"}
        with pytest.raises(vr.LedgerError, match="corrects-another-kind"):
            ledger.budget("funds", 1, "2024-01-01", "2024-02-02T09:00", envelope=of, corrects=order)


class TestBans:
    @pytest.mark.parametrize(
        ("day", "outcome"),
        [("2027-01-09", "denied"), ("2027-01-10", "denied"), ("2027-01-11", "granted")],
    )
    def test_a_sanction_is_met_by_later_claims_until_its_last_day(
        self, ledger: vr.Ledger, day: str, outcome: str
    ) -> None:
        ledger.decide(
            "sanction",
            {"finding.fraud": True, "violation.found_on": "2024-01-10"},
            "2024-01-10T09:00",
            carries={"enterprise": "E1"},
        )
        ledger.budget("funds", "10万元", day, "2024-01-10T10:00", envelope={"category": "training"})
        assert claim(ledger, "V1", "6万元", f"{day}T09:00").decision.outcome == outcome
        other = claim(ledger, "V2", "6万元", f"{day}T09:30", enterprise="E2")
        assert other.decision.outcome == "granted"
