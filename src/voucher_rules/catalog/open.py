"""Comes in: files of a ruleset and of notices. Goes out: the ruleset as amended, and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voucher_rules.catalog.gather import (
    ALL,
    Sight,
    gather_library,
    read_notices,
)
from voucher_rules.catalog.notices import apply_notices
from voucher_rules.catalog.starting import state_first_day
from voucher_rules.catalog.whatifs import amend_ruleset
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.checked.symbols import Change
from voucher_rules.ruleset.alterations import Alteration
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
    sight: Sight = ALL,
) -> OpenedRuleset:
    """Read and check the ruleset in one file, with what it rests on and with ``notices`` applied.

    A calendar or a ruleset it uses is sought in ``folders``, in the folder above its own, and
    among the shipped ones. Of the notices, and of the calendars and notices of what it uses, those
    in ``sight`` count. Raises :class:`~.errors.RulesetNotFoundError`
    where a file cannot be read, or :class:`~.errors.RulesetError` with every mistake at its place.
    """
    published = load_ruleset(sight.desk.read(path), str(path))
    around = (*folders, path.resolve().parents[1])
    library = gather_library(published, around, sight=sight)
    loaded, checked = apply_notices(published, library, read_notices(notices, sight))
    return OpenedRuleset(loaded, checked, path, around)


def start_opened(opened: OpenedRuleset, day: date) -> OpenedRuleset:
    """Return a ruleset that was opened with the first day stated that its document leaves open.

    Raises as :func:`~.starting.state_first_day`.
    """
    loaded, checked = state_first_day(opened.loaded, opened.checked, day)
    return OpenedRuleset(loaded, checked, opened.path, opened.folders)


def amend_opened(
    opened: OpenedRuleset, alterations: Sequence[Alteration]
) -> tuple[OpenedRuleset, tuple[Change, ...]]:
    """Return a ruleset that was opened with changes made, and what they changed.

    Raises as :func:`~.whatifs.amend_ruleset`.
    """
    loaded, checked, changes = amend_ruleset(opened.loaded, opened.checked, alterations)
    return OpenedRuleset(loaded, checked, opened.path, opened.folders), changes
