"""What two sets of rules decide differently: the regions are what trying every case finds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.differences.comparing import compare_outcomes
from voucher_rules.differences.ways import Region, Way
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.values.model import Interval, OneOf

FAIR = Path(__file__).parent / "fair.yaml"
NX = "cn-nx-service-voucher"
DAY = "2024-05-01"
CASES = [
    {"stall.trade": trade, "stall.helpers": helpers, "stall.days": days, "stall.licensed": True}
    for trade, helpers, days in product(("food", "craft", "other"), range(3, 9), range(16))
]


def amend(folder: Path, *changes: tuple[str, str]) -> vr.Ruleset:
    text = FAIR.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "amended.yaml"
    path.write_text(text, encoding="utf-8")
    return vr.load(path)


def holds(region: Region, case: Mapping[str, Any]) -> bool:
    for name, value in region.box.items():
        domain, _ = split_value(value)
        told = case.get(name)
        if told is None:
            continue
        if isinstance(domain, Interval) and not domain.low <= told <= domain.high:
            return False
        if isinstance(domain, OneOf) and told not in domain.options:
            return False
    return True


def decide(ruleset: vr.Ruleset, case: Mapping[str, Any]) -> tuple[str, Any]:
    made = ruleset.decide("claim", case, on=DAY)
    amount = made.amounts["grant.amount"].value if made.outcome == "granted" else 0
    return str(made.outcome), amount


CHANGES = {
    "a day": (("value: 10元", "value: 12元"),),
    "cap up": (("value: 80元", "value: 95元"),),
    "cap down": (("value: 80元", "value: 75元"),),
    "helpers": (("value: 5人", "value: 7人"),),
    "days": (("value: 3天", "value: 5天"),),
    "trade": (("== 'food'", "!= 'other'"),),
    "rule off": (
        (
            "      - {id: few_helpers, topic: eligibility, for: claim, require: stall.helpers <= most_helpers, says: {zh: 帮手少, en: few helpers}}\n",  # noqa: E501 - a line of the file
            "",
        ),
        (
            "      most_helpers: {type: count, unit: 人, value: 5人, limit: at_most, label: {zh: 帮手上限, en: most helpers}}\n",  # noqa: E501 - a line of the file
            "",
        ),
        (
            "  stall.helpers: {type: count, unit: 人, max: 12人, label: {zh: 帮手, en: helpers}}\n",
            "",
        ),
    ),
    "several": (("value: 10元", "value: 8元"), ("value: 80元", "value: 100元"), ("5人", "4人")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_regions_are_what_trying_every_case_finds(tmp_path: Path, name: str) -> None:
    before, after = vr.load(FAIR), amend(tmp_path, *CHANGES[name])
    found = vr.difference(before, after, "claim", on=DAY)
    assert found.complete
    shared = set(found.pair.conditions)
    for case in CASES:
        own = {k: v for k, v in case.items() if k in after.program("claim").inputs}
        old, new = decide(before, case), decide(after, own)
        failing = before.decide("claim", case, on=DAY).result.reasons
        blocked = any(rule.id in shared for reason in failing for rule in reason.rules)
        here = [region for region in found.regions if holds(region, case)]
        if blocked:
            assert old == new or old[0] == "referred" or new[0] == "referred"
            continue
        assert bool(here) is (old != new), (case, old, new)
        assert len(here) <= 1
        if here and old[0] != new[0]:
            assert here[0].way is compare_outcomes(vr.Outcome(old[0]), vr.Outcome(new[0]))
        elif here:
            assert here[0].way is (Way.GENEROUS if new[1] > old[1] else Way.STRICT)


@pytest.mark.parametrize("name", CHANGES)
def test_every_region_has_a_case_that_both_decide_so(tmp_path: Path, name: str) -> None:
    before, after = vr.load(FAIR), amend(tmp_path, *CHANGES[name])
    found = vr.difference(before, after, "claim", on=DAY)
    assert found.regions
    for case in found.witnesses:
        assert case is not None
        own = {k: v for k, v in case.items() if k in after.program("claim").inputs}
        day = {k: v for k, v in case.items() if k in before.program("claim").inputs}
        assert decide(before, {**day, "claim.date": DAY}) != decide(
            after, {**own, "claim.date": DAY}
        )


def test_a_fact_that_only_one_reads_is_said(tmp_path: Path) -> None:
    found = vr.difference(vr.load(FAIR), amend(tmp_path, *CHANGES["rule off"]), "claim", on=DAY)
    rows = {(row["what"], row["name"]) for row in found.to_rows("changes", "en")}
    assert ("fact", "stall.helpers") in rows
    assert ("rule", "few_helpers") in rows
    assert {item.way for item in found.regions} == {Way.GENEROUS}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from([("per_day", "元", 10), ("cap", "元", 80), ("most_helpers", "人", 5)]),
    st.integers(1, 9),
)
def test_more_of_what_helps_is_only_more_generous(target: tuple[str, str, int], more: int) -> None:
    name, unit, value = target
    before = vr.load(FAIR)
    after = before.amend({name: f"{value + more}{unit}"})
    found = vr.difference(before, after, "claim", on=DAY)
    assert {item.way for item in found.regions} == {Way.GENEROUS}
    back = vr.difference(after, before, "claim", on=DAY)
    assert {item.way for item in back.regions} == {Way.STRICT}


def test_the_same_rules_decide_alike() -> None:
    found = vr.difference(vr.load(FAIR), vr.load(FAIR), "claim", on=DAY)
    assert (found.regions, found.complete) == ((), True)
    assert "no case comes out differently" in found.summary("en")


def test_another_reading_is_told_as_a_person_would() -> None:
    ruleset = vr.load(NX)
    options = {"medium_enterprises": "excluded"}
    found = vr.difference(ruleset, ruleset, "claim", on="2017-03-01", readings_after=options)
    (row,) = found.to_rows("regions", "en")
    assert (row["way"], row["extent"]) == ("stricter", "every case")
    assert str(row["when"]).endswith("= medium")
    assert found.complete


def test_a_higher_cap_is_told_as_a_person_would() -> None:
    ruleset = vr.load(NX)
    fixed = dict.fromkeys(("period.funds_left", "claim.requested_amount"), "none")
    fixed |= dict.fromkeys(
        (
            f"ledger.{name}"
            for name in ("claimed_for_item", "claimed_this_year", "expired_this_year")
        ),
        "0元",
    )
    after = ruleset.amend({"item_cap": "4000元"})
    found = vr.difference(ruleset, after, "claim", on="2017-03-01", facts_fixed=fixed)
    assert found.complete
    assert {item.way for item in found.regions} == {Way.GENEROUS}
    lows = [split_value(item.box["contract.amount"])[0] for item in found.regions]
    least = min(item.low for item in lows if isinstance(item, Interval))
    assert least == 600_002, "half of 6,000.02 yuan is the first amount above the old cap"


def test_a_spent_budget_is_said() -> None:
    ruleset = vr.load(NX)
    after = ruleset.amend({"annual_cap": "6000元"})
    found = vr.difference(ruleset, after, "claim", on="2017-03-01", budget=40)
    assert not found.complete
    assert "not complete" in found.summary("en")


@pytest.mark.parametrize(
    ("fixed", "code"),
    [({"no.such": 1}, "unknown-fact"), ({"stall.helpers": 13}, "out-of-range")],
)
def test_what_cannot_be_fixed_is_refused(fixed: dict[str, Any], code: str) -> None:
    ruleset = vr.load(FAIR)
    with pytest.raises(vr.InputError) as caught:
        vr.difference(ruleset, ruleset, "claim", on=DAY, facts_fixed=fixed)
    assert [item.code for item in caught.value.diagnostics] == [code]


def test_a_fact_of_another_type_cannot_be_compared(tmp_path: Path) -> None:
    other = amend(
        tmp_path,
        ("stall.days: {type: count, unit: 天", "stall.days: {type: count, unit: 日"),
        (
            "least_days: {type: count, unit: 天, value: 3天",
            "least_days: {type: count, unit: 日, value: 3日",
        ),
        ("max: 15天", "max: 15日"),
    )
    with pytest.raises(vr.InputError) as caught:
        vr.difference(vr.load(FAIR), other, "claim", on=DAY)
    assert caught.value.diagnostics[0].code == "fact-of-other-type"


def test_it_is_told_as_data_and_as_a_page(tmp_path: Path) -> None:
    found = vr.difference(vr.load(FAIR), amend(tmp_path, *CHANGES["cap up"]), "claim", on=DAY)
    data = found.to_data("en")
    assert data["complete"] is True
    assert len(data["regions"]) == len(found.regions)
    assert "<table" in found.to_html("en")
    assert len(found.to_frame("regions")) == len(found.regions)


ODD = ("per_day: {type: money, value: 10元", "per_day: {type: money, value: 10.25元")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("round: down, to: 1元", "round: up, to: 1元"),
        ("round: down, to: 1元", "round: half_up, to: 1元"),
        ("round: down, to: 1分", "round: down, to: 1元"),
    ],
)
def test_a_difference_of_rounding_is_found_at_a_value_that_shows_it(
    tmp_path: Path, old: str, new: str
) -> None:
    sides = []
    for number, rounding in enumerate((old, new)):
        folder = tmp_path / str(number)
        folder.mkdir()
        sides.append(amend(folder, ODD, ("round: down, to: 1分", rounding)))
    found = vr.difference(sides[0], sides[1], "claim", on=DAY)
    differing = [case for case in CASES if decide(sides[0], case) != decide(sides[1], case)]
    assert differing
    assert found.regions
    assert not found.complete
    assert "not complete" in found.summary("en")
    if not found._found.left:
        assert all(any(holds(item, case) for item in found.regions) for case in differing)
    for item, case in zip(found.regions, found.witnesses, strict=True):
        assert case is not None
        assert not item.exact
        one, other = (decide(side, {**case, "claim.date": DAY}) for side in sides)
        assert one != other
        assert item.way is (Way.GENEROUS if other[1] > one[1] else Way.STRICT)


def test_amounts_that_are_whole_anyway_are_rounded_alike(tmp_path: Path) -> None:
    sides = []
    for number, rounding in enumerate(("round: down, to: 1分", "round: up, to: 1分")):
        folder = tmp_path / str(number)
        folder.mkdir()
        changes = (("round: down, to: 1分", rounding),)
        sides.append(amend(folder, *changes))
    found = vr.difference(sides[0], sides[1], "claim", on=DAY)
    differing = [case for case in CASES if decide(sides[0], case) != decide(sides[1], case)]
    assert differing == []
    assert found.regions == ()
