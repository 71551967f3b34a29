"""Comes in: bytes to add to a file. Goes out: the file with them on the disk, or as it was before.

One process at a time has the file for writing. What was added and not acknowledged is taken away
again; where even that fails nothing more is written.
"""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from voucher_rules.ledger.stores.files import (
    cut_file,
    is_same_file,
    make_file,
    open_file,
    sync_file,
    sync_folder,
    write_all,
)
from voucher_rules.ledger.stores.locks import lock_file


class FileLockedError(Exception):
    """Another writer has the file open."""


class FileReplacedError(Exception):
    """The file is no longer the one that was opened, or not of the size it was left with."""


class FileBrokenError(Exception):
    """An earlier write failed and could not be undone."""


class AppendedFile:
    """A file that is locked for the one who adds to it.

    ``size`` is where the next bytes go: whoever opens the file tells how much of it holds good.
    Raises :class:`FileLockedError`, :class:`FileReplacedError` where another file has its name by
    the time the lock is had, and OSError as the file system does.
    """

    def __init__(self, path: Path, *, making: bool = False) -> None:
        self._path = path
        self._broken = False
        self._descriptor = open_file(path, writing=True, making=making)
        if not lock_file(self._descriptor):
            self.close()
            raise FileLockedError
        self.size = os.fstat(self._descriptor).st_size
        if not is_same_file(self._descriptor, path, self.size):
            self.close()
            raise FileReplacedError

    def add(self, data: bytes) -> None:
        """Add to the end, and return once it would outlive a loss of power.

        Raises :class:`FileBrokenError`, :class:`FileReplacedError` and OSError; then nothing was
        acknowledged.
        """
        if self._broken:
            raise FileBrokenError
        if not is_same_file(self._descriptor, self._path, self.size):
            raise FileReplacedError
        try:
            write_all(self._descriptor, data)
            self._sync()
        except BaseException:  # an interrupt too: nothing was acknowledged
            self._undo()
            raise
        self.size += len(data)

    def begin(self, data: bytes) -> None:
        """Write the first bytes of an empty file, so that its name outlives a loss of power too."""
        write_all(self._descriptor, data)
        sync_file(self._descriptor)
        sync_folder(self._path.parent)
        self.size = len(data)

    def sync(self) -> None:
        """Return once all there is would outlive a loss of power."""
        sync_file(self._descriptor)

    def cut(self, size: int) -> None:
        """Cut the file to ``size`` bytes, for good."""
        cut_file(self._descriptor, size)
        self.size = size

    def take_place(self, path: Path) -> None:
        """Take the place of the file at ``path``; the lock is held throughout."""
        self._path.replace(path)
        self._path = path
        sync_folder(path.parent)

    def _sync(self) -> None:
        try:
            sync_file(self._descriptor)
        except OSError:
            # What reached the disk is not known, and asking again would not tell.
            self._broken = True
            raise

    def _undo(self) -> None:
        """Take away what was written; where that fails, nothing more is written."""
        try:
            cut_file(self._descriptor, self.size)
        except OSError:
            self._broken = True

    def close(self) -> None:
        """Give the lock back; closing twice does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def put_aside(path: Path, offset: int, rest: bytes) -> Path:
    """Write the bytes that stood at ``offset`` into a new file beside ``path``, and return it."""
    for number in count(1):
        kept = path.with_name(f"{path.name}.torn-{offset}" + (f"-{number}" if number > 1 else ""))
        try:
            make_file(kept, rest)
        except FileExistsError:
            continue
        return kept
    raise AssertionError
