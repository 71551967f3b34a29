"""Comes in: nothing. Goes out: a name of the code that checks rulesets, as it is here and now.

Another version of the library, of a package it rests on or of Python may check otherwise: what one
made is nothing to another. Files are told apart as Python tells whether its bytecode is stale, by
their size and the moment they were last changed.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

FORMAT: Final = 1
"""Counts up with every change of what a kept file looks like."""
ROOT: Final = Path(__file__).resolve().parents[2]
PARTS: Final = (
    "calendars.py",
    "catalog",
    "checked",
    "diagnostics.py",
    "errors.py",
    "language",
    "meaning",
    "ruleset",
    "sources",
    "spans.py",
    "values",
)
"""What of the library has a hand in checking a ruleset."""
REST_ON: Final = ("dateutil._version", "pydantic.version", "pydantic_core", "yaml")
"""A module of each package it rests on that changes with the version."""


def name_engine() -> str:
    """Return the name of the code as it stands now; nothing where it stands in no files."""
    try:
        return _name_files()
    except OSError:
        return ""


def _name_files() -> str:
    lines = [f"{FORMAT} {sys.implementation.cache_tag} {sys.version}"]
    for name in PARTS:
        path = ROOT / name
        found = [_describe(str(path), path.stat())] if path.suffix else _describe_folder(str(path))
        lines += sorted(found)
    lines += [_describe_package(name) for name in REST_ON]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _describe_folder(path: str) -> Iterator[str]:
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield _describe(entry.path, entry.stat())
            elif entry.is_dir() and entry.name.isidentifier() and entry.name != "__pycache__":
                yield from _describe_folder(entry.path)


def _describe_package(name: str) -> str:
    """Return what tells versions of a package apart; none of it is imported."""
    package, _, module = name.partition(".")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(name)
    path = Path(spec.origin)
    path = path.with_name(f"{module}.py") if module else path
    return _describe(str(path), path.stat())


def _describe(path: str, found: os.stat_result) -> str:
    return f"{path} {found.st_size} {found.st_mtime_ns}"


AS_IMPORTED: Final = name_engine()
"""The name when this was imported, with what checks or before it; the files may change later."""
