"""Traces taken by kernels held against those of the reference where a ruleset goes to extremes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from kernel_cases import compare_result

sys.path.append(str(Path(__file__).resolve().parents[1] / "batch"))

from test_kernels_of_invented_rules import HEAD
from test_kernels_of_invented_rules import make_ruleset as invent_ruleset

import voucher_rules as vr
from voucher_rules.api import Ruleset
from voucher_rules.api.habit import OFTEN
from voucher_rules.checked.check import check_ruleset
from voucher_rules.compiled.trace_code import MOST_HELD
from voucher_rules.compiled.verdict import prepare
from voucher_rules.decision.case import read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.evaluate import called_of
from voucher_rules.decision.options import choose_options
from voucher_rules.decision.result import DecisionResult
from voucher_rules.decision.trace import RuleResult
from voucher_rules.record.body import make_record
from voucher_rules.ruleset.load import load_ruleset

SCALE = """    parameters:
      share:
        type: ratio
        on: case.on
        over: {type: money}
        applies: marginal
        label: {zh: 率, en: share}
        values:
"""
RULES = """    rules:
      - {id: one, topic: cap, for: claim, limits: case.grant, at_most: case.price}
      - {id: two, topic: cap, for: claim, limits: case.grant, at_most: share(case.price)}
"""


def make_ruleset(count: int) -> Ruleset:
    """Return a ruleset with a scale that has as many values, each for one day."""
    head = HEAD[: HEAD.index("lists:")] + HEAD[HEAD.index("facts:") : HEAD.index("    rules:")]
    on = "  case.on: {type: date, label: {zh: 日, en: on}}\ndecisions:"
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(count)]
    values = "".join(
        f"          - {{from: {day}, until: {day}, brackets: [{{value: {number % 97}%}}]}}\n"
        for number, day in enumerate(days)
    )
    rules = RULES.replace("}\n", ", says: {zh: 虚构, en: invented}}\n")
    rules += "      - {id: name, topic: note, for: claim, define: own.name, as: case.name}\n"
    text = head.replace("decisions:", on) + SCALE + values + rules
    loaded = load_ruleset(text.encode(), "tiny.yaml")
    return Ruleset(loaded, check_ruleset(loaded), Path("tiny.yaml"))


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_a_scale_with_many_values_is_traced_whoever_takes_it(beyond: int) -> None:
    ruleset = make_ruleset(MOST_HELD + beyond)
    facts = {
        "case.day": date(2021, 5, 1),
        "case.price": 5,
        "case.name": "A",
        "case.on": date(2020, 1, 3),
    }
    for _ in range(OFTEN + 1):
        decision: vr.Decision = ruleset.decide("claim", facts)
    trace = decision.trace
    assert (decision._told is not None) is (beyond < 1)
    rules = decision.result.evaluation.rules
    assert trace == tuple(rules[rule.id] for rule in decision.result.program.rules)


ASKED: Final = (
    ("cn-bj-service-voucher", "claim"),
    ("cn-bj-service-voucher", "redeem"),
    ("cn-gx-service-voucher", "apply_as_provider"),
    ("cn-gx-service-voucher", "use"),
    ("cn-nm-demonstration-platform", "recommend"),
    ("cn-nm-service-voucher", "claim"),
)
"""Shipped decisions that call another, or ask something of a list."""
COUNT: Final = 5


def take_both(
    ruleset: Ruleset, decision: str, facts: Mapping[str, Any]
) -> tuple[tuple[RuleResult, ...] | None, DecisionResult]:
    """Return the trace a kernel takes of a case, if one does, and what the reference says."""
    program = ruleset.program(decision)
    options = choose_options(ruleset.checked, {}, assume_in_force=True)
    verdict = prepare(program, options).decide(dict(facts))
    return verdict.take_trace(), decide(program, read_case(program, facts), options)


def put_in(result: DecisionResult, trace: tuple[RuleResult, ...]) -> DecisionResult:
    """Return a result with another trace in the place of its own."""
    rules = {item.rule.id: item for item in trace}
    return replace(result, evaluation=replace(result.evaluation, rules=rules))


def compare_both(taken: tuple[RuleResult, ...], whole: DecisionResult) -> None:
    """Hold a trace against the reference, and what is written of both in every byte."""
    rules = whole.evaluation.rules
    for found, rule in zip(taken, whole.program.rules, strict=True):
        compare_result(found, rules[rule.id])
    made = put_in(whole, tuple(taken))
    assert make_record(made) == make_record(whole)
    one, other = vr.Decision(made), vr.Decision(whole)
    assert one.to_data() == other.to_data()
    assert one.letter("zh") == other.letter("zh")


@pytest.mark.parametrize(("name", "decision"), ASKED)
def test_calls_and_questions_of_lists_are_traced_as_by_the_reference(
    name: str, decision: str
) -> None:
    ruleset = vr.load(name)
    traced = 0
    for facts in vr.synthesise(ruleset, decision, COUNT, seed=7):
        taken, whole = take_both(ruleset, decision, facts)
        if taken is not None:
            compare_both(taken, whole)
            traced += 1
    assert traced >= COUNT // 2


def test_what_a_called_decision_did_is_looked_up_only_when_someone_looks() -> None:
    ruleset = vr.load("cn-nm-service-voucher")
    facts = next(iter(vr.synthesise(ruleset, "claim", 1, seed=7)))
    taken, whole = take_both(ruleset, "claim", facts)
    assert taken is not None
    for found in taken:
        called, other = called_of(found), called_of(whole.evaluation.rules[found.rule.id])
        if called is not None and other is not None:
            assert "evaluations" not in vars(called)
            assert [x.outcomes for x in called.evaluations] == [
                x.outcomes for x in other.evaluations
            ]
            assert "evaluations" in vars(called)
            return
    pytest.fail("nothing is called")


QUESTIONS: Final = (
    "sum(items.price, where=items.day > case.day)",
    "max(items.price) + min(items.price)",
    "case.price if any(items.price > case.price) else case.price * count(items)",
    "sum(items.price if items.price > case.price else case.price)",
)
"""Questions whose records are none, left aside, or told apart by a choice."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_records_are_traced_one_by_one(question: str) -> None:
    ruleset = invent_ruleset(question)
    days = ("none", "2021-05-02")
    records = [{"price": price, "day": day} for price, day in product(("none", 3, 7), days)]
    rows = [[], *([x] for x in records), *([x, y] for x, y in product(records[::2], records[1:]))]
    traced = 0
    for items in rows:
        facts = {"case.day": "2021-05-01", "case.price": 5, "case.name": "A", "items": items}
        taken, whole = take_both(ruleset, "claim", facts)
        if taken is not None:
            rules = whole.evaluation.rules
            for found in taken:
                compare_result(found, rules[found.rule.id])
            traced += 1
    assert traced >= len(rows) // 3


def test_a_record_of_which_something_is_not_known_is_left_to_the_reference() -> None:
    ruleset = invent_ruleset(QUESTIONS[0])
    items: list[dict[str, Any]] = [{"price": 3, "day": "2021-04-01"}, {"day": "2021-04-01"}]
    facts = {"case.day": "2021-05-01", "case.price": 5, "case.name": "A", "items": items}
    assert take_both(ruleset, "claim", facts)[0] is None
    items[1]["price"] = 4
    assert take_both(ruleset, "claim", facts)[0] is not None
