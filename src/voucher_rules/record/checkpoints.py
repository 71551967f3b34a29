"""Comes in: a log, as it stands. Goes out: a checkpoint of it, to be kept elsewhere; and back.

A checkpoint says how many entries there were and what the root over them was. Whoever holds one can
tell later whether the log still begins with those entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.ledger.stores.files import make_file
from voucher_rules.record.canonical import write_canonical
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import CHECKPOINT_SCHEMA, Signature
from voucher_rules.record.entry_lines import read_data, write_moment
from voucher_rules.record.envelopes import MOST_BYTES, Envelope, read_envelope, write_envelope
from voucher_rules.record.instants import read_instant, write_instant
from voucher_rules.record.merkle import (
    EMPTY_ROOT,
    hash_leaves,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
)
from voucher_rules.record.scanning import LogReader, telling
from voucher_rules.record.shapes import CHECKPOINT, ShapeChecker
from voucher_rules.record.views import LogView
from voucher_rules.spans import Span

_PREFIX = "sha256:"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log was when it held ``size`` entries.

    ``log_digest`` is the digest of its header, ``root`` the root of its tree, ``last_entry`` the
    digest of its last entry (None where there is none), ``previous`` the digest of the checkpoint
    issued before this one.
    """

    log_id: str
    log_digest: str
    size: int
    root: bytes
    last_entry: str | None
    issued_at: datetime
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint with the bytes it was published in, their digest and the signatures over them.

    ``place`` is the file, for messages.
    """

    checkpoint: Checkpoint
    payload: bytes
    digest: str
    signatures: tuple[Signature, ...] = ()
    place: str = ""

    def sign(self, *signatures: Signature) -> Published:
        """Return the same with more signatures."""
        return replace(self, signatures=(*self.signatures, *signatures))

    def write(self) -> bytes:
        """Return the bytes of its file."""
        return write_envelope(Envelope(self.payload, self.signatures))


def make_checkpoint(
    log: LogView, issued_at: datetime, previous: Published | None = None, place: str = ""
) -> Published:
    """Return the checkpoint of a log as it was taken in, to be signed and written.

    ``previous`` is the one before; it has to be of this log. Raises :class:`RecordError`.
    """
    head, at = log.head, Span(place or log.place, 1, 1)
    if issued_at < head.at:
        arguments = {"found": write_moment(issued_at, "issued_at", at)}
        arguments["last"] = write_instant(head.at)
        raise RecordError([Diagnostic("checkpoint-before-entries", arguments, at)])
    if previous is not None:
        _check_previous(log, issued_at, previous)
    made = Checkpoint(
        log_id=log.header.log_id,
        log_digest=log.reader.header_digest,
        size=head.seq,
        root=head.tree.root(),
        last_entry=head.digest if head.seq else None,
        issued_at=issued_at,
        previous=previous.digest if previous else None,
    )
    payload = _write_payload(made, at)
    return Published(made, payload, digest_bytes(DigestKind.CHECKPOINT, payload), place=place)


def _check_previous(log: LogView, issued_at: datetime, previous: Published) -> None:
    """Check that the log begins as the checkpoint before says, so that no other is carried on."""
    before, at = previous.checkpoint, Span(previous.place, 1, 1)
    if before.log_digest != log.reader.header_digest:
        arguments = {"found": before.log_id, "own": log.header.log_id}
        raise RecordError([Diagnostic("checkpoint-of-another", arguments, at)])
    if before.issued_at > issued_at:
        arguments = {
            "found": write_moment(issued_at, "issued_at", at),
            "last": write_instant(before.issued_at),
        }
        raise RecordError([Diagnostic("checkpoint-before-previous", arguments, at)])
    if before.size > log.size:
        arguments = {"size": str(log.size), "expected": str(before.size)}
        raise RecordError([Diagnostic("checkpoint-missing-tail", arguments, at)])
    if hash_leaves(islice(log.reader.hash_leaves(), before.size)) != before.root:
        raise RecordError([Diagnostic("checkpoint-differs", {"size": str(before.size)}, at)])


def _write_payload(checkpoint: Checkpoint, at: Span) -> bytes:
    data = {
        "schema": CHECKPOINT_SCHEMA,
        "log_id": checkpoint.log_id,
        "log_digest": checkpoint.log_digest,
        "size": checkpoint.size,
        "root": _PREFIX + checkpoint.root.hex(),
        "last_entry": checkpoint.last_entry,
        "issued_at": write_moment(checkpoint.issued_at, "issued_at", at),
        "previous": checkpoint.previous,
    }
    return write_canonical(data)


def read_checkpoint(written: bytes, place: str) -> Published:
    """Return the checkpoint in a file; ``place`` names it. Raises :class:`RecordError`."""
    envelope = read_envelope(written, place)
    at = Span(place, 1, 1)
    data, _ = read_data(envelope.payload, at)
    ShapeChecker(at).check_shape(data, CHECKPOINT)
    root = bytes.fromhex(data["root"].removeprefix(_PREFIX))
    empty = data["size"] == 0
    if (data["last_entry"] is None) != empty or (root == EMPTY_ROOT) != empty:
        raise RecordError([Diagnostic("checkpoint-contradicts-itself", {}, at)])
    made = Checkpoint(
        log_id=data["log_id"],
        log_digest=data["log_digest"],
        size=data["size"],
        root=root,
        last_entry=data["last_entry"],
        issued_at=read_instant(data["issued_at"]),
        previous=data["previous"],
    )
    digest = digest_bytes(DigestKind.CHECKPOINT, envelope.payload)
    return Published(made, envelope.payload, digest, envelope.signatures, place)


def load_checkpoint(path: str | Path) -> Published:
    """Return the checkpoint in a file. Raises :class:`RecordError`."""
    with telling(str(path)), Path(path).open("rb") as file:
        return read_checkpoint(file.read(MOST_BYTES + 1), str(path))


def save_checkpoint(published: Published, path: str | Path) -> None:
    """Write a checkpoint into a new file. Raises :class:`RecordError`, also where there is one."""
    with telling(str(path)):
        try:
            make_file(Path(path), published.write())
        except FileExistsError:
            raise RecordError([Diagnostic("file-exists", {"path": str(path)})]) from None


class Comparison(StrEnum):
    """What two checkpoints say of each other, without the log."""

    SAME = "same"
    """The same entries."""
    CONTINUED = "continued"
    """The proof shows that the log of the larger begins with that of the smaller."""
    DIFFERENT = "different"
    """Two histories: they cannot both be of one log."""
    OTHER_LOGS = "other_logs"
    UNPROVEN = "unproven"
    """There is no proof, or it shows nothing: the histories may be one or two."""


def compare_checkpoints(
    one: Checkpoint, other: Checkpoint, proof: Iterable[bytes] | None = None
) -> Comparison:
    """Compare two checkpoints, with a proof of consistency where their sizes differ."""
    if one.log_digest != other.log_digest:
        return Comparison.OTHER_LOGS
    first, second = sorted((one, other), key=lambda item: item.size)
    if first.size == second.size:
        same = (first.root, first.last_entry) == (second.root, second.last_entry)
        return Comparison.SAME if same else Comparison.DIFFERENT
    given = [] if proof is None else list(proof)
    shown = verify_consistency(first.size, second.size, first.root, second.root, given)
    return Comparison.CONTINUED if shown else Comparison.UNPROVEN


def prove_entry(reader: LogReader, seq: int, size: int) -> list[bytes]:
    """Prove that entry ``seq`` stands in the log of ``size`` entries.

    Raises ValueError where there are no such entries.
    """
    return prove_inclusion(reader.hash_leaves(), seq - 1, size)


def prove_growth(reader: LogReader, first: int, second: int) -> list[bytes]:
    """Prove that the log of ``second`` entries begins with that of ``first``.

    Raises ValueError where there are no such entries.
    """
    return prove_consistency(reader.hash_leaves(), first, second)
