"""Comes in: nothing. Goes out: the types of the language and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The kinds of value a rule may speak of."""

    BOOLEAN = "boolean"
    COUNT = "count"
    NUMBER = "number"
    RATIO = "ratio"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    TIME = "time"
    PERIOD = "period"
    CHOICE = "choice"
    SET = "set"
    ID = "id"
    TEXT = "text"
    LIST = "list"
    TABLE = "table"
    SCALE = "scale"
    CALENDAR = "calendar"


STRUCTURES: Final = frozenset({Kind.LIST, Kind.TABLE, Kind.SCALE, Kind.CALENDAR})
"""Kinds that no declaration names: what expressions count over or look things up in."""


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its kind, and what makes one count, currency or choice differ from another.

    ``unit`` is the measure word of a count, the currency of money, the unit of a period or the name
    of the choice of a choice or set; ``options`` are those of a choice or set, in their order;
    ``ordered`` tells whether ``<`` may compare them, from the lowest to the highest.
    """

    kind: Kind
    unit: str = ""
    options: tuple[str, ...] = ()
    ordered: bool = False

    def __str__(self) -> str:
        if self.kind in {Kind.COUNT, Kind.CHOICE, Kind.SET, Kind.LIST} and self.unit:
            return f"{self.kind} of {self.unit}"
        if self.kind in {Kind.MONEY, Kind.PERIOD} and self.unit:
            return f"{self.kind} in {self.unit}"
        return str(self.kind)


BOOLEAN: Final = Type(Kind.BOOLEAN)
NUMBER: Final = Type(Kind.NUMBER)
RATIO: Final = Type(Kind.RATIO)
DATE: Final = Type(Kind.DATE)
INSTANT: Final = Type(Kind.INSTANT)
TIME: Final = Type(Kind.TIME)
ID: Final = Type(Kind.ID)
TEXT: Final = Type(Kind.TEXT)
ZERO: Final = Type(Kind.NUMBER, "0")
"""The type of the literal 0, which fits any quantity."""
ONE: Final = Type(Kind.NUMBER, "1")
"""The type of the literal 1, which has no unit."""

QUANTITIES: Final = frozenset({Kind.COUNT, Kind.NUMBER, Kind.RATIO, Kind.MONEY})
ORDERED: Final = QUANTITIES | {Kind.DATE, Kind.INSTANT, Kind.TIME, Kind.PERIOD}
PURE: Final = frozenset({Kind.NUMBER, Kind.RATIO})
"""Kinds without a unit; they scale any quantity."""


def fits_type(found: Type, expected: Type) -> bool:
    """Return whether a value of type ``found`` may stand where ``expected`` is wanted."""
    if found == expected:
        return True
    if found == ZERO:
        return expected.kind in {Kind.MONEY, Kind.COUNT, Kind.NUMBER, Kind.RATIO}
    if found.kind is Kind.NUMBER and expected.kind in {Kind.NUMBER, Kind.RATIO}:
        return True
    if found.kind is Kind.RATIO and expected.kind is Kind.NUMBER:
        return True
    if found.kind is expected.kind is Kind.PERIOD:
        return not expected.unit
    if found.kind is expected.kind is Kind.COUNT:
        return not found.unit
    return False
