"""Comes in: the brackets of a scale. Goes out: the scale, without gap or overlap, or faults.

A gap and an overlap are told with a value that falls into them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.domains import as_ordered, compare_ordered, default_domain
from voucher_rules.language.operators import OPERATORS
from voucher_rules.language.types import ORDERED, QUANTITIES, Kind, Type
from voucher_rules.ruleset.parameters import BracketDoc, ParameterDoc
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import (
    NONE,
    Bracket,
    Interval,
    Mark,
    Ordered,
    Period,
    Plain,
    Scale,
    settle_exact,
)
from voucher_rules.values.write import write_decimal, write_money, write_ratio

_STEPPED: Final = frozenset({Kind.COUNT, Kind.DATE, Kind.PERIOD})
"""Kinds between two neighbours of which nothing lies; of the others there is always a value."""


def type_scale(made: Declarations, doc: ParameterDoc, entered: Type, kind: Type) -> Type | None:
    """Return the type of what a scale gives, or None once it is reported that it gives none."""
    if doc.over is None or doc.applies is None:
        return None
    mixed = entered.kind is Kind.PERIOD and not entered.unit
    if entered.kind not in ORDERED or mixed:
        made.report.add("scale-types", doc.over.type, entered=str(entered), gives=str(kind))
        return None
    if doc.applies == "level" and kind.kind in QUANTITIES | {Kind.CHOICE, Kind.BOOLEAN}:
        return kind
    gives = OPERATORS["*"].typing((entered, kind)) if entered.kind in QUANTITIES else None
    if gives is None or entered.kind is Kind.RATIO:
        made.report.add("scale-types", doc.over.type, entered=str(entered), gives=str(kind))
        return None
    return gives


def read_scale(
    made: Declarations, docs: tuple[BracketDoc, ...], applies: str, entered: Type, kind: Type
) -> Scale | None:
    """Read the brackets of a scale; None where one has a fault, which is reported."""
    before = len(made.report.found)
    brackets = [_read_bracket(made, doc, applies, entered, kind) for doc in docs]
    if len(made.report.found) > before:
        return None
    whole = [bracket for bracket in brackets if bracket is not None]
    _check_joined(made, docs, whole, entered)
    if len(made.report.found) > before:
        return None
    if applies == "marginal" and entered.kind is Kind.COUNT:
        whole = _measure_counts(whole)
    return Scale(applies, tuple(whole))


def _measure_counts(brackets: list[Bracket]) -> list[Bracket]:
    """Return brackets of whole things as lengths: below 6 holds 5 of them, as up to 5 does."""
    made: list[Bracket] = []
    for bracket in brackets:
        high = bracket.high
        if isinstance(high, int) and not bracket.holds_high:
            high -= 1
        low = made[-1].high if made else bracket.low
        made.append(replace(bracket, low=low, holds_low=not made, high=high, holds_high=True))
    return made


def _read_bracket(
    made: Declarations, doc: BracketDoc, applies: str, entered: Type, kind: Type
) -> Bracket | None:
    low_word, high_word = doc.start or doc.above, doc.up_to or doc.below
    low = made.read_value(low_word, entered) if low_word is not None else None
    high = made.read_value(high_word, entered) if high_word is not None else None
    value: Plain | Mark | None
    if doc.value == "none" and not doc.value.quoted and applies == "level":
        value = NONE
    else:
        value = made.read_value(doc.value, kind)  # type: ignore[assignment]
    if value is None:
        return None
    return Bracket(
        None if low is None else as_ordered(low),
        doc.above is None,
        None if high is None else as_ordered(high),
        doc.below is None,
        value,
    )


def _check_joined(
    made: Declarations, docs: tuple[BracketDoc, ...], brackets: list[Bracket], entered: Type
) -> None:
    """Check that brackets stand in order, meet without gap or overlap, and cover every value."""
    words = [doc.start or doc.above or doc.up_to or doc.below or doc.value for doc in docs]
    domain = default_domain(entered)
    least = domain.low if isinstance(domain, Interval) else 0
    first = brackets[0]
    if first.low is not None and not _starts_at(first, first.low, least):
        _report(made, "scale-gap", words[0], least, entered)
    for word, (one, other) in zip(words[1:], pairwise(brackets), strict=True):
        _check_neighbours(made, word, one, other, entered)
    last = brackets[-1]
    most = domain.high if isinstance(domain, Interval) else 0
    if last.high is not None and not _ends_at(last, last.high, most):
        _report(made, "scale-gap", words[-1], _just_above(last.high, entered), entered)
    for word, bracket in zip(words, brackets, strict=True):
        low, high = bracket.low, bracket.high
        if low is not None and high is not None and compare_ordered(low, high) > 0:
            made.report.add("bounds-crossed", word)


def _starts_at(first: Bracket, low: Ordered, least: Ordered) -> bool:
    order = compare_ordered(low, least)
    return order < 0 or (order == 0 and first.holds_low)


def _ends_at(last: Bracket, high: Ordered, most: Ordered) -> bool:
    order = compare_ordered(high, most)
    return order > 0 or (order == 0 and last.holds_high)


def _check_neighbours(
    made: Declarations, word: Scalar, one: Bracket, other: Bracket, entered: Type
) -> None:
    end, start = one.high, other.low
    if end is None or start is None:
        shown = start if start is not None else end if end is not None else 0
        _report(made, "scale-overlap", word, shown, entered)
    elif entered.kind in _STEPPED:
        free = _step(end) if one.holds_high else end
        taken = start if other.holds_low else _step(start)
        _report_meeting(made, word, (free, taken), (free, taken), entered)
    elif compare_ordered(end, start) != 0:
        example = _between(end, start)
        _report_meeting(made, word, (end, start), (example, example), entered)
    elif one.holds_high == other.holds_low:
        code = "scale-overlap" if one.holds_high else "scale-gap"
        _report(made, code, word, end, entered)


def _report_meeting(
    made: Declarations,
    word: Scalar,
    ends: tuple[Ordered, Ordered],
    examples: tuple[Ordered, Ordered],
    entered: Type,
) -> None:
    """Report a gap between two ends, or an overlap, with a value that lies in it."""
    order = compare_ordered(*ends)
    if order < 0:
        _report(made, "scale-gap", word, examples[0], entered)
    elif order > 0:
        _report(made, "scale-overlap", word, examples[1], entered)


def _step(value: Ordered) -> Ordered:
    """Return the next value of a kind that has steps."""
    if isinstance(value, Period):
        return Period(value.count + 1, value.unit)
    if isinstance(value, date):
        return value + timedelta(days=1)
    return value + 1 if isinstance(value, int | Fraction) else value


def _between(one: Ordered, other: Ordered) -> Ordered:
    if isinstance(one, int | Fraction) and isinstance(other, int | Fraction):
        return settle_exact(Fraction(one + other) / 2)
    return one


def _just_above(value: Ordered, entered: Type) -> Ordered:
    return _step(value) if entered.kind in _STEPPED | QUANTITIES else value


def _report(made: Declarations, code: str, word: Scalar, value: Ordered, kind: Type) -> None:
    made.report.add(code, word, example=_tell(value, kind))


def _tell(value: Ordered, kind: Type) -> str:
    if isinstance(value, int | Fraction):
        if kind.kind is Kind.MONEY:
            return write_money(value, kind.unit, "zh")
        if kind.kind is Kind.RATIO:
            return write_ratio(value)
        return f"{write_decimal(value)}{kind.unit}"
    if isinstance(value, Period):
        return f"{value.count} {value.unit}"
    return str(value)
