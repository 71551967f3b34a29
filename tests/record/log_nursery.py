"""Comes in: lines ``path seed``. Goes out: a process for each that adds to the log until killed.

Each is a fork of this one, so that it begins at once. It tells its number, ``open``, and after
every append the last entry that was acknowledged; when it has ended, ``dead``.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

from log_samples import HEADER, make_decision

from voucher_rules.record.log import Log

SIZES = (1, 1, 2, 5)
PIECE = 100
"""How many bytes the system takes at a time, slowly: a kill may well fall between two pieces."""
WRITE = os.write


def write_piece(descriptor: int, data: memoryview) -> int:
    time.sleep(0.0005)
    return WRITE(descriptor, data[:PIECE])


def tell(word: str) -> None:
    WRITE(1, f"{word}\n".encode())


def write_on(path: Path, seed: str) -> None:
    sizes = random.Random(seed)  # noqa: S311 - chance, not secrecy
    with (
        Log.open(path) if path.exists() and path.stat().st_size else Log.create(path, HEADER) as log
    ):
        tell("open")
        while True:
            first = log.size + 1
            log.append_all(make_decision(n) for n in range(first, first + sizes.choice(SIZES)))
            tell(str(log.size))


def main() -> None:
    for line in sys.stdin:
        path, seed = line.split()
        child = os.fork()
        if child == 0:
            tell(f"pid {os.getpid()}")
            os.write = write_piece  # type: ignore[assignment]
            try:
                write_on(Path(path), seed)
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        tell("dead")


if __name__ == "__main__":
    main()
