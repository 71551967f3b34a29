"""Comes in: nothing. Goes out: the untyped tree of an expression, as its author wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of an expression stands in its text: characters ``start`` up to ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name, dots included: ``contract.amount``."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Literal:
    """``0``, ``1``, ``true``, ``false`` or a quoted option."""

    value: bool | int | str
    place: Place


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or function applied to parts; ``symbol`` is a key of the operator table.

    ``named`` are the parts given by name: ``where=``, ``over=``, ``after=``. A look-up,
    ``cap[size]``, has the symbol ``[]``, the name as its first part and the keys after it.
    """

    symbol: str
    parts: tuple[Expression, ...]
    place: Place
    named: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """A list of quoted options, the right side of ``in``."""

    values: tuple[str, ...]
    place: Place


Expression: TypeAlias = Name | Literal | Apply | Options


def collect_names(expression: Expression) -> list[str]:
    """Return every name an expression reads or calls, in the order written."""
    names: list[str] = []
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            names.append(node.text)
        elif isinstance(node, Apply):
            names += [node.symbol] if node.symbol.isidentifier() else []
            waiting.extend(part for _, part in reversed(node.named))
            waiting.extend(reversed(node.parts))
    return names
