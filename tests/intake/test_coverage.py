"""Coverage: what of a text a ruleset leaves out, what changed, and what hangs on it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hand_counts import INVENTED_PROVISIONS
from official_texts import INVENTED, TEXTS, find_text, needs_texts

import voucher_rules as vr
from voucher_rules.intake.provisions import split_provisions
from voucher_rules.intake.text import take_text

TEXT = """某办法
第一条 为落实《三年计划》，制定本办法。
第二条 补贴不超过合同金额的30%，最高2万元：
（一）首年8名以上；
（二）次年半年内3次。
第三条 依第二条给予30%的，由两级平台审核。
第四条 2024年5月1日起施行，有效期至2026年12月31日。
"""
HEAD = """\
ruleset: x
edition: "1"
language: 1
title: {zh: 例, en: x}
document:
  title: {zh: 例, en: x}
  issuer: {zh: 例, en: x}
  status: issued
  effective: {from: 2024-05-01, until: 2026-12-31, ref: 第四条}
  verified: unset
currency: CNY
utc_offset: "+08:00"
facts:
  d: {type: date, label: {zh: 例, en: x}}
  a: {type: money, label: {zh: 例, en: x}}
readings:
  r:
    {ref: 第二条, question: {zh: 例, en: x}, options: {a: {zh: 例, en: x}, b: {zh: 例, en: x}},
     default: a, because: {zh: 例, en: x}}
decisions:
  d: {label: {zh: 例, en: x}, subject: {zh: 例, en: x}, as_of: d, answers: permission}
provisions:
"""
PARTS = {
    "题目": "no_rule: promulgation",
    "第一条": "no_rule: purpose",
    "第二条": """parameters:
      ratio: {type: ratio, value: 30%, label: {zh: 例, en: x}}
      cap: {type: money, values: [{from: 2024-01-01, value: 20000元}], label: {zh: 例, en: x}}
    rules:
      - {id: own, topic: note, for: d, warn: {zh: 例, en: x}}""",
    "第三条": """rules:
      - {id: reads, topic: note, for: d, require: a > cap, says: {zh: 例, en: x}}
    ignores:
      - {text: 30%, because: stated_elsewhere, ref: 第二条}
      - {text: 两级, because: wording}""",
    "第四条": "no_rule: effectiveness",
}
ITEMS = {
    "第二条（一）": "{staff: {type: count, unit: 人, value: 8人, label: {zh: 例, en: x}}}",
    "第二条（二）": (
        "{half: {type: period, value: 6个月, label: {zh: 例, en: x}}, "
        "times: {type: count, unit: 次, value: 3次, label: {zh: 例, en: x}}}"
    ),
}
PRINTS = {x.ref: x.fingerprint(t) for t in [take_text(TEXT, "t")] for x in split_provisions(t)}


def write_provision(ref: str, body: str) -> str:
    """Write a provision with the fingerprint its words have in the text above."""
    head = f"  - ref: {ref}\n    summary: {{zh: 例, en: x}}\n    fingerprint: '{PRINTS[ref]}'\n"
    if ref != "第二条":
        return f"{head}    {body}\n"
    items = [
        f"      - {{ref: {x}, summary: {{zh: 例, en: x}}, fingerprint: '{PRINTS[x]}', "
        f"parameters: {inner}}}\n"
        for x, inner in ITEMS.items()
    ]
    return f"{head}    {body}\n    provisions:\n{''.join(items)}"


def write_ruleset(folder: Path, parts: dict[str, str]) -> Path:
    path = folder / "x.yaml"
    written = HEAD + "".join(write_provision(ref, body) for ref, body in parts.items())
    path.write_text(written, encoding="utf-8")
    return path


def cover(folder: Path, text: str = TEXT, **parts: str) -> vr.Coverage:
    path = folder / "text.txt"
    path.write_text(text, encoding="utf-8")
    kept = {ref: body for ref, body in (PARTS | parts).items() if body}
    return vr.coverage(write_ruleset(folder, kept), path)


def test_a_ruleset_that_holds_its_text_whole_is_complete(tmp_path: Path) -> None:
    found = cover(tmp_path)
    assert found.complete
    assert [(x.amount, x.by, x.name) for x in found.quantities] == [
        ("30%", "parameter", "ratio"),
        ("2万元", "parameter", "cap"),
        ("8名", "parameter", "staff"),
        ("6个月", "parameter", "half"),
        ("3次", "parameter", "times"),
        ("30%", "ignored", "stated_elsewhere"),
        ("2级", "ignored", "wording"),
        ("2024-05-01", "document", "effective.from"),
        ("2026-12-31", "document", "effective.until"),
    ]
    assert [(x.text, x.reason) for x in found.asides] == [
        ("三年", "title"),
        ("第二条", "cross_reference"),
    ]


def test_line_breaks_change_nothing(tmp_path: Path) -> None:
    assert cover(tmp_path, TEXT.replace("合同金额", "合 同\n金额").replace("\n", "\r\n")).complete


def test_a_quantity_without_a_parameter_is_told(tmp_path: Path) -> None:
    bare = "rules:\n      - {id: own, topic: note, for: d, warn: {zh: 例, en: x}}"
    found = cover(tmp_path, 第二条=bare, 第三条="no_rule: procedure")
    told = [(x.ref, x.amount, x.quantity.line) for x in found.unaccounted]
    assert told == [
        ("第二条", "30%", 3),
        ("第二条", "2万元", 3),
        ("第三条", "30%", 6),
        ("第三条", "2级", 6),
    ]
    assert not found.complete


def test_a_value_stated_elsewhere_must_be_stated_there(tmp_path: Path) -> None:
    body = """no_rule: procedure
    ignores:
      - {text: 30%, because: stated_elsewhere, ref: 第四条}
      - {text: 两级, because: wording}"""
    found = cover(tmp_path, 第三条=body)
    assert [x.amount for x in found.unaccounted] == ["30%"]
    assert found.idle == (("第三条", "30%"),)


def test_what_is_ignored_and_not_there_is_told(tmp_path: Path) -> None:
    found = cover(tmp_path, 第一条="no_rule: purpose\n    ignores: [{text: 五年, because: title}]")
    assert found.idle == (("第一条", "五年"),)
    assert not found.complete


def test_a_provision_left_out_is_told(tmp_path: Path) -> None:
    found = cover(tmp_path, 第三条="")
    assert [(x.ref, x.line) for x in found.not_in_ruleset] == [("第三条", 6)]


def test_a_provision_that_the_text_has_not_is_told(tmp_path: Path) -> None:
    text = TEXT.replace("第三条 依第二条给予30%的，由两级平台审核。\n", "")
    found = cover(tmp_path, text)
    assert found.not_in_text == ("第三条",)
    assert found.changed == ()


def test_a_provision_put_in_is_told_and_changes_no_other(tmp_path: Path) -> None:
    found = cover(tmp_path, TEXT.replace("第四条 2024", "第三条之一 新增5%。\n第四条 2024"))
    assert [x.ref for x in found.not_in_ruleset] == ["第三条之一"]
    assert found.changed == ()
    assert [x.amount for x in found.unaccounted] == ["5%"]


def test_order_is_that_of_the_text(tmp_path: Path) -> None:
    turned = {**PARTS, "第三条": PARTS["第三条"]}
    turned = {ref: turned[ref] for ref in ("题目", "第一条", "第三条", "第二条", "第四条")}
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    found = vr.coverage(write_ruleset(tmp_path, turned), path)
    assert found.out_of_order == ("第二条", "第二条（一）", "第二条（二）")


def test_what_hangs_on_a_changed_provision_is_named(tmp_path: Path) -> None:
    found = cover(tmp_path, TEXT.replace("最高2万元", "最高3万元"))
    [changed] = found.changed
    assert (changed.ref, changed.line) == ("第二条", 3)
    assert changed.rules == ("own", "reads")
    assert changed.parameters == ("ratio", "cap")
    assert changed.readings == ("r",)
    assert [x.amount for x in found.unaccounted] == ["3万元"]


@pytest.mark.parametrize("name", INVENTED_PROVISIONS)
def test_a_draft_covers_its_own_text_but_for_what_has_no_type(name: str, tmp_path: Path) -> None:
    made = tmp_path / "draft.yaml"
    text = INVENTED / f"{name}.txt"
    made.write_text(vr.draft(text), encoding="utf-8")
    found = vr.coverage(made, text)
    assert found.same_text
    gaps = (found.not_in_ruleset, found.not_in_text, found.out_of_order, found.changed)
    assert gaps == ((), (), (), ())
    assert found.unpinned == ()
    kinds = {"rank", "year", "month_day", "day"}
    assert {x.quantity.kind for x in found.unaccounted} <= kinds


# The rulesets of the library against the texts they were made from.

SHIPPED = [(item.id, item.edition) for item in vr.rulesets()]


@needs_texts
@pytest.mark.parametrize(("ruleset", "edition"), SHIPPED)
def test_a_shipped_ruleset_holds_its_text_whole(ruleset: str, edition: str) -> None:
    text = find_text(ruleset, edition)
    if text is None:
        pytest.skip(f"no official text of {ruleset} in {TEXTS}")
    found = vr.coverage(ruleset, text, edition)
    assert found.same_text
    assert [f"{x.ref} {x.amount}" for x in found.unaccounted] == []
    assert found.complete


# Any text at all can be held against any ruleset.


@pytest.mark.parametrize("seed", range(5))
def test_any_text_can_be_held_against_a_ruleset(seed: int, tmp_path: Path) -> None:
    source = random.Random(seed)  # noqa: S311 - no secret
    lines = TEXT.splitlines()
    source.shuffle(lines)
    letters = "第一二三十条（）.、。；①1234567890%元万年月日个《》\n至"
    ends = [TEXT[:end] for end in range(1, len(TEXT), 7)]
    for text in ("\n".join(lines), "".join(source.choices(letters, k=500)), "x", *ends):
        found = cover(tmp_path, text)
        assert found.provisions == 7
        assert found.complete is (text == TEXT)


@pytest.mark.parametrize("ruleset", ["cn-nx-service-voucher", "cn-bj-service-voucher"])
def test_the_text_of_another_measure_is_told_apart(ruleset: str) -> None:
    for path in INVENTED.glob("*.txt"):
        found = vr.coverage(ruleset, path)
        assert not found.complete
        assert found.same_text is False
