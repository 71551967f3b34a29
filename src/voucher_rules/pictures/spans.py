"""Comes in: totals under other readings. Goes out: how far each takes the total from where it is.

Each row goes from the total as it stands to the total under a reading. Where facts are missing
there are two such bars, one at the least and one at the greatest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.explain.columns import measure_width
from voucher_rules.explain.picture_words import tell
from voucher_rules.language.types import Type
from voucher_rules.pictures.axes import Measure, choose_measure, label_axis
from voucher_rules.pictures.bars import Ends
from voucher_rules.pictures.style import (
    BLACK,
    GREY,
    LOOKS,
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


@dataclass(frozen=True, slots=True)
class Spans:
    """A picture of totals, each from its least to its greatest, against that as it stands."""

    title: str
    subtitle: str
    label: str
    type: Type
    names: tuple[str, ...]
    ends: tuple[Ends, ...]
    base: Ends
    notes: tuple[str, ...] = ()


def draw_spans(spans: Spans, language: str) -> Figure:
    """Draw totals. Raises :class:`~.errors.InputError` where Matplotlib or a font is lacking."""
    with style_pictures(language):
        names = [wrap_label(name) for name in spans.names]
        lines = sum(0.36 + 0.15 * name.count("\n") for name in names)
        figure = make_figure(max(2.6, lines + 1.9 + 0.15 * len(spans.notes)))
        axes: Axes = figure.add_subplot()
        known = [x for pair in (*spans.ends, spans.base) for x in pair if x is not None]
        measure = choose_measure(spans.type, known, language)
        label_axis(axes.xaxis, spans.label, measure, language)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")
        axes.set_title(spans.subtitle, fontsize=9, fontweight="normal")
        for row, ends in enumerate(spans.ends):
            _draw_row(axes, row, ends, spans.base, measure)
        _make_room(axes, spans, known, measure)
        for end in dict.fromkeys(spans.base):
            if end is not None:
                axes.axvline(measure.place(end), color=BLACK, linewidth=1, zorder=4)
        head_figure(figure, spans.title, language)
        foot_figure(figure, spans.notes, list(_list_handles(spans, language)), language)
        return finish_picture(figure)


def _draw_row(axes: Axes, row: int, ends: Ends, base: Ends, measure: Measure) -> None:
    """Draw from the least as it stands to the least so read, and likewise the greatest."""
    settled = ends[0] == ends[1] and base[0] == base[1]
    for at, (end, start) in enumerate(zip(ends, base, strict=True)):
        if end is None or start is None or (settled and at):
            continue
        look = _pick_look(at)
        height = 0.5 if settled else 0.25
        spot = row if settled else row + (at - 0.5) * 0.28
        begin = measure.place(start)
        style: dict[str, Any] = {"color": look.colour, "hatch": look.hatch, "edgecolor": "white"}
        axes.barh(
            spot, measure.place(end) - begin, height, left=begin, linewidth=0, zorder=3, **style
        )
    known = [measure.place(x) for x in ends if x is not None]
    axes.plot(
        known, [row] * len(known), color=GREY, marker="|", markersize=9, linewidth=1, zorder=5
    )


def _pick_look(at: int) -> Look:
    return LOOKS[0] if at == 0 else LOOKS[4]


def _make_room(axes: Axes, spans: Spans, known: list[Exact], measure: Measure) -> None:
    """Write the totals to the right of all of them, and leave room for that."""
    low, high = min(map(measure.place, known)), max(map(measure.place, known))
    texts = [
        "–".join(measure.write(x) for x in dict.fromkeys(ends) if x is not None)
        for ends in spans.ends
    ]
    part = min(0.5, max(map(measure_width, texts), default=0) * 0.056 / 4 + 0.02)
    span = (high - low) or abs(high) or 1
    left, right = low - span * 0.04, high + span * 0.04
    axes.set_xlim(left, left + (right - left) / (1 - part))
    for row, text in enumerate(texts):
        axes.text(right, row, text, va="center", fontsize=7.5)


def _list_handles(spans: Spans, language: str) -> Iterator[Any]:
    patches: Any = import_package("matplotlib.patches", "plot")
    lines: Any = import_package("matplotlib.lines", "plot")
    opened = any(low != high for low, high in (*spans.ends, spans.base))
    key = "legend.baseline_range" if opened else "legend.baseline"
    yield lines.Line2D([], [], color=BLACK, linewidth=1, label=tell(language, key))
    keys = ["legend.hangs_least", "legend.hangs_greatest"] if opened else ["legend.hangs"]
    for at, name in enumerate(keys):
        look = _pick_look(at)
        hatched = {"facecolor": look.colour, "edgecolor": "white", "hatch": look.hatch}
        yield patches.Patch(label=tell(language, name), linewidth=0, **hatched)
    if opened:
        style: dict[str, Any] = {"color": GREY, "marker": "|", "markersize": 9, "linewidth": 1}
        yield lines.Line2D([], [], label=tell(language, "legend.total"), **style)
