"""Comes in: a log that has a fault. Goes out: which numbers and digests stand where in it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from voucher_rules.record.canonical import CanonicalError, read_canonical
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.lines import Line
from voucher_rules.record.tables import NumberTable


class Survey:
    """The number, the place and the digest of every line that tells a number.

    A line takes 50 to 70 bytes here: where it begins, its number, the beginning of its digest, and
    a cell in each of two tables that find it by number and by digest.
    """

    def __init__(self, numbered: Iterable[tuple[int, int, str]]) -> None:
        self._offsets = array("Q")
        self._seqs = array("Q")
        self._digests = array("Q")
        self._by_seq = NumberTable()
        self._by_digest = NumberTable()
        for seq, offset, digest in numbered:
            self.add(seq, offset, digest)
        self._numbers = array("Q", (number for number, _ in groupby(sorted(self._seqs))))

    def add(self, seq: int, offset: int, digest: str) -> None:
        """Take in a line: its number, where it begins and its digest."""
        self._offsets.append(offset)
        self._seqs.append(seq)
        self._digests.append(_shorten(digest))
        self._by_seq.put(str(seq), len(self._offsets))
        self._by_digest.put(digest, len(self._offsets))

    def has_all(self, first: int, last: int) -> bool:
        """Tell whether every number from ``first`` to ``last`` is there, anywhere."""
        found = bisect_right(self._numbers, last) - bisect_left(self._numbers, first)
        return found == last - first + 1

    def find_before(self, seq: int, offset: int) -> list[int]:
        """Return where the lines of a number begin that stand before ``offset``."""
        found = (number - 1 for number in self._by_seq.find(str(seq)))
        places = sorted(self._offsets[x] for x in found if self._seqs[x] == seq)
        return [place for place in places if place < offset]

    def stands_before(self, digest: str, offset: int) -> bool:
        """Tell whether a line of this digest stands before ``offset``."""
        short = _shorten(digest)
        found = (number - 1 for number in self._by_digest.find(digest))
        return any(self._offsets[x] < offset for x in found if self._digests[x] == short)


def number_lines(_state: object, lot: list[Line]) -> list[tuple[int, int, str]]:
    """Return the number, the place and the digest of every line of a lot that tells a number."""
    return [
        (seq, line.offset, digest_bytes(DigestKind.ENTRY, line.data))
        for line in lot
        if line.data is not None and (seq := _read_number(line.data)) is not None
    ]


def _shorten(digest: str) -> int:
    """Return 64 bits of a digest, enough to tell one line from another."""
    return int(digest[-16:], 16)


def _read_number(data: bytes) -> int | None:
    try:
        held: Any = read_canonical(data)
    except CanonicalError:
        return None
    seq = held.get("seq") if isinstance(held, dict) else None
    return seq if isinstance(seq, int) and not isinstance(seq, bool) and seq > 0 else None
