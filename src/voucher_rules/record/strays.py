"""Comes in: a log and its secrets. Goes out: the secrets that should not be there, and why.

Names are hidden before their entry is written, and an erasure is recorded before what it speaks of
is erased: so nothing recorded is ever without what opens it, and a process that ends in between
leaves too much and never too little. Here that is found, and erased where it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voucher_rules.arguments import PATH, takes
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.record.commitments import Secret, SecretStore, read_secrets
from voucher_rules.record.entries import EntryKind
from voucher_rules.record.log import Log
from voucher_rules.record.views import LogView
from voucher_rules.spans import Span


class Why(StrEnum):
    """Why a secret should not be there."""

    NEVER_RECORDED = "never_recorded"
    """No entry of the log holds its commitment: what it was made for came to nothing."""
    ERASED = "erased"
    """The log says that it was erased."""


@dataclass(frozen=True, slots=True)
class StraySecret:
    """A secret that should not be there: on which line of the file, and what it was made for.

    ``request_id`` and ``name`` are those of the request and its fact. The text is not told.
    """

    why: Why
    line: int
    request_id: str
    name: str
    commitment: str

    def tell(self, place: str) -> Diagnostic:
        """Return what is to be said of it."""
        arguments = {"name": self.name, "request": self.request_id}
        at = Span(place, self.line, 1)
        if self.why is Why.ERASED:
            return Diagnostic("secret-still-there", arguments, at)
        return Diagnostic("secret-of-no-entry", arguments, at)


@takes(log=PATH, secrets=PATH)
def find_stray_secrets(log: str | Path, secrets: str | Path) -> tuple[StraySecret, ...]:
    """Return the secrets of a log that should not be there, in the order of their file.

    Secrets of other logs are passed over. The secrets are read first, so that an entry that comes
    meanwhile is not missed; one that is about to come may still be told of. Raises
    :class:`~voucher_rules.RecordError`, also at the first fault of the log.
    """
    held = read_secrets(secrets)
    view = LogView(log)
    view.load()
    return _find(view, held)


@takes(log=PATH, secrets=PATH)
def erase_stray_secrets(log: str | Path, secrets: str | Path) -> tuple[StraySecret, ...]:
    """Erase the secrets of a log that should not be there, for good, and return which they were.

    Both files are locked meanwhile, so that nothing is on its way. Raises
    :class:`~voucher_rules.RecordError`.
    """
    read_secrets(secrets)  # opening a store would make a file that is not there
    with Log.open(log) as opened, SecretStore.open(secrets) as store:
        found = _find(opened, read_secrets(secrets))
        store.erase(item.commitment for item in found)
        return found


def _find(view: LogView, held: Sequence[Secret]) -> tuple[StraySecret, ...]:
    own = view.header.log_id
    named = {item.commitment for item in held if item.log_id == own}
    recorded, erased = _look_up(view, named)
    return tuple(
        StraySecret(
            Why.ERASED if item.commitment in erased else Why.NEVER_RECORDED,
            line,
            item.request_id,
            item.name,
            item.commitment,
        )
        for line, item in enumerate(held, start=1)
        if item.log_id == own and (item.commitment in erased or item.commitment not in recorded)
    )


def _look_up(view: LogView, named: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return which of these commitments entries hold, and which of them were erased."""
    wanted = set(named)
    recorded: set[str] = set()
    erased: set[str] = set()
    for item in view.read():
        entry = item.entry
        recorded |= {x.commitment for x in entry.redactions if x.commitment in wanted}
        if entry.kind is EntryKind.ERASURE and entry.refers_seq is not None:
            meant = view.find_entry(entry.refers_seq)
            redactions = meant.entry.redactions if meant else ()
            erased |= {x.commitment for x in redactions if x.commitment in wanted}
    return recorded, erased
