"""Comes in: how often each value of some facts comes about. Goes out: a small picture for each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.pictures.style import (
    GREY,
    LOOKS,
    WIDTH,
    finish_picture,
    make_figure,
    place,
    style_pictures,
)
from voucher_rules.pictures.texts import foot_figure, head_figure, wrap_text
from voucher_rules.values.write import write_ratio

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ABREAST: Final = 2
_LABEL: Final = {"zh": 40, "en": 25}
_NAME: Final = 22
_LINE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Part:
    """A value or a band of values, and in how many rows it is; ``plain`` where it says nothing."""

    name: str
    rows: int
    plain: bool = False


@dataclass(frozen=True, slots=True)
class FactParts:
    """How one fact is spread: what it is called, and its parts in order."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Spreads:
    """A picture of facts, each with a panel of its own; ``rows`` is how many there are of all."""

    title: str
    facts: tuple[FactParts, ...]
    rows: int
    notes: tuple[str, ...] = ()


def draw_spreads(picture: Spreads, language: str) -> Figure:
    """Draw facts. Raises :class:`~.errors.InputError` where Matplotlib or a font is lacking."""
    with style_pictures(language):
        facts = picture.facts
        rows = [facts[at : at + _ABREAST] for at in range(0, len(facts), _ABREAST)]
        heights = [max(_measure(item, language) for item in row) for row in rows]
        figure = make_figure(sum(heights) + 0.9 + 0.15 * len(picture.notes), WIDTH)
        grid = figure.add_gridspec(len(rows), _ABREAST, height_ratios=heights)
        for at, item in enumerate(facts):
            axes = figure.add_subplot(grid[at // _ABREAST, at % _ABREAST])
            _draw_fact(axes, item, picture.rows, language)
        head_figure(figure, picture.title, language)
        foot_figure(figure, picture.notes, [], language)
        return finish_picture(figure)


def _measure(item: FactParts, language: str) -> float:
    """Return how many inches a fact takes upright."""
    names = [wrap_text(part.name, _NAME, 2) for part in item.parts]
    title = wrap_text(item.label, _LABEL[language], 3).count("\n") + 1
    return sum(_LINE + 0.13 * name.count("\n") for name in names) + 0.22 * title + 0.3


def _tell_share(part: int, rows: int) -> str:
    """Return a share to a tenth of a percent, for people."""
    return write_ratio(Fraction(round(Fraction(part * 1000, rows)), 1000))


def _draw_fact(axes: Axes, item: FactParts, rows: int, language: str) -> None:
    names = [wrap_text(part.name, _NAME, 2) for part in item.parts]
    axes.set_title(wrap_text(item.label, _LABEL[language], 3), fontsize=8.5)
    axes.set_yticks(range(len(names)), names, fontsize=7.5)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="both", length=0)
    axes.set_xticks([])
    axes.grid(visible=False)
    most = max(part.rows for part in item.parts)
    axes.set_xlim(0, place(most) * 1.35)
    for at, part in enumerate(item.parts):
        style: dict[str, Any] = {"color": LOOKS[0].colour}
        if part.plain:
            style = {"facecolor": "white", "edgecolor": GREY, "hatch": "///"}
        axes.barh(at, place(part.rows), 0.62, linewidth=0.6, zorder=3, **style)
        share = f"{part.rows:,} · {_tell_share(part.rows, rows)}"
        spot = (place(part.rows), at)
        offset = {"xytext": (3, 0), "textcoords": "offset points"}
        axes.annotate(share, spot, va="center", fontsize=7, **offset)  # type: ignore[arg-type]  # as Matplotlib takes them
