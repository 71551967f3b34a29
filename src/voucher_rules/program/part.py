"""Comes in: a program and some of its rules. Goes out: the steps they rest on, and no others.

A queue asks of each application where it stands before anyone is served: that takes a few steps,
where deciding takes them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from voucher_rules.checked.reads import ASKED
from voucher_rules.language.terms import Role
from voucher_rules.program.build import (
    FixAmount,
    Program,
    ProgramStep,
    SetLive,
    SetValue,
    TestRule,
    list_rules,
)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The steps of a program that some of its rules rest on, in their order.

    ``names`` is all they read: of the case, of what a ledger knows, of each other.
    """

    program: Program
    steps: tuple[ProgramStep, ...]
    names: frozenset[str]


@lru_cache(maxsize=256)
def pick_part(program: Program, rules: frozenset[str]) -> Part:
    """Return the part of a program that gives the results of some rules."""
    names = {program.decision.as_of}
    steps: list[ProgramStep] = []
    for step, reads in reversed(list(zip(program.steps, program.reads, strict=True))):
        asked = any(rule.id in rules for rule in list_rules(step))
        if asked or _name_step(step) in names:
            steps.append(step)
            names |= reads
    return Part(program, tuple(reversed(steps)), frozenset(_add_conditions(program, names)))


def _name_step(step: ProgramStep) -> str:
    """Return the name a step gives a value; empty where it gives none."""
    match step:
        case SetValue() | SetLive():
            return step.name
        case FixAmount():
            return step.output.name
        case TestRule():
            return ""


def _add_conditions(program: Program, names: set[str]) -> set[str]:
    """Return names with what they themselves hang on: conditions, and days that pick a value."""
    found: set[str] = set()
    waiting = {name.removesuffix(ASKED) for name in names} | names
    while waiting:
        name = waiting.pop()
        found.add(name)
        declared = program.inputs.get(name)
        if declared is not None and declared.applies is not None:
            waiting |= set(declared.applies.names(*Role)) - found
        if name in program.parameters:
            waiting |= {program.parameters[name].on} - found - {""}
    return found
