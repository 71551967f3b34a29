"""Comes in: the heads of every edition of a name. Goes out: which stand, and when.

There are two times. From the day it is known a correction stands in the place of what it corrects,
for whatever day is asked of: before that day nothing changes. An amendment, a replacement and a
repeal end what they supersede on the eve of their own first day in force; what they ended does not
come back when they end themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voucher_rules.catalog.heads import Head
from voucher_rules.checked.model import Superseded
from voucher_rules.checked.succession import CORRECTION

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition that stands, and the days it is in force, both included.

    ``own_until`` is the last day it names itself; ``until`` the last one that those which supersede
    it leave; ``superseded_by`` names the first of those, ``ends`` what this one supersedes itself.
    """

    head: Head
    start: date
    own_until: date | None
    until: date | None
    superseded_by: str = ""
    ends: Mapping[str, Superseded] | None = None

    @property
    def edition(self) -> str:
        """The name of the edition."""
        return self.head.edition

    def holds_on(self, day: date) -> bool:
        """Return whether it is in force on a day."""
        return self.start <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class View:
    """The editions as known on a day: those in force on some day, by their first; and the rest."""

    standings: tuple[Standing, ...]
    idle: tuple[Head, ...]
    readings: Mapping[str, str]
    """How provisions are read that set a first day."""

    def list_on(self, day: date) -> list[Standing]:
        """Return every edition in force on a day: one, unless there is a gap or an overlap."""
        return [item for item in self.standings if item.holds_on(day)]

    def list_overlaps(self) -> Iterator[tuple[Standing, Standing, date]]:
        """Yield two editions that are both in force on some day, and the first such day."""
        for index, item in enumerate(self.standings):
            for other in self.standings[index + 1 :]:
                if item.until is None or item.until >= other.start:
                    yield item, other, other.start

    def list_out_of_order(self) -> Iterator[tuple[Standing, Standing]]:
        """Yield an edition that supersedes another and does not begin after it, and that other."""
        named = {item.edition: item for item in self.standings}
        for item in self.standings:
            for edition in item.ends or ():
                other = named.get(edition)
                if other is not None and item.start <= other.start:
                    yield item, other


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Every edition of one name, by its name."""

    id: str
    heads: Mapping[str, Head]

    def is_known(self, edition: str, known: date | None) -> bool:
        """Return whether an edition is known on a day; None: by whatever is known."""
        published = self.heads[edition].published
        return known is None or published is None or published <= known

    def view(self, known: date | None, readings: Mapping[str, str]) -> View:
        """Return how the editions stand by what was known on a day."""
        heads = [x for x in self.heads.values() if self.is_known(x.edition, known)]
        places = _find_places(heads)
        ends = _find_ended(heads, places)
        stand = {x.edition: x for x in heads if places[x.edition] == x.edition}
        starts = {name: head.find_start(readings) for name, head in stand.items()}
        made = [
            _make_standing(head, start, starts, ends)
            for name, head in stand.items()
            if (start := starts[name]) is not None
        ]
        return View(
            tuple(sorted(made, key=lambda x: (x.start, x.edition))),
            tuple(head for name, head in stand.items() if starts[name] is None),
            readings,
        )


def make_chronicle(name: str, heads: Sequence[Head]) -> Chronicle:
    """Return the chronicle of heads, in whatever order they were found."""
    return Chronicle(name, {x.edition: x for x in sorted(heads, key=lambda x: x.edition)})


def _find_places(heads: Sequence[Head]) -> dict[str, str]:
    """Return for each edition the one that stands in its place, itself where none corrects it."""
    forth = {head.corrects: head.edition for head in heads if head.corrects}
    return {head.edition: _follow(head.edition, forth) for head in heads}


def _follow(edition: str, steps: Mapping[str, str]) -> str:
    """Return where steps from edition to edition lead; no steps lead in a circle."""
    while edition in steps:
        edition = steps[edition]
    return edition


def _find_ended(
    heads: Sequence[Head], places: Mapping[str, str]
) -> dict[str, dict[str, Superseded]]:
    """Return what each edition that stands supersedes, by what stands in its place.

    A correction inherits what the edition it corrects supersedes, and may word it anew.
    """
    ended: dict[str, dict[str, Superseded]] = {}
    for head in sorted(heads, key=lambda x: (x.published or date.min, x.edition)):
        for item in head.succession.supersedes:
            if item.kind != CORRECTION and item.edition in places:
                place = places[head.edition]
                ended.setdefault(place, {})[places[item.edition]] = item
    return ended


def _make_standing(
    head: Head,
    start: date,
    starts: Mapping[str, date | None],
    ends: Mapping[str, Mapping[str, Superseded]],
) -> Standing:
    after = [
        (day, name)
        for name, items in ends.items()
        if head.edition in items and (day := starts.get(name)) is not None
    ]
    own = ends.get(head.edition, {})
    day, name = min(after, default=(None, ""))
    if day is None or (head.until is not None and head.until < day):
        return Standing(head, start, head.until, head.until, name, own)
    return Standing(head, start, head.until, day - ONE_DAY, name, own)
