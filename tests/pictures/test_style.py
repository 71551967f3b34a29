"""Comes in: figures in the one style. Goes out: a failure where nobody could read them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

import voucher_rules as vr
from voucher_rules.checked.symbols import Wording
from voucher_rules.language.types import DATE, RATIO, Kind, Type
from voucher_rules.pictures import fonts
from voucher_rules.pictures.axes import Measure, choose_measure, keep_whole, label_axis
from voucher_rules.pictures.style import (
    LOOKS,
    add_legend,
    finish_picture,
    make_figure,
    place_all,
    style_pictures,
    write_picture,
)

CNY = Type(Kind.MONEY, "CNY")
LABEL = Wording("合同金额", "contract amount")
needs_chinese = pytest.mark.skipif(
    fonts.find_chinese() is None, reason="no font with Chinese is installed"
)

INSTALLED = font_manager.findSystemFonts()


@pytest.fixture
def no_chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave only the fonts that come with Matplotlib, of which one draws boxes for everything."""
    own = Path(mpl.get_data_path())
    entries = [x for x in font_manager.fontManager.ttflist if own in Path(x.fname).parents]
    assert fonts.LATIN in {x.name for x in entries}
    monkeypatch.setattr(font_manager.fontManager, "ttflist", entries)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    caches: list[Any] = [fonts.find_chinese, fonts._list_held]
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def draw(language: str, title: str) -> Figure:
    with style_pictures(language):
        figure = make_figure()
        axes = figure.add_subplot()
        axes.set_title(title)
        amounts = [0, 30_000_000, 50_000_000]
        measure = choose_measure(CNY, amounts, language)
        for look in LOOKS:
            axes.plot(
                place_all(range(3)),
                place_all(amounts, measure.size),
                color=look.colour,
                linestyle=look.dash,
                marker=look.marker,
                label=f"{title} {look.marker}",
            )
        label_axis(axes.yaxis, LABEL, measure, language)
        keep_whole(axes.xaxis)
        add_legend(axes)
        return finish_picture(figure)


@pytest.mark.parametrize(
    ("most", "language", "unit", "size"),
    [
        (9_999_999, "zh", "元", 100),
        (10_000_000, "zh", "万元", 10**6),
        (10_000_001, "zh", "万元", 10**6),
        (99_999_999_999, "zh", "万元", 10**6),
        (100_000_000_000, "zh", "亿元", 10**10),
        (999_999_999, "en", "CNY", 100),
        (1_000_000_000, "en", "CNY million", 10**8),
        (0, "zh", "元", 100),
    ],
)
def test_money_counts_in_a_unit_of_its_size(most: int, language: str, unit: str, size: int) -> None:
    assert choose_measure(CNY, [-most, 0], language) == Measure(size, unit)


def test_other_kinds_have_their_own_units() -> None:
    assert choose_measure(Type(Kind.COUNT, "人"), [5], "zh").unit == "人"
    assert choose_measure(Type(Kind.COUNT, "人"), [5], "en").unit == ""
    assert choose_measure(RATIO, [Fraction(1, 3)], "zh").write(Fraction(1, 4)) == "25%"
    day = date(2026, 5, 1)
    assert choose_measure(DATE, [], "zh").place(day) == day


def test_ticks_have_commas_and_a_minus_sign() -> None:
    measure = choose_measure(CNY, [5_000_000], "en")
    told = [measure.write(x) for x in (123_456_700, 50, -150_000)]
    assert told == ["1,234,567", "0.5", "−1,500"]


@needs_chinese
def test_chinese_and_english_are_drawn_without_boxes() -> None:
    for language, title in (("zh", "补贴额随合同金额变化"), ("en", "voucher and 合同金额")):
        data = write_picture(draw(language, title), "png")
        assert data.startswith(b"\x89PNG")


@needs_chinese
def test_a_character_no_font_has_is_refused_by_name() -> None:
    with pytest.raises(vr.InputError, match="these characters") as caught:
        draw("zh", "补贴\U000f0000")
    assert "\U000f0000" in caught.value.diagnostics[0].message("en")


@pytest.mark.usefixtures("no_chinese")
def test_without_a_chinese_font_chinese_is_refused_with_what_to_install() -> None:
    with pytest.raises(vr.InputError) as caught:
        draw("zh", "补贴")
    assert caught.value.diagnostics[0].code == "font-missing"
    assert "fonts-noto-cjk" in caught.value.render("zh")
    assert write_picture(draw("en", "voucher"), "png").startswith(b"\x89PNG")
    with pytest.raises(vr.InputError) as caught:
        draw("en", "补贴")
    assert caught.value.diagnostics[0].code == "glyph-missing"


@needs_chinese
def test_a_font_installed_since_matplotlib_last_looked_is_found(
    no_chinese: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del no_chinese
    assert fonts.find_chinese() is None
    fonts.find_chinese.cache_clear()
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: INSTALLED)
    assert fonts.find_chinese() is not None
    assert write_picture(draw("zh", "补贴"), "png").startswith(b"\x89PNG")


def test_the_same_picture_is_the_same_bytes() -> None:
    for kind in ("svg", "png", "pdf"):
        made = {hashlib.sha256(write_picture(draw("en", "a"), kind)).digest() for _ in range(2)}
        assert len(made) == 1, kind


def test_settings_of_the_caller_neither_count_nor_change() -> None:
    plain = write_picture(draw("en", "a"))
    with mpl.rc_context({"lines.linewidth": 30, "font.size": 40}):
        assert write_picture(draw("en", "a")) == plain
        assert mpl.rcParams["lines.linewidth"] == 30


def test_a_figure_shows_itself_in_a_notebook() -> None:
    figure: Any = draw("en", "a")
    assert "<svg" in figure._repr_svg_()


def test_the_looks_differ_without_colour() -> None:
    for key in ("dash", "marker", "hatch", "colour"):
        assert len({getattr(look, key) for look in LOOKS}) == len(LOOKS)


def test_a_picture_is_written_where_it_is_asked() -> None:
    made = io.BytesIO(write_picture(draw("en", "a"), "svg"))
    assert b"<svg" in made.read()
