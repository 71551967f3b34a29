"""Comes in: the path of a YAML or JSON file. Goes out: its tree, or the refusal."""

from __future__ import annotations

from pathlib import Path

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError
from voucher_rules.sources.json import read_json
from voucher_rules.sources.tree import Source
from voucher_rules.sources.yaml import SourceError, read_yaml


def read_source(path: Path, name: str) -> Source:
    """Read a file: JSON where it is named so, else YAML. Raises :class:`InputError`."""
    return parse_source(read_bytes(path, name), name, json=path.suffix.lower() == ".json")


def read_bytes(path: Path, name: str) -> bytes:
    """Return what stands in a file. Raises :class:`InputError` where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError([Diagnostic("file-not-found", {"path": name})]) from None
    except OSError as error:
        problem = error.strerror or type(error).__name__
        arguments = {"path": name, "problem": problem}
        raise InputError([Diagnostic("file-not-readable", arguments)]) from None


def parse_source(data: bytes, name: str, *, json: bool) -> Source:
    """Read the bytes of a file. Raises :class:`InputError`."""
    try:
        return read_json(data, name) if json else read_yaml(data, name)
    except SourceError as error:
        raise InputError(error.diagnostics) from None
