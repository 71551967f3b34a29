"""Comes in: lines ``kind address seed``. Goes out: a process for each that writes until killed."""

from __future__ import annotations

import random
from dataclasses import replace

from plain_entries import make_entry
from store_kinds import KINDS

from nursery import raise_writers, tell
from voucher_rules.ledger.entries import Entry

SIZES = (1, 1, 2, 5, 30)


def make_batch(first: int, size: int) -> list[Entry]:
    """Return a batch whose last entry can be told from the others."""
    entries = [make_entry(seq, name=f"{seq}-") for seq in range(first, first + size)]
    entries[-1] = replace(entries[-1], id=f"{first + size - 1}-last")
    return entries


def write_on(kind: str, address: str, seed: str) -> None:
    sizes = random.Random(seed)  # noqa: S311 - chance, not secrecy
    # Where the last entry is, the one who kills us knows as well: the ledger is not read here.
    _, _, last = seed.partition("@")
    seen = int(last)
    with KINDS[kind](address).open() as store:
        tell("open")
        while True:
            batch = make_batch(seen + 1, sizes.choice(SIZES))
            store.append(batch, seen)
            seen += len(batch)
            tell(str(seen))


if __name__ == "__main__":
    raise_writers(write_on)
