"""Comes in: ledgers that show something, and ledgers just inside. Goes out: what auditing tells."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from invented import FOLDER, claim, facts, load_invented, open_ledger

import voucher_rules as vr
from voucher_rules.explain.indicators import TEXTS, data_of_indicator, tell_indicator
from voucher_rules.ledger.entries import Draft, Entry, Made, Moved
from voucher_rules.ledger.indicators.audit import CHECKS, audit
from voucher_rules.ledger.indicators.model import HOUR, Burst, Indicator, Settings
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.superseding import supersede

NAME: Final = "invented-voucher"


@pytest.fixture
def ledger() -> vr.Ledger:
    return open_ledger()


def find(ledger: vr.Ledger, code: str, **settings: Any) -> list[Indicator]:  # noqa: ANN401
    """Return the indicators of one code; all of them can be told, and as data."""
    found = audit(ledger.keeper, Settings(**settings))
    assert found == sorted(found, key=lambda x: (x.first, x.last, x.code, x.ruleset, x.entries))
    names = {entry.id for entry in ledger.entries}
    for item in found:
        assert set(item.entries) <= names
        assert "$" not in tell_indicator(item, "zh") + tell_indicator(item, "en")
        assert json.loads(json.dumps(data_of_indicator(item)))["code"] == item.code
    return [item for item in found if item.code == code]


def only(ledger: vr.Ledger, code: str, **settings: Any) -> Indicator:  # noqa: ANN401
    (found,) = find(ledger, code, **settings)
    return found


def import_into(ledger: vr.Ledger, *drafts: Draft) -> vr.Ledger:
    """Return a ledger over the same entries and some from elsewhere, past every door."""
    entries = list(ledger.entries)
    for draft in drafts:
        seq = len(entries) + 1
        at = draft.at.astimezone(UTC)
        known = max(at, entries[-1].known)
        entries.append(Entry(seq, f"e{seq}", at, known, draft.body, draft.corrects))
    store = MemoryStore()
    store.append(entries, 0)
    return vr.Ledger(load_invented(), store)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


def move(thing: str, event: str, at: str, **more: Any) -> Draft:  # noqa: ANN401
    corrects = more.pop("corrects", "")
    body = Moved(NAME, "1", "voucher", thing, event, **more)
    return Draft(moment(at), body, corrects=corrects)


def order_of(ledger: vr.Ledger, thing: str) -> str:
    return [
        entry.id
        for entry in ledger.entries
        if isinstance(entry.body, Moved)
        and (entry.body.thing, entry.body.event) == (thing, "order")
    ][-1]


def hold(ledger: vr.Ledger, thing: str, amount: str, at: datetime | str, **carried: str) -> None:
    """Open a voucher no decision was made about."""
    carries = {"enterprise": "E1", "provider": "P1", "category": "training", **carried}
    ledger.enter("voucher", thing, "order", at, amount=amount, carries=carries)
    ledger.enter("voucher", thing, "accept", at)


def settle(ledger: vr.Ledger, thing: str, invoice: str, at: str) -> vr.LedgerDecision:
    stated = {"invoice.amount": invoice, "invoice.issuer": "P1"}
    return ledger.decide("settle", stated, at, thing=thing)


def test_a_plain_ledger_shows_nothing(ledger: vr.Ledger) -> None:
    claim(ledger, "V1", "4万元", "2024-02-01T09:00")
    ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
    settle(ledger, "V1", "4万元", "2024-03-01T10:00")
    assert audit(ledger.keeper) == []


class TestUsedAboveGrant:
    @pytest.mark.parametrize(("fen", "told"), [(1_999_999, 0), (2_000_000, 0), (2_000_001, 1)])
    def test_an_opening_corrected_above_its_decision(
        self, ledger: vr.Ledger, fen: int, told: int
    ) -> None:
        made = claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        opening = next(x for x in ledger.entries if x.id == order_of(ledger, "V1"))
        assert isinstance(opening.body, Moved)
        more = {"carries": opening.body.carries, "decision": made.entry, "corrects": opening.id}
        imported = import_into(
            ledger,
            move("V1", "order", "2024-02-01T09:00", amount=fen, **more),
            move("V1", "accept", "2024-02-01T10:00"),
            move("V1", "settle", "2024-02-02T10:00"),
        )
        found = find(imported, "used_above_grant")
        assert len(found) == told
        for item in found:
            assert item.amounts["excess"].value == fen - 2_000_000
            assert item.entries == (made.entry, *(x.id for x in imported.entries[-3:]))

    @pytest.mark.parametrize(("fen", "told"), [(999_999, 0), (1_000_000, 0), (1_000_001, 1)])
    def test_a_move_above_the_decision_it_rests_on(
        self, ledger: vr.Ledger, fen: int, told: int
    ) -> None:
        claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        made = settle(ledger, "V1", "2万元", "2024-03-01T10:00")
        paid = ledger.entries[-1]
        assert isinstance(paid.body, Moved)
        more = {"decision": made.entry, "corrects": paid.id}
        imported = import_into(ledger, move("V1", "settle", "2024-03-01T10:00", amount=fen, **more))
        found = find(imported, "used_above_grant")
        assert [x.amounts["excess"].value for x in found] == [1] * told


class TestChangedSince:
    @pytest.mark.parametrize(
        ("at", "told"), [("09:59:59", True), ("10:00:00", False), ("10:00:01", False)]
    )
    def test_what_happened_before_a_decision_and_was_learnt_of_after(
        self, ledger: vr.Ledger, at: str, *, told: bool
    ) -> None:
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        made = claim(ledger, "V2", "7万元", "2024-02-01T10:00")
        assert find(ledger, "amount_changed_since") == []
        late = ledger.enter("voucher", "V1", "refuse", f"2024-02-01T{at}", known="2024-02-01T12:00")
        found = find(ledger, "amount_changed_since")
        assert bool(found) is told
        for item in found:
            assert item.entries == (made.entry, late.id)
            sums = {name: x.value for name, x in item.amounts.items()}
            assert sums == {"before": 2_000_000, "after": 3_500_000, "by": 1_500_000}
            assert item.notes == ()

    def test_a_late_event_that_makes_no_difference(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "2万元", "2024-02-01T09:00")
        claim(ledger, "V2", "4万元", "2024-02-01T10:00")
        ledger.enter("voucher", "V1", "refuse", "2024-02-01T09:30", known="2024-02-01T12:00")
        assert audit(ledger.keeper) == []

    def test_a_ban_learnt_of_later_changes_the_outcome(self, ledger: vr.Ledger) -> None:
        made = claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        carries = {"enterprise": "E1", "since": "2024-01-10", "until": "2027-01-10"}
        late = ledger.enter(
            "ban", "B1", "ban", "2024-01-10T09:00", carries=carries, known="2024-02-02T09:00"
        )
        item = only(ledger, "outcome_changed_since")
        assert item.entries == (made.entry, late.id)
        assert "不予" in tell_indicator(item, "zh")
        assert "denied" in tell_indicator(item, "en")

    def test_a_decision_made_anew_changes_those_that_rested_on_it(self, ledger: vr.Ledger) -> None:
        first = claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        made = claim(ledger, "V2", "7万元", "2024-02-01T10:00")
        at = "2024-02-01T09:00"
        carries = {"enterprise": "E1", "provider": "P1"}
        stated = facts("8万元", at)
        supersede(
            ledger.keeper,
            first.entry,
            ledger.request("claim", stated, at, thing="V1", carries=carries),
        )
        item = only(ledger, "amount_changed_since")
        assert item.entries == (made.entry, order_of(ledger, "V1"))
        assert item.amounts["by"].value == 1_000_000

    def test_a_withdrawn_entry_changes_what_rested_on_it(self, ledger: vr.Ledger) -> None:
        hold(ledger, "V1", "1万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "settle", "2024-02-01T09:10", amount="1万元")
        made = claim(ledger, "V2", "7万元", "2024-02-01T10:00")
        paid = next(x for x in ledger.entries if getattr(x.body, "event", "") == "settle")
        gone = ledger.withdraw(paid.id, "in error", "2024-02-03T09:00")
        item = only(ledger, "amount_changed_since")
        assert item.entries == (made.entry, gone.id)

    def test_an_entry_that_explains_nothing_is_said_to(self, ledger: vr.Ledger) -> None:
        """A decision from elsewhere that the ledger never bore out."""
        made = claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        body = next(x.body for x in ledger.entries if x.id == made.entry)
        assert isinstance(body, Made)
        stolen = Made(
            **{
                **{name: getattr(body, name) for name in body.__dataclass_fields__},
                "thing": "V9",
                "amounts": {"voucher.amount": 2_000_001},
            }
        )
        imported = import_into(ledger, Draft(moment("2024-02-01T09:30"), stolen))
        item = only(imported, "amount_changed_since")
        assert [note.code for note in item.notes] == ["no_late_entries"]

    def test_a_decision_under_another_ruleset_is_not_passed_over(self, ledger: vr.Ledger) -> None:
        made = claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        body = next(x.body for x in ledger.entries if x.id == made.entry)
        assert isinstance(body, Made)
        fields = {name: getattr(body, name) for name in body.__dataclass_fields__}
        other = Made(**{**fields, "thing": "V9", "digest": "sha256:0"})
        imported = import_into(ledger, Draft(moment("2024-02-01T09:30"), other))
        item = only(imported, "not_decided_again")
        assert [note.code for note in item.notes] == ["other_ruleset"]


class TestSplit:
    @staticmethod
    def open_two(ledger: vr.Ledger, price: str, second: str, **more: str) -> vr.Ledger:
        claim(ledger, "V1", price, "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        claim(ledger, "V2", price, second, **more)
        ledger.enter("voucher", "V2", "accept", second)
        return ledger

    @pytest.mark.parametrize(
        ("price", "gain"),
        [("39999.98元", 0), ("40000元", 0), ("40000.02元", 2), ("4.9万元", 900_000)],
    )
    def test_as_one_they_would_meet_the_cap(self, ledger: vr.Ledger, price: str, gain: int) -> None:
        found = find(self.open_two(ledger, price, "2024-02-20T09:00"), "split_under_a_cap")
        assert [x.amounts["gain"].value for x in found] == ([gain] if gain else [])
        for item in found:
            assert item.things == ("V1", "V2")
            assert item.amounts["whole"].value == 4_000_000

    @pytest.mark.parametrize(("second", "told"), [("2024-03-02", 1), ("2024-03-03", 0)])
    def test_days_apart(self, ledger: vr.Ledger, second: str, told: int) -> None:
        found = find(self.open_two(ledger, "4.9万元", f"{second}T09:00"), "split_under_a_cap")
        assert len(found) == told

    def test_what_was_given_back_is_no_part(self, ledger: vr.Ledger) -> None:
        self.open_two(ledger, "4.9万元", "2024-02-20T09:00")
        ledger.enter("voucher", "V2", "cancel", "2024-02-21T09:00")
        assert find(ledger, "split_under_a_cap") == []

    def test_what_a_cap_bound_already_is_no_part(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "8万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        claim(ledger, "V2", "1.9万元", "2024-02-03T09:00")
        ledger.enter("voucher", "V2", "accept", "2024-02-03T10:00")
        assert find(ledger, "split_under_a_cap") == []

    def test_another_enterprise_is_another_matter(self, ledger: vr.Ledger) -> None:
        self.open_two(ledger, "4.9万元", "2024-02-20T09:00", enterprise="E2")
        assert find(ledger, "split_under_a_cap") == []


class TestEdge:
    @pytest.mark.parametrize(
        ("price", "told"),
        [("79999.99元", 0), ("8万元", 1), ("80000.01元", 1), ("80000.02元", 0)],
    )
    def test_the_share_meets_the_cap(self, ledger: vr.Ledger, price: str, told: int) -> None:
        """The amount is rounded down to the fen, so that two contracts reach the cap just so."""
        claim(ledger, "V1", price, "2024-02-01T09:00")
        found = find(ledger, "exactly_at_a_cap")
        assert len(found) == told
        for item in found:
            assert item.amounts["amount"].value == 4_000_000
            assert item.arguments["limits"] == "half, lately_cap"


class TestRelated:
    @pytest.mark.parametrize(
        ("at", "told"), [("08:59:59", True), ("09:00:00", True), ("09:00:01", False)]
    )
    def test_both_sides_in_a_group_when_it_was_opened(
        self, ledger: vr.Ledger, at: str, *, told: bool
    ) -> None:
        ledger.relate("enterprise", "E1", "G", "2024-01-10T09:00")
        made = claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        ledger.relate("provider", "P1", "G", f"2024-02-01T{at}", known="2024-02-01T10:00")
        found = find(ledger, "related_parties")
        assert bool(found) is told
        for item in found:
            assert item.things == ("V1",)
            assert len(item.entries) == 3
            assert order_of(ledger, "V1") in item.entries
            assert made.entry not in item.entries

    def test_both_sides_in_a_group_when_it_was_used(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        ledger.relate("enterprise", "E1", "G", "2024-02-10T09:00")
        ledger.relate("provider", "P1", "G", "2024-02-10T09:00")
        assert find(ledger, "related_parties") == []
        settle(ledger, "V1", "4万元", "2024-03-01T10:00")
        assert only(ledger, "related_parties").arguments["group"] == "G"

    def test_who_left_the_group_is_related_no_more(self, ledger: vr.Ledger) -> None:
        for carried, party in (("enterprise", "E1"), ("provider", "P1")):
            ledger.relate(carried, party, "G", "2024-01-10T09:00")
        ledger.relate("provider", "P1", "", "2024-01-20T09:00")
        claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        assert find(ledger, "related_parties") == []

    def test_one_party_on_both_sides(self, ledger: vr.Ledger) -> None:
        hold(ledger, "V1", "1万元", "2024-02-01T09:00", enterprise="P1")
        assert only(ledger, "same_party").things == ("V1",)


class TestBursts:
    @pytest.mark.parametrize(
        ("third", "told"), [("09:59:59.999999", True), ("10:00:00", False), ("10:00:01", False)]
    )
    def test_more_than_so_many_within_the_time(
        self, ledger: vr.Ledger, third: str, *, told: bool
    ) -> None:
        for number, at in enumerate(("09:00:00", "09:30:00", third)):
            opened = moment(f"2024-02-01T{at}")
            hold(ledger, f"V{number}", "1000元", opened, enterprise=f"E{number}")
        found = find(ledger, "burst", bursts=(Burst(2, HOUR),))
        assert bool(found) is told
        for item in found:
            assert item.parties == (("provider", "P1"),)
            assert item.arguments["count"] == 3
            assert item.arguments["hours"] == "1"
        assert find(ledger, "burst", bursts=(Burst(3, HOUR),)) == []

    def test_runs_that_overlap_are_one(self, ledger: vr.Ledger) -> None:
        start = moment("2024-02-01T09:00")
        for number in range(9):
            at = (start + timedelta(minutes=20 * number)).isoformat()
            hold(ledger, f"V{number}", "1000元", at, enterprise=f"E{number}")
        item = only(ledger, "burst", bursts=(Burst(2, HOUR),))
        assert item.arguments["count"] == 9


class TestUsedInTime:
    @pytest.mark.parametrize(
        ("at", "told"),
        [("2025-02-01T23:59:59", False), ("2025-02-02T00:00:00", True), ("2025-02-03", True)],
    )
    def test_settled_after_the_window_of_its_state(
        self, ledger: vr.Ledger, at: str, *, told: bool
    ) -> None:
        claim(ledger, "V1", "4万元", "2024-02-01T09:00")
        ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
        imported = import_into(ledger, move("V1", "settle", at, amount=2_000_000))
        found = find(imported, "used_after_the_end")
        assert bool(found) is told
        for item in found:
            assert item.arguments["window"] == "settle.within_validity"
            assert str(item.arguments["last"]) == "2025-02-01"
            assert item.entries == (order_of(ledger, "V1"), imported.entries[-1].id)


class TestCaps:
    @pytest.mark.parametrize(("second", "excess"), [("2万元", 0), ("20000.01元", 1)])
    def test_the_cap_of_an_enterprise_counted_again(
        self, ledger: vr.Ledger, second: str, excess: int
    ) -> None:
        hold(ledger, "V1", "3万元", "2024-02-01T09:00")
        hold(ledger, "V2", second, "2024-12-31T23:59")
        found = find(ledger, "balance_above_cap")
        told = [(x.arguments["ref"], x.amounts["excess"].value) for x in found]
        assert told == ([("第三条", excess)] if excess else [])
        for item in found:
            assert item.parties == (("enterprise", "E1"),)
            assert item.things == ("V1", "V2")

    def test_another_year_has_its_own_cap(self, ledger: vr.Ledger) -> None:
        hold(ledger, "V1", "4万元", "2024-12-31T23:59")
        hold(ledger, "V2", "4万元", "2025-01-01T00:00")
        assert find(ledger, "balance_above_cap") == []

    @pytest.mark.parametrize(("last", "excess"), [("4万元", 0), ("40000.01元", 1)])
    def test_the_cap_of_a_provider_counts_the_one_decided_about(
        self, ledger: vr.Ledger, last: str, excess: int
    ) -> None:
        for number in range(4):
            at = f"2024-02-0{number + 1}T09:00"
            hold(ledger, f"V{number}", "4万元", at, enterprise=f"E{number}")
        hold(ledger, "V9", last, "2024-03-01T09:00", enterprise="E9")
        found = find(ledger, "balance_above_cap")
        assert [x.amounts["excess"].value for x in found] == ([excess] if excess else [])
        assert all(x.parties == (("provider", "P1"),) for x in found)

    def test_the_cap_of_a_group(self, ledger: vr.Ledger) -> None:
        for party in ("E1", "E2"):
            hold(ledger, f"V{party}", "40000.01元", "2024-02-01T09:00", enterprise=party)
        assert find(ledger, "balance_above_cap") == []
        for party in ("E1", "E2"):
            ledger.relate("enterprise", party, "G", "2024-03-01T09:00")
        item = only(ledger, "balance_above_cap")
        assert (item.amounts["cap"].value, item.amounts["excess"].value) == (8_000_000, 2)
        assert item.parties == (("enterprise", "E1"), ("enterprise", "E2"))

    @pytest.mark.parametrize(("price", "excess"), [("20000元", 0), ("20000.02元", 1)])
    def test_a_span_the_case_states_is_counted_again_as_it_was_asked(
        self, ledger: vr.Ledger, price: str, excess: int
    ) -> None:
        hold(ledger, "V1", "5万元", "2024-12-01T09:00")
        stated = {**facts(price, "2025-01-10T09:00"), "term.opens": "2024-06-01"}
        stated["term.closes"] = "2025-05-31"
        carries = {"enterprise": "E1", "provider": "P1"}
        ledger.decide("claim", stated, "2025-01-10T09:00", thing="V2", carries=carries)
        order = next(x for x in ledger.entries if x.id == order_of(ledger, "V2"))
        assert isinstance(order.body, Moved)
        assert order.body.amount == 1_000_000
        more = {"carries": order.body.carries, "corrects": order.id}
        imported = import_into(
            ledger, move("V2", "order", "2025-01-10T09:00", amount=1_000_000 + excess, **more)
        )
        found = find(imported, "balance_above_cap")
        told = [(x.amounts["cap"].value, x.amounts["excess"].value) for x in found]
        assert told == ([(6_000_000, excess)] if excess else [])

    @pytest.mark.parametrize("category", ["training", "testing"])
    def test_a_cap_with_a_condition_is_asked_only_where_it_held(
        self, ledger: vr.Ledger, category: str
    ) -> None:
        hold(ledger, "V1", "40000.01元", "2024-02-01T09:00", category=category)
        ledger.enter("voucher", "V1", "settle", "2024-02-02T09:00", amount="40000.01元")
        assert find(ledger, "balance_above_cap") == []
        claim(ledger, "V2", "1万元", "2024-02-03T09:00")
        found = [
            x for x in find(ledger, "balance_above_cap") if x.amounts["cap"].value == 4_000_000
        ]
        assert len(found) == (category == "training")


class TestTwice:
    @staticmethod
    def open_both(folder: Path) -> vr.Ledger:
        """Return a ledger of the invented measure and of one whose grants name a provider."""
        text = (FOLDER / "invented-grant" / "1.yaml").read_text(encoding="utf-8")
        carried = "      enterprise: {label: {zh: 企业, en: enterprise}}\n"
        assert carried in text
        text = text.replace(
            carried, f"{carried}      provider: {{label: {{zh: 机构, en: provider}}}}\n"
        )
        path = folder / "invented-grant" / "1.yaml"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        return vr.Ledger([load_invented(), vr.load(path)])

    @pytest.mark.parametrize(
        ("provider", "day", "told"),
        [("P1", "2024-03-02", 1), ("P1", "2024-03-03", 0), ("P2", "2024-02-01", 0)],
    )
    def test_the_same_service_under_two_rulesets(
        self, tmp_path: Path, provider: str, day: str, told: int
    ) -> None:
        ledger = self.open_both(tmp_path)
        voucher = {"enterprise": "E1", "provider": "P1", "category": "training"}
        grant = {"enterprise": "E1", "provider": provider}
        more: dict[str, Any] = {"ruleset": NAME}
        ledger.enter(
            "voucher", "V1", "order", "2024-02-01T09:00", amount="1万元", carries=voucher, **more
        )
        ledger.enter("voucher", "V1", "accept", "2024-02-01T09:00", **more)
        at = f"{day}T09:00"
        more = {"ruleset": "invented-grant"}
        ledger.enter("voucher", "V1", "grant", at, amount="2万元", carries=grant, **more)
        found = find(ledger, "paid_under_several", double_days=30)
        assert len(found) == told
        for item in found:
            assert item.amounts["invented-grant"].value == 2_000_000
            assert item.amounts[NAME].value == 1_000_000
        ledger.enter("voucher", "V1", "withdraw", f"{day}T10:00", **more)
        assert find(ledger, "paid_under_several", double_days=30) == []


class TestWords:
    def test_nothing_is_said_of_why(self) -> None:
        for pair in TEXTS.values():
            for text in pair:
                assert not re.search("fraud|deceit|cheat|欺诈|骗|造假|舞弊", text, re.IGNORECASE)

    def test_both_languages_tell_the_same(self) -> None:
        for code, (zh, en) in TEXTS.items():
            slots = [sorted(re.findall(r"\$(\w+)", text)) for text in (zh, en)]
            assert slots[0] == slots[1], code

    def test_every_code_has_its_line_in_the_reference(self) -> None:
        page = Path(__file__).parents[2] / "docs" / "reference" / "indicators.md"
        rows = [x for x in page.read_text(encoding="utf-8").splitlines() if x.startswith("| `")]
        told = {code for row in rows for code in re.findall("`([a-z_]+)`", row.split(" | ")[0])}
        names = set(Settings.__dataclass_fields__)
        assert told - names == {code for code in TEXTS if not code.startswith("note.")}
        assert names <= told

    def test_money_is_text_in_data(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "8万元", "2024-02-01T09:00")
        data = data_of_indicator(only(ledger, "exactly_at_a_cap"))
        assert data["amounts"] == {"amount": {"amount": "40000.00", "currency": "CNY"}}
        assert Decimal(data["amounts"]["amount"]["amount"]) == 40000
        assert data["text"]["zh"] == tell_indicator(only(ledger, "exactly_at_a_cap"), "zh")

    def test_checks_are_a_list_to_choose_from(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "8万元", "2024-02-01T09:00")
        assert audit(ledger.keeper, checks=CHECKS[:1]) == []
        assert len(audit(ledger.keeper, checks=CHECKS)) == 1

    def test_auditing_enters_nothing(self, ledger: vr.Ledger) -> None:
        claim(ledger, "V1", "8万元", "2024-02-01T09:00")
        before = ledger.entries
        audit(ledger.keeper)
        assert ledger.entries == before
