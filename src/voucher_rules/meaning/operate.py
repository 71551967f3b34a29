"""Comes in: an operator's term and the values of its parts. Goes out: the value of the whole.

One meaning for known and unknown parts: on known parts the operator itself, on unknown ones every
value it may take (interval arithmetic, Kleene's logic with the two marks ``none`` and ``open``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from voucher_rules.language.terms import Term
from voucher_rules.meaning.domains import operate_domains
from voucher_rules.meaning.extremes import find_least, find_most, find_option
from voucher_rules.meaning.known import EXTREMES, operate_known
from voucher_rules.meaning.logic import choose, conjoin_all, disjoin_all, find_given, negate_one
from voucher_rules.meaning.lookups import look_up, look_up_least, look_up_most, look_up_sum
from voucher_rules.meaning.scales import enter_scale
from voucher_rules.meaning.unknowns import make_value, split_value
from voucher_rules.values.model import NONE, OPEN, Mark, Unknown, Value


def operate(term: Term, values: tuple[Value, ...]) -> Value:
    """Return the value of an operator's term from the values of its parts. Never raises."""
    structured = _STRUCTURED.get(term.name)
    if structured is not None:
        return structured(term, values)
    for value in values:
        if value.__class__ is Unknown or value.__class__ is Mark:
            if term.name in EXTREMES and term.type.options:
                return find_option(values, term.type.options, lowest=term.name == "min")
            special = _SPECIAL.get(term.name)
            return special(values) if special else _operate_unknown(term, values)
    return operate_known(term, values)


def _operate_unknown(term: Term, values: tuple[Value, ...]) -> Value:
    """Strict operators: none of a part is none of the whole; then open; then every value."""
    parts = [split_value(value) for value in values]
    marks: set[Mark] = set()
    if any(NONE in part[1] for part in parts):
        marks |= {NONE}
    if any(part[1] == frozenset({NONE}) and part[0] is None for part in parts):
        return NONE
    if any(OPEN in part[1] for part in parts):
        marks |= {OPEN}
    domains = [part[0] for part in parts]
    if any(domain is None for domain in domains):
        return make_value(None, frozenset(marks))
    result = operate_domains(term, [domain for domain in domains if domain is not None])
    domain, more = split_value(result)
    return make_value(domain, frozenset(marks) | more)


_SPECIAL: Final[dict[str, Callable[[tuple[Value, ...]], Value]]] = {
    "and": conjoin_all,
    "or": disjoin_all,
    "not": negate_one,
    "given": find_given,
    "if": choose,
    "min": find_least,
    "max": find_most,
}
_STRUCTURED: Final[dict[str, Callable[[Term, tuple[Any, ...]], Value]]] = {
    "lookup": look_up,
    "lookup_max": look_up_most,
    "lookup_min": look_up_least,
    "lookup_sum": look_up_sum,
    "scale": enter_scale,
}
"""What the checker makes of a look-up: its own operators, which no one writes."""
