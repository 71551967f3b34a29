"""Comes in: the conditions under which facts exist. Goes out: the facts with them, or faults."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.expressions import TermBuilder
from voucher_rules.checked.order import find_cycle
from voucher_rules.checked.symbols import Symbol
from voucher_rules.language.terms import Role
from voucher_rules.language.types import BOOLEAN
from voucher_rules.sources.tree import Scalar

_STATED: Final = frozenset(
    {Role.FACT, Role.FINDING, Role.READING, Role.PARAMETER, Role.CONSTANT, Role.OPERATOR}
)


def build_applies(made: Declarations, scope: dict[str, Symbol], builder: TermBuilder) -> None:
    """Build the conditions under which facts exist; they read only what a case states."""
    needs: dict[str, list[str]] = {}
    words: dict[str, Scalar] = {}
    for name, doc in made.document.facts.items():
        if doc.applies is None or str(name) not in made.inputs:
            continue
        term = builder.build(doc.applies, BOOLEAN)
        if term is None:
            continue
        read = list(term.names(*Role))
        if any(part.role not in _STATED for part in term.walk()):
            made.report.add("applies-to-results", doc.applies, name=name)
            continue
        needs[str(name)], words[str(name)] = read, doc.applies
        made.inputs[str(name)] = replace(made.inputs[str(name)], applies=term)
        scope[str(name)] = replace(scope[str(name)], declared=made.inputs[str(name)])
    cycle = find_cycle({n: [x for x in read if x in needs] for n, read in needs.items()})
    if cycle:
        shown = " → ".join([*cycle, cycle[0]])
        made.report.add("definition-cycle", words[cycle[0]], cycle=shown)
