"""Laws of a decision followed along one fact, on random cases of every kind of ruleset."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import MEASURES, THOROUGHNESS, draw_facts, list_decisions

import voucher_rules as vr
from voucher_rules.decision.case import read_case
from voucher_rules.decision.law import Options
from voucher_rules.decision.outcomes import VALUELESS
from voucher_rules.values.model import Exact, Unknown
from voucher_rules.whatif.joins import Stretch
from voucher_rules.whatif.lines import Line, Stair
from voucher_rules.whatif.paths import round_line
from voucher_rules.whatif.positions import Axis, make_axis
from voucher_rules.whatif.stretches import Question, Sweep

RULESETS = [
    *(vr.load(item.id, item.edition) for item in vr.rulesets()),
    *(vr.load(path) for path in sorted(Path(MEASURES).glob("*/2024.yaml"))),
]
EXAMPLES = 60 * THOROUGHNESS


@st.composite
def draw_question(draw: st.DrawFn, *, unknown: bool = False) -> tuple[Question, Axis]:
    ruleset, name = draw(st.sampled_from(list_decisions(RULESETS)))
    program = ruleset.program(name)
    facts: dict[str, Any] = draw(draw_facts(program, unknown=unknown))
    readings = {key: item.default for key, item in ruleset.readings.items()}
    question = Question(program, read_case(program, facts), Options(readings, assume_in_force=True))
    axes = [
        axis
        for key in question.case.values
        if not key.endswith("!")
        for axis in [make_axis(key, *_declare(question, key))]
        if axis is not None
    ]
    assume(axes)
    return question, draw(st.sampled_from(axes))


def _declare(question: Question, name: str) -> tuple[Any, Any]:
    declared = question.program.find_input(name)
    return declared.type, declared.domain


def list_points(axis: Axis, stretches: list[Stretch], drawn: list[int]) -> list[Exact]:
    """Return both ends of every stretch, what lies beside them, and positions drawn."""
    beside = [
        end + by for s in stretches for end in (s.reach.low, s.reach.high) for by in (-1, 0, 1)
    ]
    span = axis.reach.high - axis.reach.low
    spread = [axis.reach.low + span * n // 10**6 for n in drawn]
    near = [
        s.reach.low + (s.reach.high - s.reach.low) * n // 10**6 for s in stretches for n in drawn
    ]
    found = [x for x in (*beside[:24], *spread, *near[:16]) if x in axis.reach]
    return sorted(set(found))


def check_point(question: Question, axis: Axis, stretch: Stretch, x: Exact) -> None:
    """Hold a stretch against the decision at one of its positions."""
    result = question.decide({axis.name: axis.value_at(x)})
    told = (axis.name, axis.value_at(x))
    assert result.outcome is stretch.facet.outcome, told
    if result.outcome in VALUELESS:
        return
    for name, payable in stretch.facet.amounts:
        amount = result.amounts[name]
        if payable.line is not None and not isinstance(amount.result.amount, Unknown):
            rounding = amount.output.rounding
            assert round_line(payable.line, rounding, x) == amount.result.amount, told
            assert set(payable.binding) <= set(amount.binding) or not payable.binding, told
    for name, trend in stretch.facet.values:
        value = result.values.get(name)
        if trend is not None and name in result.values and not isinstance(value, Unknown):
            expected: Any = trend.at(x) if isinstance(trend, Line | Stair) else trend
            assert _place(value) == _place(expected), (*told, name)


def _place(value: Any) -> Any:  # noqa: ANN401 - any value of a decision
    from voucher_rules.whatif.positions import find_position  # noqa: PLC0415

    position = find_position(value)
    return value if position is None else position


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_stretch_is_what_is_decided_on_it(data: st.DataObject) -> None:
    question, axis = data.draw(draw_question())
    stretches = Sweep(question, axis).run()
    assert stretches[0].reach.low == axis.reach.low
    assert stretches[-1].reach.high == axis.reach.high
    for one, other in pairwise(stretches):
        if axis.whole:
            assert one.reach.high + 1 == other.reach.low
        else:
            assert one.reach.high == other.reach.low
            assert one.reach.holds_high != other.reach.holds_low
    drawn = data.draw(st.lists(st.integers(0, 10**6), min_size=2, max_size=6))
    for x in list_points(axis, stretches, drawn):
        (stretch,) = [item for item in stretches if x in item.reach]
        if stretch.proved:
            check_point(question, axis, stretch, x)
