"""Comes in: a folder. Goes out: it held for one run, as long as that goes on.

The lock is the kernel's (``flock``), on the folder itself: it goes when the process does, however
that ends, and leaves no file. Where a system has none (Windows) or a file system has none, nothing
is locked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

_FCNTL: Final[Any] = import_module("fcntl") if find_spec("fcntl") else None
_HELD: Final[set[int]] = set()


@contextmanager
def hold_folder(folder: Path) -> Iterator[bool]:
    """Hold a folder, and tell whether it could be had. Raises OSError for what is no folder."""
    if _FCNTL is None:
        yield True
        return
    descriptor = os.open(folder, os.O_RDONLY)
    _HELD.add(descriptor)
    try:
        yield _take_lock(descriptor)
    finally:
        _HELD.discard(descriptor)
        os.close(descriptor)


def _let_go() -> None:
    """Close what a forked process got: it would go on holding a folder that is held no more."""
    for descriptor in _HELD:
        os.close(descriptor)
    _HELD.clear()


if _FCNTL is not None:
    os.register_at_fork(after_in_child=_let_go)


def _take_lock(descriptor: int) -> bool:
    try:
        _FCNTL.flock(descriptor, _FCNTL.LOCK_EX | _FCNTL.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
