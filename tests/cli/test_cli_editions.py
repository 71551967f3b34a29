"""Editions on the command line: which there are, which was in force, and deciding under it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import pytest
from cli_runner import Run, run

__all__ = ["run"]  # fixtures

RULESETS: Final = Path(__file__).resolve().parents[1] / "catalog" / "rulesets"
NAME: Final = "test-repair-voucher"
FOLDERS: Final = ("--rulesets", str(RULESETS))
FACTS: Final = "order.price: 100元\norder.date: 2021-12-31\nclaim.date: 2022-02-01\n"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, encoding="utf-8")
    return path


def decide(run: Run, facts: Path, *words: str, lang: str = "en") -> tuple[int, str, str]:
    done = run("decide", NAME, "claim", "--facts", str(facts), *FOLDERS, *words, lang=lang)
    return done.code, done.out, done.err


def test_the_timeline_of_a_ruleset(run: Run) -> None:
    done = run("editions", NAME, *FOLDERS)
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].startswith("2020: in force from 2020-03-01; known from 2020-02-10; ")
    assert "2023-07-01 until 2023-12-31: no edition is in force" in lines
    assert len(lines) == 7
    zh = run("editions", NAME, *FOLDERS, lang="zh").out
    assert "2023-07-01 至 2023-12-31：没有施行中的版本" in zh.splitlines()
    known = run("editions", NAME, *FOLDERS, "--known", "2020-06-14").out
    assert known == "2020: in force from 2020-03-01; known from 2020-02-10\n"


def test_the_edition_on_a_day(run: Run) -> None:
    done = run("editions", NAME, *FOLDERS, "--on", "2021-05-01", "--known", "2020-06-14")
    assert done.code == 0
    assert done.out.splitlines()[-1].split()[:2] == [NAME, "2020"]
    gap = run("editions", NAME, *FOLDERS, "--on", "2023-07-01")
    assert (gap.code, gap.out) == (4, "")
    assert "edition-in-gap" in gap.err


def test_a_reading_on_the_command_line(run: Run) -> None:
    words = ("editions", "cn-nx-service-voucher", "--on", "2016-06-25")
    assert run(*words).code == 0
    assert run(*words, "--reading", "promulgation_day=printed").code == 4


def test_every_ruleset_in_a_table(run: Run) -> None:
    done = run("editions")
    assert done.code == 0
    assert "cn-nx-service-voucher" in done.out
    assert "a draft, not in force" in done.out
    on = run("editions", "--on", "2020-01-01")
    assert on.code == 0, "that a measure is not in force is no fault"
    assert "cn-bj-service-voucher" not in on.out
    assert "edition-before-first" in on.err
    fault = run("editions", *FOLDERS)
    assert fault.code == 4
    assert "editions-overlap" in fault.err


def test_editions_as_plain_data(run: Run) -> None:
    data = json.loads(run("editions", NAME, *FOLDERS, "--json").out)
    assert [x["edition"] for x in data][:2] == ["2020", "2020-corrected"]
    first, second, third = data[:3]
    assert first["known_until"] == "2020-06-14"
    assert first["corrected_by"] == "2020-corrected"
    assert second["in_force_until"] == "2021-12-31"
    assert third["supersedes"][0]["kind"] == "amendment"
    assert third["transitions"] == [{"decision": "claim", "by": "order.date", "ref": "第二条"}]
    (one,) = json.loads(run("editions", NAME, *FOLDERS, "--json", "--on", "2024-01-01").out)
    assert one["in_force_until"] is None


def test_a_case_is_decided_under_the_edition_it_falls_under(run: Run, facts: Path) -> None:
    code, out, err = decide(run, facts)
    assert code == 0
    assert "CNY 40\n" in out
    assert "2020-corrected" in out
    assert err.startswith("edition 2020-corrected (in force from 2020-03-01 until 2021-12-31): ")
    assert "2022 第二条" in out, "the decision warns of the rule of transition"
    facts.write_text(FACTS.replace("2021-12-31", "2022-01-01"), encoding="utf-8")
    assert "CNY 50\n" in decide(run, facts)[1]
    assert "适用版本 2022（" in decide(run, facts, lang="zh")[2]


def test_a_case_is_decided_by_what_was_known(run: Run, facts: Path) -> None:
    assert "CNY 30\n" in decide(run, facts, "--known", "2020-06-14")[1]
    assert "CNY 40\n" in decide(run, facts, "--known", "2020-06-15")[1]
    code, _, err = decide(run, facts, "--known", "2020-02-09")
    assert code == 4
    assert "edition-in-force-not-known" in err
    assert decide(run, facts, "--known", "today")[0] == 3


def test_an_edition_that_is_named_is_taken(run: Run, facts: Path) -> None:
    code, out, err = decide(run, facts, "--edition", "2020")
    assert (code, err) == (0, "")
    assert "CNY 30\n" in out
    code, _, err = decide(run, facts, "--edition", "2022", "--known", "2021-12-19")
    assert code == 4
    assert "edition-known-later" in err
    path = str(RULESETS / NAME / "2020.yaml")
    assert "CNY 30\n" in run("decide", path, "claim", "--facts", str(facts)).out


def test_what_the_edition_depends_on_must_be_known(run: Run, facts: Path) -> None:
    facts.write_text(FACTS.replace("2021-12-31", "unknown"), encoding="utf-8")
    code, _, err = decide(run, facts)
    assert code == 3
    assert "edition-day-unknown" in err
    assert "order.date" in err


def test_a_day_beside_the_facts_finds_the_edition(run: Run, facts: Path) -> None:
    facts.write_text("order.price: 100元\norder.date: 2024-01-01\n", encoding="utf-8")
    code, out, _ = decide(run, facts, "--on", "2024-01-01")
    assert code == 0
    assert "CNY 60\n" in out


def test_cases_of_several_editions_are_not_compared(run: Run, facts: Path) -> None:
    other = facts.with_name("other.yaml")
    other.write_text(FACTS.replace("2021-12-31", "2022-01-01"), encoding="utf-8")
    code, _, err = decide(run, facts, "--facts", str(other), "--all-readings")
    assert code == 3
    assert "cases-of-several-editions" in err
    assert "2020-corrected, 2022" in err
    other.write_text(FACTS, encoding="utf-8")
    code, out, err = decide(run, facts, "--facts", str(other), "--all-readings")
    assert code == 0
    assert out.count("CNY 40.00") == 2
    assert "2020-corrected" in err


def test_facts_from_standard_input_are_read_once(
    run: Run, monkeypatch: pytest.MonkeyPatch, facts: Path
) -> None:
    with facts.open("rb") as stream:
        monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": stream}))
        done = run("decide", NAME, "claim", "--facts", "-", *FOLDERS)
    assert done.code == 0
    assert "CNY 40\n" in done.out


def test_a_ledger_does_not_decide_by_a_rule_of_transition(
    run: Run, facts: Path, tmp_path: Path
) -> None:
    ledger = ("--ledger", str(tmp_path / "l.jsonl"), "--at", "2022-02-01T09:00")
    code, _, err = decide(run, facts, *ledger)
    assert code == 3
    assert "transition-with-ledger" in err


@pytest.mark.parametrize(
    ("known", "edition"), [("2020-06-14T23:59", "2020"), ("2020-06-15T00:00", "2020-corrected")]
)
def test_a_moment_of_knowledge_finds_the_edition_by_its_day(
    run: Run, facts: Path, tmp_path: Path, known: str, edition: str
) -> None:
    (tmp_path / "l.jsonl").touch()
    facts.write_text(FACTS.replace("2022-02-01", "2021-12-31"), encoding="utf-8")
    ledger = ("--ledger", str(tmp_path / "l.jsonl"), "--at", "2021-12-31T09:00")
    code, out, err = decide(run, facts, *ledger, "--known", known)
    assert code == 0, err
    assert f"edition {edition} (" in err
    assert f" {edition} ·" in out


def test_editions_are_checked_against_each_other(run: Run, tmp_path: Path) -> None:
    assert run("check", str(RULESETS / NAME)).code == 0
    fault = run("check", str(RULESETS / "test-overlapping"))
    assert fault.code == 1
    assert fault.out.count("editions-overlap") == 1
    shutil.copytree(RULESETS / "test-overlapping", tmp_path / "test-overlapping")
    path = tmp_path / "test-overlapping" / "2020.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("until: unset", "until: 2020-12-31"), encoding="utf-8")
    assert run("check", str(path)).code == 0
