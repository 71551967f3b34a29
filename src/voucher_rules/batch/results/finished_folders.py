"""Comes in: a folder of results. Goes out: its manifest, and its files once they are as written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from voucher_rules.batch.reading.file_digests import digest_file
from voucher_rules.batch.results.folders import MANIFEST, MANIFEST_SCHEMA, read_json
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

_MEMBERS: Final = (
    *("run", "rows", "outcomes", "notes", "records"),
    *("absent", "unused", "reason", "files", "parts"),
)


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return the manifest of a finished run.

    Raises :class:`InputError` where there is none, or one that no run of this version wrote.
    """
    path = folder / MANIFEST
    try:
        found = read_json(path)
    except FileNotFoundError:
        raise _refuse("folder-unfinished", path=str(folder)) from None
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise _refuse("file-not-readable", path=str(path), problem=problem) from None
    except ValueError:
        raise _refuse("folder-file-changed", path=str(path)) from None
    known = isinstance(found, dict) and found.get("schema") == MANIFEST_SCHEMA
    if not known or any(name not in found for name in _MEMBERS):
        raise _refuse("folder-file-changed", path=str(path))
    held: Mapping[str, Any] = found
    return held


def list_digests(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the digest of each file of a run, by its name."""
    parts = (part["files"] for part in manifest["parts"])
    return dict(manifest["files"]) | {x: digest for files in parts for x, digest in files.items()}


def check_file(folder: Path, name: str, digest: str) -> Path:
    """Return the path of a file of a run. Raises :class:`InputError` where it was changed."""
    path = folder / name
    try:
        same = digest_file(path) == digest
    except OSError:
        same = False
    if not same:
        raise _refuse("folder-file-changed", path=str(path))
    return path


def _refuse(code: str, **told: str) -> InputError:
    return InputError([Diagnostic(code, told, path="folder")])
