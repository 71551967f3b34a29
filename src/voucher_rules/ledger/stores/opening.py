"""Comes in: the path of a ledger. Goes out: its store, of the kind the suffix says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.stores.json_lines import JsonLinesStore
from voucher_rules.ledger.stores.model import Store
from voucher_rules.ledger.stores.sqlite import SqliteStore

_KINDS: Final[dict[str, type[JsonLinesStore | SqliteStore]]] = {
    ".jsonl": JsonLinesStore,
    ".sqlite": SqliteStore,
    ".db": SqliteStore,
}


def open_store(path: str | Path, *, read_only: bool = False) -> Store:
    """Open the ledger at a path; made new where nothing is there yet, unless it is only read.

    Raises :class:`StoreError`, also for a suffix that says nothing.
    """
    kind = _KINDS.get(Path(path).suffix.lower())
    if kind is None:
        arguments = {"known": ", ".join(_KINDS)}
        raise StoreError([Diagnostic("store-suffix-unknown", arguments, path=str(path))])
    if read_only and not Path(path).exists():
        raise StoreError([Diagnostic("file-not-found", {"path": str(path)})])
    return kind(path, read_only=read_only)
