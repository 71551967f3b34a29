"""Log files that were cut off, changed, thinned out, shuffled or put together from two."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from log_samples import HEADER, THOROUGHNESS, make_change, make_decision, write_log

from voucher_rules.errors import RecordError
from voucher_rules.record import lines as lines_module
from voucher_rules.record.entries import EntryKind, Header
from voucher_rules.record.log import Log, mend_tail
from voucher_rules.record.scanning import LogReader, Position, Scanned
from voucher_rules.record.views import LogView

OK, GAP, REORDERED = Position.OK, Position.GAP, Position.REORDERED
DUPLICATE, FORK, UNREADABLE = Position.DUPLICATE, Position.FORK, Position.UNREADABLE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.log"


def scan(path: Path) -> list[Scanned]:
    """Go through a log, and check that places are told and that strict reading stops there."""
    view = LogView(path)
    found = list(view.scan())
    whole = path.read_bytes()
    for item in found:
        assert whole[item.offset :].startswith(item.written + b"\n")
        assert whole.count(b"\n", 0, item.offset) == item.line - 1
        for fault in item.faults:
            assert fault.span is not None
            assert fault.span.line == item.line
            assert fault.render("zh") != fault.render("en")
    sound = next((n for n, item in enumerate(found) if item.faults), len(found))
    read = []
    reader = LogReader(path)
    try:
        read += [item.entry.seq for item in reader.read()]
    except RecordError:
        assert sound < len(found)
    if sound < len(found):
        with pytest.raises(RecordError, match=found[sound].faults[0].code):
            Log.open(path)
    return found


def tell(found: Sequence[Scanned]) -> list[tuple[Position, list[str]]]:
    return [(item.position, [fault.code for fault in item.faults]) for item in found]


def positions(found: Sequence[Scanned]) -> list[Position]:
    return [item.position for item in found]


# The end of the file.


def check_torn(path: Path, whole: bytes, rest: bytes, code: str, entries: int) -> None:
    """Check that ``rest`` after ``whole`` is told, refused, and moved aside when that is asked."""
    path.write_bytes(whole + rest)
    view = LogView(path)
    assert [item.position for item in view.scan()] == [OK] * entries
    tail = view.reader.tail
    assert tail is not None
    assert (tail.offset, tail.size, tail.code) == (len(whole), len(rest), code)
    assert tail.line == whole.count(b"\n") + 1
    told = tail.tell(str(path))
    assert told.code == code
    assert str(len(whole)) in told.message("en")
    with pytest.raises(RecordError, match=code):
        Log.open(path)
    assert path.read_bytes() == whole + rest
    mended = mend_tail(path)
    assert mended is not None
    assert mended.path.name.startswith(f"{path.name}.torn-{len(whole)}")
    assert mended.path.read_bytes() == rest
    assert (mended.offset, mended.size, mended.line) == (tail.offset, tail.size, tail.line)
    assert path.read_bytes() == whole
    assert mend_tail(path) is None


def test_a_line_cut_off_anywhere(path: Path) -> None:
    lines = write_log(path, 3)
    whole, last = b"".join(lines[:-1]), lines[-1]
    step = 1 if THOROUGHNESS > 1 else 31
    for size in sorted({*range(1, len(last), step), 1, 2, 3, len(last) - 2, len(last) - 1}):
        check_torn(path, whole, last[:size], "log-tail-cut", 2)
    with Log.open(path) as log:
        assert log.append(make_decision(3)).is_new
    assert path.read_bytes() == b"".join(lines)


def test_zeros_at_the_end(path: Path) -> None:
    lines = write_log(path, 3)
    whole, last = b"".join(lines[:-1]), lines[-1]
    for rest in (b"\0", bytes(4096), last[:100] + bytes(50), last[:100] + bytes(50) + b"\n"):
        check_torn(path, whole, rest, "log-tail-zeros", 2)
    inner = last[:50] + bytes(10) + last[60:]
    check_torn(path, whole, inner, "log-tail-zeros", 2)
    assert len(list(path.parent.glob("*.torn-*"))) == 5


def test_garbage_at_the_end(path: Path) -> None:
    whole = b"".join(write_log(path, 2))
    chance = random.Random(7)  # noqa: S311 - chance, not secrecy
    for size in (1, 2, 200):
        rest = bytes(chance.choice(b"\x01\x7f\x80\xffxyz") for _ in range(size))
        check_torn(path, whole, rest, "log-tail-garbage", 2)


def test_a_header_cut_off(path: Path) -> None:
    (header,) = write_log(path, 0)
    for rest in (header[:1], header[:5], header[:-1]):
        path.write_bytes(rest)
        with pytest.raises(RecordError, match="log-tail-cut"):
            LogReader(path)
        with pytest.raises(RecordError, match="log-tail-cut"):
            Log.open(path)
        assert mend_tail(path) is not None
        assert path.read_bytes() == b""
    path.write_bytes(bytes(100))
    with pytest.raises(RecordError, match="log-tail-zeros"):
        LogReader(path)
    assert mend_tail(path) is not None
    Log.create(path, HEADER).close()
    assert path.read_bytes() == header


def test_damage_is_not_taken_for_an_end_cut_off(path: Path) -> None:
    lines = write_log(path, 3)
    # A whole last line that is damaged was acknowledged; zeros before a whole line are damage.
    path.write_bytes(b"".join([*lines[:3], lines[3].replace(b'"', b"'", 1)]))
    assert tell(scan(path)) == [(OK, []), (OK, []), (UNREADABLE, ["log-line-damaged"])]
    assert mend_tail(path) is None
    path.write_bytes(b"".join([*lines[:2], bytes(20), b"\n", *lines[2:]]))
    found = scan(path)
    assert tell(found)[1] == (UNREADABLE, ["log-line-damaged"])
    assert mend_tail(path) is None


def test_a_line_grown_too_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = write_log(path, 3)
    longest = max(len(line) for line in lines) - 1
    monkeypatch.setattr(lines_module, "MOST_LINE", longest)
    assert positions(scan(path)) == [OK] * 3
    monkeypatch.setattr(lines_module, "_PIECE", 64)
    for more in (1, 63, 64, 65, 1000):
        long = b'{"' + b"x" * (longest + more - 2)
        path.write_bytes(b"".join([*lines[:2], long + b"\n", *lines[2:]]))
        reader = LogReader(path)
        found = list(reader.scan())
        assert tell(found)[1] == (UNREADABLE, ["log-line-too-long"])
        assert positions(found) == [OK, UNREADABLE, OK, OK]
        path.write_bytes(b"".join(lines) + long)
        assert positions(list(reader.scan())) == [OK] * 3
        assert reader.tail is not None
        assert (reader.tail.size, reader.tail.code) == (len(long), "log-tail-cut")


# Lines that are changed.


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (b'"amount":"3000.00"', b'"amount":"9000.00"', ["log-digest-differs"]),
        (b'"result":true', b'"result":false', ["log-digest-differs"]),
        (b'"because":null', b'"because": null', ["log-line-damaged"]),
        (b'"because":null', b'"because":"more"', []),
        (b"clerk-7", b"clerk-8", []),
        (b'"kind":"decision"', b'"kind":"verdict"', ["log-field-wrong"]),
        (b'"kind":"decision"', b'"kind":"close"', ["log-field-not-needed"]),
        (b'"seq":2', b'"seq":-2', ["log-field-wrong"]),
        (b'"seq":2', b'"seq":true', ["log-field-wrong"]),
        (b'"seq":2', b'"seq":2,"sex":1', ["log-field-unknown"]),
        (b'"data":null,', b"", ["log-field-missing"]),
        (b'"prev":"sha256:', b'"prev":"sha512:', ["log-field-wrong"]),
        (b"entry/1", b"entry/2", ["log-field-wrong"]),
        (b'"refers_seq":null', b'"refers_seq":1', ["log-field-not-needed"]),
        (b"08:00:02.000Z", b"24:00:02.000Z", ["log-field-wrong"]),
        (b"08:00:02.000Z", b"08:00:02.000z", ["log-field-wrong"]),
        (b"08:00:02.000Z", b"08:00:00.000Z", ["log-time-backwards"]),
        (b'"log_id":"test-log"', b'"log_id":"other-log"', ["log-of-another"]),
    ],
    ids=lambda held: held.decode() if isinstance(held, bytes) else "",
)
def test_a_changed_entry_is_told(path: Path, old: bytes, new: bytes, codes: list[str]) -> None:
    lines = write_log(path, 3)
    assert old in lines[2]
    lines[2] = lines[2].replace(old, new)
    path.write_bytes(b"".join(lines))
    found = scan(path)
    assert [fault.code for fault in found[1].faults] == codes
    # Where the line is an entry still, the next one does not follow it any more.
    if found[1].entry is not None:
        assert tell(found)[2] == (OK, ["log-chain-broken"])
    else:
        assert positions(found) == [OK, UNREADABLE, OK]
        assert found[2].faults == ()


def test_the_header_is_bound_by_the_first_entry(path: Path) -> None:
    lines = write_log(path, 2)
    lines[0] = lines[0].replace("某区".encode(), "某县".encode())
    path.write_bytes(b"".join(lines))
    assert tell(scan(path)) == [(OK, ["log-chain-broken"]), (OK, [])]


def test_every_changed_byte_is_told(path: Path) -> None:
    """Flip a bit of any byte but those of the last line: something is told."""
    lines = write_log(path, 2)
    whole = b"".join(lines)
    end = len(whole) - len(lines[2])
    step = 1 if THOROUGHNESS > 1 else 7
    for place in range(0, end, step):
        changed = bytearray(whole)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert is_told(path), place


def is_told(path: Path) -> bool:
    try:
        return any(item.faults for item in LogView(path).scan())
    except RecordError:
        return True


# Lines that are missing, moved, repeated, or of another history.


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ([1, 2, 3, 4, 5], [OK] * 5),
        ([2, 3, 4, 5], [GAP, OK, OK, OK]),
        ([1, 2, 4, 5], [OK, OK, GAP, OK]),
        ([1, 5], [OK, GAP]),
        ([1, 3, 5], [OK, GAP, GAP]),
        ([5], [GAP]),
        ([2, 1, 3, 4, 5], [REORDERED, REORDERED, OK, OK, OK]),
        ([1, 2, 4, 3, 5], [OK, OK, REORDERED, REORDERED, OK]),
        ([1, 3, 4, 5, 2], [OK, REORDERED, OK, OK, REORDERED]),
        ([5, 4, 3, 2, 1], [REORDERED] * 5),
        ([1, 2, 2, 3], [OK, OK, DUPLICATE, OK]),
        ([1, 2, 3, 1, 2, 3], [OK, OK, OK, DUPLICATE, DUPLICATE, DUPLICATE]),
        ([1, 2, 2, 2, 4], [OK, OK, DUPLICATE, DUPLICATE, GAP]),
        ([1, 4, 3, 5], [OK, GAP, REORDERED, OK]),
    ],
    ids=str,
)
def test_lines_out_of_place(path: Path, order: list[int], expected: list[Position]) -> None:
    lines = write_log(path, 5)
    path.write_bytes(b"".join([lines[0], *(lines[seq] for seq in order)]))
    found = scan(path)
    assert positions(found) == expected
    for item in found:
        codes = {fault.code for fault in item.faults} - {"log-request-twice", "log-time-backwards"}
        assert codes == (set() if item.position is OK else {f"log-{item.position}"})


def test_what_is_missing_is_told(path: Path) -> None:
    lines = write_log(path, 9)
    path.write_bytes(b"".join([*lines[:3], *lines[7:]]))
    (fault,) = scan(path)[2].faults
    assert fault.code == "log-gap"
    assert fault.message("en").endswith("missing before it: some of the entries 3 to 6")
    assert fault.message("zh").endswith("其前缺少第 3 至 6 条中的若干条")


def test_one_entry_that_is_missing_is_told_as_one(path: Path) -> None:
    lines = write_log(path, 9)
    path.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    (fault,) = scan(path)[2].faults
    assert fault.message("en").endswith("missing before it: entry 3")
    assert fault.message("zh").endswith("其前缺少第 3 条")


def make_branches(path: Path) -> tuple[list[bytes], list[bytes]]:
    """Return two histories that part after the second entry."""
    other = path.with_name("other")
    drafts = [make_decision(number) for number in range(1, 6)]
    strange = [make_decision(number, because="otherwise") for number in range(3, 6)]
    return write_log(path, drafts), write_log(other, [*drafts[:2], *strange])


def test_two_histories_in_one_file(path: Path) -> None:
    one, other = make_branches(path)
    cases = {
        (*one[:5], *other[3:5]): [OK, OK, OK, OK, FORK, FORK],
        (*one[:4], other[3], one[4]): [OK, OK, OK, FORK, OK],
        (*one[:4], other[3], other[4]): [OK, OK, OK, FORK, FORK],
        (*one[:4], *other[3:6]): [OK, OK, OK, FORK, FORK, OK],
    }
    for lines, expected in cases.items():
        path.write_bytes(b"".join(lines))
        assert positions(scan(path)) == expected
    # What follows an entry that is not there is a broken chain, and no second history.
    path.write_bytes(b"".join([*one[:4], other[4]]))
    assert tell(scan(path))[3] == (OK, ["log-chain-broken"])


def test_an_entry_of_another_log(path: Path) -> None:
    lines = write_log(path, 2)
    other = path.with_name("other")
    with Log.create(other, Header("strange", HEADER.created, HEADER.owner)) as log:
        log.append_all([make_decision(1), make_decision(2), make_decision(3)])
    path.write_bytes(b"".join([*lines, other.read_bytes().splitlines(keepends=True)[3]]))
    assert tell(scan(path))[2] == (OK, ["log-of-another", "log-chain-broken"])


def test_a_line_that_is_too_many(path: Path) -> None:
    lines = write_log(path, 3)
    path.write_bytes(b"".join([*lines[:2], b"# a remark\n", b"\n", *lines[2:]]))
    found = scan(path)
    assert positions(found) == [OK, UNREADABLE, UNREADABLE, OK, OK]
    assert found[3].faults == found[4].faults == ()


def test_lines_that_cannot_be_read_stand_for_entries(path: Path) -> None:
    lines = write_log(path, 6)
    path.write_bytes(b"".join([*lines[:2], b"?\n", b"?\n", *lines[4:]]))
    assert positions(scan(path)) == [OK, UNREADABLE, UNREADABLE, OK, OK, OK]
    path.write_bytes(b"".join([*lines[:2], b"?\n", b"?\n", *lines[5:]]))
    assert positions(scan(path)) == [OK, UNREADABLE, UNREADABLE, GAP, OK]


def test_a_number_far_away_takes_no_room(path: Path) -> None:
    lines = write_log(path, 2)
    far = lines[2].replace(b'"seq":2', b'"seq":9007199254740991')
    path.write_bytes(b"".join([*lines[:2], far]))
    assert positions(scan(path)) == [OK, GAP]


def test_references_are_checked_when_a_log_is_read(path: Path) -> None:
    with Log.create(path, HEADER) as log:
        first = log.append(make_decision(1)).recorded
        second = log.append(make_change(2, EntryKind.CORRECTION, first)).recorded
        log._index._taking[0] = 0  # a writer that looks at nothing
        log.append(make_change(3, EntryKind.REVOCATION, first))
        log.append(make_change(4, EntryKind.REVOCATION, second))
    assert tell(scan(path)) == [
        (OK, []),
        (OK, []),
        (OK, ["log-refers-to-superseded"]),
        (OK, []),
    ]
    # What a missing entry was is not known, nor what took the place of its decision.
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], *lines[2:]]))
    assert [fault.code for fault in scan(path)[0].faults] == ["log-gap", "log-refers-nowhere"]


def test_any_arrangement_of_lines_is_sound_only_as_it_was(path: Path) -> None:
    one, other = make_branches(path)
    pool = [*one[1:], *other[3:]]
    chance = random.Random(3)  # noqa: S311 - chance, not secrecy
    for _ in range(60 * THOROUGHNESS):
        size = chance.randrange(1, 7)
        lines = chance.choices(pool, k=size)
        if chance.random() < 0.3:
            lines = (one if chance.random() < 0.5 else other)[1 : size + 1]
        path.write_bytes(b"".join([one[0], *lines]))
        sound = any(lines == whole[1 : len(lines) + 1] for whole in (one, other))
        assert all(not item.faults for item in scan(path)) == sound


def test_reading_takes_no_more_memory_for_a_longer_log(path: Path) -> None:
    def measure(size: int) -> int:
        log_path = path.with_name(f"{size}.log")
        write_log(log_path, size)
        reader = LogReader(log_path)
        tracemalloc.start()
        count = sum(1 for _ in reader.read())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == size
        return peak

    short, long = measure(50), measure(300)
    assert long < short + 20_000
    assert path.with_name("300.log").stat().st_size > 150_000
