"""The smallest change of one fact of small random rulesets, held against trying every value."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import THOROUGHNESS
from test_completions_by_brute_force import FACTS, draw_ruleset

import voucher_rules as vr
from voucher_rules.api import Ruleset
from voucher_rules.values.model import Mark

DAY = date(2024, 1, 1)


def list_reaching(ruleset: Ruleset, case: dict[str, Any], name: str, outcome: str) -> list[Any]:
    """Return the values of a fact that lead to an outcome, by deciding at each."""
    return [
        value
        for value in FACTS[name]
        if value != case[name]
        if ruleset.decide("claim", case | {name: value}, on=DAY).outcome == outcome
    ]


@settings(
    max_examples=60 * THOROUGHNESS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(draw_ruleset(), st.data())
def test_the_change_found_is_the_nearest_of_all(ruleset: Ruleset, data: st.DataObject) -> None:
    case = {name: data.draw(st.sampled_from(values)) for name, values in FACTS.items()}
    name = data.draw(st.sampled_from(sorted(FACTS)))
    base = ruleset.decide("claim", case, on=DAY)
    outcome = data.draw(st.sampled_from(["granted", "denied", "referred"]))
    study = vr.counterfactual(ruleset, "claim", case, outcome=outcome, facts=[name], on=DAY)
    if base.outcome == outcome:
        assert study.changes == ()
        return
    reaching = list_reaching(ruleset, case, name, outcome)
    assert study.exact
    assert bool(study.changes) == bool(reaching)
    if study.changes:
        found = study.changes[0].shifts[0].after
        assert found in reaching
        now = case[name]
        numbers = [x for x in reaching if isinstance(x, int) and not isinstance(x, bool)]
        if isinstance(now, int) and not isinstance(now, bool) and not isinstance(found, Mark):
            assert abs(int(found) - now) == min(abs(x - now) for x in numbers)  # type: ignore[arg-type] # a count or yen
