"""Comes in: nothing. Goes out: the typed tree of an expression, every name in it declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from voucher_rules.language.types import Type
from voucher_rules.values.model import Known


class Role(StrEnum):
    """What a name stands for, and so where its value comes from."""

    CONSTANT = "constant"
    FACT = "fact"
    FIELD = "field"
    FINDING = "finding"
    BALANCE = "balance"
    PARAMETER = "parameter"
    READING = "reading"
    CALENDAR = "calendar"
    DOCUMENT = "document"
    VARIABLE = "variable"
    OUTPUT = "output"
    OPERATOR = "operator"
    AGGREGATE = "aggregate"


OF_OTHERS: Final = frozenset({Role.PARAMETER, Role.CALENDAR, Role.DOCUMENT})
"""What nobody supplies with a case: the document or those behind it have yet to settle it."""


@dataclass(frozen=True, slots=True)
class Term:
    """A typed part of an expression.

    ``name`` is the name read, or the symbol of the operator; ``value`` is that of a constant;
    ``text`` is what the author wrote.
    """

    role: Role
    type: Type
    name: str
    parts: tuple[Term, ...] = ()
    value: Known | None = None
    text: str = ""

    def walk(self) -> Iterator[Term]:
        """Yield this term and every part of it, outermost first."""
        waiting = [self]
        while waiting:
            term = waiting.pop()
            yield term
            waiting.extend(reversed(term.parts))

    def names(self, *roles: Role) -> Iterator[str]:
        """Yield the names read in these roles, in the order written."""
        return (term.name for term in self.walk() if term.role in roles)
