"""Comes in: a checked ruleset. Goes out: where a little more of a quantity gives less.

A cliff is no fault: many measures have them, and the law is as it is. It is told to whoever reads
the ruleset, with the article and, where it can be worked out, what is lost at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from voucher_rules.checked.mechanics import Define, Limit, Rule
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Parameter
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import QUANTITIES
from voucher_rules.spans import Citation
from voucher_rules.values.model import Exact, Mark, Ordered, Plain, Scale, settle_exact

_COMPARING: Final = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Cliff:
    """A place where what a scale gives falls, or where a formula takes another way.

    ``at`` is the quantity, ``before`` and ``after`` what a scale gives just below and above it;
    all three are None where only the test (``text``) is known.
    """

    source: str
    """The scale, or the rule whose formula has the test."""
    citation: Citation
    text: str
    at: Ordered | None = None
    before: Exact | None = None
    after: Exact | None = None
    scale: Parameter | None = None


def list_cliffs(ruleset: CheckedRuleset) -> tuple[Cliff, ...]:
    """Return the cliffs of a ruleset, in the order of the document."""
    found: list[Cliff] = []
    for parameter in ruleset.parameters.values():
        for dated in parameter.values:
            if isinstance(dated.value, Scale):
                found += _list_falls(parameter, dated.value)
    for rule in ruleset.rules.values():
        found += _list_tests(rule)
    return tuple(found)


def _list_falls(parameter: Parameter, scale: Scale) -> Iterator[Cliff]:
    """Yield the bounds at which a scale gives less than just before."""
    if scale.applies == "marginal":
        return
    for one, other in zip(scale.brackets, scale.brackets[1:], strict=False):
        at = one.high
        if at is None:
            continue
        before, after = _give(scale, one.value, at), _give(scale, other.value, at)
        if before is not None and after is not None and after < before:
            yield Cliff(
                parameter.name, parameter.citation, parameter.name, at, before, after, parameter
            )


def _give(scale: Scale, value: Plain | Mark, at: Ordered) -> Exact | None:
    """Return what a bracket gives at one of its ends, where that is a quantity."""
    if not isinstance(value, int | Fraction):
        return None
    if scale.applies == "level" or not isinstance(at, int):
        return value
    return settle_exact(value * at)


def _list_tests(rule: Rule) -> Iterator[Cliff]:
    """Yield the tests of a quantity by which an amount takes another way."""
    if not isinstance(rule.body, Limit | Define):
        return
    if rule.formulas[0].type.kind not in QUANTITIES:
        return
    terms = [part for term in rule.formulas for part in term.walk() if part.name == "if"]
    tests = [term.parts[0] for term in terms]
    if isinstance(rule.body, Limit) and rule.when is not None:
        tests.append(rule.when)
    for test in tests:
        for part in test.walk():
            if part.name in _COMPARING and _is_of_quantity(part):
                yield Cliff(rule.id, rule.citation, part.text)


def _is_of_quantity(term: Term) -> bool:
    read = [p for p in term.walk() if p.role in {Role.FACT, Role.VARIABLE, Role.BALANCE}]
    return any(part.type.kind in QUANTITIES for part in read)
