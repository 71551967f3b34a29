"""Comes in: a header or an entry. Goes out: its line, without the line feed; and back.

What is written and what is read goes through the same checks: the fields, what a kind of entry
needs, and that the digests are those of the body and the trace beside them.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.canonical import (
    PROFILE,
    CanonicalError,
    Data,
    check_canonical,
    read_parts,
    write_again,
    write_joined,
)
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import (
    ALGORITHM,
    ENTRY_SCHEMA,
    HASH,
    LOG_SCHEMA,
    Draft,
    Entry,
    EntryKind,
    Header,
    Key,
    KeyChange,
    Recorder,
    Redaction,
    Signature,
)
from voucher_rules.record.instants import FORM, read_instant, write_instant
from voucher_rules.record.shapes import ENTRY, HEADER, KEY_CHANGE, ShapeChecker
from voucher_rules.spans import Span

MOST_LINE: Final = 1 << 24
"""How long a line may be, in bytes without its line feed: what a reader holds at a time."""
_DIGESTED: Final = ("body", "trace")
"""The fields of an entry whose bytes have a digest of their own."""
_ANY_SCHEMA: Final = re.compile(r"voucher-rules/log/[0-9]{1,9}")


def write_header(header: Header, at: Span) -> bytes:
    """Return the line of a header. Raises :class:`RecordError`."""
    data = {
        "schema": LOG_SCHEMA,
        "log_id": header.log_id,
        "created": write_moment(header.created, "created", at),
        "owner": header.owner,
        "profile": PROFILE,
        "hash": HASH,
        "keys": state_keys(header.keys, at),
    }
    written = _write_data(data, at)
    _check_header(data, ShapeChecker(at))
    _check_length(written, at)
    return written


def read_header(written: bytes, at: Span) -> Header:
    """Return the header on a line. Raises :class:`RecordError`."""
    data, _ = read_data(written, at)
    if not isinstance(data, dict) or not _ANY_SCHEMA.fullmatch(str(data.get("schema"))):
        raise RecordError([Diagnostic("log-not-a-log", {}, at)])
    if data["schema"] != LOG_SCHEMA:
        arguments = {"found": data["schema"], "known": LOG_SCHEMA}
        raise RecordError([Diagnostic("log-version-unknown", arguments, at)])
    _check_header(data, ShapeChecker(at))
    keys = read_keys(data["keys"])
    return Header(data["log_id"], read_instant(data["created"]), data["owner"], keys)


def _check_header(data: dict[str, Any], checker: ShapeChecker) -> None:
    checker.check_shape(data, HEADER)
    checker.check_keys(data["keys"], "/keys")


def make_entry(
    draft: Draft, log_id: str, seq: int, prev: str, at: Span
) -> tuple[Entry, Mapping[str, bytes]]:
    """Return the entry a draft becomes in its place, and the bytes of its body and its trace.

    Raises :class:`RecordError`.
    """
    parts = {
        name: _write_data(part, at, f"/{name}", above=1)
        for name, part in (("body", draft.body), ("trace", draft.trace and list(draft.trace)))
    }
    entry = Entry(
        log_id=log_id,
        seq=seq,
        prev=prev,
        kind=draft.kind,
        refers_to=draft.refers_to,
        refers_seq=draft.refers_seq,
        because=draft.because,
        recorded_at=draft.recorded_at,
        recorder=draft.recorder,
        request_id=draft.request_id,
        decision_digest=(
            None if draft.body is None else digest_bytes(DigestKind.DECISION, parts["body"])
        ),
        body=draft.body,
        trace=draft.trace,
        data=draft.data,
        redactions=draft.redactions,
        runtime=draft.runtime,
    )
    return entry, parts


def write_entry(entry: Entry, parts: Mapping[str, bytes], at: Span) -> bytes:
    """Return the line of an entry; ``parts`` are the bytes of its body and its trace.

    Raises :class:`RecordError`.
    """
    data = _state_entry(entry, at)
    rest = {name: item for name, item in data.items() if name not in parts}
    _check_data(rest, at)
    _check_entry(data, ShapeChecker(at), parts)
    written = write_joined(rest, parts)
    _check_length(written, at)
    return written


def _state_entry(entry: Entry, at: Span) -> dict[str, Any]:
    return {
        "schema": ENTRY_SCHEMA,
        "log_id": entry.log_id,
        "seq": entry.seq,
        "prev": entry.prev,
        "kind": str(entry.kind),
        "refers_to": entry.refers_to,
        "refers_seq": entry.refers_seq,
        "because": entry.because,
        "recorded_at": write_moment(entry.recorded_at, "recorded_at", at),
        "recorder": {"system": entry.recorder.system, "operator": entry.recorder.operator},
        "request_id": entry.request_id,
        "decision_digest": entry.decision_digest,
        "body": None if entry.body is None else dict(entry.body),
        "trace": None if entry.trace is None else list(entry.trace),
        "data": None if entry.data is None else dict(entry.data),
        "redactions": [
            {"pointer": item.pointer, "commitment": item.commitment} for item in entry.redactions
        ],
        "runtime": dict(entry.runtime),
    }


def read_entry(written: bytes, at: Span) -> Entry:
    """Return the entry on a line. Raises :class:`RecordError`."""
    return read_entry_parts(written, at)[0]


def read_entry_parts(written: bytes, at: Span) -> tuple[Entry, Mapping[str, bytes]]:
    """Return the entry on a line, and the bytes of its body and its trace.

    Raises :class:`RecordError`.
    """
    data, parts = read_data(written, at, _DIGESTED)
    _check_entry(data, ShapeChecker(at), parts)
    return _make_entry(data), parts


def read_own_entry(written: bytes) -> Entry:
    """Return the entry on a line that was just written here, so that it needs no check."""
    return _make_entry(json.loads(written))


def _make_entry(data: Mapping[str, Any]) -> Entry:
    return Entry(
        log_id=data["log_id"],
        seq=data["seq"],
        prev=data["prev"],
        kind=EntryKind(data["kind"]),
        refers_to=data["refers_to"],
        refers_seq=data["refers_seq"],
        because=data["because"],
        recorded_at=read_instant(data["recorded_at"]),
        recorder=Recorder(data["recorder"]["system"], data["recorder"]["operator"]),
        request_id=data["request_id"],
        decision_digest=data["decision_digest"],
        body=data["body"],
        trace=data["trace"],
        data=data["data"],
        redactions=tuple(
            Redaction(item["pointer"], item["commitment"]) for item in data["redactions"]
        ),
        runtime=data["runtime"],
    )


def _check_entry(data: Data, checker: ShapeChecker, parts: Mapping[str, bytes]) -> None:
    checker.check_shape(data, ENTRY)
    checker.check_kind(data)
    _check_digests(data, checker, parts)
    if data["kind"] == EntryKind.KEY_CHANGE:
        checker.check_shape(data["data"], KEY_CHANGE, "/data")
        checker.check_keys(data["data"]["add"], "/data/add")


def _check_digests(data: dict[str, Any], checker: ShapeChecker, parts: Mapping[str, bytes]) -> None:
    """Check that digests are those of what stands beside them, whose bytes are ``parts``."""
    body, trace = data["body"], data["trace"]
    if body is None:
        return
    if data["decision_digest"] != digest_bytes(DigestKind.DECISION, parts["body"]):
        checker.refuse("log-digest-differs", name="decision_digest", of="body")
    if trace is not None and body.get("trace_digest") != digest_bytes(
        DigestKind.TRACE, parts["trace"]
    ):
        checker.refuse("log-digest-differs", name="body/trace_digest", of="trace")


def read_key_change(data: Any) -> KeyChange:  # noqa: ANN401 - plain data of a checked entry
    """Return what the data of an entry of that kind change; they were checked with the entry."""
    ends = tuple((item["id"], read_instant(item["until"])) for item in data["end"])
    return KeyChange(read_keys(data["add"]), ends, read_signatures(data["signatures"]))


def state_key_change(change: KeyChange, at: Span) -> dict[str, Any]:
    """Return the data of an entry that changes keys. Raises :class:`RecordError`."""
    return {
        "add": state_keys(change.add, at),
        "end": [
            {"id": name, "until": write_moment(until, "until", at)} for name, until in change.end
        ],
        "signatures": state_signatures(change.signatures),
    }


def state_keys(keys: Sequence[Key], at: Span) -> list[dict[str, Any]]:
    """Return keys as plain data. Raises :class:`RecordError`."""
    return [
        {
            "id": key.id,
            "algorithm": ALGORITHM,
            "public": base64.b64encode(key.public).decode(),
            "from": write_moment(key.since, "from", at),
            "until": None if key.until is None else write_moment(key.until, "until", at),
        }
        for key in keys
    ]


def read_keys(data: list[dict[str, Any]]) -> tuple[Key, ...]:
    """Return keys from plain data whose shape was checked."""
    return tuple(
        Key(
            item["id"],
            base64.b64decode(item["public"]),
            read_instant(item["from"]),
            None if item["until"] is None else read_instant(item["until"]),
        )
        for item in data
    )


def state_signatures(signatures: Sequence[Signature]) -> list[dict[str, Any]]:
    """Return signatures as plain data."""
    return [
        {"keyid": item.key, "sig": base64.b64encode(item.signature).decode()} for item in signatures
    ]


def read_signatures(data: list[dict[str, Any]]) -> tuple[Signature, ...]:
    """Return signatures from plain data whose shape was checked."""
    return tuple(Signature(item["keyid"], base64.b64decode(item["sig"])) for item in data)


def read_data(
    written: bytes, at: Span, names: Collection[str] = ()
) -> tuple[Data, Mapping[str, bytes]]:
    """Return the data of canonical bytes, and the bytes of the members named.

    Raises :class:`RecordError`.
    """
    try:
        return read_parts(written, names)
    except CanonicalError as error:
        arguments = {"problem": error.code, "name": error.pointer or "/"}
        raise RecordError([Diagnostic("log-line-damaged", arguments, at)]) from None


def _check_length(written: bytes, at: Span) -> None:
    if len(written) > MOST_LINE:
        raise RecordError([Diagnostic("log-line-too-long", {"limit": str(MOST_LINE)}, at)])


def _write_data(data: Data, at: Span, pointer: str = "", *, above: int = 0) -> bytes:
    """Return the canonical bytes of data that stands at a pointer, that many levels deep."""
    _check_data(data, at, pointer, above=above)
    return write_again(data)


def _check_data(data: Data, at: Span, pointer: str = "", *, above: int = 0) -> None:
    try:
        check_canonical(data, above=above)
    except CanonicalError as error:
        arguments = {"problem": error.code, "name": f"{pointer}{error.pointer}" or "/"}
        raise RecordError([Diagnostic("log-data-not-canonical", arguments, at)]) from None


def write_moment(moment: datetime, name: str, at: Span) -> str:
    """Return the text of a moment, which is called ``name``. Raises :class:`RecordError`."""
    try:
        return write_instant(moment)
    except ValueError:
        ShapeChecker(at).refuse_value(f"/{name}", f"moment in UTC, {FORM}", moment.isoformat())
