"""Comes in: a decision varied along one fact. Goes out: its picture, each turn with its article.

Where an amount is followed it is drawn in money over the fact; where an option or only the outcome
is, each stands on a level of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, Protocol

from voucher_rules.checked.symbols import Input, Output
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.explain.whatif_words import tell
from voucher_rules.explain.words import tell as tell_word
from voucher_rules.language.types import QUANTITIES, Kind
from voucher_rules.pictures.axes import Measure, choose_measure, keep_whole, label_axis
from voucher_rules.pictures.style import (
    BLACK,
    GREY,
    HEIGHT,
    LOOKS,
    WARNING,
    Look,
    add_legend,
    finish_picture,
    make_figure,
    place,
    style_pictures,
)
from voucher_rules.pictures.texts import foot_figure
from voucher_rules.values.model import Exact, Ordered, Value
from voucher_rules.whatif.lines import Reach
from voucher_rules.whatif.pieces import Piece, Turn, pay_at
from voucher_rules.whatif.positions import find_position, make_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_NAMED: Final = 8
"""With more turns than these, their articles would cover each other; only cliffs are named then."""
_SHADES: Final = {
    Outcome.DENIED: (LOOKS[1], "possible.denied"),
    Outcome.NOT_IN_FORCE: (LOOKS[6], "possible.not_in_force"),
    Outcome.REFERRED: (LOOKS[3], "possible.referred"),
    Outcome.UNDETERMINED: (LOOKS[5], "outcome.undetermined"),
}


class Varied(Protocol):
    """What is drawn; see ``api.variations``."""

    @property
    def fact(self) -> Input:
        """The fact that varies."""
        ...

    @property
    def output(self) -> Output | None:
        """The output that is followed."""
        ...

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces in order."""
        ...

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Where they go over into each other."""
        ...

    @property
    def now(self) -> Value:
        """The value in the case as it stands."""
        ...

    def headline(self, language: str) -> str:
        """Return the title of the picture."""
        ...

    def tell_value(self, value: Value, language: str) -> str:
        """Return a value of the fact in words."""
        ...

    def tell_output(self, value: Value, language: str) -> str:
        """Return a value of the output in words."""
        ...

    def list_refs(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the provisions of rules."""
        ...


def draw_variation(
    varied: Varied,
    window: Sequence[Value] | None,
    language: str,
    *,
    then: Value | None = None,
    notes: Sequence[str] = (),
) -> Figure:
    """Draw a decision over one fact; ``then`` is a value to mark beside that of now.

    Raises :class:`~.errors.InputError` where that cannot be.
    """
    with style_pictures(language):
        figure = make_figure(HEIGHT + 0.16 * len(notes))
        axes: Axes = figure.add_subplot()
        axes.set_title(_wrap(varied.headline(language), language))
        if make_axis(varied.fact.name, varied.fact.type, varied.fact.domain) is None:
            _draw_options(axes, varied, then, language)
        else:
            reach = find_window(varied, window, then)
            _draw_pieces(axes, varied, reach, then, language)
        if notes:
            foot_figure(figure, notes, axes.get_legend_handles_labels()[0], language)
        else:
            add_legend(axes)
        return finish_picture(figure)


_WIDE: Final = {"zh": 36, "en": 60}
_HAIR: Final = Fraction(1, 200)
"""What is narrower than this part of the picture is not shaded: nobody would see it."""


def _wrap(title: str, language: str) -> str:
    """Break a title that is wider than the picture."""
    return "\n".join(wrap(title, _WIDE[language]))


def find_window(varied: Varied, window: Sequence[Value] | None, then: Value | None = None) -> Reach:
    """Return what to show of an axis: what was asked for, or where something happens."""
    whole = Reach(varied.pieces[0].reach.low, varied.pieces[-1].reach.high)
    if window is not None:
        ends = [x for x in map(find_position, window) if x is not None]
        return Reach(min(ends), max(ends)).meet(whole)
    found = [x for x in (find_position(turn.at) for turn in varied.turns) if x is not None]
    found += [x for x in map(find_position, (varied.now, then)) if x is not None]
    if not found:
        return whole
    quantity = varied.fact.type.kind in QUANTITIES
    low = min(0, *found) if quantity else min(found)
    span = max(Fraction(max(found) - low), Fraction(1 if quantity else 30))
    start = low if quantity else low - span / 8
    return Reach(start, max(found) + span / 4).meet(whole)


# an ordered fact


def _draw_pieces(
    axes: Axes, varied: Varied, window: Reach, then: Value | None, language: str
) -> None:
    output = varied.output
    across = _measure_fact(varied, window, language)
    label_axis(axes.xaxis, varied.fact.label, across, language)
    if varied.fact.type.kind is Kind.COUNT:
        keep_whole(axes.xaxis)
    shown = [x for x in varied.pieces if not x.reach.meet(window).is_empty]
    if output is not None and output.type.kind in QUANTITIES:
        _draw_amounts(axes, varied, shown, window, across, language)
    else:
        _draw_levels(axes, varied, shown, window, across, language)
    _mark_value(axes, varied, (varied.now, "before", GREY), window, across, language)
    if then is not None:
        _mark_value(axes, varied, (then, "after", LOOKS[2].colour), window, across, language)
    axes.set_xlim(_place(varied, across, window.low), _place(varied, across, window.high))


def _measure_fact(varied: Varied, window: Reach, language: str) -> Measure:
    return choose_measure(varied.fact.type, [window.low, window.high], language)


def _place(varied: Varied, measure: Measure, x: Exact) -> Any:  # noqa: ANN401 - a number or a day
    """Return where a position lies on the axis of the fact."""
    if varied.fact.type.kind in QUANTITIES:
        return measure.place(x)
    axis = make_axis(varied.fact.name, varied.fact.type, varied.fact.domain)
    value: Ordered | Exact = x if axis is None else axis.value_at(int(x))
    return value if measure.dated else place(x)


def _draw_amounts(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    axes: Axes, varied: Varied, shown: list[Piece], window: Reach, across: Measure, language: str
) -> None:
    output = varied.output
    if output is None:
        return
    ends = [(piece, _clip(piece, window)) for piece in shown]
    paid = [
        (piece, part, [pay_at(piece, output, x) for x in (part.low, part.high)])
        for piece, part in ends
    ]
    amounts = [x for _, _, pair in paid for x in pair if x is not None]
    upward = choose_measure(output.type, amounts, language)
    label_axis(axes.yaxis, output.label, upward, language)
    look, named = LOOKS[0], False
    for piece, part, (first, last) in paid:
        places = [_place(varied, across, x) for x in (part.low, part.high)]
        seen = part.high - part.low > (window.high - window.low) * _HAIR
        if piece.outcome in _SHADES and seen:
            _shade(axes, piece.outcome, places, language)
        if first is None or last is None or piece.outcome in VALUELESS:
            continue
        label = None if named else tell_word(language, f"possible.{piece.outcome}")
        heights = [upward.place(first), upward.place(last)]
        axes.plot(places, heights, color=look.colour, linestyle=look.dash, label=label, zorder=3)
        named = True
    axes.set_ylim(bottom=min(0, *axes.get_ylim()), top=axes.get_ylim()[1] * 1.12 or 1)
    _name_turns(axes, varied, window, across, upward, language)


def _clip(piece: Piece, window: Reach) -> Reach:
    return Reach(max(piece.reach.low, window.low), min(piece.reach.high, window.high))


def _shade(axes: Axes, outcome: Outcome, places: Sequence[Any], language: str) -> None:
    """Shade where nothing is paid that is known, once named in the legend."""
    look, key = _SHADES[outcome]
    label = tell_word(language, key)
    named = label in axes.get_legend_handles_labels()[1]
    axes.axvspan(
        places[0],
        places[1],
        facecolor="none",
        edgecolor=look.colour,
        hatch=look.hatch,
        alpha=0.35,
        linewidth=0,
        label=None if named else label,
        zorder=1,
    )


def _name_turns(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    axes: Axes, varied: Varied, window: Reach, across: Measure, upward: Measure, language: str
) -> None:
    """Mark every turn; name the article behind it, where there is room, and every cliff."""
    seen = [x for x in varied.turns if (find_position(x.at) or 0) in window]
    seen = [x for x in seen if find_position(x.at) is not None]
    for number, turn in enumerate(seen):
        x = find_position(turn.at)
        height = turn.before if turn.before is not None else turn.after
        if x is None or height is None:
            continue
        fall = turn.kind == "fall"
        look = WARNING if fall else LOOKS[0]
        spot = _place(varied, across, x)
        after = height if turn.after is None else turn.after
        if turn.kind in {"rise", "fall"}:
            pair = [upward.place(height), upward.place(after)]
            axes.plot([spot, spot], pair, color=look.colour, linestyle=":", zorder=2)
            # hollow: what the amount comes to just before, and not here
            hollow: dict[str, Any] = {"markerfacecolor": "white", "linestyle": "none", "zorder": 4}
            axes.plot([spot], pair[:1], color=look.colour, marker=look.marker, **hollow)
        label = _name_once(axes, tell(language, f"turn.{turn.kind}")) if fall else None
        filled: dict[str, Any] = {
            "linestyle": "none",
            "zorder": 4,
            "clip_on": False,
            "label": label,
        }
        axes.plot([spot], [upward.place(after)], color=look.colour, marker=look.marker, **filled)
        if x - window.low <= (window.high - window.low) * _HAIR:
            continue
        if fall or len(seen) <= _MOST_NAMED:
            _write_refs(axes, varied, turn, (spot, upward.place(height)), number)


def _name_once(axes: Axes, label: str) -> str | None:
    return None if label in axes.get_legend_handles_labels()[1] else label


def _write_refs(axes: Axes, varied: Varied, turn: Turn, spot: tuple[Any, Any], number: int) -> None:
    """Write the articles of a turn beside it, nearer and further by turns."""
    refs = varied.list_refs(turn.rules)
    if refs:
        axes.annotate(
            " ".join(refs[:2]),
            spot,
            xytext=(4, 6 + 11 * (number % 2)),
            textcoords="offset points",
            fontsize=7.5,
            color=WARNING.colour if turn.kind == "fall" else BLACK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.85},
            zorder=5,
        )


def _mark_value(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    axes: Axes,
    varied: Varied,
    mark: tuple[Value, str, str],
    window: Reach,
    across: Measure,
    language: str,
) -> None:
    """Draw an upright line at a value, named in the legend: that of now, or another one."""
    value, key, colour = mark
    at = find_position(value)
    if at is not None and at in window:
        told = f"{tell(language, f'column.{key}')} {varied.tell_value(value, language)}"
        spot = _place(varied, across, at)
        dash = "--" if key == "before" else "-"
        axes.axvline(spot, color=colour, linestyle=dash, linewidth=1.2, label=told, zorder=2)


def _draw_levels(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    axes: Axes, varied: Varied, shown: list[Piece], window: Reach, across: Measure, language: str
) -> None:
    """Draw each option, or each outcome, on a level of its own."""
    names = [_name_piece(piece, varied, language) for piece in shown]
    levels = list(dict.fromkeys(names))
    for piece, name in zip(shown, names, strict=True):
        part = _clip(piece, window)
        places = [_place(varied, across, x) for x in (part.low, part.high)]
        look: Look = LOOKS[levels.index(name) % len(LOOKS)]
        height = [levels.index(name)] * 2
        axes.plot(places, height, color=look.colour, linewidth=6, solid_capstyle="butt", zorder=3)
    axes.set_yticks(range(len(levels)), levels)
    axes.set_ylim(-0.6, len(levels) - 0.4 + 0.3)
    for number, turn in enumerate(varied.turns):
        x = find_position(turn.at)
        if x is not None and x in window and len(varied.turns) <= _MOST_NAMED:
            spot = _place(varied, across, x)
            axes.axvline(spot, color=GREY, linestyle=":", linewidth=0.8, zorder=1)
            _write_refs(axes, varied, turn, (spot, -0.55), number)


def _name_piece(piece: Piece, varied: Varied, language: str) -> str:
    if piece.value is not None and varied.output is not None:
        return varied.tell_output(piece.value, language)
    open_one = piece.outcome is Outcome.UNDETERMINED
    return tell_word(language, f"{'outcome' if open_one else 'possible'}.{piece.outcome}")


# a fact of options


def _name_option(value: Value, varied: Varied, then: Value | None, language: str) -> str:
    """Return an option in words, with whether it is that of now, or the one to change to."""
    told = varied.tell_value(value, language)
    key = "before" if value == varied.now else "after" if value == then else ""
    return f"{told}\n▸ {tell(language, f'column.{key}')}" if key else told


def _draw_options(axes: Axes, varied: Varied, then: Value | None, language: str) -> None:
    """Draw a bar for each option: what it pays, or which outcome it leads to."""
    output = varied.output
    counted = output is not None and output.type.kind in QUANTITIES
    names = [_name_option(piece.first, varied, then, language) for piece in varied.pieces]
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_ylabel(varied.fact.label.told(language))
    amounts = [piece.starts_at or 0 for piece in varied.pieces] if counted else []
    if output is not None and counted:
        measure = choose_measure(output.type, amounts, language)
        label_axis(axes.xaxis, output.label, measure, language)
        bars = [measure.place(x) for x in amounts]
        axes.barh(range(len(names)), bars, height=0.55, color=LOOKS[0].colour, zorder=3)
        axes.set_xlim(0, max([*bars, 0]) * 1.3 or 1)
    else:
        axes.set_xticks([])
        axes.set_xlim(0, 1)
        bars = [0.0] * len(names)
    for number, piece in enumerate(varied.pieces):
        told = f" {_name_piece(piece, varied, language)}"
        axes.text(bars[number], number, told, va="center", fontsize=8)
