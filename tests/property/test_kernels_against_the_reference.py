"""Kernels held against the reference: on random cases of every ruleset, and on random rulesets."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import THOROUGHNESS, draw_facts, list_decisions, load_rulesets
from test_completions_by_brute_force import FACTS, conditions, draw_ruleset, draw_text, make_ruleset

from voucher_rules.api import Ruleset
from voucher_rules.batch.memory.kernels import Kernels
from voucher_rules.batch.verdicts.model import judge_case
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


FOUND = """
  own:
    label: {zh: 自己, en: own}
    subject: {zh: 企业, en: enterprise}
    as_of: case.day
    answers: value
    outputs: {own.worth: {type: money, label: {zh: 值, en: worth}}}
  check:
    label: {zh: 审, en: check}
    subject: {zh: 企业, en: enterprise}
    as_of: case.day
    answers: amount
    outputs: {check.grant: {type: money, label: {zh: 额, en: grant}, round: down, to: 1 JPY}}
provisions:"""
DEFINED = """
      - {id: w_1, topic: cap, for: own, define: own.worth, as: "WORTH"}
      - {id: w_2, topic: cap, for: own, define: own.worth, as: "OTHER", when: "IF", overrides: w_1}
      - {id: c_1, topic: cap, for: check, require: "CHECK", says: SAYS}
      - {id: c_2, topic: cap, for: check, limits: check.grant, at_most: top, says: SAYS}
      - {id: d_1, topic: cap, for: claim, define: passed, call: {decision: check, gives: granted}}
      - {id: d_2, topic: cap, for: claim, define: paid, call: {decision: check, gives: check.grant}}
      - {id: d_3, topic: cap, for: claim, define: held, call: {decision: own, gives: own.worth}}
      - {id: d_4, topic: cap, for: claim, define: best, when: "BEST", as: "max(paid, held)"}
      - {id: d_5, topic: note, for: claim, require: "CALLED", says: SAYS}
""".replace("SAYS", "{zh: 虚构, en: invented}")
CALLED = (
    "passed or case.c",
    "paid > 0 or held > 0",
    "not passed and held > 0",
    "passed if case.c else held == paid",
    "best > 0 or given(case.cap)",
    "case.kind == 'x' or not (best > 0)",
    "min(paid, held, best) <= top",
)


@st.composite
def draw_judged(draw: st.DrawFn) -> str:
    """Draw a ruleset in which persons judge, calls ask them, and definitions rest on both."""
    text = draw(draw_text())
    for name in ("a", "b"):
        declared = next(line for line in text.splitlines() if line.startswith(f"  case.{name}:"))
        text = text.replace(f"{declared}\n", "").replace(f"case.{name}", f"finding.{name}")
    judged = "by: {zh: 机关, en: office}, label: {zh: 见, en: seen}"
    names = "".join(f"\n  {x}: {{type: boolean, {judged}}}" for x in ("a", "b"))
    text = text.replace("\ndecisions:", f"\nfindings:{names}\ndecisions:", 1)
    text = text.replace("\nprovisions:", FOUND, 1)
    formulas = ("case.price", "top", "case.price if finding.b else top", "half * case.price")
    told = {
        "WORTH": draw(st.sampled_from(formulas)),
        "OTHER": draw(st.sampled_from(formulas)),
        "IF": draw(conditions).replace("case.a", "finding.a").replace("case.b", "finding.b"),
        "CHECK": draw(conditions).replace("case.a", "finding.a").replace("case.b", "finding.b"),
        "BEST": draw(st.sampled_from(("finding.a", "case.c", "passed", "held > 0"))),
        "CALLED": draw(st.sampled_from(CALLED)),
    }
    defined = DEFINED
    for key, value in told.items():
        defined = defined.replace(f'"{key}"', f'"{value}"')
    return text + defined.lstrip("\n")


@settings(max_examples=15 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_waits_for_a_person_waits_in_a_kernel(data: st.DataObject) -> None:
    ruleset = make_ruleset(data.draw(draw_judged()))
    options = choose_options(ruleset.checked, {})
    values = FACTS | {f"finding.{name}": FACTS[f"case.{name}"] for name in ("a", "b")}
    for program in map(ruleset.program, ("claim", "check", "own")):
        read = [name for name in values if name in program.inputs]
        for _ in range(6):
            gone = data.draw(st.sets(st.sampled_from(read), max_size=3)) if read else set()
            known = {x: data.draw(st.sampled_from(values[x])) for x in read if x not in gone}
            case = read_case(program, known | {"case.day": "2021-06-01"})
            compare_case(program, case, options, lenient=True)
            table = Kernels(fewest=1, columns=data.draw(st.booleans()))(program, options, [case])
            assert table.row(0) == judge_case(program, options, case)


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
