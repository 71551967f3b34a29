"""Comes in: what stands in a ledger. Goes out: the same as plain data for JSON.

Money is text in the main unit with fixed places, moments are in UTC, as in the entries themselves.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TypeAlias

from voucher_rules.api.ledger import Ledger
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.funds import Fund
from voucher_rules.ledger.history import History
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.telling import tell_value
from voucher_rules.ledger.write_entries import write_entry, write_moment
from voucher_rules.values.write import write_money_exactly

Data: TypeAlias = dict[str, Any]


def data_of_entry(entry: Entry) -> Data:
    """Return an entry as it is stored."""
    data: Data = json.loads(write_entry(entry))
    return data


def data_of_state(ledger: Ledger, history: History) -> Data:
    """Return everything that stands."""
    entries = ledger.entries
    return {
        "schema": "voucher-rules/ledger-state/1",
        "entries": len(entries),
        "last_known": write_moment(entries[-1].known) if entries else None,
        "rulesets": [
            {"id": ruleset.id, "edition": ruleset.edition} for ruleset in ledger.rulesets.values()
        ],
        "things": [data_of_thing(ledger, thing) for thing in history.things.values()],
        "pools": [data_of_fund(ledger, fund) for fund in ledger.funds(history)],
        "groups": [
            {"carried": carried, "party": party, "group": group}
            for (carried, party), group in history.groups.items()
            if group
        ],
        "decisions": list(history.decisions),
    }


def data_of_thing(ledger: Ledger, thing: Thing) -> Data:
    """Return a thing with its lots."""
    ruleset = ledger.rulesets[thing.ruleset].checked
    currency = ruleset.histories.lifecycles[thing.lifecycle].currency
    return {
        "ruleset": thing.ruleset,
        "edition": thing.edition,
        "lifecycle": thing.lifecycle,
        "thing": thing.id,
        "carries": dict(thing.carries),
        "lots": [
            {
                "state": lot.state,
                "amount": write_money_exactly(lot.amount, currency) if currency else None,
                "since": write_moment(lot.moments[lot.state]),
                "entries": list(lot.entries),
            }
            for lot in thing.lots
        ],
    }


def data_of_fund(ledger: Ledger, fund: Fund) -> Data:
    """Return the money of one envelope of a pool over one span."""
    ruleset = ledger.rulesets[fund.ruleset].checked
    kind = fund.pool.type_in(ruleset.histories.lifecycles[fund.pool.lifecycle])

    def tell(amount: int | None) -> str | None:
        return None if amount is None else tell_value(amount, kind)

    state = fund.state
    return {
        "ruleset": fund.ruleset,
        "pool": fund.pool.name,
        "envelope": dict(fund.envelope),
        "first": fund.first.isoformat() if fund.first else None,
        "last": fund.last.isoformat() if fund.last else None,
        "put": tell(state.put) if state else None,
        "taken": tell(state.taken) if state else None,
        "left": tell(state.left) if state else None,
    }


def data_of_due(ledger: Ledger, due: Due) -> Data:
    """Return a deadline; ``last`` is a day, or a moment in UTC."""
    found = ledger.keeper.shelf.find_ruleset(due.thing.ruleset, due.thing.edition)
    rules = (found or ledger.rulesets[due.thing.ruleset].checked).rules
    rule = rules.get(due.window.partition(".")[2])
    return {
        "ruleset": due.thing.ruleset,
        "lifecycle": due.thing.lifecycle,
        "thing": due.thing.id,
        "event": due.event,
        "window": due.window or None,
        "ref": rule.citation.ref if rule else None,
        "last": _write_last(due),
        "by_itself": due.by_itself,
        "missing": list(due.missing),
    }


def _write_last(due: Due) -> str | None:
    if isinstance(due.last, datetime):
        return write_moment(due.last.astimezone(UTC))
    return None if due.last is None else due.last.isoformat()
