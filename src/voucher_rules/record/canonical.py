"""Comes in: plain data. Goes out: its canonical bytes, the same wherever it is written; and back.

The form is the profile ``vr-jcs-1``, a strict part of the JSON Canonicalization Scheme (RFC 8785):
no fractions, whole numbers up to 2^53 - 1, ASCII names in a small alphabet. So any library for that
scheme writes the same bytes, and the names sort alike by code point and by UTF-16 unit.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NoReturn, TypeAlias

PROFILE: Final = "vr-jcs-1"
Data: TypeAlias = Any
"""What JSON can hold but fractions: text, whole numbers, true, false, null, lists, mappings."""

LARGEST: Final = 2**53 - 1
DEEPEST: Final = 200
_NAME: Final = re.compile(r"[a-z0-9_.\-]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class CanonicalError(ValueError):
    """Data that has no canonical form, or bytes that are not in it.

    ``code`` names the fault and ``pointer`` the place (a JSON Pointer, RFC 6901; empty for the
    whole).
    """

    def __init__(self, fault: str, pointer: str = "") -> None:
        self.code = fault
        self.pointer = pointer
        super().__init__(f"{fault} at {pointer or 'the whole'}")


def write_canonical(data: Data) -> bytes:
    """Return the canonical bytes of ``data``.

    Raises :class:`CanonicalError` for what the form cannot hold: a fraction, a number too large, a
    name of other characters, text that is not in NFC or no text at all, a nesting too deep.
    """
    check_canonical(data)
    return write_again(data)


def check_canonical(data: Data, *, above: int = 0) -> None:
    """Check that data has a canonical form, with so many levels above it.

    Raises :class:`CanonicalError`.
    """
    if not _is_plain(data, judges_texts=True, above=above):
        _check(data, (), DEEPEST - above)


def read_canonical(written: bytes) -> Data:
    """Return the data of canonical bytes. Raises :class:`CanonicalError` for any other bytes.

    Texts are taken as they stand: what counted as NFC when it was written is not judged again.
    """
    return read_parts(written, ())[0]


def read_parts(written: bytes, names: Collection[str]) -> tuple[Data, dict[str, bytes]]:
    """Return the data of canonical bytes, and of a mapping the bytes of the members named.

    Raises :class:`CanonicalError`, as :func:`read_canonical` does.
    """
    try:
        data = json.loads(
            written.decode(), parse_float=_stop_at_number, parse_constant=_stop_at_number
        )
        parts, again = _write_parts(data, names)
        if again != written:
            _stop("carriage-return" if written.endswith(b"\r") else "not-canonical", ())
    except (ValueError, RecursionError) as error:
        if isinstance(error, CanonicalError):
            raise
        raise CanonicalError("not-json") from None
    if not _is_plain(data, judges_texts=False):
        _check_shape(data)
    return data, parts


def _write_parts(data: Data, names: Collection[str]) -> tuple[dict[str, bytes], bytes]:
    if not isinstance(data, dict) or not names:
        return {}, write_again(data)
    parts = {name: write_again(data[name]) for name in names if name in data}
    rest = {name: item for name, item in data.items() if name not in parts}
    return parts, write_joined(rest, parts)


def point_at(path: tuple[str | int, ...]) -> str:
    """Return the JSON Pointer (RFC 6901) of a path of names and places in lists."""
    return "".join(f"/{str(x).replace('~', '~0').replace('/', '~1')}" for x in path)


def write_again(data: Data) -> bytes:
    """Return the canonical bytes of what was read in that form, or made of such; unchecked."""
    return _ENCODER.encode(data).encode()


def write_joined(data: Mapping[str, Data], written: Mapping[str, bytes]) -> bytes:
    """Return the canonical bytes of a mapping; those of some members are at hand; unchecked.

    ``data`` are the other members, so that no name stands in both.
    """
    pieces: list[bytes] = []
    waiting: dict[str, Data] = {}
    for name in sorted((*data, *written)):
        if name not in written:
            waiting[name] = data[name]
            continue
        if waiting:
            pieces.append(write_again(waiting)[1:-1])
            waiting = {}
        pieces.append(write_again(name) + b":" + written[name])
    if waiting:
        pieces.append(write_again(waiting)[1:-1])
    return b"{" + b",".join(pieces) + b"}"


_ENCODER: Final = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)
_KNOWN: Final[set[str]] = set()
"""Names that were found to be good before; no more than there is room for."""
_MOST_KNOWN: Final = 10_000
_LONGEST_KNOWN: Final = 80


def _is_plain(data: Data, *, judges_texts: bool, above: int = 0) -> bool:
    """Tell whether all is surely as it should be; where that is not sure, others look closer.

    This goes level by level and keeps no account of places, which makes it fast.
    """
    level, depth = [data], above
    while level:
        depth += 1
        if depth == DEEPEST:
            return False
        inner: list[Data] = []
        for item in level:
            kind = item.__class__
            if kind is str:
                if judges_texts and not (item.isascii() or _is_normal(item)):
                    return False
            elif kind is dict:
                if not item.keys() <= _KNOWN and not _learn_names(item):
                    return False
                inner += item.values()
            elif kind is list or kind is tuple:
                inner += item
            elif kind is int:
                if not -LARGEST <= item <= LARGEST:
                    return False
            elif item is not None and kind is not bool:
                return False
        level = inner
    return True


def _is_normal(text: str) -> bool:
    return not _SURROGATE.search(text) and unicodedata.is_normalized("NFC", text)


def _learn_names(item: dict[Any, Data]) -> bool:
    """Tell whether all names of a mapping are good, and remember them."""
    if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in item):
        return False
    if len(_KNOWN) < _MOST_KNOWN:
        _KNOWN.update(name for name in item if len(name) <= _LONGEST_KNOWN)
    return True


def _check(data: Data, path: tuple[str | int, ...], depth: int) -> None:
    if depth == 0:
        _stop("too-deep", path)
    if isinstance(data, str):
        _check_text(data, path)
    elif isinstance(data, dict):
        for name, item in data.items():
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                _stop("bad-name", (*path, str(name)))
            _check(item, (*path, name), depth - 1)
    elif isinstance(data, list | tuple):
        for place, item in enumerate(data):
            _check(item, (*path, place), depth - 1)
    elif data is not None and not isinstance(data, bool):
        _check_number(data, path)


def _check_text(text: str, path: tuple[str | int, ...]) -> None:
    if text.isascii():
        return
    if any("\ud800" <= character <= "\udfff" for character in text):
        _stop("lone-surrogate", path)
    if not unicodedata.is_normalized("NFC", text):
        _stop("not-nfc", path)


def _check_number(data: object, path: tuple[str | int, ...]) -> None:
    if not isinstance(data, int):
        _stop("not-plain-data", path)
    if abs(data) > LARGEST:
        _stop("number-too-large", path)


def _check_shape(data: Data) -> None:
    """Check what the equality of bytes leaves open: the names, the numbers and the depth."""
    for path, item in _walk(data):
        if len(path) >= DEEPEST:
            _stop("too-deep", path)
        if isinstance(item, dict):
            for name in item:
                if not _NAME.fullmatch(name):
                    _stop("bad-name", (*path, name))
        elif isinstance(item, int) and not isinstance(item, bool) and abs(item) > LARGEST:
            _stop("number-too-large", path)


def _walk(data: Data) -> Iterator[tuple[tuple[str | int, ...], Data]]:
    """Yield every part of the data that is no text, with the path that leads to it."""
    waiting: list[tuple[tuple[str | int, ...], Data]] = [((), data)]
    while waiting:
        path, item = waiting.pop()
        yield path, item
        if isinstance(item, dict):
            waiting += [((*path, n), x) for n, x in item.items() if not isinstance(x, str)]
        elif isinstance(item, list):
            waiting += [((*path, n), x) for n, x in enumerate(item) if not isinstance(x, str)]


def _stop_at_number(found: str) -> NoReturn:
    raise CanonicalError("fraction-in-json") from ValueError(found)


def _stop(fault: str, path: tuple[str | int, ...]) -> NoReturn:
    raise CanonicalError(fault, point_at(path))
