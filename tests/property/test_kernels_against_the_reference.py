"""Kernels held against the reference: on random cases of every ruleset, and on random rulesets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import THOROUGHNESS, draw_facts, list_decisions, load_rulesets
from test_completions_by_brute_force import FACTS, draw_ruleset

from voucher_rules.api import Ruleset
from voucher_rules.decision.case import read_case
from voucher_rules.decision.law import Options
from voucher_rules.decision.options import choose_options
from voucher_rules.errors import InputError
from voucher_rules.program.build import Program
from voucher_rules.values.model import NONE

sys.path.append(str(Path(__file__).resolve().parents[1] / "compiled"))

from kernel_cases import compare_case, find_own_code

from voucher_rules.compiled.verdict import decide_fast
from voucher_rules.decision.decide import decide

DECISIONS = list_decisions(load_rulesets())
EVERY = pytest.mark.parametrize(
    ("ruleset", "name"), DECISIONS, ids=[f"{r.id}-{n}" for r, n in DECISIONS]
)


def draw_options(ruleset: Ruleset) -> st.SearchStrategy[Options]:
    """Draw how disputed provisions are read, and whether the document is assumed in force."""
    readings = {name: st.sampled_from(sorted(x.options)) for name, x in ruleset.readings.items()}
    return st.builds(Options, st.fixed_dictionaries(readings), st.booleans())


@EVERY
@settings(max_examples=4 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_kernel_finds_what_the_reference_finds(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    program = ruleset.program(name)
    case = read_case(program, data.draw(draw_facts(program)))
    options = data.draw(draw_options(ruleset))
    compare_case(program, case, options)
    compare_case(program, case, options, lenient=True)


@EVERY
@settings(max_examples=3 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_missing_and_does_not_matter_changes_nothing(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    program = ruleset.program(name)
    facts = data.draw(draw_facts(program, unknown=True))
    options = data.draw(draw_options(ruleset))
    case = read_case(program, facts)
    code = find_own_code(program, case, options, lenient=True)
    if code is not None:
        compare_case(program, case, options, lenient=True)
    fast = decide_fast(program, facts, None, options)
    if fast.code is None:
        return
    whole = decide(program, case, options)
    assert fast.outcome == whole.outcome
    assert {n: (x.value, x.otherwise, x.binding) for n, x in fast.amounts.items()} == {
        n: (x.value, x.otherwise, x.binding) for n, x in whole.amounts.items()
    }
    assert fast.values == whole.values
    assert dict(fast.statuses) == {x.rule.id: x.status for x in whole.evaluation.rules.values()}


@settings(max_examples=25 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_kernel_of_a_random_ruleset_finds_what_the_reference_finds(data: st.DataObject) -> None:
    ruleset = data.draw(draw_ruleset())
    program = ruleset.program("claim")
    options = choose_options(ruleset.checked, {})
    for _ in range(8):
        facts = {name: data.draw(st.sampled_from(values)) for name, values in FACTS.items()}
        gone = data.draw(st.sets(st.sampled_from(sorted(facts)), max_size=2))
        known = {name: value for name, value in facts.items() if name not in gone}
        for stated in (facts, known):
            case = read_case(program, stated | {"case.day": "2021-06-01"})
            compare_case(program, case, options, lenient=stated is known)
    assert NONE in FACTS["case.cap"]


@settings(max_examples=10 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_faults_are_told_as_by_the_usual_door(data: st.DataObject) -> None:
    ruleset, name = data.draw(st.sampled_from(DECISIONS))
    program = ruleset.program(name)
    facts = data.draw(draw_facts(program))
    key = data.draw(st.sampled_from(sorted(facts))) if facts else "beside"
    wrong = data.draw(st.sampled_from([None, 0.5, -1, "?", [], {}, object(), 10**40, True, "none"]))
    facts[key] = wrong
    told = [tell_fault(program, facts, way) for way in (0, 1)]
    assert told[0] == told[1]


def tell_fault(program: Program, facts: dict[str, object], way: int) -> list[str]:
    """Return what a door tells of facts: the usual one, or (1) that of kernels."""
    try:
        if way:
            decide_fast(program, facts, None, Options({}))
        else:
            read_case(program, facts)
    except InputError as error:
        return [str(item) for item in error.diagnostics]
    return []
