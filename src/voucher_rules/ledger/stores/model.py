"""Comes in: a batch of entries and what its writer has seen. Goes out: its texts, or a refusal.

What every store keeps: entries are numbered from 1 without a gap, no id is there twice, a batch is
stored whole or not at all, and only by a writer who has seen every entry before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, Self

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import ConflictError, StoreError
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.entry_shapes import shorten_text
from voucher_rules.ledger.write_entries import write_entry
from voucher_rules.spans import Span


class Store(Protocol):
    """Where the entries of one ledger are kept."""

    def read(self, after: int = 0) -> Iterator[Entry]:
        """Return the entries whose ``seq`` is above ``after``, in order.

        They are those that stood there when reading began, or more; never a part of a batch that
        failed. Raises :class:`StoreError`, also on the way.
        """
        ...

    def append(self, entries: Sequence[Entry], expected: int) -> None:
        """Store a batch whole, and return once it would outlive a loss of power.

        ``expected`` is the ``seq`` of the last entry the writer has seen, 0 for none. Raises
        :class:`ConflictError` where the store holds more, :class:`StoreError` for all else; then
        nothing is stored.
        """
        ...

    def close(self) -> None:
        """Let go of what is held; closing twice does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class OpenStore:
    """What stores have in common: a place to name in messages, and being open or closed."""

    def __init__(self, place: str, *, read_only: bool) -> None:
        self.place = place
        self.read_only = read_only
        self.closed = False

    def check_open(self) -> None:
        """Refuse to go on where the store was closed."""
        if self.closed:
            raise StoreError([Diagnostic("store-closed", {}, path=self.place)])

    def check_writable(self) -> None:
        """Refuse to go on where the store was closed or opened for reading only."""
        self.check_open()
        if self.read_only:
            raise StoreError([Diagnostic("store-read-only", {}, path=self.place)])

    def close(self) -> None:
        """Let go of what is held; closing twice does nothing."""
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def write_batch(entries: Iterable[Entry], expected: int, place: str) -> list[tuple[Entry, str]]:
    """Return each entry of a batch with its text.

    Raises :class:`StoreError` where one cannot be kept, does not follow the one before it (the
    first of them ``expected``), or has the id of another.
    """
    batch = [(entry, write_entry(entry)) for entry in entries]
    seen: set[str] = set()
    for last, (entry, _) in enumerate(batch, start=expected):
        check_follows(entry.seq, last, path=place)
        if entry.id in seen:
            refuse_id(entry.id, place)
        seen.add(entry.id)
    return batch


def check_follows(found: int, last: int, at: Span | None = None, path: str = "") -> None:
    """Check that the entry after ``last`` is the next one. Raises :class:`StoreError`."""
    if found != last + 1:
        arguments = {"last": str(last), "found": str(found)}
        raise StoreError([Diagnostic("store-gap", arguments, at, path=path)])


def refuse_id(name: str, place: str) -> None:
    """Tell that an id is taken. Raises :class:`StoreError`."""
    arguments = {"name": shorten_text(name)}
    raise StoreError([Diagnostic("store-id-taken", arguments, path=place)])


def check_expected(expected: int, last: int, place: str) -> None:
    """Check that the writer has seen everything there is.

    Raises :class:`ConflictError` where there is more, :class:`StoreError` where there is less.
    """
    arguments = {"expected": str(expected), "last": str(last)}
    if last > expected:
        raise ConflictError([Diagnostic("store-moved-on", arguments, path=place)])
    if last < expected:
        raise StoreError([Diagnostic("store-behind", arguments, path=place)])
