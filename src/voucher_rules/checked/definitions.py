"""Comes in: the rules of a document. Goes out: those that define something, in order of need."""

from __future__ import annotations

from dataclasses import dataclass

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.order import find_cycle, sort_names
from voucher_rules.checked.provisions import PlacedRule
from voucher_rules.language.nodes import Expression, collect_names
from voucher_rules.language.parse import ExpressionError, parse_expression
from voucher_rules.ruleset.rules import RuleDoc
from voucher_rules.sources.tree import Scalar


@dataclass(frozen=True, slots=True)
class Definitions:
    """The rules that define something, each after those it reads; ``cyclic`` are names of others.

    What is defined by way of itself is reported once, as a cycle, and not wherever it is read.
    """

    ordered: list[PlacedRule]
    cyclic: list[str]


def sort_definitions(made: Declarations, placed: list[PlacedRule]) -> Definitions:
    """Sort the rules that define something, and report every cycle among them."""
    defining: dict[str, list[PlacedRule]] = {}
    for item in placed:
        if name_defined(item.doc):
            defining.setdefault(name_defined(item.doc), []).append(item)
    needs = {
        name: [n for item in items for n in _list_names_read(item.doc) if n in defining]
        for name, items in defining.items()
    }
    cyclic: list[str] = []
    while cycle := find_cycle(needs):
        _report_cycle(made, defining[cycle[0]][0], cycle)
        cyclic += cycle
        needs = {
            name: [n for n in read if n not in cycle]
            for name, read in needs.items()
            if name not in cycle
        }
    return Definitions([item for name in sort_names(needs) for item in defining[name]], cyclic)


def _report_cycle(made: Declarations, first: PlacedRule, cycle: list[str]) -> None:
    made.report.ref = first.ref
    shown = " → ".join([*cycle, cycle[0]])
    word = first.doc.define or first.doc.id
    made.report.add("definition-cycle", word, cycle=shown)
    made.report.ref = ""


def _list_names_read(doc: RuleDoc) -> list[str]:
    names: list[str] = []
    for word in _list_defining_words(doc):
        expression = _parse_quietly(word)
        names.extend(collect_names(expression) if expression else [])
    return names


def name_defined(doc: RuleDoc) -> str:
    """Return the name a rule gives a value to without limiting it, or an empty string."""
    if doc.define is not None:
        return str(doc.define)
    gives = doc.window.gives if doc.window is not None else None
    return str(gives) if gives is not None else ""


def _list_defining_words(doc: RuleDoc) -> list[Scalar]:
    """Return the expressions that a defined value is made from, its condition among them."""
    words = [doc.formula, doc.when]
    if doc.window is not None:
        words += [doc.window.opens, doc.window.lasts, doc.window.act]
    if doc.call is not None:
        words += [doc.call.on, *doc.call.asked.values()]
    return [word for word in words if word is not None]


def _parse_quietly(word: Scalar) -> Expression | None:
    """Parse for the names alone; faults are reported when the rule is built."""
    try:
        return parse_expression(word)
    except ExpressionError:
        return None
