"""Comes in: values or readings tried on a table. Goes out: their pictures: lines, a map, spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from voucher_rules.api.picture_options import (
    check_rows,
    choose_name,
    keep_largest,
    list_cells,
    note_open,
    note_unread,
)
from voucher_rules.checked.symbols import Wording
from voucher_rules.explain.picture_words import tell
from voucher_rules.explain.population_words import tell as tell_study
from voucher_rules.explain.sheets import Coded, Sheet
from voucher_rules.language.types import Kind, Type
from voucher_rules.pictures.bars import Ends
from voucher_rules.pictures.grids import Grid, draw_grid, is_rounded
from voucher_rules.pictures.lines import Curve, LinePanel, Lines, draw_lines
from voucher_rules.pictures.spans import Spans, draw_spans
from voucher_rules.pictures.style import LOOKS
from voucher_rules.values.model import Exact
from voucher_rules.values.read import TextValueError, read_money, read_number, read_ratio
from voucher_rules.whatif.layout import COUNT, name_input
from voucher_rules.whatif.reform_sheets import Trial
from voucher_rules.whatif.spending import UNSETTLED

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure

_FIGURES = {
    "spend": ("least", "greatest"),
    "change": ("change_least", "change_greatest"),
    "granted_rows": ("granted_rows", "granted_rows"),
    "gains": ("gains", "gains"),
    "loses": ("loses", "loses"),
}
"""What a map may show, and the columns it stands in."""
_COUNTED = {"gains": LOOKS[0], "loses": LOOKS[1], "unsure": LOOKS[3]}


def _label_money(trial: Trial, language: str) -> str:
    judged = trial.judged
    return judged.regime.program.decision.outputs[judged.output].label.told(language)


def _list_notes(trials: Sequence[Trial], language: str) -> list[str]:
    opened = max(sum(x in UNSETTLED for x in trial.judged.verdicts.outcome) for trial in trials)
    return [
        *note_open(opened, language),
        *note_unread([trial.judged.table for trial in trials[:1]], language),
        tell_study(language, "limit.behaviour"),
    ]


def _name_parameter(trial: Trial, name: str, language: str) -> str:
    """Return what people call a parameter, with its name where that is another."""
    label = name_input(trial.judged.regime.program.ruleset, name).told(language)
    return name if label in {"", name} else f"{label} · {name}"


def _find_base(trials: Sequence[Trial], name: str) -> str | None:
    """Return the value of a parameter as it stands, as a text; None where no trial tells it."""
    count = len(trials[0].judged.regime.overlays)
    for trial in trials[1:]:
        for item in trial.judged.regime.overlays[count:]:
            if item.target == name:
                return item.before
    return str(trials[1].labels[0]) if len(trials) > 1 and len(trials[1].labels) == 1 else None


def read_spot(text: str, kind: Type) -> Exact | None:
    """Return where the value of a parameter lies on an axis; None where it is no quantity."""
    try:
        match kind.kind:
            case Kind.MONEY:
                return read_money(text, kind.unit, unit_required=False)
            case Kind.RATIO:
                return read_ratio(text)
            case Kind.COUNT | Kind.NUMBER:
                return read_number(text.removesuffix(kind.unit).strip())
            case _:
                return None
    except TextValueError:
        return None


def _find_type(trial: Trial, name: str) -> Type | None:
    found = trial.judged.regime.program.ruleset.parameters.get(name)
    return None if found is None else found.type


# one parameter


def draw_sweep(
    title: str, trials: Sequence[Trial], sheet: Sheet, name: str, language: str
) -> Figure:
    """Draw spend, grants, winners and losers over a value. Raises :class:`InputError`."""
    check_rows(trials[0].judged.spans, sheet.name)
    base, *rows = list_cells(sheet)
    kind = _find_type(trials[0], name)
    texts = [str(row[name]) for row in rows]
    spots = [None if kind is None else read_spot(text, kind) for text in texts]
    placed = [x for x in spots if x is not None]
    counted = kind is not None and len(placed) == len(spots) and len(set(placed)) == len(spots)
    told = _find_base(trials, name)
    stands = read_spot(told, kind) if counted and told is not None and kind is not None else None
    picture = Lines(
        title=title,
        across=_name_parameter(trials[0], name, language),
        type=kind if counted else None,
        spots=tuple(placed) if counted else tuple(range(len(texts))),
        names=tuple(texts),
        panels=tuple(_list_panels(trials[0], sheet, base, rows, language)),
        base=stands,
        notes=(tell(language, "note.points"), *_list_notes(trials, language)),
    )
    return draw_lines(picture, language)


def _list_panels(
    first: Trial, sheet: Sheet, base: dict[str, Any], rows: list[dict[str, Any]], language: str
) -> list[LinePanel]:
    granted = tell_study(language, "column.granted_rows")
    panels = [
        LinePanel(granted, COUNT, (_make_curve("granted_rows", granted, 2, base, rows),)),
        LinePanel(tell(language, "axis.effects"), COUNT, tuple(_list_effects(rows, language))),
    ]
    if first.judged.output:
        (money,) = {x.type for x in sheet.columns if x.key == "greatest"}
        label = _label_money(first, language)
        panels.insert(0, LinePanel(label, money, (_make_curve("spend", label, 5, base, rows),)))
    return panels


def _make_curve(
    key: str, name: str, look: int, base: dict[str, Any], rows: list[dict[str, Any]]
) -> Curve:
    low, high = _FIGURES[key]
    ends = tuple((row[low], row[high]) for row in rows)
    return Curve(name, LOOKS[look], ends, (base[low], base[high]))


def _list_effects(rows: list[dict[str, Any]], language: str) -> list[Curve]:
    return [
        Curve(
            tell_study(language, f"effect.{'open' if key == 'unsure' else key}"),
            look,
            tuple((row[key],) * 2 for row in rows),
        )
        for key, look in _COUNTED.items()
        if key != "unsure" or any(row[key] for row in rows)
    ]


# two parameters


def draw_plane(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    title: str,
    trials: Sequence[Trial],
    sheet: Sheet,
    names: tuple[str, ...],
    figure: object,
    language: str,
) -> Figure:
    """Draw a figure over two parameters. Raises :class:`~.errors.InputError`."""
    check_rows(trials[0].judged.spans, sheet.name)
    money = bool(trials[0].judged.output)
    chosen = choose_name(figure, [*(_FIGURES if money else list(_FIGURES)[2:])], "figure")
    low, high = _FIGURES[chosen]
    across, upward = names
    cells = {
        (str(row[across]), str(row[upward])): (row[low], row[high]) for row in list_cells(sheet)[1:]
    }
    columns = tuple(dict.fromkeys(x for x, _ in cells))
    rows = tuple(dict.fromkeys(y for _, y in cells))
    label, kind = _label_figure(trials[0], sheet, chosen, language)
    grid = Grid(
        title=title,
        subtitle=label,
        label=label,
        type=kind,
        across=_name_parameter(trials[0], across, language),
        columns=columns,
        upward=_name_parameter(trials[0], upward, language),
        rows=rows,
        cells=tuple(tuple(cells[x, y] for x in columns) for y in rows),
        base=_find_cell(trials, columns, rows),
    )
    return draw_grid(_add_notes(grid, trials, names, language), language)


def _label_figure(trial: Trial, sheet: Sheet, chosen: str, language: str) -> tuple[str, Type]:
    if chosen in {"spend", "change"}:
        (money,) = {x.type for x in sheet.columns if x.key == "greatest"}
        label = _label_money(trial, language)
        mark = "：" if language == "zh" else ": "
        change = tell_study(language, "column.changed") if chosen == "change" else ""
        return (f"{label}{mark}{change}" if change else label), money
    return tell_study(language, f"column.{chosen}"), COUNT


def _find_cell(
    trials: Sequence[Trial], columns: Sequence[str], rows: Sequence[str]
) -> tuple[int, int] | None:
    """Return the cell in which nothing is set otherwise than it stands."""
    stands = trials[0].judged.regime.overlays
    for trial in trials[1:]:
        if trial.judged.regime.overlays == stands:
            return rows.index(str(trial.labels[1])), columns.index(str(trial.labels[0]))
    return None


def _add_notes(grid: Grid, trials: Sequence[Trial], names: tuple[str, ...], language: str) -> Grid:
    notes = []
    if grid.base is not None:
        notes.append(tell(language, "note.baseline_cell"))
    else:
        told = [
            f"{_name_parameter(trials[0], x, language)} = {_find_base(trials, x) or '—'}"
            for x in names
        ]
        notes.append(tell(language, "note.baseline_apart", value=", ".join(told)))
    if any(low != high for row in grid.cells for low, high in row):
        notes.append(tell(language, "note.colour_greatest"))
    if is_rounded(grid, language):
        notes.append(tell(language, "note.cells"))
    return replace(grid, notes=(*notes, *_list_notes(trials, language)))


# readings


def draw_readings(title: str, trials: Sequence[Trial], sheet: Sheet, language: str) -> Figure:
    """Draw how much money hangs on each reading. Raises :class:`~.errors.InputError`."""
    check_rows(trials[1:], sheet.name)
    base, *rows = list_cells(sheet)
    kept, left_out = keep_largest(rows, "greatest", language)
    stands: Ends = (base["least"], base["greatest"])
    kept.sort(key=lambda row: _weigh((row["least"], row["greatest"]), stands), reverse=True)
    (money,) = {x.type for x in sheet.columns if x.key == "greatest"}
    picture = Spans(
        title=title,
        subtitle=sheet.title.told(language),
        label=_label_money(trials[0], language),
        type=money,
        names=tuple(_name_reading(trials[0], row["reading"], language) for row in kept),
        ends=tuple((row["least"], row["greatest"]) for row in kept),
        base=stands,
        notes=(*left_out, *_list_notes(trials, language)),
    )
    return draw_spans(picture, language)


def _weigh(ends: Ends, base: Ends) -> tuple[bool, Exact]:
    """Put first what takes the total furthest; what nothing bounds before that."""
    most: Exact = 0
    unbounded = False
    for at in (0, 1):
        end, start = ends[at], base[at]
        if end is not None and start is not None:
            most = max(most, end - start, start - end)
        unbounded |= (end is None) != (start is None)
    return (unbounded, most)


def _name_reading(trial: Trial, label: object, language: str) -> str:
    """Return a reading as the sheet names it, with its provision."""
    if not isinstance(label, Coded):
        return label.told(language) if isinstance(label, Wording) else str(label)
    readings = trial.judged.regime.program.ruleset.readings
    names = [part.partition("=")[0] for part in label.code.split(" + ")]
    refs = dict.fromkeys(readings[name].citation.ref for name in names if name in readings)
    return " ".join([*refs, label.label.told(language)])
