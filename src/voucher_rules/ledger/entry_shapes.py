"""Comes in: nothing. Goes out: which keys the text of an entry has, and what each may hold.

The tables are written out, so that a field added to an entry is a change of the text one sees: a
test holds them against the dataclasses, and what was written before must stay readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, TypeAlias

from voucher_rules.ledger.entries import Body, Budgeted, Grouped, Made, Moved, Withdrawn
from voucher_rules.sources.characters import find_hidden

MOST_DIGITS: Final = 18
"""How long a whole number may be: as everywhere in the library, and what databases hold."""
MOST_BYTES: Final = 1 << 22
"""How long the text of an entry may be, in bytes of UTF-8."""
MOST_DEEP: Final = 40
"""How deep the facts of a decision may nest, themselves the first level."""
_MOST_SHOWN: Final = 60


class Form(Enum):
    """What a key holds; the value is how it is told in messages."""

    TEXT = "text"
    NAME = "text that is not empty"
    FLAG = "true or false"
    PLACE = "whole number above 0"
    AMOUNT = "whole number"
    AMOUNT_OR_NULL = "whole number or null"
    MOMENT = "YYYY-MM-DDThh:mm:ss.ffffffZ"
    DAY = "YYYY-MM-DD"
    DAY_OR_NULL = "YYYY-MM-DD or null"
    TEXTS = "mapping of texts"
    AMOUNTS = "mapping of whole numbers"
    DATA = "mapping of JSON data"
    NAMES = "mapping of lists of texts"
    RESTED = "list of balances"


Shape: TypeAlias = Mapping[str, Form]

ENTRY: Final[Shape] = {
    "seq": Form.PLACE,
    "id": Form.NAME,
    "at": Form.MOMENT,
    "known": Form.MOMENT,
    "corrects": Form.TEXT,
}
"""The keys of an entry beside ``body``."""

RESTED: Final[Shape] = {
    "name": Form.TEXT,
    "value": Form.TEXT,
    "per": Form.NAMES,
    "first": Form.DAY_OR_NULL,
    "last": Form.DAY_OR_NULL,
}

_MOVED: Final[Shape] = {
    "ruleset": Form.TEXT,
    "edition": Form.TEXT,
    "lifecycle": Form.TEXT,
    "thing": Form.TEXT,
    "event": Form.TEXT,
    "amount": Form.AMOUNT_OR_NULL,
    "source": Form.TEXT,
    "carries": Form.TEXTS,
    "decision": Form.TEXT,
    "because": Form.TEXT,
    "cause": Form.TEXTS,
}
_MADE: Final[Shape] = {
    "ruleset": Form.TEXT,
    "edition": Form.TEXT,
    "digest": Form.TEXT,
    "decision": Form.TEXT,
    "day": Form.DAY_OR_NULL,
    "thing": Form.TEXT,
    "carries": Form.TEXTS,
    "facts": Form.DATA,
    "readings": Form.TEXTS,
    "assumed": Form.FLAG,
    "balances": Form.RESTED,
    "outcome": Form.TEXT,
    "amounts": Form.AMOUNTS,
    "supersedes": Form.TEXT,
    "short_of": Form.TEXT,
}
_BUDGETED: Final[Shape] = {
    "ruleset": Form.TEXT,
    "edition": Form.TEXT,
    "pool": Form.TEXT,
    "day": Form.DAY,
    "amount": Form.AMOUNT,
    "added": Form.FLAG,
    "envelope": Form.TEXTS,
}
_GROUPED: Final[Shape] = {"carried": Form.TEXT, "party": Form.TEXT, "group": Form.TEXT}
_WITHDRAWN: Final[Shape] = {"because": Form.TEXT, "cause": Form.TEXTS}

BODIES: Final[Mapping[str, tuple[type[Body], Shape]]] = {
    "moved": (Moved, _MOVED),
    "made": (Made, _MADE),
    "budgeted": (Budgeted, _BUDGETED),
    "grouped": (Grouped, _GROUPED),
    "withdrawn": (Withdrawn, _WITHDRAWN),
}
"""The kinds of body by the ``kind`` they are written with, and the keys each has beside it."""

KINDS: Final[Mapping[type, str]] = {made: kind for kind, (made, _) in BODIES.items()}


class UnfitError(Exception):
    """Something an entry may not hold. The caller knows where, and makes a diagnostic of it."""

    def __init__(self, code: str, **arguments: str) -> None:
        self.code = code
        self.arguments = arguments
        super().__init__(code)


class Misfit:
    """A number of JSON that no entry holds; it stands in its place until that is told."""

    def __init__(self, text: str) -> None:
        self.text = text


def shorten_text(text: str) -> str:
    """Return ``text`` as a message may show it: cut, and without characters that do not show."""
    shown = ascii(text)[1:-1] if find_hidden(text) else text
    return shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}…"


_SHAPES: Final = {
    dict: "mapping",
    list: "list",
    bool: "true or false",
    int: "whole number",
    float: "number with decimals",
}
"""What JSON can hold beside texts, as it is told."""


def name_found(value: object) -> str:
    """Return how a value that does not fit is told."""
    if isinstance(value, Misfit):
        return shorten_text(value.text)
    if value is None:
        return "null"
    if type(value) is str:
        return f'"{shorten_text(value)}"'
    return _SHAPES.get(type(value), type(value).__name__)


def refuse_value(name: str, expected: str, found: object) -> UnfitError:
    """Return the refusal of what a key holds, to be raised."""
    return UnfitError("entry-wrong-value", name=name, expected=expected, found=name_found(found))
