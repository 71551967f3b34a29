"""Comes in: a time stamp as it came. Goes out: the same, its certificates in the order DER asks.

Authorities put their certificates into the answer in any order, and OpenSSL takes it as it is; the
reader of the package ``rfc3161-client`` insists on that of DER. They stand outside of all that is
signed, and putting them in order changes no length, so nothing else has to be touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_SEQUENCE: Final = 0x30
_OID: Final = 0x06
_TAGGED: Final = 0xA0
_SET: Final = 0x31
_LONG: Final = 0x80
_INTEGER: Final = 0x02


@dataclass(frozen=True, slots=True)
class _Part:
    """One value of DER: its tag, where it begins, where its content does, and where it ends."""

    tag: int
    begin: int
    start: int
    end: int


def order_certificates(answer: bytes) -> bytes:
    """Return an answer with the certificates it encloses in order; what is none comes back as is.

    The answer itself, as it is kept, is not touched.
    """
    try:
        found = _find_certificates(answer)
        if found is None:
            return answer
        items = _split(answer, found)
    except (IndexError, ValueError):
        return answer
    ordered = sorted(answer[item.begin : item.end] for item in items)
    return answer[: found.start] + b"".join(ordered) + answer[found.end :]


def _find_certificates(answer: bytes) -> _Part | None:
    """Return where the certificates stand, None where the answer holds none.

    Raises ValueError or IndexError where it has another shape.
    """
    whole = _read(answer, 0, len(answer))
    _, token, *_ = _split(answer, _expect(whole, _SEQUENCE))
    kind, tagged = _split(answer, _expect(token, _SEQUENCE))
    _expect(kind, _OID)
    (signed,) = _split(answer, _expect(tagged, _TAGGED))
    version, digests, content, *rest = _split(answer, _expect(signed, _SEQUENCE))
    for part, tag in ((version, _INTEGER), (digests, _SET), (content, _SEQUENCE)):
        _expect(part, tag)
    return next((part for part in rest if part.tag == _TAGGED), None)


def _expect(part: _Part, tag: int) -> _Part:
    if part.tag != tag:
        message = f"expected the tag {tag}, found {part.tag}"
        raise ValueError(message)
    return part


def _split(data: bytes, whole: _Part) -> list[_Part]:
    """Return the values within a value. Raises ValueError or IndexError."""
    found, at = list[_Part](), whole.start
    while at < whole.end:
        found.append(_read(data, at, whole.end))
        at = found[-1].end
    return found


def _read(data: bytes, at: int, limit: int) -> _Part:
    """Return the value at a place. Raises ValueError or IndexError."""
    length, start = data[at + 1], at + 2
    if length >= _LONG:
        size = length - _LONG
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    if start + length > limit:
        message = f"the value at {at} goes beyond {limit}"
        raise ValueError(message)
    return _Part(data[at], at, start, start + length)
