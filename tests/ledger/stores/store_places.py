"""Comes in: a temporary folder. Goes out: a place for a ledger, of each kind, to open and open."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from postgres_server import find_reason_to_skip, start_server
from store_kinds import KINDS, Place, SqlPlace

from voucher_rules.ledger.stores import MemoryStore, Store


def make_place(kind: str, folder: Path) -> Place:
    """Return a place where there is no ledger yet."""
    if kind != "postgresql":
        return KINDS[kind](str(folder / "ledger"))
    skip_without_postgres()
    return SqlPlace(f"{start_server().url}#l{uuid.uuid4().hex}")


def skip_without_postgres() -> None:
    reason = find_reason_to_skip()
    if reason:
        pytest.skip(reason)


def make_store(kind: str, folder: Path) -> Store:
    """Return an empty store of any kind, one that does not last too."""
    return MemoryStore() if kind == "memory" else make_place(kind, folder).open()
