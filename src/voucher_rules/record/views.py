"""Comes in: a log file. Goes out: its entries by number, request and decision, and what stands.

One pass over the file builds the index; what the entries say of each other is checked on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.digests import DigestKind, digest_bytes
from voucher_rules.record.entries import EntryKind, Header, Recorded
from voucher_rules.record.entry_lines import read_entry
from voucher_rules.record.gists import Gist, Look
from voucher_rules.record.index import Head, Index, check_entry
from voucher_rules.record.lines import Line, gather_lots
from voucher_rules.record.scanning import LogReader, Placed, Scanned
from voucher_rules.record.workers import Crew
from voucher_rules.spans import Span

REFERS_TO_CHANGED: Final = "log-refers-to-changed"
"""The fault of an entry that is whole, and refers to one that is not."""
_MOST_CHANGED: Final = 100_000

Item = TypeVar("Item", bound=Placed)
State = TypeVar("State")
Made = TypeVar("Made")


class LogView:
    """A log as it stood when it was gone through: by :meth:`load`, or by :meth:`scan` to its end.

    Raises :class:`RecordError` where there is no header to go by.
    """

    def __init__(self, path: str | Path) -> None:
        self.reader = LogReader(path)
        self.place = self.reader.place
        keys = {key.id: key for key in self.header.keys}
        self.head = Head(self.reader.header_digest, self.header.created, keys)
        self._index = Index()
        self._even = True
        """Whether every entry stands on the line its number says."""
        self._changed: set[int] = set()
        """Which entries lines say they are that are none as they stand."""

    @property
    def header(self) -> Header:
        """The first line of the log."""
        return self.reader.header

    @property
    def size(self) -> int:
        """How many entries there are, by the number of the last."""
        return self.head.seq

    def load(self) -> None:
        """Take in the whole log. Raises :class:`RecordError` at the first line with a fault."""
        for item in self.scan():
            if item.faults:
                raise RecordError(item.faults)

    def scan(self) -> Iterator[Scanned]:
        """Take in line after line, and yield each with what is wrong with it; to be called once."""
        for lines, item in enumerate(self.reader.scan(), start=1):
            yield self._take(item, lines)

    def scan_shared(
        self, crew: Crew[State], do: Callable[[State, list[Line]], list[tuple[Look, Made]]]
    ) -> Iterator[tuple[Placed, Made]]:
        """Do the same with a crew, and yield with each line what ``do`` made of it."""
        lots = gather_lots(self.reader.frame())
        found = self.reader.scan_shared(crew, do, lots)
        for lines, (item, made) in enumerate(found, start=1):
            yield self._take(item, lines), made

    def _take(self, item: Item, lines: int) -> Item:
        gist = item.gist
        missing = 0 if gist is None else gist.seq - 1 - len(self._index)
        # A number far beyond all there are lines for is no reason to leave room for that many.
        if gist is None or not 0 <= missing <= lines:
            self._note_claim(item)
            return item
        at = Span(self.place, item.line, 1)
        self._index.pass_over(missing)
        self._even = self._even and item.line == gist.seq + 1
        found = [self._tell_changed(x, gist) for x in check_entry(gist, self.head, self, at)]
        earlier = self.find_request(gist.request_id)
        if earlier is not None:
            arguments = {"name": gist.request_id, "seq": str(earlier.entry.seq)}
            found.append(Diagnostic("log-request-twice", arguments, at))
        self._add(gist, item.offset, item.digest, item.leaf)
        return replace(item, faults=(*item.faults, *found)) if found else item

    def _note_claim(self, item: Placed) -> None:
        """Keep which entry a line says it is that is none as it stands."""
        if item.claim is not None and item.claim.seq and len(self._changed) < _MOST_CHANGED:
            self._changed.add(item.claim.seq)

    def _tell_changed(self, found: Diagnostic, gist: Gist) -> Diagnostic:
        """Return a fault; that of the entry referred to where that one was changed, not this."""
        if found.code == "log-refers-nowhere" and gist.refers_seq in self._changed:
            return Diagnostic("log-refers-to-changed", found.arguments, found.span)
        return found

    def _add(self, gist: Gist, offset: int, digest: str, leaf: bytes) -> None:
        self._index.enter(gist, offset)
        self.head.follow(gist, digest, leaf)

    def read(self, after: int = 0) -> Iterator[Recorded]:
        """Yield the entries after ``after`` from the file, also those that were added since."""
        return self.reader.read(after)

    def find_entry(self, seq: int) -> Recorded | None:
        """Return an entry by its number. Raises :class:`RecordError`.

        Its ``line`` is 0 where the log is not sound, so that it cannot be told from the number.
        """
        if not self._index.holds(seq):
            return None
        offset = self._index.find_offset(seq)
        written = self.reader.read_bytes(offset)
        line = seq + 1 if self._even else 0
        entry = read_entry(written, Span(self.place, line, 1))
        return Recorded(entry, written, digest_bytes(DigestKind.ENTRY, written), line, offset)

    def find_request(self, request_id: str) -> Recorded | None:
        """Return the entry of a request. Raises :class:`RecordError`."""
        for seq in self._index.find_requests(request_id):
            found = self.find_entry(seq)
            if found is not None and found.entry.request_id == request_id:
                return found
        return None

    def find_decisions(self, digest: str) -> list[Recorded]:
        """Return the entries that hold a decision; the same may be recorded more than once."""
        found = (self.find_entry(seq) for seq in sorted(self._index.find_decisions(digest)))
        return [item for item in found if item and item.entry.decision_digest == digest]

    def find_taking(self, seq: int) -> int:
        """Return the entry that took the place of the decision of entry ``seq``, 0 for none."""
        return self._index.find_taking(seq)

    def find_standing(self, seq: int) -> Recorded | None:
        """Return what stands in the place of the decision of entry ``seq`` now.

        That is the entry itself where nothing took its place, and None once it was revoked.
        """
        found = self.find_entry(seq)
        while found is not None and (by := self.find_taking(found.entry.seq)):
            found = self.find_entry(by)
            if found is not None and found.entry.kind is EntryKind.REVOCATION:
                return None
        return found
