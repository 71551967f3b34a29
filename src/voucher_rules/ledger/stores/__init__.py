"""Comes in: entries of a ledger. Goes out: the same entries, in order, after any crash."""

from voucher_rules.ledger.stores.json_lines import JsonLinesStore
from voucher_rules.ledger.stores.memory import MemoryStore
from voucher_rules.ledger.stores.model import Store
from voucher_rules.ledger.stores.sql import SqlStore
from voucher_rules.ledger.stores.sqlite import SqliteStore

__all__ = ["JsonLinesStore", "MemoryStore", "SqlStore", "SqliteStore", "Store"]
