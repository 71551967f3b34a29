"""Comes in: how far a piece of work has come. Goes out: a line on a terminal that tells it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

from voucher_rules.cli.words import tell

PATIENCE: Final = 2_000_000_000
"""So many nanoseconds pass before anything is told."""
PACE: Final = 500_000_000


class Progress:
    """Tells how far the work is once it has taken a while, where someone is looking on.

    ``always`` tells it in any case.
    """

    def __init__(
        self,
        language: str,
        stream: TextIO | None = None,
        clock: Callable[[], int] = time.monotonic_ns,
        *,
        always: bool = False,
    ) -> None:
        self._language = language
        self._stream = stream or sys.stderr
        self._clock = clock
        self._next = clock() + PATIENCE
        self._shown = False
        self._on = always or self._stream.isatty()

    def tell(self, done: int, whole: int, count: int) -> None:
        """Tell that ``done`` of ``whole`` is done and ``count`` entries with it."""
        if not self._on or self._clock() < self._next:
            return
        self._next = self._clock() + PACE
        self._shown = True
        share = f"{100 * min(done, whole) // max(whole, 1)}%"
        told = tell(self._language, "progress", share=share, count=f"{count:,}")
        self._stream.write(f"\r{told}\x1b[K")
        self._stream.flush()

    def finish(self) -> None:
        """Take the line away again."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
