"""The table of attacks on a log: each is caught, and the table says by which verdict.

An attacker without the checkpoint can make a log of their own that holds together; what others hold
of it is what gives that away. Where not even that helps, the table says so too.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.record.canonical import write_again
from voucher_rules.record.checkpoints import Published, load_checkpoint, prove_entry
from voucher_rules.record.digests import DigestKind, digest_bytes, digest_data
from voucher_rules.record.merkle import hash_leaf, verify_inclusion
from voucher_rules.record.replaying import Anchors, Replay
from voucher_rules.record.reports import Conclusion, ReplayReport, report_replay
from voucher_rules.record.scanning import LogReader

FOLDER: Final = Path(__file__).parent / "rulesets"
RULESET: Final = vr.load("invented-tickets", folders=[FOLDER])
SIZE: Final = 12
ANCHORED: Final = 9
Line = dict[str, Any]


def make_log(folder: Path) -> None:
    """Write a log of twelve decisions, with checkpoints after nine and after all of them."""
    seconds = count()
    start = datetime(2024, 5, 2, 9, tzinfo=UTC)
    with vr.RecordLog.create(
        folder / "log.jsonl",
        "A theatre (invented)",
        log_id="tickets",
        clock=lambda: start + timedelta(seconds=next(seconds)),
    ) as log:
        for number in range(1, SIZE + 1):
            facts = {
                "ticket.holder": f"holder {number}",
                "ticket.agent": "none",
                "ticket.price": f"{100 + number}.50元",
                "guests": [{"name": f"guest {number}", "price": "50元"}],
                "finding.ill": False,
            }
            log.record(RULESET.decide("refund", facts, on="2024-05-01"), f"request {number}")
            if number == ANCHORED:
                log.checkpoint(folder / "9.json")
        log.checkpoint(folder / "12.json", previous=folder / "9.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tamper")
    make_log(folder)
    return folder


def replay(path: Path, checkpoints: Iterable[Path] = (), rulesets: Path = FOLDER) -> ReplayReport:
    anchors = Anchors([load_checkpoint(item) for item in checkpoints])
    return report_replay(Replay(path, [rulesets], anchors, jobs=1))


def read_lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def write_lines(path: Path, lines: Iterable[Line]) -> None:
    path.write_bytes(b"".join(write_again(line) + b"\n" for line in lines))


def seal(line: Line) -> None:
    """Make every digest of an entry fit what it holds."""
    body = line["body"]
    body["facts_digest"] = digest_data(DigestKind.FACTS, body["facts"])
    body["outcome_digest"] = digest_data(DigestKind.OUTCOME, body["outcome"])
    body["trace_digest"] = digest_data(DigestKind.TRACE, line["trace"])
    line["decision_digest"] = digest_data(DigestKind.DECISION, body)


def chain(lines: list[Line]) -> None:
    """Make every line name the digest of the one before it."""
    digest = digest_bytes(DigestKind.LOG, write_again(lines[0]))
    for line in lines[1:]:
        line["prev"] = digest
        digest = digest_bytes(DigestKind.ENTRY, write_again(line))


def raise_amount(line: Line) -> None:
    amount = line["body"]["outcome"]["amounts"]["refund.amount"]
    amount["value"] = f"{amount['value'][:-1]}9"


def flip_a_fen(lines: list[Line]) -> None:
    raise_amount(lines[5])


def flip_a_fen_and_seal(lines: list[Line]) -> None:
    raise_amount(lines[5])
    seal(lines[5])


def flip_a_fen_and_chain(lines: list[Line]) -> None:
    flip_a_fen_and_seal(lines)
    chain(lines)


def delete_one(lines: list[Line]) -> None:
    del lines[5]


def swap_two(lines: list[Line]) -> None:
    lines[5], lines[6] = lines[6], lines[5]


def duplicate_one(lines: list[Line]) -> None:
    lines.insert(6, lines[5])


def cut_the_tail(lines: list[Line]) -> None:
    del lines[-3:]


def change_a_fact_and_its_digest(lines: list[Line]) -> None:
    lines[5]["body"]["facts"]["ticket.price"] = "999.00"
    seal(lines[5])
    chain(lines)


def swap_two_traces(lines: list[Line]) -> None:
    lines[5]["trace"], lines[6]["trace"] = lines[6]["trace"], lines[5]["trace"]


def swap_two_traces_and_seal(lines: list[Line]) -> None:
    swap_two_traces(lines)
    seal(lines[5])
    seal(lines[6])
    chain(lines)


def decide_otherwise_and_rewrite(lines: list[Line]) -> None:
    """Put a sound decision on other facts in the place of one, and make the chain fit."""
    lines[5]["body"], lines[5]["trace"] = lines[6]["body"], lines[6]["trace"]
    lines[5]["decision_digest"] = lines[6]["decision_digest"]
    chain(lines)


def decide_the_newest_otherwise(lines: list[Line]) -> None:
    lines[12]["body"], lines[12]["trace"] = lines[6]["body"], lines[6]["trace"]
    lines[12]["decision_digest"] = lines[6]["decision_digest"]


def renumber_after_deleting(lines: list[Line]) -> None:
    del lines[5]
    for seq, line in enumerate(lines[1:], start=1):
        line["seq"] = seq
    chain(lines)


def change_the_owner(lines: list[Line]) -> None:
    lines[0]["owner"] = "Somebody else"


BAD, FINE, WRONG = Conclusion.NOT_SOUND, Conclusion.ALL_MATCH, Conclusion.MISMATCH
ATTACKS: Final[
    tuple[tuple[Callable[[list[Line]], None], Conclusion, str, Conclusion, str], ...]
] = (
    # attack, alone, by, with what others hold, by
    (flip_a_fen, BAD, "log-digest-differs", BAD, "checkpoint-differs"),
    (flip_a_fen_and_seal, BAD, "log-chain-broken", BAD, "checkpoint-differs"),
    (flip_a_fen_and_chain, WRONG, "", BAD, "checkpoint-differs"),
    (delete_one, BAD, "log-gap", BAD, "checkpoint-missing-entries"),
    (swap_two, BAD, "log-reordered", BAD, "checkpoint-differs"),
    (duplicate_one, BAD, "log-duplicate", BAD, "checkpoint-differs"),
    (cut_the_tail, FINE, "", BAD, "checkpoint-missing-tail"),
    (change_a_fact_and_its_digest, WRONG, "", BAD, "checkpoint-differs"),
    (swap_two_traces, BAD, "log-digest-differs", BAD, "checkpoint-differs"),
    (swap_two_traces_and_seal, WRONG, "", BAD, "checkpoint-differs"),
    (decide_otherwise_and_rewrite, FINE, "", BAD, "checkpoint-differs"),
    (decide_the_newest_otherwise, FINE, "", BAD, "checkpoint-differs"),
    (renumber_after_deleting, FINE, "", BAD, "checkpoint-missing-tail"),
    (change_the_owner, BAD, "log-chain-broken", BAD, "checkpoint-other-header"),
)


def list_codes(report: ReplayReport) -> set[str]:
    """Return the codes of every fault a report tells."""
    lines = {fault.code for item in report.tally.faults for fault in item.faults}
    return lines | {fault.code for fault in report.ending.coverage.faults}


def test_a_log_that_nobody_touched_matches(made: Path) -> None:
    report = replay(made / "log.jsonl", [made / "9.json", made / "12.json"])
    assert report.conclusion is FINE
    assert report.tally.decisions == SIZE
    assert (report.ending.coverage.verified, report.ending.coverage.unanchored) == (SIZE, None)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda row: row[0].__name__)
def test_each_attack_is_caught_by_the_verdict_it_should_be(
    made: Path,
    tmp_path: Path,
    attack: tuple[Callable[[list[Line]], None], Conclusion, str, Conclusion, str],
) -> None:
    change, alone, by, anchored, by_anchor = attack
    lines = read_lines(made / "log.jsonl")
    change(lines)
    path = tmp_path / "log.jsonl"
    write_lines(path, lines)
    report = replay(path)
    assert report.conclusion is alone
    assert by in {*list_codes(report), ""}
    report = replay(path, [made / "9.json", made / "12.json"])
    assert report.conclusion is anchored
    assert by_anchor in list_codes(report)


def test_a_change_after_the_last_checkpoint_is_in_the_tail_nobody_vouches_for(
    made: Path, tmp_path: Path
) -> None:
    lines = read_lines(made / "log.jsonl")
    decide_the_newest_otherwise(lines)
    write_lines(tmp_path / "log.jsonl", lines)
    report = replay(tmp_path / "log.jsonl", [made / "9.json"])
    assert report.conclusion is FINE
    assert report.ending.coverage.unanchored == (ANCHORED + 1, SIZE)


def test_a_ruleset_put_in_the_place_of_another_is_told(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "invented-tickets"
    folder.mkdir()
    text = (FOLDER / "invented-tickets" / "1.yaml").read_text()
    (folder / "1.yaml").write_text(text.replace("value: 80%", "value: 81%"))
    report = replay(made / "log.jsonl", rulesets=tmp_path)
    assert report.conclusion is Conclusion.CANNOT_REPLAY
    assert report.to_data()["decisions"]["rulesets"]["differs"] == SIZE


def test_a_ruleset_that_is_gone_is_told(made: Path, tmp_path: Path) -> None:
    report = replay(made / "log.jsonl", rulesets=tmp_path)
    assert report.conclusion is Conclusion.CANNOT_REPLAY
    assert report.to_data()["decisions"]["obstacles"]["ruleset_missing"] == SIZE


def test_a_proof_holds_for_its_own_entry_alone(made: Path) -> None:
    published: Published = load_checkpoint(made / "12.json")
    reader = LogReader(made / "log.jsonl")
    leaves = [hash_leaf(item.written) for item in reader.read()]
    proof = prove_entry(reader, 5, SIZE)
    root = published.checkpoint.root
    assert verify_inclusion(leaves[4], 4, SIZE, proof, root)
    assert not any(
        verify_inclusion(leaf, place, SIZE, proof, root)
        for place, leaf in enumerate(leaves)
        if place != 4
    )
    assert not verify_inclusion(leaves[5], 4, SIZE, proof, root)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_byte_can_be_changed_unnoticed_and_none_makes_it_fall(
    made: Path, tmp_path: Path, data: st.DataObject
) -> None:
    whole = (made / "log.jsonl").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    gone = data.draw(st.integers(0, 3))
    new = data.draw(st.binary(max_size=3))
    changed = whole[:at] + new + whole[at + gone :]
    path = tmp_path / "log.jsonl"
    path.write_bytes(changed)
    assert is_sound(path, made / "12.json") == (changed == whole)


def is_sound(path: Path, checkpoint: Path) -> bool:
    try:
        return replay(path, [checkpoint]).conclusion is FINE
    except vr.RecordError:
        return False


def test_a_report_is_the_same_bytes_whoever_makes_it(made: Path, tmp_path: Path) -> None:
    shutil.copy(made / "log.jsonl", tmp_path / "log.jsonl")
    one = replay(made / "log.jsonl", [made / "12.json"])
    other = report_replay(
        Replay(
            tmp_path / "log.jsonl", [FOLDER], Anchors([load_checkpoint(made / "12.json")]), jobs=2
        )
    )
    assert one.written == other.written
    assert one.digest == other.digest
