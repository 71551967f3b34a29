"""Comes in: entries of a log. Goes out: what a program is shown of them, and how it asks for one.

This is where the clock is read; everything behind it is told the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from voucher_rules.arguments import FLAG, MOMENT, NAMES, TEXT, check_all
from voucher_rules.record.entries import Entry, Recorded
from voucher_rules.record.instants import floor_instant
from voucher_rules.record.log import Appended

SYSTEM: Final = "voucher-rules"
_OPTIONS: Final = {
    "at": MOMENT.optional(),
    "operator": TEXT.optional(),
    "subject": TEXT.optional(),
    "hide": NAMES,
    "traced": FLAG,
}


def read_clock() -> datetime:
    """Return the present moment, to the millisecond."""
    return floor_instant(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of a log: its number, its digest, and the entry itself.

    ``decision_digest`` names the decision it records, None where it records none; ``is_new`` tells
    whether it was added now, or had been there for the same request.
    """

    seq: int
    digest: str
    decision_digest: str | None
    entry: Entry = field(repr=False)
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """How a decision is recorded.

    ``at`` is the moment (None: now), ``operator`` whom the system acted for, ``subject`` whom the
    decision is about, both under names of the caller's own. ``hide`` names facts of which only
    commitments are recorded (ids and texts; ``guests.name`` for a field of a list). Without
    ``traced`` the log keeps the digest of the trace, not the trace.
    """

    at: datetime | None = None
    operator: str | None = None
    subject: str | None = None
    hide: Sequence[str] = ()
    traced: bool = True

    def __post_init__(self) -> None:
        """Check what each of them is. Raises :class:`~voucher_rules.InputError`."""
        check_all(_OPTIONS, {name: getattr(self, name) for name in _OPTIONS})


PLAIN: Final = RecordOptions()


def show_appended(appended: Appended) -> LogEntry:
    """Return an entry that was asked for, and whether it is new."""
    return replace(show_recorded(appended.recorded), is_new=appended.is_new)


def show_recorded(recorded: Recorded) -> LogEntry:
    """Return an entry that is in the log."""
    entry = recorded.entry
    return LogEntry(entry.seq, recorded.digest, entry.decision_digest, entry)
