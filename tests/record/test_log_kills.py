"""Writers killed at any moment: every entry that was acknowledged is there, and is sound."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from log_samples import THOROUGHNESS, make_decision

from nursery import Nursery
from voucher_rules.errors import RecordError
from voucher_rules.record.log import Log, mend_tail
from voucher_rules.record.views import LogView

KILLS = 14
MOST_WAIT = 0.03

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="writers are forks")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery(Path(__file__).with_name("log_nursery.py"))
    yield made
    made.close()


def check_sound(path: Path, acknowledged: int) -> int:
    """Check that all that was acknowledged is there, and return how many entries there are."""
    view = LogView(path)
    view.load()
    assert view.size >= acknowledged
    for seq in range(1, view.size + 1):
        found = view.find_entry(seq)
        assert found is not None
        assert found.entry.body == make_decision(seq).body
    return view.size


def mend(path: Path) -> bool:
    """Move aside what a kill left, after seeing that the log cannot be written as it is."""
    whole = path.read_bytes()
    cut = not whole.endswith(b"\n")
    if cut:
        with pytest.raises(RecordError, match="log-tail-cut"):
            Log.open(path)
        mended = mend_tail(path)
        assert mended is not None
        assert path.read_bytes() + mended.path.read_bytes() == whole
    assert mend_tail(path) is None
    return cut


def test_a_killed_writer_loses_nothing_acknowledged(nursery: Nursery, tmp_path: Path) -> None:
    path = tmp_path / "killed.log"
    chance = random.Random(int(time.time()) if THOROUGHNESS > 1 else 5)  # noqa: S311 - no secret
    last = torn = 0
    for number in range(KILLS * THOROUGHNESS):
        writer = nursery.start(path, chance.random())
        acknowledged = last
        # One in four is killed before it has added anything.
        for _ in range(0 if number % 4 == 3 else 2):
            word = nursery.hear()
            acknowledged = acknowledged if word == "open" else int(word)
        time.sleep(chance.random() * MOST_WAIT)
        os.kill(writer, signal.SIGKILL)
        acknowledged = nursery.hear_out(acknowledged)
        torn += mend(path)
        last = check_sound(path, acknowledged)
    assert last > 0
    # Who is slow at writing is often cut off while at it; else the test would show little.
    assert torn > 0
    with Log.open(path) as log:
        assert not log.append(make_decision(1)).is_new
        assert log.append(make_decision(last + 1)).is_new


def test_a_writer_killed_while_it_makes_the_log(nursery: Nursery, tmp_path: Path) -> None:
    chance = random.Random(11)  # noqa: S311 - chance, not secrecy
    for number in range(6 * THOROUGHNESS):
        path = tmp_path / f"{number}.log"
        writer = nursery.start(path, "1")
        time.sleep(chance.random() * MOST_WAIT / 4)
        os.kill(writer, signal.SIGKILL)
        acknowledged = nursery.hear_out(0)
        if path.exists():
            mend_tail(path)
        if path.exists() and path.stat().st_size:
            check_sound(path, acknowledged)
        else:
            assert acknowledged == 0
