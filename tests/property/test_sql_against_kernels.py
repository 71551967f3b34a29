"""SQL held against the reference on random cases of rulesets, whole or with facts left out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import MEASURES, THOROUGHNESS, draw_facts, list_decisions, load_rulesets

from voucher_rules.api import Ruleset, load
from voucher_rules.batch.numpy.rows import find_denominators
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.compiled.python_code import write_code
from voucher_rules.compiled.rows import make_row
from voucher_rules.compiled.sql_plan import make_plan
from voucher_rules.decision.case import Case, find_day, read_case
from voucher_rules.decision.decide import decide
from voucher_rules.decision.law import Options
from voucher_rules.program.build import Program

sys.path.append(str(Path(__file__).resolve().parents[1] / "compiled"))

from sql_engines import count_row, find_differences, find_engines, tell_row

RULESETS = load_rulesets()
if THOROUGHNESS == 1:
    RULESETS = [x for x in RULESETS if x.id != "cn-bj-service-voucher"]
    RULESETS.append(load(MEASURES / "test-group" / "2024.yaml"))
DECISIONS = list_decisions(RULESETS)
"""Every decision where laws are tried many times over; else those whose kernels are soon made, and
one that goes through lists."""


@pytest.mark.skipif(not find_engines(), reason="no engine of SQL is installed")
@pytest.mark.parametrize(("ruleset", "name"), DECISIONS, ids=[f"{r.id}-{n}" for r, n in DECISIONS])
@settings(max_examples=2 * THOROUGHNESS, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_sql_finds_what_the_reference_finds(
    ruleset: Ruleset, name: str, data: st.DataObject
) -> None:
    program = ruleset.program(name)
    draws = st.lists(draw_facts(program, unknown=True), min_size=4, max_size=6)
    cases = [read_case(program, facts) for facts in data.draw(draws)]
    readings = {key: item.default for key, item in ruleset.readings.items()}
    options = Options(readings, assume_in_force=True)
    for stretch in stretches_of(program):
        held = [case for case in cases if _falls_in(program, case, stretch)]
        if held:
            compare(program, stretch, held, options)


def _falls_in(program: Program, case: Case, stretch: tuple[object, object]) -> bool:
    day = find_day(program, case)
    return day is not None and stretch[0] <= day <= stretch[1]  # type: ignore[operator]  # days


def compare(program: Program, stretch: tuple, cases: list[Case], options: Options) -> None:  # type: ignore[type-arg]  # days
    """Hold the engines against the code of the same kernel, and that against the reference."""
    plain = make_kernel(program, stretch, options.readings, assumed=True, lenient=True)
    pairs = [(case, make_row(plain.inputs, case.values)) for case in cases]
    known = [(case, row) for case, row in pairs if row is not None]
    if not known:
        return
    rows = [row for _, row in known]
    kernel = make_kernel(
        program,
        stretch,
        options.readings,
        assumed=True,
        lenient=True,
        denominators=find_denominators(plain.inputs, list(zip(*rows, strict=True))),
    )
    try:
        make_plan(kernel)
    except NotLoweredError:
        return
    code = write_code(kernel)
    for engine in find_engines():
        for (case, row), told in zip(known, engine.decide(kernel, rows), strict=True):
            expected = tell_row(kernel, code.decide(count_row(kernel, row)))
            assert not find_differences(told, expected), (engine.dialect, row)
            if told["outcome"] is not None:
                assert told["outcome"] == str(decide(program, case, options).outcome)
