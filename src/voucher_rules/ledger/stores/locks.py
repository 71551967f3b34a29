"""Comes in: an open file. Goes out: whether it is locked, now that we tried.

The lock is the kernel's (``flock``): it goes when the process does, however that ends, and it holds
against another opening of the file in the same process too. Where there is no ``fcntl`` (Windows)
nothing is locked; a writer then still notices when the file has grown under it, before it writes.
"""

from __future__ import annotations

import select
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

_FCNTL: Final[Any] = import_module("fcntl") if find_spec("fcntl") else None
_TRIES: Final = 10
_PAUSE: Final = 20
"""How long to wait between tries, in milliseconds: a reader that looks whether someone writes
holds the lock for a moment."""


def lock_file(descriptor: int) -> bool:
    """Lock a file for the one who writes it, and tell whether that could be had."""
    for _ in range(_TRIES):
        if _take_lock(descriptor, exclusive=True):
            return True
        select.poll().poll(_PAUSE)
    return False


def is_being_written(descriptor: int) -> bool:
    """Tell whether someone else has a file locked for writing. It must be closed soon after."""
    return not _take_lock(descriptor, exclusive=False)


def _take_lock(descriptor: int, *, exclusive: bool) -> bool:
    if _FCNTL is None:
        return True
    try:
        _FCNTL.flock(descriptor, (_FCNTL.LOCK_EX if exclusive else _FCNTL.LOCK_SH) | _FCNTL.LOCK_NB)
    except BlockingIOError:
        return False
    return True
