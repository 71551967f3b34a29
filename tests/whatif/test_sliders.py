"""Sliders: every position is the reform a plain call would give, and nothing is decided twice."""

from __future__ import annotations

from typing import Any, Final

import pytest
from populations import SHOP

import voucher_rules as vr
from voucher_rules.batch.verdicts.model import Verdicts
from voucher_rules.batch.verdicts.reference import Reference

ROWS: Final = [
    {
        "claim.date": "2020-05-01",
        "shop.size": "small",
        "shop.staff": 10,
        "shop.first_claim": False,
        "finding.well_run": True,
        "contract.amount": amount,
        "ledger.claimed_before": 0,
        "district": district,
        "day": "2020-03-01",
    }
    for amount, district in [(1000, "东"), (3000, "东"), (9000, "西")]
]
VALUES: Final = {"share": ["40%", "50%", "60%"], "cap": ["500元", "1200元"]}


def make(**options: Any) -> vr.Sliders:  # noqa: ANN401 - as vr.sliders
    return vr.sliders(ROWS, SHOP, "claim", VALUES, **options)


def find_start(name: str) -> str:
    change = SHOP.amend({name: VALUES[name][0]}).changes[0]
    return change.before


def test_each_slider_starts_at_the_value_in_force() -> None:
    for item in make().sliders:
        assert item.start == find_start(item.name)
        assert item.values.count(item.start) == 1
        assert set(VALUES[item.name]) <= set(item.values)
        assert item.label == SHOP.parameters[item.name].label


def test_a_value_in_force_that_is_written_otherwise_is_found() -> None:
    start = find_start("share")
    ratio = f"{start.removesuffix('%')}.0%"
    (item,) = vr.sliders(ROWS, SHOP, "claim", {"share": ["41%", ratio]}).sliders
    assert (item.values, item.start) == (("41%", ratio), ratio)
    (alone,) = vr.sliders(ROWS, SHOP, "claim", {"share": [start]}).sliders
    assert (alone.values, alone.start) == ((start,), start)


@pytest.mark.parametrize("share", VALUES["share"])
@pytest.mark.parametrize("cap", VALUES["cap"])
def test_a_position_is_the_reform_of_a_plain_call(share: str, cap: str) -> None:
    sliders = make(by="district")
    moved = sliders.at(share=share, cap=cap)
    starts = {item.name: item.start for item in sliders.sliders}
    settings = {k: v for k, v in {"share": share, "cap": cap}.items() if starts[k] != v}
    plain = vr.reform(ROWS, SHOP, settings, decision="claim", by="district", limits=False)
    assert moved.sums == plain.sums
    assert list(moved.list_lines("en"))


def test_at_rest_nothing_changes() -> None:
    rest = make().at()
    assert rest.sums.whole.change.low == rest.sums.whole.change.high == 0
    assert rest.sums.decided_otherwise == 0
    assert rest.title("en").startswith("3 applications under")


def test_what_is_no_value_of_a_slider_may_be_asked_for_too() -> None:
    sliders = make()
    assert sliders.at({"cap": "1元"}).sums == sliders.at(cap="1.00元").sums
    with pytest.raises(vr.InputError, match="unknown-parameter"):
        sliders.at(capp="1元")


def test_each_position_is_decided_once_and_the_start_once_for_all() -> None:
    seen: list[int] = []

    def execute(*arguments: Any) -> Verdicts:  # noqa: ANN401 - as an executor
        seen.append(len(arguments[2]))
        return Reference(1)(*arguments)

    sliders = make(executor=execute)
    assert seen == [3]
    starts = {item.name: item.start for item in sliders.sliders}
    moved = sliders.at(cap="500元")
    assert sliders.at({**starts, "cap": "500元"}) is moved
    assert sliders.at() is sliders.at(starts)
    assert seen == [3, 3]


def test_a_budget_moves_along() -> None:
    sliders = make(budget="1500元", arrives="day")
    funds = sliders.at(share="60%").funds
    assert funds is not None
    plain = vr.exhaust(
        ROWS, SHOP.amend(share="60%"), "1500元", decision="claim", arrives="day", jobs=1
    )
    assert funds[1].result == plain.result


@pytest.mark.parametrize("values", [{}, {"cap": []}])
def test_sliders_without_values_are_refused(values: dict[str, list[str]]) -> None:
    with pytest.raises(vr.InputError, match="no-values-to-try"):
        vr.sliders(ROWS, SHOP, "claim", values)


@pytest.mark.parametrize(("language", "word"), [("zh", "方括号"), ("en", "brackets")])
def test_without_a_kernel_the_tables_stand_there(language: str, word: str) -> None:
    shown = make().show(language)
    bundle = shown._repr_mimebundle_()
    assert word in bundle["text/html"]
    assert "<table" in bundle["text/html"]
    assert f"[{find_start('cap')}]" in bundle["text/plain"]
    assert "<style>" not in bundle["text/plain"]


def test_moving_a_slider_shows_what_the_position_comes_to() -> None:
    sliders = make()
    box = sliders.controls("en")
    share, _, shown = box.children
    assert "a change of" in shown.value
    assert share.value == find_start("share")
    for text in ("60%", "40%"):
        share.value = text
        assert shown.value == sliders.at(share=text).show("en").html
    assert "application/vnd.jupyter.widget-view+json" in sliders._repr_mimebundle_()


def test_a_position_that_makes_no_ruleset_says_why() -> None:
    told = make().tell({"share": "abc"}, "en")
    assert told.startswith("<pre")
    assert "share" in told


def test_without_ipywidgets_there_are_tables_and_a_clear_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ipywidgets", None)
    sliders = make()
    assert set(sliders._repr_mimebundle_()) == {"text/plain", "text/html"}
    with pytest.raises(vr.InputError, match="package-missing"):
        sliders.controls()


def test_there_are_two_languages() -> None:
    with pytest.raises(ValueError, match="fr"):
        make().show("fr")
    with pytest.raises(ValueError, match="fr"):
        make().controls("fr")
