"""Comes in: a log, and what is to be proven of it. Goes out: the proof as a small file; and back.

There are two kinds: that an entry stands in the log of a checkpoint, and that a longer log begins
with a shorter one. That of an entry holds the entry itself: a proof of what one cannot see binds
nobody. The hashes follow RFC 6962; ``docs/reference/log-files.md`` describes every field.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.anchoring import anchor_log
from voucher_rules.record.canonical import CanonicalError, Data, read_canonical, write_canonical
from voucher_rules.record.checkpoints import Published, prove_entry, prove_growth
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import ENTRY_PROOF_SCHEMA, GROWTH_PROOF_SCHEMA, Entry
from voucher_rules.record.entry_lines import MOST_LINE, read_entry
from voucher_rules.record.merkle import hash_leaves
from voucher_rules.record.scanning import LogReader, telling
from voucher_rules.record.shapes import ENTRY_PROOF, GROWTH_PROOF, ShapeChecker
from voucher_rules.spans import Span

_PREFIX: Final = "sha256:"
MOST_PROOF: Final = 4 * MOST_LINE
"""How long a proof may be, in bytes: an entry, its characters escaped and laid out on lines."""


@dataclass(frozen=True, slots=True)
class EntryProof:
    """A proof that an entry stands in a log, and what it claims; ``written`` is the entry's line.

    ``checkpoint`` is the digest of the checkpoint it is of, ``digest`` that of the entry.
    """

    log_id: str
    log_digest: str
    checkpoint: str
    size: int
    root: str
    seq: int
    digest: str
    decision_digest: str | None
    entry: Entry
    written: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class GrowthProof:
    """A proof that the log of ``last`` entries begins with that of ``first``, and their roots."""

    log_id: str
    log_digest: str
    first: int
    first_root: str
    last: int
    last_root: str
    proof: tuple[bytes, ...]


Proof: TypeAlias = EntryProof | GrowthProof


def make_entry_proof(log: str | Path, seq: int, checkpoint: Published) -> dict[str, Data]:
    """Return the proof that entry ``seq`` stands in the log of a checkpoint, as plain data.

    Raises :class:`RecordError`, also for a checkpoint the log does not agree with.
    """
    reader = LogReader(log)
    coverage = anchor_log(reader, [checkpoint])
    if coverage.faults:
        raise RecordError(coverage.faults)
    size = checkpoint.checkpoint.size
    if not 1 <= seq <= size:
        arguments = {"seq": str(seq), "size": str(size)}
        raise RecordError([Diagnostic("proof-of-no-entry", arguments, path=checkpoint.place)])
    found = next(islice(reader.read(seq - 1), 1))
    return {
        "schema": ENTRY_PROOF_SCHEMA,
        "log_id": reader.header.log_id,
        "log_digest": reader.header_digest,
        "checkpoint": checkpoint.digest,
        "size": size,
        "root": write_hash(checkpoint.checkpoint.root),
        "seq": seq,
        "digest": found.digest,
        "decision_digest": found.entry.decision_digest,
        "entry": read_canonical(found.written),
        "proof": [write_hash(item) for item in prove_entry(reader, seq, size)],
    }


def make_growth_proof(log: str | Path, first: int, last: int) -> dict[str, Data]:
    """Return the proof that the log of ``last`` entries begins with that of ``first``.

    Raises :class:`RecordError` where there are no such entries.
    """
    reader = LogReader(log)
    try:
        proof = prove_growth(reader, first, last)
    except ValueError:
        arguments = {"first": str(first), "last": str(last)}
        raise RecordError([Diagnostic("proof-of-nothing", arguments, path=str(log))]) from None
    return {
        "schema": GROWTH_PROOF_SCHEMA,
        "log_id": reader.header.log_id,
        "log_digest": reader.header_digest,
        "from": _state(reader, first),
        "to": _state(reader, last),
        "proof": [write_hash(item) for item in proof],
    }


def _state(reader: LogReader, size: int) -> dict[str, Data]:
    root = hash_leaves(islice(reader.hash_leaves(), size))
    return {"size": size, "root": write_hash(root)}


def load_proof(path: str | Path) -> Proof:
    """Return the proof in a file; nothing is checked but its form. Raises :class:`RecordError`."""
    with telling(str(path)), Path(path).open("rb") as file:
        return read_proof(file.read(MOST_PROOF + 1), str(path))


def read_proof(written: bytes, place: str) -> Proof:
    """Return the proof in a file; ``place`` names it. Raises :class:`RecordError`."""
    at = Span(place, 1, 1)
    try:
        data: Any = json.loads(written) if len(written) <= MOST_PROOF else None
    except (ValueError, RecursionError):
        data = None
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema == ENTRY_PROOF_SCHEMA:
        return _read_entry_proof(data, at)
    if schema == GROWTH_PROOF_SCHEMA:
        return _read_growth_proof(data, at)
    raise RecordError([Diagnostic("proof-not-readable", {}, at)])


def _read_entry_proof(data: dict[str, Any], at: Span) -> EntryProof:
    ShapeChecker(at).check_shape(data, ENTRY_PROOF)
    try:
        line = write_canonical(data["entry"])
    except CanonicalError as error:
        arguments = {"problem": error.code, "name": f"/entry{error.pointer}"}
        raise RecordError([Diagnostic("log-line-damaged", arguments, at)]) from None
    return EntryProof(
        data["log_id"],
        data["log_digest"],
        data["checkpoint"],
        data["size"],
        data["root"],
        data["seq"],
        data["digest"],
        data["decision_digest"],
        read_entry(line, at),
        line,
        _read_hashes(data["proof"]),
    )


def _read_growth_proof(data: dict[str, Any], at: Span) -> GrowthProof:
    ShapeChecker(at).check_shape(data, GROWTH_PROOF)
    first, last = data["from"], data["to"]
    return GrowthProof(
        data["log_id"],
        data["log_digest"],
        first["size"],
        first["root"],
        last["size"],
        last["root"],
        _read_hashes(data["proof"]),
    )


def digest_entry(proof: EntryProof) -> str:
    """Return the digest of the entry a proof holds."""
    return digest_bytes(DigestKind.ENTRY, proof.written)


def write_hash(node: bytes) -> str:
    """Return a hash of the tree as text."""
    return _PREFIX + node.hex()


def _read_hashes(texts: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(text.removeprefix(_PREFIX)) for text in texts)
