"""Comes in: figures at each value tried. Goes out: them as lines over the value, panel by panel.

Each figure is drawn at its least and at its greatest; what lies between is shaded. The regime as it
stands is marked: a level line for what it comes to, an upright one for its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.explain.picture_words import tell
from voucher_rules.language.types import Kind, Type
from voucher_rules.pictures.axes import Measure, choose_measure, label_axis
from voucher_rules.pictures.bars import UNSURE_ALPHA, Ends
from voucher_rules.pictures.style import GREY, Look, finish_picture, make_figure, style_pictures
from voucher_rules.pictures.texts import foot_figure, head_figure, wrap_text
from voucher_rules.values.model import Exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL: Final = 1.75
_MOST_NAMED: Final = 9


@dataclass(frozen=True, slots=True)
class Curve:
    """One figure over all values tried; ``base`` is the same as it stands."""

    name: str
    look: Look
    ends: tuple[Ends, ...]
    base: Ends | None = None


@dataclass(frozen=True, slots=True)
class LinePanel:
    """Curves that count in one unit."""

    label: str
    type: Type
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A picture of panels one above the other, over the values of one parameter.

    ``spots`` says where each value lies; without a ``type`` the values are names, evenly spread.
    """

    title: str
    across: str
    type: Type | None
    spots: tuple[Exact, ...]
    names: tuple[str, ...]
    panels: tuple[LinePanel, ...]
    base: Exact | None = None
    notes: tuple[str, ...] = ()


def draw_lines(lines: Lines, language: str) -> Figure:
    """Draw lines. Raises :class:`~.errors.InputError` where Matplotlib or a font is lacking."""
    with style_pictures(language):
        figure = make_figure(_PANEL * len(lines.panels) + 1.6)
        ratios = [1.5, *([1] * (len(lines.panels) - 1))]
        grid = figure.add_gridspec(len(lines.panels), 1, height_ratios=ratios)
        across = _measure_across(lines, language)
        first: Axes | None = None
        handles: dict[str, Any] = {}
        for at, panel in enumerate(lines.panels):
            axes = figure.add_subplot(grid[at, 0], sharex=first)
            first = first or axes
            for handle in _draw_panel(axes, panel, lines, across, language):
                handles.setdefault(str(handle.get_label()), handle)
            axes.tick_params(axis="x", labelbottom=at == len(lines.panels) - 1)
        _label_across(axes, lines, across, language)
        head_figure(figure, lines.title, language)
        foot_figure(figure, lines.notes, list(handles.values()), language)
        return finish_picture(figure)


def _measure_across(lines: Lines, language: str) -> Measure:
    return (
        Measure(1, "") if lines.type is None else choose_measure(lines.type, lines.spots, language)
    )


def _label_across(axes: Axes, lines: Lines, across: Measure, language: str) -> None:
    label_axis(axes.xaxis, lines.across, across, language)
    if lines.type is None or len(lines.spots) <= _MOST_NAMED:
        spots = [across.place(x) for x in lines.spots]
        plain = lines.type is None
        told = lines.names if plain else [across.write(x) for x in lines.spots]
        axes.set_xticks(spots, [wrap_text(x, 14, 2) for x in told])


def _draw_panel(
    axes: Axes, panel: LinePanel, lines: Lines, across: Measure, language: str
) -> Iterator[Any]:
    pairs = [x for curve in panel.curves for x in (*curve.ends, curve.base) if x is not None]
    known = [x for pair in pairs for x in pair if x is not None]
    measure = choose_measure(panel.type, known, language)
    label_axis(axes.yaxis, wrap_text(panel.label, 18), measure, language)
    if panel.type.kind is Kind.COUNT:
        ticker: Any = import_package("matplotlib.ticker", "plot")
        axes.yaxis.set_major_locator(ticker.MaxNLocator(5, integer=True, min_n_ticks=1))
    top = max([measure.place(x) for x in known] or [0]) * 1.08 or 1
    axes.set_ylim(min([0, *(measure.place(x) for x in known)]), top)
    spots = [across.place(x) for x in lines.spots]
    for curve in panel.curves:
        yield from _draw_curve(axes, curve, spots, measure, top, language)
        if curve.base is not None:
            yield from _draw_base(axes, curve.base, measure, language)
    if lines.base is not None:
        axes.axvline(across.place(lines.base), color=GREY, linestyle=":", linewidth=1.2, zorder=1)


def _draw_curve(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    axes: Axes, curve: Curve, spots: list[Any], measure: Measure, top: float, language: str
) -> Iterator[Any]:
    lines: Any = import_package("matplotlib.lines", "plot")
    order = sorted(range(len(spots)), key=spots.__getitem__)
    xs = [spots[at] for at in order]
    least = [measure.place(curve.ends[at][0] or 0) for at in order]
    highs = [curve.ends[at][1] for at in order]
    most = [top if x is None else measure.place(x) for x in highs]
    look = curve.look
    full: dict[str, Any] = {"color": look.colour, "linestyle": look.dash, "marker": look.marker}
    axes.plot(xs, least, zorder=4, clip_on=False, **full)
    if least == most:
        yield lines.Line2D([], [], label=curve.name, **full)
        return
    yield lines.Line2D([], [], label=tell(language, "legend.least", name=curve.name), **full)
    hollow = full | {"linewidth": 1, "markerfacecolor": "white", "linestyle": "--"}
    axes.plot(xs, most, zorder=3, clip_on=False, **hollow)
    axes.fill_between(xs, least, most, color=look.colour, alpha=UNSURE_ALPHA, linewidth=0, zorder=2)
    yield lines.Line2D([], [], label=tell(language, "legend.greatest", name=curve.name), **hollow)


def _draw_base(axes: Axes, ends: Ends, measure: Measure, language: str) -> Iterator[Any]:
    """Draw level lines at what it comes to as it stands."""
    lines: Any = import_package("matplotlib.lines", "plot")
    style: dict[str, Any] = {"color": GREY, "linestyle": ":", "linewidth": 1.2}
    for end in dict.fromkeys(ends):
        if end is not None:
            axes.axhline(measure.place(end), zorder=1, **style)
    key = "legend.baseline" if ends[0] == ends[1] else "legend.baseline_range"
    yield lines.Line2D([], [], label=tell(language, key), **style)
