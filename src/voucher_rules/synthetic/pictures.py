"""Comes in: rows that were invented. Goes out: a picture of how their facts are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Input
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.explain.picture_words import tell
from voucher_rules.explain.values import Writer
from voucher_rules.language.types import QUANTITIES, STRUCTURES, Kind
from voucher_rules.pictures.spreads import FactParts, Part, Spreads, draw_spreads
from voucher_rules.synthetic import words
from voucher_rules.synthetic.rows import Row
from voucher_rules.values.model import NONE, Value

if TYPE_CHECKING:
    from voucher_rules.pictures.style import Figure

MOST_FACTS: Final = 12
"""More panels than these are no picture any more."""
_MOST_PARTS: Final = 7
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Invented:
    """What is drawn: rows, the facts of their program, and which of them were spread as stated."""

    title: str
    ruleset: CheckedRuleset
    inputs: Sequence[Input]
    rows: Sequence[Row]
    given: Collection[str]
    notes: Sequence[str]


def draw_invented(invented: Invented, facts: object, language: str) -> Figure:
    """Draw how facts are spread in rows. Raises :class:`~voucher_rules.InputError`."""
    if not invented.rows:
        raise InputError([Diagnostic("nothing-to-draw", {"name": "facts"}, path="plot")])
    chosen, left_out = _choose_facts(invented, facts)
    notes = [*invented.notes]
    if left_out:
        notes.append(tell(language, "note.left_out", count=f"{left_out:,}"))
    panels = [_make_panel(invented, item, language) for item in chosen]
    picture = Spreads(invented.title, tuple(panels), len(invented.rows), tuple(notes))
    return draw_spreads(picture, language)


def _choose_facts(invented: Invented, facts: object) -> tuple[list[Input], int]:
    """Return the facts asked for; else those stated first, then those that vary."""
    known = {item.name: item for item in invented.inputs if item.type.kind not in STRUCTURES}
    if facts is not None:
        return _pick_facts(known, facts), 0
    order = sorted(
        known.values(), key=lambda x: (x.name not in invented.given, _is_still(x, invented))
    )
    return order[:MOST_FACTS], len(order[MOST_FACTS:])


def _pick_facts(known: dict[str, Input], facts: object) -> list[Input]:
    names = [facts] if isinstance(facts, str) else facts
    if not isinstance(names, Sequence):
        told = {"name": "facts", "found": type(facts).__name__}
        raise InputError([Diagnostic("argument-not-a-list", told)])
    unknown = [str(name) for name in names if name not in known]
    if unknown or not 1 <= len(names) <= MOST_FACTS:
        told = {"found": ", ".join(unknown) or str(len(names)), "near": ""}
        told["options"] = ", ".join(known) if unknown else f"1 – {MOST_FACTS}"
        raise InputError([Diagnostic("not-one-of", told, path="facts")])
    return [known[name] for name in names]


def _is_still(item: Input, invented: Invented) -> bool:
    """Return whether a fact is the same in every row, which tells little."""
    return len({row.get(item.name) for row in invented.rows}) < 2  # noqa: PLR2004 - one value


def _make_panel(invented: Invented, item: Input, language: str) -> FactParts:
    values = [row[item.name] for row in invented.rows if item.name in row]
    told = [x for x in values if x is not NONE]
    parts = list(_list_parts(invented, item, told, language))
    absent = (
        (len(values) - len(told), words.NONE_DRAWN),
        (len(invented.rows) - len(values), words.UNSAID),
    )
    parts += [Part(name.told(language), count, plain=True) for count, name in absent if count]
    label = item.label.told(language) or item.name
    given = f"\n▸ {words.GIVEN.told(language)}" if item.name in invented.given else ""
    return FactParts(label + given, tuple(parts))


def _list_parts(
    invented: Invented, item: Input, values: Sequence[Value], language: str
) -> Iterator[Part]:
    """Yield the values of a fact with how often each is there: in bands where there are many."""
    writer = Writer(invented.ruleset, language)

    def write(value: Value) -> str:
        return writer.write_value(value, item.type)

    if len(set(values)) > _MOST_PARTS and item.type.kind in QUANTITIES:
        yield from list_bands([x for x in values if isinstance(x, int | Fraction)], write)
    elif len(set(values)) > _MOST_PARTS and item.type.kind is Kind.DATE:
        yield from list_days([x for x in values if isinstance(x, date)], write)
    else:
        yield from _list_values(item, values, write, language)


def _list_values(
    item: Input, values: Sequence[Value], write: Callable[[Value], str], language: str
) -> Iterator[Part]:
    counted = Counter(values)
    options = list(item.type.options)
    if item.type.kind is Kind.SET:
        # the members one by one: what stands together is seldom the same twice
        members = Counter(x for value in values if isinstance(value, frozenset) for x in value)
        yield from (Part(write(frozenset({x})), members[x]) for x in options if members[x])
        if counted[frozenset()]:
            yield Part(write(frozenset()), counted[frozenset()])
        return
    if item.type.kind in QUANTITIES | {Kind.DATE, Kind.INSTANT, Kind.TIME}:
        order = sorted(counted)  # type: ignore[type-var]  # of one ordered type
    else:
        place = {name: at for at, name in enumerate(options)}
        order = sorted(
            counted, key=lambda x: (x is False, place.get(str(x), 0), -counted[x], str(x))
        )
    shown = order[:_MOST_PARTS]
    yield from (Part(write(x), counted[x]) for x in shown)
    rest = sum(counted[x] for x in order[_MOST_PARTS:])
    if rest:
        yield Part(words.REST.told(language), rest)


def list_bands(values: Sequence[int | Fraction], write: Callable[[Value], str]) -> Iterator[Part]:
    """Yield bands of values between round ends; each holds its lower end, the last one both."""
    zeros = sum(not x for x in values)
    rest = [x for x in values if x]
    if zeros * 10 >= len(values) and min(values) == 0 and len(set(rest)) > 1:
        yield Part(write(0), zeros)
        values = rest
    cuts = _cut(values)
    for number, (low, high) in enumerate(pairwise(cuts), start=2):
        last = number == len(cuts)
        rows = sum(low <= x < high or (last and x == high) for x in values)
        if rows:
            yield Part(f"{write(low)}–{write(high)}", rows)


def _cut(values: Sequence[int | Fraction]) -> list[int | Fraction]:
    """Return ends of bands: of one width, or each several times the last where values bunch."""
    low, high = min(values), max(values)
    even = _cut_evenly(low, high)
    first = sum(x < even[1] for x in values)
    if low < 0 or first * 10 < len(values) * 6:
        return even
    return _cut_by_size(low, high)


def _cut_evenly(low: int | Fraction, high: int | Fraction) -> list[int | Fraction]:
    width = next(x for x in _list_round(high - low) if (high - low) <= x * (_MOST_PARTS - 2))
    start = low // width * width
    cuts: list[int | Fraction] = [start]
    while cuts[-1] <= high:
        cuts.append(cuts[-1] + width)
    return cuts


def _cut_by_size(low: int | Fraction, high: int | Fraction) -> list[int | Fraction]:
    found = [x for x in _list_round(high) if x > low]
    top = next(at for at, x in enumerate(found) if x > high)
    ladder = found[: top + 1]
    step = -(-len(ladder) // (_MOST_PARTS - 1))
    start = max((x for x in _list_round(low) if x <= low), default=0)
    return [start, *reversed(ladder[::-1][::step])]


def _list_round(most: int | Fraction) -> Iterator[int | Fraction]:
    """Yield 1, 2, 5, 10, 20, … from far below a number to above it."""
    power = Fraction(1)
    while power > most > 0:
        power /= 10
    power /= 10
    while True:
        for step in _STEPS:
            found = power * step
            yield int(found) if found.denominator == 1 else found
        if most >= 0 and power > most * 10 + 1:
            return
        power *= 10


def list_days(values: Sequence[date], write: Callable[[Value], str]) -> Iterator[Part]:
    """Yield stretches of days of one length."""
    first, last = min(values), max(values)
    length = -(-((last - first).days + 1) // (_MOST_PARTS - 1))
    counted = Counter((x - first).days // length for x in values)
    for at in sorted(counted):
        start = _shift(first, at * length)
        end = min(_shift(first, at * length + length - 1), last)
        told = write(start) if start == end else f"{write(start)}–{write(end)}"
        yield Part(told, counted[at])


def _shift(day: date, days: int) -> date:
    plain = day.date() if isinstance(day, datetime) else day
    return date.fromordinal(plain.toordinal() + days)
