"""Comes in: each thing as it was and as it is. Goes out: balances, without reading every thing.

The index of a balance is made when it is first asked for, in the zone it is asked in, and is then
kept up to date. What it says is what :mod:`voucher_rules.ledger.balances` says, only sooner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timezone
from itertools import product
from math import prod
from typing import Any, Final, Protocol, TypeAlias

from voucher_rules.checked.histories import Balance, Histories, Measure
from voucher_rules.ledger.balances import BalanceValue, Question, find_day
from voucher_rules.ledger.lots import Lot, Thing, ThingKey
from voucher_rules.ledger.tallies import Bag, Gathering, Tally
from voucher_rules.values.model import NONE

Key: TypeAlias = tuple[str, ...]
"""Whose balance it is: what is carried, in the order of ``per``."""
Span: TypeAlias = tuple[date, date] | None
"""The first and the last day; None for any time, and for what has no day."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one thing adds to a balance: values, each on its day (None: it has none)."""

    key: Key
    thing: ThingKey
    items: tuple[tuple[date | None, Any], ...]

    def list_within(self, span: Span) -> list[Any]:
        """Return the values that fall within a span."""
        if span is None:
            return [value for _, value in self.items]
        first, last = span
        return [value for day, value in self.items if day is not None and first <= day <= last]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be read otherwise than it stands: parts left out, and parts put in."""

    out: tuple[Part, ...] = ()
    into: tuple[Part, ...] = ()


class _Cells(Protocol):
    """What is kept of all parts, apart for each key."""

    def keys(self) -> Collection[Key]:
        """Return the keys anything is kept of."""

    def add(self, part: Part, times: int) -> None:
        """Add a part (``times`` 1), or take it away (-1)."""

    def read(
        self, keys: Iterable[Key], span: Span, change: Change, measure: Measure
    ) -> BalanceValue:
        """Return what a balance says of several keys together."""


@dataclass(slots=True)
class _Sums:
    """Amounts."""

    cells: dict[Key, Tally] = field(default_factory=dict)

    def keys(self) -> Collection[Key]:
        return self.cells.keys()

    def add(self, part: Part, times: int) -> None:
        cell = self.cells.get(part.key)
        if cell is None:
            cell = self.cells[part.key] = Tally()
        for day, amount in part.items:
            cell.add(day, amount * times)

    def read(self, keys: Iterable[Key], span: Span, change: Change, measure: Measure) -> int:
        del measure
        cells = (self.cells[key] for key in keys if key in self.cells)
        found = sum(_sum_within(cell, span) for cell in cells)
        found += sum(sum(part.list_within(span)) for part in change.into)
        return found - sum(sum(part.list_within(span)) for part in change.out)


def _sum_within(tally: Tally, span: Span) -> int:
    return tally.total if span is None else tally.sum_range(*span)


@dataclass(slots=True)
class _Count:
    """Things, each once however many of its lots are counted.

    Those whose lots fall on several days are kept by name, or a range that holds several of the
    days would count them again.
    """

    things: int = 0
    single: Tally = field(default_factory=Tally)
    spread: Gathering[ThingKey] | None = None

    def add(self, part: Part, times: int) -> None:
        self.things += times
        days = [day for day, _ in part.items if day is not None]
        if len(days) <= 1:
            self.single.add(days[0] if days else None, times)
            return
        if self.spread is None:
            self.spread = Gathering()
        for day in days:
            self.spread.add(day, part.thing, times)

    def count_within(self, span: Span) -> int:
        if span is None:
            return self.things
        found = self.single.sum_range(*span)
        return found if self.spread is None else found + _count_values(self.spread.list_bags(*span))


@dataclass(slots=True)
class _Counts:
    """Counts of things, and whether there are any."""

    cells: dict[Key, _Count] = field(default_factory=dict)

    def keys(self) -> Collection[Key]:
        return self.cells.keys()

    def add(self, part: Part, times: int) -> None:
        cell = self.cells.get(part.key)
        if cell is None:
            cell = self.cells[part.key] = _Count()
        cell.add(part, times)

    def read(self, keys: Iterable[Key], span: Span, change: Change, measure: Measure) -> bool | int:
        # A thing has one key, so that no two of them count it.
        found = sum(self.cells[key].count_within(span) for key in keys if key in self.cells)
        found += sum(bool(part.list_within(span)) for part in change.into)
        found -= sum(bool(part.list_within(span)) for part in change.out)
        return found > 0 if measure is Measure.HOLDS else found


@dataclass(slots=True)
class _Values:
    """Values carried, and days: how many different ones there are, the first, the last."""

    cells: dict[Key, Gathering[Any]] = field(default_factory=dict)

    def keys(self) -> Collection[Key]:
        return self.cells.keys()

    def add(self, part: Part, times: int) -> None:
        cell = self.cells.get(part.key)
        if cell is None:
            cell = self.cells[part.key] = Gathering()
        for day, value in part.items:
            cell.add(day, value, times)

    def read(
        self, keys: Iterable[Key], span: Span, change: Change, measure: Measure
    ) -> BalanceValue:
        cells = [self.cells[key] for key in keys if key in self.cells]
        if span is None:
            bags = [cell.everything for cell in cells]
        else:
            bags = [bag for cell in cells for bag in cell.list_bags(*span)]
        into = {value for part in change.into for value in part.list_within(span)}
        gone = _find_gone(bags, change.out, span) - into
        if measure is Measure.SET:
            return frozenset(into.union(*(bag.counts for bag in bags)) - gone)
        if measure is Measure.DISTINCT:
            return _count_values([*bags, Bag(dict.fromkeys(into, 1))]) - len(gone)
        ends = (_find_end(bag, gone, last=measure is Measure.LAST) for bag in bags)
        found = [day for day in ends if day is not None] + list(into)
        return (max if measure is Measure.LAST else min)(found, default=NONE)


def _find_gone(bags: list[Bag[Any]], out: tuple[Part, ...], span: Span) -> set[Any]:
    """Return the values that none but the parts left out have."""
    taken = Counter(value for part in out for value in part.list_within(span))
    return {
        value
        for value, count in taken.items()
        if sum(bag.counts.get(value, 0) for bag in bags) == count
    }


def _count_values(bags: Iterable[Bag[Any]]) -> int:
    """Return how many different values several bags hold."""
    held = [bag.counts for bag in bags if bag.counts]
    return len(held[0]) if len(held) == 1 else len(set().union(*held))


def _find_end(bag: Bag[Any], gone: set[Any], *, last: bool) -> Any:  # noqa: ANN401 - its values
    """Return the first or last value of a bag that is not gone; None where there is none."""
    order = reversed(bag.order) if last else iter(bag.order)
    return next((value for value in order if value not in gone), None)


_CELLS: Final[Mapping[Measure, type[_Sums | _Counts | _Values]]] = {
    Measure.SUM: _Sums,
    Measure.COUNT: _Counts,
    Measure.HOLDS: _Counts,
    Measure.DISTINCT: _Values,
    Measure.SET: _Values,
    Measure.FIRST: _Values,
    Measure.LAST: _Values,
}


_ALIKE: Final = {
    Measure.HOLDS: Measure.COUNT,
    Measure.LAST: Measure.FIRST,
    Measure.SET: Measure.DISTINCT,
}
"""Measures that are read off the index of another."""


@dataclass(slots=True)
class View:
    """The index of one balance, for one ruleset and its days.

    ``states`` are those that count, by the ruleset of the thing.
    """

    balance: Balance
    zone: timezone
    states: Mapping[str, frozenset[str]]
    cells: _Cells

    def add(self, thing: Thing, times: int) -> None:
        """Add what a thing stands for (``times`` 1), or take it away (-1)."""
        part = self.read_part(thing)
        if part is not None:
            self.cells.add(part, times)

    def replace(self, before: Thing | None, after: Thing | None) -> None:
        """Put what a thing stands for in the place of what it stood for."""
        if before is not None and after is not None and before.carries is after.carries:
            # Most events move lots between states that do not count here.
            states = self.states.get(after.ruleset, ())
            if _select_lots(before, states) == _select_lots(after, states):
                return
        old = None if before is None else self.read_part(before)
        new = None if after is None else self.read_part(after)
        if old == new:
            return
        if old is not None:
            self.cells.add(old, -1)
        if new is not None:
            self.cells.add(new, 1)

    def read_part(self, thing: Thing) -> Part | None:
        """Return what a thing adds to the balance; None where that is nothing."""
        states = self.states.get(thing.ruleset)
        if states is None:
            return None
        lots = _select_lots(thing, states)
        if not lots:
            return None
        key = []
        for name in self.balance.per:
            value = thing.id if name == thing.lifecycle else thing.carries.get(name)
            if value is None:
                return None
            key.append(value)
        return Part(tuple(key), thing.key, tuple(self._list_items(thing, lots)))

    def _list_items(self, thing: Thing, lots: list[Lot]) -> Iterator[tuple[date | None, Any]]:
        balance = self.balance
        match balance.measure:
            case Measure.SUM:
                yield from ((self._find_day(thing, lot), lot.amount) for lot in lots)
            case Measure.COUNT | Measure.HOLDS:
                yield from dict.fromkeys((self._find_day(thing, lot), None) for lot in lots)
            case Measure.DISTINCT | Measure.SET:
                value = thing.carries.get(balance.of)
                if value is not None:
                    yield from ((self._find_day(thing, lot), value) for lot in lots)
            case Measure.FIRST | Measure.LAST:
                for lot in lots:
                    day = find_day(thing, lot, balance.of, self.zone)
                    if day is not None:
                        yield self._find_day(thing, lot), day

    def _find_day(self, thing: Thing, lot: Lot) -> date | None:
        return find_day(thing, lot, self.balance.dated_by, self.zone)

    def read(self, asked: Question, out: Iterable[Thing], into: Iterable[Thing]) -> BalanceValue:
        """Return the value of a balance as if some things were not there, and others were."""
        wanted = [asked.per[name] for name in self.balance.per]
        change = Change(tuple(self._list_parts(out, wanted)), tuple(self._list_parts(into, wanted)))
        keys: Iterable[Key] = product(*wanted)
        if prod(len(names) for names in wanted) > len(known := self.cells.keys()):
            keys = [key for key in known if _is_wanted(key, wanted)]
        return self.cells.read(keys, _find_span(asked), change, asked.balance.measure)

    def _list_parts(self, things: Iterable[Thing], wanted: list[frozenset[str]]) -> Iterator[Part]:
        for thing in things:
            part = self.read_part(thing)
            if part is not None and _is_wanted(part.key, wanted):
                yield part


def _select_lots(thing: Thing, states: Collection[str]) -> list[Lot]:
    return [lot for lot in thing.lots if lot.state in states]


def _is_wanted(key: Key, wanted: list[frozenset[str]]) -> bool:
    return all(name in names for name, names in zip(key, wanted, strict=True))


def _find_span(asked: Question) -> Span:
    if asked.first is None and asked.last is None:
        return None
    return (asked.first or date.min, asked.last or date.max)


@dataclass(slots=True)
class BalanceIndex:
    """The indexes of all balances that were ever asked for."""

    histories: Mapping[str, Histories]
    views: dict[tuple[Any, ...], View] = field(default_factory=dict)
    watching: dict[str, list[View]] = field(default_factory=dict)
    """The views that look at things of a lifecycle, by its name."""

    def change(self, before: Thing | None, after: Thing | None) -> None:
        """Let a thing be other than it was (None: it was not, or is not)."""
        thing = after or before
        if thing is None:
            return
        for view in self.watching.get(thing.lifecycle, ()):
            view.replace(before, after)

    def find_view(self, asked: Question, things: Iterable[Thing]) -> View | None:
        """Return the index that answers a question, made of ``things`` where there is none yet.

        None where reading the things themselves is as good: those of one name are few, and a list
        of records reads each thing anyway.
        """
        balance = asked.balance
        if balance.measure is Measure.RECORDS:
            return None
        if balance.lifecycle in balance.per or set(asked.per) != set(balance.per):
            return None
        name = _name_view(asked)
        view = self.views.get(name)
        if view is None:
            view = self._make_view(asked)
            for thing in things:
                if thing.lifecycle == balance.lifecycle:
                    view.add(thing, 1)
            self.views[name] = view
            self.watching.setdefault(balance.lifecycle, []).append(view)
        return view

    def _make_view(self, asked: Question) -> View:
        balance = asked.balance
        homes = dict.fromkeys((asked.ruleset, *balance.across))
        states = {home: self._find_states(home, balance) for home in homes}
        return View(balance, asked.zone, states, _CELLS[balance.measure]())

    def _find_states(self, home: str, balance: Balance) -> frozenset[str]:
        """Return the states of a ruleset's things that a balance takes."""
        if not balance.standings:
            return frozenset(balance.states)
        said = self.histories.get(home)
        lifecycle = None if said is None else said.lifecycles.get(balance.lifecycle)
        states = () if lifecycle is None else lifecycle.states.values()
        return frozenset(state.name for state in states if state.standing in balance.standings)


def _name_view(asked: Question) -> tuple[Any, ...]:
    """Return what tells the index of a question from others: all but the days and who is asked."""
    balance = asked.balance
    return (
        asked.ruleset,
        asked.zone,
        balance.lifecycle,
        _ALIKE.get(balance.measure, balance.measure),
        balance.of,
        balance.dated_by,
        balance.per,
        balance.states,
        balance.standings,
        balance.across,
    )
