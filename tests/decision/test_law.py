"""What law a decision is taken under: how long a document holds, and what is assumed of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

import voucher_rules as vr

RULESET: Final = """
ruleset: lasting
edition: "1"
language: 1
title: {{zh: 虚构办法, en: invented measure}}
document:
  title: {{zh: 虚构办法, en: Invented measure}}
  issuer: {{zh: 虚构机关, en: invented authority}}
  status: issued
  effective: {{{effective}, ref: 第一条}}
  verified: 2024-01-01
currency: CNY
utc_offset: "+08:00"
facts:
  claim.date: {{type: date, label: {{zh: 日期, en: day}}}}
  shop.open: {{type: boolean, label: {{zh: 营业, en: open}}}}
decisions:
  inner:
    {{label: {{zh: 内, en: inner}}, subject: {{zh: 店, en: shop}}, as_of: claim.date,
    answers: permission}}
  outer:
    {{label: {{zh: 外, en: outer}}, subject: {{zh: 店, en: shop}}, as_of: claim.date,
    answers: permission}}
provisions:
  - ref: 第一条
    summary: {{zh: 条件, en: condition}}
    rules:
      - {{id: open, topic: note, for: inner, require: shop.open, says: {{zh: 营业, en: open}}}}
      - {{id: ask, topic: note, for: outer, define: sound,
        call: {{decision: inner, gives: granted}}}}
      - {{id: sound, topic: note, for: outer, require: sound, says: {{zh: 合格, en: sound}}}}
"""
OPEN_SHOP: Final = {"shop.open": True}


def load(folder: Path, effective: str) -> vr.Ruleset:
    path = folder / "1.yaml"
    path.write_text(RULESET.format(effective=effective), "utf-8")
    return vr.load(path)


@pytest.mark.parametrize(
    ("effective", "last", "after"),
    [
        ("from: 2022-07-01, lasts: 3年", "2025-06-30", "2025-07-01"),
        ("from: 2022-07-01, lasts: 36个月", "2025-06-30", "2025-07-01"),
        ("from: 2024-02-29, lasts: 1年", "2025-02-28", "2025-03-01"),
        ("from: 2024-03-01, lasts: 30日", "2024-03-30", "2024-03-31"),
    ],
)
def test_a_document_holds_until_the_eve_of_the_day_its_time_leads_to(
    tmp_path: Path, effective: str, last: str, after: str
) -> None:
    ruleset = load(tmp_path, effective)
    assert ruleset.decide("inner", OPEN_SHOP, on=last).outcome == "granted"
    assert ruleset.decide("inner", OPEN_SHOP, on=after).outcome == "not_in_force"
    codes = {item.code for item in ruleset.decide("inner", OPEN_SHOP, on=last).warnings}
    assert not codes & {"no_end_stated", "end_not_dated"}


def test_a_time_from_a_day_not_stated_is_warned_of_as_such(tmp_path: Path) -> None:
    ruleset = load(tmp_path, "from: unset, lasts: 3年")
    decision = ruleset.decide("inner", OPEN_SHOP, on="2030-01-01", assume_in_force=True)
    codes = {item.code for item in decision.warnings}
    assert "end_not_dated" in codes
    assert "no_end_stated" not in codes


@pytest.mark.parametrize(
    "effective",
    [
        "from: 2024-01-01",
        "from: 2024-01-01, until: 2025-01-01, lasts: 1年",
        "by: {reading: x, dates: {a: 2024-01-01}}, lasts: 1年",
        "from: 2024-01-01, lasts: 10个工作日",
    ],
)
def test_an_end_is_either_a_day_or_a_time_that_calendars_know(
    tmp_path: Path, effective: str
) -> None:
    with pytest.raises(vr.RulesetError):
        load(tmp_path, effective)


def test_what_is_assumed_in_force_is_so_for_the_decisions_it_calls(tmp_path: Path) -> None:
    ruleset = load(tmp_path, "from: unset, until: unset")
    assert ruleset.decide("outer", OPEN_SHOP, on="2024-05-01").outcome == "undetermined"
    assumed = ruleset.decide("outer", OPEN_SHOP, on="2024-05-01", assume_in_force=True)
    assert assumed.outcome == "granted"
    closed = {"shop.open": False}
    denied = ruleset.decide("outer", closed, on="2024-05-01", assume_in_force=True)
    assert denied.outcome == "denied"
