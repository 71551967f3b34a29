"""Comes in: batches of entries. Goes out: the entries, for as long as the process lives.

For tests and what-ifs. The texts are kept and not the objects, so that this store refuses what
every other refuses, and nothing that is read from it can change what it holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from threading import Lock

from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.read_entries import read_entry
from voucher_rules.ledger.stores.model import OpenStore, check_expected, refuse_id, write_batch


class MemoryStore(OpenStore):
    """A store that is gone when the process is.

    ``before`` are entries that another store holds, for trying out what may come after them: they
    are kept as they are, which takes no time and no room.
    """

    def __init__(self, before: Sequence[Entry] = ()) -> None:
        super().__init__("memory", read_only=False)
        self._before = before
        self._texts: list[bytes] = []
        """In UTF-8, which takes half the room where they are Chinese."""
        self._ids = {entry.id for entry in before}
        self._guard = Lock()

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Return the entries after ``after``, as they stood when reading began."""
        self.check_open()
        held = len(self._before)
        texts = self._texts[max(0, after - held) :]
        return chain(self._before[max(0, after) :], (read_entry(x.decode()) for x in texts))

    def append(self, entries: Sequence[Entry], expected: int) -> None:
        """Store a batch; see :class:`voucher_rules.ledger.stores.model.Store`."""
        self.check_writable()
        batch = write_batch(entries, expected, self.place)
        with self._guard:
            check_expected(expected, len(self._before) + len(self._texts), self.place)
            for entry, _ in batch:
                if entry.id in self._ids:
                    refuse_id(entry.id, self.place)
            self._ids.update(entry.id for entry, _ in batch)
            self._texts.extend(text.encode() for _, text in batch)
