"""Comes in: entries. Goes out: the same entries, until the program ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voucher_rules.ledger.entries import Entry


class MemoryStore:
    """A store for tests and what-ifs."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Yield the entries after the ``after``-th, in order."""
        yield from self._entries[after:]

    def append(self, entries: Sequence[Entry], expected: int) -> None:
        """Store a batch; ``expected`` is the last entry the writer has seen."""
        if expected != len(self._entries):
            message = f"{expected} is not the last entry"
            raise ValueError(message)
        self._entries.extend(entries)

    def close(self) -> None:
        """Nothing is held open."""
