"""Comes in: regions of cases along one fact. Goes out: a picture of them, a row for each.

A region goes from its least value of the fact to its greatest; an arrow marks one that goes on
beyond what is shown. Where only some cases of it differ it is pale, with a broken edge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.language.types import Type
from voucher_rules.pictures.axes import Measure, choose_measure, label_axis
from voucher_rules.pictures.bars import UNSURE_ALPHA
from voucher_rules.pictures.style import BLACK, Look, finish_picture, make_figure, style_pictures
from voucher_rules.pictures.texts import foot_figure, head_figure, wrap_text
from voucher_rules.values.model import Exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Place = Exact | date
_HEIGHT: Final = 0.5
_CELLS: Final = 46
_LINES: Final = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """One region: what it is called, how it looks, and from where to where it goes.

    ``low`` and ``high`` are None where it goes on beyond the picture; ``case`` is a case in it.
    """

    name: str
    kind: str
    look: Look
    low: Place | None
    high: Place | None
    whole: bool
    """Whether every case of it differs."""
    case: Place | None = None


@dataclass(frozen=True, slots=True)
class Stretches:
    """A picture of regions along one fact, from ``window`` to ``window``.

    Without a ``type`` no fact is followed, and every row goes from edge to edge.
    """

    title: str
    across: str
    type: Type | None
    window: tuple[Place, Place]
    rows: tuple[Stretch, ...]
    partly: str
    """What the legend calls a region of which only some cases differ."""
    case: str
    """What it calls the mark of a case."""
    notes: tuple[str, ...] = ()


def draw_stretches(picture: Stretches, language: str) -> Figure:
    """Draw regions. Raises :class:`~.errors.InputError` where Matplotlib or a font is lacking."""
    with style_pictures(language):
        names = [wrap_text(row.name, _CELLS, _LINES) for row in picture.rows]
        lines = sum(max(0.42, 0.16 * name.count("\n") + 0.3) for name in names)
        figure = make_figure(max(2.2, lines + 1.6 + 0.15 * len(picture.notes)))
        axes: Axes = figure.add_subplot()
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        measure = _set_axis(axes, picture, language)
        for at, row in enumerate(picture.rows):
            _draw_row(axes, at, row, picture, measure)
        head_figure(figure, picture.title, language)
        foot_figure(figure, picture.notes, list(_list_handles(picture)), language)
        return finish_picture(figure)


def _set_axis(axes: Axes, picture: Stretches, language: str) -> Measure:
    if picture.type is None:
        axes.set_xticks([])
        axes.set_xlim(0, 1)
        return Measure(1, "")
    ends = [x for x in picture.window if not isinstance(x, date)]
    measure = choose_measure(picture.type, ends, language)
    label_axis(axes.xaxis, picture.across, measure, language)
    axes.set_xlim(*(_place(x, measure) for x in picture.window))
    return measure


def _draw_row(axes: Axes, at: int, row: Stretch, picture: Stretches, measure: Measure) -> None:
    lowest, highest = picture.window
    low = lowest if row.low is None else row.low
    high = highest if row.high is None else row.high
    ends = _place_ends(axes, low, high, measure)
    style = _make_style(row)
    axes.barh(at, ends[1] - ends[0], _HEIGHT, left=ends[0], zorder=3, **style)
    if picture.type is None:
        return
    arrow: dict[str, Any] = {"color": row.look.colour, "clip_on": False, "zorder": 4}
    if row.low is None:
        axes.plot([ends[0]], [at], marker="<", **arrow)
    if row.high is None:
        axes.plot([ends[1]], [at], marker=">", **arrow)
    if row.case is not None:
        spot = [_place(row.case, measure)]
        axes.plot(spot, [at], color=BLACK, marker="x", markersize=6, zorder=5)


def _place_ends(axes: Axes, low: Place, high: Place, measure: Measure) -> tuple[float, float]:
    """Return where a region begins and ends; one of a single value is widened to be seen."""
    first, last = _place(low, measure), _place(high, measure)
    left, right = axes.get_xlim()
    hair = (right - left) / 150
    return (first, last) if last - first > hair else (first - hair, last + hair)


def _place(value: Place, measure: Measure) -> float:
    """Return where a value lies on the axis; a day as the number Matplotlib has for it."""
    if isinstance(value, date):
        dates: Any = import_package("matplotlib.dates", "plot")
        return float(dates.date2num(value))
    return float(measure.place(value))


def _make_style(row: Stretch) -> dict[str, Any]:
    if row.whole:
        return {
            "color": row.look.colour,
            "hatch": row.look.hatch,
            "edgecolor": "white",
            "linewidth": 0,
        }
    colours: Any = import_package("matplotlib.colors", "plot")
    return {
        "facecolor": colours.to_rgba(row.look.colour, UNSURE_ALPHA),
        "edgecolor": row.look.colour,
        "hatch": row.look.hatch,
        "linestyle": "--",
        "linewidth": 1.0,
    }


def _list_handles(picture: Stretches) -> Iterator[Any]:
    """Yield what the legend shows: each way to differ, a case, and a region that differs partly."""
    patches: Any = import_package("matplotlib.patches", "plot")
    lines: Any = import_package("matplotlib.lines", "plot")
    for name, look in {row.kind: row.look for row in picture.rows}.items():
        style = {"facecolor": look.colour, "edgecolor": "white", "hatch": look.hatch}
        yield patches.Patch(label=name, linewidth=0, **style)
    partly = [row for row in picture.rows if not row.whole]
    if partly:
        yield patches.Patch(label=picture.partly, **_make_style(partly[0]))
    if picture.type is not None and any(row.case is not None for row in picture.rows):
        plain: dict[str, Any] = {"color": BLACK, "marker": "x", "linestyle": "none"}
        yield lines.Line2D([], [], label=picture.case, **plain)
