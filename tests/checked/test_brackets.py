"""Brackets of whole things: however their ends are written, the same things lie in each."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from voucher_rules.api import Ruleset
from voucher_rules.checked.check import check_ruleset
from voucher_rules.ruleset.load import load_ruleset

TEXT: Final = """
ruleset: brackets
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
facts:
  a.day: {type: date, label: {zh: 例, en: x}}
  a.staff: {type: count, unit: 人, label: {zh: 例, en: x}}
decisions:
  d:
    label: {zh: 例, en: x}
    subject: {zh: 例, en: x}
    as_of: a.day
    answers: amount
    outputs: {v.amount: {type: money, label: {zh: 例, en: x}}}
provisions:
  - ref: 第一条
    summary: {zh: 例, en: x}
    parameters:
      each:
        type: money
        over: {type: count, unit: 人}
        applies: marginal
        label: {zh: 例, en: x}
        brackets: BRACKETS
    rules:
      - id: sum
        topic: cap
        for: d
        limits: v.amount
        at_most: each(a.staff)
        says: {zh: 例, en: x}
"""


@pytest.mark.parametrize(
    "brackets",
    [
        "[{up_to: 5人, value: 10元}, {above: 5人, value: 20元}]",
        "[{below: 6人, value: 10元}, {from: 6人, value: 20元}]",
        "[{up_to: 5人, value: 10元}, {from: 6人, value: 20元}]",
    ],
)
@pytest.mark.parametrize(("staff", "amount"), [(4, 40), (5, 50), (6, 70), (9, 130)])
def test_the_sixth_is_the_first_of_the_second_bracket(
    brackets: str, staff: int, amount: int
) -> None:
    loaded = load_ruleset(TEXT.replace("BRACKETS", brackets).encode(), "brackets.yaml")
    ruleset = Ruleset(loaded, check_ruleset(loaded), Path("brackets.yaml"))
    decision = ruleset.decide("d", {"a.day": "2024-01-01", "a.staff": staff})
    assert decision.amount is not None
    assert decision.amount.value == Decimal(amount)
