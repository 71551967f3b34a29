"""The commands on records: decide into a log, keep it, replay it, weigh another law."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Final

import pytest
from cli_runner import Done, Run, run  # noqa: F401 - a fixture
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from voucher_rules.cli.progress import PATIENCE, Progress
from voucher_rules.record.signing import make_signer, write_private_key

FOLDER: Final = Path(__file__).parents[1] / "record" / "rulesets"
FACTS: Final = {
    "ticket.holder": "Zhang San",
    "ticket.agent": "none",
    "ticket.price": "100元",
    "guests": [],
    "finding.ill": False,
}
RULESETS: Final = ("--rulesets", str(FOLDER))


@pytest.fixture
def log(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """Keep a log of three decisions, the first with a hidden holder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facts.json").write_text(json.dumps(FACTS), encoding="utf-8")
    assert run("log", "start", "log.jsonl", "--owner", "A theatre (invented)").code == 0
    hide = ("--hide", "ticket.holder", "--secrets", "secrets.jsonl", "--subject", "case 1")
    assert record(run, "r1", *hide).code == 0
    assert record(run, "r2").code == 0
    assert record(run, "r3").code == 0
    return tmp_path / "log.jsonl"


def record(run: Run, request: str, *words: str) -> Done:  # noqa: F811
    case = ("--facts", "facts.json", "--on", "2024-05-01", "--log", "log.jsonl")
    given = (*RULESETS, *case, "--request", request, *words)
    return run("decide", "invented-tickets", "refund", *given)


def replay(run: Run, *words: str) -> Done:  # noqa: F811
    return run("replay", "log.jsonl", *RULESETS, *words)


def change(log: Path, old: bytes, new: bytes) -> None:
    assert old in log.read_bytes()
    log.write_bytes(log.read_bytes().replace(old, new))


def test_the_exit_code_tells_what_a_replay_came_to(log: Path, run: Run) -> None:  # noqa: F811
    assert replay(run, "--secrets", "secrets.jsonl").code == 0
    done = replay(run)
    assert done.code == 22
    assert "give the file of secrets" in done.out
    change(log, b'"request_id":"r2"', b'"request_id":"rx"')
    done = replay(run, "--secrets", "secrets.jsonl")
    assert done.code == 21
    assert "log-chain-broken" in done.out


def test_what_is_no_log_is_told_apart_from_one_that_is_damaged(log: Path, run: Run) -> None:  # noqa: F811
    assert run("replay", "nothing.jsonl").code == 3
    change(log, b"voucher-rules/log/1", b"voucher-rules/log/x")
    assert replay(run).code == 21


def test_a_decision_that_differs_has_a_code_of_its_own(log: Path, run: Run) -> None:  # noqa: F811
    case = (*RULESETS, "--facts", "facts.json", "--on", "2024-05-01", "--log", "other.jsonl")
    assert run("log", "start", "other.jsonl", "--owner", "X", "--id", "other").code == 0
    assert run("decide", "invented-tickets", "refund", *case, "--request", "r1").code == 0
    path = log.with_name("other.jsonl")
    head, line = path.read_bytes().splitlines()
    entry = json.loads(line)
    entry["body"]["outcome"]["amounts"]["refund.amount"]["value"] = "80.01"
    entry["body"]["outcome_digest"] = digest("outcome", entry["body"]["outcome"])
    entry["decision_digest"] = digest("decision", entry["body"])
    path.write_bytes(head + b"\n" + write(entry) + b"\n")
    done = run("replay", "other.jsonl", *RULESETS)
    assert done.code == 20
    assert "CNY 80.01 ≠ CNY 80" in done.out


def write(data: object) -> bytes:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest(kind: str, data: object) -> str:
    tag = f"voucher-rules/{kind}/1\0".encode()
    return f"sha256:{hashlib.sha256(tag + write(data)).hexdigest()}"


def test_a_report_in_a_file_has_the_digest_that_is_told(log: Path, run: Run) -> None:  # noqa: F811
    words = ("--format", "json", "--out", "report.json", "--secrets", "secrets.jsonl")
    told = replay(run, *words)
    data = log.with_name("report.json").read_bytes()
    tag = b"voucher-rules/report/1\0"
    assert f"sha256:{hashlib.sha256(tag + data).hexdigest()}" in told.err
    page = replay(run, "--format", "html", "--secrets", "secrets.jsonl").out
    assert page.startswith("<!doctype html>")
    assert "A theatre (invented)" in page


def test_another_law_is_weighed_and_nothing_recorded(log: Path, run: Run) -> None:  # noqa: F811
    before = log.read_bytes()
    done = replay(
        run, "--secrets", "secrets.jsonl", "--with", "invented-tickets", "--set", "part=90%"
    )
    assert done.code == 0
    assert "Hypothetical" in done.out
    assert "refund: gained CNY 30 in all, lost CNY 0 in all, net +CNY 30" in done.out
    assert log.read_bytes() == before
    done = replay(run, "--with", "invented-tickets", "--reading", "guests_too=alone")
    assert "could not be decided" in done.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--set", "part=90%"), "option-alone"),
        (("--reading", "guests_too=alone"), "option-alone"),
        (("--with", "invented-tickets", "--checkpoint", "x.json"), "option-against"),
        (("--stamp", "x.tsr"), "stamp-without-authority"),
        (("--checkpoint", "x.json"), "file-not-found"),
        (("--key", "facts.json"), "log-field"),
        (("--key", "log.jsonl"), "key-file-not-readable"),
        (("--secrets", "facts.json"), "secret-damaged"),
    ],
)
def test_what_does_not_go_together_is_refused(
    log: Path,
    run: Run,  # noqa: F811
    words: tuple[str, ...],
    code: str,
) -> None:
    assert log.exists()
    done = replay(run, *words)
    assert (done.code, code in done.err) == (3, True), done.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "option-missing"),
        (("--request", "x", "--hide", "ticket.holder"), "option-missing"),
        (("--request", "x", "--corrects", "1"), "option-missing"),
        (("--request", "x", "--because", "why"), "option-alone"),
        (("--request", "x", "--corrects", "1", "--replaces", "2"), "option-against"),
        (("--request", "x", "--all-readings"), "option-against"),
        (("--request", "x", "--set", "part=90%"), "record-hypothetical"),
        (("--request", "x", "--corrects", "9", "--because", "y"), "record-not-there"),
    ],
)
def test_recording_needs_what_it_needs(
    log: Path,
    run: Run,  # noqa: F811
    words: tuple[str, ...],
    code: str,
) -> None:
    before = log.read_bytes()
    case = (*RULESETS, "--facts", "facts.json", "--on", "2024-05-01", "--log", "log.jsonl")
    done = run("decide", "invented-tickets", "refund", *case, *words)
    assert (done.code, code in done.err) == (3, True), done.err
    assert log.read_bytes() == before


def test_options_of_recording_need_a_log(log: Path, run: Run) -> None:  # noqa: F811
    assert log.exists()
    case = (*RULESETS, "--facts", "facts.json", "--on", "2024-05-01", "--request", "r")
    done = run("decide", "invented-tickets", "refund", *case)
    assert (done.code, "option-alone" in done.err) == (3, True)


def test_the_same_request_is_the_same_entry(log: Path, run: Run) -> None:  # noqa: F811
    before = log.read_bytes()
    assert "is in log.jsonl already, as entry 2" in record(run, "r2").err
    assert log.read_bytes() == before


def test_entries_are_changed_by_further_entries(log: Path, run: Run) -> None:  # noqa: F811
    assert log.exists()
    assert "entry 4" in record(run, "r4", "--corrects", "2", "--because", "a slip").err
    assert "entry 5" in record(run, "r5", "--replaces", "3", "--because", "an appeal").err
    words = ("--because", "withdrawn", "--request", "r6")
    assert "entry 6" in run("log", "revoke", "log.jsonl", "1", *words).out
    secrets = ("--secrets", "secrets.jsonl", "--because", "asked for", "--request", "r7")
    assert "entry 7" in run("log", "erase", "log.jsonl", "1", *secrets).out
    shown = run("log", "show", "log.jsonl").out
    for told in ("revoked by 6", "replaced by 4", "decision anew of 3", "erasure of 1"):
        assert told in shown
    one = run("log", "show", "log.jsonl", "1").out
    assert "Zhang San" not in one
    assert "(hidden)" in one
    data = json.loads(run("log", "show", "log.jsonl", "4", "--format", "json").out)
    assert (data[0]["kind"], data[0]["because"]) == ("correction", "a slip")
    assert run("log", "end", "log.jsonl", "--request", "r8").code == 0
    assert record(run, "r9").code == 3
    done = replay(run, "--secrets", "secrets.jsonl")
    assert done.code == 22
    assert "what opened them was erased" in done.out


def test_checkpoints_are_signed_checked_and_proven_against(log: Path, run: Run) -> None:  # noqa: F811
    make_key(log.parent)
    sign = ("--sign", "office.key")
    assert run("log", "checkpoint", "log.jsonl", "3.json", *sign).code == 0
    assert record(run, "r4").code == 0
    done = run("log", "checkpoint", "log.jsonl", "4.json", "--previous", "3.json", *sign)
    assert "of 4 entries" in done.out
    anchored = ("--checkpoint", "3.json", "--checkpoint", "4.json", "--key", "office.pem")
    done = run("log", "check", "log.jsonl", *anchored)
    assert (done.code, "good 2" in done.out) == (0, True)
    assert run("log", "check", "log.jsonl", *anchored[:4]).code == 21  # the log names no key
    assert run("log", "check", "log.jsonl", *anchored[:5], "desk=office.pem").code == 21
    proof = json.loads(run("log", "prove", "log.jsonl", "2", "--checkpoint", "4.json").out)
    assert (proof["seq"], proof["size"], len(proof["proof"])) == (2, 4, 2)
    grown = json.loads(run("log", "prove", "log.jsonl", "--from", "3", "--to", "4").out)
    assert grown["from"]["root"] != grown["to"]["root"]
    for words in (("5", "--checkpoint", "4.json"), ("--from", "3", "--to", "9"), ("2",)):
        assert run("log", "prove", "log.jsonl", *words).code == 3
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    done = run("log", "check", "log.jsonl", *anchored)
    assert (done.code, "1 entry is missing at the end" in done.out) == (21, True)


def make_key(folder: Path) -> None:
    signer = make_signer("office")
    (folder / "office.key").write_bytes(write_private_key(signer))
    forms = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "office.pem").write_bytes(signer.private.public_key().public_bytes(*forms))


def test_a_log_begun_with_a_key_believes_it(log: Path, run: Run) -> None:  # noqa: F811
    make_key(log.parent)
    words = ("--owner", "X", "--key", "desk=office.pem")
    assert run("log", "start", "keyed.jsonl", *words).code == 0
    sign = ("--sign", "office.key", "--key-id", "desk")
    assert run("log", "checkpoint", "keyed.jsonl", "0.json", *sign).code == 0
    done = run("log", "check", "keyed.jsonl", "--checkpoint", "0.json")
    assert (done.code, "shows only that one hand" in done.out) == (0, True)


def test_a_torn_end_is_told_shown_and_mended(log: Path, run: Run) -> None:  # noqa: F811
    with log.open("ab") as file:
        file.write(b'{"body":')
    assert run("log", "check", "log.jsonl").code == 21
    assert record(run, "r4").code == 3
    done = run("log", "mend", "log.jsonl")
    assert (done.code, "moved 8 bytes" in done.out) == (0, True)
    assert run("log", "check", "log.jsonl").code == 0
    assert "nothing to mend" in run("log", "mend", "log.jsonl").out


def test_what_can_be_read_of_a_damaged_log_is_shown(log: Path, run: Run) -> None:  # noqa: F811
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:2], b"{}\n", *lines[3:]]))
    done = run("log", "show", "log.jsonl")
    assert (done.code, "line 3 cannot be read" in done.out) == (21, True)
    assert "not sound: 1" in done.err
    shown = run("log", "show", "log.jsonl", "--last", "1").out
    assert ("r3" in shown, "r1" in shown, "and 2 before these" in shown) == (True, False, True)


class Terminal(io.StringIO):
    """A stream someone looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "now", "told"),
    [
        (Terminal(), PATIENCE - 1, ""),
        (Terminal(), PATIENCE, "\r50%, 1,000 entries\x1b[K\r\x1b[K"),
        (io.StringIO(), PATIENCE + 1, ""),
    ],
)
def test_progress_is_told_to_who_waits_for_long(stream: io.StringIO, now: int, told: str) -> None:
    moments = iter([0, now, now])
    progress = Progress("en", stream, lambda: next(moments))
    progress.tell(5, 10, 1000)
    progress.finish()
    assert stream.getvalue() == told


def test_an_erasure_tells_what_was_erased_and_makes_no_file(log: Path, run: Run) -> None:  # noqa: F811
    erase = ("log", "erase", "log.jsonl", "1", "--because", "asked for", "--request", "e1")
    before = log.read_bytes()
    done = run(*erase, "--secrets", "nosuch.jsonl")
    assert (done.code, log.read_bytes()) == (3, before)
    assert "file-not-found" in done.err
    assert not log.with_name("nosuch.jsonl").exists()
    done = run(*erase, "--secrets", "secrets.jsonl")
    assert (done.code, "of entry 1: ticket.holder" in done.out) == (0, True)
    again = run(*erase, "--secrets", "secrets.jsonl")
    assert (again.code, "nothing of entry 1 was left" in again.out) == (0, True)
    other = ("log", "erase", "log.jsonl", "2", "--because", "x", "--request", "e2")
    done = run(*other, "--secrets", "secrets.jsonl")
    assert (done.code, "nothing-to-erase" in done.err) == (3, True)


def test_what_takes_the_place_of_an_entry_is_of_its_matter(log: Path, run: Run) -> None:  # noqa: F811
    fix = ("--corrects", "1", "--because", "misread")
    before = log.read_bytes()
    done = record(run, "r4", *fix, "--subject", "case 2")
    assert (done.code, log.read_bytes()) == (3, before)
    assert "record-of-another-subject" in done.err
    assert "about `case 1`, and not `case 2`" in done.err
    done = record(run, "r4", *fix)
    assert done.code == 0
    assert "about case 1, as entry 1" in done.err
    assert '"subject":"case 1"' in log.read_text(encoding="utf-8").splitlines()[-1]
    assert record(run, "r4", *fix).code == 0
    done = record(run, "r5", "--replaces", "2", "--because", "appeal", "--subject", "case 2")
    assert (done.code, "as entry 2" in done.err) == (0, False)


def test_a_recorded_decision_tells_both_digests_by_name(log: Path, run: Run) -> None:  # noqa: F811
    done = record(run, "r9")
    line = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert f"digest of the entry {digest('entry', line)}" in done.err
    assert f"digest of the decision {line['decision_digest']}" in done.err


def test_an_end_that_was_torn_is_told_wherever_the_log_is_read(
    log: Path,
    run: Run,  # noqa: F811
) -> None:
    assert run("log", "checkpoint", "log.jsonl", "whole.json", "--lang", "en").err == ""
    log.write_bytes(log.read_bytes()[:-20])
    done = run("log", "show", "log.jsonl", "--lang", "en")
    assert (done.code, "log-tail-cut" in done.err) == (21, True)
    done = run("log", "checkpoint", "log.jsonl", "torn.json", "--lang", "en")
    assert (done.code, "log-tail-cut" in done.err) == (0, True)
    checked = ("log", "check", "log.jsonl", "--lang", "en")
    alone = run(*checked)
    assert (alone.code, "or someone cut the file" in alone.out) == (21, True)
    held = run(*checked, "--checkpoint", "whole.json")
    assert (held.code, "entry 3 had been recorded whole" in held.out) == (21, True)
    assert "a write was cut off, or" not in held.out
