"""No command writes over what it reads, nor over what is never made again."""

# ruff: noqa: F811 - fixtures go by the names they are imported under
from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli_runner import RULESET, Run, facts, run  # noqa: F401 - fixtures

from voucher_rules.cli.outputs import check_outputs
from voucher_rules.cli.parser import build_parser
from voucher_rules.errors import InputError

DECIDE = ("decide", str(RULESET), "claim", "--facts")


@pytest.fixture
def log(tmp_path: Path, run: Run, facts: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep a log of one decision with a checkpoint of it."""
    monkeypatch.chdir(tmp_path)
    assert run("log", "start", "log.jsonl", "--owner", "A shop office (invented)").code == 0
    asked = ("--log", "log.jsonl", "--request", "r1")
    assert run(*DECIDE, str(facts), *asked).code == 0
    assert run("log", "checkpoint", "log.jsonl", "cp.json").code == 0
    return tmp_path / "log.jsonl"


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "log.jsonl", "--format", "json", "--out", "log.jsonl"),
        ("replay", "log.jsonl", "--out", "./sub/../log.jsonl"),
        ("replay", "log.jsonl", "--out", "linked.jsonl"),
        ("log", "check", "log.jsonl", "--checkpoint", "cp.json", "--out", "cp.json"),
        ("replay", "log.jsonl", "--secrets", "plain.txt", "--out", "plain.txt"),
        ("replay", "log.jsonl", "--key", "id=plain.txt", "--out", "plain.txt"),
        ("replay", "log.jsonl", "--rulesets", "laws", "--out", "laws/a/2020.yaml"),
        ("limits", "laws/a/2020.yaml", "--write", "laws/a/2020.yaml"),
    ],
)
def test_a_file_that_is_read_is_not_written_over(
    log: Path,
    tmp_path: Path,
    run: Run,
    words: tuple[str, ...],
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "laws" / "a").mkdir(parents=True)
    (tmp_path / "laws" / "a" / "2020.yaml").write_bytes(RULESET.read_bytes())
    (tmp_path / "plain.txt").write_text("x", encoding="utf-8")
    os.link(log, tmp_path / "linked.jsonl")
    before = _read_all(tmp_path)
    done = run(*words)
    assert done.code == 3
    assert "output-is-input" in done.err
    assert _read_all(tmp_path) == before


def _read_all(folder: Path) -> dict[str, bytes]:
    return {str(x): x.read_bytes() for x in folder.rglob("*") if x.is_file()}


def test_what_is_never_made_again_is_not_written_over(
    log: Path,
    tmp_path: Path,
    run: Run,
    facts: Path,
) -> None:
    secret = b'{"commitment":"sha256:00","log_id":"x"}\n'
    (tmp_path / "secrets.jsonl").write_bytes(secret)
    (tmp_path / "ledger.jsonl").write_bytes(b'{"schema":"voucher-rules/ledger/1"}\n')
    (tmp_path / "ledger.db").write_bytes(b"SQLite format 3\0....")
    (tmp_path / "damaged.jsonl").write_bytes(b"\xef\xbb\xbf" + log.read_bytes()[40:])
    assert run("log", "make-key", "office.key").code == 0
    kept = ("log.jsonl", "cp.json", "secrets.jsonl", "ledger.jsonl", "ledger.db", "office.key")
    before = _read_all(tmp_path)
    for name in (*kept, "damaged.jsonl"):
        done = run(*DECIDE, str(facts), "--output", name)
        assert (done.code, done.out) == (3, ""), name
        assert "output-is-kept" in done.err
        assert f"`{name}`" in done.err
    assert run(*DECIDE, str(facts), "--output", "cp.json", lang="zh").code == 3
    assert _read_all(tmp_path) == before


def test_nothing_is_recorded_before_the_refusal(log: Path, run: Run, facts: Path) -> None:
    before = log.read_bytes()
    asked = ("--log", "log.jsonl", "--request", "r2", "--output", str(facts))
    assert run(*DECIDE, str(facts), *asked).code == 3
    assert log.read_bytes() == before


def test_other_files_are_written_over_as_ever(log: Path, run: Run, facts: Path) -> None:
    report = log.with_name("report.json")
    for _ in range(2):
        assert (
            run("log", "check", "log.jsonl", "--format", "json", "--out", "report.json").code == 0
        )
    assert report.read_bytes().startswith(b"{")
    assert run(*DECIDE, str(facts), "--output", "report.json").code == 0
    assert not report.read_bytes().startswith(b"{")


def test_the_files_of_a_study_are_looked_at_too(tmp_path: Path) -> None:
    table = tmp_path / "cases.csv"
    table.write_text("a\n1\n", encoding="utf-8")
    words = ["whatif", "shop-voucher", "claim", str(table), "--html", str(table)]
    with pytest.raises(InputError, match="output-is-input"):
        check_outputs(build_parser(words).parse_args(words))
