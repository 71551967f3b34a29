"""Comes in: clocks, corrections and names that go wrong. Goes out: a failure where a ledger does.

Each test is a life that once blocked a ledger, or made it answer wrongly without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from invented import FOLDER, claim, facts, load_invented, load_text, open_ledger, read_alone

import voucher_rules as vr
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.ledger.allocating import Queue
from voucher_rules.ledger.entries import Made, Moved
from voucher_rules.ledger.history import fold
from voucher_rules.ledger.shelf import shelve
from voucher_rules.ledger.stating import restate_facts, state_facts
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.sources.files import read_source

ZONE = timezone(timedelta(hours=8))
VOUCHER = {"enterprise": "E1", "provider": "P1", "category": "training"}


def find_entry(ledger: vr.Ledger, event: str) -> vr.Entry:
    """Return the last entry of an event."""
    return [x for x in ledger.entries if isinstance(x.body, Moved) and x.body.event == event][-1]


def tell_states(ledger: vr.Ledger, thing: str) -> list[tuple[str, int]]:
    found = ledger.find("voucher", thing)
    assert found is not None
    return [(lot.state, lot.amount) for lot in found.lots]


def tell_codes(caught: pytest.ExceptionInfo[Any]) -> list[str]:
    return [item.code for item in caught.value.diagnostics]


@pytest.mark.parametrize("clock", ["2024-02-28T09:00", "2024-01-01T09:00"])
def test_what_lies_ahead_of_the_clock_is_considered_with_what_lapses_by_then(
    tmp_path: Path, clock: str
) -> None:
    path = tmp_path / "ledger.jsonl"
    with vr.Ledger(load_invented(), path) as made:
        for entry in open_ledger().entries:
            made.keeper.store.append([entry], entry.seq - 1)
        made.keeper.refresh()
        claim(made, "V1", "8万元", "2024-02-28T09:00")
    now = datetime.fromisoformat(clock).replace(tzinfo=ZONE)
    with vr.Ledger(load_invented(), path, clock=lambda: now) as ledger:
        at = "2024-06-01T09:00"
        carries = {"enterprise": "E1", "provider": "P1"}
        answer = ledger.consider("claim", facts("8万元", at), at, thing="V2", carries=carries)
    used = {item.name: item.value for item in answer.balances}["ledger.used_this_year"]
    assert used == "0.00"


def test_deciding_again_counts_what_lapsed_by_then_as_lapsed() -> None:
    ledger = open_ledger()
    claim(ledger, "V1", "8万元", "2024-02-01T09:00")
    cut = claim(ledger, "V2", "8万元", "2024-02-01T10:00")
    assert tell_states(ledger, "V2") == [("ordered", 1_000_000)]
    again = ledger.decide_again(cut.entry, at="2024-02-10T09:00")
    used = {item.name: item.value for item in again.balances}["ledger.used_this_year"]
    assert used == "0.00"
    assert ledger.rested_on(again.entry)["ledger.used_this_year"] == ()


def test_a_correction_that_moves_a_window_into_the_past_blocks_nothing() -> None:
    ledger = open_ledger()
    claim(ledger, "V1", "1万元", "2024-02-01T09:00")
    ledger.enter("voucher", "V1", "accept", "2024-02-02T09:00")
    order = find_entry(ledger, "order").id
    earlier = "2023-01-31T09:00"
    ledger.enter("voucher", "V1", "order", earlier, amount=5000, carries=VOUCHER, corrects=order)
    assert tell_states(ledger, "V1") == [("accepted", 500_000)]
    claim(ledger, "V2", "1万元", "2024-03-01T09:00")
    assert tell_states(ledger, "V1") == [("expired", 500_000)]
    assert find_entry(ledger, "expire").at == datetime(2024, 2, 2, 1, tzinfo=UTC)


def test_withdrawing_what_a_lapse_hangs_on_takes_the_lapse_back() -> None:
    ledger = open_ledger()
    claim(ledger, "V1", "1万元", "2024-02-01T09:00")
    accepted = ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
    ledger.lapse("2025-03-01T00:00")
    assert tell_states(ledger, "V1") == [("expired", 500_000)]
    ledger.withdraw(accepted.id, "entered by mistake", "2025-03-02T09:00")
    ledger.lapse("2025-03-02T09:00")
    assert tell_states(ledger, "V1") == [("timed_out", 500_000)]


def test_a_ledger_of_another_ruleset_is_refused_also_where_it_holds_decisions_alone(
    tmp_path: Path,
) -> None:
    path, at = tmp_path / "ledger.jsonl", "2024-02-01T09:00"
    with vr.Ledger(load_invented(), path) as ledger:
        claim(ledger, "V1", "1万元", at)
        assert len(ledger.entries) == 1
    with pytest.raises(vr.LedgerError) as caught:
        vr.Ledger(vr.load("invented-grant", folders=[FOLDER]), path)
    assert tell_codes(caught) == ["unknown-ledger-ruleset"]


@pytest.mark.parametrize("name", ["e7", "e8"])
def test_a_name_that_looks_like_one_of_the_ledgers_own_stands_in_no_ones_way(name: str) -> None:
    ledger = open_ledger()
    claim(ledger, "V1", "1万元", "2024-02-01T09:00")
    claim(ledger, "V2", "1万元", "2024-02-02T09:00", name="e8" if name == "e7" else "e10")
    claim(ledger, "V3", "1万元", "2024-02-02T10:00")
    claim(ledger, "V4", "1万元", "2024-02-02T11:00")
    names = [entry.id for entry in ledger.entries]
    assert len(set(names)) == len(names)
    assert {x.id for x in ledger.entries if x.body == find_entry(ledger, "order").body}


def test_money_is_put_into_envelopes_that_exist() -> None:
    ledger = open_ledger()
    with pytest.raises(vr.LedgerError) as caught:
        ledger.budget(
            "funds", 5, "2024-01-01", "2024-01-06T09:00", envelope={"category": "traning"}
        )
    assert tell_codes(caught) == ["carried-not-an-option"]


@pytest.mark.parametrize(
    ("opens", "closes", "outcome"),
    [
        ("2024-02-01", "2024-02-02", "granted"),
        ("2024-02-01", "2024-02-01", "granted"),
        ("2024-02-02", "2024-02-01", "undetermined"),
    ],
)
def test_a_span_that_ends_before_it_begins_is_no_span(
    opens: str, closes: str, outcome: str
) -> None:
    ledger, at = open_ledger(), "2024-02-01T09:00"
    stated = facts("8万元", at) | {"term.opens": opens, "term.closes": closes}
    carries = {"enterprise": "E1", "provider": "P1"}
    answer = ledger.consider("claim", stated, at, thing="V1", carries=carries)
    assert answer.decision.outcome == outcome


def test_a_moment_stated_to_a_part_of_a_second_is_stated_again_alike() -> None:
    ledger = open_ledger()
    stated = facts("1万元", "2024-02-01T09:00")
    stated["claim.at"] = datetime(2024, 2, 1, 9, 0, 0, 123, tzinfo=ZONE)
    carries = {"enterprise": "E1", "provider": "P1"}
    made = ledger.decide("claim", stated, "2024-02-01T09:00", thing="V1", carries=carries)
    ledger.decide_again(made.entry)
    ledger.lapse("2024-02-10T09:00")
    assert tell_states(ledger, "V1") == [("timed_out", 500_000)]


def test_deciding_again_may_state_another_day() -> None:
    ledger = open_ledger()
    stated = facts("1万元", "2024-02-01T09:00") | {"claim.date": "2024-02-01"}
    carries = {"enterprise": "E1", "provider": "P1"}
    made = ledger.decide("claim", stated, "2024-02-01T09:00", thing="V1", carries=carries)
    again = ledger.decide_again(made.entry, {"claim.date": "2024-02-05"}, at="2024-02-05T09:00")
    (made_again,) = (x.body for x in ledger.entries if x.id == again.entry)
    assert isinstance(made_again, Made)
    assert str(made_again.day) == "2024-02-05"


def test_things_of_one_name_that_belong_to_different_parties_are_not_mixed_up() -> None:
    ledger = open_ledger()
    carries = VOUCHER | {"provider": "P2"}
    ledger.enter("voucher", "P1", "order", "2024-02-01T09:00", amount=100, carries=carries)
    ledger.enter("voucher", "P1", "accept", "2024-02-01T10:00")
    stated = {
        "settlement.date": "2024-02-02",
        "invoice.amount": "100元",
        "invoice.issuer": "P2",
    }
    with pytest.raises(vr.InputError) as caught:
        ledger.decide("settle", stated, "2024-02-02T09:00", thing="P1")
    assert tell_codes(caught) == ["carried-otherwise"]


def enter_deposit(ledger: vr.Ledger, **changes: Any) -> vr.Entry:  # noqa: ANN401
    """Enter a deposit with one thing about it changed."""
    stated: dict[str, Any] = {"amount": 1, "carries": {"provider": "P1"}, **changes}
    names = [stated.pop(key, word) for key, word in DEPOSIT.items()]
    return ledger.enter(*names, **stated)


DEPOSIT = {"lifecycle": "deposit", "thing": "D9", "event": "pay_in", "at": "2024-01-06T09:00"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": Decimal("NaN")}, "not-finite"),
        ({"amount": Decimal("sNaN")}, "not-finite"),
        ({"amount": Decimal("-Infinity")}, "not-finite"),
        ({"amount": 10**16}, "entry-number-too-long"),
        ({"carries": {"provider": 5}}, "entry-wrong-value"),
        ({"carries": {5: "P1"}}, "entry-wrong-value"),
        ({"thing": 5}, "entry-wrong-value"),
        ({"event": None}, "entry-wrong-value"),
        ({"lifecycle": None}, "entry-wrong-value"),
        ({"at": datetime(1989, 12, 31, 23, tzinfo=UTC)}, "out-of-range"),
        ({"at": datetime(2101, 1, 1, tzinfo=UTC)}, "out-of-range"),
        ({"at": datetime.max.replace(tzinfo=timezone(timedelta(hours=-8)))}, "out-of-range"),
    ],
)
def test_what_is_no_entry_is_refused_with_a_code(changes: dict[str, Any], code: str) -> None:
    ledger = open_ledger()
    before = ledger.entries
    with pytest.raises(vr.VoucherRulesError) as caught:
        enter_deposit(ledger, **changes)
    assert tell_codes(caught) == [code]
    assert ledger.entries == before


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 10**16 - 1},
        {"at": datetime(2100, 12, 31, 23, 59, 59, tzinfo=ZONE)},
        {"at": datetime(2024, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12)))},
    ],
)
def test_what_is_just_inside_is_entered(changes: dict[str, Any]) -> None:
    ledger = open_ledger()
    enter_deposit(ledger, **changes)
    assert ledger.find("deposit", "D9") is not None


def test_a_moment_beyond_the_calendar_is_refused_of_drafts_too() -> None:
    ledger = open_ledger()
    body = ledger.entries[0].body
    at = datetime.max.replace(tzinfo=timezone(timedelta(hours=-8)))
    actions: list[Callable[[], object]] = [
        lambda: ledger.keeper.enter([vr.Draft(at, body)]),
        lambda: ledger.keeper.lapse(at),
    ]
    for action in actions:
        with pytest.raises(vr.LedgerError) as caught:
            action()
        assert tell_codes(caught) == ["not-an-instant"]


@pytest.mark.parametrize("name", ["E1 ", "\u3000E1", "Cafe\u0301", "E\u200b1"])
def test_no_party_has_a_second_name_that_looks_alike(name: str) -> None:
    ledger, at = open_ledger(), "2024-02-01T09:00"
    actions: list[Callable[[], object]] = [
        lambda: claim(ledger, "V1", "1万元", at, enterprise=name),
        lambda: claim(ledger, name, "1万元", at),
        lambda: ledger.relate("enterprise", name, "G", at),
        lambda: ledger.relate("enterprise", "E1", name, at),
        lambda: enter_deposit(ledger, carries={"provider": name}),
        lambda: enter_deposit(ledger, thing=name),
    ]
    before = ledger.entries
    for action in actions:
        with pytest.raises(vr.VoucherRulesError) as caught:
            action()
        assert set(tell_codes(caught)) <= {"name-untidy", "entry-hidden-character"}
    assert ledger.entries == before


def test_a_ban_that_was_lifted_since_may_be_decided_again() -> None:
    ledger = open_ledger()
    stated = {"finding.fraud": True, "violation.found_on": "2024-02-01"}
    made = ledger.decide("sanction", stated, "2024-02-01T09:00", carries={"enterprise": "E1"})
    ban = f"{made.entry}.enterprise_barred"
    ledger.enter("ban", ban, "lift", "2024-03-01T09:00")
    ledger.decide_again(made.entry, {"violation.found_on": "2024-02-02"}, at="2024-03-02T09:00")
    found = ledger.find("ban", ban)
    assert found is not None
    assert (found.carries["until"], found.stands_in("lifted")) == ("2027-02-02", True)


def test_what_a_store_refuses_of_a_file_is_told_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "events.yaml"
    path.write_text(
        "ruleset: invented-voucher\n"
        "events:\n"
        "  - {at: 2024-01-06T09:00, pool: funds, amount: 99999999999999999元, day: 2024-01-01,"
        " envelope: {category: training}}\n",
        encoding="utf-8",
    )
    with pytest.raises(vr.LedgerError) as caught:
        open_ledger().enter_file(path)
    (found,) = caught.value.diagnostics
    assert (found.code, found.path) == ("entry-number-too-long", "events.0")
    assert found.span is not None
    assert found.span.line == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("to: settled, partial: true", "to: settled, partial: false"),
        ("expired: {stands: expired", "expired: {stands: held"),
        ("of: service_category, from: service.category,", "of: service_category,"),
    ],
)
def test_editions_that_read_a_history_otherwise_share_no_ledger(
    tmp_path: Path, before: str, after: str
) -> None:
    text = (FOLDER / "invented-voucher" / "1.yaml").read_text(encoding="utf-8")
    first = vr.load("invented-voucher", folders=[FOLDER]).checked
    other = text.replace('edition: "1"', 'edition: "2"')
    (tmp_path / "invented-voucher").mkdir()
    path = tmp_path / "invented-voucher" / "2.yaml"
    path.write_text(other, encoding="utf-8")
    shelve([first, vr.load("invented-voucher", folders=[tmp_path]).checked])
    changed = other.replace(before, after)
    assert changed != other
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(vr.LedgerError) as caught:
        shelve([first, vr.load("invented-voucher", folders=[tmp_path]).checked])
    assert tell_codes(caught) == ["editions-differ"]


def test_deciding_again_goes_by_the_day_the_thing_tells_now() -> None:
    ledger = open_ledger()
    claim(ledger, "V1", "1万元", "2024-02-01T09:00")
    stated = {"accept.at": "2024-02-02T08:00"}
    made = ledger.decide("accept", stated, "2024-02-02T08:00", thing="V1")
    order = find_entry(ledger, "order").id
    later = "2024-02-02T07:00"
    ledger.enter("voucher", "V1", "order", later, amount=5000, carries=VOUCHER, corrects=order)
    again = ledger.decide_again(made.entry)
    assert again.decision.outcome == "granted"


def test_a_deadline_told_by_another_thing_of_the_name_is_found_at_once(tmp_path: Path) -> None:
    text = (FOLDER / "invented-voucher" / "1.yaml").read_text(encoding="utf-8")
    text = text.replace("      order.at: ordered_at\n", "")
    text = text.replace("\nfacts:\n", "    tells: {order.at: paid_in_at}\n\nfacts:\n")
    text = text.replace("en: paid back}}\n\n    tells", "en: paid back}}\n    tells")
    (tmp_path / "invented-voucher").mkdir()
    (tmp_path / "invented-voucher" / "1.yaml").write_text(text, encoding="utf-8")
    ledger = vr.Ledger(vr.load("invented-voucher", folders=[tmp_path]))
    at = "2024-02-01T09:00"
    ledger.enter("voucher", "V1", "order", at, amount=5000, carries=VOUCHER)
    assert ledger.lapse("2024-02-20T09:00") == ()
    carries = {"provider": "P1"}
    ledger.enter("deposit", "V1", "pay_in", "2024-02-20T09:00", amount=1, carries=carries)
    (lapsed,) = ledger.lapse("2024-02-25T09:00")
    assert lapsed.at == datetime(2024, 2, 22, 1, 0, 0, 1, tzinfo=UTC)


class RefusingStore(MemoryStore):
    """A store that takes so many batches and then no more."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[vr.Entry]] = []
        self.most = 100

    def append(self, entries: Sequence[vr.Entry], expected: int) -> None:
        if len(self.batches) >= self.most:
            raise vr.StoreError([Diagnostic("store-closed", {}, path="disk")])
        super().append(entries, expected)
        self.batches.append(list(entries))


def fill_store() -> tuple[vr.Ledger, RefusingStore]:
    """Return a ledger in which V1 lapses on the 3rd of February, and its store."""
    store = RefusingStore()
    store.append(open_ledger().entries, 0)
    ledger = vr.Ledger(load_invented(), store)
    claim(ledger, "V1", "1万元", "2024-02-01T09:00")
    return ledger, store


def test_what_lapsed_is_stored_in_the_batch_of_the_decision_it_comes_with() -> None:
    ledger, store = fill_store()
    claim(ledger, "V2", "1万元", "2024-02-09T09:00")
    told = [type(x.body).__name__ for x in store.batches[-1]]
    assert told == ["Moved", "Made", "Moved"]
    assert store.batches[-1][0] == find_entry(ledger, "time_out")
    assert vr.Ledger(load_invented(), store).entries == ledger.entries


def test_what_lapsed_before_a_late_event_is_taken_back_and_entered_anew_in_its_batch() -> None:
    ledger, store = fill_store()
    ledger.enter("voucher", "V1", "accept", "2024-02-02T09:00")
    ledger.lapse("2025-03-01T09:00")
    ledger.enter(
        "voucher", "V1", "settle", "2024-06-01T09:00", amount=1000, known="2025-03-02T09:00"
    )
    told = [(type(x.body).__name__, x.corrects != "") for x in store.batches[-1]]
    assert told == [("Moved", False), ("Withdrawn", True), ("Moved", False)]


def refuse_claim(ledger: vr.Ledger) -> None:
    """A voucher of the name is there already."""
    claim(ledger, "V1", "1万元", "2024-02-09T09:00")


def refuse_fact(ledger: vr.Ledger) -> None:
    claim(ledger, "V2", "1吨", "2024-02-09T09:00")


def refuse_event(ledger: vr.Ledger) -> None:
    ledger.enter("voucher", "V9", "accept", "2024-02-09T09:00")


def refuse_again(ledger: vr.Ledger) -> None:
    made = next(x for x in ledger.entries if isinstance(x.body, Made) and x.body.thing == "V1")
    ledger.decide_again(made.id, {"contract.amount": "1吨"}, at="2024-02-09T09:00")


def refuse_application(ledger: vr.Ledger) -> None:
    at = "2024-02-09T09:00"
    stated = facts("1吨", at)
    asked = ledger.request("claim", stated, at, thing="V2", carries={"enterprise": "E1"})
    Queue(ledger.keeper, load_invented().checked.histories.pools["funds"], [asked]).serve(asked)


REFUSALS = [refuse_claim, refuse_fact, refuse_event, refuse_again, refuse_application]


@pytest.mark.parametrize("refused", REFUSALS)
def test_what_is_refused_leaves_nothing_not_even_what_lapsed_by_then(
    refused: Callable[[vr.Ledger], None],
) -> None:
    ledger, store = fill_store()
    before, batches = ledger.entries, len(store.batches)
    with pytest.raises(vr.VoucherRulesError):
        refused(ledger)
    assert (ledger.entries, len(store.batches)) == (before, batches)
    assert tell_states(ledger, "V1") == [("ordered", 500_000)]
    assert fold(ledger.entries, ledger.keeper.shelf.histories).things == dict(
        ledger.keeper.books.things
    )
    (lapsed,) = ledger.lapse("2024-02-09T09:00")
    assert lapsed.at == datetime(2024, 2, 3, 1, 0, 0, 1, tzinfo=UTC)


def test_what_cannot_be_stored_does_not_count() -> None:
    ledger, store = fill_store()
    before = ledger.entries
    store.most = len(store.batches)
    for _ in range(2):
        with pytest.raises(vr.StoreError, match="store-closed"):
            claim(ledger, "V2", "1万元", "2024-02-09T09:00")
        assert ledger.entries == before
        assert tell_states(ledger, "V1") == [("ordered", 500_000)]
    store.most += 1
    claim(ledger, "V2", "1万元", "2024-02-09T09:00")
    assert tell_states(ledger, "V1") == [("timed_out", 500_000)]
    assert [x.seq for x in store.read()] == list(range(1, len(ledger.entries) + 1))


def test_what_is_refused_within_others_leaves_the_others() -> None:
    ledger, store = fill_store()
    batches = len(store.batches)
    with ledger.keeper.together():
        ledger.enter("voucher", "V1", "accept", "2024-02-02T09:00")
        with pytest.raises(vr.LedgerError, match="event-not-allowed"):
            ledger.enter("voucher", "V1", "refuse", "2024-02-02T10:00")
        ledger.enter("voucher", "V1", "cancel", "2024-02-02T11:00")
        assert len(store.batches) == batches
    (batch,) = store.batches[batches:]
    assert [x.body.event for x in batch if isinstance(x.body, Moved)] == ["accept", "cancel"]
    assert tell_states(ledger, "V1") == [("cancelled", 500_000)]


def test_what_the_ledger_enters_by_itself_says_why_in_codes() -> None:
    ledger, _ = fill_store()
    ledger.lapse("2024-02-09T09:00")
    lapsed = find_entry(ledger, "time_out").body
    assert isinstance(lapsed, Moved)
    last = "2024-02-03T09:00:00+08:00"
    window = {"code": "window_past", "window": "accept.accepted_in_time", "last": last}
    assert (lapsed.because, lapsed.cause) == ("", window)
    ledger.enter("voucher", "V1", "accept", "2024-02-02T09:00", known="2024-02-20T09:00")
    assert ledger.entries[-1].body == vr.Withdrawn("", {"code": "not_yet_due"})
    made = claim(ledger, "V2", "1万元", "2024-02-20T10:00")
    carries = {"enterprise": "E1", "since": "2024-01-20", "until": "2027-01-20"}
    ledger.enter("ban", "B1", "ban", "2024-01-20T09:00", carries=carries)
    again = ledger.decide_again(made.entry)
    assert ledger.entries[-1].body == vr.Withdrawn("", {"code": "superseded", "by": again.entry})


def test_what_someone_enters_has_a_note_and_no_cause() -> None:
    ledger, _ = fill_store()
    gone = ledger.withdraw(find_entry(ledger, "order").id, "entered twice", "2024-02-01T10:00")
    assert gone.body == vr.Withdrawn("entered twice", {})


NONE_OR_TEXT = [(vr.NONE, None), ("none", "none"), ("None", "None")]


@pytest.mark.parametrize(("stated", "kept"), NONE_OR_TEXT)
def test_that_there_is_none_is_not_the_text_none(stated: object, kept: str | None) -> None:
    """The issuer of an invoice may be called none; that there is no issuer is another thing."""
    text = read_alone().replace(
        "invoice.issuer: {type: id,", "invoice.issuer: {type: id, optional: true,"
    )
    ledger = vr.Ledger(load_text(text))
    carries = VOUCHER | {"provider": "none"}
    ledger.enter("voucher", "V1", "order", "2024-02-01T09:00", amount=100, carries=carries)
    ledger.enter("voucher", "V1", "accept", "2024-02-01T10:00")
    facts = {"invoice.amount": "100元", "invoice.issuer": stated, "settlement.date": "2024-03-01"}
    made = ledger.decide("settle", facts, "2024-03-01T09:00", thing="V1")
    body = ledger.keeper.find_decision(made.entry).body
    assert isinstance(body, Made)
    assert body.facts["invoice.issuer"] == kept
    again = ledger.decide_again(made.entry)
    assert again.decision.outcome == made.decision.outcome
    assert again.decision.result.case.values == made.decision.result.case.values
    outcome = "denied" if kept == "None" else "granted"
    assert again.decision.outcome == outcome


@pytest.mark.parametrize(
    ("word", "kept"), [("none", None), ('"none"', "none"), ("E1", "E1"), ('"E1"', "E1")]
)
def test_in_a_file_quotes_tell_the_text_from_the_word(
    tmp_path: Path, word: str, kept: str | None
) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(f"issuer: {word}\nof: {{value: {word}, source: x}}\n", encoding="utf-8")
    stated = state_facts({str(k): v for k, v in read_source(path, "facts").root.items()})
    assert stated == {"issuer": kept, "of": {"value": kept, "source": "x"}}
    back = restate_facts(stated)
    assert back["issuer"] == (vr.NONE if kept is None else kept)
    assert state_facts(back) == stated


@pytest.mark.parametrize(
    ("at", "stated", "known"),
    [
        ("2024-02-08T08:59", None, "2024-02-09T09:00"),
        ("2024-02-09T09:00", None, "2024-02-09T09:00"),
        ("2024-02-09T09:01", None, "2024-02-09T09:01"),
        ("2024-02-08T08:59", "2024-03-01T09:00", "2024-03-01T09:00"),
    ],
)
def test_without_a_clock_what_is_told_late_is_known_with_the_last_entry(
    at: str, stated: str | None, known: str
) -> None:
    """Nobody knows when it was really learnt of: it is not told earlier than what came before."""
    ledger = open_ledger()
    enter_deposit(ledger, thing="D8", at="2024-02-09T09:00")
    late = enter_deposit(ledger, thing="D9", at=at, known=stated)
    assert late.at == datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert late.known == datetime.fromisoformat(known).replace(tzinfo=ZONE)
    key = ("invented-voucher", "deposit", "D9")
    before = late.known - timedelta(microseconds=1)
    assert key not in ledger.history(known=before).things
    assert key in ledger.history(known=late.known).things


def test_with_a_clock_what_is_told_late_is_known_when_the_clock_says() -> None:
    now = datetime(2024, 5, 1, 9, tzinfo=ZONE)
    ledger = vr.Ledger(load_invented(), clock=lambda: now)
    assert enter_deposit(ledger).known == now
