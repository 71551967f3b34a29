"""Exceptions: which rules count in a case, and who decides where two of them meet."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from voucher_rules.api import Decision, Ruleset
from voucher_rules.checked.check import check_ruleset
from voucher_rules.checked.exceptions import MOST_TRIED
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.load import load_ruleset

FLAGS: Final = 13
HEAD: Final = """
ruleset: exceptions
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
  a.cost: {type: money, label: {zh: 例, en: x}}
  a.paid: {type: boolean, label: {zh: 例, en: x}}
  a.one: {type: boolean, label: {zh: 例, en: x}}
  a.two: {type: boolean, label: {zh: 例, en: x}}
"""
TAIL: Final = """
decisions:
  d: {label: {zh: 例, en: x}, subject: {zh: 例, en: x}, as_of: a.day, answers: permission}
  e: {label: {zh: 例, en: x}, subject: {zh: 例, en: x}, as_of: a.day, answers: permission}
provisions:
  - ref: 第一条
    summary: {zh: 例, en: x}
    parameters:
      low: {type: money, value: 10元, label: {zh: 例, en: x}}
      high: {type: money, value: 20元, label: {zh: 例, en: x}}
    rules:
      - id: all_read
        topic: note
        for: [d, e]
        define: read
        as: a.one or a.two or a.cost > low or a.cost > high
      - {id: paid, topic: criterion, for: [d, e], require: a.paid, says: {zh: 付, en: paid}}
"""
FACTS: Final = {"a.day": "2024-01-01", "a.cost": "15元", "a.paid": False}


def make_ruleset(*rules: str, facts: str = "") -> Ruleset:
    words = "topic: criterion, says: {zh: 例, en: x}"
    listed = "".join(f"      - {{{words}, {rule}}}\n" for rule in rules)
    loaded = load_ruleset((HEAD + facts + TAIL + listed).encode(), "exceptions.yaml")
    return Ruleset(loaded, check_ruleset(loaded), Path("exceptions.yaml"))


def decide(ruleset: Ruleset, decision: str = "d", **flags: bool) -> Decision:
    facts: dict[str, Any] = {"a.one": False, "a.two": False}
    facts |= {f"a.{name}": value for name, value in flags.items()}
    return ruleset.decide(decision, {**FACTS, **facts})


def test_exceptions_of_different_decisions_do_not_meet() -> None:
    ruleset = make_ruleset(
        "id: here, for: d, when: a.one, waives: paid",
        "id: there, for: e, when: a.one, waives: paid",
    )
    assert [decide(ruleset, name, one=True).outcome for name in "de"] == ["granted", "granted"]
    assert [decide(ruleset, name, one=False).outcome for name in "de"] == ["denied", "denied"]


def test_two_that_may_meet_refer_where_they_do() -> None:
    ruleset = make_ruleset(
        "id: cheap, for: d, when: a.cost < high, waives: paid",
        "id: dear, for: d, when: a.cost > low, waives: paid",
    )
    referred = decide(ruleset)
    assert referred.outcome == "referred"
    assert "cheap+dear" in [item.rule.id for item in referred.trace]
    facts = {**FACTS, "a.one": False, "a.two": False}
    assert ruleset.decide("d", {**facts, "a.cost": "5元"}).outcome == "granted"
    assert ruleset.decide("d", {**facts, "a.cost": "25元"}).outcome == "granted"


def test_two_that_read_more_than_can_be_tried_refer_where_they_meet() -> None:
    names = [f"b.f{number}" for number in range(FLAGS)]
    assert 2 ** len(names) > MOST_TRIED
    facts = "".join(f"  {name}: {{type: boolean, label: {{zh: 例, en: x}}}}\n" for name in names)
    ruleset = make_ruleset(
        f"id: some, for: d, when: {' or '.join(names)}, waives: paid",
        f"id: every, for: d, when: {' and '.join(names)}, waives: paid",
        facts=facts,
    )
    given = {**FACTS, "a.one": False, "a.two": False}
    every = ruleset.decide("d", given | dict.fromkeys(names, True))
    some = ruleset.decide("d", given | dict.fromkeys(names, False) | {names[0]: True})
    assert (every.outcome, some.outcome) == ("referred", "granted")


def test_two_that_never_meet_are_told_apart_by_trying() -> None:
    ruleset = make_ruleset(
        "id: first, for: d, when: a.one and not a.two, waives: paid",
        "id: second, for: d, when: a.two and not a.one, waives: paid",
    )
    assert all("+" not in name for name in ruleset.rules)


def test_two_that_surely_meet_are_a_fault() -> None:
    with pytest.raises(RulesetError) as caught:
        make_ruleset(
            "id: first, for: d, when: a.one, waives: paid",
            "id: second, for: d, when: a.two, waives: paid",
        )
    assert [item.code for item in caught.value.diagnostics] == ["exceptions-clash"]
    assert caught.value.diagnostics[0].arguments["example"] == "a.one = true, a.two = true"


def test_an_exception_to_two_exceptions_counts_among_the_cases_of_either() -> None:
    ruleset = make_ruleset(
        "id: first, for: d, when: a.one and not a.two, overrides: paid, require: a.cost < low",
        "id: second, for: d, when: a.two and not a.one, overrides: paid, require: a.cost < low",
        "id: back, for: d, overrides: [first, second], require: a.cost > low",
    )
    assert decide(ruleset, one=True).outcome == "granted"
    assert decide(ruleset, two=True).outcome == "granted"
    assert decide(ruleset).outcome == "denied"
    assert decide(ruleset, one=True, two=True).outcome == "denied"


def test_an_exception_without_a_condition_takes_that_of_the_outer_one() -> None:
    ruleset = make_ruleset(
        "id: outer, for: d, when: a.one, overrides: paid, require: a.cost < low",
        "id: inner, for: d, overrides: outer, require: a.two or a.cost > low",
    )
    assert decide(ruleset, one=True).outcome == "granted"
    assert decide(ruleset, one=False).outcome == "denied"


def test_an_exception_with_the_same_condition_takes_the_place_of_the_outer_one() -> None:
    ruleset = make_ruleset(
        "id: outer, for: d, when: a.one, overrides: paid, require: a.cost < low",
        "id: inner, for: d, when: a.one, overrides: outer, require: a.cost > low",
    )
    assert decide(ruleset, one=True).outcome == "granted"


def test_what_overrides_a_waiver_leaves_the_rule_that_was_waived() -> None:
    ruleset = make_ruleset(
        "id: spared, for: d, when: a.one, waives: paid",
        "id: strict, for: d, when: a.one and a.two, overrides: spared, require: a.cost > low",
    )
    assert decide(ruleset, one=True).outcome == "granted"
    both = decide(ruleset, one=True, two=True)
    assert both.outcome == "denied"
    assert [rule.id for item in both.reasons for rule in item.rules] == ["paid"]
