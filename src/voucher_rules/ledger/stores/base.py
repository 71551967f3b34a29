"""Comes in: nothing. Goes out: what every store of entries can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from voucher_rules.ledger.entries import Entry


class Store(Protocol):
    """Where the entries of a ledger are kept, in order."""

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Yield the entries after the ``after``-th, in order."""

    def append(self, entries: Sequence[Entry], expected: int) -> None:
        """Store a batch whole or not at all; ``expected`` is the last entry the writer has seen."""

    def close(self) -> None:
        """Let go of what the store holds open."""
