"""Comes in: a balance that fills a list. Goes out: what each field is told, or faults."""

from __future__ import annotations

from typing import Final

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.find_facts import agree_types
from voucher_rules.checked.histories import Lifecycle
from voucher_rules.checked.lifecycle_flow import find_reached
from voucher_rules.checked.structure import Structure
from voucher_rules.checked.symbols import Input, ListSpec
from voucher_rules.checked.tellable import list_tellable
from voucher_rules.language.types import Kind, Type
from voucher_rules.ruleset.histories import BalanceDoc
from voucher_rules.sources.tree import Scalar

STATE: Final = "state"
"""Tells the state a thing is in, as an option of a choice."""


def find_list(made: Declarations, word: Scalar) -> ListSpec | None:
    """Return the list of records that ``word`` names."""
    found = made.lists.get(str(word))
    if found is None:
        near = made.report.suggest(word, made.lists)
        made.report.add("unknown-name", word, name=word, near=near)
    return found


def read_fields(structure: Structure, lifecycle: Lifecycle, doc: BalanceDoc) -> dict[str, str]:
    """Return what fills each field of a list, by its full name; faults are reported."""
    listed = structure.made.lists.get(str(doc.fills or ""))
    if doc.fields is None or listed is None:
        return {}
    report = structure.made.report
    found: dict[str, str] = {}
    for key, word in doc.fields.items():
        full = f"{listed.name}.{key}"
        declared = listed.fields.get(full)
        if declared is not None:
            _check_field(structure, lifecycle, doc, declared, word)
        elif not _was_declared(structure.made, listed.name, key):
            names = [name.removeprefix(f"{listed.name}.") for name in listed.fields]
            report.add("unknown-name", key, name=key, near=report.suggest(key, names))
        found[full] = str(word)
    for name in listed.fields:
        if name not in found and doc.fills is not None:
            report.add("field-not-filled", doc.fills, name=name)
    return found


def _was_declared(made: Declarations, listed: str, key: Scalar) -> bool:
    """Return whether a field was declared with a fault, which is reported there."""
    return any(name == listed and key in item.fields for name, item in made.document.lists.items())


def _check_field(
    structure: Structure, lifecycle: Lifecycle, doc: BalanceDoc, declared: Input, word: Scalar
) -> None:
    """Check that a field has the type of what fills it, and can be none where that can be."""
    report, tellable = structure.made.report, list_tellable(lifecycle)
    kind = tellable.get(str(word))
    if str(word) == STATE and kind is None:
        _check_state(structure, lifecycle, doc, declared, word)
    elif kind is None and word.partition(".")[0] == "amount" and not lifecycle.currency:
        report.add("holds-nothing", word, name=lifecycle.name)
    elif kind is None:
        near = report.suggest(word, [*tellable, STATE])
        report.add("unknown-name", word, name=word, near=near)
    elif not agree_types(declared.type, kind):
        report.add("type-mismatch", word, expected=str(kind), found=str(declared.type))
    elif not declared.optional and not _is_sure(lifecycle, doc, str(word)):
        report.add("fact-not-optional", word, name=declared.name)


def _is_sure(lifecycle: Lifecycle, doc: BalanceDoc, word: str) -> bool:
    """Return whether every thing taken has entered the state whose moment or day is told."""
    names = (word.removesuffix("_at"), word.removesuffix("_on"))
    state = next((x for x in names if x != word and x in lifecycle.states), None)
    if state is None or word in lifecycle.carries:
        return True
    without = find_reached(lifecycle.transitions.values(), without=state)
    return not any(str(taken) in without for taken in doc.states or ())


def _check_state(
    structure: Structure, lifecycle: Lifecycle, doc: BalanceDoc, declared: Input, word: Scalar
) -> None:
    """A thing is in one state where none of its events may move a part; each is an option."""
    report = structure.made.report
    if declared.type.kind is not Kind.CHOICE:
        wanted = Type(Kind.CHOICE)
        report.add("type-mismatch", word, expected=str(wanted), found=str(declared.type))
        return
    if any(item.partial for item in lifecycle.transitions.values()):
        report.add("state-in-parts", word, name=lifecycle.name)
    for state in doc.states or ():
        if str(state) in lifecycle.states and str(state) not in declared.type.options:
            report.add("state-not-an-option", word, name=declared.type.unit, state=state)
