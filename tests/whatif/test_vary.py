"""A decision along one fact: exact pieces, turns with their provisions, cliffs, pictures."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from test_counterfactual import ADVICE, BEIJING, CLAIM, FALLING, FIRM, NINGXIA, PRICED, SIZES

import voucher_rules as vr
from voucher_rules.pictures import fonts
from voucher_rules.pictures.style import write_picture


def vary_claim(changed: dict[str, Any], fact: str, *values: object) -> vr.Variation:
    return vr.vary(NINGXIA, "claim", CLAIM | changed, fact, values, on="2017-03-01")


def test_the_amount_by_the_price_is_told_line_by_line() -> None:
    study = vr.vary(BEIJING, "measure", PRICED, "contract.amount")
    assert [(x.first, x.last) for x in study.pieces] == [
        (1, 3),
        (4, 16_666_666),
        (16_666_667, 10**15),
    ]
    assert [study.formula(x) for x in study.pieces] == [
        None,
        (Fraction(0), Fraction(3, 10)),
        (Fraction(50_000), Fraction(0)),
    ]
    assert [x.kind for x in study.turns] == ["outcome", "kink"]
    assert study.exact
    assert study.list_refs(study.turns[1].rules) == ("一、5.",)


def test_a_kink_is_where_both_lines_meet() -> None:
    study = vary_claim({}, "contract.amount")
    assert [(x.at, x.kind) for x in study.turns] == [(2, "outcome"), (600_000, "kink")]


def test_the_yearly_cap_bends_and_ends_the_amount() -> None:
    study = vary_claim({"contract.amount": "20000元"}, "ledger.claimed_this_year")
    assert [study.formula(x) for x in study.pieces] == [
        (Fraction(3000), Fraction(0)),
        (Fraction(5000), Fraction(-1)),
        None,
    ]
    assert [x.at for x in study.turns] == [200_000, 500_000]


def test_cliffs_are_told() -> None:
    study = vr.vary(FALLING, "claim", ADVICE, "contract.amount")
    assert [(x.at, x.before, x.after) for x in study.cliffs] == [
        (1_000_001, 400_000, 300_000),
        (5_000_001, 1_500_000, 1_000_000),
    ]
    assert "2 of the turns" in study.summary("en")
    assert "断崖" in study.summary("zh")


def test_a_choice_and_a_class_are_followed_too() -> None:
    study = vary_claim({}, "enterprise.size")
    assert [(x.first, str(x.outcome)) for x in study.pieces] == [
        ("micro", "granted"),
        ("small", "granted"),
        ("medium", "granted"),
        ("large", "denied"),
    ]
    classes = vr.vary(SIZES, "size", FIRM, "enterprise.employees", output="enterprise.size")
    assert [(x.first, x.value) for x in classes.pieces] == [
        (0, "micro"),
        (20, "small"),
        (300, "medium"),
    ]


def test_values_asked_for_are_decided() -> None:
    study = vary_claim({}, "contract.amount", "6000元", "1元")
    assert [x.amount.value for _, x in study.decisions if x.amount] == [3000, Fraction(1, 2)]
    rows = study.to_rows("values", "en")
    assert [row["value"] for row in rows] == [6000, 1]
    with pytest.raises(vr.InputError):
        vary_claim({}, "contract.amount", "-1元")


def test_what_cannot_be_followed_is_refused() -> None:
    with pytest.raises(vr.InputError, match="reads no fact"):
        vary_claim({}, "contract.amuont")


@pytest.mark.skipif(fonts.find_chinese() is None, reason="no font with Chinese is installed")
@pytest.mark.parametrize(
    ("changed", "fact"),
    [
        ({}, "contract.amount"),
        ({}, "claim.date"),
        ({}, "enterprise.size"),
        ({}, "enterprise.barred"),
        ({"contract.amount": "unknown"}, "contract.amount"),
        ({"enterprise.barred": "unknown"}, "claim.submitted_at"),
    ],
)
def test_every_kind_of_fact_has_a_picture_in_both_languages(
    changed: dict[str, Any], fact: str
) -> None:
    study = vary_claim(changed, fact)
    for language in ("zh", "en"):
        assert write_picture(study.plot(language)).startswith(b"<?xml")


def test_a_window_is_shown_and_other_options_are_refused() -> None:
    study = vary_claim({}, "contract.amount")
    (axes,) = study.plot("en", window=["0.01元", "100元"]).axes
    assert axes.get_xlim() == (0.01, 100)
    with pytest.raises(vr.InputError):
        study.plot("en", colour="red")


def test_classes_are_drawn_on_levels_of_their_own() -> None:
    study = vr.vary(SIZES, "size", FIRM, "enterprise.revenue", output="enterprise.size")
    (axes,) = study.plot("en").axes
    assert [x.get_text() for x in axes.get_yticklabels()] == ["micro", "small", "medium"]
