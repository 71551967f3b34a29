"""Comes in: files of a ruleset and of notices. Goes out: the ruleset as amended, and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voucher_rules.catalog.amend import Change, amend_parameters
from voucher_rules.catalog.gather import (
    ALL,
    Sight,
    gather_library,
    read_file,
    read_notices,
    recall_library,
)
from voucher_rules.catalog.notices import apply_notices, mark_values
from voucher_rules.checked.check import check_ruleset
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
    sight: Sight = ALL,
) -> OpenedRuleset:
    """Read and check the ruleset in one file, with what it rests on and with ``notices`` applied.

    A calendar or a ruleset it uses is sought in ``folders``, in the folder above its own, and
    among the shipped ones. Of the notices, and of the calendars and notices of what it uses, those
    in ``sight`` count. Raises :class:`~.errors.RulesetNotFoundError`
    where a file cannot be read, or :class:`~.errors.RulesetError` with every mistake at its place.
    """
    published = load_ruleset(read_file(path), str(path))
    around = (*folders, path.resolve().parents[1])
    library = gather_library(published, around, sight=sight)
    loaded, checked = apply_notices(published, library, read_notices(notices, sight))
    return OpenedRuleset(loaded, checked, path, around)


def amend_ruleset(
    opened: OpenedRuleset, settings: Mapping[str, str]
) -> tuple[OpenedRuleset, tuple[Change, ...]]:
    """Return a ruleset with parameters set to other values, checked whole, and what that changed.

    Raises :class:`~.errors.InputError` for a parameter that does not exist or a setting without
    effect, :class:`~.errors.RulesetError` where the result is no ruleset.
    """
    loaded, changes = amend_parameters(opened.loaded, settings)
    checked = check_ruleset(loaded, recall_library(opened.checked))
    kept = [x for x in opened.checked.notices if x.parameter not in settings]
    marked = mark_values(checked, kept)
    return OpenedRuleset(loaded, marked, opened.path, opened.folders), changes
