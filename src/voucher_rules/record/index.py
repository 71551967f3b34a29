"""Comes in: the entries of a log, one by one. Goes out: what the next one has to agree with.

For each entry there are kept: where its line begins (8 bytes), which entry took the place of its
decision (4), and its part in each of two tables of names (32 to 56 together): 44 to 68 bytes.
Everything else is read from the file when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.entries import EntryKind, Key, Recorded
from voucher_rules.record.entry_lines import read_key_change
from voucher_rules.record.gists import Gist
from voucher_rules.record.instants import write_instant
from voucher_rules.record.merkle import Tree
from voucher_rules.record.tables import NumberTable
from voucher_rules.spans import Span

TAKING: Final = frozenset({EntryKind.CORRECTION, EntryKind.REDECISION, EntryKind.REVOCATION})
"""The kinds of entries after which the decision they refer to no longer stands."""


class Lookup(Protocol):
    """What is known of earlier entries."""

    def find_request(self, request_id: str) -> Recorded | None:
        """Return the entry of a request."""
        ...

    def find_entry(self, seq: int) -> Recorded | None:
        """Return an entry by its number."""
        ...

    def find_taking(self, seq: int) -> int:
        """Return the entry that took the place of the decision of entry ``seq``, 0 for none."""
        ...


@dataclass(slots=True)
class Head:
    """The end of a log: what the next entry follows, and the tree over all before it."""

    digest: str
    at: datetime
    keys: dict[str, Key]
    seq: int = 0
    ended: bool = False
    tree: Tree = field(default_factory=Tree)

    def copy(self) -> Head:
        """Return a head that moves on by itself."""
        return Head(self.digest, self.at, dict(self.keys), self.seq, self.ended, self.tree.copy())

    def follow(self, entry: Gist, digest: str, leaf: bytes) -> None:
        """Move on behind an entry of this digest and this hash as a leaf."""
        self.digest, self.at, self.seq = digest, entry.recorded_at, entry.seq
        self.ended = self.ended or entry.kind is EntryKind.CLOSE
        self.tree.append(leaf)
        if entry.kind is EntryKind.KEY_CHANGE:
            apply_key_change(self.keys, entry)


def apply_key_change(keys: dict[str, Key], entry: Gist) -> None:
    """Change keys as an entry tells, as far as they are known."""
    change = read_key_change(entry.data)
    for key in change.add:
        keys.setdefault(key.id, key)
    for name, until in change.end:
        known = keys.get(name)
        if known is not None and (known.until is None or until <= known.until):
            keys[name] = Key(known.id, known.public, known.since, until)


def check_entry(entry: Gist, head: Head, lookup: Lookup, at: Span) -> list[Diagnostic]:
    """Return what keeps an entry from following all before it, but for its number and chain."""
    found: list[Diagnostic] = []
    if head.ended:
        found.append(Diagnostic("log-ended", {"seq": str(head.seq)}, at))
    if entry.recorded_at < head.at:
        arguments = {"found": write_instant(entry.recorded_at), "last": write_instant(head.at)}
        found.append(Diagnostic("log-time-backwards", arguments, at))
    if entry.is_hypothetical:
        found.append(Diagnostic("record-hypothetical", {}, at))
    if entry.kind is EntryKind.KEY_CHANGE:
        found += _check_key_change(entry, head.keys, at)
    if entry.refers_seq is not None:
        found += _check_reference(entry, entry.refers_seq, lookup, at)
    return found


def _check_reference(entry: Gist, seq: int, lookup: Lookup, at: Span) -> Iterator[Diagnostic]:
    """Check that an entry refers to a decision that stands."""
    meant = lookup.find_entry(seq) if seq < entry.seq else None
    if meant is None:
        yield Diagnostic("log-refers-nowhere", {"seq": str(seq)}, at)
    elif meant.entry.decision_digest is None:
        arguments = {"seq": str(seq), "kind": str(meant.entry.kind)}
        yield Diagnostic("log-refers-to-no-decision", arguments, at)
    elif meant.entry.decision_digest != entry.refers_to:
        arguments = {"seq": str(seq), "stands": meant.entry.decision_digest}
        yield Diagnostic("log-refers-otherwise", arguments, at)
    elif entry.kind in TAKING and (by := lookup.find_taking(seq)):
        taking = lookup.find_entry(by)
        arguments = {"seq": str(seq), "by": str(by)}
        if taking is not None and taking.entry.kind is EntryKind.REVOCATION:
            yield Diagnostic("log-refers-to-revoked", arguments, at)
        else:
            yield Diagnostic("log-refers-to-superseded", arguments, at)


def _check_key_change(entry: Gist, keys: Mapping[str, Key], at: Span) -> Iterator[Diagnostic]:
    """Check that added keys are new, and that a known one is only ever ended earlier."""
    change = read_key_change(entry.data)
    for key in change.add:
        if key.id in keys:
            yield Diagnostic("log-key-twice", {"name": key.id}, at)
    for name, until in change.end:
        known = keys.get(name)
        if known is None:
            yield Diagnostic("log-key-unknown", {"name": name}, at)
        elif known.until is not None and until > known.until:
            arguments = {"name": name, "until": write_instant(known.until)}
            yield Diagnostic("log-key-extended", arguments, at)


class Index:
    """What a writer keeps in memory of every entry, by its number."""

    def __init__(self) -> None:
        self._offsets = array("Q")
        self._taking = array("I")
        self._requests = NumberTable()
        self._decisions = NumberTable()

    def __len__(self) -> int:
        return len(self._offsets)

    def enter(self, entry: Gist, offset: int) -> None:
        """Take in the next entry, whose line begins at ``offset``."""
        self._offsets.append(offset)
        self._taking.append(0)
        self._requests.put(entry.request_id, entry.seq)
        if entry.decision_digest is not None:
            self._decisions.put(entry.decision_digest, entry.seq)
        if entry.kind in TAKING and entry.refers_seq is not None and self.holds(entry.refers_seq):
            self._taking[entry.refers_seq - 1] = entry.seq

    def pass_over(self, count: int) -> None:
        """Leave room for entries that are missing."""
        self._offsets.extend([0] * count)
        self._taking.extend([0] * count)

    def holds(self, seq: int) -> bool:
        """Tell whether there is an entry of this number."""
        return 1 <= seq <= len(self._offsets) and self._offsets[seq - 1] > 0

    def find_offset(self, seq: int) -> int:
        """Return where the line of an entry begins."""
        return self._offsets[seq - 1]

    def find_taking(self, seq: int) -> int:
        """Return the entry that took the place of a decision, 0 for none."""
        return self._taking[seq - 1] if self.holds(seq) else 0

    def find_requests(self, request_id: str) -> Iterator[int]:
        """Yield the entries that may be of a request."""
        return self._requests.find(request_id)

    def find_decisions(self, digest: str) -> Iterator[int]:
        """Yield the entries that may hold a decision."""
        return self._decisions.find(digest)
