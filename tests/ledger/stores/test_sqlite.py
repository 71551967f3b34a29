"""A ledger in SQLite: what its file refuses, whoever asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from plain_entries import make_entries, make_entry

from voucher_rules.errors import ConflictError, StoreError
from voucher_rules.ledger.stores import SqliteStore, sqlite
from voucher_rules.ledger.stores.rows import make_row
from voucher_rules.ledger.write_entries import write_entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with SqliteStore(path) as store:
        store.append(make_entries(1, 3), 0)
    return path


def refuse(code: str, do: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        do()
    (found,) = caught.value.diagnostics
    assert found.code == code, caught.value
    assert found.render("zh")
    return caught.value


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def read_all(path: Path) -> list[int]:
    with SqliteStore(path, read_only=True) as store:
        return [entry.seq for entry in store.read()]


OF_LAST = "at, known, kind, ruleset, thing, corrects, text FROM entries WHERE seq = 3"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET thing = 'x' WHERE seq = 1",
        "UPDATE entries SET text = text",
        "DELETE FROM entries",
        "DELETE FROM entries WHERE seq = 3",
        "REPLACE INTO entries SELECT * FROM entries WHERE seq = 3",
        f"INSERT INTO entries SELECT 5, 'n', {OF_LAST}",
        f"INSERT INTO entries SELECT NULL, 'n', {OF_LAST}",
        f"INSERT INTO entries SELECT 4, id, {OF_LAST}",
        f"INSERT OR REPLACE INTO entries SELECT 4, id, {OF_LAST}",
        f"INSERT INTO entries SELECT 3, id, {OF_LAST} ON CONFLICT (seq) DO UPDATE SET thing = 'x'",
    ],
)
def test_entries_are_only_added_to(path: Path, statement: str) -> None:
    with pytest.raises(sqlite3.Error):
        run(path, statement)
    assert read_all(path) == [1, 2, 3]


def test_the_columns_say_what_the_entries_say(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT seq, id, at, known, kind, ruleset, thing, corrects FROM entries"
        rows = connection.execute(f"{query} ORDER BY seq").fetchall()
    at = "2024-03-01T08:30:00.000000Z"
    assert rows == [
        (1, "e-1", at, "2024-03-01T08:30:00.000001Z", "made", "cn-example", "c-1", ""),
        (2, "e-2", at, "2024-03-01T08:30:00.000002Z", "budgeted", "cn-example", "", ""),
        (3, "e-3", at, "2024-03-01T08:30:00.000003Z", "grouped", "", "", ""),
    ]


def test_the_log_is_written_ahead_and_synchronised(path: Path) -> None:
    with SqliteStore(path) as store:
        assert store._ask("PRAGMA journal_mode") == "wal"
        assert store._ask("PRAGMA synchronous") == 2


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (["PRAGMA user_version = 2"], "store-version-unknown"),
        (["PRAGMA application_id = 1"], "store-not-a-ledger"),
        (["PRAGMA application_id = 0"], "store-not-a-ledger"),
        (["DROP TRIGGER entries_stay"], "store-schema-changed"),
        (["DROP TRIGGER entries_remain"], "store-schema-changed"),
        (["DROP TRIGGER entries_follow"], "store-schema-changed"),
        (["ALTER TABLE entries ADD COLUMN more"], "store-schema-changed"),
    ],
)
def test_another_schema_is_refused(path: Path, statements: list[str], code: str) -> None:
    run(path, *statements)
    refuse(code, lambda: SqliteStore(path))
    refuse(code, lambda: SqliteStore(path, read_only=True))


def test_an_index_of_ones_own_is_allowed(path: Path) -> None:
    run(path, "CREATE INDEX by_thing ON entries (thing)", "CREATE VIEW v AS SELECT 1")
    with SqliteStore(path) as store:
        store.append(make_entries(4, 4), 3)
    assert read_all(path) == [1, 2, 3, 4]


def test_a_database_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    run(path, "CREATE TABLE entries (a)", "INSERT INTO entries VALUES (1)")
    before = path.read_bytes()
    refuse("store-not-a-ledger", lambda: SqliteStore(path))
    refuse("store-not-a-ledger", lambda: SqliteStore(path, read_only=True))
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b'{"schema":"voucher-rules/ledger/1"}\n' * 100)
    before = path.read_bytes()
    refuse("store-not-a-ledger", lambda: SqliteStore(path))
    refuse("store-not-a-ledger", lambda: SqliteStore(path, read_only=True))
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.touch()
    refuse("store-not-a-ledger", lambda: SqliteStore(path, read_only=True))
    SqliteStore(path).close()
    assert read_all(path) == []


def test_a_path_may_hold_what_means_something_in_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a?mode=memory#b%20c.db", ":memory:", "台 账.db"):
        with SqliteStore(name) as store:
            store.append(make_entries(1, 1), 0)
        assert read_all(tmp_path / name) == [1]
    refuse("store-failed", lambda: SqliteStore(tmp_path))
    refuse("store-failed", lambda: SqliteStore(tmp_path / "missing" / "ledger.db"))


def tamper(path: Path, *statements: str) -> None:
    """Change rows behind the triggers, and put these back."""
    triggers = [text for text in sqlite.SCHEMA if "TRIGGER" in text]
    names = [text.split()[2] for text in triggers]
    run(path, *[f"DROP TRIGGER {name}" for name in names], *statements, *triggers)


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE entries SET thing = 'x' WHERE seq = 2", "store-row-damaged"),
        ("UPDATE entries SET id = 'x' WHERE seq = 2", "store-row-damaged"),
        ("UPDATE entries SET at = known WHERE seq = 2", "store-row-damaged"),
        ("UPDATE entries SET text = CAST(text AS BLOB) WHERE seq = 2", "store-row-damaged"),
        ("UPDATE entries SET text = text || ' ' WHERE seq = 2", "entry-not-canonical"),
        ("UPDATE entries SET text = '' WHERE seq = 2", "entry-not-json"),
        ("DELETE FROM entries WHERE seq = 2", "store-gap"),
        ("DELETE FROM entries WHERE seq = 1", "store-gap"),
        ("UPDATE entries SET seq = 9 WHERE seq = 3", "store-row-damaged"),
        ("UPDATE entries SET text = CAST(x'ff' AS TEXT) WHERE seq = 2", "store-failed"),
    ],
)
def test_rows_changed_behind_the_triggers_are_told(path: Path, statement: str, code: str) -> None:
    tamper(path, statement)
    refuse(code, lambda: read_all(path))


def test_a_page_that_is_damaged_is_told(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    refuse("store-failed", lambda: read_all(path))


def test_who_waits_too_long_for_another_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT", 0)
    with SqliteStore(path) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = refuse("store-busy", lambda: store.append(make_entries(4, 4), 3))
        assert not isinstance(error, ConflictError)
        assert len(list(store.read())) == 3
        other.rollback()
        store.append(make_entries(4, 4), 3)


def test_a_full_disk_leaves_the_ledger_as_it_was(path: Path) -> None:
    with SqliteStore(path) as store:
        pages = store._ask("PRAGMA page_count")
        store._ask(f"PRAGMA max_page_count = {pages}")
        refuse("store-failed", lambda: store.append(make_entries(4, 400), 3))
        assert len(list(store.read())) == 3
        store._ask(f"PRAGMA max_page_count = {2**30}")
        store.append(make_entries(4, 400), 3)
        assert len(list(store.read())) == 400


def test_two_who_write_are_told_of_each_other(path: Path) -> None:
    with SqliteStore(path) as one, SqliteStore(path) as other:
        one.append([make_entry(4)], 3)
        with pytest.raises(ConflictError):
            other.append([make_entry(4, name="other")], 3)
        other.append([make_entry(5, name="other")], 4)
        assert [entry.id for entry in one.read(3)] == ["e-4", "other"]


def test_a_disk_without_a_log_written_ahead_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = SqliteStore._ask

    def answer(store: SqliteStore, query: str) -> object:
        return "delete" if "journal_mode" in query else ask(store, query)

    monkeypatch.setattr(SqliteStore, "_ask", answer)
    refuse("store-without-wal", lambda: SqliteStore(path))


def test_who_waited_sees_what_the_other_stored(path: Path) -> None:
    told: list[str] = []

    def write(store: SqliteStore) -> None:
        with pytest.raises(StoreError) as caught:
            store.append([make_entry(4, name="late")], 3)
        told.append(caught.value.diagnostics[0].code)

    with SqliteStore(path) as one, SqliteStore(path) as other:
        thread = Thread(target=write, args=(other,))
        with one._transaction():
            entry = make_entry(4)
            one._insert(make_row(entry, write_entry(entry)))
            thread.start()
            thread.join(0.3)
            assert thread.is_alive()
        thread.join()
    assert told == ["store-moved-on"]
