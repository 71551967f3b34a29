"""Comes in: facts as they were stated. Goes out: the same as JSON data, to be stated again.

Only what the door of decisions lets in comes here, so every kind of value is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from re import compile as compile_pattern
from typing import Any, Final

from voucher_rules.decision.stated import NONE_WORD
from voucher_rules.sources.tree import Scalar
from voucher_rules.values.model import NONE, Mark, Period
from voucher_rules.values.write import write_decimal, write_period

_FINE_INSTANT: Final = compile_pattern(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}[+-][0-9]{2}:[0-9]{2}"
)
_FINE_TIME: Final = compile_pattern(r"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}")


def state_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return stated facts as JSON data, by name in order."""
    return {str(name): state_value(facts[name]) for name in sorted(facts)}


def state_value(value: Any) -> Any:  # noqa: ANN401 - whatever a case may state
    """Return one stated value as JSON data: text where JSON has no such kind of value.

    That there is none is null: of an id or a text, ``none`` is a text like any other.
    """
    match value:
        case Mark.NONE:
            return None
        case Scalar() if value == NONE_WORD and value.exact and not value.quoted:
            return None
        case bool() | int():
            return value
        case str():
            return str(value)
        case Decimal():
            return write_decimal(Fraction(value))
        case Fraction():
            return write_decimal(value)
        case datetime() | time() | date():
            return value.isoformat()
        case Period():
            return write_period(value, "zh")
        case set() | frozenset():
            return sorted(state_value(item) for item in value)
        case list() | tuple():
            return [state_value(item) for item in value]
        case Mapping():
            return state_facts(value)
    message = f"not a stated value: {type(value).__name__}"
    raise TypeError(message)


def restate_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts written by :func:`state_facts` as they can be stated again.

    A case file has no way to write a part of a second; a program has, and stated it.
    """
    return {name: _restate_value(value) for name, value in facts.items()}


def _restate_value(value: Any) -> Any:  # noqa: ANN401 - as above
    match value:
        case None:
            return NONE
        case str() if _FINE_INSTANT.fullmatch(value):
            return datetime.fromisoformat(value)
        case str() if _FINE_TIME.fullmatch(value):
            return time.fromisoformat(value)
        case list():
            return [_restate_value(item) for item in value]
        case Mapping():
            return restate_facts(value)
    return value
