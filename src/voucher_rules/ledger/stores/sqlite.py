"""Comes in: batches of entries. Goes out: an SQLite database with one table one only adds to.

Write-ahead log and full synchronisation: a batch is a transaction, and is on the disk when it is
told as stored. Writers take turns, readers never wait. Triggers keep others from changing entries.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import Final
from urllib.parse import quote

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.stores.model import OpenStore, check_expected, refuse_id, write_batch
from voucher_rules.ledger.stores.rows import COLUMNS, Row, make_row, read_row

APPLICATION: Final = 0x766F7563
"""What marks the file as a ledger (``PRAGMA application_id``): the letters ``vouc``."""
VERSION: Final = 1
WAIT: Final = 5
"""How many seconds a writer waits for another to end its batch."""
_ROWS_AT_A_TIME: Final = 500

SCHEMA: Final = (
    """CREATE TABLE entries (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    known TEXT NOT NULL,
    kind TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    thing TEXT NOT NULL,
    corrects TEXT NOT NULL,
    text TEXT NOT NULL
)""",
    """CREATE TRIGGER entries_follow BEFORE INSERT ON entries
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries)
    OR EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'entries follow each other and have ids of their own'); END""",
    """CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
BEGIN SELECT raise(ABORT, 'entries are never changed'); END""",
    """CREATE TRIGGER entries_remain BEFORE DELETE ON entries
BEGIN SELECT raise(ABORT, 'entries are never taken away'); END""",
)
_NAMES: Final = ", ".join(COLUMNS)
_INSERT: Final = f"INSERT INTO entries ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_SELECT: Final = f"SELECT {_NAMES} FROM entries WHERE seq > ? ORDER BY seq"  # noqa: S608
_LAST: Final = "SELECT coalesce(max(seq), 0) FROM entries"


class SqliteStore(OpenStore):
    """A ledger in an SQLite file, as ``docs/reference/ledger-files.md`` describes it.

    Several may have it open for writing: they take turns, and whoever has not seen what another
    stored is told so. A missing or empty file becomes a ledger when it is opened for writing.
    Raises :class:`StoreError`.
    """

    def __init__(self, path: str | Path, *, read_only: bool = False) -> None:
        super().__init__(str(path), read_only=read_only)
        # Only `?`, `#` and `%` mean something else in a URI; Path.as_uri refuses relative paths.
        self._uri = f"file:{quote(str(Path(path).absolute()))}"
        self._guard = Lock()
        with self._telling():
            self._connection = self._connect("ro" if read_only else "rwc")
            try:
                self._check_schema()
            except BaseException:
                self._connection.close()
                raise

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._uri}?mode={mode}",
            uri=True,
            timeout=WAIT,
            isolation_level=None,
            check_same_thread=False,
        )

    def _ask(self, query: str) -> object:
        row = self._connection.execute(query).fetchone()
        return row[0] if row else None

    def _check_schema(self) -> None:
        if not self.read_only:
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA fullfsync = ON")
            if self._ask("PRAGMA application_id") == 0:
                self._make_schema()
        if self._ask("PRAGMA application_id") != APPLICATION:
            raise StoreError([Diagnostic("store-not-a-ledger", {}, path=self.place)])
        version = self._ask("PRAGMA user_version")
        if version != VERSION:
            arguments = {"found": str(version), "known": str(VERSION)}
            raise StoreError([Diagnostic("store-version-unknown", arguments, path=self.place)])
        held = {text for (text,) in self._connection.execute("SELECT sql FROM sqlite_master")}
        if not held.issuperset(SCHEMA):
            raise StoreError([Diagnostic("store-schema-changed", {}, path=self.place)])
        if not self.read_only and self._ask("PRAGMA journal_mode = WAL") != "wal":
            raise StoreError([Diagnostic("store-without-wal", {}, path=self.place)])

    def _make_schema(self) -> None:
        """Make an empty database a ledger; leave any other alone."""
        with self._transaction():
            if self._ask("SELECT count(*) FROM sqlite_master") or self._ask("PRAGMA user_version"):
                return
            for statement in SCHEMA:
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Return the entries after ``after``, as they stand when reading begins."""
        self.check_open()
        return self._read(max(0, after))

    def _read(self, last: int) -> Iterator[Entry]:
        with self._telling(), closing(self._connect("ro")) as connection:
            rows = connection.execute(_SELECT, (last,))
            while part := rows.fetchmany(_ROWS_AT_A_TIME):
                for row in part:
                    entry = read_row(row, last, self.place)
                    last = entry.seq
                    yield entry

    def append(self, entries: Sequence[Entry], expected: int) -> None:
        """Store a batch; see :class:`voucher_rules.ledger.stores.model.Store`."""
        self.check_writable()
        batch = write_batch(entries, expected, self.place)
        rows = [make_row(entry, text) for entry, text in batch]
        with self._telling(), self._guard, self._transaction():
            last = self._ask(_LAST)
            check_expected(expected, last if isinstance(last, int) else 0, self.place)
            for row in rows:
                self._insert(row)

    def _insert(self, row: Row) -> None:
        taken = self._connection.execute("SELECT 1 FROM entries WHERE id = ?", (row[1],))
        if taken.fetchone():
            refuse_id(row[1], self.place)
        self._connection.execute(_INSERT, row)

    def close(self) -> None:
        """Let go of the file; closing twice does nothing."""
        super().close()
        self._connection.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell what SQLite refuses as what it is: a ledger that cannot be used."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError([self._name_problem(error)]) from error

    def _name_problem(self, error: sqlite3.Error) -> Diagnostic:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_NOTADB:
            return Diagnostic("store-not-a-ledger", {}, path=self.place)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Diagnostic("store-busy", {"seconds": str(WAIT)}, path=self.place)
        return Diagnostic("store-failed", {"problem": str(error)}, path=self.place)
