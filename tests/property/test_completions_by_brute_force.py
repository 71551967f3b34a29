"""Undetermined decisions of small random rulesets, held against trying every completion."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import THOROUGHNESS

from voucher_rules.api import Ruleset
from voucher_rules.checked.check import check_ruleset
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.ruleset.load import load_ruleset
from voucher_rules.values.model import NONE

FACTS: dict[str, list[Any]] = {
    "case.a": [True, False],
    "case.b": [True, False],
    "case.c": [True, False],
    "case.kind": ["x", "y", "z"],
    "case.heads": [1, 2],
    "case.price": [0, 1, 2, 3],
    "case.cap": [0, 1, 2, NONE],
}
HEAD = """
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
currency: JPY
utc_offset: "+08:00"
choices:
  kind:
    label: {zh: 类, en: kind}
    options: {x: {zh: x, en: x}, y: {zh: y, en: y}, z: {zh: z, en: z}}
facts:
  case.day: {type: date, label: {zh: 日, en: day}}
  case.a: {type: boolean, label: {zh: 甲, en: a}}
  case.b: {type: boolean, label: {zh: 乙, en: b}}
  case.c: {type: boolean, label: {zh: 丙, en: c}}
  case.kind: {type: choice, of: kind, label: {zh: 类, en: kind}}
  case.heads: {type: count, unit: 人, min: 1人, max: 2人, label: {zh: 人数, en: heads}}
  case.price: {type: money, min: 0 JPY, max: 3 JPY, label: {zh: 价, en: price}}
  case.cap: {type: money, min: 0 JPY, max: 2 JPY, optional: true, label: {zh: 限, en: cap}}
decisions:
  claim:
    label: {zh: 申领, en: claim}
    subject: {zh: 企业, en: enterprise}
    as_of: case.day
    answers: amount
    outputs: {case.grant: {type: money, label: {zh: 额, en: grant}, round: down, to: 1 JPY}}
provisions:
  - ref: 第一条
    summary: {zh: 虚构, en: invented}
    parameters:
      few: {type: count, unit: 人, value: 2人, label: {zh: 少, en: few}}
      half: {type: ratio, value: 50%, limit: at_most, label: {zh: 半, en: half}}
      top: {type: money, value: 2 JPY, limit: at_most, label: {zh: 顶, en: top}}
      by_kind: {type: money, by: kind, table: {x: 1 JPY, y: 3 JPY, z: none}, label: {zh: 表, en: t}}
      steps:
        type: ratio
        over: {type: money}
        applies: marginal
        brackets: [{up_to: 1 JPY, value: 100%}, {above: 1 JPY, value: 0%}]
        label: {zh: 段, en: steps}
      whole:
        type: ratio
        over: {type: money}
        applies: whole
        brackets: [{below: 2 JPY, value: 100%}, {from: 2 JPY, value: 50%}]
        label: {zh: 档, en: whole}
    rules:
      - id: every_fact_is_read
        topic: note
        for: claim
        when: >-
          case.a and case.b and case.c and case.kind == 'x' and case.heads >= few
          and given(case.cap) and case.price * half <= top * half
          and by_kind[case.kind] < steps(case.price) + whole(case.price)
        warn: {zh: 虚构, en: invented}
"""
LEAVES = (
    "case.a",
    "case.b",
    "case.c",
    "case.kind == 'x'",
    "case.kind in ['x', 'y']",
    "case.heads >= few",
    "case.price > 0",
    "given(case.cap)",
    "case.price * half <= top * half",
)
AMOUNTS = (
    "case.price",
    "half * case.price",
    "top",
    "case.cap",
    "min(case.cap, top)",
    "max(case.price, case.cap)",
    "top - case.price",
    "case.price if case.a else top",
    "by_kind[case.kind]",
    "max(by_kind[case.kind], case.price)",
    "steps(case.price)",
    "steps(case.price, after=top)",
    "steps(top, after=case.price)",
    "whole(case.price)",
)
SURE = ("case.price", "half * case.price", "top - case.price", "whole(case.price)", "top")
"""Amounts that are never none, and so may stand in the place of the general limit."""
conditions = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} and {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} or {pair[1]})"),
        inner.map(lambda text: f"(not {text})"),
    ),
    max_leaves=4,
)


def write_rule(
    number: int, mechanic: str, condition: str, when: str | None, *, soft: bool = False
) -> str:
    lines = [f"      - id: rule_{number}", "        topic: note", "        for: claim"]
    lines.append("        says: {zh: 虚构, en: invented}")
    lines += [f'        when: "{when}"'] if when else []
    lines += ["        soft: true"] if soft else []
    if mechanic == "limits":
        lines += ["        limits: case.grant", f'        at_most: "{condition}"']
    else:
        lines.append(f'        {mechanic}: "{condition}"')
    return "\n".join(lines)


@st.composite
def draw_text(draw: st.DrawFn) -> str:
    """Draw the text of a ruleset."""
    rules = [write_rule(0, "limits", draw(st.sampled_from(("case.price", "top"))), None)]
    for number in range(1, draw(st.integers(2, 5))):
        mechanic = draw(st.sampled_from(("require", "exclude", "limits")))
        formula = draw(st.sampled_from(AMOUNTS) if mechanic == "limits" else conditions)
        when = draw(st.one_of(st.none(), conditions))
        rules.append(write_rule(number, mechanic, formula, when, soft=draw(st.booleans())))
    if draw(st.booleans()):
        when, formula = draw(conditions), draw(st.sampled_from(SURE))
        rules.append(write_rule(8, "limits", formula, when))
        rules[-1] += "\n        overrides: rule_0"
        if draw(st.booleans()):
            rules.append(write_rule(9, "limits", draw(st.sampled_from(SURE)), draw(conditions)))
            rules[-1] += "\n        overrides: rule_8"
    return HEAD + "\n".join(rules) + "\n"


def make_ruleset(text: str) -> Ruleset:
    """Check a ruleset."""
    loaded = load_ruleset(text.encode(), "tiny.yaml")
    return Ruleset(loaded, check_ruleset(loaded), Path("tiny.yaml"))


def draw_ruleset() -> st.SearchStrategy[Ruleset]:
    """Draw a checked ruleset."""
    return draw_text().map(make_ruleset)


def decide_all(ruleset: Ruleset, known: dict[str, Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Decide every completion; a denial is one result whatever its limits would allow."""
    names = list(FACTS)
    found = {}
    for values in product(*([known[n]] if n in known else FACTS[n] for n in names)):
        facts = dict(zip(names, values, strict=True))
        decision = ruleset.decide("claim", facts, on="2020-06-01")
        amount = decision.amount
        assert amount is not None
        paid = 0 if decision.outcome is Outcome.DENIED else int(amount.high)
        found[values] = (decision.outcome, paid)
    return found


def find_decisive(results: dict[tuple[Any, ...], tuple[Any, ...]]) -> set[str]:
    """Return the facts that alone make two completions come out differently."""
    decisive = set()
    for index, name in enumerate(FACTS):
        groups: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
        for values, result in results.items():
            groups.setdefault((*values[:index], *values[index + 1 :]), set()).add(result)
        if any(len(group) > 1 for group in groups.values()):
            decisive.add(name)
    return decisive


@settings(max_examples=30 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_said_of_an_incomplete_case_is_what_its_completions_show(
    data: st.DataObject,
) -> None:
    ruleset = data.draw(draw_ruleset())
    values = {name: st.sampled_from(options) for name, options in FACTS.items()}
    kept = data.draw(st.sampled_from((1, 2, 3, 4)))
    known = {name: data.draw(values[name]) for name in list(FACTS)[:kept]}
    decision = ruleset.decide("claim", known, on="2020-06-01")
    results = decide_all(ruleset, known)
    outcomes = {outcome for outcome, _ in results.values()}
    amounts = {amount for _, amount in results.values()}
    assert decision.amount is not None
    assert outcomes <= set(decision.possible)
    assert decision.amount.low <= min(amounts) <= max(amounts) <= decision.amount.high
    if len(set(results.values())) > 1:
        assert decision.outcome is Outcome.UNDETERMINED
    assert find_decisive(results) <= set(decision.missing)
    if decision.exact:
        assert outcomes == set(decision.possible)
        assert (min(amounts), max(amounts)) == (decision.amount.low, decision.amount.high)
        assert find_decisive(results) == set(decision.missing)
