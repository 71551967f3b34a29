"""Comes in: files of a ruleset and of notices. Goes out: the ruleset as amended, and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voucher_rules.catalog.gather import gather_library, read_file, read_notices
from voucher_rules.catalog.notices import apply_notices
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ruleset.load import LoadedRuleset, load_ruleset


@dataclass(frozen=True, slots=True)
class OpenedRuleset:
    """A ruleset with its notices: the document as amended, and what the checker made of it.

    ``folders`` are those in which what it rests on was sought, before the shipped rulesets.
    """

    loaded: LoadedRuleset
    checked: CheckedRuleset
    path: Path
    folders: tuple[Path, ...]


def open_ruleset(
    path: Path,
    folders: Sequence[Path] = (),
    notices: Sequence[Path] = (),
    pins: frozenset[str] | None = None,
) -> OpenedRuleset:
    """Read and check the ruleset in one file, with what it rests on and with ``notices`` applied.

    A calendar or a ruleset it uses is sought in ``folders``, in the folder above its own, and
    among the shipped ones. ``pins`` are digests of calendars and notices: of those it rests on,
    the ones so named are taken, not the latest. Raises :class:`~.errors.RulesetNotFoundError`
    where a file cannot be read, or :class:`~.errors.RulesetError` with every mistake at its place.
    """
    published = load_ruleset(read_file(path), str(path))
    around = (*folders, path.resolve().parents[1])
    library = gather_library(published, around, pins=pins)
    loaded, checked = apply_notices(published, library, read_notices(notices))
    return OpenedRuleset(loaded, checked, path, around)
