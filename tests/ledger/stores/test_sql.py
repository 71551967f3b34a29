"""A ledger in PostgreSQL: what the database refuses, whoever asks; and who has no PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from plain_entries import make_entries
from postgres_server import start_server
from store_kinds import Place
from store_places import make_place, skip_without_postgres

from voucher_rules.errors import StoreError
from voucher_rules.ledger.stores import SqlStore, sql


@pytest.fixture
def place(tmp_path: Any) -> Place:  # noqa: ANN401
    place = make_place("postgresql", tmp_path)
    with place.open() as store:
        store.append(make_entries(1, 3), 0)
    return place


def refuse(code: str, do: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        do()
    (found,) = caught.value.diagnostics
    assert found.code == code, caught.value
    assert found.render("zh")
    return caught.value


def connect(database: str = "postgres") -> Any:  # noqa: ANN401 - psycopg may not be there
    skip_without_postgres()
    address = f"host={start_server().folder} user=voucher dbname={database}"
    return import_module("psycopg").connect(address, autocommit=True)


def run(place: Place, *statements: str) -> list[Any]:
    name = place.address.partition("#")[2]
    rows: list[Any] = []
    with connect() as connection:
        for statement in statements:
            cursor = connection.execute(statement.replace("@", name))
            rows = cursor.fetchall() if cursor.description else []
    return rows


def read_all(place: Place) -> list[int]:
    with place.open(read_only=True) as store:
        return [entry.seq for entry in store.read()]


AS_LAST = "id || 'n', at, known, kind, ruleset, thing, corrects, text FROM @.entries WHERE seq = 3"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE @.entries SET thing = 'x' WHERE seq = 1",
        "DELETE FROM @.entries",
        "TRUNCATE @.entries",
        f"INSERT INTO @.entries SELECT 5, {AS_LAST}",
        f"INSERT INTO @.entries SELECT 3, {AS_LAST}",
        f"INSERT INTO @.entries SELECT NULL, {AS_LAST}",
        f"INSERT INTO @.entries SELECT 3, {AS_LAST} ON CONFLICT (seq) DO UPDATE SET thing = 'x'",
    ],
)
def test_entries_are_only_added_to(place: Place, statement: str) -> None:
    with pytest.raises(Exception, match="entries"):
        run(place, statement)
    assert read_all(place) == [1, 2, 3]


def test_the_columns_say_what_the_entries_say(place: Place) -> None:
    query = "SELECT seq, id, known::text, kind, ruleset, thing, corrects FROM @.entries"
    known = "2024-03-01 08:30:00.00000"
    assert run(place, "SET timezone = 'UTC'", f"{query} ORDER BY seq") == [
        (1, "e-1", f"{known}1+00", "made", "cn-example", "c-1", ""),
        (2, "e-2", f"{known}2+00", "budgeted", "cn-example", "", ""),
        (3, "e-3", f"{known}3+00", "grouped", "", "", ""),
    ]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("COMMENT ON TABLE @.entries IS 'voucher-rules/ledger/2'", "store-version-unknown"),
        ("COMMENT ON TABLE @.entries IS NULL", "store-not-a-ledger"),
        ("DROP TRIGGER entries_stay ON @.entries", "store-schema-changed"),
        ("ALTER TABLE @.entries DISABLE TRIGGER entries_follow", "store-schema-changed"),
    ],
)
def test_another_schema_is_refused(place: Place, statement: str, code: str) -> None:
    run(place, statement)
    refuse(code, place.open)
    refuse(code, lambda: place.open(read_only=True))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE @.entries SET thing = 'x' WHERE seq = 2", "store-row-damaged"),
        ("UPDATE @.entries SET at = known WHERE seq = 2", "store-row-damaged"),
        ("UPDATE @.entries SET at = 'infinity' WHERE seq = 2", "store-row-damaged"),
        ("UPDATE @.entries SET text = text || ' ' WHERE seq = 2", "entry-not-canonical"),
        ("DELETE FROM @.entries WHERE seq = 2", "store-gap"),
    ],
)
def test_rows_changed_behind_the_triggers_are_told(place: Place, statement: str, code: str) -> None:
    run(
        place,
        "ALTER TABLE @.entries DISABLE TRIGGER ALL",
        statement,
        "ALTER TABLE @.entries ENABLE TRIGGER ALL",
    )
    refuse(code, lambda: read_all(place))


def test_a_table_of_another_kind_is_left_alone(place: Place) -> None:
    run(place, "CREATE SCHEMA @x", "CREATE TABLE @x.entries (a int)")
    other = type(place)(f"{place.address}x")
    refuse("store-not-a-ledger", other.open)
    assert run(place, "SELECT count(*) FROM @x.entries") == [(0,)]


def test_who_waits_too_long_for_another_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "WAIT", 1)
    name = place.address.partition("#")[2]
    with place.open() as store, connect() as other:
        other.execute("BEGIN")
        other.execute(sql._TAKE_TURN.replace("@", name))
        refuse("store-busy", lambda: store.append(make_entries(4, 4), 3))
        other.execute("ROLLBACK")
        store.append(make_entries(4, 4), 3)


def test_a_connection_lost_on_commit_leaves_it_open(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = SqlStore._commit

    def lose(store: SqlStore, connection: Any) -> None:  # noqa: ANN401
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        run(place, f"SELECT pg_terminate_backend({pid}, 5000)")
        commit(store, connection)

    with place.open() as store:
        with monkeypatch.context() as patch:
            patch.setattr(SqlStore, "_commit", lose)
            refuse("store-uncertain", lambda: store.append(make_entries(4, 4), 3))
        assert len(list(store.read())) == 3
        store.append(make_entries(4, 4), 3)
    assert read_all(place) == [1, 2, 3, 4]


def test_a_server_that_does_not_wait_for_its_disk_is_made_to(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    commit = SqlStore._commit

    def look(store: SqlStore, connection: Any) -> None:  # noqa: ANN401
        said.append(connection.exec_driver_sql("SHOW synchronous_commit").scalar())
        commit(store, connection)

    monkeypatch.setattr(SqlStore, "_commit", look)
    run(place, "ALTER ROLE voucher SET synchronous_commit = off")
    with place.open() as store:
        store.append(make_entries(4, 4), 3)
    run(place, "ALTER ROLE voucher SET synchronous_commit = local")
    with place.open() as store:
        store.append(make_entries(5, 5), 4)
    run(place, "ALTER ROLE voucher RESET synchronous_commit")
    assert said == ["on", "local"]


def test_a_database_in_another_encoding_is_refused(place: Place) -> None:
    run(place, "CREATE DATABASE @ ENCODING 'SQL_ASCII' TEMPLATE template0")
    url, _, name = place.address.partition("#")
    refuse("store-not-utf8", lambda: SqlStore(url.replace("/postgres?", f"/{name}?")))


@pytest.mark.parametrize("name", ["user", "select", "a", "a" * 40, "x_1"])
def test_names_of_ledgers(place: Place, name: str) -> None:
    url = place.address.partition("#")[0]
    with SqlStore(url, name=name) as store:
        last = len(list(store.read()))
        store.append(make_entries(last + 1, last + 1), last)


def test_two_ledgers_in_one_database_are_apart(place: Place) -> None:
    url = place.address.partition("#")[0]
    with SqlStore(url, name="apart") as store:
        assert list(store.read()) == []


# Without a server, and without the packages.


@pytest.mark.parametrize("name", ["", "A", "1a", "a" * 41, 'a"', "a.b", "a-b", "a\n", "ａ"])
def test_names_that_would_need_quoting_are_refused(name: str) -> None:
    refuse("store-wrong-name", lambda: SqlStore("postgresql://", name=name))


@pytest.mark.parametrize(
    ("missing", "package"), [("sqlalchemy", "SQLAlchemy"), ("psycopg", "psycopg")]
)
def test_a_missing_package_is_told(
    monkeypatch: pytest.MonkeyPatch, missing: str, package: str
) -> None:
    def find(module: str) -> object:
        if module == missing:
            raise ModuleNotFoundError(module)
        return object()

    monkeypatch.setattr(sql, "import_module", find)
    error = refuse("store-package-missing", lambda: SqlStore("postgresql://"))
    assert f"{package}, which is not installed" in str(error)
    assert "voucher-rules[sql]" in str(error)


@pytest.mark.parametrize("url", ["sqlite:///a.db", "mysql://a", "hello", "", "postgresqlx://"])
def test_other_databases_are_refused(url: str) -> None:
    skip_without_postgres()
    refuse("store-not-postgresql", lambda: SqlStore(url))


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    skip_without_postgres()
    url = "postgresql://me:secret@/nowhere?host=/nowhere"
    error = refuse("store-failed", lambda: SqlStore(url))
    assert "secret" not in error.render("en") + error.render("zh")
