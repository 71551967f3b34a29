"""Comes in: a log in a file. Goes out: the keys it knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voucher_rules.arguments import PATH, takes
from voucher_rules.record import key_changes
from voucher_rules.record.entries import Key
from voucher_rules.record.key_changes import LogKey
from voucher_rules.record.key_files import KEYS, gather_keys


@takes(log=PATH, trusted=KEYS.optional())
def list_keys(
    log: str | Path, *, trusted: Sequence[str | Path | Key] | None = None
) -> tuple[LogKey, ...]:
    """Return the keys that a log names, in the order they came in.

    ``trusted`` are keys got elsewhere, or files of such, that one believes to begin with; None
    takes those of the log's own header. Raises :class:`~voucher_rules.RecordError`, also at the
    first fault of the log.
    """
    return key_changes.list_keys(log, None if trusted is None else gather_keys(trusted))
