"""Invented cases: the same for a seed, taken by the door, spread as said, beside every limit."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import voucher_rules as vr
from voucher_rules.decision.case import read_case
from voucher_rules.synthetic.draws import Stream, Wheel
from voucher_rules.synthetic.files import make_record
from voucher_rules.synthetic.spreads import Shape, Spread
from voucher_rules.testing.limits.measure import measure_gaps
from voucher_rules.testing.limits.sites import list_sites

ROOT = Path(__file__).resolve().parents[2]
NX = "cn-nx-service-voucher"
WORKSHOP = ROOT / "tests" / "limits" / "workshop.yaml"
SHIPPED = list(vr.rulesets())
EVERY = [(item.path, decision) for item in SHIPPED for decision in vr.load(item.path).decisions] + [
    (WORKSHOP, "claim")
]
THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
STREAM = [688, 55, 989, 501, 535, 765]
WIDE = 688124451089378
NAMES = [f"{path.parent.name}-{decision}" for path, decision in EVERY]


@pytest.mark.parametrize(("path", "decision"), EVERY, ids=NAMES)
def test_no_row_is_refused_by_the_door(path: Path, decision: str) -> None:
    ruleset = vr.load(path)
    made = vr.synthesise(ruleset, decision, 30 * THOROUGHNESS, seed=7, missing="5%")
    for number, row in enumerate(made):
        read_case(made.program, row)
        if number < 10:
            ruleset.decide(decision, row, assume_in_force=True)


@pytest.mark.parametrize(
    "decision", ["claim", "settle", "admit_provider", "supervision_fee", "sanction"]
)
def test_a_good_share_is_granted(decision: str) -> None:
    made = vr.synthesise(vr.load(NX), decision, 200, seed=3)
    settled = Counter(x.outcome for x in made.decide_first())
    good = settled[vr.Outcome.GRANTED] + settled[vr.Outcome.DETERMINED]
    assert 60 <= good + settled[vr.Outcome.UNDETERMINED] < 200


def digest(made: vr.Synthetic) -> str:
    lines = [
        json.dumps(make_record(made, row, labelled=False), ensure_ascii=False)
        for row in made.iterate_values()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def test_a_seed_gives_the_same_rows_and_another_gives_others() -> None:
    ruleset = vr.load(NX)
    one = vr.synthesise(ruleset, "claim", 50, seed=1)
    assert digest(one) == digest(one)
    assert digest(one) == digest(vr.synthesise(vr.load(NX), "claim", 50, seed=1))
    assert digest(one) != digest(vr.synthesise(ruleset, "claim", 50, seed=2))


def test_the_stream_is_the_same_everywhere() -> None:
    stream = Stream(1, "a")
    assert [stream.below(1000) for _ in range(6)] == STREAM
    assert Stream(1, "a").below(10**15) == WIDE


def test_a_longer_run_begins_like_a_shorter_one() -> None:
    ruleset = vr.load(NX)
    short = list(vr.synthesise(ruleset, "claim", 20, seed=1))
    assert list(vr.synthesise(ruleset, "claim", 40, seed=1))[:20] == short


def test_saying_how_one_fact_is_spread_leaves_the_others_alone() -> None:
    ruleset = vr.load(NX)
    before = list(vr.synthesise(ruleset, "claim", 50, seed=1))
    after = list(
        vr.synthesise(ruleset, "claim", 50, seed=1, marginals={"enterprise.size": "large"})
    )
    assert {row.pop("enterprise.size") for row in after} == {"large"}
    assert [{k: v for k, v in row.items() if k != "enterprise.size"} for row in before] == after


def take(name: str, count: int = 400, **options: Any) -> list[Any]:  # noqa: ANN401 - as synthesise takes them
    made = vr.synthesise(vr.load(NX), "claim", count, seed=5, **options)
    return [row.get(name) for row in made]


def test_a_range_stays_within_its_ends_and_on_its_steps() -> None:
    told = {"contract.amount": {"low": "1万元", "high": "20万元", "shape": "log", "step": "100元"}}
    values = take("contract.amount", marginals=told)
    assert min(values) >= 10_000
    assert max(values) <= 200_000
    assert all(value % 100 == 0 for value in values)
    below = sum(value < Decimal(44_721) for value in values)
    assert 160 <= below <= 240, "half of them lie below the geometric middle"


def test_a_range_of_one_value_is_that_value() -> None:
    told = {"contract.amount": {"low": "0.02元", "high": "0.02元"}}
    assert set(take("contract.amount", 20, marginals=told)) == {Decimal("0.02")}


def test_weights_are_kept() -> None:
    told = {"enterprise.size": {"micro": 7, "small": "3", "large": 0}}
    counted = Counter(take("enterprise.size", 1000, marginals=told))
    assert set(counted) == {"micro", "small"}
    assert 650 <= counted["micro"] <= 750


def test_values_of_a_table_are_drawn_again() -> None:
    counted = Counter(
        take("contract.amount", marginals={"contract.amount": ["100元", 250, "250元"]})
    )
    assert set(counted) == {Decimal(100), Decimal(250)}
    assert counted[Decimal(250)] > counted[Decimal(100)]


def test_rows_of_a_table_stay_together() -> None:
    rows = [("micro", "100元"), ("large", "900元")]
    told = {("enterprise.size", "contract.amount"): rows}
    made = vr.synthesise(vr.load(NX), "claim", 60, seed=5, marginals=told)
    pairs = {(row["enterprise.size"], row["contract.amount"]) for row in made}
    assert pairs == {("micro", Decimal(100)), ("large", Decimal(900))}


def test_a_fact_may_be_spread_by_another() -> None:
    told = {
        "enterprise.size": {"micro": 1, "large": 1},
        "contract.amount": {
            "given": "enterprise.size",
            "options": {"micro": "10元"},
            "otherwise": {"low": "20元", "high": "30元"},
        },
    }
    made = vr.synthesise(vr.load(NX), "claim", 60, seed=5, marginals=told)
    for row in made:
        assert (row["contract.amount"] == 10) is (row["enterprise.size"] == "micro")


@pytest.mark.parametrize(
    ("share", "least", "most"), [("0%", 0, 0), ("50%", 150, 250), (1, 400, 400)]
)
def test_a_share_of_a_fact_is_missing(share: str | int, least: int, most: int) -> None:
    values = take("contract.amount", missing={"contract.amount": share})
    assert least <= values.count(None) <= most
    assert None not in take("enterprise.size", 100, missing={"contract.amount": share})


def test_a_share_for_all_facts_leaves_the_day_alone() -> None:
    assert None not in take("claim.date", 100, missing="50%")
    assert None in take("enterprise.size", 100, missing="50%")


def test_a_day_given_is_the_day_of_every_case() -> None:
    assert {str(day) for day in take("claim.date", 50, on="2017-03-01")} == {"2017-03-01"}


@pytest.mark.parametrize(
    ("marginals", "code"),
    [
        ({"no.such": 1}, "unknown-fact"),
        ({"provider.published": True}, "fact-not-read"),
        ({"contract.amount": {"low": "2元", "high": "1元"}}, "marginal-range"),
        ({"contract.amount": {"low": "1元", "high": "2元", "step": "5元"}}, "marginal-range"),
        ({"contract.amount": {"low": 1.5}}, "float-refused"),
        ({"contract.amount": {"low": "0元"}}, "out-of-range"),
        ({"contract.amount": {"low": "1元", "shape": "round"}}, "not-one-of"),
        ({"enterprise.size": {"micro": -1, "small": 2}}, "marginal-weights"),
        ({"enterprise.size": {"micro": 0}}, "marginal-weights"),
        ({"enterprise.size": {"tiny": 1}}, "not-one-of"),
        ({"enterprise.size": []}, "marginal-form"),
        ({"enterprise.size": {"given": "contract.amount"}}, "marginal-given"),
        ({("enterprise.size", "contract.amount"): [("micro",)]}, "marginal-form"),
        ({("enterprise.size",): [("micro",)], "enterprise.size": "micro"}, "marginal-twice"),
        (
            {
                "enterprise.legal_person": {
                    "given": "contract.signed",
                    "options": {},
                    "otherwise": True,
                },
                "contract.signed": {
                    "given": "enterprise.legal_person",
                    "options": {},
                    "otherwise": True,
                },
            },
            "marginals-circular",
        ),
        ([], "facts-not-a-mapping"),
    ],
)
def test_what_cannot_be_is_refused(marginals: Any, code: str) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(vr.InputError) as caught:
        vr.synthesise(vr.load(NX), "claim", 5, seed=1, marginals=marginals)
    assert [item.code for item in caught.value.diagnostics] == [code]
    assert all(
        item.render(language) for item in caught.value.diagnostics for language in ("zh", "en")
    )


@pytest.mark.parametrize(
    ("count", "seed"), [(-1, 1), (10**8 + 1, 1), (1.0, 1), (True, 1), (5, "1")]
)
def test_a_count_and_a_seed_are_whole_numbers(count: Any, seed: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(vr.InputError):
        vr.synthesise(vr.load(NX), "claim", count, seed=seed)


@pytest.mark.parametrize("share", ["101%", "-1%", 2, 0.5, None])
def test_a_share_lies_between_none_and_all(share: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(vr.InputError):
        vr.synthesise(vr.load(NX), "claim", 5, seed=1, missing=share)


def test_cases_stand_beside_every_limit() -> None:
    made = vr.synthesise(vr.load(WORKSHOP), "claim", 30, seed=1, boundaries=True)
    close: set[tuple[str, str]] = set()
    for decision, row in zip(made.decide_first(), made, strict=False):
        read_case(made.program, row)
        for gap in measure_gaps(made.program, decision.result.evaluation):
            if gap.is_close:
                close.add((gap.site, str(gap.side)))
    wanted = {(site.id, str(x)) for site in list_sites(made.program).values() for x in site.sides}
    missed = {tuple(map(str, (site.id, side))) for site, side in made.boundaries.missed}
    dense = {(site, side) for site, side in wanted if "skilled" in site}
    assert wanted - close - dense <= missed
    assert len(missed) <= len(wanted) // 4


def test_every_option_has_a_case_beside_the_limits() -> None:
    made = vr.synthesise(vr.load(NX), "claim", 10, seed=1, boundaries=True)
    told = {(item.about, item.side) for item in made.boundaries.found}
    assert {("enterprise.size", x) for x in ("micro", "small", "medium", "large")} <= told
    assert {("contract.signed", "true"), ("contract.signed", "false")} <= told
    assert len(made) == 10 + len(made.boundaries.found)
    assert len(list(made)) == len(made)


def test_it_says_that_it_is_invented() -> None:
    made = vr.synthesise(vr.load(NX), "claim", 20, seed=1)
    assert "虚构" in made.title("zh")
    assert "invented" in made.title("en")
    assert all("虚构" in sheet.title.zh and "invented" in sheet.title.en for sheet in made.sheets)
    assert all(row["invented"] is True for row in made.to_rows(labelled=True))
    assert "invented" not in made.to_rows()[0]
    frame = made.to_frame(labelled=True)
    assert list(frame["invented"]) == [True] * 20
    shares = [row["part"] for row in made.to_rows("outcomes")]
    assert sum(map(Fraction, shares)) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(list(Shape)), st.integers(1, 50)
)
def test_a_spread_stays_within_its_ends(low: int, width: int, shape: Shape, step: int) -> None:
    low, high = low // step * step, (low + width) // step * step
    spread, stream = Spread([(low, high)], shape, step), Stream(1, "x")
    drawn = [spread.draw(stream) for _ in range(20)]
    assert all(low <= value <= high and value % step == 0 for value in drawn)


def test_every_whole_number_can_be_drawn_by_size() -> None:
    spread, stream = Spread([(0, 40)], Shape.LOG), Stream(1, "x")
    assert {spread.draw(stream) for _ in range(5000)} == set(range(41))


def test_a_wheel_never_picks_what_has_no_weight() -> None:
    wheel, stream = Wheel([0, 1, 0, 2]), Stream(1, "x")
    assert {wheel.pick(stream) for _ in range(100)} == {1, 3}
