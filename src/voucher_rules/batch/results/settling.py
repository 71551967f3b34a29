"""Comes in: parts whose files are whole. Goes out: them in their places, beside other work.

Digests and the disk take one processor: meanwhile the engine decides the next part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from voucher_rules.batch.results.folders import Part, RunFolder


class Settler:
    """Settles one part at a time in a thread; whoever leaves waits for the last.

    What is to follow a part is done by the caller's thread, once the part is settled. Where the
    next part fails while one could not be settled, the fault that came first is raised.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="settle")
        self._running: Future[None] | None = None
        self._next: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._finish()
            elif issubclass(kind, Exception):
                self._wait()
        finally:
            self._pool.shutdown()

    def settle(self, part: Part, names: Iterable[str]) -> None:
        """Begin to settle a part, once the one before it is settled. Raises what that raised."""
        self._finish()
        self._running = self._pool.submit(self._folder.settle_part, part, tuple(names))

    def then(self, step: Callable[[], None]) -> None:
        """Do something once all that came before is settled."""
        self._next.append(step)
        if self._running is None:
            self._finish()

    def _wait(self) -> None:
        """Wait for the part that is being settled. Raises what that raised, once."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def _finish(self) -> None:
        self._wait()
        steps, self._next = self._next, []
        for step in steps:
            step()
