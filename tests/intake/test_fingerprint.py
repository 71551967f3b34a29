"""Fingerprints: cutting a text into provisions, and the shipped rulesets against the real texts."""

from __future__ import annotations

import hashlib

import pytest
from official_texts import find_text, needs_texts

import voucher_rules as vr
from voucher_rules.intake.fingerprint import (
    PassageMissingError,
    normalise_text,
    slice_by_ruleset,
    slice_text,
)

SHIPPED = [
    (item.id, item.edition)
    for item in vr.rulesets()
    if "\n  text: {sha256: " in item.path.read_text(encoding="utf-8")
]
"""The shipped rulesets made from an official text that was at hand."""


def test_every_ruleset_with_a_text_is_held_against_it() -> None:
    found = [
        (item.id, item.edition)
        for item in vr.rulesets()
        if vr.load(item.id, item.edition).checked.document.text_digest
    ]
    assert found == SHIPPED


def test_white_space_and_line_breaks_do_not_count() -> None:
    assert normalise_text("第 一\n条\u3000甲 乙") == "第一条甲乙"


def test_a_text_is_cut_where_the_next_provision_begins() -> None:
    marks = [("序", ""), ("第一条", "第一条"), ("第一条（一）", "（一）"), ("第二条", "第二条")]
    passages = slice_text("题目\n第一条 甲：\n（一）乙；\n第二条 依第一条。", marks)
    assert [item.text for item in passages] == [
        "题目",
        "第一条甲：",
        "（一）乙；",
        "第二条依第一条。",
    ]


def test_a_changed_word_changes_the_fingerprint_of_its_provision_alone() -> None:
    marks = [("第一条", "第一条"), ("第二条", "第二条")]
    before = slice_text("第一条甲第二条乙", marks)
    after = slice_text("第一条甲第二条丙", marks)
    assert before[0].fingerprint == after[0].fingerprint
    assert before[1].fingerprint != after[1].fingerprint


def test_a_provision_that_is_not_in_the_text_is_an_error() -> None:
    with pytest.raises(PassageMissingError, match="第三条"):
        slice_text("第一条甲", [("第一条", "第一条"), ("第三条", "第三条")])


@pytest.mark.parametrize(("ruleset", "edition"), SHIPPED)
def test_every_provision_of_a_shipped_ruleset_has_a_fingerprint(ruleset: str, edition: str) -> None:
    loaded = vr.load(ruleset, edition)
    assert [item.citation.ref for item in loaded.provisions if not item.fingerprint] == []


@needs_texts
@pytest.mark.parametrize(("ruleset", "edition"), SHIPPED)
def test_fingerprints_match_the_official_text(ruleset: str, edition: str) -> None:
    loaded = vr.load(ruleset, edition)
    path = find_text(ruleset, edition)
    assert path is not None
    data = path.read_bytes()
    assert loaded.checked.document.text_digest == f"sha256:{hashlib.sha256(data).hexdigest()}"
    passages = slice_by_ruleset(data.decode(), loaded.checked)
    stated = {item.citation.ref: item.fingerprint for item in loaded.provisions}
    assert {item.ref: item.fingerprint for item in passages} == stated
