"""Cliffs: where a little more of a quantity gives less."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import voucher_rules as vr
from voucher_rules.checked.cliffs import list_cliffs
from voucher_rules.cli import main

MEASURES: Final = Path(__file__).resolve().parents[1] / "measures"


def test_a_fall_between_two_brackets_is_told_with_what_is_lost() -> None:
    ruleset = vr.load(MEASURES / "test-falling-rate" / "2024.yaml")
    falls = [item for item in ruleset.cliffs if item.scale is not None]
    assert falls
    for item in falls:
        assert item.before is not None
        assert item.after is not None
        assert item.after < item.before


def test_a_sum_over_brackets_never_falls() -> None:
    ruleset = vr.load(MEASURES / "test-cumulative-brackets" / "2024.yaml")
    assert [item for item in ruleset.cliffs if item.scale is not None] == []


def test_a_class_worked_out_by_tests_is_no_cliff_of_a_quantity() -> None:
    assert list_cliffs(vr.load("cn-sme-size").checked) == ()


def test_the_command_tells_cliffs_and_still_calls_the_file_sound(capsys) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    path = MEASURES / "test-falling-rate" / "2024.yaml"
    assert main(["check", str(path), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "falls from" in out
    assert "sound" in out
