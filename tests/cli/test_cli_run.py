"""Comes in: command lines good and bad. Goes out: exit codes, streams and help, as promised."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from cli_runner import GRANTED, RULESET, Run, facts, run

import voucher_rules as vr
from voucher_rules.cli import decide_case, exits, main, run_cases
from voucher_rules.decision.outcomes import Outcome

__all__ = ["facts", "run"]  # fixtures

PROGRAM = [sys.executable, "-m", "voucher_rules"]


def start(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own, under a locale that is not UTF-8."""
    kept = {k: v for k, v in os.environ.items() if k not in {"PYTHONIOENCODING", "PYTHONUTF8"}}
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    return subprocess.run(
        [*PROGRAM, *words], capture_output=True, check=False, env={**kept, **plain, **environment}
    )


def test_every_outcome_has_a_code_of_its_own() -> None:
    assert set(exits.OUTCOME_CODES) == set(Outcome)
    assert {code for code in exits.OUTCOME_CODES.values() if code} == {10, 11, 12, 13}


def test_every_code_is_in_the_help(run: Run) -> None:
    for words in (("--help",), ("decide", "--help"), ("list", "--help")):
        done = run(*words, lang="")
        assert done.code == 0
        assert exits.EPILOG in done.out
        numbers = {
            int(line.split()[0]) for line in done.out.splitlines() if line[:5].strip().isdigit()
        }
        named = {exits.DONE, exits.FAULTS, exits.USAGE, exits.REFUSED, exits.NO_RULESET}
        named |= {exits.MISMATCH, exits.NOT_SOUND, exits.CANNOT_REPLAY}
        rest = {exits.INTERNAL, exits.INTERRUPTED, *exits.OUTCOME_CODES.values()}
        assert numbers == named | rest


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["no-such-command"],
        ["show"],
        ["list", "--nope"],
        ["list", "--lang", "fr"],
        ["decide", "shop-voucher", "claim"],
        ["decide", "shop-voucher", "claim", "--facts", "-", "--form", "json"],
        ["facts", "shop-voucher", "claim", "--format", "csv"],
        ["check"],
        ["test"],
    ],
)
def test_a_command_line_that_is_not_as_described_is_refused(run: Run, words: list[str]) -> None:
    done = run(*words, lang="")
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("usage: voucher-rules")


def test_every_command_has_its_help(run: Run) -> None:
    for command in ("list", "show", "facts", "check", "decide", "test", "mutate"):
        assert run(command, "--help", lang="").code == 0


def fail(_: object) -> NoReturn:
    message = "this is a defect"
    raise LookupError(message)


def interrupt(_: object) -> NoReturn:
    raise KeyboardInterrupt


def test_a_defect_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cases, "run", fail)
    monkeypatch.delenv("VOUCHER_RULES_DEBUG", raising=False)
    done = run("test", "x")
    assert (done.code, done.out) == (70, "")
    assert done.err.startswith("internal error (LookupError: this is a defect). Please report it")
    assert run("test", "x", lang="zh").err.startswith("程序内部错误（LookupError: ")
    assert len(done.err.splitlines()) == 1


def test_the_details_of_a_defect_can_be_had(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_cases, "run", fail)
    monkeypatch.setenv("VOUCHER_RULES_DEBUG", "1")
    done = run("test", "x")
    assert done.code == 70
    assert done.err.startswith("Traceback ")


def test_an_interruption_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide_case, "run", interrupt)
    done = run("decide", "x", "y", "--facts", "-")
    assert (done.code, done.out, done.err) == (130, "", "")


def test_the_words_of_the_process_are_taken_where_none_are_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["voucher-rules", "list", "--lang", "en"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("ruleset ")


def test_results_and_messages_are_utf8_under_any_locale(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(GRANTED, encoding="utf-8")
    done = start("decide", str(RULESET), "claim", "--facts", str(path))
    assert done.returncode == 0
    assert "✓ 准予" in done.stdout.decode("utf-8")
    path.write_text("shop.size: 大\n", encoding="utf-8")
    done = start("decide", str(RULESET), "claim", "--facts", str(path))
    assert done.returncode == 3
    assert "「大」不在可选项之内" in done.stderr.decode("utf-8")


def test_a_reader_who_leaves_early_hears_no_complaint(facts: Path) -> None:
    words = ["decide", str(RULESET), "claim", "--facts", str(facts), "--on", "2021-03-01"]
    with subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_importing_the_command_line_loads_no_command() -> None:
    script = "import sys, voucher_rules.cli; print('voucher_rules.cli.run' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"False"


def test_a_form_of_facts_says_which_exist_only_under_a_condition(run: Run) -> None:
    law = vr.load("cn-bj-service-voucher")
    some = [item.applies.text for item in law.facts("claim").values() if item.applies is not None]
    assert some
    for language, says in (("en", "exists only when"), ("zh", "时存在")):
        form = run("facts", law.id, "claim", "--format", "yaml", lang=language).out
        told = [line for line in form.splitlines() if says in line]
        assert len(told) == len(some)
        assert all(any(text in line for line in told) for text in some)
