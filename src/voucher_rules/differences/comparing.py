"""Comes in: cases evaluated under both rules. Goes out: whether they come out the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from voucher_rules.decision.amounts import AmountResult
from voucher_rules.decision.boxes import is_settled, key_of
from voucher_rules.decision.evaluate import Evaluation
from voucher_rules.decision.outcomes import VALUELESS, Outcome
from voucher_rules.differences.pairs import Pair, Side
from voucher_rules.differences.ways import Way
from voucher_rules.language.terms import Role, Term
from voucher_rules.language.types import Kind
from voucher_rules.values.model import Exact, Unknown, Value

ORDER: Final = (Outcome.NOT_IN_FORCE, Outcome.DENIED, Outcome.REFERRED, Outcome.GRANTED)
"""From the worst to the best for whoever asks; what is worked out has no better or worse."""


def compare_outcomes(before: Outcome, after: Outcome) -> Way:
    """Return which of two outcomes is better; what is worked out is neither."""
    if before not in ORDER or after not in ORDER:
        return Way.OTHER
    return Way.GENEROUS if ORDER.index(after) > ORDER.index(before) else Way.STRICT


def compare_cases(pair: Pair, before: Evaluation, after: Evaluation) -> Way | None:
    """Return how one case comes out differently under both, None where it does not."""
    if not (is_settled(pair.before.cut, before) and is_settled(pair.after.cut, after)):
        return None
    if before.outcomes != after.outcomes:
        return compare_outcomes(*(next(iter(x.outcomes)) for x in (before, after)))
    if key_of(pair.before.cut, before) == key_of(pair.after.cut, after):
        return None
    if before.outcomes <= VALUELESS:
        return None
    names = [n for n in before.amounts if n in after.amounts]
    changes = [_subtract(after.amounts[n].amount, before.amounts[n].amount) for n in names]
    ups, downs = any(x > 0 for x in changes), any(x < 0 for x in changes)
    if not ups and not downs:
        return Way.OTHER
    return Way.MIXED if ups and downs else Way.GENEROUS if ups else Way.STRICT


def measure_gap(one: AmountResult, other: AmountResult) -> Exact:
    """Return how far two amounts lie apart before rounding; nothing where that is not known."""
    first, second = one.least, other.least
    if isinstance(first, int | Fraction) and isinstance(second, int | Fraction):
        gap: Exact = first - second
        return max(gap, -gap)
    return 0


def _subtract(one: Value, other: Value) -> Exact:
    if isinstance(one, int) and isinstance(other, int):
        return one - other
    return 0


def is_surely_same(pair: Pair, both: tuple[Evaluation, Evaluation]) -> bool:
    """Return whether every case of a part comes out the same under both."""
    before, after = both
    if len(before.outcomes) != 1 or before.outcomes != after.outcomes:
        return False
    if before.outcomes <= VALUELESS:
        return True
    if is_settled(pair.before.cut, before) and is_settled(pair.after.cut, after):
        return key_of(pair.before.cut, before) == key_of(pair.after.cut, after)
    if pair.before.cut.decision.answers == "value":
        return False
    names = before.amounts.keys() | after.amounts.keys()
    return all(_is_bound_alike(pair, both, name) for name in names)


def _is_bound_alike(pair: Pair, both: tuple[Evaluation, Evaluation], name: str) -> bool:
    """Return whether an amount is the least of the same common limits on both sides."""
    if any(name not in item.amounts for item in both):
        return False
    first, second = (frozenset(item.amounts[name].binding) for item in both)
    return bool(first) and first == second and first <= pair.common


def is_linear(side: Side, evaluation: Evaluation) -> bool:
    """Return whether each amount follows one formula, linear in each fact, throughout a part."""
    rules = {rule.id: rule for rule in side.cut.rules}
    for item in evaluation.amounts.values():
        if not isinstance(item.amount, Unknown):
            continue
        if len(item.binding) != 1 or item.binding[0] not in rules:
            return False
        if not all(_is_plain(side, term) for term in rules[item.binding[0]].formulas):
            return False
    # what is worked out beside an amount follows from it, and is not compared
    outputs = side.cut.decision.outputs if side.cut.decision.answers == "value" else {}
    return not any(isinstance(evaluation.values.get(name), Unknown) for name in outputs)


def is_whole(side: Side, evaluation: Evaluation) -> bool:
    """Return whether amounts are whole minor units anyway, so that no rounding moves them.

    To be asked where each follows one formula: it is whole where it only adds and takes away money.
    """
    rules = {rule.id: rule for rule in side.cut.rules}
    for item in evaluation.amounts.values():
        if not isinstance(item.amount, Unknown):
            continue
        terms = [part for term in rules[item.binding[0]].formulas for part in term.walk()]
        money = all(part.type.kind is Kind.MONEY and part.name != "*" for part in terms)
        if item.output.rounding.to != 1 or not money:
            return False
    return True


def _is_plain(side: Side, term: Term) -> bool:
    """Return whether a formula only adds, takes away, and multiplies different facts."""
    if term.role is Role.VARIABLE:
        return False
    if not term.parts:
        return term.role is not Role.AGGREGATE
    if term.role is not Role.OPERATOR or term.name not in {"+", "-", "*"}:
        return False
    if term.name == "*":
        facts = [set(part.names(Role.FACT, Role.BALANCE, Role.FINDING)) for part in term.parts]
        if set.intersection(*facts):
            return False
    return all(_is_plain(side, part) for part in term.parts)
