"""Comes in: a figure for each pair of values tried. Goes out: a map of cells, each with its number.

The colours run from dark to light without a break, so a grey print keeps their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.explain.population_words import tell as tell_study
from voucher_rules.language.types import Type
from voucher_rules.pictures.axes import Measure, choose_measure, label_axis
from voucher_rules.pictures.bars import Ends
from voucher_rules.pictures.style import WARNING, finish_picture, make_figure, style_pictures
from voucher_rules.pictures.texts import foot_figure, head_figure, wrap_text
from voucher_rules.values.model import Exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DIGITS: Final = 4
"""How many digits a number in a cell has room for."""
_CROWDED: Final = 8
_MOST_TOLD: Final = 14
"""With more columns than these there is no room for numbers."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture of a figure over two parameters: a row for each value of the second one."""

    title: str
    subtitle: str
    label: str
    type: Type
    across: str
    columns: tuple[str, ...]
    upward: str
    rows: tuple[str, ...]
    cells: tuple[tuple[Ends, ...], ...]
    """By row and column, each from its least to its greatest."""
    base: tuple[int, int] | None = None
    """The row and the column of the regime as it stands."""
    notes: tuple[str, ...] = ()


def draw_grid(grid: Grid, language: str) -> Figure:
    """Draw a map. Raises :class:`~.errors.InputError` where Matplotlib or a font is lacking."""
    known = [x for row in grid.cells for pair in row for x in pair if x is not None]
    measure = choose_measure(grid.type, known, language)
    with style_pictures(language):
        figure = make_figure(max(3.2, 0.5 * len(grid.rows) + 1.9))
        axes: Axes = figure.add_subplot()
        heights = [[_place_cell(ends, measure) for ends in row] for row in grid.cells]
        image = axes.imshow(heights, cmap="cividis", aspect="auto", origin="lower")
        axes.grid(visible=False)
        axes.set_xticks(range(len(grid.columns)), [wrap_text(x, 12, 2) for x in grid.columns])
        axes.set_yticks(range(len(grid.rows)), [wrap_text(x, 16, 2) for x in grid.rows])
        axes.set_xlabel(grid.across)
        axes.set_ylabel(grid.upward)
        axes.set_title(grid.subtitle, fontsize=9, fontweight="normal")
        bar = figure.colorbar(image, ax=axes)
        label_axis(bar.ax.yaxis, grid.label, measure, language)
        _write_cells(axes, grid, image, measure, language)
        _frame_base(axes, grid.base)
        head_figure(figure, grid.title, language)
        foot_figure(figure, grid.notes, (), language)
        return finish_picture(figure)


def _place_cell(ends: Ends, measure: Measure) -> float:
    high = ends[1]
    return float("nan") if high is None else float(measure.place(high))


def _write_cells(axes: Axes, grid: Grid, image: Any, measure: Measure, language: str) -> None:  # noqa: ANN401 - an image of Matplotlib
    count = len(grid.columns)
    if count > _MOST_TOLD:
        return
    for at, row in enumerate(grid.cells):
        for place, ends in enumerate(row):
            axes.text(
                place,
                at,
                tell_cell(ends, measure, language),
                ha="center",
                va="center",
                fontsize=8.5 if count <= _CROWDED else 6,
                color=_contrast(image, _place_cell(ends, measure)),
            )


def _contrast(image: Any, height: float) -> str:  # noqa: ANN401 - an image of Matplotlib
    """Return black on light cells and white on dark ones."""
    red, green, blue, _ = image.cmap(image.norm(height))
    dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5  # noqa: PLR2004 - half of white
    return "white" if height == height and dark else "black"  # noqa: PLR0124 - not a number


def tell_cell(ends: Ends, measure: Measure, language: str) -> str:
    """Return the number of a cell: its least above its greatest, where they are two."""
    low, high = ends
    first = "" if low is None else measure.write(round_digits(low, measure))
    if low == high:
        return first
    last = tell_study(language, "no_bound") if high is None else None
    return f"{first}–\n{last or measure.write(round_digits(high or 0, measure))}"


def round_digits(value: Exact, measure: Measure) -> Exact:
    """Return a value to the digits that a cell has room for, whole numbers of units as they are."""
    main = Fraction(value) / measure.size
    whole = len(str(abs(int(main)))) if abs(main) >= 1 else 0
    places = max(_DIGITS - whole, 0)
    return Fraction(round(main * 10**places), 10**places) * measure.size


def is_rounded(grid: Grid, language: str) -> bool:
    """Return whether some number of a map is not told to its last digit."""
    known = [x for row in grid.cells for pair in row for x in pair if x is not None]
    measure = choose_measure(grid.type, known, language)
    return any(round_digits(x, measure) != x for x in known)


def _frame_base(axes: Axes, base: tuple[int, int] | None) -> None:
    if base is None:
        return
    patches: Any = import_package("matplotlib.patches", "plot")
    row, column = base
    for colour, width in (("white", 5), (WARNING.colour, 2.5)):
        style = {"fill": False, "edgecolor": colour, "linewidth": width, "zorder": 5}
        axes.add_patch(patches.Rectangle((column - 0.47, row - 0.47), 0.94, 0.94, **style))
