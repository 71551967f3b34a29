"""Comes in: the term something is divided by. Goes out: whether it can be zero in some case."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from voucher_rules.checked.reads import ASKED
from voucher_rules.checked.symbols import Input, Parameter, Symbol
from voucher_rules.language.terms import Role, Term
from voucher_rules.values.model import Interval, Period


def is_never_zero(divisor: Term, scope: Mapping[str, Symbol]) -> bool:
    """Return whether a divisor is surely not zero, whatever the case and the day."""
    if divisor.name == "max" and divisor.role is Role.OPERATOR:
        return any(_is_positive(part, scope) for part in divisor.parts)
    name = divisor.name.removesuffix(ASKED)
    declared = scope[name].declared if name in scope else None
    if isinstance(declared, Parameter):
        sizes = [_find_size(item.value) for item in declared.values]
        is_set = all(size is not None and size != 0 for size in sizes)
        return is_set and (_is_for_ever(declared) or _leaves_out_zero(declared))
    return isinstance(declared, Input) and _leaves_out_zero(declared)


def _is_for_ever(declared: Parameter) -> bool:
    """Return whether a parameter has a value on every day."""
    return all(item.start is None and item.until is None for item in declared.values)


def _is_positive(term: Term, scope: Mapping[str, Symbol]) -> bool:
    """Return whether a parameter is set, and above zero, on every day it has a value for."""
    declared = scope[term.name].declared if term.name in scope else None
    if not isinstance(declared, Parameter) or not _is_for_ever(declared):
        return False
    sizes = [_find_size(item.value) for item in declared.values]
    return all(size is not None and size > 0 for size in sizes)


def _find_size(value: object) -> int | Fraction | None:
    """Return a quantity, or how many units a period has; None for anything else."""
    if isinstance(value, Period):
        return value.count
    return value if isinstance(value, int | Fraction) else None


def _leaves_out_zero(declared: Input | Parameter) -> bool:
    """Return whether the bounds of what was declared lie on one side of zero."""
    domain = declared.domain.domain
    if not isinstance(domain, Interval):
        return False
    low, high = _find_size(domain.low), _find_size(domain.high)
    return low is not None and high is not None and (low > 0 or high < 0)
