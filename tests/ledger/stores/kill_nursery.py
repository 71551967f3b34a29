"""Comes in: lines ``kind address seed``. Goes out: a process for each that writes until killed.

Each is a fork of this one, so that it begins at once. It tells its number, ``open``, and after
every batch the last entry that was acknowledged; when it has ended, ``dead``.
"""

from __future__ import annotations

import os
import random
import sys
import time
from dataclasses import replace

from plain_entries import make_entry
from store_kinds import KINDS

from voucher_rules.ledger.entries import Entry

SIZES = (1, 1, 2, 5, 30)
PIECE = 100
"""How many bytes the system takes at a time, slowly: a kill may well fall between two pieces."""


def make_batch(first: int, size: int) -> list[Entry]:
    """Return a batch whose last entry can be told from the others."""
    entries = [make_entry(seq, name=f"{seq}-") for seq in range(first, first + size)]
    entries[-1] = replace(entries[-1], id=f"{first + size - 1}-last")
    return entries


WRITE = os.write


def write_piece(descriptor: int, data: memoryview) -> int:
    time.sleep(0.0005)
    return WRITE(descriptor, data[:PIECE])


def tell(word: str) -> None:
    WRITE(1, f"{word}\n".encode())


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


def main() -> None:
    for line in sys.stdin:
        kind, address, seed = line.split()
        child = os.fork()
        if child == 0:
            tell(f"pid {os.getpid()}")
            os.write = write_piece  # type: ignore[assignment]
            try:
                write_on(kind, address, seed)
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        tell("dead")


if __name__ == "__main__":
    main()
