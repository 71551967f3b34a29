"""Comes in: files of records. Goes out: those of some rows, found by whose they are.

The records are kept in a database in the folder of the run while it lasts, so that each lot takes
its own, and no others are in memory. It needs nothing that Python does not bring.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from voucher_rules.batch.cells import EXACT_DECIMAL, FloatCounter, check_floats
from voucher_rules.batch.columns import RawTable
from voucher_rules.batch.jobs import Job
from voucher_rules.batch.joining import (
    Gathered,
    Record,
    Records,
    RecordShaper,
    hand_out,
    list_keys,
    name_records,
)
from voucher_rules.batch.lots import TableFile, read_lots
from voucher_rules.batch.parts import RunFolder
from voucher_rules.batch.record_files import list_files

_CHUNK: Final = 1 << 14
"""How many records are read at a time."""


@dataclass(slots=True)
class RecordStore:
    """The records of one list in a database; ``path`` is a file that is not there yet.

    ``count`` records were kept, ``keyless`` ones beside them tell nothing of whose they are.
    """

    path: Path
    count: int = 0
    keyless: int = 0
    _held: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        # nobody else has the folder, and not every file system has locks
        self._held = sqlite3.connect(f"{self.path.absolute().as_uri()}?nolock=1", uri=True)
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
            key, record = pickle.loads(body)  # noqa: S301 - this run wrote it
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
        self.path.unlink(missing_ok=True)


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
            lists = hand_out(store.find(keys), keys, held)
            made[name] = replace(held, table=Gathered(lists))
        return replace(self.job, layout=replace(self.job.layout, records=made))

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


def open_stores(job: Job, folder: RunFolder, holder: ExitStack) -> RecordStores:
    """Return the records of a job, kept until ``holder`` is closed.

    Raises :class:`~.errors.InputError`.
    """
    ruleset, accepts = job.program.ruleset, job.layout.floats == EXACT_DECIMAL
    stores = {}
    floats = {name: FloatCounter(accepts, name_records(name)) for name in job.layout.records}
    for at, (name, (held, file)) in enumerate(list_files(job.layout).items()):
        store = RecordStore(folder.reserve(f"records-{at:05}.sqlite"))
        holder.callback(store.close)
        shaper = RecordShaper(ruleset, name, held, file.names, floats[name])
        store.fill(_read(file, shaper))
        stores[name] = (held, store)
    check_floats(*floats.values())
    return RecordStores(job, stores, floats)


def _read(file: TableFile, shaper: RecordShaper) -> Iterator[tuple[object, Record]]:
    for lot in read_lots(file, _CHUNK):
        yield from shaper.shape(lot.raw, lot.first)
