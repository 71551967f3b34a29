"""Calls of another ruleset: what it reads and is not given is read from the caller's case."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import voucher_rules as vr

HEAD: Final = """
edition: "1"
language: 1
title: {zh: 例, en: x}
document:
  title: {zh: 例, en: x}
  issuer: {zh: 例, en: x}
  status: issued
  effective: {from: 2000-01-01, until: unset, ref: 第一条}
  verified: 2024-01-01
currency: CNY
utc_offset: "+08:00"
"""
CALLED: Final = f"""ruleset: called
{HEAD}
choices:
  kind:
    label: {{zh: 类, en: kind}}
    options: {{goods: {{zh: 货, en: goods}}, work: {{zh: 工, en: work}}}}
facts:
  c.day: {{type: date, label: {{zh: 例, en: x}}}}
lists:
  items:
    label: {{zh: 各项, en: items}}
    one: {{zh: 一项, en: item}}
    unit: 项
    fields:
      amount: {{type: money, label: {{zh: 金额, en: amount}}}}
      kind: {{type: choice, of: kind, label: {{zh: 类, en: kind}}}}
decisions:
  whole:
    label: {{zh: 例, en: x}}
    subject: {{zh: 例, en: x}}
    as_of: c.day
    answers: value
    outputs: {{work.cost: {{type: money, label: {{zh: 例, en: x}}}}}}
provisions:
  - ref: 第一条
    summary: {{zh: 例, en: x}}
    rules:
      - id: sum
        topic: settlement
        for: whole
        define: work.cost
        as: sum(items.amount, where=items.kind == 'work')
"""
CALLING: Final = f"""ruleset: calling
{HEAD}
uses: {{other: {{ruleset: called, edition: "1"}}}}
facts:
  a.day: {{type: date, label: {{zh: 例, en: x}}}}
decisions:
  d: {{label: {{zh: 例, en: x}}, subject: {{zh: 例, en: x}}, as_of: a.day, answers: permission}}
provisions:
  - ref: 第一条
    summary: {{zh: 例, en: x}}
    parameters:
      least: {{type: money, value: 10元, label: {{zh: 例, en: x}}}}
    rules:
      - id: asks
        topic: note
        for: d
        define: cost
        call: {{decision: other.whole, gives: work.cost, on: a.day}}
      - {{id: enough, topic: criterion, for: d, require: cost > least, says: {{zh: 例, en: x}}}}
"""


def load(folder: Path) -> vr.Ruleset:
    for name, text in (("called", CALLED), ("calling", CALLING)):
        (folder / name).mkdir()
        (folder / name / "1.yaml").write_text(text, encoding="utf-8")
    return vr.load("calling", folders=[folder])


def test_a_list_that_a_called_ruleset_asks_of_is_stated_by_the_case(tmp_path: Path) -> None:
    ruleset = load(tmp_path)
    assert "items" in ruleset.facts("d")
    items = [{"amount": "20元", "kind": "goods"}, {"amount": "7元", "kind": "work"}]
    facts = {"a.day": "2024-01-01", "items": items}
    assert ruleset.decide("d", facts).outcome == "denied"
    items.append({"amount": "7元", "kind": "work"})
    assert ruleset.decide("d", facts).outcome == "granted"
    assert ruleset.decide("d", {"a.day": "2024-01-01"}).missing == ("items",)
