"""Comes in: files of events. Goes out: a failure where one is entered in part, or told wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented import claim, load_invented, open_ledger

import voucher_rules as vr
from voucher_rules.ledger.entries import Moved

HEAD = "ruleset: invented-voucher\nevents:\n"
PAY_IN = (
    "  - {at: 2024-01-02T09:00, lifecycle: deposit, thing: D1, event: pay_in,"
    " amount: 2000 USD, carries: {provider: P1}}\n"
)


def write(folder: Path, text: str, name: str = "events.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusals(error: vr.InputError | vr.LedgerError) -> list[tuple[str, int | None]]:
    return [(x.code, x.span.line if x.span else None) for x in error.diagnostics]


class TestWhatAFileSays:
    def test_every_kind_of_entry_is_entered(self, tmp_path: Path) -> None:
        path = write(
            tmp_path,
            HEAD
            + PAY_IN
            + "  - {at: 2024-01-03T09:00, pool: funds, amount: 1, day: 2024-05-01,"
            + " envelope: {category: training}, added: true}\n"
            + "  - {at: 2024-01-04T09:00, carried: enterprise, party: E1, group: G}\n"
            + "  - {at: 2024-01-05T09:00, lifecycle: deposit, thing: D1, event: pay_back,"
            + " amount: 500, source: paid_in, because: asked for, id: back}\n"
            + "  - {at: 2024-01-06T09:00, withdraws: back, because: a slip}\n",
        )
        ledger = vr.Ledger(load_invented())
        bodies = [entry.body for entry in ledger.enter_file(path)]
        assert [type(body).__name__ for body in bodies] == [
            "Moved",
            "Budgeted",
            "Grouped",
            "Moved",
            "Withdrawn",
        ]
        moved, put, joined, back, slip = bodies
        assert isinstance(moved, vr.Moved)
        assert (moved.amount, moved.carries) == (200000, {"provider": "P1"})
        assert isinstance(put, vr.Budgeted)
        assert (put.amount, put.added, put.envelope) == (100, True, {"category": "training"})
        assert joined == vr.Grouped("enterprise", "E1", "G")
        assert isinstance(back, vr.Moved)
        assert (back.amount, back.source, back.because) == (50000, "paid_in", "asked for")
        assert slip == vr.Withdrawn("a slip")
        assert ledger.entries[-1].corrects == "back"
        held = ledger.find("deposit", "D1")
        assert held is not None
        assert [(lot.state, lot.amount) for lot in held.lots] == [("paid_in", 200000)]

    def test_json_says_the_same(self, tmp_path: Path) -> None:
        text = (
            '{"ruleset": "invented-voucher", "events": [{"at": "2024-01-02T09:00",'
            ' "lifecycle": "deposit", "thing": "D1", "event": "pay_in", "amount": 2000,'
            ' "carries": {"provider": "P1"}}]}'
        )
        one, other = vr.Ledger(load_invented()), vr.Ledger(load_invented())
        one.enter_file(write(tmp_path, text, "events.json"))
        other.enter_file(write(tmp_path, HEAD + PAY_IN))
        assert one.entries == other.entries

    def test_when_it_became_known_stands_in_the_file_or_is_told_beside_it(
        self, tmp_path: Path
    ) -> None:
        path = write(tmp_path, "known: 2024-03-01T08:00\n" + HEAD + PAY_IN)
        for known, found in [(None, "2024-03-01T00:00"), ("2024-04-01T08:00", "2024-04-01T00:00")]:
            (entry,) = vr.Ledger(load_invented()).enter_file(path, known=known)
            assert entry.known.isoformat().startswith(found)
        (entry,) = vr.Ledger(load_invented()).enter_file(write(tmp_path, HEAD + PAY_IN))
        assert entry.known == entry.at

    def test_where_there_are_several_rulesets_one_is_named(self, tmp_path: Path) -> None:
        folder = Path(__file__).parent / "rulesets"
        several = vr.Ledger([load_invented(), vr.load("invented-grant", folders=[folder])])
        path = write(tmp_path, "events:\n" + PAY_IN)
        with pytest.raises(vr.InputError) as caught:
            several.enter_file(path)
        assert refusals(caught.value) == [("missing-key", 2)]
        named = PAY_IN.replace("thing:", "ruleset: invented-voucher, thing:")
        several.enter_file(write(tmp_path, "events:\n" + named))
        assert len(several.entries) == 1

    def test_the_one_meant_where_the_file_names_none_may_be_told(self, tmp_path: Path) -> None:
        folder = Path(__file__).parent / "rulesets"
        several = vr.Ledger([load_invented(), vr.load("invented-grant", folders=[folder])])
        path = write(tmp_path, "events:\n" + PAY_IN)
        (draft,) = several.read_events(path, ruleset="invented-voucher")
        (entry,) = several.enter_file(path, ruleset="invented-voucher")
        assert draft.body == entry.body
        assert isinstance(entry.body, Moved)
        assert entry.body.ruleset == "invented-voucher"
        with pytest.raises(vr.LedgerError) as caught:
            several.enter_file(path, ruleset="invented-vouchers")
        assert [item.code for item in caught.value.diagnostics] == ["unknown-ledger-ruleset"]


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("lifecycle: deposits, thing: D1, event: pay_in", "unknown-lifecycle"),
            ("lifecycle: deposit, thing: D1, event: pay_inn", "unknown-event"),
            ("lifecycle: deposit, thing: D1, event: pay_in, amount: 2000元", "unit-unknown"),
            (
                "lifecycle: deposit, thing: D1, event: pay_in, amount: 0.001",
                "finer-than-minor-unit",
            ),
            ("lifecycle: deposit, event: pay_in", "missing-key"),
            ("lifecycle: deposit, thing: D1", "one-of-keys"),
            ("lifecycle: deposit, thing: D1, event: pay_in, pool: funds", "one-of-keys"),
            ("lifecycle: deposit, thing: D1, event: pay_in, day: 2024-01-01", "key-of-other-kind"),
            ("lifecycle: deposit, thing: D1, event: pay_in, amout: 1", "unknown-key"),
            ("pool: fund, amount: 1, day: 2024-01-01", "unknown-pool"),
            ("pool: funds, amount: 1, day: 2024-13-01", "no-such-day"),
            ("pool: funds, amount: 1, day: 2024-01-01, added: yes", "not-a-boolean"),
            ("carried: company, party: E1, group: G", "unknown-carried"),
            ("withdraws: e1", "missing-key"),
            ("withdraws: e1, because: x, ruleset: other", "unknown-ledger-ruleset"),
        ],
    )
    def test_a_mistake_is_told_at_its_line(self, tmp_path: Path, line: str, code: str) -> None:
        ledger = vr.Ledger(load_invented())
        path = write(tmp_path, f"{HEAD}{PAY_IN}  - {{at: 2024-01-03T09:00, {line}}}\n")
        with pytest.raises(vr.InputError) as caught:
            ledger.enter_file(path)
        assert (code, 4) in refusals(caught.value)
        assert ledger.entries == ()

    def test_every_mistake_is_told_at_once(self, tmp_path: Path) -> None:
        text = (
            HEAD + PAY_IN.replace("pay_in,", "paid,") + PAY_IN.replace("2024-01-02T09:00", "soon")
        )
        with pytest.raises(vr.InputError) as caught:
            vr.Ledger(load_invented()).enter_file(write(tmp_path, text))
        assert refusals(caught.value) == [("unknown-event", 3), ("not-an-instant", 4)]

    def test_in_json_a_mistake_is_told_by_its_path(self, tmp_path: Path) -> None:
        text = '{"events": [{"at": "2024-01-02T09:00", "lifecycle": "deposits", "thing": "D1",'
        text += ' "event": "pay_in"}]}'
        path = write(tmp_path, text, "events.json")
        with pytest.raises(vr.InputError) as caught:
            vr.Ledger(load_invented()).enter_file(path)
        assert caught.value.diagnostics[0].path == f"{path}: events.0.lifecycle"

    def test_a_file_without_events_or_without_a_file_is_refused(self, tmp_path: Path) -> None:
        for text in ("events: []\n", "ruleset: invented-voucher\n"):
            with pytest.raises(vr.InputError):
                vr.Ledger(load_invented()).enter_file(write(tmp_path, text))
        with pytest.raises(vr.InputError, match="file-not-found"):
            vr.Ledger(load_invented()).enter_file(tmp_path / "none.yaml")


class TestAllOrNone:
    def test_what_the_history_does_not_allow_is_told_at_its_line_and_nothing_is_entered(
        self, tmp_path: Path
    ) -> None:
        ledger = open_ledger()
        before = ledger.entries
        text = (
            HEAD
            + PAY_IN.replace("D1", "D2")
            + "  - {at: 2024-01-09T09:00, lifecycle: deposit, thing: D9, event: pay_back}\n"
        )
        with pytest.raises(vr.LedgerError) as caught:
            ledger.enter_file(write(tmp_path, text))
        assert refusals(caught.value) == [("thing-not-opened", 4)]
        assert ledger.entries == before

    def test_what_lapsed_in_between_is_entered_in_between(self, tmp_path: Path) -> None:
        """V1 is accepted in time and V2 is not; a later event must not make V1 lapse first."""
        ledger = open_ledger()
        claim(ledger, "V1", "2万元", "2024-02-01T09:00")
        claim(ledger, "V2", "2万元", "2024-02-01T10:00")
        text = (
            HEAD
            + "  - {at: 2024-03-01T09:00, lifecycle: voucher, thing: V1, event: cancel}\n"
            + "  - {at: 2024-02-03T09:00, lifecycle: voucher, thing: V1, event: accept}\n"
        )
        entered = ledger.enter_file(write(tmp_path, text))
        told = [(x.body.thing, x.body.event) for x in entered if isinstance(x.body, vr.Moved)]
        assert told == [("V1", "accept"), ("V2", "time_out"), ("V1", "cancel")]
        assert [x.seq for x in entered] == [x.seq for x in ledger.entries[-3:]]

    def test_it_is_one_batch_of_the_file_it_is_stored_in(self, tmp_path: Path) -> None:
        store = tmp_path / "v.jsonl"
        with vr.Ledger(load_invented(), store) as ledger:
            text = HEAD + PAY_IN + PAY_IN.replace("D1", "D2")
            ledger.enter_file(write(tmp_path, text))
        assert len(store.read_text(encoding="utf-8").splitlines()) == 2
        with vr.Ledger(load_invented(), store) as again:
            assert [entry.id for entry in again.entries] == ["e1", "e2"]
