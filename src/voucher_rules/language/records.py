"""Comes in: a term that speaks of one record of a list. Goes out: the same, of a given record.

The fields of the third record of ``items`` are known as ``items[3].amount``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from voucher_rules.language.terms import Role, Term

_OF_RECORD = re.compile(r"([a-z][a-z0-9_]*)\[([0-9]+)\]\.([a-z][a-z0-9_]*)")


def name_field(listed: str, number: int, field: str) -> str:
    """Return the name of a field of the record with a number, counted from 1."""
    return f"{listed}[{number}].{field}"


def split_field(name: str) -> tuple[str, str]:
    """Return the list and the full name of the field behind a record's field; else nothing."""
    match = _OF_RECORD.fullmatch(name)
    return (match[1], f"{match[1]}.{match[3]}") if match else ("", name)


def find_number(name: str) -> int:
    """Return the number of the record a field's name speaks of, or 0."""
    match = _OF_RECORD.fullmatch(name)
    return int(match[2]) if match else 0


@lru_cache(maxsize=16_384)
def bind_record(term: Term, listed: str, number: int) -> Term:
    """Return a term with every field of a list replaced by that of one record."""
    if term.role is Role.FIELD:
        name = name_field(listed, number, term.name.removeprefix(f"{listed}."))
        return replace(term, role=Role.FACT, name=name)
    if not term.parts:
        return term
    parts = tuple(bind_record(part, listed, number) for part in term.parts)
    return replace(term, parts=parts)
