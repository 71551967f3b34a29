"""What a ruleset rests on beside its own file: found, checked, and part of what it means."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr

SHIPPED: Final = Path(__file__).resolve().parents[2] / "rulesets"


def copy_shipped(folder: Path, *names: str) -> None:
    for name in names:
        shutil.copytree(SHIPPED / name, folder / name)


def test_what_a_ruleset_uses_is_found_beside_it(tmp_path: Path) -> None:
    copy_shipped(tmp_path, "cn-bj-service-voucher", "cn-sme-size", "cn-working-days")
    sizes = tmp_path / "cn-sme-size" / "2011.yaml"
    sizes.write_text(
        sizes.read_text(encoding="utf-8").replace("1000人", "1001人"), encoding="utf-8"
    )
    own = vr.load(tmp_path / "cn-bj-service-voucher" / "2023.yaml")
    assert (
        own.checked.uses["sme"].ruleset.parameters["employees_large[industry]"].values[0].value
        == 1001
    )


def test_the_digest_of_a_ruleset_covers_what_it_rests_on(tmp_path: Path) -> None:
    copy_shipped(tmp_path, "cn-bj-service-voucher", "cn-sme-size", "cn-working-days")
    path = tmp_path / "cn-bj-service-voucher" / "2023.yaml"
    before = vr.load(path).checked
    sizes = tmp_path / "cn-sme-size" / "2011.yaml"
    sizes.write_text(
        sizes.read_text(encoding="utf-8").replace("1000人", "1001人"), encoding="utf-8"
    )
    after = vr.load(path).checked
    assert before.source_digest == after.source_digest
    assert before.semantic_digest != after.semantic_digest


def test_another_calendar_is_another_meaning(tmp_path: Path) -> None:
    copy_shipped(tmp_path, "cn-bj-service-voucher", "cn-sme-size", "cn-working-days")
    path = tmp_path / "cn-bj-service-voucher" / "2023.yaml"
    before = vr.load(path).checked.semantic_digest
    days = tmp_path / "cn-working-days" / "2026.calendar.yaml"
    text = days.read_text(encoding="utf-8").replace("until: 2026-12-31", "until: 2026-12-30")
    days.write_text(text, encoding="utf-8")
    assert vr.load(path).checked.semantic_digest != before


def test_a_fault_in_a_ruleset_that_is_used_is_told_at_its_own_place(tmp_path: Path) -> None:
    copy_shipped(tmp_path, "cn-bj-service-voucher", "cn-sme-size", "cn-working-days")
    sizes = tmp_path / "cn-sme-size" / "2011.yaml"
    sizes.write_text(
        sizes.read_text(encoding="utf-8").replace("as: min(", "as: mim("), encoding="utf-8"
    )
    with pytest.raises(vr.RulesetError) as caught:
        vr.load(tmp_path / "cn-bj-service-voucher" / "2023.yaml")
    assert {item.code for item in caught.value.diagnostics} == {"unknown-function"}
    assert caught.value.diagnostics[0].span is not None
    assert caught.value.diagnostics[0].span.file == str(sizes)


def test_a_calendar_is_no_ruleset() -> None:
    assert "cn-working-days" not in {item.id for item in vr.rulesets()}


def test_a_what_if_keeps_what_the_ruleset_rests_on() -> None:
    changed = vr.load("cn-bj-service-voucher").amend({"annual_cap[ordinary]": "3万元"})
    assert changed.checked.uses["sme"].ruleset.id == "cn-sme-size"
    assert changed.checked.calendar is not None
    assert changed.overlays[0].before == "2万元"


def test_a_what_if_rests_on_what_was_loaded_also_where_the_files_are_gone(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "rulesets")
    ruleset = vr.load(tmp_path / "rulesets" / "cn-bj-service-voucher" / "2023.yaml")
    sizes, calendar = ruleset.checked.uses["sme"].ruleset, ruleset.checked.calendar
    shutil.rmtree(tmp_path / "rulesets")
    changed = ruleset.amend({"annual_cap[ordinary]": "3万元"})
    assert changed.checked.uses["sme"].ruleset is sizes
    assert changed.checked.calendar is calendar


def test_a_bracket_can_be_changed_by_its_number() -> None:
    path = SHIPPED.parent / "tests" / "measures" / "test-cumulative-brackets" / "2024.yaml"
    ruleset = vr.load(path)
    scales = [name for name, item in ruleset.parameters.items() if item.entered is not None]
    changed = ruleset.amend({f"{scales[0]}[1]": "99%"})
    assert changed.overlays[0].target == f"{scales[0]}[1]"


def test_a_calendar_of_a_name_no_folder_can_have_is_not_there(tmp_path: Path) -> None:
    copy_shipped(tmp_path, "cn-bj-service-voucher", "cn-sme-size")
    path = tmp_path / "cn-bj-service-voucher" / "2023.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("cn-working-days", "x" * 300), encoding="utf-8")
    with pytest.raises(vr.RulesetError, match="unknown-calendar"):
        vr.load(path)
