"""Comes in: plain data read from a line, or about to be written. Goes out: whether its shape holds.

The tables are written out: which fields a line has, what each may hold, and which of them an entry
of each kind must have or must leave empty.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, NoReturn, TypeAlias

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.canonical import PROFILE, Data
from voucher_rules.record.digests import is_digest
from voucher_rules.record.entries import (
    ALGORITHM,
    CHECKPOINT_SCHEMA,
    CHECKPOINT_TYPE,
    ENTRY_PROOF_SCHEMA,
    ENTRY_SCHEMA,
    GROWTH_PROOF_SCHEMA,
    HASH,
    LOG_SCHEMA,
    EntryKind,
)
from voucher_rules.record.instants import FORM, read_instant
from voucher_rules.spans import Span

MOST_ID: Final = 80
"""How long the id of a log or of a key may be, in characters."""
MOST_REQUEST: Final = 200
"""How long the id of a request may be, in characters."""
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_POINTER: Final = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_MOST_SHOWN: Final = 60


class Form(Enum):
    """What a field holds; the value is how it is told in messages."""

    TEXT = "text that is not empty"
    TEXT_OR_NULL = "text that is not empty, or null"
    ID = "1 to 80 of A-Z a-z 0-9 . _ -, beginning with a letter or digit"
    REQUEST = "text of 1 to 200 characters"
    PLACE = "whole number above 0"
    PLACE_OR_NULL = "whole number above 0, or null"
    COUNT = "whole number of 0 or more"
    INSTANT = FORM
    INSTANT_OR_NULL = f"{FORM} or null"
    DIGEST = "sha256: and 64 of 0-9 a-f"
    DIGEST_OR_NULL = "sha256: and 64 of 0-9 a-f, or null"
    POINTER = "JSON Pointer"
    KEY = "base64 of 32 bytes"
    SIGNATURE = "base64 of 64 bytes"
    KIND = "kind of entry"
    DIGESTS = "list of sha256: and 64 of 0-9 a-f"
    MAPPING = "mapping"
    MAPPING_OR_NULL = "mapping or null"
    LIST_OR_NULL = "list or null"
    TEXTS = "mapping of texts"
    LOG_SCHEMA = LOG_SCHEMA
    ENTRY_SCHEMA = ENTRY_SCHEMA
    PROFILE = PROFILE
    HASH = HASH
    ALGORITHM = ALGORITHM
    CHECKPOINT_SCHEMA = CHECKPOINT_SCHEMA
    CHECKPOINT_TYPE = CHECKPOINT_TYPE
    ENTRY_PROOF_SCHEMA = ENTRY_PROOF_SCHEMA
    GROWTH_PROOF_SCHEMA = GROWTH_PROOF_SCHEMA
    BASE64 = "base64"
    RECORDER = "recorder"
    KEYS = "list of keys"
    ENDS = "list of ends of keys"
    SIGNATURES = "list of signatures"
    STATE = "size and root"
    REDACTIONS = "list of redactions"

    # Each is one object; every field of every line looks its form up.
    __hash__ = object.__hash__


Shape: TypeAlias = Mapping[str, Form]

KEY: Final[Shape] = {
    "id": Form.ID,
    "algorithm": Form.ALGORITHM,
    "public": Form.KEY,
    "from": Form.INSTANT,
    "until": Form.INSTANT_OR_NULL,
}
HEADER: Final[Shape] = {
    "schema": Form.LOG_SCHEMA,
    "log_id": Form.ID,
    "created": Form.INSTANT,
    "owner": Form.TEXT,
    "profile": Form.PROFILE,
    "hash": Form.HASH,
    "keys": Form.KEYS,
}
ENTRY: Final[Shape] = {
    "schema": Form.ENTRY_SCHEMA,
    "log_id": Form.ID,
    "seq": Form.PLACE,
    "prev": Form.DIGEST,
    "kind": Form.KIND,
    "refers_to": Form.DIGEST_OR_NULL,
    "refers_seq": Form.PLACE_OR_NULL,
    "because": Form.TEXT_OR_NULL,
    "recorded_at": Form.INSTANT,
    "recorder": Form.RECORDER,
    "request_id": Form.REQUEST,
    "decision_digest": Form.DIGEST_OR_NULL,
    "body": Form.MAPPING_OR_NULL,
    "trace": Form.LIST_OR_NULL,
    "data": Form.MAPPING_OR_NULL,
    "redactions": Form.REDACTIONS,
    "runtime": Form.TEXTS,
}
KEY_CHANGE: Final[Shape] = {
    "add": Form.KEYS,
    "end": Form.ENDS,
    "signatures": Form.SIGNATURES,
}
CHECKPOINT: Final[Shape] = {
    "schema": Form.CHECKPOINT_SCHEMA,
    "log_id": Form.ID,
    "log_digest": Form.DIGEST,
    "size": Form.COUNT,
    "root": Form.DIGEST,
    "last_entry": Form.DIGEST_OR_NULL,
    "issued_at": Form.INSTANT,
    "previous": Form.DIGEST_OR_NULL,
}
ENVELOPE: Final[Shape] = {
    "payloadType": Form.CHECKPOINT_TYPE,
    "payload": Form.BASE64,
    "signatures": Form.SIGNATURES,
}
ENTRY_PROOF: Final[Shape] = {
    "schema": Form.ENTRY_PROOF_SCHEMA,
    "log_id": Form.ID,
    "log_digest": Form.DIGEST,
    "checkpoint": Form.DIGEST,
    "size": Form.COUNT,
    "root": Form.DIGEST,
    "seq": Form.PLACE,
    "digest": Form.DIGEST,
    "decision_digest": Form.DIGEST_OR_NULL,
    "entry": Form.MAPPING,
    "proof": Form.DIGESTS,
}
GROWTH_PROOF: Final[Shape] = {
    "schema": Form.GROWTH_PROOF_SCHEMA,
    "log_id": Form.ID,
    "log_digest": Form.DIGEST,
    "from": Form.STATE,
    "to": Form.STATE,
    "proof": Form.DIGESTS,
}
_STATE: Final[Shape] = {"size": Form.COUNT, "root": Form.DIGEST}
_RECORDER: Final[Shape] = {"system": Form.TEXT, "operator": Form.TEXT_OR_NULL}
_END: Final[Shape] = {"id": Form.ID, "until": Form.INSTANT}
_SIGNATURE: Final[Shape] = {"keyid": Form.ID, "sig": Form.SIGNATURE}
_REDACTION: Final[Shape] = {"pointer": Form.POINTER, "commitment": Form.DIGEST}
_INNER: Final[Mapping[Form, Shape]] = {
    Form.KEYS: KEY,
    Form.ENDS: _END,
    Form.SIGNATURES: _SIGNATURE,
    Form.REDACTIONS: _REDACTION,
}
_ONE: Final[Mapping[Form, Shape]] = {Form.RECORDER: _RECORDER, Form.STATE: _STATE}
_FIXED: Final = frozenset(
    {
        Form.LOG_SCHEMA,
        Form.ENTRY_SCHEMA,
        Form.PROFILE,
        Form.HASH,
        Form.ALGORITHM,
        Form.CHECKPOINT_SCHEMA,
        Form.CHECKPOINT_TYPE,
        Form.ENTRY_PROOF_SCHEMA,
        Form.GROWTH_PROOF_SCHEMA,
    }
)

_REFERENCE: Final = frozenset({"refers_to", "refers_seq"})
_DECIDED: Final = frozenset({"body", "decision_digest"})
_MAY_BE_NULL: Final = frozenset({"because", "trace", "data"})
NEEDED: Final[Mapping[EntryKind, frozenset[str]]] = {
    EntryKind.DECISION: _DECIDED,
    EntryKind.CORRECTION: _DECIDED | _REFERENCE | {"because"},
    EntryKind.REDECISION: _DECIDED | _REFERENCE | {"because"},
    EntryKind.REVOCATION: _REFERENCE | {"because"},
    EntryKind.KEY_CHANGE: frozenset({"data"}),
    EntryKind.ERASURE: _REFERENCE | {"because"},
    EntryKind.CLOSE: frozenset(),
}
"""Which of the fields that may be null an entry of a kind has to have."""
ALLOWED: Final[Mapping[EntryKind, frozenset[str]]] = {
    EntryKind.DECISION: frozenset({"because", "trace"}),
    EntryKind.CORRECTION: frozenset({"trace"}),
    EntryKind.REDECISION: frozenset({"trace"}),
    EntryKind.REVOCATION: frozenset(),
    EntryKind.KEY_CHANGE: frozenset({"because"}),
    EntryKind.ERASURE: frozenset({"data"}),
    EntryKind.CLOSE: frozenset({"because"}),
}
"""Which others it may have; the rest is null."""
_KINDS: Final = frozenset(str(kind) for kind in EntryKind)
_BY_KIND: Final = tuple(sorted(_REFERENCE | _DECIDED | _MAY_BE_NULL))


class ShapeChecker:
    """Checks data of one line; ``at`` is where it stands."""

    def __init__(self, at: Span) -> None:
        self._at = at

    def refuse(self, code: str, **arguments: str) -> NoReturn:
        """Tell what is wrong. Raises :class:`RecordError`."""
        raise RecordError([Diagnostic(code, arguments, self._at)])

    def refuse_value(self, pointer: str, expected: str, found: object) -> NoReturn:
        """Tell that a field holds something else. Raises :class:`RecordError`."""
        text = isinstance(found, str) and found != ""
        shown = str(found) if text else json.dumps(found, ensure_ascii=False, default=str)
        shown = shown if len(shown) <= _MOST_SHOWN else shown[: _MOST_SHOWN - 1] + "…"
        self.refuse("log-field-wrong", name=pointer or "/", expected=expected, found=shown)

    def check_shape(self, data: Data, shape: Shape, pointer: str = "") -> None:
        """Check that data has exactly the fields of a shape, each of its form."""
        if not isinstance(data, dict):
            self.refuse_value(pointer, "mapping", data)
        for name in shape:
            if name not in data:
                self.refuse("log-field-missing", name=f"{pointer}/{name}")
        for name, held in data.items():
            if name not in shape:
                self.refuse("log-field-unknown", name=f"{pointer}/{name}"[:_MOST_SHOWN])
            self._check_form(held, shape[name], f"{pointer}/{name}")

    def _check_form(self, held: Data, form: Form, pointer: str) -> None:
        holds = _HOLDS.get(form)
        if holds is not None:
            if not holds(held):
                self.refuse_value(pointer, form.value, held)
        elif form in _ONE:
            self.check_shape(held, _ONE[form], pointer)
        elif form in _FIXED:
            if held != form.value:
                self.refuse_value(pointer, form.value, held)
        elif isinstance(held, list):
            for place, item in enumerate(held):
                self.check_shape(item, _INNER[form], f"{pointer}/{place}")
        else:
            self.refuse_value(pointer, form.value, held)

    def check_kind(self, data: Mapping[str, Any]) -> None:
        """Check that an entry has what its kind needs, and nothing else."""
        kind = EntryKind(data["kind"])
        for name in _BY_KIND:
            if data[name] is None:
                if name in NEEDED[kind]:
                    self.refuse("log-field-needed", name=name, kind=str(kind))
            elif name not in NEEDED[kind] and name not in ALLOWED[kind]:
                self.refuse("log-field-not-needed", name=name, kind=str(kind))
        if data["redactions"] and data["body"] is None:
            self.refuse("log-field-not-needed", name="redactions", kind=str(kind))

    def check_keys(self, keys: list[dict[str, Any]], pointer: str) -> None:
        """Check that no key stands there twice, and that each holds good for some time."""
        seen: set[str] = set()
        for place, key in enumerate(keys):
            if key["id"] in seen:
                self.refuse("log-key-twice", name=key["id"])
            seen.add(key["id"])
            if key["until"] is not None and key["until"] <= key["from"]:
                after = f"a moment after {key['from']}"
                self.refuse_value(f"{pointer}/{place}/until", after, key["until"])


def decode_base64(text: object, size: int | None = None) -> bytes | None:
    """Return the bytes of the one spelling of their base64; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    whole = base64.b64encode(data).decode() == text
    return data if whole and size in {None, len(data)} else None


def _is_text(held: object) -> bool:
    return isinstance(held, str) and held != ""


def _is_number(held: object, least: int) -> bool:
    return isinstance(held, int) and not isinstance(held, bool) and held >= least


def _is_instant(held: object) -> bool:
    try:
        return isinstance(held, str) and bool(read_instant(held))
    except ValueError:
        return False


def _is_texts(held: object) -> bool:
    return isinstance(held, dict) and all(isinstance(item, str) for item in held.values())


_HOLDS: Final[Mapping[Form, Callable[[Any], bool]]] = {
    Form.TEXT: _is_text,
    Form.TEXT_OR_NULL: lambda held: held is None or _is_text(held),
    Form.ID: lambda held: isinstance(held, str) and _ID.fullmatch(held) is not None,
    Form.REQUEST: lambda held: _is_text(held) and len(held) <= MOST_REQUEST,
    Form.PLACE: lambda held: _is_number(held, 1),
    Form.PLACE_OR_NULL: lambda held: held is None or _is_number(held, 1),
    Form.COUNT: lambda held: _is_number(held, 0),
    Form.INSTANT: _is_instant,
    Form.INSTANT_OR_NULL: lambda held: held is None or _is_instant(held),
    Form.DIGEST: is_digest,
    Form.DIGEST_OR_NULL: lambda held: held is None or is_digest(held),
    Form.POINTER: lambda held: isinstance(held, str) and _POINTER.fullmatch(held) is not None,
    Form.KEY: lambda held: decode_base64(held, KEY_BYTES) is not None,
    Form.SIGNATURE: lambda held: decode_base64(held, SIGNATURE_BYTES) is not None,
    Form.BASE64: lambda held: decode_base64(held) is not None,
    Form.KIND: lambda held: isinstance(held, str) and held in _KINDS,
    Form.DIGESTS: lambda held: isinstance(held, list) and all(map(is_digest, held)),
    Form.MAPPING: lambda held: isinstance(held, dict),
    Form.MAPPING_OR_NULL: lambda held: held is None or isinstance(held, dict),
    Form.LIST_OR_NULL: lambda held: held is None or isinstance(held, list),
    Form.TEXTS: _is_texts,
}
