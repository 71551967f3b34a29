"""Proofs in files: checked by whoever holds a checkpoint, without the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from log_samples import HEADER, make_body, make_decision, tell_time, write_log

import voucher_rules as vr
from voucher_rules.record.checkpoints import make_checkpoint, save_checkpoint
from voucher_rules.record.entries import Header
from voucher_rules.record.log import Log
from voucher_rules.record.merkle import hash_leaf
from voucher_rules.record.proof_files import MOST_PROOF, write_hash
from voucher_rules.record.signing import make_signer, sign_checkpoint

SIZES = (1, 5, 8)
LAST = 8


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log and its checkpoints `1.json`, `5.json`, `8.json`."""
    return make_folder(tmp_path_factory.mktemp("proofs"), HEADER)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same entries in another log, which has the same id."""
    header = Header(HEADER.log_id, HEADER.created, "Someone else (invented)")
    return make_folder(tmp_path_factory.mktemp("foreign"), header)


def make_folder(folder: Path, header: Header) -> Path:
    previous = None
    with Log.create(folder / "log", header) as log:
        for size in SIZES:
            log.append_all(make_decision(n) for n in range(log.size + 1, size + 1))
            previous = make_checkpoint(log, tell_time(size), previous)
            save_checkpoint(previous, folder / f"{size}.json")
    return folder


def save(folder: Path, data: object, name: str = "proof.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")
    return path


def refuse(call: Callable[[], object]) -> str:
    with pytest.raises(vr.RecordError) as caught:
        call()
    (item,) = caught.value.diagnostics
    assert item.render("zh") != item.render("en")
    return item.code


def list_codes(report: vr.ProofReport) -> set[str]:
    return {item.code for item in report.faults}


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_is_proven_and_checked(folder: Path, tmp_path: Path, size: int) -> None:
    checkpoint = folder / f"{size}.json"
    for seq in range(1, size + 1):
        proof = vr.prove_entry(folder / "log", seq, checkpoint)
        report = vr.check_proof(save(tmp_path, proof), checkpoint)
        assert (report.holds, report.seq, report.faults) == (True, seq, ())
        assert report.decision_digest == proof["decision_digest"]
    for seq in (0, size + 1):
        call = partial(vr.prove_entry, folder / "log", seq, checkpoint)
        assert refuse(call) == "proof-of-no-entry"


@pytest.mark.parametrize(("first", "last"), [(1, 5), (5, 8), (1, 8)])
def test_growth_is_proven_and_checked(folder: Path, tmp_path: Path, first: int, last: int) -> None:
    path = save(tmp_path, vr.prove_growth(folder / "log", first, last))
    one, other = folder / f"{first}.json", folder / f"{last}.json"
    for pair in ((one, other), (other, one)):
        report = vr.check_proof(path, *pair)
        assert (report.holds, report.seq, report.decision_digest) == (True, None, None)
        assert vr.compare_checkpoints(*pair, path) == "continued"
        assert vr.compare_checkpoints(*pair) == "unproven"


def test_two_checkpoints_are_compared_without_the_log(
    folder: Path, foreign: Path, tmp_path: Path
) -> None:
    assert vr.compare_checkpoints(folder / "5.json", folder / "5.json") == "same"
    assert vr.compare_checkpoints(folder / "5.json", foreign / "5.json") == "other_logs"
    changed = [make_decision(n, body=make_body(n, amount="1.00")) for n in range(1, 6)]
    write_log(tmp_path / "log", changed)
    with Log.open(tmp_path / "log") as log:
        save_checkpoint(make_checkpoint(log, tell_time(5)), tmp_path / "5.json")
    assert vr.compare_checkpoints(folder / "5.json", tmp_path / "5.json") == "different"
    short = save(tmp_path, vr.prove_growth(folder / "log", 1, 5))
    assert vr.compare_checkpoints(folder / "5.json", folder / "8.json", short) == "unproven"
    entry = save(tmp_path, vr.prove_entry(folder / "log", 1, folder / "5.json"))
    call = partial(vr.compare_checkpoints, folder / "5.json", folder / "8.json", entry)
    assert refuse(call) == "proof-of-an-entry"


def test_a_proof_of_another_log_or_checkpoint_shows_nothing(
    folder: Path, foreign: Path, tmp_path: Path
) -> None:
    proof = save(tmp_path, vr.prove_entry(folder / "log", 3, folder / "5.json"))
    for checkpoint in (foreign / "5.json", folder / "8.json"):
        report = vr.check_proof(proof, checkpoint)
        assert list_codes(report) == {"proof-of-another", "proof-shows-nothing"}
        assert not report.holds


def change_body(proof: dict[str, Any]) -> None:
    proof["entry"]["request_id"] = "another"


def take_entry(proof: dict[str, Any], folder: Path) -> None:
    """Put another whole entry of the log in the place of the one that is proven."""
    other = vr.prove_entry(folder / "log", 4, folder / "5.json")
    for name in ("entry", "digest", "decision_digest", "seq"):
        proof[name] = other[name]


CHANGES: dict[str, Callable[[dict[str, Any], Path], object]] = {
    "the entry": lambda proof, _: change_body(proof),
    "another entry": take_entry,
    "the number": lambda proof, _: proof.update(seq=4),
    "the digest": lambda proof, _: proof.update(digest="sha256:" + "0" * 64),
    "the decision": lambda proof, _: proof.update(decision_digest="sha256:" + "0" * 64),
    "no decision": lambda proof, _: proof.update(decision_digest=None),
    "the size": lambda proof, _: proof.update(size=6),
    "the root": lambda proof, _: proof.update(root="sha256:" + "0" * 64),
    "the checkpoint": lambda proof, _: proof.update(checkpoint="sha256:" + "0" * 64),
    "the log": lambda proof, _: proof.update(log_digest="sha256:" + "0" * 64),
    "the name of the log": lambda proof, _: proof.update(log_id="other"),
    "a hash too few": lambda proof, _: proof["proof"].pop(),
    "a hash too many": lambda proof, _: proof["proof"].append(proof["proof"][0]),
    "a hash": lambda proof, _: proof["proof"].reverse(),
    "the leaf as a hash": lambda proof, _: proof["proof"].insert(
        0, write_hash(hash_leaf(json.dumps(proof["entry"]).encode()))
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_is_changed_in_a_proof_shows(folder: Path, tmp_path: Path, name: str) -> None:
    proof = vr.prove_entry(folder / "log", 3, folder / "5.json")
    CHANGES[name](proof, folder)
    report = vr.check_proof(save(tmp_path, proof), folder / "5.json")
    assert list_codes(report) <= {"proof-of-another", "proof-shows-nothing"}
    assert not report.holds


def test_a_body_that_is_not_that_of_its_digest_is_no_entry(folder: Path, tmp_path: Path) -> None:
    proof = vr.prove_entry(folder / "log", 3, folder / "5.json")
    proof["entry"]["body"]["amount"] = "9999.00"
    call = partial(vr.check_proof, save(tmp_path, proof), folder / "5.json")
    assert refuse(call) == "log-digest-differs"


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("field", ["size", "root"])
def test_whatever_is_changed_in_a_proof_of_growth_shows(
    folder: Path, tmp_path: Path, name: str, field: str
) -> None:
    proof = vr.prove_growth(folder / "log", 5, 8)
    proof[name][field] = {"size": 7, "root": "sha256:" + "0" * 64}[field]
    report = vr.check_proof(save(tmp_path, proof), folder / "5.json", folder / "8.json")
    assert list_codes(report) == {"proof-of-another"}
    proof = vr.prove_growth(folder / "log", 5, 8)
    proof["proof"].pop()
    report = vr.check_proof(save(tmp_path, proof), folder / "5.json", folder / "8.json")
    assert list_codes(report) == {"proof-shows-nothing"}


def test_a_proof_needs_as_many_checkpoints_as_it_is_of(folder: Path, tmp_path: Path) -> None:
    entry = save(tmp_path, vr.prove_entry(folder / "log", 3, folder / "5.json"), "entry")
    grown = save(tmp_path, vr.prove_growth(folder / "log", 1, 5), "grown")
    one = folder / "5.json"
    for call in (
        lambda: vr.check_proof(entry),
        lambda: vr.check_proof(entry, one, one),
        lambda: vr.check_proof(grown, one),
        lambda: vr.check_proof(grown, one, one, one),
    ):
        assert refuse(call) == "proof-needs-checkpoints"


def test_the_checkpoints_have_to_be_signed_by_a_believed_key(folder: Path, tmp_path: Path) -> None:
    signer = make_signer("office")
    key = vr.Key("office", signer.public, HEADER.created)
    stranger = vr.Key("office", make_signer("x").public, HEADER.created)
    with Log.open(folder / "log") as log:
        made = sign_checkpoint(make_checkpoint(log, tell_time(9)), signer)
    save_checkpoint(made, tmp_path / "signed.json")
    signed = tmp_path / "signed.json"
    proof = save(tmp_path, vr.prove_entry(folder / "log", 3, signed))
    assert vr.check_proof(proof, signed, trusted=[key]).holds
    for trusted in ([stranger], []):
        report = vr.check_proof(proof, signed, trusted=trusted)
        assert list_codes(report) == {"checkpoint-not-signed"}
    bare = partial(vr.compare_checkpoints, signed, folder / "8.json", trusted=[key])
    assert refuse(bare) == "checkpoint-not-signed"
    assert vr.compare_checkpoints(signed, signed, trusted=[key]) == "same"


@pytest.mark.parametrize(
    "written", [b"", b"{}", b"[1]", b"\xff", b"[" * 100_000, b'{"schema": []}', b'{"schema": "x"}']
)
def test_what_is_no_proof_is_told(folder: Path, tmp_path: Path, written: bytes) -> None:
    path = tmp_path / "proof"
    path.write_bytes(written)
    assert refuse(lambda: vr.check_proof(path, folder / "5.json")) == "proof-not-readable"


def test_a_proof_is_only_so_long(folder: Path, tmp_path: Path) -> None:
    written = json.dumps(vr.prove_entry(folder / "log", 3, folder / "5.json")).encode()
    path = tmp_path / "proof"
    for size in (MOST_PROOF - 1, MOST_PROOF, MOST_PROOF + 1):
        path.write_bytes(written + b" " * (size - len(written)))
        if size <= MOST_PROOF:
            assert vr.check_proof(path, folder / "5.json").holds
        else:
            assert refuse(lambda: vr.check_proof(path, folder / "5.json")) == "proof-not-readable"


@given(data=st.data())
def test_no_field_of_a_proof_may_hold_just_anything(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever stands there, the answer is a fault or a refusal, and never another exception."""
    proof = vr.prove_entry(folder / "log", 3, folder / "5.json")
    name = data.draw(st.sampled_from(sorted(proof)))
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    other = data.draw(plain | st.lists(plain, max_size=3) | st.dictionaries(st.text(), plain))
    if other == proof[name]:
        return
    proof[name] = other
    path = save(tmp_path_factory.getbasetemp(), proof, "strange.json")
    try:
        assert not vr.check_proof(path, folder / "5.json").holds
    except vr.RecordError as error:
        assert error.diagnostics  # noqa: PT017 - both ways are right, and this one tells why
