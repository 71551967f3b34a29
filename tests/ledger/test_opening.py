"""Comes in: paths of ledgers. Goes out: a failure where one is not kept, or misread."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from invented import FOLDER, claim, facts, load_invented, read_alone

import voucher_rules as vr
from voucher_rules.ledger.funds import list_funds


def fill(ledger: vr.Ledger) -> None:
    ledger.enter("admission", "P1", "admit", "2024-01-05T10:00", carries={"provider": "P1"})
    ledger.budget(
        "funds", "4万元", "2024-01-01", "2024-01-06T09:00", envelope={"category": "training"}
    )
    claim(ledger, "V1", "6万元", "2024-02-01T09:00")


class TestPaths:
    @pytest.mark.parametrize("name", ["v.jsonl", "v.sqlite", "v.db", "V.JSONL"])
    def test_a_ledger_is_made_and_found_again(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        with vr.Ledger(load_invented(), path) as ledger:
            fill(ledger)
            entries = ledger.entries
        with vr.Ledger(load_invented(), str(path), read_only=True) as again:
            assert again.entries == entries
            with pytest.raises(vr.StoreError, match="store-read-only"):
                again.enter("voucher", "V1", "refuse", "2024-02-01T10:00")

    @pytest.mark.parametrize("name", ["v.json", "v", "v.txt"])
    def test_a_suffix_that_says_nothing_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(vr.StoreError, match="store-suffix-unknown"):
            vr.Ledger(load_invented(), tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_what_is_only_read_is_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(vr.StoreError, match="file-not-found"):
            vr.Ledger(load_invented(), tmp_path / "v.jsonl", read_only=True)
        assert list(tmp_path.iterdir()) == []

    def test_a_ledger_needs_rulesets(self, tmp_path: Path) -> None:
        with pytest.raises(vr.LedgerError, match="ledger-without-rulesets"):
            vr.Ledger([], tmp_path / "v.jsonl")
        assert list(tmp_path.iterdir()) == []

    def test_a_ledger_whose_entries_do_not_fit_is_let_go_of(self, tmp_path: Path) -> None:
        """Its lock is not kept: the next to open it can."""
        with vr.Ledger(load_invented(), tmp_path / "v.jsonl") as ledger:
            fill(ledger)
        other = vr.load("invented-grant", folders=[FOLDER])
        with pytest.raises(vr.LedgerError, match="unknown-ledger-ruleset"):
            vr.Ledger(other, tmp_path / "v.jsonl")
        vr.Ledger(load_invented(), tmp_path / "v.jsonl").close()


class TestWhatStands:
    def test_history_is_what_stood_then_by_what_is_known(self) -> None:
        ledger = vr.Ledger(load_invented())
        fill(ledger)
        ledger.enter("voucher", "V1", "refuse", "2024-02-01T10:00", known="2024-02-02T08:00")
        key = ("invented-voucher", "voucher", "V1")

        def state(at: str | None = None, known: str | None = None) -> str:
            return ledger.history(at, known=known).things[key].lots[0].state

        assert state() == "refused"
        assert state("2024-02-01T09:59:59") == "ordered"
        assert state("2024-02-01T10:00") == "refused"
        assert state(known="2024-02-02T07:59") == "ordered"
        assert key not in ledger.history("2024-02-01T08:59").things

    def test_money_is_told_by_span_and_envelope(self) -> None:
        ledger = vr.Ledger(load_invented())
        fill(ledger)
        ledger.budget(
            "funds", 7, "2025-06-01", "2024-02-01T09:00", envelope={"category": "testing"}
        )
        told = [
            (str(x.first), str(x.last), dict(x.envelope), x.state and (x.state.put, x.state.taken))
            for x in ledger.funds()
        ]
        assert told == [
            ("2024-01-01", "2024-12-31", {"category": "training"}, (4000000, 3000000)),
            ("2025-01-01", "2025-12-31", {"category": "testing"}, (700, 0)),
        ]
        before = ledger.funds(ledger.history("2024-01-31T09:00"))
        assert [x.state and x.state.left for x in before] == [4000000]

    def test_money_nobody_set_is_told_where_it_is_taken(self) -> None:
        ledger = vr.Ledger(load_invented())
        ledger.enter("admission", "P1", "admit", "2024-01-05T10:00", carries={"provider": "P1"})
        claim(ledger, "V1", "6万元", "2024-02-01T09:00")
        (fund,) = list_funds(ledger.history(), ledger.keeper.shelf)
        assert fund.state is not None
        assert (fund.state.put, fund.state.taken, fund.state.left) == (None, 3000000, None)


class TestTrails:
    def test_a_decision_tells_what_its_balances_are_made_of(self) -> None:
        ledger = vr.Ledger(load_invented())
        fill(ledger)
        second = claim(ledger, "V2", "1万元", "2024-02-01T12:00")
        claim(ledger, "V3", "1万元", "2024-02-01T13:00")
        trails = {trail.rested.name: trail for trail in second.decision.trails}
        (lot,) = trails["ledger.used_this_year"].found
        assert (lot.thing.id, lot.lot.amount) == ("V1", 3000000)
        assert trails["enterprise.barred_until"].found == ()
        data = {item["name"]: item for item in second.decision.to_data()["balances"]}
        assert data["ledger.used_this_year"]["value"] == "30000.00"
        assert data["ledger.used_this_year"]["lots"][0]["entries"] == ["e4"]

    @pytest.mark.parametrize(
        ("language", "told"),
        [
            ("en", "voucher V1: CNY 30,000, ordered since 2024-02-01T09:00:00+08:00 (entry e4)"),
            ("zh", "服务券 V1：30,000元，自 2024-02-01T09:00:00+08:00 起已下单（条目 e4）"),
        ],
    )
    @pytest.mark.parametrize("form", ["text", "markdown", "html"])
    def test_every_form_tells_the_entries_behind_a_balance(
        self, language: str, told: str, form: str
    ) -> None:
        ledger = vr.Ledger(load_invented())
        fill(ledger)
        made = claim(ledger, "V2", "1万元", "2024-02-01T12:00")
        shown = made.decision.explain(language, form)
        assert told in unescape(re.sub("<[^>]*>", "", shown) if form == "html" else shown)

    def test_a_fact_from_the_ledger_is_told_as_such(self) -> None:
        ledger = vr.Ledger(load_invented())
        fill(ledger)
        made = claim(ledger, "V2", "1万元", "2024-02-01T12:00")
        en = made.decision.explain("en", "text", trace=True)
        assert "taken up by the enterprise this year: CNY 30,000 (from the ledger)" in en
        assert "企业本年度已占用：30,000元（由台账提供）" in made.decision.explain(trace=True)

    def test_what_is_only_considered_is_told_by_what_was_known(self) -> None:
        ledger = vr.Ledger(load_invented())
        fill(ledger)
        ledger.enter("voucher", "V1", "refuse", "2024-02-01T10:00", known="2024-02-02T08:00")
        at = "2024-02-01T12:00"
        for known, count in [("2024-02-01T13:00", 1), (None, 0)]:
            made = ledger.consider(
                "claim",
                facts("1万元", at),
                at,
                known=known,
                thing="V2",
                carries={"enterprise": "E1", "provider": "P1"},
            )
            trails = {trail.rested.name: trail for trail in made.decision.trails}
            assert len(trails["ledger.used_this_year"].found) == count

    def test_a_decision_made_again_does_not_rest_on_what_followed_from_the_first(self) -> None:
        ledger = vr.Ledger(load_invented())
        fill(ledger)
        (first,) = [x.id for x in ledger.entries if isinstance(x.body, vr.Made)]
        again = ledger.decide_again(first, {"contract.amount": "2万元"})
        assert ledger.rested_on(again.entry)["ledger.used_this_year"] == ()
        assert {len(trail.found) for trail in again.decision.trails} <= {0, 1}

    def test_without_a_ledger_there_are_none(self) -> None:
        made = load_invented().decide("claim", {}, on="2024-02-01")
        assert made.trails == ()
        assert made.to_data()["balances"] == []


class TestDeadlinesNotKnown:
    def test_what_is_missing_is_named(self, tmp_path: Path) -> None:
        """The window opens with the claim, and of a voucher entered by hand no claim is known."""
        text = read_alone()
        changed = text.replace("window: {opens: order.at,", "window: {opens: claim.at,")
        changed = "\n".join(
            x for x in changed.splitlines() if not x.strip().startswith("order.at:")
        )
        (tmp_path / "1.yaml").write_text(changed, encoding="utf-8")
        ledger = vr.Ledger(vr.load(tmp_path / "1.yaml"))
        fill(ledger)
        carries = {"enterprise": "E2", "provider": "P1", "category": "training"}
        moment = "2024-02-01T09:00"
        ledger.enter("voucher", "V9", "order", moment, amount=1, carries=carries)
        told = [(due.thing.id, due.event, due.missing) for due in ledger.calendar()]
        assert told == [
            ("V1", "accept", ()),
            ("V1", "time_out", ()),
            ("V9", "accept", ("claim.at",)),
            ("V9", "time_out", ("claim.at",)),
        ]
        assert [x.unknown for x in ledger.calendar("2030-01-01")] == [True, True]
