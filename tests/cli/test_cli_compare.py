"""The command that holds two decisions side by side, and what-if files on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from cli_runner import GRANTED, RULESET, Run, run

from voucher_rules.cli.exits import DONE, MISMATCH, REFUSED

__all__ = ["run"]  # fixtures

WHAT_IF: Final = """
ruleset: shop-voucher
language: 1
title: {zh: 试, en: trial}
changes:
  - {parameter: share, value: 40%}
"""


def write(folder: Path, text: str = WHAT_IF) -> tuple[str, str]:
    facts, what_if = folder / "facts.yaml", folder / "less.whatif.yaml"
    facts.write_text(GRANTED, encoding="utf-8")
    what_if.write_text(text, encoding="utf-8")
    return str(facts), str(what_if)


def test_the_exit_code_tells_whether_both_decide_alike(run: Run, tmp_path: Path) -> None:
    facts, what_if = write(tmp_path)
    words = ("compare", str(RULESET), "claim", "--facts", facts)
    apart = run(*words, "--change", what_if, "--format", "json")
    assert apart.code == MISMATCH
    data = json.loads(apart.out)
    assert data["differs"] is True
    assert data["sheets"]["changes"][0]["part"] == "enough by itself"
    alike = run(*words, "--set", "bonus_most=90元")
    assert alike.code == DONE
    assert "both decide alike" in alike.out


def test_nothing_to_change_and_several_cases_are_refused(run: Run, tmp_path: Path) -> None:
    facts, _ = write(tmp_path)
    words = ("compare", str(RULESET), "claim", "--facts", facts)
    nothing = run(*words)
    assert (nothing.code, "change-of-nothing" in nothing.err) == (REFUSED, True)
    several = run(*words, "--facts", facts)
    assert (several.code, "one-case-only" in several.err) == (REFUSED, True)


def test_decide_takes_what_if_files(run: Run, tmp_path: Path) -> None:
    facts, what_if = write(tmp_path)
    words = ("decide", str(RULESET), "claim", "--facts", facts, "--change", what_if)
    assert "what-if: share (`share`) is 40% instead of 50%" in run(*words).out
    stacked = run(*words, "--set", "share=30%").out
    assert "what-if: share (`share`) is 30% instead of 40%" in stacked


def test_a_faulty_what_if_file_is_told_at_its_line(run: Run, tmp_path: Path) -> None:
    facts, what_if = write(tmp_path, WHAT_IF.replace("share", "shore"))
    done = run("decide", str(RULESET), "claim", "--facts", facts, "--change", what_if)
    assert done.code == REFUSED
    assert f"{what_if}:6:17: unknown-parameter" in done.err
    gone = run("decide", str(RULESET), "claim", "--facts", facts, "--change", "none.whatif.yaml")
    assert (gone.code, "file-not-found" in gone.err) == (REFUSED, True)
