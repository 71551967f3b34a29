"""Comes in: live books and a pool. Goes out: who waits for its money, in order.

Those who wait stand apart for each envelope: while it is empty none of them need be decided again.
So a moment at which no money comes takes no longer because many wait.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from voucher_rules.checked.histories import Lifecycle, Pool, SpanKind
from voucher_rules.checked.model import CheckedRuleset
from voucher_rules.ledger.asking import question_of_pool
from voucher_rules.ledger.balances import local_day
from voucher_rules.ledger.books import PoolQuestion
from voucher_rules.ledger.entries import Entry, Moved
from voucher_rules.ledger.live import LiveBooks
from voucher_rules.ledger.lots import Thing, ThingKey, key_of
from voucher_rules.ledger.places import Placed
from voucher_rules.ledger.spans import Days, find_span_on

Sought: TypeAlias = tuple[tuple[tuple[str, str], ...], Days | None] | None
"""Which money is waited for: an envelope and its span (None: that of the day of being called up).

None as a whole where only the decision can tell.
"""

SPANS_OF_CASES: Final = frozenset({SpanKind.ROLLING, SpanKind.BETWEEN})
"""Spans that are another for every case."""


@dataclass(slots=True)
class Line:
    """Those who wait for one pool, kept up to date with the books."""

    books: LiveBooks
    pool: Pool
    ruleset: CheckedRuleset
    _seen: int = field(init=False)
    """How many entries of the books were looked at."""
    _places: dict[ThingKey, tuple[Sought, Placed]] = field(default_factory=dict)
    _lines: dict[Sought, list[tuple[Placed, ThingKey]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._seen = len(self.books.entries)
        if not self.pool.waits:
            return
        key = (self.ruleset.id, self.pool.lifecycle, self._state)
        for thing in self.books.list_in_state(*key):
            self._place(thing.key)

    @property
    def _lifecycle(self) -> Lifecycle:
        return self.ruleset.histories.lifecycles[self.pool.lifecycle]

    @property
    def _state(self) -> str:
        """The state of those who wait."""
        return self._lifecycle.transitions[self.pool.waits].target

    def catch_up(self) -> None:
        """Take in what was entered since."""
        for entry in self.books.entries[self._seen :]:
            for key in self._list_touched(entry):
                self._place(key)
        self._seen = len(self.books.entries)

    def _list_touched(self, entry: Entry) -> Iterator[ThingKey]:
        """Yield the things an entry is about: its own, and that of the entry it corrects."""
        corrected = self.books.told.get(entry.corrects)
        told = [entry] if corrected is None else [entry, self.books.entries[corrected - 1]]
        for body in (item.body for item in told):
            if isinstance(body, Moved) and body.lifecycle == self.pool.lifecycle:
                yield key_of(body)

    def _place(self, key: ThingKey) -> None:
        """Put a thing where it now stands in the line, or out of it."""
        if key in self._places:
            sought, placed = self._places.pop(key)
            line = self._lines[sought]
            del line[bisect_left(line, (placed, key))]
        thing = self.books.find_thing(key)
        if thing is None or thing.ruleset != self.ruleset.id:
            return
        lot = next((lot for lot in thing.lots if lot.state == self._state), None)
        if lot is not None:
            sought, placed = self._find_sought(thing), self.books.standing[lot.entries[-1]]
            self._places[key] = (sought, placed)
            insort(self._lines.setdefault(sought, []), (placed, key))

    def _find_sought(self, thing: Thing) -> Sought:
        """Return whose money a thing waits for, as far as the thing itself tells."""
        if self.pool.within.kind in SPANS_OF_CASES:
            return None
        envelope = []
        for name in sorted(self.pool.per):
            key = thing.id if name == thing.lifecycle else thing.carries.get(name)
            if key is None:
                return None
            envelope.append((name, key))
        dated = thing.entered(self.pool.dated_by)
        return tuple(envelope), None if dated is None else self._find_span(dated)

    def _find_span(self, dated: datetime) -> Days | None:
        return find_span_on(self.pool.within.kind, local_day(dated, self.ruleset.zone))

    def find_next(
        self,
        at: datetime,
        after: Placed | None,
        has_money: Callable[[PoolQuestion], bool],
    ) -> tuple[Placed, Thing] | None:
        """Return who came to wait first by ``at``, and after ``after``, and may find money."""
        found: list[tuple[Placed, ThingKey]] = []
        for sought, line in self._lines.items():
            start = 0 if after is None else bisect_right(line, after, key=lambda item: item[0])
            if start < len(line) and line[start][0].at <= at:
                asked = self._ask(sought, at)
                if asked is None or has_money(asked):
                    found.append(line[start])
        if not found:
            return None
        placed, key = min(found)
        thing = self.books.find_thing(key)
        return None if thing is None else (placed, thing)

    def _ask(self, sought: Sought, at: datetime) -> PoolQuestion | None:
        """Return the question after the money sought, where being called up dates it at ``at``."""
        if sought is None:
            return None
        envelope, fixed = sought
        days = fixed or self._find_span(at)
        return days and question_of_pool(self.ruleset, self.pool, dict(envelope), days)
