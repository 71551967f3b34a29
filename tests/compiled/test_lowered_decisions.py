"""Which decisions have kernels: every one of every ruleset there is, on every day."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from voucher_rules.api.rulesets import Ruleset, load, rulesets
from voucher_rules.compiled.build import make_kernel, stretches_of
from voucher_rules.compiled.door import find_door
from voucher_rules.compiled.graph_nodes import TRUE
from voucher_rules.compiled.nodes import NotLoweredError
from voucher_rules.compiled.python_code import write_code
from voucher_rules.compiled.verdict import prepare
from voucher_rules.decision.law import Options

MEASURES = Path(__file__).resolve().parents[1] / "measures"
RULESETS = [
    *(load(item.id, item.edition) for item in rulesets()),
    *(load(path) for path in sorted(MEASURES.glob("*/2024.yaml"))),
]
NOT_LOWERED: dict[tuple[str, str], str] = {}
"""Decisions without a kernel, and why."""
NEVER_SURE = {
    ("cn-gx-service-voucher", "apply_special"): "caps that a notice sets",
    ("cn-gx-service-voucher", "use_special"): "a list of categories that a notice sets",
    ("test-class-over-time", "claim"): "a yearly sum that is set each year",
    ("test-clock-windows", "review"): "working days beyond the calendar, from 2027 on",
}
"""Decisions that only the reference decides on some days, for what is unset on them."""


MADE_UP = re.compile(
    "v?[af][0-9]+|[nk][0-9]+|(name|judge|places)[0-9]+|row|facts|on|known|get|lacks|absent|missing"
    "|none|refuse|check_extra|date|type|int|str|len|set|list|map|is_same_text|(year|month)_of"
    "|(first|last)_of_year|add_months"
)
ATTRIBUTES = {"add", "bit_count", "count", "denominator", "get", "numerator", "toordinal"}


def list_decisions() -> list[tuple[Ruleset, str]]:
    return [(ruleset, name) for ruleset in RULESETS for name in ruleset.decisions]


@pytest.mark.parametrize(
    ("ruleset", "name"), list_decisions(), ids=[f"{r.id}-{n}" for r, n in list_decisions()]
)
def test_a_decision_is_lowered_for_every_day(ruleset: Ruleset, name: str) -> None:
    program = ruleset.program(name)
    readings = {key: item.default for key, item in ruleset.readings.items()}
    for stretch in stretches_of(program):
        reason = NOT_LOWERED.get((ruleset.id, name))
        if reason is not None:
            with pytest.raises(NotLoweredError, match=reason):
                make_kernel(program, stretch, readings, assumed=True)
            continue
        kernel = make_kernel(program, stretch, readings, assumed=True)
        assert kernel.unsure != TRUE or (ruleset.id, name) in NEVER_SURE
        assert {rule.rule for rule in kernel.rules} == {rule.id for rule in program.rules}


def test_stretches_meet_without_gap_or_overlap() -> None:
    for ruleset, name in list_decisions():
        stretches = stretches_of(ruleset.program(name))
        for (_, last), (first, _) in pairwise(stretches):
            assert (first - last).days == 1


@pytest.mark.parametrize(
    ("ruleset", "name"), list_decisions(), ids=[f"{r.id}-{n}" for r, n in list_decisions()]
)
def test_code_holds_made_up_names_and_whole_numbers_only(ruleset: Ruleset, name: str) -> None:
    program = ruleset.program(name)
    readings = {key: item.default for key, item in ruleset.readings.items()}
    decider = prepare(program, Options(readings, assume_in_force=True))
    kernel = make_kernel(program, stretches_of(program)[-1], readings, assumed=True)
    for text in (write_code(kernel).text, find_door(decider.program).text):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant):
                assert type(node.value) in (bool, int, type(None), type(...))
            elif isinstance(node, ast.Name):
                assert MADE_UP.fullmatch(node.id), node.id
            elif isinstance(node, ast.Attribute):
                assert node.attr in ATTRIBUTES
