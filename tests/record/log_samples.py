"""Headers and drafts for tests, and a log of any length in a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from voucher_rules.record.digests import DigestKind, digest_data
from voucher_rules.record.entries import Draft, EntryKind, Header, Recorded, Recorder
from voucher_rules.record.log import Log

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
HEADER = Header("test-log", START, "某区企业服务中心")
SYSTEM = Recorder("vouchers-1", "clerk-7")
TRACE = [{"n": 1, "rule": "item_cap", "result": True}]


def tell_time(number: int) -> datetime:
    return START + timedelta(seconds=number)


def make_body(number: int, **more: object) -> dict[str, Any]:
    trace = digest_data(DigestKind.TRACE, TRACE)
    return {"case": number, "amount": "3000.00", "trace_digest": trace, **more}


def make_decision(number: int, **changes: object) -> Draft:
    """Return the draft of a decision; ``number`` gives it its request and its moment."""
    given: dict[str, Any] = {
        "kind": EntryKind.DECISION,
        "request_id": f"request-{number}",
        "recorded_at": tell_time(number),
        "recorder": SYSTEM,
        "body": make_body(number),
        "trace": TRACE,
        "runtime": {"python": "3.11"},
    }
    return Draft(**(given | changes))


def make_change(number: int, kind: EntryKind, of: Recorded, **changes: object) -> Draft:
    """Return the draft of an entry that refers to another."""
    decides = kind in {EntryKind.CORRECTION, EntryKind.REDECISION}
    given: dict[str, object] = {
        "kind": kind,
        "refers_to": of.entry.decision_digest,
        "refers_seq": of.entry.seq,
        "because": "材料有误",
        "body": make_body(number, amount="2000.00") if decides else None,
        "trace": TRACE if decides else None,
    }
    return make_decision(number, **(given | changes))


def make_close(number: int) -> Draft:
    return make_decision(number, kind=EntryKind.CLOSE, body=None, trace=None)


def write_log(path: Path, drafts: Iterable[Draft] | int = 3) -> list[bytes]:
    """Write a log and return its lines, with their line feeds."""
    given = [make_decision(n) for n in range(1, drafts + 1)] if isinstance(drafts, int) else drafts
    with Log.create(path, HEADER) as log:
        log.append_all(given)
    return path.read_bytes().splitlines(keepends=True)
