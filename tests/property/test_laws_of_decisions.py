"""Laws every decision of every shipped ruleset keeps, tried on random cases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import (
    MOST_UNKNOWN,
    THOROUGHNESS,
    Facts,
    draw_facts,
    draw_value,
    leave_out,
    list_decisions,
    load_rulesets,
    repair_facts,
)

from voucher_rules.api import Decision, Ruleset
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.values.model import Interval, Unknown

DECISIONS = list_decisions(load_rulesets())
EVERY = pytest.mark.parametrize(
    ("ruleset", "name"), DECISIONS, ids=[f"{r.id}-{n}" for r, n in DECISIONS]
)
COMMON: Any = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def tell_result(decision: Decision) -> tuple[object, ...]:
    """Return what a decided case comes to."""
    amounts = {n: a.value for n, a in decision.amounts.items()}
    if decision.outcome in {Outcome.DENIED, Outcome.NOT_IN_FORCE}:
        return (decision.outcome,)
    return (decision.outcome, amounts)


def is_finding(name: str) -> bool:
    """Tell findings from facts: until a person makes one the case goes to that person."""
    return name.startswith("finding.")


@EVERY
@settings(max_examples=15 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_a_complete_case_is_decided(ruleset: Ruleset, name: str, data: st.DataObject) -> None:
    facts = data.draw(draw_facts(ruleset.program(name)))
    decision = ruleset.decide(name, facts)
    unset = [item for item in decision.missing if item in ruleset.parameters]
    assert decision.outcome is not Outcome.UNDETERMINED or unset
    assert [item for item in decision.missing if item not in unset] == []


@EVERY
@settings(max_examples=15 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_what_is_granted_never_exceeds_a_limit_or_falls_below_zero(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    decision = ruleset.decide(name, data.draw(draw_facts(ruleset.program(name))))
    for item in decision.result.amounts.values():
        for limit in item.result.limits:
            if item.value is not None and isinstance(limit.value, int):
                assert 0 <= item.value <= max(0, limit.value)


@EVERY
@settings(max_examples=6 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_more_facts_never_contradict_and_never_widen(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    program = ruleset.program(name)
    complete = data.draw(draw_facts(program))
    facts = [key for key in complete if not is_finding(key)]
    left_out = data.draw(st.sets(st.sampled_from(facts), max_size=MOST_UNKNOWN))
    told_later = data.draw(st.sets(st.sampled_from(sorted(left_out)))) if left_out else set()
    less = ruleset.decide(name, leave_out(complete, left_out))
    more = ruleset.decide(name, leave_out(complete, left_out - told_later))
    assert bool(less.missing) or less.outcome is not Outcome.UNDETERMINED
    assert bool(more.missing) or more.outcome is not Outcome.UNDETERMINED
    assert set(more.possible) <= set(less.possible)
    if less.outcome is not Outcome.UNDETERMINED:
        assert tell_result(more) == tell_result(less)
    for key, amount in more.amounts.items():
        assert less.amounts[key].low <= amount.low <= amount.high <= less.amounts[key].high


@EVERY
@settings(max_examples=6 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_stating_every_decisive_fact_settles_the_case(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    program = ruleset.program(name)
    facts = data.draw(draw_facts(program, unknown=True))
    decision = ruleset.decide(name, facts)
    if decision.outcome is not Outcome.UNDETERMINED:
        return
    assert decision.missing, "nothing is told that would settle it"
    stated: Facts = {}
    for missing in decision.missing:
        if missing in program.inputs:
            stated[missing] = data.draw(draw_value(program.inputs[missing], program))
    settled = ruleset.decide(name, repair_facts(program, {**facts, **stated}))
    left = [item for item in settled.missing if item in program.inputs and item not in stated]
    assert left == [] or not decision.exact


@EVERY
@settings(max_examples=4 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_completions_stay_within_what_was_said_to_be_possible(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    program = ruleset.program(name)
    facts = data.draw(draw_facts(program, unknown=True))
    decision = ruleset.decide(name, facts)
    for _ in range(4):
        drawn = data.draw(draw_facts(program))
        completed = {k: v for k, v in drawn.items() if not is_finding(k)} | facts
        completed = repair_facts(program, completed)
        settled = ruleset.decide(name, completed)
        assert set(settled.possible) <= set(decision.possible)
        for key, amount in settled.amounts.items():
            bounds = decision.amounts[key]
            payable = amount.value if amount.value is not None else Decimal(0)
            if settled.outcome is not Outcome.UNDETERMINED:
                assert bounds.low <= payable <= bounds.high


@EVERY
@settings(max_examples=6 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_the_order_of_facts_does_not_matter(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    facts = data.draw(draw_facts(ruleset.program(name), unknown=True))
    turned = dict(reversed(list(facts.items())))
    one, other = ruleset.decide(name, facts).to_data(), ruleset.decide(name, turned).to_data()
    assert one == other


@EVERY
@settings(max_examples=6 * THOROUGHNESS, **COMMON)
@given(data=st.data())
def test_explaining_never_fails_and_names_the_outcome(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    decision = ruleset.decide(name, data.draw(draw_facts(ruleset.program(name), unknown=True)))
    for language in ("zh", "en"):
        for form in ("text", "markdown", "html", "json"):
            assert decision.explain(language, form)


def test_an_interval_of_a_fact_is_never_empty() -> None:
    for ruleset, name in DECISIONS:
        for declared in ruleset.facts(name).values():
            assert isinstance(declared.domain, Unknown)
            domain = declared.domain.domain
            if isinstance(domain, Interval):
                assert domain.low <= domain.high  # type: ignore[operator]
