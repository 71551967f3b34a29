"""Comes in: names with figures, each from its least to its greatest. Goes out: them as bars.

What is sure is a full bar; from the least to the greatest goes a pale one with a broken edge, so
that what is not settled is seen, in grey print too. Beside each bar stands its figure, exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.explain.columns import measure_width
from voucher_rules.explain.population_words import tell as tell_end
from voucher_rules.explain.sheets import BLANK
from voucher_rules.language.types import Kind, Type
from voucher_rules.pictures.axes import Measure, choose_measure, keep_whole, label_axis
from voucher_rules.pictures.style import (
    LOOKS,
    WIDTH,
    Look,
    finish_picture,
    make_figure,
    style_pictures,
)
from voucher_rules.pictures.texts import foot_figure, head_figure, wrap_label
from voucher_rules.values.model import Exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.gridspec import GridSpec

Ends: TypeAlias = "tuple[Exact | None, Exact | None]"
"""The least and the greatest; None where nothing bounds it."""
UNSURE_ALPHA: Final = 0.22
_SMALL: Final = 7.5
_CELL: Final = 0.056
"""About how many inches a cell of small print takes."""


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bar: what the legend calls it, how it looks, and its figure for each name."""

    name: str
    look: Look
    ends: tuple[Ends | None, ...]
    """From least to greatest; None where it has no figure, which a dash tells."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Bars along one axis; ``stacked`` ones end to end, else beside each other."""

    label: str
    type: Type
    series: tuple[Series, ...]
    stacked: bool = False
    share: float = 1
    """How wide it is against the other panels."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of bars: a row for each of ``names``, one panel or several beside each other."""

    title: str
    subtitle: str
    names: tuple[str, ...]
    panels: tuple[Panel, ...]
    notes: tuple[str, ...] = ()
    unsure: str = ""
    """What the legend calls the pale bars."""


def draw_bars(bars: Bars, language: str) -> Figure:
    """Draw bars. Raises :class:`~.errors.InputError` where Matplotlib or a font is lacking."""
    with style_pictures(language):
        names = [wrap_label(name) for name in bars.names]
        beside = max(1 if x.stacked else len(x.series) for x in bars.panels)
        lines = sum(max(0.17 * name.count("\n") + 0.27, 0.2 * beside + 0.12) for name in names)
        figure = make_figure(max(2.6, lines + 1.6 + 0.2 * len(bars.notes)))
        shares = [panel.share for panel in bars.panels]
        grid: GridSpec = figure.add_gridspec(1, len(shares), width_ratios=shares)
        first: Axes | None = None
        for at, panel in enumerate(bars.panels):
            axes = figure.add_subplot(grid[0, at], sharey=first)
            width = (WIDTH - 2) * panel.share / sum(shares)
            _draw_panel(axes, panel, width, language)
            if first is None:
                first = axes
                axes.set_yticks(range(len(names)), names, fontsize=8)
                axes.invert_yaxis()
                axes.set_title(bars.subtitle, fontsize=9, fontweight="normal")
            else:
                axes.tick_params(axis="y", labelleft=False)
            axes.tick_params(axis="y", length=0)
            axes.grid(visible=False, axis="y")
        head_figure(figure, bars.title, language)
        foot_figure(figure, bars.notes, list(_list_handles(bars)), language)
        return finish_picture(figure)


def _draw_panel(axes: Axes, panel: Panel, width: float, language: str) -> None:
    pairs = [pair for item in panel.series for pair in item.ends if pair is not None]
    known = [x for pair in pairs for x in pair if x is not None]
    measure = choose_measure(panel.type, known, language)
    label_axis(axes.xaxis, panel.label, measure, language)
    if panel.type.kind is Kind.COUNT:
        keep_whole(axes.xaxis)
    ticker: Any = import_package("matplotlib.ticker", "plot")
    steps = ticker.MaxNLocator(max(2, int(width / 0.75)), integer=panel.type.kind is Kind.COUNT)
    axes.xaxis.set_major_locator(steps)
    drawn = _stack(axes, panel, measure) if panel.stacked else _place_beside(axes, panel, measure)
    reach = 0.0
    told = [(spot, end, _tell_ends(ends, measure, language)) for spot, end, ends in drawn]
    for _, end, text in told:
        part = min(0.75, (measure_width(text) * _CELL + 0.12) / width)
        reach = max(reach, end / (1 - part))
    for spot, end, text in told:
        axes.annotate(
            text,
            (end, spot),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=_SMALL,
        )
    axes.set_xlim(0, reach or 1)


def _place_beside(
    axes: Axes, panel: Panel, measure: Measure
) -> Iterator[tuple[float, float, Ends | None]]:
    """Draw the series of each row one under the other; yield where the figure of each goes."""
    height = 0.72 / len(panel.series)
    for number, item in enumerate(panel.series):
        for row, ends in enumerate(item.ends):
            spot = row + (number - (len(panel.series) - 1) / 2) * height
            room = (spot, height * 0.9)
            end = 0.0 if ends is None else _draw_bar(axes, item.look, room, 0.0, ends, measure)
            yield spot, end, ends


def _stack(
    axes: Axes, panel: Panel, measure: Measure
) -> Iterator[tuple[float, float, Ends | None]]:
    """Draw the series of each row end to end; yield where their sum goes."""
    for row in range(len(panel.series[0].ends)):
        start, least, most = 0.0, 0, 0
        for item in panel.series:
            low, high = item.ends[row] or (0, 0)
            start = _draw_bar(axes, item.look, (row, 0.62), start, (low, high), measure)
            least, most = least + int(low or 0), most + int(high or 0)
        yield row, start, (least, most)


def _draw_bar(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    axes: Axes, look: Look, spot: tuple[float, float], start: float, ends: Ends, measure: Measure
) -> float:
    """Draw one bar: full to its least, pale to its greatest. Return where it ends."""
    low, high = ends
    least = measure.place(low or 0)
    if least:
        style: dict[str, Any] = {"color": look.colour, "hatch": look.hatch, "edgecolor": "white"}
        axes.barh(spot[0], least, spot[1], left=start, linewidth=0, zorder=3, **style)
    if high == low:
        return float(start + least)
    if high is None:
        style = {"color": look.colour, "marker": ">", "clip_on": False, "zorder": 4}
        axes.plot([start + least], [spot[0]], **style)
        return float(start + least)
    more = measure.place(high) - least
    axes.barh(spot[0], more, spot[1], left=start + least, **_make_pale(look), zorder=3)
    return float(start + least + more)


def _make_pale(look: Look) -> dict[str, Any]:
    colours: Any = import_package("matplotlib.colors", "plot")
    pale = colours.to_rgba(look.colour, UNSURE_ALPHA)
    return {"facecolor": pale, "edgecolor": look.colour, "linestyle": "--", "linewidth": 0.8}


def _tell_ends(ends: Ends | None, measure: Measure, language: str) -> str:
    if ends is None:
        return BLANK
    low, high = ends
    first = tell_end(language, "no_floor") if low is None else measure.write(low)
    if low == high and low is not None:
        return first
    return f"{first}–{tell_end(language, 'no_bound') if high is None else measure.write(high)}"


def _list_handles(bars: Bars) -> Iterator[object]:
    """Yield what the legend shows: each series once where there are several, and what is unsure."""
    patches: Any = import_package("matplotlib.patches", "plot")
    named: dict[str, Look] = {}
    for panel in bars.panels:
        if len(panel.series) > 1 or panel.stacked:
            named |= {item.name: item.look for item in panel.series}
    for name, look in named.items():
        style = {"facecolor": look.colour, "edgecolor": "white", "hatch": look.hatch}
        yield patches.Patch(label=name, linewidth=0, **style)
    series = [item for panel in bars.panels for item in panel.series]
    if bars.unsure and any(x is not None and x[0] != x[1] for item in series for x in item.ends):
        yield patches.Patch(label=bars.unsure, **_make_pale(LOOKS[6] if named else series[-1].look))
