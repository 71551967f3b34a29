"""What every store keeps, whatever it is made of."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from entry_samples import THOROUGHNESS, draw_entries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_entries import BODIES, make_entries, make_entry
from store_kinds import KINDS, Place
from store_places import make_place, make_store

from voucher_rules.errors import ConflictError, StoreError
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.stores import Store

LASTING = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(params=["memory", *KINDS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with make_store(request.param, tmp_path) as store:
        yield store


@pytest.fixture
def place(kind: str, tmp_path: Path) -> Place:
    return make_place(kind, tmp_path)


def refuse(code: str, do: Callable[[], object], error: type[StoreError] = StoreError) -> StoreError:
    with pytest.raises(error) as caught:
        do()
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert found.render("zh")
    assert found.render("en")
    return caught.value


# In order, whole, once.


def test_a_new_store_is_empty(store: Store) -> None:
    assert list(store.read()) == []
    assert list(store.read(5)) == []


def test_what_was_stored_is_read_in_order(store: Store) -> None:
    entries = make_entries(1, 12)
    store.append(entries[:1], 0)
    store.append(entries[1:4], 1)
    store.append(entries[4:], 4)
    assert list(store.read()) == entries
    for after in range(14):
        assert list(store.read(after)) == entries[after:]
    assert list(store.read(-1)) == entries


@pytest.mark.parametrize("count", [499, 500, 501, 1001])
def test_many_entries_are_read_from_anywhere(store: Store, count: int) -> None:
    entries = make_entries(1, count)
    store.append(entries[:3], 0)
    for first in range(3, count, 97):
        store.append(entries[first : first + 97], first)
    assert list(store.read()) == entries
    for after in (1, 499, 500, 999, 1000, count - 1, count):
        assert list(store.read(after)) == entries[after:]


@settings(
    max_examples=10 * THOROUGHNESS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(data=st.data())
def test_entries_of_all_bodies_come_back(store: Store, data: st.DataObject) -> None:
    last = len(list(store.read()))
    kinds = st.sampled_from(["moved", "made", "budgeted", "grouped", "withdrawn"])
    drawn = data.draw(st.lists(kinds.flatmap(draw_entries), max_size=4))
    entries = [
        replace(entry, seq=seq, id=f"{seq}{entry.id}")
        for seq, entry in enumerate(drawn, start=last + 1)
    ]
    store.append(entries, last)
    assert list(store.read(last)) == entries


def test_an_empty_batch_changes_nothing(store: Store) -> None:
    store.append([], 0)
    store.append(make_entries(1, 2), 0)
    store.append([], 2)
    refuse("store-moved-on", lambda: store.append([], 1), ConflictError)
    assert len(list(store.read())) == 2


def test_a_batch_may_be_any_sequence(store: Store) -> None:
    store.append(tuple(make_entries(1, 3)), 0)
    assert len(list(store.read())) == 3


# What is refused leaves everything as it was.


def check_refused(
    store: Store,
    code: str,
    entries: list[Entry],
    expected: int,
    error: type[StoreError] = StoreError,
) -> None:
    before = list(store.read())
    refuse(code, lambda: store.append(entries, expected), error)
    assert list(store.read()) == before
    store.append([make_entry(len(before) + 1, name="after")], len(before))
    assert len(list(store.read())) == len(before) + 1


@pytest.mark.parametrize("seen", [0, 1, 2])
def test_who_has_not_seen_everything_is_refused(store: Store, seen: int) -> None:
    store.append(make_entries(1, 3), 0)
    check_refused(store, "store-moved-on", make_entries(seen + 1, 5), seen, ConflictError)


def test_who_has_seen_more_than_there_is_is_refused(store: Store) -> None:
    store.append(make_entries(1, 3), 0)
    with pytest.raises(StoreError) as caught:
        store.append(make_entries(5, 6), 4)
    assert not isinstance(caught.value, ConflictError)
    check_refused(store, "store-behind", make_entries(5, 6), 4)


@pytest.mark.parametrize("numbers", [[5], [3], [4, 6], [4, 4], [5, 4], [4, 5, 7]])
def test_a_gap_is_refused(store: Store, numbers: list[int]) -> None:
    store.append(make_entries(1, 3), 0)
    entries = [make_entry(seq, name=f"n-{at}") for at, seq in enumerate(numbers)]
    check_refused(store, "store-gap", entries, 3)


@pytest.mark.parametrize("names", [["e-2"], ["a", "e-2"], ["a", "a"], ["a", "b", "a"]])
def test_an_id_there_already_is_refused(store: Store, names: list[str]) -> None:
    store.append(make_entries(1, 3), 0)
    entries = [make_entry(seq, name=name) for seq, name in enumerate(names, start=4)]
    check_refused(store, "store-id-taken", entries, 3)


def test_ids_of_another_case_are_others(store: Store) -> None:
    store.append([make_entry(1, name="a"), make_entry(2, name="A"), make_entry(3, name="a ")], 0)
    assert [entry.id for entry in store.read()] == ["a", "A", "a "]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_an_entry_that_cannot_be_kept_is_refused_with_its_batch(store: Store, at: int) -> None:
    entries = make_entries(1, 3)
    entries[at] = replace(entries[at], at=entries[at].at.replace(tzinfo=None))
    check_refused(store, "entry-moment-not-utc", entries, 0)


def test_a_closed_store_is_closed(store: Store) -> None:
    store.append(make_entries(1, 1), 0)
    store.close()
    store.close()
    refuse("store-closed", lambda: store.append(make_entries(2, 2), 1))
    refuse("store-closed", store.read)


def test_a_reading_begun_goes_on_while_more_is_stored(store: Store) -> None:
    store.append(make_entries(1, 600), 0)
    reading = store.read()
    first = next(reading)
    store.append(make_entries(601, 700), 600)
    rest = list(reading)
    assert first.seq == 1
    assert [entry.seq for entry in rest][:599] == list(range(2, 601))


def test_threads_that_write_take_turns(store: Store) -> None:
    """Of all who have seen the same, one is first and the others are told."""
    stored: list[int] = []

    def write(name: str) -> None:
        for _ in range(20):
            last = max((entry.seq for entry in store.read()), default=0)
            try:
                store.append([make_entry(last + 1, name=f"{name}-{last}")], last)
            except ConflictError:
                continue
            stored.append(last + 1)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stored) == list(range(1, len(stored) + 1)) == [x.seq for x in store.read()]
    assert len(stored) >= 20


# Stores that last.


@LASTING
def test_all_is_there_when_opened_again(place: Place) -> None:
    entries = make_entries(1, 9)
    for first in (0, 3, 6):
        with place.open() as store:
            assert list(store.read()) == entries[:first]
            store.append(entries[first : first + 3], first)
    with place.open(read_only=True) as store:
        assert list(store.read()) == entries
    with place.open() as store:
        refuse("store-moved-on", lambda: store.append(entries[:3], 0), ConflictError)
        again = [make_entry(10, name="e-4")]
        refuse("store-id-taken", lambda: store.append(again, 9))


@LASTING
def test_who_only_reads_cannot_write(place: Place) -> None:
    with place.open() as store:
        store.append(make_entries(1, 2), 0)
    with place.open(read_only=True) as store:
        refuse("store-read-only", lambda: store.append(make_entries(3, 3), 2))
        assert len(list(store.read())) == 2


@LASTING
def test_a_ledger_that_is_not_there_is_not_read(place: Place) -> None:
    with pytest.raises(StoreError) as caught:
        place.open(read_only=True)
    assert caught.value.diagnostics[0].code in ("store-failed", "store-not-a-ledger")


@LASTING
def test_readers_see_what_a_writer_adds(place: Place) -> None:
    with ExitStack() as stack:
        writer = stack.enter_context(place.open())
        readers = [stack.enter_context(place.open(read_only=True)) for _ in range(3)]
        for last in range(0, 50, 5):
            writer.append(make_entries(last + 1, last + 5), last)
            for reader in readers:
                assert [x.seq for x in reader.read(last)] == list(range(last + 1, last + 6))
        assert [len(list(reader.read())) for reader in readers] == [50, 50, 50]


READ_ON = """
import sys
from store_kinds import KINDS
kind, address, count = sys.argv[1:]
with KINDS[kind](address).open(read_only=True) as store:
    print("ready", flush=True)
    last = 0
    while last < int(count):
        for entry in store.read(last):
            assert entry.seq == last + 1
            last = entry.seq
        assert not getattr(store, "torn", False)
        # Batches are told apart by their ids: nobody sees a part of one.
        if last:
            assert entry.id.endswith("-last"), entry.id
"""


@LASTING
def test_another_process_reads_whole_batches_while_one_writes(kind: str, place: Place) -> None:
    with place.open() as store:
        count = 300
        reader = subprocess.Popen(
            [sys.executable, "-c", READ_ON, kind, place.address, str(count)],
            cwd=Path(__file__).parent,
            stdout=subprocess.PIPE,
        )
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"ready\n"
        for last in range(0, count, 10):
            entries = make_entries(last + 1, last + 10)
            entries[-1] = replace(entries[-1], id=f"{last + 10}-last")
            store.append(entries, last)
        assert reader.wait(120) == 0
        reader.stdout.close()


WRITE_ON = """
import sys
from plain_entries import make_entry
from store_kinds import KINDS
from voucher_rules.errors import ConflictError
kind, address, name, count = sys.argv[1:]
won = last = 0
with KINDS[kind](address).open() as store:
    while won < int(count):
        last = max((entry.seq for entry in store.read(last)), default=last)
        try:
            store.append([make_entry(last + at, name=f"{name}-{last}-{at}") for at in (1, 2)], last)
        except ConflictError:
            continue
        won += 1
print(won)
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_write_take_turns(kind: str, place: Place) -> None:
    """Nobody made the ledger before: making it is a turn too."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE_ON, kind, place.address, name, "8"],
            cwd=Path(__file__).parent,
        )
        for name in "abc"
    ]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    with place.open(read_only=True) as store:
        entries = list(store.read())
    assert [entry.seq for entry in entries] == list(range(1, 49))
    batches = [entry.id.rpartition("-")[0] for entry in entries]
    assert all(one == other for one, other in list(pairwise(batches))[::2])
    assert len(set(batches)) == 24


@LASTING
def test_stores_agree_on_the_texts(place: Place) -> None:
    """A ledger copied from one store into another is the same ledger."""
    entries = [make_entry(seq, body=body) for seq, body in enumerate(BODIES, start=1)]
    with place.open() as store:
        store.append(entries, 0)
        copied = make_store("memory", Path())
        copied.append(list(store.read()), 0)
        assert list(copied.read()) == entries
