"""Comes in: what a command was given. Goes out: the refusal to write over what may not be lost."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError

_OUTPUTS: Final = ("out", "output", "html", "json", "plot", "write", "stamp_query")
"""Options that name a file to write; what is no text is a switch of that name."""
_KEPT: Final = re.compile(
    rb'\A(?:SQLite format 3\0|\{"commitment":"sha256:)'
    rb'|"schema": ?"voucher-rules/(?:log|entry|ledger)/'
    rb'|"payloadType": ?"application/vnd\.voucher-rules\.'
    rb"|-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----"
)
"""What logs, ledgers, checkpoints, secrets and private keys begin with."""
_MOST: Final = 1 << 20


def check_outputs(arguments: argparse.Namespace) -> None:
    """Check, before a command does anything, that no file it writes is one that must stay.

    Those are the files it was given to read, and any log, ledger, checkpoint, file of secrets and
    private key. Raises :class:`InputError`.
    """
    given = vars(arguments)
    for name in _OUTPUTS:
        written = given.get(name)
        if not isinstance(written, str) or not Path(written).is_file():
            continue
        option = f"--{name.replace('_', '-')}"
        rest = [x for key, x in given.items() if key != name]
        if _is_read(Path(written), rest):
            raise InputError([Diagnostic("output-is-input", {"path": written}, path=option)])
        if _is_kept(Path(written)):
            raise InputError([Diagnostic("output-is-kept", {"path": written}, path=option)])


def _is_read(path: Path, given: list[Any]) -> bool:
    """Tell whether a file is among those given, or a file of rulesets in a folder given."""
    for other in _list_paths(given):
        if other.is_file() and other.samefile(path):
            return True
        within = other.is_dir() and path.resolve().is_relative_to(other.resolve())
        if within and path.suffix == ".yaml":
            return True
    return False


def _list_paths(given: list[Any]) -> Iterator[Path]:
    """Yield every path that stands among what was given, also behind ``ID=``."""
    for item in given:
        texts = item if isinstance(item, list) else [item]
        for text in texts:
            if isinstance(text, str) and "\0" not in text:
                behind = text.partition("=")[2]
                yield from (Path(x) for x in (text, behind) if x)


def _is_kept(path: Path) -> bool:
    """Tell whether a file is one that is never made again; one that cannot be read is not told."""
    try:
        with path.open("rb") as file:
            return _KEPT.search(file.read(_MOST)) is not None
    except OSError:
        return False
