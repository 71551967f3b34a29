"""Replaying with several processes: the same bytes however the work is shared; none is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_tamper import FOLDER, RULESET, Line, chain, make_log, read_lines, seal, write_lines

import voucher_rules as vr
from voucher_rules.errors import RecordError
from voucher_rules.record import lines as lines_module
from voucher_rules.record import workers as workers_module
from voucher_rules.record.lines import Line as RawLine
from voucher_rules.record.lines import gather_lots
from voucher_rules.record.workers import AT_ONCE, Crew

SIZE = 40
JOBS = (1, 2, 3)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """The header and the entries of a sound log; the last revokes another."""
    folder = tmp_path_factory.mktemp("sharing")
    make_log(folder)
    head, *entries = read_lines(folder / "log.jsonl")
    many = [head]
    at = entries[-1]["recorded_at"]
    for seq in range(1, SIZE):
        told = {"seq": seq, "request_id": f"r{seq}", "recorded_at": at}
        many.append({**entries[seq % len(entries)], **told})
    many.append(revoke(many[3]))
    chain(many)
    return many


def revoke(line: Line) -> Line:
    """Return an entry by which the decision of another no longer stands, as the last one."""
    said = {"kind": "revocation", "because": "paid twice", "refers_seq": line["seq"]}
    left = {"body": None, "trace": None, "decision_digest": None}
    last = {"seq": SIZE, "request_id": "last", "refers_to": line["decision_digest"]}
    return {**line, **said, **left, **last}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, int], None]]:
    """Let few lines be enough for other processes to begin."""

    def set_sizes(count: int, size: int) -> None:
        monkeypatch.setattr(lines_module, "LOT_LINES", count)
        monkeypatch.setattr(lines_module, "LOT_BYTES", size)
        monkeypatch.setattr(workers_module, "AT_ONCE", 1)

    yield set_sizes
    monkeypatch.undo()


def keep(written: list[bytes], _: int) -> None:
    assert written


def drop_a_line(written: list[bytes], place: int) -> None:
    del written[place]


def repeat_a_line(written: list[bytes], place: int) -> None:
    written.insert(place + 1, written[place])


def swap_two_lines(written: list[bytes], place: int) -> None:
    other = 1 + place % SIZE
    written[place], written[other] = written[other], written[place]


def flip_a_byte(written: list[bytes], place: int) -> None:
    found = bytearray(written[place])
    found[len(found) // 2] ^= 1
    written[place] = bytes(found)


def cut_the_end(written: list[bytes], _: int) -> None:
    written[-1] = written[-1][:-9]


TAMPERINGS = (keep, drop_a_line, repeat_a_line, swap_two_lines, flip_a_byte, cut_the_end)


def change_an_amount(lines: list[Line], place: int) -> list[Line]:
    """Return the lines with another amount recorded in one, and the digests made to fit."""
    body = dict(lines[place]["body"])
    body["facts"] = {**body["facts"], "ticket.price": "1.00"}
    changed = [*lines[:place], {**lines[place], "body": body}, *lines[place + 1 :]]
    changed = [dict(line) for line in changed]
    seal(changed[place])
    chain(changed)
    return changed


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    tampering=st.sampled_from(TAMPERINGS),
    place=st.integers(1, SIZE),
    amount=st.one_of(st.none(), st.integers(1, SIZE - 1)),
    lot=st.integers(1, SIZE + 1),
    size=st.sampled_from([1, 5_000, 1 << 18]),
)
def test_a_report_is_the_same_bytes_however_it_is_shared(  # noqa: PLR0913, PLR0917 - what is drawn
    lines: list[Line],
    small: Callable[[int, int], None],
    tmp_path: Path,
    tampering: Callable[[list[bytes], int], None],
    place: int,
    amount: int | None,
    lot: int,
    size: int,
) -> None:
    path = tmp_path / "log.jsonl"
    write_lines(path, lines if amount is None else change_an_amount(lines, amount))
    written = path.read_bytes().splitlines(keepends=True)
    tampering(written, place)
    path.write_bytes(b"".join(written))
    small(1_000, 1 << 30)
    alone = vr.replay(path, folders=[FOLDER], jobs=1).written
    small(lot, size)
    for jobs in JOBS:
        assert vr.replay(path, folders=[FOLDER], jobs=jobs).written == alone


@pytest.mark.parametrize("jobs", JOBS)
@pytest.mark.parametrize("lot", [1, 7, SIZE])
def test_an_impact_is_the_same_bytes_however_it_is_shared(
    lines: list[Line],
    small: Callable[[int, int], None],
    tmp_path: Path,
    jobs: int,
    lot: int,
) -> None:
    path = tmp_path / "log.jsonl"
    write_lines(path, lines)
    reform = RULESET.amend({"part": "70%"})
    alone = vr.impact(path, reform, jobs=1)
    small(lot, 1 << 30)
    assert vr.impact(path, reform, jobs=jobs).written == alone.written
    decisions = alone.to_data()["decisions"]
    assert decisions == {"count": SIZE - 2, "others": 0, "superseded": 1, "not_in_force": 0}


def test_two_replays_at_a_time_keep_to_their_own_rulesets(
    lines: list[Line], tmp_path: Path
) -> None:
    """What one replay has at hand is not that of another in the same process."""
    from voucher_rules.record.replaying import Replay  # noqa: PLC0415 - needed here alone

    path = tmp_path / "log.jsonl"
    write_lines(path, lines)
    one = iter(Replay(path, [FOLDER], jobs=1))
    other = iter(Replay(path, [tmp_path], jobs=1))
    pairs = list(zip(one, other, strict=True))
    found = {tuple(str(x.verdict.law) for x in pair if x.verdict) for pair in pairs}
    assert found == {("found", "missing"), ()}


def raw(size: int, line: int = 2) -> RawLine:
    return RawLine(line, 0, b"x" * size)


def test_a_lot_is_bounded_by_its_lines_and_by_its_bytes(
    small: Callable[[int, int], None],
) -> None:
    small(3, 10)
    assert [len(x) for x in gather_lots([raw(1)] * 2)] == [2]
    assert [len(x) for x in gather_lots([raw(1)] * 3)] == [3]
    assert [len(x) for x in gather_lots([raw(1)] * 4)] == [3, 1]
    assert [len(x) for x in gather_lots([raw(9), raw(1), raw(1)])] == [2, 1]
    assert [len(x) for x in gather_lots([raw(10), raw(1)])] == [1, 1]
    assert [len(x) for x in gather_lots([raw(11), raw(1)])] == [1, 1]
    assert [len(x) for x in gather_lots([RawLine(2, 0, None)] * 4)] == [3, 1]
    assert list(gather_lots([])) == []


def end_abruptly(_: int, item: int) -> int:
    if item == AT_ONCE + 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal on this system")
def test_a_process_that_is_killed_is_told_and_nothing_is_concluded() -> None:
    with Crew(int, ("2",), 2, "some.log") as crew:
        done = crew.work(end_abruptly, iter(range(500)))
        with pytest.raises(RecordError) as error:
            list(done)
    (told,) = error.value.diagnostics
    assert (told.code, told.path) == ("worker-lost", "some.log")
    assert "工作进程" in error.value.render("zh")


def count_ahead(jobs: int) -> int:
    """Return how far a stream is read ahead of what is taken from it."""
    taken = 0

    def stream() -> Iterator[int]:
        nonlocal taken
        for item in range(10_000):
            taken += 1
            yield item

    with Crew(int, ("2",), jobs) as crew:
        done = crew.work(add, stream())
        for count, _ in enumerate(done, start=1):
            if count == AT_ONCE * 4:
                return taken - count
    return 0


def add(one: int, other: int) -> int:
    return one + other


@pytest.mark.parametrize("jobs", JOBS)
def test_no_more_is_read_ahead_than_keeps_the_processes_busy(jobs: int) -> None:
    assert count_ahead(jobs) <= jobs * workers_module.AHEAD
