"""Comes in: the entries of a ledger. Goes out: what stands after them, as a plain fold.

This is the meaning of a ledger; everything faster is held against it. Entries count in the order
they happened; those of one moment, in the order the ledger learnt of them. One that corrects
another stands in the other's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voucher_rules.checked.histories import Histories, Lifecycle
from voucher_rules.ledger.correcting import check_correction, refuse_resting
from voucher_rules.ledger.entries import Budgeted, Entry, Grouped, Made, Moved, Withdrawn
from voucher_rules.ledger.lots import (
    Thing,
    ThingKey,
    apply_event,
    check_carried,
    check_name,
    key_of,
    refuse,
)
from voucher_rules.ledger.places import Placed
from voucher_rules.ruleset.names import suggest_name


@dataclass(slots=True)
class History:
    """What stands: every thing, decision, budget and group, by what it is called."""

    things: dict[ThingKey, Thing] = field(default_factory=dict)
    decisions: dict[str, Entry] = field(default_factory=dict)
    """Decisions that no later one superseded, by the name of their entry."""
    budgets: list[Entry] = field(default_factory=list)
    groups: dict[tuple[str, str], str] = field(default_factory=dict)
    """The group of a party, by what it is carried as and its name."""


def fold(
    entries: Iterable[Entry],
    histories: Mapping[str, Histories],
    *,
    until: datetime | None = None,
    known: datetime | None = None,
) -> History:
    """Return what stood at ``until``, as known at ``known`` (None: now).

    ``histories`` is what each ruleset says of its things, by its name. Raises
    :class:`~voucher_rules.LedgerError` at the first entry that what went before does not allow.
    """
    history = History()
    for entry in list_effective(entries, until=until, known=known):
        apply_entry(history, entry, histories)
    return history


def list_effective(
    entries: Iterable[Entry], *, until: datetime | None = None, known: datetime | None = None
) -> list[Entry]:
    """Return the entries that count, in the order they happened, corrections in their places."""
    standing: dict[str, tuple[int, Entry]] = {}
    first: dict[int, Entry] = {}
    superseded: dict[str, str] = {}
    gone: set[str] = set()
    for entry in entries:
        if known is not None and entry.known > known:
            break
        rank = entry.seq
        if entry.corrects or isinstance(entry.body, Withdrawn):
            if entry.corrects not in standing:
                refuse("nothing-to-correct", entry, name=entry.corrects)
            rank, old = standing.pop(entry.corrects)
            check_correction(entry, old, first[rank], superseded.get(old.id, ""))
            if isinstance(old.body, Made):
                gone.add(old.id)
        first.setdefault(rank, entry)
        standing[entry.id] = (rank, entry)
        if isinstance(entry.body, Made) and entry.body.supersedes:
            superseded[entry.body.supersedes] = entry.id
    found = sorted(standing.values(), key=lambda item: (item[1].at, item[0]))
    for _, entry in found:
        if isinstance(entry.body, Moved) and entry.body.decision in gone:
            refuse_resting(entry)
    return [
        entry
        for _, entry in found
        if (until is None or entry.at <= until) and not isinstance(entry.body, Withdrawn)
    ]


def apply_entry(history: History, entry: Entry, histories: Mapping[str, Histories]) -> None:
    """Apply one entry to what stands. Raises :class:`LedgerError` where it is not allowed."""
    match entry.body:
        case Moved():
            key = key_of(entry.body)
            lifecycle = find_lifecycle(entry, entry.body, histories)
            history.things[key] = apply_event(history.things.get(key), entry, lifecycle)
        case Made():
            check_decision(entry, entry.body, histories)
            history.decisions.pop(entry.body.supersedes, None)
            history.decisions[entry.id] = entry
        case Budgeted():
            check_budget(entry, entry.body, histories)
            history.budgets.append(entry)
        case Grouped(carried, party, group):
            check_group(entry, entry.body, histories)
            history.groups[carried, party] = group
        case Withdrawn():
            pass


def find_lifecycle(entry: Entry, body: Moved, histories: Mapping[str, Histories]) -> Lifecycle:
    """Return the lifecycle an event belongs to. Raises :class:`LedgerError` where there is none."""
    said = histories.get(body.ruleset)
    if said is None:
        near = suggest_name(body.ruleset, list(histories))
        refuse("unknown-ledger-ruleset", entry, name=body.ruleset, near=near)
    lifecycle = said.lifecycles.get(body.lifecycle)
    if lifecycle is None:
        near = suggest_name(body.lifecycle, list(said.lifecycles))
        refuse("unknown-lifecycle", entry, name=body.lifecycle, ruleset=body.ruleset, near=near)
    return lifecycle


def fold_thing(
    events: Iterable[Placed], histories: Mapping[str, Histories], until: datetime | None = None
) -> Thing | None:
    """Return a thing after what happened to it up to ``until``; None where nothing did."""
    thing: Thing | None = None
    for placed in events:
        body = placed.entry.body
        if not isinstance(body, Moved) or (until is not None and placed.at > until):
            break
        lifecycle = find_lifecycle(placed.entry, body, histories)
        thing = apply_event(thing, placed.entry, lifecycle)
    return thing


def check_decision(entry: Entry, body: Made, histories: Mapping[str, Histories]) -> None:
    """Check that a decision is one under a ruleset at hand. Raises :class:`LedgerError`."""
    if body.ruleset not in histories:
        near = suggest_name(body.ruleset, list(histories))
        refuse("unknown-ledger-ruleset", entry, name=body.ruleset, near=near)


def check_budget(entry: Entry, body: Budgeted, histories: Mapping[str, Histories]) -> None:
    """Check that a budget goes into a pool that exists, and into an envelope it has.

    Raises :class:`LedgerError`.
    """
    said = histories.get(body.ruleset)
    if said is None:
        near = suggest_name(body.ruleset, list(histories))
        refuse("unknown-ledger-ruleset", entry, name=body.ruleset, near=near)
    pool = said.pools.get(body.pool)
    if pool is None:
        near = suggest_name(body.pool, list(said.pools))
        refuse("unknown-pool", entry, name=body.pool, ruleset=body.ruleset, near=near)
    if set(body.envelope) != set(pool.per):
        listed = ", ".join(pool.per) or "-"
        refuse("wrong-envelope", entry, pool=pool.name, expected=listed)
    carries = said.lifecycles[pool.lifecycle].carries
    for name, text in body.envelope.items():
        if name in carries:
            check_carried(entry, carries[name], text)
    if body.amount < 0 or (body.added and body.amount == 0):
        refuse("amount-not-positive", entry, found=str(body.amount))


def check_group(entry: Entry, body: Grouped, histories: Mapping[str, Histories]) -> None:
    """Check that some thing carries a party of the kind that joins a group.

    Raises :class:`LedgerError`.
    """
    lifecycles = (item for said in histories.values() for item in said.lifecycles.values())
    known = {name for lifecycle in lifecycles for name in lifecycle.carries}
    if body.carried not in known:
        near = suggest_name(body.carried, sorted(known))
        refuse("unknown-carried", entry, name=body.carried, near=near)
    check_name(entry, body.carried, body.party)
    check_name(entry, "group", body.group)
