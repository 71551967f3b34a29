"""Comes in: files and folders. Goes out: the files to look at, each of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from voucher_rules.catalog.find import (
    CALENDAR_SUFFIX,
    CASES_SUFFIX,
    LIMITS_SUFFIX,
    NOTICE_SUFFIX,
    WHAT_IF_SUFFIX,
)
from voucher_rules.cli.inputs import describe_unreadable
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetNotFoundError

YAML_SUFFIX: Final = ".yaml"


def is_case_file(path: Path) -> bool:
    """Return whether a file holds cases, by its name."""
    return path.name.endswith(CASES_SUFFIX)


def is_notice_file(path: Path) -> bool:
    """Return whether a file holds a notice, by its name."""
    return path.name.endswith(NOTICE_SUFFIX)


def is_what_if_file(path: Path) -> bool:
    """Return whether a file holds a what-if, by its name."""
    return path.name.endswith(WHAT_IF_SUFFIX)


def is_calendar_file(path: Path) -> bool:
    """Return whether a file holds a working calendar, by its name."""
    return path.name.endswith(CALENDAR_SUFFIX)


def is_limits_file(path: Path) -> bool:
    """Return whether a file holds the sides of limits out of reach, by its name."""
    return path.name.endswith(LIMITS_SUFFIX)


def find_edition(path: Path) -> Path:
    """Return the file of the edition beside which a file of sides out of reach stands.

    Raises :class:`RulesetNotFoundError` where there is none.
    """
    edition = path.with_name(path.name.removesuffix(LIMITS_SUFFIX) + YAML_SUFFIX)
    if not edition.is_file():
        raise RulesetNotFoundError([Diagnostic("file-not-found", {"path": str(edition)})])
    return edition


def find_missing(paths: Sequence[str]) -> list[Diagnostic]:
    """Return a diagnostic for each path where there is nothing."""
    missing = [path for path in paths if not Path(path).exists()]
    return [describe_unreadable(path, FileNotFoundError()) for path in missing]


def walk_files(path: Path, suffix: str) -> Iterator[Path]:
    """Yield a file, or those of a folder that end in ``suffix``, hidden ones left out."""
    if path.is_file():
        yield path
        return
    for found in sorted(path.rglob(f"*{suffix}")):
        inner = found.relative_to(path).parts
        if found.is_file() and not any(part.startswith(".") for part in inner):
            yield found
