"""Comes in: an entry of a log that was asked for. Goes out: what the command says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voucher_rules.cli.words import tell

if TYPE_CHECKING:
    from voucher_rules.api.log_entries import LogEntry


def tell_recorded(entry: LogEntry, path: str, language: str) -> str:
    """Return where the entry stands, whether it was there before, and which decision it holds."""
    key = "log.recorded" if entry.is_new else "log.recorded_before"
    lines = [tell(language, key, seq=str(entry.seq), path=path, digest=entry.digest)]
    if entry.decision_digest is not None:
        lines.append(tell(language, "log.decision_digest", digest=entry.decision_digest))
    return "\n".join(lines)


def tell_subject(entry: LogEntry, language: str) -> str:
    """Return whom an entry is about since the one whose place it takes is."""
    about, seq = (entry.entry.body or {}).get("subject"), entry.entry.refers_seq
    if about is None or seq is None:
        return ""
    return tell(language, "log.about", subject=str(about), seq=str(seq))
