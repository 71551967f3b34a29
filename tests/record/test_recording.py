"""Recording: what a program writes into a log, and what it may not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from log_samples import make_decision, write_log

import voucher_rules as vr
from voucher_rules.record.body import make_record
from voucher_rules.record.commitments import SecretStore, read_secrets
from voucher_rules.record.rechecking import Obstacle, Reproduced, recheck_record
from voucher_rules.record.shelf import RulesetShelf
from voucher_rules.record.views import LogView

FOLDER = Path(__file__).parent / "rulesets"
SHELF = RulesetShelf([FOLDER])
RULESET = vr.load("invented-tickets", folders=[FOLDER])
FACTS: dict[str, Any] = {
    "ticket.holder": "Zhang San",
    "ticket.price": "100元",
    "guests": [{"name": "Wang Wu", "price": "50元"}, {"name": "Zhao Liu", "price": "20元"}],
    "finding.ill": False,
}
HIDE = vr.RecordOptions(hide=("ticket.holder", "ticket.agent", "guests.name"), subject="case 7")


def decide(**facts: Any) -> vr.Decision:  # noqa: ANN401
    changed = {name.replace("__", "."): value for name, value in facts.items()}
    return RULESET.decide("refund", {**FACTS, **changed}, on="2024-05-01")


def tick() -> Callable[[], datetime]:
    """Return a clock that moves on by a second whenever it is read."""
    moment = datetime(2024, 5, 2, 9, tzinfo=UTC)

    def read() -> datetime:
        nonlocal moment
        moment += timedelta(seconds=1)
        return moment

    return read


@pytest.fixture
def log(tmp_path: Path) -> Iterator[vr.RecordLog]:
    made = vr.RecordLog.create(
        tmp_path / "log.jsonl",
        "A theatre (invented)",
        log_id="tickets",
        secrets=tmp_path / "secrets.jsonl",
        clock=tick(),
    )
    with made:
        yield made


def refuse(call: Callable[[], object]) -> str:
    with pytest.raises(vr.RecordError) as caught:
        call()
    (item,) = caught.value.diagnostics
    assert item.render("zh") != item.render("en")
    return item.code


def test_a_recorded_decision_can_be_taken_again(log: vr.RecordLog) -> None:
    entry = log.record(decide(), "request 1")
    assert (entry.seq, entry.is_new, log.size) == (1, True, 1)
    assert entry.entry.body is not None
    found = recheck_record(entry.entry.body, entry.entry.trace, SHELF)
    assert found.reproduced is Reproduced.MATCH


def test_a_request_that_comes_again_is_the_same_entry(log: vr.RecordLog) -> None:
    first = log.record(decide(), "request 1", HIDE)
    again = log.record(decide(), "request 1", HIDE)
    assert (again.seq, again.digest, again.is_new, log.size) == (1, first.digest, False, 1)


def test_another_decision_is_another_request(log: vr.RecordLog) -> None:
    log.record(decide(), "request 1")
    other = decide(ticket__price="100.01元")
    assert refuse(lambda: log.record(other, "request 1")) == "log-request-taken"
    assert log.size == 1


def test_a_what_if_is_never_recorded(log: vr.RecordLog) -> None:
    amended = RULESET.amend({"part": "90%"})
    decision = amended.decide("refund", FACTS, on="2024-05-01")
    assert refuse(lambda: log.record(decision, "request 1")) == "record-hypothetical"
    assert log.size == 0


def test_a_what_if_that_another_program_wrote_into_a_log_is_a_fault(tmp_path: Path) -> None:
    amended = RULESET.amend({"part": "90%"})
    record = make_record(amended.decide("refund", FACTS, on="2024-05-01").result)
    entries = write_log(tmp_path / "sound", 2)
    with pytest.raises(vr.RecordError) as caught:
        write_log(tmp_path / "log", [make_decision(1, body=record.body, trace=record.trace)])
    (item,) = caught.value.diagnostics
    assert (item.code, len(entries)) == ("record-hypothetical", 3)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("voucher_rules.record.gists.is_hypothetical", lambda _: False)
        write_log(tmp_path / "other", [make_decision(1, body=record.body, trace=record.trace)])
    (scanned,) = LogView(tmp_path / "other").scan()
    assert [x.code for x in scanned.faults] == ["record-hypothetical"]


def test_a_text_that_is_not_normal_is_told_with_its_place(log: vr.RecordLog) -> None:
    with pytest.raises(vr.RecordError) as caught:
        log.record(decide(ticket__holder="Andre\u0301"), "request 1")
    (item,) = caught.value.diagnostics
    assert (item.code, item.path) == ("record-not-canonical", "/ticket.holder")


def test_a_correction_and_a_new_decision_refer_and_leave_the_old(log: vr.RecordLog) -> None:
    first = log.record(decide(), "request 1")
    second = log.correct(1, decide(ticket__price="110元"), "request 2", "price misread")
    third = log.decide_again(2, decide(finding__ill=True), "request 3", "appeal upheld")
    assert [item.entry.kind.value for item in log.entries()] == [
        "decision",
        "correction",
        "redecision",
    ]
    assert second.entry.refers_to == first.decision_digest
    assert third.entry.refers_seq == 2
    standing = log.standing(1)
    assert standing is not None
    assert standing.seq == 3
    assert log.entry(1) is not None


def test_what_takes_a_place_is_of_the_same_ruleset_question_and_subject(
    log: vr.RecordLog,
) -> None:
    log.record(decide(), "request 1", vr.RecordOptions(subject="case 7"))
    other = vr.load("cn-nx-service-voucher").decide(
        "claim", {"contract.amount": "4000元"}, on="2017-03-01"
    )
    with pytest.raises(vr.RecordError) as caught:
        log.correct(1, other, "request 2", "why", vr.RecordOptions(subject="case 8"))
    assert [item.code for item in caught.value.diagnostics] == [
        "record-of-another-question",
        "record-of-another-ruleset",
        "record-of-another-subject",
    ]
    case_8 = vr.RecordOptions(subject="case 8")
    again = decide(ticket__price="110元")
    assert refuse(lambda: log.decide_again(1, again, "request 2", "why", case_8)) == (
        "record-of-another-subject"
    )
    assert log.size == 1
    kept = log.correct(1, again, "request 2", "price misread")
    assert kept.entry.body is not None
    assert kept.entry.body["subject"] == "case 7"
    assert not log.correct(1, again, "request 2", "price misread").is_new


def test_a_subject_that_was_left_out_may_be_added(log: vr.RecordLog) -> None:
    log.record(decide(), "request 1")
    named = log.correct(1, decide(), "request 2", "no name", vr.RecordOptions(subject="case 7"))
    assert named.entry.body is not None
    assert named.entry.body["subject"] == "case 7"


def test_a_revoked_decision_is_followed_by_none(log: vr.RecordLog) -> None:
    log.record(decide(), "request 1")
    log.revoke(1, "request 2", "obtained by a false statement")
    assert log.standing(1) is None
    again = decide()
    assert refuse(lambda: log.decide_again(1, again, "request 3", "why")) == (
        "log-refers-to-revoked"
    )


@pytest.mark.parametrize("seq", [0, 2, 3, 99])
def test_only_decisions_are_referred_to(log: vr.RecordLog, seq: int) -> None:
    log.record(decide(), "request 1")
    log.revoke(1, "request 2", "why")
    there = 1 <= seq <= log.size
    code = "record-not-of-decision" if there else "record-not-there"
    assert refuse(lambda: log.revoke(seq, "request 3", "why")) == code


def test_an_ended_log_takes_no_more(log: vr.RecordLog) -> None:
    log.end("request 1", "end of the year")
    assert refuse(lambda: log.record(decide(), "request 2")) == "log-ended"


def test_without_its_trace_an_entry_is_smaller_and_the_decision_the_same(
    log: vr.RecordLog,
) -> None:
    whole = log.record(decide(), "request 1")
    short = log.record(decide(), "request 2", vr.RecordOptions(traced=False))
    assert short.decision_digest == whole.decision_digest
    assert short.entry.trace is None


def test_hidden_names_stand_nowhere_in_the_log(log: vr.RecordLog, tmp_path: Path) -> None:
    entry = log.record(decide(ticket__agent="Qian Qi"), "request 1", HIDE)
    written = (tmp_path / "log.jsonl").read_text()
    for name in ("Zhang San", "Qian Qi", "Wang Wu", "Zhao Liu"):
        assert name not in written
    pointers = [item.pointer for item in entry.entry.redactions]
    assert pointers == [
        "/facts/guests/0/name",
        "/facts/guests/1/name",
        "/facts/ticket.agent",
        "/facts/ticket.holder",
    ]
    assert entry.entry.body is not None
    secrets = {item.commitment: item.value for item in read_secrets(tmp_path / "secrets.jsonl")}
    found = recheck_record(entry.entry.body, entry.entry.trace, SHELF, secrets)
    assert found.reproduced is Reproduced.MATCH


def test_one_name_hidden_twice_is_not_known_for_the_same(log: vr.RecordLog) -> None:
    one = log.record(decide(), "request 1", HIDE).entry.redactions
    other = log.record(decide(), "request 2", HIDE).entry.redactions
    assert len({item.commitment for item in (*one, *other)}) == len(one) + len(other)


def test_what_was_erased_cannot_be_taken_again_and_the_rest_can(
    log: vr.RecordLog, tmp_path: Path
) -> None:
    one = log.record(decide(), "request 1", HIDE)
    other = log.record(decide(), "request 2", HIDE)
    noted = log.erase(1, "request 3", "asked to")
    assert noted.entry.kind.value == "erasure"
    texts = (tmp_path / "secrets.jsonl").read_text()
    assert texts.count("Zhang San") == 1
    secrets = {item.commitment: item.value for item in read_secrets(tmp_path / "secrets.jsonl")}
    assert one.entry.body is not None
    assert other.entry.body is not None
    erased = recheck_record(one.entry.body, one.entry.trace, SHELF, secrets)
    kept = recheck_record(other.entry.body, other.entry.trace, SHELF, secrets)
    assert erased.obstacle is Obstacle.FACTS_ERASED
    assert erased.detail == "guests[1].name, guests[2].name, ticket.holder"
    assert kept.reproduced is Reproduced.MATCH
    again = log.record(decide(), "request 4", HIDE)
    assert again.is_new


def test_a_request_that_comes_again_brings_back_nothing_that_was_erased(
    log: vr.RecordLog, tmp_path: Path
) -> None:
    log.record(decide(), "request 1", HIDE)
    log.erase(1, "request 2", "asked to")
    assert refuse(lambda: log.record(decide(), "request 1", HIDE)) == "log-request-taken"
    assert (tmp_path / "secrets.jsonl").read_text() == ""
    assert log.size == 2


def test_a_request_that_comes_again_says_the_same_names(log: vr.RecordLog) -> None:
    log.record(decide(), "request 1", HIDE)
    other = decide(ticket__holder="Zhang Er")
    assert refuse(lambda: log.record(other, "request 1", HIDE)) == "secret-of-another-text"
    assert log.record(decide(), "request 1", HIDE).seq == 1


def test_nothing_is_kept_of_a_decision_that_was_not_recorded(
    log: vr.RecordLog, tmp_path: Path
) -> None:
    secrets = tmp_path / "secrets.jsonl"
    bad = decide(ticket__holder="Andre\u0301")
    hide = vr.RecordOptions(hide=["guests.name"])
    assert refuse(lambda: log.record(bad, "request 1", hide)) == "record-not-canonical"
    assert secrets.read_text() == ""
    log.record(decide(), "request 1", HIDE)
    kept = secrets.read_text()
    log.revoke(1, "request 2", "why")
    refused = refuse(lambda: log.correct(1, decide(), "request 3", "why", HIDE))
    assert refused == "log-refers-to-revoked"
    assert secrets.read_text() == kept


def test_what_a_try_kept_that_came_to_nothing_makes_room_for_what_is_recorded(
    log: vr.RecordLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(log.log), "append", stop)
        with pytest.raises(KeyboardInterrupt):
            log.record(decide(ticket__holder="Zhang Er"), "request 1", HIDE)
    secrets = tmp_path / "secrets.jsonl"
    assert "Zhang Er" in secrets.read_text()
    entry = log.record(decide(), "request 1", HIDE).entry
    assert "Zhang Er" not in secrets.read_text()
    assert entry.body is not None
    texts = {item.commitment: item.value for item in read_secrets(secrets)}
    assert recheck_record(entry.body, entry.trace, SHELF, texts).reproduced is Reproduced.MATCH


def test_where_it_is_not_known_what_was_written_the_secrets_are_kept(
    log: vr.RecordLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(5, "input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("voucher_rules.ledger.stores.appending.AppendedFile._sync", fail)
        patched.setattr(SecretStore, "hide", lambda *_: f"sha256:{'ab' * 32}")
        patched.setattr(SecretStore, "erase", stop_erasing)
        assert refuse(lambda: log.record(decide(), "request 1", HIDE)) == "log-failed"
    assert log.size == 0


def stop_erasing(*_: object) -> None:
    raise AssertionError


def test_the_name_of_a_new_file_of_secrets_outlives_a_loss_of_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("voucher_rules.record.commitments.sync_folder", synced.append)
    SecretStore.open(tmp_path / "secrets.jsonl").close()
    assert synced == [tmp_path]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ticket.price", "hidden-fact-no-text"),
        ("guests.price", "hidden-fact-no-text"),
        ("guests", "hidden-fact-no-text"),
        ("ticket.buyer", "hidden-fact-unknown"),
        ("guests.seat", "hidden-fact-unknown"),
    ],
)
def test_only_texts_there_are_can_be_hidden(log: vr.RecordLog, name: str, code: str) -> None:
    options = vr.RecordOptions(hide=[name])
    assert refuse(lambda: log.record(decide(), "request 1", options)) == code
    assert log.size == 0


def test_hiding_needs_a_place_for_what_opens_it(tmp_path: Path) -> None:
    with vr.RecordLog.create(tmp_path / "log.jsonl", "A theatre (invented)") as log:
        assert refuse(lambda: log.record(decide(), "request 1", HIDE)) == "hiding-needs-secrets"


def test_only_its_owner_reads_the_file_of_secrets(log: vr.RecordLog, tmp_path: Path) -> None:
    log.record(decide(), "request 1", HIDE)
    assert (tmp_path / "secrets.jsonl").stat().st_mode & 0o777 == 0o600
    log.erase(1, "request 2", "asked to")
    assert (tmp_path / "secrets.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_was_changed_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "secrets.jsonl"
    with SecretStore.open(path) as store:
        store.hide("Zhang San", "tickets", "request 1", "ticket.holder")
        store.hide("Li Si", "tickets", "request 1", "ticket.agent")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"Li Si", b"Li Er"))
    with pytest.raises(vr.RecordError) as caught:
        SecretStore.open(path)
    (item,) = caught.value.diagnostics
    assert (item.code, item.span and item.span.line) == ("secret-differs", 2)
    path.write_bytes(lines[0] + b"{}\n")
    assert refuse(lambda: SecretStore.open(path)) == "secret-damaged"


def test_a_secret_that_was_never_acknowledged_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "secrets.jsonl"
    with SecretStore.open(path) as store:
        store.hide("Zhang San", "tickets", "request 1", "ticket.holder")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:50])
    with SecretStore.open(path) as store:
        assert list(store.texts.values()) == ["Zhang San"]
    assert path.read_bytes() == whole


def test_one_process_has_the_secrets_open(tmp_path: Path) -> None:
    with SecretStore.open(tmp_path / "secrets.jsonl"):
        assert refuse(lambda: SecretStore.open(tmp_path / "secrets.jsonl")) == "secrets-locked"


def test_a_checkpoint_is_written_and_followed(log: vr.RecordLog, tmp_path: Path) -> None:
    log.record(decide(), "request 1")
    first = log.checkpoint(tmp_path / "1.json")
    log.record(decide(), "request 2")
    second = log.checkpoint(tmp_path / "2.json", previous=tmp_path / "1.json")
    assert (first.checkpoint.size, second.checkpoint.size) == (1, 2)
    assert second.checkpoint.previous == first.digest
    assert refuse(lambda: log.checkpoint(tmp_path / "2.json")) == "file-exists"


def test_the_envelope_tells_when_by_whom_and_on_what(log: vr.RecordLog) -> None:
    options = vr.RecordOptions(operator="clerk 12", subject="case 7")
    entry = log.record(decide(), "request 1", options).entry
    assert entry.recorder.operator == "clerk 12"
    assert entry.recorded_at == datetime(2024, 5, 2, 9, 0, 2, tzinfo=UTC)
    assert entry.runtime["voucher-rules"]
    assert entry.body is not None
    assert entry.body["subject"] == "case 7"
    assert "recorded_at" not in json.dumps(entry.body)
