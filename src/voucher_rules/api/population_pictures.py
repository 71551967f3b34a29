"""Comes in: the sheets of a population, or of measures side by side. Goes out: their pictures.

Every number drawn is a cell of the sheet that the picture is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from voucher_rules.api.picture_options import (
    check_rows,
    choose_name,
    keep_largest,
    list_cells,
    note_open,
    note_unread,
    tell_cell,
)
from voucher_rules.decision.outcomes import Outcome
from voucher_rules.explain.picture_words import tell
from voucher_rules.explain.sheets import Sheet
from voucher_rules.pictures.bars import Bars, Panel, Series, draw_bars
from voucher_rules.pictures.style import GREY, LOOKS, Look
from voucher_rules.whatif.layout import COUNT, name_outcome
from voucher_rules.whatif.spending import UNSETTLED, Judged

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure

GRANTED = LOOKS[2]
REST = Look("#a6a6a6", "-", "o", "")
OUTCOME_LOOKS = {
    Outcome.GRANTED: LOOKS[0],
    Outcome.DETERMINED: LOOKS[0],
    Outcome.DENIED: LOOKS[1],
    Outcome.REFERRED: LOOKS[3],
    Outcome.UNDETERMINED: LOOKS[5],
    Outcome.NOT_IN_FORCE: Look(GREY, "-", "o", ""),
}


def draw_population(
    title: str, judged: Judged, sheets: Sequence[Sheet], sheet: object, language: str
) -> Figure:
    """Draw the spend by outcome or by group, or the limits. Raises :class:`InputError`."""
    named = {x.name: x for x in sheets}
    groups = [x for x in named if x.startswith("by_")]
    money = ["binding", "limits"] if judged.output else []
    chosen = choose_name(sheet, [*groups, "outcomes", *money], "sheet")
    found = named[chosen]
    check_rows(found.rows, chosen)
    label = _label_output(judged, language)
    match chosen:
        case "outcomes":
            bars = _lay_out(
                title, found, "outcome", ("rows",), ("least", "greatest"), label, language
            )
        case "binding":
            label = tell(language, "axis.paid")
            bars = _lay_out(title, found, "rule", ("rows",), ("paid", "paid"), label, language)
        case "limits":
            label = tell(language, "axis.costs")
            bars = _lay_out(title, found, "rule", ("rows",), ("least", "greatest"), label, language)
        case _:
            counts = ("rows", "granted_rows")
            bars = _lay_out(title, found, "group", counts, ("least", "greatest"), label, language)
    return draw_bars(_add_notes(bars, [judged], language), language)


def _label_output(judged: Judged, language: str) -> str:
    if not judged.output:
        return ""
    return judged.regime.program.decision.outputs[judged.output].label.told(language)


def _lay_out(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    title: str,
    sheet: Sheet,
    name: str,
    counts: tuple[str, ...],
    ends: tuple[str, str],
    label: str,
    language: str,
) -> Bars:
    """Return a row for each line of a sheet: how many they are, and what they come to."""
    has_money = any(column.key == ends[1] for column in sheet.columns)
    rows, notes = keep_largest(list_cells(sheet), ends[1] if has_money else "rows", language)
    panels = [_count(rows, counts, language)]
    if has_money:
        (money,) = {x.type for x in sheet.columns if x.key == ends[1]}
        pairs = tuple((row[ends[0]], row[ends[1]]) for row in rows)
        panels.append(Panel(label, money, (Series(label, LOOKS[0], pairs),), share=2.2))
    names = [_name_row(sheet, name, row, language) for row in rows]
    note = [sheet.note.told(language)] if sheet.note is not None else []
    unsure = tell(language, "legend.open")
    return Bars(
        title, sheet.title.told(language), tuple(names), tuple(panels), (*note, *notes), unsure
    )


def _name_row(sheet: Sheet, key: str, row: dict[str, Any], language: str) -> str:
    """Return what a row is called; a rule with its provision."""
    told = tell_cell(sheet, key, row[key], language)
    ref = str(row.get("ref", ""))
    return f"{ref} {told}" if ref else told


def _count(rows: Sequence[dict[str, Any]], keys: tuple[str, ...], language: str) -> Panel:
    """Return how many applications there are in each row; of groups also how many are granted."""
    if len(keys) == 1:
        label = tell(language, "axis.rows")
        ends = tuple((row[keys[0]],) * 2 for row in rows)
        return Panel(label, COUNT, (Series(label, REST, ends),))
    whole, granted = keys
    series = (
        Series(
            name_outcome(Outcome.GRANTED).told(language),
            GRANTED,
            tuple((row[granted],) * 2 for row in rows),
        ),
        Series(
            tell(language, "legend.rest"),
            REST,
            tuple((row[whole] - row[granted],) * 2 for row in rows),
        ),
    )
    return Panel(tell(language, "axis.rows"), COUNT, series, stacked=True)


def _add_notes(bars: Bars, judged: Sequence[Judged], language: str) -> Bars:
    opened = max(sum(x in UNSETTLED for x in item.verdicts.outcome) for item in judged)
    notes = [
        *bars.notes,
        *note_open(opened, language),
        *note_unread([item.table for item in judged], language),
    ]
    return Bars(bars.title, bars.subtitle, bars.names, bars.panels, tuple(notes), bars.unsure)


# measures side by side


def draw_regimes(
    title: str, judged: Sequence[Judged], sheets: Sequence[Sheet], sheet: object, language: str
) -> Figure:
    """Draw what each measure comes to, whole or by group. Raises :class:`InputError`."""
    named = {x.name: x for x in sheets}
    groups = [x for x in named if x.startswith("by_")]
    chosen = choose_name(sheet, ["regimes", *groups], "sheet")
    found = named[chosen]
    check_rows(found.rows, chosen)
    unsure = tell(language, "legend.open")
    rows = list_cells(found)
    several = len({item.regime.program.ruleset.id for item in judged}) > 1
    notes = [tell(language, "note.measures")] if several else []
    (money,) = {x.type for x in found.columns if x.key == "greatest"}
    label = _label_all(judged, language)
    if chosen == "regimes":
        names = [row["regime"].told(language) for row in rows]
        ends = tuple((row["least"], row["greatest"]) for row in rows)
        panels = [
            _count_outcomes(rows, language),
            Panel(label, money, (Series(label, LOOKS[0], ends),), share=1.6),
        ]
    else:
        groups_found = list(dict.fromkeys(x["group"] for x in rows))
        names = [tell_cell(found, "group", x, language) for x in groups_found]
        panels = [Panel(label, money, tuple(_list_series(found, groups_found, judged, language)))]
    bars = Bars(
        title, found.title.told(language), tuple(names), tuple(panels), tuple(notes), unsure
    )
    return draw_bars(_add_notes(bars, judged, language), language)


def _label_all(judged: Sequence[Judged], language: str) -> str:
    """Return what the money of several measures is called: by one name where they have one."""
    labels = list(dict.fromkeys(_label_output(item, language) for item in judged))
    return labels[0] if len(labels) == 1 else tell(language, "axis.paid")


def _count_outcomes(rows: Sequence[dict[str, Any]], language: str) -> Panel:
    seen = [x for x in Outcome if any(row[str(x)] for row in rows if str(x) in row)]
    series = tuple(
        Series(
            name_outcome(outcome).told(language),
            OUTCOME_LOOKS[outcome],
            tuple((row[str(outcome)],) * 2 for row in rows),
        )
        for outcome in seen
    )
    return Panel(tell(language, "axis.rows"), COUNT, series, stacked=True)


def _list_series(
    sheet: Sheet, groups: Sequence[Any], judged: Sequence[Judged], language: str
) -> Iterator[Series]:
    for number, item in enumerate(judged):
        told = item.regime.name.told(language)
        ends = {
            row["group"]: (row["least"], row["greatest"])
            for row in list_cells(sheet)
            if row["regime"] == item.regime.name
        }
        look = LOOKS[number % len(LOOKS)]
        yield Series(told, look, tuple(ends.get(group, (0, 0)) for group in groups))
