"""Comes in: a file. Goes out: its SHA-256, worked out while others use the file; a stamp of it."""

from __future__ import annotations

from concurrent.futures import Future
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeAlias

Stamp: TypeAlias = tuple[Path, int, int]
"""A file, its size and when it was last written, in nanoseconds: what a change of it changes."""
_CHUNK: Final = 1 << 22


def tell_digest(made: Any) -> str:  # noqa: ANN401 - a hash of hashlib
    """Return a digest as it is written everywhere."""
    return f"sha256:{made.hexdigest()}"


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file. Raises :class:`OSError`."""
    made = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            made.update(chunk)
    return tell_digest(made)


def stamp_file(path: Path) -> Stamp:
    """Return what tells a file from what it may become. Raises :class:`OSError`."""
    found = path.stat()
    return path, found.st_size, found.st_mtime_ns


def is_changed(stamp: Stamp) -> bool:
    """Return whether a file holds something else by now; nobody reads from one that is gone."""
    try:
        return stamp_file(stamp[0]) != stamp
    except FileNotFoundError:
        return False


class FileDigest:
    """The SHA-256 of a file, begun at once in a thread of its own.

    A thread that nobody waits for does not hold up the end of the process, as one of a pool would.
    """

    def __init__(self, path: Path) -> None:
        self._found: Future[str] = Future()
        Thread(target=self._work_out, args=(path,), daemon=True).start()

    def _work_out(self, path: Path) -> None:
        try:
            self._found.set_result(digest_file(path))
        except BaseException as error:  # noqa: BLE001 - whoever waits is told of any
            self._found.set_exception(error)

    def wait(self) -> str:
        """Return the digest once it is known. Raises what went wrong, such as :class:`OSError`."""
        return self._found.result()
