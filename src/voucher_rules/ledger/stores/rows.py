"""Comes in: an entry. Goes out: the columns it has in a table, beside its text.

The text is the entry; the columns are there for those who ask with SQL, and are held against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import StoreError
from voucher_rules.ledger.entries import Entry
from voucher_rules.ledger.entry_shapes import KINDS
from voucher_rules.ledger.read_entries import read_entry
from voucher_rules.ledger.stores.model import check_follows
from voucher_rules.ledger.write_entries import write_moment
from voucher_rules.spans import Span

COLUMNS: Final = ("seq", "id", "at", "known", "kind", "ruleset", "thing", "corrects", "text")

Row = tuple[int, str, str, str, str, str, str, str, str]


def make_row(entry: Entry, text: str) -> Row:
    """Return the columns of an entry; what its body has nothing to say of is empty."""
    return (
        entry.seq,
        entry.id,
        write_moment(entry.at),
        write_moment(entry.known),
        KINDS[type(entry.body)],
        getattr(entry.body, "ruleset", ""),
        getattr(entry.body, "thing", ""),
        entry.corrects,
        text,
    )


def read_row(row: Sequence[object], last: int, place: str) -> Entry:
    """Return the entry of a row that stands after entry ``last``. Raises :class:`StoreError`."""
    text = row[-1]
    # A table has no lines: the number of the row that is wrong is that of the entry.
    at = Span(place, last + 1, 1)
    if type(text) is not str:
        raise StoreError([Diagnostic("store-row-damaged", {"seq": str(last + 1)}, at)])
    entry = read_entry(text, at)
    check_follows(entry.seq, last, at)
    if tuple(row) != make_row(entry, text):
        raise StoreError([Diagnostic("store-row-damaged", {"seq": str(entry.seq)}, at)])
    return entry
