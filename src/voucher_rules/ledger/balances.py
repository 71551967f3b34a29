"""Comes in: things, and what a balance is asked for. Goes out: its value, and where it comes from.

This reads every lot there is and is the meaning of a balance; the index is held against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from typing import TypeAlias

from voucher_rules.checked.histories import Balance, Histories, Measure
from voucher_rules.ledger.lots import Lot, Thing, ThingKey
from voucher_rules.values.model import NONE, Mark

BalanceValue: TypeAlias = bool | int | date | Mark | frozenset[str] | tuple[Thing, ...]
"""What a balance may say; of a list of records, the things as far as it takes them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a balance is asked for.

    ``per`` maps what is carried to those asked for (the members of a group, say); ``thing`` is the
    one decided about, empty where there is none; ``first`` and ``last`` bound the days, both
    included (None: no bound); ``zone`` is where days begin and end.
    """

    ruleset: str
    balance: Balance
    per: Mapping[str, frozenset[str]]
    thing: str
    first: date | None
    last: date | None
    zone: timezone


@dataclass(frozen=True, slots=True)
class Found:
    """A lot that a balance takes, and the thing it is of."""

    thing: Thing
    lot: Lot


def read_balance(
    things: Iterable[Thing], asked: Question, histories: Mapping[str, Histories]
) -> tuple[BalanceValue, list[Found]]:
    """Return the value of a balance and every lot it takes. Money is in minor units."""
    found = list(find_lots(things, asked, histories))
    return measure_lots(found, asked), found


def find_lots(
    things: Iterable[Thing], asked: Question, histories: Mapping[str, Histories]
) -> Iterator[Found]:
    """Yield the lots a balance takes: of the right things, in the right states, on its days."""
    for thing in things:
        if not takes_thing(thing, asked):
            continue
        for lot in thing.lots:
            if _takes_state(thing, lot, asked, histories) and _takes_day(thing, lot, asked):
                yield Found(thing, lot)


def takes_thing(thing: Thing, asked: Question) -> bool:
    """Return whether a balance looks at a thing: its kind, its ruleset, and whose it is."""
    balance = asked.balance
    if thing.lifecycle != balance.lifecycle:
        return False
    if thing.ruleset != asked.ruleset and thing.ruleset not in balance.across:
        return False
    own = thing.ruleset == asked.ruleset and thing.id == asked.thing
    if balance.others_only and own:
        return False
    return all(_agrees(thing, name, wanted) for name, wanted in asked.per.items())


def _agrees(thing: Thing, name: str, wanted: frozenset[str]) -> bool:
    if name == thing.lifecycle:
        return thing.id in wanted
    return thing.carries.get(name) in wanted


def _takes_state(
    thing: Thing, lot: Lot, asked: Question, histories: Mapping[str, Histories]
) -> bool:
    balance = asked.balance
    if not balance.standings:
        return lot.state in balance.states
    lifecycle = histories[thing.ruleset].lifecycles[thing.lifecycle]
    return lifecycle.states[lot.state].standing in balance.standings


def _takes_day(thing: Thing, lot: Lot, asked: Question) -> bool:
    if asked.first is None and asked.last is None:
        return True
    day = find_day(thing, lot, asked.balance.dated_by, asked.zone)
    if day is None:
        return False
    return (asked.first is None or asked.first <= day) and (asked.last is None or day <= asked.last)


def local_day(moment: datetime, zone: timezone) -> date:
    """Return the day a moment falls on, where days begin and end as in ``zone``.

    Beyond the calendar's ends it is the day at its end.
    """
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return date.min if moment.year == date.min.year else date.max


def measure_lots(found: list[Found], asked: Question) -> BalanceValue:
    """Return what a balance says of the lots it takes; none where it seeks a day and there is none.

    Things are counted, and what they carry, each once.
    """
    balance = asked.balance
    match balance.measure:
        case Measure.SUM:
            return sum(item.lot.amount for item in found)
        case Measure.COUNT:
            return len({item.thing.key for item in found})
        case Measure.DISTINCT:
            return len(_list_carried(found, balance.of))
        case Measure.SET:
            return frozenset(_list_carried(found, balance.of))
        case Measure.RECORDS:
            return tuple(_take_apart(found))
        case Measure.HOLDS:
            return bool(found)
        case Measure.FIRST:
            return min(_list_days(found, asked), default=NONE)
        case Measure.LAST:
            return max(_list_days(found, asked), default=NONE)


def _list_carried(found: list[Found], name: str) -> set[str]:
    carried = (item.thing.carries.get(name) for item in found)
    return {text for text in carried if text is not None}


def _take_apart(found: list[Found]) -> list[Thing]:
    """Return each thing with those of its lots that are taken, in the order things began."""
    lots: dict[ThingKey, list[Lot]] = {}
    things = {item.thing.key: item.thing for item in found}
    for item in found:
        lots.setdefault(item.thing.key, []).append(item.lot)
    order = sorted(things.values(), key=lambda thing: (thing.began, thing.key))
    return [replace(thing, lots=tuple(lots[thing.key])) for thing in order]


def _list_days(found: list[Found], asked: Question) -> list[date]:
    days = (find_day(x.thing, x.lot, asked.balance.of, asked.zone) for x in found)
    return [day for day in days if day is not None]


def find_day(thing: Thing, lot: Lot, name: str, zone: timezone) -> date | None:
    """Return the day a lot entered a state, or one its thing carries; None where neither is."""
    moment = lot.moments.get(name)
    if moment is not None:
        return local_day(moment, zone)
    carried = thing.carries.get(name)
    return None if carried is None else date.fromisoformat(carried)
