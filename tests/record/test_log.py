"""A log that is written and read: one writer, many readers, repeated requests, references."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from log_samples import (
    HEADER,
    START,
    SYSTEM,
    TRACE,
    make_body,
    make_change,
    make_close,
    make_decision,
    tell_time,
    write_log,
)

from voucher_rules.errors import RecordError
from voucher_rules.record.entries import Draft, EntryKind, Recorded, Recorder
from voucher_rules.record.log import Log, mend_tail
from voucher_rules.record.merkle import hash_leaf, hash_leaves
from voucher_rules.record.scanning import LogReader
from voucher_rules.record.views import LogView


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.log"


def tell_codes(error: pytest.ExceptionInfo[RecordError]) -> list[str]:
    for item in error.value.diagnostics:
        assert item.render("zh") != item.render("en")
    return [item.code for item in error.value.diagnostics]


def refuse(action: Callable[[], object], code: str) -> RecordError:
    with pytest.raises(RecordError) as error:
        action()
    assert tell_codes(error) == [code]
    return error.value


def load(path: Path) -> LogView:
    view = LogView(path)
    view.load()
    return view


def test_what_is_appended_is_read_back(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        added = [log.append(make_decision(number)) for number in (1, 2, 3)]
    assert all(item.is_new for item in added)
    reader = LogReader(path)
    assert reader.header == HEADER
    assert list(reader.read()) == [item.recorded for item in added]
    assert [item.entry.seq for item in reader.read(after=1)] == [2, 3]
    assert reader.tail is None
    entry = added[0].recorded.entry
    assert (entry.prev, entry.log_id) == (reader.header_digest, "test-log")
    assert (entry.body, entry.trace) == (make_body(1), TRACE)
    assert (entry.recorder, entry.recorded_at) == (SYSTEM, tell_time(1))
    assert added[2].recorded.entry.prev == added[1].recorded.digest


def test_places_of_lines_are_told(path: Path) -> None:
    lines = write_log(path, 3)
    view = load(path)
    for seq in (1, 2, 3):
        found = view.find_entry(seq)
        assert found is not None
        assert found.line == seq + 1
        assert found.offset == len(b"".join(lines[:seq]))
        assert found.written + b"\n" == lines[seq]
    assert view.find_entry(0) is None
    assert view.find_entry(4) is None


def test_a_log_that_grows_over_several_openings_is_the_same(tmp_path: Path) -> None:
    write_log(tmp_path / "one", 6)
    write_log(tmp_path / "other", 2)
    with Log.open(tmp_path / "other") as log:
        log.append(make_decision(3))
        log.append_all([make_decision(4)])
    with Log.open(tmp_path / "other") as log:
        log.append_all([make_decision(5), make_decision(6)])
        assert log.size == 6
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_the_head_is_that_of_the_file(path: Path) -> None:
    lines = write_log(path, 7)
    expected = hash_leaves(hash_leaf(line[:-1]) for line in lines[1:])
    assert load(path).head.tree.root() == expected
    with Log.open(path) as log:
        assert (log.size, log.head.tree.root()) == (7, expected)
        log.append(make_decision(8))
        assert log.head.tree.root() == load(path).head.tree.root() != expected


def test_nothing_is_written_over_what_is_there(path: Path) -> None:
    write_log(path, 1)
    before = path.read_bytes()
    refuse(lambda: Log.create(path, HEADER), "file-exists")
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_log(path: Path) -> None:
    path.touch()
    refuse(lambda: Log.open(path), "log-not-a-log")
    Log.create(path, HEADER).close()
    assert load(path).size == 0


def test_what_is_no_log_is_left_alone(path: Path) -> None:
    for text in ("{}\n", "name,amount\n1,2\n", '{"schema":"voucher-rules/ledger/1"}\n', "[]\n"):
        path.write_text(text)
        with pytest.raises(RecordError, match=r"log-not-a-log|log-line-damaged"):
            Log.open(path)
        with pytest.raises(RecordError, match=r"log-not-a-log|log-line-damaged"):
            mend_tail(path)
        assert path.read_text() == text
    path.write_text("no line")
    refuse(lambda: mend_tail(path), "log-not-a-log")
    refuse(lambda: LogReader(path.parent / "none"), "file-not-found")
    refuse(lambda: Log.open(path.parent / "none"), "file-not-found")
    refuse(lambda: LogReader(path.parent), "log-failed")


def test_a_later_format_is_told(path: Path) -> None:
    lines = write_log(path, 0)
    path.write_bytes(lines[0].replace(b"log/1", b"log/2"))
    refuse(lambda: LogReader(path), "log-version-unknown")


def test_there_is_one_writer(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        refuse(lambda: Log.open(path), "log-locked")
        refuse(lambda: mend_tail(path), "log-locked")
        refuse(lambda: Log.create(path, HEADER), "log-locked")
        log.append(make_decision(1))
        assert LogReader(path).is_being_written()
    assert not LogReader(path).is_being_written()
    Log.open(path).close()
    refuse(lambda: log.append(make_decision(2)), "log-not-open")
    log.close()


def test_a_writer_of_another_process_is_told_too(path: Path) -> None:
    write_log(path, 1)
    program = (
        "import sys; from voucher_rules.record.log import Log\n"
        "log = Log.open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        refuse(lambda: Log.open(path), "log-locked")
        assert load(path).size == 1
        other.kill()
    Log.open(path).close()


def test_readers_see_whole_lines_while_a_line_is_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    seen = []

    def write_slowly(descriptor: int, data: memoryview) -> int:
        done = write(descriptor, data[:50])
        reader = LogReader(path)
        seen.append((len(list(reader.read())), reader.tail is not None))
        return done

    with Log.create(path, HEADER) as log:
        log.append(make_decision(1))
        monkeypatch.setattr(os, "write", write_slowly)
        log.append_all([make_decision(2), make_decision(3)])
    assert set(seen) >= {(1, True), (2, True), (3, False)}
    assert set(seen) <= {(1, True), (2, True), (2, False), (3, False)}


def test_a_reader_goes_on_to_what_is_added_meanwhile(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        log.append(make_decision(1))
        reading = LogReader(path).read()
        assert next(reading).entry.seq == 1
        log.append(make_decision(2))
        assert [item.entry.seq for item in reading] == [2]


def test_every_entry_is_on_the_disk_before_it_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: sizes.append(os.fstat(descriptor).st_size))
    with Log.create(path, HEADER) as log:
        for number in (1, 2, 3):
            log.append(make_decision(number))
            assert sizes[-1] == path.stat().st_size
        synchronised = len(sizes)
        log.append_all(make_decision(number) for number in range(4, 40))
        assert len(sizes) == synchronised + 1
        assert sizes[-1] == path.stat().st_size


def test_what_another_left_is_on_the_disk_before_it_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_log(path, 2)
    sizes = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: sizes.append(os.fstat(descriptor).st_size))
    with Log.open(path) as log:
        assert sizes == [path.stat().st_size]
        assert not log.append(make_decision(2)).is_new


def test_a_write_that_fails_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write

    def write_half(descriptor: int, data: memoryview) -> int:
        write(descriptor, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    with Log.create(path, HEADER) as log:
        log.append(make_decision(1))
        before = path.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", write_half)
            refuse(lambda: log.append(make_decision(2)), "log-failed")
        assert path.read_bytes() == before
        assert log.append(make_decision(2)).recorded.entry.seq == 2
    assert load(path).size == 2


def test_a_disk_that_fails_ends_the_writing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(5, f"Input/output error of {descriptor}")

    with Log.create(path, HEADER) as log:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            refuse(lambda: log.append(make_decision(1)), "log-failed")
        refuse(lambda: log.append(make_decision(1)), "log-broken")
    with Log.open(path) as log:
        log.append(make_decision(1))


def test_a_file_that_is_changed_under_its_writer_is_not_written(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        log.append(make_decision(1))
        other = path.with_name("other")
        other.write_bytes(path.read_bytes())
        with path.open("ab") as file:
            file.write(b"x")
        refuse(lambda: log.append(make_decision(2)), "log-replaced")
        other.replace(path)
        refuse(lambda: log.append(make_decision(2)), "log-replaced")
    assert load(path).size == 1


def test_threads_take_turns(path: Path) -> None:
    with Log.create(path, HEADER) as log:

        def write_on(first: int) -> None:
            for number in range(first, first + 10):
                log.append(make_decision(number, recorded_at=START))

        threads = [threading.Thread(target=write_on, args=(10 * n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    view = load(path)
    assert view.size == 40
    assert all(view.find_request(f"request-{number}") for number in range(40))


# Requests that come again.


def test_a_repeated_request_is_recorded_once(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        first = log.append(make_decision(1))
        size = path.stat().st_size
        again = log.append(
            make_decision(
                1,
                recorded_at=tell_time(500),
                recorder=Recorder("vouchers-2", SYSTEM.operator),
                runtime={"python": "3.13"},
            )
        )
        assert again.recorded == first.recorded
        assert (first.is_new, again.is_new) == (True, False)
        assert path.stat().st_size == size
    with Log.open(path) as log:
        assert log.append(make_decision(1)).recorded == first.recorded
        assert log.size == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"body": make_body(2)},
        {"trace": None},
        {"because": "other"},
        {"recorder": Recorder(SYSTEM.system, "clerk-8")},
        {"kind": EntryKind.CLOSE, "body": None, "trace": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_request_with_another_content_is_refused(path: Path, changes: dict[str, object]) -> None:
    with Log.create(path, HEADER) as log:
        log.append(make_decision(1))
        refuse(lambda: log.append(make_decision(1, **changes)), "log-request-taken")
        batch = [make_decision(2), make_decision(2, **{"because": "x", **changes})]
        refuse(lambda: log.append_all(batch), "log-request-taken")
        assert log.size == 1
    assert load(path).size == 1


def test_a_batch_that_ended_half_way_is_completed(path: Path) -> None:
    write_log(path, 2)
    with Log.open(path) as log:
        done = log.append_all([make_decision(number) for number in (1, 2, 2, 3, 1, 3)])
        assert [item.recorded.entry.seq for item in done] == [1, 2, 2, 3, 1, 3]
        assert [item.is_new for item in done] == [False, False, False, True, False, False]


def test_a_request_in_two_lines_is_told(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        log.append(make_decision(1))
        batch = [make_decision(2), make_decision(3)]
        log.append_all(batch)
        log._index._requests = type(log._index._requests)()  # a writer that looks at nothing
        log.append(make_decision(2, recorded_at=tell_time(3)))
    view = LogView(path)
    codes = [[fault.code for fault in item.faults] for item in view.scan()]
    assert codes == [[], [], [], ["log-request-twice"]]
    refuse(lambda: Log.open(path), "log-request-twice")


# Entries that refer to others.

CHANGES = [EntryKind.CORRECTION, EntryKind.REDECISION, EntryKind.REVOCATION]


@pytest.mark.parametrize("kind", [*CHANGES, EntryKind.ERASURE])
def test_an_entry_refers_to_a_decision(path: Path, kind: EntryKind) -> None:
    with Log.create(path, HEADER) as log:
        first = log.append(make_decision(1)).recorded
        change = make_change(2, kind, first)
        wrong = [
            (replace(change, refers_seq=2), "log-refers-nowhere"),
            (replace(change, refers_seq=3), "log-refers-nowhere"),
            (replace(change, refers_to="sha256:" + "0" * 64), "log-refers-otherwise"),
            (replace(change, refers_seq=0), "log-field-wrong"),
            (replace(change, refers_seq=None), "log-field-needed"),
            (replace(change, refers_to=None), "log-field-needed"),
            (replace(change, because=None), "log-field-needed"),
            (replace(change, because=""), "log-field-wrong"),
        ]
        for draft, code in wrong:
            refuse(lambda draft=draft: log.append(draft), code)  # type: ignore[misc]
        assert log.append(change).recorded.entry.refers_seq == 1
        assert log.size == 2


@pytest.mark.parametrize("first_kind", CHANGES)
@pytest.mark.parametrize("kind", [*CHANGES, EntryKind.ERASURE])
@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "at once"])
def test_a_decision_is_changed_once(
    path: Path, first_kind: EntryKind, kind: EntryKind, *, at_once: bool
) -> None:
    with Log.create(path, HEADER) as log:
        first = log.append(make_decision(1)).recorded
        drafts = [make_change(2, first_kind, first), make_change(3, kind, first)]

        def add() -> None:
            for part in [drafts] if at_once else [[draft] for draft in drafts]:
                log.append_all(part)

        if kind is EntryKind.ERASURE:
            add()
        elif first_kind is EntryKind.REVOCATION:
            refuse(add, "log-refers-to-revoked")
        else:
            refuse(add, "log-refers-to-superseded")
        assert log.size == (3 if kind is EntryKind.ERASURE else 1 if at_once else 2)


def test_what_stands_is_told(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        first = log.append(make_decision(1)).recorded
        second = log.append(make_change(2, EntryKind.CORRECTION, first)).recorded
        third = log.append(make_change(3, EntryKind.REDECISION, second)).recorded
        other = log.append(make_decision(4)).recorded
        log.append(make_change(5, EntryKind.REVOCATION, other))

        def check(view: LogView) -> None:
            assert [view.find_taking(seq) for seq in range(7)] == [0, 2, 3, 0, 5, 0, 0]
            assert [view.find_standing(seq) for seq in (1, 2, 3)] == [third] * 3
            assert view.find_standing(4) is None
            assert view.find_standing(6) is None

        check(log)
        check(load(path))


def test_the_same_decision_may_be_recorded_twice(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        one = log.append(make_decision(1)).recorded
        two = log.append(make_decision(2, body=make_body(1))).recorded
        assert one.entry.decision_digest == two.entry.decision_digest
        digest = one.entry.decision_digest or ""
        assert log.find_decisions(digest) == [one, two]
        log.append(make_change(3, EntryKind.REVOCATION, two))
        assert [log.find_taking(1), log.find_taking(2)] == [0, 3]
        assert load(path).find_decisions("sha256:" + "0" * 64) == []


def test_what_holds_no_decision_is_not_referred_to(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        first = log.append(make_decision(1)).recorded
        gone = log.append(make_change(2, EntryKind.REVOCATION, first)).recorded
        draft = make_change(3, EntryKind.REVOCATION, first)
        draft = replace(draft, refers_seq=gone.entry.seq)
        refuse(lambda: log.append(draft), "log-refers-to-no-decision")


def test_a_closed_log_takes_no_more(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        first = log.append(make_decision(1)).recorded
        refuse(lambda: log.append_all([make_close(2), make_decision(3)]), "log-ended")
        closing = log.append(make_close(2))
        refuse(lambda: log.append(make_decision(3)), "log-ended")
        refuse(lambda: log.append(make_change(3, EntryKind.REVOCATION, first)), "log-ended")
        assert log.append(make_close(2)).recorded == closing.recorded
    with Log.open(path) as log:
        assert log.append(make_decision(1)).recorded == first
        refuse(lambda: log.append(make_decision(3)), "log-ended")


def test_time_does_not_run_backwards(path: Path) -> None:
    millisecond = timedelta(milliseconds=1)
    with Log.create(path, HEADER) as log:
        early = make_decision(1, recorded_at=START - millisecond)
        refuse(lambda: log.append(early), "log-time-backwards")
        log.append(make_decision(1, recorded_at=START))
        log.append(make_decision(2, recorded_at=START))
        log.append(make_decision(3, recorded_at=START + 2 * millisecond))
        late = make_decision(4, recorded_at=START + millisecond)
        refuse(lambda: log.append(late), "log-time-backwards")
        log.append(make_decision(4, recorded_at=START + 2 * millisecond))


def test_what_a_caller_changes_later_is_not_changed_here(path: Path) -> None:
    body = make_body(1)
    with Log.create(path, HEADER) as log:
        added = log.append(make_decision(1, body=body)).recorded
        body["amount"] = "9999.00"
        assert added.entry.body == make_body(1)


def test_looking_up_reads_the_file(path: Path) -> None:
    write_log(path, 3)
    view = load(path)
    found = view.find_request("request-2")
    assert isinstance(found, Recorded)
    assert found.entry.seq == 2
    assert view.find_request("request-9") is None


def test_a_draft_that_cannot_be_kept_leaves_no_trace(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        before = path.read_bytes()
        for draft, code in bad_drafts():
            refuse(lambda draft=draft: log.append_all([make_decision(1), draft]), code)  # type: ignore[misc]
            assert path.read_bytes() == before
            assert log.size == 0


def bad_drafts() -> list[tuple[Draft, str]]:
    good = make_decision(2)
    return [
        (replace(good, body={"x": 1.5}, trace=None), "log-data-not-canonical"),
        (replace(good, body={"X": 1}, trace=None), "log-data-not-canonical"),
        (replace(good, because="e\u0301"), "log-data-not-canonical"),
        (replace(good, trace=[{"n": 2}]), "log-digest-differs"),
        (replace(good, body={"case": 2}), "log-digest-differs"),
        (replace(good, request_id=""), "log-field-wrong"),
        (replace(good, request_id="x" * 201), "log-field-wrong"),
        (replace(good, recorder=Recorder("")), "log-field-wrong"),
        (replace(good, recorded_at=START.replace(tzinfo=None)), "log-field-wrong"),
        (replace(good, recorded_at=tell_time(3).replace(microsecond=1)), "log-field-wrong"),
        (replace(good, body=None, trace=None), "log-field-needed"),
        (replace(good, body=None), "log-field-needed"),
        (replace(good, data={"x": 1}), "log-field-not-needed"),
        (replace(good, kind=EntryKind.CLOSE), "log-field-not-needed"),
    ]
