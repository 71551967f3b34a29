"""Checkpoints: what they show of a log that grew, shrank, was changed or is another."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import HEADER, START, THOROUGHNESS, make_decision, tell_time, write_log

from voucher_rules.errors import RecordError
from voucher_rules.record.anchoring import Anchoring, Coverage, anchor_log, check_succession
from voucher_rules.record.checkpoints import (
    Comparison,
    Published,
    compare_checkpoints,
    load_checkpoint,
    make_checkpoint,
    prove_entry,
    prove_growth,
    read_checkpoint,
    save_checkpoint,
)
from voucher_rules.record.entries import Header, Signature
from voucher_rules.record.envelopes import MOST_BYTES, encode_for_signing
from voucher_rules.record.log import Log
from voucher_rules.record.merkle import EMPTY_ROOT, hash_leaf, verify_inclusion
from voucher_rules.record.scanning import LogReader
from voucher_rules.record.views import LogView


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.log"


def load(path: Path) -> LogView:
    view = LogView(path)
    view.load()
    return view


def grow(
    path: Path, sizes: Sequence[int], header: Header = HEADER, because: str | None = None
) -> list[Published]:
    """Let a log grow to each size in turn, and return the checkpoint made there."""
    made: list[Published] = []
    with Log.create(path, header) as log:
        for size in sizes:
            drafts = range(log.size + 1, size + 1)
            log.append_all(make_decision(number, because=because) for number in drafts)
            place = f"checkpoint-{size}"
            previous = made[-1] if made else None
            made.append(make_checkpoint(log, tell_time(1000 + size), previous, place))
    return made


def tell(coverage: Coverage) -> list[str]:
    for fault in coverage.faults:
        assert fault.render("zh") != fault.render("en")
    return [fault.code for fault in coverage.faults]


def anchor(path: Path, *given: Published) -> Coverage:
    return anchor_log(LogReader(path), given)


def refuse(written: bytes, code: str) -> None:
    with pytest.raises(RecordError) as error:
        read_checkpoint(written, "file")
    assert [item.code for item in error.value.diagnostics] == [code]


def test_a_checkpoint_tells_the_log(path: Path) -> None:
    (made,) = grow(path, [5])
    view = load(path)
    last = view.find_entry(5)
    assert last is not None
    assert made.checkpoint.root == view.head.tree.root()
    assert made.checkpoint.last_entry == last.digest
    assert made.checkpoint.log_digest == view.reader.header_digest
    assert (made.checkpoint.size, made.checkpoint.previous) == (5, None)
    assert read_checkpoint(made.write(), made.place) == made
    again = make_checkpoint(view, tell_time(1005), place="checkpoint-5")
    assert again == made


def test_a_checkpoint_is_kept_in_a_file(path: Path, tmp_path: Path) -> None:
    (made,) = grow(path, [2])
    file = tmp_path / "2.checkpoint"
    signed = made.sign(Signature("key-1", bytes(64)))
    save_checkpoint(signed, file)
    assert load_checkpoint(file) == replace(signed, place=str(file))
    with pytest.raises(RecordError, match="file-exists"):
        save_checkpoint(made, file)
    assert load_checkpoint(file).signatures == signed.signatures
    with pytest.raises(RecordError, match="file-not-found"):
        load_checkpoint(tmp_path / "none")


def test_digests_and_roots_can_be_told_by_hand(path: Path) -> None:
    (made,) = grow(path, [2])
    header, one, two = (line[:-1] for line in path.read_bytes().splitlines(keepends=True))

    def digest(kind: str, data: bytes) -> str:
        tagged = f"voucher-rules/{kind}/1\0".encode() + data
        return "sha256:" + hashlib.sha256(tagged).hexdigest()

    leaves = [hashlib.sha256(b"\0" + line).digest() for line in (one, two)]
    root = hashlib.sha256(b"\1" + leaves[0] + leaves[1]).hexdigest()
    assert json.loads(made.payload) == {
        "schema": "voucher-rules/checkpoint/1",
        "log_id": "test-log",
        "log_digest": digest("log", header),
        "size": 2,
        "root": f"sha256:{root}",
        "last_entry": digest("entry", two),
        "issued_at": "2026-03-01T08:16:42.000Z",
        "previous": None,
    }
    assert json.loads(two)["prev"] == digest("entry", one)
    assert json.loads(one)["prev"] == digest("log", header)
    assert made.digest == digest("checkpoint", made.payload)


def test_an_empty_log_has_a_checkpoint(path: Path) -> None:
    made = grow(path, [0, 1])
    assert made[0].checkpoint.root == EMPTY_ROOT
    assert made[0].checkpoint.last_entry is None
    coverage = anchor(path, *made)
    assert (coverage.verified, tell(coverage)) == (1, [])
    assert anchor(path, made[0]).unanchored == (1, 1)


# A log against its checkpoints.


def test_a_log_that_grew_has_an_unanchored_end(path: Path) -> None:
    made = grow(path, [3, 5, 8])
    for shown, verified, rest in [
        ([], 0, (1, 8)),
        (made[:1], 3, (4, 8)),
        (made[:2], 5, (6, 8)),
        (made, 8, None),
        (made[::-1], 8, None),
        (made[1:2], 5, (6, 8)),
    ]:
        coverage = anchor(path, *shown)
        assert (coverage.size, coverage.verified, coverage.missing) == (8, verified, 0)
        assert coverage.unanchored == rest
        assert tell(coverage) == []
        assert {item.anchoring for item in coverage.checkpoints} <= {Anchoring.OK}


def test_a_log_that_lost_its_end(path: Path) -> None:
    made = grow(path, [3, 5, 8])
    lines = path.read_bytes().splitlines(keepends=True)
    for size, verified, anchorings in [
        (7, 5, "ok ok missing_tail"),
        (5, 5, "ok ok missing_tail"),
        (4, 3, "ok missing_tail missing_tail"),
        (2, 0, "missing_tail missing_tail missing_tail"),
        (0, 0, "missing_tail missing_tail missing_tail"),
    ]:
        path.write_bytes(b"".join(lines[: size + 1]))
        coverage = anchor(path, *made)
        assert [item.anchoring for item in coverage.checkpoints] == anchorings.split()
        assert (coverage.verified, coverage.missing) == (verified, 8 - size)
        expected = ["checkpoint-missing-tail"] * anchorings.count("missing")
        assert tell(coverage) == expected
        # A chain of digests alone shows nothing of it.
        assert load(path).size == size


@pytest.mark.parametrize(
    ("taken", "at_end", "code"),
    [
        ([3], 0, "checkpoint-missing-entries"),
        ([7], 0, "checkpoint-missing-entries"),
        ([8], 1, "checkpoint-missing-tail"),
        ([3, 8], 1, "checkpoint-missing-tail"),
        ([7, 8], 2, "checkpoint-missing-tail"),
        ([1, 4], 0, "checkpoint-missing-entries"),
    ],
)
def test_what_is_missing_in_between_is_not_said_to_be_missing_at_the_end(
    path: Path, taken: list[int], at_end: int, code: str
) -> None:
    (made,) = grow(path, [8])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(x for number, x in enumerate(lines) if number not in taken))
    coverage = anchor(path, made)
    assert (coverage.missing, coverage.missing_at_end) == (len(taken), at_end)
    assert tell(coverage) == [code]


def test_a_last_line_that_cannot_be_read_is_not_missing(path: Path) -> None:
    (made,) = grow(path, [8])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], *lines[4:8], b"damaged\n"]))
    coverage = anchor(path, made)
    assert (coverage.missing, coverage.missing_at_end) == (1, 0)


def test_a_log_written_anew_from_one_entry_on(path: Path, tmp_path: Path) -> None:
    made = grow(path, [3, 5, 8])
    other = tmp_path / "other"
    changed = [make_decision(n, because="new" if n == 5 else None) for n in range(1, 9)]
    write_log(other, changed)
    assert load(other).size == 8
    coverage = anchor(other, *made)
    assert [item.anchoring for item in coverage.checkpoints] == ["ok", "differs", "differs"]
    assert (coverage.verified, coverage.missing) == (3, 0)
    assert tell(coverage) == ["checkpoint-differs"] * 2


def test_another_log_of_the_same_name(path: Path, tmp_path: Path) -> None:
    (made,) = grow(path, [3])
    (other,) = grow(tmp_path / "other", [3], replace(HEADER, owner="someone else"))
    coverage = anchor(path, made, other)
    assert sorted(item.anchoring for item in coverage.checkpoints) == ["ok", "other_log"]
    assert tell(coverage) == ["checkpoint-other-header"]
    # What another log has more of is not missing here.
    (longer,) = grow(tmp_path / "longer", [9], replace(HEADER, owner="someone else"))
    assert anchor(path, longer).missing == 0


def test_both_the_root_and_the_last_entry_count(path: Path) -> None:
    (made,) = grow(path, [3])
    for changed in (
        replace(made.checkpoint, root=bytes(32)),
        replace(made.checkpoint, last_entry="sha256:" + "0" * 64),
    ):
        coverage = anchor(path, replace(made, checkpoint=changed))
        assert tell(coverage) == ["checkpoint-differs"]


def test_lines_out_of_place_differ(path: Path) -> None:
    made = grow(path, [3, 5])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:4], lines[5], lines[4]]))
    assert [item.anchoring for item in anchor(path, *made).checkpoints] == ["ok", "differs"]


# Checkpoints against each other.


def test_checkpoints_follow_each_other(path: Path) -> None:
    made = grow(path, [3, 5, 8])
    assert [item.checkpoint.previous for item in made] == [None, made[0].digest, made[1].digest]
    assert check_succession(made) == []
    assert check_succession([made[2], made[0]]) == []


def test_what_does_not_follow_is_told(path: Path, tmp_path: Path) -> None:
    one, two, three = grow(path, [3, 5, 8])
    (strange,) = grow(tmp_path / "strange", [9], replace(HEADER, owner="x"))

    def change(item: Published, **changes: object) -> Published:
        made = replace(item.checkpoint, **changes)  # type: ignore[arg-type]
        return replace(item, checkpoint=made, digest=item.digest[:-4] + "beef")

    cases = [
        ([one, change(two, size=2)], "checkpoint-shrunk"),
        ([one, change(two, issued_at=START)], "checkpoint-before-previous"),
        ([one, two, change(two)], "checkpoint-branch"),
        ([one, two, change(two, root=bytes(32), previous=None)], "checkpoint-two-histories"),
        ([two, change(strange, previous=two.digest)], "checkpoint-of-another"),
    ]
    for shown, code in cases:
        assert [fault.code for fault in check_succession(shown)] == [code]
    same_moment = change(two, issued_at=one.checkpoint.issued_at, size=3, root=one.checkpoint.root)
    assert check_succession([one, same_moment]) == []
    assert check_succession([one, one, three]) == []


def test_two_checkpoints_without_the_log(path: Path, tmp_path: Path) -> None:
    three, five, eight = (item.checkpoint for item in grow(path, [3, 5, 8]))
    reader = LogReader(path)
    other = tmp_path / "other"
    _, strange, longer = (item.checkpoint for item in grow(other, [3, 5, 8], because="x"))
    proof = prove_growth(reader, 5, 8)
    assert compare_checkpoints(five, eight, proof) is Comparison.CONTINUED
    assert compare_checkpoints(eight, five, proof) is Comparison.CONTINUED
    assert compare_checkpoints(five, five) is Comparison.SAME
    assert compare_checkpoints(five, strange) is Comparison.DIFFERENT
    assert compare_checkpoints(five, eight) is Comparison.UNPROVEN
    assert compare_checkpoints(three, eight, proof) is Comparison.UNPROVEN
    assert compare_checkpoints(strange, eight, proof) is Comparison.UNPROVEN
    # No proof can be made from either log that leads from one history to the other.
    for made in (proof, prove_growth(LogReader(other), 5, 8)):
        assert compare_checkpoints(five, longer, made) is Comparison.UNPROVEN
    foreign = replace(eight, log_digest="sha256:" + "0" * 64)
    assert compare_checkpoints(five, foreign, proof) is Comparison.OTHER_LOGS


def test_an_entry_is_proven(path: Path) -> None:
    (made,) = grow(path, [6])
    reader, lines = LogReader(path), path.read_bytes().splitlines()
    for seq in range(1, 7):
        proof = prove_entry(reader, seq, 6)
        leaf = hash_leaf(lines[seq])
        assert verify_inclusion(leaf, seq - 1, 6, proof, made.checkpoint.root)
        assert not verify_inclusion(leaf, seq % 6, 6, proof, made.checkpoint.root)
    with pytest.raises(ValueError, match="no leaf"):
        prove_entry(reader, 7, 6)
    with pytest.raises(ValueError, match="fewer"):
        prove_entry(reader, 1, 7)


@settings(max_examples=15 * THOROUGHNESS, derandomize=THOROUGHNESS == 1, database=None)
@given(st.data())
def test_coverage_of_any_log(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("any") / "log"
    sizes = sorted(data.draw(st.sets(st.integers(0, 12), min_size=1, max_size=4)))
    made = grow(path, sizes)
    lines = path.read_bytes().splitlines(keepends=True)
    cut = data.draw(st.integers(0, sizes[-1]))
    edited = data.draw(st.integers(0, sizes[-1]))
    lines = [
        line.replace(b"clerk", b"crook") if n == edited else line for n, line in enumerate(lines)
    ]
    path.write_bytes(b"".join(lines[: cut + 1]))
    coverage = anchor(path, *made)
    for item in coverage.checkpoints:
        size = item.published.checkpoint.size
        touched = 0 < edited <= size
        expected = "missing_tail" if size > cut else "differs" if touched else "ok"
        assert item.anchoring == expected
    good = [size for size in sizes if size <= cut and not 0 < edited <= size]
    assert coverage.verified == max(good, default=0)
    assert coverage.missing == sizes[-1] - cut


# Making one.


def test_a_checkpoint_carries_on_only_its_own_log(path: Path, tmp_path: Path) -> None:
    three, five = grow(path, [3, 5])
    (foreign,) = grow(tmp_path / "foreign", [3], replace(HEADER, owner="x"))
    (changed,) = grow(tmp_path / "changed", [3], because="x")
    view, late = load(path), tell_time(2000)
    assert make_checkpoint(view, late, five).checkpoint.previous == five.digest
    for previous, code in [
        (foreign, "checkpoint-of-another"),
        (changed, "checkpoint-differs"),
        (replace(five, checkpoint=replace(five.checkpoint, size=6)), "checkpoint-missing-tail"),
    ]:
        with pytest.raises(RecordError, match=code):
            make_checkpoint(view, late, previous)
    assert make_checkpoint(view, three.checkpoint.issued_at, three).checkpoint.size == 5
    early = three.checkpoint.issued_at - timedelta(milliseconds=1)
    with pytest.raises(RecordError, match="checkpoint-before-previous"):
        make_checkpoint(view, early, three)


def test_a_checkpoint_is_not_older_than_its_entries(path: Path) -> None:
    write_log(path, 3)
    view = load(path)
    assert make_checkpoint(view, tell_time(3)).checkpoint.size == 3
    with pytest.raises(RecordError, match="checkpoint-before-entries"):
        make_checkpoint(view, tell_time(3) - timedelta(milliseconds=1))
    with pytest.raises(RecordError, match="log-field-wrong"):
        make_checkpoint(view, tell_time(4).replace(microsecond=1))


# Reading one.


def pack(payload: bytes, /, **changes: object) -> bytes:
    data = {
        "payloadType": "application/vnd.voucher-rules.checkpoint+json",
        "payload": base64.b64encode(payload).decode(),
        "signatures": [],
    } | changes
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_a_checkpoint_is_read_strictly(path: Path) -> None:
    (made,) = grow(path, [2])
    payload, written = made.payload, made.write()
    assert written == pack(payload)
    good = {"keyid": "a", "sig": base64.b64encode(bytes(64)).decode()}
    assert read_checkpoint(pack(payload, signatures=[good]), "file").signatures
    for bad in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000, payload, b"not"):
        refuse(bad, "checkpoint-not-an-envelope")
    for bad in (written[:-1], written + b"\n", b" " + written, written.replace(b",", b", ", 1)):
        refuse(bad, "checkpoint-not-canonical")
    twice = written.replace(b'{"payload"', b'{"payload":"","payload"')
    refuse(twice, "checkpoint-not-canonical")
    refuse(pack(payload, more=1), "log-field-unknown")
    refuse(written.replace(b'"signatures":[]', b'"signature":[]'), "log-field-missing")
    wrong_envelopes: list[dict[str, object]] = [
        {"payloadType": "application/json"},
        {"payload": base64.b64encode(payload).decode().rstrip("=") + "*"},
        {"payload": 1},
        {"signatures": [{**good, "sig": base64.b64encode(bytes(63)).decode()}]},
        {"signatures": [{**good, "sig": base64.b64encode(bytes(65)).decode()}]},
        {"signatures": [{**good, "keyid": ""}]},
        {"signatures": {}},
        {"signatures": None},
    ]
    for changes in wrong_envelopes:
        refuse(pack(payload, **changes), "log-field-wrong")
    refuse(pack(payload, signatures=[{"keyid": "a"}]), "log-field-missing")


def test_what_a_checkpoint_says_is_read_strictly(path: Path) -> None:
    (made,) = grow(path, [2])
    data = json.loads(made.payload)

    def write(**changes: object) -> bytes:
        text = json.dumps(data | changes, sort_keys=True, separators=(",", ":"))
        return pack(text.encode())

    assert read_checkpoint(write(), "file").payload == made.payload
    refuse(pack(made.payload + b" "), "log-line-damaged")
    refuse(pack(made.payload.replace(b'"size":2', b'"size":2.0')), "log-line-damaged")
    refuse(write(more=1), "log-field-unknown")
    wrong_values: list[dict[str, object]] = [
        {"size": -1},
        {"size": True},
        {"size": "2"},
        {"root": "0" * 64},
        {"root": "sha256:" + "A" * 64},
        {"issued_at": "2026-03-01"},
        {"issued_at": "2026-02-29T00:00:00.000Z"},
        {"previous": ""},
        {"schema": "voucher-rules/checkpoint/2"},
        {"log_digest": None},
    ]
    for changes in wrong_values:
        refuse(write(**changes), "log-field-wrong")
    contradictions: list[dict[str, object]] = [
        {"size": 0},
        {"last_entry": None},
        {"size": 0, "last_entry": None},
        {"root": f"sha256:{EMPTY_ROOT.hex()}"},
        {"root": f"sha256:{EMPTY_ROOT.hex()}", "last_entry": None},
    ]
    for changes in contradictions:
        refuse(write(**changes), "checkpoint-contradicts-itself")


def test_a_checkpoint_has_at_most_a_mebibyte(path: Path) -> None:
    (made,) = grow(path, [1])
    room = MOST_BYTES - len(pack(made.payload, signatures=[]))
    one = {"keyid": "a" * 80, "sig": base64.b64encode(bytes(64)).decode()}
    many = room // (len(json.dumps(one, separators=(",", ":"))) + 1)
    written = pack(made.payload, signatures=[one] * many)
    assert MOST_BYTES - 300 < len(written) <= MOST_BYTES
    assert len(read_checkpoint(written, "file").signatures) == many
    refuse(pack(made.payload, signatures=[one] * (many + 1)), "checkpoint-too-long")


def test_what_is_signed_tells_the_kind_and_the_lengths() -> None:
    # The example of the DSSE specification.
    made = encode_for_signing("http://example.com/HelloWorld", b"hello world")
    assert made == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert encode_for_signing("", b"") == b"DSSEv1 0  0 "
    assert encode_for_signing("é", "é".encode()) == b"DSSEv1 2 \xc3\xa9 2 \xc3\xa9"
