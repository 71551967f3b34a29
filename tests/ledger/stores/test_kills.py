"""Writers killed at any moment: all that was acknowledged is there, and nothing half written."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from entry_samples import THOROUGHNESS
from plain_entries import make_entry
from postgres_server import PostgresServer, find_programs
from store_kinds import KINDS, JsonLinesPlace, Place
from store_places import make_place, skip_without_postgres

from nursery import Nursery
from voucher_rules.errors import StoreError
from voucher_rules.ledger.stores import JsonLinesStore

KILLS = {"json-lines": 12, "sqlite": 8, "postgresql": 6}
MOST_WAIT = 0.04


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery(Path(__file__).with_name("kill_nursery.py"))
    yield made
    made.close()


def check_whole(place: Place, before: int, acknowledged: int) -> int:
    """Check what was added after ``before``, and return the last entry there is."""
    with place.open(read_only=True) as store:
        added = list(store.read(before))
    assert [entry.seq for entry in added] == list(range(before + 1, before + len(added) + 1))
    assert all(entry.body == make_entry(entry.seq).body for entry in added)
    last = before + len(added)
    assert last >= acknowledged
    assert not added or added[-1].id == f"{last}-last"
    # Beyond what was acknowledged there is at most the one batch that was on its way.
    whole = [entry.seq for entry in added if entry.seq > acknowledged and "last" in entry.id]
    assert len(whole) <= 1
    return last


def mend(place: Place) -> bool:
    """Repair a file that a kill left torn, after seeing that it cannot be written as it is."""
    if not isinstance(place, JsonLinesPlace):
        return False
    with place.open(read_only=True) as store:
        torn = store.torn
    if torn:
        with pytest.raises(StoreError, match="store-torn"):
            place.open()
        assert JsonLinesStore.repair(place.address) is not None
    assert JsonLinesStore.repair(place.address) is None
    return torn


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_writer_leaves_whole_batches(kind: str, nursery: Nursery, tmp_path: Path) -> None:
    place = make_place(kind, tmp_path)
    chance = random.Random(int(time.time()) if THOROUGHNESS > 1 else kind)  # noqa: S311 - chance, not secrecy
    last = torn = 0
    for number in range(KILLS[kind] * THOROUGHNESS):
        writer = nursery.start(kind, place.address, f"{chance.random()}@{last}")
        acknowledged = last
        # One in four is killed before it has stored anything.
        for _ in range(0 if number % 4 == 3 else 2):
            word = nursery.hear()
            acknowledged = acknowledged if word == "open" else int(word)
        time.sleep(chance.random() * MOST_WAIT)
        os.kill(writer, signal.SIGKILL)
        acknowledged = nursery.hear_out(acknowledged)
        last = check_whole(place, last, acknowledged)
        torn += mend(place)
    assert last > 0
    # Who is slow at writing is often cut off while at it; else the test would show little.
    assert torn > 0 or kind != "json-lines"
    with place.open() as store:
        assert len(list(store.read())) == last
        store.append([make_entry(last + 1, name="more")], last)


@pytest.mark.parametrize("kind", KINDS)
def test_a_writer_killed_while_it_makes_the_ledger(
    kind: str, nursery: Nursery, tmp_path: Path
) -> None:
    chance = random.Random(kind)  # noqa: S311 - chance, not secrecy
    for number in range(5 * THOROUGHNESS):
        folder = tmp_path / str(number)
        folder.mkdir()
        place = make_place(kind, folder)
        writer = nursery.start(kind, place.address, "1@0")
        time.sleep(chance.random() * MOST_WAIT / 4)
        os.kill(writer, signal.SIGKILL)
        acknowledged = nursery.hear_out(0)
        if (folder / "ledger").exists() and kind == "json-lines":
            mend(place)
        place.open().close()
        check_whole(place, 0, acknowledged)


def test_a_server_that_crashes_keeps_what_was_acknowledged(nursery: Nursery) -> None:
    skip_without_postgres()
    programs = find_programs()
    assert programs is not None
    server = PostgresServer(programs)
    try:
        place = KINDS["postgresql"](f"{server.url}#crashing")
        chance = random.Random(1)  # noqa: S311 - chance, not secrecy
        last = 0
        for _ in range(THOROUGHNESS):
            nursery.start("postgresql", place.address, f"{chance.random()}@{last}")
            assert nursery.hear() == "open"
            acknowledged = int(nursery.hear())
            time.sleep(chance.random() * MOST_WAIT)
            server.crash()
            acknowledged = nursery.hear_out(acknowledged)
            server.start()
            last = check_whole(place, last, acknowledged)
        assert last > 0
    finally:
        server.stop()
