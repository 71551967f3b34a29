"""A ruleset that is asked often decides by kernels, and nobody can tell but by the clock."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

import voucher_rules as vr
from voucher_rules.api.habit import MOST, OFTEN, Habit
from voucher_rules.decision.law import Options

NAME: Final = "cn-nx-service-voucher"


def invent(count: int, decision: str = "claim") -> list[dict[str, Any]]:
    """Return invented cases with every kind of limit among them, some facts missing."""
    ruleset = vr.load(NAME)
    return list(vr.synthesise(ruleset, decision, count, seed=11, missing="1%"))


def tell(decision: vr.Decision) -> dict[str, Any]:
    """Return what a program reads of a decision, the cheap things first, then the whole."""
    return {
        "outcome": decision.outcome,
        "possible": decision.possible,
        "amounts": decision.amounts,
        "amount": decision.amount,
        "values": decision.values,
        "missing": decision.missing,
        "exact": decision.exact,
        "binding": decision.binding,
        "trace": decision.trace,
        "articles": decision.articles,
        "data": decision.to_data(),
        "repr": repr(decision),
    }


def make_often(ruleset: vr.Ruleset, decision: str, facts: dict[str, Any], **options: Any) -> None:  # noqa: ANN401
    """Ask until kernels decide."""
    for _ in range(OFTEN + 2):
        ruleset.decide(decision, facts, **options)


@pytest.mark.parametrize("decision", ["claim", "supervision_fee", "admit_provider"])
def test_what_is_asked_often_comes_out_the_same(decision: str) -> None:
    seldom, often = vr.load(NAME), vr.load(NAME)
    cases = invent(60, decision)
    make_often(often, decision, cases[0], assume_in_force=True)
    by_kernel = 0
    for case in cases:
        first = seldom.decide(decision, case, assume_in_force=True)
        again = often.decide(decision, case, assume_in_force=True)
        by_kernel += again._told is not None
        assert tell(again) == tell(first)
    assert by_kernel


def test_a_decision_does_not_change_with_the_facts_it_was_made_of() -> None:
    ruleset = vr.load(NAME)
    case = next(x for x in invent(40) if ruleset.decide("claim", x).outcome != "undetermined")
    make_often(ruleset, "claim", case)
    decision, kept = ruleset.decide("claim", case), ruleset.decide("claim", dict(case))
    for name, value in case.items():
        if isinstance(value, list):
            value.clear()
        case[name] = None
    assert decision.to_data() == kept.to_data()
    assert decision.trace == kept.trace


def test_faults_are_told_alike() -> None:
    ruleset = vr.load(NAME)
    case = invent(1)[0]
    make_often(ruleset, "claim", case)
    faults: tuple[Any, ...] = ({"no.such": 1}, {next(iter(case)): object()}, [], None)
    for wrong in faults:
        stated: Any = case | wrong if isinstance(wrong, dict) else wrong
        told = []
        for one in (ruleset, vr.load(NAME)):
            with pytest.raises(vr.InputError) as caught:
                one.decide("claim", stated)
            told.append(str(caught.value))
        assert told[0] == told[1]


class Name(str):
    """A text that is equal to a plain one, as the members of a `StrEnum` are."""

    __slots__ = ()


def test_a_name_that_is_no_plain_text_is_refused_however_often_it_is_asked() -> None:
    name = "cn-bj-service-voucher"
    seldom, often = vr.load(name), vr.load(name)
    read = set(often.program("quota").inputs)
    told = vr.synthesise(often, "quota", 40, seed=3)
    case = next({k: x for k, x in row.items() if k in read} for row in told if row.get("orders"))
    records = [{Name(key): x for key, x in record.items()} for record in case["orders"]]
    make_often(often, "quota", case, assume_in_force=True)
    assert often.decide("quota", case, assume_in_force=True)._told is not None
    wrongs: list[dict[str, Any]] = [{Name(key): x for key, x in case.items()}]
    for wrong in (*wrongs, case | {"orders": records}):
        for ruleset in (seldom, often):
            with pytest.raises(vr.InputError, match=r"fact-name-not-text|unknown-key"):
                ruleset.decide("quota", wrong, assume_in_force=True)


def test_what_if_is_laid_over_decisions_by_kernels_too() -> None:
    amended = vr.load(NAME).amend(item_ratio="40%")
    case = invent(1)[0]
    before = amended.decide("claim", case, assume_in_force=True).overlays
    make_often(amended, "claim", case, assume_in_force=True)
    after = amended.decide("claim", case, assume_in_force=True)
    assert [x.kind for x in before] == ["what_if", "assumption"]
    assert after.overlays == before


def test_readings_and_days_are_told_apart() -> None:
    ruleset = vr.load("cn-bj-service-voucher")
    name, reading = next(iter(ruleset.readings.items()))
    other = next(x for x in reading.options if x != reading.default)
    case = next(iter(vr.synthesise(ruleset, "claim", 1, seed=3)))
    made = {}
    for option in (reading.default, other):
        make_often(ruleset, "claim", case, readings={name: option})
        made[option] = ruleset.decide("claim", case, readings={name: option})
    assert [x.kind for x in made[reading.default].overlays] == []
    assert [x.target for x in made[other].overlays] == [name]
    with pytest.raises(vr.InputError):
        ruleset.decide("claim", case, on=date(1999, 1, 1))
    with pytest.raises(vr.InputError):
        ruleset.decide("claim", case, readings={name: [other]})  # type: ignore[dict-item]


def test_only_so_many_kinds_are_kept() -> None:
    program, options = vr.load(NAME).program("claim"), Options({})
    habit = Habit()
    for key in range(3 * MOST):
        habit.keep(key, program, options, ())
    assert habit.find(0) is None
    asked = [habit.find(3 * MOST - 1) is not None for _ in range(OFTEN + 1)]
    assert asked == [False] * (OFTEN - 1) + [True] * 2


def test_what_is_amended_is_decided_by_itself_however_often_the_other_was_asked() -> None:
    ruleset = vr.load(NAME)
    case = next(x for x in invent(40) if ruleset.decide("claim", x).outcome == "granted")
    make_often(ruleset, "claim", case)
    amended = ruleset.amend(item_cap="1元")
    told = amended.decide("claim", case)
    assert tell(told) == tell(vr.load(NAME).amend(item_cap="1元").decide("claim", case))
    make_often(amended, "claim", case)
    assert tell(amended.decide("claim", case)) == tell(told)
    assert tell(ruleset.decide("claim", case)) == tell(vr.load(NAME).decide("claim", case))


def test_a_decision_does_not_change_with_what_is_stated_with_its_source() -> None:
    ruleset = vr.load(NAME)
    case = next(x for x in invent(40) if ruleset.decide("claim", x).outcome == "granted")
    make_often(ruleset, "claim", case)
    stated = {name: {"value": value, "source": "tax office"} for name, value in case.items()}
    decision = ruleset.decide("claim", stated)
    expected = tell(vr.load(NAME).decide("claim", stated))
    assert decision._told is not None
    for item in stated.values():
        item.clear()
    assert tell(decision) == expected
