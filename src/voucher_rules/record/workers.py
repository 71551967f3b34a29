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
from itertools import chain, islice
from multiprocessing import get_context
from typing import Any, Final, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

PIECE: Final = 32
"""How many pieces of work go to a process at once."""
AHEAD: Final = 4
"""How many such lots wait for each process."""
AT_ONCE: Final = 8
"""As many lots are done sooner than other processes begin."""


def count_processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not told on every system
        return os.cpu_count() or 1


def work_in_order(
    begin: Callable[..., None],
    given: tuple[Any, ...],
    do: Callable[[list[Work]], list[Done]],
    stream: Iterable[Work],
    jobs: int,
) -> Iterator[Done]:
    """Yield what ``do`` makes of the stream, in its order.

    ``begin`` is called with ``given`` once in each process. With one job it all happens here, and
    so does what is over before another process would have begun.
    """
    lots = _cut(stream)
    first = list(islice(lots, AT_ONCE))
    if jobs <= 1 or len(first) < AT_ONCE:
        begin(*given)
        for lot in chain(first, lots):
            yield from do(lot)
        return
    context = get_context(_choose_start())
    with ProcessPoolExecutor(jobs, context, begin, given) as pool:
        waiting: deque[Future[list[Done]]] = deque()
        try:
            for lot in chain(first, lots):
                waiting.append(pool.submit(do, lot))
                if len(waiting) >= jobs * AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _choose_start() -> str:
    """Return how processes begin.

    A fork has everything at hand and never runs the program of the caller again, as a spawned
    process does; but forking a process that has threads may leave it hanging.
    """
    forks = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if forks else "spawn"


def _cut(stream: Iterable[Work]) -> Iterator[list[Work]]:
    source = iter(stream)
    while lot := list(islice(source, PIECE)):
        yield lot
