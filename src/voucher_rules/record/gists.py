"""Comes in: a line of a log. Goes out: what it is by itself, and what others are held against.

Nothing here needs another line, so that lines may be looked at by several processes at once; what
they hand back of each is small, however large the line is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.canonical import LARGEST
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import Entry, EntryKind
from voucher_rules.record.entry_lines import MOST_LINE, read_entry_parts
from voucher_rules.record.lines import Line
from voucher_rules.record.merkle import hash_leaf
from voucher_rules.spans import Span

WHAT_IF: Final = "what_if"
"""The kind of an overlay that sets the law to something it does not say."""

_MOST_CLAIMED: Final = 200
"""So many characters are kept of what a line that is no entry says of itself."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What of an entry the entries around it are held against; fields are as those of an entry.

    ``data`` are those of a change of keys, None else. ``is_hypothetical`` tells whether the body is
    of a decision under a what-if, which is no decision of anyone.
    """

    log_id: str
    seq: int
    prev: str
    kind: EntryKind
    refers_to: str | None
    refers_seq: int | None
    recorded_at: datetime
    request_id: str
    decision_digest: str | None
    data: Mapping[str, Any] | None
    is_hypothetical: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """What a line that is no entry says it is; none of it is checked, and any of it may be untrue.

    It is there to find the case again that was tampered with; an absent part is None.
    """

    seq: int | None
    request_id: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a line is by itself: where it stands, its digest as an entry, its hash as a leaf.

    ``gist`` is None where it is no entry; ``faults`` tell why, and what else is wrong with it.
    """

    line: int
    offset: int
    digest: str
    leaf: bytes
    gist: Gist | None
    faults: tuple[Diagnostic, ...]
    claim: Claim | None = None
    """What a line that is no entry says of itself; None where it is one, or says nothing."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A line looked at, with all it holds: its entry, and the bytes of its body and its trace."""

    look: Look
    entry: Entry | None
    parts: Mapping[str, bytes]


def make_gist(entry: Entry) -> Gist:
    """Return what of an entry others are held against."""
    return Gist(
        log_id=entry.log_id,
        seq=entry.seq,
        prev=entry.prev,
        kind=entry.kind,
        refers_to=entry.refers_to,
        refers_seq=entry.refers_seq,
        recorded_at=entry.recorded_at,
        request_id=entry.request_id,
        decision_digest=entry.decision_digest,
        data=entry.data if entry.kind is EntryKind.KEY_CHANGE else None,
        is_hypothetical=is_hypothetical(entry.body),
    )


def look_at(line: Line, place: str, log_id: str) -> Looked:
    """Look at a line of a log: ``place`` is its file, ``log_id`` its name."""
    at = Span(place, line.line, 1)
    written = b"" if line.data is None else line.data
    entry, parts, faults = _read(line, log_id, at)
    look = Look(
        line=line.line,
        offset=line.offset,
        digest=digest_bytes(DigestKind.ENTRY, written),
        leaf=hash_leaf(written),
        gist=None if entry is None else make_gist(entry),
        faults=faults,
        claim=read_claim(written) if entry is None else None,
    )
    return Looked(look, entry, parts)


def _read(
    line: Line, log_id: str, at: Span
) -> tuple[Entry | None, Mapping[str, bytes], tuple[Diagnostic, ...]]:
    if line.data is None:
        return None, {}, (Diagnostic("log-line-too-long", {"limit": str(MOST_LINE)}, at),)
    try:
        entry, parts = read_entry_parts(line.data, at)
    except RecordError as error:
        return None, {}, tuple(error.diagnostics)
    if entry.log_id != log_id:
        arguments = {"found": entry.log_id, "own": log_id}
        return entry, parts, (Diagnostic("log-of-another", arguments, at),)
    return entry, parts, ()


def read_claim(written: bytes) -> Claim | None:
    """Return what a line says it is; None where it says nothing that could be read."""
    try:
        data = json.loads(written)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    body, seq, request = (data.get(name) for name in ("body", "seq", "request_id"))
    subject = body.get("subject") if isinstance(body, dict) else None
    return Claim(
        seq=seq if type(seq) is int and 0 < seq <= LARGEST else None,
        request_id=_cut(request),
        subject=_cut(subject),
    )


def _cut(text: object) -> str | None:
    return text[:_MOST_CLAIMED] if isinstance(text, str) and text.isprintable() else None


def is_hypothetical(body: Mapping[str, Any] | None) -> bool:
    """Tell whether a body is of a decision under a what-if, which is no decision of anyone."""
    overlays = None if body is None else body.get("overlays")
    listed = overlays if isinstance(overlays, list | tuple) else ()
    return any(isinstance(item, Mapping) and item.get("kind") == WHAT_IF for item in listed)
