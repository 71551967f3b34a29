"""Comes in: a stream of work. Goes out: its results in order, worked out by several processes.

No more is read ahead than keeps the processes busy, so memory does not grow with the stream.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError

State = TypeVar("State")
Work = TypeVar("Work")
Done = TypeVar("Done")

AHEAD: Final = 4
"""How many pieces of work wait for each process."""
AT_ONCE: Final = 8
"""As many pieces are done sooner than other processes begin."""


def count_processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not told on every system
        return os.cpu_count() or 1


class Crew(Generic[State]):
    """Processes that work, each with a state of its own that ``make`` makes of what is given.

    With one job all happens here, and so does what is over before another process would have
    begun. Leaving it as a context ends the processes.
    """

    def __init__(
        self, make: Callable[..., State], given: tuple[Any, ...], jobs: int, place: str = ""
    ) -> None:
        self._make = make
        self._given = given
        self._jobs = jobs
        self._place = place
        self._own: list[State] = []
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def work(self, do: Callable[[State, Work], Done], stream: Iterable[Work]) -> Iterator[Done]:
        """Yield what ``do`` makes of each piece of work with the state at hand, in their order.

        May be asked for while results of an earlier asking are still taken. Raises
        :class:`RecordError` where a process ended before its work was done.
        """
        rest = iter(stream)
        first = list(islice(rest, AT_ONCE)) if self._pool is None and self._jobs > 1 else []
        if self._pool is None and len(first) < AT_ONCE:
            for piece in chain(first, rest):
                yield do(self._find_state(), piece)
            return
        waiting: deque[Future[Done]] = deque()
        try:
            for piece in chain(first, rest):
                waiting.append(self._begin().submit(_do, do, piece))
                if len(waiting) >= self._jobs * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise RecordError([Diagnostic("worker-lost", {}, path=self._place)]) from None
        finally:
            for future in waiting:
                future.cancel()

    def _find_state(self) -> State:
        if not self._own:
            self._own.append(self._make(*self._given))
        return self._own[0]

    def _begin(self) -> ProcessPoolExecutor:
        if self._pool is None:
            given = (self._make, self._given)
            context = get_context(_choose_start())
            self._pool = ProcessPoolExecutor(self._jobs, context, _start, given)
        return self._pool


_OWN: Final[dict[str, Any]] = {}
"""What a process of a crew keeps between two pieces of work; the caller's own never uses it."""


def _start(make: Callable[..., Any], given: tuple[Any, ...]) -> None:
    _OWN["state"] = make(*given)


def _do(do: Callable[[Any, Work], Done], piece: Work) -> Done:
    return do(_OWN["state"], piece)


def _choose_start() -> str:
    """Return how processes begin.

    A fork has everything at hand and never runs the program of the caller again, as a spawned
    process does; but forking a process that has threads may leave it hanging.
    """
    forks = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if forks else "spawn"
