"""Comes in: one fact as someone stated it, and its declaration. Goes out: its value, checked.

Everything is told apart by exact type; what is refused is raised, for the door to collect.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeGuard
from zoneinfo import ZoneInfo

from voucher_rules.checked.domains import MOST_COUNT, compare_ordered, read_typed
from voucher_rules.checked.symbols import Input
from voucher_rules.language.terms import Role
from voucher_rules.language.types import Kind, Type
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.sources.characters import find_hidden, name_character
from voucher_rules.sources.tree import Mapping, Scalar, Sequence
from voucher_rules.values.model import (
    CURRENCIES,
    NONE,
    OPEN,
    Exact,
    Interval,
    Known,
    Mark,
    Period,
    PeriodUnit,
    Scale,
    SetBetween,
    Unknown,
    Value,
    WorkingCalendar,
    settle_exact,
)
from voucher_rules.values.read import FIRST_DAY, LAST_DAY, MAX_DIGITS, TextValueError
from voucher_rules.values.write import write_decimal

PROVENANCE_KEYS: Final = ("source", "document", "declared_by", "by", "on", "evidence")
UNKNOWN_WORD: Final = "unknown"
UNANSWERED_WORD: Final = "unanswered"
NONE_WORD: Final = "none"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a stated fact comes from, in the words of whoever stated it; keys as in a case file."""

    entries: tuple[tuple[str, str], ...]


def is_text(value: object) -> TypeGuard[str]:
    """Return whether a value is text by its exact type, so that none of its own code ever runs."""
    return type(value) in (str, Scalar)


def name_value(value: object) -> str:
    """Return how a refused value is told: itself where it is text, else its type."""
    return str(value) if is_text(value) else type(value).__name__


def check_shown(text: str, at: object) -> None:
    """Check that a text holds no character that does not show."""
    hidden = find_hidden(text)
    if hidden:
        raise RefusedError("hidden-character", at, character=name_character(hidden[0]))


class RefusedError(Exception):
    """One value is refused; the door goes on to read the others."""

    def __init__(self, code: str, at: object, **arguments: str) -> None:
        self.code = code
        self.at = at
        self.arguments = arguments
        super().__init__(code)


def read_provenance(stated: AnyMapping[Any, Any]) -> Provenance:
    """Return where a stated fact comes from, as told beside its value."""
    entries = []
    for key, text in stated.items():
        if key == "value":
            continue
        if not is_text(key) or key not in PROVENANCE_KEYS:
            found = name_value(key)
            near = suggest_name(found, list(PROVENANCE_KEYS))
            raise RefusedError("unknown-key", key, key=found, near=near)
        told = text.isoformat() if type(text) is date else text
        if not is_text(told):
            raise RefusedError("text-expected", text)
        check_shown(told, text)
        entries.append((str(key), str(told)))
    return Provenance(tuple(sorted(entries)))


def read_value(declared: Input, stated: Any, zone: timezone) -> Value:  # noqa: ANN401
    """Return the value of a fact from what was stated: text of a file, or a Python value."""
    if stated is NONE or is_word(declared, stated, NONE_WORD):
        if not declared.optional and declared.applies is None:
            raise RefusedError("none-not-allowed", stated, name=declared.name)
        return NONE
    if any(is_word(declared, stated, word) for word in (UNKNOWN_WORD, UNANSWERED_WORD)):
        return find_unstated(declared)
    if stated is None:
        raise RefusedError("null-value", stated)
    if declared.type.kind is Kind.SET:
        return _read_set(declared, stated)
    if isinstance(stated, Scalar) or type(stated) is str:
        return _read_text(declared, stated, zone)
    return _convert(declared, stated, zone)


def is_word(declared: Input, stated: object, word: str) -> bool:
    """Tell the bare word from a text: where quotes cannot tell, text and ids are texts."""
    if not is_text(stated) or stated != word:
        return False
    if isinstance(stated, Scalar) and stated.exact:
        return not stated.quoted
    return declared.type.kind not in {Kind.ID, Kind.TEXT}


def _read_text(declared: Input, stated: str, zone: timezone) -> Known:
    check_shown(stated, stated)
    try:
        return read_typed(stated, declared.type, zone, bare=True)
    except TextValueError as error:
        raise RefusedError(error.code, stated, **error.arguments) from None


def _read_set(declared: Input, stated: Any) -> Value:  # noqa: ANN401
    options = declared.type.options
    if isinstance(stated, Mapping) or type(stated) is dict:
        return _read_members(declared, stated)
    if not isinstance(stated, Sequence) and type(stated) not in (list, tuple, set, frozenset):
        raise RefusedError("set-expected", stated, options=", ".join(options))
    return frozenset(_read_option(declared, item) for item in stated)


def _read_members(declared: Input, stated: AnyMapping[Any, Any]) -> Value:
    certain: set[str] = set()
    possible = set(declared.type.options)
    for key, answer in stated.items():
        option = _read_option(declared, key)
        word = answer if is_text(answer) else None
        if answer is True or word == "true":
            certain.add(option)
        elif answer is False or word == "false":
            possible.discard(option)
        elif word != UNKNOWN_WORD:
            raise RefusedError("not-a-boolean", answer, found=name_value(answer))
    if certain == possible:
        return frozenset(certain)
    return Unknown(SetBetween(frozenset(certain), frozenset(possible)))


def _read_option(declared: Input, item: object) -> str:
    options = declared.type.options
    if not is_text(item) or item not in options:
        found = name_value(item)
        near = suggest_name(found, list(options))
        listed = ", ".join(options)
        raise RefusedError("not-one-of", item, found=found, options=listed, near=near)
    return str(item)


def _convert(declared: Input, stated: object, zone: timezone) -> Known:
    """Convert a Python value, by exact type."""
    kind = declared.type
    found = type(stated).__name__
    if type(stated) is float:
        raise RefusedError("float-refused", stated, found=repr(stated))
    if kind.kind in _PLAIN_TYPES:
        if type(stated) is _PLAIN_TYPES[kind.kind] and _is_plain(stated):
            return stated  # type: ignore[return-value]
    elif kind.kind is Kind.INSTANT:
        if type(stated) is datetime and type(stated.tzinfo) in _ZONES:
            return _convert_instant(stated, zone)
    elif kind.kind is Kind.PERIOD:
        if type(stated) is Period and _is_sound_period(stated):
            return _read_text(declared, f"{stated.count} {_period_word(stated)}", zone)
    elif type(stated) in (int, Decimal, Fraction):
        return _convert_number(kind, stated)
    raise RefusedError("wrong-python-type", stated, found=found, expected=str(kind))


def _convert_instant(stated: datetime, zone: timezone) -> datetime:
    if stated.tzinfo is None:
        raise RefusedError("naive-instant", stated, found=stated.isoformat())
    if not FIRST_DAY.year <= stated.year <= LAST_DAY.year:
        first, last = str(FIRST_DAY), str(LAST_DAY)
        found = stated.isoformat()
        raise RefusedError("out-of-range", stated, found=found, low=first, high=last)
    return stated.astimezone(zone)


def _convert_number(kind: Type, stated: Any) -> Exact:  # noqa: ANN401 - one of three types
    number = _to_exact(stated)
    if kind.kind in {Kind.CHOICE, Kind.ID, Kind.TEXT}:
        raise RefusedError(
            "wrong-python-type", stated, found=type(stated).__name__, expected=str(kind)
        )
    if kind.kind is Kind.MONEY:
        number = settle_exact(Fraction(number) * 10 ** CURRENCIES[kind.unit].digits)
        if not isinstance(number, int):
            raise RefusedError("finer-than-minor-unit", stated, found=str(stated))
    if kind.kind is Kind.COUNT and not isinstance(number, int):
        raise RefusedError("not-whole", stated, found=str(stated))
    return number


def check_bounds(declared: Input, value: Value, stated: object) -> None:
    """Check that a value lies within the bounds its declaration states."""
    domain = declared.domain.domain
    if isinstance(value, Mark | Unknown | str | frozenset) or not isinstance(domain, Interval):
        return
    if isinstance(value, Scale | WorkingCalendar) or declared.type.kind is Kind.LIST:
        return
    if isinstance(value, Period) and value.unit is not domain.low.unit:  # type: ignore[union-attr]
        return
    at = stated["value"] if isinstance(stated, dict) else stated
    if compare_ordered(value, domain.low) < 0 or compare_ordered(value, domain.high) > 0:
        code = "ratio-out-of-range" if declared.type.kind is Kind.RATIO else "out-of-range"
        raise RefusedError(
            code,
            at,
            found=str(at),
            low=_tell(domain.low, declared.type),
            high=_tell(domain.high, declared.type),
        )


_PLAIN_TYPES: Final = {Kind.BOOLEAN: bool, Kind.DATE: date, Kind.TIME: time}
"""Kinds whose values are Python's own."""


def _is_plain(value: object) -> bool:
    """Return whether a time is told to the second and in no zone; anything else is plain."""
    return type(value) is not time or (value.tzinfo is None and not value.microsecond)


_ZONES: Final = (type(None), timezone, ZoneInfo)
"""Kinds of time zone whose code is Python's own."""


def _is_sound_period(period: Period) -> bool:
    """Return whether a period holds what it should; anyone can make one of anything."""
    whole = type(period.count) is int and abs(period.count) <= MOST_COUNT
    return whole and type(period.unit) is PeriodUnit


def find_unstated(declared: Input) -> Value:
    """What a fact is while nobody has stated it; a finding is open until a person makes it."""
    return OPEN if declared.role is Role.FINDING else declared.domain


def _period_word(period: Period) -> str:
    return f"{period.unit.value.replace('_', ' ')}s"


def _to_exact(stated: int | Decimal | Fraction) -> Exact:
    if isinstance(stated, Decimal):
        if not stated.is_finite():
            raise RefusedError("not-finite", stated, found=str(stated), fix="")
        _, digits, exponent = stated.as_tuple()
        if len(digits) > MAX_DIGITS or not -MAX_DIGITS <= int(exponent) <= MAX_DIGITS:
            raise RefusedError("number-too-long", stated, limit=str(MAX_DIGITS))
        return settle_exact(Fraction(stated))
    size = 10**MAX_DIGITS
    fraction = Fraction(stated)
    if abs(fraction.numerator) >= size * size or fraction.denominator >= size:
        raise RefusedError("number-too-long", "…", limit=str(MAX_DIGITS))
    return settle_exact(fraction)


def _tell(value: object, kind: Type) -> str:
    if kind.kind is Kind.MONEY and isinstance(value, int | Fraction):
        digits = CURRENCIES[kind.unit].digits
        return write_decimal(Fraction(value) / 10**digits)
    return str(value)
