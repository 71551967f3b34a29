"""Comes in: a program. Goes out: which of its limits grow with money the case states, which cap.

Both are read off the terms, so that no rule needs to say what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voucher_rules.checked.mechanics import Limit, Rule
from voucher_rules.decision.amounts import REQUESTED
from voucher_rules.decision.result import DecisionResult
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind
from voucher_rules.ledger.entries import Made
from voucher_rules.program.build import Program


@dataclass(frozen=True, slots=True)
class Read:
    """What a limit reads: money the case states, money of its lists, and parameters."""

    facts: frozenset[str]
    fields: frozenset[str]
    parameters: frozenset[str]


def read_limit(program: Program, rule: Rule) -> Read:
    """Return what the formula of a limit reads, also through variables and other outputs."""
    terms = list(_list_terms(program, rule.formulas, set()))
    facts = {x.name for x in terms if x.role is Role.FACT and x.type.kind is Kind.MONEY}
    fields = {x.name for x in terms if x.role is Role.FIELD and x.type.kind is Kind.MONEY}
    parameters = {x.name for x in terms if x.role is Role.PARAMETER}
    return Read(frozenset(facts), frozenset(fields), frozenset(parameters))


def _list_terms(program: Program, terms: tuple[Term, ...], seen: set[str]) -> Iterator[Term]:
    for term in terms:
        for part in term.walk():
            yield part
            if part.role not in {Role.VARIABLE, Role.OUTPUT} or part.name in seen:
                continue
            seen.add(part.name)
            for name in program.setters.get(part.name, ()):
                yield from _list_terms(program, program.ruleset.rules[name].formulas, seen)


@dataclass(frozen=True, slots=True)
class Bound:
    """The limits that fix an amount: those that grow with stated money, and the caps.

    A cap is a limit with a parameter in it that reads no money the case states. ``asked`` tells
    whether what was asked for is among them, which stands in no rule.
    """

    output: str
    growing: tuple[Rule, ...]
    caps: tuple[Rule, ...]
    facts: tuple[str, ...]
    asked: bool


def find_bounds(result: DecisionResult, made: Made) -> Iterator[Bound]:
    """Yield what fixes each amount of a decision."""
    program = result.program
    for name, amount in result.amounts.items():
        rules = [program.ruleset.rules[x] for x in amount.binding if x in program.ruleset.rules]
        read = {rule.id: read_limit(program, rule) for rule in rules}
        stated = {x: read[x].facts & made.facts.keys() for x in read}
        growing = tuple(x for x in rules if stated[x.id] or read[x.id].fields)
        caps = tuple(x for x in rules if x not in growing and read[x.id].parameters)
        facts = tuple(sorted(fact for rule in growing for fact in stated[rule.id]))
        yield Bound(name, growing, caps, facts, REQUESTED in amount.binding)


def list_scaling_facts(program: Program, made: Made) -> tuple[tuple[str, ...], bool]:
    """Return the stated money that any limit grows with, and whether one grows with a list."""
    limits = [rule for rule in program.rules if isinstance(rule.body, Limit)]
    read = [read_limit(program, rule) for rule in limits]
    facts = {name for item in read for name in item.facts}
    facts |= {output.requested for output in program.decision.outputs.values()}
    return tuple(sorted(facts & made.facts.keys())), any(item.fields for item in read)
