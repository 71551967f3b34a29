"""Comes in: an entry of a log that was asked for. Goes out: what the command says of it."""

from __future__ import annotations

from voucher_rules.api.log_entries import LogEntry
from voucher_rules.cli.words import tell


def tell_recorded(entry: LogEntry, path: str, language: str) -> str:
    """Return where the entry stands, and whether it was there before."""
    key = "log.recorded" if entry.is_new else "log.recorded_before"
    return tell(language, key, seq=str(entry.seq), path=path, digest=entry.digest)
