"""Comes in: studies of an invented population. Goes out: a failure where a picture tells otherwise.

Every warning is an error here, that of a missing glyph above all.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

import voucher_rules as vr
from voucher_rules.api.population_pictures import draw_population
from voucher_rules.api.reform_pictures import count_band, make_bands, read_bands
from voucher_rules.language.types import Kind, Type
from voucher_rules.pictures.axes import choose_measure
from voucher_rules.pictures.fonts import find_chinese
from voucher_rules.pictures.style import write_picture
from voucher_rules.pictures.texts import wrap_text
from voucher_rules.whatif.reforms import Effect
from voucher_rules.whatif.spending import Span

pytestmark = [
    pytest.mark.skipif(find_chinese() is None, reason="no font with Chinese is installed"),
    pytest.mark.filterwarnings("error"),
]
NX: Final = vr.load("cn-nx-service-voucher")
NEEDED: Final[dict[str, Any]] = {"decision": "claim", "jobs": 1}
LANGUAGES: Final = ("zh", "en")


def make_rows(count: int) -> list[dict[str, Any]]:
    cases = vr.synthesise(
        NX, "claim", count, seed=7, on="2017-03-01", missing={"contract.amount": "10%"}
    )
    towns = ("东", "西", "南")
    return [
        {**facts, "town": towns[at % 3], "day": f"2017-03-{1 + at % 20:02d}"}
        for at, facts in enumerate(cases)
    ]


ROWS: Final = make_rows(40)


def make_studies() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    whole = vr.evaluate(NX, ROWS, by="town", **NEEDED)
    for sheet in ("by_town", "outcomes", "binding", "limits"):
        yield f"population {sheet}", whole, {"sheet": sheet}
    changed = vr.reform(
        ROWS,
        NX,
        {"item_ratio": "60%", "item_cap": "2500元"},
        by="town",
        limits=False,
        parts=False,
        budget="2万元",
        arrives="day",
        **NEEDED,
    )
    for sheet in ("effects", "by_town", "exhaust"):
        yield f"reform {sheet}", changed, {"sheet": sheet}
    yield "reform bands", changed, {"bands": ["-500元", "200元"]}
    caps = ["2000元", "3000元", "4000元"]
    few = ROWS[:15]
    yield "sweep", vr.sweep(few, NX, "claim", {"item_cap": caps}, jobs=1), {}
    plane = vr.sweep(few, NX, "claim", {"item_cap": caps, "item_ratio": ["40%", "50%"]}, jobs=1)
    for figure in ("spend", "change", "granted_rows", "gains", "loses"):
        yield f"plane {figure}", plane, {"figure": figure}
    yield "readings", vr.reading_study(few, NX, "claim", jobs=1), {}
    regimes = [vr.Regime(NX, "claim"), vr.Regime(NX.amend({"item_cap": "1元"}), "claim")]
    beside = vr.regimes(few, regimes, by="town", jobs=1)
    for sheet in ("regimes", "by_town"):
        yield f"regimes {sheet}", beside, {"sheet": sheet}
    yield "exhaust", vr.exhaust(ROWS, NX, "1万元", arrives="day", **NEEDED), {}


STUDIES: Final = {name: (study, options) for name, study, options in make_studies()}


def list_texts(figure: Figure) -> list[str]:
    return [x.get_text() for x in figure.findobj(Text) if x.get_text()]


def place_money(study: Any, sheet: str, keys: tuple[str, str]) -> list[list[str]]:  # noqa: ANN401 - any study
    """Return the money of a sheet as a picture writes it: the least and the greatest."""
    cells = [[row[key] for key in keys] for row in study.to_rows(sheet, "en")]
    minor = [[int(Decimal(x) * 100) for x in pair] for pair in cells]
    known = [x for pair in minor for x in pair]
    measure = choose_measure(Type(Kind.MONEY, "CNY"), known, "en")
    return [[measure.write(x) for x in pair] for pair in minor]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STUDIES)
def test_a_picture_is_drawn_without_a_warning_and_kept_by_nobody(name: str, language: str) -> None:
    study, options = STUDIES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = study.plot(language, **options)
        assert write_picture(figure, "svg").startswith(b"<?xml")
    assert plt.get_fignums() == []
    told = figure.get_suptitle().replace("\n", "").replace(" ", "")
    assert told == study.title(language).replace(" ", "")
    unit = "元" if language == "zh" else "CNY"
    counts = {"plane granted_rows", "plane gains", "plane loses"}
    assert name in counts or any(unit in text for text in list_texts(figure))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", STUDIES)
def test_nothing_stands_outside_the_picture(name: str, language: str) -> None:
    study, options = STUDIES[name]
    figure = study.plot(language, **options)
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= width + 0.02
    assert box.y1 <= height + 0.02


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("population by_town", "by_town"),
        ("population outcomes", "outcomes"),
        ("population limits", "limits"),
        ("regimes regimes", "regimes"),
    ],
)
def test_bars_are_as_long_and_as_told_as_the_sheet_says(name: str, sheet: str) -> None:
    study, options = STUDIES[name]
    figure = study.plot("en", **options)
    axes = figure.axes[-1]
    pairs = place_money(study, sheet, ("least", "greatest"))
    told = ["–".join(dict.fromkeys(pair)) for pair in pairs]
    assert [x.get_text() for x in axes.texts] == told
    ends = {round(bar.get_x() + bar.get_width(), 2) for bar in axes.patches}
    expected = {round(float(x.replace(",", "")), 2) for pair in pairs for x in pair}
    assert ends == expected - {0.0}


def test_the_map_holds_the_numbers_of_the_sheet() -> None:
    study, _ = STUDIES["plane spend"]
    figure = study.plot("en")
    rows = study.to_rows("points", "en")[1:]
    image = figure.axes[0].images[0]
    drawn = sorted(round(float(x), 2) for x in image.get_array().ravel())
    assert drawn == sorted(round(float(row["greatest"]), 2) for row in rows)
    assert len(figure.axes[0].texts) == len(rows)
    assert len(figure.axes[0].patches) == 2  # the frame about the regime as it stands


def test_lines_go_through_the_sheet_and_mark_the_baseline() -> None:
    study, _ = STUDIES["sweep"]
    base, *rows = study.to_rows("points", "en")
    spend, granted, _ = study.plot("en").axes
    drawn = [list(map(float, line.get_ydata())) for line in spend.lines]
    for key in ("least", "greatest"):
        assert [float(row[key]) for row in rows] in drawn
        assert [float(base[key])] * 2 in drawn
    assert list(granted.lines[0].get_ydata()) == [row["granted_rows"] for row in rows]
    assert [3000.0, 3000.0] in [list(line.get_xdata()) for line in spend.lines]


def test_the_budget_falls_to_what_is_left_and_its_end_is_marked() -> None:
    study, _ = STUDIES["exhaust"]
    (axes,) = study.plot("en").axes
    heights = list(axes.lines[0].get_ydata())
    assert heights[0] == 10_000
    assert heights[-1] == study.result.left / 100
    assert all(a >= b for a, b in pairwise(heights))
    assert study.result.ran_out is not None
    assert [x.get_text() for x in axes.texts] == [f"runs out {study.result.ran_out}"]


def test_readings_stand_with_their_totals_the_furthest_first() -> None:
    study, _ = STUDIES["readings"]
    base, *rows = study.to_rows("readings", "en")

    def reach(row: dict[str, Any]) -> Decimal:
        return max(abs(Decimal(row[key]) - Decimal(base[key])) for key in ("least", "greatest"))

    order = sorted(rows, key=reach, reverse=True)
    (axes,) = study.plot("en").axes
    told = [
        "–".join(f"{x:,.1f}".removesuffix(".0") for x in dict.fromkeys((r["least"], r["greatest"])))
        for r in order
    ]
    assert [x.get_text() for x in axes.texts] == told


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(-900_000, 900_000), st.integers(0, 300_000)), min_size=1, max_size=30
    )
)
def test_every_settled_change_is_in_one_band_and_every_open_one_in_some(
    pairs: list[tuple[int, int]],
) -> None:
    changes = [Span(low, low + more if more > 100_000 else low) for low, more in pairs]
    bands = make_bands(changes, "CNY")
    for change in changes:
        held = [count_band(band, [change]) for band in bands]
        assert any(most for _, most in held)
        if change.known:
            assert sorted(held) == [(0, 0)] * (len(bands) - 1) + [(1, 1)]
    assert sum(band.effect is Effect.SAME for band in bands) == 1


@pytest.mark.parametrize("change", [-50_001, -50_000, -1, 0, 1, 19_999, 20_000, 20_001])
def test_a_band_holds_its_lower_end_and_not_its_upper_one(change: int) -> None:
    bands = read_bands(["-500元", "200元"], "CNY", [Span(-60_000, -60_000), Span(30_000, 30_000)])
    ends = [(band.low, band.high) for band in bands if band.holds(change)]
    expected = {
        -50_001: (None, -50_000),
        -50_000: (-50_000, 0),
        -1: (-50_000, 0),
        0: (0, 0),
        1: (0, 20_000),
        19_999: (0, 20_000),
        20_000: (20_000, None),
        20_001: (20_000, None),
    }
    assert ends == [expected[change]]


def test_what_cannot_be_drawn_is_refused() -> None:
    study, _ = STUDIES["population by_town"]
    for options in ({"sheet": "spend"}, {"colour": "red"}):
        with pytest.raises(vr.InputError, match="not-one-of"):
            study.plot("en", **options)
    with pytest.raises(vr.InputError, match="bands-out-of-order"):
        STUDIES["reform bands"][0].plot("en", bands=["5元", "1元"])
    with pytest.raises(vr.InputError, match="nothing-to-draw"):
        vr.evaluate(NX, [], **NEEDED).plot("en")
    with pytest.raises(ValueError, match="language"):
        study.plot("fr")


@pytest.mark.parametrize("count", [29, 30, 31])
def test_a_picture_has_room_for_thirty_rows(count: int) -> None:
    rows = [{**ROWS[at % 40], "name": f"town {at:02d}"} for at in range(count)]
    study = vr.evaluate(NX, rows, by="name", limits=False, **NEEDED)
    figure = draw_population("t", study.judged, study.sheets, "by_name", "en")
    assert len(figure.axes[0].get_yticklabels()) == min(count, 30)
    assert any("1 more are not drawn" in x for x in list_texts(figure)) == (count > 30)


def test_long_texts_are_broken_and_brackets_stay_with_their_words() -> None:
    assert wrap_text("单个服务项目的补贴", 10) == "单个服务项\n目的补贴"
    assert wrap_text("办法（试行）", 6) == "办法\n（试行）"
    assert wrap_text("one two three", 7) == "one two\nthree"
    assert wrap_text("a b c d e f", 3, 2) == "a b\nc…"
