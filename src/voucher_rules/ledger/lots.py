"""Comes in: a thing and what happened to it. Goes out: the thing afterwards, lot by lot.

A lot is an amount in one state, with the moment it entered each state it has been in. An event
moves whole lots, or a part of one; the part keeps the moments of the lot it came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NoReturn, TypeAlias
from unicodedata import normalize

from voucher_rules.checked.histories import Carried, Lifecycle, Transition
from voucher_rules.diagnostics import Diagnostic
from voucher_rules.errors import LedgerError
from voucher_rules.language.types import Kind
from voucher_rules.ledger.entries import Entry, Moved
from voucher_rules.ruleset.names import suggest_name
from voucher_rules.values.write import write_money_exactly

ThingKey: TypeAlias = tuple[str, str, str]
"""The ruleset, the lifecycle and the name of a thing."""


@dataclass(frozen=True, slots=True)
class Lot:
    """An amount (0 where things have none) in one state.

    ``moments`` tells when it last entered each state, ``entries`` what moved it, in order.
    """

    amount: int
    state: str
    moments: Mapping[str, datetime]
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with a life: a voucher, a claim, a ban.

    Its lots stand in the order they entered the states they are in, and are moved in that order.
    """

    ruleset: str
    edition: str
    lifecycle: str
    id: str
    carries: Mapping[str, str]
    lots: tuple[Lot, ...]

    @property
    def key(self) -> ThingKey:
        """What tells it from every other thing of a ledger."""
        return (self.ruleset, self.lifecycle, self.id)

    @property
    def began(self) -> datetime:
        """When it was opened."""
        return min(moment for lot in self.lots for moment in lot.moments.values())

    def amount_in(self, states: Iterable[str]) -> int:
        """Return the sum of its lots in any of ``states``, in minor units."""
        wanted = set(states)
        return sum(lot.amount for lot in self.lots if lot.state in wanted)

    def stands_in(self, state: str) -> bool:
        """Return whether any of its lots is in ``state``."""
        return any(lot.state == state for lot in self.lots)

    def entered(self, state: str) -> datetime | None:
        """Return when one of its lots last entered ``state``, or None."""
        return max((lot.moments[state] for lot in self.lots if state in lot.moments), default=None)


def key_of(body: Moved) -> ThingKey:
    """Return the thing an event is about."""
    return (body.ruleset, body.lifecycle, body.thing)


def apply_event(thing: Thing | None, entry: Entry, lifecycle: Lifecycle) -> Thing:
    """Return a thing after one event of its life (None: it did not exist before).

    Raises :class:`LedgerError` where its lifecycle does not allow the event.
    """
    event = _Event.read(entry, lifecycle)
    if not event.transition.sources:
        return _open_thing(thing, event)
    if thing is None:
        refuse("thing-not-opened", entry, event=event.body.event)
    return replace(thing, carries=_set_carried(thing, event), lots=_move_lots(thing, event))


def refuse(code: str, entry: Entry, **arguments: str) -> NoReturn:
    """Refuse an entry. Raises :class:`LedgerError`, always."""
    raise LedgerError([Diagnostic(code, arguments, path=name_entry(entry))])


def name_entry(entry: Entry) -> str:
    """Return how an entry is called in a message: its name, and the thing it is about."""
    if isinstance(entry.body, Moved):
        return f"{entry.id}: {entry.body.lifecycle} {entry.body.thing}"
    return entry.id


@dataclass(frozen=True, slots=True)
class _Event:
    """An event, and what the lifecycle says of it."""

    entry: Entry
    body: Moved
    lifecycle: Lifecycle
    transition: Transition

    @classmethod
    def read(cls, entry: Entry, lifecycle: Lifecycle) -> _Event:
        """Find the transition of an event. Raises :class:`LedgerError` where there is none."""
        body = entry.body
        if not isinstance(body, Moved):
            message = f"not an event of a thing: {entry.id}"
            raise TypeError(message)
        transition = lifecycle.transitions.get(body.event)
        if transition is None:
            near = suggest_name(body.event, list(lifecycle.transitions))
            refuse("unknown-event", entry, name=body.event, lifecycle=lifecycle.name, near=near)
        if not body.thing:
            refuse("thing-unnamed", entry, event=body.event, lifecycle=lifecycle.name)
        if body.amount is not None and not lifecycle.currency:
            refuse("amount-not-expected", entry, lifecycle=lifecycle.name)
        if body.amount is not None and body.amount <= 0:
            refuse("amount-not-positive", entry, found=str(body.amount))
        return cls(entry, body, lifecycle, transition)

    def tell_money(self, amount: int) -> str:
        """Return an amount as messages tell it."""
        return write_money_exactly(amount, self.lifecycle.currency)


def _open_thing(thing: Thing | None, event: _Event) -> Thing:
    """Return a new thing, whole in one lot."""
    body, lifecycle = event.body, event.lifecycle
    if thing is not None:
        refuse("thing-opened-twice", event.entry, event=body.event)
    if body.amount is None and lifecycle.currency:
        refuse("amount-missing", event.entry, event=body.event)
    check_name(event.entry, lifecycle.name, body.thing)
    _check_carries(event)
    state = event.transition.target
    lot = Lot(body.amount or 0, state, {state: event.entry.at}, (event.entry.id,))
    return Thing(body.ruleset, body.edition, body.lifecycle, body.thing, dict(body.carries), (lot,))


def _check_carries(event: _Event) -> None:
    """Check that a new thing carries what its lifecycle says it does, in a form that is read."""
    carries, lifecycle = event.body.carries, event.lifecycle
    for name in carries:
        if name not in lifecycle.carries:
            near = suggest_name(name, list(lifecycle.carries))
            refuse("not-carried", event.entry, name=name, lifecycle=lifecycle.name, near=near)
    later = lifecycle.list_set_later()
    for name, carried in lifecycle.carries.items():
        if name not in carries and (carried.fact or name in later):
            continue
        if not carries.get(name, "").strip():
            refuse("carried-missing", event.entry, name=name, lifecycle=lifecycle.name)
        check_carried(event.entry, carried, carries[name])


def _set_carried(thing: Thing, event: _Event) -> Mapping[str, str]:
    """Return what a thing carries after an event; the same mapping where that is nothing new.

    What it carries already stays as it is.
    """
    named, lifecycle = event.body.carries, event.lifecycle
    for name, text in named.items():
        stands = thing.carries.get(name, text)
        if stands != text:
            refuse("carried-otherwise", event.entry, name=name, found=text, stands=stands)
        if name not in thing.carries and name not in event.transition.sets:
            refuse("carried-not-set", event.entry, name=name, event=event.body.event)
    fresh = [name for name in event.transition.sets if name not in thing.carries]
    for name in fresh:
        if name not in named and lifecycle.carries[name].fact:
            continue
        if not named.get(name, "").strip():
            refuse("carried-missing", event.entry, name=name, lifecycle=lifecycle.name)
        check_carried(event.entry, lifecycle.carries[name], named[name])
    found = {name: named[name] for name in fresh if name in named}
    return {**thing.carries, **found} if found else thing.carries


def check_name(entry: Entry, name: str, text: str) -> None:
    """Check that a name is not told apart from another by what nobody sees."""
    tidy = tidy_name(text)
    if text != tidy:
        refuse("name-untidy", entry, name=name, found=text, tidy=tidy)


def tidy_name(text: str) -> str:
    """Return a name without spaces around it, its characters composed."""
    return normalize("NFC", text).strip()


def check_carried(entry: Entry, carried: Carried, text: str) -> None:
    """Check that a day or an option is written the one way in which cases write it."""
    check_name(entry, carried.name, text)
    if carried.type.kind is Kind.DATE and not _is_day(text):
        refuse("carried-not-a-day", entry, name=carried.name, found=text)
    options = carried.type.options
    if carried.type.kind is Kind.CHOICE and text not in options:
        near, listed = suggest_name(text, list(options)), ", ".join(options)
        refuse(
            "carried-not-an-option",
            entry,
            name=carried.name,
            found=text,
            options=listed,
            near=near,
        )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _move_lots(thing: Thing, event: _Event) -> tuple[Lot, ...]:
    """Return the lots of a thing after an event moved all or a part of those it may move."""
    _check_allowed(thing, event)
    sources = _find_sources(thing, event)
    there = thing.amount_in(sources)
    left = there if event.body.amount is None else event.body.amount
    if left > there:
        told = {"asked": event.tell_money(left), "there": event.tell_money(there)}
        refuse("more-than-there-is", event.entry, **told)
    if left < there and not event.transition.partial:
        told = {"asked": event.tell_money(left), "there": event.tell_money(there)}
        refuse("part-not-allowed", event.entry, event=event.body.event, **told)
    stay: list[Lot] = []
    moved: list[Lot] = []
    for lot in thing.lots:
        if lot.state not in sources or (left == 0 and lot.amount > 0):
            stay.append(lot)
            continue
        taken = min(left, lot.amount)
        left -= taken
        if taken < lot.amount:
            stay.append(replace(lot, amount=lot.amount - taken))
        moved.append(_enter_state(lot, taken, event.transition.target, event))
    if not event.transition.rest:
        return (*stay, *moved)
    rest = [
        _enter_state(lot, lot.amount, event.transition.rest, event)
        for lot in stay
        if lot.state in sources
    ]
    return (*(lot for lot in stay if lot.state not in sources), *moved, *rest)


def _enter_state(lot: Lot, amount: int, state: str, event: _Event) -> Lot:
    moments = {**lot.moments, state: event.entry.at}
    return Lot(amount, state, moments, (*lot.entries, event.entry.id))


def _check_allowed(thing: Thing, event: _Event) -> None:
    """Check that some lot of a thing is in a state the event may leave."""
    asked = event.body.source
    allowed = event.transition.sources
    if asked and asked not in allowed:
        refuse("state-not-left", event.entry, event=event.body.event, state=asked)
    wanted = (asked,) if asked else allowed
    if not any(thing.stands_in(state) for state in wanted):
        standing = ", ".join(dict.fromkeys(lot.state for lot in thing.lots))
        refuse(
            "event-not-allowed",
            event.entry,
            event=event.body.event,
            standing=standing,
            allowed=", ".join(wanted),
        )


def _find_sources(thing: Thing, event: _Event) -> frozenset[str]:
    """Return the states an event takes from: the one it names, or all it may leave."""
    if event.body.source:
        return frozenset({event.body.source})
    found = frozenset(state for state in event.transition.sources if thing.stands_in(state))
    if (
        event.body.amount is not None
        and len(found) > 1
        and event.body.amount < thing.amount_in(found)
    ):
        refuse("state-in-doubt", event.entry, states=", ".join(sorted(found)))
    return found
