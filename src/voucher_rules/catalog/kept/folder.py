"""Comes in: the environment. Goes out: a folder of this user's own to keep files in, or none.

A file is read only where nobody but this user (and whoever rules the machine) can have put it there
or changed it; whatever is amiss with the folder or a file, the answer is that nothing is kept.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

VARIABLE: Final = "VOUCHER_RULES_CACHE"
"""The environment variable that names the folder, or says ``off``."""
OFF: Final = frozenset({"off", "no", "0"})
OWN: Final = "voucher-rules"
"""What the folder is called below that of all caches of a user."""
SUFFIX: Final = ".checked"
MOST_BYTES: Final = 1 << 24
"""A longer file is none of ours."""
MOST_FILES: Final = 128
"""How many files are kept; beyond that the oldest go."""
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_NUMBERS: Final = count()


def find_folder() -> Folder | None:
    """Return the folder the environment asks for; None where nothing is to be kept."""
    given = os.environ.get(VARIABLE, "")
    if given.lower() in OFF or not hasattr(os, "geteuid"):
        return None  # without the latter, whose a file is cannot be told
    try:
        path = Path(given) if given else _find_caches() / OWN
        return Folder(path.resolve())
    except (OSError, RuntimeError):  # nobody's home, or links that lead in a circle
        return None


def _find_caches() -> Path:
    """Return the folder of all caches of a user. Raises RuntimeError where there is none."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return base if base.is_absolute() else Path.home() / ".cache"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of kept files, each under a name of its own; no link leads to it."""

    path: Path

    def read(self, name: str) -> bytes | None:
        """Return what stands in a file; None where there is none that can be trusted."""
        try:
            return self._read(name) if is_own(self.path) else None
        except (OSError, ValueError):
            return None

    def _read(self, name: str) -> bytes | None:
        # Without waiting for who may be at the other end of it, and never through a link.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with open(self._place(name), "rb", opener=lambda path, _: os.open(path, flags)) as file:
            found = os.fstat(file.fileno())
            if not (stat.S_ISREG(found.st_mode) and _is_mine(found)):
                return None
            data = file.read(MOST_BYTES + 1)
        return data if len(data) <= MOST_BYTES else None

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all; nothing where it cannot be written, or is too long."""
        with suppress(OSError, ValueError):
            _make_folder(self.path)
            if len(data) <= MOST_BYTES and is_own(self.path):
                self._write(self._place(name), data)
                self._thin_out()

    def _write(self, path: Path, data: bytes) -> None:
        """Write beside the place and move there, which is done in one step."""
        beside = path.with_name(f"{path.name}.{os.getpid()}-{next(_NUMBERS)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with open(beside, "wb", opener=lambda x, _: os.open(x, flags, 0o600)) as file:
                file.write(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    def _thin_out(self) -> None:
        """Remove the oldest files beyond :data:`MOST_FILES`, and none that is not ours."""
        files = (path for path in self.path.iterdir() if SUFFIX in path.name)
        held = sorted((path.lstat().st_mtime_ns, path) for path in files)
        for _, path in held[:-MOST_FILES]:
            path.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self.path / f"{name}{SUFFIX}"


def _make_folder(path: Path) -> None:
    """Make a folder and what lacks above it, open to nobody else."""
    if not path.parent.exists():
        _make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def is_own(path: Path) -> bool:
    """Return whether a folder is this user's, and none but this user can put a file into it.

    Nor may anybody else put another folder in its place: what stands above it is this user's or
    root's, and open to others only where they cannot move what is not theirs.
    """
    found = path.lstat()
    if not (stat.S_ISDIR(found.st_mode) and _is_mine(found)):
        return False
    return all(_is_safe_above(above.lstat()) for above in path.parents)


def _is_mine(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE


def _is_safe_above(found: os.stat_result) -> bool:
    guarded = not found.st_mode & _OTHERS_WRITE or bool(found.st_mode & stat.S_ISVTX)
    return stat.S_ISDIR(found.st_mode) and found.st_uid in {0, os.geteuid()} and guarded
