"""Comes in: a checked ruleset. Goes out: it as data, every part after those it is made of.

Equal parts are written once. Parts stand in batches of one kind, a column for each field, so that
reading them back is mostly work of the interpreter's own loops.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timezone
from enum import Enum
from fractions import Fraction
from itertools import chain, groupby
from typing import Any, Final

from voucher_rules.catalog.kept.layout import (
    CLASSES,
    CONSTANTS,
    ENUMS,
    MAPPING,
    SEPARATOR,
    SET,
    TUPLE,
    list_fields,
    name_kind,
    write_references,
)
from voucher_rules.checked.model import CheckedRuleset

_PLAIN: Final[dict[type, Callable[[Any], str]]] = {
    Fraction: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    time: time.isoformat,
    timezone: lambda zone: str(int(zone.utcoffset(None).total_seconds())),
}
"""What is written as a text of its own kind."""
_CONSTANTS, _TEXTS, _NUMBERS, _WRITTEN, _PARTS = range(5)
"""The tables a reference may lead into, in the order in which they are numbered."""
_Reference = tuple[int, int]


class PackError(Exception):
    """Something that has no form in a kept file."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A value made of others: its height above what is made of nothing, its kind, the others."""

    height: int
    kind: str
    made: tuple[_Reference, ...]


@dataclass(slots=True)
class _Packer:
    texts: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    written: dict[tuple[str, str], int] = field(default_factory=dict)
    parts: list[_Part] = field(default_factory=list)
    known: dict[object, int] = field(default_factory=dict)
    seen: dict[int, _Reference] = field(default_factory=dict)

    def refer(self, item: object) -> _Reference:
        """Return the reference of a value, which is packed where it is new."""
        kind = type(item)
        if item is None or kind is bool:
            return _CONSTANTS, CONSTANTS.index(item)
        if isinstance(item, str) and kind is str:
            return _TEXTS, self.texts.setdefault(item, len(self.texts))
        if isinstance(item, int) and kind is int:
            return _NUMBERS, self.numbers.setdefault(item, len(self.numbers))
        if isinstance(item, Enum) and ENUMS.get(name_kind(kind)) is kind:
            return self._write_down(name_kind(kind), item.name)
        if kind in _PLAIN:
            return self._write_down(kind.__name__, _PLAIN[kind](item))
        if id(item) not in self.seen:
            self.seen[id(item)] = self._place(item)
        return self.seen[id(item)]

    def _write_down(self, kind: str, text: str) -> _Reference:
        return _WRITTEN, self.written.setdefault((kind, text), len(self.written))

    def _place(self, item: object) -> _Reference:
        kind, inner = _take_apart(item)
        made = tuple(self.refer(x) for x in inner)
        # A mapping is the only part that could be changed: each stands for itself.
        key = id(item) if kind == MAPPING else (kind, made)
        if key not in self.known:
            below = (self.parts[at].height for table, at in made if table == _PARTS)
            self.known[key] = len(self.parts)
            self.parts.append(_Part(1 + max(below, default=0), kind, made))
        return _PARTS, self.known[key]

    def write(self) -> bytes:
        """Return all that was packed: a line of what stands where, the references, the texts.

        What is made of all the others stands last.
        """
        texts = SEPARATOR.join(self.texts)
        if texts.count(SEPARATOR) != max(0, len(self.texts) - 1):
            raise PackError(SEPARATOR)
        batches = [_lay_out(kind, rows) for kind, rows in self._list_batches()]
        references = [x for *_, held in batches for x in held]
        head = {
            "numbers": list(self.numbers),
            "written": list(self.written),
            "batches": [(kind, count, lengths) for kind, count, lengths, _ in batches],
            "references": len(references),
        }
        line = json.dumps(head, separators=(",", ":")).encode()
        return b"".join((line, b"\n", write_references(references), texts.encode()))

    def _list_order(self) -> list[int]:
        """Return the parts in the order in which they can be made, like ones side by side."""
        parts = self.parts
        return sorted(range(len(parts)), key=lambda at: (parts[at].height, parts[at].kind, at))

    def _list_batches(self) -> Iterator[tuple[str, list[list[int]]]]:
        number = self._number()
        inner = (self.parts[at] for at in self._list_order())
        for (_, kind), found in groupby(inner, key=lambda part: (part.height, part.kind)):
            yield kind, [[number(x) for x in part.made] for part in found]

    def _number(self) -> Callable[[_Reference], int]:
        """Return what gives a reference its number, which counts through all tables."""
        tables = (CONSTANTS, self.texts, self.numbers, self.written)
        starts = [sum(len(x) for x in tables[:at]) for at in range(len(tables) + 1)]
        places = {at: place for place, at in enumerate(self._list_order())}

        def number(reference: _Reference) -> int:
            table, at = reference
            return starts[table] + (places[at] if table == _PARTS else at)

        return number


def _take_apart(item: object) -> tuple[str, list[object]]:
    kind = type(item)
    if isinstance(item, tuple) and kind is tuple:
        return TUPLE, list(item)
    if isinstance(item, frozenset) and kind is frozenset:
        return SET, sorted(item, key=repr)
    if isinstance(item, dict) and kind is dict:
        return MAPPING, [x for pair in item.items() for x in pair]
    name = name_kind(kind)
    if CLASSES.get(name) is kind:
        return name, [getattr(item, x) for x in list_fields(name)]
    raise PackError(name)


def _lay_out(kind: str, rows: list[list[int]]) -> tuple[str, int, list[int], list[int]]:
    """Return a batch: objects of a class by column, others by row, and how long each of those is.

    A column in which all is the same holds it once.
    """
    held = rows
    if kind in CLASSES:
        columns = [list(column) for column in zip(*rows, strict=True)]
        held = [x[:1] if len({*x}) == 1 else x for x in columns]
    return kind, len(rows), [len(x) for x in held], list(chain.from_iterable(held))


def pack_ruleset(ruleset: CheckedRuleset) -> bytes:
    """Return a checked ruleset as data. Raises :class:`PackError` for what has no form in it."""
    packer = _Packer()
    packer.refer(ruleset)
    return packer.write()
