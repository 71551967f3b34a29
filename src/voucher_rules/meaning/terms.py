"""Comes in: a term and the values of its names. Goes out: its value, without a trace."""

from __future__ import annotations

from collections.abc import Mapping

from voucher_rules.language.terms import Role, Term
from voucher_rules.meaning.operate import operate
from voucher_rules.values.model import NONE, Value


def find_value(term: Term, values: Mapping[str, Value]) -> Value:
    """Return the value of a term that asks nothing of a list."""
    if term.parts:
        return operate(term, tuple(find_value(part, values) for part in term.parts))
    if term.role is Role.CONSTANT:
        return term.value if term.value is not None else NONE
    return values[term.name]
