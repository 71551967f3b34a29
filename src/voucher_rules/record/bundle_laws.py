"""Comes in: the body of a record. Goes out: the files of the law it rests on; and a shelf of them.

Whoever checks a bundle takes no law from elsewhere, so that the bundle is enough by itself; and the
very files count, found by the digests the body names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NoReturn

from voucher_rules.catalog.find import (
    CALENDAR_SUFFIX,
    NOTICE_SUFFIX,
    OTHER_SUFFIXES,
    find_calendars,
    find_notices,
    find_ruleset,
)
from voucher_rules.catalog.lookups import read_file
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RecordError
from voucher_rules.record.body import list_pins
from voucher_rules.record.bundle_files import RULESETS
from voucher_rules.record.bundle_zip import is_safe_name, refuse_name
from voucher_rules.record.canonical import Data
from voucher_rules.record.rechecking import Obstacle, Recheck, Reproduced, recheck_record
from voucher_rules.record.shelf import FoundLaw, RulesetShelf, RulesetVerdict

YAML: Final = ".yaml"
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class LawFile:
    """A file of the law in a bundle: its name, what it is, and the SHA-256 of its bytes."""

    name: str
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class LawName:
    """What a body names the law it was made under; empty where it says nothing of the kind."""

    id: str = ""
    edition: str = ""
    semantic_digest: str = ""
    source_digest: str = ""

    @property
    def file(self) -> str:
        """The file of the ruleset in a bundle."""
        return f"{RULESETS}{self.id}/{self.edition}{YAML}"


def name_law(body: Mapping[str, Any]) -> LawName:
    """Return what a body names its law, whatever it holds."""
    named = body.get("ruleset")
    if not isinstance(named, dict):
        return LawName()
    return LawName(*(str(named.get(x, "")) for x in LawName.__slots__))


def gather_law(body: Mapping[str, Any], folders: Sequence[Path]) -> dict[str, bytes]:
    """Return the files of the law a body rests on, by their names in a bundle.

    Raises :class:`RecordError` where they are not found, or do not give that law by themselves.
    """
    try:
        law = RulesetShelf(folders).find_law(body)
    except (KeyError, TypeError, AttributeError):  # a body that no decision was written as
        law = FoundLaw(RulesetVerdict.MISSING)
    if law.ruleset is None or law.path is None:
        _refuse(body, law.verdict)
    around = (*folders, law.path.resolve().parents[1])
    files = dict(_list_files(law.ruleset, law.path, around, list_pins(body)))
    with put_on_shelf(files) as shelf:
        alone = shelf.find_law(body)
        if alone.verdict is not law.verdict or not shelf.holds(alone):
            _refuse(body, alone.verdict)
    return files


def _refuse(body: Mapping[str, Any], verdict: RulesetVerdict) -> NoReturn:
    named = name_law(body)
    arguments = {"name": f"{named.id} {named.edition}", "digest": named.semantic_digest}
    if verdict is RulesetVerdict.MISSING:
        raise RecordError([Diagnostic("bundle-law-missing", arguments)])
    raise RecordError([Diagnostic("bundle-law-differs", arguments)])


def _list_files(
    ruleset: CheckedRuleset, path: Path, around: Sequence[Path], pins: frozenset[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield the file of a ruleset, its notices and calendar, and those of what it uses."""
    yield _name_file(ruleset.id, path), read_file(path)
    pinned = [x for x in find_notices(path) if _digest(read_file(x)) in pins]
    if ruleset.calendar is not None:
        found = find_calendars(ruleset.calendar.id, around)
        pinned += [x for x in found if _digest(read_file(x)) == ruleset.calendar.digest][:1]
    for item in pinned:
        yield _name_file(item.parent.name, item), read_file(item)
    for _, used in sorted(ruleset.uses.items()):
        inner = used.ruleset
        file = find_ruleset(inner.id, inner.edition, around)
        yield from _list_files(inner, file.path, around, pins)


def _name_file(folder: str, path: Path) -> str:
    name = f"{RULESETS}{folder}/{path.name}"
    if not is_safe_name(name):
        refuse_name(name, str(path))
    return name


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def list_laws(files: Mapping[str, bytes]) -> list[LawFile]:
    """Return what files of the law there are among the files of a bundle."""
    return [
        LawFile(name, _name_kind(name), _digest(data))
        for name, data in sorted(files.items())
        if is_law(name)
    ]


def is_law(name: str) -> bool:
    """Return whether a file of a bundle is one of the law, by its name."""
    others = tuple(set(OTHER_SUFFIXES) - {NOTICE_SUFFIX, CALENDAR_SUFFIX})
    placed = name.startswith(RULESETS) and name.count("/") == _PARTS - 1
    return placed and name.endswith(YAML) and not name.endswith(others)


def _name_kind(name: str) -> str:
    if name.endswith(NOTICE_SUFFIX):
        return "notice"
    return "calendar" if name.endswith(CALENDAR_SUFFIX) else "ruleset"


class BundleShelf(RulesetShelf):
    """The law of a bundle, laid out in a folder of its own."""

    def holds(self, law: FoundLaw) -> bool:
        """Return whether a law that was found is of this bundle and not from elsewhere."""
        return law.path is not None and law.path.is_relative_to(self.folders[0])


@contextmanager
def put_on_shelf(files: Mapping[str, bytes]) -> Iterator[BundleShelf]:
    """Lay the law of a bundle out in a folder, for as long as it is needed."""
    with TemporaryDirectory(prefix="voucher-rules-") as made:
        folder = Path(made)
        for name, data in files.items():
            if is_law(name):
                path = folder / name.removeprefix(RULESETS)
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
        yield BundleShelf([folder])


def recheck_alone(
    body: Mapping[str, Any],
    trace: Sequence[Data] | None,
    files: Mapping[str, bytes],
    texts: Mapping[str, str],
) -> Recheck:
    """Decide again on what a body says, under the law in the files of its bundle and no other."""
    missing = _list_missing(body, files)
    if missing:
        law, detail = FoundLaw(RulesetVerdict.MISSING), ", ".join(missing)
        return _stop(law, Obstacle.RULESET_MISSING, detail)
    with put_on_shelf(files) as shelf:
        recheck = recheck_record(body, trace, shelf, texts)
        law = recheck.law
        if law.path is not None and not shelf.holds(law):
            # The library itself holds that law; the bundle holds another of the same name.
            return _stop(FoundLaw(RulesetVerdict.DIFFERS), Obstacle.RULESET_DIFFERS)
        return recheck


def _stop(law: FoundLaw, obstacle: Obstacle, detail: str = "") -> Recheck:
    return Recheck(
        Reproduced.CANNOT_REPLAY,
        law,
        semantics_supported=True,
        obstacle=obstacle,
        detail=detail,
    )


def _list_missing(body: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """Return what a body rests on and the bundle lacks; nothing for a body that is none."""
    held = {item.digest for item in list_laws(files)}
    try:
        named = [body["ruleset"], *body["uses"]]
        wanted = [f"{RULESETS}{x['id']}/{x['edition']}{YAML}" for x in named]
        missing = [name for name in wanted if name not in files]
        return missing + sorted(str(pin) for pin in list_pins(body) - held)
    except (KeyError, TypeError, AttributeError):
        return []
