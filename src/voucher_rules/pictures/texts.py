"""Comes in: texts of a picture. Goes out: them broken where they would be too wide, and placed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.explain.columns import measure_width
from voucher_rules.pictures.style import GREY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE_CELLS: Final = {"zh": 76, "en": 58}
NOTE_CELLS: Final = {"zh": 112, "en": 94}
"""How many cells fit beside each other; the Latin letters of English run wider."""
LABEL_CELLS: Final = 30
_MOST_LINES: Final = 3
_NOTE_POINTS: Final = 7.5
_SPACING: Final = 1.35
_EDGE: Final = 0.012
_CLOSING: Final = "，。、；：）」』”’！？％,.;:)%"
"""What never begins a line."""
_OPENING: Final = "（「『“‘(["
"""What never ends one."""


def wrap_text(text: str, cells: int, lines: int | None = None) -> str:
    """Return a text broken into lines of so many cells; a Chinese character takes two of them.

    Words stay whole where they fit. With more than ``lines`` the last one ends in an ellipsis.
    """
    made = [line for part in text.split("\n") for line in _break_line(part, cells)]
    if lines is not None and len(made) > lines:
        last = made[lines - 1]
        while last and measure_width(last) > cells - 1:
            last = last[:-1]
        made = [*made[: lines - 1], f"{last.rstrip()}…"]
    return "\n".join(made)


def wrap_label(text: str) -> str:
    """Return the name of a row as it stands beside an axis."""
    return wrap_text(text, LABEL_CELLS, _MOST_LINES)


def _break_line(text: str, cells: int) -> Iterator[str]:
    line = ""
    for piece in _split_pieces(text, cells):
        if line and measure_width(line + piece.rstrip()) > cells and piece[0] not in _CLOSING:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()


def _split_pieces(text: str, cells: int) -> Iterator[str]:
    """Yield what a line may be broken between: words with their blank, Chinese characters."""
    piece = ""
    for character in text:
        wide = measure_width(character) > 1
        kept = piece[-1:] in _OPENING
        if piece and not kept and (wide or piece[-1] == " " or measure_width(piece) >= cells):
            yield piece
            piece = ""
        piece += character
        if wide and character not in _OPENING:
            yield piece
            piece = ""
    if piece:
        yield piece


def head_figure(figure: Figure, title: str, language: str) -> None:
    """Give a figure its title, at the left edge."""
    told = wrap_text(title, TITLE_CELLS[language])
    figure.suptitle(told, x=_EDGE, ha="left", fontsize=11, fontweight="bold")


def foot_figure(
    figure: Figure, notes: Sequence[str], handles: Sequence[object], language: str
) -> None:
    """Write what a reader must know at the bottom of a figure, its legend above that.

    What is drawn gets the room that is left; to be called once all of it is there.
    """
    inches = figure.get_figheight()
    text = "\n".join(wrap_text(note, NOTE_CELLS[language]) for note in notes)
    count = text.count("\n") + 1 if text else 0
    bottom = (count * _NOTE_POINTS * _SPACING + 6 * bool(count)) / 72 / inches
    if text:
        figure.text(
            _EDGE,
            4 / 72 / inches,
            text,
            va="bottom",
            fontsize=_NOTE_POINTS,
            color=GREY,
            linespacing=_SPACING,
        )
    if handles:
        bottom += _add_legend(figure, list(handles), bottom, language) / inches
    engine: Any = figure.get_layout_engine()
    engine.set(rect=(0, bottom, 1, 1 - bottom))


def _add_legend(figure: Figure, handles: list[Any], bottom: float, language: str) -> float:
    """Add a legend that stands at a height. Return how many inches it takes."""
    widest = max(measure_width(str(x.get_label())) for x in handles)
    columns = max(1, min(len(handles), NOTE_CELLS[language] // (widest + 13)))
    legend = figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, bottom), ncols=columns, fontsize=8
    )
    legend.set_in_layout(False)
    return float(legend.get_window_extent().height / figure.dpi)
