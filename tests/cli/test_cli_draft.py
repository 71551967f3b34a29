"""``draft``: what it writes, what it leaves alone, and how it refuses."""

from __future__ import annotations

from pathlib import Path

from cli_runner import Run, run

from voucher_rules.cli import exits

__all__ = ["run"]  # a fixture

TEXT = "第一条 补贴不超过合同金额的30%。\n"


def test_a_draft_is_printed_or_written(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "measure.txt"
    text.write_text(TEXT, encoding="utf-8")
    printed = run("draft", str(text))
    assert printed.code == exits.DONE
    assert "ratio_1: {type: ratio, value: 30%, limit: at_most" in printed.out
    made = tmp_path / "draft.yaml"
    written = run("draft", str(text), "-o", str(made))
    assert (written.code, written.out) == (exits.DONE, "")
    assert made.read_text(encoding="utf-8") == printed.out


def test_a_file_that_is_there_is_left_alone(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "measure.txt"
    text.write_text(TEXT, encoding="utf-8")
    done = run("draft", str(text), "-o", str(text))
    assert done.code == exits.REFUSED
    assert "output-is-input" in done.err
    assert text.read_text(encoding="utf-8") == TEXT
    other = tmp_path / "other.yaml"
    other.write_text("kept\n", encoding="utf-8")
    done = run("draft", str(text), "-o", str(other))
    assert (done.code, "file-exists" in done.err) == (exits.REFUSED, True)
    assert other.read_text(encoding="utf-8") == "kept\n"


def test_a_text_that_cannot_be_read_is_refused(run: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"\n")
    for name, code in (
        (str(empty), "text-empty"),
        ("no.txt", "file-not-found"),
        ("a.doc", "text-"),
    ):
        done = run("draft", name)
        assert (done.code, done.out) == (exits.REFUSED, "")
        assert code in done.err


def test_a_refusal_is_told_in_chinese_too(run: Run) -> None:
    assert "不能读取" in run("draft", "a.doc", lang="zh").err
