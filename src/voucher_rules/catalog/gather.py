"""Comes in: a loaded ruleset. Goes out: the calendar it names and the rulesets it uses, checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from voucher_rules.catalog.find import find_calendars, find_notices, find_ruleset
from voucher_rules.catalog.notices import apply_notices
from voucher_rules.checked.library import Library
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import RulesetError, RulesetNotFoundError
from voucher_rules.ruleset.calendar import load_calendar
from voucher_rules.ruleset.load import LoadedRuleset, load_ruleset
from voucher_rules.ruleset.model import UseDoc
from voucher_rules.ruleset.notice import LoadedNotice, load_notice
from voucher_rules.sources.tree import diagnose
from voucher_rules.values.model import WorkingCalendar


def read_file(path: Path) -> bytes:
    """Return the bytes of a file. Raises :class:`RulesetNotFoundError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        arguments = {"path": str(path), "problem": error.strerror or type(error).__name__}
        raise RulesetNotFoundError([Diagnostic("file-not-readable", arguments)]) from None


def gather_library(
    loaded: LoadedRuleset,
    folders: Sequence[Path],
    above: tuple[str, ...] = (),
    pins: frozenset[str] | None = None,
) -> Library:
    """Find, load and check what a ruleset rests on; ``above`` are the rulesets that led here.

    Of calendars the last edition is taken, of the notices of what it uses all; where ``pins``
    are given, those of these digests. What is not found is left out, for the checker to report at
    its place. Raises :class:`RulesetError` for faults in what is found, and for rulesets that use
    each other.
    """
    name = str(loaded.document.ruleset)
    if name in above:
        shown = " → ".join([*above, name])
        word = loaded.document.ruleset
        raise RulesetError([diagnose(loaded.source, "uses-in-a-circle", word.span, cycle=shown)])
    found = {
        str(key): _read_used(doc, folders, (*above, name), pins)
        for key, doc in loaded.document.uses.items()
    }
    used = {key: ruleset for key, ruleset in found.items() if ruleset is not None}
    return Library(_read_calendar(loaded, folders, pins), used)


def recall_library(checked: CheckedRuleset) -> Library:
    """Return what a checked ruleset rests on, as it was when it was checked."""
    return Library(checked.calendar, {name: used.ruleset for name, used in checked.uses.items()})


def _read_used(
    doc: UseDoc, folders: Sequence[Path], above: tuple[str, ...], pins: frozenset[str] | None
) -> CheckedRuleset | None:
    try:
        file = find_ruleset(str(doc.ruleset), str(doc.edition), folders)
    except RulesetNotFoundError:
        return None
    loaded = load_ruleset(read_file(file.path), str(file.path))
    library = gather_library(loaded, folders, above, pins)
    notices = pick_notices(read_notices(find_notices(file.path)), pins)
    return apply_notices(loaded, library, notices)[1]


def pick_notices(
    notices: Sequence[LoadedNotice], pins: frozenset[str] | None
) -> Sequence[LoadedNotice]:
    """Return the notices of the digests that are pinned, or all of them where none are."""
    return notices if pins is None else [item for item in notices if item.digest in pins]


def read_notices(paths: Sequence[Path]) -> list[LoadedNotice]:
    """Read files of notices. Raises as :func:`read_file`, or :class:`RulesetError`."""
    return [load_notice(read_file(path), str(path)) for path in paths]


def _read_calendar(
    loaded: LoadedRuleset, folders: Sequence[Path], pins: frozenset[str] | None
) -> WorkingCalendar | None:
    word = loaded.document.calendar
    paths = find_calendars(str(word), folders) if word is not None else []
    if not paths:
        return None
    if pins is not None:
        for path in paths:
            calendar = load_calendar(read_file(path), str(path))
            if calendar.digest in pins:
                return calendar
    return load_calendar(read_file(paths[0]), str(paths[0]))
