"""Comes in: warnings for officers or everyone. Goes out: a failure where that changes a meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import voucher_rules as vr

HEAD: Final = """\
ruleset: tested
edition: "1"
language: 1
title: {zh: 例, en: x}
document:
  title: {zh: 例, en: x}
  issuer: {zh: 例, en: x}
  status: issued
  effective: {from: 2020-01-01, until: unset, ref: 第一条}
  verified: 2024-01-01
currency: CNY
utc_offset: "+08:00"
choices:
  warn:
    label: {zh: 例, en: x}
    options: {warn: {zh: 例, en: x}, told_to: {zh: 例, en: x}}
facts:
  a.day: {type: date, label: {zh: 例, en: x}}
  a.kind: {type: choice, of: warn, label: {zh: 例, en: x}}
decisions:
  d: {label: {zh: 例, en: x}, subject: {zh: 例, en: x}, as_of: a.day, answers: permission}
provisions:
  - ref: 第一条
    summary: {zh: 例, en: x}
    rules:
      - {id: kind, topic: note, for: d, require: "a.kind == 'warn'", says: {zh: 例, en: x}}
      - {id: look, topic: note, for: d, warn: {zh: 查, en: look}WHO}
"""


def load(folder: Path, who: str = "", text: str = HEAD) -> vr.Ruleset:
    path = folder / "1.yaml"
    path.write_text(text.replace("WHO", who), encoding="utf-8")
    return vr.load(path)


@pytest.mark.parametrize(
    ("who", "apart"), [("", False), (", told_to: everyone", False), (", told_to: officers", True)]
)
def test_a_warning_is_for_everyone_where_nobody_is_named(
    tmp_path: Path, who: str, *, apart: bool
) -> None:
    ruleset = load(tmp_path, who)
    made = ruleset.decide("d", {"a.day": "2021-01-01", "a.kind": "warn"})
    assert [x.for_officers for x in made.warnings if x.code == "rule"] == [apart]


def test_whom_a_warning_is_told_is_no_part_of_what_a_ruleset_means(tmp_path: Path) -> None:
    one = load(tmp_path).checked
    two = load(tmp_path, ", told_to: officers").checked
    assert one.source_digest != two.source_digest
    assert one.semantic_digest == two.semantic_digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{zh: 查, en: look}", "{zh: 查, en: Look}"),
        ("told_to: {zh: 例, en: x}}", "told_to: {zh: 例, en: y}}"),
        (", told_to: {zh: 例, en: x}}", "}"),
    ],
)
def test_all_else_that_goes_by_these_names_is_part_of_it(
    tmp_path: Path, before: str, after: str
) -> None:
    assert before in HEAD
    one = load(tmp_path).checked.semantic_digest
    assert load(tmp_path, text=HEAD.replace(before, after)).checked.semantic_digest != one


def test_no_shipped_ruleset_tells_an_applicant_to_check_the_case() -> None:
    """Warnings that ask somebody to check papers, contracts or figures are for officers."""
    folder = Path(__file__).resolve().parents[2] / "rulesets"
    asking = (
        "请核对是否",
        "请核对汇总",
        "请核对先后",
        "请核对填报",
        "宜核对",
        "从严审核",
        "登记备查",
    )
    found = []
    for path in sorted(folder.glob("*/*.yaml")):
        if ".cases" in path.name or ".notice" in path.name:
            continue
        for rule in _list_rules(yaml.safe_load(path.read_text(encoding="utf-8"))):
            said = rule["warn"]["zh"] if "warn" in rule else ""
            if any(text in said for text in asking) and rule.get("told_to") != "officers":
                found.append((path.parent.name, rule["id"]))
    assert found == []


def _list_rules(node: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a node of any kind
    if isinstance(node, dict):
        rules = [x for x in node.get("rules", ()) if isinstance(x, dict)]
        return rules + [x for part in node.values() for x in _list_rules(part)]
    if isinstance(node, list):
        return [x for part in node for x in _list_rules(part)]
    return []
