"""An evaluation that starts from another one comes to what one from nothing comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import THOROUGHNESS, draw_facts, list_decisions, load_rulesets

from voucher_rules.api import Ruleset
from voucher_rules.decision.case import read_case
from voucher_rules.decision.evaluate import Evaluation, called_of, evaluate_program
from voucher_rules.decision.law import Options, split_case_by_law
from voucher_rules.decision.trace import RuleResult
from voucher_rules.language.records import split_field
from voucher_rules.values.model import Value

DECISIONS = list_decisions(load_rulesets())


def tell_result(result: RuleResult) -> tuple[object, ...]:
    called = called_of(result)
    inner = [tell_evaluation(item) for item in called.evaluations] if called else None
    return (*result[:-1], called.value if called else None, inner)


def tell_evaluation(evaluation: Evaluation) -> tuple[object, ...]:
    rules = {name: tell_result(result) for name, result in evaluation.rules.items()}
    return (rules, evaluation.amounts, evaluation.outcomes, evaluation.in_force)


def name_input(key: str) -> str:
    """Return the input a name belongs to: of a field of a record its list."""
    return split_field(key)[0] or key


def list_boxes(ruleset: Ruleset, name: str, data: st.DataObject) -> Iterator[Mapping[str, Value]]:
    program = ruleset.program(name)
    for _ in range(2):
        case = read_case(program, data.draw(draw_facts(program, unknown=True)))
        yield split_case_by_law(program, case.values)[0]


@pytest.mark.parametrize(("ruleset", "name"), DECISIONS, ids=[f"{r.id}-{n}" for r, n in DECISIONS])
@settings(max_examples=8 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_where_an_evaluation_starts_from_changes_nothing(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    program = ruleset.program(name)
    readings = {key: item.default for key, item in ruleset.checked.readings.items()}
    options: Any = Options(readings, assume_in_force=True)
    first, second = list_boxes(ruleset, name, data)
    taken = data.draw(st.sets(st.sampled_from(sorted(program.inputs))))
    mixed = {
        **{key: value for key, value in first.items() if name_input(key) not in taken},
        **{key: value for key, value in second.items() if name_input(key) in taken},
    }
    base = evaluate_program(program, first, options)
    for box in (mixed, second, first):
        base = evaluate_program(program, box, options, base)
        alone = evaluate_program(program, box, options)
        assert tell_evaluation(base) == tell_evaluation(alone)
        assert {key: base.values[key] for key in alone.values} == alone.values
