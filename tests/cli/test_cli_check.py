"""Comes in: sound and faulty files. Goes out: what `check` and `test` find in them."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from cli_runner import FOLDER, RULESET, Run, run

__all__ = ["run"]  # fixtures

CASES = """\
cases:
  - name: half the price
    decision: claim
    on: 2021-03-01
    given: {contract.amount: 1800元, ledger.claimed_before: 0元}
    expect: {otherwise: 900元}
    because: half is below the cap
  - name: the cap
    decision: claim
    on: 2021-03-01
    given: {contract.amount: 9000元, ledger.claimed_before: 0元}
    expect: {otherwise: 1500元}
    because: the cap of 2021
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a ruleset, its cases and something else."""
    made = tmp_path / "rules" / "shop-voucher"
    shutil.copytree(RULESET.parent, made)
    (made / "2020.cases.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "rules" / ".hidden").mkdir()
    (tmp_path / "rules" / ".hidden" / "x.yaml").write_text("ruleset: x\n", encoding="utf-8")
    (tmp_path / "rules" / "facts.yaml").write_text("shop.size: small\n", encoding="utf-8")
    return tmp_path / "rules"


def spoil(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_a_sound_folder_is_told_to_be_sound(run: Run, folder: Path) -> None:
    done = run("check", str(folder))
    assert done.code == 0
    assert done.out.splitlines() == [
        f"{folder / 'facts.yaml'}: not a ruleset, not checked",
        f"{folder / 'shop-voucher' / '2020.cases.yaml'}: sound",
        f"{folder / 'shop-voucher' / '2020.yaml'}: sound",
        "files checked: 2, mistakes: 0",
    ]


def test_every_mistake_is_told_once(run: Run, folder: Path) -> None:
    path = folder / "shop-voucher" / "2020.yaml"
    spoil(path, "require: finding.well_run", "require: finding.well")
    spoil(path, "shop.size == 'small'", "shop.size == 'tiny'")
    done = run("check", str(folder))
    assert done.code == 1
    assert done.err == ""
    assert done.out.count("unknown-name: ") == 1
    assert done.out.count("unknown-option: ") == 1
    assert done.out.endswith("files checked: 2, mistakes: 2\n")


def test_mistakes_of_cases_are_told(run: Run, folder: Path) -> None:
    path = folder / "shop-voucher" / "2020.cases.yaml"
    spoil(path, "expect: {otherwise: 900元}", "expect: {}")
    spoil(path, "9000元", "'9,000'")
    done = run("check", str(path))
    assert done.code == 1
    assert f"{path}:2:11: case-asserts-nothing: " in done.out
    assert f"{path}:11:30: digit-separator: " in done.out


def test_messages_are_told_in_chinese(run: Run, folder: Path) -> None:
    done = run("check", str(folder), lang="zh")
    assert done.out.splitlines()[-1] == "检查文件 2 个，错误 0 处"


@pytest.mark.parametrize("name", ["facts.yaml", "2020.yaml"])
def test_a_file_that_was_named_must_be_a_ruleset(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(f"ruleset: shop-voucher\n{CASES}", encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 1
    assert done.out.startswith(f"not-a-ruleset-file: `{path}` is not the file of a ruleset")


def test_a_file_that_cannot_be_read_is_a_fault(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"ruleset: \xff\n")
    done = run("check", str(tmp_path))
    assert done.code == 1
    assert "not-utf8" in done.out


def test_a_file_that_may_not_be_read_is_a_fault(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    done = run("check", str(folder))
    assert done.code == 1
    assert done.out.count("cannot be read: Permission denied") == 3


def test_paths_that_are_not_there_are_faults(run: Run) -> None:
    for command in ("check", "test"):
        done = run(command, "nowhere", "nowhere.yaml")
        assert done.code == 1
        assert done.out.count("file-not-found: ") == 2


def test_nothing_to_check_or_test_is_a_fault(run: Run, tmp_path: Path) -> None:
    done = run("check", str(tmp_path))
    assert (done.code, done.err) == (1, "nothing to check was found\n")
    done = run("test", str(tmp_path))
    assert (done.code, done.out) == (1, "0 passed, 0 failed\n")
    assert done.err == "no case was found\n"


def test_cases_that_pass_are_counted(run: Run, folder: Path) -> None:
    done = run("test", str(folder))
    assert (done.code, done.out, done.err) == (0, "2 passed, 0 failed\n", "")
    assert run("test", str(folder), lang="zh").out == "通过 2 个，未通过 0 个\n"


def test_a_case_that_fails_is_told_whole(run: Run, folder: Path) -> None:
    path = folder / "shop-voucher" / "2020.cases.yaml"
    spoil(path, "1500元", "1400元")
    done = run("test", str(path))
    assert done.code == 1
    assert done.out.startswith(
        f"FAILED: the cap\n  {path}:8\n  because: the cap of 2021\n"
        "  otherwise: expected 1400元, got 1500元\n"
        "  the decision claim, explained:\n    Shop voucher (example) — claim\n"
    )
    assert done.out.endswith("\n\n1 passed, 1 failed\n")


def test_a_file_of_cases_that_is_refused_does_not_stop_the_others(run: Run, folder: Path) -> None:
    spoilt = folder / "shop-voucher" / "2019.cases.yaml"
    spoilt.write_text(CASES, encoding="utf-8")
    done = run("test", str(folder))
    assert done.code == 1
    assert f"{spoilt}:1:1: file-not-found: " in done.out
    assert done.out.endswith("2 passed, 0 failed, case files refused: 1\n")


def test_rulesets_are_looked_for_in_folders_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "my.cases.yaml"
    path.write_text(f'ruleset: shop-voucher\nedition: "2020"\n{CASES}', encoding="utf-8")
    for command in ("check", "test"):
        assert run(command, str(path)).code == 1
        assert run(command, str(path), "--rulesets", str(FOLDER)).code == 0


CALENDARS = Path(__file__).resolve().parents[1] / "rulesets" / "calendars"


def test_calendars_are_checked(run: Run) -> None:
    done = run("check", str(CALENDARS / "good"))
    assert done.code == 0
    assert done.out.splitlines() == [
        f"{CALENDARS / 'good' / 'no_days.calendar.yaml'}: sound",
        f"{CALENDARS / 'good' / 'two_years.calendar.yaml'}: sound",
        "files checked: 2, mistakes: 0",
    ]


def test_mistakes_of_a_calendar_are_told(run: Run) -> None:
    bad = CALENDARS / "bad" / "holidays.calendar.yaml"
    done = run("check", str(bad))
    assert done.code == 1
    assert f"{bad}:" in done.out
    assert "holiday-on-a-weekend: " in done.out
    assert "not-a-ruleset-file" not in done.out


def test_sides_out_of_reach_are_held_against_their_edition(run: Run, folder: Path) -> None:
    path = folder / "shop-voucher" / "2020.limits.yaml"
    side = "out_of_reach:\n  - {site: force.from, side: SIDE, because: it cannot be}\n"
    path.write_text(side.replace("SIDE", "below"), encoding="utf-8")
    done = run("check", str(path))
    assert (done.code, done.out) == (0, f"{path}: sound\nfiles checked: 1, mistakes: 0\n")
    path.write_text(side.replace("SIDE", "above"), encoding="utf-8")
    assert f"{path}:2:30: side-not-missing: " in run("check", str(path)).out
    path.write_text(side.replace("force.from", "force.form"), encoding="utf-8")
    assert f"{path}:2:12: unknown-limit: " in run("check", str(path)).out
    path.write_text("out_of_reach: 3\n", encoding="utf-8")
    assert run("check", str(path)).code == 1


def test_sides_out_of_reach_without_their_edition_are_a_fault(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "2020.limits.yaml"
    path.write_text("out_of_reach: []\n", encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 1
    assert f"file-not-found: there is no file `{tmp_path / '2020.yaml'}`" in done.out


def test_a_notice_beside_an_edition_is_checked(run: Run, folder: Path) -> None:
    path = folder / "shop-voucher" / "2020.year.notice.yaml"
    path.write_text("notice: year\n", encoding="utf-8")
    done = run("check", str(path))
    assert done.code == 1
    assert f"{path}:1:1: missing-key: " in done.out


WHAT_IF = """\
ruleset: shop-voucher
language: 1
title: {zh: 提高上限, en: a higher cap}
changes:
  - {parameter: cap, value: 1234元}
"""


def test_a_what_if_is_held_against_its_ruleset(run: Run, folder: Path) -> None:
    path = folder / "shop-voucher" / "higher.whatif.yaml"
    path.write_text(WHAT_IF, encoding="utf-8")
    done = run("check", str(folder))
    assert (done.code, f"{path}: sound" in done.out.splitlines()) == (0, True)
    spoil(path, "parameter: cap", "parameter: capp")
    done = run("check", str(path))
    assert done.code == 1
    assert f"{path}:5:17: unknown-parameter" in done.out
    spoil(path, "shop-voucher", "no-such-voucher")
    done = run("check", str(path))
    assert done.code == 1
    assert "ruleset-not-found" in done.out
