"""The commands on keys, proofs and secrets of a log."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from cli_runner import Done, Run, run  # noqa: F401 - a fixture

import voucher_rules as vr
from voucher_rules.record.commitments import SecretStore


@pytest.fixture
def folder(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """Keep a log with a key of its own; another key lies beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        assert run("log", "make-key", f"{name}.key").code == 0
    started = ("log.jsonl", "--owner", "A theatre (invented)", "--id", "t", "--key", "old.pem")
    assert run("log", "start", *started).code == 0
    return tmp_path


def change(run: Run, request: str, *words: str) -> Done:  # noqa: F811
    return run("log", "change-keys", "log.jsonl", "--request", request, *words)


def end(run: Run, request: str) -> Done:  # noqa: F811
    return run("log", "end", "log.jsonl", "--request", request)


def test_a_key_is_made_in_two_new_files(folder: Path, run: Run) -> None:  # noqa: F811
    done = run("log", "make-key", "office.key", "--public", "office.pub", "--key-id", "desk")
    assert done.out == (
        "made the key desk: private in office.key, keep it safe; public in office.pub, for others\n"
    )
    if os.name == "posix":
        assert (folder / "office.key").stat().st_mode & 0o777 == 0o600
    written = (folder / "office.key").read_bytes()
    done = run("log", "make-key", "office.key")
    assert (done.code, "file-exists" in done.err) == (3, True)
    assert (folder / "office.key").read_bytes() == written
    assert not (folder / "office.pem").exists()


def test_a_key_under_a_password_signs_with_it(folder: Path, run: Run) -> None:  # noqa: F811
    (folder / "word").write_text("a secret\nnot this\n", encoding="utf-8")
    assert run("log", "make-key", "office.key", "--password-file", "word").code == 0
    begin = ("log", "start", "other.jsonl", "--owner", "A theatre (invented)")
    assert run(*begin, "--key", "office.pem").code == 0
    sign = ("log", "checkpoint", "other.jsonl", "0.json", "--sign", "office.key")
    done = run(*sign)
    assert (done.code, "key-not-readable" in done.err) == (3, True)
    assert run(*sign, "--password-file", "word").code == 0
    (folder / "word").write_text("\n", encoding="utf-8")
    done = run("log", "make-key", "other.key", "--password-file", "word")
    assert (done.code, "password-empty" in done.err) == (3, True)


@pytest.mark.parametrize("option", ["--key-id", "--password-file"])
def test_what_goes_with_a_key_needs_one(folder: Path, run: Run, option: str) -> None:  # noqa: F811
    done = run("log", "checkpoint", "log.jsonl", "0.json", option, "old.key")
    assert (done.code, "option-alone" in done.err) == (3, True)
    assert not (folder / "0.json").exists()


def test_keys_are_changed_and_listed(folder: Path, run: Run) -> None:  # noqa: F811
    assert "recorded in log.jsonl as entry 1" in (
        change(run, "k1", "--add", "desk=new.pem", "--sign", "old.key").out
    )
    signed = ("--sign", "new.key", "--key-id", "desk")
    assert change(run, "k2", "--end", "old", "--because", "a new office", *signed).code == 0
    again = change(run, "k2", "--end", "old", "--because", "a new office", *signed)
    assert "is in log.jsonl already, as entry 2" in again.out
    listed = [line.split() for line in run("log", "keys", "log.jsonl").out.splitlines()]
    assert [(row[0], row[-3:-1]) for row in listed[2:]] == [
        ("old", ["header", "yes"]),
        ("desk", ["1", "yes"]),
    ]
    data = json.loads(run("log", "keys", "log.jsonl", "--format", "json").out)
    assert [(key["id"], key["seq"], key["until"] is None) for key in data] == [
        ("old", 0, False),
        ("desk", 1, True),
    ]
    assert run("log", "checkpoint", "log.jsonl", "2.json", *signed).code == 0
    assert run("log", "check", "log.jsonl", "--checkpoint", "2.json").code == 0
    assert folder.joinpath("2.json").exists()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--sign", "old.key"), "option-missing"),
        (("--sign", "new.key", "--add", "new.pem"), "key-change-not-believed"),
        (("--sign", "old.pem", "--add", "new.pem"), "key-not-readable"),
        (("--sign", "old.key", "--add", "old.pem"), "log-key-twice"),
        (("--sign", "old.key", "--end", "other"), "log-key-unknown"),
        (("--sign", "old.key", "--end", "old=soon"), "not-an-instant"),
        (("--sign", "none.key", "--end", "old"), "file-not-found"),
    ],
)
def test_a_change_of_keys_that_cannot_be_is_refused(
    folder: Path,
    run: Run,  # noqa: F811
    words: tuple[str, ...],
    code: str,
) -> None:
    done = change(run, "k1", *words)
    assert (done.code, code in done.err) == (3, True), done.err
    assert len((folder / "log.jsonl").read_bytes().splitlines()) == 1


def test_a_stolen_key_is_ended_for_a_moment_that_has_passed(folder: Path, run: Run) -> None:  # noqa: F811
    assert change(run, "k1", "--add", "new.pem", "--sign", "old.key").code == 0
    ending = ("--end", "old=2024-05-02T17:00+08:00", "--sign", "new.key")
    assert change(run, "k2", *ending).code == 0
    (old, _) = vr.list_keys(folder / "log.jsonl")
    assert old.until is not None
    assert old.until.isoformat() == "2024-05-02T09:00:00+00:00"


def test_a_log_without_keys_says_so(folder: Path, run: Run) -> None:  # noqa: F811
    assert run("log", "start", "bare.jsonl", "--owner", "X").code == 0
    assert run("log", "keys", "bare.jsonl").out == "the log names no key\n"
    assert run("log", "keys", "bare.jsonl", lang="zh").out == "日志没有写明密钥\n"
    trusted = ("--key", "old.pem")
    add = ("--add", "new.pem", "--request", "k1", "--sign", "old.key")
    assert run("log", "change-keys", "bare.jsonl", *add).code == 3
    assert run("log", "change-keys", "bare.jsonl", *add, *trusted).code == 0
    assert " no " in run("log", "keys", "bare.jsonl").out
    assert " yes " in run("log", "keys", "bare.jsonl", *trusted).out
    assert (folder / "bare.jsonl").exists()


@pytest.fixture
def proven(folder: Path, run: Run) -> Path:  # noqa: F811
    """Write two checkpoints, signed, and proofs of an entry and of growth."""
    sign = ("--sign", "old.key")
    assert change(run, "k1", "--add", "new.pem", *sign).code == 0
    assert run("log", "checkpoint", "log.jsonl", "1.json", *sign).code == 0
    assert end(run, "r2").code == 0
    followed = ("2.json", "--previous", "1.json", *sign)
    assert run("log", "checkpoint", "log.jsonl", *followed).code == 0
    for name, words in {
        "entry.json": ("2", "--checkpoint", "2.json"),
        "grown.json": ("--from", "1", "--to", "2"),
    }.items():
        written = run("log", "prove", "log.jsonl", *words).out
        (folder / name).write_text(written, encoding="utf-8")
    return folder


def test_a_proof_is_verified_without_the_log(proven: Path, run: Run) -> None:  # noqa: F811
    (proven / "log.jsonl").unlink()
    done = run("log", "verify", "entry.json", "--checkpoint", "2.json", "--key", "old.pem")
    assert (done.code, done.out) == (
        0,
        """\
entry 2 stands in the log t of that checkpoint, which has 2 entries
signed by a key that was given
""",
    )
    both = ("--checkpoint", "1.json", "--checkpoint", "2.json")
    done = run("log", "verify", "grown.json", *both)
    assert (done.code, done.out) == (
        0,
        """\
the log t of 2 entries begins with all it held when it had 1
no signature was asked for: no key was given (--key)
""",
    )
    done = run("log", "verify", "entry.json", "--checkpoint", "2.json", "--key", "new.pem")
    assert (done.code, "checkpoint-not-signed" in done.err, done.out) == (21, True, "")
    done = run("log", "verify", "entry.json", "--checkpoint", "1.json")
    assert (done.code, "proof-of-another" in done.err, done.out) == (21, True, "")
    done = run("log", "verify", "entry.json", *both)
    assert (done.code, "proof-needs-checkpoints" in done.err) == (3, True)
    assert run("log", "verify", "2.json", "--checkpoint", "2.json").code == 3


def test_a_proof_tells_the_decision_it_is_of(folder: Path, run: Run) -> None:  # noqa: F811
    ruleset = vr.load("cn-nx-service-voucher")
    decision = ruleset.decide("claim", {"contract.amount": "4000元"}, on="2017-03-01")
    with vr.RecordLog.open(folder / "log.jsonl") as log:
        entry = log.record(decision, "r1")
        log.checkpoint(folder / "1.json")
    written = run("log", "prove", "log.jsonl", "1", "--checkpoint", "1.json").out
    (folder / "entry.json").write_text(written, encoding="utf-8")
    for lang, word in {"en": "the decision it records: ", "zh": "其决定的摘要为 "}.items():
        done = run("log", "verify", "entry.json", "--checkpoint", "1.json", lang=lang)
        assert f"{word}{entry.decision_digest}" in done.out


def test_checkpoints_of_two_hands_are_compared(proven: Path, run: Run) -> None:  # noqa: F811
    assert (proven / "grown.json").exists()
    for words, code, told in [
        (("1.json", "1.json"), 0, "both are of the same entries"),
        (("1.json", "2.json", "--proof", "grown.json"), 0, "one history"),
        (("1.json", "2.json"), 21, "no proof holds"),
    ]:
        done = run("log", "compare", *words)
        assert (done.code, told in done.out) == (code, True)
    done = run("log", "compare", "1.json", "2.json", "--proof", "entry.json")
    assert (done.code, "proof-of-an-entry" in done.err) == (3, True)
    done = run("log", "compare", "1.json", "1.json", "--key", "new.pem")
    assert (done.code, "checkpoint-not-signed" in done.err) == (21, True)


def test_stray_secrets_are_told_and_erased(folder: Path, run: Run) -> None:  # noqa: F811
    with SecretStore.open(folder / "secrets.jsonl") as store:
        store.hide("Zhang San", "t", "r1", "ticket.holder")
    words = ("log.jsonl", "--secrets", "secrets.jsonl")
    done = run("log", "check", *words)
    assert (done.code, "secret-of-no-entry" in done.err) == (21, True)
    assert "Zhang San" not in done.out + done.err
    assert "the log is sound" in done.out
    done = run("log", "mend", *words)
    assert (done.code, "should not be there: 1" in done.out) == (0, True)
    assert (folder / "secrets.jsonl").read_bytes() == b""
    assert "no secret that should not be there" in run("log", "mend", *words).out
    done = run("log", "check", *words)
    assert (done.code, "no secret that should not be there" in done.err) == (0, True)
    with (folder / "log.jsonl").open("ab") as file:
        file.write(b"{}\n")
    done = run("log", "check", *words)
    assert (done.code, "were not looked at" in done.err) == (21, True)


def test_a_key_the_log_does_not_know_signs_nothing(folder: Path, run: Run) -> None:  # noqa: F811
    for words in (("--sign", "new.key"), ("--sign", "new.key", "--key-id", "old")):
        done = run("log", "checkpoint", "log.jsonl", "1.json", *words)
        assert (done.code, "checkpoint-key-unknown" in done.err) == (3, True)
        assert not (folder / "1.json").exists()
    assert run("log", "checkpoint", "log.jsonl", "1.json", "--sign", "old.key").code == 0
    with (
        vr.RecordLog.open("log.jsonl") as log,
        pytest.raises(vr.RecordError, match="checkpoint-key-unknown"),
    ):
        log.checkpoint("2.json", signers=[vr.load_signer("new.key", key_id="old")])
    assert not (folder / "2.json").exists()
    assert run("log", "start", "bare.jsonl", "--owner", "A theatre (invented)").code == 0
    assert run("log", "checkpoint", "bare.jsonl", "3.json", "--sign", "new.key").code == 0


@pytest.mark.usefixtures("folder")
def test_an_unsigned_checkpoint_vouches_for_nothing_where_keys_are_given(run: Run) -> None:  # noqa: F811
    assert change(run, "k1", "--add", "new.pem", "--sign", "old.key").code == 0
    assert run("log", "checkpoint", "log.jsonl", "bare.json").code == 0
    assert run("log", "checkpoint", "log.jsonl", "signed.json", "--sign", "new.key").code == 0
    check = ("log", "check", "log.jsonl", "--format", "json", "--checkpoint")
    free = run(*check, "bare.json")
    assert (free.code, json.loads(free.out)["completeness"]["verified"], free.err) == (0, 1, "")
    done = run(*check, "bare.json", "--key", "old.pem")
    assert (done.code, json.loads(done.out)["completeness"]["verified"]) == (21, 0)
    assert "bare.json:1:1: checkpoint-not-signed" in done.err
    done = run(*check, "signed.json", "--key", "old.pem")
    assert (done.code, json.loads(done.out)["completeness"]["verified"]) == (0, 1)
    done = run(*check, "signed.json", "--checkpoint", "bare.json", "--key", "old.pem")
    assert (done.code, json.loads(done.out)["completeness"]["verified"]) == (21, 1)
    report = vr.replay("log.jsonl", checkpoints=["bare.json"], trusted=["old.pem"])
    assert [x.code for x in report.checkpoint_faults] == ["checkpoint-not-signed"]
    assert report.conclusion == "not_sound"


def test_a_bad_signature_is_a_fault_of_its_checkpoint(folder: Path, run: Run) -> None:  # noqa: F811
    assert change(run, "k1", "--add", "new.pem", "--sign", "old.key").code == 0
    assert run("log", "checkpoint", "log.jsonl", "good.json", "--sign", "old.key").code == 0
    envelope = json.loads((folder / "good.json").read_bytes())
    signature = envelope["signatures"][0]["sig"]
    other = ("A" if signature[0] != "A" else "B") + signature[1:]
    written = (folder / "good.json").read_text(encoding="utf-8").replace(signature, other)
    (folder / "bad.json").write_text(written, encoding="utf-8")
    words = ("--checkpoint", "good.json", "--checkpoint", "bad.json", "--format", "json")
    done = run("log", "check", "log.jsonl", *words)
    assert done.code == 21
    assert "bad.json:1:1: checkpoint-signature-not-good" in done.err
    assert "good.json" not in done.err
    assert "not of the lines of the log" in done.err
    held = json.loads(done.out)
    assert sorted(x["authenticity"] for x in held["checkpoints"]) == ["bad", "ok"]
    assert (held["integrity"]["faulty"], held["completeness"]["faults"]) == (0, [])
