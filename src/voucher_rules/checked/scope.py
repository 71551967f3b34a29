"""Comes in: what a ruleset declares. Goes out: the names its expressions may hold."""

from __future__ import annotations

from voucher_rules.checked.declarations import Declarations
from voucher_rules.checked.parameters import Parameters
from voucher_rules.checked.provisions import walk_provisions
from voucher_rules.checked.symbols import Symbol
from voucher_rules.language.terms import Role
from voucher_rules.language.types import BOOLEAN, Kind, Type


def open_scope(made: Declarations, parameters: Parameters) -> dict[str, Symbol]:
    """Return every name a document declares; what rules define comes into scope as it is typed."""
    scope: dict[str, Symbol] = {}
    for name, item in made.inputs.items():
        scope[name] = Symbol(name, item.role, item.type, item)
    for name in map(str, _list_declared(made)):
        scope.setdefault(name, Symbol(name, Role.FACT, BOOLEAN, broken=True))
    for listed in made.lists.values():
        scope[listed.name] = Symbol(listed.name, Role.FACT, Type(Kind.LIST, listed.name), listed)
        for name, item in listed.fields.items():
            scope[name] = Symbol(name, Role.FIELD, item.type, item)
    for name, parameter in parameters.single.items():
        if not parameter.table:
            kind = parameter.type if parameter.entered is None else Type(Kind.SCALE)
            scope[name] = Symbol(name, Role.PARAMETER, kind, parameter)
    for name, table in parameters.tables.items():
        scope[name] = Symbol(name, Role.PARAMETER, Type(Kind.TABLE), table)
    for name, reading in made.readings.items():
        full = f"reading.{name}"
        kind = Type(Kind.CHOICE, full, tuple(reading.options))
        scope[full] = Symbol(full, Role.READING, kind)
    for outputs in made.outputs.values():
        for name, output in outputs.items():
            scope.setdefault(name, Symbol(name, Role.OUTPUT, output.type))
    return scope


def _list_declared(made: Declarations) -> list[str]:
    """Return the names the document declares, also where the declaration has a fault."""
    document = made.document
    return [
        *document.facts,
        *(f"finding.{name}" for name in document.findings),
        *(f"ledger.{name}" for name, item in document.ledger.items() if item.fills is None),
        *document.lists,
        *(f"{name}.{key}" for name, item in document.lists.items() for key in item.fields),
        *(n for item in walk_provisions(document.provisions) for n in item.doc.parameters),
    ]
