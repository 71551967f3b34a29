"""Comes in: regions of cases decided differently. Goes out: a picture of them along one fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from voucher_rules.api.picture_options import MOST_ROWS, check_rows, choose_name
from voucher_rules.checked.symbols import Wording
from voucher_rules.decision.boxes import Box
from voucher_rules.differences import words
from voucher_rules.differences.ways import Region, Way
from voucher_rules.explain.picture_words import tell
from voucher_rules.language.types import QUANTITIES, Kind, Type
from voucher_rules.meaning.unknowns import split_value
from voucher_rules.pictures.regions import Place, Stretch, Stretches, draw_stretches
from voucher_rules.pictures.style import LOOKS, WARNING, Look
from voucher_rules.values.model import Interval, Value

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure

_LOOKS: Final = {Way.GENEROUS: LOOKS[0], Way.STRICT: WARNING, Way.MIXED: LOOKS[3]}
_OTHER: Final = Look("#a6a6a6", "-", "o", "...")


@dataclass(frozen=True, slots=True)
class Followed:
    """A fact that regions are drawn along: its name, its label and its type."""

    name: str
    label: Wording
    type: Type


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn: the regions within ``whole``, the facts there are, and how a box is told."""

    title: str
    regions: Sequence[Region]
    whole: Box
    facts: Sequence[Followed]
    tell: Callable[[Box, str], str]
    notes: Sequence[str]


def draw_difference(drawn: Drawn, fact: object, language: str) -> Figure:
    """Draw regions along a fact. Raises :class:`~voucher_rules.InputError`."""
    check_rows(drawn.regions, "regions")
    followed = _choose_fact(drawn, fact)
    regions = drawn.regions[:MOST_ROWS]
    left_out = len(drawn.regions) - len(regions)
    notes = [*drawn.notes]
    if left_out:
        notes.append(tell(language, "note.left_out", count=f"{left_out:,}"))
    window = (0, 1) if followed is None else _find_window(regions, drawn.whole, followed)
    rows = [
        _make_row(number, item, drawn, followed, window, language)
        for number, item in enumerate(regions, start=1)
    ]
    picture = Stretches(
        title=drawn.title,
        across="" if followed is None else followed.label.told(language),
        type=None if followed is None else followed.type,
        window=window,
        rows=tuple(rows),
        partly=words.PARTLY_DRAWN.told(language),
        case=words.COLUMNS["witness"].told(language),
        notes=tuple(notes),
    )
    return draw_stretches(picture, language)


def _choose_fact(drawn: Drawn, fact: object) -> Followed | None:
    """Return the fact asked for, else that which bounds most regions; None where none does."""
    named = {item.name: item for item in drawn.facts if _is_followed(item, drawn)}
    if fact is not None:
        return named[choose_name(fact, list(named), "fact")]
    return max(
        named.values(),
        key=lambda x: sum(item.box[x.name] != drawn.whole[x.name] for item in drawn.regions),
        default=None,
    )


def _is_followed(fact: Followed, drawn: Drawn) -> bool:
    """Return whether a fact has an axis, and bounds some region."""
    if fact.type.kind not in QUANTITIES | {Kind.DATE} or fact.name not in drawn.whole:
        return False
    return any(item.box[fact.name] != drawn.whole[fact.name] for item in drawn.regions)


def _list_ends(value: Value) -> tuple[Place, Place] | None:
    """Return the least and the greatest of what a fact may be; None where it may be nothing."""
    domain, _ = split_value(value)
    if not isinstance(domain, Interval):
        return None
    low, high = domain.low, domain.high
    return (low, high) if _is_place(low) and _is_place(high) else None  # type: ignore[return-value]  # both are places


def _is_place(value: object) -> bool:
    return isinstance(value, int | Fraction | date) and not isinstance(value, bool)


def _find_window(regions: Sequence[Region], whole: Box, fact: Followed) -> tuple[Place, Place]:
    """Return what to show of an axis: where regions begin and end, with some room about it."""
    outer = _list_ends(whole[fact.name])
    found: list[Place] = []
    for item in regions:
        ends, case = _list_ends(item.box[fact.name]), _list_ends(item.witness[fact.name])
        found += [x for x in ends or () if outer is None or x not in outer]
        found += (case or ())[:1]
    if not found and outer is not None:
        return outer
    low, high = min(found), max(found)
    return _widen(low, high, outer)


def _widen(low: Place, high: Place, outer: tuple[Place, Place] | None) -> tuple[Place, Place]:
    if isinstance(low, date) and isinstance(high, date):
        room = timedelta(days=max((high - low).days // 4, 15))
        return low - room, high + room
    if isinstance(low, date) or isinstance(high, date):
        return low, high
    first, last = Fraction(low), Fraction(high)
    least = None if outer is None or isinstance(outer[0], date) else outer[0]
    room_of = max((last - first) / 4, abs(last) / 4, Fraction(1))
    start = first - room_of
    if least is not None and (least == 0 or start < least):
        start = Fraction(least)
    return start, last + room_of


def _make_row(  # noqa: PLR0913, PLR0917 - each argument is one part of a row
    number: int,
    item: Region,
    drawn: Drawn,
    fact: Followed | None,
    window: tuple[Place, Place],
    language: str,
) -> Stretch:
    kind = words.WAY_NAMES[item.way].told(language)
    look = _LOOKS.get(item.way, _OTHER)
    if fact is None:
        name = f"{number}. {drawn.tell(item.box, language)}"
        return Stretch(name, kind, look, 0, 1, item.exact)
    others = {**item.box, fact.name: drawn.whole[fact.name]}
    name = f"{number}. {drawn.tell(others, language)}"
    ends = _list_ends(item.box[fact.name]) or window
    case = _list_ends(item.witness[fact.name])
    return Stretch(
        name,
        kind,
        look,
        None if ends[0] < window[0] else ends[0],  # type: ignore[operator]  # of one kind
        None if ends[1] > window[1] else ends[1],  # type: ignore[operator]  # of one kind
        item.exact,
        None if case is None else case[0],
    )
