"""Comes in: what happened to vouchers, and questions. Goes out: entries, decisions, deadlines.

A ledger holds what happened and nothing else; every balance is read from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

from voucher_rules.api.decisions import Decision, to_main_unit
from voucher_rules.api.rulesets import Ruleset
from voucher_rules.ledger.deadlines import Due
from voucher_rules.ledger.deciding import Answer, Request
from voucher_rules.ledger.entries import Budgeted, Draft, Entry, Grouped, Moved, Rested, Withdrawn
from voucher_rules.ledger.keeper import Keeper
from voucher_rules.ledger.lots import Thing
from voucher_rules.ledger.stores.base import Store
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ruleset.load import suggest_name


@dataclass(frozen=True, slots=True)
class LedgerDecision:
    """A decision made from history: the decision, the entry it is under, what it rested on."""

    entry: str
    decision: Decision
    balances: tuple[Rested, ...]
    entries: tuple[Entry, ...]
