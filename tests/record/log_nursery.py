"""Comes in: lines ``path seed``. Goes out: a process for each that adds to the log until killed."""

from __future__ import annotations

import random
from pathlib import Path

from log_samples import HEADER, make_decision

from nursery import raise_writers, tell
from voucher_rules.record.log import Log

SIZES = (1, 1, 2, 5)


def write_on(place: str, seed: str) -> None:
    path = Path(place)
    sizes = random.Random(seed)  # noqa: S311 - chance, not secrecy
    with (
        Log.open(path) if path.exists() and path.stat().st_size else Log.create(path, HEADER) as log
    ):
        tell("open")
        while True:
            first = log.size + 1
            log.append_all(make_decision(n) for n in range(first, first + sizes.choice(SIZES)))
            tell(str(log.size))


if __name__ == "__main__":
    raise_writers(write_on)
