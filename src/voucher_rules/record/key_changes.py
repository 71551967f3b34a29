"""Comes in: a log, and a change of its keys. Goes out: the change, signed; and the keys it knows.

A change that no believed key signed is told as a fault whenever the log is checked, for ever: the
log is never written anew. So it is refused before it is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.entries import Draft, Entry, EntryKind, Key, KeyChange
from voucher_rules.record.entry_lines import make_entry, read_key_change, state_key_change
from voucher_rules.record.gists import make_gist
from voucher_rules.record.index import Head
from voucher_rules.record.keys import KeyRing, sign_key_change
from voucher_rules.record.signing import Signer
from voucher_rules.record.views import LogView
from voucher_rules.spans import Span


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that a log names: its raw public key, and from when up to when it holds good.

    ``seq`` is the entry that brought it in, 0 for the header. ``believed`` tells whether that goes
    back to a key one believed to begin with; ``until`` leaves out ends that do not.
    """

    id: str
    public: bytes
    since: datetime
    until: datetime | None
    seq: int
    believed: bool


def list_keys(log: str | Path, trusted: Sequence[Key] | None = None) -> tuple[LogKey, ...]:
    """Return the keys a log names, in the order they came in; two may go by one id.

    ``trusted`` are those one believes to begin with; None takes those of the header. Raises
    :class:`~voucher_rules.RecordError`, also at the first fault of the log.
    """
    view = LogView(log)
    view.load()
    ring = follow_keys(view, trusted)
    return tuple(_show(key, seq, ring) for key, seq in _list_named(view))


def follow_keys(view: LogView, trusted: Sequence[Key] | None = None) -> KeyRing:
    """Return the keys believed at the end of a log that was gone through."""
    ring = KeyRing(view.header.keys if trusted is None else trusted)
    for entry, at in _list_changes(view):
        ring.follow(make_gist(entry), at)
    return ring


def sign_draft(view: LogView, draft: Draft, change: KeyChange, signers: Sequence[Signer]) -> Draft:
    """Return the draft of an entry that changes the keys of a log, with the change in it, signed.

    Raises :class:`~voucher_rules.RecordError`.
    """
    signed = sign_key_change(view.header.log_id, change, *signers)
    return replace(draft, data=state_key_change(signed, Span(view.place, 0, 0)))


def check_believed(view: LogView, draft: Draft, trusted: Sequence[Key] | None = None) -> None:
    """Check that a change of keys, as the next entry of a log, would be believed.

    Raises :class:`~voucher_rules.RecordError`.
    """
    head: Head = view.head
    at = Span(view.place, 0, 0)
    made, _ = make_entry(draft, view.header.log_id, head.seq + 1, head.digest, at)
    entry = make_gist(made)
    ring = follow_keys(view, trusted)
    if not ring.believes(read_key_change(entry.data), entry, at):
        good = [name for name, (key, _) in ring.keys.items() if key.is_valid_at(entry.recorded_at)]
        arguments = {"keys": ", ".join(good) or "-"}
        raise RecordError([Diagnostic("key-change-not-believed", arguments, path=view.place)])


def _list_changes(view: LogView) -> Iterator[tuple[Entry, Span]]:
    """Yield the entries of a log that change keys."""
    for item in view.read():
        if item.entry.kind is EntryKind.KEY_CHANGE:
            yield item.entry, Span(view.place, item.line, 1)


def _list_named(view: LogView) -> Iterable[tuple[Key, int]]:
    yield from ((key, 0) for key in view.header.keys)
    for entry, _ in _list_changes(view):
        yield from ((key, entry.seq) for key in read_key_change(entry.data).add)


def _show(key: Key, seq: int, ring: KeyRing) -> LogKey:
    known, _ = ring.keys.get(key.id, (None, 0))
    believed = known is not None and known.public == key.public
    until = known.until if known is not None and believed else key.until
    return LogKey(key.id, key.public, key.since, until, seq, believed)
