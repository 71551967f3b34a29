"""Comes in: nothing. Goes out: what a kept ruleset may be made of, each kind under its name.

A kept file names kinds of this closed list and nothing else: reading one makes values, and runs no
code that the file could choose.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from dataclasses import is_dataclass
from enum import Enum
from types import ModuleType
from typing import Any, Final

from voucher_rules import spans
from voucher_rules.checked import histories, mechanics, model, symbols
from voucher_rules.language import terms, types
from voucher_rules.values import model as values

MODULES: Final[tuple[ModuleType, ...]] = (
    spans,
    values,
    types,
    terms,
    symbols,
    mechanics,
    histories,
    model,
)
TUPLE: Final = "tuple"
SET: Final = "set"
MAPPING: Final = "mapping"
CONSTANTS: Final = (None, False, True)
"""What stands first, at 0, 1 and 2; then come texts, numbers, and what is written as a text."""
SEPARATOR: Final = "\0"
"""Stands between texts; none may hold it, and no document can."""
_WIDTH: Final = 4


def _list_classes() -> list[type[Any]]:
    return [
        item
        for module in MODULES
        for item in vars(module).values()
        if isinstance(item, type) and item.__module__ == module.__name__
    ]


def name_kind(kind: type[Any]) -> str:
    """Return the name of a class: where it stands in the library, and its own."""
    return f"{kind.__module__.partition('.')[2]}.{kind.__name__}"


CLASSES: Final[dict[str, type[Any]]] = {name_kind(x): x for x in _list_classes() if is_dataclass(x)}
ENUMS: Final[dict[str, type[Enum]]] = {
    name_kind(x): x for x in _list_classes() if issubclass(x, Enum)
}


def write_references(references: Iterable[int]) -> bytes:
    """Return numbers as bytes, four for each, the lowest first."""
    held = array("I", references)
    if sys.byteorder == "big":
        held.byteswap()
    return held.tobytes()


def read_references(data: bytes, count: int) -> tuple[array[int], bytes]:
    """Return ``count`` numbers and the bytes that follow them. Raises ValueError."""
    if count * _WIDTH > len(data):
        message = f"{count} references in {len(data)} bytes"
        raise ValueError(message)
    held = array("I", data[: count * _WIDTH])
    if sys.byteorder == "big":
        held.byteswap()
    return held, data[count * _WIDTH :]


def list_fields(name: str) -> tuple[str, ...]:
    """Return the fields of a class of the list, in their order."""
    return tuple(CLASSES[name].__dataclass_fields__)
