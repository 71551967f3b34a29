"""Comes in: a loaded ruleset. Goes out: the calendar it names and the rulesets it uses, checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from voucher_rules.catalog.lookups import Desk
from voucher_rules.catalog.notices import apply_notices
from voucher_rules.checked.library import Library
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.errors import RulesetError
from voucher_rules.ruleset.calendar import load_calendar
from voucher_rules.ruleset.load import LoadedRuleset, load_ruleset
from voucher_rules.ruleset.model import UseDoc
from voucher_rules.ruleset.notice import LoadedNotice, load_notice
from voucher_rules.sources.tree import diagnose
from voucher_rules.values.model import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Sight:
    """What of the calendars and notices there are is taken into account.

    Notices count that are ``known`` on a day (None: all), and of the digests in ``pins``, where
    those are given; so do calendars. All files are asked for at the ``desk``.
    """

    known: date | None = None
    pins: frozenset[str] | None = None
    desk: Desk = field(default_factory=Desk, compare=False)

    def holds(self, notice: LoadedNotice) -> bool:
        """Return whether a notice is taken into account."""
        pinned = self.pins is None or notice.digest in self.pins
        return pinned and notice.is_known(self.known)


ALL: Final = Sight()


def gather_library(
    loaded: LoadedRuleset,
    folders: Sequence[Path],
    above: tuple[str, ...] = (),
    sight: Sight = ALL,
) -> Library:
    """Find, load and check what a ruleset rests on; ``above`` are the rulesets that led here.

    Calendars and notices count as far as they are in ``sight``; of calendars the last edition is
    taken. What is not found is left out, for the checker to report at its place. Raises
    :class:`RulesetError` for faults in what is found, and for rulesets that use each other.
    """
    name = str(loaded.document.ruleset)
    if name in above:
        shown = " → ".join([*above, name])
        word = loaded.document.ruleset
        raise RulesetError([diagnose(loaded.source, "uses-in-a-circle", word.span, cycle=shown)])
    found = {
        str(key): _read_used(doc, folders, (*above, name), sight)
        for key, doc in loaded.document.uses.items()
    }
    used = {key: ruleset for key, ruleset in found.items() if ruleset is not None}
    return Library(_read_calendar(loaded, folders, sight), used)


def recall_library(checked: CheckedRuleset) -> Library:
    """Return what a checked ruleset rests on, as it was when it was checked."""
    return Library(checked.calendar, {name: used.ruleset for name, used in checked.uses.items()})


def _read_used(
    doc: UseDoc, folders: Sequence[Path], above: tuple[str, ...], sight: Sight
) -> CheckedRuleset | None:
    path = sight.desk.find_ruleset(str(doc.ruleset), str(doc.edition), folders)
    if path is None:
        return None
    loaded = load_ruleset(sight.desk.read(path), str(path))
    library = gather_library(loaded, folders, above, sight)
    notices = read_notices(sight.desk.find_notices(path), sight)
    return apply_notices(loaded, library, notices)[1]


def read_notices(paths: Sequence[Path], sight: Sight = ALL) -> list[LoadedNotice]:
    """Read files of notices, and return those in sight.

    Raises as :func:`~.lookups.read_file`, or :class:`RulesetError`; where only pinned ones count,
    what is faulty is passed over, and of the same notice twice one is taken.
    """
    held: list[LoadedNotice] = []
    for path in paths:
        with _passing_over(sight):
            notice = load_notice(sight.desk.read(path), str(path))
            twice = sight.pins is not None and any(notice.digest == x.digest for x in held)
            if sight.holds(notice) and not twice:
                held.append(notice)
    return held


@contextmanager
def _passing_over(sight: Sight) -> Iterator[None]:
    """Pass over a file that is faulty where pins tell what counts: it cannot be one of those."""
    try:
        yield
    except RulesetError:
        if sight.pins is None:
            raise


def _read_calendar(
    loaded: LoadedRuleset, folders: Sequence[Path], sight: Sight
) -> WorkingCalendar | None:
    word = loaded.document.calendar
    paths = sight.desk.find_calendars(str(word), folders) if word is not None else []
    if not paths:
        return None
    if sight.pins is not None:
        for path in paths:
            with _passing_over(sight):
                calendar = load_calendar(sight.desk.read(path), str(path))
                if calendar.digest in sight.pins:
                    return calendar
    return load_calendar(sight.desk.read(paths[0]), str(paths[0]))
