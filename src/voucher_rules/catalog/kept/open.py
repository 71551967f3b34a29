"""Comes in: files of a ruleset and of notices. Goes out: it checked, from what was kept if it can.

A kept ruleset is named by the bytes of its file, by how it was asked for, and by the code that
checked it. In it stands what else was looked up, with the answers: every one of them is sought
again, and only where all are the same is the ruleset taken. What is refused is never kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voucher_rules.catalog.kept.engine import AS_IMPORTED, name_engine
from voucher_rules.catalog.kept.folder import Folder, find_folder
from voucher_rules.catalog.lookups import FILE, Desk, Lookup, digest_bytes, is_as_noted, read_file
from voucher_rules.checked.model import CheckedRuleset

if TYPE_CHECKING:
    from voucher_rules.ruleset.load import LoadedRuleset


@dataclass(frozen=True, slots=True)
class KeptRuleset:
    """A checked ruleset, its document or how to read it, and where its files were sought."""

    given: LoadedRuleset | Callable[[], LoadedRuleset]
    checked: CheckedRuleset
    folders: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a ruleset is asked for, and the bytes of its file."""

    path: Path
    folders: tuple[Path, ...]
    notices: tuple[Path, ...]
    known: date | None
    data: bytes
    digest: str

    def name(self) -> str:
        """Return the name of what is kept for it."""
        told = [
            str(self.path),
            [str(x) for x in self.folders],
            [str(x) for x in self.notices],
            str(self.known),
            self.digest,
            AS_IMPORTED,
        ]
        return hashlib.sha256(json.dumps(told).encode(errors="surrogatepass")).hexdigest()


def open_kept(
    path: Path,
    folders: Sequence[Path] = (),
    notices: Sequence[Path] = (),
    known: date | None = None,
    *,
    cache: bool = True,
) -> KeptRuleset:
    """Open a ruleset as :func:`~.open.open_ruleset` does, and raise what it raises.

    Where ``cache`` is False, or the environment says so, nothing is taken from what was kept, and
    nothing is kept.
    """
    folder = find_folder() if cache else None
    if folder is None or not AS_IMPORTED:
        return _check(path, folders, notices, known, Desk())
    around = (*folders, path.resolve().parents[1])
    data = read_file(path)
    asked = _Asked(path, around, tuple(notices), known, data, digest_bytes(data))
    name = asked.name()
    held = folder.read(name)
    kept = None if held is None else _take(held, asked)
    return kept or _check_and_keep(folder, name, asked)


def _check(
    path: Path, folders: Sequence[Path], notices: Sequence[Path], known: date | None, desk: Desk
) -> KeptRuleset:
    from voucher_rules.catalog.gather import Sight
    from voucher_rules.catalog.open import open_ruleset

    opened = open_ruleset(path, folders, notices, Sight(known, desk=desk))
    return KeptRuleset(opened.loaded, opened.checked, opened.folders)


def _check_and_keep(folder: Folder, name: str, asked: _Asked) -> KeptRuleset:
    from voucher_rules.catalog.kept.pack import PackError, pack_ruleset

    noted: list[Lookup] = []
    made = _check(asked.path, asked.folders[:-1], asked.notices, asked.known, Desk(noted))
    # The file may have changed since it was named, and the code since it was imported.
    if made.checked.source_digest != f"sha256:{asked.digest}" or name_engine() != AS_IMPORTED:
        return made
    # Its bytes are part of the name already.
    further = [x for x in noted if x[0] != (FILE, str(asked.path))]
    with suppress(PackError, ValueError, RecursionError):
        folder.write(name, _seal(further, pack_ruleset(made.checked)))
    return made


def _seal(noted: Sequence[Lookup], body: bytes) -> bytes:
    """Return a kept file: its digest, what was looked up, and the ruleset, a line each."""
    rest = json.dumps(noted).encode() + b"\n" + body
    return digest_bytes(rest).encode() + b"\n" + rest


def _take(data: bytes, asked: _Asked) -> KeptRuleset | None:
    """Return the ruleset of a kept file; None where it is damaged, or the world is not as it was.

    Anything may stand in a damaged file, so nothing it brings about is a fault.
    """
    from voucher_rules.catalog.kept.unpack import unpack_ruleset

    try:
        digest, _, rest = data.partition(b"\n")
        if digest != digest_bytes(rest).encode():
            return None
        head, _, body = rest.partition(b"\n")
        read: dict[str, bytes] = {}
        if not all(is_as_noted(x, asked.folders, read) for x in _read_lookups(json.loads(head))):
            return None
        checked = unpack_ruleset(body)
        held = tuple((str(x), read[str(x)]) for x in asked.notices)
    except Exception:  # noqa: BLE001 - whatever it is, the ruleset is read anew
        return None
    if checked.source_digest != f"sha256:{asked.digest}":
        return None
    return KeptRuleset(lambda: _read_document(asked, held), checked, asked.folders)


def _read_lookups(told: Any) -> list[Lookup]:  # noqa: ANN401 - data of any shape
    return [(tuple(question), tuple(answer)) for question, answer in told]


def _read_document(asked: _Asked, notices: Sequence[tuple[str, bytes]]) -> LoadedRuleset:
    """Read the document of a ruleset that was kept, from the bytes found to be its own."""
    from voucher_rules.catalog.gather import Sight
    from voucher_rules.catalog.notices import amend_document
    from voucher_rules.ruleset.load import load_ruleset
    from voucher_rules.ruleset.notice import load_notice

    published = load_ruleset(asked.data, str(asked.path))
    sight = Sight(asked.known)
    loaded = (load_notice(data, name) for name, data in notices)
    return amend_document(published, [x for x in loaded if sight.holds(x)])
