"""Comes in: the words of options. Goes out: rulesets, facts and settings, or the refusal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from voucher_rules.api import Ruleset, load
from voucher_rules.catalog.find import CASES_SUFFIX
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import InputError, RulesetNotFoundError
from voucher_rules.sources import tree
from voucher_rules.sources.json import read_json
from voucher_rules.sources.tree import Source
from voucher_rules.sources.yaml import SourceError, read_yaml

STANDARD_INPUT: Final = "-"
_STANDARD_INPUT_NAME: Final = "<stdin>"


def check_folders(folders: Sequence[str]) -> list[Path]:
    """Return the folders of rulesets. Raises :class:`InputError` for one that is not there."""
    missing = [folder for folder in folders if not Path(folder).is_dir()]
    if missing:
        raise InputError(
            [Diagnostic("folder-not-found", {"path": x}, path="--rulesets") for x in missing]
        )
    return [Path(folder) for folder in folders]


def open_ruleset(
    name: str,
    edition: str | None,
    folders: Sequence[str],
    notices: Sequence[str] = (),
    known: str | None = None,
) -> Ruleset:
    """Open a ruleset by its name or the path of its file, with notices applied.

    Of the notices those apply that are ``known`` on a day; None: all.

    Raises :class:`RulesetNotFoundError`, :class:`~voucher_rules.RulesetError` or
    :class:`InputError`.
    """
    searched = check_folders(folders)
    if name.endswith(CASES_SUFFIX):
        raise RulesetNotFoundError([Diagnostic("not-a-ruleset-file", {"path": name})])
    try:
        ruleset = load(name, edition, folders=searched, notices=notices, known=known)
    except OSError as error:
        raise RulesetNotFoundError([describe_unreadable(name, error)]) from None
    if edition is not None and ruleset.edition != edition:
        arguments = {"name": name, "edition": edition, "known": ruleset.edition}
        raise RulesetNotFoundError([Diagnostic("edition-not-found", arguments)])
    return ruleset


def start_as_stated(ruleset: Ruleset, day: str | None) -> Ruleset:
    """State the first day that a document leaves open. Raises :class:`InputError`."""
    if day is None:
        return ruleset
    try:
        return ruleset.state_start(day)
    except InputError as error:
        found = [replace(x, path="--in-force-from") for x in error.diagnostics]
        raise InputError(found) from None


def describe_unreadable(path: str, error: OSError) -> Diagnostic:
    """Say why a file cannot be read."""
    if isinstance(error, FileNotFoundError):
        return Diagnostic("file-not-found", {"path": path})
    problem = error.strerror or type(error).__name__
    return Diagnostic("file-not-readable", {"path": path, "problem": problem})


def read_facts(name: str) -> tuple[Mapping[str, Any], Source | None]:
    """Read a file of facts, or standard input, and return the facts with where they stood.

    The places of JSON are not known, so its facts come as plain text and are told by their names.
    Raises :class:`InputError`.
    """
    data = _read_bytes(name)
    shown = _STANDARD_INPUT_NAME if name == STANDARD_INPUT else name
    try:
        if _is_json(name, data):
            return strip_places(read_json(data, shown).root), None
        source = read_yaml(data, shown)
    except SourceError as error:
        raise InputError(error.diagnostics) from None
    return dict(source.root.items()), source


def _read_bytes(name: str) -> bytes:
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise InputError([describe_unreadable(name, error)]) from None


def _is_json(name: str, data: bytes) -> bool:
    suffix = Path(name).suffix.lower()
    if suffix in {".yaml", ".yml", ".json"}:
        return suffix == ".json"
    return data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def strip_places(node: Any) -> Any:  # noqa: ANN401 - a tree of any depth
    """Return a read tree as plain texts, lists and dicts."""
    if isinstance(node, tree.Mapping):
        return {str(key): strip_places(value) for key, value in node.items()}
    if isinstance(node, tree.Sequence):
        return [strip_places(item) for item in node]
    return str(node)


def read_settings(texts: Sequence[str], option: str) -> dict[str, str]:
    """Read ``NAME=VALUE`` as often as it was given. Raises :class:`InputError`."""
    settings: dict[str, str] = {}
    found = []
    for text in texts:
        name, _, value = text.partition("=")
        if not (name and value):
            found.append(Diagnostic("bad-setting", {"found": text}, path=option))
        elif name in settings:
            found.append(Diagnostic("duplicate-key", {"key": name, "first": "1"}, path=option))
        settings[name] = value
    if found:
        raise InputError(found)
    return settings
