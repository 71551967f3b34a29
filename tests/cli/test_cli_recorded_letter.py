"""Comes in: a log and an entry. Goes out: what `log letter` prints, and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import RULESET, Run, run
from test_cli_decide import write_facts

import voucher_rules as vr

__all__ = ["run"]  # fixtures


@pytest.fixture
def log(run: Run, tmp_path: Path) -> str:
    """Return a log of a grant and a denial."""
    path = str(tmp_path / "log.jsonl")
    assert run("log", "start", path, "--owner", "Office", "--id", "o-1").code == 0
    for number, changes in enumerate(((), ("shop.size: large",)), start=1):
        facts = write_facts(tmp_path, *changes)
        words = ("--log", path, "--request", f"r-{number}", "--subject", "S <1>")
        done = run("decide", str(RULESET), "claim", "--facts", facts, *words)
        assert f"digest of the decision {find_digest(path, number)}" in done.err
        assert "digest of the entry sha256:" in done.err
    return path


def find_digest(path: str, seq: int) -> str:
    with vr.RecordLog.open(path) as held:
        entry = held.entry(seq)
    assert entry is not None
    return str(entry.decision_digest)


def write(run: Run, path: str, seq: int, *words: str) -> tuple[int, str, str]:
    folder = str(RULESET.parents[1])
    done = run("log", "letter", path, str(seq), "--rulesets", folder, *words)
    return done.code, done.out, done.err


@pytest.mark.parametrize(("seq", "code", "told"), [(1, 0, "✓ Granted"), (2, 10, "✗ Denied")])
def test_the_exit_code_tells_the_outcome_recorded(
    run: Run,
    log: str,
    seq: int,
    code: int,
    told: str,
) -> None:
    made, out, err = write(run, log, seq, "--format", "text", "--reference", "R-7")
    assert (made, err) == (code, "")
    lines = out.splitlines()
    assert {told, "Reference: R-7", f"  · The record is entry {seq} of the log o-1"} <= {*lines}
    assert f"  · Digest of the record of this decision: {find_digest(log, seq)}" in lines
    about = [line for line in lines if "S <1>" in line]
    assert about == ["  · The record is about: S <1>"]


def test_it_may_go_to_a_file_but_not_over_the_log(run: Run, log: str, tmp_path: Path) -> None:
    out = tmp_path / "letter.html"
    assert write(run, log, 1, "--out", str(out)) == (0, "", f"written to {out}\n")
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    code, _, err = write(run, log, 1, "--out", log)
    assert code == 3
    assert "--out: output-is-input" in err


def test_what_cannot_be_told_of_is_refused(run: Run, log: str) -> None:
    for seq, words, code in (
        (3, (), "taken-again-no-entry"),
        (1, ("--dated", "2021-3-2"), "--dated: not-a-date"),
        (1, ("--rulesets", "nowhere"), "--rulesets: folder-not-found"),
    ):
        made, out, err = write(run, log, seq, *words)
        assert (made, out) == (3, "")
        assert code in err
    done = run("log", "letter", log, "1")
    assert done.code == 3
    assert "taken-again-ruleset-missing" in done.err
    run("log", "revoke", log, "1", "--request", "r-9", "--because", "a slip")
    assert "taken-again-revoked" in write(run, log, 1)[2]


def test_a_digest_by_hand_has_to_be_that_of_the_decision(
    run: Run,
    log: str,
    tmp_path: Path,
) -> None:
    facts = write_facts(tmp_path)
    words = ("letter", str(RULESET), "claim", facts, "--format", "text", "--subject", "S <1>")
    good = run(*words, "--digest", find_digest(log, 1))
    assert good.code == 0
    assert find_digest(log, 1) in good.out
    bad = run(*words, "--digest", find_digest(log, 2))
    assert (bad.code, bad.out) == (3, "")
    assert "--digest: digest-of-another" in bad.err
    assert "log letter LOG SEQ" in bad.err


def test_a_digest_goes_with_no_decision_that_is_only_being_entered(
    run: Run,
    tmp_path: Path,
) -> None:
    book = tmp_path / "book.jsonl"
    words = ("--ledger", str(book), "--at", "2021-03-01T09:00", "--enter")
    digest = f"sha256:{'0' * 64}"
    facts = write_facts(tmp_path)
    done = run("letter", str(RULESET), "claim", facts, *words, "--digest", digest)
    assert done.code == 3
    assert "--digest: option-against" in done.err
    assert not book.exists()
