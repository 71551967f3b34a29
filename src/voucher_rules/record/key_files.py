"""Comes in: a file with public keys. Goes out: the keys, and since when they count; and back.

A PEM holds one Ed25519 key, which goes by the name of its file; JSON holds keys as the header of a
log does, with their ids and their times.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from voucher_rules.arguments import Want
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.entries import Key
from voucher_rules.record.entry_lines import read_keys
from voucher_rules.record.scanning import telling
from voucher_rules.record.shapes import KEY, ShapeChecker
from voucher_rules.spans import Span

KEYS: Final = Want((Key, str, os.PathLike), "key or path of a file", several=True)
ALWAYS: Final = datetime(1, 1, 1, tzinfo=UTC)
_HEAD: Final = "-----BEGIN PUBLIC KEY-----"
_TAIL: Final = "-----END PUBLIC KEY-----"
_PEM: Final = re.compile(rf"{_HEAD}\s+([A-Za-z0-9+/=\s]+?){_TAIL}".encode())
_PRIVATE: Final = re.compile(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
_BEFORE: Final = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key in its DER (RFC 8410)."""
_SIZE: Final = 32
_MOST: Final = 1 << 20


def load_keys(path: str | Path, name: str = "", since: datetime = ALWAYS) -> tuple[Key, ...]:
    """Return the public keys in a file; one in PEM goes by ``name`` and counts from ``since``.

    Raises :class:`RecordError`.
    """
    with telling(str(path)), Path(path).open("rb") as file:
        data = file.read(_MOST)
    if _PRIVATE.search(data):
        raise RecordError([Diagnostic("key-file-private", {"path": str(path)})])
    found = _PEM.search(data)
    if found is None:
        return _read_json(data, str(path))
    try:
        der = base64.b64decode(b"".join(found[1].split()), validate=True)
    except binascii.Error:
        der = b""
    if not der.startswith(_BEFORE) or len(der) != len(_BEFORE) + _SIZE:
        raise _refuse(str(path))
    return (Key(name or Path(path).stem, der.removeprefix(_BEFORE), since),)


def write_key(public: bytes) -> bytes:
    """Return a key as PEM, as OpenSSL reads it."""
    written = base64.b64encode(_BEFORE + public).decode()
    return f"{_HEAD}\n{written}\n{_TAIL}\n".encode()


def gather_keys(given: Iterable[Key | str | Path]) -> tuple[Key, ...]:
    """Return keys, or those in files. Raises :class:`RecordError`."""
    found = [(item,) if isinstance(item, Key) else load_keys(item) for item in given]
    return tuple(key for keys in found for key in keys)


def date_keys(given: Iterable[Key | str | Path], now: datetime) -> tuple[Key, ...]:
    """Return keys, or those in files; one that says no time of its own counts from ``now``.

    Raises :class:`RecordError`.
    """
    keys = gather_keys(given)
    return tuple(replace(key, since=now) if key.since == ALWAYS else key for key in keys)


def _read_json(data: bytes, path: str) -> tuple[Key, ...]:
    try:
        held: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise _refuse(path) from None
    items = held if isinstance(held, list) else [held]
    if not items:
        raise _refuse(path)
    checker = ShapeChecker(Span(path, 1, 1))
    for item in items:
        checker.check_shape(item, KEY)
    checker.check_keys(items, "")
    return read_keys(items)


def _refuse(path: str) -> RecordError:
    return RecordError([Diagnostic("key-file-not-readable", {"path": path})])
