"""Comes in: notices named on the command line. Goes out: decisions under them, and their faults."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from cli_runner import Run, run

__all__ = ["run"]  # fixtures

NOTICES: Final = Path(__file__).resolve().parents[1] / "notices"
MEASURE: Final = NOTICES / "test-yearly-voucher" / "2024.yaml"
NOTICE: Final = NOTICES / "good" / "year-2024.notice.yaml"
FACTS: Final = """\
contract.amount: 20万元
contract.signed: 2024-02-01
enterprise.size: small
enterprise.staff: 10人
service.category: advice
"""


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.yaml"
    path.write_text(FACTS, "utf-8")
    return str(path)


def test_a_case_is_decided_under_a_notice(run: Run, facts: str) -> None:
    words = ("decide", str(MEASURE), "claim", "--facts", facts, "--on", "2024-03-01")
    assert "voucher: CNY 50,000\n" in run(*words).out
    noticed = run(*words, "--notice", str(NOTICE))
    assert "voucher: CNY 30,000\n" in noticed.out
    assert "Notice for 2024 (虚构〔2024〕3号), 第一条 (2024-03-01 to 2024-12-31)" in noticed.out


def test_a_ruleset_is_shown_with_what_notices_set(run: Run) -> None:
    shown = run("show", str(MEASURE), "--notice", str(NOTICE)).out
    assert "notices\n" in shown
    assert "bonus, unset → CNY 1,000" in shown


def test_a_notice_is_checked_with_its_ruleset(run: Run) -> None:
    done = run("check", str(NOTICE), "--rulesets", str(NOTICES))
    assert done.code == 0
    assert "parameter `least_staff` is 5人 anyway" in done.out


def test_a_notice_that_goes_too_far_is_a_fault(run: Run) -> None:
    bad = NOTICES / "bad" / "raises_a_cap.notice.yaml"
    done = run("check", str(bad), "--rulesets", str(NOTICES))
    assert done.code != 0
    assert f"{bad}:11:47: notice-does-not-tighten: " in done.out
    assert "provision: 第六条" in done.out


def test_a_notice_that_is_not_there_is_told(run: Run, facts: str) -> None:
    done = run("decide", str(MEASURE), "claim", "--facts", facts, "--notice", "nowhere.yaml")
    assert "nowhere.yaml" in done.err
    assert done.code == 4
