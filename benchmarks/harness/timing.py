"""Comes in: a call. Goes out: the processor time it takes; and how busy the machine is."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable


def time_once(call: Callable[[], object], repeats: int) -> float:
    """Return the processor time of one call, in seconds."""
    start = time.process_time()
    for _ in range(repeats):
        call()
    return (time.process_time() - start) / repeats


def time_call(call: Callable[[], object], repeats: int, rounds: int) -> float:
    """Return the median processor time of one call over several rounds, in seconds."""
    return statistics.median(time_once(call, repeats) for _ in range(rounds))


def count_work() -> float:
    """Return the seconds of processor time spent here and in processes that have ended."""
    import resource  # noqa: PLC0415 - Windows has none

    spent = [resource.getrusage(x) for x in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in spent)


def tell_load() -> str:
    """Return how busy the machine is."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
