"""A ruleset that was changed: by which values, on which days, and what it says of the change."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import voucher_rules as vr

NOTICES: Final = Path(__file__).resolve().parents[1] / "notices"
MEASURE: Final = NOTICES / "test-yearly-voucher" / "2024.yaml"
FIRST: Final = NOTICES / "good" / "year-2024.notice.yaml"
RULESET: Final = vr.load(MEASURE)
NINGXIA: Final = vr.load("cn-nx-service-voucher", "2016")
CLAIM: Final[dict[str, Any]] = {
    "contract.amount": "20万元",
    "contract.signed": "2024-02-01",
    "enterprise.size": "small",
    "enterprise.staff": "10人",
    "service.category": "advice",
}


def decide(ruleset: vr.Ruleset, day: str, decision: str = "claim") -> vr.Decision:
    return ruleset.decide(decision, CLAIM, on=day)


def refuse(ruleset: vr.Ruleset, stated: object, **named: object) -> list[tuple[str, str]]:
    with pytest.raises(vr.InputError) as caught:
        ruleset.amend(stated, **named)  # type: ignore[arg-type]  # what is refused
    return [(item.path, item.code) for item in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("name", "stated", "written"),
    [
        ("cap[small]", 60_000, "60000元"),
        ("cap[small]", Decimal("60000.50"), "60000.5元"),
        ("cap[small]", Fraction(120_001, 2), "60000.5元"),
        ("cap[small]", "6万元", "6万元"),
        ("ratio", Fraction(2, 3), "2/3"),
        ("ratio", Decimal("0.6"), "60%"),
        ("least_staff", 7, "7人"),
        ("categories", ["advice"], "advice"),
        ("categories", frozenset({"training", "advice"}), "advice training"),
        ("step[2]", Fraction(1, 200), "0.5%"),
    ],
)
def test_a_value_is_text_or_the_exact_type(name: str, stated: object, written: str) -> None:
    amended = RULESET.amend({name: stated})
    (change,) = amended.changes
    assert (change.kind, change.what, change.target, change.after) == (
        "what_if",
        "value",
        name,
        written,
    )


def test_dates_and_periods_are_values_as_well() -> None:
    period = vr.Period(45, vr.PeriodUnit.DAY)
    amended = NINGXIA.amend(validity_period=period)
    assert amended.parameters["validity_period"].values[0].value == period


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"cap[small]": 0.5}, "float-refused"),
        ({"cap[small]": True}, "wrong-python-type"),
        ({"cap[small]": None}, "null-value"),
        ({"cap[small]": Decimal("NaN")}, "not-finite"),
        ({"cap[small]": Decimal("0.001")}, "finer-than-minor-unit"),
        ({"least_staff": Decimal("1.5")}, "not-whole"),
        ({"cap[small]": "6万人"}, "unit-unknown"),
        ({"cap[small]": date(2024, 1, 1)}, "wrong-python-type"),
        ({"cap[tiny]": "6万元"}, "unknown-parameter"),
        ({"cap": "6万元"}, "unknown-parameter"),
        ({"step[3]": "1%"}, "unknown-parameter"),
        ({"cap": {"tiny": 5}}, "unknown-parameter"),
        ({"cap": {1: 5}}, "bad-setting"),
        ({"step": [{"up_too": 5, "value": "1%"}]}, "unknown-key"),
        ({"step": ["1%"]}, "wrong-python-type"),
        ({"step": [{"value": 0.5}]}, "float-refused"),
        ({5: "x"}, "bad-setting"),
        ({"rule.by_ratio": "on"}, "not-one-of"),
        ({"rule.by_ratio": False}, "text-expected"),
        ({"rule.by_rato": "off"}, "change-of-unknown-rule"),
        ({"rule.by_ratio.at_most": "ratioo * contract.amount"}, "unknown-name"),
        ({"reading.none": "x"}, "unknown-reading"),
        ({"cap[small]": vr.Dated("6万元", "2024-02-30")}, "no-such-day"),
        ({"cap[small]": vr.Dated("6万元", 5)}, "wrong-python-type"),  # type: ignore[arg-type]
        ({"cap[small]": vr.Dated("6万元", "2024-02-02", "2024-02-01")}, "ends-before-start"),
        ({"cap[small]": vr.Dated("6万元", until="2023-12-31")}, "change-outside-force"),
        ({"cap[small]": vr.Dated("6万元", "2027-01-01")}, "change-outside-force"),
        ({"rule.by_ratio": vr.Dated("off", "2024-02-02")}, "text-expected"),
    ],
)
def test_what_cannot_be_a_change_is_told_by_its_name(stated: object, code: str) -> None:
    assert [found for _, found in refuse(RULESET, stated)] == [code]


def test_every_mistake_is_told_at_once_and_by_its_name() -> None:
    found = refuse(RULESET, {"cap[small]": 0.5, "ratio": None}, rattio="3%")
    assert found == [("cap[small]", "float-refused"), ("ratio", "null-value")]
    found = refuse(RULESET, {"cap[small]": "5万人", "ratio": "1年"})
    assert found == [("cap[small]", "unit-unknown"), ("ratio", "not-a-number")]


def test_nothing_is_no_change_and_settings_are_a_mapping() -> None:
    assert refuse(RULESET, None) == [("settings", "change-of-nothing")]
    assert refuse(RULESET, [("ratio", "60%")]) == [("settings", "bad-setting")]
    assert RULESET.amend(MappingProxyType({"ratio": "60%"})).changes


def test_the_same_thing_is_changed_once_in_a_layer() -> None:
    assert refuse(RULESET, {"ratio": "60%"}, ratio="70%") == [("ratio", "change-made-twice")]
    whole = [{"up_to": "20万元", "value": "2%"}, {"above": "20万元", "value": "1%"}]
    assert refuse(RULESET, {"step": whole, "step[1]": "4%"}) == [("step[1]", "change-made-twice")]


@pytest.mark.parametrize("same", ["50000元", "5万元", 50_000, Decimal("50000.00")])
def test_a_value_that_is_what_it_was_changes_nothing_and_is_refused(same: object) -> None:
    assert refuse(RULESET, {"cap[small]": same}) == [("cap[small]", "setting-has-no-effect")]


def test_one_fen_more_is_a_change() -> None:
    amended = RULESET.amend({"cap[small]": Decimal("50000.01")})
    assert amended.parameters["cap[small]"].values[0].value == 5_000_001


def test_what_is_informative_decides_nothing_and_is_refused() -> None:
    found = [
        (ruleset, name)
        for item in vr.rulesets()
        for ruleset in [vr.load(item.id, item.edition)]
        for name, parameter in ruleset.parameters.items()
        if parameter.informative and parameter.entered is None
    ]
    assert found
    ruleset, name = found[0]
    assert refuse(ruleset, {name: "1"}) == [(name, "change-decides-nothing")]


def test_cells_are_given_in_a_mapping_and_the_others_stay() -> None:
    amended = RULESET.amend(cap={"small": 60_000})
    assert [x.target for x in amended.changes] == ["cap[small]"]
    assert amended.parameters["cap[micro]"] == RULESET.parameters["cap[micro]"]


def test_brackets_are_given_in_a_list() -> None:
    amended = RULESET.amend(
        step=[{"up_to": 200_000, "value": Fraction(1, 50)}, {"above": "20万元", "value": "1%"}]
    )
    assert decide(amended.amend(bonus_cap="100万元"), "2024-02-01", "bonus").amount.value == 4_000  # type: ignore[union-attr]
    assert amended.changes[0].before == "up_to 10万元, value 3%; above 10万元, value 1%"


def test_a_bracket_that_only_some_days_have_cannot_be_set_on_all(tmp_path: Path) -> None:
    text = MEASURE.read_text("utf-8").replace(
        """        brackets:
          - {up_to: 10万元, value: 3%}
          - {above: 10万元, value: 1%}
""",
        """        values:
          - {until: 2024-12-31, brackets: [{up_to: 10万元, value: 3%}, {above: 10万元, value: 1%}]}
          - {from: 2025-01-01, brackets: [{value: 1%}]}
""",
    )
    path = tmp_path / "2024.yaml"
    path.write_text(text, encoding="utf-8")
    ruleset = vr.load(path)
    assert refuse(ruleset, {"step[2]": "2%"}) == [("step[2]", "unknown-parameter")]
    assert ruleset.amend({"step[2]": vr.Dated("2%", until="2024-12-31")}).changes


DAYS: Final = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@settings(max_examples=25, deadline=None)
@given(DAYS, st.integers(0, 400), st.integers(-1, 401))
def test_a_dated_value_holds_on_its_days_and_no_other(start: date, length: int, at: int) -> None:
    until = start + timedelta(days=length)
    amended = RULESET.amend({"cap[small]": "1万元"}, from_=start, until=until)
    day = start + timedelta(days=at)
    value = amended.parameters["cap[small]"].value_on(day)
    assert value is not None
    assert value.value == (1_000_000 if start <= day <= until else 5_000_000)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(("cap[small]", "cap[micro]")), st.integers(1, 10**9), st.integers(0, 10**7))
def test_amended_there_and_back_decides_alike(name: str, fen: int, amount: int) -> None:
    before = RULESET.parameters[name].values[0].value
    if fen == before:
        return
    there = RULESET.amend({name: Decimal(fen) / 100})
    (change,) = there.changes
    back = there.amend({name: change.before})
    facts = CLAIM | {"contract.amount": amount}
    one, other = (x.decide("claim", facts, on="2024-03-01").to_data() for x in (RULESET, back))
    departures = [other.pop("overlays"), one.pop("overlays")]
    assert [len(x) for x in departures] == [2, 0]
    for key in ("outcome", "amounts", "reasons", "rules"):
        assert one[key] == other[key]


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(("cap[small]", "cap[micro]", "bonus_cap")),
        st.integers(1, 10**9),
        min_size=1,
    )
)
def test_the_changes_told_are_what_differs_between_the_two(made: dict[str, int]) -> None:
    stated = {
        name: Decimal(fen) / 100
        for name, fen in made.items()
        if fen != RULESET.parameters[name].values[0].value
    }
    if not stated:
        return
    amended = RULESET.amend(stated)
    held = RULESET.parameters
    apart = {name for name, x in amended.parameters.items() if x.values != held[name].values}
    assert apart == {x.target for x in amended.changes} == set(stated)


def test_an_amended_ruleset_leaves_the_first_alone_and_is_stacked_upon() -> None:
    digest = RULESET.checked.semantic_digest
    once = RULESET.amend({"cap[small]": "6万元"})
    twice = once.amend({"cap[small]": "7万元", "ratio": "60%"})
    assert RULESET.checked.semantic_digest == digest
    assert RULESET.changes == ()
    assert [(x.target, x.before, x.after) for x in twice.changes] == [
        ("cap[small]", "5万元", "6万元"),
        ("cap[small]", "6万元", "7万元"),
        ("ratio", "50% / 40%", "60%"),
    ]
    assert twice.origin is RULESET
    assert {x.kind for x in decide(twice, "2024-02-01").overlays} == {"what_if"}


def test_a_rule_is_left_out_or_says_something_else() -> None:
    off = RULESET.amend({"rule.by_size": "off"})
    assert decide(off, "2024-02-01").amount.value == 100_000  # type: ignore[union-attr]
    told = RULESET.amend({"rule.by_size.at_most": "contract.amount - cap[enterprise.size]"})
    assert decide(told, "2024-02-01").amount.value == 100_000  # type: ignore[union-attr]
    assert decide(told, "2024-02-01").binding == ("by_ratio",)
    assert "rule.by_size" in off.tell_changes("en")
    when = RULESET.amend({"rule.by_size.when": "enterprise.staff >= least_staff"})
    assert when.amend({"rule.by_size.when": "unset"}).rules["by_size"].when is None


def test_what_is_no_ruleset_any_more_is_refused_at_the_line_that_needs_it() -> None:
    with pytest.raises(vr.InputError) as caught:
        RULESET.amend({"rule.by_size": "off", "rule.by_ratio": "off"})
    (item,) = caught.value.diagnostics
    assert item.code == "output-never-set"
    assert item.span is not None
    assert item.span.file == str(MEASURE)


def test_a_rule_others_are_exceptions_to_goes_only_with_them() -> None:
    pairs = [
        (ruleset, rule.sets_aside[0], rule.id)
        for item in vr.rulesets()
        for ruleset in [vr.load(item.id, item.edition)]
        for rule in ruleset.rules.values()
        if rule.sets_aside
    ]
    outer = [
        (ruleset, general, exception)
        for ruleset, general, exception in pairs
        if not any(exception in rule.sets_aside for rule in ruleset.rules.values())
    ]
    ruleset, general, exception = outer[0]
    found = refuse(ruleset, {f"rule.{general}": "off"})
    assert (f"rule.{general}", "change-leaves-exception") in found
    off = ruleset.amend({f"rule.{exception}": "off"})
    assert exception not in off.rules
    assert general in off.rules


def test_the_default_of_a_reading_is_changed_and_told() -> None:
    amended = NINGXIA.amend({"reading.medium_enterprises": "excluded"})
    assert amended.readings["medium_enterprises"].default == "excluded"
    found = refuse(NINGXIA, {"reading.medium_enterprises": "admitted"})
    assert found == [("reading.medium_enterprises", "setting-has-no-effect")]
    decision = amended.decide("claim", {})
    assert [x.kind for x in decision.overlays] == ["what_if"]
    assert "excluded" in decision.explain("en")


def test_a_what_if_takes_its_days_from_a_notice_and_no_more() -> None:
    ruleset = vr.load(MEASURE, notices=[FIRST])
    amended = ruleset.amend({"cap[small]": "1万元"}, from_="2024-06-01", until="2024-06-30")
    kinds = {
        day: {(x.kind, x.target) for x in decide(amended, day).overlays}
        for day in ("2024-05-31", "2024-06-01", "2024-06-30", "2024-07-01")
    }
    noticed = ("notice", "cap[small]")
    assert [noticed in kinds[day] for day in kinds] == [True, False, False, True]
    assert all(("what_if", "cap[small]") in x for x in kinds.values())
    marks = {x.start: x.notice for x in amended.parameters["cap[small]"].values}
    assert marks[date(2024, 6, 1)] is None
    assert amended.notices == ruleset.notices
    whole = ruleset.amend({"cap[small]": "1万元"})
    assert "cap[small]" not in {x.parameter for x in whole.notices}
    again = amended.amend({"ratio": "60%"})
    assert noticed not in {(x.kind, x.target) for x in decide(again, "2024-06-01").overlays}


def test_a_bracket_set_anew_leaves_the_notice_its_own_bracket() -> None:
    ruleset = vr.load(MEASURE, notices=[FIRST])
    other = ruleset.amend({"step[1]": "4%"})
    assert "step[2]" in {x.parameter for x in other.notices}
    same = ruleset.amend({"step[2]": "4%"})
    assert "step[2]" not in {x.parameter for x in same.notices}


def test_a_decision_under_a_what_if_is_never_recorded(tmp_path: Path) -> None:
    amended = RULESET.amend({"rule.by_size": "off"})
    log = vr.RecordLog.create(tmp_path / "log.jsonl", "A bureau (invented)")
    with log, pytest.raises(vr.RecordError, match="record-hypothetical"):
        log.record(decide(amended, "2024-02-01"), "one")
