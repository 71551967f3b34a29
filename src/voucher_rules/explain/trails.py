"""Comes in: what a balance was made of. Goes out: the same as plain data for JSON."""

from __future__ import annotations

from typing import Any

from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ledger.trails import Trail
from voucher_rules.values.write import write_money_exactly


def data_of_trail(trail: Trail, ruleset: CheckedRuleset) -> dict[str, Any]:
    """Return a balance, whose it is, over which days, and every lot it was made of."""
    rested = trail.rested
    balance = ruleset.histories.balances[rested.name]
    currency = ruleset.histories.lifecycles[balance.lifecycle].currency
    return {
        "name": rested.name,
        "value": rested.value,
        "per": {name: list(parties) for name, parties in rested.per.items()},
        "first": rested.first.isoformat() if rested.first else None,
        "last": rested.last.isoformat() if rested.last else None,
        "lots": [
            {
                "ruleset": item.thing.ruleset,
                "lifecycle": item.thing.lifecycle,
                "thing": item.thing.id,
                "state": item.lot.state,
                "amount": write_money_exactly(item.lot.amount, currency) if currency else None,
                "entries": list(item.lot.entries),
            }
            for item in trail.found
        ],
    }
