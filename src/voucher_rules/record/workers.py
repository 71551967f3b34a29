"""Comes in: a stream of work. Goes out: its results in order, worked out by several processes.

No more is read ahead than keeps the processes busy, so memory does not grow with the stream.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any, Final, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

PIECE: Final = 32
"""How many pieces of work go to a process at once."""
AHEAD: Final = 4
"""How many such lots wait for each process."""


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

    ``begin`` is called with ``given`` once in each process. With one job it all happens here.
    """
    lots = _cut(stream)
    if jobs <= 1:
        begin(*given)
        for lot in lots:
            yield from do(lot)
        return
    context = get_context("spawn")  # forking a process that has threads may leave it hanging
    with ProcessPoolExecutor(jobs, context, begin, given) as pool:
        waiting: deque[Future[list[Done]]] = deque()
        try:
            for lot in lots:
                waiting.append(pool.submit(do, lot))
                if len(waiting) >= jobs * AHEAD:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _cut(stream: Iterable[Work]) -> Iterator[list[Work]]:
    source = iter(stream)
    while lot := list(islice(source, PIECE)):
        yield lot
