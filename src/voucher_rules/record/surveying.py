"""Comes in: a log that has a fault. Goes out: which numbers and digests stand where in it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from typing import Any

from voucher_rules.record.canonical import CanonicalError, read_canonical
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.lines import LineReader


class Survey:
    """The number, the place and the digest of every line that tells a number."""

    def __init__(self, lines: LineReader) -> None:
        self._places: dict[int, list[int]] = {}
        self._offsets: dict[str, int] = {}
        for line in lines.read():
            seq = _read_number(line.data)
            if line.data is not None and seq is not None:
                self._places.setdefault(seq, []).append(line.offset)
                self._offsets.setdefault(digest_bytes(DigestKind.ENTRY, line.data), line.offset)
        self._numbers = array("Q", sorted(self._places))

    def has_all(self, first: int, last: int) -> bool:
        """Tell whether every number from ``first`` to ``last`` is there, anywhere."""
        found = bisect_right(self._numbers, last) - bisect_left(self._numbers, first)
        return found == last - first + 1

    def find_before(self, seq: int, offset: int) -> list[int]:
        """Return where the lines of a number begin that stand before ``offset``."""
        return [place for place in self._places.get(seq, []) if place < offset]

    def stands_before(self, digest: str, offset: int) -> bool:
        """Tell whether a line of this digest stands before ``offset``."""
        return self._offsets.get(digest, offset) < offset


def _read_number(data: bytes | None) -> int | None:
    try:
        held: Any = None if data is None else read_canonical(data)
    except CanonicalError:
        return None
    seq = held.get("seq") if isinstance(held, dict) else None
    return seq if isinstance(seq, int) and not isinstance(seq, bool) and seq > 0 else None
