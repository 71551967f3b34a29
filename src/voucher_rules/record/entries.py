"""Comes in: nothing. Goes out: what a log of decisions holds: its header and its entries.

All of it is frozen. Moments are aware datetimes in UTC, to the millisecond. To the log a body, a
trace and data are canonical data that it does not look into.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

LOG_SCHEMA: Final = "voucher-rules/log/1"
ENTRY_SCHEMA: Final = "voucher-rules/entry/1"
CHECKPOINT_SCHEMA: Final = "voucher-rules/checkpoint/1"
ENTRY_PROOF_SCHEMA: Final = "voucher-rules/entry-proof/1"
GROWTH_PROOF_SCHEMA: Final = "voucher-rules/growth-proof/1"
CHECKPOINT_TYPE: Final = "application/vnd.voucher-rules.checkpoint+json"
KEY_CHANGE_TYPE: Final = "application/vnd.voucher-rules.key-change+json"
HASH: Final = "sha256"
ALGORITHM: Final = "ed25519"


class EntryKind(StrEnum):
    """What an entry tells."""

    DECISION = "decision"
    CORRECTION = "correction"
    """What was decided on was recorded wrongly; the body is the decision as it should have been."""
    REDECISION = "redecision"
    """It was decided again, on other facts or under another law."""
    REVOCATION = "revocation"
    KEY_CHANGE = "key_change"
    ERASURE = "erasure"
    """What opens the commitments of an entry was deleted."""
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that may sign checkpoints, from ``since`` up to and without ``until`` (None: ever).

    ``public`` is the raw Ed25519 key, 32 bytes.
    """

    id: str
    public: bytes
    since: datetime
    until: datetime | None = None

    def is_valid_at(self, moment: datetime) -> bool:
        """Tell whether the key holds good at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature by the key of this id."""

    key: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What an entry changes of the keys: new ones, and until when known ones hold good.

    ``signatures`` by a key that holds good are what makes others believe it.
    """

    add: tuple[Key, ...] = ()
    end: tuple[tuple[str, datetime], ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a log. ``owner`` is who keeps it, in words."""

    log_id: str
    created: datetime
    owner: str
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who recorded an entry: a system, and whom it acted for, under a name of the owner's own."""

    system: str
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Redaction:
    """A place in a body (JSON Pointer) that holds a commitment in the stead of a value."""

    pointer: str
    commitment: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place in a log.

    ``refers_to`` is the digest of the decision it changes and ``refers_seq`` its entry. Data are
    dicts, lists, texts, whole numbers, true, false and None, as in
    :mod:`voucher_rules.record.canonical`.
    """

    kind: EntryKind
    request_id: str
    recorded_at: datetime
    recorder: Recorder
    body: Mapping[str, Any] | None = None
    trace: Sequence[Any] | None = None
    refers_to: str | None = None
    refers_seq: int | None = None
    because: str | None = None
    data: Mapping[str, Any] | None = None
    redactions: tuple[Redaction, ...] = ()
    runtime: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a log: its ``seq``-th, counted from 1.

    ``prev`` is the digest of the line before, that of the header where it is the first.
    """

    log_id: str
    seq: int
    prev: str
    kind: EntryKind
    refers_to: str | None
    refers_seq: int | None
    because: str | None
    recorded_at: datetime
    recorder: Recorder
    request_id: str
    decision_digest: str | None
    body: Mapping[str, Any] | None
    trace: Sequence[Any] | None
    data: Mapping[str, Any] | None
    redactions: tuple[Redaction, ...]
    runtime: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as it stands in a file: its bytes without the line feed, their digest, and where.

    ``line`` counts from 1, the header being the first; ``offset`` is in bytes from the start.
    """

    entry: Entry
    written: bytes
    digest: str
    line: int
    offset: int
