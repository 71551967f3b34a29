"""Entries to store, drawn; and how thoroughly the tests try."""

from __future__ import annotations

import os
from datetime import UTC
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

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
from voucher_rules.sources.characters import find_hidden

THOROUGHNESS = int(os.environ.get("VOUCHER_RULES_THOROUGHNESS", "1"))
"""How many times over things are tried; `make fuzz` raises it."""

settings.register_profile("same", derandomize=THOROUGHNESS == 1, database=None)
settings.load_profile("same")

WHERE_HIDDEN = (
    range(0x3000),
    range(0xD800, 0xE000),
    range(0xFE00, 0x10000),
    range(0xE0000, 0xE0080),
)
HIDDEN = "".join(chr(x) for part in WHERE_HIDDEN for x in part if find_hidden(chr(x)))
"""What no entry holds; that it is refused is tested elsewhere."""

TEXTS = st.text(st.characters(exclude_characters=HIDDEN), max_size=12)
AMOUNTS = st.integers(1 - 10**18, 10**18 - 1)
MAPPINGS = st.dictionaries(TEXTS, TEXTS, max_size=3)
LEAVES = st.one_of(st.none(), st.booleans(), AMOUNTS, TEXTS)
DATA: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
MOMENTS = st.datetimes(timezones=st.just(UTC))
NAMES = st.dictionaries(TEXTS, st.lists(TEXTS, max_size=3).map(tuple), max_size=2)
DAYS = st.none() | st.dates()
RESTED = st.builds(Rested, TEXTS, TEXTS, NAMES, DAYS, DAYS)

DRAWN_BODIES: dict[str, st.SearchStrategy[Body]] = {
    "moved": st.builds(
        Moved,
        *[TEXTS] * 5,
        amount=st.none() | AMOUNTS,
        source=TEXTS,
        carries=MAPPINGS,
        decision=TEXTS,
        because=TEXTS,
        cause=MAPPINGS,
    ),
    "made": st.builds(
        Made,
        ruleset=TEXTS,
        edition=TEXTS,
        digest=TEXTS,
        decision=TEXTS,
        day=DAYS,
        thing=TEXTS,
        carries=MAPPINGS,
        facts=st.dictionaries(TEXTS, DATA, max_size=3),
        readings=MAPPINGS,
        assumed=st.booleans(),
        balances=st.lists(RESTED, max_size=2).map(tuple),
        outcome=TEXTS,
        amounts=st.dictionaries(TEXTS, AMOUNTS, max_size=3),
        supersedes=TEXTS,
        short_of=TEXTS,
    ),
    "budgeted": st.builds(
        Budgeted, TEXTS, TEXTS, TEXTS, st.dates(), AMOUNTS, st.booleans(), MAPPINGS
    ),
    "grouped": st.builds(Grouped, TEXTS, TEXTS, TEXTS),
    "withdrawn": st.builds(Withdrawn, TEXTS, MAPPINGS),
}


def draw_entries(kind: str) -> st.SearchStrategy[Entry]:
    """Draw entries whose body is of ``kind``."""
    return st.builds(
        Entry,
        seq=st.integers(1, 10**18 - 1),
        id=TEXTS.filter(bool),
        at=MOMENTS,
        known=MOMENTS,
        body=DRAWN_BODIES[kind],
        corrects=TEXTS,
    )
