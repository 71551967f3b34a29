"""Comes in: the name of a ruleset, or a path. Goes out: the file it stands in.

A folder of rulesets holds one folder for each ruleset, named like it, with one file for each
edition: ``cn-nx-service-voucher/2016.yaml``. Case files stand beside them and are not rulesets;
nor are notices, which stand beside the edition they change, nor working calendars, which stand in
folders of their own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Final, NoReturn

from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetNotFoundError
from voucher_rules.ruleset.names import suggest_name

CASES_SUFFIX: Final = ".cases.yaml"
CALENDAR_SUFFIX: Final = ".calendar.yaml"
NOTICE_SUFFIX: Final = ".notice.yaml"
LIMITS_SUFFIX: Final = ".limits.yaml"
WHAT_IF_SUFFIX: Final = ".whatif.yaml"
OTHER_SUFFIXES: Final = (
    CASES_SUFFIX,
    CALENDAR_SUFFIX,
    NOTICE_SUFFIX,
    LIMITS_SUFFIX,
    WHAT_IF_SUFFIX,
)
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PACKAGE: Final = Path(__file__).resolve().parents[1]
SHIPPED: Final = (_PACKAGE / "_rulesets", _PACKAGE.parents[1] / "rulesets")
"""Where the library's own rulesets stand: in the installed package, or in a source checkout."""


@dataclass(frozen=True, slots=True, order=True)
class RulesetFile:
    """A ruleset file found in a folder, named by where it stands; it has not been read."""

    id: str
    edition: str
    path: Path


def list_rulesets(folders: Sequence[Path] = ()) -> list[RulesetFile]:
    """List the ruleset files in ``folders`` and among the shipped ones, by name and edition.

    A ruleset in an earlier folder hides one of the same name and edition in a later one.
    """
    found: dict[tuple[str, str], RulesetFile] = {}
    for folder in (*folders, *SHIPPED):
        for item in _scan_folder(folder):
            found.setdefault((item.id, item.edition), item)
    return sorted(found.values())


def _scan_folder(folder: Path) -> Iterator[RulesetFile]:
    for inner in sorted({path.parent for path in folder.glob("*/*.yaml")}):
        yield from scan_folder(inner)


def scan_folder(folder: Path) -> Iterator[RulesetFile]:
    """Yield the editions in the folder of one ruleset, by their names; none has been read."""
    for path in sorted(folder.glob("*.yaml")):
        if not path.name.endswith(OTHER_SUFFIXES) and _NAME.fullmatch(path.parent.name):
            yield RulesetFile(path.parent.name, path.stem, path)


def find_ruleset(
    name: str | Path, edition: str | None = None, folders: Sequence[Path] = ()
) -> RulesetFile:
    """Find a ruleset by its name or by the path of its file.

    Without ``edition`` the only one there is, or the last by name. Raises
    :class:`RulesetNotFoundError` with the names that would have been found.
    """
    if isinstance(name, Path) or is_path(name):
        return _find_path(Path(name), folders)
    named = _list_named(name, folders)
    if not named:
        known = list_rulesets(folders)
        near = suggest_name(name, [item.id for item in known])
        searched = "、".join(str(folder) for folder in (*folders, *SHIPPED) if folder.is_dir())
        _refuse("ruleset-not-found", name=name, folders=searched, near=near)
    if edition is None:
        return named[-1]
    chosen = [item for item in named if item.edition == edition]
    if not chosen:
        editions = ", ".join(item.edition for item in named)
        _refuse("edition-not-found", name=name, edition=edition, known=editions)
    return chosen[0]


def _list_named(name: str, folders: Sequence[Path]) -> list[RulesetFile]:
    """List the editions of one ruleset as :func:`list_rulesets` does, and look at no other."""
    if not _NAME.fullmatch(name):
        return []
    found: dict[str, RulesetFile] = {}
    for folder in (*folders, *SHIPPED):
        for item in scan_folder(folder / name) if _is_folder(folder / name) else ():
            found.setdefault(item.edition, item)
    return sorted(found.values())


def is_path(name: str) -> bool:
    """Return whether a ruleset is named by the path of its file."""
    return name.endswith((".yaml", ".yml")) or "/" in name


def find_calendars(name: str, folders: Sequence[Path] = ()) -> list[Path]:
    """Return the files of a working calendar: the last edition of the first folder, then others."""
    if not _NAME.fullmatch(name):
        return []
    return [
        path
        for folder in (*folders, *SHIPPED)
        if _is_folder(folder / name)
        for path in sorted((folder / name).glob(f"*{CALENDAR_SUFFIX}"), reverse=True)
    ]


def find_notices(path: Path) -> list[Path]:
    """Return the notices beside the file of an edition: those whose names begin with its own."""
    return sorted(path.parent.glob(f"{escape(path.stem)}.*{NOTICE_SUFFIX}"))


def find_case_files(path: Path) -> list[Path]:
    """Return the case files of an edition: ``2016.cases.yaml`` and ``2016.….cases.yaml`` beside."""
    own = path.with_name(f"{path.stem}{CASES_SUFFIX}")
    more = sorted(path.parent.glob(f"{escape(path.stem)}.*{CASES_SUFFIX}"))
    return [x for x in (own, *more) if x.is_file()]


def _find_path(path: Path, folders: Sequence[Path]) -> RulesetFile:
    if not _is_file(path):
        # A ruleset is named without a slash; who wrote one may have meant its name.
        known = {item.id for item in list_rulesets(folders)}
        near = next((part for part in (*path.parts, path.stem) if part in known), "")
        _refuse("file-not-found", path=str(path), near=near)
    return RulesetFile(path.parent.name, path.stem, path)


def _is_file(path: Path) -> bool:
    """Return whether a path names a file; one no system can hold names none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    """Return whether a path names a folder; one no system can hold names none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _refuse(code: str, **arguments: str) -> NoReturn:
    raise RulesetNotFoundError([Diagnostic(code, arguments)])
