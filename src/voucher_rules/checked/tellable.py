"""Comes in: a lifecycle. Goes out: all that its things can say of themselves, with the types."""

from __future__ import annotations

from voucher_rules.checked.histories import Lifecycle
from voucher_rules.language.types import BOOLEAN, DATE, INSTANT, Kind, Type


def list_tellable(lifecycle: Lifecycle) -> dict[str, Type]:
    """Return all that a thing can say of itself, by the words for it."""
    found: dict[str, Type] = {}
    if lifecycle.currency:
        money = Type(Kind.MONEY, lifecycle.currency)
        found["amount"] = money
        found |= {f"amount.{state}": money for state in lifecycle.states}
    for state in lifecycle.states:
        found |= name_moments(state)
    return found | {key: item.type for key, item in lifecycle.carries.items()}


def name_moments(state: str) -> dict[str, Type]:
    """Return what is asked of the moments of a state, by the words for it."""
    return {f"{state}_at": INSTANT, f"{state}_on": DATE, f"is_{state}": BOOLEAN}
