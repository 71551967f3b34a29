"""Comes in: files of records. Goes out: those of some rows, found by whose they are.

The records are kept in a temporary database of SQLite, so that each lot takes its own and no
others are in memory. It is a file without a name, in the system's folder of temporary files: nobody
else can open it, and nothing of it is left, however the run ends.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.batch.cases.cells import EXACT_DECIMAL, FloatCounter, check_floats
from voucher_rules.batch.cases.jobs import Job
from voucher_rules.batch.cases.joining import (
    Gathered,
    Record,
    Records,
    RecordShaper,
    hand_out,
    list_keys,
    name_records,
)
from voucher_rules.batch.reading.chunked_files import TableFile, read_lots
from voucher_rules.batch.reading.columns import RawTable

_CHUNK: Final = 1 << 14
"""How many records are read at a time."""


@dataclass(slots=True)
class RecordStore:
    """The records of one list.

    ``count`` records were kept, ``keyless`` ones beside them tell nothing of whose they are.
    """

    count: int = 0
    keyless: int = 0
    _held: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._held = sqlite3.connect("")  # a temporary database
        for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            self._held.execute(f"PRAGMA {setting}")
        self._held.execute(
            "CREATE TABLE records (number INTEGER PRIMARY KEY, mark INTEGER, body BLOB,"
            " used INTEGER DEFAULT 0)"
        )
        self._held.execute("CREATE TEMP TABLE wanted (mark INTEGER PRIMARY KEY)")

    def fill(self, records: Iterable[tuple[object, Record]]) -> None:
        """Keep records, each with the key that tells whose it is."""
        told = "INSERT INTO records (mark, body) VALUES (?, ?)"
        self._held.executemany(told, self._list_kept(records))
        self._held.execute("CREATE INDEX marks ON records (mark)")

    def _list_kept(self, records: Iterable[tuple[object, Record]]) -> Iterator[tuple[int, bytes]]:
        for key, record in records:
            if key is None:
                self.keyless += 1
            else:
                self.count += 1
                yield hash(key), pickle.dumps((key, record), pickle.HIGHEST_PROTOCOL)

    def find(self, keys: Iterable[object]) -> dict[object, list[Record]]:
        """Return the records of some keys, each list in the order in which they were kept."""
        wanted = {key for key in keys if key is not None}
        self._held.execute("DELETE FROM wanted")
        told = "INSERT OR IGNORE INTO wanted VALUES (?)"
        self._held.executemany(told, ((hash(key),) for key in wanted))
        found: dict[object, list[Record]] = {}
        used = []
        rows = self._held.execute(
            "SELECT number, body FROM wanted CROSS JOIN records USING (mark) ORDER BY number"
        )
        for number, body in rows:
            key, record = pickle.loads(body)  # noqa: S301 - nobody else can write there
            if key in wanted:  # keys that differ may share a mark
                found.setdefault(key, []).append(record)
                used.append((number,))
        self._held.executemany("UPDATE records SET used = 1 WHERE number = ?", used)
        return found

    def count_unmatched(self) -> int:
        """Return how many records nobody asked for."""
        told = "SELECT count(*) FROM records WHERE used = 0"
        (left,) = self._held.execute(told).fetchone()
        return self.keyless + int(left)

    def close(self) -> None:
        """Forget all records."""
        self._held.close()


@dataclass(frozen=True, slots=True)
class RecordStores:
    """The records of every list of a job; ``floats`` counts the binary floats met in each."""

    job: Job
    held: Mapping[str, tuple[Records, RecordStore]]
    floats: Mapping[str, FloatCounter]

    def fit(self, raw: RawTable) -> Job:
        """Return the job as it is for some rows, with the records of these."""
        made = {}
        for name, (held, store) in self.held.items():
            keys = list_keys(raw, held)
            made[name] = Gathered(hand_out(store.find(keys), keys, held), held.key)
        return self.job.take_records(made)

    def tell(self) -> dict[str, dict[str, int]]:
        """Return what became of the records of each list: how many there are, and of no row."""
        return {
            name: {
                "read": store.count + store.keyless,
                "unmatched": store.count_unmatched(),
                **{f"floats.{x}": count for x, count in self.floats[name].seen.items()},
            }
            for name, (_, store) in self.held.items()
        }


def open_stores(job: Job, holder: ExitStack) -> RecordStores:
    """Return the records of a job, kept until ``holder`` is closed.

    Raises :class:`~.errors.InputError`.
    """
    ruleset, accepts = job.program.ruleset, job.layout.floats == EXACT_DECIMAL
    stores = {}
    floats = {name: FloatCounter(accepts, name_records(name)) for name in job.records}
    for name, item in job.records.items():
        store = RecordStore()
        holder.callback(store.close)
        shaper = RecordShaper(ruleset, name, item.held, item.file.names, floats[name])
        store.fill(_read(item.file, shaper))
        stores[name] = (item.held, store)
    check_floats(*floats.values())
    return RecordStores(job, stores, floats)


def _read(file: TableFile, shaper: RecordShaper) -> Iterator[tuple[object, Record]]:
    for lot in read_lots(file, _CHUNK):
        yield from shaper.shape(lot.raw, lot.first)
