"""Comes in: a word of a document that should name a fact. Goes out: the fact, or a fault."""

from __future__ import annotations

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.symbols import Input
from voucher_rules.language.terms import Role
from voucher_rules.language.types import TEXT, Kind, Type
from voucher_rules.sources.tree import Scalar


def find_fact(made: Declarations, word: Scalar) -> Input | None:
    """Return the fact of the case that ``word`` names, no list and no field of one."""
    found = made.inputs.get(str(word))
    if found is not None and found.role is Role.FACT and found.type.kind is not Kind.LIST:
        return found
    if found is not None or not _was_declared(made, word):
        facts = [name for name, item in made.inputs.items() if item.role is Role.FACT]
        near = made.report.suggest(word, facts)
        made.report.add("unknown-name", word, name=word, near=near)
    return None


def find_typed_fact(made: Declarations, word: Scalar, wanted: Type) -> Input | None:
    """Return the fact that ``word`` names where it has the type wanted; a text may be an id."""
    found = find_fact(made, word)
    if found is None or agree_types(found.type, wanted):
        return found
    made.report.add("type-mismatch", word, expected=str(wanted), found=str(found.type))
    return None


def _was_declared(made: Declarations, word: Scalar) -> bool:
    """Return whether a fact of that name was declared with a fault, which is reported there."""
    return word in made.document.facts


def agree_types(found: Type, wanted: Type) -> bool:
    """Return whether a fact has the type wanted; a text may be an id."""
    return found == wanted or (wanted == TEXT and found.kind in {Kind.TEXT, Kind.ID})
