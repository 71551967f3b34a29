"""Comes in: the command `synthesise`. Goes out: what it writes, read again, and its refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import RULESET, Run, run

import voucher_rules as vr
from voucher_rules.cli.exits import REFUSED, USAGE
from voucher_rules.sources.csv import read_csv

__all__ = ["run"]  # fixtures


def ask(run: Run, out: Path, *more: str) -> tuple[int, str, str]:
    words = ["synthesise", str(RULESET), "claim", "--count", "20", "--seed", "1", "--out", str(out)]
    done = run(*words, "--lang", "en", *more)
    return done.code, done.out, done.err


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_what_is_written_is_decided_again(run: Run, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"cases{suffix}"
    code, told, _ = ask(run, out)
    assert code == 0
    assert "invented" in told.splitlines()[0]
    if suffix == ".csv":
        rows = [dict(row) for row in read_csv(out.read_bytes(), "cases.csv").rows]
    else:
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    ruleset = vr.load(RULESET)
    made = list(vr.synthesise(ruleset, "claim", 20, seed=1))
    assert len(rows) == len(made)
    for row, facts in zip(rows, made, strict=True):
        texts = {str(k): v if isinstance(v, list) else str(v) for k, v in row.items()}
        one, other = ruleset.decide("claim", texts), ruleset.decide("claim", facts)
        assert (one.outcome, one.amounts) == (other.outcome, other.amounts)


def test_every_row_says_that_it_is_invented(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    ask(run, out, "--labelled")
    head, *lines = out.read_text(encoding="utf-8").splitlines()
    assert head.endswith(",invented")
    assert all(line.endswith(",true") for line in lines)


def test_marginals_are_read_from_a_file(run: Run, tmp_path: Path) -> None:
    told = tmp_path / "spread.yaml"
    told.write_text("shop.size: {small: 2, large: 0}\n", encoding="utf-8")
    out = tmp_path / "cases.jsonl"
    code, _, err = ask(run, out, "--marginals", str(told), "--missing", "0%")
    assert (code, err) == (0, "")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {row["shop.size"] for row in rows} == {"small"}


@pytest.mark.parametrize(
    ("name", "more", "code"),
    [
        ("cases.txt", (), REFUSED),
        ("no-such-folder/cases.csv", (), REFUSED),
        ("cases.csv", ("--missing", "120%"), REFUSED),
        ("cases.csv", ("--seed", "x"), USAGE),
        ("cases.csv", ("--count", "0"), USAGE),
    ],
)
def test_what_cannot_be_is_refused(
    run: Run, tmp_path: Path, name: str, more: tuple[str, ...], code: int
) -> None:
    found, _, err = ask(run, tmp_path / name, *more)
    assert found == code
    assert err
