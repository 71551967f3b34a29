"""Comes in: typed rules. Goes out: faults where a condition can never hold, whatever the case.

Each condition is worked out over every value its names may take; what cannot be true of all of them
together cannot be true of any. A condition this does not refuse may still never hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from voucher_rules.checked.domains import default_domain
from voucher_rules.checked.mechanics import Exclude, Require
from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.structure import Structure
from voucher_rules.checked.symbols import Parameter
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import QUANTITIES, Kind, Type
from voucher_rules.meaning.operate import operate
from voucher_rules.meaning.unknowns import FAR, find_truths, join_values
from voucher_rules.values.model import NONE, OPEN, Domain, Interval, Scale, Unknown, Value


def check_conditions_can_hold(structure: Structure) -> None:
    """A rule's condition, and what it asks for, holds in some case."""
    for item in structure.placed:
        rule = structure.rules.get(str(item.doc.id))
        if rule is None:
            continue
        when = rule.stated_when if rule.set_aside_by else rule.when
        if when is not None and not _may_be(structure, when, wanted=True):
            structure.report("rule-never-applies", item.doc.id, item.ref, rule=rule.id)
        if isinstance(rule.body, Require | Exclude):
            wanted = isinstance(rule.body, Require)
            if not _may_be(structure, rule.body.condition, wanted=wanted):
                structure.report("condition-never-holds", item.doc.id, item.ref, rule=rule.id)


def _may_be(structure: Structure, term: Term, *, wanted: bool) -> bool:
    truths = find_truths(find_reach(structure, term))
    return wanted in truths or (not wanted) not in truths


def find_reach(structure: Structure, term: Term) -> Value:
    """Return every value a term may take over all cases, or more."""
    if term.role is Role.AGGREGATE:
        return Unknown(_widen(term.type), frozenset({NONE, OPEN}))
    scaled = term.name == "scale" and term.role is Role.OPERATOR
    if scaled and len(_list_values(structure, term.parts[0])) != 1:
        return Unknown(_widen(term.type), frozenset({NONE, OPEN}))
    if term.parts:
        return operate(term, tuple(find_reach(structure, part) for part in term.parts))
    if term.role is Role.CONSTANT:
        return term.value if term.value is not None else NONE
    return _find_name(structure, term)


def _list_values(structure: Structure, term: Term) -> list[Value | None]:
    parameter = structure.parameters.single.get(term.name)
    return [item.value for item in parameter.values] if parameter else []


def _find_name(structure: Structure, term: Term) -> Value:
    declared = structure.made.inputs.get(term.name.removesuffix(ASKED))
    if declared is not None:
        marks = declared.domain.marks | ({NONE} if declared.applies is not None else frozenset())
        return Unknown(declared.domain.domain, marks | {OPEN})
    parameter = structure.parameters.single.get(term.name)
    if parameter is not None:
        return _find_parameter(parameter)
    return Unknown(_widen(term.type), frozenset({NONE, OPEN}))


def _find_parameter(parameter: Parameter) -> Value:
    """Return every value a parameter has over time; all where it was left unset or may change."""
    values = [item.value for item in parameter.values]
    ends = [item for item in parameter.values if item.start is not None or item.until is not None]
    known: list[Value] = [value for value in values if value is not None]
    if known and isinstance(known[0], Scale):
        return known[0]
    if ends or len(known) < len(values) or parameter.changes is not None:
        known.append(parameter.domain)
    return join_values(known)


_WIDE: Final[Mapping[Kind, Domain]] = {
    **{kind: Interval(-FAR, FAR) for kind in QUANTITIES},
    Kind.DATE: Interval(date.min, date.max),
}


def _widen(kind: Type) -> Domain:
    """Return every value of a type that a rule may work out, beyond what a case may state."""
    return _WIDE.get(kind.kind) or default_domain(kind)
