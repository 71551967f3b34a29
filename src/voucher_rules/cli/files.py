"""Comes in: files and folders. Goes out: the files to look at, each of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from voucher_rules.catalog.find import CASES_SUFFIX, NOTICE_SUFFIX
from voucher_rules.cli.inputs import describe_unreadable
from voucher_rules.diagnostics import Diagnostic

YAML_SUFFIX: Final = ".yaml"


def is_case_file(path: Path) -> bool:
    """Return whether a file holds cases, by its name."""
    return path.name.endswith(CASES_SUFFIX)


def is_notice_file(path: Path) -> bool:
    """Return whether a file holds a notice, by its name."""
    return path.name.endswith(NOTICE_SUFFIX)


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
