"""Comes in: the bytes of a checkpoint and signatures over them. Goes out: one file; and back.

The file is an envelope as DSSE (version 1) defines it, in one spelling: sorted keys, no spaces, one
line feed at the end. What is signed is not the file but the bytes :func:`encode_for_signing` gives.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.entries import CHECKPOINT_TYPE, Signature
from voucher_rules.record.entry_lines import read_signatures, state_signatures
from voucher_rules.record.shapes import ENVELOPE, ShapeChecker
from voucher_rules.spans import Span

MOST_BYTES: Final = 1 << 20
"""How long the file of a checkpoint may be."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The bytes of a checkpoint, and the signatures over them, maybe none."""

    payload: bytes
    signatures: tuple[Signature, ...] = ()


def encode_for_signing(kind: str, payload: bytes) -> bytes:
    """Return what is signed in the stead of a payload: its pre-authentication encoding (PAE)."""
    name = kind.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def write_envelope(envelope: Envelope) -> bytes:
    """Return the bytes of the file."""
    data = {
        "payloadType": CHECKPOINT_TYPE,
        "payload": base64.b64encode(envelope.payload).decode(),
        "signatures": state_signatures(envelope.signatures),
    }
    return _dump(data)


def read_envelope(written: bytes, place: str) -> Envelope:
    """Return the envelope in a file. Raises :class:`RecordError`."""
    at = Span(place, 1, 1)
    if len(written) > MOST_BYTES:
        raise RecordError([Diagnostic("checkpoint-too-long", {"limit": str(MOST_BYTES)}, at)])
    try:
        data: Any = json.loads(written.decode())
    except (ValueError, RecursionError):
        raise RecordError([Diagnostic("checkpoint-not-an-envelope", {}, at)]) from None
    if not isinstance(data, dict) or "payloadType" not in data:
        raise RecordError([Diagnostic("checkpoint-not-an-envelope", {}, at)])
    ShapeChecker(at).check_shape(data, ENVELOPE)
    if _dump(data) != written:
        raise RecordError([Diagnostic("checkpoint-not-canonical", {}, at)])
    return Envelope(base64.b64decode(data["payload"]), read_signatures(data["signatures"]))


def _dump(data: dict[str, Any]) -> bytes:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"
