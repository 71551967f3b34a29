"""Comes in: a ledger's shelf and books. Goes out: what checks ask of them: things, days, decisions.

Nothing is ever entered here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any

from voucher_rules.checked.histories import Histories, Lifecycle, Standing, Transition
from voucher_rules.decision.law import Options
from voucher_rules.errors import InputError
from voucher_rules.language.types import Kind
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.deciding import Answer, Request, decide_from
from voucher_rules.ledger.entries import Made, Moved
from voucher_rules.ledger.indicators.model import Settings
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import Thing, ThingKey, key_of
from voucher_rules.ledger.past import PastBooks
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.shelf import Shelf
from voucher_rules.ledger.stating import restate_facts


@dataclass(frozen=True, slots=True)
class Again:
    """A decision made again with all that is known now; ``trouble`` says why it could not be."""

    answer: Answer | None
    trouble: str = ""
    because: str = ""


@dataclass(slots=True)
class Audited:
    """A ledger under audit."""

    shelf: Shelf
    books: LiveBooks
    settings: Settings
    _again: dict[str, Again] = field(default_factory=dict)
    _moments: dict[datetime, list[Placed]] | None = None

    @property
    def histories(self) -> Mapping[str, Histories]:
        """What each ruleset says of histories, by its name."""
        return self.books.histories

    def lifecycle_of(self, key: ThingKey) -> Lifecycle:
        """Return what a thing may go through."""
        return self.histories[key[0]].lifecycles[key[1]]

    def list_things(self) -> list[Thing]:
        """Return every thing there is, by when it was opened."""
        found = ((self.books.events[key][0], thing) for key, thing in self.books.things.items())
        return [thing for _, thing in sorted(found, key=lambda item: item[0])]

    def opening_of(self, thing: Thing) -> Placed:
        """Return the event that opened a thing."""
        return self.books.events[thing.key][0]

    def list_moves(self, key: ThingKey) -> Iterator[tuple[Placed, Moved, Transition]]:
        """Yield what happened to a thing, with the way it went."""
        ways = self.lifecycle_of(key).transitions
        for placed in self.books.events[key]:
            if isinstance(placed.entry.body, Moved):
                yield placed, placed.entry.body, ways[placed.entry.body.event]

    def sum_moved(self, thing: Thing, placed: Placed, way: Transition) -> int:
        """Return what of a thing an event moved to where it leads; the rest is not counted."""
        lots = [lot for lot in thing.lots if placed.entry.id in lot.entries]
        if way.rest:
            lots = [lot for lot in lots if lot.moments.get(way.target) == placed.at]
        return sum(lot.amount for lot in lots)

    def is_used(self, key: ThingKey, state: str) -> bool:
        """Return whether money in a state has been paid out."""
        return self.lifecycle_of(key).states[state].standing is Standing.USED

    def sum_live(self, thing: Thing) -> int:
        """Return what of a thing is held or used."""
        states = self.lifecycle_of(thing.key).states
        live = {Standing.HELD, Standing.USED}
        return sum(lot.amount for lot in thing.lots if states[lot.state].standing in live)

    def list_identity(self, thing: Thing) -> tuple[tuple[str, str], ...]:
        """Return what a thing carries but days: whose it is, and which kind."""
        carried = self.lifecycle_of(thing.key).carries
        return tuple(
            (name, text)
            for name, text in sorted(thing.carries.items())
            if carried[name].type.kind is not Kind.DATE
        )

    def zone_of(self, ruleset: str) -> timezone:
        """Return where days begin and end under a ruleset."""
        found = self.shelf.find_ruleset(ruleset, "")
        if found is None:
            message = f"not on the shelf: {ruleset}"
            raise KeyError(message)
        return found.zone

    def local(self, ruleset: str, moment: datetime) -> datetime:
        """Return a moment in the local time of a ruleset."""
        return moment.astimezone(self.zone_of(ruleset))

    def day_of(self, thing: Thing) -> date:
        """Return the local day a thing was opened on."""
        return local_day(self.opening_of(thing).at, self.zone_of(thing.ruleset))

    def list_decisions(self) -> list[tuple[Placed, Made]]:
        """Return the decisions that stand and were not superseded, in order."""
        return [
            (placed, placed.entry.body)
            for placed in sorted(self.books.standing.values())
            if isinstance(placed.entry.body, Made) and placed.entry.id not in self.books.superseded
        ]

    def find_decision(self, name: str) -> tuple[Placed, Made] | None:
        """Return the decision an event rests on, or the one that took its place."""
        seen = set()
        while name in self.books.superseded and name not in seen:
            seen.add(name)
            name = self.books.superseded[name]
        placed = self.books.standing.get(name)
        if placed is None or not isinstance(placed.entry.body, Made):
            return None
        return placed, placed.entry.body

    def decide_again(self, placed: Placed) -> Again:
        """Decide again as of a decision's moment, with all that is known now; done once each."""
        name = placed.entry.id
        if name not in self._again:
            self._again[name] = self.decide_otherwise(placed, {})
        return self._again[name]

    def decide_otherwise(
        self, placed: Placed, changed: Mapping[str, Any], without: Iterable[ThingKey] = ()
    ) -> Again:
        """Decide again with some facts changed, and as if some things had never been."""
        made = placed.entry.body
        if not isinstance(made, Made):
            return Again(None, "not_a_decision")
        ruleset = self.shelf.find_ruleset(made.ruleset, made.edition)
        if ruleset is None or ruleset.semantic_digest != made.digest:
            return Again(None, "other_ruleset")
        program = self.shelf.find_program(ruleset, made.decision)
        books = PastBooks(self.books, placed.at, self._find_cuts(placed, without))
        ways = ruleset.histories.lifecycles.values()
        told = {
            fact
            for way in ways
            if books.find_thing((ruleset.id, way.name, made.thing)) is not None
            for fact in way.tells
        }
        as_of = program.decision.as_of
        request = Request(
            program=program,
            facts={**restate_facts(made.facts), **changed},
            at=placed.at,
            thing=made.thing,
            carries=made.carries,
            on=None if as_of in made.facts or as_of in told else made.day,
            options=Options(made.readings, made.assumed),
        )
        try:
            return Again(decide_from(request, books, placed.entry.id))
        except InputError as error:
            return Again(None, "refused", "; ".join(x.code for x in error.diagnostics))

    def _find_cuts(self, placed: Placed, without: Iterable[ThingKey]) -> dict[ThingKey, Placed]:
        """Return what a decision could not rest on: what followed from it, or came behind it.

        Of one moment, what was told first came first.
        """
        later = [x for x in self._list_at(placed.at) if x.rank > placed.rank]
        cuts: dict[ThingKey, Placed] = {key: self.books.events[key][0] for key in without}
        for event in (*self.books.list_followed(placed.entry.id), *later):
            if isinstance(event.entry.body, Moved):
                key = key_of(event.entry.body)
                cuts[key] = min(cuts.get(key, event), event)
        return cuts

    def _list_at(self, moment: datetime) -> list[Placed]:
        if self._moments is None:
            self._moments = defaultdict(list)
            for events in self.books.events.values():
                for event in events:
                    self._moments[event.at].append(event)
        return self._moments.get(moment, [])


def list_windows(moments: list[Any], span: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - days or moments
    """Yield the widest runs of sorted moments no more than ``span`` apart, from and past the end.

    A run within another is not told.
    """
    end = 0
    for start, moment in enumerate(moments):
        before = end
        while end < len(moments) and moments[end] - moment <= span:
            end += 1
        if end > before:
            yield start, end
