"""``coverage``: text and JSON in both languages, exit codes, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import Run, run

from voucher_rules.cli import exits
from voucher_rules.cli.words import WORDS
from voucher_rules.ruleset.model import IGNORE_REASONS

__all__ = ["run"]  # a fixture

TEXT = "第一条 补贴不超过合同金额的30%。\n第二条 分两档执行。\n"


@pytest.fixture
def drafted(run: Run, tmp_path: Path) -> tuple[str, str]:
    """Draft a ruleset of a text and return the paths of both."""
    text, ruleset = tmp_path / "measure.txt", tmp_path / "draft.yaml"
    text.write_text(TEXT, encoding="utf-8")
    assert run("draft", str(text), "-o", str(ruleset)).code == exits.DONE
    return str(ruleset), str(text)


def test_gaps_are_faults(run: Run, drafted: tuple[str, str]) -> None:
    ruleset, text = drafted
    done = run("coverage", ruleset, "--text", text)
    assert done.code == exits.FAULTS
    assert "not accounted for: 两档 (2档), 第二条 (line 2)" in done.out
    assert (
        "没有着落的数：两档（即 2档），第二条（第 2 行）"
        in run("coverage", ruleset, "--text", text, lang="zh").out
    )


def test_nothing_left_out_is_told(run: Run, drafted: tuple[str, str]) -> None:
    ruleset, text = drafted
    path = Path(ruleset)
    ignored = "    ignores: [{text: 两档, because: wording}]\n"
    made = path.read_text(encoding="utf-8").replace("    # rules:\n", ignored, 2)
    path.write_text(made.replace(ignored, "", 1), encoding="utf-8")
    done = run("coverage", ruleset, "--text", text)
    assert (done.code, done.err) == (exits.DONE, "")
    assert "a turn of speech" in done.out


def test_json_holds_everything(run: Run, drafted: tuple[str, str]) -> None:
    ruleset, text = drafted
    done = run("coverage", ruleset, "--text", text, "--format", "json")
    data = json.loads(done.out)
    assert done.code == exits.FAULTS
    assert data["schema"] == "voucher-rules/coverage/1"
    assert (data["complete"], data["same_text"], data["provisions"]) == (False, True, 2)
    assert [(x["amount"], x["by"], x["name"]) for x in data["quantities"]] == [
        ("30%", "parameter", "ratio_1"),
        ("2档", None, None),
    ]


def test_a_changed_text_names_what_hangs_on_it(run: Run, drafted: tuple[str, str]) -> None:
    ruleset, text = drafted
    Path(text).write_text(TEXT.replace("30%", "40%"), encoding="utf-8")
    done = run("coverage", ruleset, "--text", text)
    assert "the text has changed: 第一条 (line 1)\n  parameters: ratio_1" in done.out
    assert "not the file the ruleset names" in done.out


def test_what_cannot_be_read_is_refused(run: Run, drafted: tuple[str, str]) -> None:
    ruleset, text = drafted
    assert run("coverage", ruleset).code == exits.USAGE
    assert run("coverage", ruleset, "--text", "no.txt").code == exits.REFUSED
    assert run("coverage", "no-such-ruleset", "--text", text).code == exits.NO_RULESET
    assert run("coverage", text, "--text", text).code == exits.NO_RULESET


def test_every_reason_can_be_told() -> None:
    assert {f"ignore.{reason}" for reason in IGNORE_REASONS} <= set(WORDS)
