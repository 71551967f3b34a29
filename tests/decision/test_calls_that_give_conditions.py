"""A call that gives the fact on which another one rests that the called decision reads."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr

HEAD: Final = """\
ruleset: NAME
edition: "1"
language: 1
title: {zh: 虚构, en: invented}
document:
  title: {zh: 虚构, en: invented}
  issuer: {zh: 虚构, en: invented}
  status: issued
  effective: {from: 2020-01-01, until: unset, ref: 第一条}
  verified: 2026-01-01
currency: CNY
utc_offset: "+08:00"
"""
FACTS: Final = """\
  case.day: {type: date, label: {zh: 日, en: day}}
  case.fit: {type: boolean, label: {zh: 合适, en: fit}}
  case.good: {type: boolean, applies: case.fit, label: {zh: 良好, en: good}}
"""
DECISION: Final = """\
  NAME:
    label: {zh: 申领, en: claim}
    subject: {zh: 企业, en: enterprise}
    as_of: case.day
    answers: permission
"""
ASK: Final = """\
provisions:
  - ref: 第一条
    summary: {zh: 虚构, en: invented}
    rules:
"""
INNER: Final = """\
      - {id: good, topic: note, for: inner, require: case.good, says: {zh: 良好, en: good}}
"""
OUTER: Final = """\
      - id: asked
        topic: note
        for: outer
        define: was
        call: {decision: USESinner, gives: granted, with: {case.fit: case.other}}
      - {id: was_fit, topic: criterion, for: outer, require: was, says: {zh: 曾, en: was}}
"""
OTHER: Final = "  case.other: {type: boolean, label: {zh: 其他, en: other}}\n"
DAY: Final = "  case.day: {type: date, label: {zh: 日, en: day}}\n"


def write_rulesets(folder: Path, *, apart: bool) -> None:
    """Write a ruleset that calls its own decision, or that of another one."""
    inner, outer = (DECISION.replace("NAME", name) for name in ("inner", "outer"))
    if not apart:
        text = f"{HEAD}facts:\n{FACTS}{OTHER}decisions:\n{inner}{outer}{ASK}{INNER}{OUTER}"
    else:
        called = f"{HEAD}facts:\n{FACTS}decisions:\n{inner}{ASK}{INNER}"
        (folder / "called").mkdir()
        (folder / "called" / "1.yaml").write_text(called.replace("NAME", "called"), "utf-8")
        uses = 'uses:\n  own: {ruleset: called, edition: "1"}\n'
        text = f"{HEAD}{uses}facts:\n{DAY}{OTHER}decisions:\n{outer}{ASK}{OUTER}"
    text = text.replace("NAME", "asking").replace("USES", "own." if apart else "")
    (folder / "asking").mkdir()
    (folder / "asking" / "1.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize("apart", [False, True])
def test_a_fact_that_exists_by_one_the_call_gives_is_read_with_it(
    tmp_path: Path, *, apart: bool
) -> None:
    write_rulesets(tmp_path, apart=apart)
    ruleset = vr.load("asking", folders=[tmp_path])
    facts = {"case.day": "2021-05-01", "case.other": True, "case.good": True}
    assert list(ruleset.facts("outer")) == ["case.day", "case.other", "case.good", "case.fit"]
    assert ruleset.decide("outer", facts | {"case.fit": True}).outcome == "granted"
    poor = facts | {"case.good": False}
    assert ruleset.decide("outer", poor | {"case.fit": True}).outcome == "denied"
    assert ruleset.decide("outer", poor).outcome == "undetermined"
    with pytest.raises(vr.InputError):
        ruleset.decide("outer", facts | {"case.fit": False})
