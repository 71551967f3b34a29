"""Comes in: the script of a writer. Goes out: a process that starts writers, to be killed any time.

A test makes a :class:`Nursery` of the script; the script calls :func:`raise_writers`. Each writer
is a fork of that process, so that it begins at once. It tells its number, ``open``, and after every
write the last entry that was acknowledged; when it has ended, ``dead``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

PIECE: Final = 100
"""How many bytes the system takes at a time, slowly: a kill may well fall between two pieces."""
_WRITE: Final = os.write


class Nursery:
    """A process that starts writers, and tells what they tell."""

    def __init__(self, script: Path) -> None:
        here = str(Path(__file__).parent)
        known = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(
            [sys.executable, script.name],
            cwd=script.parent,
            env={**os.environ, "PYTHONPATH": known},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def start(self, *words: object) -> int:
        """Start a writer on what these words say, and return its number."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{' '.join(map(str, words))}\n")
        self._process.stdin.flush()
        word, _, pid = self.hear().partition(" ")
        assert word == "pid"
        return int(pid)

    def hear(self) -> str:
        """Return the next word."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery has ended"
        return line.strip()

    def hear_out(self, last: int) -> int:
        """Return the last entry acknowledged when the writer was dead."""
        while (word := self.hear()) != "dead":
            last = last if word == "open" else int(word)
        return last

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def tell(word: str) -> None:
    """Tell a word, from within a writer; not in pieces."""
    _WRITE(1, f"{word}\n".encode())


def raise_writers(write_on: Callable[..., None]) -> None:
    """Start a writer for every line of words that comes in, and wait for its end.

    ``write_on`` is called with the words and writes until it is killed.
    """
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            tell(f"pid {os.getpid()}")
            os.write = _write_piece  # type: ignore[assignment]
            try:
                write_on(*line.split())
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        tell("dead")


def _write_piece(descriptor: int, data: memoryview) -> int:
    time.sleep(0.0005)
    return _WRITE(descriptor, data[:PIECE])
