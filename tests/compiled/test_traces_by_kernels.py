"""Traces taken by kernels held against those of the reference where a ruleset goes to extremes."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "batch"))

from test_kernels_of_invented_rules import HEAD

import voucher_rules as vr
from voucher_rules.api import Ruleset
from voucher_rules.api.habit import OFTEN
from voucher_rules.checked.check import check_ruleset
from voucher_rules.compiled.trace_code import MOST_HELD
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
