"""Populations: every total is what a plain loop over single decisions comes to."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given, settings
from populations import ROOT, ROWS, SHOP, list_case_rows, sum_by_loop

import voucher_rules as vr
from voucher_rules.whatif.lifting import lift_limit
from voucher_rules.whatif.reforms import Effect
from voucher_rules.whatif.spending import pick_nearest_rank

Rows = list[dict[str, Any]]
MAIN: Final = {
    "cn-nx-service-voucher/2016": ("claim", {"item_ratio": "40%"}),
    "cn-bj-service-voucher/2023": ("measure", None),
    "cn-gx-service-voucher/2024": ("use", None),
    "cn-nm-service-voucher/draft": ("claim", None),
}
CHANGED: Final = {"share": "40%", "cap": "1200元"}


def evaluate(rows: Rows, **options: Any) -> vr.Population:  # noqa: ANN401 - as evaluate
    return vr.evaluate(SHOP, rows, decision="claim", **options)


def split_rows(study: vr.Population, rows: Rows) -> Rows:
    return [rows[number - 1] for number in study.numbers]


@settings(max_examples=40)
@given(ROWS)
def test_totals_are_those_of_a_plain_loop(rows: Rows) -> None:
    study = evaluate(rows)
    outcomes, settled, least, greatest = sum_by_loop(SHOP, "claim", split_rows(study, rows))
    assert {str(x): n for x, n in study.sums.outcomes.items()} == outcomes
    spend = study.spend
    assert (spend.settled, spend.low, spend.high) == (settled, least, greatest)


@settings(max_examples=40)
@given(ROWS)
def test_rows_in_are_rows_decided_and_rows_rejected(rows: Rows) -> None:
    study = evaluate(rows)
    assert len(rows) == len(study.numbers) + len(study.rejected)
    assert sum(study.sums.outcomes.values()) == len(study.numbers)
    assert {x.number for x in study.rejected} == {
        n for n, row in enumerate(rows, start=1) if row["shop.size"] == "tiny"
    }


@settings(max_examples=40)
@given(ROWS)
def test_groups_add_up_to_the_whole_and_least_is_not_above_greatest(rows: Rows) -> None:
    by: list[Any] = ["district", "shop.size", {"contract.amount": ["1000元", 2001, "3000"]}]
    study = evaluate(rows, by=by)
    spend = study.spend
    assert spend.low <= spend.high
    assert spend.settled <= spend.high
    for _, groups in study.sums.groups:
        assert sum(item.spend.rows for item in groups) == spend.rows
        assert sum(item.spend.low for item in groups) == spend.low
        assert sum(item.spend.high for item in groups) == spend.high
        assert sum(item.spend.settled for item in groups) == spend.settled


@settings(max_examples=25)
@given(ROWS)
def test_the_order_of_rows_changes_nothing(rows: Rows) -> None:
    shuffled = random.Random(1).sample(rows, len(rows))  # noqa: S311 - rows, no secrets
    left, right = (
        vr.reform(x, SHOP, CHANGED, decision="claim", by="district") for x in (rows, shuffled)
    )
    told = [[s for s in study.sheets if s.name != "rejected"] for study in (left, right)]
    assert told[0] == told[1]


@settings(max_examples=40)
@given(ROWS)
def test_winners_and_losers_are_those_of_a_plain_loop(rows: Rows) -> None:
    study = vr.reform(rows, SHOP, CHANGED, decision="claim", by="district", parts=False)
    after = SHOP.amend(CHANGED)
    gained = lost = settled = 0
    kept = [rows[number - 1] for number in study.after.table.numbers]
    for at, row in enumerate(kept):
        facts = {x: y for x, y in row.items() if x in SHOP.checked.inputs and y is not None}
        results = [x.decide("claim", facts).result for x in (SHOP, after)]
        values = [next(iter(x.amounts.values())).value for x in results]
        outcomes = {str(x.outcome) for x in results}
        if outcomes <= {"granted", "denied", "not_in_force"}:
            change = (values[1] or 0) - (values[0] or 0)
            assert study.sums.changes[at] == (change, change)
            gained, lost = gained + max(change, 0), lost + min(change, 0)
            settled += 1
    effects = study.sums.whole.effects
    assert effects[Effect.GAINS].low >= gained
    assert effects[Effect.LOSES].high <= lost
    if settled == len(kept):
        assert (effects[Effect.GAINS].low, effects[Effect.LOSES].high) == (gained, lost)
    for _, groups in study.sums.groups:
        for effect in Effect:
            assert sum(x.effects[effect].rows for _, x in groups) == effects[effect].rows


@settings(max_examples=25)
@given(ROWS)
def test_a_reform_that_changes_nothing_changes_no_one(rows: Rows) -> None:
    study = vr.reform(rows, SHOP, SHOP, decision="claim")
    assert set(study.sums.effects) <= {Effect.SAME}
    assert study.sums.whole.change.low == study.sums.whole.change.high == 0
    assert study.sums.decided_otherwise == 0


@pytest.mark.parametrize("name", MAIN)
def test_totals_of_every_shipped_measure_are_those_of_a_plain_loop(name: str) -> None:
    decision, changed = MAIN[name]
    folder, _, edition = name.partition("/")
    ruleset = vr.load(folder, edition)
    rows = [dict(x) for x in list_case_rows(ROOT / "rulesets" / f"{name}.cases.yaml", decision)][:9]
    assert len(rows) == 9
    study = vr.evaluate(ruleset, rows, decision=decision, assume_in_force=True, limits=False)
    assert study.rejected == ()
    outcomes, settled, least, greatest = sum_by_loop(ruleset, decision, rows, assumed=True)
    assert {str(x): n for x, n in study.sums.outcomes.items()} == outcomes
    assert (study.spend.settled, study.spend.low, study.spend.high) == (settled, least, greatest)
    if changed:
        reformed = vr.reform(
            rows, ruleset, changed, decision=decision, limits=False, assume_in_force=True
        )
        again = sum_by_loop(ruleset.amend(changed), decision, rows, assumed=True)
        assert reformed.sums.whole.after.low == again[2]
        assert reformed.sums.whole.after.high == again[3]


def test_a_decision_that_gives_values_is_counted() -> None:
    rows = [
        {"enterprise.industry": "industry", "enterprise.employees": n}
        | {"enterprise.revenue": "5000万元"}
        for n in (10, 300, 300, 2000)
    ]
    study = vr.evaluate(vr.load("cn-sme-size"), rows, on="2020-01-01")
    assert study.sums.values["enterprise.size"] == {"micro": 1, "medium": 3}
    assert sum(study.sums.values["enterprise.size"].values()) == 4
    assert [sheet.name for sheet in study.sheets if sheet.rows] == ["outcomes", "values"]
    assert "该决定不给出金额" in study.summary("zh")
    assert "4 state no day" in study.summary("en")


SAMPLE: Final[Rows] = [
    {"claim.date": "2020-05-01", "shop.size": "small", "shop.staff": 9, "shop.first_claim": False}
    | {"finding.well_run": True, "ledger.claimed_before": 0, "contract.amount": amount}
    | {"district": district}
    for amount, district in ((800, "东"), (1600, "西"), (6000, "东"), (None, "西"))
]


def test_each_limit_is_lifted_alone() -> None:
    study = evaluate(SAMPLE[:3], by="district")
    costs = {item.rule: item for item in study.limits}
    # 800 and 1600: the share binds, the cap of 1000元 above it; 6000: the cap binds, half is 3000元
    assert (costs["share_limit"].cost.rows, costs["share_limit"].cost.low) == (2, 80_000)
    assert (costs["cap_limit"].cost.rows, costs["cap_limit"].cost.low) == (1, 200_000)
    assert costs["cap_limit"].cost.low == costs["cap_limit"].cost.high
    assert dict(costs["cap_limit"].groups[0][1]) == {
        "东": costs["cap_limit"].cost,
        "西": type(costs["cap_limit"].cost)(0, 0, 0),
    }


def test_where_nothing_else_limits_there_is_no_figure() -> None:
    ruleset = vr.load("cn-sme-size")
    assert vr.evaluate(ruleset, [{}], on="2020-01-01").limits == ()
    lone = lift_limit(SHOP.program("claim"), "cap_limit")

    class Uncapped:
        checked, overlays = SHOP.checked, ()

        def program(self, _decision: str) -> vr.Program:
            return lone

    study = vr.evaluate(vr.Regime(Uncapped(), "claim"), SAMPLE)
    (share,) = study.limits
    assert (share.rule, share.unbounded, share.cost.rows) == ("share_limit", 4, 0)


def test_what_is_missing_and_what_hangs_on_it() -> None:
    study = evaluate(SAMPLE)
    (missing,) = study.sums.missing
    assert (missing.name, missing.rows, missing.alone) == ("contract.amount", 1, 1)
    assert missing.hidden == 100_000 - 50
    assert "已确定" in study.summary("zh")
    assert "still open" in study.summary("en")


def test_changes_are_taken_alone_and_left_out_alone() -> None:
    study = vr.reform(SAMPLE[:3], SHOP, {"share": "40%", "cap": "1200元"}, decision="claim")
    assert study.parts is not None
    share, cap = study.parts
    # alone: 40% gives 320, 640 and 1000 against 400, 800 and 1000; the cap alone gives 200 more
    assert share.alone is not None
    assert (share.alone.low, share.alone.high) == (-24_000, -24_000)
    assert cap.alone is not None
    assert cap.alone.low == 20_000
    assert (share.without, cap.without) == (cap.alone, share.alone)
    assert study.sums.whole.change.low == -4_000
    each = vr.Regime(SHOP, "claim", {"cap_scope": "each"})
    both = vr.reform(SAMPLE[:3], SHOP, each, decision="claim")
    assert both.parts == ()


def test_a_referred_case_changes_by_what_a_person_would_approve() -> None:
    rows = [SAMPLE[0] | {"shop.staff": 60}, SAMPLE[2] | {"shop.staff": 60}]
    study = vr.reform(rows, SHOP, {"cap": "900元"}, decision="claim")
    assert study.sums.changes == ((0, 0), (-10_000, 0))
    assert study.sums.effects == (Effect.SAME, Effect.OPEN)
    assert "同一人前后答复相同" in study.summary("zh")


def test_a_sweep_tries_every_value_and_every_pair() -> None:
    study = vr.sweep(SAMPLE[:3], SHOP, "claim", {"share": ["40%", "50%"]}, by="district")
    assert [trial.sums.whole.after.low for trial in study.trials] == [220_000, 196_000, 220_000]
    assert study.sheet().rows[0][0] == study.trials[0].labels[0]
    plane = {"share": ["40%", "50%"], "cap": ["900元", "1000元"]}
    pairs = vr.sweep(SAMPLE[:3], SHOP, "claim", plane)
    found = [x.sums.whole.after.low for x in pairs.trials[1:]]
    assert found == [186_000, 196_000, 210_000, 220_000]
    assert study.summary("en").startswith("values tried (share): 3 applications")
    wide: list[dict[str, list[str]]] = [{}, {x: ["1"] for x in "abc"}, {"share": []}]
    for values in wide:
        with pytest.raises(vr.InputError, match="sweep-too-wide"):
            vr.sweep(SAMPLE, SHOP, "claim", values)
    with pytest.raises(vr.InputError, match="unknown-parameter"):
        vr.sweep(SAMPLE, SHOP, "claim", {"shore": ["40%"]})


def test_readings_are_tried_each_alone() -> None:
    rows = [SAMPLE[2] | {"ledger.claimed_before": 900}, SAMPLE[0]]
    study = vr.reading_study(rows, SHOP, "claim")
    base, other = study.trials
    assert other.labels == ("cap_scope=each",)
    assert (base.sums.whole.after.low, other.sums.whole.after.low) == (50_000, 140_000)
    assert "one claim? “for one claim”: CNY 900" in study.summary("en")
    assert [study.to_rows()[1][key] for key in ("reading", "name")] == ["cap_scope=each"] * 2
    assert "任何一种理解都不改变结果" in vr.reading_study(rows[1:], SHOP, "claim").summary("zh")


def test_several_measures_stand_side_by_side() -> None:
    other = vr.Regime(SHOP, "claim", {"cap_scope": "each"}, label="按次")
    rows = [row | {"价": row["contract.amount"]} for row in SAMPLE[:3]]
    study = vr.regimes(
        [{k: v for k, v in row.items() if k != "contract.amount"} for row in rows],
        [vr.Regime(SHOP, "claim"), other],
        columns=[{"价": "contract.amount"}, {}],
        facts=[{}, {"contract.amount": "100元"}],
        by="district",
    )
    assert [x.spend["voucher.amount"].low for x in study.sums] == [220_000, 15_000]
    assert study.sheet("regimes").rows[1][0] == other.name
    assert len(study.sheet("by_district").rows) == 4
    with pytest.raises(vr.InputError, match="one-for-each-regime"):
        vr.regimes(rows, [other], columns=[{}, {}])
    with pytest.raises(vr.InputError, match="no-regimes"):
        vr.regimes(rows, [])


def test_every_study_is_told_tabulated_and_laid_out() -> None:
    studies = [
        evaluate(SAMPLE, by="district"),
        vr.reform(SAMPLE, SHOP, CHANGED, decision="claim", by="district"),
        vr.sweep(SAMPLE, SHOP, "claim", {"cap": ["1元"]}),
        vr.reading_study(SAMPLE, SHOP, "claim"),
        vr.regimes(SAMPLE, [vr.Regime(SHOP, "claim")]),
    ]
    for study in studies:
        assert study.summary("zh") != study.summary("en")
        assert study.to_html("zh").startswith("<!doctype html>")
        assert study.to_html("en").count("<table") >= 1
        assert "vr-title" in study._repr_html_()
        for kind in ("pandas", "polars", "pyarrow"):
            assert len(study.to_frame(kind=kind)) == len(study.sheet().rows)
        with pytest.raises(vr.InputError, match="not-one-of"):
            study.sheet("nothing")


def test_rows_come_by_name_and_stand_in_no_summary() -> None:
    study = evaluate([*SAMPLE, {"shop.size": "tiny"}], by="district")
    frame = study.to_frame("rows")
    assert list(frame["row"]) == [1, 2, 3, 4]
    assert list(frame["district"]) == ["东", "西", "东", "西"]
    assert list(frame["amount"])[:3] == [Decimal(400), Decimal(800), Decimal(1000)]
    assert "Every row" not in study.summary("en")
    assert study.to_frame("rejected_rows")["code"].tolist() == ["not-one-of"]
    changed = vr.reform(SAMPLE, SHOP, CHANGED, decision="claim").to_frame("rows")
    assert list(changed["effect"]) == ["loses", "loses", "gains", "open"]


def test_what_cannot_be_grouped_is_refused() -> None:
    for by, code in (
        ("nothing", "not-one-of"),
        ({"shop.size": [1]}, "not-a-quantity"),
        ({"contract.amount": []}, "bands-out-of-order"),
        ({"contract.amount": [2, 1]}, "bands-out-of-order"),
        ({"contract.amount": [1, 1]}, "bands-out-of-order"),
        ({"contract.amount": ["1 meter"]}, "unit-unknown"),
        ({"district": [1]}, "not-a-number"),
    ):
        with pytest.raises(vr.InputError, match=code):
            evaluate(SAMPLE, by=by)


def test_bands_hold_their_lower_end_and_not_their_upper_one() -> None:
    rows = [SAMPLE[0] | {"size": x} for x in (99.5, "100", Decimal("199.99"), 200, None)]
    (item,) = evaluate(rows, by={"size": [100, 200]}).groupings
    assert item.places == ((0,), (1, 2), (3,), (4,))
    assert [None if x is None else x.zh for x in item.labels] == [  # type: ignore[union-attr]
        "不满 100",
        "100 以上，不满 200",
        "200 以上",
        None,
    ]


@pytest.mark.parametrize(
    ("percent", "found"), [(0, 1), (1, 1), (25, 1), (26, 2), (50, 2), (75, 3), (76, 4), (100, 4)]
)
def test_percentiles_are_by_nearest_rank(percent: int, found: int) -> None:
    assert pick_nearest_rank([4, 1, 3, 2], percent) == found
    assert pick_nearest_rank([], percent) is None


def test_arguments_are_checked() -> None:
    with pytest.raises(vr.InputError, match="not-one-of"):
        vr.evaluate(SHOP, SAMPLE)
    with pytest.raises(vr.InputError, match="argument-wrong-kind"):
        vr.evaluate("shop", SAMPLE)  # type: ignore[arg-type]
    with pytest.raises(vr.InputError, match="not-one-of"):
        evaluate(SAMPLE, output="nothing")
    with pytest.raises(TypeError, match="colums"):
        evaluate(SAMPLE, colums={})
    assert evaluate(SAMPLE[:1], output="own.share").spend.low == 40_000
