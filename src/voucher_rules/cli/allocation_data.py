"""Comes in: a queue as it was served. Goes out: the same as plain data for JSON.

Money is text in the main unit with fixed places, moments are in UTC, as in the entries themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any, TypeAlias

from voucher_rules.api.decisions import Decision
from voucher_rules.checked.symbols import DecisionSpec
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.placing import Allocation, Placement, is_limited
from voucher_rules.ledger.reconciling import Reconciled
from voucher_rules.ledger.spans import Days
from voucher_rules.ledger.telling import tell_value
from voucher_rules.ledger.write_entries import write_moment

Data: TypeAlias = dict[str, Any]
_Write: TypeAlias = Callable[[int | None], str | None]


def data_of_allocation(
    allocation: Allocation,
    decision: DecisionSpec,
    sums: Sequence[Reconciled],
    entries: Sequence[Entry],
) -> Data:
    """Return a queue with its placements and sums; ``entries`` are those that were entered."""
    ruleset = allocation.ruleset
    pool = allocation.pool
    kind = pool.type_in(ruleset.histories.lifecycles[pool.lifecycle])

    def money(amount: int | None) -> str | None:
        return None if amount is None else tell_value(amount, kind)

    return {
        "schema": "voucher-rules/allocation/1",
        "ruleset": {"id": ruleset.id, "edition": ruleset.edition},
        "decision": decision.name,
        "pool": allocation.pool.name,
        "currency": None if pool.unit else kind.unit,
        "unit": pool.unit or None,
        "placements": [
            _data_of_placement(item, money) | {"limited": is_limited(item, allocation.pool)}
            for item in allocation.placements
        ],
        "ran_out": [_data_of_place(item, money) for item in allocation.ran_out.values()],
        "short": [_data_of_place(item, money) for item in allocation.list_short()],
        "sums": [_data_of_sums(row, money) for row in sums],
        "adds_up": all(row.adds_up for row in sums),
        "entries": [entry.id for entry in entries],
    }


def _data_of_place(item: Placement, money: _Write) -> Data:
    return {
        "application": item.thing,
        "at": write_moment(item.at.astimezone(UTC)),
        "envelope": dict(item.envelope),
        **_data_of_days(item.days),
        "place": str(item.place),
        "entitled": money(item.entitled),
        "granted": money(item.granted),
        "left_before": money(item.left),
    }


def _data_of_placement(item: Placement, money: _Write) -> Data:
    decision = Decision(item.answer.result)
    return {
        **_data_of_place(item, money),
        "entry": item.answer.entry,
        "supersedes": item.answer.made.supersedes or None,
        "outcome": str(decision.outcome),
        "articles": list(decision.articles),
        "missing": list(decision.missing),
    }


def _data_of_sums(row: Reconciled, money: _Write) -> Data:
    return {
        "envelope": dict(row.envelope),
        **_data_of_days(row.days),
        "put": money(row.put),
        "granted": money(row.granted),
        "released": money(row.released),
        "left": money(row.left),
        "books": money(row.told),
        "adds_up": row.adds_up,
    }


def _data_of_days(days: Days) -> Data:
    first, last = days
    return {
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
    }
