"""Comes in: bytes and an open file. Goes out: the bytes on the disk, or an OSError.

Every call that can fail for want of space or of a disk goes through here, by its descriptor:
nothing is buffered, so that what is told as written is written.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

_FLAGS: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
SHARED: Final = 0o666
"""Whoever the system lets read new files (the umask)."""
PRIVATE: Final = 0o600
"""Only the owner, and from the first moment: who has a file open keeps it through a chmod."""


def open_file(path: Path, *, writing: bool = False, making: bool = False) -> int:
    """Open a plain file; what is written goes to its end, wherever that is by then."""
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        raise OSError(0, "not a plain file")
    flags = os.O_RDWR | os.O_APPEND if writing else os.O_RDONLY
    return os.open(path, flags | _FLAGS | (os.O_CREAT if making else 0), SHARED)


def make_file(path: Path, data: bytes, *, mode: int = SHARED) -> None:
    """Make a new file that holds ``data``. Raises FileExistsError where there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, mode)
    try:
        write_all(descriptor, data)
        sync_file(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(path.parent)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of ``data``; the kernel may take it in parts."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def sync_file(descriptor: int) -> None:
    """Return once what was written would outlive a loss of power."""
    os.fsync(descriptor)


def cut_file(descriptor: int, size: int) -> None:
    """Cut a file to ``size`` bytes, for good."""
    os.ftruncate(descriptor, size)
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Return once the names of the files in ``folder`` would outlive a loss of power."""
    if os.name == "nt":  # there a folder cannot be opened, and its names are written at once
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_same_file(descriptor: int, path: Path, size: int) -> bool:
    """Tell whether the open file is still the one at ``path``, and still of this size."""
    held = os.fstat(descriptor)
    try:
        return held.st_size == size and os.path.samestat(held, path.stat())
    except FileNotFoundError:
        return False
