"""Comes in: bytes and what they are. Goes out: a digest that no other kind of thing can have.

The kind goes into what is hashed, so that the digest of a body can never pass for that of an entry.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from typing import Final

from voucher_rules.record.canonical import Data, write_canonical

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


class DigestKind(StrEnum):
    """What a digest is of."""

    LOG = "log"
    """The header of a log."""
    ENTRY = "entry"
    DECISION = "decision"
    """The body of a record."""
    TRACE = "trace"
    FACTS = "facts"
    OUTCOME = "outcome"
    CHECKPOINT = "checkpoint"
    COMMITMENT = "commitment"
    REPORT = "report"


def digest_bytes(kind: DigestKind, data: bytes) -> str:
    """Return ``sha256:`` and the hexadecimal SHA-256 of the kind, a zero byte and the bytes."""
    tag = f"voucher-rules/{kind}/1\0".encode()
    return f"sha256:{hashlib.sha256(tag + data).hexdigest()}"


def digest_data(kind: DigestKind, data: Data) -> str:
    """Return the digest of data in its canonical form. Raises ``CanonicalError``."""
    return digest_bytes(kind, write_canonical(data))


def is_digest(text: object) -> bool:
    """Return whether this is a digest as it is written here; no other algorithm is taken."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None
