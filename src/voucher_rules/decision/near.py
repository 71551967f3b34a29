"""Comes in: a program and one of its unknowns. Goes out: the unknowns that results share with it.

A result is a rule, or an amount made of several. What it rests on is what it reads, through
variables, calls, and the conditions under which things exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from voucher_rules.checked.mechanics import Call
from voucher_rules.checked.reads import ASKED
from voucher_rules.language.terms import Role
from voucher_rules.program.build import FixAmount, Program, SetLive, SetValue


def list_shared(program: Program, name: str) -> list[frozenset[str]]:
    """Return what each result that rests on ``name`` rests on as well, the smallest set first."""
    found = {names for names in _list_results(program) if name in names}
    return sorted(found, key=lambda names: (len(names), sorted(names)))


@lru_cache(maxsize=64)
def _list_results(program: Program) -> frozenset[frozenset[str]]:
    """Return what each rule rests on, and each amount."""
    behind = _start_behind(program)
    results: set[frozenset[str]] = set()
    for step, reads in zip(program.steps, program.reads, strict=True):
        whole = _join_behind(behind, reads)
        match step:
            case SetValue() | SetLive():
                behind[step.name] = whole
            case FixAmount():
                behind[step.output.name] = whole
        results.add(whole)
    for rule in program.rules:
        if not isinstance(rule.body, Call):
            names = frozenset(name for term in rule.terms() for name in term.names(*Role))
            results.add(_join_behind(behind, names))
    return frozenset(results)


def _start_behind(program: Program) -> dict[str, frozenset[str]]:
    """Return, for each name known before the first step, the names its value turns on."""
    behind = {name: frozenset({name}) for name in (*program.inputs, *program.parameters)}
    for name in program.applying:
        applies = program.inputs[name].applies
        names = applies.names(*Role) if applies else ()
        behind[name] |= _join_behind(behind, names)
    for name in program.picked:
        behind[name] |= behind[program.parameters[name].on]
    for name in program.asked:
        behind[f"{name}{ASKED}"] = behind[name]
    return behind


def _join_behind(behind: Mapping[str, frozenset[str]], names: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(behind[name] for name in names if name in behind))
