"""Pictures of a case, of two editions and of invented cases: what they show is what was found."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

import voucher_rules as vr
from voucher_rules.pictures.fonts import find_chinese
from voucher_rules.pictures.style import write_picture
from voucher_rules.synthetic.pictures import list_bands, list_days

pytestmark = [
    pytest.mark.skipif(find_chinese() is None, reason="no font with Chinese is installed"),
    pytest.mark.filterwarnings("error"),
]
NX: Final = vr.load("cn-nx-service-voucher", "2016")
FAIR: Final = Path(__file__).parents[1] / "differences" / "fair.yaml"
FACTS: Final = dict(list(vr.synthesise(NX, "claim", 3, seed=7, on="2017-03-01"))[2])
OPEN: Final = {name: x for name, x in FACTS.items() if name != "contract.amount"}
DEARER: Final = NX.amend({"item_ratio": "60%", "item_cap": "2500元"})
LANGUAGES: Final = ("zh", "en")


def amend_fair(folder: Path, *changes: tuple[str, str]) -> vr.Ruleset:
    text = FAIR.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "1.yaml").write_text(text, "utf-8")
    return vr.load(folder / "1.yaml")


def make_pictures(folder: Path) -> Iterator[tuple[Callable[[str], Any], list[str]]]:
    compared = vr.compare(FACTS, NX, DEARER, decision="claim")
    yield compared.plot, [compared.title("zh")]
    opened = vr.compare(OPEN, NX, DEARER, decision="claim")
    yield opened.plot, [opened.title("zh")]
    barred = FACTS | {"enterprise.size": "large", "enterprise.barred": True}
    two = vr.counterfactual(NX, "claim", barred, outcome="granted", count=2)
    assert len(two.changes[0].shifts) == 2
    for name in (shift.name for shift in two.changes[0].shifts):
        yield lambda x, n=name: two.plot(x, change=1, fact=n), []  # type: ignore[misc]  # n is its own default
    more = vr.counterfactual(NX, "claim", FACTS, amount="300元", facts=["contract.amount"])
    yield more.plot, []
    yield lambda x: more.plot(x, window=["1元", "1万元"]), []
    yield lambda x: more.plot(x, fact="enterprise.size"), []
    changes = (("value: 80元", "value: 75元"), ("value: 10元", "value: 12元"))
    other = amend_fair(folder, *changes)
    differs = vr.difference(vr.load(FAIR), other, "claim", on="2024-05-01")
    yield differs.plot, [differs.title("zh")]
    yield lambda x: differs.plot(x, fact="stall.days"), []
    without = vr.difference(
        NX, NX.amend({"reading.medium_enterprises": "excluded"}), "claim", on="2017-03-01"
    )
    yield without.plot, []
    marginals = {"enterprise.size": {"micro": 3, "small": 1}}
    invented = vr.synthesise(NX, "claim", 60, seed=1, marginals=marginals, missing="10%")
    yield invented.plot, [invented.title("zh")]
    yield lambda x: invented.plot(x, facts=["contract.amount", "claim.date"]), []


def list_texts(figure: Figure) -> list[str]:
    return [x.get_text() for x in figure.findobj(Text) if x.get_text()]


def flatten(figure: Figure) -> str:
    return "".join(list_texts(figure)).replace("\n", "").replace(" ", "")


def test_every_picture_is_drawn_in_both_languages_and_nothing_stands_outside(
    tmp_path: Path,
) -> None:
    for draw, told in make_pictures(tmp_path):
        for language in LANGUAGES:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                figure = draw(language)
                assert write_picture(figure, "svg").startswith(b"<?xml")
            box, size = figure.get_tightbbox(), figure.get_size_inches()
            assert min(box.x0, box.y0) >= -0.02
            assert box.x1 <= size[0] + 0.02
            assert box.y1 <= size[1] + 0.02
            if language == "zh":
                assert all(text.replace(" ", "") in flatten(figure) for text in told)
    assert plt.get_fignums() == []


def test_a_comparison_shows_each_limit_of_either_side_and_names_what_binds() -> None:
    figure = vr.compare(FACTS, NX, DEARER, decision="claim").plot("en")
    names = [x.get_text().replace("\n", " ") for x in figure.axes[0].get_yticklabels()]
    bound = [x for x in names if "binds both times" in x]
    assert len(bound) == 1
    assert "ratio" in bound[0]
    # the ratio is at the contract's amount; what is payable is the least, and stands last
    texts = list_texts(figure)
    assert texts.count("269") == texts.count("322.8") == 2
    assert names[-1] == "voucher amount"
    assert not any("each contract" in name for name in names)  # read so, it applies on no side


def test_a_comparison_that_is_open_says_what_may_bind_and_draws_ranges() -> None:
    figure = vr.compare(OPEN, NX, DEARER, decision="claim").plot("en")
    assert "may bind" in " ".join(list_texts(figure))
    assert any("0–" in text for text in list_texts(figure))


def test_a_limit_of_one_side_has_a_dash_on_the_other() -> None:
    other = {"single_item": "each_contract"}
    before, after = vr.Regime(NX, "claim"), vr.Regime(NX, "claim", other)
    figure = vr.compare(FACTS, before, after).plot("en")
    texts = list_texts(figure)
    assert texts.count("—") == 2  # either cap stands on one side alone
    assert any(text.startswith("the outcome is") and "a dash" in text for text in texts)


def test_the_value_of_now_and_the_one_that_does_it_are_marked() -> None:
    study = vr.counterfactual(NX, "claim", FACTS, amount="300元", facts=["contract.amount"])
    (line,) = study.changes[0].shifts
    assert (line.before, line.after) == (53_800, 60_000)
    texts = list_texts(study.plot("en"))
    assert {"now CNY 538", "then CNY 600"} <= set(texts)
    sized = vr.counterfactual(NX, "claim", FACTS | {"enterprise.size": "large"}, outcome="granted")
    names = [x.get_text() for x in sized.plot("en").axes[0].get_yticklabels()]
    assert {"large\n▸ now", "micro\n▸ then"} <= set(names)


def test_of_two_facts_the_other_one_is_told_as_changed() -> None:
    barred = FACTS | {"enterprise.size": "large", "enterprise.barred": True}
    study = vr.counterfactual(NX, "claim", barred, outcome="granted", count=2)
    told = " ".join(list_texts(study.plot("en", fact="enterprise.size"))).replace("\n", " ")
    assert "recorded for collusion or falsehood changed to no" in told
    assert "granted" in told


def test_regions_are_drawn_from_where_they_begin_to_where_they_end(tmp_path: Path) -> None:
    other = amend_fair(tmp_path, ("value: 80元", "value: 75元"), ("value: 10元", "value: 12元"))
    study = vr.difference(vr.load(FAIR), other, "claim", on="2024-05-01")
    axes = study.plot("en").axes[0]
    bars = [(x.get_x(), x.get_x() + x.get_width()) for x in axes.patches]
    right = axes.get_xlim()[1]
    assert bars == [(1, 7), (8, right)]  # days 1 to 7 more generous, from 8 on stricter
    markers = [line.get_marker() for line in axes.lines]
    assert markers.count(">") == 1
    assert markers.count("x") == 2


def test_what_there_is_no_picture_of_is_refused() -> None:
    never = vr.counterfactual(NX, "claim", FACTS, amount="5000元", facts=["contract.amount"])
    same = vr.difference(NX, NX, "claim", on="2017-03-01")
    nothing = vr.synthesise(NX, "claim", 0, seed=1)
    size = vr.load("cn-sme-size", "2011")
    sized = vr.compare({}, size, size, decision=size.decisions[0])
    refused: list[tuple[Callable[..., Any], str]] = [
        (never.plot, "nothing-to-draw"),
        (same.plot, "nothing-to-draw"),
        (nothing.plot, "nothing-to-draw"),
        (sized.plot, "no-picture"),
        (lambda: never.plot(change=2), "nothing-to-draw"),
        (lambda: never.plot(window="0元"), "range-expected"),
        (lambda: never.plot(fact="no.fact"), "fact-not-in-decision"),
        (lambda: same.plot(sheet="x"), "not-one-of"),
        (lambda: vr.compare(FACTS, NX, NX, decision="claim").plot(output="x"), "not-one-of"),
        (lambda: vr.synthesise(NX, "claim", 2, seed=1).plot(facts=["x"]), "not-one-of"),
        (lambda: vr.synthesise(NX, "claim", 2, seed=1).plot(facts=1), "argument-not-a-list"),
    ]
    for draw, code in refused:
        with pytest.raises(vr.InputError) as caught:
            draw()
        assert [item.code for item in caught.value.diagnostics] == [code]


def test_twelve_facts_are_drawn_and_a_thirteenth_is_not() -> None:
    study = vr.synthesise(NX, "claim", 3, seed=1)
    names = list(study.program.inputs)
    assert len(study.plot("en", facts=names[:12]).axes) == 12
    for wrong in (names[:13], []):
        with pytest.raises(vr.InputError) as caught:
            study.plot("en", facts=wrong)
        assert [item.code for item in caught.value.diagnostics] == ["not-one-of"]


@given(st.lists(st.integers(0, 10**9) | st.just(0), min_size=8, max_size=40, unique=True))
def test_bands_hold_every_value_once(values: Sequence[int]) -> None:
    doubled: list[int | Fraction] = [*values, *values, 0]
    parts = list(list_bands(doubled, str))
    assert sum(part.rows for part in parts) == len(doubled)
    assert len(parts) <= 9
    assert all(part.rows for part in parts)


@given(st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=8, unique=True))
def test_stretches_of_days_hold_every_day_once(days: Sequence[date]) -> None:
    parts = list(list_days(days, str))
    assert sum(part.rows for part in parts) == len(days)
    assert len(parts) <= 6
