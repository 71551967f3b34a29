"""Comes in: a recorded decision, its proofs and its law. Goes out: the files of a bundle; and back.

Few of the files say anything of their own; the others are made of them, so that a shell can check
them with `sha256sum` and `openssl` alone. Whoever reads a bundle makes those again and compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from voucher_rules.record.canonical import Data, write_again
from voucher_rules.record.checkpoints import Published
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import CHECKPOINT_TYPE, Entry, EntryKind, Header, Key
from voucher_rules.record.entry_lines import read_key_change
from voucher_rules.record.envelopes import encode_for_signing
from voucher_rules.record.key_files import write_key
from voucher_rules.record.merkle import name_sides

SCHEMA: Final = "voucher-rules/bundle/1"
PROOF_SCHEMA: Final = "voucher-rules/inclusion/1"
HEADER: Final = "header.json"
ENTRY: Final = "entry.json"
BODY: Final = "body.json"
TRACE: Final = "trace.json"
PROOF: Final = "proof.json"
CHECKPOINT: Final = "checkpoint.json"
ENVELOPE: Final = "checkpoint.dsse.json"
SIGNED: Final = "checkpoint.pae"
STAMP: Final = "stamp.tsr"
AUTHORITIES: Final = "authorities.pem"
SUMS: Final = "MANIFEST.sha256"
INDEX: Final = "manifest.json"
RULESETS: Final = "rulesets/"
OPENINGS: Final = "openings/"
RELATED: Final = "related/"


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry, its very line, and the proof that it stands in the log of the checkpoint."""

    entry: Entry
    written: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle says.

    ``related`` are the entries that refer to the decision, near and far, and those that change
    keys, by number; ``laws`` the files of the law, ``openings`` what opens commitments of the
    entry, both by the names of their files.
    """

    header: Header
    header_line: bytes
    entry: Proven
    checkpoint: Published
    related: tuple[Proven, ...] = ()
    stamp: bytes | None = None
    authorities: bytes | None = None
    laws: Mapping[str, bytes] = field(default_factory=dict)
    openings: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many entries the log of the checkpoint has."""
        return self.checkpoint.checkpoint.size

    @property
    def keys(self) -> dict[str, Key]:
        """The keys the log names, by their ids; whether to believe them is another question."""
        changes = [read_key_change(x.entry.data) for x in self.related if _changes_keys(x)]
        named = [*self.header.keys, *(key for change in changes for key in change.add)]
        return {key.id: key for key in reversed(named)}


@dataclass(frozen=True, slots=True)
class SignedBy:
    """The files of one signature; ``key`` is empty where the log does not name the key."""

    key_id: str
    signature: str
    key: str


def _changes_keys(item: Proven) -> bool:
    return item.entry.kind is EntryKind.KEY_CHANGE


def name_folder(seq: int) -> str:
    """Return the folder of a related entry."""
    return f"{RELATED}{seq:08}/"


def name_opening(place: int) -> str:
    """Return the file of what opens the redaction of the entry at a place, from 1."""
    return f"{OPENINGS}{place:02}.json"


def name_proof(seq: int, size: int, folder: str = "") -> list[str]:
    """Return the files of the proof of an entry in a log of ``size``, from the leaf up."""
    sides = name_sides(seq - 1, size)
    return [f"{folder}proof/{step:02}-{side}.bin" for step, side in enumerate(sides, start=1)]


def list_signatures(bundle: Bundle) -> Iterator[SignedBy]:
    """Yield the files of each signature, in the order of the checkpoint."""
    taken: set[str] = set()
    for item in bundle.checkpoint.signatures:
        name, number = item.key, 1
        while name.casefold() in taken:
            number += 1
            name = f"{item.key}~{number}"
        taken.add(name.casefold())
        known = item.key in bundle.keys
        yield SignedBy(item.key, f"signatures/{name}.sig", f"keys/{name}.pem" if known else "")


def lay_out(bundle: Bundle) -> dict[str, bytes]:
    """Return the files of a bundle by name, but for those of :func:`add_sums` and the pages."""
    entry, published = bundle.entry.entry, bundle.checkpoint
    files = {
        HEADER: bundle.header_line,
        CHECKPOINT: published.payload,
        ENVELOPE: published.write(),
        SIGNED: encode_for_signing(CHECKPOINT_TYPE, published.payload),
        BODY: write_again(entry.body),
        **_lay_out_entry(bundle.entry, bundle, ""),
        **bundle.laws,
        **bundle.openings,
    }
    for item in bundle.related:
        files |= _lay_out_entry(item, bundle, name_folder(item.entry.seq))
    for name, data in [
        (TRACE, None if entry.trace is None else write_again(entry.trace)),
        (STAMP, bundle.stamp),
        (AUTHORITIES, bundle.authorities),
    ]:
        if data is not None:
            files[name] = data
    for names, signed in zip(list_signatures(bundle), published.signatures, strict=True):
        files[names.signature] = signed.signature
        if names.key:
            files[names.key] = write_key(bundle.keys[signed.key].public)
    return {**files, INDEX: _state(state_bundle(bundle))}


def _lay_out_entry(item: Proven, bundle: Bundle, folder: str) -> dict[str, bytes]:
    names = name_proof(item.entry.seq, bundle.size, folder)
    proof = {
        "schema": PROOF_SCHEMA,
        "seq": item.entry.seq,
        "size": bundle.size,
        "root": f"sha256:{bundle.checkpoint.checkpoint.root.hex()}",
        "path": [
            {"file": name.removeprefix(folder), "hash": f"sha256:{node.hex()}"}
            for name, node in zip(names, item.proof, strict=True)
        ],
    }
    nodes = dict(zip(names, item.proof, strict=True))
    return {f"{folder}{ENTRY}": item.written, f"{folder}{PROOF}": _state(proof), **nodes}


def state_bundle(bundle: Bundle) -> dict[str, Data]:
    """Return what the index of a bundle says: what it is of, and which file is what."""
    entry, published = bundle.entry.entry, bundle.checkpoint
    openings = [(name_opening(n), x) for n, x in enumerate(entry.redactions, start=1)]
    return {
        "schema": SCHEMA,
        "log": {"id": bundle.header.log_id, "digest": published.checkpoint.log_digest},
        "entry": _state_entry(bundle.entry),
        "decision_digest": entry.decision_digest,
        "traced": entry.trace is not None,
        "checkpoint": {"digest": published.digest, "size": bundle.size},
        "signatures": [
            {"keyid": x.key_id, "signature": x.signature, "key": x.key or None}
            for x in list_signatures(bundle)
        ],
        "stamped": bundle.stamp is not None,
        "authorities": bundle.authorities is not None,
        "related": [
            {
                **_state_entry(x),
                "folder": name_folder(x.entry.seq),
                "refers_seq": x.entry.refers_seq,
            }
            for x in bundle.related
        ],
        "rulesets": [
            {"file": name, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(bundle.laws.items())
        ],
        "openings": [
            {"file": name, "pointer": item.pointer, "commitment": item.commitment}
            for name, item in openings
            if name in bundle.openings
        ],
    }


def _state_entry(item: Proven) -> dict[str, Data]:
    digest = digest_bytes(DigestKind.ENTRY, item.written)
    return {"seq": item.entry.seq, "kind": str(item.entry.kind), "digest": digest}


def _state(data: Data) -> bytes:
    return write_again(data) + b"\n"


def add_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with the list of their sums, for `sha256sum -c`."""
    return {**files, SUMS: write_sums(files)}


def write_sums(files: Mapping[str, bytes]) -> bytes:
    """Return the list of the sums of files, as `sha256sum` writes it."""
    lines = [
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())
    ]
    return "".join(lines).encode()
