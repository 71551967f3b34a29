"""Days that are none, or that a person must tell, in calls and windows: as the reference has it."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from kernel_cases import compare_case

from voucher_rules.api import Ruleset
from voucher_rules.batch.memory.kernels import Kernels
from voucher_rules.batch.verdicts.model import judge_case
from voucher_rules.checked.check import check_ruleset
from voucher_rules.decision.case import read_case
from voucher_rules.decision.options import choose_options
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.values.model import NONE

TEXT: Final = """
ruleset: tiny
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
facts:
  case.day: {type: date, label: {zh: 日, en: day}}
  case.past: {type: date, optional: true, label: {zh: 过去, en: past}}
  case.fit: {type: boolean, label: {zh: 合适, en: fit}}
findings:
  seen: {type: date, by: {zh: 局, en: bureau}, label: {zh: 见, en: seen}}
decisions:
  inner:
    label: {zh: 内, en: inner}
    subject: {zh: 企业, en: enterprise}
    as_of: case.day
    answers: permission
  claim:
    label: {zh: 申领, en: claim}
    subject: {zh: 企业, en: enterprise}
    as_of: case.day
    answers: permission
provisions:
  - ref: 第一条
    summary: {zh: 虚构, en: invented}
    parameters:
      days: {type: period, value: 10天, label: {zh: 期, en: days}}
    rules:
      - {id: fit, topic: criterion, for: inner, require: case.fit, says: {zh: 合适, en: fit}}
"""
CALL: Final = """\
      - id: asked
        topic: note
        for: claim
        define: was
        call: {decision: inner, gives: granted, on: DAY}
      - id: was_fit
        topic: criterion
        for: claim
        when: was
        require: case.fit
        says: {zh: 曾, en: was}
      - id: in_time
        topic: criterion
        for: claim
        require: OTHER + days >= case.day
        says: {zh: 时, en: time}
"""
WINDOW: Final = """\
      - id: in_time
        topic: deadline
        for: claim
        window: {opens: DAY, lasts: days, first_day: does_not_count, act: OTHER}
        says: {zh: 期, en: time}
"""
DAYS: Final = (date(2019, 5, 1), date(2021, 5, 1), date(2021, 5, 11), date(2021, 5, 12))


@pytest.mark.parametrize("columns", [True, False])
@pytest.mark.parametrize("assumed", [True, False])
@pytest.mark.parametrize("names", [("case.past", "finding.seen"), ("finding.seen", "case.past")])
@pytest.mark.parametrize("rules", [CALL, WINDOW])
def test_what_becomes_of_a_day_that_is_none_or_waits(
    rules: str, names: tuple[str, str], *, assumed: bool, columns: bool
) -> None:
    text = rules.replace("DAY", names[0]).replace("OTHER", names[1])
    loaded = load_ruleset((TEXT + text).encode(), "tiny.yaml")
    ruleset = Ruleset(loaded, check_ruleset(loaded), Path("tiny.yaml"))
    program = ruleset.program("claim")
    options = choose_options(ruleset.checked, {}, assume_in_force=assumed)
    ways, cases = set(), []
    for past, seen, fit in product((*DAYS, NONE), (*DAYS, None), (True, False)):
        facts: dict[str, Any] = {"case.day": DAYS[1], "case.past": past, "case.fit": fit}
        facts |= {} if seen is None else {"finding.seen": seen}
        cases.append(read_case(program, {x: y for x, y in facts.items() if x in program.inputs}))
        ways.add(compare_case(program, cases[-1], options, lenient=True))
    assert "compared" in ways
    table = Kernels(fewest=1, columns=columns)(program, options, cases)
    for at, case in enumerate(cases):
        assert table.row(at) == judge_case(program, options, case)
