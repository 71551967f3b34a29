"""Entries to store, written out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from voucher_rules.ledger.entries import (
    Body,
    Budgeted,
    Entry,
    Grouped,
    Made,
    Moved,
    Rested,
    Withdrawn,
)

MORNING = datetime(2024, 3, 1, 8, 30, tzinfo=UTC)


def make_moved(seq: int) -> Moved:
    return Moved(
        ruleset="cn-example",
        edition="2024",
        lifecycle="voucher",
        thing=f"v-{seq}",
        event="issue",
        amount=500_000,
        carries={"enterprise": "甲公司", "kind": "咨询"},
        because="第一行\n“第二行”",
    )


MADE = Made(
    ruleset="cn-example",
    edition="2024",
    digest="0" * 64,
    decision="claim",
    day=date(2024, 2, 29),
    thing="c-1",
    carries={"enterprise": "甲公司"},
    facts={"contract.amount": "5万元", "staff": [{"age": 30, "local": True}], "other": None},
    readings={"medium": "admitted"},
    assumed=False,
    balances=(
        Rested(
            "ledger.used",
            "2000.00",
            {"enterprise": ("甲公司", "乙公司"), "kind": ()},
            date(2024, 1, 1),
            date(2024, 2, 29),
        ),
        Rested("ledger.first", "", {}, None, None),
    ),
    outcome="granted",
    amounts={"voucher.amount": 300_000},
    supersedes="e-0",
    short_of="year",
)
BUDGETED = Budgeted(
    "cn-example",
    "2024",
    "year",
    date(2024, 1, 1),
    10**17,
    added=True,
    envelope={"city": "乙市"},
)
BODIES: tuple[Body, ...] = (
    make_moved(1),
    MADE,
    BUDGETED,
    Grouped("enterprise", "甲公司", ""),
    Withdrawn("twice"),
)


def make_entry(seq: int, *, name: str = "", body: Body | None = None) -> Entry:
    """Return entry ``seq``, with a body of its turn."""
    known = MORNING + timedelta(microseconds=seq)
    made = BODIES[seq % len(BODIES)] if body is None else body
    return Entry(seq, name or f"e-{seq}", MORNING, known, made, "e-0" if seq % 7 == 0 else "")


def make_entries(first: int, last: int) -> list[Entry]:
    return [make_entry(seq) for seq in range(first, last + 1)]
