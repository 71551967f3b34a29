"""Comes in: what a ruleset rests on. Goes out: the files of it, and what was asked to find them.

What was asked can be asked again: where every answer is the same, so is all that follows from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from voucher_rules.catalog.find import find_calendars, find_notices, find_ruleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetNotFoundError

Question: TypeAlias = tuple[str, ...]
"""What was asked, by its kind: ``file``, ``ruleset``, ``calendars`` or ``notices``."""
Lookup: TypeAlias = tuple[Question, tuple[str, ...]]
"""A question and its answer: paths, or the digest of a file."""

FILE: Final = "file"
RULESET: Final = "ruleset"
CALENDARS: Final = "calendars"
NOTICES: Final = "notices"


def read_file(path: Path) -> bytes:
    """Return the bytes of a file. Raises :class:`RulesetNotFoundError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        arguments = {"path": str(path), "problem": error.strerror or type(error).__name__}
        raise RulesetNotFoundError([Diagnostic("file-not-readable", arguments)]) from None


def digest_bytes(data: bytes) -> str:
    """Return the SHA-256 of the bytes of a file."""
    return hashlib.sha256(data).hexdigest()


@dataclass(slots=True)
class Desk:
    """Answers questions about files; ``noted`` holds each with its answer, where that is wanted."""

    noted: list[Lookup] | None = field(default=None)

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file. Raises :class:`RulesetNotFoundError`."""
        data = read_file(path)
        if self.noted is not None:
            self.noted.append(((FILE, str(path)), (digest_bytes(data),)))
        return data

    def find_ruleset(self, name: str, edition: str, folders: Sequence[Path]) -> Path | None:
        """Return the file of an edition, or None."""
        found = self._ask((RULESET, name, edition), folders)
        return Path(found[0]) if found else None

    def find_calendars(self, name: str, folders: Sequence[Path]) -> list[Path]:
        """Return the files of a working calendar, the one to take first."""
        return [Path(x) for x in self._ask((CALENDARS, name), folders)]

    def find_notices(self, path: Path) -> list[Path]:
        """Return the notices beside the file of an edition."""
        return [Path(x) for x in self._ask((NOTICES, str(path)), ())]

    def _ask(self, question: Question, folders: Sequence[Path]) -> tuple[str, ...]:
        answer = _answer(question, folders)
        if self.noted is not None:
            self.noted.append((question, answer))
        return answer


def _answer(question: Question, folders: Sequence[Path]) -> tuple[str, ...]:
    match question:
        case ("ruleset", name, edition):
            try:
                return (str(find_ruleset(name, edition, folders).path),)
            except RulesetNotFoundError:
                return ()
        case ("calendars", name):
            return tuple(map(str, find_calendars(name, folders)))
        case ("notices", path):
            return tuple(map(str, find_notices(Path(path))))
        case _:
            message = f"no question: {question}"
            raise ValueError(message)


def is_as_noted(lookup: Lookup, folders: Sequence[Path], read: dict[str, bytes]) -> bool:
    """Return whether a question still has its answer; files that were read go into ``read``."""
    question, answer = lookup
    if question[0] != FILE:
        return _answer(question, folders) == answer
    data = read[question[1]] = read_file(Path(question[1]))
    return (digest_bytes(data),) == answer
