"""Comes in: nothing. Goes out: the exact values of the language and what may be known of them.

A known value is a plain Python one: ``bool``; ``int`` for counts; ``int`` or ``Fraction`` for money
(in minor units, fen for CNY), ratios and numbers; ``date``; ``time``; aware ``datetime``;
:class:`Period`; ``str`` for choices, ids and text; ``frozenset`` for sets. A list is known by how
many records it has, and each of their fields stands beside it. Two marks may stand where a value
would: ``NONE`` (this does not exist for the case) and ``OPEN`` (a person has not judged yet).
:class:`Unknown` is the set of values something not given may still take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Final, TypeAlias


class PeriodUnit(StrEnum):
    """What a period is counted in; periods compare only in like units."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A length of time as the law states it: a whole number of one unit."""

    count: int
    unit: PeriodUnit


class Mark(Enum):
    """The two marks that may stand where a value would."""

    NONE = "none"
    OPEN = "open"


NONE: Final = Mark.NONE
OPEN: Final = Mark.OPEN

Exact: TypeAlias = int | Fraction
Ordered: TypeAlias = int | Fraction | date | datetime | time | Period


Plain: TypeAlias = bool | int | Fraction | date | datetime | time | Period | str | frozenset[str]
"""What a case may state and a decision may give."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """One bracket of a scale: from ``low`` to ``high`` (None: without end), and what it gives.

    ``holds_low`` and ``holds_high`` tell whether the bracket has its own ends in it.
    """

    low: Ordered | None
    holds_low: bool
    high: Ordered | None
    holds_high: bool
    value: Plain | Mark


@dataclass(frozen=True, slots=True)
class Scale:
    """Brackets without gap or overlap, in order.

    ``applies`` is ``level`` (the bracket's value), ``whole`` (it times the whole quantity) or
    ``marginal`` (each bracket's value times what lies in that bracket).
    """

    applies: str
    brackets: tuple[Bracket, ...]


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked between ``first`` and ``last``, both included.

    ``weekend`` holds days of the week (0 is Monday); ``holidays`` are other days off, ``workdays``
    are days of the weekend on which people work.
    """

    id: str
    first: date
    last: date
    weekend: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]
    digest: str


Reference: TypeAlias = Scale | WorkingCalendar
"""Data that rules look things up in; never unknown."""
Known: TypeAlias = Plain | Scale | WorkingCalendar


@dataclass(frozen=True, slots=True)
class Interval:
    """Every value from ``low`` to ``high``, both included."""

    low: Ordered
    high: Ordered


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these truth values or options."""

    options: frozenset[bool | str]


@dataclass(frozen=True, slots=True)
class SetBetween:
    """A set that has all of ``certain`` and nothing outside ``possible``."""

    certain: frozenset[str]
    possible: frozenset[str]


@dataclass(frozen=True, slots=True)
class AnyText:
    """Some text or id, nothing known of it."""


@dataclass(frozen=True, slots=True)
class Constant:
    """One of these pieces of reference data."""

    values: frozenset[Reference]


Domain: TypeAlias = Interval | OneOf | SetBetween | AnyText | Constant


@dataclass(frozen=True, slots=True)
class Unknown:
    """What may still be true of something: a domain of values, and the marks it may carry."""

    domain: Domain | None
    marks: frozenset[Mark] = frozenset()


Value: TypeAlias = Known | Mark | Unknown

NO_MARKS: Final[frozenset[Mark]] = frozenset()
EITHER: Final = Unknown(OneOf(frozenset({True, False})))


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency: how many decimal digits its minor unit has, and its units by name."""

    code: str
    digits: int
    units: Mapping[str, int]
    """Minor units in one named unit, the shortest unit of display first."""


CURRENCIES: Final[Mapping[str, Currency]] = {
    "CNY": Currency(
        "CNY",
        2,
        {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000, "角": 10, "分": 1},
    ),
    "HKD": Currency("HKD", 2, {"HKD": 100}),
    "USD": Currency("USD", 2, {"USD": 100}),
    "EUR": Currency("EUR", 2, {"EUR": 100}),
    "JPY": Currency("JPY", 0, {"JPY": 1}),
}
"""ISO 4217 codes and minor-unit digits."""


def take_number(value: object) -> Exact:
    """Return a value that is a number; 0 for any other, which types rule out."""
    return value if isinstance(value, int | Fraction) else 0


def settle_exact(value: Exact) -> Exact:
    """Return a whole ``Fraction`` as an ``int``, anything else unchanged."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value
