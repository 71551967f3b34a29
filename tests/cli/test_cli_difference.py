"""Comes in: the command `difference`. Goes out: what it tells in each form, and its refusals."""

from __future__ import annotations

import json

import pytest
from cli_runner import RULESET, Run, run

from voucher_rules.cli.exits import NO_RULESET, REFUSED

__all__ = ["run"]  # fixtures
ASK = ("difference", str(RULESET), ".", "claim", "--on", "2021-03-01", "--lang", "en")
CAP = ("--set", "cap=5000元")


def test_a_higher_cap_is_more_generous(run: Run) -> None:
    done = run(*ASK, *CAP)
    assert (done.code, done.err) == (0, "")
    assert "more generous" in done.out
    assert "stricter" not in done.out
    assert "parameter  cap" in done.out


def test_it_is_told_as_json(run: Run) -> None:
    told = json.loads(run(*ASK, *CAP, "--format", "json").out)
    assert {row["way"] for row in told["regions"]} == {"more generous"}
    (cap,) = (row for row in told["changes"] if row["what"] == "parameter")
    assert (cap["name"], cap["after"]) == ("cap", "CNY 5,000")


def test_it_is_told_as_a_page(run: Run) -> None:
    done = run(*ASK, *CAP, "--format", "html")
    assert done.out.startswith("<!doctype html>")
    assert "more generous" in done.out


def test_the_same_rules_differ_in_nothing(run: Run) -> None:
    done = run(*ASK)
    assert done.code == 0
    assert "no case comes out differently" in done.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--set", "no_such=1元"), REFUSED),
        (("--reading", "no_such=x"), REFUSED),
        (("--on", "never"), REFUSED),
    ],
)
def test_what_cannot_be_is_refused(run: Run, words: tuple[str, str], code: int) -> None:
    assert run(*ASK, *words).code == code


def test_another_ruleset_must_be_there(run: Run) -> None:
    assert run("difference", str(RULESET), "no-such-ruleset", "claim").code == NO_RULESET
