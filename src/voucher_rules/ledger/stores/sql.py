"""Comes in: batches of entries. Goes out: a PostgreSQL table one only adds to.

A batch is a transaction. Writers take turns by an advisory lock; should one go around it, the
primary key and the triggers still hold. SQLAlchemy and psycopg are asked for when a ledger is
opened and not before; the extra ``sql`` names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.stores.model import OpenStore, check_expected, refuse_id, write_batch
from voucher_rules.ledger.stores.rows import COLUMNS, make_row, read_row

SCHEMA: Final = "voucher-rules/ledger/1"
_FORMATS: Final = "voucher-rules/ledger/"
WAIT: Final = 5
"""How many seconds a writer waits for another to end its batch."""
MOST_NAME: Final = 40
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ROWS_AT_A_TIME: Final = 500
_LOCK: Final = 0x766F7563
"""The first of the two numbers of the advisory lock; the second is the table's own."""
_BUSY: Final = "55P03"
"""What PostgreSQL calls a lock that could not be had in time."""

# `@` stands for the name of the ledger's schema, in double quotes.
_MAKE: Final = (
    "CREATE SCHEMA IF NOT EXISTS @",
    """CREATE TABLE @.entries (
    seq bigint PRIMARY KEY CHECK (seq > 0),
    id text NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    known timestamptz NOT NULL,
    kind text NOT NULL,
    ruleset text NOT NULL,
    thing text NOT NULL,
    corrects text NOT NULL,
    text text NOT NULL
)""",
    """CREATE FUNCTION @.entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM @.entries) THEN
        RAISE unique_violation USING MESSAGE = 'entries follow each other';
    END IF;
    RETURN NEW;
END $$""",
    """CREATE FUNCTION @.entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries are never changed or taken away';
END $$""",
    """CREATE TRIGGER entries_follow BEFORE INSERT ON @.entries
FOR EACH ROW EXECUTE FUNCTION @.entries_follow()""",
    """CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON @.entries
FOR EACH STATEMENT EXECUTE FUNCTION @.entries_stay()""",
    f"COMMENT ON TABLE @.entries IS '{SCHEMA}'",
)
_FORMAT: Final = "SELECT obj_description(to_regclass('@.entries'), 'pg_class')"
# Read from the catalogue itself: what to_regclass says may be older than our turn.
_TABLE: Final = """SELECT count(*) FROM pg_tables
WHERE '"' || schemaname || '"' = '@' AND tablename = 'entries'"""
_GUARDS: Final = """SELECT count(*) FROM pg_trigger WHERE tgrelid = '@.entries'::regclass
AND tgname IN ('entries_follow', 'entries_stay') AND tgenabled IN ('O', 'A')"""
_GUARD_COUNT: Final = 2
_LAST: Final = "SELECT coalesce(max(seq), 0) FROM @.entries"
_TAKE_TURN: Final = f"SELECT pg_advisory_xact_lock({_LOCK}, ('@.entries'::regclass::oid)::int)"
_TAKE_ANY_TURN: Final = f"SELECT pg_advisory_xact_lock({_LOCK}, 0)"
_DURABLE: Final = """SELECT set_config('synchronous_commit', 'on', true)
WHERE current_setting('synchronous_commit') = 'off'"""
_VALUES: Final = ", ".join(f"%({name})s" for name in COLUMNS)
_INSERT: Final = f"INSERT INTO @.entries ({', '.join(COLUMNS)}) VALUES ({_VALUES})"  # noqa: S608
_MOMENT: Final = """to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_SELECTED: Final = ", ".join(
    _MOMENT.replace("{name}", name) if name in ("at", "known") else name for name in COLUMNS
)
_SELECT: Final = f"SELECT {_SELECTED} FROM @.entries WHERE seq > %(last)s ORDER BY seq"  # noqa: S608


class SqlStore(OpenStore):
    """A ledger in PostgreSQL, as ``docs/reference/ledger-files.md`` describes it.

    ``url`` is that of a database; ``name`` is the schema the ledger has there for itself, made
    where it is missing. Several may have it open for writing: they take turns, and whoever has not
    seen what another stored is told so. Raises :class:`StoreError`.
    """

    def __init__(self, url: str, *, name: str = "voucher_rules", read_only: bool = False) -> None:
        super().__init__(name, read_only=read_only)
        if _NAME.fullmatch(name) is None:
            arguments = {"name": name, "limit": str(MOST_NAME)}
            raise StoreError([Diagnostic("store-wrong-name", arguments)])
        self._name = name
        with _asking_for("SQLAlchemy"):
            self._sql: Any = import_module("sqlalchemy")
        with _asking_for("psycopg"):
            import_module("psycopg")
        address = self._read_address(url)
        self.place = f"{address.render_as_string(hide_password=True)}#{name}"
        # A snapshot per statement: what another stored while we waited for our turn must show.
        self._engine = self._sql.create_engine(
            address,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            connect_args={"client_encoding": "utf8"},
        )
        try:
            self._check_schema()
        except BaseException:
            self._engine.dispose()
            raise

    def _read_address(self, url: str) -> Any:  # noqa: ANN401 - SQLAlchemy is not there to type it
        try:
            address = self._sql.engine.make_url(url)
            backend = address.get_backend_name()
        except self._sql.exc.SQLAlchemyError:
            backend = ""
        if backend != "postgresql":
            raise StoreError([Diagnostic("store-not-postgresql", {"found": backend or "?"})])
        return address.set(drivername="postgresql+psycopg")

    def _run(self, connection: Any, statement: str, values: Any = None) -> Any:  # noqa: ANN401
        return connection.exec_driver_sql(statement.replace("@", f'"{self._name}"'), values)

    def _ask(self, connection: Any, query: str, values: Any = None) -> Any:  # noqa: ANN401
        return self._run(connection, query, values).scalar()

    def _check_schema(self) -> None:
        with self._telling(), self._engine.connect() as connection:
            encoding = self._ask(connection, "SHOW server_encoding")
            if encoding != "UTF8":
                raise StoreError(
                    [Diagnostic("store-not-utf8", {"found": str(encoding)}, path=self.place)]
                )
            if not self.read_only and not self._ask(connection, _TABLE):
                self._make_schema(connection)
            self._check_format(connection)

    def _check_format(self, connection: Any) -> None:  # noqa: ANN401
        found = str(self._ask(connection, _FORMAT))
        if not found.startswith(_FORMATS):
            raise StoreError([Diagnostic("store-not-a-ledger", {}, path=self.place)])
        if found != SCHEMA:
            arguments = {"found": found, "known": SCHEMA}
            raise StoreError([Diagnostic("store-version-unknown", arguments, path=self.place)])
        if self._ask(connection, _GUARDS) != _GUARD_COUNT:
            raise StoreError([Diagnostic("store-schema-changed", {}, path=self.place)])

    def _make_schema(self, connection: Any) -> None:  # noqa: ANN401
        """Make the ledger, unless another did while we waited for our turn."""
        self._run(connection, _TAKE_ANY_TURN)
        if not self._ask(connection, _TABLE):
            for statement in _MAKE:
                self._run(connection, statement)
        connection.commit()

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Return the entries after ``after``, as they stand when reading begins."""
        self.check_open()
        return self._read(max(0, after))

    def _read(self, last: int) -> Iterator[Entry]:
        with self._telling(), self._engine.connect() as connection:
            streamed = connection.execution_options(yield_per=_ROWS_AT_A_TIME)
            with closing(self._run(streamed, _SELECT, {"last": last})) as rows:
                for row in rows:
                    entry = read_row(row, last, self.place)
                    last = entry.seq
                    yield entry

    def append(self, entries: Sequence[Entry], expected: int) -> None:
        """Store a batch; see :class:`voucher_rules.ledger.stores.model.Store`."""
        self.check_writable()
        batch = write_batch(entries, expected, self.place)
        rows = [dict(zip(COLUMNS, make_row(*item), strict=True)) for item in batch]
        with self._telling(), self._engine.connect() as connection:
            self._run(connection, f"SET LOCAL lock_timeout = '{WAIT}s'")
            self._run(connection, _DURABLE)
            self._run(connection, _TAKE_TURN)
            check_expected(expected, self._ask(connection, _LAST), self.place)
            self._check_ids(connection, [row["id"] for row in rows])
            if rows:
                self._run(connection, _INSERT, rows)
                self._commit(connection)

    def _check_ids(self, connection: Any, ids: list[object]) -> None:  # noqa: ANN401
        query = "SELECT min(id) FROM @.entries WHERE id = ANY(%(ids)s)"
        taken = self._ask(connection, query, {"ids": ids})
        if taken is not None:
            refuse_id(str(taken), self.place)

    def _commit(self, connection: Any) -> None:  # noqa: ANN401
        try:
            connection.commit()
        except self._sql.exc.SQLAlchemyError as error:
            problem = {"problem": _shorten_problem(error)}
            raise StoreError([Diagnostic("store-uncertain", problem, path=self.place)]) from error

    def close(self) -> None:
        """Let go of the connections; closing twice does nothing."""
        super().close()
        self._engine.dispose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell what the database refuses as what it is: a ledger that cannot be used."""
        try:
            yield
        except self._sql.exc.SQLAlchemyError as error:
            raise StoreError([self._name_problem(error)]) from error

    def _name_problem(self, error: Exception) -> Diagnostic:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == _BUSY:
            return Diagnostic("store-busy", {"seconds": str(WAIT)}, path=self.place)
        problem = {"problem": _shorten_problem(error)}
        return Diagnostic("store-failed", problem, path=self.place)


def _shorten_problem(error: Exception) -> str:
    """Return the first line of what the database says: below it stand whole statements."""
    lines = str(getattr(error, "orig", None) or error).splitlines()
    return lines[0] if lines else type(error).__name__


@contextmanager
def _asking_for(package: str) -> Iterator[None]:
    """Tell that a package is missing."""
    try:
        yield
    except ImportError:
        raise StoreError([Diagnostic("store-package-missing", {"package": package})]) from None
