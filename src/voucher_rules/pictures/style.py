"""Comes in: what a picture is to show. Goes out: a figure in the one style of the project.

Colours differ for eyes of every kind, and lines, marks and hatches differ too, so that a grey
print tells as much. Nothing here knows a screen: a figure is made, never a window. Where a point
lies in a picture is a binary number, as Matplotlib has it; no amount is worked out with one.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.batch.reading.frames import import_package
from voucher_rules.pictures.fonts import check_glyphs, find_families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Figure  # noqa: PLC0414 - whoever gives one on names it

BLACK: Final = "#000000"
GREY: Final = "#595959"
PALE: Final = "#d9d9d9"


@dataclass(frozen=True, slots=True)
class Look:
    """How one series is drawn: told apart by colour, and without it by dash, marker or hatch."""

    colour: str
    dash: str | tuple[int, tuple[float, ...]]
    marker: str
    hatch: str


LOOKS: Final = (
    Look("#0072b2", "-", "o", ""),
    Look("#d55e00", "--", "s", "///"),
    Look("#009e73", "-.", "^", "..."),
    Look("#cc79a7", ":", "D", "xxx"),
    Look("#e69f00", (0, (5, 1, 1, 1, 1, 1)), "v", "\\\\\\"),
    Look("#56b4e9", (0, (8, 2)), "P", "+++"),
    Look(BLACK, (0, (1, 2)), "X", "ooo"),
)
"""The colours of Okabe and Ito but yellow, which is lost on white."""
WARNING: Final = Look("#d55e00", (0, (2, 1)), "v", "///")
"""What a reader must not miss: a cliff, a loss."""

WIDTH: Final = 6.3
"""Inches: the width of the text of an A4 page, so that letters print in the size they are set."""
HEIGHT: Final = 3.9
_POINTS: Final = 9
_SETTINGS: Final[dict[str, Any]] = {
    "font.size": _POINTS,
    "axes.titlesize": _POINTS + 2,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.labelsize": _POINTS,
    "axes.edgecolor": GREY,
    "axes.labelcolor": BLACK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "hatch.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": BLACK,
    "ytick.labelcolor": BLACK,
    "legend.frameon": False,
    "legend.fontsize": _POINTS - 0.5,
    "legend.handlelength": 3,
    "figure.facecolor": "white",
    "figure.dpi": 150,
    "savefig.dpi": 300,
    # texts as outlines: a picture looks alike where the font is not installed
    "svg.fonttype": "path",
    "svg.hashsalt": "voucher-rules",
}


@contextmanager
def style_pictures(language: str) -> Iterator[None]:
    """Draw in the style of the project while this holds; settings of the caller come back after.

    Raises :class:`~.errors.InputError` where Matplotlib, or a font for the language, is lacking.
    """
    matplotlib = import_package("matplotlib", "plot")
    families = find_families(language)
    with _set_style(matplotlib, {"font.family": families}):
        yield


@contextmanager
def _set_style(matplotlib: Any, more: dict[str, Any]) -> Iterator[None]:  # noqa: ANN401 - a module
    """Set the style; what a program set for its own pictures does not leak into these."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS | more)
        yield


def make_figure(height: float = HEIGHT, width: float = WIDTH) -> Figure:
    """Return an empty figure, in inches; to be called while :func:`style_pictures` holds."""
    made: Figure = _find_class()(figsize=(width, height), layout="constrained")
    return made


@lru_cache(maxsize=1)
def _find_class() -> Any:  # noqa: ANN401 - a class of a package that need not be there
    """Return the class of figures that show themselves in a notebook, whatever was set up there."""
    base: Any = import_package("matplotlib.figure", "plot").Figure

    class Picture(base):  # type: ignore[misc] # the package need not be installed
        def _repr_svg_(self) -> str:
            return write_picture(self, "svg").decode()

    return Picture


def finish_picture(figure: Figure) -> Figure:
    """Return a figure once every text of it can be written. Raises :class:`~.errors.InputError`."""
    check_glyphs(figure)
    # the texts of ticks are there once it is drawn
    figure.draw_without_rendering()
    check_glyphs(figure)
    return figure


def write_picture(figure: Figure, kind: str = "svg") -> bytes:
    """Return a figure as the bytes of an ``svg``, ``png`` or ``pdf``: the same each time."""
    matplotlib = import_package("matplotlib", "plot")
    made = io.BytesIO()
    # each format has its own name for the time of writing, which is left out
    dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with _set_style(matplotlib, {}):
        figure.savefig(made, format=kind, metadata=dated.get(kind))
    return made.getvalue()


def place(value: int | Fraction, size: int | Fraction = 1) -> float:
    """Return where an exact number lies on an axis that counts in ``size``."""
    return float(Fraction(value) / size)


def place_all(values: Iterable[int | Fraction], size: int | Fraction = 1) -> list[float]:
    """Return where exact numbers lie on an axis that counts in ``size``."""
    return [place(value, size) for value in values]


def add_legend(axes: Axes, columns: int = 3) -> None:
    """Add a legend under the axes, where it hides nothing."""
    handles, labels = axes.get_legend_handles_labels()
    if not labels:
        return
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.legend(handles, labels, loc="outside lower left", ncols=min(columns, len(labels)))
