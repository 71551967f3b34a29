"""Comes in: what is left of a budget by day. Goes out: it burning down, and the day it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.explain.picture_words import tell
from voucher_rules.language.types import Type
from voucher_rules.pictures.axes import Measure, choose_measure, label_axis
from voucher_rules.pictures.bars import UNSURE_ALPHA
from voucher_rules.pictures.style import (
    HEIGHT,
    LOOKS,
    WARNING,
    Look,
    finish_picture,
    make_figure,
    style_pictures,
)
from voucher_rules.pictures.texts import foot_figure, head_figure
from voucher_rules.values.model import Exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Fund:
    """A budget as it is paid out: what is left at the end of each day on which something came.

    ``least`` is what would be left were all that is open paid at its greatest; empty where nothing
    is open.
    """

    name: str
    budget: Exact
    days: tuple[date, ...]
    left: tuple[Exact, ...]
    least: tuple[Exact, ...] = ()
    ran_out: date | None = None
    earliest: date | None = None


@dataclass(frozen=True, slots=True)
class BurnDown:
    """A picture of budgets over time: one, or several on the same axes."""

    title: str
    label: str
    across: str
    type: Type
    funds: tuple[Fund, ...]
    notes: tuple[str, ...] = ()


def draw_burn_down(picture: BurnDown, language: str) -> Figure:
    """Draw budgets. Raises :class:`~.errors.InputError` where Matplotlib or a font is lacking."""
    with style_pictures(language):
        figure = make_figure(HEIGHT + 0.3 + 0.15 * len(picture.notes))
        axes: Axes = figure.add_subplot()
        measure = choose_measure(picture.type, [x.budget for x in picture.funds], language)
        label_axis(axes.yaxis, picture.label, measure, language)
        label_axis(axes.xaxis, picture.across, Measure(1, "", dated=True), language)
        handles: list[Any] = []
        for number, fund in enumerate(picture.funds):
            handles += _draw_fund(axes, fund, LOOKS[number], measure, language)
        for number, (which, at) in enumerate(list_ends(picture.funds)):
            _mark_end(axes, which, at, number, language)
        most = max(measure.place(fund.budget) for fund in picture.funds)
        axes.set_ylim(0, most * 1.05 or 1)
        days = [day for fund in picture.funds for day in fund.days]
        axes.set_xlim(min(days) - timedelta(1), max(days) + timedelta(1))  # type: ignore[arg-type]  # days are dates to Matplotlib
        head_figure(figure, picture.title, language)
        foot_figure(figure, picture.notes, handles, language)
        return finish_picture(figure)


def _draw_fund(
    axes: Axes, fund: Fund, look: Look, measure: Measure, language: str
) -> Iterator[Any]:
    """Draw what is left as steps: it falls on the day and holds until the next."""
    lines: Any = import_package("matplotlib.lines", "plot")
    days: Any = [fund.days[0] - timedelta(1), *fund.days]
    heights = [measure.place(x) for x in (fund.budget, *fund.left)]
    style: dict[str, Any] = {"color": look.colour, "linestyle": look.dash}
    axes.step(days, heights, where="post", zorder=3, **style)
    yield lines.Line2D([], [], label=fund.name, **style)
    if fund.least:
        least = [measure.place(x) for x in (fund.budget, *fund.least)]
        thin: dict[str, Any] = {"color": look.colour, "linestyle": (0, (1, 1.5)), "linewidth": 1}
        axes.step(days, least, where="post", zorder=3, **thin)
        pale: dict[str, Any] = {"color": look.colour, "alpha": UNSURE_ALPHA, "linewidth": 0}
        axes.fill_between(days, least, heights, step="post", zorder=2, **pale)
        told = tell(language, "legend.left_open", name=fund.name)
        yield lines.Line2D([], [], label=told, **thin)


def list_ends(funds: Sequence[Fund]) -> list[tuple[int, date]]:
    """Return which funds run out and when, the earliest first."""
    found = [(number, x.ran_out) for number, x in enumerate(funds) if x.ran_out is not None]
    return sorted(found, key=lambda pair: pair[1])


def _mark_end(axes: Axes, fund: int, at: date, number: int, language: str) -> None:
    """Mark the day on which the money runs out, and write it beside; the next one lower down."""
    look = LOOKS[fund]
    day: Any = at
    axes.axvline(day, color=look.colour, linestyle=":", linewidth=1, zorder=1)
    style: dict[str, Any] = {"color": WARNING.colour, "marker": "X", "markersize": 8}
    axes.plot([day], [0], clip_on=False, zorder=5, markeredgecolor="white", **style)
    low, high = axes.get_xlim()
    dates: Any = import_package("matplotlib.dates", "plot")
    right = dates.date2num(at) > (low + high) / 2
    axes.annotate(
        f"{tell(language, 'legend.ran_out')} {at.isoformat()}",
        (day, 0.9 - 0.1 * number),
        xycoords=("data", "axes fraction"),
        xytext=(-4 if right else 4, 0),
        textcoords="offset points",
        ha="right" if right else "left",
        va="center",
        fontsize=8,
        color=look.colour,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
        zorder=6,
    )
