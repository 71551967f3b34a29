"""A ledger in a file: torn ends at every byte, damage, locks, and disks that fail."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from plain_entries import make_entries, make_entry

from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Entry, Withdrawn
from voucher_rules.ledger.stores import JsonLinesStore, batches, locks
from voucher_rules.ledger.stores.batches import HEADER
from voucher_rules.ledger.stores.model import check_follows
from voucher_rules.ledger.write_entries import write_entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is lost here."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def make_short(seq: int) -> Entry:
    return make_entry(seq, body=Withdrawn("重复"))


def write_two(path: Path) -> tuple[bytes, bytes, bytes]:
    """Write two batches and return the lines of the file."""
    with JsonLinesStore(path) as store:
        store.append([make_short(1), make_short(2)], 0)
        store.append([make_short(3)], 2)
    header, first, second = path.read_bytes().splitlines(keepends=True)
    return header, first, second


def read_all(path: Path) -> tuple[list[int], bool]:
    with JsonLinesStore(path, read_only=True) as store:
        return [entry.seq for entry in store.read()], store.torn


def refuse(code: str, do: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        do()
    (found,) = caught.value.diagnostics
    assert found.code == code, caught.value
    assert found.render("zh")
    return caught.value


def frame(texts: str) -> bytes:
    """Return a line around a batch as anybody could write it."""
    data = texts.encode()
    digest = sha256(data).hexdigest()
    return b'{"bytes":%d,"sha256":"%s","batch":%s}\n' % (len(data), digest.encode(), data)


def test_the_bytes_of_a_file_are_pinned(path: Path) -> None:
    header, first, second = write_two(path)
    assert header == b'{"schema":"voucher-rules/ledger/1"}\n'
    assert first == frame(f"[{write_entry(make_short(1))},{write_entry(make_short(2))}]")
    assert second == frame(f"[{write_entry(make_short(3))}]")


# A write cut off anywhere.


def test_a_batch_cut_off_at_any_byte_is_told_and_not_shown(path: Path) -> None:
    header, first, second = write_two(path)
    whole = header + first
    for kept in range(len(second)):
        path.write_bytes(whole + second[:kept])
        assert read_all(path) == ([1, 2], kept > 0), kept
        if kept:
            error = refuse("store-torn", lambda: JsonLinesStore(path))
            assert str(error).startswith(f"{path}:3:1: store-torn: the last {kept} bytes")
        assert path.read_bytes() == whole + second[:kept]
        aside = JsonLinesStore.repair(path)
        assert path.read_bytes() == whole
        assert (aside is None) is (kept == 0)
        if aside:
            assert aside.read_bytes() == second[:kept]
            aside.unlink()
        with JsonLinesStore(path) as store:
            store.append([make_short(3)], 2)
        assert read_all(path) == ([1, 2, 3], False)


def test_a_header_cut_off_at_any_byte_is_told(path: Path) -> None:
    for kept in range(1, len(HEADER)):
        path.write_bytes(HEADER[:kept])
        assert read_all(path) == ([], True)
        refuse("store-torn", lambda: JsonLinesStore(path))
        aside = JsonLinesStore.repair(path)
        assert aside is not None
        assert aside.read_bytes() == HEADER[:kept]
        JsonLinesStore(path).close()
        assert path.read_bytes() == HEADER
        aside.unlink()


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    path.touch()
    assert read_all(path) == ([], False)
    assert JsonLinesStore.repair(path) is None
    assert path.read_bytes() == b""
    JsonLinesStore(path).close()
    assert path.read_bytes() == HEADER


@pytest.mark.parametrize("zeros", ["all", "end", "middle"])
def test_zeros_where_bytes_had_not_arrived_are_torn(path: Path, zeros: str) -> None:
    header, first, second = write_two(path)
    length = len(second)
    rest = {
        "all": bytes(length),
        "end": second[:50] + bytes(length - 50),
        "middle": second[:50] + bytes(50) + second[100:],
    }[zeros]
    path.write_bytes(header + first + rest)
    assert read_all(path) == ([1, 2], True)
    refuse("store-torn", lambda: JsonLinesStore(path))


def test_repairs_never_write_over_each_other(path: Path) -> None:
    header, first, _ = write_two(path)
    kept = []
    for rest in (b"a", b"bc", b"d"):
        path.write_bytes(header + first + rest)
        aside = JsonLinesStore.repair(path)
        assert aside is not None
        kept.append((aside, rest))
    assert len({aside for aside, _ in kept}) == 3
    assert all(aside.read_bytes() == rest for aside, rest in kept)
    assert all(aside.parent == path.parent for aside, _ in kept)


def test_a_repair_that_cannot_keep_the_rest_leaves_the_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, first, second = write_two(path)
    path.write_bytes(header + first + second[:20])
    monkeypatch.setattr(os, "write", fail_at(0))
    refuse("store-failed", lambda: JsonLinesStore.repair(path))
    assert path.read_bytes() == header + first + second[:20]


# Damage done later.


def test_a_byte_changed_anywhere_never_shows_other_entries(path: Path) -> None:
    header, first, second = write_two(path)
    good = header + first + second
    with JsonLinesStore(path, read_only=True) as store:
        entries = list(store.read())
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        shown: list[Entry] = []
        told = False
        try:
            with JsonLinesStore(path, read_only=True) as store:
                for entry in store.read():
                    shown.append(entry)  # noqa: PERF402 - what came before the fault counts
                told = store.torn
        except StoreError:
            told = True
        assert told, at
        assert shown == entries[: len(shown)]
        with pytest.raises(StoreError):
            JsonLinesStore(path)


@pytest.mark.parametrize("line", [1, 2])
def test_a_damaged_line_is_no_torn_end(path: Path, line: int) -> None:
    lines = list(write_two(path))
    lines[line] = lines[line].replace("重".encode(), "种".encode())
    path.write_bytes(b"".join(lines))
    for do in (
        lambda: read_all(path),
        lambda: JsonLinesStore(path),
        lambda: JsonLinesStore.repair(path),
    ):
        error = refuse("store-batch-damaged", do)
        assert str(error).startswith(f"{path}:{line + 1}:1: ")
        assert "`sha256`" in str(error)


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda line: b"hello\n" + line, "batch"),
        (lambda line: b"\n" + line, "batch"),
        (lambda line: line.replace(b'"bytes":', b'"bytes":0') + line, "batch"),
        (lambda line: line.replace(b'"bytes":', b'"bytes":1') + line, "bytes"),
        (lambda line: re.sub(rb"[0-9a-f]{64}", b"0" * 64, line) + line, "sha256"),
        (lambda line: line.replace(b"\n", b"\r\n") + line, "batch"),
        (lambda line: line.replace(b"{", b" {", 1) + line, "batch"),
        (lambda line: b"\0\n" + line, "batch"),
    ],
)
def test_a_line_of_another_form_is_damage(
    path: Path, make: Callable[[bytes], bytes], part: str
) -> None:
    header, first, second = write_two(path)
    path.write_bytes(header + first + make(second))
    assert f"`{part}`" in str(refuse("store-batch-damaged", lambda: JsonLinesStore(path)))


ONE, TWO, THREE = (write_entry(make_short(seq)) for seq in (1, 2, 3))


@pytest.mark.parametrize(
    ("texts", "code", "column"),
    [
        (f"[{ONE}, {TWO}]", "entry-not-json", len(ONE) + 2),
        (f"[{ONE},{TWO}] ", "", 0),
        (f"[{ONE};{TWO}]", "entry-not-canonical", len(ONE) + 1),
        (f"[{ONE},{TWO},]", "entry-not-json", len(ONE) + len(TWO) + 3),
        (f"[{ONE},{THREE}]", "store-gap", len(ONE) + 2),
        (f"[{TWO}]", "store-gap", 1),
        (f"[{ONE},{ONE}]", "store-gap", len(ONE) + 2),
        ("[]", "entry-not-json", 1),
        ("[1]", "entry-wrong-value", 1),
        (f"[{ONE.replace('重', chr(0x2028))}]", "entry-hidden-character", 1),
    ],
)
def test_a_batch_nobody_wrote_is_told_with_its_place(
    path: Path, texts: str, code: str, column: int
) -> None:
    line = frame(texts)
    path.write_bytes(HEADER + line)
    if not code:
        refuse("store-batch-damaged", lambda: read_all(path))
        return
    error = refuse(code, lambda: read_all(path))
    before = line.decode().index("[")
    assert str(error).startswith(f"{path}:2:{before + column + 1}: ")


def test_an_id_twice_in_a_file_is_told_to_who_wants_to_write(path: Path) -> None:
    again = write_entry(make_entry(2, name="e-1"))
    path.write_bytes(HEADER + frame(f"[{ONE}]") + frame(f"[{again}]"))
    assert str(refuse("store-id-taken", lambda: JsonLinesStore(path))).startswith(f"{path}:3: ")


def test_a_batch_that_is_no_utf8_is_told(path: Path) -> None:
    data = b'["\xff"]'
    line = b'{"bytes":%d,"sha256":"%s","batch":%s}\n'
    digest = sha256(data).hexdigest().encode()
    path.write_bytes(HEADER + line % (len(data), digest, data))
    refuse("not-utf8", lambda: read_all(path))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"hello\n", "store-not-a-ledger"),
        (b"\n", "store-not-a-ledger"),
        (b"{}\n", "store-not-a-ledger"),
        (HEADER.rstrip() + b" \n", "store-not-a-ledger"),
        (HEADER.replace(b"\n", b"\r\n"), "store-not-a-ledger"),
        (b"\xef\xbb\xbf" + HEADER, "store-not-a-ledger"),
        (HEADER.decode().encode("utf-16"), "store-not-a-ledger"),
        (b"SQLite format 3\0" + bytes(100), "store-not-a-ledger"),
        (b"x" * 100_000, "store-not-a-ledger"),
        (b'{"schema":"voucher-rules/ledger/2"}\n', "store-version-unknown"),
        (b'{"schema":"voucher-rules/ledger/0"}\n{}', "store-version-unknown"),
    ],
)
def test_a_file_of_another_kind_is_left_alone(path: Path, data: bytes, code: str) -> None:
    path.write_bytes(data)
    refuse(code, lambda: JsonLinesStore(path))
    refuse(code, lambda: JsonLinesStore(path, read_only=True))
    refuse(code, lambda: JsonLinesStore.repair(path))
    assert path.read_bytes() == data


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_line_is_no_longer_than_readers_hold(
    path: Path, monkeypatch: pytest.MonkeyPatch, over: int
) -> None:
    header, first, _ = write_two(path)
    path.unlink()
    monkeypatch.setattr(batches, "MOST_LINE", len(first) - over)
    with JsonLinesStore(path) as store:
        if over > 0:
            refuse("store-batch-too-large", lambda: store.append([make_short(1), make_short(2)], 0))
        else:
            store.append([make_short(1), make_short(2)], 0)
    assert read_all(path) == ([] if over > 0 else [1, 2], False)
    path.write_bytes(header + first)
    if over > 0:
        refuse("store-batch-too-large", lambda: read_all(path))


# One writer.


def test_a_second_writer_is_refused_until_the_first_is_gone(path: Path) -> None:
    with JsonLinesStore(path) as first:
        refuse("store-locked", lambda: JsonLinesStore(path))
        refuse("store-locked", lambda: JsonLinesStore.repair(path))
        first.append([make_short(1)], 0)
    with JsonLinesStore(path) as second:
        second.append([make_short(2)], 1)
    assert read_all(path) == ([1, 2], False)


def test_a_writer_in_another_process_is_refused(path: Path) -> None:
    program = "import sys; from voucher_rules.ledger.stores import JsonLinesStore as S; S({!r})"
    with JsonLinesStore(path):
        result = subprocess.run(
            [sys.executable, "-c", program.replace("{!r}", repr(str(path)))],
            capture_output=True,
            check=False,
        )
    assert b"store-locked" in result.stderr


def test_an_end_that_is_being_written_is_not_torn(path: Path) -> None:
    header, first, second = write_two(path)
    path.write_bytes(header + first)
    with JsonLinesStore(path), JsonLinesStore(path, read_only=True) as reader:
        with path.open("ab") as file:
            file.write(second[:50])
        assert [entry.seq for entry in reader.read()] == [1, 2]
        assert not reader.torn
        with path.open("ab") as file:
            file.write(second[50:])
        assert [entry.seq for entry in reader.read(2)] == [3]
        assert not reader.torn
        with path.open("ab") as file:
            file.write(second[:50])
    with JsonLinesStore(path, read_only=True) as reader:
        assert reader.torn


def test_a_reader_that_looks_for_a_writer_keeps_none_out(path: Path) -> None:
    header, first, _ = write_two(path)
    path.write_bytes(header + first + b"x")
    assert read_all(path) == ([1, 2], True)
    assert JsonLinesStore.repair(path) is not None
    assert read_all(path) == ([1, 2], False)
    JsonLinesStore(path).close()


def test_a_writer_waits_for_a_reader_that_looks(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []
    take = locks._take_lock

    def take_late(descriptor: int, *, exclusive: bool) -> bool:
        tries.append(exclusive)
        return len(tries) > 3 and take(descriptor, exclusive=exclusive)

    monkeypatch.setattr(locks, "_take_lock", take_late)
    JsonLinesStore(path).close()
    assert tries == [True] * 4


def test_without_locks_a_writer_still_notices_another(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_FCNTL", None)
    with JsonLinesStore(path) as first, JsonLinesStore(path) as second:
        first.append([make_short(1)], 0)
        refuse("store-replaced", lambda: second.append([make_short(1)], 0))
        first.append([make_short(2)], 1)
    assert read_all(path) == ([1, 2], False)


def test_a_file_put_in_its_place_is_noticed(path: Path) -> None:
    with JsonLinesStore(path) as store:
        store.append([make_short(1)], 0)
        shutil.copy(path, path.with_suffix(".copy"))
        path.with_suffix(".copy").rename(path)
        before = path.read_bytes()
        refuse("store-replaced", lambda: store.append([make_short(2)], 1))
        assert path.read_bytes() == before
        path.unlink()
        refuse("store-replaced", lambda: store.append([make_short(2)], 1))
    assert not path.exists()


def test_what_is_no_plain_file_is_refused(path: Path) -> None:
    path.mkdir()
    refuse("store-failed", lambda: JsonLinesStore(path))
    refuse("store-failed", lambda: JsonLinesStore(path / "missing" / "ledger"))
    pipe = path / "pipe"
    os.mkfifo(pipe)
    refuse("store-failed", lambda: JsonLinesStore(pipe))
    refuse("store-failed", lambda: JsonLinesStore(pipe, read_only=True))


# Disks that fail.

WRITE = os.write


def fail_at(count: int, error: BaseException | None = None) -> Callable[[int, memoryview], int]:
    """Return a ``write`` that takes ``count`` bytes and fails then, as a full disk does."""
    left = [count]

    def write(descriptor: int, data: memoryview) -> int:
        if left[0] <= 0:
            raise error or OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = WRITE(descriptor, data[: left[0]])
        left[0] -= taken
        return taken

    return write


def fail(*_: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_system_that_takes_a_byte_at_a_time_is_served(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda descriptor, data: WRITE(descriptor, data[:1]))
    write_two(path)
    assert read_all(path) == ([1, 2, 3], False)


@pytest.mark.parametrize("count", [0, 1, 100, 200])
def test_a_full_disk_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    with JsonLinesStore(path) as store:
        store.append([make_short(1)], 0)
        before = path.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", fail_at(count))
            refuse("store-failed", lambda: store.append([make_short(2)], 1))
        assert path.read_bytes() == before
        assert not store.torn
        store.append([make_short(2)], 1)
    assert read_all(path) == ([1, 2], False)


@pytest.mark.parametrize("count", [0, 1, 100, 200])
def test_what_cannot_be_taken_back_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    with JsonLinesStore(path) as store:
        store.append([make_short(1)], 0)
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", fail_at(count))
            patch.setattr(os, "ftruncate", fail)
            refuse("store-failed", lambda: store.append([make_short(2)], 1))
        assert store.torn is (count > 0)
        refuse("store-broken", lambda: store.append([make_short(2)], 1))
        assert [entry.seq for entry in store.read()] == [1]
    assert read_all(path) == ([1], count > 0)
    assert (JsonLinesStore.repair(path) is None) is (count == 0)
    with JsonLinesStore(path) as store:
        store.append([make_short(2)], 1)


def test_a_disk_that_does_not_confirm_ends_the_writing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JsonLinesStore(path) as store:
        store.append([make_short(1)], 0)
        before = path.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fail)
            refuse("store-failed", lambda: store.append([make_short(2)], 1))
        assert path.read_bytes() == before
        refuse("store-broken", lambda: store.append([make_short(2)], 1))
    with JsonLinesStore(path) as store:
        store.append([make_short(2)], 1)


def test_an_interrupt_leaves_the_file_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with JsonLinesStore(path) as store:
        store.append([make_short(1)], 0)
        before = path.read_bytes()
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", fail_at(200, KeyboardInterrupt()))
            with pytest.raises(KeyboardInterrupt):
                store.append([make_short(2)], 1)
        assert path.read_bytes() == before
        store.append([make_short(2)], 1)


def test_a_full_disk_while_the_ledger_is_made_is_told(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail_at(10))
        refuse("store-failed", lambda: JsonLinesStore(path))
    assert read_all(path) == ([], True)
    JsonLinesStore.repair(path)
    JsonLinesStore(path).close()


def test_every_batch_is_synchronised_before_it_is_acknowledged(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: sizes.append(os.fstat(descriptor).st_size))
    with JsonLinesStore(path) as store:
        for last in range(3):
            store.append([make_short(last + 1)], last)
            assert sizes[-1] == path.stat().st_size


def test_a_later_reading_begins_near_its_place(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with JsonLinesStore(path) as store:
        for last in range(0, 4000, 100):
            store.append(make_entries(last + 1, last + 100), last)
    with JsonLinesStore(path, read_only=True) as reader:
        assert len(list(reader.read())) == 4000
        read: list[int] = []

        def count(found: int, *rest: Any) -> None:  # noqa: ANN401
            read.append(found)
            check_follows(found, *rest)

        monkeypatch.setattr(batches, "check_follows", count)
        assert [entry.seq for entry in reader.read(3950)] == list(range(3951, 4001))
        assert len(read) <= 1100
