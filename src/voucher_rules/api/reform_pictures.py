"""Comes in: a reform. Goes out: its pictures: who gains and who loses, and each group.

The bands of a change have exact ends. A case whose change is not settled counts in each band in
which it may lie, apart from those that surely do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from voucher_rules.api.picture_options import (
    check_rows,
    keep_largest,
    list_cells,
    note_unread,
    tell_cell,
)
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.picture_words import tell
from voucher_rules.explain.population_words import tell as tell_study
from voucher_rules.explain.sheets import Sheet
from voucher_rules.language.types import Type
from voucher_rules.pictures.axes import Measure, choose_measure
from voucher_rules.pictures.bars import Bars, Panel, Series, draw_bars
from voucher_rules.pictures.style import GREY, LOOKS, Look
from voucher_rules.values.model import CURRENCIES, Exact
from voucher_rules.values.read import TextValueError, read_money
from voucher_rules.whatif.layout import COUNT, show_end
from voucher_rules.whatif.reforms import Effect, ReformSums
from voucher_rules.whatif.spending import Judged, Span

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure

_LOOKS: Final = {
    Effect.GAINS: LOOKS[0],
    Effect.SAME: Look("#a6a6a6", "-", "o", ""),
    Effect.LOSES: LOOKS[1],
}
_MOST_BANDS: Final = 8
"""More bands on one side than these tell less."""


@dataclass(frozen=True, slots=True)
class Band:
    """Changes from ``low``, which it holds, to ``high``, which it does not; None where it is open.

    With ``low`` and ``high`` both 0 it is no change at all; no other band holds that.
    """

    low: Exact | None
    high: Exact | None

    @property
    def effect(self) -> Effect:
        """What a change in the band means."""
        if self.low == self.high == 0:
            return Effect.SAME
        return Effect.LOSES if self.low is None or self.low < 0 else Effect.GAINS

    def holds(self, change: Exact) -> bool:
        """Return whether a change lies in the band."""
        if self.effect is Effect.SAME or change == 0:
            return self.effect is Effect.SAME and change == 0
        above = self.low is None or change >= self.low
        return above and (self.high is None or change < self.high)

    def meets(self, span: Span) -> bool:
        """Return whether a change that lies in a span may lie in the band."""
        if span.known:
            return self.holds(span.low)
        if self.effect is Effect.SAME:
            return span.low <= 0 <= span.high
        below = self.high is None or span.low < self.high
        # of the band above zero, zero itself is not part
        above = self.low is None or (span.high > 0 if self.low == 0 else span.high >= self.low)
        return below and above


def make_bands(changes: Sequence[Span], currency: str) -> tuple[Band, ...]:
    """Return bands of one round width that hold every settled change, the greatest first."""
    known = [span.low for span in changes if span.known]
    ends = [x for span in changes for x in span if show_end(x) is not None]
    seen = [x for x in known if show_end(x) is not None] or ends
    top, bottom = max([0, *seen]), min([0, *seen])
    width = _choose_width(max(top, -bottom), 10 ** CURRENCIES[currency].digits)
    cuts = [n * width for n in range(-_ceil(-bottom, width), int(top // width) + (top > 0) + 1)]
    return _make_bands(cuts, ends)


def _make_bands(cuts: Sequence[Exact], ends: Sequence[Exact]) -> tuple[Band, ...]:
    """Return a band between each two cuts, no change apart; open ones where some lie beyond."""
    found = [Band(low, high) for low, high in pairwise(cuts)]
    if any(x < cuts[0] for x in ends):
        found.insert(0, Band(None, cuts[0]))
    if any(x >= cuts[-1] and x != 0 for x in ends):
        found.append(Band(cuts[-1], None))
    losses = [band for band in found if band.effect is Effect.LOSES]
    gains = [band for band in found if band.effect is Effect.GAINS]
    return (*reversed(gains), Band(0, 0), *reversed(losses))


def _choose_width(most: Exact, unit: int) -> Exact:
    """Return a width of 1, 2 or 5 at some place, so that not more bands than wanted are needed."""
    width: Exact = unit
    factors = (2, Fraction(5, 2), 2)
    at = 0
    while width * _MOST_BANDS < most:
        width *= factors[at % 3]
        at += 1
    return int(width)


def _ceil(number: Exact, width: Exact) -> int:
    return int(-(-number // width))


def read_bands(texts: Sequence[str], currency: str, changes: Sequence[Span]) -> tuple[Band, ...]:
    """Read the ends of bands as a caller states them. Raises :class:`~.errors.InputError`."""
    try:
        cuts = [read_money(str(text), currency, unit_required=False) for text in texts]
    except TextValueError as error:
        raise InputError([Diagnostic(error.code, error.arguments, path="bands")]) from None
    if not cuts or any(a >= b for a, b in pairwise(cuts)):
        raise InputError([Diagnostic("bands-out-of-order", {"name": "bands"}, path="bands")])
    ends = [x for span in changes for x in span]
    return _make_bands(sorted({*cuts, 0}), ends)


def draw_effects(  # noqa: PLR0913, PLR0917 - each argument is one part of the picture
    title: str, after: Judged, sums: ReformSums, sheet: Sheet, bands: object, language: str
) -> Figure:
    """Draw how many gain and lose how much. Raises :class:`~.errors.InputError`."""
    check_rows(sums.changes, sheet.name)
    currency = after.regime.program.ruleset.currency
    changes = sums.changes
    if bands is None:
        made = make_bands(changes, currency)
    else:
        made = read_bands([bands] if isinstance(bands, str) else list(bands), currency, changes)  # type: ignore[call-overload]  # whatever is no sequence of texts is refused
    (money,) = {x.type for x in sheet.columns if x.key == "change_least"}
    ends = [x for band in made for x in (band.low, band.high) if x is not None]
    measure = choose_measure(money, ends, language)
    series = tuple(_list_effects(made, sums, language))
    panel = Panel(tell(language, "axis.rows"), COUNT, series, stacked=True)
    unit = f"（{measure.unit}）" if language == "zh" else f" ({measure.unit})"
    notes = [tell(language, "note.bands"), *_note_open(sums, language)]
    bars = Bars(
        title,
        tell(language, "axis.change") + unit,
        tuple(_name_band(band, measure, language) for band in made),
        (panel,),
        (*notes, *note_unread([after.table], language)),
        tell(language, "legend.maybe"),
    )
    return draw_bars(bars, language)


def _list_effects(made: Sequence[Band], sums: ReformSums, language: str) -> Iterator[Series]:
    """Yield how many surely lie, and may lie, in each band, by what it means."""
    for effect, look in _LOOKS.items():
        rows = f"{sums.whole.effects[effect].rows:,}"
        name = tell_study(language, f"effect.{effect}")
        told = tell(language, "legend.effect", effect=name, rows=rows)
        yield Series(
            told,
            look,
            tuple(
                count_band(band, sums.changes) if band.effect is effect else (0, 0) for band in made
            ),
        )


def count_band(band: Band, changes: Sequence[Span]) -> tuple[int, int]:
    """Return how many changes surely lie in a band, and how many may."""
    sure = sum(
        1
        for x in changes
        if band.holds(x.low) and band.holds(x.high) and (x.known or band.effect is not Effect.SAME)
    )
    return sure, sum(1 for x in changes if band.meets(x))


def _note_open(sums: ReformSums, language: str) -> Iterator[str]:
    unsure = sums.whole.effects[Effect.OPEN].rows
    if unsure:
        told = tell_study(language, "effect.open")
        yield tell(language, "legend.effect", effect=told, rows=f"{unsure:,}")


def _name_band(band: Band, measure: Measure, language: str) -> str:
    def write(end: Exact | None) -> str:
        text = measure.write(end or 0)
        return f"+{text}" if end and end > 0 else text

    if band.effect is Effect.SAME:
        return tell(language, "band.none")
    if band.low is None:
        return tell(language, "band.under", high=write(band.high))
    if band.low == 0:
        key = "band.above" if band.high is None else "band.above_to"
        return tell(language, key, high=write(band.high))
    if band.high is None:
        return tell(language, "band.from", low=write(band.low))
    return tell(language, "band.between", low=write(band.low), high=write(band.high))


def draw_reform_groups(
    title: str, before: Judged, after: Judged, sheet: Sheet, language: str
) -> Figure:
    """Draw what each group comes to before and after, and who gains. Raises :class:`InputError`."""
    check_rows(sheet.rows, sheet.name)
    rows, notes = keep_largest(list_cells(sheet), "after_greatest", language)
    (money,) = {x.type for x in sheet.columns if x.key == "after_least"}
    label = after.regime.program.decision.outputs[after.output].label.told(language)
    bars = Bars(
        title,
        sheet.title.told(language),
        tuple(tell_cell(sheet, "group", row["group"], language) for row in rows),
        (_count_effects(rows, language), _make_sides(label, money, rows, language)),
        (*notes, *note_unread([before.table, after.table], language)),
        tell(language, "legend.open"),
    )
    return draw_bars(bars, language)


def _make_sides(label: str, money: Type, rows: Sequence[dict[str, Any]], language: str) -> Panel:
    series = tuple(
        Series(
            tell_study(language, f"column.{side}"),
            look,
            tuple((row[f"{side}_least"], row[f"{side}_greatest"]) for row in rows),
        )
        for side, look in (
            ("before", Look(GREY, "-", "o", "")),
            ("after", Look("#56b4e9", "-", "o", "")),
        )
    )
    return Panel(label, money, series, share=1.8)


def _count_effects(rows: Sequence[dict[str, Any]], language: str) -> Panel:
    """Return how many gain, lose, stay, and of how many it cannot be told."""
    keys = {
        "gains": _LOOKS[Effect.GAINS],
        "loses": _LOOKS[Effect.LOSES],
        "same": _LOOKS[Effect.SAME],
        "unsure": LOOKS[3],
    }
    series = tuple(
        Series(
            tell_study(language, f"effect.{'open' if key == 'unsure' else key}"),
            look,
            tuple((row[key],) * 2 for row in rows),
        )
        for key, look in keys.items()
        if any(row[key] for row in rows)
    )
    return Panel(tell(language, "axis.rows"), COUNT, series, stacked=True)
