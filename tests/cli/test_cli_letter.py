"""Comes in: facts and settings of a letter. Goes out: what `letter` prints, and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import RULESET, Run, run
from test_cli_decide import write_facts

__all__ = ["run"]  # fixtures

SETTINGS = (
    "--subject",
    "Shop <1>",
    "--reference",
    "R-7",
    "--issuer",
    "Office",
    "--dated",
    "2021-03-02",
)


def write(
    run: Run, folder: Path, *words: str, changes: tuple[str, ...] = ()
) -> tuple[int, str, str]:
    done = run("letter", str(RULESET), "claim", write_facts(folder, *changes), *words)
    return done.code, done.out, done.err


@pytest.mark.parametrize(
    ("changes", "code", "title"),
    [
        ((), 0, "Decision: claim"),
        (("shop.size: large",), 10, "Decision: claim"),
        (("finding.well_run: unknown",), 11, "For a person to decide: claim"),
        (("contract.amount: unknown",), 12, "What is still needed: claim"),
        (("claim.date: 2023-01-01",), 13, "Decision: claim"),
    ],
    ids=["granted", "denied", "referred", "undetermined", "not-in-force"],
)
def test_the_exit_code_is_that_of_decide(
    run: Run, tmp_path: Path, changes: tuple[str, ...], code: int, title: str
) -> None:
    made, out, err = write(run, tmp_path, "--format", "text", changes=changes)
    assert (made, err) == (code, "")
    assert out.splitlines()[0] == title


def test_the_settings_stand_in_the_letter(run: Run, tmp_path: Path) -> None:
    words = (*SETTINGS, "--remedies", "Write to us.\nBy post.")
    _, out, _ = write(run, tmp_path, *words, "--format", "text")
    lines = out.splitlines()
    assert {"To: Shop <1>", "Reference: R-7", "Office", "2021-03-02"} <= {*lines}
    assert {"  Write to us.", "  By post."} <= {*lines}


def test_a_page_comes_out_where_no_form_is_named_and_may_go_to_a_file(
    run: Run, tmp_path: Path
) -> None:
    _, out, _ = write(run, tmp_path, *SETTINGS)
    assert out.startswith("<!doctype html>")
    assert "Shop &lt;1&gt;" in out
    path = tmp_path / "letter.html"
    code, nothing, told = write(run, tmp_path, *SETTINGS, "--out", str(path))
    assert (code, nothing, told) == (0, "", f"written to {path}\n")
    assert path.read_text(encoding="utf-8") == out


def test_the_letter_is_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    facts = write_facts(tmp_path)
    done = run("letter", str(RULESET), "claim", facts, "--format", "markdown", lang="zh")
    assert done.out.startswith("# 关于“")


def test_every_setting_that_cannot_be_used_is_told_at_once_by_its_option(
    run: Run, tmp_path: Path
) -> None:
    words = ("--dated", "2021-3-2", "--digest", "abc", "--remedies", " ")
    code, out, err = write(run, tmp_path, *words)
    assert (code, out) == (3, "")
    assert "--dated: not-a-date" in err
    assert "--digest: bad-digest" in err
    assert "--remedies: remedies-not-told" in err


def test_a_what_if_is_told_first(run: Run, tmp_path: Path) -> None:
    code, out, _ = write(run, tmp_path, "--format", "text", "--set", "share=1%")
    assert code == 0
    assert "! Please note first" in out


def test_a_setting_is_refused_before_anything_is_entered(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "book.jsonl"
    words = ("--ledger", str(ledger), "--at", "2021-03-01T09:00", "--enter", "--digest", "abc")
    code, _, err = write(run, tmp_path, *words)
    assert code == 3
    assert "bad-digest" in err
    assert not ledger.exists()
