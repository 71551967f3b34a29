"""Comes in: a chronicle. Goes out: each edition with its two times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voucher_rules.catalog.chronicle import ONE_DAY, Chronicle, Standing, View
from voucher_rules.catalog.heads import Head
from voucher_rules.checked.model import Superseded, Transition
from voucher_rules.checked.symbols import Wording


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a ruleset: when it is in force, and when it is known; every day included.

    ``in_force_from`` is None where it is in force on no day that is known (a draft, an undated
    document); ``in_force_until`` where it names no last day and no edition ends it. ``starts`` has
    a first day for every option of ``start_reading``, where readers differ. ``known_from`` is None
    where it does not say since when it is known; ``known_until`` is the eve of the day a correction
    of it is known. ``corrects`` and ``corrected_by`` name the edition whose place it takes and the
    one that takes its own; ``supersedes`` all it supersedes, ``superseded_by`` what ends its days.
    """

    id: str
    edition: str
    path: Path
    title: Wording
    status: str
    in_force_from: date | None
    in_force_until: date | None
    start_reading: str
    starts: Mapping[str, date]
    known_from: date | None
    known_until: date | None
    corrects: str
    corrected_by: str
    supersedes: tuple[Superseded, ...]
    superseded_by: str
    transitions: tuple[Transition, ...]

    def __str__(self) -> str:
        return f"{self.id} {self.edition}"


def list_editions(
    chronicle: Chronicle, known: date | None, readings: Mapping[str, str]
) -> tuple[Edition, ...]:
    """Return the editions known on a day, by their first day in force; those without one last."""
    heads = [x for x in chronicle.heads.values() if chronicle.is_known(x.edition, known)]
    made = [describe_edition(chronicle, head, known, readings) for head in heads]
    return tuple(sorted(made, key=_rank))


def _rank(item: Edition) -> tuple[date, date, str]:
    return (item.in_force_from or date.max, item.known_from or date.min, item.edition)


def describe_edition(
    chronicle: Chronicle, head: Head, known: date | None, readings: Mapping[str, str]
) -> Edition:
    """Return an edition as known on a day; one that is corrected, as known while it stood."""
    correction = _find_correction(chronicle, head, known)
    published = correction.published if correction is not None else None
    eve = published - ONE_DAY if published is not None else None
    view = chronicle.view(known if eve is None else eve, readings)
    standing = _find_standing(view, head.edition)
    return Edition(
        id=head.id,
        edition=head.edition,
        path=head.path,
        title=head.title,
        status=head.status,
        in_force_from=standing.start if standing else head.find_start(readings),
        in_force_until=standing.until if standing else head.until,
        start_reading=head.start_reading,
        starts=head.starts,
        known_from=head.published,
        known_until=eve,
        corrects=head.corrects,
        corrected_by=correction.edition if correction is not None else "",
        supersedes=head.succession.supersedes,
        superseded_by=standing.superseded_by if standing else "",
        transitions=head.succession.transitions,
    )


def _find_correction(chronicle: Chronicle, head: Head, known: date | None) -> Head | None:
    """Return the edition that corrects another, where it is known."""
    found = (x for x in chronicle.heads.values() if x.corrects == head.edition)
    return next((x for x in found if chronicle.is_known(x.edition, known)), None)


def _find_standing(view: View, edition: str) -> Standing | None:
    return next((x for x in view.standings if x.edition == edition), None)
