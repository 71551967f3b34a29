"""Comes in: the commands that take a what-if file. Goes out: a failure where one passes it over."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import RULESET, Run, run

__all__ = ["run"]  # fixtures
CHANGE = """\
ruleset: shop-voucher
language: 1
title: {zh: 虚构的改动, en: an invented change}
changes:
  - parameter: cap
    value: 5000元
"""
FACTS = """\
claim.date: 2021-03-01
contract.amount: 20000元
shop.staff: 10
shop.size: small
finding.well_run: true
ledger.claimed_before: 0元
"""
TABLE = "shop.staff,contract.amount,claim.date,shop.size\n10,20000,2021-03-01,small\n"
GIVEN = ("--given", "finding.well_run=true", "--given", "ledger.claimed_before=0元")
SHOP = str(RULESET)
WORDS = {
    "vary": ("vary", SHOP, "claim", "facts.yaml", "contract.amount"),
    "counterfactual": ("counterfactual", SHOP, "claim", "facts.yaml", "--amount", "4500元"),
    "difference": ("difference", SHOP, ".", "claim", "--on", "2021-03-01"),
    "whatif": ("whatif", SHOP, "claim", "table.csv", *GIVEN),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_change_in_a_file_counts_as_one_on_the_command_line(
    run: Run, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, text in (("facts.yaml", FACTS), ("table.csv", TABLE), ("c.whatif.yaml", CHANGE)):
        (tmp_path / file).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    plain = run(*WORDS[name])
    on_line = run(*WORDS[name], "--set", "cap=5000元")
    in_file = run(*WORDS[name], "--change", "c.whatif.yaml")
    assert (in_file.code, in_file.err) == (0, "")
    assert in_file.out == on_line.out
    assert in_file.out != plain.out


def test_a_queue_takes_no_change(run: Run) -> None:
    assert "--change" not in run("allocate", "--help").out
